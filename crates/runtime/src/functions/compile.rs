//! `compile`, `eval` and `exec`.

use crate::hooks::{CompileMode, CompileRequest, compile_flags, compile_source};
use crate::prelude::*;
use crate::run::run_code;
use bytecode::CodeFlags;

/// The future features of the code that called us.
fn inherited_flags(cx: &Cx) -> u32 {
    cx.frame().map_or(0, |frame| frame.code().flags & compile_flags::FUTURE_MASK)
}

/// A file name given as str, bytes or path.
pub fn file_name(cx: &mut Cx, value: Value) -> PyResult {
    if let Some(text) = value.downcast::<Str>() {
        return Ok(text.value());
    }
    if value.downcast::<Bytes>().is_some() || cx.lookup_class(cx.class_of(value), cx.names().__fspath__).is_some() {
        let decode = crate::import::import_attr(cx, "os", "fsdecode")?;
        return call(cx, decode, &[value]);
    }
    let name = type_name(cx, value);
    Err(type_error(cx, format_args!("expected str, bytes or os.PathLike object, not {name}")))
}

/// `compile(…)`.
pub fn compile(
    cx: &mut Cx,
    source: Value,
    filename: Value,
    mode: Gc<Str>,
    flags: i32,
    dont_inherit: bool,
    [optimize, feature_version]: [i32; 2],
) -> PyResult {
    let filename = file_name(cx, filename)?;
    let mut bits = flags as u32;
    if bits & !(compile_flags::FUTURE_MASK | compile_flags::COMPILE_MASK) != 0 {
        return Err(value_error(cx, "compile(): unrecognised flags"));
    }
    if !(-1..=2).contains(&optimize) {
        return Err(value_error(cx, "compile(): invalid optimize value"));
    }
    if !dont_inherit {
        bits |= inherited_flags(cx);
    }
    let only_ast = bits & compile_flags::ONLY_AST != 0;
    let mode = match mode.as_ascii() {
        Some("exec") => CompileMode::Exec,
        Some("eval") => CompileMode::Eval,
        Some("single") => CompileMode::Single,
        Some("func_type") if only_ast => CompileMode::FunctionType,
        Some("func_type") => {
            return Err(value_error(cx, "compile() mode 'func_type' requires flag PyCF_ONLY_AST"));
        }
        _ if only_ast => {
            return Err(value_error(cx, "compile() mode must be 'exec', 'eval', 'single' or 'func_type'"));
        }
        _ => return Err(value_error(cx, "compile() mode must be 'exec', 'eval' or 'single'")),
    };
    let source = source_text(cx, source, "compile", "string, bytes or AST", Trees::Allowed)?;
    crate::hooks::compile(cx, CompileRequest { source, filename, mode, flags: bits, optimize, feature_version })
}

/// The source that `function` was given, as an exact str or bytes object.
pub fn source_value(cx: &mut Cx, source: Value, function: &str, expected: &str) -> PyResult {
    source_text(cx, source, function, expected, Trees::Refused)
}

/// Whether an `ast` node may stand for source text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trees {
    Allowed,
    Refused,
}

/// The source as an exact str or bytes object, or a tree.
fn source_text(cx: &mut Cx, source: Value, function: &str, expected: &str, trees: Trees) -> PyResult {
    if let Some(text) = source.downcast::<Str>() {
        if text.has_surrogates() {
            return Err(crate::exceptions::surrogates_not_allowed(cx, text.value()));
        }
        if text.iter().any(|c| c == 0) {
            return Err(null_bytes(cx));
        }
        return Ok(text.value());
    }
    let bytes = if let Some(bytes) = source.downcast::<Bytes>() {
        Some(bytes)
    } else if let Some(array) = source.cast::<ByteArray>() {
        let data = array.data.borrow().clone();
        Some(cx.heap.bytes(&data).or_raise(cx)?)
    } else {
        None
    };
    if let Some(bytes) = bytes {
        if bytes.as_slice().contains(&0) {
            return Err(null_bytes(cx));
        }
        return Ok(bytes.value());
    }
    if trees == Trees::Allowed && is_tree(cx, source)? {
        return Ok(source);
    }
    if cx.class_of(source).display_name() == "memoryview" {
        let class = cx.types().bytes.value();
        let bytes = call(cx, class, &[source])?;
        return source_text(cx, bytes, function, expected, trees);
    }
    Err(type_error(cx, format_args!("{function}() arg 1 must be a {expected} object")))
}

fn null_bytes(cx: &mut Cx) -> Raised {
    let class = cx.types().SyntaxError.value();
    let message = cx.heap.str("source code string cannot contain null bytes");
    match call(cx, class, &[message]) {
        Ok(error) => raise_object(cx, error),
        Err(raised) => raised,
    }
}

