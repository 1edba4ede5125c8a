//! Building strings from strings: `replace`, `join`, padding, stripping, `expandtabs`, repetition, slices.

use super::search::Needle;
use crate::prelude::*;
use object::string::copy_short;
use object::{Chars, StrBuilder, Width};
use smallvec::SmallVec;

/// `s.replace(old, new, limit)`.
pub fn replace(cx: &mut Cx, s: Gc<Str>, old: Gc<Str>, new: Gc<Str>, limit: usize) -> PyResult<Gc<Str>> {
    if limit == 0 || old.len() > s.len() || old.equals(&new) {
        return Ok(s);
    }
    if old.is_empty() {
        return interleave(cx, s, new, limit);
    }
    let Some(needle) = Needle::new(&s, &old) else { return Ok(s) };
    let needle = needle.prepared(&s);
    let Some(mut found) = needle.find(&s, 0, s.len()) else { return Ok(s) };
    if let (Chars::Latin1(text), Chars::Latin1(new)) = (s.chars(), new.chars()) {
        let mut places: SmallVec<[usize; 32]> = SmallVec::from_elem(found, 1);
        while places.len() < limit
            && let Some(next) = needle.find(&s, found + old.len(), s.len())
        {
            places.push(next);
            found = next;
        }
        let len = new.len().checked_mul(places.len()).and_then(|n| n.checked_add(s.len() - places.len() * old.len()));
        let len = check_length(cx, len)?;
        let fill = |mut out: &mut [u8]| {
            let mut push = |bytes: &[u8]| {
                let (head, rest) = std::mem::take(&mut out).split_at_mut(bytes.len());
                copy_short(head, bytes);
                out = rest;
            };
            let mut at = 0;
            for &place in &places {
                push(&text[at..place]);
                push(new);
                at = place + old.len();
            }
            push(&text[at..]);
        };
        return Str::build_latin1(&mut cx.heap, len, fill).or_raise(cx);
    }
    if new.len() > old.len() {
        let n = needle.count(&s, found, s.len(), limit);
        check_length(cx, (new.len() - old.len()).checked_mul(n).and_then(|more| more.checked_add(s.len())))?;
    }
    let mut out = StrBuilder::with_capacity(s.len());
    let (mut at, mut n) = (0, 0);
    loop {
        out.push_slice(&s, at, found);
        out.push_py(&new);
        at = found + old.len();
        n += 1;
        if n == limit {
            break;
        }
        match needle.find(&s, at, s.len()) {
            Some(next) => found = next,
            None => break,
        }
    }
    out.push_slice(&s, at, s.len());
    out.finish(&mut cx.heap).or_raise(cx)
}

/// Replacing the empty string: `new` before every character and at the end.
fn interleave(cx: &mut Cx, s: Gc<Str>, new: Gc<Str>, limit: usize) -> PyResult<Gc<Str>> {
    let n = limit.min(s.len() + 1);
    check_length(cx, new.len().checked_mul(n).and_then(|more| more.checked_add(s.len())))?;
    let mut out = StrBuilder::with_capacity(s.len() + n * new.len());
    for i in 0..n {
        out.push_py(&new);
        if i < s.len() {
            out.push(s.get(i));
        }
    }
    out.push_slice(&s, n.min(s.len()), s.len());
    out.finish(&mut cx.heap).or_raise(cx)
}

/// Lengths from which on the memory is asked for before the work begins.
const LONG: usize = 1 << 26;

/// Raise MemoryError for a length that does not fit in memory: Rust's vectors would end the process instead.
pub fn check_length(cx: &mut Cx, n: Option<usize>) -> PyResult<usize> {
    // What is built here exists twice before it is on the heap.
    let most = (cx.heap.raw.limit_bytes() / 2).min(1 << 40);
    let Some(n) = n.filter(|&n| n <= LONG || n < most) else { return Err(memory_error(cx)) };
    if n > LONG && Vec::<u16>::new().try_reserve_exact(n).is_err() {
        return Err(memory_error(cx));
    }
    Ok(n)
}

/// Items of a list or tuple that no Python code runs between.
#[derive(Clone, Copy)]
enum Items {
    List(Gc<List>),
    Tuple(Gc<Tuple>),
}

