//! Type objects: names, bases, the dictionary, and the slot table that native code dispatches through.
//!
//! A slot is what a `__dunder__` method looks like to Rust. Native types fill slots from their definition; for Python
//! classes `runtime::typing` installs functions that look the dunder up. Slots are inherited at class creation and kept up
//! to date when a class changes.

use crate::array::Array;
use crate::call::Args;
use crate::cx::{Cx, Raised};
use crate::dict::Dict;
use crate::gc::{Gc, GcSlot, Slot, Trace, heap_object};
use crate::kind::Kind;
use crate::native::TypeSpec;
use crate::shape::ShapeId;
use crate::string::Str;
use crate::tuple::Tuple;
use crate::value::Value;
use std::cell::Cell;

/// The outcome of whatever may run Python.
pub type PyResult<T = Value> = Result<T, Raised>;

pub type UnaryFn = fn(&mut Cx, Value) -> PyResult;
pub type BinaryFn = fn(&mut Cx, Value, Value) -> PyResult;
pub type TernaryFn = fn(&mut Cx, Value, Value, Value) -> PyResult;
pub type LenFn = fn(&mut Cx, Value) -> PyResult<usize>;
pub type BoolFn = fn(&mut Cx, Value) -> PyResult<bool>;
pub type HashFn = fn(&mut Cx, Value) -> PyResult<i64>;
pub type ContainsFn = fn(&mut Cx, Value, Value) -> PyResult<bool>;
/// `(object, key, value)`; `None` deletes.
pub type SetItemFn = fn(&mut Cx, Value, Value, Option<Value>) -> PyResult<()>;
pub type CompareFn = fn(&mut Cx, Value, Value, CompareOp) -> PyResult;
pub type CallFn = fn(&mut Cx, Value, Args<'_>) -> PyResult;
/// The next item; `None` at the end (no StopIteration is made).
pub type NextFn = fn(&mut Cx, Value) -> PyResult<Option<Value>>;
pub type GetAttrFn = fn(&mut Cx, Value, Gc<Str>) -> PyResult;
/// `(object, name, value)`; `None` deletes.
pub type SetAttrFn = fn(&mut Cx, Value, Gc<Str>, Option<Value>) -> PyResult<()>;
/// `(descriptor, instance or unbound, owner class or unbound)`.
pub type DescrGetFn = fn(&mut Cx, Value, Value, Value) -> PyResult;
/// `(descriptor, instance, value)`; `None` deletes.
pub type DescrSetFn = fn(&mut Cx, Value, Value, Option<Value>) -> PyResult<()>;
pub type InitFn = fn(&mut Cx, Value, Args<'_>) -> PyResult<()>;
pub type NewFn = fn(&mut Cx, Gc<Class>, Args<'_>) -> PyResult;

/// `<`, `<=`, `==`, `!=`, `>`, `>=`, numbered as in CPython.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum CompareOp {
    Lt = 0,
    Le = 1,
    Eq = 2,
    Ne = 3,
    Gt = 4,
    Ge = 5,
}

impl CompareOp {
    pub const fn from_u8(n: u8) -> CompareOp {
        match n {
            0 => CompareOp::Lt,
            1 => CompareOp::Le,
            2 => CompareOp::Eq,
            3 => CompareOp::Ne,
            4 => CompareOp::Gt,
            _ => CompareOp::Ge,
        }
    }

    /// The operator with its operands swapped.
    pub const fn swapped(self) -> CompareOp {
        match self {
            CompareOp::Lt => CompareOp::Gt,
            CompareOp::Le => CompareOp::Ge,
            CompareOp::Eq => CompareOp::Eq,
            CompareOp::Ne => CompareOp::Ne,
            CompareOp::Gt => CompareOp::Lt,
            CompareOp::Ge => CompareOp::Le,
        }
    }

    pub const fn symbol(self) -> &'static str {
        match self {
            CompareOp::Lt => "<",
            CompareOp::Le => "<=",
            CompareOp::Eq => "==",
            CompareOp::Ne => "!=",
            CompareOp::Gt => ">",
            CompareOp::Ge => ">=",
        }
    }

    /// What the operator says of an ordering.
    #[inline(always)]
    pub const fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            CompareOp::Lt => ordering.is_lt(),
            CompareOp::Le => ordering.is_le(),
            CompareOp::Eq => ordering.is_eq(),
            CompareOp::Ne => ordering.is_ne(),
            CompareOp::Gt => ordering.is_gt(),
            CompareOp::Ge => ordering.is_ge(),
        }
    }
}

