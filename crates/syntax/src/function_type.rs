//! `(int, *str) -> bool`: the type of a function, as in a type comment. `compile(…, 'func_type', …)` is all that asks for it.
//!
//! The parser has no such start symbol: the expressions in it are found by their tokens, and each is parsed by itself with
//! everything around it blanked out, so that positions stay.

use ruff_python_ast::PythonVersion;
use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_parser::{Mode as RuffMode, ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::ast::{Expr, Mod};
use crate::lower::Lowerer;
use crate::{Interner, LineIndex, SyntaxError, normalize_newlines};

/// A parsed function type.
#[derive(Clone, Debug)]
pub struct FunctionType {
    pub arguments: Vec<Expr>,
    pub returns: Expr,
    pub names: Interner,
}

/// Parses a function type.
pub fn parse_function_type(source: &str) -> Result<FunctionType, Box<SyntaxError>> {
    let source = normalize_newlines(source);
    let lines = LineIndex::new(&source);
    let mut lowerer = Lowerer::new(&source, &lines);
    let invalid = |range: TextRange, lowerer: &Lowerer| {
        Box::new(SyntaxError::at(lowerer.loc(range), "invalid syntax").locate(&source, &lines))
    };
    let end = TextRange::empty(TextSize::of(&*source));
    let parts = match split(&source) {
        Ok(parts) => parts,
        Err(range) => return Err(invalid(range.unwrap_or(end), &lowerer)),
    };
    let mut expressions = Vec::with_capacity(parts.arguments.len() + 1);
    for &range in parts.arguments.iter().chain([&parts.returns]) {
        let text = alone(&source, range);
        let parsed = parse_unchecked(&text, options());
        if let Some(error) = parsed.errors().first() {
            let start = error.location.start().min(end.start());
            return Err(invalid(TextRange::new(start, error.location.end().clamp(start, end.start())), &lowerer));
        }
        match lowerer.module(parsed.syntax()).map_err(|error| Box::new(error.locate(&source, &lines)))? {
            Mod::Expression(expression) => expressions.push(*expression),
            Mod::Module(_) | Mod::Interactive(_) => return Err(invalid(range, &lowerer)),
        }
    }
    let Some(returns) = expressions.pop() else { return Err(invalid(end, &lowerer)) };
    Ok(FunctionType { arguments: expressions, returns, names: lowerer.names })
}

fn options() -> ParseOptions {
    ParseOptions::from(RuffMode::Expression).with_target_version(PythonVersion::PY314)
}

/// The source with everything blank but `range`, in parentheses: line ends and what is indented mean nothing in these.
fn alone(source: &str, range: TextRange) -> String {
    let (start, end) = (usize::from(range.start()), usize::from(range.end()));
    let mut text = String::with_capacity(source.len() + 1);
    let blank = |text: &mut String, part: &str| {
        text.extend(part.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
    };
    // The first character is one of the function type's own parenthesis, or a blank before it.
    text.push('(');
    blank(&mut text, &source[1..start]);
    text.push_str(&source[start..end]);
    text.push(')');
    text
}

/// Where the expressions are.
struct Parts {
    arguments: Vec<TextRange>,
    returns: TextRange,
}

/// What `*` and `**` there have been.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stars {
    None,
    One,
    Two,
}

/// Finds the expressions; `Err` is the token that has no place, or none at the end.
fn split(source: &str) -> Result<Parts, Option<TextRange>> {
    let parsed = parse_unchecked(source, options());
    let is_space = |kind| matches!(kind, TokenKind::NonLogicalNewline | TokenKind::Comment | TokenKind::Newline);
    let tokens: Vec<&Token> =
        parsed.tokens().iter().filter(|t| !is_space(t.kind()) && t.kind() != TokenKind::EndOfFile).collect();
    let mut rest = &tokens[..];
    expect(&mut rest, TokenKind::Lpar)?;
    let mut arguments = Vec::new();
    let mut stars = Stars::None;
    if rest.first().is_some_and(|t| t.kind() == TokenKind::Rpar) {
        rest = &rest[1..];
    } else {
        loop {
            let Some(first) = rest.first() else { return Err(None) };
            let own = match first.kind() {
                TokenKind::Star => Stars::One,
                TokenKind::DoubleStar => Stars::Two,
                _ => Stars::None,
            };
            if own < stars || (own == stars && own != Stars::None) {
                return Err(Some(first.range()));
            }
            if own != Stars::None {
                (stars, rest) = (own, &rest[1..]);
            }
            arguments.push(expression(&mut rest)?);
            let Some((next, others)) = rest.split_first() else { return Err(None) };
            rest = others;
            match next.kind() {
                TokenKind::Comma => {}
                TokenKind::Rpar => break,
                _ => return Err(Some(next.range())),
            }
        }
    }
    expect(&mut rest, TokenKind::Rarrow)?;
    let returns = expression(&mut rest)?;
    match rest.first() {
        None => Ok(Parts { arguments, returns }),
        Some(token) => Err(Some(token.range())),
    }
}

fn expect(rest: &mut &[&Token], kind: TokenKind) -> Result<(), Option<TextRange>> {
    match rest.split_first() {
        Some((token, others)) if token.kind() == kind => {
            *rest = others;
            Ok(())
        }
        Some((token, _)) => Err(Some(token.range())),
        None => Err(None),
    }
}

/// The range of the expression at the start of `rest`, which is left behind it.
fn expression(rest: &mut &[&Token]) -> Result<TextRange, Option<TextRange>> {
    let (mut depth, mut lambdas, mut n) = (0usize, 0usize, 0);
    for token in rest.iter() {
        match token.kind() {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace if depth > 0 => depth -= 1,
            TokenKind::Rpar => break,
            TokenKind::Lambda if depth == 0 => lambdas += 1,
            TokenKind::Colon if depth == 0 && lambdas > 0 => lambdas -= 1,
            TokenKind::Comma if depth == 0 && lambdas == 0 => break,
            // What only stands in parentheses of its own, or nowhere in an expression.
            TokenKind::ColonEqual | TokenKind::Yield | TokenKind::For | TokenKind::Async | TokenKind::Rarrow
                if depth == 0 =>
            {
                return Err(Some(token.range()));
            }
            _ => {}
        }
        n += 1;
    }
    let (inside, others) = rest.split_at(n);
    *rest = others;
    match (inside.first(), inside.last()) {
        (Some(first), Some(last)) if first.kind() != TokenKind::Star => Ok(TextRange::new(first.start(), last.end())),
        (Some(first), _) => Err(Some(first.range())),
        _ => Err(others.first().map(|token| token.range())),
    }
}
