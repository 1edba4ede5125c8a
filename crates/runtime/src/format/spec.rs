//! The format mini-language: `[[fill]align][sign][z][#][0][width][grouping][.precision[grouping]][type]`.
//!
//! Parses a spec and says what is wrong with it in CPython's words. Laying numbers out is [`super::layout`]'s.

use crate::unicode::decimal_value;
use object::Str;

/// Why a value cannot be formatted.
#[derive(Debug, PartialEq)]
pub enum FormatError {
    Value(String),
    Overflow(String),
}

pub type Result<T> = std::result::Result<T, FormatError>;

pub(super) fn value_error<T>(message: impl Into<String>) -> Result<T> {
    Err(FormatError::Value(message.into()))
}

/// Separators between groups of digits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Grouping {
    None,
    Comma,
    Underscore,
    /// Every four digits: `_` with `b`, `o`, `x`, `X`.
    UnderscoreFour,
}

impl Grouping {
    pub fn separator(self) -> Option<u8> {
        match self {
            Grouping::None => None,
            Grouping::Comma => Some(b','),
            Grouping::Underscore | Grouping::UnderscoreFour => Some(b'_'),
        }
    }

    pub fn group(self) -> usize {
        match self {
            Grouping::None => usize::MAX,
            Grouping::Comma | Grouping::Underscore => 3,
            Grouping::UnderscoreFour => 4,
        }
    }
}

/// A parsed format spec. Characters that may be anything are code points; `kind` is 0 when the spec has no type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spec {
    pub fill: u32,
    pub align: u8,
    pub alternate: bool,
    pub no_negative_zero: bool,
    /// `+`, `-`, space, or 0.
    pub sign: u8,
    pub width: Option<usize>,
    pub grouping: Grouping,
    pub fraction_grouping: Grouping,
    pub precision: Option<usize>,
    pub kind: u32,
}

const fn is_align(c: u32) -> bool {
    matches!(c, 0x3C | 0x3E | 0x3D | 0x5E)
}

struct Cursor<'a> {
    spec: &'a Str,
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self, ahead: usize) -> Option<u32> {
        let i = self.at + ahead;
        (i < self.spec.len()).then(|| self.spec.get(i))
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek(0) == Some(c as u32);
        self.at += found as usize;
        found
    }

    /// A run of decimal digits; `None` when there are none.
    fn number(&mut self) -> Result<Option<usize>> {
        let start = self.at;
        let mut value: usize = 0;
        while let Some(digit) = self.peek(0).and_then(decimal_value) {
            value = match value.checked_mul(10).and_then(|v| v.checked_add(digit as usize)) {
                Some(v) if v <= isize::MAX as usize => v,
                _ => return value_error("Too many decimal digits in format string"),
            };
            self.at += 1;
        }
        Ok((self.at > start).then_some(value))
    }

    /// `,` or `_`, not both.
    fn grouping(&mut self) -> Result<Grouping> {
        let mut grouping = if self.eat(',') { Grouping::Comma } else { Grouping::None };
        if self.peek(0) == Some('_' as u32) {
            if grouping != Grouping::None {
                return value_error("Cannot specify both ',' and '_'.");
            }
            self.at += 1;
            grouping = Grouping::Underscore;
        }
        if grouping == Grouping::Underscore && self.peek(0) == Some(',' as u32) {
            return value_error("Cannot specify both ',' and '_'.");
        }
        Ok(grouping)
    }
}

/// A type character as messages show it.
fn shown(kind: u32) -> String {
    match kind {
        33..=127 => char::from_u32(kind).expect("ASCII").to_string(),
        _ => format!("\\x{kind:x}"),
    }
}

fn grouping_with_type<T>(grouping: Grouping, kind: u32) -> Result<T> {
    let separator = grouping.separator().unwrap_or(b',') as char;
    value_error(format!("Cannot specify '{separator}' with '{}'.", shown(kind)))
}

/// The error for a type that the value does not know.
pub(super) fn unknown_type<T>(kind: u32, type_name: &str) -> Result<T> {
    value_error(format!("Unknown format code '{}' for object of type '{type_name}'", shown(kind)))
}

impl Spec {
    /// Parse `spec` for a value of type `type_name`.
    pub fn parse(spec: &Str, default_kind: char, default_align: u8, type_name: &str) -> Result<Spec> {
        let mut cursor = Cursor { spec, at: 0 };
        let default_kind = default_kind as u32;
        let mut out = Spec {
            fill: ' ' as u32,
            align: default_align,
            alternate: false,
            no_negative_zero: false,
            sign: 0,
            width: None,
            grouping: Grouping::None,
            fraction_grouping: Grouping::None,
            precision: None,
            kind: default_kind,
        };
        let (mut has_fill, mut has_align) = (false, false);
        if let (Some(fill), Some(align)) = (cursor.peek(0), cursor.peek(1).filter(|&c| is_align(c))) {
            (out.fill, out.align) = (fill, align as u8);
            (has_fill, has_align) = (true, true);
            cursor.at += 2;
        } else if let Some(align) = cursor.peek(0).filter(|&c| is_align(c)) {
            out.align = align as u8;
            has_align = true;
            cursor.at += 1;
        }
        if let Some(sign) = cursor.peek(0).filter(|&c| c == '+' as u32 || c == '-' as u32 || c == ' ' as u32) {
            out.sign = sign as u8;
            cursor.at += 1;
        }
        out.no_negative_zero = cursor.eat('z');
        out.alternate = cursor.eat('#');
        if !has_fill && cursor.eat('0') {
            out.fill = '0' as u32;
            if !has_align && default_align == b'>' {
                out.align = b'=';
            }
        }
        out.width = cursor.number()?;
        out.grouping = cursor.grouping()?;
        if cursor.eat('.') {
            out.precision = cursor.number()?;
            out.fraction_grouping = cursor.grouping()?;
            if out.precision.is_none() && out.fraction_grouping == Grouping::None {
                return value_error("Format specifier missing precision");
            }
        }
        match spec.len() - cursor.at {
            0 => {}
            1 => out.kind = spec.get(cursor.at),
            _ => {
                return value_error(format!("Invalid format specifier '{spec}' for object of type '{type_name}'"));
            }
        }
        out.check_grouping()?;
        Ok(out)
    }

    /// What can be said without knowing the value.
    fn check_grouping(&mut self) -> Result<()> {
        let kind = char::from_u32(self.kind).unwrap_or('\u{FFFD}');
        if self.grouping != Grouping::None {
            match kind {
                'd' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F' | '\0' => {}
                'b' | 'o' | 'x' | 'X' if self.grouping == Grouping::Underscore => {
                    self.grouping = Grouping::UnderscoreFour;
                }
                _ => return grouping_with_type(self.grouping, self.kind),
            }
        }
        if kind == 'n' && self.fraction_grouping != Grouping::None {
            return grouping_with_type(self.fraction_grouping, self.kind);
        }
        Ok(())
    }

    pub(super) fn kind_char(&self) -> char {
        char::from_u32(self.kind).unwrap_or('\u{FFFD}')
    }
}