/// The binary operators, numbered as the operand of `BINARY_OP` (in-place forms are 13 more, `[]` is 26).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum BinaryOp {
    Add = 0,
    And = 1,
    FloorDivide = 2,
    Lshift = 3,
    MatrixMultiply = 4,
    Multiply = 5,
    Remainder = 6,
    Or = 7,
    Power = 8,
    Rshift = 9,
    Subtract = 10,
    TrueDivide = 11,
    Xor = 12,
}

impl BinaryOp {
    pub const ALL: [BinaryOp; 13] = [
        BinaryOp::Add,
        BinaryOp::And,
        BinaryOp::FloorDivide,
        BinaryOp::Lshift,
        BinaryOp::MatrixMultiply,
        BinaryOp::Multiply,
        BinaryOp::Remainder,
        BinaryOp::Or,
        BinaryOp::Power,
        BinaryOp::Rshift,
        BinaryOp::Subtract,
        BinaryOp::TrueDivide,
        BinaryOp::Xor,
    ];

    pub const fn from_u8(n: u8) -> BinaryOp {
        BinaryOp::ALL[n as usize]
    }

    pub const fn symbol(self) -> &'static str {
        ["+", "&", "//", "<<", "@", "*", "%", "|", "** or pow()", ">>", "-", "/", "^"][self as usize]
    }

    pub const fn inplace_symbol(self) -> &'static str {
        ["+=", "&=", "//=", "<<=", "@=", "*=", "%=", "|=", "**=", ">>=", "-=", "/=", "^="][self as usize]
    }
}

