//! A SyntaxError: the place, the line with carets, the message.

use super::{plain_text, safe_text, text_field};
use crate::exceptions::fields::index;
use crate::prelude::*;

/// The lines of the report; `name` is the class's.
pub fn lines(cx: &mut Cx, exception: Gc<Exception>, name: &str) -> Vec<String> {
    let field = |i| exception.field(i).bound().filter(|v| !v.is_none());
    let mut out = Vec::new();
    let mut suffix = String::new();
    let filename = field(index::SYNTAX_FILENAME).map(|f| safe_text(cx, f, "filename", false));
    let lineno = field(index::SYNTAX_LINENO).map(|n| safe_text(cx, n, "lineno", false));
    match (&lineno, &filename) {
        (Some(line), filename) => {
            let filename = filename.as_deref().filter(|f| !f.is_empty()).unwrap_or("<string>");
            out.push(format!("  File \"{filename}\", line {line}\n"));
        }
        (None, Some(filename)) => suffix = format!(" ({filename})"),
        (None, None) => {}
    }
    if let Some(text) = text_field(exception, index::SYNTAX_TEXT) {
        let end_lineno = field(index::SYNTAX_END_LINENO).map(|n| safe_text(cx, n, "end_lineno", false));
        let number = |i| exception.field(i).as_small_or_bool();
        let offset = field(index::SYNTAX_OFFSET);
        let same_line = lineno == end_lineno;
        match (offset, number(index::SYNTAX_OFFSET)) {
            (None, _) => out.push(format!("    {}\n", strip(&text).0)),
            (Some(_), Some(offset)) => {
                let end = number(index::SYNTAX_END_OFFSET).filter(|&end| end != 0).unwrap_or(offset);
                marked(&text, offset, end, same_line, &mut out);
            }
            (Some(_), None) => {}
        }
    }
    let message = match field(index::SYNTAX_MSG) {
        Some(message) => match message.downcast::<Str>() {
            Some(text) if text.is_empty() => "<no detail available>".to_owned(),
            Some(text) => plain_text(&text),
            None => safe_text(cx, message, "message", false),
        },
        None => "<no detail available>".to_owned(),
    };
    out.push(format!("{name}: {message}{suffix}\n"));
    out
}

/// The text without its newline and leading blanks, and the number of characters left out in front.
fn strip(text: &str) -> (String, i64, i64) {
    let right = text.trim_end_matches('\n');
    let left = right.trim_start_matches([' ', '\n', '\x0C']);
    let n = right.chars().count() as i64;
    (left.to_owned(), n - left.chars().count() as i64, n)
}

fn marked(text: &str, offset: i64, end_offset: i64, same_line: bool, out: &mut Vec<String>) {
    let (left, spaces, n) = strip(text);
    let length = text.chars().count() as i64;
    let mut offset = offset;
    let mut end = if same_line { end_offset } else { n + 1 };
    if length > 0 && offset > length {
        offset = n + 1;
    }
    if length > 0 && end > length {
        end = n + 1;
    }
    if offset >= end || end < 0 {
        end = offset + 1;
    }
    let (column, end_column) = (offset - 1 - spaces, end - 1 - spaces);
    out.push(format!("    {left}\n"));
    if column < 0 {
        return;
    }
    // Tabs are kept, so that the carets line up.
    let blank: String = left.chars().take(column as usize).map(|c| if c.is_whitespace() { c } else { ' ' }).collect();
    out.push(format!("    {blank}{}\n", "^".repeat((end_column - column).max(0) as usize)));
}
