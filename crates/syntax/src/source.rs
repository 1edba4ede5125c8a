//! Bytes of a source file to text: byte order mark, PEP 263 coding comment, newlines.

use std::borrow::Cow;

/// Why a source cannot be read as text. Becomes a `SyntaxError` without a position in the line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DecodeError {
    /// The coding comment names something that only Python's codecs may know.
    OtherEncoding(String),
    /// Not UTF-8, without a coding comment: the byte, the line and its position in the bytes.
    NonUtf8 { byte: u8, line: u32 },
    /// The byte order mark says UTF-8, the coding comment something else.
    EncodingProblem(String),
    /// A byte that the named encoding (ASCII) does not have, and its position.
    NotInEncoding { encoding: &'static str, byte: u8, position: usize },
}

/// Decodes a source file. `DecodeError::OtherEncoding` is the caller's chance to try `codecs`.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, DecodeError> {
    let (bytes, has_bom) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    let named = coding_comment(bytes);
    match named.as_deref().map(normalize_encoding) {
        None | Some(Encoding::Utf8) => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
            let at = error.valid_up_to();
            let line = bytes[..at].iter().filter(|&&b| b == b'\n').count() as u32 + 1;
            DecodeError::NonUtf8 { byte: bytes[at], line }
        }),
        Some(_) if has_bom => Err(DecodeError::EncodingProblem(named.unwrap_or_default())),
        Some(Encoding::Latin1) => Ok(Cow::Owned(bytes.iter().map(|&b| b as char).collect())),
        Some(Encoding::Ascii) => match bytes.iter().position(|b| !b.is_ascii()) {
            None => Ok(String::from_utf8_lossy(bytes)),
            Some(position) => Err(DecodeError::NotInEncoding { encoding: "ascii", byte: bytes[position], position }),
        },
        Some(Encoding::Other) => Err(DecodeError::OtherEncoding(named.unwrap_or_default())),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Latin1,
    Ascii,
    Other,
}

fn normalize_encoding(name: &str) -> Encoding {
    let name: String = name.chars().take(12).map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
    let is = |base: &str| name == base || name.strip_prefix(base).is_some_and(|rest| rest.starts_with('-'));
    if is("utf-8") || name == "utf8" {
        Encoding::Utf8
    } else if is("latin-1") || is("iso-8859-1") || is("iso-latin-1") || name == "latin1" || name == "l1" {
        Encoding::Latin1
    } else if name == "ascii" || name == "us-ascii" {
        Encoding::Ascii
    } else {
        Encoding::Other
    }
}

/// The encoding that a comment in one of the first two lines names.
fn coding_comment(bytes: &[u8]) -> Option<String> {
    for line in bytes.split(|&b| b == b'\n' || b == b'\r').take(3).take(2) {
        let trimmed = line.trim_ascii_start();
        let trimmed = trimmed.strip_prefix(b"\x0C").unwrap_or(trimmed);
        match trimmed.first() {
            None => continue,
            Some(b'#') => {}
            Some(_) => return None,
        }
        let found = trimmed.windows(6).enumerate().find_map(|(i, window)| {
            let mut rest = trimmed[i..].get(7..)?;
            if window != b"coding" || !matches!(trimmed[i + 6], b':' | b'=') {
                return None;
            }
            rest = rest.trim_ascii_start();
            let len = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b)).count();
            (len > 0).then(|| String::from_utf8_lossy(&rest[..len]).into_owned())
        });
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Text with `\r\n` and `\r` turned into `\n`, as everything after this file expects it.
pub fn normalize_newlines(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies() {
        assert_eq!(decode(b"# -*- coding: latin-1 -*-\n'\xE9'").unwrap(), "# -*- coding: latin-1 -*-\n'\u{E9}'");
        assert_eq!(decode(b"\xEF\xBB\xBFx").unwrap(), "x");
        assert_eq!(decode(b"x = '\xE9'"), Err(DecodeError::NonUtf8 { byte: 0xE9, line: 1 }));
        let other = decode(b"#!x\n# vim: set fileencoding=koi8-r :\n");
        assert_eq!(other, Err(DecodeError::OtherEncoding("koi8-r".into())));
        assert_eq!(decode(b"x\n# coding: koi8-r\n").unwrap(), "x\n# coding: koi8-r\n");
    }
}