macro_rules! slots {
    ($($(#[$meta:meta])* $name:ident: $ty:ty),* $(,)?) => {
        /// One cell a slot; empty = the type does not have it.
        #[derive(Default)]
        pub struct Slots {
            $($(#[$meta])* pub $name: Cell<Option<$ty>>,)*
            /// Binary operators, by [`BinaryOp`]. Called as `(left, right)` for either operand's type.
            pub binary: [Cell<Option<BinaryFn>>; 13],
            /// In-place operators, by [`BinaryOp`].
            pub inplace: [Cell<Option<BinaryFn>>; 13],
        }
        impl Slots {
            /// Fill what is still empty from `base` (all but `new` and the like, which the caller decides).
            pub fn inherit(&self, base: &Slots) {
                $(if self.$name.get().is_none() { self.$name.set(base.$name.get()); })*
                for (own, from) in self.binary.iter().zip(&base.binary).chain(self.inplace.iter().zip(&base.inplace)) {
                    if own.get().is_none() { own.set(from.get()); }
                }
            }
            /// Empty every slot.
            pub fn reset(&self) {
                $(self.$name.set(None);)*
                self.binary.iter().chain(&self.inplace).for_each(|slot| slot.set(None));
            }
        }
    };
}

slots! {
    repr: UnaryFn,
    str_: UnaryFn,
    hash: HashFn,
    call: CallFn,
    getattro: GetAttrFn,
    setattro: SetAttrFn,
    richcompare: CompareFn,
    iter: UnaryFn,
    next: NextFn,
    descr_get: DescrGetFn,
    descr_set: DescrSetFn,
    init: InitFn,
    new: NewFn,
    /// PEP 442's finaliser, `__del__`.
    finalize: fn(&mut Cx, Value) -> PyResult<()>,
    len: LenFn,
    /// `len` as a sequence: negative indices are adjusted by it before `sq_item`.
    getitem: BinaryFn,
    setitem: SetItemFn,
    contains: ContainsFn,
    /// Sequence `+` (tried after the number slots).
    concat: BinaryFn,
    /// Sequence `*`.
    repeat: BinaryFn,
    inplace_concat: BinaryFn,
    inplace_repeat: BinaryFn,
    bool_: BoolFn,
    int: UnaryFn,
    float: UnaryFn,
    index: UnaryFn,
    negative: UnaryFn,
    positive: UnaryFn,
    absolute: UnaryFn,
    invert: UnaryFn,
    /// `pow(a, b, c)`.
    power3: TernaryFn,
    await_: UnaryFn,
    aiter: UnaryFn,
    anext: UnaryFn,
}

impl Trace for Slots {
    fn trace(&self, _: &mut heap::Tracer) {}
}

/// Bits of [`Class::flags`]; the numbers that Python sees in `__flags__` are CPython's.
pub mod flags {
    /// Attributes are in the instance itself until a dict is asked for.
    pub const INLINE_VALUES: u32 = 1 << 2;
    pub const MANAGED_DICT: u32 = 1 << 4;
    pub const SEQUENCE: u32 = 1 << 5;
    pub const MAPPING: u32 = 1 << 6;
    pub const DISALLOW_INSTANTIATION: u32 = 1 << 7;
    pub const IMMUTABLE: u32 = 1 << 8;
    /// Made by a `class` statement or `type()`.
    pub const HEAPTYPE: u32 = 1 << 9;
    pub const BASETYPE: u32 = 1 << 10;
    pub const READY: u32 = 1 << 12;
    pub const HAVE_GC: u32 = 1 << 14;
    /// Unbound method calls skip the bound method (functions, method descriptors).
    pub const METHOD_DESCRIPTOR: u32 = 1 << 17;
    pub const ABSTRACT: u32 = 1 << 20;
    pub const MATCH_SELF: u32 = 1 << 22;
    pub const LONG_SUBCLASS: u32 = 1 << 24;
    pub const LIST_SUBCLASS: u32 = 1 << 25;
    pub const TUPLE_SUBCLASS: u32 = 1 << 26;
    pub const BYTES_SUBCLASS: u32 = 1 << 27;
    pub const STR_SUBCLASS: u32 = 1 << 28;
    pub const DICT_SUBCLASS: u32 = 1 << 29;
    pub const EXCEPTION_SUBCLASS: u32 = 1 << 30;
    pub const TYPE_SUBCLASS: u32 = 1 << 31;
}

/// Bits of [`Class::traits`]: facts of our own about a class.
pub mod traits {
    /// Instances have a dict.
    pub const HAS_DICT: u32 = 1;
    /// Instances may be weakly referenced.
    pub const HAS_WEAKREF: u32 = 2;
    /// `__getattribute__` is `object`'s, `__getattr__` is absent: attribute loads may be specialised.
    pub const PLAIN_GETATTR: u32 = 4;
    /// `__setattr__` and `__delattr__` are `object`'s.
    pub const PLAIN_SETATTR: u32 = 8;
    /// Defines or inherits `__del__`.
    pub const HAS_DEL: u32 = 16;
    /// Instances are payload objects ([`crate::instance::Payload`]).
    pub const PAYLOAD: u32 = 32;
    /// Has `__getattr__`.
    pub const HAS_GETATTR_HOOK: u32 = 64;
    /// `==` and `hash` are `tuple`'s.
    pub const PLAIN_TUPLE: u32 = 128;
    /// A native class that says it is made at run time, like those of Python code.
    pub const CLAIMS_HEAPTYPE: u32 = 256;
}

heap_object! {
    /// A type object.
    pub struct Class: Class {
        /// The metaclass's instances may carry attributes: the extra word, see [`crate::instance`].
        pub name: GcSlot<Str>,
        pub qualname: GcSlot<Str>,
        pub bases: GcSlot<Tuple>,
        pub mro: GcSlot<Tuple>,
        pub dict: GcSlot<Dict>,
        /// The base whose layout instances have.
        pub base: GcSlot<Class>,
        /// Weak references to direct subclasses, in order of creation.
        pub subclasses: Slot,
        /// Code sites to reset when the class changes: triples (code, unit index, name).
        pub watchers: GcSlot<Array>,
        pub n_watchers: Cell<usize>,
        /// Names of `__slots__`, in slot order (mangled), of this class alone.
        pub slot_names: Slot,
        /// The `__init__` function that specialised calls of the class enter; forgotten when the class changes.
        pub cache: Slot,
        /// The same for `__getitem__` and specialised subscripts.
        pub getitem_cache: Slot,
        pub flags: Cell<u32>,
        pub traits: Cell<u32>,
        /// Changes with every change of the class; 0 = not assigned. Keys the method cache.
        pub version: Cell<u32>,
        /// Shape of a fresh instance; [`ShapeId::NONE`] for types without instances of a fixed layout.
        pub instance_shape: Cell<ShapeId>,
        pub instance_kind: Cell<Kind>,
        /// Size in bytes of the fixed part of instances, without the extra word.
        pub base_size: Cell<u32>,
        pub reserved_slots: Cell<u32>,
        /// The native definition of this class or of its nearest native base.
        pub spec: Cell<Option<&'static TypeSpec>>,
        pub slots: Slots,
    }
}

impl crate::gc::PlainData for &'static TypeSpec {}

impl Class {
    #[inline(always)]
    pub fn has_flag(&self, flag: u32) -> bool {
        self.flags.get() & flag != 0
    }

    #[inline(always)]
    pub fn has_trait(&self, flag: u32) -> bool {
        self.traits.get() & flag != 0
    }

    pub fn set_flag(&self, flag: u32) {
        self.flags.set(self.flags.get() | flag);
    }

    pub fn set_trait(&self, flag: u32, on: bool) {
        self.traits.set(if on { self.traits.get() | flag } else { self.traits.get() & !flag });
    }

    /// Whether `other` is in this class's method resolution order.
    #[inline]
    pub fn is_subclass_of(&self, other: Gc<Class>) -> bool {
        match self.mro.get() {
            Some(mro) => mro.iter().any(|c| c.is(other.value())),
            None => false,
        }
    }

    /// The classes of the method resolution order.
    pub fn mro_iter(&self) -> impl Iterator<Item = Gc<Class>> + '_ {
        let mro = self.mro.get();
        (0..mro.map_or(0, |m| m.len())).filter_map(move |i| mro.and_then(|m| m.get(i).cast::<Class>()))
    }

    /// `name` in the class or its bases, without descriptors. The cached form is [`Cx::lookup_class`].
    pub fn lookup_uncached(&self, name: Gc<Str>) -> Option<Value> {
        self.mro_iter().find_map(|class| class.dict.get()?.get_str(name))
    }

    /// The name as Rust text, for messages.
    pub fn display_name(&self) -> String {
        self.name.get().map_or_else(|| "?".to_owned(), |n| n.to_string())
    }

    pub fn is_heap_type(&self) -> bool {
        self.has_flag(flags::HEAPTYPE)
    }

    /// Fields for a class under construction; everything empty.
    pub fn empty(shape: ShapeId) -> Class {
        Class {
            header: heap::Header::new(shape.raw(), Kind::Class as u8),
            name: GcSlot::new(None),
            qualname: GcSlot::new(None),
            bases: GcSlot::new(None),
            mro: GcSlot::new(None),
            dict: GcSlot::new(None),
            base: GcSlot::new(None),
            subclasses: Slot::new(Value::UNBOUND),
            watchers: GcSlot::new(None),
            n_watchers: Cell::new(0),
            slot_names: Slot::new(Value::UNBOUND),
            cache: Slot::new(Value::UNBOUND),
            getitem_cache: Slot::new(Value::UNBOUND),
            flags: Cell::new(0),
            traits: Cell::new(0),
            version: Cell::new(0),
            instance_shape: Cell::new(ShapeId::NONE),
            instance_kind: Cell::new(Kind::Instance),
            base_size: Cell::new(0),
            reserved_slots: Cell::new(0),
            spec: Cell::new(None),
            slots: Slots::default(),
        }
    }
}
