//! `BaseException`: construction, `args`, chaining attributes, notes, `repr` and `str`.

use super::fields::{method0, method1, no_keywords, this};
use crate::prelude::*;
use crate::typing::instance_attrs::INSTANCE_DICT;

/// Slots of `BaseException` itself.
pub fn slots(slots: &Slots) {
    constructor_slots(slots);
    slots.repr.set(Some(repr));
    slots.str_.set(Some(str_));
}

/// `__new__` and `__init__`, which every simple exception class has of its own.
pub fn constructor_slots(slots: &Slots) {
    slots.new.set(Some(new));
    slots.init.set(Some(init));
}

pub static METHODS: &[NativeDef] = &[
    method0("__reduce__", "", reduce),
    method1("__setstate__", "($self, state, /)", "", set_state),
    method1("with_traceback", "($self, object, /)", "Set self.__traceback__ to tb and return self.", with_traceback),
    method1("add_note", "($self, object, /)", "Add a note to the exception", add_note_method),
];

pub static GETSET: &[GetSetDef] = &[
    GetSetDef { name: "__dict__", doc: "", get: get_dict, set: Some(set_dict) },
    GetSetDef { name: "__suppress_context__", doc: "", get: get_suppress_context, set: Some(set_suppress_context) },
    GetSetDef { name: "args", doc: "", get: get_args, set: Some(set_args) },
    GetSetDef { name: "__traceback__", doc: "", get: get_traceback, set: Some(set_traceback) },
    GetSetDef { name: "__context__", doc: "", get: get_context, set: Some(set_context) },
    GetSetDef { name: "__cause__", doc: "", get: get_cause, set: Some(set_cause) },
];

fn get_dict(cx: &mut Cx, value: Value) -> PyResult {
    (INSTANCE_DICT.get)(cx, value)
}

fn set_dict(cx: &mut Cx, value: Value, dict: Option<Value>) -> PyResult<()> {
    let Some(dict) = dict else { return Err(type_error(cx, "cannot delete __dict__")) };
    match INSTANCE_DICT.set {
        Some(set) => set(cx, value, Some(dict)),
        None => Ok(()),
    }
}

/// An instance of `class` with these arguments, its constructor not run.
pub fn new_exception(cx: &mut Cx, class: Gc<Class>, args: &[Value]) -> PyResult<Gc<Exception>> {
    let args = Tuple::new(&mut cx.heap, args).or_raise(cx)?;
    Ok(cx.heap.exception(class.instance_shape.get(), args))
}

/// `BaseException.__new__`: keyword arguments are the business of `__init__`.
pub fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
    Ok(new_exception(cx, class, args.positional())?.value())
}

/// `BaseException.__init__`.
pub fn init(cx: &mut Cx, value: Value, args: Args<'_>) -> PyResult<()> {
    let class = cx.class_of(value);
    no_keywords(cx, class, &args)?;
    init_args(cx, value, args)
}

/// Store the positional arguments.
pub fn init_args(cx: &mut Cx, value: Value, args: Args<'_>) -> PyResult<()> {
    let exception = this(cx, value)?;
    let stored = exception.args.expect();
    if stored.as_slice() != args.positional() {
        let args = Tuple::new(&mut cx.heap, args.positional()).or_raise(cx)?;
        exception.args.set(exception, args);
    }
    Ok(())
}

/// `BaseException.__str__`.
pub fn str_(cx: &mut Cx, value: Value) -> PyResult {
    let args = this(cx, value)?.args.expect();
    match args.len() {
        0 => Ok(cx.vm().empty_str().value()),
        1 => Ok(str_of(cx, args.get(0))?.value()),
        _ => Ok(str_of(cx, args.value())?.value()),
    }
}

fn repr(cx: &mut Cx, value: Value) -> PyResult {
    let args = this(cx, value)?.args.expect();
    let mut builder = StrBuilder::new();
    builder.push_py(&cx.class_of(value).name.expect());
    if args.len() == 1 {
        let argument = repr_of(cx, args.get(0))?;
        builder.push_char('(');
        builder.push_py(&argument);
        builder.push_char(')');
    } else {
        builder.push_py(&*repr_of(cx, args.value())?);
    }
    Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
}

/// The attributes of the instance as a dict; `None` when there are none.
pub fn instance_dict(cx: &mut Cx, value: Value) -> PyResult<Option<Gc<Dict>>> {
    match Attributes::of(value) {
        Some(attributes) if !attributes.is_empty() => Ok(Some(attributes.materialize(&mut cx.heap).or_raise(cx)?)),
        _ => Ok(None),
    }
}

fn reduce(cx: &mut Cx, value: Value) -> PyResult {
    let class = cx.class_of(value).value();
    let args = this(cx, value)?.args.expect().value();
    let dict = instance_dict(cx, value)?;
    Ok(match dict {
        Some(dict) => cx.heap.tuple(&[class, args, dict.value()]).value(),
        None => cx.heap.tuple(&[class, args]).value(),
    })
}

fn set_state(cx: &mut Cx, value: Value, state: Value) -> PyResult {
    if state.is_none() {
        return Ok(Value::NONE);
    }
    let Some(state) = state.cast::<Dict>() else {
        return Err(type_error(cx, "state is not a dictionary"));
    };
    let mut at = 0;
    while let Some((i, key, item)) = state.next_entry(at) {
        at = i + 1;
        let name = name_from_value(cx, key)?;
        set_attr(cx, value, name, item)?;
    }
    Ok(Value::NONE)
}

