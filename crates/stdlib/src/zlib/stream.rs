//! One stream of the library, driven until its input or its output is used up. Knows nothing of Python.

use zlib_rs::Strategy;
use zlib_rs::{
    Deflate, DeflateConfig, DeflateError, DeflateFlush, Inflate, InflateError, InflateFlush, Method, Status,
};

/// What the library refused: its number, and its text if it has one.
pub struct Failure {
    pub code: i32,
    pub message: Option<&'static str>,
}

pub const FINISH: i32 = 4;
/// Room that output starts with.
const ROOM: usize = 16 * 1024;

pub struct Deflater(Deflate);

impl Deflater {
    /// `None` when the library would refuse these values.
    pub fn new(level: i32, window_bits: i32, mem_level: i32, strategy: i32) -> Option<Deflater> {
        let strategy = match strategy {
            0 => Strategy::Default,
            1 => Strategy::Filtered,
            2 => Strategy::HuffmanOnly,
            3 => Strategy::Rle,
            4 => Strategy::Fixed,
            _ => return None,
        };
        let fits = (-1..=9).contains(&level)
            && (1..=9).contains(&mem_level)
            && matches!(window_bits, -15..=-9 | 8..=15 | 25..=31);
        fits.then(|| {
            Deflater(Deflate::new_with_config(DeflateConfig {
                level,
                method: Method::Deflated,
                window_bits,
                mem_level,
                strategy,
            }))
        })
    }

    pub fn set_dictionary(&mut self, dictionary: &[u8]) -> bool {
        self.0.set_dictionary(dictionary).is_ok()
    }

    /// Compress all of `data`; `flush` is one of zlib's numbers.
    pub fn run(&mut self, data: &[u8], flush: i32) -> Result<Vec<u8>, Failure> {
        let flush = match flush {
            1 => DeflateFlush::PartialFlush,
            2 => DeflateFlush::SyncFlush,
            3 => DeflateFlush::FullFlush,
            FINISH => DeflateFlush::Finish,
            5 => DeflateFlush::Block,
            0 => DeflateFlush::NoFlush,
            _ => return Err(Failure { code: -2, message: None }),
        };
        let mut out = Output::new(data.len() / 2, None);
        let mut taken = 0;
        loop {
            let (before_in, before_out) = (self.0.total_in(), self.0.total_out());
            let room = out.room();
            let capacity = room.len();
            let status = self
                .0
                .compress(&data[taken..], room, flush)
                .map_err(|error| Failure { code: deflate_code(error), message: self.0.error_message() })?;
            taken += (self.0.total_in() - before_in) as usize;
            let written = (self.0.total_out() - before_out) as usize;
            out.wrote(written);
            match status {
                Status::StreamEnd => break,
                _ if written == capacity || taken < data.len() => {}
                _ => break,
            }
        }
        Ok(out.finish())
    }
}

fn deflate_code(error: DeflateError) -> i32 {
    match error {
        DeflateError::StreamError => -2,
        DeflateError::DataError => -3,
        DeflateError::MemError => -4,
    }
}

/// What one run of an [`Inflater`] did.
pub struct Inflated {
    pub out: Vec<u8>,
    /// Bytes of the input that were used.
    pub taken: usize,
    pub ended: bool,
}

pub struct Inflater {
    stream: Inflate,
    /// The format has no header that asks for a dictionary.
    raw: bool,
}

impl Inflater {
    /// `None` when the library would refuse this value.
    pub fn new(window_bits: i32) -> Option<Inflater> {
        match window_bits {
            -15..=-8 => Some(Inflater { stream: Inflate::new(false, -window_bits as u8), raw: true }),
            0 | 8..=15 | 16 | 24..=31 | 32 | 40..=47 => {
                Some(Inflater { stream: Inflate::new(true, window_bits as u8), raw: false })
            }
            _ => None,
        }
    }

    pub fn is_raw(&self) -> bool {
        self.raw
    }

    pub fn set_dictionary(&mut self, dictionary: &[u8]) -> Result<(), Failure> {
        match self.stream.set_dictionary(dictionary) {
            Ok(_) => Ok(()),
            Err(error) => Err(self.failure(error)),
        }
    }

    fn failure(&self, error: InflateError) -> Failure {
        let code = match error {
            InflateError::NeedDict { .. } => 2,
            InflateError::StreamError => -2,
            InflateError::DataError => -3,
            InflateError::MemError => -4,
        };
        Failure { code, message: self.stream.error_message() }
    }

    /// Decompress `data` until it or (with `limit`) the room for output is used up, or the stream ends. `dictionary` is
    /// given when the stream asks for one, unless it is empty.
    pub fn run(&mut self, data: &[u8], limit: Option<usize>, dictionary: &[u8]) -> Result<Inflated, Failure> {
        let mut out = Output::new(data.len().saturating_mul(2), limit);
        let mut taken = 0;
        loop {
            let (before_in, before_out) = (self.stream.total_in(), self.stream.total_out());
            let room = out.room();
            let capacity = room.len();
            let result = self.stream.decompress(&data[taken..], room, InflateFlush::SyncFlush);
            taken += (self.stream.total_in() - before_in) as usize;
            let written = (self.stream.total_out() - before_out) as usize;
            out.wrote(written);
            let ended = match result {
                Ok(Status::StreamEnd) => true,
                Ok(_) => false,
                Err(InflateError::NeedDict { .. }) if !dictionary.is_empty() && !self.raw => {
                    self.set_dictionary(dictionary)?;
                    continue;
                }
                Err(error) => return Err(self.failure(error)),
            };
            let more = if out.is_full() { false } else { written == capacity && capacity > 0 || taken < data.len() };
            if ended || !more {
                return Ok(Inflated { out: out.finish(), taken, ended });
            }
        }
    }
}

/// Output that grows as it fills, up to a limit.
struct Output {
    data: Vec<u8>,
    len: usize,
    limit: usize,
}

impl Output {
    fn new(guess: usize, limit: Option<usize>) -> Output {
        let limit = limit.unwrap_or(usize::MAX);
        Output { data: vec![0; guess.clamp(ROOM.min(limit), (1 << 20).min(limit).max(ROOM.min(limit)))], len: 0, limit }
    }

    /// Space to write to; empty when the limit is reached.
    fn room(&mut self) -> &mut [u8] {
        if self.len == self.data.len() && self.len < self.limit {
            let size = self.data.len().saturating_mul(2).clamp(1, self.limit);
            self.data.resize(size, 0);
        }
        &mut self.data[self.len..]
    }

    fn wrote(&mut self, n: usize) {
        self.len += n;
    }

    fn is_full(&self) -> bool {
        self.len >= self.limit
    }

    fn finish(mut self) -> Vec<u8> {
        self.data.truncate(self.len);
        self.data
    }
}
