//! Case and classes of single characters, as patterns see them.

use runtime::unicode;

/// How a comparison ignores case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Case {
    Exact,
    Ascii,
    /// The C locale's: as ASCII.
    Locale,
    Unicode,
}

#[inline]
pub fn lower_ascii(c: u32) -> u32 {
    if (65..=90).contains(&c) { c + 32 } else { c }
}

/// The first character of what `c` maps to.
fn first(c: u32, case: unicode::Case) -> u32 {
    let mut mapped = None;
    unicode::map_case(c, case, |to| _ = mapped.get_or_insert(to));
    mapped.unwrap_or(c)
}

pub fn lower_unicode(c: u32) -> u32 {
    if c < 128 { lower_ascii(c) } else { first(c, unicode::Case::Lower) }
}

pub fn upper_unicode(c: u32) -> u32 {
    first(c, unicode::Case::Upper)
}

pub fn upper_locale(c: u32) -> u32 {
    if (97..=122).contains(&c) { c - 32 } else { c }
}

#[inline]
pub fn lower(c: u32, case: Case) -> u32 {
    match case {
        Case::Exact => c,
        Case::Ascii | Case::Locale => lower_ascii(c),
        Case::Unicode => lower_unicode(c),
    }
}

/// Whether `c` equals the pattern's literal.
#[inline]
pub fn equals(c: u32, literal: u32, case: Case) -> bool {
    c == literal || lower(c, case) == literal || (case == Case::Locale && upper_locale(c) == literal)
}

pub fn is_digit(c: u32) -> bool {
    if c < 128 { (48..58).contains(&c) } else { unicode::is_decimal(c) }
}

pub fn is_space(c: u32) -> bool {
    if c < 128 { matches!(c, 9..=13 | 28..=32) } else { unicode::is_space(c) }
}

pub fn is_alnum(c: u32) -> bool {
    if c < 128 { (c as u8).is_ascii_alphanumeric() } else { unicode::is_alnum(c) }
}
