//! Calls of native functions: matching the arguments of a call with the parameters of a definition.
//!
//! Positional calls of fixed entries go straight through; everything else is bound here, with the messages that
//! CPython's argument clinic gives for the same signature.

use crate::error::*;
use object::*;

/// Positional parameters that a fixed entry can have.
const MAX_FIXED: usize = 4;
/// Parameters that any native function can have; `macros` refuses more.
const MAX_PARAMS: usize = 32;

/// Most have so many at most.
const FEW_PARAMS: usize = 8;

/// Who is called, as messages put it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// `list.append() takes exactly one argument (0 given)`.
    Function,
    /// Constructors: `list expected at most 1 argument, got 2`.
    Constructor,
}

/// Call `def`. `this` is what it is bound to (the instance, or the class for a class method); with `None` the arguments
/// start with it. Functions and static methods have no receiver: for them `this` is ignored.
#[inline]
pub fn call_native(cx: &mut Cx, def: &'static NativeDef, this: Option<Value>, args: Args<'_>) -> PyResult {
    let this = this.filter(|_| has_receiver(def));
    if args.kwnames().is_none()
        && let Some(result) = call_counted(cx, def, this, args.values())
    {
        return result;
    }
    call_slow(cx, def, this, args, Style::Function)
}

/// Call a fixed entry with positional arguments alone, when their number fits.
#[inline(always)]
fn call_counted(cx: &mut Cx, def: &'static NativeDef, this: Option<Value>, args: &[Value]) -> Option<PyResult> {
    let shift = this.is_some() as usize;
    let n = args.len() + shift;
    if n < def.min_args as usize || n > def.max_args as usize || !is_fixed(def) || n > MAX_FIXED {
        return None;
    }
    let mut values = [this.unwrap_or(Value::UNBOUND), Value::UNBOUND, Value::UNBOUND, Value::UNBOUND];
    values[shift..n].copy_from_slice(args);
    Some(call_fixed(cx, def, &values))
}

/// Call the definition of a constructor with a signature: `this` is the class or the instance.
pub fn call_constructor(cx: &mut Cx, def: &'static NativeDef, this: Value, args: Args<'_>) -> PyResult {
    if args.kwnames().is_none()
        && let Some(result) = call_counted(cx, def, Some(this), args.values())
    {
        return result;
    }
    let positional = def.params.iter().skip(1).all(|p| p.kind == ParamKind::PositionalOnly);
    let keywords_are_others = positional
        && args.n_keywords() > 0
        && match this.cast::<Class>() {
            // `__new__` leaves keywords that it does not know to the `__init__` of a subclass that has its own,
            Some(class) => has_own_init(class),
            // and `list.__init__` those that the `__new__` of a subclass has used.
            None => this.is_a::<List>() && has_own_new(cx.class_of(this)),
        };
    let args = if keywords_are_others { args.without_keywords() } else { args };
    call_slow(cx, def, Some(this), args, Style::Constructor)
}

/// Whether `class` was made by a `class` statement and initialises differently from its native base.
fn has_own_init(class: Gc<Class>) -> bool {
    let native = class.mro_iter().find(|c| !c.is_heap_type());
    match (class.slots.init.get(), native.and_then(|c| c.slots.init.get())) {
        (Some(own), Some(base)) => class.is_heap_type() && !std::ptr::fn_addr_eq(own, base),
        (own, base) => class.is_heap_type() && own.is_some() != base.is_some(),
    }
}

/// Whether `class` was made by a `class` statement and creates instances differently from its native base.
fn has_own_new(class: Gc<Class>) -> bool {
    let native = class.mro_iter().find(|c| !c.is_heap_type());
    match (class.slots.new.get(), native.and_then(|c| c.slots.new.get())) {
        (Some(own), Some(base)) => class.is_heap_type() && !std::ptr::fn_addr_eq(own, base),
        _ => false,
    }
}

