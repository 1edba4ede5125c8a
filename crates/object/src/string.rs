//! `str`: Latin-1, UCS-2 or UCS-4 code points inline, hash cached, lone surrogates allowed.
//!
//! `s += x` must be linear over a loop and there is no reference count to test, so a long result of a concatenation is
//! a *buffered* string: a length into a [`StrBuffer`] with spare room. When the left operand of the next concatenation
//! ends at the buffer's high-water mark, the right one is appended in place and only a small new string is made.

use crate::cx::Heap;
use crate::gc::{Gc, GcSlot, Trace, heap_object};
use crate::hash::hash_bytes;
use crate::value::Value;
use heap::{Header, OutOfMemory, Tracer};
use smallvec::SmallVec;
use std::cell::Cell;
use std::fmt;

heap_object! {
    /// An immutable string. `meta` is `len << 8 | flags`.
    pub struct Str: Str {
        hash: Cell<i64>,
        meta: u64,
        /// The buffer of a buffered string; otherwise the first bytes of the data are here.
        buffer: GcSlot<StrBuffer>,
    }
}

heap_object! {
    /// Shared storage of buffered strings: `capacity` bytes inline, of which the first `used` belong to some string.
    pub struct StrBuffer: StrBuffer {
        capacity: usize,
        used: Cell<usize>,
    }
}

/// Bytes a code point takes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Width {
    One = 0,
    Two = 1,
    Four = 2,
}

impl Width {
    pub const fn bytes(self) -> usize {
        1 << self as u8
    }

    /// The least width that holds `c`.
    pub const fn of(c: u32) -> Width {
        if c < 0x100 {
            Width::One
        } else if c < 0x10000 {
            Width::Two
        } else {
            Width::Four
        }
    }
}

const WIDTH_MASK: u64 = 3;
const ASCII: u64 = 4;
const BUFFERED: u64 = 8;

