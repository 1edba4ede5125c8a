//! The buffer protocol: memory that an object lends out as bytes.
//!
//! `bytes`, `bytearray` and `memoryview` export buffers; native modules register their types with [`register`]; Python
//! classes do it by `__buffer__`. Memory is reached through closures that cannot run Python, so nothing is borrowed
//! across anything that could change it.

use crate::prelude::*;
use crate::types::memoryview::{self, MemoryView};
use std::cell::RefCell;
use std::collections::HashMap;

/// How exported memory is to be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layout {
    /// In the notation of `struct`.
    pub format: String,
    pub item_size: usize,
    pub shape: Vec<usize>,
    /// Bytes between neighbours, by dimension.
    pub strides: Vec<isize>,
    /// Where item 0 is in the exporter's memory.
    pub offset: usize,
}

impl Layout {
    /// `len` unsigned bytes.
    pub fn bytes(len: usize) -> Layout {
        Layout::items("B", 1, len)
    }

    /// `len` items, one after the other.
    pub fn items(format: &str, item_size: usize, len: usize) -> Layout {
        Layout { format: format.to_owned(), item_size, shape: vec![len], strides: vec![item_size as isize], offset: 0 }
    }

    /// Bytes of all items together.
    pub fn n_bytes(&self) -> usize {
        self.shape.iter().product::<usize>() * self.item_size
    }
}

/// A type that exports buffers.
pub struct Exporter {
    pub layout: fn(&mut Cx, Value) -> PyResult<Layout>,
    pub is_readonly: fn(Value) -> bool,
    /// A view was made: until it is released the memory must neither move nor change its size.
    pub acquire: fn(Value),
    pub release: fn(Value),
    /// The whole memory.
    pub read: fn(Value, &mut dyn FnMut(&[u8])),
    /// The whole memory, to be changed; not called for objects that are read-only.
    pub write: fn(Value, &mut dyn FnMut(&mut [u8])),
}

fn nothing(_: Value) {}

static BYTES: Exporter = Exporter {
    layout: |_, v| Ok(Layout::bytes(v.downcast::<Bytes>().map_or(0, |b| b.len()))),
    is_readonly: |_| true,
    acquire: nothing,
    release: nothing,
    read: |v, f| {
        if let Some(b) = v.downcast::<Bytes>() {
            f(b.as_slice());
        }
    },
    write: |_, _| {},
};

fn array(v: Value, f: impl FnOnce(Gc<ByteArray>)) {
    if let Some(b) = v.cast::<ByteArray>() {
        f(b);
    }
}

static BYTE_ARRAY: Exporter = Exporter {
    layout: |_, v| Ok(Layout::bytes(v.cast::<ByteArray>().map_or(0, |b| b.data.borrow().len()))),
    is_readonly: |_| false,
    acquire: |v| array(v, |b| b.exports.set(b.exports.get() + 1)),
    release: |v| array(v, |b| b.exports.set(b.exports.get().saturating_sub(1))),
    read: |v, f| array(v, |b| f(&b.data.borrow())),
    write: |v, f| array(v, |b| f(&mut b.data.borrow_mut())),
};

/// Exporters of native modules, by the address of the class's definition.
#[derive(Default)]
struct Exporters(RefCell<HashMap<usize, &'static Exporter>>);

/// Make instances of the class of `spec` (and of its subclasses) exporters.
pub fn register(cx: &Cx, spec: &'static TypeSpec, exporter: &'static Exporter) {
    cx.vm().extension(Exporters::default).0.borrow_mut().insert(spec as *const TypeSpec as usize, exporter);
}

/// A view inside an object that only passes it on; an error when it has none any more.
pub type Wrapped = fn(&mut Cx, Value) -> PyResult<Gc<Native<MemoryView>>>;

#[derive(Default)]
struct Wrappers(RefCell<HashMap<usize, Wrapped>>);

/// Make views of instances of the class of `spec` views of what they wrap.
pub fn register_wrapper(cx: &Cx, spec: &'static TypeSpec, wrapped: Wrapped) {
    cx.vm().extension(Wrappers::default).0.borrow_mut().insert(spec as *const TypeSpec as usize, wrapped);
}

/// How to get at the view that `value` wraps, if it does.
pub fn wrapper(cx: &Cx, value: Value) -> Option<Wrapped> {
    let spec = cx.class_of(value).spec.get()?;
    cx.vm().extension(Wrappers::default).0.borrow().get(&(spec as *const TypeSpec as usize)).copied()
}

/// How `value` exports its memory, when it does so natively. A memoryview is not an exporter but shows one.
pub fn exporter(cx: &Cx, value: Value) -> Option<&'static Exporter> {
    if value.downcast::<Bytes>().is_some() {
        return Some(&BYTES);
    }
    if value.is_a::<ByteArray>() {
        return Some(&BYTE_ARRAY);
    }
    let spec = cx.class_of(value).spec.get()?;
    cx.vm().extension(Exporters::default).0.borrow().get(&(spec as *const TypeSpec as usize)).copied()
}

