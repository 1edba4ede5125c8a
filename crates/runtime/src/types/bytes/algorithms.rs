//! The algorithms of `bytes` and `bytearray`, over slices. Pure.

use memchr::memmem;

/// White space as `bytes.isspace` and `bytes.split()` see it.
pub fn is_space(b: u8) -> bool {
    matches!(b, b' ' | 9..=13)
}

/// First match of `needle` within `[start, end)`, which may be empty or reversed.
pub fn find(data: &[u8], needle: &[u8], start: usize, end: usize) -> Option<usize> {
    if start > end || needle.len() > end - start {
        return None;
    }
    match needle {
        [] => Some(start),
        &[byte] => memchr::memchr(byte, &data[start..end]).map(|i| start + i),
        _ => memmem::find(&data[start..end], needle).map(|i| start + i),
    }
}

/// Last match of `needle` within `[start, end)`.
pub fn rfind(data: &[u8], needle: &[u8], start: usize, end: usize) -> Option<usize> {
    if start > end || needle.len() > end - start {
        return None;
    }
    match needle {
        [] => Some(end),
        &[byte] => memchr::memrchr(byte, &data[start..end]).map(|i| start + i),
        _ => memmem::rfind(&data[start..end], needle).map(|i| start + i),
    }
}

/// Matches of `needle` within `[start, end)` that do not overlap.
pub fn count(data: &[u8], needle: &[u8], start: usize, end: usize) -> usize {
    if start > end || needle.len() > end - start {
        return 0;
    }
    match needle {
        [] => end - start + 1,
        &[byte] => memchr::memchr_iter(byte, &data[start..end]).count(),
        _ => memmem::find_iter(&data[start..end], needle).count(),
    }
}

/// Pairs `(start, end)` of pieces.
pub type Pieces = Vec<(usize, usize)>;

pub fn split_whitespace(data: &[u8], limit: usize) -> Pieces {
    let mut out = Vec::new();
    let mut i = 0;
    loop {
        while i < data.len() && is_space(data[i]) {
            i += 1;
        }
        if i == data.len() {
            return out;
        }
        if out.len() == limit {
            out.push((i, data.len()));
            return out;
        }
        let start = i;
        while i < data.len() && !is_space(data[i]) {
            i += 1;
        }
        out.push((start, i));
    }
}

