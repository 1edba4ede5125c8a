//! `_struct`: Python values as bytes by a format string, and back.

use runtime::buffer;
use runtime::native::{add_class, class_of_spec, new_native, set_module_attr};
use runtime::number::float;
use runtime::number::int::{self, Num};
use runtime::prelude::*;
use smallvec::SmallVec;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

fn error(cx: &mut Cx, message: impl std::fmt::Display) -> Raised {
    crate::classes::raise_from_module(cx, "_struct", "error", message)
}

/// One run of a format: `count` items of `code`, or one string of `count` bytes.
#[derive(Clone, Copy)]
struct Field {
    code: u8,
    offset: usize,
    /// Bytes of one item.
    size: usize,
    count: usize,
}

/// A format that has been understood.
#[derive(Clone)]
struct Layout {
    fields: SmallVec<[Field; 4]>,
    size: usize,
    /// Values that packing takes.
    n_values: usize,
    little: bool,
}

/// Size and alignment of a code; `None` = not a code of this mode.
fn code_size(code: u8, native: bool) -> Option<(usize, usize)> {
    let size = match code {
        b'x' | b'b' | b'B' | b'c' | b's' | b'p' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' => {
            if native {
                8
            } else {
                4
            }
        }
        b'q' | b'Q' | b'd' | b'F' => 8,
        b'D' => 16,
        b'n' | b'N' | b'P' if native => 8,
        _ => return None,
    };
    let align = match code {
        b'F' => 4,
        b'D' => 8,
        _ => size,
    };
    Some((size, if native { align } else { 1 }))
}

fn parse(format: &[u8]) -> Result<Layout, &'static str> {
    const TOO_LONG: &str = "total struct size too long";
    let (little, native, body) = match format.first() {
        Some(b'<') => (true, false, &format[1..]),
        Some(b'>' | b'!') => (false, false, &format[1..]),
        Some(b'=') => (cfg!(target_endian = "little"), false, &format[1..]),
        Some(b'@') => (cfg!(target_endian = "little"), true, &format[1..]),
        _ => (cfg!(target_endian = "little"), true, format),
    };
    let mut layout = Layout { fields: SmallVec::new(), size: 0, n_values: 0, little };
    let mut i = 0;
    while i < body.len() {
        if body[i].is_ascii_whitespace() || body[i] == 0x0b {
            i += 1;
            continue;
        }
        let mut count = None;
        while i < body.len() && body[i].is_ascii_digit() {
            let digit = (body[i] - b'0') as usize;
            let n: usize = count.unwrap_or(0);
            count =
                Some(n.checked_mul(10).and_then(|n| n.checked_add(digit)).filter(|&n| n < 1 << 62).ok_or(TOO_LONG)?);
            i += 1;
        }
        let Some(&code) = body.get(i) else { return Err("repeat count given without format specifier") };
        i += 1;
        let (size, align) = code_size(code, native).ok_or("bad char in struct format")?;
        let count = count.unwrap_or(1);
        let offset = layout.size.checked_next_multiple_of(align).ok_or(TOO_LONG)?;
        let bytes = count.checked_mul(size).ok_or(TOO_LONG)?;
        layout.size = offset.checked_add(bytes).filter(|&n| n < 1 << 62).ok_or(TOO_LONG)?;
        match code {
            b'x' => {}
            b's' | b'p' => {
                layout.n_values += 1;
                layout.fields.push(Field { code, offset, size: count, count: 1 });
            }
            _ if count == 0 => {}
            _ => {
                layout.n_values += count;
                layout.fields.push(Field { code, offset, size, count });
            }
        }
    }
    Ok(layout)
}

/// The bounds of an integer code.
fn bounds(code: u8, size: usize) -> (i128, i128) {
    if code.is_ascii_uppercase() {
        (0, (1i128 << (size * 8)) - 1)
    } else {
        (-(1i128 << (size * 8 - 1)), (1i128 << (size * 8 - 1)) - 1)
    }
}

