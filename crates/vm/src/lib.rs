//! Python as a library: one [`Vm`] is one interpreter with its own heap, modules and threads.
//!
//! Wires the compiler, the interpreter, the runtime and the native modules together. Several VMs may live in one process.
//!
//! ```
//! use vm::{Settings, Vm};
//!
//! let mut vm = Vm::new(Settings::default()).expect("memory for an interpreter");
//! vm.run("def double(x): return 2 * x").expect("a function");
//! let answer: i64 = vm.eval("double(21)").expect("an int");
//! assert_eq!(answer, 42);
//! assert!(vm.run("1 / 0").unwrap_err().to_string().starts_with("ZeroDivisionError"));
//! ```
#![forbid(unsafe_code)]

mod compiler;
mod error;
mod interactive;
mod main_program;
mod report;
mod symtable;

pub use error::PythonError;
pub use interactive::Interaction;
pub use main_program::Main;
pub use object::system::block_all_signals;
pub use object::{CountingAllocator, Cx, Value};
pub use runtime::native::{FromValue, IntoValue};

use object::{Dict, Gc, ModuleSpec, OutOfMemory, PyResult, VmHandle};
use runtime::hooks::{self, CompileMode, CompileRequest};
use runtime::native::Place;
use runtime::prelude::*;

/// How an interpreter is set up.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What Python sees of the command line and the environment.
    pub python: stdlib::start::Config,
    /// Sizes and checking modes of the heap.
    pub heap: object::Config,
    /// Print the heap's and the specialiser's statistics when the program has ended.
    pub print_statistics: bool,
    /// Print the bytecode of what ran, specialised, when the program has ended.
    pub print_bytecode: bool,
}

/// How conversions of results call what they convert.
const RESULT: Place = Place { function: "eval", name: "expression", position: 0, positional_only: true };

/// Fix the seed of the hashes of text, one per process, before the first VM is made.
pub fn set_hash_seed(seed: u32) {
    object::hash::set_seed(seed);
}

/// An interpreter.
pub struct Vm {
    // Contexts go before the state that they share.
    cx: Box<Cx>,
    _handle: VmHandle,
    globals: RootVec,
    print_statistics: bool,
    print_bytecode: bool,
}

/// Why a VM could not be made.
#[derive(Debug)]
pub enum StartError {
    OutOfMemory(OutOfMemory),
    /// Start-up code raised; the text is what Python would print.
    Python(PythonError),
}

impl From<OutOfMemory> for StartError {
    fn from(error: OutOfMemory) -> Self {
        StartError::OutOfMemory(error)
    }
}

impl std::fmt::Display for StartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            StartError::OutOfMemory(error) => error.fmt(f),
            StartError::Python(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for StartError {}

impl Vm {
    /// An interpreter with the built-in types, `builtins`, `sys`, the import system and an empty `__main__`.
    pub fn new(settings: Settings) -> Result<Vm, StartError> {
        let Settings { python, heap, print_statistics, print_bytecode } = settings;
        let (handle, mut cx) = VmHandle::new(heap)?;
        interp::install(&cx);
        let globals = cx.vm().root_vec();
        match start(&mut cx, &python) {
            Ok(dict) => {
                globals.push(dict);
                Ok(Vm { cx, _handle: handle, globals, print_statistics, print_bytecode })
            }
            Err(raised) => Err(StartError::Python(PythonError::take(&mut cx, raised))),
        }
    }

    /// The context, for calls into the runtime.
    pub fn cx(&mut self) -> &mut Cx {
        &mut self.cx
    }

    /// The namespace of `__main__`.
    pub fn globals(&self) -> Gc<Dict> {
        self.globals.get(0).cast().expect("made at start-up")
    }

    /// Run statements in `__main__`.
    pub fn run(&mut self, source: &str) -> Result<(), PythonError> {
        self.execute(source, "<string>", CompileMode::Exec).map(|_| ())
    }

    /// The value of an expression, as a Rust type.
    pub fn eval<T: FromValue>(&mut self, expression: &str) -> Result<T, PythonError> {
        let value = self.execute(expression, "<string>", CompileMode::Eval)?;
        let converted = T::from_value(&mut self.cx, value, &RESULT);
        converted.map_err(|raised| PythonError::take(&mut self.cx, raised))
    }

    /// Set a global variable of `__main__`.
    pub fn set_global(&mut self, name: &str, value: impl IntoValue) -> Result<(), PythonError> {
        let globals = self.globals();
        let name = self.cx.heap.intern(name);
        let stored = match value.into_value(&mut self.cx) {
            Ok(value) => globals.set_str(&mut self.cx.heap, name, value).or_raise(&mut self.cx),
            Err(raised) => Err(raised),
        };
        stored.map_err(|raised| PythonError::take(&mut self.cx, raised))
    }

    /// Make a native module importable.
    pub fn add_module(&mut self, module: &'static ModuleSpec) {
        runtime::import::register_modules(&self.cx, &[module]);
    }

    fn execute(&mut self, source: &str, filename: &str, mode: CompileMode) -> Result<Value, PythonError> {
        let globals = self.globals();
        let cx = &mut *self.cx;
        let filename = cx.heap.str(filename);
        let result = Str::from_utf8(&mut cx.heap, source)
            .or_raise(cx)
            .and_then(|source| execute(cx, source.value(), filename, mode, globals));
        result.map_err(|raised| PythonError::take(cx, raised))
    }
}

/// Everything up to the point where a program can run; the namespace of `__main__`.
fn start(cx: &mut Cx, settings: &stdlib::start::Config) -> PyResult<Gc<Dict>> {
    runtime::types::fill_types(cx)?;
    cx.vm().extension(compiler::DefaultOptimize::default).0.set(settings.optimize.clamp(0, 2) as u8);
    hooks::install_compiler(cx, compiler::compile_hook);
    let modules = Dict::new(&mut cx.heap);
    cx.vm().modules.set(modules.value());
    let builtins = runtime::native::module_from_spec(cx, &runtime::functions::module::SPEC)?;
    cx.vm().builtins.set(builtins.dict.get());
    runtime::import::register_modules(cx, &[&symtable::module::SPEC]);
    stdlib::start::start(cx, settings, builtins)?;
    let dict = Dict::new_cells(&mut cx.heap);
    let names = cx.names();
    let module = cx.heap.module(cx.heap.shapes().module, dict);
    for (name, value) in [
        (names.__name__, names.__main__.value()),
        (names.__doc__, Value::NONE),
        (names.__package__, Value::NONE),
        (names.__loader__, Value::NONE),
        (names.__spec__, Value::NONE),
        (names.__builtins__, builtins.value()),
    ] {
        dict.set_str(&mut cx.heap, name, value).or_raise(cx)?;
    }
    // `sys` may have put another dict in the place of the first.
    if let Some(modules) = cx.vm().modules.get().cast::<Dict>() {
        modules.set_str(&mut cx.heap, names.__main__, module.value()).or_raise(cx)?;
    }
    Ok(dict)
}

/// Compile and run in `globals`.
fn execute(cx: &mut Cx, source: Value, filename: Value, mode: CompileMode, globals: Gc<Dict>) -> PyResult {
    let request = CompileRequest { source, filename, mode, flags: 0, optimize: -1, feature_version: -1 };
    let code = hooks::compile_source(cx, request)?;
    runtime::run::run_code(cx, code, globals, globals.value(), None)
}
