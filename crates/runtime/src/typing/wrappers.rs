//! Slots of native types as dunder methods: `list.__len__`, `int.__radd__`, `object.__new__`.
//!
//! One table, in CPython's order. `native::class_from_spec` puts a wrapper object into the class's dict for every slot that
//! the class's definition fills itself; [`call_wrapper`] calls it. The entry of a wrapper's definition takes the class whose
//! slot it is, then the receiver, then the arguments: the receiver's own class may have overridden the slot.

use crate::attribute::name_from_value;
use crate::error::*;
use object::int::BigInt;
use object::*;

/// A dunder method and the slot that it stands for.
pub struct SlotDef {
    pub def: NativeDef,
    /// The address of the function in the slot, if there is one.
    pub function: fn(&Slots) -> Option<usize>,
}

/// `class.__new__` of native classes: `this` is the class that it was found on.
pub static NEW: NativeDef = NativeDef {
    name: "__new__",
    owner: "",
    signature: "($type, *args, **kwargs)",
    doc: "Create and return a new object.  See help(type) for accurate signature.",
    binding: Binding::Method,
    params: &[],
    min_args: 1,
    max_args: 1,
    entry: Entry::Raw(call_new),
};

/// Call `wrapper` for `this`, which is of its class.
pub fn call_wrapper(cx: &mut Cx, wrapper: Gc<SlotWrapper>, this: Value, args: Args<'_>) -> PyResult {
    let (def, class) = (wrapper.def.get(), wrapper.class.expect().value());
    if matches!(def.entry, Entry::Raw(_)) {
        return crate::call::with_first(cx, this, args, |cx, args| {
            crate::call::with_first(cx, class, args, |cx, args| match def.entry {
                Entry::Raw(f) => f(cx, args),
                _ => Err(missing(cx)),
            })
        });
    }
    let (given, name) = (args.n_positional(), def.name);
    if args.kwnames().is_some() {
        return Err(type_error(cx, format_args!("wrapper {name}() takes no keyword arguments")));
    }
    let (min, max) = (def.min_args as usize - 2, def.max_args as usize - 2);
    if given < min || given > max {
        return Err(wrong_count(cx, name, given, min, max));
    }
    let mut values = [class, this, Value::UNBOUND, Value::UNBOUND];
    values[2..2 + given].copy_from_slice(args.positional());
    match def.entry {
        Entry::F2(f) => f(cx, values[0], values[1]),
        Entry::F3(f) => f(cx, values[0], values[1], values[2]),
        Entry::F4(f) => f(cx, values[0], values[1], values[2], values[3]),
        _ => Err(missing(cx)),
    }
}

#[cold]
fn wrong_count(cx: &mut Cx, name: &str, given: usize, min: usize, max: usize) -> Raised {
    let s = |n| if n == 1 { "" } else { "s" };
    match (min, max) {
        (2, 2) => type_error(cx, format_args!("{name} expected 2 arguments, got {given}")),
        (1, 2) if name == "__get__" => {
            let (word, n) = if given < 1 { ("at least", 1) } else { ("at most", 2) };
            type_error(cx, format_args!("{name} expected {word} {n} argument{}, got {given}", s(n)))
        }
        (1, 2) => type_error(cx, format_args!("expected 1 or 2 arguments, got {given}")),
        _ => type_error(cx, format_args!("expected {min} argument{}, got {given}", s(min))),
    }
}

/// The slot was there when the wrapper was made, and native classes do not change.
#[cold]
fn missing(cx: &mut Cx) -> Raised {
    system_error(cx, "a slot wrapper without its slot")
}

fn slots(class: &Option<Gc<Class>>) -> &Slots {
    &class.as_ref().expect("wrappers are called with their class").slots
}

/// The function in a slot of `class`, called.
macro_rules! via {
    ($cx:ident, $class:ident, $($slot:tt)+) => {{
        let class = $class.cast::<Class>();
        let slot = slots(&class).$($slot)+.get();
        match slot {
            Some(slot) => slot,
            None => return Err(missing($cx)),
        }
    }};
}

