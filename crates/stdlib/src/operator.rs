//! `_operator`: the operators as functions, and `attrgetter`, `itemgetter`, `methodcaller`.

use crate::classes::add_members;
use object::StrBuilder;
use runtime::native::{add_class, new_native};
use runtime::prelude::*;

type Getter = Gc<Native<Getters>>;

/// Names or keys to look up.
#[derive(macros::Trace)]
pub struct Getters {
    items: GcSlot<Tuple>,
}
impl NativeData for Getters {
    const NAME: &'static str = "operator.itemgetter";
}

#[derive(macros::Trace)]
pub struct MethodCaller {
    name: GcSlot<Str>,
    args: GcSlot<Tuple>,
    keywords: GcSlot<Dict>,
}
impl NativeData for MethodCaller {
    const NAME: &'static str = "operator.methodcaller";
}

fn one_argument(cx: &mut Cx, class: &str, args: Args<'_>) -> PyResult {
    if args.n_keywords() > 0 {
        return Err(type_error(cx, format_args!("{class}() takes no keyword arguments")));
    }
    match *args.positional() {
        [object] => Ok(object),
        _ => {
            let n = args.n_positional();
            Err(type_error(cx, format_args!("{class} expected 1 argument, got {n}")))
        }
    }
}

/// One result as it is, several as a tuple.
fn collect(cx: &mut Cx, items: Gc<Tuple>, mut get: impl FnMut(&mut Cx, Value) -> PyResult) -> PyResult {
    if items.len() == 1 {
        return get(cx, items.get(0));
    }
    let results = List::with_capacity(&mut cx.heap, items.len()).or_raise(cx)?;
    for item in items.iter() {
        let result = get(cx, item)?;
        results.push(&mut cx.heap, result).or_raise(cx)?;
    }
    Ok(runtime::iterate::list_to_tuple(cx, results)?.value())
}

/// `obj.a.b.c` for the dotted name `path`.
fn dotted(cx: &mut Cx, object: Value, path: Value) -> PyResult {
    let Some(path) = path.downcast::<Str>() else { return Ok(object) };
    if !path.iter().any(|c| c == u32::from(b'.')) {
        let name = cx.heap.intern_str(path);
        return get_attr(cx, object, name);
    }
    let (mut object, mut start) = (object, 0);
    for i in 0..=path.len() {
        if i == path.len() || path.get(i) == u32::from(b'.') {
            let part = Str::substring(&mut cx.heap, path, start, i).or_raise(cx)?;
            let name = cx.heap.intern_str(part);
            object = get_attr(cx, object, name)?;
            start = i + 1;
        }
    }
    Ok(object)
}

/// `class(…)` with what `write` puts between the brackets, or three dots inside of itself.
fn repr_with(
    cx: &mut Cx,
    this: Value,
    write: impl FnOnce(&mut Cx, &mut StrBuilder) -> PyResult<()>,
) -> PyResult<Gc<Str>> {
    let name = type_name(cx, this);
    if !runtime::text::enter_repr(cx, this) {
        return Str::from_utf8(&mut cx.heap, &format!("{name}(...)")).or_raise(cx);
    }
    let mut out = StrBuilder::new();
    out.push_str(&format!("{name}("));
    let written = write(cx, &mut out);
    runtime::text::leave_repr(cx);
    written?;
    out.push_str(")");
    out.finish(&mut cx.heap).or_raise(cx)
}

fn write_list(cx: &mut Cx, out: &mut StrBuilder, items: Gc<Tuple>) -> PyResult<()> {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        let text = repr_of(cx, item)?;
        out.push_py(&text);
    }
    Ok(())
}

fn getter_items(cx: &mut Cx, class: &str, args: Args<'_>) -> PyResult<Gc<Tuple>> {
    if args.n_keywords() > 0 {
        return Err(type_error(cx, format_args!("{class}() takes no keyword arguments")));
    }
    if args.n_positional() == 0 {
        return Err(type_error(cx, format_args!("{class} expected at least 1 argument, got 0")));
    }
    Tuple::new(&mut cx.heap, args.positional()).or_raise(cx)
}

