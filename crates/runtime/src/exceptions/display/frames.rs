//! The lines of a traceback: file, line and function, the source, and the carets under what was being evaluated.

use super::expression::{Anchors, anchors, spans_statement};
use super::plain_text;
use super::source::SourceCache;
use crate::exceptions::traceback;
use crate::prelude::*;

/// Repetitions of one line that are shown before they are counted.
const RECURSIVE_CUTOFF: usize = 3;

/// One entry of a traceback, laid out.
pub struct Summary {
    filename: String,
    line: Option<u32>,
    name: String,
    text: String,
}

/// Where an entry points.
struct Place {
    line: u32,
    end_line: u32,
    columns: Option<(usize, usize)>,
}

/// All entries from `first` on.
pub fn stack(cx: &mut Cx, first: Option<Gc<Traceback>>) -> Vec<Summary> {
    let entries = cx.vm().root_vec();
    let mut at = first;
    while let Some(entry) = at {
        entries.push(entry);
        at = entry.next.get().cast();
    }
    let limit = crate::import::sys_attr(cx, "tracebacklimit").and_then(Value::as_small_or_bool);
    let skip = limit.map_or(0, |limit| entries.len().saturating_sub(usize::try_from(limit).unwrap_or(0)));
    let mut sources = SourceCache::default();
    let mut summaries = Vec::new();
    for i in skip..entries.len() {
        if let Some(entry) = entries.get(i).cast::<Traceback>() {
            summaries.push(summarise(cx, entry, &mut sources));
        }
    }
    summaries
}

/// The text of the entries, long repetitions folded.
pub fn fold(stack: &[Summary]) -> Vec<String> {
    let mut texts = Vec::new();
    let mut last: Option<&Summary> = None;
    let mut count = 0;
    let close = |texts: &mut Vec<String>, count: usize| {
        if count > RECURSIVE_CUTOFF {
            let more = count - RECURSIVE_CUTOFF;
            let plural = if more > 1 { "s" } else { "" };
            texts.push(format!("  [Previous line repeated {more} more time{plural}]\n"));
        }
    };
    for summary in stack {
        let repeats = last.is_some_and(|last| {
            last.filename == summary.filename
                && last.line.is_some()
                && last.line == summary.line
                && last.name == summary.name
        });
        if !repeats {
            close(&mut texts, count);
            last = Some(summary);
            count = 0;
        }
        count += 1;
        if count <= RECURSIVE_CUTOFF {
            texts.push(summary.text.clone());
        }
    }
    close(&mut texts, count);
    texts
}

fn summarise(cx: &mut Cx, entry: Gc<Traceback>, sources: &mut SourceCache) -> Summary {
    let code = entry.frame.expect().code.expect();
    let text_of = |value: Value| value.downcast::<Str>().map_or_else(String::new, |s| plain_text(&s));
    let (filename, name) = (text_of(code.filename.get()), text_of(code.name.get()));
    let position = traceback::position(entry);
    let line = position.line.or_else(|| u32::try_from(traceback::line(entry)?).ok());
    let shown_name = if filename.starts_with("<stdin-") && filename.ends_with('>') { "<stdin>" } else { &filename };
    let shown_line = line.map_or_else(|| "None".to_owned(), |line| line.to_string());
    let mut text = format!("  File \"{shown_name}\", line {shown_line}, in {name}\n");
    if let Some(line) = line {
        let columns = position.column.zip(position.end_column).map(|(a, b)| (a as usize, b as usize));
        let place = Place { line, end_line: position.end_line.unwrap_or(line).max(line), columns };
        text.push_str(&source_lines(cx, &filename, &place, sources));
    }
    Summary { filename, line, name, text }
}

/// The source of an entry, indented; empty when it is not known.
fn source_lines(cx: &mut Cx, filename: &str, place: &Place, sources: &mut SourceCache) -> String {
    let original: Vec<String> = (place.line..=place.end_line).map(|n| sources.line(cx, filename, n)).collect();
    if original.iter().all(|line| line.trim().is_empty()) {
        return String::new();
    }
    let Some((start, end)) = place.columns else {
        return format!("    {}\n", original[0].trim());
    };
    let lines = dedent(&original);
    let start = character_offset(&original[0], start);
    let end = character_offset(&original[original.len() - 1], end);
    let removed = length(&original[0]) - length(&lines[0]);
    let excerpt = Excerpt::new(lines, start.saturating_sub(removed), end.saturating_sub(removed));
    let shown = dedent(&excerpt.lay_out());
    shown.iter().map(|line| format!("    {line}\n")).collect()
}

fn length(line: &str) -> usize {
    line.chars().count()
}

fn slice(line: &str, start: usize, end: usize) -> String {
    line.chars().skip(start).take(end.saturating_sub(start)).collect()
}

