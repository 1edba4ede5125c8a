//! The iterators of `bytes` and `bytearray`.

use crate::prelude::*;
use macros::native_class;
use object::builtins::byte_at;

fn next_byte(this: Gc<BytesIter>) -> Option<Value> {
    let bytes = this.bytes.get().bound()?;
    let i = this.index.get();
    match byte_at(bytes, i) {
        Some(byte) => {
            this.index.set(i + 1);
            Some(Int::from_len(byte as usize).value())
        }
        None => {
            this.bytes.clear();
            None
        }
    }
}

fn remaining(cx: &mut Cx, this: Gc<BytesIter>) -> PyResult<usize> {
    match this.bytes.get().bound() {
        Some(bytes) => Ok(length(cx, bytes)?.saturating_sub(this.index.get())),
        None => Ok(0),
    }
}

/// `(iter, (bytes,), index)`; the exhausted iterator is one of an empty tuple.
fn reduced(cx: &mut Cx, this: Gc<BytesIter>) -> PyResult<Gc<Tuple>> {
    let iter = crate::types::builtin(cx, "iter")?;
    let Some(bytes) = this.bytes.get().bound() else {
        let empty = cx.vm().empty_tuple().value();
        let args = cx.heap.tuple(&[empty]);
        return Ok(cx.heap.tuple(&[iter, args.value()]));
    };
    let args = cx.heap.tuple(&[bytes]);
    Ok(cx.heap.tuple(&[iter, args.value(), Int::from_len(this.index.get()).value()]))
}

fn restore(cx: &mut Cx, this: Gc<BytesIter>, state: Value) -> PyResult<()> {
    let index = crate::item::clamped_index(cx, state)?.max(0) as usize;
    if let Some(bytes) = this.bytes.get().bound() {
        let n = length(cx, bytes)?;
        this.index.set(index.min(n));
    }
    Ok(())
}

macro_rules! iterator_class {
    ($module:ident, $name:tt) => {
        #[native_class(name = $name, module = "builtins", layout = BytesIter)]
        pub mod $module {
            use super::*;

            #[slot]
            fn iter(_cx: &mut Cx, this: Value) -> PyResult {
                Ok(this)
            }

            #[slot]
            fn next(_cx: &mut Cx, this: Gc<BytesIter>) -> PyResult<Option<Value>> {
                Ok(next_byte(this))
            }

            /// Private method returning an estimate of what is left.
            #[method("__length_hint__($self, /)")]
            fn __length_hint__(cx: &mut Cx, this: Gc<BytesIter>) -> PyResult<usize> {
                remaining(cx, this)
            }

            /// Return state information for pickling.
            #[method("__reduce__($self, /)")]
            fn __reduce__(cx: &mut Cx, this: Gc<BytesIter>) -> PyResult<Gc<Tuple>> {
                reduced(cx, this)
            }

            /// Set state information for unpickling.
            #[method("__setstate__($self, state, /)")]
            fn __setstate__(cx: &mut Cx, this: Gc<BytesIter>, state: Value) -> PyResult<()> {
                restore(cx, this, state)
            }
        }
    };
}

iterator_class!(of_bytes, "bytes_iterator");
iterator_class!(of_bytearray, "bytearray_iterator");