/// Call a fixed entry with exactly its values (missing ones unbound) or a raw one, receiver first, when the caller has
/// checked the receiver and the number of arguments.
#[inline]
pub fn call_unchecked(cx: &mut Cx, def: &'static NativeDef, values: &[Value]) -> PyResult {
    match def.entry {
        Entry::Raw(f) => f(cx, Args::positional_only(values)),
        Entry::Bound(f) => f(cx, values),
        _ => {
            let mut fixed = [Value::UNBOUND; MAX_FIXED];
            fixed[..values.len()].copy_from_slice(values);
            call_fixed(cx, def, &fixed)
        }
    }
}

/// The receiver and the other arguments of a raw method.
#[inline]
pub fn split_receiver<'a>(cx: &mut Cx, args: Args<'a>, method: &str, owner: &str) -> PyResult<(Value, Args<'a>)> {
    match args.positional().first() {
        Some(&this) => Ok((this, args.without_first())),
        None => Err(type_error(cx, format_args!("unbound method {owner}.{method}() needs an argument"))),
    }
}

fn has_receiver(def: &NativeDef) -> bool {
    matches!(def.binding, Binding::Method | Binding::ClassMethod)
}

fn is_fixed(def: &NativeDef) -> bool {
    !matches!(def.entry, Entry::Bound(_) | Entry::Raw(_))
}

#[inline(always)]
fn call_fixed(cx: &mut Cx, def: &'static NativeDef, v: &[Value; MAX_FIXED]) -> PyResult {
    match def.entry {
        Entry::F0(f) => f(cx),
        Entry::F1(f) => f(cx, v[0]),
        Entry::F2(f) => f(cx, v[0], v[1]),
        Entry::F3(f) => f(cx, v[0], v[1], v[2]),
        Entry::F4(f) => f(cx, v[0], v[1], v[2], v[3]),
        Entry::Bound(f) => f(cx, &v[..def.params.len()]),
        Entry::Raw(f) => f(cx, Args::positional_only(&v[..def.params.len()])),
    }
}

/// Not inlined, as all that has arrays of arguments: a collector finds what is left of earlier calls in the unused parts of
/// large frames, and takes it for references.
#[inline(never)]
fn call_slow(cx: &mut Cx, def: &'static NativeDef, this: Option<Value>, args: Args<'_>, style: Style) -> PyResult {
    if let Entry::Raw(f) = def.entry {
        return call_raw(cx, f, this, args);
    }
    let (this, args) = match (this, args.positional().first()) {
        (None, Some(&first)) if has_receiver(def) => (Some(first), args.without_first()),
        (None, None) if has_receiver(def) => {
            let function = function_text(def);
            return Err(type_error(cx, format_args!("unbound method {function} needs an argument")));
        }
        (this, _) => (this, args),
    };
    if def.params.len() <= FEW_PARAMS {
        bind_and_call::<FEW_PARAMS>(cx, def, this, args, style)
    } else {
        bind_and_call::<MAX_PARAMS>(cx, def, this, args, style)
    }
}

/// Bind to `N` places at most and call.
#[inline(never)]
fn bind_and_call<const N: usize>(
    cx: &mut Cx,
    def: &'static NativeDef,
    this: Option<Value>,
    args: Args<'_>,
    style: Style,
) -> PyResult {
    let n = def.params.len();
    let mut values = [Value::UNBOUND; N];
    let skip = this.is_some() as usize;
    values[0] = this.unwrap_or(Value::UNBOUND);
    Binder { def, params: &def.params[skip..], style }.bind(cx, args, &mut values[skip..n])?;
    match def.entry {
        Entry::Bound(f) => f(cx, &values[..n]),
        _ => call_fixed(cx, def, &[values[0], values[1], values[2], values[3]]),
    }
}

