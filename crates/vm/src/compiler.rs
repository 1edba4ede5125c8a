//! The compiler as the runtime sees it: a hook that turns source values into code objects, with Python's SyntaxError and
//! warnings for what goes wrong.

use bytecode::CodeFlags;
use compile::{Compiled, ErrorKind, Mode, SyntaxError, SyntaxWarning};
use runtime::code_object::code_from_object;
use runtime::hooks::{CompileMode, CompileRequest, compile_flags};
use runtime::prelude::*;
use runtime::warnings;
use std::cell::Cell as StdCell;
use syntax::ast::Mod;
use syntax::{DecodeError, Interner};

/// `-O` given so many times: what `optimize=-1` means.
#[derive(Default)]
pub struct DefaultOptimize(pub StdCell<u8>);

/// The hook; see [`runtime::hooks::install_compiler`].
pub fn compile_hook(cx: &mut Cx, request: CompileRequest) -> PyResult {
    let only_tree = request.flags & compile_flags::ONLY_AST != 0;
    if stdlib::ast::is_tree(cx, request.source)? {
        if !only_tree {
            return compile_tree(cx, request);
        }
        let root = root_class(request.mode);
        if request.flags & compile_flags::OPTIMIZED_AST == compile_flags::OPTIMIZED_AST {
            let (module, names) = stdlib::ast::from_python(cx, request.source, root)?;
            return tree(cx, request, module, names);
        }
        stdlib::ast::check_root(cx, request.source, root)?;
        return Ok(request.source);
    }
    let text = source_text(cx, &request)?;
    if text.contains('\0') {
        return Err(null_bytes(cx));
    }
    let (mode, options) = (mode(request), options(cx, request));
    let filename = filename_text(request.filename);
    let incomplete = request.flags & compile_flags::ALLOW_INCOMPLETE_INPUT != 0;
    if only_tree && request.mode == CompileMode::FunctionType {
        return match syntax::parse_function_type(&text) {
            Ok(parsed) => stdlib::ast::function_type_to_python(cx, &parsed),
            Err(error) => Err(raise_syntax_error(cx, &error, request.filename, incomplete)),
        };
    }
    if only_tree {
        let parsed = syntax::parse(&text, mode, options.end).and_then(|parsed| {
            let version = u8::try_from(request.feature_version).unwrap_or(u8::MAX);
            syntax::check_version(&text, mode, version).map(|()| parsed)
        });
        return match parsed {
            Ok(parsed) => {
                warn(cx, &parsed.warnings, request.filename)?;
                tree(cx, request, parsed.module, parsed.names)
            }
            Err(error) => Err(raise_syntax_error(cx, &error, request.filename, incomplete)),
        };
    }
    match compile::compile(&text, &filename, mode, options) {
        Ok(compiled) => finish(cx, compiled, request.filename),
        Err(error) => {
            let is_file = request.flags & compile_flags::SOURCE_IS_FILE != 0;
            let newline = if request.mode == CompileMode::Exec && !text.ends_with('\n') { "\n" } else { "" };
            let source = (!is_file).then(|| text + newline);
            let metadata = metadata(cx, &error, source.as_deref());
            Err(raise_with_metadata(cx, &error, request.filename, incomplete, Some(metadata)))
        }
    }
}

/// A tree as `ast` objects, adapted to the settings if that is asked for.
fn tree(cx: &mut Cx, request: CompileRequest, mut module: Mod, mut names: Interner) -> PyResult {
    if request.flags & compile_flags::OPTIMIZED_AST == compile_flags::OPTIMIZED_AST {
        let options = options(cx, request);
        match compile::optimize_tree(&mut module, &mut names, options) {
            Ok(warnings) => warn(cx, &warnings, request.filename)?,
            Err(error) => return Err(raise_syntax_error(cx, &error, request.filename, false)),
        }
    }
    stdlib::ast::to_python(cx, &module, &names)
}

fn null_bytes(cx: &mut Cx) -> Raised {
    let class = cx.types().SyntaxError;
    raise_class(cx, class, "source code string cannot contain null bytes")
}

