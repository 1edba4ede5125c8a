//! Layouts and definitions that native modules and embedders add: `Native<T>` wraps any Rust struct that can be traced.
//!
//! A `T: NativeData` names its [`TypeSpec`]; `runtime::native` turns the spec into a class. Safe to use without `unsafe`:
//! the only obligation is that [`Trace`] visits every slot, which `#[derive(Trace)]` of `macros` does.

use crate::call::{GetSetDef, NativeDef};
use crate::class::{Class, PyResult, Slots};
use crate::cx::{Cx, Heap};
use crate::gc::{Gc, Object, Trace};
use crate::kind::Kind;
use crate::shape::ShapeId;
use crate::value::Value;
use heap::{Header, Tracer};
use std::any::TypeId;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What the collector must know of a `T`.
pub struct NativeVtable {
    pub name: &'static str,
    type_id: fn() -> TypeId,
    trace: unsafe fn(*const Header, &mut Tracer),
    drop: Option<unsafe fn(*mut Header)>,
}

/// The fixed start of every `Native<T>`.
#[repr(C)]
pub struct NativeHead {
    header: Header,
    vtable: &'static NativeVtable,
}

// SAFETY: kind `Native` is only given to objects that start with this head.
unsafe impl Object for NativeHead {
    #[inline(always)]
    fn is(header: &Header) -> bool {
        header.kind() == Kind::Native as u8 || header.kind() == Kind::NativeDrop as u8
    }
}

/// A heap object around a Rust struct.
#[repr(C)]
pub struct Native<T> {
    header: Header,
    vtable: &'static NativeVtable,
    data: T,
}

/// A Rust struct that can be the layout of a Python class.
pub trait NativeData: Trace + Sized + 'static {
    const NAME: &'static str;
    const VTABLE: &'static NativeVtable = &NativeVtable {
        name: Self::NAME,
        type_id: TypeId::of::<Self>,
        trace: trace_data::<Self>,
        drop: if std::mem::needs_drop::<Self>() { Some(drop_data::<Self>) } else { None },
    };
    const KIND: Kind = if std::mem::needs_drop::<Self>() { Kind::NativeDrop } else { Kind::Native };
    /// Bytes of the fixed part of an instance.
    const SIZE: usize = size_of::<Native<Self>>().next_multiple_of(8);
}

unsafe fn trace_data<T: NativeData>(header: *const Header, tracer: &mut Tracer) {
    // SAFETY: called through the vtable of an object that holds a `T`.
    unsafe { (*(header as *const Native<T>)).data.trace(tracer) }
}

unsafe fn drop_data<T: NativeData>(header: *mut Header) {
    // SAFETY: called once, through the vtable of a dead object that holds a `T`.
    unsafe { std::ptr::drop_in_place(&raw mut (*(header as *mut Native<T>)).data) }
}

pub(crate) unsafe fn scan_native(header: *const Header, tracer: &mut Tracer) {
    // SAFETY: kind `Native`.
    unsafe {
        ((*(header as *const NativeHead)).vtable.trace)(header, tracer);
        crate::instance::scan_slots(header, tracer);
    }
}

pub(crate) unsafe fn drop_native(header: *mut Header) {
    // SAFETY: kind `Native`; called once when dead.
    unsafe {
        if let Some(drop) = (*(header as *const NativeHead)).vtable.drop {
            drop(header);
        }
    }
}

// SAFETY: the vtable's type id tells the layout.
unsafe impl<T: NativeData> Object for Native<T> {
    #[inline]
    fn is(header: &Header) -> bool {
        if !NativeHead::is(header) {
            return false;
        }
        // SAFETY: kind `Native` objects start with a `NativeHead`.
        let vtable = unsafe { (*(header as *const Header as *const NativeHead)).vtable };
        std::ptr::eq(vtable, T::VTABLE) || (vtable.type_id)() == TypeId::of::<T>()
    }
}

impl<T> Deref for Native<T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        &self.data
    }
}

impl Heap {
    /// A new object of a class whose instances are `Native<T>`; `shape` is the class's instance shape.
    pub fn native<T: NativeData>(&mut self, shape: ShapeId, data: T) -> Gc<Native<T>> {
        assert!(
            shape.get().kind_byte() == T::KIND as u8 && shape.get().instance_size() >= T::SIZE,
            "the class's instances are {}",
            T::NAME
        );
        self.new_object(Native { header: Header::new(shape.raw(), T::KIND as u8), vtable: T::VTABLE, data })
    }
}

/// A small number that a static gets when it is first asked for: VMs keep what they have for the static at that index.
pub struct ProcessIndex(AtomicUsize);

impl ProcessIndex {
    #[expect(clippy::new_without_default, reason = "each is the initial value of a static")]
    pub const fn new() -> ProcessIndex {
        ProcessIndex(AtomicUsize::new(0))
    }

    #[inline(always)]
    pub fn get(&self) -> usize {
        match self.0.load(Ordering::Relaxed) {
            0 => self.assign(),
            index => index,
        }
    }

    #[cold]
    fn assign(&self) -> usize {
        static NEXT: AtomicUsize = AtomicUsize::new(1);
        let new = NEXT.fetch_add(1, Ordering::Relaxed);
        match self.0.compare_exchange(0, new, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => new,
            Err(index) => index,
        }
    }
}

/// Names Rust-side state of type `T` that VMs have; one static each.
pub struct StateKey<T>(pub(crate) ProcessIndex, PhantomData<fn() -> T>);

impl<T> StateKey<T> {
    #[expect(clippy::new_without_default, reason = "each is the initial value of a static")]
    pub const fn new() -> StateKey<T> {
        StateKey(ProcessIndex::new(), PhantomData)
    }
}

/// The definition of a native class; one static each, usually made by `macros`.
pub struct TypeSpec {
    /// Where VMs have the class.
    pub index: ProcessIndex,
    pub name: &'static str,
    /// Value of `__module__`.
    pub module: &'static str,
    pub doc: &'static str,
    /// Bits of [`crate::class::flags`] beyond the defaults (IMMUTABLE and READY are set for all).
    pub flags: u32,
    /// Bits of [`crate::class::traits`]: whether instances have a dict, can be weakly referenced.
    pub traits: u32,
    /// The base class; `object` when `None`. Built-in types get theirs from the runtime's table instead.
    pub base: Option<fn(&mut Cx) -> PyResult<Gc<Class>>>,
    pub methods: &'static [NativeDef],
    pub getset: &'static [GetSetDef],
    /// Fills the slots that the type defines itself.
    pub slots: fn(&Slots),
    /// Adds what is not a method (constants, class attributes); runs when the class is made.
    pub init: Option<fn(&mut Cx, Gc<Class>) -> PyResult<()>>,
    /// Layout of instances: kind and size of the fixed part.
    pub kind: Kind,
    pub size: usize,
}

/// The definition of a native module.
pub struct ModuleSpec {
    pub name: &'static str,
    pub doc: &'static str,
    pub functions: &'static [NativeDef],
    /// Adds constants and classes.
    pub init: Option<fn(&mut Cx, Value) -> PyResult<()>>,
}
