//! The location table: which source range each code unit comes from.
//!
//! Entries stand in order of the code. First byte: `0x80 | kind << 3 | (units - 1)`; kinds 0-9 are short forms on the
//! same line, 10-12 are 0-2 lines further, 13 has no columns, 14 is the long form, 15 has no location. Numbers are
//! little-endian varints of 6 bits a byte. Columns are UTF-8 byte offsets.

/// A range of source text; `None` where it is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Position {
    pub line: Option<u32>,
    pub end_line: Option<u32>,
    pub column: Option<u32>,
    pub end_column: Option<u32>,
}

/// Some consecutive code units with one position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocationEntry {
    /// Byte offsets in the code.
    pub start: usize,
    pub end: usize,
    pub position: Position,
}

/// Iterator over a location table; ends early when the table is damaged.
#[derive(Clone, Debug)]
pub struct LocationEntries<'a> {
    table: &'a [u8],
    line: i64,
    offset: usize,
}

impl<'a> LocationEntries<'a> {
    pub fn new(table: &'a [u8], firstlineno: u32) -> Self {
        LocationEntries { table, line: firstlineno.into(), offset: 0 }
    }

    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.table.split_first()?;
        self.table = rest;
        Some(first)
    }

    fn varint(&mut self) -> Option<u32> {
        let mut value = 0u32;
        let mut shift = 0;
        loop {
            let byte = self.byte()?;
            value |= u32::from(byte & 0x3F).checked_shl(shift)?;
            if byte & 0x40 == 0 {
                return Some(value);
            }
            shift += 6;
        }
    }

    fn signed_varint(&mut self) -> Option<i64> {
        let value = self.varint()?;
        let magnitude = i64::from(value >> 1);
        Some(if value & 1 != 0 { -magnitude } else { magnitude })
    }
}

impl Iterator for LocationEntries<'_> {
    type Item = LocationEntry;

    fn next(&mut self) -> Option<LocationEntry> {
        let first = self.byte()?;
        let start = self.offset;
        self.offset += 2 * (usize::from(first & 7) + 1);
        let kind = first >> 3 & 0xF;
        let mut end_line_delta = 0;
        let columns = match kind {
            15 => return Some(LocationEntry { start, end: self.offset, position: Position::default() }),
            14 => {
                self.line += self.signed_varint()?;
                end_line_delta = i64::from(self.varint()?);
                (self.varint()?.checked_sub(1), self.varint()?.checked_sub(1))
            }
            13 => {
                self.line += self.signed_varint()?;
                (None, None)
            }
            10..=12 => {
                self.line += i64::from(kind - 10);
                (Some(self.byte()?.into()), Some(self.byte()?.into()))
            }
            _ => {
                let second = self.byte()?;
                let column = u32::from(kind) << 3 | u32::from(second >> 4);
                (Some(column), Some(column + u32::from(second & 0xF)))
            }
        };
        let position = Position {
            line: u32::try_from(self.line).ok(),
            end_line: u32::try_from(self.line + end_line_delta).ok(),
            column: columns.0,
            end_column: columns.1,
        };
        Some(LocationEntry { start, end: self.offset, position })
    }
}

/// The position of the instruction at byte offset `offset`.
pub fn position_at(table: &[u8], firstlineno: u32, offset: usize) -> Position {
    LocationEntries::new(table, firstlineno)
        .find(|entry| offset < entry.end)
        .map(|entry| entry.position)
        .unwrap_or_default()
}

/// Builds a location table.
#[derive(Clone, Debug)]
pub struct LocationTableWriter {
    table: Vec<u8>,
    line: i64,
}

impl LocationTableWriter {
    pub fn new(firstlineno: u32) -> Self {
        LocationTableWriter { table: Vec::new(), line: firstlineno.into() }
    }

    /// Says where the next `units` code units come from.
    pub fn push(&mut self, position: Position, mut units: usize) {
        while units > 8 {
            self.push_entry(position, 8);
            units -= 8;
        }
        if units > 0 {
            self.push_entry(position, units);
        }
    }

    fn push_entry(&mut self, position: Position, units: usize) {
        let first = |kind: u8| 0x80 | kind << 3 | (units - 1) as u8;
        let Some(line) = position.line.map(i64::from) else {
            self.table.push(first(15));
            return;
        };
        let line_delta = line - self.line;
        let end_line = position.end_line.map_or(line, i64::from);
        self.line = line;
        let (Some(column), Some(end_column)) = (position.column, position.end_column) else {
            if end_line == line {
                self.table.push(first(13));
                self.signed_varint(line_delta);
            } else {
                self.long(first(14), line_delta, end_line - line, position);
            }
            return;
        };
        if end_line == line && line_delta == 0 && column < 80 && end_column >= column && end_column - column < 16 {
            self.table.push(first((column / 8) as u8));
            self.table.push(((column % 8) << 4 | (end_column - column)) as u8);
        } else if end_line == line && (0..3).contains(&line_delta) && column < 128 && end_column < 128 {
            self.table.extend([first(10 + line_delta as u8), column as u8, end_column as u8]);
        } else {
            self.long(first(14), line_delta, end_line - line, position);
        }
    }

    fn long(&mut self, first: u8, line_delta: i64, end_line_delta: i64, position: Position) {
        self.table.push(first);
        self.signed_varint(line_delta);
        self.varint(end_line_delta.max(0) as u64);
        self.varint(position.column.map_or(0, |c| u64::from(c) + 1));
        self.varint(position.end_column.map_or(0, |c| u64::from(c) + 1));
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 64 {
            self.table.push(0x40 | (value & 0x3F) as u8);
            value >>= 6;
        }
        self.table.push(value as u8);
    }

    fn signed_varint(&mut self, value: i64) {
        self.varint(value.unsigned_abs() << 1 | u64::from(value < 0));
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
        let at = |line, end_line, column, end_column| Position {
            line: Some(line),
            end_line: Some(end_line),
            column,
            end_column,
        };
        let positions = [
            (at(7, 7, Some(4), Some(9)), 1),
            (Position::default(), 3),
            (at(8, 8, Some(100), Some(120)), 20),
            (at(3, 90, Some(1), Some(3000)), 2),
            (at(3, 3, None, None), 1),
        ];
        let mut writer = LocationTableWriter::new(5);
        positions.iter().for_each(|&(position, units)| writer.push(position, units));
        let table = writer.finish();
        let mut offset = 0;
        for (position, units) in positions {
            assert_eq!(position_at(&table, 5, offset), position);
            offset += units * 2;
            assert_eq!(position_at(&table, 5, offset - 2), position);
        }
    }
}
