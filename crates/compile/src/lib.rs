//! Python source or syntax tree to code objects.
//!
//! In order: the tree is adapted to the settings (`preprocess`), names are resolved (`symtable`), instructions are generated
//! (`codegen`), optimised and laid out (`flowgraph`). The result is CPython 3.14's, byte for byte. Nothing is executed and
//! nothing but the source is looked at.
#![forbid(unsafe_code)]

mod codegen;
mod consts;
mod docstring;
mod flowgraph;
mod fold;
mod future;
mod op;
mod preprocess;
mod sequence;
mod symtable;
mod unit;
mod unparse;

use std::sync::Arc;

use bytecode::{CodeFlags, CodeObject, Wtf8Buf};
use syntax::ast::Mod;
use syntax::{Interner, LineIndex};

pub use symtable::{Block, BlockId, BlockKind, SymbolTable};
pub use syntax::{DecodeError, EndOptions, ErrorKind, Mode, SyntaxError, SyntaxWarning, decode};

/// Settings of a compilation: arguments of Python's `compile`.
#[derive(Clone, Copy, Default, Debug)]
pub struct Options {
    /// 0, 1 (`-O`: no asserts) or 2 (`-OO`: no docstrings either).
    pub optimize: u8,
    /// `__future__` features in force before the source's own.
    pub future: CodeFlags,
    /// `PyCF_ALLOW_TOP_LEVEL_AWAIT`
    pub top_level_await: bool,
    /// What the end of the source means.
    pub end: EndOptions,
}

/// A compiled source with what there is to warn about.
#[derive(Debug)]
pub struct Compiled {
    pub code: CodeObject,
    pub warnings: Vec<SyntaxWarning>,
}

/// Compiles source text.
pub fn compile(source: &str, filename: &str, mode: Mode, options: Options) -> Result<Compiled, Box<SyntaxError>> {
    let parsed = syntax::parse(source, mode, options.end)?;
    let located = Some((&parsed.source[..], &parsed.lines));
    let mut compiled = compile_module(parsed.module, parsed.names, located, filename.into(), options)?;
    compiled.warnings.splice(0..0, parsed.warnings);
    Ok(compiled)
}

/// Compiles a syntax tree. `source` is what its positions refer to, if that is known; errors then show the line.
pub fn compile_tree(
    module: Mod,
    names: Interner,
    source: Option<&str>,
    filename: Wtf8Buf,
    options: Options,
) -> Result<Compiled, Box<SyntaxError>> {
    let lines = source.map(LineIndex::new);
    compile_module(module, names, source.zip(lines.as_ref()), filename, options)
}

/// Adapts a tree to the settings without compiling it: what `compile(…, PyCF_OPTIMIZED_AST)` gives back.
pub fn optimize_tree(
    module: &mut Mod,
    names: &mut Interner,
    options: Options,
) -> Result<Vec<SyntaxWarning>, Box<SyntaxError>> {
    let features = options.future | future::find(module, names)?.features;
    let future_annotations = features.has(CodeFlags::FUTURE_ANNOTATIONS);
    let settings = preprocess::Preprocess { optimize: options.optimize, future_annotations };
    Ok(preprocess::run(module, settings, names))
}

/// The names of every block of a source, as the module `symtable` shows them.
pub fn symbols(
    source: &str,
    mode: Mode,
    end: EndOptions,
    inherited: CodeFlags,
) -> Result<(SymbolTable, Interner), Box<SyntaxError>> {
    let syntax::Parsed { module, mut names, source, lines, .. } = syntax::parse(source, mode, end)?;
    let mut run = || {
        let future = future::find(&module, &names)?;
        let future_annotations = (inherited | future.features).has(CodeFlags::FUTURE_ANNOTATIONS);
        let settings = symtable::Settings { future_annotations, top_level_await: false, future_loc: future.loc };
        symtable::build(&module, settings, &mut names)
    };
    match run() {
        Ok(table) => Ok((table, names)),
        Err(error) => Err(Box::new(error.with_text(&source, &lines))),
    }
}

fn compile_module(
    mut module: Mod,
    mut names: Interner,
    source: Option<(&str, &LineIndex)>,
    filename: Wtf8Buf,
    options: Options,
) -> Result<Compiled, Box<SyntaxError>> {
    let mut run = || {
        let future = future::find(&module, &names)?;
        let features = options.future | future.features;
        let future_annotations = features.has(CodeFlags::FUTURE_ANNOTATIONS);
        let settings = preprocess::Preprocess { optimize: options.optimize, future_annotations };
        let mut warnings = preprocess::run(&mut module, settings, &mut names);
        let settings =
            symtable::Settings { future_annotations, top_level_await: options.top_level_await, future_loc: future.loc };
        let table = symtable::build(&module, settings, &mut names)?;
        let context = codegen::Context {
            filename: Arc::new(filename.clone()),
            optimize: options.optimize,
            future_annotations,
            inherited_flags: features,
        };
        let (code, generated) = codegen::compile(&module, std::mem::take(&mut names), table, context)?;
        warnings.extend(generated);
        Ok(Compiled { code, warnings })
    };
    // Errors of the compiler, unlike the parser's, show a line only if it is one of a file.
    let is_file = !(filename.as_bytes().starts_with(b"<") && filename.as_bytes().ends_with(b">"));
    run().map_err(|error: Box<SyntaxError>| match source {
        Some((text, lines)) if is_file => Box::new(error.with_text(text, lines)),
        _ => error,
    })
}

/// Stack that has to be left for a recursive step, and how much is added if it is not.
const RED_ZONE: usize = 128 * 1024;
const STACK_CHUNK: usize = 2 * 1024 * 1024;

/// Runs a step of a recursion over the tree with enough stack. The tree's depth is limited when it is made.
fn with_stack<T>(step: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(RED_ZONE, STACK_CHUNK, step)
}
