//! What crates above this one install: the compiler.
//!
//! The runtime knows neither syntax nor compiler. The `vm` crate calls [`install_compiler`] at start-up; the functions of
//! `builtins` and the import system call [`compile_source`].

use object::{Code, Cx, Gc, PyResult, Value};
use std::cell::Cell;

/// What to compile source text as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompileMode {
    /// A module.
    Exec,
    /// One expression.
    Eval,
    /// One statement of an interactive session, whose value is shown.
    Single,
    /// A function's type, as in a type comment.
    FunctionType,
}

/// A request to compile.
#[derive(Clone, Copy)]
pub struct CompileRequest {
    /// A `str` (exact), a `bytes` object, or an `ast` node.
    pub source: Value,
    /// A `str`.
    pub filename: Value,
    pub mode: CompileMode,
    /// `PyCF_*` and `CO_FUTURE_*` bits.
    pub flags: u32,
    /// -1 = as the interpreter was started.
    pub optimize: i32,
    /// For trees: what came after Python 3 with this minor version is an error; -1 = nothing is.
    pub feature_version: i32,
}

/// Bits of [`CompileRequest::flags`], numbered as in CPython.
pub mod compile_flags {
    /// The future features that a compilation may inherit.
    pub const FUTURE_MASK: u32 = 0x1FE_0000;
    pub const SOURCE_IS_UTF8: u32 = 0x100;
    pub const DONT_IMPLY_DEDENT: u32 = 0x200;
    /// Give back the tree, not a code object.
    pub const ONLY_AST: u32 = 0x400;
    pub const IGNORE_COOKIE: u32 = 0x800;
    pub const TYPE_COMMENTS: u32 = 0x1000;
    pub const ALLOW_TOP_LEVEL_AWAIT: u32 = 0x2000;
    pub const ALLOW_INCOMPLETE_INPUT: u32 = 0x4000;
    pub const OPTIMIZED_AST: u32 = 0x8000 | ONLY_AST;
    /// Not CPython's: the source is what the file of that name holds, so that an error need not keep it.
    pub const SOURCE_IS_FILE: u32 = 1 << 31;
    /// All that `compile()` accepts.
    pub const COMPILE_MASK: u32 =
        ONLY_AST | ALLOW_TOP_LEVEL_AWAIT | TYPE_COMMENTS | DONT_IMPLY_DEDENT | ALLOW_INCOMPLETE_INPUT | OPTIMIZED_AST;
}

/// Compiles; the result is a code object, or a tree when [`compile_flags::ONLY_AST`] asks for one.
pub type Compiler = fn(&mut Cx, CompileRequest) -> PyResult;

#[derive(Default)]
struct Hooks {
    compiler: Cell<Option<Compiler>>,
}

/// Make `compiler` the one of this VM.
pub fn install_compiler(cx: &Cx, compiler: Compiler) {
    cx.vm().extension(Hooks::default).compiler.set(Some(compiler));
}

/// Compile, giving what `compile()` gives.
pub fn compile(cx: &mut Cx, request: CompileRequest) -> PyResult {
    let compiler =
        cx.vm().extension(Hooks::default).compiler.get().expect("the vm crate installs a compiler at start-up");
    compiler(cx, request)
}

/// Compile source text to a code object.
pub fn compile_source(cx: &mut Cx, request: CompileRequest) -> PyResult<Gc<Code>> {
    Ok(compile(cx, request)?.cast::<Code>().expect("no tree was asked for"))
}

/// `origin[arguments]` as a generic alias.
pub fn generic_alias(cx: &mut Cx, origin: Value, arguments: Value) -> PyResult {
    crate::types::generic_alias::class_getitem(cx, origin, arguments)
}