pub fn rsplit_whitespace(data: &[u8], limit: usize) -> Pieces {
    let mut out = Vec::new();
    let mut i = data.len();
    loop {
        while i > 0 && is_space(data[i - 1]) {
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
        while i > 0 && !is_space(data[i - 1]) {
            i -= 1;
        }
        out.push((i, end));
    }
    out.reverse();
    out
}

pub fn split(data: &[u8], separator: &[u8], limit: usize) -> Pieces {
    let mut out = Vec::new();
    let mut at = 0;
    for found in memmem::find_iter(data, separator).take(limit) {
        out.push((at, found));
        at = found + separator.len();
    }
    out.push((at, data.len()));
    out
}

pub fn rsplit(data: &[u8], separator: &[u8], limit: usize) -> Pieces {
    let mut out = Vec::new();
    let mut end = data.len();
    while out.len() < limit
        && let Some(found) = rfind(data, separator, 0, end)
    {
        out.push((found + separator.len(), end));
        end = found;
    }
    out.push((0, end));
    out.reverse();
    out
}

pub fn split_lines(data: &[u8], keep_ends: bool) -> Pieces {
    let mut out = Vec::new();
    let mut i = 0;
    while i < data.len() {
        let start = i;
        i += memchr::memchr2(b'\n', b'\r', &data[i..]).unwrap_or(data.len() - i);
        let mut end = i;
        if i < data.len() {
            i += if data[i..].starts_with(b"\r\n") { 2 } else { 1 };
            if keep_ends {
                end = i;
            }
        }
        out.push((start, end));
    }
    out
}

/// Replace at most `limit` matches; `None` when the result would be too long for any machine.
pub fn replace(data: &[u8], old: &[u8], new: &[u8], limit: usize) -> Option<Vec<u8>> {
    const MAX: usize = 1 << 40;
    if old.is_empty() {
        let n = limit.min(data.len() + 1);
        let len = new.len().checked_mul(n)?.checked_add(data.len()).filter(|&n| n < MAX)?;
        let mut out = Vec::with_capacity(len);
        for i in 0..n {
            out.extend_from_slice(new);
            out.extend(data.get(i));
        }
        out.extend_from_slice(data.get(n..).unwrap_or(&[]));
        return Some(out);
    }
    if new.len() > old.len() {
        let n = memmem::find_iter(data, old).take(limit).count();
        (new.len() - old.len()).checked_mul(n)?.checked_add(data.len()).filter(|&n| n < MAX)?;
    }
    let mut out = Vec::with_capacity(data.len());
    let mut at = 0;
    for found in memmem::find_iter(data, old).take(limit) {
        out.extend_from_slice(&data[at..found]);
        out.extend_from_slice(new);
        at = found + old.len();
    }
    out.extend_from_slice(&data[at..]);
    Some(out)
}

pub fn capitalize(data: &[u8]) -> Vec<u8> {
    let mut out = data.to_ascii_lowercase();
    if let Some(first) = out.first_mut() {
        first.make_ascii_uppercase();
    }
    out
}

pub fn title(data: &[u8]) -> Vec<u8> {
    let mut previous = false;
    let step = |&b: &u8| {
        let shown = if previous { b.to_ascii_lowercase() } else { b.to_ascii_uppercase() };
        previous = b.is_ascii_alphabetic();
        shown
    };
    data.iter().map(step).collect()
}

pub fn swap_case(data: &[u8]) -> Vec<u8> {
    let step = |&b: &u8| if b.is_ascii_lowercase() { b.to_ascii_uppercase() } else { b.to_ascii_lowercase() };
    data.iter().map(step).collect()
}

pub fn is_title(data: &[u8]) -> bool {
    let (mut cased, mut previous) = (false, false);
    for b in data {
        if b.is_ascii_uppercase() {
            if previous {
                return false;
            }
            (cased, previous) = (true, true);
        } else if b.is_ascii_lowercase() {
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

/// `None` when the result would be too long.
pub fn expand_tabs(data: &[u8], tab_size: i64) -> Option<Vec<u8>> {
    const MAX: usize = 1 << 40;
    let mut out = Vec::with_capacity(data.len());
    let mut column: i64 = 0;
    for &b in data {
        if b == b'\t' {
            if tab_size > 0 {
                let n = tab_size - column % tab_size;
                column += n;
                if out.len() + n as usize >= MAX {
                    return None;
                }
                out.resize(out.len() + n as usize, b' ');
            }
        } else {
            column = if b == b'\n' || b == b'\r' { 0 } else { column + 1 };
            out.push(b);
        }
    }
    Some(out)
}

/// Bounds without the bytes that `strip` holds for.
pub fn strip_bounds(data: &[u8], left: bool, right: bool, strip: impl Fn(u8) -> bool) -> (usize, usize) {
    let (mut start, mut end) = (0, data.len());
    if left {
        while start < end && strip(data[start]) {
            start += 1;
        }
    }
    if right {
        while end > start && strip(data[end - 1]) {
            end -= 1;
        }
    }
    (start, end)
}

/// `b'...'` with the quote that needs fewer escapes. A bytearray's repr escapes the single quote all the same.
pub fn repr(data: &[u8], escape_single: bool) -> String {
    let quote = if data.contains(&b'\'') && !data.contains(&b'"') { '"' } else { '\'' };
    let mut out = String::with_capacity(data.len() + 3);
    out.push('b');
    out.push(quote);
    for &b in data {
        match b {
            b'\\' => out.push_str("\\\\"),
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            _ if b as char == quote || b == b'\'' && escape_single => {
                out.push('\\');
                out.push(b as char);
            }
            0x20..0x7F => out.push(b as char),
            _ => out.push_str(&format!("\\x{b:02x}")),
        }
    }
    out.push(quote);
    out
}

/// Hexadecimal digits, with a separator every `group` bytes (from the right, or from the left when negative).
pub fn hex(data: &[u8], separator: Option<u8>, group: i64) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = Vec::with_capacity(data.len() * 3);
    let n = group.unsigned_abs() as usize;
    for (i, &b) in data.iter().enumerate() {
        if let Some(separator) = separator
            && i > 0
            && n > 0
            && (if group > 0 { (data.len() - i) % n == 0 } else { i % n == 0 })
        {
            out.push(separator);
        }
        out.push(DIGITS[(b >> 4) as usize]);
        out.push(DIGITS[(b & 15) as usize]);
    }
    out
}

/// What `fromhex` makes of digits with white space between bytes.
pub enum FromHex {
    Bytes(Vec<u8>),
    /// Index of what is not a digit.
    Wrong(usize),
    Odd,
}

pub fn from_hex(text: impl Fn(usize) -> Option<u32>) -> FromHex {
    let digit = |c: u32| char::from_u32(c).and_then(|c| c.to_digit(16));
    let mut out = Vec::new();
    let mut i = 0;
    while let Some(c) = text(i) {
        if c < 128 && is_space(c as u8) {
            i += 1;
            continue;
        }
        let Some(high) = digit(c) else { return FromHex::Wrong(i) };
        let Some(next) = text(i + 1) else { return FromHex::Odd };
        let Some(low) = digit(next) else { return FromHex::Wrong(i + 1) };
        out.push((high << 4 | low) as u8);
        i += 2;
    }
    FromHex::Bytes(out)
}
