//! Character properties and case mappings of Unicode 16, as CPython 3.14's `str` methods see them.
//!
//! Called by the text types and the formatter. Normalisation is not here.

mod generated;

use generated::{DECIMAL_ZEROS, RECORDS, RUN_RECORDS, RUN_STARTS, SPECIALS};
use std::sync::LazyLock;

/// Properties that a run of code points shares: flags, and the distance to the mapped character.
pub(crate) struct Record {
    flags: u16,
    lower: i32,
    upper: i32,
    title: i32,
    fold: i32,
}

const ALPHA: u16 = 1;
const DECIMAL: u16 = 1 << 1;
const DIGIT: u16 = 1 << 2;
const NUMERIC: u16 = 1 << 3;
const LOWER: u16 = 1 << 4;
const UPPER: u16 = 1 << 5;
const TITLE: u16 = 1 << 6;
const SPACE: u16 = 1 << 7;
const PRINTABLE: u16 = 1 << 8;
const START: u16 = 1 << 9;
const CONTINUE: u16 = 1 << 10;
const CASED: u16 = 1 << 11;
const IGNORABLE: u16 = 1 << 12;
const SPECIAL: u16 = 1 << 13;

fn search(c: u32) -> &'static Record {
    let run = RUN_STARTS.partition_point(|&start| start <= c) - 1;
    &RECORDS[RUN_RECORDS[run] as usize]
}

/// Most text is Latin-1: no search for it.
static LATIN1: LazyLock<[&'static Record; 256]> = LazyLock::new(|| std::array::from_fn(|c| search(c as u32)));

#[inline]
fn record(c: u32) -> &'static Record {
    if c < 256 { LATIN1[c as usize] } else { search(c) }
}

#[inline]
fn has(c: u32, flag: u16) -> bool {
    record(c).flags & flag != 0
}

pub fn is_alpha(c: u32) -> bool {
    if c < 128 { (c as u8).is_ascii_alphabetic() } else { has(c, ALPHA) }
}

pub fn is_decimal(c: u32) -> bool {
    has(c, DECIMAL)
}

pub fn is_digit(c: u32) -> bool {
    has(c, DIGIT)
}

pub fn is_numeric(c: u32) -> bool {
    has(c, NUMERIC)
}

pub fn is_alnum(c: u32) -> bool {
    has(c, ALPHA | DECIMAL | DIGIT | NUMERIC)
}

pub fn is_lower(c: u32) -> bool {
    has(c, LOWER)
}

pub fn is_upper(c: u32) -> bool {
    has(c, UPPER)
}

pub fn is_title(c: u32) -> bool {
    has(c, TITLE)
}

/// What `str.isspace` and `str.split()` take for white space.
#[inline]
pub fn is_space(c: u32) -> bool {
    if c < 128 { matches!(c, 9..=13 | 28..=32) } else { has(c, SPACE) }
}

#[inline]
pub fn is_printable(c: u32) -> bool {
    if c < 128 { (0x20..0x7F).contains(&c) } else { has(c, PRINTABLE) }
}

/// What ends a line for `str.splitlines`.
#[inline]
pub fn is_line_break(c: u32) -> bool {
    matches!(c, 10..=13 | 28..=30 | 0x85 | 0x2028 | 0x2029)
}

pub fn is_identifier_start(c: u32) -> bool {
    has(c, START)
}

pub fn is_identifier_continue(c: u32) -> bool {
    has(c, CONTINUE)
}

pub fn is_cased(c: u32) -> bool {
    has(c, CASED)
}

pub fn is_case_ignorable(c: u32) -> bool {
    has(c, IGNORABLE)
}

/// The value of a decimal digit of any script.
pub fn decimal_value(c: u32) -> Option<u32> {
    if c < 128 {
        return (c as u8).is_ascii_digit().then(|| c - b'0' as u32);
    }
    let i = DECIMAL_ZEROS.partition_point(|&zero| zero <= c).checked_sub(1)?;
    Some(c - DECIMAL_ZEROS[i]).filter(|&value| value < 10)
}

/// The character of this name, in any case of its letters.
pub fn character_named(name: &str) -> Option<char> {
    let c = unicode_names2::character(name)?;
    // The look-up is lenient about spaces and hyphens; Python is not.
    let exact = unicode_names2::name(c).is_none_or(|own| own.to_string().eq_ignore_ascii_case(name));
    exact.then_some(c)
}

/// Which case mapping to apply.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Case {
    Lower,
    Upper,
    Title,
    Fold,
}

/// Hand the characters that `c` maps to to `push`. The final sigma is the caller's business.
#[inline]
pub fn map_case(c: u32, case: Case, mut push: impl FnMut(u32)) {
    let record = record(c);
    if record.flags & SPECIAL != 0 {
        let i = SPECIALS.binary_search_by_key(&c, |&(code, _)| code).expect("every special character is listed");
        SPECIALS[i].1[case as usize].chars().for_each(|c| push(c as u32));
        return;
    }
    let delta = match case {
        Case::Lower => record.lower,
        Case::Upper => record.upper,
        Case::Title => record.title,
        Case::Fold => record.fold,
    };
    push(c.wrapping_add_signed(delta));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped(c: char, case: Case) -> String {
        let mut out = String::new();
        map_case(c as u32, case, |c| out.push(char::from_u32(c).expect("a scalar value")));
        out
    }

    #[test]
    fn properties_of_a_few_characters() {
        assert!(is_alpha('é' as u32) && is_alpha('中' as u32) && !is_alpha('1' as u32));
        assert!(is_digit('²' as u32) && !is_decimal('²' as u32) && is_numeric('½' as u32));
        assert!(is_space(0x3000) && is_space(0x1c) && !is_printable(0xAD) && !is_printable(0x10FFFF));
        assert_eq!(decimal_value('٣' as u32), Some(3));
        assert_eq!(decimal_value('²' as u32), None);
        assert!(is_title('ǅ' as u32) && is_cased('ª' as u32) && is_case_ignorable('\'' as u32));
    }

    #[test]
    fn mappings_longer_than_a_character() {
        assert_eq!(mapped('ß', Case::Upper), "SS");
        assert_eq!(mapped('ß', Case::Fold), "ss");
        assert_eq!(mapped('ŉ', Case::Title), "ʼN");
        assert_eq!(mapped('İ', Case::Lower), "i̇");
        assert_eq!(mapped('Ā', Case::Lower), "ā");
        assert_eq!(mapped('µ', Case::Upper), "Μ");
    }
}
