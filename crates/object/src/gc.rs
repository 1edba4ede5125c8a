//! Typed heap pointers, slots with a write barrier, and how a layout describes itself to the collector.
//!
//! A `Gc<T>` is a plain `Copy` word. It is kept alive by what the collector scans: precise roots (frames, [`RootVec`],
//! other heap objects) and, conservatively, the native stacks. It must therefore never rest in a `Vec`, a `Box` or a
//! static (rule 1 of docs/heap.md).

use crate::kind::Kind;
use crate::shape::ShapeId;
use crate::value::Value;
use heap::{Header, Tracer, Word};
use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr::NonNull;

/// A layout that starts with a [`Header`].
///
/// # Safety
/// `is` must answer true only for objects that have this layout.
pub unsafe trait Object: Sized {
    fn is(header: &Header) -> bool;

    /// As [`Object::is`], or an instance of a Python subclass that has the same layout under a kind of its own.
    #[inline(always)]
    fn is_or_extends(header: &Header) -> bool {
        Self::is(header)
    }
}

/// A pointer to a heap object of layout `T`.
#[repr(transparent)]
pub struct Gc<T>(NonNull<T>, PhantomData<*mut ()>);

impl<T> Clone for Gc<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Gc<T> {}
impl<T> PartialEq for Gc<T> {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Gc<T> {}

impl<T> std::fmt::Debug for Gc<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gc({:p})", self.0)
    }
}

impl<T: std::fmt::Display> std::fmt::Display for Gc<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}

impl<T> Deref for Gc<T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: a `Gc` is only made for a live object of layout `T`; the heap does not move objects, and holding the
        // pointer keeps the object alive. All fields that change are cells.
        unsafe { self.0.as_ref() }
    }
}

impl<T> Gc<T> {
    /// # Safety
    /// `word` must be the address of a live object of layout `T`.
    #[inline(always)]
    pub unsafe fn from_word_unchecked(word: Word) -> Gc<T> {
        // SAFETY: the caller's promise; an object's address is never null.
        Gc(unsafe { NonNull::new_unchecked(word as *mut T) }, PhantomData)
    }

    #[inline(always)]
    pub fn word(self) -> Word {
        self.0.as_ptr() as Word
    }

    #[inline(always)]
    pub fn value(self) -> Value {
        Value::from_word(self.word())
    }

    #[inline(always)]
    pub fn as_ptr(self) -> *mut T {
        self.0.as_ptr()
    }

    #[inline(always)]
    pub fn header(&self) -> &Header {
        // SAFETY: every layout starts with a header.
        unsafe { &*(self.0.as_ptr() as *const Header) }
    }

    #[inline(always)]
    pub fn shape_id(self) -> ShapeId {
        ShapeId::from_raw(self.header().shape())
    }

    pub fn as_header_ptr(self) -> *const Header {
        self.0.as_ptr() as *const Header
    }
}

impl<T> From<Gc<T>> for Value {
    #[inline(always)]
    fn from(gc: Gc<T>) -> Value {
        gc.value()
    }
}

impl<T> From<Option<Gc<T>>> for Value {
    #[inline(always)]
    fn from(gc: Option<Gc<T>>) -> Value {
        gc.map_or(Value::UNBOUND, Gc::value)
    }
}

/// What a scan does with a field. Implemented for slots (visits the word) and plain data (does nothing).
pub trait Trace {
    fn trace(&self, tracer: &mut Tracer);
}

/// A field that holds a value. Writing goes through the barrier.
#[repr(transparent)]
pub struct Slot(Cell<Value>);

impl Slot {
    pub const fn new(value: Value) -> Slot {
        Slot(Cell::new(value))
    }

    #[inline(always)]
    pub fn get(&self) -> Value {
        self.0.get()
    }

    /// Store `value`; `owner` is the object that this slot is part of.
    #[inline(always)]
    pub fn set<T>(&self, owner: Gc<T>, value: impl Into<Value>) {
        let value = value.into();
        // SAFETY: a `Value` is one word, so the cell can be read as a cell of a word; `owner` is live.
        unsafe { heap::barrier(owner.as_header_ptr(), &raw const self.0 as *const Cell<Word>, value.word()) };
        self.0.set(value);
    }

