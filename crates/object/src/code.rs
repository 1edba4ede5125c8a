//! Code objects on the heap: the instruction stream that the interpreter rewrites in place, and what surrounds it.

use crate::array::Array;
use crate::bytes::Bytes;
use crate::cx::Heap;
use crate::gc::{Gc, GcSlot, Slot, heap_object};
use crate::string::Str;
use crate::tuple::Tuple;
use crate::value::Value;
use bytecode::CodeFlags;
use heap::{Header, OutOfMemory, Tracer};
use std::cell::Cell;

heap_object! {
    /// A code object. The code units (instruction number and operand, or a cache entry) follow the fixed part.
    pub struct Code: Code {
        pub argcount: u32,
        pub posonlyargcount: u32,
        pub kwonlyargcount: u32,
        pub stacksize: u32,
        pub flags: u32,
        pub firstlineno: u32,
        pub n_locals: u32,
        pub n_localsplus: u32,
        pub n_cells: u32,
        pub n_free: u32,
        n_units: u32,
        /// Version of functions made from this code without defaults of their own; 0 = none yet.
        pub function_version: Cell<u32>,
        /// The unit at which a call from Python starts: past the `RESUME` once that has made the code ready, as long as
        /// nothing but the safepoint is asked of it.
        pub entry: Cell<u32>,
        /// The unit whose line was asked for last, and the line, each plus one.
        pub asked_unit: Cell<u32>,
        pub asked_line: Cell<u32>,
        /// Of a generator: whether it can be suspended in a `try` or `with` block, or in an `await`, where closing it runs
        /// code.
        pub closing_runs: bool,
        pub consts: GcSlot<Tuple>,
        pub names: GcSlot<Tuple>,
        pub localsplusnames: GcSlot<Tuple>,
        pub localspluskinds: GcSlot<Bytes>,
        pub filename: Slot,
        pub name: Slot,
        pub qualname: Slot,
        pub linetable: GcSlot<Bytes>,
        pub exceptiontable: GcSlot<Bytes>,
        /// Heap objects that inline caches point at; appended to by the specialiser.
        pub cached: GcSlot<Array>,
        pub n_cached: Cell<usize>,
        /// Index of a generated helper per code object (extra data of tools); unbound when unused.
        pub extra: Slot,
        /// Specialisation statistics of the sites, kept by the interpreter; unbound until something was counted.
        pub counters: Slot,
        /// The instrumentation state (monitoring); unbound when not instrumented.
        pub monitoring: Slot,
        /// `co_code` as bytes, once asked for.
        pub co_code: Slot,
    }
}

pub(crate) unsafe fn size_code(header: *const Header) -> usize {
    // SAFETY: the kind byte says that this is a code object.
    size_for(unsafe { (*(header as *const Code)).n_units as usize })
}

pub(crate) unsafe fn scan_code(header: *const Header, tracer: &mut Tracer) {
    // SAFETY: as above.
    unsafe { (*(header as *const Code)).trace_fields(tracer) }
}

/// Whether this is the `RESUME` of a suspension that closing cannot skip. Its operand: what suspended (0 is the function's
/// start, 1 a plain `yield`, 2 a `yield from`, 3 an `await`), plus 4 when only the handler that covers every generator
/// covers it.
fn runs_on_closing(opcode: u8, operand: u8) -> bool {
    const YIELD_OUTSIDE_BLOCKS: u8 = 1 | 4;
    const YIELD_FROM_OUTSIDE_BLOCKS: u8 = 2 | 4;
    opcode == bytecode::Opcode::RESUME as u8 && !matches!(operand, 0 | YIELD_OUTSIDE_BLOCKS | YIELD_FROM_OUTSIDE_BLOCKS)
}

const fn size_for(n_units: usize) -> usize {
    (size_of::<Code>() + n_units * 2).next_multiple_of(16)
}

/// What [`Code::new`] needs beside the instruction bytes; every value is already on the heap.
pub struct CodeParts<'a> {
    pub argcount: u32,
    pub posonlyargcount: u32,
    pub kwonlyargcount: u32,
    pub stacksize: u32,
    pub flags: u32,
    pub firstlineno: u32,
    pub code: &'a [u8],
    pub consts: Gc<Tuple>,
    pub names: Gc<Tuple>,
    pub localsplusnames: Gc<Tuple>,
    pub localspluskinds: Gc<Bytes>,
    pub filename: Value,
    pub name: Value,
    pub qualname: Value,
    pub linetable: Gc<Bytes>,
    pub exceptiontable: Gc<Bytes>,
}

