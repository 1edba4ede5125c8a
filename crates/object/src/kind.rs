//! The kind byte: how to scan and measure an object, and the first dispatch in Rust.
//!
//! One table, read by the collector. A layout is added by one line here plus its `heap_object!`.

use crate::gc::Object;
use crate::shape::ShapeId;
use heap::{Header, KindInfo, KindTable, Tracer};

macro_rules! kinds {
    ($($(#[$meta:meta])* $name:ident = $size:expr, $scan:expr, $drop:expr;)*) => {
        /// The layout of a heap object.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum Kind { #[doc = "Not an object: freed or never allocated."] Free = 0, $($(#[$meta])* $name),* }

        /// The collector's view of every kind.
        pub static KINDS: KindTable = {
            let mut table = [KindInfo::UNUSED; 256];
            $(table[Kind::$name as usize] =
                KindInfo { name: stringify!($name), fixed_size: 0, size: $size, scan: $scan, drop: $drop };)*
            table
        };
    };
}

/// The size of objects whose shape says it (fixed layouts with or without instance slots).
unsafe fn by_shape(header: *const Header) -> usize {
    // SAFETY: the collector passes live objects, whose shape is live.
    unsafe { ShapeId::from_raw((*header).shape()).get().instance_size() }
}

/// Scan a fixed layout: its fields, its shape's class and, where it has them, its instance slots.
unsafe fn scan_fixed<T: Object + TraceFields>(header: *const Header, tracer: &mut Tracer) {
    // SAFETY: the kind byte says that the layout is `T`.
    let object = unsafe { &*(header as *const T) };
    object.trace_all(tracer);
    // SAFETY: as above; the shape describes the slots of this very object.
    unsafe { crate::instance::scan_slots(header, tracer) };
}

/// Bridges `heap_object!`'s inherent scan to a bound.
pub(crate) trait TraceFields {
    fn trace_all(&self, tracer: &mut Tracer);
}

macro_rules! fixed {
    ($($t:ty),* $(,)?) => { $(impl TraceFields for $t { #[inline(always)] fn trace_all(&self, t: &mut Tracer) { self.trace_fields(t) } })* };
}

use crate::builtins::*;
use crate::bytes::ByteArray;
use crate::class::Class;
use crate::dict::{Dict, GlobalCell};
use crate::exception::{Exception, Traceback};
use crate::float::{Complex, Float};
use crate::frame::FrameObject;
use crate::function::{BoundMethod, Cell, Function, NativeFunction};
use crate::instance::{Instance, Payload};
use crate::list::{List, ListIter};
use crate::set::Set;
use crate::tuple::TupleIter;

fixed!(
    Float,
    Complex,
    List,
    ListIter,
    TupleIter,
    Dict,
    GlobalCell,
    Set,
    Function,
    NativeFunction,
    BoundMethod,
    Cell,
    Class,
    Exception,
    Traceback,
    FrameObject,
    Instance,
    Payload,
    Slice,
    Range,
    RangeIter,
    LongRangeIter,
    Module,
    Property,
    StaticMethod,
    ClassMethod,
    Super,
    WeakRef,
    ByteArray,
    DictView,
    DictIter,
    MemberDescriptor,
    GetSetDescriptor,
    MethodDescriptor,
    SlotWrapper,
    Enumerate,
    Zip,
    Map,
    Filter,
    ReversedIter,
    SequenceIter,
    CallableIter,
    StrIter,
    BytesIter,
    SetIter,
    MappingProxy,
    NamespaceObject,
    MethodWrapper,
);

kinds! {
    Str = crate::string::size_str, crate::string::scan_str, None;
    StrBuffer = crate::string::size_buffer, crate::string::scan_buffer, None;
    Bytes = crate::bytes::size_bytes, crate::bytes::scan_bytes, None;
    ByteArray = by_shape, scan_fixed::<ByteArray>, Some(crate::bytes::drop_bytearray);
    BigInt = crate::int::size_bigint, crate::int::scan_bigint, None;
    Float = by_shape, scan_fixed::<Float>, None;
    Complex = by_shape, scan_fixed::<Complex>, None;
    Tuple = crate::tuple::size_tuple, crate::tuple::scan_tuple, None;
    TupleIter = by_shape, scan_fixed::<TupleIter>, None;
    List = by_shape, scan_fixed::<List>, None;
    ListIter = by_shape, scan_fixed::<ListIter>, None;
    Array = crate::array::size_array, crate::array::scan_array, None;
    Dict = by_shape, scan_fixed::<Dict>, None;
    DictStorage = crate::dict::size_storage, crate::dict::scan_storage, None;
    DictView = by_shape, scan_fixed::<DictView>, None;
    DictIter = by_shape, scan_fixed::<DictIter>, None;
    MappingProxy = by_shape, scan_fixed::<MappingProxy>, None;
    GlobalCell = by_shape, scan_fixed::<GlobalCell>, None;
    /// `set` and `frozenset`.
    Set = by_shape, scan_fixed::<Set>, None;
    SetStorage = crate::set::size_storage, crate::set::scan_storage, None;
    SetIter = by_shape, scan_fixed::<SetIter>, None;
    Slice = by_shape, scan_fixed::<Slice>, None;
    Range = by_shape, scan_fixed::<Range>, None;
    RangeIter = by_shape, scan_fixed::<RangeIter>, None;
    LongRangeIter = by_shape, scan_fixed::<LongRangeIter>, None;
    Enumerate = by_shape, scan_fixed::<Enumerate>, None;
    Zip = by_shape, scan_fixed::<Zip>, None;
    Map = by_shape, scan_fixed::<Map>, None;
    Filter = by_shape, scan_fixed::<Filter>, None;
    ReversedIter = by_shape, scan_fixed::<ReversedIter>, None;
    SequenceIter = by_shape, scan_fixed::<SequenceIter>, None;
    CallableIter = by_shape, scan_fixed::<CallableIter>, None;
    StrIter = by_shape, scan_fixed::<StrIter>, None;
    BytesIter = by_shape, scan_fixed::<BytesIter>, None;
    Function = by_shape, scan_fixed::<Function>, None;
    NativeFunction = by_shape, scan_fixed::<NativeFunction>, None;
    BoundMethod = by_shape, scan_fixed::<BoundMethod>, None;
    Cell = by_shape, scan_fixed::<Cell>, None;
    Code = crate::code::size_code, crate::code::scan_code, None;
    Frame = by_shape, scan_fixed::<FrameObject>, None;
    /// Generators, coroutines and async generators: the frame is part of the object.
    Generator = crate::generator::size_generator, crate::generator::scan_generator, None;
    Class = by_shape, scan_fixed::<Class>, None;
    Exception = by_shape, scan_fixed::<Exception>, None;
    Traceback = by_shape, scan_fixed::<Traceback>, None;
    Module = by_shape, scan_fixed::<Module>, None;
    Namespace = by_shape, scan_fixed::<NamespaceObject>, None;
    Property = by_shape, scan_fixed::<Property>, None;
    StaticMethod = by_shape, scan_fixed::<StaticMethod>, None;
    ClassMethod = by_shape, scan_fixed::<ClassMethod>, None;
    Super = by_shape, scan_fixed::<Super>, None;
    MemberDescriptor = by_shape, scan_fixed::<MemberDescriptor>, None;
    GetSetDescriptor = by_shape, scan_fixed::<GetSetDescriptor>, None;
    MethodDescriptor = by_shape, scan_fixed::<MethodDescriptor>, None;
    SlotWrapper = by_shape, scan_fixed::<SlotWrapper>, None;
    MethodWrapper = by_shape, scan_fixed::<MethodWrapper>, None;
    WeakRef = by_shape, scan_fixed::<WeakRef>, None;
    /// An instance of a Python class without a native base layout.
    Instance = by_shape, scan_fixed::<Instance>, None;
    /// An instance of a subclass of a type whose layout has a variable size (`int`, `str`, `bytes`, `tuple`, `float`,
    /// `complex`): it holds an exact value of that type.
    Payload = by_shape, scan_fixed::<Payload>, None;
    /// An instance of a subclass of `tuple` without a dict (a named tuple), laid out as a tuple is.
    SubTuple = crate::tuple::size_tuple, crate::tuple::scan_tuple, None;
    /// Layouts that native modules and embedders add: a vtable pointer follows the header.
    Native = by_shape, crate::native::scan_native, None;
    /// As `Native`, for Rust structs that own memory of their own and must be dropped.
    NativeDrop = by_shape, crate::native::scan_native, Some(crate::native::drop_native);
}