/// Whether `value` supports the buffer protocol.
pub fn is_buffer(cx: &mut Cx, value: Value) -> bool {
    if value.is_a::<Bytes>() || value.is_a::<ByteArray>() || value.is_a::<Native<MemoryView>>() {
        return true;
    }
    if !value.is_heap() || value.is_a::<Str>() {
        return false;
    }
    exporter(cx, value).is_some() || has_python_buffer(cx, value)
}

fn has_python_buffer(cx: &Cx, value: Value) -> bool {
    let class = cx.class_of(value);
    class.is_heap_type() && cx.lookup_class(class, cx.names().__buffer__).is_some_and(|m| !m.is_none())
}

/// Whether an object that counts its views has any left. A view that the program has dropped is noticed by a collection, so
/// one is run before the answer is yes.
pub fn has_exports(cx: &mut Cx, exports: &std::cell::Cell<usize>) -> bool {
    if exports.get() > 0 {
        cx.heap.raw.collect_full();
        crate::safepoint::run_pending(cx);
    }
    exports.get() > 0
}

#[cold]
pub(crate) fn not_bytes_like(cx: &mut Cx, value: Value) -> Raised {
    let name = type_name(cx, value);
    type_error(cx, format_args!("a bytes-like object is required, not '{name}'"))
}

/// Call `f` with the bytes of `value`, which must be bytes-like and contiguous. `f` cannot run Python.
pub fn with_bytes<R>(cx: &mut Cx, value: Value, f: impl FnOnce(&[u8]) -> R) -> PyResult<R> {
    if let Some(bytes) = value.downcast::<Bytes>() {
        return Ok(f(bytes.as_slice()));
    }
    if let Some(bytes) = value.cast::<ByteArray>() {
        return Ok(f(&bytes.data.borrow()));
    }
    let data = to_vec(cx, value)?;
    Ok(f(&data))
}

/// The bytes of a bytes-like object, copied.
pub fn to_vec(cx: &mut Cx, value: Value) -> PyResult<Vec<u8>> {
    if let Some(bytes) = value.downcast::<Bytes>() {
        return Ok(bytes.as_slice().to_vec());
    }
    if let Some(bytes) = value.cast::<ByteArray>() {
        return Ok(bytes.data.borrow().clone());
    }
    if let Some(view) = value.cast::<Native<MemoryView>>() {
        memoryview::check_released(cx, view)?;
        return Ok(memoryview::gather(view));
    }
    if let Some(exporter) = exporter(cx, value) {
        let mut out = Vec::new();
        (exporter.read)(value, &mut |data| out.extend_from_slice(data));
        return Ok(out);
    }
    if has_python_buffer(cx, value) {
        let view = python_buffer(cx, value, FULL_RO)?;
        return Ok(memoryview::gather(view));
    }
    Err(not_bytes_like(cx, value))
}

/// The bytes of a bytes-like object as a `bytes` object: itself, if it is one.
pub fn to_bytes(cx: &mut Cx, value: Value) -> PyResult<Gc<Bytes>> {
    if let Some(bytes) = value.downcast::<Bytes>() {
        return Ok(bytes);
    }
    let data = to_vec(cx, value)?;
    Bytes::new(&mut cx.heap, &data).or_raise(cx)
}

/// `PyBUF_FULL_RO`.
pub const FULL_RO: i64 = 0x11C;
/// `PyBUF_WRITABLE`.
pub const WRITABLE: i64 = 1;

/// What `value.__buffer__(flags)` of a Python class gives.
pub fn python_buffer(cx: &mut Cx, value: Value, flags: i64) -> PyResult<Gc<Native<MemoryView>>> {
    let name = cx.names().__buffer__;
    let flags = Int::from_len(flags as usize).value();
    let Some(result) = call_special(cx, value, name, &[flags])? else { return Err(not_bytes_like(cx, value)) };
    match result.cast::<Native<MemoryView>>() {
        Some(view) => {
            memoryview::check_released(cx, view)?;
            Ok(view)
        }
        None => Err(type_error(cx, "__buffer__ returned non-memoryview object")),
    }
}

/// Call `f` with the writable bytes of `value`; BufferError or TypeError when it has none. `f` cannot run Python.
pub fn with_bytes_mut<R>(cx: &mut Cx, value: Value, f: impl FnOnce(&mut [u8]) -> R) -> PyResult<R> {
    let (base, exporter, range) = if let Some(view) = value.cast::<Native<MemoryView>>() {
        memoryview::check_released(cx, view)?;
        if view.is_readonly() || !view.is_contiguous() {
            return Err(not_writable(cx, value));
        }
        (view.base(), view.exporter(), Some(view.byte_range()))
    } else {
        match exporter(cx, value) {
            Some(exporter) if !(exporter.is_readonly)(value) => (value, exporter, None),
            _ => return Err(not_writable(cx, value)),
        }
    };
    let (mut f, mut result) = (Some(f), None);
    (exporter.write)(base, &mut |data| {
        if let Some(f) = f.take() {
            result = Some(match &range {
                Some(range) => f(&mut data[range.clone()]),
                None => f(data),
            });
        }
    });
    match result {
        Some(result) => Ok(result),
        None => Err(not_writable(cx, value)),
    }
}

fn not_writable(cx: &mut Cx, value: Value) -> Raised {
    let name = type_name(cx, value);
    type_error(cx, format_args!("a read-write bytes-like object is required, not '{name}'"))
}