/// The code points of a string, by width.
#[derive(Clone, Copy, Debug)]
pub enum Chars<'a> {
    Latin1(&'a [u8]),
    Ucs2(&'a [u16]),
    Ucs4(&'a [u32]),
}

const HEAD: usize = size_of::<Header>() + 16;

pub(crate) unsafe fn size_str(header: *const Header) -> usize {
    // SAFETY: the kind byte says that this is a string.
    let s = unsafe { &*(header as *const Str) };
    if s.meta & BUFFERED != 0 { size_of::<Str>() } else { (HEAD + s.byte_len()).next_multiple_of(16) }
}

pub(crate) unsafe fn scan_str(header: *const Header, tracer: &mut Tracer) {
    // SAFETY: as above.
    let s = unsafe { &*(header as *const Str) };
    if s.meta & BUFFERED != 0 {
        s.buffer.trace(tracer);
    }
}

pub(crate) unsafe fn size_buffer(header: *const Header) -> usize {
    // SAFETY: the kind byte says that this is a buffer.
    let capacity = unsafe { (*(header as *const StrBuffer)).capacity };
    (size_of::<StrBuffer>() + capacity).next_multiple_of(16)
}

pub(crate) unsafe fn scan_buffer(_: *const Header, _: &mut Tracer) {}

impl Str {
    /// Length in code points.
    #[inline(always)]
    pub fn len(&self) -> usize {
        (self.meta >> 8) as usize
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline(always)]
    pub fn width(&self) -> Width {
        match self.meta & WIDTH_MASK {
            0 => Width::One,
            1 => Width::Two,
            _ => Width::Four,
        }
    }

    #[inline(always)]
    pub fn is_ascii(&self) -> bool {
        self.meta & ASCII != 0
    }

    pub fn byte_len(&self) -> usize {
        self.len() << (self.meta & WIDTH_MASK)
    }

    #[inline(always)]
    fn data(&self) -> *const u8 {
        if self.meta & BUFFERED != 0 {
            // SAFETY: the bytes of a buffer start right behind its fixed part.
            unsafe { self.buffer.expect().as_ptr().add(1) as *const u8 }
        } else {
            &raw const self.buffer as *const u8
        }
    }

    #[inline(always)]
    pub fn chars(&self) -> Chars<'_> {
        let (data, n) = (self.data(), self.len());
        // SAFETY: constructors wrote `n` code points of this width at `data`; they never change afterwards, and the
        // data is 8-byte aligned.
        unsafe {
            match self.width() {
                Width::One => Chars::Latin1(std::slice::from_raw_parts(data, n)),
                Width::Two => Chars::Ucs2(std::slice::from_raw_parts(data as *const u16, n)),
                Width::Four => Chars::Ucs4(std::slice::from_raw_parts(data as *const u32, n)),
            }
        }
    }

    /// The raw bytes of the code points.
    #[inline(always)]
    pub fn raw_bytes(&self) -> &[u8] {
        // SAFETY: as in `chars`.
        unsafe { std::slice::from_raw_parts(self.data(), self.byte_len()) }
    }

    /// The text of an ASCII string, without copying.
    #[inline(always)]
    pub fn as_ascii(&self) -> Option<&str> {
        // SAFETY: the flag is set only for data below 128.
        if self.is_ascii() { Some(unsafe { std::str::from_utf8_unchecked(self.raw_bytes()) }) } else { None }
    }

    /// The code points of a one-byte string.
    #[inline(always)]
    pub fn as_latin1(&self) -> Option<&[u8]> {
        if self.width() == Width::One { Some(self.raw_bytes()) } else { None }
    }

    /// Code point `i`, which must be below [`Str::len`].
    #[inline(always)]
    pub fn get(&self, i: usize) -> u32 {
        match self.chars() {
            Chars::Latin1(s) => s[i] as u32,
            Chars::Ucs2(s) => s[i] as u32,
            Chars::Ucs4(s) => s[i],
        }
    }

    pub fn iter(&self) -> CharsIter<'_> {
        CharsIter { chars: self.chars(), range: 0..self.len() }
    }

    /// The hash, cached; never -1 (0 means not computed yet, or empty).
    #[inline(always)]
    pub fn hash(&self) -> i64 {
        let h = self.hash.get();
        if h != 0 { h } else { self.compute_hash() }
    }

    #[cold]
    fn compute_hash(&self) -> i64 {
        let h = hash_bytes(self.raw_bytes());
        self.hash.set(h);
        h
    }

    /// The hash if it has been computed.
    #[inline(always)]
    pub fn cached_hash(&self) -> Option<i64> {
        Some(self.hash.get()).filter(|&h| h != 0)
    }

    /// Equality of the code points. Equal strings have equal widths: every constructor takes the least one.
    #[inline(always)]
    pub fn equals(&self, other: &Str) -> bool {
        std::ptr::eq(self, other)
            || (self.meta & !BUFFERED == other.meta & !BUFFERED && self.raw_bytes() == other.raw_bytes())
    }

    pub fn eq_str(&self, other: &str) -> bool {
        match self.as_ascii() {
            Some(s) => s == other,
            None => self.iter().eq(other.chars().map(|c| c as u32)),
        }
    }

    pub fn cmp(&self, other: &Str) -> std::cmp::Ordering {
        match (self.chars(), other.chars()) {
            (Chars::Latin1(a), Chars::Latin1(b)) => a.cmp(b),
            (Chars::Ucs2(a), Chars::Ucs2(b)) => a.cmp(b),
            (Chars::Ucs4(a), Chars::Ucs4(b)) => a.cmp(b),
            _ => self.iter().cmp(other.iter()),
        }
    }

    pub fn has_surrogates(&self) -> bool {
        self.width() > Width::One && self.iter().any(|c| (0xD800..0xE000).contains(&c))
    }

    /// UTF-8; `Err` holds the index of the first lone surrogate.
    pub fn to_utf8(&self) -> Result<String, usize> {
        if let Some(s) = self.as_ascii() {
            return Ok(s.to_owned());
        }
        let mut out = String::with_capacity(self.len() + self.len() / 2);
        for (i, c) in self.iter().enumerate() {
            out.push(char::from_u32(c).ok_or(i)?);
        }
        Ok(out)
    }

    /// UTF-8 with lone surrogates encoded as three bytes each (WTF-8, "surrogatepass").
    pub fn to_wtf8(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.len());
        for c in self.iter() {
            match char::from_u32(c) {
                Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                None => out.extend_from_slice(&[
                    0xE0 | (c >> 12) as u8,
                    0x80 | (c >> 6 & 0x3F) as u8,
                    0x80 | (c & 0x3F) as u8,
                ]),
            }
        }
        out
    }

    pub fn is_interned(&self) -> bool {
        self.header.has_flag(heap::flags::KIND_A)
    }

    pub(crate) fn set_interned(&self) {
        self.header.set_flag(heap::flags::KIND_A);
    }

    #[inline]
    fn allocate(heap: &mut Heap, len: usize, flags: u64) -> Result<Gc<Str>, OutOfMemory> {
        let bytes = len.checked_mul(1 << (flags & WIDTH_MASK)).filter(|&n| n < 1 << 46).ok_or(OutOfMemory)?;
        let size = (HEAD + bytes).next_multiple_of(16).max(32);
        let shape = heap.shapes().str;
        let object = heap.allocate(size, shape.raw(), Str::KIND as u8)?.cast::<Str>();
        // SAFETY: fresh memory; `meta` is written before anything can look at the object.
        unsafe {
            (&raw mut (*object.as_ptr()).meta).write((len as u64) << 8 | flags);
            Ok(Gc::from_word_unchecked(object.as_ptr() as u64))
        }
    }

    /// The data of a string under construction.
    fn data_mut(&self) -> *mut u8 {
        self.data() as *mut u8
    }

    /// From ASCII or Latin-1 bytes.
    pub fn from_latin1(heap: &mut Heap, bytes: &[u8]) -> Result<Gc<Str>, OutOfMemory> {
        if bytes.len() <= 1 {
            return Ok(match bytes.first() {
                None => heap.vm().empty_str(),
                Some(&b) => heap.vm().latin1_char(b),
            });
        }
        Str::from_bytes(heap, bytes, if bytes.is_ascii() { ASCII } else { 0 })
    }

    /// A string of two or more one-byte code points.
    #[inline(always)]
    fn from_bytes(heap: &mut Heap, bytes: &[u8], flags: u64) -> Result<Gc<Str>, OutOfMemory> {
        let s = Str::allocate(heap, bytes.len(), flags)?;
        // SAFETY: the new string has room for exactly these bytes, which nobody else writes.
        unsafe { copy_bytes(s.data_mut(), bytes.as_ptr(), bytes.len()) };
        Ok(s)
    }

    /// A string of `len` one-byte code points, zero at first, that `fill` writes in place.
    #[inline]
    pub fn build_latin1(heap: &mut Heap, len: usize, fill: impl FnOnce(&mut [u8])) -> Result<Gc<Str>, OutOfMemory> {
        if len <= 1 {
            let mut bytes = [0; 1];
            fill(&mut bytes[..len]);
            return Str::from_latin1(heap, &bytes[..len]);
        }
        let s = Str::allocate(heap, len, 0)?;
        // SAFETY: the new string has room for exactly these bytes, zeroed, and nobody else knows it yet.
        unsafe {
            let bytes = std::slice::from_raw_parts_mut(s.data_mut(), len);
            fill(bytes);
            if bytes.is_ascii() {
                (&raw mut (*s.as_ptr()).meta).write((len as u64) << 8 | ASCII);
            }
        }
        Ok(s)
    }

    /// The strings one after the other; what is no string is left out.
    pub fn concat_all(heap: &mut Heap, pieces: &[Value]) -> Result<Gc<Str>, OutOfMemory> {
        let strings = || pieces.iter().filter_map(|piece| piece.downcast::<Str>());
        let mut len = 0usize;
        let mut latin1 = true;
        for piece in strings() {
            len = len.checked_add(piece.len()).ok_or(OutOfMemory)?;
            latin1 &= piece.width() == Width::One;
        }
        if latin1 {
            return Str::build_latin1(heap, len, |mut out| {
                for piece in strings() {
                    let bytes = piece.raw_bytes();
                    let (head, rest) = std::mem::take(&mut out).split_at_mut(bytes.len());
                    copy_short(head, bytes);
                    out = rest;
                }
            });
        }
        let mut builder = StrBuilder::with_capacity(len);
        strings().for_each(|piece| builder.push_py(&piece));
        builder.finish(heap)
    }

    /// Fresh one-byte string, bypassing the caches; start-up only.
    pub(crate) fn bootstrap(heap: &mut Heap, bytes: &[u8]) -> Gc<Str> {
        let s = Str::allocate(heap, bytes.len(), if bytes.is_ascii() { ASCII } else { 0 })
            .expect("a few bytes at start-up");
        // SAFETY: the new string has room for exactly these bytes.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), s.data_mut(), bytes.len()) };
        s
    }

    /// From UTF-8.
    pub fn from_utf8(heap: &mut Heap, text: &str) -> Result<Gc<Str>, OutOfMemory> {
        if text.is_ascii() {
            return Str::from_latin1(heap, text.as_bytes());
        }
        let mut builder = StrBuilder::with_capacity(text.len());
        builder.push_str(text);
        builder.finish(heap)
    }

    /// From code points of at most two bytes each.
    pub fn from_ucs2(heap: &mut Heap, units: &[u16]) -> Result<Gc<Str>, OutOfMemory> {
        let max = units.iter().fold(0u16, |m, &u| m | u);
        if max < 0x100 {
            let bytes: Vec<u8> = units.iter().map(|&u| u as u8).collect();
            return Str::from_latin1(heap, &bytes);
        }
        let s = Str::allocate(heap, units.len(), Width::Two as u64)?;
        // SAFETY: room for `units.len()` units of two bytes, aligned.
        unsafe { std::ptr::copy_nonoverlapping(units.as_ptr(), s.data_mut() as *mut u16, units.len()) };
        Ok(s)
    }

    /// From code points.
    pub fn from_ucs4(heap: &mut Heap, points: &[u32]) -> Result<Gc<Str>, OutOfMemory> {
        let max = points.iter().fold(0u32, |m, &u| m | u);
        if max < 0x10000 {
            let units: Vec<u16> = points.iter().map(|&u| u as u16).collect();
            return Str::from_ucs2(heap, &units);
        }
        let s = Str::allocate(heap, points.len(), Width::Four as u64)?;
        // SAFETY: room for `points.len()` units of four bytes, aligned.
        unsafe { std::ptr::copy_nonoverlapping(points.as_ptr(), s.data_mut() as *mut u32, points.len()) };
        Ok(s)
    }

    /// The one-character string of `c` (a scalar value or a surrogate).
    pub fn from_char(heap: &mut Heap, c: u32) -> Gc<Str> {
        if c < 0x100 {
            return heap.vm().latin1_char(c as u8);
        }
        Str::from_ucs4(heap, &[c]).expect("one character")
    }

    /// Characters `[start, end)`.
    pub fn substring(heap: &mut Heap, s: Gc<Str>, start: usize, end: usize) -> Result<Gc<Str>, OutOfMemory> {
        if start == 0 && end == s.len() {
            return Ok(s);
        }
        match s.chars() {
            Chars::Latin1(b) if end - start > 1 && s.is_ascii() => Str::from_bytes(heap, &b[start..end], ASCII),
            Chars::Latin1(b) => Str::from_latin1(heap, &b[start..end]),
            Chars::Ucs2(u) => Str::from_ucs2(heap, &u[start..end]),
            Chars::Ucs4(u) => Str::from_ucs4(heap, &u[start..end]),
        }
    }

    /// `left + right`. Linear over a loop that appends to the same string.
    pub fn concat(heap: &mut Heap, left: Gc<Str>, right: Gc<Str>) -> Result<Gc<Str>, OutOfMemory> {
        if left.is_empty() {
            return Ok(right);
        }
        if right.is_empty() {
            return Ok(left);
        }
        let width = left.width().max(right.width());
        let len = left.len() + right.len();
        let flags = width as u64 | (left.meta & right.meta & ASCII);
        let (left_bytes, bytes) = (left.len() * width.bytes(), len * width.bytes());
        if left_bytes < BUFFER_FROM {
            let s = Str::allocate(heap, len, flags)?;
            copy_chars(&left, width, s.data_mut());
            // SAFETY: within the new string's data.
            copy_chars(&right, width, unsafe { s.data_mut().add(left_bytes) });
            return Ok(s);
        }
        if left.meta & BUFFERED != 0 && left.width() == width {
            let buffer = left.buffer.expect();
            if buffer.used.get() == left_bytes && bytes <= buffer.capacity {
                buffer.used.set(bytes);
                // SAFETY: the bytes between the old and the new mark belong to no string yet and lie in the buffer.
                copy_chars(&right, width, unsafe { (buffer.as_ptr().add(1) as *mut u8).add(left_bytes) });
                return Str::buffered(heap, buffer, len, flags);
            }
        }
        // Spare room only where an append has been seen: the first one makes a plain string, the second a buffer.
        let spare = if left_bytes >= right.len() * width.bytes() { bytes / 4 + 64 } else { 0 };
        let buffer = StrBuffer::new(heap, bytes + spare)?;
        buffer.used.set(bytes);
        // SAFETY: the characters follow the buffer's header, within the allocation.
        let data = unsafe { buffer.as_ptr().add(1) as *mut u8 };
        copy_chars(&left, width, data);
        // SAFETY: within the buffer's capacity.
        copy_chars(&right, width, unsafe { data.add(left_bytes) });
        Str::buffered(heap, buffer, len, flags)
    }

    fn buffered(heap: &mut Heap, buffer: Gc<StrBuffer>, len: usize, flags: u64) -> Result<Gc<Str>, OutOfMemory> {
        let shape = heap.shapes().str;
        let object = heap.raw.allocate(size_of::<Str>(), shape.raw(), Str::KIND as u8).cast::<Str>();
        // SAFETY: fresh memory of a whole `Str`.
        unsafe {
            (&raw mut (*object.as_ptr()).meta).write((len as u64) << 8 | flags | BUFFERED);
            let s = Gc::<Str>::from_word_unchecked(object.as_ptr() as u64);
            s.buffer.init(buffer);
            Ok(s)
        }
    }
}