/// The class of trees that a mode compiles.
fn root_class(mode: CompileMode) -> &'static str {
    match mode {
        CompileMode::Exec => "Module",
        CompileMode::Eval => "Expression",
        CompileMode::Single => "Interactive",
        CompileMode::FunctionType => "FunctionType",
    }
}

/// Compile a tree of `ast` objects.
fn compile_tree(cx: &mut Cx, request: CompileRequest) -> PyResult {
    let root = root_class(request.mode);
    let (module, names) = stdlib::ast::from_python(cx, request.source, root)?;
    let options = options(cx, request);
    match compile::compile_tree(module, names, None, filename_text(request.filename).as_str().into(), options) {
        Ok(compiled) => finish(cx, compiled, request.filename),
        Err(error) => Err(raise_syntax_error(cx, &error, request.filename, false)),
    }
}

fn mode(request: CompileRequest) -> Mode {
    match request.mode {
        CompileMode::Exec | CompileMode::FunctionType => Mode::Exec,
        CompileMode::Eval => Mode::Eval,
        CompileMode::Single => Mode::Single,
    }
}

fn options(cx: &Cx, request: CompileRequest) -> compile::Options {
    let optimize = match u8::try_from(request.optimize) {
        Ok(level) => level,
        Err(_) => cx.vm().extension(DefaultOptimize::default).0.get(),
    };
    compile::Options {
        optimize,
        future: CodeFlags(request.flags & compile_flags::FUTURE_MASK),
        top_level_await: request.flags & compile_flags::ALLOW_TOP_LEVEL_AWAIT != 0,
        end: compile::EndOptions {
            allow_incomplete: request.flags & compile_flags::ALLOW_INCOMPLETE_INPUT != 0,
            keep_blocks_open: request.flags & compile_flags::DONT_IMPLY_DEDENT != 0,
        },
    }
}

fn filename_text(filename: Value) -> String {
    filename.downcast::<Str>().map_or_else(|| "<string>".to_owned(), |s| s.to_string())
}

/// Issue the compiler's warnings and move the code object to the heap.
fn finish(cx: &mut Cx, compiled: Compiled, filename: Value) -> PyResult {
    warn(cx, &compiled.warnings, filename)?;
    Ok(code_from_object(cx, &compiled.code)?.value())
}

fn warn(cx: &mut Cx, warnings: &[SyntaxWarning], filename: Value) -> PyResult<()> {
    for warning in warnings {
        let category = cx.types().SyntaxWarning;
        let line = i64::from(warning.loc.line);
        if let Err(raised) = warnings::warn_explicit(cx, category, &warning.message, filename, line) {
            if !cx.raised_is(category) {
                return Err(raised);
            }
            // A filter made the warning an error: show it as a syntax error at its place.
            cx.take_raised(raised);
            let message = warning.message.replace(" Such sequences will not work in the future.", "");
            let error = SyntaxError::at(warning.loc, message);
            return Err(raise_syntax_error(cx, &error, filename, false));
        }
    }
    Ok(())
}

/// The text to compile.
pub fn source_text(cx: &mut Cx, request: &CompileRequest) -> PyResult<String> {
    if let Some(text) = request.source.downcast::<Str>() {
        return match text.to_utf8() {
            Ok(text) => Ok(text),
            Err(position) => {
                let class = cx.types().UnicodeEncodeError;
                let encoding = cx.heap.str("utf-8");
                let reason = cx.heap.str("surrogates not allowed");
                let start = Int::from_len(position);
                let end = Int::from_len(position + 1);
                let args = [encoding, text.value(), start.value(), end.value(), reason];
                let exception = call(cx, class.value(), &args)?;
                Err(raise_object(cx, exception))
            }
        };
    }
    let Some(bytes) = request.source.downcast::<Bytes>() else {
        let name = type_name(cx, request.source);
        return Err(type_error(cx, format_args!("compile() arg 1 must be a string, bytes or AST object, not {name}")));
    };
    if bytes.as_slice().contains(&0) {
        return Err(null_bytes(cx));
    }
    match syntax::decode(bytes.as_slice()) {
        Ok(text) => Ok(text.into_owned()),
        Err(DecodeError::OtherEncoding(encoding)) => decode_by_codec(cx, bytes, &encoding, request.filename),
        Err(error) => {
            let error = error.into_syntax_error(bytes.as_slice(), None);
            Err(raise_syntax_error(cx, &error, request.filename, false))
        }
    }
}