fn pack_int(cx: &mut Cx, code: u8, size: usize, value: Value) -> PyResult<u64> {
    if let Some(int) = value.as_int()
        && size < 8
        && (bounds(code, size).0..=bounds(code, size).1).contains(&i128::from(int.get()))
    {
        return Ok(int.get() as u64);
    }
    if cx.class_of(value).slots.index.get().is_none() {
        return Err(error(cx, "required argument is not an integer"));
    }
    let value = index_value(cx, value)?;
    let n = Num::of(value).unwrap_or(Num::Small(0));
    if code == b'P' {
        return Ok(int::low_u64(n));
    }
    let exact = match n {
        Num::Small(i) => Some(i as i128),
        Num::Big(big) if big.limbs().len() == 1 => {
            let m = big.limbs()[0] as i128;
            Some(if big.is_negative() { -m } else { m })
        }
        Num::Big(_) => None,
    };
    let (low, high) = bounds(code, size);
    match exact.filter(|i| (low..=high).contains(i)) {
        Some(i) => Ok(i as u64),
        None => {
            let code = code as char;
            Err(error(cx, format_args!("'{code}' format requires {low} <= number <= {high}")))
        }
    }
}

/// A half-precision float, ties to even; `None` on overflow.
fn to_half(f: f64) -> Option<u16> {
    let sign = if f.is_sign_negative() { 0x8000 } else { 0 };
    if f == 0.0 {
        return Some(sign);
    }
    if f.is_infinite() {
        return Some(sign | 0x7c00);
    }
    if f.is_nan() {
        return Some(sign | 0x7e00);
    }
    let (m, e) = float::frexp(f.abs());
    // m in [0.5, 1): the exponent of the leading bit is e - 1.
    let exponent = e - 1;
    if exponent > 15 {
        return None;
    }
    if exponent < -25 {
        return Some(sign);
    }
    let (fraction, mut biased) =
        if exponent < -14 { (float::ldexp(m, e + 14), 0) } else { (m * 2.0 - 1.0, exponent + 15) };
    let mut bits = (fraction * 1024.0).round_ties_even() as i32;
    if bits == 1024 {
        bits = 0;
        biased += 1;
        if biased == 31 {
            return None;
        }
    }
    Some(sign | (biased as u16) << 10 | bits as u16)
}