macro_rules! def {
    ($name:literal, $signature:literal, $doc:literal, $n:literal..=$max:literal, $entry:expr, |$slots:ident| $filled:expr) => {
        SlotDef {
            def: NativeDef {
                name: $name,
                owner: "",
                signature: $signature,
                doc: $doc,
                binding: Binding::Method,
                params: &[],
                min_args: $n + 2,
                max_args: $max + 2,
                entry: $entry,
            },
            function: |$slots| $filled.get().map(|f| f as usize),
        }
    };
}

macro_rules! unary {
    ($name:literal, $slot:ident, $doc:literal) => {
        def!($name, "($self, /)", $doc, 0..=0, Entry::F2(|cx, class, this| via!(cx, class, $slot)(cx, this)), |s| s
            .$slot)
    };
    ($name:literal, $slot:ident, $doc:literal, |$cx:ident, $result:ident| $convert:expr) => {
        def!(
            $name,
            "($self, /)",
            $doc,
            0..=0,
            Entry::F2(|$cx, class, this| {
                let $result = via!($cx, class, $slot)($cx, this)?;
                $convert
            }),
            |s| s.$slot
        )
    };
}

macro_rules! binary {
    ($name:literal, $op:ident, $doc:literal) => {
        def!(
            $name,
            "($self, value, /)",
            $doc,
            1..=1,
            Entry::F3(|cx, class, this, other| via!(cx, class, binary[BinaryOp::$op as usize])(cx, this, other)),
            |s| s.binary[BinaryOp::$op as usize]
        )
    };
    (swapped $name:literal, $op:ident, $doc:literal) => {
        def!(
            $name,
            "($self, value, /)",
            $doc,
            1..=1,
            Entry::F3(|cx, class, this, other| via!(cx, class, binary[BinaryOp::$op as usize])(cx, other, this)),
            |s| s.binary[BinaryOp::$op as usize]
        )
    };
    (inplace $name:literal, $op:ident, $doc:literal) => {
        def!(
            $name,
            "($self, value, /)",
            $doc,
            1..=1,
            Entry::F3(|cx, class, this, other| via!(cx, class, inplace[BinaryOp::$op as usize])(cx, this, other)),
            |s| s.inplace[BinaryOp::$op as usize]
        )
    };
}

macro_rules! sequence {
    ($name:literal, $slot:ident, $parameter:literal, $doc:literal) => {
        def!(
            $name,
            $parameter,
            $doc,
            1..=1,
            Entry::F3(|cx, class, this, other| via!(cx, class, $slot)(cx, this, other)),
            |s| s.$slot
        )
    };
    (times $name:literal, $slot:ident, $doc:literal) => {
        def!(
            $name,
            "($self, value, /)",
            $doc,
            1..=1,
            Entry::F3(|cx, class, this, count| {
                let count = crate::item::index_value(cx, count)?;
                via!(cx, class, $slot)(cx, this, count)
            }),
            |s| s.$slot
        )
    };
}

macro_rules! comparison {
    ($name:literal, $op:ident, $doc:literal) => {
        def!(
            $name,
            "($self, value, /)",
            $doc,
            1..=1,
            Entry::F3(|cx, class, this, other| via!(cx, class, richcompare)(cx, this, other, CompareOp::$op)),
            |s| s.richcompare
        )
    };
}