/// How the objects of all three classes are called.
#[macros::native_class(name = "itemgetter", module = "operator", doc = "")]
pub mod called {
    use super::*;

    #[getter]
    fn __text_signature__(_this: Value) -> &'static str {
        "(obj, /)"
    }
}

/// What both classes of getters have.
#[macros::native_class(name = "itemgetter", module = "operator", layout = Native<Getters>, doc = "")]
pub mod pickled {
    use super::*;

    /// Return state information for pickling
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Getter) -> Gc<Tuple> {
        let class = cx.class_of(this.value()).value();
        cx.heap.tuple(&[class, this.items.expect().value()])
    }
}

#[macros::native_class(
    name = "itemgetter",
    module = "operator",
    layout = Native<Getters>,
    doc = "itemgetter(item, /, *items)\n--\n\nReturn a callable object that fetches the given item(s) from its operand.\n\nAfter f = itemgetter(2), the call f(r) returns r[2].\nAfter g = itemgetter(2, 5, 3), the call g(r) returns (r[2], r[5], r[3])"
)]
pub mod itemgetter {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<Getter> {
        let items = GcSlot::of(getter_items(cx, "itemgetter", args)?);
        Ok(new_native(cx, class, Getters { items }))
    }

    #[slot]
    fn call(cx: &mut Cx, this: Getter, args: Args<'_>) -> PyResult {
        let object = one_argument(cx, "itemgetter", args)?;
        collect(cx, this.items.expect(), |cx, key| get_item(cx, object, key))
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Getter) -> PyResult<Gc<Str>> {
        repr_with(cx, this.value(), |cx, out| write_list(cx, out, this.items.expect()))
    }

    #[init]
    fn init(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        add_members(cx, class, &[&pickled::SPEC, &called::SPEC])
    }
}

#[macros::native_class(
    name = "attrgetter",
    module = "operator",
    layout = Native<Getters>,
    doc = "attrgetter(attr, /, *attrs)\n--\n\nReturn a callable object that fetches the given attribute(s) from its operand.\n\nAfter f = attrgetter('name'), the call f(r) returns r.name.\nAfter g = attrgetter('name', 'date'), the call g(r) returns (r.name, r.date).\nAfter h = attrgetter('name.first', 'name.last'), the call h(r) returns\n(r.name.first, r.name.last)."
)]
pub mod attrgetter {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<Getter> {
        let items = getter_items(cx, "attrgetter", args)?;
        if items.iter().any(|v| v.downcast::<Str>().is_none()) {
            return Err(type_error(cx, "attribute name must be a string"));
        }
        Ok(new_native(cx, class, Getters { items: GcSlot::of(items) }))
    }

    #[slot]
    fn call(cx: &mut Cx, this: Getter, args: Args<'_>) -> PyResult {
        let object = one_argument(cx, "attrgetter", args)?;
        collect(cx, this.items.expect(), |cx, path| dotted(cx, object, path))
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Getter) -> PyResult<Gc<Str>> {
        repr_with(cx, this.value(), |cx, out| write_list(cx, out, this.items.expect()))
    }

    #[init]
    fn init(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        add_members(cx, class, &[&pickled::SPEC, &called::SPEC])
    }
}

#[macros::native_class(
    name = "methodcaller",
    module = "operator",
    layout = Native<MethodCaller>,
    doc = "methodcaller(name, /, *args, **kwargs)\n--\n\nReturn a callable object that calls the given method on its operand.\n\nAfter f = methodcaller('name'), the call f(r) returns r.name().\nAfter g = methodcaller('name', 'date', foo=1), the call g(r) returns\nr.name('date', foo=1)."
)]
pub mod methodcaller {
    use super::*;

