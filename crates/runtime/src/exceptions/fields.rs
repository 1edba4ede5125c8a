//! Where exceptions keep what goes beyond `args`, and the accessors that show it to Python.

use crate::prelude::*;

/// Indices of [`Exception::field`] by class.
pub mod index {
    pub const STOP_ITERATION_VALUE: usize = 0;
    pub const SYSTEM_EXIT_CODE: usize = 0;
    pub const NAME_ERROR_NAME: usize = 0;
    pub const ATTRIBUTE_ERROR_NAME: usize = 0;
    pub const ATTRIBUTE_ERROR_OBJ: usize = 1;
    pub const IMPORT_MSG: usize = 0;
    pub const IMPORT_NAME: usize = 1;
    pub const IMPORT_PATH: usize = 2;
    pub const IMPORT_NAME_FROM: usize = 3;
    pub const OS_ERRNO: usize = 0;
    pub const OS_STRERROR: usize = 1;
    pub const OS_FILENAME: usize = 2;
    pub const OS_FILENAME2: usize = 3;
    pub const OS_CHARACTERS_WRITTEN: usize = 4;
    pub const SYNTAX_MSG: usize = 0;
    pub const SYNTAX_FILENAME: usize = 1;
    pub const SYNTAX_LINENO: usize = 2;
    pub const SYNTAX_OFFSET: usize = 3;
    pub const SYNTAX_TEXT: usize = 4;
    pub const SYNTAX_END_LINENO: usize = 5;
    pub const SYNTAX_END_OFFSET: usize = 6;
    pub const SYNTAX_PRINT_FILE_AND_LINE: usize = 7;
    pub const SYNTAX_METADATA: usize = 8;
    pub const UNICODE_ENCODING: usize = 0;
    pub const UNICODE_OBJECT: usize = 1;
    pub const UNICODE_START: usize = 2;
    pub const UNICODE_END: usize = 3;
    pub const UNICODE_REASON: usize = 4;
    pub const GROUP_MESSAGE: usize = 0;
    pub const GROUP_EXCEPTIONS: usize = 1;
    /// What `repr` shows of the members, when they were neither in a tuple nor in a list.
    pub const GROUP_SHOWN: usize = 2;
}

/// The exception that a method of an exception class was called with.
pub fn this(cx: &mut Cx, value: Value) -> PyResult<Gc<Exception>> {
    match value.cast::<Exception>() {
        Some(exception) => Ok(exception),
        None => {
            let name = type_name(cx, value);
            Err(type_error(cx, format_args!("descriptor requires a 'BaseException' object but received a '{name}'")))
        }
    }
}

/// Field `i`; None when not set.
pub fn get<const I: usize>(cx: &mut Cx, value: Value) -> PyResult {
    Ok(this(cx, value)?.field(I).bound().unwrap_or(Value::NONE))
}

/// Set or delete field `i`.
pub fn set<const I: usize>(cx: &mut Cx, object: Value, value: Option<Value>) -> PyResult<()> {
    let exception = this(cx, object)?;
    exception.set_field(&mut cx.heap, I, value.unwrap_or(Value::UNBOUND));
    Ok(())
}

/// A readable and writable field.
pub const fn field<const I: usize>(name: &'static str, doc: &'static str) -> GetSetDef {
    GetSetDef { name, doc, get: get::<I>, set: Some(set::<I>) }
}

/// A readable field.
pub const fn read_only<const I: usize>(name: &'static str, doc: &'static str) -> GetSetDef {
    GetSetDef { name, doc, get: get::<I>, set: None }
}

const SELF: Param = Param { name: "self", kind: ParamKind::PositionalOnly, required: true };
const OBJECT: Param = Param { name: "object", kind: ParamKind::PositionalOnly, required: true };

/// A method without arguments.
pub const fn method0(name: &'static str, doc: &'static str, f: fn(&mut Cx, Value) -> PyResult) -> NativeDef {
    NativeDef {
        name,
        owner: "BaseException",
        signature: "($self, /)",
        doc,
        binding: Binding::Method,
        params: &[SELF],
        min_args: 1,
        max_args: 1,
        entry: Entry::F1(f),
    }
}

/// A method with one positional argument; `signature` names it.
pub const fn method1(
    name: &'static str,
    signature: &'static str,
    doc: &'static str,
    f: fn(&mut Cx, Value, Value) -> PyResult,
) -> NativeDef {
    NativeDef {
        name,
        owner: "BaseException",
        signature,
        doc,
        binding: Binding::Method,
        params: &[SELF, OBJECT],
        min_args: 2,
        max_args: 2,
        entry: Entry::F2(f),
    }
}

/// As CPython's `_PyArg_NoKeywords`.
pub fn no_keywords(cx: &mut Cx, class: Gc<Class>, args: &Args<'_>) -> PyResult<()> {
    if args.n_keywords() == 0 {
        return Ok(());
    }
    let name = class_name(class);
    Err(type_error(cx, format_args!("{name}() takes no keyword arguments")))
}
