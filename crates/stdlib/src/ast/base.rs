//! `ast.AST`: what all nodes do.

use super::classes;
use macros::native_class;
use runtime::native::class_of_spec;
use runtime::prelude::*;

/// Levels that `repr` shows.
const REPR_DEPTH: usize = 3;

/// The names in a class attribute such as `_fields`.
fn names_of(cx: &mut Cx, object: Value, attribute: &str) -> PyResult<RootVec> {
    let names = cx.vm().root_vec();
    let attribute = cx.heap.intern(attribute);
    let class = cx.class_of(object);
    if let Some(list) = get_attr_opt(cx, class.value(), attribute)? {
        for_each(cx, list, |_, name| {
            names.push(name);
            Ok(())
        })?;
    }
    Ok(names)
}

/// A field's name, which must be a string.
fn field_name(cx: &mut Cx, name: Value) -> PyResult<Gc<Str>> {
    runtime::attribute::name_from_value(cx, name)
}

fn position(names: &RootVec, name: Gc<Str>) -> Option<usize> {
    names.iter().position(|n| n.downcast::<Str>().is_some_and(|n| n.eq(&name)))
}

fn is_node(cx: &mut Cx, value: Value) -> PyResult<bool> {
    let class = class_of_spec(cx, &class::SPEC)?;
    Ok(cx.is_instance(value, class))
}

/// Give the fields that the constructor was not told their defaults.
fn fill_defaults(cx: &mut Cx, this: Value, fields: &RootVec, given: &[bool]) -> PyResult<()> {
    let class = cx.class_of(this);
    let attribute = cx.heap.intern("_field_types");
    let Some(types) = get_attr_opt(cx, class.value(), attribute)?.and_then(|t| t.downcast::<Dict>()) else {
        return Ok(());
    };
    let class_name = class.display_name();
    for (i, _) in given.iter().enumerate().filter(|(_, given)| !**given) {
        let name = field_name(cx, fields.get(i))?;
        let category = cx.types().DeprecationWarning;
        let Some(ty) = runtime::dict::get(cx, types, name.value())? else {
            let message = format!(
                "Field '{name}' is missing from {class_name}._field_types. This will become an error in Python 3.15."
            );
            runtime::warnings::warn(cx, category, &message, 1)?;
            continue;
        };
        let load_class = classes(cx)?.class("expr_context");
        match type_name(cx, ty).as_str() {
            // An optional field: the class attribute says None.
            "typing.Union" => {}
            "types.GenericAlias" => {
                let list = List::empty(&mut cx.heap);
                set_attr(cx, this, name, list.value())?;
            }
            _ if ty.is(load_class.value()) => {
                let load = classes(cx)?.singleton("Load");
                set_attr(cx, this, name, load)?;
            }
            _ => {
                let message = format!(
                    "{class_name}.__init__ missing 1 required positional argument: '{name}'. This will become an error in Python 3.15."
                );
                runtime::warnings::warn(cx, category, &message, 1)?;
            }
        }
    }
    Ok(())
}

fn repr_node(cx: &mut Cx, node: Value, depth: usize, out: &mut StrBuilder) -> PyResult<()> {
    out.push_str(&cx.class_of(node).display_name());
    if depth == 0 || !runtime::text::enter_repr(cx, node) {
        out.push_str("(...)");
        return Ok(());
    }
    let result = repr_fields(cx, node, depth, out);
    runtime::text::leave_repr(cx);
    result
}

fn repr_fields(cx: &mut Cx, node: Value, depth: usize, out: &mut StrBuilder) -> PyResult<()> {
    let fields = names_of(cx, node, "_fields")?;
    out.push_str("(");
    for (i, name) in fields.iter().enumerate() {
        let name = field_name(cx, name)?;
        let value = get_attr(cx, node, name)?;
        if i > 0 {
            out.push_str(", ");
        }
        out.push_py(&name);
        out.push_str("=");
        let sequence = match (value.downcast::<List>(), value.downcast::<Tuple>()) {
            (Some(list), _) => Some((list.len(), list.get(0), list.get(list.len().wrapping_sub(1)), ["[", "]"])),
            (_, Some(tuple)) => {
                let last = tuple.len().wrapping_sub(1);
                Some((tuple.len(), tuple.try_get(0), tuple.try_get(last), ["(", ")"]))
            }
            _ => None,
        };
        match sequence {
            Some((len, first, last, [open, close])) => {
                out.push_str(open);
                if let Some(first) = first {
                    repr_item(cx, first, depth, out)?;
                }
                if len > 2 {
                    out.push_str(", ...");
                }
                if let Some(last) = last.filter(|_| len > 1) {
                    out.push_str(", ");
                    repr_item(cx, last, depth, out)?;
                }
                out.push_str(close);
            }
            None => repr_item(cx, value, depth, out)?,
        }
    }
    out.push_str(")");
    Ok(())
}

fn repr_item(cx: &mut Cx, value: Value, depth: usize, out: &mut StrBuilder) -> PyResult<()> {
    if is_node(cx, value)? {
        return repr_node(cx, value, depth - 1, out);
    }
    let repr = repr_of(cx, value)?;
    out.push_py(&repr);
    Ok(())
}

