//! The binary form of code objects: `.pyc` caches and the embedded standard library.
//!
//! A magic number, then fields in order; numbers are LEB128 varints, strings and byte strings have a length in front.
//! Readers check every length and every reference against the input and never recurse deeper than `MAX_DEPTH`: a damaged file is a
//! [`ReadError`], never a panic. Instructions themselves are not verified.

use std::fmt;
use std::sync::Arc;

use crate::{BigInt, CodeFlags, CodeObject, Constant, LocalKind, Wtf8Buf};

/// First bytes of every serialised code object. The last one counts changes of the format or of the bytecode.
pub const FORMAT_MAGIC: [u8; 4] = *b"CWB\x01";

/// The compiler allows 100 nested blocks and 200 nested brackets; each can be a code object or a tuple.
const MAX_DEPTH: u32 = 500;

/// Why bytes are not a code object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Another format, or one of another version.
    BadMagic,
    /// The input ends too early.
    Truncated,
    /// Something that the writer never writes.
    Malformed,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ReadError::BadMagic => "bad magic number",
            ReadError::Truncated => "code object is cut short",
            ReadError::Malformed => "code object is damaged",
        })
    }
}

impl std::error::Error for ReadError {}

/// Serialises a code object.
pub fn write(code: &CodeObject) -> Vec<u8> {
    let mut writer = Writer { out: FORMAT_MAGIC.to_vec() };
    writer.bytes(code.filename.as_bytes());
    writer.code(code, &code.filename);
    writer.out
}

/// Reads what [`write`] wrote.
pub fn read(bytes: &[u8]) -> Result<CodeObject, ReadError> {
    let rest = bytes.strip_prefix(&FORMAT_MAGIC).ok_or(ReadError::BadMagic)?;
    let mut reader = Reader { rest, depth: 0 };
    let filename = Arc::new(reader.wtf8()?);
    let code = reader.code(&filename)?;
    if reader.rest.is_empty() { Ok(code) } else { Err(ReadError::Malformed) }
}

mod tag {
    pub const NONE: u8 = b'N';
    pub const TRUE: u8 = b'T';
    pub const FALSE: u8 = b'F';
    pub const ELLIPSIS: u8 = b'.';
    pub const INT: u8 = b'i';
    pub const POSITIVE: u8 = b'+';
    pub const NEGATIVE: u8 = b'-';
    pub const FLOAT: u8 = b'f';
    pub const COMPLEX: u8 = b'j';
    pub const STR: u8 = b's';
    pub const BYTES: u8 = b'b';
    pub const TUPLE: u8 = b'(';
    pub const FROZENSET: u8 = b'{';
    pub const SLICE: u8 = b':';
    pub const CODE: u8 = b'c';
}

struct Writer {
    out: Vec<u8>,
}