fn from_half(bits: u16) -> f64 {
    let (exponent, fraction) = ((bits >> 10 & 0x1f) as i32, (bits & 0x3ff) as f64);
    let magnitude = match exponent {
        0 => float::ldexp(fraction, -24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => float::ldexp(1.0 + fraction / 1024.0, exponent - 15),
    };
    if bits & 0x8000 != 0 { -magnitude } else { magnitude }
}

fn to_single(cx: &mut Cx, f: f64) -> PyResult<f32> {
    let single = f as f32;
    if single.is_infinite() && f.is_finite() {
        return Err(overflow_error(cx, "float too large to pack with f format"));
    }
    Ok(single)
}

fn store(out: &mut [u8], bits: u64, little: bool) {
    let n = out.len();
    if little {
        out.copy_from_slice(&bits.to_le_bytes()[..n]);
    } else {
        out.copy_from_slice(&bits.to_be_bytes()[8 - n..]);
    }
}

fn load(data: &[u8], little: bool) -> u64 {
    let mut bytes = [0; 8];
    let n = data.len();
    if little {
        bytes[..n].copy_from_slice(data);
        u64::from_le_bytes(bytes)
    } else {
        bytes[8 - n..].copy_from_slice(data);
        u64::from_be_bytes(bytes)
    }
}

fn real_argument(cx: &mut Cx, value: Value, kind: &str) -> PyResult<f64> {
    match float::as_f64(cx, value) {
        Ok(f) => Ok(f),
        Err(raised) => {
            let class = cx.types().TypeError;
            cx.catch(raised, class)?;
            Err(error(cx, format_args!("required argument is not a {kind}")))
        }
    }
}

fn pack_one(cx: &mut Cx, field: Field, value: Value, little: bool, out: &mut [u8]) -> PyResult<()> {
    match field.code {
        b'c' => match value.downcast::<Bytes>().filter(|b| b.len() == 1) {
            Some(bytes) => out[0] = bytes.as_slice()[0],
            None => return Err(error(cx, "char format requires a bytes object of length 1")),
        },
        b's' | b'p' => {
            let data = match (value.downcast::<Bytes>(), value.cast::<ByteArray>()) {
                (Some(bytes), _) => bytes.as_slice().to_vec(),
                (None, Some(array)) => array.data.borrow().clone(),
                (None, None) => {
                    let code = field.code as char;
                    return Err(error(cx, format_args!("argument for '{code}' must be a bytes object")));
                }
            };
            if field.code == b's' {
                let n = data.len().min(out.len());
                out[..n].copy_from_slice(&data[..n]);
            } else if let Some((length, rest)) = out.split_first_mut() {
                let n = data.len().min(rest.len());
                rest[..n].copy_from_slice(&data[..n]);
                *length = n.min(255) as u8;
            }
        }
        b'?' => out[0] = is_true(cx, value)? as u8,
        b'd' => {
            let f = real_argument(cx, value, "float")?;
            store(out, f.to_bits(), little);
        }
        b'f' => {
            let f = real_argument(cx, value, "float")?;
            let single = to_single(cx, f)?;
            store(out, single.to_bits() as u64, little);
        }
        b'e' => {
            let f = real_argument(cx, value, "float")?;
            let Some(half) = to_half(f) else {
                return Err(overflow_error(cx, "float too large to pack with e format"));
            };
            store(out, half as u64, little);
        }
        b'F' | b'D' => {
            let z = match runtime::types::complex::as_complex(cx, value) {
                Ok(z) => z,
                Err(raised) => {
                    let class = cx.types().TypeError;
                    cx.catch(raised, class)?;
                    return Err(error(cx, "required argument is not a complex"));
                }
            };
            let (re, im) = out.split_at_mut(field.size / 2);
            for (part, half) in [(z.0, re), (z.1, im)] {
                let bits = if field.code == b'F' { to_single(cx, part)?.to_bits() as u64 } else { part.to_bits() };
                store(half, bits, little);
            }
        }
        code => {
            let bits = pack_int(cx, code, field.size, value)?;
            store(out, bits, little);
        }
    }
    Ok(())
}

fn unpack_one(cx: &mut Cx, field: Field, data: &[u8], little: bool) -> PyResult {
    Ok(match field.code {
        b'c' | b's' => cx.heap.bytes(data).or_raise(cx)?.value(),
        b'p' => {
            let content = match data.split_first() {
                Some((&n, rest)) => &rest[..(n as usize).min(rest.len())],
                None => &[],
            };
            cx.heap.bytes(content).or_raise(cx)?.value()
        }
        b'?' => Value::bool(data[0] != 0),
        b'd' => cx.heap.float(f64::from_bits(load(data, little))),
        b'f' => cx.heap.float(f32::from_bits(load(data, little) as u32) as f64),
        b'e' => cx.heap.float(from_half(load(data, little) as u16)),
        b'F' | b'D' => {
            let part = |data: &[u8]| match field.code {
                b'F' => f32::from_bits(load(data, little) as u32) as f64,
                _ => f64::from_bits(load(data, little)),
            };
            let (re, im) = data.split_at(field.size / 2);
            cx.heap.complex(part(re), part(im)).value()
        }
        code => {
            let bits = load(data, little);
            if code.is_ascii_uppercase() {
                BigInt::from_u64(&mut cx.heap, bits)
            } else {
                let unused = 64 - 8 * field.size as u32;
                BigInt::from_i64(&mut cx.heap, ((bits << unused) as i64) >> unused)
            }
        }
    })
}

/// Bytes of a struct; those of most formats are few.
type Packed = SmallVec<[u8; 64]>;

/// The values as bytes.
fn pack_values(cx: &mut Cx, layout: &Layout, values: &[Value], function: &str) -> PyResult<Packed> {
    if values.len() != layout.n_values {
        let (want, got) = (layout.n_values, values.len());
        return Err(error(cx, format_args!("{function} expected {want} items for packing (got {got})")));
    }
    runtime::types::str::edit::check_length(cx, Some(layout.size))?;
    let mut out: Packed = SmallVec::from_elem(0, layout.size);
    let mut values = values.iter();
    for field in &layout.fields {
        for i in 0..field.count {
            let at = field.offset + i * field.size;
            let Some(&value) = values.next() else { break };
            pack_one(cx, *field, value, layout.little, &mut out[at..at + field.size])?;
        }
    }
    Ok(out)
}

fn unpack_values(cx: &mut Cx, layout: &Layout, data: &[u8]) -> PyResult<Gc<Tuple>> {
    const SMALL: usize = 8;
    if layout.n_values <= SMALL {
        let (mut values, mut n) = ([Value::UNBOUND; SMALL], 0);
        for field in &layout.fields {
            for i in 0..field.count {
                let at = field.offset + i * field.size;
                values[n] = unpack_one(cx, *field, &data[at..at + field.size], layout.little)?;
                n += 1;
            }
        }
        return Tuple::new(&mut cx.heap, &values[..n]).or_raise(cx);
    }
    let list = List::with_capacity(&mut cx.heap, layout.n_values).or_raise(cx)?;
    for field in &layout.fields {
        for i in 0..field.count {
            let at = field.offset + i * field.size;
            let value = unpack_one(cx, *field, &data[at..at + field.size], layout.little)?;
            list.push(&mut cx.heap, value).or_raise(cx)?;
        }
    }
    runtime::iterate::list_to_tuple(cx, list)
}

fn unpack_exact(cx: &mut Cx, layout: &Layout, data: Value) -> PyResult<Gc<Tuple>> {
    match data.cast::<Bytes>() {
        Some(bytes) => unpack_all(cx, layout, bytes.as_slice()),
        None => {
            let data = buffer::to_vec(cx, data)?;
            unpack_all(cx, layout, &data)
        }
    }
}

fn unpack_all(cx: &mut Cx, layout: &Layout, data: &[u8]) -> PyResult<Gc<Tuple>> {
    if data.len() != layout.size {
        let size = layout.size;
        return Err(error(cx, format_args!("unpack requires a buffer of {size} bytes")));
    }
    unpack_values(cx, layout, data)
}

/// Where in a buffer of `len` bytes the struct lies.
fn window(cx: &mut Cx, size: usize, len: usize, offset: isize, packing: bool) -> PyResult<usize> {
    let mut at = offset;
    if at < 0 {
        if at + size as isize > 0 {
            let message = if packing {
                format!("no space to pack {size} bytes at offset {offset}")
            } else {
                format!("not enough data to unpack {size} bytes at offset {offset}")
            };
            return Err(error(cx, message));
        }
        at += len as isize;
        if at < 0 {
            return Err(error(cx, format_args!("offset {offset} out of range for {len}-byte buffer")));
        }
    }
    if len as isize - at < size as isize {
        let (function, verb) = if packing { ("pack_into", "packing") } else { ("unpack_from", "unpacking") };
        let needed = size + at as usize;
        return Err(error(
            cx,
            format_args!(
                "{function} requires a buffer of at least {needed} bytes for {verb} {size} bytes at offset {at} (actual buffer size is {len})"
            ),
        ));
    }
    Ok(at as usize)
}

fn unpack_at(cx: &mut Cx, layout: &Layout, data: Value, offset: isize) -> PyResult<Gc<Tuple>> {
    if let Some(bytes) = data.cast::<Bytes>() {
        let at = window(cx, layout.size, bytes.len(), offset, false)?;
        return unpack_values(cx, layout, &bytes.as_slice()[at..at + layout.size]);
    }
    let data = buffer::to_vec(cx, data)?;
    let at = window(cx, layout.size, data.len(), offset, false)?;
    unpack_values(cx, layout, &data[at..at + layout.size])
}

fn pack_at(cx: &mut Cx, layout: &Layout, args: &[Value]) -> PyResult<()> {
    let (target, offset, values) = match *args {
        [] => return Err(error(cx, "pack_into expected buffer argument")),
        [_] => return Err(error(cx, "pack_into expected offset argument")),
        [target, offset, ref values @ ..] => (target, offset, values),
    };
    let offset = runtime::number::as_isize(cx, offset)?;
    let len = buffer::with_bytes_mut(cx, target, |data| data.len())?;
    if values.len() != layout.n_values {
        let (want, got) = (layout.n_values, values.len());
        return Err(error(cx, format_args!("pack_into expected {want} items for packing (got {got})")));
    }
    let at = window(cx, layout.size, len, offset, true)?;
    let packed = pack_values(cx, layout, values, "pack_into")?;
    buffer::with_bytes_mut(cx, target, |data| {
        if let Some(place) = data.get_mut(at..at + packed.len()) {
            place.copy_from_slice(&packed);
        }
    })
}

#[derive(macros::Trace)]
pub struct Struct {
    #[trace(skip)]
    layout: Opaque<Rc<Layout>>,
    format: Slot,
}
impl NativeData for Struct {
    const NAME: &'static str = "_struct.Struct";
}

/// Formats whose layouts are remembered, by the addresses of the objects.
const REMEMBERED: usize = 32;

struct Formats {
    formats: RootVec,
    layouts: RefCell<[Option<Rc<Layout>>; REMEMBERED]>,
}

fn remembered(cx: &mut Cx) -> Rc<Formats> {
    static KEY: StateKey<Formats> = StateKey::new();
    let vm = cx.vm();
    vm.state(&KEY, || {
        let formats = vm.root_vec();
        (0..REMEMBERED).for_each(|_| formats.push(Value::NONE));
        Formats { formats, layouts: RefCell::default() }
    })
}

/// The layout of a format given as str or bytes.
fn layout_of(cx: &mut Cx, format: Value) -> PyResult<Rc<Layout>> {
    let known = remembered(cx);
    let at = (format.id() >> 4) as usize % REMEMBERED;
    if known.formats.get(at).is(format)
        && let Some(layout) = &known.layouts.borrow()[at]
    {
        return Ok(layout.clone());
    }
    let layout = Rc::new(understand(cx, format)?);
    known.formats.set(at, format);
    known.layouts.borrow_mut()[at] = Some(layout.clone());
    Ok(layout)
}

fn understand(cx: &mut Cx, format: Value) -> PyResult<Layout> {
    let text = match (format.downcast::<Str>(), format.downcast::<Bytes>()) {
        (Some(s), _) => s.iter().map(|c| u8::try_from(c).unwrap_or(0xff)).collect::<SmallVec<[u8; 32]>>(),
        (None, Some(bytes)) => SmallVec::from_slice(bytes.as_slice()),
        (None, None) => {
            let name = type_name(cx, format);
            return Err(type_error(cx, format_args!("Struct() argument 1 must be a str or bytes object, not {name}")));
        }
    };
    if text.contains(&0) {
        return Err(error(cx, "embedded null character"));
    }
    parse(&text).map_err(|message| error(cx, message))
}

type This = Gc<Native<Struct>>;

fn layout(this: This) -> Rc<Layout> {
    this.layout.borrow().clone()
}

fn positional(cx: &mut Cx, function: &str, args: Args<'_>) -> PyResult<()> {
    if args.n_keywords() > 0 {
        return Err(type_error(cx, format_args!("{function}() takes no keyword arguments")));
    }
    Ok(())
}

#[macros::native_class(
    name = "Struct",
    module = "_struct",
    layout = Native<Struct>,
    flags = BASETYPE,
    traits = HAS_WEAKREF,
    doc = "Create a compiled struct object.\n\nReturn a new Struct object which writes and reads binary data according to\nthe format string.  See help(struct) for more on format strings."
)]
pub mod class {
    use super::*;

