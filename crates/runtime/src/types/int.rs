//! `int`: methods and operators. The arithmetic is [`crate::number::int`]'s.

use crate::number::int::{self, Num};
use crate::number::int_text;
use crate::prelude::*;
use macros::native_class;
use smallvec::SmallVec;

/// Both operands as ints, or NotImplemented.
macro_rules! operands {
    ($left:ident, $right:ident) => {
        match (Num::of($left), Num::of($right)) {
            (Some(a), Some(b)) => (a, b),
            _ => return Ok(Value::NOT_IMPLEMENTED),
        }
    };
}

/// The int in a receiver, which has been checked.
fn num(this: Value) -> Num {
    Num::of(this).unwrap_or(Num::Small(0))
}

/// `int(x)` without a base.
pub fn int_of(cx: &mut Cx, value: Value) -> PyResult {
    if let Some(f) = value.as_float() {
        return int::from_f64(cx, f);
    }
    if let Some(exact) = exact_class(cx, value) {
        return Ok(exact);
    }
    let slots = &cx.class_of(value).slots;
    if let Some(slot) = slots.int.get() {
        return slot(cx, value);
    }
    if slots.index.get().is_some() {
        return index_value(cx, value);
    }
    if let Some(s) = value.downcast::<Str>() {
        if let Some(i) = s.as_ascii().and_then(int_text::parse_short) {
            return Ok(BigInt::from_i128(&mut cx.heap, i));
        }
        let text = int_text::to_ascii(&s);
        return int_text::parse_value(cx, &text, 10, value);
    }
    if let Some(bytes) = bytes_text(cx, value)? {
        let shown = shown_buffer(cx, value)?;
        return int_text::parse_value(cx, &bytes, 10, shown);
    }
    let name = type_name(cx, value);
    Err(type_error(
        cx,
        format_args!("int() argument must be a string, a bytes-like object or a real number, not '{name}'"),
    ))
}

/// An exact int or bool as an int.
fn exact_class(cx: &Cx, value: Value) -> Option<Value> {
    if value.is_small_int() {
        return Some(value);
    }
    let (class, types) = (cx.class_of(value), cx.types());
    if class == types.int || class == types.bool { int::exact(value) } else { None }
}

/// The text of bytes-like objects; other characters than ASCII become `?`.
pub(crate) fn bytes_text(cx: &mut Cx, value: Value) -> PyResult<Option<String>> {
    if !crate::buffer::is_buffer(cx, value) {
        return Ok(None);
    }
    let data = crate::buffer::to_vec(cx, value)?;
    Ok(Some(data.iter().map(|&b| if b < 0x80 { b as char } else { '?' }).collect()))
}

fn int_with_base(cx: &mut Cx, value: Value, base: Value) -> PyResult {
    let base = int::as_i64_clamped(cx, base)?;
    if base != 0 && !(2..=36).contains(&base) {
        return Err(value_error(cx, "int() base must be >= 2 and <= 36, or 0"));
    }
    if let Some(s) = value.downcast::<Str>() {
        let text = int_text::to_ascii(&s);
        return int_text::parse_value(cx, &text, base as u32, value);
    }
    let text = match value.is_a::<ByteArray>() || value.downcast::<Bytes>().is_some() {
        true => bytes_text(cx, value)?,
        false => None,
    };
    match text {
        Some(text) => {
            let shown = shown_buffer(cx, value)?;
            int_text::parse_value(cx, &text, base as u32, shown)
        }
        None => Err(type_error(cx, "int() can't convert non-string with explicit base")),
    }
}

/// What a message about the digits in `value`, a bytes-like object, shows.
fn shown_buffer(cx: &mut Cx, value: Value) -> PyResult {
    if value.downcast::<Bytes>().is_some() {
        return Ok(value);
    }
    let data = crate::buffer::to_vec(cx, value)?;
    Ok(cx.heap.bytes(&data).or_raise(cx)?.value())
}

