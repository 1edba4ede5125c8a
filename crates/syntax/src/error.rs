//! Syntax errors and warnings, as Python shows them.

use crate::ast::Location;

/// Which exception it becomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    SyntaxError,
    IndentationError,
    TabError,
    /// The source ends where more could follow: what `codeop` asks for.
    IncompleteInput,
    /// Nested too deeply to be compiled.
    RecursionError,
    /// Not about syntax: null bytes are a `SyntaxError`, a number too long for `int()` a `ValueError`, ...
    ValueError,
    OverflowError,
    MemoryError,
}

/// An error with what Python's `SyntaxError` carries. Columns are 1-based and, unlike those of [`Location`], mostly
/// count characters; 0 and less mean unknown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    pub kind: ErrorKind,
    pub message: String,
    pub lineno: u32,
    pub offset: i32,
    pub end_lineno: u32,
    pub end_offset: i32,
    /// The line that the error is in, with its newline.
    pub text: Option<String>,
    /// Where the last block that was read to its end begins (line and column), functions aside; zeros when there is none.
    pub last_block: (u32, i32),
}

impl SyntaxError {
    /// An error at a location whose columns are still bytes; [`SyntaxError::locate`] converts them.
    pub fn at(loc: Location, message: impl Into<String>) -> Self {
        Self::of_kind(ErrorKind::SyntaxError, loc, message)
    }

    /// An error of some kind at a location, likewise.
    pub fn of_kind(kind: ErrorKind, loc: Location, message: impl Into<String>) -> Self {
        let unsigned = |n: i32| u32::try_from(n).unwrap_or(0);
        SyntaxError {
            kind,
            message: message.into(),
            lineno: unsigned(loc.line),
            offset: loc.column + 1,
            end_lineno: unsigned(loc.end_line),
            end_offset: loc.end_column + 1,
            text: None,
            last_block: (0, 0),
        }
    }

    /// An error about a source as a whole, which cannot be read as text.
    pub fn undecodable(message: impl Into<String>) -> Self {
        SyntaxError { offset: -1, ..Self::at(Location::NONE, message) }
    }

    /// Fills in the text of the line, and leaves columns counting bytes, as the compiler's do.
    pub fn with_text(mut self, source: &str, lines: &crate::LineIndex) -> Self {
        if self.lineno != 0 && self.lineno <= lines.n_lines() {
            self.text = Some(lines.line_text(source, self.lineno).to_owned());
        }
        self
    }

    /// Fills in the text of the line and turns byte columns into character columns.
    pub fn locate(mut self, source: &str, lines: &crate::LineIndex) -> Self {
        if self.lineno == 0 || self.lineno > lines.n_lines() {
            return self;
        }
        let characters = |line: u32, offset: i32| match usize::try_from(offset - 1) {
            Err(_) => offset,
            Ok(bytes) => {
                let text = lines.line_text(source, line);
                let within = text.char_indices().take_while(|&(i, _)| i < bytes).count();
                (within + bytes.saturating_sub(text.len()) + 1) as i32
            }
        };
        self.offset = characters(self.lineno, self.offset);
        self.end_offset = characters(self.end_lineno, self.end_offset);
        self.text = Some(lines.line_text(source, self.lineno).to_owned());
        self
    }
}

impl std::fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}: {} (line {}, column {})", self.kind, self.message, self.lineno, self.offset)
    }
}

impl std::error::Error for SyntaxError {}

/// A `SyntaxWarning`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxWarning {
    pub message: String,
    pub loc: Location,
}