    fn empty_layout() -> Layout {
        Layout { fields: SmallVec::new(), size: 0, n_values: 0, little: true }
    }

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<This> {
        let _ = args;
        Ok(new_native(
            cx,
            class,
            Struct { layout: Opaque::new(Rc::new(empty_layout())), format: Slot::new(Value::NONE) },
        ))
    }

    #[slot(init, "Struct(format)")]
    fn init(cx: &mut Cx, this: This, format: Value) -> PyResult<()> {
        let layout = layout_of(cx, format)?;
        *this.layout.borrow_mut() = layout;
        let text = match format.downcast::<Bytes>() {
            Some(bytes) => Str::from_latin1(&mut cx.heap, bytes.as_slice()).or_raise(cx)?.value(),
            None => format,
        };
        this.format.set(this, text);
        Ok(())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: This) -> PyResult<String> {
        let format = repr_of(cx, this.format.get())?;
        let name = cx.class_of(this.value()).display_name();
        Ok(format!("{name}({})", &*format))
    }

    /// S.pack(v1, v2, ...) -> bytes
    ///
    /// Return a bytes object containing values v1, v2, ... packed according
    /// to the format string S.format.  See help(struct) for more on format
    /// strings.
    #[method(raw, "pack($self, /, *values)")]
    fn pack(cx: &mut Cx, this: This, args: Args<'_>) -> PyResult<Gc<Bytes>> {
        positional(cx, "Struct.pack", args)?;
        let data = pack_values(cx, &layout(this), args.positional(), "pack")?;
        cx.heap.bytes(&data).or_raise(cx)
    }

