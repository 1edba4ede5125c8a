//! The exception table: which handler covers which code, looked at only once something is raised.
//!
//! Entries are sorted by start and do not overlap: start, length, target (all in code units) and
//! `depth << 1 | push_lasti`, as big-endian varints of 6 bits a byte; bit 7 marks an entry's first byte.

/// A range of code with its handler. Offsets are in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExceptionEntry {
    pub start: usize,
    pub end: usize,
    pub target: usize,
    /// Stack depth to unwind to.
    pub depth: u32,
    /// Whether the offset of the raising instruction is pushed before the exception.
    pub push_lasti: bool,
}

/// Iterator over an exception table; ends early when the table is damaged.
#[derive(Clone, Debug)]
pub struct ExceptionEntries<'a> {
    table: &'a [u8],
}

impl<'a> ExceptionEntries<'a> {
    pub fn new(table: &'a [u8]) -> Self {
        ExceptionEntries { table }
    }

    fn varint(&mut self) -> Option<u32> {
        let mut value = 0u32;
        loop {
            let (&byte, rest) = self.table.split_first()?;
            self.table = rest;
            value = value << 6 | u32::from(byte & 0x3F);
            if byte & 0x40 == 0 {
                return Some(value);
            }
        }
    }
}

impl Iterator for ExceptionEntries<'_> {
    type Item = ExceptionEntry;

    fn next(&mut self) -> Option<ExceptionEntry> {
        let start = self.varint()? as usize * 2;
        let end = start + self.varint()? as usize * 2;
        let target = self.varint()? as usize * 2;
        let depth_lasti = self.varint()?;
        Some(ExceptionEntry { start, end, target, depth: depth_lasti >> 1, push_lasti: depth_lasti & 1 != 0 })
    }
}

/// The handler for an exception raised by the instruction at byte offset `offset`.
pub fn find_handler(table: &[u8], offset: usize) -> Option<ExceptionEntry> {
    ExceptionEntries::new(table).take_while(|entry| entry.start <= offset).find(|entry| offset < entry.end)
}

/// Builds an exception table.
#[derive(Clone, Debug, Default)]
pub struct ExceptionTableWriter {
    table: Vec<u8>,
}

impl ExceptionTableWriter {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry; entries come in order of their start.
    pub fn push(&mut self, entry: ExceptionEntry) {
        self.item(entry.start as u32 / 2, 0x80);
        self.item((entry.end - entry.start) as u32 / 2, 0);
        self.item(entry.target as u32 / 2, 0);
        self.item(entry.depth << 1 | u32::from(entry.push_lasti), 0);
    }

    fn item(&mut self, value: u32, mut mark: u8) {
        for shift in [24, 18, 12, 6] {
            if value >= 1 << shift {
                self.table.push((value >> shift & 0x3F) as u8 | 0x40 | mark);
                mark = 0;
            }
        }
        self.table.push((value & 0x3F) as u8 | mark);
    }

    /// The finished table.
    pub fn finish(self) -> Vec<u8> {
        self.table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        let entries = [
            ExceptionEntry { start: 2, end: 10, target: 400, depth: 0, push_lasti: false },
            ExceptionEntry { start: 12, end: 9000, target: 600_000, depth: 3, push_lasti: true },
        ];
        let mut writer = ExceptionTableWriter::new();
        entries.iter().for_each(|&entry| writer.push(entry));
        let table = writer.finish();
        assert!(ExceptionEntries::new(&table).eq(entries));
        assert_eq!(find_handler(&table, 10), None);
        assert_eq!(find_handler(&table, 12), Some(entries[1]));
    }
}
