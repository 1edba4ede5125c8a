//! Byte offsets to lines and columns.

use std::cell::Cell;

/// Where the lines of a source start. Lines end with `\n` alone: newlines are normalised before parsing.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// The line looked up last: lookups mostly come in order.
    last: Cell<usize>,
}

impl LineIndex {
    pub fn new(source: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(source.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(i, _)| i as u32 + 1));
        LineIndex { starts, last: Cell::new(0) }
    }

    /// 1-based line and 0-based byte column of an offset.
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        let mut line = self.last.get();
        let holds =
            |line: usize| self.starts[line] <= offset && self.starts.get(line + 1).is_none_or(|&next| offset < next);
        if !holds(line) {
            line = if line + 1 < self.starts.len() && holds(line + 1) {
                line + 1
            } else {
                self.starts.partition_point(|&start| start <= offset) - 1
            };
            self.last.set(line);
        }
        (line as u32 + 1, offset - self.starts[line])
    }

    /// The text of a 1-based line, with its newline; empty if there is no such line.
    pub fn line_text<'s>(&self, source: &'s str, line: u32) -> &'s str {
        let Some(start) = (line as usize).checked_sub(1).and_then(|i| self.starts.get(i)) else { return "" };
        let end = self.starts.get(line as usize).map_or(source.len(), |&end| end as usize);
        &source[*start as usize..end]
    }

    /// Offset of the start of a 1-based line.
    pub fn line_start(&self, line: u32) -> Option<u32> {
        (line as usize).checked_sub(1).and_then(|i| self.starts.get(i)).copied()
    }

    /// Number of lines; an empty one after a final newline counts.
    pub fn n_lines(&self) -> u32 {
        self.starts.len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lookups() {
        let source = "ab\ncd\n\nx";
        let index = LineIndex::new(source);
        assert_eq!(index.line_column(7), (4, 0));
        assert_eq!(index.line_column(0), (1, 0));
        assert_eq!(index.line_column(4), (2, 1));
        assert_eq!(index.line_column(6), (3, 0));
        assert_eq!(index.line_text(source, 2), "cd\n");
    }
}
