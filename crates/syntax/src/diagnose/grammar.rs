//! The grammar file, compiled to a table of rules.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::nodes::NodeKind;
use super::tokens::Kind;

static SOURCE: &str = include_str!("python.peg");

#[derive(Debug)]
pub struct Grammar {
    pub rules: Vec<Rule>,
    pub file: u16,
    pub interactive: u16,
    pub eval: u16,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Memo {
    No,
    Yes,
    /// Left-recursive: grown from a seed.
    Left,
}

#[derive(Debug)]
pub struct Rule {
    pub memo: Memo,
    /// Whether the rules for wrong programs are off inside it.
    pub without_invalid: bool,
    /// Whether it is a statement with a block, functions aside.
    pub is_block: bool,
    pub alternatives: Vec<Alternative>,
}

const BLOCKS: [&str; 7] = ["if_stmt", "class_def_raw", "with_stmt", "for_stmt", "try_stmt", "while_stmt", "match_stmt"];

#[derive(Debug)]
pub struct Alternative {
    pub items: Vec<Item>,
    /// Which items have a label.
    pub labels: Vec<Option<&'static str>>,
    pub action: Action,
    /// Whether it is just a rule for wrong programs. Where such a rule is part of more, CPython always tries it.
    pub is_invalid: bool,
}

#[derive(Debug)]
pub enum Item {
    Token(Kind),
    Soft(&'static str),
    AnySoftKeyword,
    Rule(u16),
    Group(Vec<Alternative>),
    Optional(Box<Item>),
    Repeat(Box<Item>, usize),
    Gather(Box<Item>, Box<Item>),
    Lookahead(Box<Item>, bool),
    Forced(Kind, &'static str),
    Cut,
}

/// Which part of a labelled value is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    Whole,
    First,
    Last,
    /// The last condition, or else the iterable, of the last of some comprehension clauses.
    Condition,
}

pub type Argument = (usize, Part);

#[derive(Debug)]
pub enum Action {
    /// The only value, or a sequence of all.
    Default,
    Label(usize),
    Node(NodeKind),
    /// Matches, and yields nothing: a failure.
    Nothing,
    /// A check that depends on more than the grammar.
    Check(Check, &'static str),
    Fail(Place, &'static str),
}

/// Where an error is reported.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    LastToken,
    LastTokenIndentation,
    NextToken,
    At(Argument),
    Range(Argument, Argument),
    StartingFrom(Argument),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Check {
    Real,
    Imaginary,
    Conversion,
    PlainString,
    StringText,
    Strings,
    GeneratorArgument,
    PositionalArgument,
    LegacyStatement,
    MissingComma,
    MissingColon,
    TypeParameter,
    StarTarget,
    DelTarget,
    ForTarget,
}

/// The grammar, compiled when first asked for.
pub fn grammar() -> &'static Grammar {
    static GRAMMAR: OnceLock<Grammar> = OnceLock::new();
    GRAMMAR.get_or_init(|| Reader::read(SOURCE))
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Word {
    Name(&'static str),
    Quoted(&'static str),
    Soft(&'static str),
    Action(&'static str),
    Sign(char),
}

struct Reader {
    words: Vec<Word>,
    at: usize,
    rules: FxHashMap<&'static str, u16>,
}

impl Reader {
    fn read(source: &'static str) -> Grammar {
        let lines = source.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut heads = Vec::new();
        let mut bodies: Vec<Vec<Word>> = Vec::new();
        for line in lines {
            if line.starts_with(' ') {
                if let Some(body) = bodies.last_mut() {
                    words(line, body);
                }
            } else if let Some((head, rest)) = line.split_once(':') {
                heads.push(head);
                let mut body = Vec::new();
                words(rest, &mut body);
                bodies.push(body);
            }
        }
        let name = |head: &'static str| head.split(' ').next().unwrap_or_default();
        let rules: FxHashMap<_, _> = heads.iter().enumerate().map(|(i, head)| (name(head), i as u16)).collect();
        let mut reader = Reader { words: Vec::new(), at: 0, rules };
        let mut table = Vec::with_capacity(heads.len());
        for (head, body) in heads.into_iter().zip(bodies) {
            (reader.words, reader.at) = (body, 0);
            let memo = match head.split(' ').nth(1) {
                Some("memo") => Memo::Yes,
                Some("left") => Memo::Left,
                _ => Memo::No,
            };
            let alternatives = reader.alternatives();
            let is_block = BLOCKS.contains(&name(head));
            table.push(Rule { memo, without_invalid: head.ends_with("without_invalid"), is_block, alternatives });
        }
        let start = |name: &str| reader.rules.get(name).copied().unwrap_or_default();
        Grammar { file: start("file"), interactive: start("interactive"), eval: start("eval"), rules: table }
    }

    fn peek(&self) -> Option<Word> {
        self.words.get(self.at).copied()
    }

    fn take(&mut self, sign: char) -> bool {
        let found = self.peek() == Some(Word::Sign(sign));
        self.at += usize::from(found);
        found
    }

    fn alternatives(&mut self) -> Vec<Alternative> {
        self.take('|');
        let mut out = vec![self.alternative()];
        while self.take('|') {
            out.push(self.alternative());
        }
        out
    }

    fn alternative(&mut self) -> Alternative {
        let mut items = Vec::new();
        let mut labels = Vec::new();
        let mut is_invalid = false;
        let mut action = None;
        while let Some(word) = self.peek() {
            match word {
                Word::Sign('|' | ')' | ']') => break,
                Word::Action(text) => {
                    action = Some(text);
                    self.at += 1;
                    break;
                }
                _ => {}
            }
            let label = match (word, self.words.get(self.at + 1)) {
                (Word::Name(label), Some(Word::Sign('='))) => {
                    self.at += 2;
                    Some(label)
                }
                _ => None,
            };
            is_invalid |= matches!(self.peek(), Some(Word::Name(name)) if name.starts_with("invalid_"));
            items.push(self.item());
            labels.push(label);
        }
        let is_invalid = is_invalid && items.len() == 1;
        let action = action.map_or(Action::Default, |text| read_action(text, &labels));
        Alternative { items, labels, action, is_invalid }
    }

    fn item(&mut self) -> Item {
        if self.take('~') {
            return Item::Cut;
        }
        if self.take('&') {
            if self.take('&') {
                let Some(Word::Quoted(text)) = self.peek() else { return Item::Cut };
                self.at += 1;
                return Item::Forced(terminal(text), text);
            }
            return Item::Lookahead(Box::new(self.repeated()), true);
        }
        if self.take('!') {
            return Item::Lookahead(Box::new(self.repeated()), false);
        }
        self.repeated()
    }

    fn repeated(&mut self) -> Item {
        let item = self.atom();
        if self.take('?') {
            Item::Optional(Box::new(item))
        } else if self.take('*') {
            Item::Repeat(Box::new(item), 0)
        } else if self.take('+') {
            Item::Repeat(Box::new(item), 1)
        } else if self.take('.') {
            let element = self.atom();
            self.take('+');
            Item::Gather(Box::new(item), Box::new(element))
        } else {
            item
        }
    }

    fn atom(&mut self) -> Item {
        let word = self.peek();
        self.at += 1;
        match word {
            Some(Word::Sign('(')) => {
                let group = self.alternatives();
                self.take(')');
                Item::Group(group)
            }
            Some(Word::Sign('[')) => {
                let group = self.alternatives();
                self.take(']');
                Item::Optional(Box::new(Item::Group(group)))
            }
            Some(Word::Quoted(text)) => Item::Token(terminal(text)),
            Some(Word::Soft(text)) => Item::Soft(text),
            Some(Word::Name("SOFT_KEYWORD")) => Item::AnySoftKeyword,
            Some(Word::Name(name)) => match self.rules.get(name) {
                Some(&rule) => Item::Rule(rule),
                None => Item::Token(terminal(name)),
            },
            _ => Item::Cut,
        }
    }
}

fn terminal(name: &str) -> Kind {
    Kind::named(name).unwrap_or(Kind::OTHER)
}

/// Splits a line of the grammar.
fn words(mut line: &'static str, out: &mut Vec<Word>) {
    loop {
        line = line.trim_start();
        let Some(first) = line.chars().next() else { return };
        let (word, len) = match first {
            '\'' | '"' => {
                let len = line[1..].find(first).map_or(line.len() - 1, |i| i + 1);
                let text = &line[1..len];
                (if first == '"' { Word::Soft(text) } else { Word::Quoted(text) }, len + 1)
            }
            '{' => {
                let len = line.rfind('}').unwrap_or(line.len() - 1);
                // A short action ends at its first brace; one with a message is the last thing in its line.
                let len = if line[..len].contains('"') { len } else { line.find('}').unwrap_or(len) };
                (Word::Action(&line[1..len]), len + 1)
            }
            'a'..='z' | 'A'..='Z' | '_' => {
                let len = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(line.len());
                (Word::Name(&line[..len]), len)
            }
            sign => (Word::Sign(sign), 1),
        };
        out.push(word);
        line = &line[len..];
    }
}

fn read_action(text: &'static str, labels: &[Option<&str>]) -> Action {
    let (head, message) = match text.split_once('"') {
        Some((head, message)) => (head, message.strip_suffix('"').unwrap_or(message)),
        None => (text, ""),
    };
    let mut head = head.split_whitespace();
    let name = head.next().unwrap_or_default();
    let position = |label: &str| labels.iter().position(|&l| l == Some(label));
    let argument = |word: Option<&str>| {
        let (label, part) = word.unwrap_or_default().split_once('.').unwrap_or((word.unwrap_or_default(), ""));
        let part = match part {
            "first" => Part::First,
            "last" => Part::Last,
            "condition" => Part::Condition,
            _ => Part::Whole,
        };
        (position(label).unwrap_or_default(), part)
    };
    let place = match name {
        "error" => Place::LastToken,
        "indentation" => Place::LastTokenIndentation,
        "next" => Place::NextToken,
        "at" => Place::At(argument(head.next())),
        "range" => Place::Range(argument(head.next()), argument(head.next())),
        "from" => Place::StartingFrom(argument(head.next())),
        _ => {
            let check = match name {
                "nothing" => return Action::Nothing,
                "real" => Check::Real,
                "imaginary" => Check::Imaginary,
                "conversion" => Check::Conversion,
                "plain_string" => Check::PlainString,
                "string_text" => Check::StringText,
                "strings" => Check::Strings,
                "generator_argument" => Check::GeneratorArgument,
                "positional_argument" => Check::PositionalArgument,
                "legacy_statement" => Check::LegacyStatement,
                "missing_comma" => Check::MissingComma,
                "missing_colon" => Check::MissingColon,
                "type_parameter" => Check::TypeParameter,
                "star_target" => Check::StarTarget,
                "del_target" => Check::DelTarget,
                "for_target" => Check::ForTarget,
                _ => {
                    return match (position(name), NodeKind::named(name)) {
                        (Some(at), _) => Action::Label(at),
                        (None, Some(kind)) => Action::Node(kind),
                        (None, None) => Action::Default,
                    };
                }
            };
            return Action::Check(check, message);
        }
    };
    Action::Fail(place, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every name in the grammar is a rule or a token, every action is known.
    #[test]
    fn the_grammar_is_well_formed() {
        fn check(alternatives: &[Alternative]) {
            for alternative in alternatives {
                assert!(!alternative.items.is_empty());
                alternative.items.iter().for_each(check_item);
            }
        }
        fn check_item(item: &Item) {
            match item {
                Item::Token(kind) | Item::Forced(kind, _) => assert_ne!(*kind, Kind::OTHER, "{item:?}"),
                Item::Group(alternatives) => check(alternatives),
                Item::Optional(item) | Item::Repeat(item, _) | Item::Lookahead(item, _) => check_item(item),
                Item::Gather(separator, element) => {
                    check_item(separator);
                    check_item(element);
                }
                _ => {}
            }
        }
        let grammar = grammar();
        assert!(grammar.rules.len() > 250);
        for rule in &grammar.rules {
            check(&rule.alternatives);
        }
    }
}
