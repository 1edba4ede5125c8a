//! Finding one string in another: `find`, `count`, `in`, and the positions that `replace`, `split` and `partition` need.
//!
//! Pure: code points only. A needle is brought to the haystack's width once; then the bytes are searched, and matches
//! that do not start at a character are passed over.

use memchr::memmem;
use object::{Chars, Str, Width};
use std::borrow::Cow;

/// A needle that is not empty, in the width of the haystack.
pub struct Needle<'a> {
    bytes: Cow<'a, [u8]>,
    unit: usize,
    finder: Option<Box<memmem::Finder<'a>>>,
}

/// The first match in a text of a few bytes; the needle is not empty.
fn find_short(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let (&first, rest) = needle.split_first()?;
    let last = haystack.len().checked_sub(needle.len())?;
    haystack[..=last].iter().enumerate().find_map(|(i, &byte)| {
        let is_match = byte == first && haystack[i + 1..].starts_with(rest);
        is_match.then_some(i)
    })
}

/// Places at which the first byte is found and the others are not, after which a search by the first byte gives up.
const MISSES: usize = 16;

/// The first match, by the places of the needle's first byte; after many of them by the library's search, whose time does
/// not depend on the texts but which takes longer to begin.
fn find_by_first(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let (&first, rest) = needle.split_first()?;
    let last = haystack.len().checked_sub(needle.len())?;
    let mut at = 0;
    for _ in 0..MISSES {
        at += memchr::memchr(first, &haystack[at..=last])?;
        if haystack[at + 1..].starts_with(rest) {
            return Some(at);
        }
        at += 1;
        if at > last {
            return None;
        }
    }
    memmem::find(&haystack[at..], needle).map(|i| at + i)
}

/// The raw bytes of `s` in `width`, which must not be less than its own.
fn bytes_in(s: &Str, width: Width) -> Cow<'_, [u8]> {
    if s.width() == width {
        return Cow::Borrowed(s.raw_bytes());
    }
    let mut out = Vec::with_capacity(s.len() * width.bytes());
    for c in s.iter() {
        out.extend_from_slice(&c.to_ne_bytes()[..width.bytes()]);
    }
    if cfg!(target_endian = "big") {
        out.clear();
        s.iter().for_each(|c| out.extend_from_slice(&c.to_ne_bytes()[4 - width.bytes()..]));
    }
    Cow::Owned(out)
}

/// A finder is made for texts of so many bytes.
const WORTH_PREPARING: usize = 1024;

impl<'a> Needle<'a> {
    /// `None` when the needle holds a character that no string of the haystack's width has.
    pub fn new(haystack: &Str, needle: &'a Str) -> Option<Needle<'a>> {
        debug_assert!(!needle.is_empty());
        if needle.width() > haystack.width() {
            return None;
        }
        let bytes = bytes_in(needle, haystack.width());
        Some(Needle { bytes, unit: haystack.width().bytes(), finder: None })
    }

    /// Prepare for many searches in a long text.
    pub fn prepared(mut self, haystack: &Str) -> Needle<'a> {
        if self.bytes.len() > 1 && haystack.byte_len() >= WORTH_PREPARING {
            self.finder = Some(Box::new(memmem::Finder::new(&self.bytes).into_owned()));
        }
        self
    }

    fn find_bytes(&self, haystack: &[u8]) -> Option<usize> {
        match (&self.finder, self.bytes.as_ref()) {
            (None, needle) if haystack.len() < 32 => find_short(haystack, needle),
            (_, &[byte]) => memchr::memchr(byte, haystack),
            (Some(finder), _) => finder.find(haystack),
            (None, bytes) => find_by_first(haystack, bytes),
        }
    }

    /// The first match within characters `[start, end)`.
    pub fn find(&self, haystack: &Str, start: usize, end: usize) -> Option<usize> {
        let bytes = &haystack.raw_bytes()[..end * self.unit];
        let mut at = start * self.unit;
        while at <= bytes.len() {
            let found = at + self.find_bytes(&bytes[at..])?;
            if found % self.unit == 0 {
                return Some(found / self.unit);
            }
            at = (found / self.unit + 1) * self.unit;
        }
        None
    }

    /// The last match within characters `[start, end)`.
    pub fn rfind(&self, haystack: &Str, start: usize, end: usize) -> Option<usize> {
        let bytes = &haystack.raw_bytes()[start * self.unit..end * self.unit];
        if let &[byte] = self.bytes.as_ref() {
            return memchr::memrchr(byte, bytes).map(|i| start + i);
        }
        let finder = memmem::FinderRev::new(&self.bytes);
        let mut limit = bytes.len();
        loop {
            let found = finder.rfind(&bytes[..limit])?;
            if found % self.unit == 0 {
                return Some(start + found / self.unit);
            }
            limit = (found + self.bytes.len()).checked_sub(1)?;
        }
    }

    /// Matches that do not overlap within `[start, end)`, at most `limit`.
    pub fn count(&self, haystack: &Str, start: usize, end: usize, limit: usize) -> usize {
        if let (&[byte], usize::MAX) = (self.bytes.as_ref(), limit) {
            return memchr::memchr_iter(byte, &haystack.raw_bytes()[start..end]).count();
        }
        let (mut n, mut at, step) = (0, start, self.bytes.len() / self.unit);
        while n < limit
            && let Some(found) = self.find(haystack, at, end)
        {
            n += 1;
            at = found + step;
        }
        n
    }
}

/// `s.find(needle)` within `[start, end)`, which are within the string.
pub fn find(s: &Str, needle: &Str, start: usize, end: usize) -> Option<usize> {
    if start > end || needle.len() > end - start {
        return None;
    }
    if needle.is_empty() {
        return Some(start);
    }
    Needle::new(s, needle)?.find(s, start, end)
}

/// `s.rfind(needle)` within `[start, end)`.
pub fn rfind(s: &Str, needle: &Str, start: usize, end: usize) -> Option<usize> {
    if start > end || needle.len() > end - start {
        return None;
    }
    if needle.is_empty() {
        return Some(end);
    }
    Needle::new(s, needle)?.rfind(s, start, end)
}

/// `s.count(needle)` within `[start, end)`.
pub fn count(s: &Str, needle: &Str, start: usize, end: usize) -> usize {
    if start > end || needle.len() > end - start {
        return 0;
    }
    if needle.is_empty() {
        return end - start + 1;
    }
    Needle::new(s, needle).map_or(0, |n| n.prepared(s).count(s, start, end, usize::MAX))
}

pub fn contains(s: &Str, needle: &Str) -> bool {
    find(s, needle, 0, s.len()).is_some()
}

/// Whether `part` stands at character `at` of `s`.
pub fn matches_at(s: &Str, part: &Str, at: usize) -> bool {
    if at + part.len() > s.len() {
        return false;
    }
    match (s.chars(), part.chars()) {
        (Chars::Latin1(a), Chars::Latin1(b)) => &a[at..at + b.len()] == b,
        (Chars::Ucs2(a), Chars::Ucs2(b)) => &a[at..at + b.len()] == b,
        (Chars::Ucs4(a), Chars::Ucs4(b)) => &a[at..at + b.len()] == b,
        _ if part.width() > s.width() => false,
        _ => part.iter().enumerate().all(|(i, c)| s.get(at + i) == c),
    }
}