    /// Store a value into an object that has not yet seen a safepoint since it was allocated, or an immediate.
    #[inline(always)]
    pub fn init(&self, value: Value) {
        self.0.set(value);
    }

    /// Store unbound; needs no barrier.
    #[inline(always)]
    pub fn clear(&self) {
        self.0.set(Value::UNBOUND);
    }
}

impl Trace for Slot {
    #[inline(always)]
    fn trace(&self, tracer: &mut Tracer) {
        tracer.word(self.0.get().word());
    }
}

/// A field that holds a pointer to a `T` or nothing.
#[repr(transparent)]
pub struct GcSlot<T>(Slot, PhantomData<Gc<T>>);

impl<T> GcSlot<T> {
    pub fn new(value: Option<Gc<T>>) -> GcSlot<T> {
        GcSlot(Slot::new(value.into()), PhantomData)
    }

    pub fn of(value: Gc<T>) -> GcSlot<T> {
        GcSlot(Slot::new(value.value()), PhantomData)
    }

    #[inline(always)]
    pub fn get(&self) -> Option<Gc<T>> {
        let word = self.0.get().word();
        // SAFETY: only `Gc<T>` values are ever stored here.
        if word == 0 { None } else { Some(unsafe { Gc::from_word_unchecked(word) }) }
    }

    /// The pointer of a slot that is set at creation and never cleared.
    #[inline(always)]
    pub fn expect(&self) -> Gc<T> {
        let word = self.0.get().word();
        debug_assert!(word != 0, "slot is set at creation");
        // SAFETY: only `Gc<T>` values are stored here, and the constructor stored one.
        unsafe { Gc::from_word_unchecked(word) }
    }

    #[inline(always)]
    pub fn set<O>(&self, owner: Gc<O>, value: Gc<T>) {
        self.0.set(owner, value);
    }

    /// Store nothing; needs no barrier.
    #[inline(always)]
    pub fn clear(&self) {
        self.0.clear();
    }

    pub fn set_option<O>(&self, owner: Gc<O>, value: Option<Gc<T>>) {
        self.0.set(owner, Value::from(value));
    }

    #[inline(always)]
    pub fn init(&self, value: Gc<T>) {
        self.0.init(value.value());
    }

    #[inline(always)]
    pub fn init_option(&self, value: Option<Gc<T>>) {
        self.0.init(Value::from(value));
    }
}

impl<T> Trace for GcSlot<T> {
    #[inline(always)]
    fn trace(&self, tracer: &mut Tracer) {
        self.0.trace(tracer);
    }
}

