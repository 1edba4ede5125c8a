//! The `coachwhip` binary: reads the command line and hands over to the VM.
#![forbid(unsafe_code)]

mod options;
mod prompt;
mod settings;

use options::{Main, Options, Request};
use std::ffi::OsString;
use std::io::IsTerminal;
use std::process::ExitCode;
use vm::Vm;

/// Native stack of the main thread: deep recursion in Python code that goes through native code needs it. Only what is
/// used takes memory. Nesting of 150,000 levels must not fit: CPython's tests expect a RecursionError there.
const STACK: usize = 32 << 20;

/// What Python objects own outside the heap counts towards the next collection.
#[global_allocator]
static ALLOCATOR: vm::CountingAllocator = vm::CountingAllocator;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    match options::parse(&arguments[1..]) {
        Request::Run(options) => run_on_big_stack(*options, arguments),
        Request::Help => say(options::HELP),
        Request::HelpX => say(options::HELP_X),
        Request::HelpEnvironment => say(options::HELP_ENVIRONMENT),
        Request::Version(times) => say(&settings::version(times)),
        Request::Mistake(what) => {
            complain(&what);
            ExitCode::from(2)
        }
    }
}

fn say(text: &str) -> ExitCode {
    use std::io::Write;
    match writeln!(std::io::stdout(), "{text}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// A line on standard error; when that does not work there is nobody to tell.
pub(crate) fn complain(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn run_on_big_stack(options: Options, arguments: Vec<OsString>) -> ExitCode {
    let program = std::thread::Builder::new().name("main".into()).stack_size(STACK);
    let Ok(thread) = program.spawn(move || run(&options, arguments)) else {
        complain("coachwhip: the system gives no memory for a thread");
        return ExitCode::FAILURE;
    };
    // A system call that waits ends when a signal comes to its own thread: signals are for the program's.
    vm::block_all_signals();
    match thread.join() {
        // Only the low byte reaches the parent, as in C's exit().
        Ok(status) => ExitCode::from(status as u8),
        // The panic's message has been printed.
        Err(_) => ExitCode::from(101),
    }
}

fn run(options: &Options, arguments: Vec<OsString>) -> i32 {
    let settings = match settings::settings(options, arguments) {
        Ok(settings) => settings,
        Err(mistake) => {
            complain(&format!("coachwhip: {mistake}"));
            return 2;
        }
    };
    let inspect = settings.python.inspect;
    let mut vm = match Vm::new(settings) {
        Ok(vm) => vm,
        Err(error) => {
            complain(&format!("coachwhip: cannot start: {error}"));
            return 1;
        }
    };
    let interactive = options.main == Main::StandardInput && (options.inspect || std::io::stdin().is_terminal());
    let mut status;
    if interactive {
        status = prompt::run(&mut vm, options.quiet);
    } else {
        let main = match &options.main {
            Main::File(path) => vm::Main::File(path.clone()),
            Main::Command(text) => vm::Main::Command(text.clone()),
            Main::Module(name) => vm::Main::Module(name.clone()),
            Main::StandardInput => vm::Main::StandardInput,
        };
        status = vm.run_main(&main, options.skip_first_line, options.safe_path);
        if inspect && std::io::stdin().is_terminal() {
            status = prompt::run(&mut vm, true);
        }
    }
    vm.finish(status)
}