/// Strings shorter than this many bytes are concatenated by copying.
const BUFFER_FROM: usize = 256;

impl StrBuffer {
    fn new(heap: &mut Heap, capacity: usize) -> Result<Gc<StrBuffer>, OutOfMemory> {
        let size = (size_of::<StrBuffer>() + capacity).next_multiple_of(16);
        let shape = heap.shapes().internal;
        let object = heap.allocate(size, shape.raw(), StrBuffer::KIND as u8)?.cast::<StrBuffer>();
        // SAFETY: fresh memory of the right size.
        unsafe {
            (&raw mut (*object.as_ptr()).capacity).write(capacity);
            Ok(Gc::from_word_unchecked(object.as_ptr() as u64))
        }
    }
}

/// As `copy_from_slice`, without a call to the library for a few bytes.
#[inline(always)]
pub fn copy_short(to: &mut [u8], from: &[u8]) {
    assert!(to.len() == from.len(), "as many bytes as there is room for");
    // SAFETY: both slices have this length, and an exclusive one overlaps with no other.
    unsafe { copy_bytes(to.as_mut_ptr(), from.as_ptr(), from.len()) }
}

/// # Safety
/// As `copy_nonoverlapping`.
#[inline(always)]
unsafe fn copy_bytes(to: *mut u8, from: *const u8, n: usize) {
    /// The first and the last bytes, as two words that may overlap.
    ///
    /// # Safety
    /// As `copy_nonoverlapping`, and `n` is between one and two words.
    #[inline(always)]
    unsafe fn ends<T: Copy>(to: *mut u8, from: *const u8, n: usize) {
        let tail = n - size_of::<T>();
        // SAFETY: `n` bytes hold a word at the start and one at the end.
        unsafe {
            let (first, last) = ((from as *const T).read_unaligned(), (from.add(tail) as *const T).read_unaligned());
            (to as *mut T).write_unaligned(first);
            (to.add(tail) as *mut T).write_unaligned(last);
        }
    }
    // SAFETY: passed on to the caller; the lengths are those that `ends` wants.
    unsafe {
        match n {
            0 => {}
            1 => *to = *from,
            2..4 => ends::<u16>(to, from, n),
            4..8 => ends::<u32>(to, from, n),
            8..=16 => ends::<u64>(to, from, n),
            _ => std::ptr::copy_nonoverlapping(from, to, n),
        }
    }
}

