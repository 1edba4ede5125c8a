//! What alternatives of the grammar do besides matching: errors, and checks that the grammar cannot express.

use super::grammar::{Argument, Check, Part, Place};
use super::nodes::{NodeId, NodeKind};
use super::parser::{ABSENT, CURRENT, Parser};
use super::tokens::{Kind, Position};
use crate::ast::Location;
use crate::strings::{Braces, decode_bytes, decode_str};
use crate::{ErrorKind, Mode, SyntaxError};

/// For which sort of targets an expression is examined.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Targets {
    Star,
    Del,
    For,
}

type Labels = [Option<&'static str>];

impl Parser<'_> {
    // Errors.

    /// An error over a range. A column of [`CURRENT`] is where the tokenizer is.
    pub(super) fn raise(&mut self, kind: ErrorKind, start: Position, end: Position, message: String) {
        let plus_one = |column: i32| if column == CURRENT { CURRENT } else { column + 1 };
        let end = Position { line: end.line, column: plus_one(end.column) };
        self.raise_known(kind, Position { line: start.line, column: start.column + 1 }, end, message);
    }

    /// An error at the last token read.
    pub fn raise_at_last(&mut self, kind: ErrorKind, message: &str) {
        let index = self.tokens.len().saturating_sub(1);
        self.raise_at_token(kind, index, message);
    }

    fn raise_at_token(&mut self, kind: ErrorKind, index: usize, message: &str) {
        let Some(&token) = self.tokens.get(index) else {
            let start = Position { line: 0, column: 0 };
            return self.raise_known(kind, start, Position { line: 0, column: -1 }, message.to_owned());
        };
        let column = if token.start.column == -1 { self.lexer.column() } else { token.start.column + 1 };
        let end = if token.end.column == -1 { -1 } else { token.end.column + 1 };
        let start = Position { line: token.start.line, column };
        self.raise_known(kind, start, Position { line: token.end.line, column: end }, message.to_owned());
    }

    /// An error whose columns already count from 1.
    fn raise_known(&mut self, kind: ErrorKind, start: Position, mut end: Position, message: String) {
        if self.stopped && self.error.is_some() {
            return;
        }
        self.stopped = true;
        if end.column == CURRENT {
            end = Position { line: self.lexer.line(), column: self.lexer.column() };
        }
        let text = self.lexer.line_for_error(start.line);
        let to_characters = |column: i32| match usize::try_from(column) {
            Err(_) => column,
            Ok(bytes) if bytes > text.len() => text.chars().count() as i32 + 1,
            Ok(bytes) => text.as_bytes()[..bytes].iter().filter(|&&b| b & 0xC0 != 0x80).count() as i32,
        };
        let mut error = SyntaxError::of_kind(kind, Location::NONE, message);
        error.lineno = start.line;
        error.offset = to_characters(start.column);
        error.end_lineno = end.line;
        error.end_offset = if end.column > 0 { to_characters(end.column) } else { end.column };
        error.text = Some(text.to_owned());
        self.error = Some(error);
    }

    pub fn raise_unclosed(&mut self) {
        if let Some(bracket) = self.lexer.brackets.last() {
            let (line, column, character) = (bracket.line, bracket.column, bracket.character as char);
            let start = Position { line, column };
            let end = Position { line, column: -1 };
            self.raise(ErrorKind::SyntaxError, start, end, format!("'{character}' was never closed"));
        }
    }

    /// The error of an alternative.
    pub(super) fn fail(&mut self, place: Place, message: &str, labels: &Labels, values: &[NodeId]) {
        let message = self.format(message, labels, values);
        match place {
            Place::LastToken => self.raise_at_last(ErrorKind::SyntaxError, &message),
            Place::LastTokenIndentation => self.raise_at_last(ErrorKind::IndentationError, &message),
            Place::NextToken => {
                if self.token().is_some() {
                    self.raise_at_token(ErrorKind::SyntaxError, self.mark, &message);
                }
            }
            Place::At(argument) => {
                let node = self.argument(argument, values);
                self.raise_for(node, node, message);
            }
            Place::Range(from, to) => {
                let (from, to) = (self.argument(from, values), self.argument(to, values));
                self.raise_for(from, to, message);
            }
            Place::StartingFrom(argument) => {
                let node = self.argument(argument, values);
                self.raise_from(node, message);
            }
        }
    }

    fn raise_for(&mut self, from: NodeId, to: NodeId, message: String) {
        let (start, end) = (self.nodes.get(from).start, self.nodes.get(to).end);
        self.raise(ErrorKind::SyntaxError, start, end, message);
    }

    fn raise_from(&mut self, node: NodeId, message: String) {
        let start = self.nodes.get(node).start;
        self.raise(ErrorKind::SyntaxError, start, Position { line: 0, column: CURRENT }, message);
    }

    fn argument(&self, (item, part): Argument, values: &[NodeId]) -> NodeId {
        let node = values[item];
        let children = self.nodes.children(node);
        let found = match part {
            Part::Whole => Some(node),
            Part::First => children.first().copied(),
            Part::Last => children.last().copied(),
            Part::Condition => children.last().and_then(|&last| self.nodes.children(last).last().copied()),
        };
        found.unwrap_or(node)
    }

    /// Fills in what stands in braces: a description (`{a}`), a text (`{a:text}`), or a line (`{a:line}`).
    fn format(&self, message: &str, labels: &Labels, values: &[NodeId]) -> String {
        let message = message.replace("\\\"", "\"");
        let Some((label, &value)) = labels.iter().zip(values).find(|(label, _)| **label == Some("a")) else {
            return message;
        };
        let node = self.nodes.get(value);
        let label = label.unwrap_or_default();
        message
            .replace(&format!("{{{label}}}"), node.kind.description())
            .replace(&format!("{{{label}:text}}"), self.text(node.text))
            .replace(&format!("{{{label}:line}}"), &node.start.line.to_string())
    }

    // Checks. What they return is the alternative's value.

    pub(super) fn check(
        &mut self,
        check: Check,
        message: &str,
        labels: &Labels,
        values: &[NodeId],
        start: usize,
    ) -> Option<NodeId> {
        let labelled = |label: &str| {
            labels.iter().zip(values).find(|(l, _)| **l == Some(label)).map_or(ABSENT, |(_, &value)| value)
        };
        let (a, b) = (labelled("a"), labelled("b"));
        match check {
            Check::Real | Check::Imaginary => {
                let is_imaginary = self.text(self.nodes.get(a).text).ends_with(['j', 'J']);
                if is_imaginary == (check == Check::Imaginary) {
                    return Some(a);
                }
                let sort = if is_imaginary { "real" } else { "imaginary" };
                self.raise_for(a, a, format!("{sort} number required in complex literal"));
                None
            }
            Check::Conversion => self.conversion(a, b),
            Check::PlainString => self.plain_string(a),
            Check::StringText => self.string_text(a, b, start),
            Check::Strings => self.strings(a, start),
            Check::GeneratorArgument => {
                let positional = self.positional(a);
                if let [.., _, last] = positional[..] {
                    let condition = self.argument((0, Part::Condition), &[b]);
                    self.raise_for(last, condition, "Generator expression must be parenthesized".to_owned());
                }
                None
            }
            Check::PositionalArgument => {
                let kind = |&child: &NodeId| self.nodes.get(child).kind;
                let unpacks = self.nodes.children(a).iter().map(kind).any(|kind| kind == NodeKind::Unpack);
                let tail = if unpacks { " unpacking" } else { "" };
                self.raise_at_last(
                    ErrorKind::SyntaxError,
                    &format!("positional argument follows keyword argument{tail}"),
                );
                None
            }
            Check::LegacyStatement => {
                if let Some(name) = self.legacy_name(a) {
                    let message = format!("Missing parentheses in call to '{name}'. Did you mean {name}(...)?");
                    self.raise_for(a, b, message);
                }
                None
            }
            Check::MissingComma => {
                let in_brackets = self.mark.checked_sub(1).is_some_and(|last| self.tokens[last].level > 0);
                if self.legacy_name(a).is_none() && in_brackets {
                    self.raise_for(a, b, "invalid syntax. Perhaps you forgot a comma?".to_owned());
                }
                None
            }
            Check::MissingColon => {
                let node = self.nodes.get(a);
                let start = Position { line: node.start.line, column: node.end.column - 1 };
                let end = Position { line: node.end.line, column: -1 };
                self.raise(ErrorKind::SyntaxError, start, end, "':' expected after dictionary key".to_owned());
                None
            }
            Check::TypeParameter => {
                let what = if self.nodes.get(b).kind == NodeKind::Tuple { "constraints" } else { "bound" };
                self.raise_from(a, format!("cannot use {what} with {message}"));
                None
            }
            Check::StarTarget => self.refuse_target(a, Targets::Star),
            Check::DelTarget => self.refuse_target(a, Targets::Del),
            Check::ForTarget => self.refuse_target(a, Targets::For),
        }
    }

    /// `print` or `exec`, if that is what a node is.
    fn legacy_name(&self, node: NodeId) -> Option<&'static str> {
        let node = self.nodes.get(node);
        let text = if node.kind == NodeKind::Name { self.text(node.text) } else { "" };
        ["print", "exec"].into_iter().find(|&name| name == text)
    }

    fn positional(&self, call: NodeId) -> Vec<NodeId> {
        let is_keyword = |&child: &NodeId| matches!(self.nodes.get(child).kind, NodeKind::Keyword | NodeKind::Unpack);
        self.nodes.children(call).iter().copied().filter(|child| !is_keyword(child)).collect()
    }

    fn conversion(&mut self, mark: NodeId, name: NodeId) -> Option<NodeId> {
        let (end, node) = (self.nodes.get(mark).end, self.nodes.get(name));
        let prefix = self.lexer.string_prefix();
        if end != node.start {
            let message = format!("{prefix}-string: conversion type must come right after the exclamation mark");
            self.raise_for(mark, name, message);
            return None;
        }
        let text = self.text(node.text);
        if !matches!(text, "s" | "r" | "a") {
            let message = format!("{prefix}-string: invalid conversion character '{text}': expected 's', 'r', or 'a'");
            self.raise_for(name, name, message);
            return None;
        }
        Some(name)
    }

    /// A literal that is neither an f-string nor a t-string: it has to decode.
    fn plain_string(&mut self, node: NodeId) -> Option<NodeId> {
        let text = self.text(self.nodes.get(node).text);
        let at_quote = text.find(['"', '\''])?;
        let (prefix, quoted) = text.split_at(at_quote);
        let quotes =
            if quoted.len() >= 6 && (quoted.starts_with("\"\"\"") || quoted.starts_with("'''")) { 3 } else { 1 };
        let content = &quoted[quotes..quoted.len() - quotes];
        let is_raw = prefix.contains(['r', 'R']);
        let result = if !prefix.contains(['b', 'B']) {
            if is_raw { Ok(()) } else { decode_str(content, Braces::Plain).map(drop) }
        } else if !content.is_ascii() {
            self.raise_for(node, node, "bytes can only contain ASCII literal characters".to_owned());
            return None;
        } else if is_raw {
            Ok(())
        } else {
            decode_bytes(content).map(drop)
        };
        if let Err(error) = result {
            self.raise_at_last(ErrorKind::SyntaxError, &error.message);
            return None;
        }
        Some(node)
    }

    /// The literal parts of an f-string or t-string have to decode.
    fn string_text(&mut self, quote: NodeId, parts: NodeId, start: usize) -> Option<NodeId> {
        let prefix = self.text(self.nodes.get(quote).text).to_ascii_lowercase();
        if !prefix.contains('r') {
            for part in self.nodes.children(parts).to_vec() {
                let text = self.text(self.nodes.get(part).text);
                if let Err(error) = decode_str(text, Braces::Doubled) {
                    self.raise_for(part, part, error.message);
                    return None;
                }
            }
        }
        let kind = if prefix.contains('t') { NodeKind::TString } else { NodeKind::FString };
        Some(self.node(kind, start, [].into_iter()))
    }

    /// Strings that stand next to each other.
    fn strings(&mut self, parts: NodeId, start: usize) -> Option<NodeId> {
        let kinds: Vec<NodeKind> = self.nodes.children(parts).iter().map(|&part| self.nodes.get(part).kind).collect();
        let is_bytes = |&part: &NodeId| {
            let text = self.text(self.nodes.get(part).text);
            let prefix = text.split(['"', '\'']).next().unwrap_or_default();
            prefix.contains(['b', 'B'])
        };
        let n_templates = kinds.iter().filter(|&&kind| kind == NodeKind::TString).count();
        if n_templates > 0 && n_templates < kinds.len() {
            let node = self.node(NodeKind::TString, start, [].into_iter());
            let message = "cannot mix t-string literals with string or bytes literals";
            self.raise_for(node, node, message.to_owned());
            return None;
        }
        let n_bytes = self.nodes.children(parts).iter().filter(|part| is_bytes(part)).count();
        if n_bytes > 0 && n_bytes < kinds.len() {
            self.raise_at_last(ErrorKind::SyntaxError, "cannot mix bytes and nonbytes literals");
            return None;
        }
        let has = |kind| kinds.contains(&kind);
        let kind = if has(NodeKind::TString) {
            NodeKind::TString
        } else if has(NodeKind::FString) {
            NodeKind::FString
        } else {
            NodeKind::Literal
        };
        Some(self.node(kind, start, [].into_iter()))
    }

    fn refuse_target(&mut self, node: NodeId, targets: Targets) -> Option<NodeId> {
        let Some(invalid) = self.invalid_target(node, targets) else {
            // CPython reports a plain error then.
            return None;
        };
        let verb = if targets == Targets::Del { "delete" } else { "assign to" };
        let message = format!("cannot {verb} {}", self.nodes.get(invalid).kind.description());
        self.raise_for(invalid, invalid, message);
        None
    }

    fn invalid_target(&self, id: NodeId, targets: Targets) -> Option<NodeId> {
        let children = self.nodes.children(id);
        match self.nodes.get(id).kind {
            NodeKind::List | NodeKind::Tuple => children.iter().find_map(|&child| self.invalid_target(child, targets)),
            NodeKind::Starred if targets == Targets::Del => Some(id),
            NodeKind::Starred => children.first().and_then(|&child| self.invalid_target(child, targets)),
            NodeKind::Compare if targets == Targets::For => match *children {
                [left, first, ..] if self.nodes.get(first).kind == NodeKind::In => self.invalid_target(left, targets),
                _ => None,
            },
            NodeKind::Name | NodeKind::Subscript | NodeKind::Attribute => None,
            _ => Some(id),
        }
    }

    /// Whether anything but blanks and comments follows an interactive statement.
    pub fn has_more_statements(&self) -> bool {
        self.mode() == Mode::Single
            && self.lexer.rest().split(|&b| b == b'\n').any(|line| {
                let line = line.trim_ascii_start();
                !line.is_empty() && line[0] != b'#'
            })
    }

    /// Whether the source ended too early.
    pub fn is_at_end(&self) -> bool {
        use super::lexer::Done;
        matches!(self.lexer.done, Done::Eof | Done::EofInString)
    }

    /// Whether the last token is an indentation, and of which sort.
    pub fn indentation_at(&self, index: usize) -> Option<&'static str> {
        match self.tokens.get(index)?.kind {
            Kind::INDENT => Some("unexpected indent"),
            Kind::DEDENT => Some("unexpected unindent"),
            _ => None,
        }
    }
}
