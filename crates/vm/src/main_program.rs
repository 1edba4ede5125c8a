//! Running a program as `__main__`: a file, a command, a module or standard input, up to the exit status.

use crate::compiler;
use runtime::exceptions::report;
use runtime::hooks::{self, CompileMode, CompileRequest, compile_flags};
use runtime::import::{import_module, sys_attr};
use runtime::prelude::*;
use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// What to run.
#[derive(Clone, Debug, PartialEq)]
pub enum Main {
    /// A file, a folder or an archive.
    File(OsString),
    Command(OsString),
    Module(OsString),
    /// A program on standard input.
    StandardInput,
}

impl crate::Vm {
    /// Run the program; the exit status. Uncaught exceptions are printed as CPython prints them.
    pub fn run_main(&mut self, main: &Main, skip_first_line: bool, safe_path: bool) -> i32 {
        let globals = self.globals();
        let cx = self.cx();
        match run(cx, main, globals, skip_first_line, safe_path) {
            Ok(status) => status,
            Err(raised) => {
                let exception = cx.take_raised(raised);
                report::report_uncaught(cx, exception)
            }
        }
    }

    /// Wait for threads, run `atexit` functions and flush the streams; the exit status given what the program's was.
    pub fn finish(mut self, status: i32) -> i32 {
        self.print_reports();
        // The namespace of `__main__` dies with its module.
        self.globals.truncate(0);
        match stdlib::finish::finish(self.cx()) {
            0 => status,
            failed => failed,
        }
    }
}

impl crate::Vm {
    fn print_reports(&mut self) {
        let (statistics, bytecode) = (self.print_statistics, self.print_bytecode);
        let cx = self.cx();
        if bytecode && let Err(raised) = crate::report::print_bytecode(cx) {
            let exception = cx.take_raised(raised);
            report::report_uncaught(cx, exception);
        }
        if statistics {
            // Nobody may be listening any more.
            let _ = std::io::Write::write_all(&mut std::io::stderr(), crate::report::statistics(cx).as_bytes());
        }
    }
}

fn run(cx: &mut Cx, main: &Main, globals: Gc<Dict>, skip_first_line: bool, safe_path: bool) -> PyResult<i32> {
    match main {
        Main::Command(command) => {
            if !safe_path {
                put_first(cx, OsStr::new(""))?;
            }
            let Some(text) = command.to_str() else {
                return undecodable_command(cx, command);
            };
            let text = dedented(text);
            runtime::exceptions::display::register_source(cx, "<string>", &text);
            let source = cx.heap.bytes(&with_newline(text.as_bytes())).or_raise(cx)?.value();
            execute(cx, source, "<string>", globals)
        }
        Main::Module(name) => {
            if !safe_path {
                let here = std::env::current_dir().unwrap_or_default();
                put_first(cx, here.as_os_str())?;
            }
            let name = stdlib_text(cx, name)?;
            run_module(cx, name, Value::TRUE)
        }
        Main::StandardInput => {
            if !safe_path {
                put_first(cx, OsStr::new(""))?;
            }
            let mut text = Vec::new();
            if let Err(error) = std::io::Read::read_to_end(&mut std::io::stdin(), &mut text) {
                return Err(os_error(cx, error.raw_os_error().unwrap_or(5), None));
            }
            execute_file(cx, without_first_line(&text, skip_first_line), OsStr::new("<stdin>"), globals)
        }
        Main::File(path) => run_file(cx, path, globals, skip_first_line, safe_path),
    }
}

fn with_newline(text: &[u8]) -> Vec<u8> {
    let mut text = text.to_vec();
    text.push(b'\n');
    text
}

fn without_first_line(text: &[u8], skip: bool) -> Vec<u8> {
    match text.iter().position(|&b| b == b'\n') {
        // The newline stays, so that line numbers are right.
        Some(end) if skip => text[end..].to_vec(),
        _ => text.to_vec(),
    }
}

/// `-c` with bytes that are no text.
fn undecodable_command(cx: &mut Cx, command: &OsStr) -> PyResult<i32> {
    report::write_stderr(cx, "Unable to decode the command from the command line:\n");
    let text = stdlib_text(cx, command)?;
    let encode = cx.heap.intern("encode");
    call_method(cx, text, encode, &[])?;
    Ok(1)
}

