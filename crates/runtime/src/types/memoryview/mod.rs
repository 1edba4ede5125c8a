//! `memoryview`: a window on the memory of an object that exports a buffer.
//!
//! A view knows its exporter and how to read the memory ([`Layout`]); it never holds a reference into it. While a view is
//! alive and not released its exporter's memory stays where it is: views that the program drops are released by their
//! finaliser.

pub mod item;

use crate::buffer::{Exporter, Layout};
use crate::prelude::*;
use macros::{Trace, native_class};
use object::Opaque;
use std::cell::Cell;
use std::ops::Range;

/// The state of a view.
#[derive(Trace)]
pub struct MemoryView {
    /// The object that owns the memory; unbound once released.
    base: Slot,
    /// What `obj` shows: the object that the view was made of.
    shown: Slot,
    #[trace(skip)]
    exporter: &'static Exporter,
    readonly: Cell<bool>,
    layout: Opaque<Layout>,
    released: Cell<bool>,
    /// Buffers that others have taken of this view.
    pub exports: Cell<usize>,
    hash: Cell<i64>,
}

impl NativeData for MemoryView {
    const NAME: &'static str = "memoryview";
}

impl MemoryView {
    pub fn base(&self) -> Value {
        self.base.get()
    }

    pub fn exporter(&self) -> &'static Exporter {
        self.exporter
    }

    pub fn is_readonly(&self) -> bool {
        self.readonly.get()
    }

    pub fn layout(&self) -> Layout {
        self.layout.borrow().clone()
    }

    /// Whether the items follow each other in C order without gaps.
    pub fn is_contiguous(&self) -> bool {
        is_c_contiguous(&self.layout.borrow())
    }

    /// The part of the exporter's memory that a contiguous view shows.
    pub fn byte_range(&self) -> Range<usize> {
        let layout = self.layout.borrow();
        layout.offset..layout.offset + layout.n_bytes()
    }

    /// Read the exporter's whole memory.
    fn read<R: Default>(&self, f: impl FnOnce(&[u8]) -> R) -> R {
        let (mut f, mut out) = (Some(f), R::default());
        (self.exporter.read)(self.base.get(), &mut |data| {
            if let Some(f) = f.take() {
                out = f(data);
            }
        });
        out
    }
}

pub fn is_c_contiguous(layout: &Layout) -> bool {
    let mut expected = layout.item_size as isize;
    if layout.shape.contains(&0) {
        return true;
    }
    for (&n, &stride) in layout.shape.iter().zip(&layout.strides).rev() {
        if n > 1 && stride != expected {
            return false;
        }
        expected *= n as isize;
    }
    true
}

pub fn check_released(cx: &mut Cx, view: Gc<Native<MemoryView>>) -> PyResult<()> {
    if view.released.get() {
        return Err(value_error(cx, "operation forbidden on released memoryview object"));
    }
    Ok(())
}

/// Offsets of the items in C order.
fn offsets(layout: &Layout) -> Vec<usize> {
    let mut out = vec![layout.offset as isize];
    for (&n, &stride) in layout.shape.iter().zip(&layout.strides) {
        out = out.iter().flat_map(|&start| (0..n as isize).map(move |i| start + i * stride)).collect();
    }
    out.into_iter().map(|offset| offset as usize).collect()
}

/// The bytes that the view shows, in C order.
pub fn gather(view: Gc<Native<MemoryView>>) -> Vec<u8> {
    let layout = view.layout();
    if is_c_contiguous(&layout) {
        let range = view.byte_range();
        return view.read(|data| data.get(range).map_or_else(Vec::new, <[u8]>::to_vec));
    }
    view.read(|data| {
        let mut out = Vec::with_capacity(layout.n_bytes());
        for at in offsets(&layout) {
            out.extend_from_slice(&data[at..at + layout.item_size]);
        }
        out
    })
}

/// A view of `object`, which must support the buffer protocol.
pub fn view_of(cx: &mut Cx, object: Value) -> PyResult<Gc<Native<MemoryView>>> {
    if let Some(view) = object.cast::<Native<MemoryView>>() {
        check_released(cx, view)?;
        let layout = view.layout();
        return Ok(derived(cx, view, layout));
    }
    if let Some(exporter) = crate::buffer::exporter(cx, object) {
        if !object.is_a::<Bytes>()
            && !object.is_a::<ByteArray>()
            && let Some(wrapped) = crate::buffer::wrapper(cx, object)
        {
            let inner = wrapped(cx, object)?;
            return view_of(cx, inner.value());
        }
        let layout = (exporter.layout)(cx, object)?;
        return make(cx, object, object, exporter, (exporter.is_readonly)(object), layout);
    }
    if cx.class_of(object).is_heap_type() && crate::buffer::is_buffer(cx, object) {
        let inner = crate::buffer::python_buffer(cx, object, crate::buffer::FULL_RO)?;
        let layout = inner.layout();
        let view = derived(cx, inner, layout);
        view.shown.set(view, object);
        return Ok(view);
    }
    let name = type_name(cx, object);
    Err(type_error(cx, format_args!("memoryview: a bytes-like object is required, not '{name}'")))
}