    /// S.pack_into(buffer, offset, v1, v2, ...)
    ///
    /// Pack the values v1, v2, ... according to the format string S.format
    /// and write the packed bytes into the writable buffer buf starting at
    /// offset.
    #[method(raw, "pack_into($self, buffer, offset, /, *values)")]
    fn pack_into(cx: &mut Cx, this: This, args: Args<'_>) -> PyResult<()> {
        positional(cx, "Struct.pack_into", args)?;
        pack_at(cx, &layout(this), args.positional())
    }

    /// Return a tuple containing unpacked values.
    #[method("unpack($self, buffer, /)")]
    fn unpack(cx: &mut Cx, this: This, buffer: Value) -> PyResult<Gc<Tuple>> {
        unpack_exact(cx, &layout(this), buffer)
    }

    /// Return a tuple containing unpacked values.
    ///
    /// Values are unpacked according to the struct format string Struct.format.
    #[method("unpack_from($self, /, buffer, offset=0)")]
    fn unpack_from(cx: &mut Cx, this: This, buffer: Value, offset: isize) -> PyResult<Gc<Tuple>> {
        unpack_at(cx, &layout(this), buffer, offset)
    }

    /// Return an iterator yielding tuples.
    #[method("iter_unpack($self, buffer, /)")]
    fn iter_unpack(cx: &mut Cx, this: This, buffer: Value) -> PyResult<Gc<Native<UnpackIter>>> {
        iterate(cx, layout(this), buffer)
    }

