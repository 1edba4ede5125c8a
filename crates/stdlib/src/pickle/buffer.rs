//! `PickleBuffer`: an object's memory that a pickle may leave to whoever transports it.

use runtime::buffer::{Exporter, Layout, register, register_wrapper};
use runtime::native::new_native;
use runtime::prelude::*;
use runtime::types::memoryview::{MemoryView, is_c_contiguous, view_of};

#[derive(Trace)]
pub struct PickleBuffer {
    /// A memoryview; unbound once released.
    view: Slot,
}

impl NativeData for PickleBuffer {
    const NAME: &'static str = "pickle.PickleBuffer";
}

type This = Gc<Native<PickleBuffer>>;

fn held(v: Value) -> Option<Gc<Native<MemoryView>>> {
    v.cast::<Native<PickleBuffer>>().and_then(|buffer| buffer.view.get().cast())
}

/// The view of the memory, unless it has been released.
pub fn view(cx: &mut Cx, this: This) -> PyResult<Gc<Native<MemoryView>>> {
    held(this.value()).ok_or_else(|| value_error(cx, "operation forbidden on released PickleBuffer object"))
}

/// Whether the memory is one run of bytes, in the order of C or of Fortran.
pub fn is_contiguous(layout: &Layout) -> bool {
    let reversed = Layout {
        format: layout.format.clone(),
        item_size: layout.item_size,
        shape: layout.shape.iter().rev().copied().collect(),
        strides: layout.strides.iter().rev().copied().collect(),
        offset: layout.offset,
    };
    is_c_contiguous(layout) || is_c_contiguous(&reversed)
}

static EXPORTER: Exporter = Exporter {
    layout: |cx, v| match v.cast::<Native<PickleBuffer>>() {
        Some(this) => Ok(view(cx, this)?.layout()),
        None => Ok(Layout::bytes(0)),
    },
    is_readonly: |v| held(v).is_none_or(|view| view.is_readonly()),
    acquire: |_| {},
    release: |_| {},
    read: |v, f| {
        if let Some(view) = held(v) {
            (view.exporter().read)(view.base(), f);
        }
    },
    write: |v, f| {
        if let Some(view) = held(v) {
            (view.exporter().write)(view.base(), f);
        }
    },
};

#[macros::native_class(
    name = "PickleBuffer",
    module = "pickle",
    layout = Native<PickleBuffer>,
    flags = HAVE_GC,
    traits = HAS_WEAKREF,
    doc = "Wrapper for potentially out-of-band buffers"
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<This> {
        let [object] = *args.positional() else {
            let n = args.n_positional();
            return Err(type_error(cx, format_args!("PickleBuffer() takes exactly 1 positional argument ({n} given)")));
        };
        if args.n_keywords() > 0 {
            return Err(type_error(cx, "PickleBuffer() takes no keyword arguments"));
        }
        if !runtime::buffer::is_buffer(cx, object) {
            let name = type_name(cx, object);
            return Err(type_error(cx, format_args!("a bytes-like object is required, not '{name}'")));
        }
        let view = view_of(cx, object)?;
        Ok(new_native(cx, class, PickleBuffer { view: Slot::new(view.value()) }))
    }

    /// Return a memoryview of the raw memory underlying this buffer.
    ///
    /// Will raise BufferError is the buffer isn't contiguous.
    #[method("raw($self, /)")]
    fn raw(cx: &mut Cx, this: This) -> PyResult {
        let view = view(cx, this)?;
        let layout = view.layout();
        if !is_contiguous(&layout) {
            return Err(buffer_error(cx, "cannot extract raw buffer from non-contiguous buffer"));
        }
        if layout == Layout::bytes(layout.n_bytes()) {
            return Ok(view_of(cx, view.value())?.value());
        }
        let (name, format) = (cx.heap.intern("cast"), cx.heap.intern("B").value());
        call_method(cx, view.value(), name, &[format])
    }

    /// Release the underlying buffer exposed by the PickleBuffer object.
    #[method("release($self, /)")]
    fn release(cx: &mut Cx, this: This) -> PyResult<()> {
        if let Some(view) = held(this.value()) {
            this.view.clear();
            let name = cx.heap.intern("release");
            call_method(cx, view.value(), name, &[])?;
        }
        Ok(())
    }

    #[method("__buffer__($self, flags, /)")]
    fn __buffer__(cx: &mut Cx, this: Value, flags: i64) -> PyResult {
        runtime::types::memoryview::buffer_method(cx, this, flags)
    }

    #[method("__release_buffer__($self, buffer, /)")]
    fn __release_buffer__(cx: &mut Cx, _this: Value, buffer: Value) -> PyResult<()> {
        runtime::types::memoryview::release_method(cx, buffer)
    }

    #[init]
    fn init(cx: &mut Cx, _class: Gc<Class>) -> PyResult<()> {
        register(cx, &SPEC, &EXPORTER);
        register_wrapper(cx, &SPEC, |cx, value| match value.cast::<Native<PickleBuffer>>() {
            Some(this) => view(cx, this),
            None => Err(type_error(cx, "not a PickleBuffer")),
        });
        Ok(())
    }
}
