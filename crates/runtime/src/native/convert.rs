//! Conversions between Python values and the Rust types of native functions' parameters and results.
//!
//! The messages are those of CPython's argument clinic: a conversion knows where the argument stands ([`Place`]).

use crate::error::*;
use object::int::BigInt;
use object::*;

/// `*args`.
pub type VarArgs = Gc<Tuple>;

/// Where an argument stands, for messages.
pub struct Place {
    pub function: &'static str,
    pub name: &'static str,
    /// From 1; 0 for the only argument of a function, which messages do not number.
    pub position: usize,
    pub positional_only: bool,
}

/// "append() argument must be str, not int".
#[cold]
pub fn bad_argument(cx: &mut Cx, at: &Place, expected: &str, value: Value) -> Raised {
    let actual = argument_type_name(cx, value);
    let argument = match at.position {
        0 => "argument".to_owned(),
        n if at.positional_only => format!("argument {n}"),
        _ => format!("argument '{}'", at.name),
    };
    type_error(cx, format_args!("{}() {argument} must be {expected}, not {actual}", at.function))
}

/// The type of a native function's parameter.
pub trait FromValue: Sized {
    fn from_value(cx: &mut Cx, value: Value, at: &Place) -> PyResult<Self>;
}

impl FromValue for Value {
    #[inline(always)]
    fn from_value(_: &mut Cx, value: Value, _: &Place) -> PyResult<Value> {
        Ok(value)
    }
}

/// A layout that parameters ask for by its type's name.
pub trait Layout: Object {
    /// The name in "argument must be str".
    const NAME: &'static str;
}