impl Code {
    pub fn new(heap: &mut Heap, parts: CodeParts<'_>) -> Result<Gc<Code>, OutOfMemory> {
        let n_units = parts.code.len() / 2;
        let shape = heap.shapes().code;
        let object = heap.allocate(size_for(n_units), shape.raw(), Code::KIND as u8)?.cast::<Code>();
        let count = |bit: u8| parts.localspluskinds.as_slice().iter().filter(|&&k| k & bit != 0).count() as u32;
        let code = Code {
            header: Header::new(shape.raw(), Code::KIND as u8),
            argcount: parts.argcount,
            posonlyargcount: parts.posonlyargcount,
            kwonlyargcount: parts.kwonlyargcount,
            stacksize: parts.stacksize,
            flags: parts.flags,
            firstlineno: parts.firstlineno,
            n_locals: count(bytecode::LocalKind::LOCAL.0),
            n_localsplus: parts.localsplusnames.len() as u32,
            n_cells: count(bytecode::LocalKind::CELL.0),
            n_free: count(bytecode::LocalKind::FREE.0),
            n_units: n_units as u32,
            function_version: Cell::new(0),
            entry: Cell::new(0),
            asked_unit: Cell::new(0),
            asked_line: Cell::new(0),
            closing_runs: parts.code.as_chunks().0.iter().any(|&[opcode, operand]| runs_on_closing(opcode, operand)),
            consts: GcSlot::of(parts.consts),
            names: GcSlot::of(parts.names),
            localsplusnames: GcSlot::of(parts.localsplusnames),
            localspluskinds: GcSlot::of(parts.localspluskinds),
            filename: Slot::new(parts.filename),
            name: Slot::new(parts.name),
            qualname: Slot::new(parts.qualname),
            linetable: GcSlot::of(parts.linetable),
            exceptiontable: GcSlot::of(parts.exceptiontable),
            cached: GcSlot::new(None),
            n_cached: Cell::new(0),
            extra: Slot::new(Value::UNBOUND),
            counters: Slot::new(Value::UNBOUND),
            monitoring: Slot::new(Value::UNBOUND),
            co_code: Slot::new(Value::UNBOUND),
        };
        // SAFETY: fresh memory with room for the fixed part and the units.
        unsafe {
            std::ptr::write(object.as_ptr(), code);
            std::ptr::copy_nonoverlapping(parts.code.as_ptr(), object.as_ptr().add(1) as *mut u8, n_units * 2);
            Ok(Gc::from_word_unchecked(object.as_ptr() as u64))
        }
    }

    #[inline(always)]
    pub fn n_units(&self) -> usize {
        self.n_units as usize
    }

    /// The first code unit.
    #[inline(always)]
    pub fn units_ptr(&self) -> *const u16 {
        // SAFETY: the units follow the fixed part.
        unsafe { (self as *const Code).add(1) as *const u16 }
    }

    /// The units as cells: the specialiser rewrites them.
    #[inline(always)]
    pub fn units(&self) -> &[Cell<u16>] {
        // SAFETY: `n_units` units follow the fixed part; they are only accessed as cells or by the interpreter.
        unsafe { std::slice::from_raw_parts(self.units_ptr() as *const Cell<u16>, self.n_units()) }
    }

    #[inline(always)]
    pub fn has_flag(&self, flag: CodeFlags) -> bool {
        self.flags & flag.0 != 0
    }

    /// Words that a frame of this code needs for locals and stack.
    #[inline(always)]
    pub fn frame_words(&self) -> usize {
        (self.n_localsplus + self.stacksize) as usize
    }

    /// Parameters in all: positional, keyword-only, `*args`, `**kwargs`.
    pub fn n_parameters(&self) -> usize {
        (self.argcount + self.kwonlyargcount) as usize
            + self.has_flag(CodeFlags::VARARGS) as usize
            + self.has_flag(CodeFlags::VARKEYWORDS) as usize
    }

    /// The docstring (the first constant, when the flag says so) or None.
    pub fn docstring(&self) -> Value {
        if self.has_flag(CodeFlags::HAS_DOCSTRING) {
            self.consts.expect().try_get(0).unwrap_or(Value::NONE)
        } else {
            Value::NONE
        }
    }

    pub fn name_at(&self, i: usize) -> Gc<Str> {
        self.names.expect().get(i).cast::<Str>().expect("names are exact strings")
    }

    pub fn local_name(&self, i: usize) -> Gc<Str> {
        self.localsplusnames.expect().get(i).cast::<Str>().expect("names of locals are exact strings")
    }

    pub fn local_kind(&self, i: usize) -> u8 {
        self.localspluskinds.expect().as_slice()[i]
    }
}
