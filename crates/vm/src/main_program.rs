//! Running a program as `__main__`: a file, a command, a module or standard input, up to the exit status.

use runtime::exceptions::report;
use runtime::hooks::CompileMode;
use runtime::import::{import_module, sys_attr};
use runtime::prelude::*;
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
    pub fn finish(&mut self, status: i32) -> i32 {
        self.print_reports();
        match stdlib::start::finish(self.cx()) {
            0 => status,
            failed if status == 0 => failed,
            _ => status,
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
            runtime::exceptions::display::register_source(cx, "<string>", &command.to_string_lossy());
            let source = cx.heap.bytes(&with_newline(command.as_bytes())).or_raise(cx)?.value();
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
            let source = cx.heap.bytes(&without_first_line(&text, skip_first_line)).or_raise(cx)?.value();
            execute(cx, source, "<stdin>", globals)
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

fn run_file(cx: &mut Cx, path: &OsStr, globals: Gc<Dict>, skip_first_line: bool, safe_path: bool) -> PyResult<i32> {
    let file = Path::new(path);
    if file.is_dir() || is_archive(file) {
        put_first(cx, path)?;
        let name = cx.names().__main__.value();
        return run_module(cx, name, Value::FALSE);
    }
    let text = match std::fs::read(file) {
        Ok(text) => text,
        Err(error) => {
            let shown = std::path::absolute(file).unwrap_or_else(|_| PathBuf::from(path));
            let number = error.raw_os_error().unwrap_or(5);
            let what = error.to_string();
            let what = what.split(" (os error").next().unwrap_or_default();
            eprintln!("coachwhip: can't open file '{}': [Errno {number}] {what}", shown.display());
            return Ok(2);
        }
    };
    if !safe_path {
        let real = std::fs::canonicalize(file).unwrap_or_else(|_| PathBuf::from(path));
        let folder = real.parent().map(Path::to_path_buf).unwrap_or_default();
        put_first(cx, folder.as_os_str())?;
    }
    let absolute = std::path::absolute(file).unwrap_or_else(|_| PathBuf::from(path));
    let path = absolute.as_os_str();
    let shown = stdlib_text(cx, path)?;
    let names = cx.names();
    for (name, value) in [(names.__file__, shown), (names.__cached__, Value::NONE)] {
        globals.set_str(&mut cx.heap, name, value).or_raise(cx)?;
    }
    install_file_loader(cx, globals, shown)?;
    let source = cx.heap.bytes(&without_first_line(&text, skip_first_line)).or_raise(cx)?.value();
    execute(cx, source, &path.to_string_lossy(), globals)
}

/// `__loader__` of a script, so that tools find its source.
fn install_file_loader(cx: &mut Cx, globals: Gc<Dict>, path: Value) -> PyResult<()> {
    let name = cx.heap.intern("_frozen_importlib_external");
    let Some(external) = runtime::import::get_module(cx, name)? else { return Ok(()) };
    let class = cx.heap.intern("SourceFileLoader");
    let class = get_attr(cx, external, class)?;
    let main = cx.names().__main__.value();
    let loader = call(cx, class, &[main, path])?;
    let name = cx.names().__loader__;
    globals.set_str(&mut cx.heap, name, loader).or_raise(cx)
}

/// Whether a file begins as a ZIP archive may end up being one: `runpy` runs its `__main__`.
fn is_archive(path: &Path) -> bool {
    let mut start = [0; 4];
    let read = std::fs::File::open(path).and_then(|mut f| std::io::Read::read(&mut f, &mut start));
    matches!(read, Ok(4)) && start == *b"PK\x03\x04"
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
