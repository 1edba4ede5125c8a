//! Case conversions and the `is*` predicates of `str`: code points in, code points out.

use crate::error::OrRaise;
use crate::unicode::*;
use object::{Cx, Gc, PyResult, Str, StrBuilder};

const CAPITAL_SIGMA: u32 = 0x3A3;

/// The lower case of the capital sigma at `i`: final behind a cased character and not before one.
fn lower_sigma(s: &Str, i: usize) -> u32 {
    let behind = (0..i).rev().map(|j| s.get(j)).find(|&c| !is_case_ignorable(c));
    if !behind.is_some_and(is_cased) {
        return 0x3C3;
    }
    let ahead = (i + 1..s.len()).map(|j| s.get(j)).find(|&c| !is_case_ignorable(c));
    if ahead.is_some_and(is_cased) { 0x3C3 } else { 0x3C2 }
}

fn push_lower(out: &mut StrBuilder, s: &Str, i: usize, c: u32) {
    if c == CAPITAL_SIGMA {
        out.push(lower_sigma(s, i));
    } else {
        map_case(c, Case::Lower, |c| out.push(c));
    }
}

/// An ASCII string byte by byte, any other through `convert`.
#[inline(always)]
fn converted(
    cx: &mut Cx,
    s: Gc<Str>,
    ascii: impl Fn(u8) -> u8,
    convert: impl FnOnce(&mut StrBuilder),
) -> PyResult<Gc<Str>> {
    if let Some(text) = s.as_ascii() {
        let fill = |out: &mut [u8]| out.iter_mut().zip(text.bytes()).for_each(|(out, b)| *out = ascii(b));
        return Str::build_latin1(&mut cx.heap, text.len(), fill).or_raise(cx);
    }
    let mut out = StrBuilder::with_capacity(s.len());
    convert(&mut out);
    out.finish(&mut cx.heap).or_raise(cx)
}

pub fn lower(cx: &mut Cx, s: Gc<Str>) -> PyResult<Gc<Str>> {
    converted(
        cx,
        s,
        |b| b.to_ascii_lowercase(),
        |out| s.iter().enumerate().for_each(|(i, c)| push_lower(out, &s, i, c)),
    )
}

pub fn upper(cx: &mut Cx, s: Gc<Str>) -> PyResult<Gc<Str>> {
    converted(cx, s, |b| b.to_ascii_uppercase(), |out| s.iter().for_each(|c| map_case(c, Case::Upper, |c| out.push(c))))
}

pub fn fold(cx: &mut Cx, s: Gc<Str>) -> PyResult<Gc<Str>> {
    converted(cx, s, |b| b.to_ascii_lowercase(), |out| s.iter().for_each(|c| map_case(c, Case::Fold, |c| out.push(c))))
}

pub fn capitalize(s: &Str) -> StrBuilder {
    let mut out = StrBuilder::with_capacity(s.len());
    for (i, c) in s.iter().enumerate() {
        if i == 0 {
            map_case(c, Case::Title, |c| out.push(c));
        } else {
            push_lower(&mut out, s, i, c);
        }
    }
    out
}

pub fn title(s: &Str) -> StrBuilder {
    let mut out = StrBuilder::with_capacity(s.len());
    let mut previous_is_cased = false;
    for (i, c) in s.iter().enumerate() {
        if previous_is_cased {
            push_lower(&mut out, s, i, c);
        } else {
            map_case(c, Case::Title, |c| out.push(c));
        }
        previous_is_cased = is_cased(c);
    }
    out
}

pub fn swap_case(s: &Str) -> StrBuilder {
    let mut out = StrBuilder::with_capacity(s.len());
    for (i, c) in s.iter().enumerate() {
        if is_upper(c) {
            push_lower(&mut out, s, i, c);
        } else if is_lower(c) {
            map_case(c, Case::Upper, |c| out.push(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether `s` is not empty and `test` holds for every character.
pub fn all(s: &Str, test: fn(u32) -> bool) -> bool {
    !s.is_empty() && s.iter().all(test)
}

pub fn is_lower_text(s: &Str) -> bool {
    let mut cased = false;
    for c in s.iter() {
        if is_upper(c) || is_title(c) {
            return false;
        }
        cased |= is_lower(c);
    }
    cased
}

pub fn is_upper_text(s: &Str) -> bool {
    let mut cased = false;
    for c in s.iter() {
        if is_lower(c) || is_title(c) {
            return false;
        }
        cased |= is_upper(c);
    }
    cased
}

pub fn is_title_text(s: &Str) -> bool {
    let (mut cased, mut previous) = (false, false);
    for c in s.iter() {
        if is_upper(c) || is_title(c) {
            if previous {
                return false;
            }
            (cased, previous) = (true, true);
        } else if is_lower(c) {
            if !previous {
                return false;
            }
            (cased, previous) = (true, true);
        } else {
            previous = false;
        }
    }
    cased
}

pub fn is_identifier(s: &Str) -> bool {
    let mut chars = s.iter();
    chars.next().is_some_and(is_identifier_start) && chars.all(is_identifier_continue)
}