    type This = Gc<Native<MethodCaller>>;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<This> {
        let Some((&name, rest)) = args.positional().split_first() else {
            return Err(type_error(cx, "methodcaller needs at least one argument, the method name"));
        };
        let Some(name) = name.downcast::<Str>() else {
            return Err(type_error(cx, "method name must be a string"));
        };
        let name = cx.heap.intern_str(name);
        let held = Tuple::new(&mut cx.heap, rest).or_raise(cx)?;
        let keywords = Dict::new(&mut cx.heap);
        runtime::dict::merge_keywords(cx, keywords, args)?;
        let data = MethodCaller { name: GcSlot::of(name), args: GcSlot::of(held), keywords: GcSlot::of(keywords) };
        Ok(new_native(cx, class, data))
    }

    #[slot]
    fn call(cx: &mut Cx, this: This, args: Args<'_>) -> PyResult {
        let object = one_argument(cx, "methodcaller", args)?;
        let (name, held, keywords) = (this.name.expect(), this.args.expect(), this.keywords.expect());
        if keywords.is_empty() {
            return call_method(cx, object, name, held.as_slice());
        }
        let method = get_attr(cx, object, name)?;
        runtime::call::with_keywords(cx, held, Some(keywords), |cx, args| call_args(cx, method, args))
    }

    #[slot]
    fn repr(cx: &mut Cx, this: This) -> PyResult<Gc<Str>> {
        repr_with(cx, this.value(), |cx, out| {
            let name = repr_of(cx, this.name.expect().value())?;
            out.push_py(&name);
            let held = this.args.expect();
            if !held.is_empty() {
                out.push_str(", ");
                write_list(cx, out, held)?;
            }
            let keywords = this.keywords.expect();
            let mut i = 0;
            while let Some((at, key, value)) = keywords.next_entry(i) {
                i = at + 1;
                let (key, value) = (str_of(cx, key)?, repr_of(cx, value)?);
                out.push_str(", ");
                out.push_py(&key);
                out.push_str("=");
                out.push_py(&value);
            }
            Ok(())
        })
    }

    /// Return state information for pickling
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: This) -> PyResult<Gc<Tuple>> {
        let class = cx.class_of(this.value()).value();
        let (name, held, keywords) = (this.name.expect().value(), this.args.expect(), this.keywords.expect());
        let item = |i: usize| if i == 0 { name } else { held.get(i - 1) };
        let args = Tuple::from_fn(&mut cx.heap, held.len() + 1, item).or_raise(cx)?.value();
        if keywords.is_empty() {
            return Ok(cx.heap.tuple(&[class, args]));
        }
        // A partial of the class binds the keywords.
        let partial = runtime::import::import_attr(cx, "functools", "partial")?;
        let first = cx.heap.tuple(&[class, name]);
        let constructor =
            runtime::call::with_keywords(cx, first, Some(keywords), |cx, args| call_args(cx, partial, args))?;
        Ok(cx.heap.tuple(&[constructor, held.value()]))
    }

    #[init]
    fn init(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        add_members(cx, class, &[&called::SPEC])
    }
}

/// The number of items equal to `value`, or the place of the first.
fn search(cx: &mut Cx, sequence: Value, value: Value, first: bool) -> PyResult<Option<i64>> {
    let iterator = match get_iter(cx, sequence) {
        Ok(iterator) => iterator,
        Err(raised) => {
            let class = cx.types().TypeError;
            cx.catch(raised, class)?;
            let name = type_name(cx, sequence);
            return Err(type_error(cx, format_args!("argument of type '{name}' is not iterable")));
        }
    };
    let (mut n, mut i) = (0, 0);
    while let Some(item) = next(cx, iterator)? {
        if equals(cx, item, value)? {
            if first {
                return Ok(Some(i));
            }
            n += 1;
        }
        i += 1;
    }
    Ok(if first { None } else { Some(n) })
}

