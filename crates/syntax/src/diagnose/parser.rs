//! Runs the grammar over the tokens: a packrat parser that keeps as much, and looks as far ahead, as CPython's.

use rustc_hash::FxHashMap;

use super::Options;
use super::grammar::{Action, Alternative, Grammar, Item, Memo, grammar};
use super::lexer::{Done, Lexer};
use super::nodes::{NodeId, NodeKind, Nodes};
use super::tokens::{Kind, Position, SOFT_KEYWORDS, Token};
use crate::{ErrorKind, Mode, SyntaxError};

/// How deeply rules may nest.
const MAX_LEVEL: u32 = 10_000;

/// What an error's position is when it is where the tokenizer is.
pub(super) const CURRENT: i32 = -5;

pub(super) const ABSENT: NodeId = 0;

pub struct Parser<'s> {
    grammar: &'static Grammar,
    pub lexer: Lexer<'s>,
    pub(super) source: &'s str,
    mode: Mode,
    options: Options,
    pub tokens: Vec<Token>,
    pub(super) mark: usize,
    memo: FxHashMap<(u32, u16), (Option<NodeId>, u32)>,
    pub(super) nodes: Nodes,
    call_invalid: bool,
    level: u32,
    /// Set when parsing is to stop; mostly together with an error.
    pub(super) stopped: bool,
    pub error: Option<SyntaxError>,
    parsing_started: bool,
    /// See [`SyntaxError::last_block`].
    pub last_block: (u32, i32),
}

enum Outcome {
    Matched(NodeId),
    Failed,
    /// The action said no: other alternatives are not tried.
    Refused,
}

impl<'s> Parser<'s> {
    pub fn new(source: &'s str, mode: Mode, options: Options) -> Self {
        let mut nodes = Nodes::default();
        let nowhere = Position { line: 0, column: 0 };
        nodes.add_token(NodeKind::Absent, nowhere, nowhere, (0, 0));
        Parser {
            grammar: grammar(),
            lexer: Lexer::new(source),
            source,
            mode,
            options,
            tokens: Vec::new(),
            mark: 0,
            memo: FxHashMap::default(),
            nodes,
            call_invalid: false,
            level: 0,
            stopped: false,
            error: None,
            parsing_started: false,
            last_block: (0, 0),
        }
    }

    /// Whether the source parses.
    pub fn run(&mut self) -> bool {
        let start = match self.mode {
            Mode::Exec => self.grammar.file,
            Mode::Single => self.grammar.interactive,
            Mode::Eval => self.grammar.eval,
        };
        self.rule(start).is_some()
    }

    /// Starts again, this time with the rules for wrong programs.
    pub fn start_second_pass(&mut self) {
        self.memo.clear();
        self.mark = 0;
        self.level = 0;
        self.call_invalid = true;
    }

    pub fn mode(&self) -> Mode {
        self.mode
    }

    // Tokens.

    /// Has one more token read.
    pub(super) fn fill(&mut self) -> bool {
        let mut token = self.lexer.next();
        if self.mode == Mode::Single && token.kind == Kind::END_MARKER && self.parsing_started {
            token.kind = Kind::NEWLINE;
            self.parsing_started = false;
            if !self.options.keep_blocks_open {
                self.lexer.imply_dedents();
            }
        } else {
            self.parsing_started = true;
        }
        self.tokens.push(token);
        if token.kind == Kind::ERROR {
            self.tokenizer_error();
            return false;
        }
        true
    }

    fn tokenizer_error(&mut self) {
        if let Some(error) = self.lexer.error.take() {
            self.stopped = true;
            if self.error.is_none() {
                self.error = Some(error);
            }
            return;
        }
        if self.error.is_some() {
            return;
        }
        let line = self.lexer.line();
        let at = |column| Position { line, column };
        let indentation = ErrorKind::IndentationError;
        match self.lexer.done {
            Done::Dedent => {
                self.raise_at_last(indentation, "unindent does not match any outer indentation level");
            }
            Done::TabSpace => {
                let message = "inconsistent use of tabs and spaces in indentation";
                self.raise(ErrorKind::TabError, at(0), at(-1), message.to_owned());
            }
            Done::TooDeep => {
                self.raise(indentation, at(0), at(-1), "too many levels of indentation".to_owned());
            }
            Done::LineContinuation => {
                let message = "unexpected character after line continuation character";
                let column = (self.lexer.buffer_column() - 1).max(0);
                self.raise(ErrorKind::SyntaxError, at(column), at(-1), message.to_owned());
            }
            _ if !self.lexer.brackets.is_empty() => self.raise_unclosed(),
            _ => self.raise_at_last(ErrorKind::SyntaxError, "unexpected EOF while parsing"),
        }
        self.stopped = true;
    }

