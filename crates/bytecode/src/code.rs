//! The code object and the walk over its instructions.

use std::fmt;
use std::ops::{BitOr, BitOrAssign};
use std::sync::Arc;

use crate::{Constant, Opcode, Wtf8Buf};

/// The bits of `co_flags`.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct CodeFlags(pub u32);

impl CodeFlags {
    pub const OPTIMIZED: CodeFlags = CodeFlags(0x1);
    pub const NEWLOCALS: CodeFlags = CodeFlags(0x2);
    pub const VARARGS: CodeFlags = CodeFlags(0x4);
    pub const VARKEYWORDS: CodeFlags = CodeFlags(0x8);
    pub const NESTED: CodeFlags = CodeFlags(0x10);
    pub const GENERATOR: CodeFlags = CodeFlags(0x20);
    pub const COROUTINE: CodeFlags = CodeFlags(0x80);
    pub const ITERABLE_COROUTINE: CodeFlags = CodeFlags(0x100);
    pub const ASYNC_GENERATOR: CodeFlags = CodeFlags(0x200);
    pub const FUTURE_DIVISION: CodeFlags = CodeFlags(0x20000);
    pub const FUTURE_ABSOLUTE_IMPORT: CodeFlags = CodeFlags(0x40000);
    pub const FUTURE_WITH_STATEMENT: CodeFlags = CodeFlags(0x80000);
    pub const FUTURE_PRINT_FUNCTION: CodeFlags = CodeFlags(0x100000);
    pub const FUTURE_UNICODE_LITERALS: CodeFlags = CodeFlags(0x200000);
    pub const FUTURE_BARRY_AS_BDFL: CodeFlags = CodeFlags(0x400000);
    pub const FUTURE_GENERATOR_STOP: CodeFlags = CodeFlags(0x800000);
    pub const FUTURE_ANNOTATIONS: CodeFlags = CodeFlags(0x1000000);
    pub const HAS_DOCSTRING: CodeFlags = CodeFlags(0x4000000);
    pub const METHOD: CodeFlags = CodeFlags(0x8000000);

    /// Whether any bit of `other` is set.
    pub const fn has(self, other: CodeFlags) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for CodeFlags {
    type Output = CodeFlags;
    fn bitor(self, other: CodeFlags) -> CodeFlags {
        CodeFlags(self.0 | other.0)
    }
}

impl BitOrAssign for CodeFlags {
    fn bitor_assign(&mut self, other: CodeFlags) {
        self.0 |= other.0;
    }
}

impl fmt::Debug for CodeFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

/// What a slot of the frame's locals is: a set of bits, as in CPython's `co_localspluskinds`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LocalKind(pub u8);

impl LocalKind {
    pub const ARG_POS: LocalKind = LocalKind(0x02);
    pub const ARG_KW: LocalKind = LocalKind(0x04);
    pub const ARG_VAR: LocalKind = LocalKind(0x08);
    pub const ARG: LocalKind = LocalKind(0x0E);
    /// The variable of an inlined comprehension: not in `locals()` outside it.
    pub const HIDDEN: LocalKind = LocalKind(0x10);
    pub const LOCAL: LocalKind = LocalKind(0x20);
    pub const CELL: LocalKind = LocalKind(0x40);
    pub const FREE: LocalKind = LocalKind(0x80);

    /// Whether any bit of `other` is set.
    pub const fn has(self, other: LocalKind) -> bool {
        self.0 & other.0 != 0
    }
}

/// A compiled module, function, class body, ...: CPython's code object, field by field.
#[derive(Clone, Debug, Default)]
pub struct CodeObject {
    /// Number of positional parameters, the positional-only ones among them.
    pub argcount: u32,
    pub posonlyargcount: u32,
    pub kwonlyargcount: u32,
    /// Greatest depth of the evaluation stack.
    pub stacksize: u32,
    pub flags: CodeFlags,
    /// 2-byte units: instruction number, operand; caches in between.
    pub code: Vec<u8>,
    pub consts: Vec<Constant>,
    pub names: Vec<Box<str>>,
    /// Locals, then cells that are not locals, then free variables.
    pub localsplusnames: Vec<Box<str>>,
    /// One entry for each of `localsplusnames`.
    pub localspluskinds: Vec<LocalKind>,
    pub filename: Arc<Wtf8Buf>,
    pub name: Box<str>,
    pub qualname: Box<str>,
    pub firstlineno: u32,
    pub linetable: Vec<u8>,
    pub exceptiontable: Vec<u8>,
}

impl CodeObject {
    /// `co_varnames`.
    pub fn varnames(&self) -> impl Iterator<Item = &str> {
        self.locals_of(LocalKind::LOCAL)
    }

    /// `co_cellvars`.
    pub fn cellvars(&self) -> impl Iterator<Item = &str> {
        self.locals_of(LocalKind::CELL)
    }

    /// `co_freevars`.
    pub fn freevars(&self) -> impl Iterator<Item = &str> {
        self.locals_of(LocalKind::FREE)
    }

    /// `co_nlocals`.
    pub fn nlocals(&self) -> usize {
        self.varnames().count()
    }

    fn locals_of(&self, kind: LocalKind) -> impl Iterator<Item = &str> {
        self.localsplusnames
            .iter()
            .zip(&self.localspluskinds)
            .filter(move |(_, k)| k.has(kind))
            .map(|(name, _)| &**name)
    }

    /// The instructions in order, with `EXTENDED_ARG` prefixes folded in.
    pub fn instructions(&self) -> Instructions<'_> {
        Instructions { code: &self.code, at: 0 }
    }
}

/// One instruction of a code object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// Byte offset of its first unit: the first `EXTENDED_ARG`, if there are any.
    pub start: usize,
    /// Byte offset of the unit with the instruction's own number.
    pub offset: usize,
    pub opcode: Opcode,
    pub oparg: u32,
    /// Byte offset just after its caches.
    pub end: usize,
}

impl Instruction {
    /// The byte offset that the instruction jumps to, if it can jump.
    pub fn jump_target(&self) -> Option<usize> {
        let distance = self.oparg as usize * 2;
        match self.opcode {
            op if !op.has_jump() => None,
            op if op.jumps_backward() => self.end.checked_sub(distance),
            _ => Some(self.end + distance),
        }
    }
}

/// Iterator over instructions; ends early where the code is cut short or holds an unknown number.
#[derive(Clone, Debug)]
pub struct Instructions<'a> {
    code: &'a [u8],
    at: usize,
}

impl Iterator for Instructions<'_> {
    type Item = Instruction;

    fn next(&mut self) -> Option<Instruction> {
        let start = self.at;
        let mut oparg = 0;
        loop {
            let unit = self.code.get(self.at..self.at + 2)?;
            let opcode = Opcode::from_u8(unit[0])?;
            oparg = oparg << 8 | u32::from(unit[1]);
            let offset = self.at;
            self.at += 2;
            if opcode != Opcode::EXTENDED_ARG {
                self.at += 2 * opcode.caches();
                return Some(Instruction { start, offset, opcode, oparg, end: self.at });
            }
        }
    }
}