/// Write the code points of `s` at `to`, widened to `width`.
fn copy_chars(s: &Str, width: Width, to: *mut u8) {
    // SAFETY: the caller has reserved `s.len()` units of `width` at `to`, aligned for it.
    unsafe {
        match (s.chars(), width) {
            (Chars::Latin1(b), Width::One) => copy_bytes(to, b.as_ptr(), b.len()),
            (Chars::Ucs2(u), Width::Two) => std::ptr::copy_nonoverlapping(u.as_ptr(), to as *mut u16, u.len()),
            (Chars::Ucs4(u), Width::Four) => std::ptr::copy_nonoverlapping(u.as_ptr(), to as *mut u32, u.len()),
            (_, Width::Two) => s.iter().enumerate().for_each(|(i, c)| *(to as *mut u16).add(i) = c as u16),
            (_, Width::Four) => s.iter().enumerate().for_each(|(i, c)| *(to as *mut u32).add(i) = c),
            (_, Width::One) => unreachable!("a wider string never goes into a narrower one"),
        }
    }
}

/// Iterates over code points, from both ends.
#[derive(Clone)]
pub struct CharsIter<'a> {
    chars: Chars<'a>,
    range: std::ops::Range<usize>,
}

impl CharsIter<'_> {
    #[inline(always)]
    fn at(&self, i: usize) -> u32 {
        match self.chars {
            Chars::Latin1(s) => s[i] as u32,
            Chars::Ucs2(s) => s[i] as u32,
            Chars::Ucs4(s) => s[i],
        }
    }
}