fn make(
    cx: &mut Cx,
    base: Value,
    shown: Value,
    exporter: &'static Exporter,
    readonly: bool,
    layout: Layout,
) -> PyResult<Gc<Native<MemoryView>>> {
    let class = crate::native::class_of_spec(cx, &class::SPEC)?;
    let view = cx.heap.native(
        class.instance_shape.get(),
        MemoryView {
            base: Slot::new(base),
            shown: Slot::new(shown),
            exporter,
            readonly: Cell::new(readonly),
            layout: Opaque::new(layout),
            released: Cell::new(false),
            exports: Cell::new(0),
            hash: Cell::new(-1),
        },
    );
    (exporter.acquire)(base);
    if !readonly {
        cx.vm().lifetimes.register_finalizable(view.value());
    }
    Ok(view)
}

/// Another view of the memory that `view` shows.
fn derived(cx: &mut Cx, view: Gc<Native<MemoryView>>, layout: Layout) -> Gc<Native<MemoryView>> {
    let (base, shown, exporter, readonly) = (view.base(), view.shown.get(), view.exporter, view.is_readonly());
    make(cx, base, shown, exporter, readonly, layout).expect("the class exists, since there is an instance")
}

fn release_view(view: Gc<Native<MemoryView>>) {
    if !view.released.replace(true) {
        (view.exporter.release)(view.base.get());
        view.base.clear();
        view.shown.clear();
    }
}

/// `object.__buffer__(flags)` of native exporters.
pub fn buffer_method(cx: &mut Cx, object: Value, flags: i64) -> PyResult {
    let view = view_of(cx, object)?;
    if flags & crate::buffer::WRITABLE != 0 && view.is_readonly() {
        release_view(view);
        return Err(buffer_error(cx, "Object is not writable."));
    }
    Ok(view.value())
}

/// `object.__release_buffer__(view)` of native exporters.
pub fn release_method(cx: &mut Cx, view: Value) -> PyResult<()> {
    match view.cast::<Native<MemoryView>>() {
        Some(view) if view.released.get() => Err(value_error(cx, "memoryview's buffer has already been released")),
        Some(view) => {
            release_view(view);
            Ok(())
        }
        None => Err(type_error(cx, "expected a memoryview object")),
    }
}

/// The item at `offset` of the exporter's memory.
fn item_at(cx: &mut Cx, view: Gc<Native<MemoryView>>, offset: usize) -> PyResult {
    let (format, size) = {
        let layout = view.layout.borrow();
        (layout.format.clone(), layout.item_size)
    };
    if format == "B" {
        let byte = view.read(|data| data.get(offset).copied().unwrap_or(0));
        return Ok(Int::from_len(byte as usize).value());
    }
    let data = view.read(|data| data[offset..offset + size].to_vec());
    item::unpack(cx, &data, &format)
}

/// The item at a small index that is not negative, of a row of unsigned bytes.
fn byte_at(view: Gc<Native<MemoryView>>, index: Value) -> Option<u8> {
    let i = usize::try_from(index.as_int()?.get()).ok()?;
    let layout = view.layout.borrow();
    match (&*layout.shape, &*layout.strides) {
        (&[n], &[stride]) if i < n && layout.format == "B" => {
            let offset = (layout.offset as isize + i as isize * stride) as usize;
            view.read(|data| data.get(offset).copied())
        }
        _ => None,
    }
}

/// Where item `i` of dimension `dimension` starts, relative to its parent.
fn step(cx: &mut Cx, layout: &Layout, dimension: usize, i: isize) -> PyResult<isize> {
    let n = layout.shape[dimension] as isize;
    let adjusted = if i < 0 { i + n } else { i };
    if !(0..n).contains(&adjusted) {
        return Err(index_error(cx, format_args!("index out of bounds on dimension {}", dimension + 1)));
    }
    Ok(adjusted * layout.strides[dimension])
}