macro_rules! plain {
    ($($t:ty),* $(,)?) => { $(impl Trace for $t { #[inline(always)] fn trace(&self, _: &mut Tracer) {} })* };
}
plain!(bool, u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, f64, char, String, &'static str, std::time::Instant);

impl<T: Copy> Trace for Cell<T>
where
    T: PlainData,
{
    #[inline(always)]
    fn trace(&self, _: &mut Tracer) {}
}

/// Data without heap pointers, so that a `Cell` of it needs no scan.
pub trait PlainData: Copy {}
macro_rules! plain_data {
    ($($t:ty),* $(,)?) => { $(impl PlainData for $t {})* };
}
plain_data!(bool, u8, u16, u32, u64, usize, i8, i16, i32, i64, isize, f64, char, ShapeId, Kind);
impl<T> PlainData for *const T {}
impl<T> PlainData for *mut T {}
impl<T: PlainData> PlainData for Option<T> {}
impl<T> Trace for PhantomData<T> {
    fn trace(&self, _: &mut Tracer) {}
}
impl<T: Trace, const N: usize> Trace for [T; N] {
    fn trace(&self, tracer: &mut Tracer) {
        self.iter().for_each(|t| t.trace(tracer));
    }
}

/// Rust-side data inside a heap object that holds no heap pointers (buffers, file handles, parser states).
pub struct Opaque<T>(pub RefCell<T>);
impl<T> Trace for Opaque<T> {
    fn trace(&self, _: &mut Tracer) {}
}
impl<T> Opaque<T> {
    pub fn new(data: T) -> Opaque<T> {
        Opaque(RefCell::new(data))
    }
}
impl<T> Deref for Opaque<T> {
    type Target = RefCell<T>;
    fn deref(&self) -> &RefCell<T> {
        &self.0
    }
}

/// Declares a layout: the struct with its header, its kind, and the scan of every field.
macro_rules! heap_object {
    ($(#[$meta:meta])* pub struct $name:ident: $kind:ident $(| $extended:ident)? { $($(#[$fmeta:meta])* $vis:vis $field:ident: $ty:ty),* $(,)? }) => {
        $(#[$meta])*
        #[repr(C)]
        pub struct $name {
            header: heap::Header,
            $($(#[$fmeta])* $vis $field: $ty,)*
        }
        // SAFETY: the kind byte is set from `KIND` by every constructor, and no other layout uses that kind.
        unsafe impl $crate::gc::Object for $name {
            #[inline(always)]
            fn is(header: &heap::Header) -> bool { header.kind() == $crate::kind::Kind::$kind as u8 }
            $(#[inline(always)]
            fn is_or_extends(header: &heap::Header) -> bool {
                Self::is(header) || header.kind() == $crate::kind::Kind::$extended as u8
            })?
        }
        impl $name {
            pub const KIND: $crate::kind::Kind = $crate::kind::Kind::$kind;
            #[allow(dead_code, reason = "layouts with a variable part scan by hand-over to this one")]
            pub(crate) fn trace_fields(&self, tracer: &mut heap::Tracer) {
                $($crate::gc::Trace::trace(&self.$field, tracer);)*
                let _ = tracer;
            }
        }
    };
}
pub(crate) use heap_object;

/// A growable list of values that Rust code outside the heap may hold: the VM scans it precisely.
///
/// Made by [`crate::Vm::root_vec`]; unregistered on drop.
pub struct RootVec {
    pub(crate) cells: std::rc::Rc<RootCells>,
}

/// The registered part of a [`RootVec`].
#[derive(Default)]
pub(crate) struct RootCells {
    pub(crate) values: RefCell<Vec<Word>>,
}

impl RootVec {
    pub fn push(&self, value: impl Into<Value>) {
        self.cells.values.borrow_mut().push(value.into().word());
    }
    pub fn pop(&self) -> Option<Value> {
        self.cells.values.borrow_mut().pop().map(Value::from_word)
    }
    pub fn get(&self, i: usize) -> Value {
        Value::from_word(self.cells.values.borrow()[i])
    }
    pub fn set(&self, i: usize, value: impl Into<Value>) {
        self.cells.values.borrow_mut()[i] = value.into().word();
    }
    pub fn len(&self) -> usize {
        self.cells.values.borrow().len()
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    pub fn truncate(&self, n: usize) {
        self.cells.values.borrow_mut().truncate(n);
    }
    pub fn insert(&self, i: usize, value: impl Into<Value>) {
        self.cells.values.borrow_mut().insert(i, value.into().word());
    }
    pub fn remove(&self, i: usize) -> Value {
        Value::from_word(self.cells.values.borrow_mut().remove(i))
    }
    pub fn iter(&self) -> impl Iterator<Item = Value> + '_ {
        (0..self.len()).map(|i| self.get(i))
    }
    /// Sort or otherwise rearrange the raw words; `f` must not run Python or allocate.
    pub fn with_values<R>(&self, f: impl FnOnce(&mut [Value]) -> R) -> R {
        let mut words = self.cells.values.borrow_mut();
        // SAFETY: `Value` is a transparent wrapper of `Word`.
        f(unsafe { std::slice::from_raw_parts_mut(words.as_mut_ptr() as *mut Value, words.len()) })
    }
}