    /// S.__sizeof__() -> size of S in memory, in bytes
    #[method("__sizeof__($self, /)")]
    fn sizeof(_: &mut Cx, this: This) -> i64 {
        56 + 32 * (this.layout.borrow().fields.len() as i64 + 1)
    }

    /// struct format string
    #[getter]
    fn format(_: &mut Cx, this: This) -> Value {
        this.format.get()
    }

    /// struct size in bytes
    #[getter]
    fn size(_: &mut Cx, this: This) -> i64 {
        this.layout.borrow().size as i64
    }
}

#[derive(macros::Trace)]
pub struct UnpackIter {
    #[trace(skip)]
    layout: Opaque<Rc<Layout>>,
    data: Slot,
    offset: Cell<usize>,
    len: usize,
}
impl NativeData for UnpackIter {
    const NAME: &'static str = "_struct.unpack_iterator";
}

fn iterate(cx: &mut Cx, layout: Rc<Layout>, data: Value) -> PyResult<Gc<Native<UnpackIter>>> {
    let len = buffer::with_bytes(cx, data, |data| data.len())?;
    if layout.size == 0 {
        return Err(error(cx, "cannot iteratively unpack with a struct of length 0"));
    }
    if len % layout.size != 0 {
        let size = layout.size;
        return Err(error(cx, format_args!("iterative unpacking requires a buffer of a multiple of {size} bytes")));
    }
    let class = class_of_spec(cx, &iterator::SPEC)?;
    let data = Slot::new(data);
    Ok(new_native(cx, class, UnpackIter { layout: Opaque::new(layout), data, offset: Cell::new(0), len }))
}