/// `(x, base)` of `int()`.
#[inline]
fn constructor_arguments(cx: &mut Cx, args: Args<'_>) -> PyResult<(Option<Value>, Option<Value>)> {
    match *args.values() {
        [] => return Ok((None, None)),
        [x] if args.n_keywords() == 0 => return Ok((Some(x), None)),
        [x, base] if args.n_keywords() == 0 => return Ok((Some(x), Some(base))),
        _ => {}
    }
    let n = args.values().len();
    if args.n_keywords() == 0 {
        return Err(type_error(cx, format_args!("int expected at most 2 arguments, got {n}")));
    }
    if n > 2 {
        return Err(type_error(cx, format_args!("int() takes at most 2 arguments ({n} given)")));
    }
    let x = args.positional().first().copied();
    let mut base = None;
    for (name, value) in args.keywords() {
        if !name.eq_str("base") {
            return Err(crate::suggest::unexpected_keyword(cx, "int", name, std::iter::once("base".to_owned())));
        }
        base = Some(value);
    }
    Ok((x, base))
}

/// The bytes that `int.from_bytes` reads: `__bytes__`, a buffer or an iterable of ints.
fn bytes_argument(cx: &mut Cx, value: Value) -> PyResult<Gc<Bytes>> {
    if let Some(bytes) = value.cast::<Bytes>() {
        return Ok(bytes);
    }
    if value.downcast::<Str>().is_some() || Num::of(value).is_some() {
        let name = type_name(cx, value);
        return Err(type_error(cx, format_args!("cannot convert '{name}' object to bytes")));
    }
    let name = cx.names().__bytes__;
    let class = cx.class_of(value);
    let has_method = cx.lookup_class(class, name).is_some();
    if !has_method && !crate::buffer::is_buffer(cx, value) && !crate::iterate::is_iterable(cx, value) {
        let name = type_name(cx, value);
        return Err(type_error(cx, format_args!("cannot convert '{name}' object to bytes")));
    }
    let class = cx.types().bytes.value();
    let bytes = call(cx, class, &[value])?;
    match bytes.downcast::<Bytes>() {
        Some(bytes) => Ok(bytes),
        None => Err(type_error(cx, "__bytes__ returned non-bytes")),
    }
}

/// Whether the order is little-endian.
fn is_little(cx: &mut Cx, order: Gc<Str>) -> PyResult<bool> {
    if order.eq_str("little") {
        Ok(true)
    } else if order.eq_str("big") {
        Ok(false)
    } else {
        Err(value_error(cx, "byteorder must be either 'little' or 'big'"))
    }
}

/// `a op b` as a float or NotImplemented; the slot of `int` never sees floats.
fn compare_ints(left: Value, right: Value, op: CompareOp) -> Value {
    match (Num::of(left), Num::of(right)) {
        (Some(a), Some(b)) => Value::bool(op.holds(int::compare_nums(a, b))),
        _ => Value::NOT_IMPLEMENTED,
    }
}