fn is_tree(cx: &mut Cx, value: Value) -> PyResult<bool> {
    let name = cx.heap.intern("_ast");
    let Some(module) = crate::import::get_module(cx, name)? else { return Ok(false) };
    let name = cx.heap.intern("AST");
    match get_attr_opt(cx, module, name)?.and_then(|class| class.cast::<Class>()) {
        Some(class) => Ok(cx.is_instance(value, class)),
        None => Ok(false),
    }
}

/// The namespaces of an `eval` or `exec`.
struct Namespaces {
    globals: Gc<Dict>,
    locals: Value,
}

fn namespaces(cx: &mut Cx, function: &str, globals: Value, locals: Value) -> PyResult<Namespaces> {
    if !globals.is_none() && !globals.is_a::<Dict>() {
        let message = if function == "exec" {
            let name = type_name(cx, globals);
            format!("exec() globals must be a dict, not {name}")
        } else if cx.class_of(globals).slots.getitem.get().is_some() {
            "globals must be a real dict; try eval(code, {}, mapping)".to_owned()
        } else {
            "globals must be a dict".to_owned()
        };
        return Err(type_error(cx, message));
    }
    if !locals.is_none() && cx.class_of(locals).slots.getitem.get().is_none() {
        let name = type_name(cx, locals);
        return Err(type_error(
            cx,
            if function == "exec" {
                format!("locals must be a mapping or None, not {name}")
            } else {
                "locals must be a mapping".to_owned()
            },
        ));
    }
    let given = globals.cast::<Dict>();
    let globals = match given.or_else(|| crate::run::current_globals(cx)) {
        Some(globals) => globals,
        None => {
            return Err(system_error(
                cx,
                format_args!("{function} must be given globals and locals when called without a frame"),
            ));
        }
    };
    let locals = match (locals.is_none(), given) {
        (false, _) => locals,
        (true, Some(globals)) => globals.value(),
        (true, None) => crate::run::current_locals(cx)?,
    };
    let name = cx.names().__builtins__;
    if globals.get_str(name).is_none() {
        let builtins = cx.frame().map(|frame| frame.builtins.get()).or_else(|| cx.vm().builtins.get());
        if let Some(builtins) = builtins {
            globals.set_str(&mut cx.heap, name, builtins.value()).or_raise(cx)?;
        }
    }
    Ok(Namespaces { globals, locals })
}

fn compiled(cx: &mut Cx, function: &str, source: Value, mode: CompileMode) -> PyResult<Gc<Code>> {
    let mut source = source_text(cx, source, function, "string, bytes or code", Trees::Refused)?;
    if mode == CompileMode::Eval {
        // Leading blanks are no indentation here.
        if let Some(text) = source.cast::<Str>() {
            let start = text.iter().position(|c| c != ' ' as u32 && c != '\t' as u32).unwrap_or(text.len());
            source = Str::substring(&mut cx.heap, text, start, text.len()).or_raise(cx)?.value();
        }
    }
    let filename = cx.heap.intern("<string>").value();
    let flags = inherited_flags(cx) | compile_flags::SOURCE_IS_UTF8;
    compile_source(cx, CompileRequest { source, filename, mode, flags, optimize: -1, feature_version: -1 })
}

/// `eval(source, globals, locals)`.
pub fn eval(cx: &mut Cx, source: Value, globals: Value, locals: Value) -> PyResult {
    let Namespaces { globals, locals } = namespaces(cx, "eval", globals, locals)?;
    let code = match source.cast::<Code>() {
        Some(code) => {
            if code.n_free > 0 {
                return Err(type_error(cx, "code object passed to eval() may not contain free variables"));
            }
            code
        }
        None => compiled(cx, "eval", source, CompileMode::Eval)?,
    };
    run_code(cx, code, globals, locals, None)
}

/// `exec(source, globals, locals, closure=closure)`.
pub fn exec(cx: &mut Cx, source: Value, globals: Value, locals: Value, closure: Value) -> PyResult<()> {
    let Namespaces { globals, locals } = namespaces(cx, "exec", globals, locals)?;
    let Some(code) = source.cast::<Code>() else {
        if !closure.is_none() {
            return Err(type_error(cx, "closure can only be used when source is a code object"));
        }
        let code = compiled(cx, "exec", source, CompileMode::Exec)?;
        return run_code(cx, code, globals, locals, None).map(|_| ());
    };
    let n_free = code.n_free as usize;
    let cells = closure.cast::<Tuple>().filter(|t| t.len() == n_free && t.iter().all(|cell| cell.is_a::<Cell>()));
    if n_free == 0 {
        if !closure.is_none() {
            return Err(type_error(cx, "cannot use a closure with this code object"));
        }
    } else if cells.is_none() {
        return Err(type_error(cx, format_args!("code object requires a closure of exactly length {n_free}")));
    }
    debug_assert!(n_free == 0 || code.has_flag(CodeFlags::NESTED) || cells.is_some());
    run_code(cx, code, globals, locals, cells).map(|_| ())
}