impl Writer {
    fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.out.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.out.push(value as u8);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.out.extend_from_slice(bytes);
    }

    fn strings(&mut self, strings: &[Box<str>]) {
        self.number(strings.len() as u64);
        strings.iter().for_each(|s| self.bytes(s.as_bytes()));
    }

    fn code(&mut self, code: &CodeObject, filename: &Arc<Wtf8Buf>) {
        for value in
            [code.argcount, code.posonlyargcount, code.kwonlyargcount, code.stacksize, code.flags.0, code.firstlineno]
        {
            self.number(value.into());
        }
        let same_file = code.filename == *filename;
        self.out.push(same_file.into());
        if !same_file {
            self.bytes(code.filename.as_bytes());
        }
        self.bytes(code.name.as_bytes());
        self.bytes(code.qualname.as_bytes());
        self.strings(&code.names);
        self.strings(&code.localsplusnames);
        self.out.extend(code.localspluskinds.iter().map(|kind| kind.0));
        self.bytes(&code.code);
        self.bytes(&code.linetable);
        self.bytes(&code.exceptiontable);
        self.constants(&code.consts, &code.filename);
    }

    fn constants(&mut self, constants: &[Constant], filename: &Arc<Wtf8Buf>) {
        self.number(constants.len() as u64);
        constants.iter().for_each(|c| self.constant(c, filename));
    }

    fn constant(&mut self, constant: &Constant, filename: &Arc<Wtf8Buf>) {
        match constant {
            Constant::None => self.out.push(tag::NONE),
            Constant::Bool(value) => self.out.push(if *value { tag::TRUE } else { tag::FALSE }),
            Constant::Ellipsis => self.out.push(tag::ELLIPSIS),
            Constant::Int(value) => {
                self.out.push(tag::INT);
                self.number((value << 1 ^ value >> 63) as u64);
            }
            Constant::BigInt(value) => {
                self.out.push(if value.negative { tag::NEGATIVE } else { tag::POSITIVE });
                self.number(value.limbs.len() as u64);
                value.limbs.iter().for_each(|limb| self.out.extend(limb.to_le_bytes()));
            }
            Constant::Float(value) => {
                self.out.push(tag::FLOAT);
                self.out.extend(value.to_le_bytes());
            }
            Constant::Complex { real, imag } => {
                self.out.push(tag::COMPLEX);
                self.out.extend(real.to_le_bytes());
                self.out.extend(imag.to_le_bytes());
            }
            Constant::Str(text) => {
                self.out.push(tag::STR);
                self.bytes(text.as_bytes());
            }
            Constant::Bytes(bytes) => {
                self.out.push(tag::BYTES);
                self.bytes(bytes);
            }
            Constant::Tuple(items) => {
                self.out.push(tag::TUPLE);
                self.constants(items, filename);
            }
            Constant::FrozenSet(items) => {
                self.out.push(tag::FROZENSET);
                self.constants(items, filename);
            }
            Constant::Slice(parts) => {
                self.out.push(tag::SLICE);
                parts.iter().for_each(|part| self.constant(part, filename));
            }
            Constant::Code(code) => {
                self.out.push(tag::CODE);
                self.code(code, filename);
            }
        }
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    depth: u32,
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], ReadError> {
        let (taken, rest) = self.rest.split_at_checked(n).ok_or(ReadError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, ReadError> {
        Ok(self.take(1)?[0])
    }

    fn word(&mut self) -> Result<[u8; 8], ReadError> {
        self.take(8)?.try_into().map_err(|_| ReadError::Truncated)
    }

    fn number(&mut self) -> Result<u64, ReadError> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(ReadError::Malformed)
    }

    fn number32(&mut self) -> Result<u32, ReadError> {
        u32::try_from(self.number()?).map_err(|_| ReadError::Malformed)
    }

    /// A count of items of at least one byte each: never more than what is left, so that it is safe to reserve.
    fn count(&mut self) -> Result<usize, ReadError> {
        match usize::try_from(self.number()?) {
            Ok(n) if n <= self.rest.len() => Ok(n),
            _ => Err(ReadError::Truncated),
        }
    }

    fn bytes(&mut self) -> Result<&'a [u8], ReadError> {
        let n = self.count()?;
        self.take(n)
    }

    fn wtf8(&mut self) -> Result<Wtf8Buf, ReadError> {
        Wtf8Buf::from_bytes(self.bytes()?.to_vec()).ok_or(ReadError::Malformed)
    }

    fn string(&mut self) -> Result<Box<str>, ReadError> {
        Ok(std::str::from_utf8(self.bytes()?).map_err(|_| ReadError::Malformed)?.into())
    }

    fn strings(&mut self) -> Result<Vec<Box<str>>, ReadError> {
        (0..self.count()?).map(|_| self.string()).collect()
    }

    fn code(&mut self, outer_filename: &Arc<Wtf8Buf>) -> Result<CodeObject, ReadError> {
        let argcount = self.number32()?;
        let posonlyargcount = self.number32()?;
        let kwonlyargcount = self.number32()?;
        let stacksize = self.number32()?;
        let flags = CodeFlags(self.number32()?);
        let firstlineno = self.number32()?;
        let filename = match self.byte()? {
            1 => outer_filename.clone(),
            0 => Arc::new(self.wtf8()?),
            _ => return Err(ReadError::Malformed),
        };
        let name = self.string()?;
        let qualname = self.string()?;
        let names = self.strings()?;
        let localsplusnames = self.strings()?;
        let localspluskinds = self.take(localsplusnames.len())?.iter().map(|&bits| LocalKind(bits)).collect();
        let code = self.bytes()?.to_vec();
        let linetable = self.bytes()?.to_vec();
        let exceptiontable = self.bytes()?.to_vec();
        let consts = self.constants(&filename)?;
        Ok(CodeObject {
            argcount,
            posonlyargcount,
            kwonlyargcount,
            stacksize,
            flags,
            code,
            consts,
            names,
            localsplusnames,
            localspluskinds,
            filename,
            name,
            qualname,
            firstlineno,
            linetable,
            exceptiontable,
        })
    }

    fn constants(&mut self, filename: &Arc<Wtf8Buf>) -> Result<Vec<Constant>, ReadError> {
        let n = self.count()?;
        let mut constants = Vec::with_capacity(n.min(1024));
        for _ in 0..n {
            constants.push(self.constant(filename)?);
        }
        Ok(constants)
    }

    fn constant(&mut self, filename: &Arc<Wtf8Buf>) -> Result<Constant, ReadError> {
        if self.depth == MAX_DEPTH {
            return Err(ReadError::Malformed);
        }
        self.depth += 1;
        let constant = match self.byte()? {
            tag::NONE => Constant::None,
            tag::TRUE => Constant::Bool(true),
            tag::FALSE => Constant::Bool(false),
            tag::ELLIPSIS => Constant::Ellipsis,
            tag::INT => {
                let zigzag = self.number()?;
                Constant::Int((zigzag >> 1) as i64 ^ -((zigzag & 1) as i64))
            }
            sign @ (tag::POSITIVE | tag::NEGATIVE) => {
                let limbs: Vec<u64> =
                    (0..self.count()?).map(|_| self.word().map(u64::from_le_bytes)).collect::<Result<_, _>>()?;
                Constant::BigInt(BigInt { negative: sign == tag::NEGATIVE, limbs })
            }
            tag::FLOAT => Constant::Float(f64::from_le_bytes(self.word()?)),
            tag::COMPLEX => {
                let real = f64::from_le_bytes(self.word()?);
                Constant::Complex { real, imag: f64::from_le_bytes(self.word()?) }
            }
            tag::STR => Constant::Str(self.wtf8()?),
            tag::BYTES => Constant::Bytes(self.bytes()?.to_vec()),
            tag::TUPLE => Constant::Tuple(self.constants(filename)?),
            tag::FROZENSET => Constant::FrozenSet(self.constants(filename)?),
            tag::SLICE => Constant::Slice(Box::new([
                self.constant(filename)?,
                self.constant(filename)?,
                self.constant(filename)?,
            ])),
            tag::CODE => Constant::Code(Arc::new(self.code(filename)?)),
            _ => return Err(ReadError::Malformed),
        };
        self.depth -= 1;
        Ok(constant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disassemble;

    fn sample() -> CodeObject {
        let inner = CodeObject { name: "f".into(), qualname: "f".into(), ..CodeObject::default() };
        CodeObject {
            code: vec![128, 0, 94, 1, 35, 0],
            consts: vec![
                Constant::Int(i64::MIN),
                Constant::BigInt(BigInt { negative: true, limbs: vec![1, 2] }),
                Constant::Tuple(vec![Constant::Float(f64::NAN), Constant::Bytes(vec![0, 255])]),
                Constant::Slice(Box::new([Constant::None, Constant::Bool(true), Constant::Ellipsis])),
                Constant::Code(Arc::new(inner)),
            ],
            names: vec!["x".into(), "é".into()],
            localsplusnames: vec!["a".into()],
            localspluskinds: vec![LocalKind::LOCAL],
            filename: Arc::new("a.py".into()),
            ..CodeObject::default()
        }
    }

    #[test]
    fn round_trip() {
        let code = sample();
        let back = read(&write(&code)).unwrap();
        assert_eq!(format!("{code:?}"), format!("{back:?}"));
        assert_eq!(disassemble(&code), disassemble(&back));
    }

    #[test]
    fn damage_is_an_error_not_a_panic() {
        let bytes = write(&sample());
        for len in 0..bytes.len() {
            assert!(read(&bytes[..len]).is_err());
        }
        for at in 4..bytes.len() {
            for value in [0, 1, 0x7F, 0x80, 0xFF, b'('] {
                let mut damaged = bytes.clone();
                damaged[at] = value;
                _ = read(&damaged);
            }
        }
        let mut deep = FORMAT_MAGIC.to_vec();
        deep.extend([0; 16]);
        deep.extend([b'(', 1].repeat(100_000));
        assert!(read(&deep).is_err());
    }
}
