//! What CPython would say about a source that does not parse.
//!
//! The fast parser finds out that a source is wrong; its opinion on where and why is not CPython's. So a wrong source
//! is parsed a second time, slowly, with CPython's own tokenizer states, grammar and order of trying things: first
//! as it is, to find how far one can read, then with rules that recognise common mistakes.

mod actions;
mod grammar;
mod lexer;
mod literals;
mod nodes;
mod parser;
mod tokens;

use crate::{ErrorKind, Mode, SyntaxError};
use lexer::Done;
use parser::Parser;
use tokens::Kind;

/// How the end of the source is understood.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Options {
    /// A source that could go on is `ErrorKind::IncompleteInput`: `PyCF_ALLOW_INCOMPLETE_INPUT`.
    pub allow_incomplete: bool,
    /// The end of interactive input does not end blocks: `PyCF_DONT_IMPLY_DEDENT`.
    pub keep_blocks_open: bool,
}

/// The error in a source, if it has one that the grammar knows of.
pub fn diagnose(source: &str, mode: Mode, options: Options) -> Option<SyntaxError> {
    let with_newline;
    let source = if mode == Mode::Exec && !source.is_empty() && !source.ends_with('\n') {
        with_newline = format!("{source}\n");
        &with_newline
    } else {
        source
    };
    let mut parser = Parser::new(source, mode, options);
    let error = find_error(&mut parser, options)?;
    Some(SyntaxError { last_block: parser.last_block, ..error })
}

fn find_error(parser: &mut Parser, options: Options) -> Option<SyntaxError> {
    if parser.run() {
        if parser.has_more_statements() {
            let message = "multiple statements found while compiling a single statement";
            parser.raise_at_last(ErrorKind::SyntaxError, message);
        }
        return parser.error.take();
    }
    if options.allow_incomplete && parser.is_at_end() {
        parser.error = None;
        parser.raise_at_last(ErrorKind::IncompleteInput, "incomplete input");
        return parser.error.take();
    }
    let last = parser.tokens.len().saturating_sub(1);
    if parser.error.as_ref().is_some_and(|error| error.kind == ErrorKind::MemoryError) {
        return parser.error.take();
    }
    parser.start_second_pass();
    parser.run();
    if parser.error.is_some() {
        if parser.lexer.done == Done::No && parser.error.as_ref().is_some_and(is_syntax_error) {
            check_rest(parser);
        }
        return parser.error.take();
    }
    if let Some(message) = parser.indentation_at(last) {
        parser.raise_at_last(ErrorKind::IndentationError, message);
        return parser.error.take();
    }
    let (start, end) = parser.tokens.get(last).map(|token| (token.start, token.end))?;
    parser.raise(ErrorKind::SyntaxError, start, end, "invalid syntax".to_owned());
    check_rest(parser);
    parser.error.take()
}

fn is_syntax_error(error: &SyntaxError) -> bool {
    matches!(error.kind, ErrorKind::SyntaxError | ErrorKind::IndentationError | ErrorKind::TabError)
}

/// An error in the tokens that follow, such as a bracket that does not match, is more to the point.
fn check_rest(parser: &mut Parser) {
    let Some(error_line) = parser.tokens.last().map(|token| token.start.line) else { return };
    loop {
        match parser.lexer.next().kind {
            Kind::END_MARKER => return,
            Kind::ERROR => break,
            _ => {}
        }
    }
    if let Some(error) = parser.lexer.error.take() {
        // Within an f-string, what is wrong with the expression says more.
        if !parser.lexer.is_in_string() {
            parser.error = Some(error);
        }
    } else if parser.lexer.brackets.last().is_some_and(|bracket| error_line > bracket.line) {
        parser.error = None;
        parser.raise_unclosed();
    }
}