/// The base class of all nodes.
#[native_class(
    name = "AST",
    module = "ast",
    layout = Instance,
    flags = BASETYPE | HAVE_GC,
    traits = HAS_DICT,
    doc = ""
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
        let _ = args;
        Ok(cx.heap.instance(class.instance_shape.get()))
    }

    #[slot]
    fn init(cx: &mut Cx, this: Value, args: Args<'_>) -> PyResult<()> {
        let fields = names_of(cx, this, "_fields")?;
        let class_name = cx.class_of(this).display_name();
        let positional = args.positional();
        if positional.len() > fields.len() {
            let (n, s) = (fields.len(), if fields.len() == 1 { "" } else { "s" });
            let message = format!("{class_name} constructor takes at most {n} positional argument{s}");
            return Err(type_error(cx, message));
        }
        let mut given = vec![false; fields.len()];
        for (i, &value) in positional.iter().enumerate() {
            let name = field_name(cx, fields.get(i))?;
            set_attr(cx, this, name, value)?;
            given[i] = true;
        }
        for (name, value) in args.keywords() {
            match position(&fields, name) {
                Some(i) if given[i] => {
                    let message = format!("{class_name} got multiple values for argument '{name}'");
                    return Err(type_error(cx, message));
                }
                Some(i) => given[i] = true,
                None => {
                    let attributes = names_of(cx, this, "_attributes")?;
                    if position(&attributes, name).is_none() {
                        let message = format!(
                            "{class_name}.__init__ got an unexpected keyword argument '{name}'. Support for arbitrary keyword arguments is deprecated and will be removed in Python 3.15."
                        );
                        let category = cx.types().DeprecationWarning;
                        runtime::warnings::warn(cx, category, &message, 1)?;
                    }
                }
            }
            set_attr(cx, this, name, value)?;
        }
        fill_defaults(cx, this, &fields, &given)
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Value) -> PyResult {
        let mut out = StrBuilder::new();
        repr_node(cx, this, REPR_DEPTH, &mut out)?;
        Ok(out.finish(&mut cx.heap).or_raise(cx)?.value())
    }

    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Value) -> PyResult<Gc<Tuple>> {
        let class = cx.class_of(this);
        let dict = Dict::new(&mut cx.heap);
        if let Some(attributes) = Attributes::of(this) {
            attributes.copy_attributes(&mut cx.heap, dict).or_raise(cx)?;
        }
        let fields = names_of(cx, this, "_fields")?;
        let positional = cx.vm().root_vec();
        for name in fields.iter() {
            let name = field_name(cx, name)?;
            match runtime::dict::remove(cx, dict, name.value())? {
                Some(value) => positional.push(value),
                None => break,
            }
        }
        let args = Tuple::from_fn(&mut cx.heap, positional.len(), |i| positional.get(i)).or_raise(cx)?;
        Ok(cx.heap.tuple(&[class.value(), args.value(), dict.value()]))
    }

    /// Return a copy of the AST node with new values for the specified fields.
    #[method("__replace__($self, /, **fields)")]
    fn replace(cx: &mut Cx, this: Value, fields: Gc<Dict>) -> PyResult {
        let class = cx.class_of(this);
        let class_name = class.display_name();
        let (known, attributes) = (names_of(cx, this, "_fields")?, names_of(cx, this, "_attributes")?);
        let values = Dict::new(&mut cx.heap);
        for name in known.iter().chain(attributes.iter()) {
            let name = field_name(cx, name)?;
            if let Some(value) = get_attr_opt(cx, this, name)? {
                runtime::dict::set(cx, values, name.value(), value)?;
            }
        }
        let mut at = 0;
        while let Some((i, name, value)) = fields.next_entry(at) {
            at = i + 1;
            let name = field_name(cx, name)?;
            if position(&known, name).is_none() && position(&attributes, name).is_none() {
                let message = format!("{class_name}.__replace__ got an unexpected keyword argument '{name}'.");
                return Err(type_error(cx, message));
            }
            runtime::dict::set(cx, values, name.value(), value)?;
        }
        let (arguments, names) = (cx.vm().root_vec(), cx.vm().root_vec());
        let mut at = 0;
        while let Some((i, name, value)) = values.next_entry(at) {
            at = i + 1;
            names.push(name);
            arguments.push(value);
        }
        let kwnames = Tuple::from_fn(&mut cx.heap, names.len(), |i| names.get(i)).or_raise(cx)?;
        let arguments: Gc<Tuple> = Tuple::from_fn(&mut cx.heap, arguments.len(), |i| arguments.get(i)).or_raise(cx)?;
        call_args(cx, class.value(), Args::new(arguments.as_slice(), Some(kwnames)))
    }

    #[init]
    fn init_class(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        let empty = cx.vm().empty_tuple();
        for name in ["_fields", "__match_args__", "_attributes"] {
            super::super::put(cx, class.dict.expect(), name, empty)?;
        }
        Ok(())
    }
}