#[native_class(
    name = "int",
    layout = BigInt,
    flags = BASETYPE | LONG_SUBCLASS | MATCH_SELF,
    doc = "int([x]) -> integer\nint(x, base=10) -> integer\n\nConvert a number or string to an integer, or return 0 if no arguments\nare given.  If x is a number, return x.__int__().  For floating-point\nnumbers, this truncates towards zero.\n\nIf x is not a number or if base is given, then x must be a string,\nbytes, or bytearray instance representing an integer literal in the\ngiven base.  The literal can be preceded by '+' or '-' and be surrounded\nby whitespace.  The base defaults to 10.  Valid bases are 0 and 2-36.\nBase 0 means to interpret the base from the string as an integer literal.\n>>> int('0b100', base=0)\n4"
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
        let value = match constructor_arguments(cx, args)? {
            (None, None) => Int::ZERO.value(),
            (None, Some(_)) => return Err(type_error(cx, "int() missing string argument")),
            (Some(x), None) => int_of(cx, x)?,
            (Some(x), Some(base)) => int_with_base(cx, x, base)?,
        };
        crate::native::finish_new(cx, class, value)
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Value) -> PyResult<Gc<Str>> {
        int_text::repr(cx, num(this))
    }

    #[slot]
    fn hash(_: &mut Cx, this: Value) -> PyResult<i64> {
        Ok(match num(this) {
            Num::Small(i) => object::hash::hash_i64(i),
            Num::Big(big) => big.hash(),
        })
    }

    #[slot]
    fn richcompare(_: &mut Cx, left: Value, right: Value, op: CompareOp) -> PyResult {
        Ok(compare_ints(left, right, op))
    }

    #[slot]
    fn bool_(_: &mut Cx, this: Value) -> PyResult<bool> {
        Ok(!num(this).is_zero())
    }

    #[slot]
    fn int(_: &mut Cx, this: Value) -> PyResult {
        Ok(num(this).value())
    }

    #[slot]
    fn index(_: &mut Cx, this: Value) -> PyResult {
        Ok(num(this).value())
    }

    #[slot]
    fn float(cx: &mut Cx, this: Value) -> PyResult<f64> {
        int::int_to_f64(cx, num(this))
    }

    #[slot]
    fn negative(cx: &mut Cx, this: Value) -> PyResult {
        int::neg(cx, num(this))
    }

    #[slot]
    fn positive(_: &mut Cx, this: Value) -> PyResult {
        Ok(num(this).value())
    }

    #[slot]
    fn absolute(cx: &mut Cx, this: Value) -> PyResult {
        int::abs(cx, num(this))
    }

    #[slot]
    fn invert(cx: &mut Cx, this: Value) -> PyResult {
        int::invert(cx, num(this))
    }

    #[slot(binary = Add)]
    fn add(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(left, right);
        int::add(cx, a, b)
    }

    #[slot(binary = Subtract)]
    fn sub(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(left, right);
        int::sub(cx, a, b)
    }

    #[slot(binary = Multiply)]
    fn mul(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(left, right);
        int::mul(cx, a, b)
    }

    #[slot(binary = FloorDivide)]
    fn floor_div(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(left, right);
        int::floor_div(cx, a, b)
    }

    #[slot(binary = Remainder)]
    fn modulo(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(left, right);
        int::modulo(cx, a, b)
    }

    #[slot(binary = TrueDivide)]
    fn true_div(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(left, right);
        let f = int::true_div(cx, a, b)?;
        Ok(cx.heap.float(f))
    }

    #[slot(binary = Power)]
    fn pow(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(left, right);
        int::pow(cx, a, b)
    }

    #[slot]
    fn power3(cx: &mut Cx, left: Value, right: Value, modulus: Value) -> PyResult {
        let (a, b) = operands!(left, right);
        if modulus.is_none() {
            return int::pow(cx, a, b);
        }
        match Num::of(modulus) {
            Some(m) => int::pow_mod(cx, a, b, m),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(binary = Lshift)]
    fn lshift(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(left, right);
        int::shift_left(cx, a, b)
    }

    #[slot(binary = Rshift)]
    fn rshift(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(left, right);
        int::shift_right(cx, a, b)
    }

    #[slot(binary = And)]
    fn and(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(left, right);
        int::and(cx, a, b)
    }

    #[slot(binary = Or)]
    fn or(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(left, right);
        int::or(cx, a, b)
    }

    #[slot(binary = Xor)]
    fn xor(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(left, right);
        int::xor(cx, a, b)
    }

    /// Return divmod(self, value).
    #[method("__divmod__($self, value, /)")]
    fn divmod(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (a, b) = operands!(left, right);
        let (q, r) = int::div_mod(cx, a, b)?;
        Ok(cx.heap.tuple(&[q, r]).value())
    }

    /// Return divmod(value, self).
    #[method("__rdivmod__($self, value, /)")]
    fn rdivmod(cx: &mut Cx, right: Value, left: Value) -> PyResult {
        divmod(cx, left, right)
    }

    /// Returns self, the complex conjugate of any int.
    #[method("conjugate($self, /)")]
    fn conjugate(_: &mut Cx, this: Value) -> Value {
        num(this).value()
    }

    /// Number of bits necessary to represent self in binary.
    ///
    /// >>> bin(37)
    /// '0b100101'
    /// >>> (37).bit_length()
    /// 6
    #[method("bit_length($self, /)")]
    fn bit_length(_: &mut Cx, this: Value) -> i64 {
        num(this).bit_length() as i64
    }

    /// Number of ones in the binary representation of the absolute value of self.
    ///
    /// Also known as the population count.
    ///
    /// >>> bin(13)
    /// '0b1101'
    /// >>> (13).bit_count()
    /// 3
    #[method("bit_count($self, /)")]
    fn bit_count(_: &mut Cx, this: Value) -> i64 {
        match num(this) {
            Num::Small(i) => i.unsigned_abs().count_ones() as i64,
            Num::Big(big) => big.limbs().iter().map(|l| l.count_ones() as i64).sum(),
        }
    }

    /// Return an array of bytes representing an integer.
    ///
    ///   length
    ///     Length of bytes object to use.  An OverflowError is raised if the
    ///     integer is not representable with the given number of bytes.  Default
    ///     is length 1.
    ///   byteorder
    ///     The byte order used to represent the integer.  If byteorder is 'big',
    ///     the most significant byte is at the beginning of the byte array.  If
    ///     byteorder is 'little', the most significant byte is at the end of the
    ///     byte array.  To request the native byte order of the host system, use
    ///     sys.byteorder as the byte order value.  Default is to use 'big'.
    ///   signed
    ///     Determines whether two's complement is used to represent the integer.
    ///     If signed is False and a negative integer is given, an OverflowError
    ///     is raised.
    #[method("to_bytes($self, /, length=1, byteorder='big', *, signed=False)")]
    fn to_bytes(cx: &mut Cx, this: Value, length: isize, byteorder: Gc<Str>, signed: bool) -> PyResult<Gc<Bytes>> {
        let little = is_little(cx, byteorder)?;
        if length < 0 {
            return Err(value_error(cx, "length argument must be non-negative"));
        }
        let n = num(this);
        if n.is_negative() && !signed {
            return Err(overflow_error(cx, "can't convert negative int to unsigned"));
        }
        if length as u64 > 1 << 40 {
            return Err(memory_error(cx));
        }
        match int::to_le_bytes(n, length as usize, signed) {
            Some(mut bytes) => {
                if !little {
                    bytes.reverse();
                }
                cx.heap.bytes(&bytes).or_raise(cx)
            }
            None => Err(overflow_error(cx, "int too big to convert")),
        }
    }

    /// Return the integer represented by the given array of bytes.
    ///
    ///   bytes
    ///     Holds the array of bytes to convert.  The argument must either
    ///     support the buffer protocol or be an iterable object producing bytes.
    ///     Bytes and bytearray are examples of built-in objects that support the
    ///     buffer protocol.
    ///   byteorder
    ///     The byte order used to represent the integer.  If byteorder is 'big',
    ///     the most significant byte is at the beginning of the byte array.  If
    ///     byteorder is 'little', the most significant byte is at the end of the
    ///     byte array.  To request the native byte order of the host system, use
    ///     sys.byteorder as the byte order value.  Default is to use 'big'.
    ///   signed
    ///     Indicates whether two's complement is used to represent the integer.
    #[classmethod("from_bytes($type, /, bytes, byteorder='big', *, signed=False)")]
    fn from_bytes(cx: &mut Cx, class: Gc<Class>, bytes: Value, byteorder: Gc<Str>, signed: bool) -> PyResult {
        let little = is_little(cx, byteorder)?;
        let bytes = bytes_argument(cx, bytes)?;
        let mut data: SmallVec<[u8; 32]> = SmallVec::from_slice(bytes.as_slice());
        if !little {
            data.reverse();
        }
        let value = int::from_le_bytes(cx, &data, signed)?;
        if class == cx.types().int { Ok(value) } else { call(cx, class.value(), &[value]) }
    }

    /// Return a pair of integers, whose ratio is equal to the original int.
    ///
    /// The ratio is in lowest terms and has a positive denominator.
    ///
    /// >>> (10).as_integer_ratio()
    /// (10, 1)
    /// >>> (-10).as_integer_ratio()
    /// (-10, 1)
    /// >>> (0).as_integer_ratio()
    /// (0, 1)
    #[method("as_integer_ratio($self, /)")]
    fn as_integer_ratio(cx: &mut Cx, this: Value) -> Gc<Tuple> {
        let one = Int::from_len(1).value();
        cx.heap.tuple(&[num(this).value(), one])
    }

    /// Returns True. Exists for duck type compatibility with float.is_integer.
    #[method("is_integer($self, /)")]
    fn is_integer(_: &mut Cx, _this: Value) -> bool {
        true
    }

    /// Truncating an Integral returns itself.
    #[method("__trunc__($self, /)")]
    fn trunc(_: &mut Cx, this: Value) -> Value {
        num(this).value()
    }

    /// Flooring an Integral returns itself.
    #[method("__floor__($self, /)")]
    fn floor(_: &mut Cx, this: Value) -> Value {
        num(this).value()
    }

    /// Ceiling of an Integral returns itself.
    #[method("__ceil__($self, /)")]
    fn ceil(_: &mut Cx, this: Value) -> Value {
        num(this).value()
    }

    /// Rounding an Integral returns itself.
    ///
    /// Rounding with an ndigits argument also returns an integer.
    #[method("__round__($self, ndigits=None, /)")]
    fn round(cx: &mut Cx, this: Value, ndigits: Option<Value>) -> PyResult {
        let n = num(this);
        let Some(digits) = ndigits else { return Ok(n.value()) };
        let digits = index_value(cx, digits)?;
        match Num::of(digits) {
            Some(digits) if digits.is_negative() => {
                let digits = int::neg(cx, digits)?;
                int::round_to_tens(cx, n, num(digits))
            }
            _ => Ok(n.value()),
        }
    }

    #[method("__getnewargs__($self, /)")]
    fn getnewargs(cx: &mut Cx, this: Value) -> Gc<Tuple> {
        cx.heap.tuple(&[num(this).value()])
    }

    /// Convert to a string according to format_spec.
    #[method("__format__($self, format_spec, /)")]
    fn format(cx: &mut Cx, this: Value, format_spec: Gc<Str>) -> PyResult<Gc<Str>> {
        if format_spec.is_empty() {
            return str_of(cx, this);
        }
        crate::format::format_int_value(cx, this, format_spec)
    }

    /// Returns size in memory, in bytes.
    #[method("__sizeof__($self, /)")]
    fn sizeof(_: &mut Cx, this: Value) -> i64 {
        let digits = num(this).bit_length().div_ceil(30).max(1);
        24 + 4 * digits as i64
    }

    /// the real part of a complex number
    #[getter]
    fn real(_: &mut Cx, this: Value) -> Value {
        num(this).value()
    }

    /// the imaginary part of a complex number
    #[getter]
    fn imag(_: &mut Cx, _this: Value) -> Value {
        Int::ZERO.value()
    }

    /// the numerator of a rational number in lowest terms
    #[getter]
    fn numerator(_: &mut Cx, this: Value) -> Value {
        num(this).value()
    }

    /// the denominator of a rational number in lowest terms
    #[getter]
    fn denominator(_: &mut Cx, _this: Value) -> Value {
        Int::from_len(1).value()
    }
}