/// Put the receiver in front of the arguments.
#[inline(never)]
fn call_raw(cx: &mut Cx, entry: fn(&mut Cx, Args<'_>) -> PyResult, this: Option<Value>, args: Args<'_>) -> PyResult {
    const SMALL: usize = 8;
    let Some(this) = this else { return entry(cx, args) };
    let n = args.values().len() + 1;
    if n <= SMALL {
        let mut values = [this; SMALL];
        values[1..n].copy_from_slice(args.values());
        return entry(cx, Args::new(&values[..n], args.kwnames()));
    }
    let item = |i: usize| if i == 0 { this } else { args.values()[i - 1] };
    let holder = Tuple::from_fn(&mut cx.heap, n, item).or_raise(cx)?;
    let result = entry(cx, Args::new(holder.as_slice(), args.kwnames()));
    std::hint::black_box(holder);
    result
}

/// The function as messages with its owner put it: `list.append()`.
fn function_text(def: &NativeDef) -> String {
    if def.owner.is_empty() { format!("{}()", def.name) } else { format!("{}.{}()", def.owner, def.name) }
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

/// Binds the arguments behind the receiver.
struct Binder {
    def: &'static NativeDef,
    /// Without the receiver.
    params: &'static [Param],
    style: Style,
}

impl Binder {
    fn count(&self, f: impl Fn(&Param) -> bool) -> usize {
        self.params.iter().filter(|p| f(p)).count()
    }

    /// Fill `values`, one a parameter.
    fn bind(&self, cx: &mut Cx, args: Args<'_>, values: &mut [Value]) -> PyResult<()> {
        if args.kwnames().is_none() && self.is_plain(args.positional().len()) {
            values[..args.positional().len()].copy_from_slice(args.positional());
            return Ok(());
        }
        let named = |p: &Param| matches!(p.kind, ParamKind::Normal | ParamKind::KeywordOnly | ParamKind::VarKeywords);
        if self.params.iter().any(named) {
            self.bind_keywords(cx, args, values)
        } else {
            self.bind_positional(cx, args, values)
        }
    }

    /// Whether `given` positional arguments fit, with nothing to collect and nothing missing.
    fn is_plain(&self, given: usize) -> bool {
        let Some((filled, rest)) = self.params.split_at_checked(given) else { return false };
        let positional = |p: &Param| matches!(p.kind, ParamKind::PositionalOnly | ParamKind::Normal);
        let absent = |p: &Param| !p.required && !matches!(p.kind, ParamKind::VarArgs | ParamKind::VarKeywords);
        filled.iter().all(positional) && rest.iter().all(absent)
    }

    /// All parameters are positional-only, or `*args`.
    fn bind_positional(&self, cx: &mut Cx, args: Args<'_>, values: &mut [Value]) -> PyResult<()> {
        if args.kwnames().is_some() {
            let function = match self.style {
                Style::Function => function_text(self.def),
                Style::Constructor => format!("{}()", self.def.name),
            };
            return Err(type_error(cx, format_args!("{function} takes no keyword arguments")));
        }
        let given = args.positional();
        let rest = self.params.iter().position(|p| p.kind == ParamKind::VarArgs);
        let max = rest.unwrap_or(self.params.len());
        let min = self.count(|p| p.required);
        if given.len() < min || (given.len() > max && rest.is_none()) {
            return Err(self.wrong_count(cx, given.len(), min, max, rest.is_some()));
        }
        let n = given.len().min(max);
        values[..n].copy_from_slice(&given[..n]);
        if let Some(at) = rest {
            values[at] = Tuple::new(&mut cx.heap, &given[n..]).or_raise(cx)?.value();
        }
        Ok(())
    }

    #[cold]
    fn wrong_count(&self, cx: &mut Cx, given: usize, min: usize, max: usize, unlimited: bool) -> Raised {
        if self.style == Style::Function && !unlimited {
            let function = function_text(self.def);
            match (min, max) {
                (0, 0) => return type_error(cx, format_args!("{function} takes no arguments ({given} given)")),
                (1, 1) => return type_error(cx, format_args!("{function} takes exactly one argument ({given} given)")),
                _ => {}
            }
        }
        let (bound, word) = if given < min { (min, "at least ") } else { (max, "at most ") };
        let word = if min == max && !unlimited { "" } else { word };
        let (name, s) = (self.def.name, plural(bound));
        type_error(cx, format_args!("{name} expected {word}{bound} argument{s}, got {given}"))
    }

    /// The general case.
    fn bind_keywords(&self, cx: &mut Cx, args: Args<'_>, values: &mut [Value]) -> PyResult<()> {
        let given = args.positional();
        let rest = self.params.iter().position(|p| p.kind == ParamKind::VarArgs);
        let collects = self.params.last().is_some_and(|p| p.kind == ParamKind::VarKeywords);
        self.check_counts(cx, args, rest.is_some(), collects)?;
        let max = self.count(|p| matches!(p.kind, ParamKind::PositionalOnly | ParamKind::Normal));
        let n = given.len().min(max);
        values[..n].copy_from_slice(&given[..n]);
        if let Some(at) = rest {
            values[at] = Tuple::new(&mut cx.heap, &given[n..]).or_raise(cx)?.value();
        }
        let mut kwargs = None;
        let mut stray = None;
        for (name, value) in args.keywords() {
            let at = self
                .params
                .iter()
                .position(|p| matches!(p.kind, ParamKind::Normal | ParamKind::KeywordOnly) && name.eq_str(p.name));
            match at {
                Some(at) if values[at].is_unbound() => values[at] = value,
                // The value is missing, too, as far as the check of required parameters is concerned.
                Some(at) => stray = stray.or(Some((name, Some(at)))),
                None if collects => {
                    let dict: Gc<Dict> = *kwargs.get_or_insert_with(|| Dict::new(&mut cx.heap));
                    dict.set_str(&mut cx.heap, name, value).or_raise(cx)?;
                }
                None => stray = stray.or(Some((name, None))),
            }
        }
        if let Some(dict) = kwargs {
            values[self.params.len() - 1] = dict.value();
        }
        let mut position = 0;
        for (i, param) in self.params.iter().enumerate() {
            position += (param.kind != ParamKind::VarArgs) as usize;
            if param.required && values[i].is_unbound() {
                let (function, name) = (self.def.name, param.name);
                return Err(type_error(
                    cx,
                    format_args!("{function}() missing required argument '{name}' (pos {position})"),
                ));
            }
        }
        match stray {
            None => Ok(()),
            Some((name, Some(at))) => {
                let function = self.def.name;
                Err(type_error(
                    cx,
                    format_args!("argument for {function}() given by name ('{name}') and position ({})", at + 1),
                ))
            }
            Some((name, None)) => Err(self.unexpected(cx, name)),
        }
    }

    fn check_counts(&self, cx: &mut Cx, args: Args<'_>, unlimited: bool, collects: bool) -> PyResult<()> {
        let function = self.def.name;
        let (given, keywords) = (args.n_positional(), args.n_keywords());
        let positional = |p: &Param| matches!(p.kind, ParamKind::PositionalOnly | ParamKind::Normal);
        let max_positional = self.count(positional);
        let min_positional = self.count(|p| positional(p) && p.required);
        let max = max_positional + self.count(|p| p.kind == ParamKind::KeywordOnly);
        if given + keywords > max && !unlimited && !collects {
            let keyword = if given == 0 { "keyword " } else { "" };
            let (s, all) = (plural(max), given + keywords);
            return Err(type_error(
                cx,
                format_args!("{function}() takes at most {max} {keyword}argument{s} ({all} given)"),
            ));
        }
        if given > max_positional && !unlimited {
            if max_positional == 0 {
                return Err(type_error(cx, format_args!("{function}() takes no positional arguments")));
            }
            let word = if min_positional < max_positional { "at most" } else { "exactly" };
            let s = plural(max_positional);
            return Err(type_error(
                cx,
                format_args!("{function}() takes {word} {max_positional} positional argument{s} ({given} given)"),
            ));
        }
        let required = self.count(|p| p.kind == ParamKind::PositionalOnly && p.required);
        if given < required {
            let word = if required < max_positional { "at least" } else { "exactly" };
            let s = plural(required);
            return Err(type_error(
                cx,
                format_args!("{function}() takes {word} {required} positional argument{s} ({given} given)"),
            ));
        }
        Ok(())
    }

    #[cold]
    fn unexpected(&self, cx: &mut Cx, name: Gc<Str>) -> Raised {
        let function = self.def.name;
        let positional_only =
            self.params.iter().filter(|p| p.kind == ParamKind::PositionalOnly && name.eq_str(p.name)).count();
        let named = |p: &&Param| matches!(p.kind, ParamKind::Normal | ParamKind::KeywordOnly);
        let accepted = self.params.iter().filter(named).filter(|_| positional_only == 0).map(|p| p.name.to_owned());
        crate::suggest::unexpected_keyword(cx, function, name, accepted)
    }
}
