//! Bytes of a source file to text: byte order mark, PEP 263 coding comment, newlines.

use std::borrow::Cow;

use crate::SyntaxError;

/// Why a source cannot be read as text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DecodeError {
    /// The coding comment names an encoding, or the bytes are not what it says, in a way that only Python's codecs
    /// know about: they have the last word.
    OtherEncoding(String),
    /// Not UTF-8, without a coding comment: the position of the first byte that is wrong.
    NonUtf8 { position: usize },
    /// The byte order mark says UTF-8, the coding comment something else.
    EncodingProblem(String),
}

impl DecodeError {
    /// Where the first byte stands that is not UTF-8, when that is what is wrong.
    pub fn position(&self) -> Option<usize> {
        match self {
            DecodeError::NonUtf8 { position } => Some(*position),
            _ => None,
        }
    }

    /// The error that it becomes, which names the file when there is one; for other encodings, the one if there is no
    /// such codec.
    pub fn into_syntax_error(self, bytes: &[u8], file: Option<&str>) -> SyntaxError {
        match self {
            DecodeError::OtherEncoding(name) => SyntaxError::undecodable(format!("unknown encoding: {name}")),
            DecodeError::EncodingProblem(name) => {
                let message = format!("encoding problem: {name} with BOM");
                let text = bytes.strip_prefix(BOM).unwrap_or(bytes);
                Self::error_in_line(message, 1, text, 0, None)
            }
            DecodeError::NonUtf8 { position } => {
                let before = &bytes[..position];
                let line = before.iter().filter(|&&b| b == b'\n').count() as u32 + 1;
                let start = before.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
                let column = String::from_utf8_lossy(&before[start..]).chars().count() as i32 + 1;
                let message = format!(
                    "Non-UTF-8 code starting with '\\x{:02x}'{} on line {line}, but no encoding declared; see \
                     https://peps.python.org/pep-0263/ for details",
                    bytes[position],
                    file.map_or(String::new(), |file| format!(" in file {file}"))
                );
                Self::error_in_line(message, line, &bytes[start..], column, Some(column))
            }
        }
    }

    fn error_in_line(message: String, line: u32, text: &[u8], offset: i32, end: Option<i32>) -> SyntaxError {
        let text = text.split(|&b| b == b'\n').next().unwrap_or_default();
        let text = String::from_utf8_lossy(text).into_owned();
        let mut error = SyntaxError::undecodable(message);
        (error.lineno, error.end_lineno) = (line, line);
        error.offset = offset;
        error.end_offset = end.unwrap_or(text.chars().count() as i32);
        error.text = Some(text);
        error
    }
}

/// A file whose byte at `position` is the first null byte.
pub fn null_byte_error(bytes: &[u8], position: usize) -> SyntaxError {
    let before = &bytes[..position];
    let line = before.iter().filter(|&&b| b == b'\n').count() as u32 + 1;
    let start = before.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
    let message = "source code cannot contain null bytes".to_owned();
    DecodeError::error_in_line(message, line, &before[start..], 0, Some(-1))
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Decodes a source file. `DecodeError::OtherEncoding` is the caller's chance to try `codecs`.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, DecodeError> {
    let (text, has_bom) = match bytes.strip_prefix(BOM) {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    let named = coding_comment(text).map(normal_name);
    let Some(name) = named.filter(|name| name != "utf-8") else {
        return std::str::from_utf8(text)
            .map(Cow::Borrowed)
            .map_err(|error| DecodeError::NonUtf8 { position: bytes.len() - text.len() + error.valid_up_to() });
    };
    if has_bom {
        return Err(DecodeError::EncodingProblem(name));
    }
    let decoded = match &name.to_ascii_lowercase()[..] {
        "iso-8859-1" | "latin1" | "l1" => Some(Cow::Owned(text.iter().map(|&b| b as char).collect())),
        "utf8" | "utf" | "u8" => std::str::from_utf8(text).ok().map(Cow::Borrowed),
        "ascii" | "us-ascii" if text.is_ascii() => std::str::from_utf8(text).ok().map(Cow::Borrowed),
        _ => None,
    };
    decoded.ok_or(DecodeError::OtherEncoding(name))
}

/// A name as it is, but for the two encodings whose spelling varies most.
fn normal_name(name: String) -> String {
    let normal: String = name.chars().take(12).map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
    let is = |base: &str| normal == base || normal.strip_prefix(base).is_some_and(|rest| rest.starts_with('-'));
    if is("utf-8") {
        "utf-8".to_owned()
    } else if is("latin-1") || is("iso-8859-1") || is("iso-latin-1") {
        "iso-8859-1".to_owned()
    } else {
        name
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
        assert_eq!(decode(b"x = '\xE9'"), Err(DecodeError::NonUtf8 { position: 5 }));
        let other = decode(b"#!x\n# vim: set fileencoding=koi8-r :\n");
        assert_eq!(other, Err(DecodeError::OtherEncoding("koi8-r".into())));
        assert_eq!(decode(b"x\n# coding: koi8-r\n").unwrap(), "x\n# coding: koi8-r\n");
        let problem = b"\xEF\xBB\xBF# coding: latin-1\nx";
        let error = decode(problem).unwrap_err().into_syntax_error(problem, None);
        assert_eq!(error.message, "encoding problem: iso-8859-1 with BOM");
        assert_eq!((error.lineno, error.offset, error.end_offset), (1, 0, 17));
        let bad = b"\n\n  yy = '\xFF'\n";
        let error = decode(bad).unwrap_err().into_syntax_error(bad, None);
        assert_eq!((error.lineno, error.offset, error.end_offset), (3, 9, 9));
        let error = null_byte_error(b"x\ny = '\0'", 7);
        assert_eq!((error.lineno, error.offset, error.text.as_deref()), (2, 0, Some("y = '")));
    }
}