fn with_traceback(cx: &mut Cx, value: Value, traceback: Value) -> PyResult {
    set_traceback(cx, value, Some(traceback))?;
    Ok(value)
}

fn add_note_method(cx: &mut Cx, value: Value, note: Value) -> PyResult {
    if note.downcast::<Str>().is_none() {
        let name = type_name(cx, note);
        return Err(type_error(cx, format_args!("add_note() argument must be str, not {name}")));
    }
    let name = cx.names().__notes__;
    let notes = match get_attr_opt(cx, value, name)? {
        Some(notes) => notes,
        None => {
            let notes = List::empty(&mut cx.heap).value();
            set_attr(cx, value, name, notes)?;
            notes
        }
    };
    let Some(notes) = notes.cast::<List>() else {
        return Err(type_error(cx, "Cannot add note: __notes__ is not a list"));
    };
    notes.push(&mut cx.heap, note).or_raise(cx)?;
    Ok(Value::NONE)
}

/// Add a note written by the runtime.
pub fn add_note(cx: &mut Cx, exception: Value, note: &str) -> PyResult<()> {
    let note = cx.heap.str(note);
    add_note_method(cx, exception, note).map(|_| ())
}

/// UnicodeEncodeError for the first surrogate of `text`, as encoding it to UTF-8 raises.
pub fn surrogates_not_allowed(cx: &mut Cx, text: Value) -> Raised {
    let position =
        text.downcast::<Str>().and_then(|s| s.iter().position(|c| (0xD800..0xE000).contains(&c))).unwrap_or(0);
    let encoding = cx.names().utf_8.value();
    let reason = cx.heap.str("surrogates not allowed");
    let args = [encoding, text, Int::from_len(position).value(), Int::from_len(position + 1).value(), reason];
    let class = cx.types().UnicodeEncodeError;
    match new_exception(cx, class, &args) {
        Ok(exception) => {
            args.iter().enumerate().for_each(|(i, &field)| exception.set_field(&mut cx.heap, i, field));
            raise_object(cx, exception.value())
        }
        Err(raised) => raised,
    }
}

fn get_args(cx: &mut Cx, value: Value) -> PyResult {
    Ok(this(cx, value)?.args.expect().value())
}

fn set_args(cx: &mut Cx, value: Value, args: Option<Value>) -> PyResult<()> {
    let Some(args) = args else { return Err(type_error(cx, "args may not be deleted")) };
    let args = to_tuple(cx, args)?;
    let exception = this(cx, value)?;
    exception.args.set(exception, args);
    Ok(())
}

fn get_traceback(cx: &mut Cx, value: Value) -> PyResult {
    Ok(this(cx, value)?.traceback.get().bound().unwrap_or(Value::NONE))
}

fn set_traceback(cx: &mut Cx, value: Value, traceback: Option<Value>) -> PyResult<()> {
    let Some(traceback) = traceback else {
        return Err(type_error(cx, "__traceback__ may not be deleted"));
    };
    if !traceback.is_none() && !traceback.is_a::<Traceback>() {
        return Err(type_error(cx, "__traceback__ must be a traceback or None"));
    }
    let exception = this(cx, value)?;
    exception.traceback.set(exception, if traceback.is_none() { Value::UNBOUND } else { traceback });
    Ok(())
}

/// Checks what is stored as `__context__` or `__cause__`; unbound for None.
fn link(cx: &mut Cx, what: &str, value: Option<Value>) -> PyResult {
    match value {
        None => Err(type_error(cx, format_args!("__{what}__ may not be deleted"))),
        Some(value) if value.is_none() => Ok(Value::UNBOUND),
        Some(value) if value.is_a::<Exception>() => Ok(value),
        Some(_) => Err(type_error(cx, format_args!("exception {what} must be None or derive from BaseException"))),
    }
}

fn get_context(cx: &mut Cx, value: Value) -> PyResult {
    Ok(this(cx, value)?.context.get().bound().unwrap_or(Value::NONE))
}

fn set_context(cx: &mut Cx, value: Value, context: Option<Value>) -> PyResult<()> {
    let context = link(cx, "context", context)?;
    let exception = this(cx, value)?;
    exception.context.set(exception, context);
    Ok(())
}

fn get_cause(cx: &mut Cx, value: Value) -> PyResult {
    Ok(this(cx, value)?.cause.get().bound().unwrap_or(Value::NONE))
}

fn set_cause(cx: &mut Cx, value: Value, cause: Option<Value>) -> PyResult<()> {
    let cause = link(cx, "cause", cause)?;
    let exception = this(cx, value)?;
    exception.cause.set(exception, cause);
    exception.suppress_context.set(true);
    Ok(())
}

fn get_suppress_context(cx: &mut Cx, value: Value) -> PyResult {
    Ok(Value::bool(this(cx, value)?.suppress_context.get()))
}

fn set_suppress_context(cx: &mut Cx, value: Value, suppress: Option<Value>) -> PyResult<()> {
    match suppress {
        Some(b) if b.is_bool() => {
            this(cx, value)?.suppress_context.set(b.is(Value::TRUE));
            Ok(())
        }
        Some(_) => Err(type_error(cx, "attribute value type must be bool")),
        None => Err(type_error(cx, "can't delete numeric/char attribute")),
    }
}
