//! Parsing: the way into this crate.

use ruff_python_ast::PythonVersion;
use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_parser::{Mode as RuffMode, ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged, TextRange};

use crate::ast::Mod;
use crate::diagnose::diagnose;
use crate::lower::Lowerer;
use crate::{EndOptions, ErrorKind, Interner, LineIndex, SyntaxError, SyntaxWarning, normalize_newlines};

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

/// Stack for the slow parser, whose depth is limited.
const DIAGNOSIS_STACK: usize = 64 << 20;

/// Parses a source. Errors are located, with CPython's message.
pub fn parse(source: &str, mode: Mode, end: EndOptions) -> Result<Parsed, Box<SyntaxError>> {
    let source = normalize_newlines(source);
    let source = source.strip_prefix('\u{FEFF}').unwrap_or(&source);
    let lines = LineIndex::new(source);
    if source.contains('\0') {
        let message = "source code string cannot contain null bytes";
        return Err(Box::new(SyntaxError::at(crate::ast::Location::NONE, message)));
    }
    // What an interactive source is depends on its end, which the fast parser does not look at closely.
    if mode == Mode::Single
        && let Some(error) = with_stack(DIAGNOSIS_STACK, || diagnose(source, mode, end))
    {
        return Err(Box::new(error));
    }
    // A tree is at most as deep as its source is long.
    let needed = (source.len() * STACK_PER_BYTE).clamp(256 * 1024, MAX_STACK);
    let result = with_stack(needed, || fast_parse(source, &lines, mode));
    let (module, names, warnings) = result.map_err(|error| {
        let found = match error.kind {
            ErrorKind::SyntaxError => with_stack(DIAGNOSIS_STACK, || diagnose(source, mode, end)),
            _ => None,
        };
        Box::new(found.unwrap_or_else(|| error.locate(source, &lines)))
    })?;
    Ok(Parsed { module, names, warnings, source: source.to_owned(), lines })
}

fn with_stack<T>(needed: usize, run: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(needed, needed, run)
}

type Tree = (Mod, Interner, Vec<SyntaxWarning>);

fn fast_parse(source: &str, lines: &LineIndex, mode: Mode) -> Result<Tree, SyntaxError> {
    let ruff_mode = if mode == Mode::Eval { RuffMode::Expression } else { RuffMode::Module };
    let options = ParseOptions::from(ruff_mode).with_target_version(PythonVersion::PY314);
    let parsed = parse_unchecked(source, options);
    let mut lowerer = Lowerer::new(source, lines);
    let failure = match (parsed.errors().first(), parsed.unsupported_syntax_errors().first()) {
        (Some(error), _) => Some(error.location),
        (None, Some(error)) => Some(error.range),
        (None, None) => too_nested(parsed.tokens()),
    };
    if let Some(range) = failure {
        return Err(SyntaxError::at(lowerer.loc(range), "invalid syntax"));
    }
    let module = lowerer.module(parsed.syntax()).map_err(|error| *error)?;
    let module = match (mode, module) {
        (Mode::Single, Mod::Module(body)) => Mod::Interactive(body),
        (_, module) => module,
    };
    Ok((module, lowerer.names, lowerer.warnings))
}

/// CPython's limits on nesting, most of which the fast parser does not have.
fn too_nested(tokens: &Tokens) -> Option<TextRange> {
    let (mut brackets, mut blocks, mut strings) = (0u32, 0u32, 0u32);
    for token in tokens {
        match token.kind() {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => brackets += 1,
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => brackets = brackets.saturating_sub(1),
            TokenKind::Indent => blocks += 1,
            TokenKind::Dedent => blocks = blocks.saturating_sub(1),
            TokenKind::FStringStart | TokenKind::TStringStart => strings += 1,
            TokenKind::FStringEnd | TokenKind::TStringEnd => strings = strings.saturating_sub(1),
            _ => continue,
        }
        if brackets > 200 || blocks >= 100 || strings >= 150 {
            return Some(token.range());
        }
    }
    None
}