/// The text without the blanks that all its lines begin with, as `-c` runs it; lines of blanks alone become empty.
fn dedented(text: &str) -> Cow<'_, str> {
    let is_blank = |line: &str| line.bytes().all(|b| b == b' ' || b == b'\t');
    let margin_of = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let mut margin: Option<&str> = None;
    for line in text.split('\n').filter(|line| !is_blank(line)) {
        let own = &line[..margin_of(line)];
        let common = match margin {
            None => own.len(),
            Some(margin) => own.bytes().zip(margin.bytes()).take_while(|(a, b)| a == b).count(),
        };
        margin = Some(&own[..common]);
    }
    let margin = margin.map_or(0, str::len);
    if margin == 0 {
        return Cow::Borrowed(text);
    }
    let lines: Vec<&str> = text.split('\n').map(|line| if is_blank(line) { "" } else { &line[margin..] }).collect();
    Cow::Owned(lines.join("\n"))
}

fn run_file(cx: &mut Cx, path: &OsStr, globals: Gc<Dict>, skip_first_line: bool, safe_path: bool) -> PyResult<i32> {
    let absolute = absolute(path);
    let file = Path::new(&absolute);
    if file.is_dir() {
        return run_container(cx, &absolute);
    }
    let text = match std::fs::read(file) {
        Ok(text) => text,
        Err(error) => {
            if error.kind() == std::io::ErrorKind::NotADirectory && is_importable_from(cx, &absolute)? {
                // A folder in an archive.
                return run_container(cx, &absolute);
            }
            let number = error.raw_os_error().unwrap_or(5);
            let what = error.to_string();
            let what = what.split(" (os error").next().unwrap_or_default();
            let program = std::env::args_os().next().unwrap_or_default();
            let program = program.to_string_lossy();
            let message = format!("{program}: can't open file '{}': [Errno {number}] {what}\n", file.display());
            report::write_stderr(cx, &message);
            return Ok(2);
        }
    };
    if has_archive_end(&text) && is_importable_from(cx, &absolute)? {
        return run_container(cx, &absolute);
    }
    if !safe_path {
        let real = std::fs::canonicalize(file).unwrap_or_else(|_| PathBuf::from(path));
        let folder = real.parent().map(Path::to_path_buf).unwrap_or_default();
        put_first(cx, folder.as_os_str())?;
    }
    let shown = stdlib_text(cx, &absolute)?;
    let names = cx.names();
    for (name, value) in [(names.__file__, shown), (names.__cached__, Value::NONE)] {
        globals.set_str(&mut cx.heap, name, value).or_raise(cx)?;
    }
    if file.extension().is_some_and(|extension| extension == "pyc") {
        install_file_loader(cx, globals, shown, "SourcelessFileLoader")?;
        return execute_compiled(cx, &text, globals);
    }
    install_file_loader(cx, globals, shown, "SourceFileLoader")?;
    execute_file(cx, without_first_line(&text, skip_first_line), &absolute, globals)
}

/// Run the `__main__` of a folder or an archive.
fn run_container(cx: &mut Cx, path: &OsStr) -> PyResult<i32> {
    put_first(cx, path)?;
    let name = cx.names().__main__.value();
    run_module(cx, name, Value::FALSE)
}

/// A path as it stands, behind the working folder when it is relative.
fn absolute(path: &OsStr) -> OsString {
    if Path::new(path).is_absolute() {
        return path.to_owned();
    }
    match std::env::current_dir() {
        Ok(here) if path == "." => here.into_os_string(),
        Ok(here) => {
            let mut whole = here.into_os_string();
            whole.push("/");
            whole.push(path);
            whole
        }
        Err(_) => path.to_owned(),
    }
}

/// `__loader__` of a script, so that tools find its source.
fn install_file_loader(cx: &mut Cx, globals: Gc<Dict>, path: Value, class: &str) -> PyResult<()> {
    let name = cx.heap.intern("_frozen_importlib_external");
    let Some(external) = runtime::import::get_module(cx, name)? else { return Ok(()) };
    let class = cx.heap.intern(class);
    let class = get_attr(cx, external, class)?;
    let main = cx.names().__main__.value();
    let loader = call(cx, class, &[main, path])?;
    let name = cx.names().__loader__;
    globals.set_str(&mut cx.heap, name, loader).or_raise(cx)
}

/// Whether a file ends as ZIP archives do: with the record that ends their directory and a comment.
fn has_archive_end(text: &[u8]) -> bool {
    /// The record, and the longest comment.
    const LONGEST: usize = 22 + 0xFFFF;
    let tail = &text[text.len().saturating_sub(LONGEST)..];
    tail.windows(4).any(|window| window == b"PK\x05\x06")
}