/// All of them. Where two stand for the same dunder (`__add__` of numbers and of sequences), the first that is filled wins.
pub static SLOT_DEFS: &[SlotDef] = &[
    unary!("__repr__", repr, "Return repr(self)."),
    unary!("__hash__", hash, "Return hash(self).", |cx, hash| Ok(BigInt::from_i64(&mut cx.heap, hash))),
    def!(
        "__call__",
        "($self, /, *args, **kwargs)",
        "Call self as a function.",
        0..=0,
        Entry::Raw(|cx, args| {
            let (class, this, args) = split(cx, args)?;
            via!(cx, class, call)(cx, this, args)
        }),
        |s| s.call
    ),
    unary!("__str__", str_, "Return str(self)."),
    def!(
        "__getattribute__",
        "($self, name, /)",
        "Return getattr(self, name).",
        1..=1,
        Entry::F3(|cx, class, this, name| {
            let name = name_from_value(cx, name)?;
            via!(cx, class, getattro)(cx, this, name)
        }),
        |s| s.getattro
    ),
    def!(
        "__setattr__",
        "($self, name, value, /)",
        "Implement setattr(self, name, value).",
        2..=2,
        Entry::F4(|cx, class, this, name, value| {
            check_setattr(cx, class, this, "__setattr__")?;
            let name = name_from_value(cx, name)?;
            via!(cx, class, setattro)(cx, this, name, Some(value)).map(|()| Value::NONE)
        }),
        |s| s.setattro
    ),
    def!(
        "__delattr__",
        "($self, name, /)",
        "Implement delattr(self, name).",
        1..=1,
        Entry::F3(|cx, class, this, name| {
            check_setattr(cx, class, this, "__delattr__")?;
            let name = name_from_value(cx, name)?;
            via!(cx, class, setattro)(cx, this, name, None).map(|()| Value::NONE)
        }),
        |s| s.setattro
    ),
    comparison!("__lt__", Lt, "Return self<value."),
    comparison!("__le__", Le, "Return self<=value."),
    comparison!("__eq__", Eq, "Return self==value."),
    comparison!("__ne__", Ne, "Return self!=value."),
    comparison!("__gt__", Gt, "Return self>value."),
    comparison!("__ge__", Ge, "Return self>=value."),
    unary!("__iter__", iter, "Implement iter(self)."),
    def!(
        "__next__",
        "($self, /)",
        "Implement next(self).",
        0..=0,
        Entry::F2(|cx, class, this| match via!(cx, class, next)(cx, this)? {
            Some(item) => Ok(item),
            None => Err(crate::functions::iteration::stop(cx, this)),
        }),
        |s| s.next
    ),
    def!(
        "__get__",
        "($self, instance, owner=None, /)",
        "Return an attribute of instance, which is of type owner.",
        1..=2,
        Entry::F4(|cx, class, this, instance, owner| {
            let given = |v: Value| if v.is_none() { Value::UNBOUND } else { v };
            let (instance, owner) = (given(instance), given(owner));
            if instance.is_unbound() && owner.is_unbound() {
                return Err(type_error(cx, "__get__(None, None) is invalid"));
            }
            via!(cx, class, descr_get)(cx, this, instance, owner)
        }),
        |s| s.descr_get
    ),
    def!(
        "__set__",
        "($self, instance, value, /)",
        "Set an attribute of instance to value.",
        2..=2,
        Entry::F4(|cx, class, this, instance, value| {
            via!(cx, class, descr_set)(cx, this, instance, Some(value)).map(|()| Value::NONE)
        }),
        |s| s.descr_set
    ),
    def!(
        "__delete__",
        "($self, instance, /)",
        "Delete an attribute of instance.",
        1..=1,
        Entry::F3(|cx, class, this, instance| {
            via!(cx, class, descr_set)(cx, this, instance, None).map(|()| Value::NONE)
        }),
        |s| s.descr_set
    ),
    def!(
        "__init__",
        "($self, /, *args, **kwargs)",
        "Initialize self.  See help(type(self)) for accurate signature.",
        0..=0,
        Entry::Raw(|cx, args| {
            let (class, this, args) = split(cx, args)?;
            via!(cx, class, init)(cx, this, args).map(|()| Value::NONE)
        }),
        |s| s.init
    ),
    unary!("__del__", finalize, "Called when the instance is about to be destroyed.", |cx, done| {
        let (_, ()) = (cx, done);
        Ok(Value::NONE)
    }),
    unary!("__await__", await_, "Return an iterator to be used in await expression."),
    unary!("__aiter__", aiter, "Return an awaitable, that resolves in asynchronous iterator."),
    unary!("__anext__", anext, "Return a value or raise StopAsyncIteration."),
    binary!("__add__", Add, "Return self+value."),
    binary!(swapped "__radd__", Add, "Return value+self."),
    binary!("__sub__", Subtract, "Return self-value."),
    binary!(swapped "__rsub__", Subtract, "Return value-self."),
    binary!("__mul__", Multiply, "Return self*value."),
    binary!(swapped "__rmul__", Multiply, "Return value*self."),
    binary!("__mod__", Remainder, "Return self%value."),
    binary!(swapped "__rmod__", Remainder, "Return value%self."),
    def!("__pow__", "($self, value, mod=None, /)", "Return pow(self, value, mod).", 1..=2, Entry::F4(power), |s| s
        .binary[BinaryOp::Power as usize]),
    def!(
        "__rpow__",
        "($self, value, mod=None, /)",
        "Return pow(value, self, mod).",
        1..=2,
        Entry::F4(|cx, class, this, value, modulus| power(cx, class, value, this, modulus)),
        |s| s.binary[BinaryOp::Power as usize]
    ),
    unary!("__neg__", negative, "-self"),
    unary!("__pos__", positive, "+self"),
    unary!("__abs__", absolute, "abs(self)"),
    unary!("__bool__", bool_, "True if self else False", |cx, truth| {
        let _ = cx;
        Ok(Value::bool(truth))
    }),
    unary!("__invert__", invert, "~self"),
    binary!("__lshift__", Lshift, "Return self<<value."),
    binary!(swapped "__rlshift__", Lshift, "Return value<<self."),
    binary!("__rshift__", Rshift, "Return self>>value."),
    binary!(swapped "__rrshift__", Rshift, "Return value>>self."),
    binary!("__and__", And, "Return self&value."),
    binary!(swapped "__rand__", And, "Return value&self."),
    binary!("__xor__", Xor, "Return self^value."),
    binary!(swapped "__rxor__", Xor, "Return value^self."),
    binary!("__or__", Or, "Return self|value."),
    binary!(swapped "__ror__", Or, "Return value|self."),
    unary!("__int__", int, "int(self)"),
    unary!("__float__", float, "float(self)"),
    binary!(inplace "__iadd__", Add, "Return self+=value."),
    binary!(inplace "__isub__", Subtract, "Return self-=value."),
    binary!(inplace "__imul__", Multiply, "Return self*=value."),
    binary!(inplace "__imod__", Remainder, "Return self%=value."),
    binary!(inplace "__ipow__", Power, "Return self**=value."),
    binary!(inplace "__ilshift__", Lshift, "Return self<<=value."),
    binary!(inplace "__irshift__", Rshift, "Return self>>=value."),
    binary!(inplace "__iand__", And, "Return self&=value."),
    binary!(inplace "__ixor__", Xor, "Return self^=value."),
    binary!(inplace "__ior__", Or, "Return self|=value."),
    binary!("__floordiv__", FloorDivide, "Return self//value."),
    binary!(swapped "__rfloordiv__", FloorDivide, "Return value//self."),
    binary!("__truediv__", TrueDivide, "Return self/value."),
    binary!(swapped "__rtruediv__", TrueDivide, "Return value/self."),
    binary!(inplace "__ifloordiv__", FloorDivide, "Return self//=value."),
    binary!(inplace "__itruediv__", TrueDivide, "Return self/=value."),
    unary!(
        "__index__",
        index,
        "Return self converted to an integer, if self is suitable for use as an index into a list."
    ),
    binary!("__matmul__", MatrixMultiply, "Return self@value."),
    binary!(swapped "__rmatmul__", MatrixMultiply, "Return value@self."),
    binary!(inplace "__imatmul__", MatrixMultiply, "Return self@=value."),
    unary!("__len__", len, "Return len(self).", |cx, n| Ok(BigInt::from_u64(&mut cx.heap, n as u64))),
    sequence!("__getitem__", getitem, "($self, key, /)", "Return self[key]."),
    def!(
        "__setitem__",
        "($self, key, value, /)",
        "Set self[key] to value.",
        2..=2,
        Entry::F4(|cx, class, this, key, value| {
            via!(cx, class, setitem)(cx, this, key, Some(value)).map(|()| Value::NONE)
        }),
        |s| s.setitem
    ),
    def!(
        "__delitem__",
        "($self, key, /)",
        "Delete self[key].",
        1..=1,
        Entry::F3(|cx, class, this, key| via!(cx, class, setitem)(cx, this, key, None).map(|()| Value::NONE)),
        |s| s.setitem
    ),
    sequence!("__add__", concat, "($self, value, /)", "Return self+value."),
    sequence!(times "__mul__", repeat, "Return self*value."),
    sequence!(times "__rmul__", repeat, "Return value*self."),
    def!(
        "__contains__",
        "($self, key, /)",
        "Return bool(key in self).",
        1..=1,
        Entry::F3(|cx, class, this, key| via!(cx, class, contains)(cx, this, key).map(Value::bool)),
        |s| s.contains
    ),
    sequence!("__iadd__", inplace_concat, "($self, value, /)", "Implement self+=value."),
    sequence!(times "__imul__", inplace_repeat, "Implement self*=value."),
];

