//! Tokens as CPython's tokenizer makes them.

/// What a token is: an index into [`FIXED`], [`OPERATORS`] or [`KEYWORDS`], one after the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kind(pub u8);

impl Kind {
    pub const END_MARKER: Kind = Kind(0);
    pub const NAME: Kind = Kind(1);
    pub const NUMBER: Kind = Kind(2);
    pub const STRING: Kind = Kind(3);
    pub const NEWLINE: Kind = Kind(4);
    pub const INDENT: Kind = Kind(5);
    pub const DEDENT: Kind = Kind(6);
    pub const FSTRING_START: Kind = Kind(7);
    pub const FSTRING_MIDDLE: Kind = Kind(8);
    pub const FSTRING_END: Kind = Kind(9);
    pub const TSTRING_START: Kind = Kind(10);
    pub const TSTRING_MIDDLE: Kind = Kind(11);
    pub const TSTRING_END: Kind = Kind(12);
    pub const ERROR: Kind = Kind(13);
    /// A character that is no operator: `$`, `?` and the like.
    pub const OTHER: Kind = Kind(14);

    /// The kind that a grammar file calls so.
    pub fn named(name: &str) -> Option<Kind> {
        let position = |names: &[&str]| names.iter().position(|&n| n == name);
        position(FIXED)
            .or_else(|| position(OPERATORS).map(|i| i + FIXED.len()))
            .or_else(|| position(KEYWORDS).map(|i| i + FIXED.len() + OPERATORS.len()))
            .map(|i| Kind(i as u8))
    }

    pub fn operator(text: &[u8]) -> Option<Kind> {
        OPERATORS.iter().position(|op| op.as_bytes() == text).map(|i| Kind((FIXED.len() + i) as u8))
    }

    pub fn keyword(text: &str) -> Option<Kind> {
        KEYWORDS.binary_search(&text).ok().map(|i| Kind((FIXED.len() + OPERATORS.len() + i) as u8))
    }

    /// Strings, whose tokens begin on the line where the literal does.
    pub fn is_string(self) -> bool {
        self == Kind::STRING || (Kind::FSTRING_START.0..=Kind::TSTRING_END.0).contains(&self.0)
    }
}

const FIXED: &[&str] = &[
    "ENDMARKER",
    "NAME",
    "NUMBER",
    "STRING",
    "NEWLINE",
    "INDENT",
    "DEDENT",
    "FSTRING_START",
    "FSTRING_MIDDLE",
    "FSTRING_END",
    "TSTRING_START",
    "TSTRING_MIDDLE",
    "TSTRING_END",
    "ERRORTOKEN",
    "OTHER",
];

const OPERATORS: &[&str] = &[
    "(", ")", "[", "]", "{", "}", ":", ",", ";", "+", "-", "*", "/", "|", "&", "<", ">", "=", ".", "%", "~", "^", "@",
    "!", "==", "!=", "<>", "<=", ">=", "<<", ">>", "**", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=",
    "**=", "//", "//=", "@=", "->", ":=", "...",
];

/// Sorted.
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

pub const SOFT_KEYWORDS: &[&str] = &["_", "case", "match", "type"];

/// Line (1-based) and byte column; a column of -1 is unknown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    pub line: u32,
    pub column: i32,
}

#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub kind: Kind,
    pub start: Position,
    pub end: Position,
    /// Where its text is in the source; empty for tokens without one.
    pub text: (u32, u32),
    /// How many brackets are open after it.
    pub level: u32,
}
