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

/// The mapping of `c` when it is one character.
fn single(c: u32, case: unicode::Case) -> Option<u32> {
    let (mut n, mut mapped) = (0, c);
    unicode::map_case(c, case, |to| {
        n += 1;
        mapped = to;
    });
    (n == 1).then_some(mapped)
}

/// The simple (one to one) lower-case mapping.
pub fn lower_unicode(c: u32) -> u32 {
    if c < 128 {
        return lower_ascii(c);
    }
    // The only character whose full mapping has two.
    if c == 0x130 { 'i' as u32 } else { single(c, unicode::Case::Lower).unwrap_or(c) }
}

/// The simple upper-case mapping. Where the full one has several characters, the title-case one tells: Greek letters with
/// iota subscript have a single one, ligatures do not.
pub fn upper_unicode(c: u32) -> u32 {
    single(c, unicode::Case::Upper).or_else(|| single(c, unicode::Case::Title)).unwrap_or(c)
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
