//! Text that may hold lone surrogates, as Python's `str` may.
//!
//! UTF-8 extended to the code points U+D800..U+DFFF, three bytes each. Unlike strict WTF-8 a surrogate pair stays two
//! code points, because it does in Python. Not a string library: just enough to carry constants.

use std::fmt;

/// An owned string of code points, surrogates allowed.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Wtf8Buf {
    bytes: Vec<u8>,
}

impl Wtf8Buf {
    /// The empty string.
    pub const fn new() -> Self {
        Wtf8Buf { bytes: Vec::new() }
    }

    /// Takes bytes in the extended encoding; `None` when they are not.
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        if std::str::from_utf8(&bytes).is_ok() || is_extended_utf8(&bytes) { Some(Wtf8Buf { bytes }) } else { None }
    }

    /// The encoded bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The text, unless there is a surrogate in it.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }

    /// The text with U+FFFD for each surrogate.
    pub fn to_string_lossy(&self) -> String {
        self.code_points().map(|c| char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Appends text.
    pub fn push_str(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Appends another such string.
    pub fn push_wtf8(&mut self, other: &Wtf8Buf) {
        self.bytes.extend_from_slice(&other.bytes);
    }

    /// Appends a character.
    pub fn push(&mut self, c: char) {
        self.push_str(c.encode_utf8(&mut [0; 4]));
    }

    /// Appends a code point, which may be a surrogate; values above U+10FFFF become U+FFFD.
    pub fn push_code_point(&mut self, c: u32) {
        match char::from_u32(c) {
            Some(c) => self.push(c),
            None if c <= 0xFFFF => {
                self.bytes.extend([0xE0 | (c >> 12) as u8, 0x80 | (c >> 6 & 0x3F) as u8, 0x80 | (c & 0x3F) as u8]);
            }
            None => self.push(char::REPLACEMENT_CHARACTER),
        }
    }

    /// The code points in order.
    pub fn code_points(&self) -> impl Iterator<Item = u32> + Clone + '_ {
        let mut rest = &self.bytes[..];
        std::iter::from_fn(move || {
            let (c, len) = decode(rest)?;
            rest = &rest[len..];
            Some(c)
        })
    }
}

/// The first code point and its length in bytes; `None` at the end or where the encoding is broken.
fn decode(bytes: &[u8]) -> Option<(u32, usize)> {
    let first = *bytes.first()?;
    let (len, bits, least) = match first {
        0..=0x7F => return Some((first.into(), 1)),
        0xC2..=0xDF => (2, first & 0x1F, 0x80),
        0xE0..=0xEF => (3, first & 0x0F, 0x800),
        0xF0..=0xF4 => (4, first & 0x07, 0x1_0000),
        _ => return None,
    };
    let mut c = u32::from(bits);
    for &byte in bytes.get(1..len)? {
        if byte & 0xC0 != 0x80 {
            return None;
        }
        c = c << 6 | u32::from(byte & 0x3F);
    }
    (c >= least && c <= 0x10_FFFF).then_some((c, len))
}

fn is_extended_utf8(mut bytes: &[u8]) -> bool {
    while !bytes.is_empty() {
        match decode(bytes) {
            Some((_, len)) => bytes = &bytes[len..],
            None => return false,
        }
    }
    true
}

impl From<String> for Wtf8Buf {
    fn from(text: String) -> Self {
        Wtf8Buf { bytes: text.into_bytes() }
    }
}

impl From<&str> for Wtf8Buf {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl fmt::Debug for Wtf8Buf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string_lossy(), f)
    }
}

impl PartialEq<str> for Wtf8Buf {
    fn eq(&self, other: &str) -> bool {
        self.bytes == other.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates() {
        let mut text = Wtf8Buf::from("a");
        text.push_code_point(0xD83D);
        text.push_code_point(0xDE00);
        assert_eq!(text.code_points().collect::<Vec<_>>(), [0x61, 0xD83D, 0xDE00]);
        assert_eq!(text.as_str(), None);
        assert_eq!(Wtf8Buf::from_bytes(text.as_bytes().to_vec()), Some(text));
        assert_eq!(Wtf8Buf::from_bytes(vec![0xC0, 0x80]), None);
    }
}