/// Class, receiver and the rest of a raw wrapper's arguments.
fn split<'a>(cx: &mut Cx, args: Args<'a>) -> PyResult<(Value, Value, Args<'a>)> {
    match *args.positional() {
        [class, this, ..] => Ok((class, this, args.without_first().without_first())),
        _ => Err(missing(cx)),
    }
}

fn power(cx: &mut Cx, class: Value, base: Value, exponent: Value, modulus: Value) -> PyResult {
    if modulus.is_unbound() || modulus.is_none() {
        return via!(cx, class, binary[BinaryOp::Power as usize])(cx, base, exponent);
    }
    let class = class.cast::<Class>();
    let slot = slots(&class).power3.get();
    match slot {
        Some(slot) => slot(cx, base, exponent, modulus),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `object.__setattr__(int, …)` must not get around `type`'s own.
fn check_setattr(cx: &mut Cx, class: Value, this: Value, what: &str) -> PyResult<()> {
    let class = class.cast::<Class>();
    let native = cx.class_of(this).mro_iter().find(|c| !c.is_heap_type());
    let address = |slots: &Slots| slots.setattro.get().map(|f| f as usize);
    match native {
        Some(native) if address(&native.slots) != address(slots(&class)) => {
            let name = class_name(native);
            Err(type_error(cx, format_args!("can't apply this {what} to {name} object")))
        }
        _ => Ok(()),
    }
}

/// `class.__new__(subtype, …)`.
fn call_new(cx: &mut Cx, args: Args<'_>) -> PyResult {
    let (owner, args) = crate::native::split_receiver(cx, args, "__new__", "type")?;
    let Some(owner) = owner.cast::<Class>() else {
        return Err(system_error(cx, "__new__() called with non-type 'self'"));
    };
    let Some(&first) = args.positional().first() else {
        let name = class_name(owner);
        return Err(type_error(cx, format_args!("{name}.__new__(): not enough arguments")));
    };
    let Some(subtype) = first.cast::<Class>() else {
        let (name, actual) = (class_name(owner), type_name(cx, first));
        return Err(type_error(cx, format_args!("{name}.__new__(X): X is not a type object ({actual})")));
    };
    if subtype != owner && !subtype.is_subclass_of(owner) {
        let (name, subtype_name) = (class_name(owner), class_name(subtype));
        return Err(type_error(
            cx,
            format_args!("{name}.__new__({subtype_name}): {subtype_name} is not a subtype of {name}"),
        ));
    }
    // `object.__new__(dict)` would make a dict without dict's own construction.
    let mut bases = std::iter::successors(Some(subtype), |class| class.base.get());
    let native = bases.find(|class| !super::slots::has_python_new(*class)).unwrap_or(owner);
    let address = |class: Gc<Class>| class.slots.new.get().map(|f| f as usize);
    if address(native) != address(owner) {
        let is_disallowed = native.has_flag(object::class::flags::DISALLOW_INSTANTIATION);
        let native = class_name(native);
        if is_disallowed {
            return Err(type_error(cx, format_args!("cannot create '{native}' instances")));
        }
        let (name, subtype_name) = (class_name(owner), class_name(subtype));
        return Err(type_error(cx, format_args!("{name}.__new__({subtype_name}) is not safe, use {native}.__new__()")));
    }
    match owner.slots.new.get() {
        Some(new) => new(cx, subtype, args.without_first()),
        None => {
            let name = class_name(owner);
            Err(type_error(cx, format_args!("cannot create '{name}' instances")))
        }
    }
}