impl Iterator for CharsIter<'_> {
    type Item = u32;
    #[inline(always)]
    fn next(&mut self) -> Option<u32> {
        self.range.next().map(|i| self.at(i))
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.range.size_hint()
    }
}
impl DoubleEndedIterator for CharsIter<'_> {
    fn next_back(&mut self) -> Option<u32> {
        self.range.next_back().map(|i| self.at(i))
    }
}
impl ExactSizeIterator for CharsIter<'_> {}

/// Lossy text (lone surrogates become U+FFFD), for messages.
impl fmt::Display for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_ascii() {
            Some(s) => f.write_str(s),
            None => self.iter().try_for_each(|c| fmt::Write::write_char(f, char::from_u32(c).unwrap_or('\u{FFFD}'))),
        }
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

/// Bytes of a [`StrBuilder`] that need no buffer from the system.
const INLINE: usize = 96;

/// Collects code points of any width and makes a string of the least one.
#[derive(Default, Clone)]
pub struct StrBuilder {
    latin1: SmallVec<[u8; INLINE]>,
    /// Used once a code point over 255 was seen; `latin1` is empty then.
    wide: Vec<u32>,
}

impl StrBuilder {
    pub fn new() -> StrBuilder {
        StrBuilder::default()
    }

    pub fn with_capacity(n: usize) -> StrBuilder {
        StrBuilder { latin1: SmallVec::with_capacity(n), wide: Vec::new() }
    }