/// The offset of the item that a tuple of indices names.
fn tuple_offset(cx: &mut Cx, layout: &Layout, key: Gc<Tuple>) -> PyResult<usize> {
    let n_dimensions = layout.shape.len();
    if key.len() > n_dimensions {
        return Err(type_error(
            cx,
            format_args!("cannot index {n_dimensions}-dimension view with {}-element tuple", key.len()),
        ));
    }
    if key.len() < n_dimensions {
        return Err(not_implemented_error(cx, "sub-views are not implemented"));
    }
    let mut offset = layout.offset as isize;
    for (dimension, index) in key.iter().enumerate() {
        let i = as_index(cx, index)?;
        offset += step(cx, layout, dimension, i)?;
    }
    Ok(offset as usize)
}

fn is_index(cx: &Cx, value: Value) -> bool {
    cx.class_of(value).slots.index.get().is_some()
}

/// What a key of a view with dimensions means.
enum Key {
    Item(usize),
    Slice(Gc<Slice>),
}

fn key(cx: &mut Cx, layout: &Layout, key: Value) -> PyResult<Key> {
    if is_index(cx, key) {
        let i = as_index(cx, key)?;
        if layout.shape.len() != 1 {
            return Err(not_implemented_error(cx, "multi-dimensional sub-views are not implemented"));
        }
        return Ok(Key::Item((layout.offset as isize + step(cx, layout, 0, i)?) as usize));
    }
    if let Some(slice) = key.cast::<Slice>() {
        return Ok(Key::Slice(slice));
    }
    if let Some(tuple) = key.downcast::<Tuple>() {
        if tuple.iter().all(|v| is_index(cx, v)) {
            return Ok(Key::Item(tuple_offset(cx, layout, tuple)?));
        }
        if tuple.iter().all(|v| v.is_a::<Slice>()) {
            return Err(not_implemented_error(cx, "multi-dimensional slicing is not implemented"));
        }
    }
    Err(type_error(cx, "memoryview: invalid slice key"))
}

/// `layout` with its first dimension sliced.
fn sliced(cx: &mut Cx, layout: &Layout, slice: Gc<Slice>) -> PyResult<Layout> {
    let (start, _, step, count) = slice_indices(cx, slice, || layout.shape[0])?;
    let mut out = layout.clone();
    out.offset = (layout.offset as isize + start * layout.strides[0]) as usize;
    out.shape[0] = count;
    out.strides[0] = layout.strides[0] * step;
    Ok(out)
}

fn write_at(view: Gc<Native<MemoryView>>, offset: usize, new: &[u8]) {
    (view.exporter.write)(view.base.get(), &mut |data| data[offset..offset + new.len()].copy_from_slice(new));
}

fn assign(cx: &mut Cx, view: Gc<Native<MemoryView>>, index: Value, value: Option<Value>) -> PyResult<()> {
    check_released(cx, view)?;
    if view.is_readonly() {
        return Err(type_error(cx, "cannot modify read-only memory"));
    }
    let Some(value) = value else { return Err(type_error(cx, "cannot delete memory")) };
    let layout = view.layout();
    if layout.shape.is_empty() {
        let whole = index.is(Value::ELLIPSIS) || index.downcast::<Tuple>().is_some_and(|t| t.is_empty());
        if !whole {
            return Err(type_error(cx, "invalid indexing of 0-dim memory"));
        }
        let new = item::pack(cx, value, &layout.format)?;
        check_released(cx, view)?;
        write_at(view, layout.offset, &new);
        return Ok(());
    }
    match key(cx, &layout, index)? {
        Key::Item(offset) => {
            let new = item::pack(cx, value, &layout.format)?;
            check_released(cx, view)?;
            write_at(view, offset, &new);
            Ok(())
        }
        Key::Slice(_) if layout.shape.len() != 1 => {
            let message = "memoryview slice assignments are currently restricted to ndim = 1";
            Err(not_implemented_error(cx, message))
        }
        Key::Slice(slice) => {
            if !crate::buffer::is_buffer(cx, value) {
                return Err(crate::buffer::not_bytes_like(cx, value));
            }
            let source = view_of(cx, value)?;
            let to = sliced(cx, &layout, slice)?;
            let from = source.layout();
            let new = gather(source);
            release_view(source);
            let plain = |f: &str| f.strip_prefix('@').unwrap_or(f).to_owned();
            if plain(&from.format) != plain(&to.format) || from.shape != to.shape {
                let message = "memoryview assignment: lvalue and rvalue have different structures";
                return Err(value_error(cx, message));
            }
            check_released(cx, view)?;
            let places = offsets(&to);
            (view.exporter.write)(view.base.get(), &mut |data| {
                for (at, item) in places.iter().zip(new.chunks(to.item_size.max(1))) {
                    data[*at..*at + item.len()].copy_from_slice(item);
                }
            });
            Ok(())
        }
    }
}

