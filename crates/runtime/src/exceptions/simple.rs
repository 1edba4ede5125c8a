//! Exceptions with one or a few fields of their own: StopIteration, SystemExit, ImportError, NameError, AttributeError,
//! KeyError.

use super::base;
use super::fields::{field, index, method0, this};
use crate::prelude::*;

pub static STOP_ITERATION: &[GetSetDef] =
    &[field::<{ index::STOP_ITERATION_VALUE }>("value", "generator return value")];
pub static SYSTEM_EXIT: &[GetSetDef] = &[field::<{ index::SYSTEM_EXIT_CODE }>("code", "exception code")];
pub static NAME_ERROR: &[GetSetDef] = &[field::<{ index::NAME_ERROR_NAME }>("name", "name")];
pub static ATTRIBUTE_ERROR: &[GetSetDef] = &[
    field::<{ index::ATTRIBUTE_ERROR_NAME }>("name", "attribute name"),
    field::<{ index::ATTRIBUTE_ERROR_OBJ }>("obj", "object"),
];
pub static ATTRIBUTE_ERROR_METHODS: &[NativeDef] =
    &[method0("__getstate__", "", attribute_error_state), method0("__reduce__", "", attribute_error_reduce)];
pub static IMPORT_ERROR: &[GetSetDef] = &[
    field::<{ index::IMPORT_MSG }>("msg", "exception message"),
    field::<{ index::IMPORT_NAME }>("name", "module name"),
    field::<{ index::IMPORT_PATH }>("path", "module path"),
    field::<{ index::IMPORT_NAME_FROM }>("name_from", "name imported from module"),
];
pub static IMPORT_ERROR_METHODS: &[NativeDef] = &[method0("__reduce__", "", import_error_reduce)];

pub fn stop_iteration_slots(slots: &Slots) {
    slots.new.set(Some(base::new));
    slots.init.set(Some(|cx, value, args| {
        base::init(cx, value, args)?;
        let result = args.positional().first().copied().unwrap_or(Value::NONE);
        this(cx, value)?.set_field(&mut cx.heap, index::STOP_ITERATION_VALUE, result);
        Ok(())
    }));
}

pub fn system_exit_slots(slots: &Slots) {
    slots.new.set(Some(base::new));
    slots.init.set(Some(|cx, value, args| {
        base::init(cx, value, args)?;
        let exception = this(cx, value)?;
        let code = match *args.positional() {
            [] => return Ok(()),
            [code] => code,
            _ => exception.args.expect().value(),
        };
        exception.set_field(&mut cx.heap, index::SYSTEM_EXIT_CODE, code);
        Ok(())
    }));
}

pub fn key_error_slots(slots: &Slots) {
    base::constructor_slots(slots);
    // One argument shows as its repr, so that an empty string does not vanish from the report.
    slots.str_.set(Some(|cx, value| {
        let args = this(cx, value)?.args.expect();
        if args.len() == 1 { Ok(repr_of(cx, args.get(0))?.value()) } else { base::str_(cx, value) }
    }));
}

/// Store positional arguments, and keyword arguments of these names into these fields.
fn init_with_keywords(
    cx: &mut Cx,
    value: Value,
    args: Args<'_>,
    class: &str,
    accepted: &[(&str, usize)],
) -> PyResult<()> {
    base::init_args(cx, value, args.without_keywords())?;
    let exception = this(cx, value)?;
    if args.n_keywords() > accepted.len() {
        let (most, given) = (accepted.len(), args.n_keywords());
        let plural = if most == 1 { "" } else { "s" };
        return Err(type_error(
            cx,
            format_args!("{class}() takes at most {most} keyword argument{plural} ({given} given)"),
        ));
    }
    for &(_, i) in accepted {
        exception.set_field(&mut cx.heap, i, Value::UNBOUND);
    }
    for (name, argument) in args.keywords() {
        match accepted.iter().find(|(accepted, _)| name.eq_str(accepted)) {
            Some(&(_, i)) => exception.set_field(&mut cx.heap, i, argument),
            None => {
                let known = accepted.iter().map(|(name, _)| (*name).to_owned());
                return Err(crate::suggest::unexpected_keyword(cx, class, name, known));
            }
        }
    }
    Ok(())
}

