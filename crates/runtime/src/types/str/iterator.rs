//! The iterators of `str`. Those over ASCII strings have a class of their own, as in CPython.

use crate::prelude::*;
use macros::native_class;

fn next_char(cx: &mut Cx, this: Gc<StrIter>) -> Option<Value> {
    let string = this.string.get()?;
    let i = this.index.get();
    if i < string.len() {
        this.index.set(i + 1);
        return Some(Str::from_char(&mut cx.heap, string.get(i)).value());
    }
    this.string.set_option(this, None);
    None
}

fn remaining(this: Gc<StrIter>) -> usize {
    this.string.get().map_or(0, |s| s.len().saturating_sub(this.index.get()))
}

/// `(iter, (string,), index)`; the exhausted iterator is one of the empty string.
fn reduced(cx: &mut Cx, this: Gc<StrIter>) -> PyResult<Gc<Tuple>> {
    let iter = crate::types::builtin(cx, "iter")?;
    match this.string.get() {
        Some(string) => {
            let args = cx.heap.tuple(&[string.value()]);
            let index = Int::from_len(this.index.get()).value();
            Ok(cx.heap.tuple(&[iter, args.value(), index]))
        }
        None => {
            let empty = cx.vm().empty_str().value();
            let args = cx.heap.tuple(&[empty]);
            Ok(cx.heap.tuple(&[iter, args.value()]))
        }
    }
}

fn restore(cx: &mut Cx, this: Gc<StrIter>, state: Value) -> PyResult<()> {
    let index = crate::item::clamped_index(cx, state)?.max(0) as usize;
    if let Some(string) = this.string.get() {
        this.index.set(index.min(string.len()));
    }
    Ok(())
}

macro_rules! iterator_class {
    ($module:ident, $name:tt) => {
        #[native_class(name = $name, module = "builtins", layout = StrIter)]
        pub mod $module {
            use super::*;

            #[slot]
            fn iter(_cx: &mut Cx, this: Value) -> PyResult {
                Ok(this)
            }

            #[slot]
            fn next(cx: &mut Cx, this: Gc<StrIter>) -> PyResult<Option<Value>> {
                Ok(next_char(cx, this))
            }

            /// Private method returning an estimate of what is left.
            #[method("__length_hint__($self, /)")]
            fn __length_hint__(this: Gc<StrIter>) -> usize {
                remaining(this)
            }

            /// Return state information for pickling.
            #[method("__reduce__($self, /)")]
            fn __reduce__(cx: &mut Cx, this: Gc<StrIter>) -> PyResult<Gc<Tuple>> {
                reduced(cx, this)
            }

            /// Set state information for unpickling.
            #[method("__setstate__($self, state, /)")]
            fn __setstate__(cx: &mut Cx, this: Gc<StrIter>, state: Value) -> PyResult<()> {
                restore(cx, this, state)
            }
        }
    };
}

iterator_class!(plain, "str_iterator");
iterator_class!(ascii, "str_ascii_iterator");
