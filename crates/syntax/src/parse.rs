//! Parsing: the way into this crate.

use ruff_python_ast::PythonVersion;
use ruff_python_parser::{Mode as RuffMode, ParseOptions, parse_unchecked};

use crate::ast::Mod;
use crate::lower::Lowerer;
use crate::{ErrorKind, Interner, LineIndex, SyntaxError, SyntaxWarning, normalize_newlines};

/// What a source is: the second argument of Python's `compile`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    Exec,
    Eval,
    Single,
}

/// A syntax tree with what belongs to it.
#[derive(Clone, Debug)]
pub struct Parsed {
    pub module: Mod,
    pub names: Interner,
    pub warnings: Vec<SyntaxWarning>,
    /// The source as parsed, newlines normalised: positions refer to it.
    pub source: String,
    pub lines: LineIndex,
}

/// Stack that the parser's own recursion, and dropping its tree, may need for each byte of source.
const STACK_PER_BYTE: usize = 256;
const MAX_STACK: usize = 1 << 30;

/// Parses a source. Errors are located, with CPython's message.
pub fn parse(source: &str, mode: Mode) -> Result<Parsed, Box<SyntaxError>> {
    let source = normalize_newlines(source);
    let source = source.strip_prefix('\u{FEFF}').unwrap_or(&source);
    let lines = LineIndex::new(source);
    if let Some(at) = source.find('\0') {
        let (line, _) = lines.line_column(at as u32);
        let mut error = SyntaxError::at(crate::ast::Location::NONE, "source code string cannot contain null bytes");
        error.lineno = line;
        return Err(Box::new(error));
    }
    // A tree is at most as deep as its source is long.
    let needed = (source.len() * STACK_PER_BYTE).clamp(256 * 1024, MAX_STACK);
    let result = stacker::maybe_grow(needed, needed, || parse_with(source, &lines, mode));
    let (module, names, warnings) = result.map_err(|error| Box::new(error.locate(source, &lines)))?;
    Ok(Parsed { module, names, warnings, source: source.to_owned(), lines })
}

type Tree = (Mod, Interner, Vec<SyntaxWarning>);

fn parse_with(source: &str, lines: &LineIndex, mode: Mode) -> Result<Tree, SyntaxError> {
    let ruff_mode = if mode == Mode::Eval { RuffMode::Expression } else { RuffMode::Module };
    let text = if mode == Mode::Eval { source.trim_start_matches([' ', '\t', '\x0C']) } else { source };
    let options = ParseOptions::from(ruff_mode).with_target_version(PythonVersion::PY314);
    // Leading blanks of an expression are not an indentation: parse from after them, at the same offsets.
    let padded;
    let text = if text.len() == source.len() {
        source
    } else {
        padded = format!("{}{text}", " ".repeat(source.len() - text.len()));
        &padded
    };
    let parsed = parse_unchecked(text, options);
    if let Some(error) = parsed.errors().first() {
        return Err(SyntaxError::of_kind(
            ErrorKind::SyntaxError,
            Lowerer::new(source, lines).loc(error.location),
            error.error.to_string(),
        ));
    }
    if let Some(error) = parsed.unsupported_syntax_errors().first() {
        let loc = Lowerer::new(source, lines).loc(error.range);
        return Err(SyntaxError::at(loc, "invalid syntax"));
    }
    let mut lowerer = Lowerer::new(source, lines);
    let module = lowerer.module(parsed.syntax()).map_err(|error| *error)?;
    let module = match (mode, module) {
        (Mode::Single, Mod::Module(body)) => Mod::Interactive(body),
        (_, module) => module,
    };
    Ok((module, lowerer.names, lowerer.warnings))
}