/// Decode through Python's codecs.
fn decode_by_codec(cx: &mut Cx, bytes: Gc<Bytes>, encoding: &str, filename: Value) -> PyResult<String> {
    let name = cx.heap.intern("decode");
    let encoding_value = cx.heap.str(encoding);
    match call_method(cx, bytes.value(), name, &[encoding_value]) {
        Ok(text) => Ok(text.downcast::<Str>().map_or_else(String::new, |s| s.to_string())),
        Err(raised) => {
            let class = cx.types().LookupError;
            cx.catch(raised, class)?;
            let message = format!("unknown encoding: {encoding}");
            let class = cx.types().SyntaxError;
            Err(raise_located(cx, class, &message, filename, [0; 4], None, None))
        }
    }
}

/// Raise what the parser or the compiler says.
pub fn raise_syntax_error(cx: &mut Cx, error: &SyntaxError, filename: Value, incomplete: bool) -> Raised {
    raise_with_metadata(cx, error, filename, incomplete, None)
}

fn raise_with_metadata(
    cx: &mut Cx,
    error: &SyntaxError,
    filename: Value,
    incomplete: bool,
    metadata: Option<Value>,
) -> Raised {
    let types = cx.types();
    let class = match error.kind {
        ErrorKind::SyntaxError => types.SyntaxError,
        ErrorKind::IndentationError => types.IndentationError,
        ErrorKind::TabError => types.TabError,
        ErrorKind::IncompleteInput if incomplete => types.IncompleteInputError,
        ErrorKind::IncompleteInput => types.SyntaxError,
        ErrorKind::RecursionError => return recursion_error(cx, &error.message),
        ErrorKind::ValueError => return value_error(cx, &error.message),
        ErrorKind::OverflowError => return overflow_error(cx, &error.message),
        ErrorKind::MemoryError => return memory_error(cx),
    };
    let position = [error.lineno as i32, error.offset, error.end_lineno as i32, error.end_offset];
    raise_located(cx, class, &error.message, filename, position, error.text.as_deref(), metadata)
}

/// What `traceback` needs to look for misspelt keywords: where the last whole block begins, and the source unless that is to
/// be read from the file.
fn metadata(cx: &mut Cx, error: &SyntaxError, source: Option<&str>) -> Value {
    let (line, column) = error.last_block;
    let source = source.map_or(Value::NONE, |source| cx.heap.str(source));
    let [line, column] = [i64::from(line), i64::from(column)].map(|n| Int::new(n).expect("a 33-bit number").value());
    cx.heap.tuple(&[line, column, source]).value()
}

/// Raise `class(message, (filename, line, offset, text, end line, end offset))`.
fn raise_located(
    cx: &mut Cx,
    class: Gc<Class>,
    message: &str,
    filename: Value,
    position: [i32; 4],
    text: Option<&str>,
    metadata: Option<Value>,
) -> Raised {
    let [line, offset, end_line, end_offset] =
        position.map(|n| Int::new(i64::from(n)).expect("a 32-bit number").value());
    let text = match text {
        Some(text) => cx.heap.str(text),
        None => Value::NONE,
    };
    let message = cx.heap.str(message);
    let details = cx.heap.tuple(&[filename, line, offset, text, end_line, end_offset]);
    match call(cx, class.value(), &[message, details.value()]) {
        Ok(exception) => {
            if let (Some(metadata), Some(exception)) = (metadata, exception.cast::<Exception>()) {
                runtime::exceptions::syntax_error::set_metadata(cx, exception, metadata);
            }
            raise_object(cx, exception)
        }
        Err(raised) => raised,
    }
}