    pub(super) fn token(&mut self) -> Option<Token> {
        if self.mark == self.tokens.len() && !self.fill() {
            return None;
        }
        Some(self.tokens[self.mark])
    }

    pub(super) fn text(&self, (from, to): (u32, u32)) -> &'s str {
        &self.source[from as usize..to as usize]
    }

    fn expect(&mut self, kind: Kind) -> Option<NodeId> {
        let token = self.token()?;
        (token.kind == kind).then(|| self.accept(token))
    }

    fn accept(&mut self, token: Token) -> NodeId {
        self.mark += 1;
        let kind = match token.kind {
            Kind::NAME => NodeKind::Name,
            Kind::NUMBER | Kind::STRING => NodeKind::Literal,
            _ => NodeKind::Token,
        };
        self.nodes.add_token(kind, token.start, token.end, token.text)
    }

    // Rules.

    fn rule(&mut self, id: u16) -> Option<NodeId> {
        if self.stopped {
            return None;
        }
        if self.level == MAX_LEVEL {
            let message = "Parser stack overflowed - Python source too complex to parse";
            self.stopped = true;
            self.error = Some(SyntaxError::of_kind(ErrorKind::MemoryError, crate::ast::Location::NONE, message));
            return None;
        }
        self.level += 1;
        let grammar = self.grammar;
        let rule = &grammar.rules[id as usize];
        let start = self.mark;
        let result = match rule.memo {
            Memo::No if rule.without_invalid => {
                let before = std::mem::replace(&mut self.call_invalid, false);
                let result = self.alternatives(&rule.alternatives);
                self.call_invalid = before;
                result
            }
            Memo::No => self.alternatives(&rule.alternatives),
            Memo::Yes => {
                let key = (self.mark as u32, id);
                if let Some(&(result, mark)) = self.memo.get(&key) {
                    self.mark = mark as usize;
                    result
                } else {
                    let result = self.alternatives(&rule.alternatives);
                    self.memo.insert(key, (result, self.mark as u32));
                    result
                }
            }
            Memo::Left => self.left_recursive(id),
        };
        if rule.is_block && result.is_some() {
            let Position { line, column } = self.tokens[start].start;
            self.last_block = (line, column);
        }
        self.level -= 1;
        result
    }

    fn left_recursive(&mut self, id: u16) -> Option<NodeId> {
        let start = self.mark;
        let key = (start as u32, id);
        if let Some(&(result, mark)) = self.memo.get(&key) {
            self.mark = mark as usize;
            return result;
        }
        let grammar = self.grammar;
        let (mut best, mut best_mark) = (None, start);
        loop {
            self.memo.insert(key, (best, best_mark as u32));
            self.mark = start;
            let result = self.alternatives(&grammar.rules[id as usize].alternatives);
            if self.stopped {
                return None;
            }
            if result.is_none() || self.mark <= best_mark {
                break;
            }
            (best, best_mark) = (result, self.mark);
        }
        self.mark = best_mark;
        best
    }

    fn alternatives(&mut self, alternatives: &'static [Alternative]) -> Option<NodeId> {
        let start = self.mark;
        for alternative in alternatives {
            if alternative.is_invalid && !self.call_invalid {
                continue;
            }
            let mut cut = false;
            match self.alternative(alternative, start, &mut cut) {
                Outcome::Matched(node) => return Some(node),
                Outcome::Refused => return None,
                Outcome::Failed => self.mark = start,
            }
            if cut || self.stopped {
                return None;
            }
        }
        None
    }

    fn alternative(&mut self, alternative: &'static Alternative, start: usize, cut: &mut bool) -> Outcome {
        let mut values: [NodeId; 16] = [ABSENT; 16];
        for (item, value) in alternative.items.iter().zip(&mut values) {
            match item {
                Item::Cut => *cut = true,
                _ => match self.item(item) {
                    Some(node) => *value = node,
                    None => return Outcome::Failed,
                },
            }
            if self.stopped {
                return Outcome::Failed;
            }
        }
        let values = &values[..alternative.items.len()];
        let result = match &alternative.action {
            Action::Default => {
                let shows = |item: &Item| !matches!(item, Item::Cut | Item::Lookahead(..));
                let mut shown = alternative.items.iter().zip(values).filter(|(item, _)| shows(item)).map(|(_, &v)| v);
                match (shown.next(), shown.next()) {
                    (Some(only), None) => Some(only),
                    _ => Some(self.node(NodeKind::Token, start, [].into_iter())),
                }
            }
            Action::Label(at) => Some(values[*at]),
            Action::Node(kind) => {
                let labelled = alternative.labels.iter().zip(values).filter(|(label, _)| label.is_some());
                Some(self.node(*kind, start, labelled.map(|(_, &v)| v)))
            }
            Action::Nothing => None,
            Action::Check(check, message) => self.check(*check, message, &alternative.labels, values, start),
            Action::Fail(place, message) => {
                self.fail(*place, message, &alternative.labels, values);
                None
            }
        };
        result.map_or(Outcome::Refused, Outcome::Matched)
    }

    /// A node from a token on to the one before the mark.
    pub(super) fn node(&mut self, kind: NodeKind, start: usize, values: impl Iterator<Item = NodeId>) -> NodeId {
        let nowhere = Position { line: 0, column: 0 };
        let from = self.tokens.get(start).map_or(nowhere, |token| token.start);
        let blank = |kind: Kind| kind == Kind::END_MARKER || (Kind::NEWLINE.0..=Kind::DEDENT.0).contains(&kind.0);
        let last = self.tokens[..self.mark].iter().rev().find(|token| !blank(token.kind));
        let to = last.map_or(from, |token| token.end);
        self.nodes.add(kind, (from, to), values)
    }

    fn item(&mut self, item: &'static Item) -> Option<NodeId> {
        match item {
            Item::Token(kind) => self.expect(*kind),
            Item::Rule(id) => self.rule(*id),
            Item::Soft(text) => {
                let token = self.token()?;
                (token.kind == Kind::NAME && self.text(token.text) == *text).then(|| self.accept(token))
            }
            Item::AnySoftKeyword => {
                let token = self.token()?;
                let soft = token.kind == Kind::NAME && SOFT_KEYWORDS.contains(&self.text(token.text));
                soft.then(|| self.accept(token))
            }
            Item::Group(alternatives) => self.alternatives(alternatives),
            Item::Optional(item) => {
                let mark = self.mark;
                let result = self.item(item);
                if result.is_none() {
                    self.mark = mark;
                }
                (!self.stopped).then_some(result.unwrap_or(ABSENT))
            }
            Item::Repeat(item, at_least) => {
                let start = self.mark;
                let mut found = Vec::new();
                loop {
                    let mark = self.mark;
                    match self.item(item) {
                        Some(node) => found.push(node),
                        None => {
                            self.mark = mark;
                            break;
                        }
                    }
                }
                self.sequence(start, found, *at_least)
            }
            Item::Gather(separator, element) => {
                let start = self.mark;
                let mut found = vec![self.item(element)?];
                loop {
                    let mark = self.mark;
                    let more = self.item(separator).and_then(|_| self.item(element));
                    match more {
                        Some(node) => found.push(node),
                        None => {
                            self.mark = mark;
                            break;
                        }
                    }
                }
                self.sequence(start, found, 1)
            }
            Item::Lookahead(item, positive) => {
                let mark = self.mark;
                let found = self.item(item).is_some();
                self.mark = mark;
                (found == *positive && !self.stopped).then_some(ABSENT)
            }
            Item::Forced(kind, text) => {
                let token = self.token()?;
                if token.kind != *kind {
                    let message = format!("expected '{text}'");
                    self.raise(ErrorKind::SyntaxError, token.start, token.end, message);
                    return None;
                }
                Some(self.accept(token))
            }
            Item::Cut => Some(ABSENT),
        }
    }

    fn sequence(&mut self, start: usize, found: Vec<NodeId>, at_least: usize) -> Option<NodeId> {
        if self.stopped || found.len() < at_least {
            return None;
        }
        Some(self.node(NodeKind::Sequence, start, found.into_iter()))
    }
}