    pub fn len(&self) -> usize {
        self.latin1.len() + self.wide.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline]
    pub fn push(&mut self, c: u32) {
        if c < 0x100 && self.wide.is_empty() {
            self.latin1.push(c as u8);
        } else {
            self.widen();
            self.wide.push(c);
        }
    }

    fn widen(&mut self) {
        if !self.latin1.is_empty() {
            self.wide.extend(self.latin1.iter().map(|&b| b as u32));
            self.latin1 = SmallVec::new();
        }
    }

    pub fn push_char(&mut self, c: char) {
        self.push(c as u32);
    }

    pub fn push_str(&mut self, s: &str) {
        if s.is_ascii() {
            self.push_latin1(s.as_bytes());
        } else {
            s.chars().for_each(|c| self.push(c as u32));
        }
    }

    #[inline]
    pub fn push_latin1(&mut self, s: &[u8]) {
        if self.wide.is_empty() {
            if s.len() > self.latin1.capacity() {
                // One large piece is seldom followed by others: no room for as much again.
                self.latin1.reserve_exact(s.len());
            } else {
                self.latin1.reserve(s.len());
            }
            let n = self.latin1.len();
            // SAFETY: there is room for so many bytes behind the present ones.
            unsafe {
                copy_bytes(self.latin1.as_mut_ptr().add(n), s.as_ptr(), s.len());
                self.latin1.set_len(n + s.len());
            }
        } else {
            self.wide.extend(s.iter().map(|&b| b as u32));
        }
    }