impl Items {
    fn len(self) -> usize {
        match self {
            Items::List(l) => l.len(),
            Items::Tuple(t) => t.len(),
        }
    }

    fn get(self, i: usize) -> Value {
        match self {
            Items::List(l) => l.get(i).unwrap_or(Value::NONE),
            Items::Tuple(t) => t.get(i),
        }
    }

    /// An item that is known to be a string.
    fn str(self, i: usize) -> Gc<Str> {
        self.get(i).downcast().expect("all items were seen to be strings")
    }
}

/// `separator.join(iterable)`.
pub fn join(cx: &mut Cx, separator: Gc<Str>, iterable: Value) -> PyResult<Gc<Str>> {
    let exact_list = iterable.cast::<List>().filter(|_| cx.class_of(iterable) == cx.types().list);
    let items = if let Some(list) = exact_list {
        Items::List(list)
    } else if let Some(tuple) = iterable.cast::<Tuple>() {
        Items::Tuple(tuple)
    } else {
        if cx.class_of(iterable).slots.iter.get().is_none() && cx.class_of(iterable).slots.getitem.get().is_none() {
            return Err(type_error(cx, "can only join an iterable"));
        }
        Items::List(to_list(cx, iterable)?)
    };
    let n = items.len();
    let (mut len, mut width) = (0usize, if n > 1 { separator.width() } else { Width::One });
    for i in 0..n {
        let item = items.get(i);
        let Some(s) = item.downcast::<Str>() else {
            let name = type_name(cx, item);
            return Err(type_error(cx, format!("sequence item {i}: expected str instance, {name} found")));
        };
        if n == 1 && item.is_a::<Str>() {
            return Ok(s);
        }
        width = width.max(s.width());
        len = len.saturating_add(s.len() + separator.len());
    }
    if n == 0 {
        return Ok(cx.vm().empty_str());
    }
    let len = check_length(cx, Some(len - separator.len()))?;
    let each = |push: &mut dyn FnMut(&Str)| {
        for i in 0..n {
            if i > 0 && !separator.is_empty() {
                push(&separator);
            }
            push(&items.str(i));
        }
    };
    match width {
        Width::One => Str::build_latin1(&mut cx.heap, len, |mut out| {
            let mut push = |bytes: &[u8]| {
                let (head, rest) = std::mem::take(&mut out).split_at_mut(bytes.len());
                copy_short(head, bytes);
                out = rest;
            };
            let separator = separator.raw_bytes();
            for i in 0..n {
                if i > 0 {
                    push(separator);
                }
                push(items.str(i).raw_bytes());
            }
        })
        .or_raise(cx),
        Width::Two => {
            let mut out: Vec<u16> = Vec::with_capacity(len);
            each(&mut |s| match s.chars() {
                Chars::Ucs2(units) => out.extend_from_slice(units),
                _ => out.extend(s.iter().map(|c| c as u16)),
            });
            Str::from_ucs2(&mut cx.heap, &out).or_raise(cx)
        }
        Width::Four => {
            let mut out: Vec<u32> = Vec::with_capacity(len);
            each(&mut |s| out.extend(s.iter()));
            Str::from_ucs4(&mut cx.heap, &out).or_raise(cx)
        }
    }
}

/// `s * n`.
pub fn repeat(cx: &mut Cx, s: Gc<Str>, n: isize) -> PyResult<Gc<Str>> {
    let n = n.max(0) as usize;
    if n == 0 || s.is_empty() {
        return Ok(cx.vm().empty_str());
    }
    if n == 1 {
        return Ok(s);
    }
    check_length(cx, s.len().checked_mul(n))?;
    match s.chars() {
        Chars::Latin1(c) => {
            let fill = |out: &mut [u8]| match *c {
                [byte] => out.fill(byte),
                _ => out.chunks_exact_mut(c.len()).for_each(|out| out.copy_from_slice(c)),
            };
            Str::build_latin1(&mut cx.heap, c.len() * n, fill).or_raise(cx)
        }
        Chars::Ucs2(c) => {
            let out = c.repeat(n);
            Str::from_ucs2(&mut cx.heap, &out).or_raise(cx)
        }
        Chars::Ucs4(c) => {
            let out = c.repeat(n);
            Str::from_ucs4(&mut cx.heap, &out).or_raise(cx)
        }
    }
}

