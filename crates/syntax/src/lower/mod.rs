//! The parser's tree to the tree of `ast`.
//!
//! Called by `parse` once the parser has found no error. Computes CPython's positions where they differ from the
//! parser's, decodes literals, and rejects what is nested too deeply for recursive passes.

mod expr;
mod number;
mod pattern;
mod stmt;
mod strings;

use ruff_python_ast as ruff;
use ruff_text_size::{Ranged, TextRange};

use crate::ast::{Location, Mod};
use crate::{ErrorKind, Interner, LineIndex, Name, SyntaxError, SyntaxWarning};

/// Nesting of expressions and statements beyond this is a `RecursionError`. CPython's limit depends on the size of the C stack; later passes grow theirs.
const MAX_DEPTH: u32 = 6_000;

/// Stack that has to be left on entry to a recursive function, and how much is added if it is not.
const RED_ZONE: usize = 128 * 1024;
const STACK_CHUNK: usize = 2 * 1024 * 1024;

/// Errors are rare and big.
type Lowered<T> = Result<T, Box<SyntaxError>>;

/// State of a lowering.
pub(crate) struct Lowerer<'s> {
    pub(crate) source: &'s str,
    pub(crate) lines: &'s LineIndex,
    pub(crate) names: Interner,
    pub(crate) warnings: Vec<SyntaxWarning>,
    depth: u32,
}

impl<'s> Lowerer<'s> {
    pub(crate) fn new(source: &'s str, lines: &'s LineIndex) -> Self {
        Lowerer { source, lines, names: Interner::new(), warnings: Vec::new(), depth: 0 }
    }

    /// Lowers a module as it is; `parse` decides whether it is one or an interactive statement.
    pub(crate) fn module(&mut self, module: &ruff::Mod) -> Lowered<Mod> {
        match module {
            ruff::Mod::Module(module) => Ok(Mod::Module(self.body(&module.body)?)),
            ruff::Mod::Expression(expression) => Ok(Mod::Expression(Box::new(self.expr(&expression.body)?))),
        }
    }

    pub(crate) fn loc(&self, range: TextRange) -> Location {
        let (line, column) = self.lines.line_column(range.start().into());
        let (end_line, end_column) = self.lines.line_column(range.end().into());
        Location { line: line as i32, end_line: end_line as i32, column: column as i32, end_column: end_column as i32 }
    }

    fn loc_of(&self, node: &impl Ranged) -> Location {
        self.loc(node.range())
    }

    fn name(&mut self, identifier: &ruff::Identifier) -> Name {
        self.names.intern(identifier.id.as_str())
    }

    fn text(&self, range: TextRange) -> &'s str {
        &self.source[usize::from(range.start())..usize::from(range.end())]
    }

    /// Runs a recursive step with enough stack, or refuses.
    fn deeper<T>(&mut self, range: TextRange, step: impl FnOnce(&mut Self) -> Lowered<T>) -> Lowered<T> {
        if self.depth == MAX_DEPTH {
            let message = "maximum recursion depth exceeded during compilation";
            return Err(Box::new(SyntaxError::of_kind(ErrorKind::RecursionError, self.loc(range), message)));
        }
        self.depth += 1;
        let result = stacker::maybe_grow(RED_ZONE, STACK_CHUNK, || step(self));
        self.depth -= 1;
        result
    }
}