fn concatenate(cx: &mut Cx, a: Value, b: Value, inplace: bool) -> PyResult {
    if cx.class_of(a).slots.getitem.get().is_none() || a.is_a::<Dict>() {
        let name = type_name(cx, a);
        return Err(type_error(cx, format_args!("'{name}' object can't be concatenated")));
    }
    if inplace { inplace_op(cx, BinaryOp::Add, a, b) } else { binary_op(cx, BinaryOp::Add, a, b) }
}

macro_rules! operator_module {
    (
        binary { $($(#[$bdoc:meta])* $bname:ident $bsig:tt $bop:ident;)* }
        inplace { $($(#[$idoc:meta])* $iname:ident $isig:tt $iop:ident;)* }
        compare { $($(#[$cdoc:meta])* $cname:ident $csig:tt $cop:ident;)* }
        { $($rest:item)* }
    ) => {
        #[macros::native_module(
            name = "_operator",
            doc = "Operator interface.\n\nThis module exports a set of functions implemented in C corresponding\nto the intrinsic operators of Python.  For example, operator.add(x, y)\nis equivalent to the expression x+y."
        )]
        pub mod module {
            use super::*;

            $($(#[$bdoc])* #[function($bsig)] fn $bname(cx: &mut Cx, a: Value, b: Value) -> PyResult {
                binary_op(cx, BinaryOp::$bop, a, b)
            })*
            $($(#[$idoc])* #[function($isig)] fn $iname(cx: &mut Cx, a: Value, b: Value) -> PyResult {
                inplace_op(cx, BinaryOp::$iop, a, b)
            })*
            $($(#[$cdoc])* #[function($csig)] fn $cname(cx: &mut Cx, a: Value, b: Value) -> PyResult {
                compare(cx, a, b, CompareOp::$cop)
            })*
            $($rest)*
        }
    };
}

operator_module! {
    binary {
        /// Same as a + b.
        add "add(a, b, /)" Add;
        /// Same as a - b.
        sub "sub(a, b, /)" Subtract;
        /// Same as a * b.
        mul "mul(a, b, /)" Multiply;
        /// Same as a @ b.
        matmul "matmul(a, b, /)" MatrixMultiply;
        /// Same as a / b.
        truediv "truediv(a, b, /)" TrueDivide;
        /// Same as a // b.
        floordiv "floordiv(a, b, /)" FloorDivide;
        /// Same as a % b.
        modulo "mod(a, b, /)" Remainder;
        /// Same as a ** b.
        pow "pow(a, b, /)" Power;
        /// Same as a << b.
        lshift "lshift(a, b, /)" Lshift;
        /// Same as a >> b.
        rshift "rshift(a, b, /)" Rshift;
        /// Same as a & b.
        and_ "and_(a, b, /)" And;
        /// Same as a | b.
        or_ "or_(a, b, /)" Or;
        /// Same as a ^ b.
        xor "xor(a, b, /)" Xor;
    }
    inplace {
        /// Same as a += b.
        iadd "iadd(a, b, /)" Add;
        /// Same as a -= b.
        isub "isub(a, b, /)" Subtract;
        /// Same as a *= b.
        imul "imul(a, b, /)" Multiply;
        /// Same as a @= b.
        imatmul "imatmul(a, b, /)" MatrixMultiply;
        /// Same as a /= b.
        itruediv "itruediv(a, b, /)" TrueDivide;
        /// Same as a //= b.
        ifloordiv "ifloordiv(a, b, /)" FloorDivide;
        /// Same as a %= b.
        imod "imod(a, b, /)" Remainder;
        /// Same as a **= b.
        ipow "ipow(a, b, /)" Power;
        /// Same as a <<= b.
        ilshift "ilshift(a, b, /)" Lshift;
        /// Same as a >>= b.
        irshift "irshift(a, b, /)" Rshift;
        /// Same as a &= b.
        iand "iand(a, b, /)" And;
        /// Same as a |= b.
        ior "ior(a, b, /)" Or;
        /// Same as a ^= b.
        ixor "ixor(a, b, /)" Xor;
    }
    compare {
        /// Same as a < b.
        lt "lt(a, b, /)" Lt;
        /// Same as a <= b.
        le "le(a, b, /)" Le;
        /// Same as a == b.
        eq "eq(a, b, /)" Eq;
        /// Same as a != b.
        ne "ne(a, b, /)" Ne;
        /// Same as a > b.
        gt "gt(a, b, /)" Gt;
        /// Same as a >= b.
        ge "ge(a, b, /)" Ge;
    }
    {
        /// Return True if a is true, False otherwise.
        #[function("truth(a, /)")]
        fn truth(cx: &mut Cx, a: Value) -> PyResult<bool> {
            is_true(cx, a)
        }

        /// Same as not a.
        #[function("not_(a, /)")]
        fn not_(cx: &mut Cx, a: Value) -> PyResult<bool> {
            is_true(cx, a).map(|truth| !truth)
        }

        /// Same as a is b.
        #[function("is_(a, b, /)")]
        fn is_(a: Value, b: Value) -> bool {
            a.is(b)
        }

        /// Same as a is not b.
        #[function("is_not(a, b, /)")]
        fn is_not(a: Value, b: Value) -> bool {
            !a.is(b)
        }

        /// Same as a is None.
        #[function("is_none(a, /)")]
        fn is_none(a: Value) -> bool {
            a.is_none()
        }

        /// Same as a is not None.
        #[function("is_not_none(a, /)")]
        fn is_not_none(a: Value) -> bool {
            !a.is_none()
        }

        /// Same as a.__index__()
        #[function("index(a, /)")]
        fn index(cx: &mut Cx, a: Value) -> PyResult {
            index_value(cx, a)
        }

        /// Same as -a.
        #[function("neg(a, /)")]
        fn neg(cx: &mut Cx, a: Value) -> PyResult {
            negative(cx, a)
        }

        /// Same as +a.
        #[function("pos(a, /)")]
        fn pos(cx: &mut Cx, a: Value) -> PyResult {
            positive(cx, a)
        }

        /// Same as ~a.
        #[function("inv(a, /)")]
        fn inv(cx: &mut Cx, a: Value) -> PyResult {
            runtime::operate::invert(cx, a)
        }

        /// Same as ~a.
        #[function("invert(a, /)")]
        fn invert(cx: &mut Cx, a: Value) -> PyResult {
            runtime::operate::invert(cx, a)
        }

        /// Same as abs(a).
        #[function("abs(a, /)")]
        fn abs(cx: &mut Cx, a: Value) -> PyResult {
            absolute(cx, a)
        }

        /// Same as a + b, for a and b sequences.
        #[function("concat(a, b, /)")]
        fn concat(cx: &mut Cx, a: Value, b: Value) -> PyResult {
            concatenate(cx, a, b, false)
        }

        /// Same as a += b, for a and b sequences.
        #[function("iconcat(a, b, /)")]
        fn iconcat(cx: &mut Cx, a: Value, b: Value) -> PyResult {
            concatenate(cx, a, b, true)
        }

        /// Same as b in a (note reversed operands).
        #[function("contains(a, b, /)")]
        fn contains(cx: &mut Cx, a: Value, b: Value) -> PyResult<bool> {
            runtime::compare::contains(cx, a, b)
        }

        /// Return the number of items in a which are, or which equal, b.
        #[function("countOf(a, b, /)")]
        fn count_of(cx: &mut Cx, a: Value, b: Value) -> PyResult<i64> {
            search(cx, a, b, false).map(|n| n.unwrap_or(0))
        }

        /// Return the first index of b in a.
        #[function("indexOf(a, b, /)")]
        fn index_of(cx: &mut Cx, a: Value, b: Value) -> PyResult<i64> {
            match search(cx, a, b, true)? {
                Some(i) => Ok(i),
                None => Err(value_error(cx, "sequence.index(x): x not in sequence")),
            }
        }

        /// Same as a[b].
        #[function("getitem(a, b, /)")]
        fn getitem(cx: &mut Cx, a: Value, b: Value) -> PyResult {
            get_item(cx, a, b)
        }

        /// Same as a[b] = c.
        #[function("setitem(a, b, c, /)")]
        fn setitem(cx: &mut Cx, a: Value, b: Value, c: Value) -> PyResult<()> {
            set_item(cx, a, b, c)
        }

        /// Same as del a[b].
        #[function("delitem(a, b, /)")]
        fn delitem(cx: &mut Cx, a: Value, b: Value) -> PyResult<()> {
            del_item(cx, a, b)
        }

        /// Same as obj(*args, **kwargs).
        #[function(raw, "call(obj, /, *args, **kwargs)")]
        fn call(cx: &mut Cx, args: Args<'_>) -> PyResult {
            match args.positional().first() {
                Some(&f) => call_args(cx, f, args.without_first()),
                None => Err(type_error(cx, "call expected at least 1 argument, got 0")),
            }
        }

        /// Return an estimate of the number of items in obj.
        ///
        /// This is useful for presizing containers when building from an iterable.
        ///
        /// If the object supports len(), the result will be exact.
        /// Otherwise, it may over- or under-estimate by an arbitrary amount.
        /// The result will be an integer >= 0.
        #[function("length_hint(obj, default=0, /)")]
        fn length_hint(cx: &mut Cx, obj: Value, default: Value) -> PyResult<i64> {
            if runtime::number::Num::of(default).is_none() {
                let name = type_name(cx, default);
                return Err(type_error(
                    cx,
                    format_args!("'{name}' object cannot be interpreted as an integer"),
                ));
            }
            let default = runtime::number::as_isize(cx, default)?;
            runtime::iterate::length_hint(cx, obj, default.max(0) as usize).map(|n| n as i64)
        }

        /// Return 'a == b'.
        ///
        /// This function uses an approach designed to prevent
        /// timing analysis, making it appropriate for cryptography.
        ///
        /// a and b must both be of the same type: either str (ASCII only),
        /// or any bytes-like object.
        ///
        /// Note: If a and b are of different lengths, or if an error occurs,
        /// a timing attack could theoretically reveal information about the
        /// types and lengths of a and b--but not their values.
        #[function("_compare_digest(a, b, /)")]
        fn compare_digest(cx: &mut Cx, a: Value, b: Value) -> PyResult<bool> {
            if let (Some(x), Some(y)) = (a.downcast::<Str>(), b.downcast::<Str>()) {
                if !x.is_ascii() || !y.is_ascii() {
                    return Err(type_error(
                        cx,
                        "comparing strings with non-ASCII characters is not supported",
                    ));
                }
                return Ok(same_bytes(x.raw_bytes(), y.raw_bytes()));
            }
            if !runtime::buffer::is_buffer(cx, a) || !runtime::buffer::is_buffer(cx, b) {
                let (x, y) = (type_name(cx, a), type_name(cx, b));
                return Err(type_error(
                    cx,
                    format_args!("unsupported operand types(s) or combination of types: '{x}' and '{y}'"),
                ));
            }
            let (x, y) = (runtime::buffer::to_vec(cx, a)?, runtime::buffer::to_vec(cx, b)?);
            Ok(same_bytes(&x, &y))
        }

        /// Compare without stopping at the first difference.
        fn same_bytes(a: &[u8], b: &[u8]) -> bool {
            a.len() == b.len() && a.iter().zip(b).fold(0, |d, (x, y)| d | (x ^ y)) == 0
        }

        #[init]
        fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
            for spec in [
                &super::itemgetter::SPEC,
                &super::attrgetter::SPEC,
                &super::methodcaller::SPEC,
            ] {
                add_class(cx, module, spec)?;
            }
            Ok(())
        }
    }
}
