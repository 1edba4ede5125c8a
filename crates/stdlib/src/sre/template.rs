//! Replacement templates: literals and group numbers, as `re._parser.parse_template` reads them.

use super::*;
use macros::{Trace, native_class};

/// `literal`, then for each group its text and the literal behind it.
#[derive(Trace)]
pub struct Template {
    literal: Slot,
    /// Literals behind the groups, as long as `groups`.
    literals: GcSlot<Tuple>,
    #[trace(skip)]
    groups: Vec<usize>,
}

impl NativeData for Template {
    const NAME: &'static str = "_sre.SRE_Template";
}

#[native_class(name = "SRE_Template", module = "_sre", layout = Native<Template>, flags = HAVE_GC | DISALLOW_INSTANTIATION)]
pub mod class {
    use super::*;
}

/// `_sre.template`: from a list `[literal, group, literal, …]`.
pub fn make(cx: &mut Cx, parts: Gc<List>) -> PyResult {
    let n = parts.len();
    if n & 1 == 0 {
        return Err(type_error(cx, "invalid template"));
    }
    let literals = cx.vm().root_vec();
    let mut groups = Vec::with_capacity(n / 2);
    for i in (1..n).step_by(2) {
        let index = parts.get(i).unwrap_or(Value::NONE);
        let index = runtime::number::as_i64(cx, index)?;
        match usize::try_from(index) {
            Ok(index) => groups.push(index),
            Err(_) => return Err(type_error(cx, "invalid template")),
        }
        literals.push(parts.get(i + 1).unwrap_or(Value::NONE));
    }
    let literals = Tuple::from_fn(&mut cx.heap, groups.len(), |i| literals.get(i)).or_raise(cx)?;
    let literal = parts.get(0).unwrap_or(Value::NONE);
    let class = runtime::native::class_of_spec(cx, &class::SPEC)?;
    let data = Template { literal: Slot::new(literal), literals: GcSlot::of(literals), groups };
    Ok(new_native(cx, class, data).value())
}

/// `re._compile_template(pattern, template)`, which caches.
pub fn compile(cx: &mut Cx, pattern: Value, template: Value) -> PyResult {
    let function = runtime::import::import_attr(cx, "re", "_compile_template")?;
    call(cx, function, &[pattern, template])
}

fn is_empty(literal: Value) -> bool {
    match (literal.downcast::<Str>(), literal.downcast::<Bytes>()) {
        (Some(text), _) => text.is_empty(),
        (_, Some(bytes)) => bytes.is_empty(),
        _ => false,
    }
}

impl Template {
    /// The text of a template without groups.
    pub fn plain(&self) -> Option<Value> {
        self.groups.is_empty().then(|| self.literal.get())
    }

    fn expand(
        &self,
        cx: &mut Cx,
        n_groups: usize,
        out: &mut Joined,
        subject: Subject,
        span_of: impl Fn(usize) -> Option<(usize, usize)>,
    ) -> PyResult<()> {
        let literals = self.literals.expect();
        if !is_empty(self.literal.get()) {
            out.push(cx, self.literal.get())?;
        }
        for (i, &group) in self.groups.iter().enumerate() {
            if group > n_groups {
                return Err(index_error(cx, "no such group"));
            }
            if let Some((start, end)) = span_of(group) {
                out.push_slice(subject, start, end);
            }
            if !is_empty(literals.get(i)) {
                out.push(cx, literals.get(i))?;
            }
        }
        Ok(())
    }

    /// Into `out`, for the match just found.
    pub fn expand_state(&self, cx: &mut Cx, state: &State, span: (usize, usize), out: &mut Joined) -> PyResult<()> {
        self.expand(cx, state.pattern.groups, out, state.subject, |group| {
            if group == 0 { Some(span) } else { state.group(group) }
        })
    }

    /// For a match object.
    pub fn expand_match(
        &self,
        cx: &mut Cx,
        subject: Subject,
        n_groups: usize,
        span_of: impl Fn(usize) -> Option<(usize, usize)>,
    ) -> PyResult {
        let mut out = Joined::like(subject);
        self.expand(cx, n_groups, &mut out, subject, span_of)?;
        out.finish(cx)
    }
}
