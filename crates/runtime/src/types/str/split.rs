//! Cutting strings: `split`, `rsplit`, `splitlines`, `partition`.
//!
//! The cuts are found as index pairs, without allocation in the heap; [`super::class`] makes the list.

use super::search::Needle;
use crate::unicode::{is_line_break, is_space};
use object::{Chars, Str};
use smallvec::SmallVec;

/// Pairs `(start, end)` of the pieces, in order.
pub type Pieces = SmallVec<[(usize, usize); 16]>;

fn whitespace_pieces<T: Copy + Into<u32>>(s: &[T], limit: usize) -> Pieces {
    let mut out = Pieces::new();
    let mut i = 0;
    loop {
        while i < s.len() && is_space(s[i].into()) {
            i += 1;
        }
        if i == s.len() {
            return out;
        }
        if out.len() == limit {
            out.push((i, s.len()));
            return out;
        }
        let start = i;
        while i < s.len() && !is_space(s[i].into()) {
            i += 1;
        }
        out.push((start, i));
    }
}

/// As [`whitespace_pieces`] without a limit, in one pass.
fn latin1_words(s: &[u8]) -> Pieces {
    let mut out = Pieces::new();
    let mut start = None;
    for (i, &c) in s.iter().enumerate() {
        match (matches!(c, 9..=13 | 28..=32 | 0x85 | 0xA0), start) {
            (true, Some(from)) => {
                out.push((from, i));
                start = None;
            }
            (false, None) => start = Some(i),
            _ => {}
        }
    }
    out.extend(start.map(|from| (from, s.len())));
    out
}

fn whitespace_pieces_from_right<T: Copy + Into<u32>>(s: &[T], limit: usize) -> Pieces {
    let mut out = Pieces::new();
    let mut i = s.len();
    loop {
        while i > 0 && is_space(s[i - 1].into()) {
            i -= 1;
        }
        if i == 0 {
            break;
        }
        if out.len() == limit {
            out.push((0, i));
            break;
        }
        let end = i;
        while i > 0 && !is_space(s[i - 1].into()) {
            i -= 1;
        }
        out.push((i, end));
    }
    out.reverse();
    out
}

/// `s.split(None, limit)`.
pub fn split_whitespace(s: &Str, limit: usize) -> Pieces {
    match s.chars() {
        Chars::Latin1(c) if limit == usize::MAX => latin1_words(c),
        Chars::Latin1(c) => whitespace_pieces(c, limit),
        Chars::Ucs2(c) => whitespace_pieces(c, limit),
        Chars::Ucs4(c) => whitespace_pieces(c, limit),
    }
}

/// `s.rsplit(None, limit)`.
pub fn rsplit_whitespace(s: &Str, limit: usize) -> Pieces {
    match s.chars() {
        Chars::Latin1(c) => whitespace_pieces_from_right(c, limit),
        Chars::Ucs2(c) => whitespace_pieces_from_right(c, limit),
        Chars::Ucs4(c) => whitespace_pieces_from_right(c, limit),
    }
}

/// Texts up to this length are looked at byte by byte for a separator of one.
const SHORT: usize = 256;

/// `s.split(separator, limit)`; the separator is not empty.
pub fn split(s: &Str, separator: &Str, limit: usize) -> Pieces {
    let mut out = Pieces::new();
    let mut at = 0;
    if let (Chars::Latin1(text), Chars::Latin1(&[byte])) = (s.chars(), separator.chars())
        && limit == usize::MAX
        && text.len() < SHORT
    {
        for (i, _) in text.iter().enumerate().filter(|&(_, &c)| c == byte) {
            out.push((at, i));
            at = i + 1;
        }
    } else if let Some(needle) = Needle::new(s, separator) {
        let needle = needle.prepared(s);
        while out.len() < limit
            && let Some(found) = needle.find(s, at, s.len())
        {
            out.push((at, found));
            at = found + separator.len();
        }
    }
    out.push((at, s.len()));
    out
}

/// `s.rsplit(separator, limit)`; the separator is not empty.
pub fn rsplit(s: &Str, separator: &Str, limit: usize) -> Pieces {
    let mut out = Pieces::new();
    let mut end = s.len();
    if let Some(needle) = Needle::new(s, separator) {
        while out.len() < limit
            && let Some(found) = needle.rfind(s, 0, end)
        {
            out.push((found + separator.len(), end));
            end = found;
        }
    }
    out.push((0, end));
    out.reverse();
    out
}

fn line_pieces<T: Copy + Into<u32>>(s: &[T], keep_ends: bool) -> Pieces {
    let mut out = Pieces::new();
    let (mut i, n) = (0, s.len());
    while i < n {
        let start = i;
        while i < n && !is_line_break(s[i].into()) {
            i += 1;
        }
        let mut end = i;
        if i < n {
            i += if s[i].into() == 13 && i + 1 < n && s[i + 1].into() == 10 { 2 } else { 1 };
            if keep_ends {
                end = i;
            }
        }
        out.push((start, end));
    }
    out
}

/// `s.splitlines(keep_ends)`.
pub fn split_lines(s: &Str, keep_ends: bool) -> Pieces {
    match s.chars() {
        Chars::Latin1(c) => line_pieces(c, keep_ends),
        Chars::Ucs2(c) => line_pieces(c, keep_ends),
        Chars::Ucs4(c) => line_pieces(c, keep_ends),
    }
}