/// The items from dimension `dimension` on as nested lists.
fn nested_list(
    cx: &mut Cx,
    view: Gc<Native<MemoryView>>,
    layout: &Layout,
    dimension: usize,
    offset: isize,
) -> PyResult {
    if dimension == layout.shape.len() {
        return item_at(cx, view, offset as usize);
    }
    let list = List::with_capacity(&mut cx.heap, layout.shape[dimension]).or_raise(cx)?;
    for i in 0..layout.shape[dimension] as isize {
        let item = nested_list(cx, view, layout, dimension + 1, offset + i * layout.strides[dimension])?;
        list.push(&mut cx.heap, item).or_raise(cx)?;
    }
    Ok(list.value())
}

/// `self == other` for views of any format.
fn equal_views(cx: &mut Cx, this: Gc<Native<MemoryView>>, other: Gc<Native<MemoryView>>) -> PyResult<bool> {
    let (a, b) = (this.layout(), other.layout());
    if a.shape != b.shape {
        return Ok(false);
    }
    let plain = |f: &str| f.strip_prefix('@').unwrap_or(f).to_owned();
    let (format_a, format_b) = (plain(&a.format), plain(&b.format));
    let same = format_a == format_b;
    if same && matches!(format_a.as_str(), "B" | "b" | "c" | "h" | "H" | "i" | "I" | "l" | "L" | "q" | "Q") {
        return Ok(gather(this) == gather(other));
    }
    if item::native_format(&format_a).is_none() || item::native_format(&format_b).is_none() {
        return equal_by_struct(cx, (&a.format, gather(this), a.item_size), (&b.format, gather(other), b.item_size));
    }
    for (at_a, at_b) in offsets(&a).into_iter().zip(offsets(&b)) {
        let (left, right) = (item_at(cx, this, at_a)?, item_at(cx, other, at_b)?);
        // Not `equals`: a NaN differs from itself here.
        if !compare_bool(cx, left, right, CompareOp::Eq)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Items of formats that only the module `struct` knows.
fn equal_by_struct(cx: &mut Cx, a: (&str, Vec<u8>, usize), b: (&str, Vec<u8>, usize)) -> PyResult<bool> {
    let unpack = crate::import::import_attr(cx, "struct", "unpack_from")?;
    let item = |cx: &mut Cx, (format, data, size): (&str, &Vec<u8>, usize), i: usize| {
        let format = cx.heap.str(format);
        let data = Bytes::new(&mut cx.heap, &data[i * size..(i + 1) * size]).or_raise(cx)?;
        call(cx, unpack, &[format, data.value()])
    };
    for i in 0..a.1.len() / a.2.max(1) {
        let left = item(cx, (a.0, &a.1, a.2), i);
        let right = item(cx, (b.0, &b.1, b.2), i);
        let (left, right) = match (left, right) {
            (Ok(left), Ok(right)) => (left, right),
            // A format that cannot be read is equal to nothing.
            (Err(raised), _) | (_, Err(raised)) => {
                cx.take_raised(raised);
                return Ok(false);
            }
        };
        if !compare_bool(cx, left, right, CompareOp::Eq)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn sizes(cx: &mut Cx, items: &[isize]) -> PyResult<Gc<Tuple>> {
    Tuple::from_fn(&mut cx.heap, items.len(), |i| Int::new(items[i] as i64).unwrap_or(Int::ZERO).value()).or_raise(cx)
}

/// The shape that `cast` was given.
fn shape_argument(cx: &mut Cx, shape: Value) -> PyResult<Vec<usize>> {
    if shape.cast::<List>().is_none() && shape.downcast::<Tuple>().is_none() {
        return Err(type_error(cx, "shape must be a list or a tuple"));
    }
    let items = to_list(cx, shape)?;
    if items.len() > 64 {
        return Err(value_error(cx, "memoryview: number of dimensions must not exceed 64"));
    }
    let mut out = Vec::new();
    for i in 0..items.len() {
        let item = items.get(i).unwrap_or(Value::NONE);
        if !cx.is_instance(item, cx.types().int) {
            return Err(type_error(cx, "memoryview.cast(): elements of shape must be integers"));
        }
        let n = crate::item::sequence_index(cx, item)?;
        if n <= 0 {
            return Err(value_error(cx, "memoryview.cast(): elements of shape must be integers > 0"));
        }
        out.push(n as usize);
    }
    Ok(out)
}

fn cast(
    cx: &mut Cx,
    view: Gc<Native<MemoryView>>,
    format: Gc<Str>,
    shape: Option<Value>,
) -> PyResult<Gc<Native<MemoryView>>> {
    check_released(cx, view)?;
    let old = view.layout();
    if !is_c_contiguous(&old) {
        return Err(type_error(cx, "memoryview: casts are restricted to C-contiguous views"));
    }
    let shape = match shape {
        Some(shape) => Some(shape_argument(cx, shape)?),
        None => None,
    };
    if (shape.is_some() || old.shape.len() != 1) && old.shape.contains(&0) {
        return Err(type_error(cx, "memoryview: cannot cast view with zeros in shape or strides"));
    }
    if shape.as_ref().is_some_and(|s| s.len() != 1) && old.shape.len() != 1 {
        return Err(type_error(cx, "memoryview: cast must be 1D -> ND or ND -> 1D"));
    }
    let wrong = |which: &str| {
        format!("memoryview: {which} format must be a native single character format prefixed with an optional '@'")
    };
    let Some((old_format, _)) = item::native_format(&old.format) else {
        return Err(value_error(cx, wrong("source")));
    };
    let new_format = format.to_string();
    let Some((c, item_size)) = item::native_format(&new_format) else {
        return Err(value_error(cx, wrong("destination")));
    };
    let is_byte = |c: u8| matches!(c, b'b' | b'B' | b'c');
    if !is_byte(old_format) && !is_byte(c) {
        return Err(type_error(cx, "memoryview: cannot cast between two non-byte formats"));
    }
    let n_bytes = old.n_bytes();
    if n_bytes % item_size != 0 {
        return Err(type_error(cx, "memoryview: length is not a multiple of itemsize"));
    }
    let shape = shape.unwrap_or_else(|| vec![n_bytes / item_size]);
    let product = shape.iter().try_fold(item_size, |product, &n| product.checked_mul(n));
    if product != Some(n_bytes) {
        return Err(type_error(cx, "memoryview: product(shape) * itemsize != buffer size"));
    }
    let mut strides = vec![0; shape.len()];
    let mut stride = item_size as isize;
    for (i, &n) in shape.iter().enumerate().rev() {
        strides[i] = stride;
        stride *= n as isize;
    }
    let layout = Layout { format: new_format, item_size, shape, strides, offset: old.offset };
    Ok(derived(cx, view, layout))
}

/// The bytes in Fortran order.
fn gather_fortran(view: Gc<Native<MemoryView>>) -> Vec<u8> {
    let mut layout = view.layout();
    layout.shape.reverse();
    layout.strides.reverse();
    view.read(|data| {
        let mut out = Vec::with_capacity(layout.n_bytes());
        for at in offsets(&layout) {
            out.extend_from_slice(&data[at..at + layout.item_size]);
        }
        out
    })
}

fn is_fortran_contiguous(layout: &Layout) -> bool {
    let mut reversed = layout.clone();
    reversed.shape.reverse();
    reversed.strides.reverse();
    is_c_contiguous(&reversed)
}

/// Item `i` of a view of one dimension.
fn nth(cx: &mut Cx, view: Gc<Native<MemoryView>>, i: usize) -> PyResult {
    let offset = {
        let layout = view.layout.borrow();
        (layout.offset as isize + i as isize * layout.strides[0]) as usize
    };
    item_at(cx, view, offset)
}

/// The number of items that iteration, `count` and `index` go through.
fn iteration_length(cx: &mut Cx, view: Gc<Native<MemoryView>>) -> PyResult<usize> {
    check_released(cx, view)?;
    let (n_dimensions, first) = {
        let layout = view.layout.borrow();
        (layout.shape.len(), layout.shape.first().copied())
    };
    match (n_dimensions, first) {
        (1, Some(n)) => Ok(n),
        (0, _) => Err(type_error(cx, "invalid indexing of 0-dim memory")),
        _ => Err(not_implemented_error(cx, "multi-dimensional sub-views are not implemented")),
    }
}

/// Iterates over a view.
#[derive(Trace)]
pub struct MemoryIter {
    /// Empty once exhausted.
    view: Slot,
    index: Cell<usize>,
    len: usize,
}

impl NativeData for MemoryIter {
    const NAME: &'static str = "memory_iterator";
}

/// Do something that may run Python with the view exported: it cannot be released meanwhile.
fn held<T>(this: Gc<Native<MemoryView>>, work: impl FnOnce(Gc<Native<MemoryView>>) -> T) -> T {
    this.exports.set(this.exports.get() + 1);
    let result = work(this);
    this.exports.set(this.exports.get().saturating_sub(1));
    result
}

#[native_class(name = "memory_iterator", module = "builtins", layout = Native<MemoryIter>, flags = DISALLOW_INSTANTIATION)]
pub mod iterator {
    use super::*;

    #[slot]
    fn iter(_cx: &mut Cx, this: Value) -> PyResult {
        Ok(this)
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<MemoryIter>>) -> PyResult<Option<Value>> {
        let Some(view) = this.view.get().cast::<Native<MemoryView>>() else { return Ok(None) };
        let i = this.index.get();
        if i >= this.len {
            this.view.clear();
            return Ok(None);
        }
        check_released(cx, view)?;
        this.index.set(i + 1);
        nth(cx, view, i).map(Some)
    }
}

#[native_class(
    name = "memoryview",
    module = "builtins",
    layout = Native<MemoryView>,
    flags = SEQUENCE,
    traits = HAS_WEAKREF,
    doc = "Create a new memoryview object which references the given object."
)]
pub mod class {
    use super::*;

    #[slot(new, "memoryview(object)")]
    fn new(cx: &mut Cx, _class: Gc<Class>, object: Value) -> PyResult {
        Ok(view_of(cx, object)?.value())
    }

    #[slot]
    fn finalize(_cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult<()> {
        release_view(this);
        Ok(())
    }

    #[slot]
    fn repr(_cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult<String> {
        let state = if this.released.get() { "released memory" } else { "memory" };
        Ok(format!("<{state} at {:#x}>", this.word()))
    }

    #[slot]
    fn len(cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult<usize> {
        check_released(cx, this)?;
        let first = this.layout.borrow().shape.first().copied();
        first.ok_or_else(|| type_error(cx, "0-dim memory has no length"))
    }

    #[slot]
    fn hash(cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult<i64> {
        if this.hash.get() != -1 {
            return Ok(this.hash.get());
        }
        check_released(cx, this)?;
        if !this.is_readonly() {
            return Err(value_error(cx, "cannot hash writable memoryview object"));
        }
        let format = this.layout.borrow().format.clone();
        if !matches!(format.strip_prefix('@').unwrap_or(&format), "B" | "b" | "c") {
            return Err(value_error(cx, "memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
        }
        // Hashing of the exporter comes first: an unhashable one makes the view so.
        held(this, |this| hash_of(cx, this.shown.get()))?;
        let data = gather(this);
        let hash = Bytes::new(&mut cx.heap, &data).or_raise(cx)?.hash();
        this.hash.set(hash);
        Ok(hash)
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Gc<Native<MemoryView>>, other: Value, op: CompareOp) -> PyResult {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let is_eq = op == CompareOp::Eq;
        if other.is(this.value()) && this.released.get() {
            return Ok(Value::bool(is_eq));
        }
        let other_view = other.cast::<Native<MemoryView>>();
        if this.released.get() || other_view.is_some_and(|v| v.released.get()) {
            return Ok(Value::bool(!is_eq));
        }
        let view = match other_view {
            Some(view) => view,
            None if crate::buffer::is_buffer(cx, other) => match view_of(cx, other) {
                Ok(view) => view,
                Err(raised) => {
                    cx.take_raised(raised);
                    return Ok(Value::NOT_IMPLEMENTED);
                }
            },
            None => return Ok(Value::NOT_IMPLEMENTED),
        };
        let equal = equal_views(cx, this, view);
        if other_view.is_none() {
            release_view(view);
        }
        Ok(Value::bool(equal? == is_eq))
    }

    #[slot]
    fn iter(cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult {
        let len = iteration_length(cx, this)?;
        let class = crate::native::class_of_spec(cx, &iterator::SPEC)?;
        let data = MemoryIter { view: Slot::new(this.value()), index: Cell::new(0), len };
        Ok(crate::native::new_native(cx, class, data).value())
    }

    #[slot]
    fn getitem(cx: &mut Cx, this: Gc<Native<MemoryView>>, index: Value) -> PyResult {
        check_released(cx, this)?;
        if let Some(byte) = byte_at(this, index) {
            return Ok(Int::from_len(byte as usize).value());
        }
        let layout = this.layout();
        if layout.shape.is_empty() {
            if index.downcast::<Tuple>().is_some_and(|t| t.is_empty()) {
                return item_at(cx, this, layout.offset);
            }
            if index.is(Value::ELLIPSIS) {
                return Ok(this.value());
            }
            return Err(type_error(cx, "invalid indexing of 0-dim memory"));
        }
        if index.is(Value::ELLIPSIS) {
            return Err(type_error(cx, "memoryview: invalid slice key"));
        }
        match key(cx, &layout, index)? {
            Key::Item(offset) => {
                check_released(cx, this)?;
                item_at(cx, this, offset)
            }
            Key::Slice(slice) => {
                let layout = sliced(cx, &layout, slice)?;
                check_released(cx, this)?;
                Ok(derived(cx, this, layout).value())
            }
        }
    }

    #[slot]
    fn setitem(cx: &mut Cx, this: Gc<Native<MemoryView>>, index: Value, value: Option<Value>) -> PyResult<()> {
        assign(cx, this, index, value)
    }

    /// Release the underlying buffer: no more can be done with the view.
    #[method("release($self, /)")]
    fn release(cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult<()> {
        let n = this.exports.get();
        if n > 0 && !this.released.get() {
            let plural = if n == 1 { "" } else { "s" };
            return Err(buffer_error(cx, format_args!("memoryview has {n} exported buffer{plural}")));
        }
        release_view(this);
        Ok(())
    }

    /// Return the view, for `with`.
    #[method("__enter__($self, /)")]
    fn __enter__(cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult<Gc<Native<MemoryView>>> {
        check_released(cx, this)?;
        Ok(this)
    }

    /// Release the underlying buffer.
    #[method("__exit__($self, /, *exc_info)")]
    fn __exit__(_cx: &mut Cx, this: Gc<Native<MemoryView>>, exc_info: Gc<Tuple>) -> PyResult<()> {
        let _ = exc_info;
        release_view(this);
        Ok(())
    }

    /// Return the bytes of the view, in C order, Fortran order ('F'), or the memory's own ('A').
    #[method("tobytes($self, /, order='C')")]
    fn tobytes(cx: &mut Cx, this: Gc<Native<MemoryView>>, order: Value) -> PyResult<Gc<Bytes>> {
        check_released(cx, this)?;
        let order = match order.downcast::<Str>() {
            _ if order.is_none() => "C".to_owned(),
            Some(order) => order.to_string(),
            None => {
                let name = type_name(cx, order);
                return Err(type_error(cx, format_args!("tobytes() argument 'order' must be str or None, not {name}")));
            }
        };
        let data = match order.as_str() {
            "C" => gather(this),
            "F" => gather_fortran(this),
            "A" if is_fortran_contiguous(&this.layout.borrow()) => gather_fortran(this),
            "A" => gather(this),
            _ => return Err(value_error(cx, "order must be 'C', 'F' or 'A'")),
        };
        Bytes::new(&mut cx.heap, &data).or_raise(cx)
    }

    /// Return the items as a list, nested where there is more than one dimension.
    #[method("tolist($self, /)")]
    fn tolist(cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult {
        check_released(cx, this)?;
        let layout = this.layout();
        nested_list(cx, this, &layout, 0, layout.offset as isize)
    }

    /// Return hexadecimal digits, two a byte; see bytes.hex.
    #[method("hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)")]
    fn hex(cx: &mut Cx, this: Gc<Native<MemoryView>>, sep: Option<Value>, bytes_per_sep: i64) -> PyResult<Gc<Str>> {
        check_released(cx, this)?;
        let data = gather(this);
        held(this, |_| crate::types::bytes::methods::hex(cx, &data, sep, bytes_per_sep))
    }

    /// Return a view of the same memory with another format or shape.
    #[method("cast($self, /, format, shape=<unrepresentable>)")]
    fn cast(
        cx: &mut Cx,
        this: Gc<Native<MemoryView>>,
        format: Gc<Str>,
        shape: Option<Value>,
    ) -> PyResult<Gc<Native<MemoryView>>> {
        super::cast(cx, this, format, shape)
    }

    /// Return a view of the same memory that cannot be written to.
    #[method("toreadonly($self, /)")]
    fn toreadonly(cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult<Gc<Native<MemoryView>>> {
        check_released(cx, this)?;
        let layout = this.layout();
        let view = derived(cx, this, layout);
        view.readonly.set(true);
        Ok(view)
    }

    /// Return the number of items equal to value.
    #[method("count($self, value, /)")]
    fn count(cx: &mut Cx, this: Gc<Native<MemoryView>>, value: Value) -> PyResult<usize> {
        let mut found = 0;
        for i in 0..iteration_length(cx, this)? {
            check_released(cx, this)?;
            let item = nth(cx, this, i)?;
            found += equals(cx, item, value)? as usize;
        }
        Ok(found)
    }

    /// Return the index of the first item equal to value; a ValueError if there is none.
    #[method("index($self, value, start=0, stop=sys.maxsize, /)")]
    fn index(
        cx: &mut Cx,
        this: Gc<Native<MemoryView>>,
        value: Value,
        start: Option<Value>,
        stop: Option<Value>,
    ) -> PyResult<usize> {
        let n = iteration_length(cx, this)?;
        let (start, stop) = crate::types::bounds::search_range(cx, start, stop, n)?;
        for i in start..stop {
            check_released(cx, this)?;
            let item = nth(cx, this, i)?;
            if equals(cx, item, value)? {
                return Ok(i);
            }
        }
        Err(value_error(cx, "memoryview.index(x): x not found"))
    }

    /// Make a view with these flags of the buffer protocol.
    #[classmethod("_from_flags($type, /, object, flags)")]
    fn _from_flags(cx: &mut Cx, class: Gc<Class>, object: Value, flags: i32) -> PyResult {
        let _ = class;
        buffer_method(cx, object, flags as i64)
    }

    /// Return a generic alias.
    #[classmethod("__class_getitem__($type, object, /)")]
    fn __class_getitem__(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        crate::hooks::generic_alias(cx, class.value(), object)
    }

    /// Return a view of the same memory.
    #[method("__buffer__($self, flags, /)")]
    fn __buffer__(cx: &mut Cx, this: Value, flags: i64) -> PyResult {
        buffer_method(cx, this, flags)
    }

    /// Release a view that __buffer__() gave.
    #[method("__release_buffer__($self, buffer, /)")]
    fn __release_buffer__(cx: &mut Cx, _this: Value, buffer: Value) -> PyResult<()> {
        release_method(cx, buffer)
    }

    /// The underlying object of the memoryview.
    #[getter]
    fn obj(cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult {
        check_released(cx, this)?;
        Ok(this.shown.get())
    }

    /// The amount of space in bytes that the items take.
    #[getter]
    fn nbytes(cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult<usize> {
        check_released(cx, this)?;
        Ok(this.layout.borrow().n_bytes())
    }

    /// The size in bytes of each item.
    #[getter]
    fn itemsize(cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult<usize> {
        check_released(cx, this)?;
        Ok(this.layout.borrow().item_size)
    }

    /// The format of the items, in the notation of struct.
    #[getter]
    fn format(cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult<String> {
        check_released(cx, this)?;
        Ok(this.layout.borrow().format.clone())
    }

    /// The number of dimensions.
    #[getter]
    fn ndim(cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult<usize> {
        check_released(cx, this)?;
        Ok(this.layout.borrow().shape.len())
    }

    /// The number of items in each dimension.
    #[getter]
    fn shape(cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult<Gc<Tuple>> {
        check_released(cx, this)?;
        let shape: Vec<isize> = this.layout.borrow().shape.iter().map(|&n| n as isize).collect();
        sizes(cx, &shape)
    }

    /// The bytes between neighbours in each dimension.
    #[getter]
    fn strides(cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult<Gc<Tuple>> {
        check_released(cx, this)?;
        let strides = this.layout.borrow().strides.clone();
        sizes(cx, &strides)
    }

    /// Used by arrays of pointers, which do not occur: an empty tuple.
    #[getter]
    fn suboffsets(cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult<Gc<Tuple>> {
        check_released(cx, this)?;
        Ok(cx.vm().empty_tuple())
    }

    /// Whether the memory cannot be written to.
    #[getter]
    fn readonly(cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult<bool> {
        check_released(cx, this)?;
        Ok(this.is_readonly())
    }

    /// Whether the items are in C order without gaps.
    #[getter]
    fn c_contiguous(cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult<bool> {
        check_released(cx, this)?;
        Ok(this.is_contiguous())
    }

    /// Whether the items are in Fortran order without gaps.
    #[getter]
    fn f_contiguous(cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult<bool> {
        check_released(cx, this)?;
        Ok(is_fortran_contiguous(&this.layout.borrow()))
    }

    /// Whether the items are in either order without gaps.
    #[getter]
    fn contiguous(cx: &mut Cx, this: Gc<Native<MemoryView>>) -> PyResult<bool> {
        check_released(cx, this)?;
        Ok(this.is_contiguous() || is_fortran_contiguous(&this.layout.borrow()))
    }
}