/// Whether one of `sys.path_hooks` takes `path`.
fn is_importable_from(cx: &mut Cx, path: &OsStr) -> PyResult<bool> {
    let name = cx.heap.intern("_frozen_importlib_external");
    let Some(external) = runtime::import::get_module(cx, name)? else { return Ok(false) };
    let finder = cx.heap.intern("PathFinder");
    let finder = get_attr(cx, external, finder)?;
    let (lookup, path) = (cx.heap.intern("_path_importer_cache"), stdlib_text(cx, path)?);
    Ok(!call_method(cx, finder, lookup, &[path])?.is_none())
}

/// Run a compiled file: the magic number, what the importer checks it against its source with, and the code.
fn execute_compiled(cx: &mut Cx, data: &[u8], globals: Gc<Dict>) -> PyResult<i32> {
    const HEADER: usize = 16;
    let magic = runtime::import::import_attr(cx, "_frozen_importlib_external", "MAGIC_NUMBER")?;
    let magic = runtime::buffer::to_vec(cx, magic)?;
    if !data.starts_with(&magic) || data.len() < HEADER {
        return Err(runtime_error(cx, "Bad magic number in .pyc file"));
    }
    let loads = runtime::import::import_attr(cx, "marshal", "loads")?;
    let body = cx.heap.bytes(&data[HEADER..]).or_raise(cx)?;
    let Some(code) = call(cx, loads, &[body.value()])?.cast::<Code>() else {
        return Err(runtime_error(cx, "Bad code object in .pyc file"));
    };
    runtime::run::run_code(cx, code, globals, globals.value(), None)?;
    Ok(0)
}

/// Run the text of a file. Null bytes and bytes that are not UTF-8 are reported with the file's name.
fn execute_file(cx: &mut Cx, text: Vec<u8>, path: &OsStr, globals: Gc<Dict>) -> PyResult<i32> {
    let filename = stdlib_text(cx, path)?;
    let null = text.iter().position(|&b| b == 0);
    if let Err(error) = syntax::decode(&text)
        && null.is_none_or(|null| error.position().is_some_and(|position| position < null))
        && error.position().is_some()
    {
        let error = error.into_syntax_error(&text, Some(&path.to_string_lossy()));
        return Err(compiler::raise_syntax_error(cx, &error, filename, false));
    }
    if let Some(null) = null {
        let error = syntax::null_byte_error(&text, null);
        return Err(compiler::raise_syntax_error(cx, &error, filename, false));
    }
    let source = cx.heap.bytes(&text).or_raise(cx)?.value();
    let flags = compile_flags::SOURCE_IS_FILE;
    let request =
        CompileRequest { source, filename, mode: CompileMode::Exec, flags, optimize: -1, feature_version: -1 };
    let code = hooks::compile_source(cx, request)?;
    runtime::run::run_code(cx, code, globals, globals.value(), None)?;
    Ok(0)
}

fn execute(cx: &mut Cx, source: Value, filename: &str, globals: Gc<Dict>) -> PyResult<i32> {
    let filename = cx.heap.str(filename);
    crate::execute(cx, source, filename, CompileMode::Exec, globals)?;
    Ok(0)
}

/// `runpy._run_module_as_main`.
fn run_module(cx: &mut Cx, name: Value, alter_argv: Value) -> PyResult<i32> {
    let runpy = import_module(cx, "runpy")?;
    let run = cx.heap.intern("_run_module_as_main");
    call_method(cx, runpy, run, &[name, alter_argv])?;
    Ok(0)
}

/// Put a folder in front of `sys.path`.
fn put_first(cx: &mut Cx, folder: &OsStr) -> PyResult<()> {
    let folder = stdlib_text(cx, folder)?;
    match sys_attr(cx, "path").and_then(|p| p.cast::<List>()) {
        Some(path) => path.insert(&mut cx.heap, 0, folder).or_raise(cx),
        None => Ok(()),
    }
}

/// Text from the system: UTF-8, other bytes as lone surrogates.
fn stdlib_text(cx: &mut Cx, text: &OsStr) -> PyResult {
    Ok(stdlib::support::fs_decode(cx, text.as_bytes())?.value())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_lose_their_common_margin() {
        assert_eq!(dedented("x\n  y"), "x\n  y");
        assert_eq!(dedented("\n  if x:\n    y\n \n  z\n "), "\nif x:\n  y\n\nz\n");
        assert_eq!(dedented("  x\n\ty"), "  x\n\ty");
    }

    #[test]
    fn archives_are_known_by_their_end() {
        assert!(has_archive_end(b"#!x\nPK\x03\x04...PK\x05\x06and a comment"));
        assert!(!has_archive_end(b"PK\x03\x04 broken"));
    }
}