fn character_offset(line: &str, bytes: usize) -> usize {
    String::from_utf8_lossy(&line.as_bytes()[..bytes.min(line.len())]).chars().count()
}

/// Remove the indentation that all lines share; lines of blanks become empty.
fn dedent(lines: &[String]) -> Vec<String> {
    let indentation = |line: &String| line.chars().take_while(|c| *c == ' ' || *c == '\t').collect::<String>();
    let mut margin: Option<String> = None;
    for line in lines.iter().filter(|line| !line.trim().is_empty()) {
        let own = indentation(line);
        margin = Some(match margin {
            None => own,
            Some(margin) => margin.chars().zip(own.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect(),
        });
    }
    let margin = margin.map_or(0, |margin| margin.len());
    lines.iter().map(|line| if line.trim().is_empty() { String::new() } else { line[margin..].to_owned() }).collect()
}

/// Some lines of source with the range that is marked in them.
struct Excerpt {
    lines: Vec<String>,
    start: usize,
    end: usize,
    anchors: Option<Anchors>,
    show_carets: bool,
}

impl Excerpt {
    fn new(lines: Vec<String>, start: usize, end: usize) -> Excerpt {
        let last = lines.len() - 1;
        let segment: Vec<String> = lines
            .iter()
            .enumerate()
            .map(|(i, line)| {
                let from = if i == 0 { start } else { 0 };
                let to = if i == last { end } else { length(line) };
                slice(line, from, to)
            })
            .collect();
        let anchors = anchors(&segment);
        let before = slice(&lines[0], 0, start);
        let after = slice(&lines[last], end, usize::MAX);
        let show_carets = if spans_statement(&before, &segment, &after) {
            false
        } else if anchors.is_some() {
            true
        } else {
            !before.trim_start().is_empty() || !after.trim_end().is_empty()
        };
        Excerpt { lines, start, end, anchors, show_carets }
    }

    /// The first line, the last one, those around the anchors, with carets below; the rest is counted.
    fn lay_out(&self) -> Vec<String> {
        let n = self.lines.len();
        let mut wanted = vec![0, n - 1];
        if let Some(anchors) = &self.anchors {
            for line in [anchors.left.0, anchors.right.0] {
                wanted.extend(line.saturating_sub(1)..=line + 1);
            }
        }
        wanted.retain(|&i| i < n);
        wanted.sort_unstable();
        wanted.dedup();
        let mut out = Vec::new();
        for (i, &line) in wanted.iter().enumerate() {
            if i > 0 {
                match line - wanted[i - 1] {
                    1 => {}
                    2 => self.put(line - 1, &mut out),
                    gap => out.push(format!("...<{} lines>...", gap - 1)),
                }
            }
            self.put(line, &mut out);
        }
        out
    }

    fn put(&self, i: usize, out: &mut Vec<String>) {
        let line = &self.lines[i];
        out.push(line.clone());
        if !self.show_carets {
            return;
        }
        let blanks = length(line) - length(line.trim_start());
        let first = display_width(&self.lines[0], self.start);
        let n =
            if i == self.lines.len() - 1 { display_width(line, self.end) } else { display_width(line, length(line)) };
        let marks =
            (0..n).map(|column| if column < blanks || (i == 0 && column < first) { ' ' } else { self.mark(i, column) });
        out.push(marks.collect());
    }

    /// The mark under a column of the range.
    fn mark(&self, line: usize, column: usize) -> char {
        let Some(anchors) = &self.anchors else { return '^' };
        let at = |(line, offset): (usize, usize)| {
            let offset = if line == 0 { offset + self.start } else { offset };
            (line, display_width(&self.lines[line], offset))
        };
        if (line, column) >= at(anchors.left) && (line, column) < at(anchors.right) { '^' } else { '~' }
    }
}

/// Columns that the first `n` characters take on a screen.
fn display_width(line: &str, n: usize) -> usize {
    if line.is_ascii() {
        return n;
    }
    line.chars().take(n).map(|c| 1 + usize::from(is_wide(c))).sum()
}

/// Characters of two columns (East Asian Width W and F), in ranges wide enough for source text.
fn is_wide(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x115F | 0x231A..=0x231B | 0x2329..=0x232A | 0x23E9..=0x23EC | 0x2E80..=0x303E | 0x3041..=0x33FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xA000..=0xA4CF | 0xA960..=0xA97F | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF
        | 0xFE10..=0xFE19 | 0xFE30..=0xFE6F | 0xFF01..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1F64F
        | 0x1F680..=0x1F6FF | 0x1F900..=0x1F9FF | 0x1FA70..=0x1FAFF | 0x20000..=0x3FFFD)
}