pub fn name_error_slots(slots: &Slots) {
    slots.new.set(Some(base::new));
    slots.init.set(Some(|cx, value, args| {
        init_with_keywords(cx, value, args, "NameError", &[("name", index::NAME_ERROR_NAME)])
    }));
}

pub fn attribute_error_slots(slots: &Slots) {
    slots.new.set(Some(base::new));
    slots.init.set(Some(|cx, value, args| {
        let accepted = [("name", index::ATTRIBUTE_ERROR_NAME), ("obj", index::ATTRIBUTE_ERROR_OBJ)];
        init_with_keywords(cx, value, args, "AttributeError", &accepted)
    }));
}

/// The state to pickle: the instance's dict with `name` and `args` in it. `obj` is left out, it often cannot be pickled.
fn attribute_error_state(cx: &mut Cx, value: Value) -> PyResult {
    let exception = this(cx, value)?;
    let state = Dict::new(&mut cx.heap);
    if let Some(dict) = base::instance_dict(cx, value)? {
        dict.copy_into(&mut cx.heap, state).or_raise(cx)?;
    }
    let names = cx.names();
    if let Some(name) = exception.field(index::ATTRIBUTE_ERROR_NAME).bound() {
        state.set_str(&mut cx.heap, names.name, name).or_raise(cx)?;
    }
    state.set_str(&mut cx.heap, names.args, exception.args.expect().value()).or_raise(cx)?;
    Ok(state.value())
}

fn attribute_error_reduce(cx: &mut Cx, value: Value) -> PyResult {
    let state = attribute_error_state(cx, value)?;
    let class = cx.class_of(value).value();
    let args = this(cx, value)?.args.expect().value();
    Ok(cx.heap.tuple(&[class, args, state]).value())
}

pub fn import_error_slots(slots: &Slots) {
    import_error_init(slots);
    // The message alone when there is one; `args` may hold more.
    slots.str_.set(Some(|cx, value| {
        let message = this(cx, value)?.field(index::IMPORT_MSG);
        if message.is_a::<Str>() { Ok(message) } else { base::str_(cx, value) }
    }));
}

pub fn import_error_init(slots: &Slots) {
    slots.new.set(Some(base::new));
    slots.init.set(Some(|cx, value, args| {
        let accepted =
            [("name", index::IMPORT_NAME), ("path", index::IMPORT_PATH), ("name_from", index::IMPORT_NAME_FROM)];
        init_with_keywords(cx, value, args, "ImportError", &accepted)?;
        let message = if let [message] = *args.positional() { message } else { Value::UNBOUND };
        this(cx, value)?.set_field(&mut cx.heap, index::IMPORT_MSG, message);
        Ok(())
    }));
}

fn import_error_reduce(cx: &mut Cx, value: Value) -> PyResult {
    let exception = this(cx, value)?;
    let class = cx.class_of(value).value();
    let args = exception.args.expect().value();
    let dict = base::instance_dict(cx, value)?;
    let names = cx.names();
    let fields = [
        (names.name, exception.field(index::IMPORT_NAME)),
        (names.path, exception.field(index::IMPORT_PATH)),
        (names.name_from, exception.field(index::IMPORT_NAME_FROM)),
    ];
    if fields.iter().all(|(_, field)| field.is_unbound()) {
        return Ok(match dict {
            Some(dict) => cx.heap.tuple(&[class, args, dict.value()]).value(),
            None => cx.heap.tuple(&[class, args]).value(),
        });
    }
    let state = Dict::new(&mut cx.heap);
    if let Some(dict) = dict {
        dict.copy_into(&mut cx.heap, state).or_raise(cx)?;
    }
    for (name, field) in fields {
        if let Some(field) = field.bound() {
            state.set_str(&mut cx.heap, name, field).or_raise(cx)?;
        }
    }
    Ok(cx.heap.tuple(&[class, args, state.value()]).value())
}