macro_rules! layouts {
    ($($layout:ty = $name:literal),* $(,)?) => { $(impl Layout for $layout { const NAME: &'static str = $name; })* };
}
layouts! {
    Str = "str", Bytes = "bytes", ByteArray = "bytearray", Tuple = "tuple", List = "list", Dict = "dict", Set = "set",
    Class = "type", Code = "code", Function = "function", NativeFunction = "builtin_function_or_method",
    BoundMethod = "method", object::Cell = "cell", Module = "module", Slice = "slice", Range = "range",
    Generator = "generator", Exception = "BaseException", Traceback = "traceback", FrameObject = "frame",
    MappingProxy = "mappingproxy", Property = "property", StaticMethod = "staticmethod", ClassMethod = "classmethod",
    Super = "super", WeakRef = "weakref", Complex = "complex", MemberDescriptor = "member_descriptor",
    NamespaceObject = "types.SimpleNamespace",
}

impl<T: NativeData> Layout for Native<T> {
    const NAME: &'static str = T::NAME;
}

impl<T: Layout> FromValue for Gc<T> {
    #[inline(always)]
    fn from_value(cx: &mut Cx, value: Value, at: &Place) -> PyResult<Gc<T>> {
        match value.downcast::<T>() {
            Some(object) => Ok(object),
            None => Err(bad_argument(cx, at, T::NAME, value)),
        }
    }
}

/// Truth, as `bool(value)`.
impl FromValue for bool {
    #[inline(always)]
    fn from_value(cx: &mut Cx, value: Value, _: &Place) -> PyResult<bool> {
        match value {
            Value::TRUE => Ok(true),
            Value::FALSE | Value::NONE => Ok(false),
            _ => crate::operate::is_true(cx, value),
        }
    }
}

/// The value as a machine word, through `__index__`; `Err(negative)` when it does not fit.
fn index_word(cx: &mut Cx, value: Value) -> PyResult<Result<i64, (Value, bool)>> {
    if let Some(i) = value.as_small_or_bool() {
        return Ok(Ok(i));
    }
    let index = crate::item::index_value(cx, value)?.unwrap_payload();
    Ok(match (index.as_small_or_bool(), index.cast::<BigInt>()) {
        (Some(i), _) => Ok(i),
        (None, Some(big)) => big.to_i64().ok_or((index, big.is_negative())),
        (None, None) => Err((index, false)),
    })
}

macro_rules! signed {
    ($($ty:ty = $c_name:literal),* $(,)?) => { $(
        impl FromValue for $ty {
            #[inline]
            fn from_value(cx: &mut Cx, value: Value, _: &Place) -> PyResult<$ty> {
                match index_word(cx, value)?.ok().and_then(|i| <$ty>::try_from(i).ok()) {
                    Some(i) => Ok(i),
                    None => Err(overflow_error(cx, concat!("Python int too large to convert to C ", $c_name))),
                }
            }
        }
    )* };
}
signed!(i64 = "long", isize = "ssize_t", i32 = "int");

macro_rules! unsigned {
    ($($ty:ty = $large:literal, $negative:literal);* $(;)?) => { $(
        impl FromValue for $ty {
            #[inline]
            fn from_value(cx: &mut Cx, value: Value, _: &Place) -> PyResult<$ty> {
                let (number, negative) = match index_word(cx, value)? {
                    Ok(i) => (<$ty>::try_from(i).ok(), i < 0),
                    Err((big, negative)) => (big_to_u64(big).and_then(|u| <$ty>::try_from(u).ok()), negative),
                };
                match number {
                    Some(i) => Ok(i),
                    None => Err(overflow_error(cx, if negative { $negative } else { $large })),
                }
            }
        }
    )* };
}
unsigned! {
    u8 = "unsigned byte integer is greater than maximum", "unsigned byte integer is less than minimum";
    u32 = "Python int too large to convert to C unsigned int", "can't convert negative value to unsigned int";
    u64 = "Python int too large to convert to C unsigned long", "can't convert negative value to unsigned int";
    usize = "Python int too large to convert to C size_t", "can't convert negative value to size_t";
}

fn big_to_u64(value: Value) -> Option<u64> {
    let big = value.cast::<BigInt>().filter(|b| !b.is_negative())?;
    match big.limbs() {
        &[limb] => Some(limb),
        _ => None,
    }
}

/// Through `__float__` or `__index__`.
impl FromValue for f64 {
    #[inline]
    fn from_value(cx: &mut Cx, value: Value, _: &Place) -> PyResult<f64> {
        match (value.as_float(), value.as_int()) {
            (Some(f), _) => Ok(f),
            (None, Some(i)) => Ok(i.get() as f64),
            (None, None) => crate::number::float::as_f64(cx, value),
        }
    }
}

/// The type of `this`.
pub trait Receiver: Sized {
    fn from_receiver(value: Value) -> Option<Self>;
}

impl Receiver for Value {
    #[inline(always)]
    fn from_receiver(value: Value) -> Option<Value> {
        Some(value)
    }
}

impl<T: Object> Receiver for Gc<T> {
    #[inline(always)]
    fn from_receiver(value: Value) -> Option<Gc<T>> {
        value.downcast::<T>()
    }
}

impl Receiver for f64 {
    #[inline(always)]
    fn from_receiver(value: Value) -> Option<f64> {
        value.unwrap_payload().as_float()
    }
}

/// `this` in the type that a native method wants. Callers have compared the class already; this makes sure of the layout.
#[inline(always)]
pub fn receiver<T: Receiver>(cx: &mut Cx, value: Value, method: &'static str, owner: &'static str) -> PyResult<T> {
    match T::from_receiver(value) {
        Some(this) => Ok(this),
        None => Err(wrong_receiver(cx, value, method, owner)),
    }
}

#[cold]
fn wrong_receiver(cx: &mut Cx, value: Value, method: &'static str, owner: &'static str) -> Raised {
    let actual = if value.is_unbound() { "?".to_owned() } else { type_name(cx, value) };
    type_error(cx, format_args!("descriptor '{method}' for '{owner}' objects doesn't apply to a '{actual}' object"))
}

/// The `**kwargs` of a call; a new dict when there are none.
#[inline]
pub fn keywords_dict(cx: &mut Cx, value: Value) -> Gc<Dict> {
    value.cast::<Dict>().unwrap_or_else(|| Dict::new(&mut cx.heap))
}

/// A default that is text.
pub fn default_str(cx: &mut Cx, text: &'static str) -> Value {
    cx.heap.intern(text).value()
}

/// A default that is bytes.
pub fn default_bytes(cx: &mut Cx, data: &'static [u8]) -> Value {
    Bytes::new(&mut cx.heap, data).expect("a few bytes").value()
}

/// A Rust value that has a Python form.
pub trait IntoValue {
    fn into_value(self, cx: &mut Cx) -> PyResult;
}

/// What a native function may return: a value, or a [`PyResult`] of one.
pub trait IntoResult {
    fn into_result(self, cx: &mut Cx) -> PyResult;
}

impl<T: IntoValue> IntoResult for T {
    #[inline(always)]
    fn into_result(self, cx: &mut Cx) -> PyResult {
        self.into_value(cx)
    }
}

impl<T: IntoValue> IntoResult for PyResult<T> {
    #[inline(always)]
    fn into_result(self, cx: &mut Cx) -> PyResult {
        match self {
            Ok(value) => value.into_value(cx),
            Err(raised) => Err(raised),
        }
    }
}

macro_rules! into_value {
    ($($ty:ty: |$cx:ident, $this:ident| $value:expr;)*) => { $(
        impl IntoValue for $ty {
            #[inline(always)]
            fn into_value(self, $cx: &mut Cx) -> PyResult {
                let $this = self;
                Ok($value)
            }
        }
    )* };
}
into_value! {
    Value: |_cx, v| v;
    (): |_cx, _v| Value::NONE;
    bool: |_cx, b| Value::bool(b);
    Int: |_cx, i| i.value();
    i64: |cx, i| BigInt::from_i64(&mut cx.heap, i);
    isize: |cx, i| BigInt::from_i64(&mut cx.heap, i as i64);
    i32: |cx, i| BigInt::from_i64(&mut cx.heap, i as i64);
    u8: |_cx, i| Int::from_len(i as usize).value();
    u32: |_cx, i| Int::from_len(i as usize).value();
    u64: |cx, i| BigInt::from_u64(&mut cx.heap, i);
    usize: |cx, i| BigInt::from_u64(&mut cx.heap, i as u64);
    f64: |cx, f| cx.heap.float(f);
}

impl<T> IntoValue for Gc<T> {
    #[inline(always)]
    fn into_value(self, _: &mut Cx) -> PyResult {
        Ok(self.value())
    }
}

impl IntoValue for &str {
    fn into_value(self, cx: &mut Cx) -> PyResult {
        Ok(Str::from_utf8(&mut cx.heap, self).or_raise(cx)?.value())
    }
}

impl IntoValue for String {
    fn into_value(self, cx: &mut Cx) -> PyResult {
        self.as_str().into_value(cx)
    }
}

/// `None` is Python's None.
impl<T: IntoValue> IntoValue for Option<T> {
    #[inline(always)]
    fn into_value(self, cx: &mut Cx) -> PyResult {
        match self {
            Some(value) => value.into_value(cx),
            None => Ok(Value::NONE),
        }
    }
}