#[macros::native_class(name = "unpack_iterator", module = "_struct", layout = Native<UnpackIter>, doc = "")]
pub mod iterator {
    use super::*;

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<UnpackIter>>) -> Gc<Native<UnpackIter>> {
        this
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<UnpackIter>>) -> PyResult<Option<Value>> {
        let (at, size) = (this.offset.get(), this.layout.borrow().size);
        if at >= this.len {
            return Ok(None);
        }
        let part = buffer::with_bytes(cx, this.data.get(), |data| data.get(at..at + size).map(<[u8]>::to_vec))?;
        let Some(part) = part else { return Ok(None) };
        this.offset.set(at + size);
        let layout = this.layout.borrow().clone();
        Ok(Some(unpack_values(cx, &layout, &part)?.value()))
    }

    /// Private method returning an estimate of len(list(it)).
    #[method("__length_hint__($self, /)")]
    fn length_hint(_: &mut Cx, this: Gc<Native<UnpackIter>>) -> i64 {
        let size = this.layout.borrow().size.max(1);
        (this.len.saturating_sub(this.offset.get()) / size) as i64
    }
}

#[macros::native_module(
    name = "_struct",
    doc = "Functions to convert between Python values and C structs.\nPython bytes objects are used to hold the data representing the C struct\nand also as format strings (explained below) to describe the layout of data\nin the C struct."
)]
pub mod module {
    use super::*;

    /// Return size in bytes of the struct described by the format string.
    #[function("calcsize(format, /)")]
    fn calcsize(cx: &mut Cx, format: Value) -> PyResult<i64> {
        Ok(layout_of(cx, format)?.size as i64)
    }

    /// pack(format, v1, v2, ...) -> bytes
    ///
    /// Return a bytes object containing the values v1, v2, ... packed according
    /// to the format string.  See help(struct) for more on format strings.
    #[function(raw, "pack(format, /, *values)")]
    fn pack(cx: &mut Cx, args: Args<'_>) -> PyResult<Gc<Bytes>> {
        positional(cx, "_struct.pack", args)?;
        let Some((&format, values)) = args.positional().split_first() else {
            return Err(type_error(cx, "missing format argument"));
        };
        let layout = layout_of(cx, format)?;
        let data = pack_values(cx, &layout, values, "pack")?;
        cx.heap.bytes(&data).or_raise(cx)
    }

    /// pack_into(format, buffer, offset, v1, v2, ...)
    ///
    /// Pack the values v1, v2, ... according to the format string and write
    /// the packed bytes into the writable buffer buf starting at offset.
    #[function(raw, "pack_into(format, buffer, offset, /, *values)")]
    fn pack_into(cx: &mut Cx, args: Args<'_>) -> PyResult<()> {
        positional(cx, "_struct.pack_into", args)?;
        let Some((&format, rest)) = args.positional().split_first() else {
            return Err(type_error(cx, "missing format argument"));
        };
        let layout = layout_of(cx, format)?;
        pack_at(cx, &layout, rest)
    }

    /// Return a tuple containing values unpacked according to the format string.
    #[function("unpack(format, buffer, /)")]
    fn unpack(cx: &mut Cx, format: Value, buffer: Value) -> PyResult<Gc<Tuple>> {
        let layout = layout_of(cx, format)?;
        unpack_exact(cx, &layout, buffer)
    }

    /// Return a tuple containing values unpacked according to the format string.
    #[function("unpack_from(format, /, buffer, offset=0)")]
    fn unpack_from(cx: &mut Cx, format: Value, buffer: Value, offset: isize) -> PyResult<Gc<Tuple>> {
        let layout = layout_of(cx, format)?;
        unpack_at(cx, &layout, buffer, offset)
    }

    /// Return an iterator yielding tuples unpacked from the given bytes.
    #[function("iter_unpack(format, buffer, /)")]
    fn iter_unpack(cx: &mut Cx, format: Value, buffer: Value) -> PyResult<Gc<Native<UnpackIter>>> {
        let layout = layout_of(cx, format)?;
        iterate(cx, layout, buffer)
    }

    /// Clear the internal cache.
    #[function("_clearcache()")]
    fn clearcache(cx: &mut Cx) {
        let known = remembered(cx);
        (0..REMEMBERED).for_each(|i| known.formats.set(i, Value::NONE));
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        add_class(cx, module, &super::class::SPEC)?;
        let base = cx.types().Exception;
        let error = crate::classes::exception_class(cx, "struct", "error", &[base])?;
        set_module_attr(cx, module, "error", error)
    }
}