    pub fn push_py(&mut self, s: &Str) {
        self.push_slice(s, 0, s.len());
    }

    /// Characters `[start, end)` of `s`.
    #[inline]
    pub fn push_slice(&mut self, s: &Str, start: usize, end: usize) {
        match s.chars() {
            Chars::Latin1(b) => self.push_latin1(&b[start..end]),
            Chars::Ucs2(u) => u[start..end].iter().for_each(|&c| self.push(c as u32)),
            Chars::Ucs4(u) => u[start..end].iter().for_each(|&c| self.push(c)),
        }
    }

    pub fn push_repeated(&mut self, c: u32, n: usize) {
        if c < 0x100 && self.wide.is_empty() {
            self.latin1.resize(self.latin1.len() + n, c as u8);
        } else {
            self.widen();
            self.wide.resize(self.wide.len() + n, c);
        }
    }

    /// The code points so far.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.latin1.iter().map(|&b| b as u32).chain(self.wide.iter().copied())
    }

    pub fn clear(&mut self) {
        self.latin1.clear();
        self.wide.clear();
    }

    pub fn finish(self, heap: &mut Heap) -> Result<Gc<Str>, OutOfMemory> {
        self.to_py(heap)
    }

    /// The text so far as a string.
    pub fn to_py(&self, heap: &mut Heap) -> Result<Gc<Str>, OutOfMemory> {
        if self.wide.is_empty() { Str::from_latin1(heap, &self.latin1) } else { Str::from_ucs4(heap, &self.wide) }
    }
}

impl fmt::Write for StrBuilder {
    fn write_str(&mut self, s: &str) -> fmt::Result {
        self.push_str(s);
        Ok(())
    }
}