/// `s[start::step]`, `count` characters.
pub fn slice(cx: &mut Cx, s: Gc<Str>, start: isize, step: isize, count: usize) -> PyResult<Gc<Str>> {
    if step == 1 {
        let start = start as usize;
        return Str::substring(&mut cx.heap, s, start, start + count).or_raise(cx);
    }
    let at = |i: usize| (start + i as isize * step) as usize;
    match s.chars() {
        Chars::Latin1(c) => {
            let out: Vec<u8> = (0..count).map(|i| c[at(i)]).collect();
            Str::from_latin1(&mut cx.heap, &out).or_raise(cx)
        }
        Chars::Ucs2(c) => {
            let out: Vec<u16> = (0..count).map(|i| c[at(i)]).collect();
            Str::from_ucs2(&mut cx.heap, &out).or_raise(cx)
        }
        Chars::Ucs4(c) => {
            let out: Vec<u32> = (0..count).map(|i| c[at(i)]).collect();
            Str::from_ucs4(&mut cx.heap, &out).or_raise(cx)
        }
    }
}

/// `left` and `right` fill characters around `s`.
pub fn pad(cx: &mut Cx, s: Gc<Str>, left: usize, right: usize, fill: u32) -> PyResult<Gc<Str>> {
    if left == 0 && right == 0 {
        return Ok(s);
    }
    let n = check_length(cx, s.len().checked_add(left).and_then(|n| n.checked_add(right)))?;
    let mut out = StrBuilder::with_capacity(n);
    out.push_repeated(fill, left);
    out.push_py(&s);
    out.push_repeated(fill, right);
    out.finish(&mut cx.heap).or_raise(cx)
}

/// Which ends to strip.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    Left,
    Right,
    Both,
}

/// Bounds of `s` without the characters that `strip` holds for.
pub fn strip_bounds(s: &Str, ends: Ends, strip: impl Fn(u32) -> bool) -> (usize, usize) {
    let (mut start, mut end) = (0, s.len());
    if ends != Ends::Right {
        while start < end && strip(s.get(start)) {
            start += 1;
        }
    }
    if ends != Ends::Left {
        while end > start && strip(s.get(end - 1)) {
            end -= 1;
        }
    }
    (start, end)
}

/// `s.expandtabs(tab_size)`.
pub fn expand_tabs(cx: &mut Cx, s: Gc<Str>, tab_size: i64) -> PyResult<Gc<Str>> {
    const TAB: u32 = '\t' as u32;
    if s.as_latin1().is_some_and(|b| memchr::memchr(b'\t', b).is_none()) {
        return Ok(s);
    }
    let mut out = StrBuilder::with_capacity(s.len());
    let mut column: i64 = 0;
    for c in s.iter() {
        if c == TAB {
            if tab_size > 0 {
                let n = tab_size - column % tab_size;
                column += n;
                if check_length(cx, Some(out.len() + n as usize)).is_err() {
                    if let Some(raised) = cx.pending() {
                        cx.take_raised(raised);
                    }
                    return Err(overflow_error(cx, "new string is too long"));
                }
                out.push_repeated(' ' as u32, n as usize);
            }
        } else {
            column = if c == 10 || c == 13 { 0 } else { column + 1 };
            out.push(c);
        }
    }
    out.finish(&mut cx.heap).or_raise(cx)
}

/// `s.zfill(width)`: zeros behind a sign.
pub fn zero_fill(cx: &mut Cx, s: Gc<Str>, width: isize) -> PyResult<Gc<Str>> {
    let fill = width.max(0) as usize;
    if fill <= s.len() {
        return Ok(s);
    }
    let n = check_length(cx, Some(fill))?;
    let signed = !s.is_empty() && (s.get(0) == '+' as u32 || s.get(0) == '-' as u32);
    let mut out = StrBuilder::with_capacity(n);
    if signed {
        out.push(s.get(0));
    }
    out.push_repeated('0' as u32, n - s.len());
    out.push_slice(&s, signed as usize, s.len());
    out.finish(&mut cx.heap).or_raise(cx)
}
