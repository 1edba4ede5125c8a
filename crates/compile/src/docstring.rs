//! Docstrings without their indentation, as `inspect.cleandoc` does it, but with blank lines kept.

use bytecode::Wtf8Buf;

/// Width of a tab.
const TAB: usize = 8;

/// A docstring with tabs expanded and the common indentation removed.
pub fn clean(text: &Wtf8Buf) -> Wtf8Buf {
    let expanded = expand_tabs(text.as_bytes());
    let margin = expanded
        .split(|&b| b == b'\n')
        .skip(1)
        .map(|line| (line.iter().take_while(|&&b| b == b' ').count(), line.len()))
        .filter(|(indent, len)| indent < len)
        .map(|(indent, _)| indent)
        .min()
        .unwrap_or(0);
    let mut out = Vec::with_capacity(expanded.len());
    for (i, line) in expanded.split(|&b| b == b'\n').enumerate() {
        let most = if i == 0 { usize::MAX } else { margin };
        let indent = line.iter().take_while(|&&b| b == b' ').count().min(most);
        if i > 0 {
            out.push(b'\n');
        }
        out.extend_from_slice(&line[indent..]);
    }
    Wtf8Buf::from_bytes(out).unwrap_or_else(|| text.clone())
}

fn expand_tabs(bytes: &[u8]) -> Vec<u8> {
    if !bytes.contains(&b'\t') {
        return bytes.to_vec();
    }
    let mut out = Vec::with_capacity(bytes.len() + TAB);
    let mut column = 0;
    for &byte in bytes {
        match byte {
            b'\t' => {
                let n = TAB - column % TAB;
                out.resize(out.len() + n, b' ');
                column += n;
            }
            b'\n' | b'\r' => {
                out.push(byte);
                column = 0;
            }
            _ => {
                out.push(byte);
                // Only the first byte of a character counts.
                column += usize::from(byte & 0xC0 != 0x80);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indentation() {
        let clean_str = |text: &str| clean(&text.into()).as_str().unwrap().to_owned();
        assert_eq!(clean_str("  A.\n\n    B\n      C\n    "), "A.\n\nB\n  C\n");
        assert_eq!(clean_str("A\n\tB"), "A\nB");
        assert_eq!(clean_str("A"), "A");
    }
}
