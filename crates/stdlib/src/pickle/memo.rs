//! What `memo` of a pickler or an unpickler answers: an object through which its memo is copied or emptied.

/// `MemoProxy`, the layout, and `proxy`, the class, of one of the two: `forget` and `memo_copy` next to it do the work.
#[rustfmt::skip] // which moves an attribute inside a macro further to the right each time
macro_rules! memo_proxy {
    ($owner:ident, $name:tt, $reduce_doc:tt) => {
        #[derive(Trace)]
        pub struct MemoProxy {
            owner: GcSlot<Native<$owner>>,
        }

        impl NativeData for MemoProxy {
            const NAME: &'static str = concat!("_pickle.", $name);
        }

        #[macros::native_class(
            name = $name,
            module = "_pickle",
            layout = Native<MemoProxy>,
            flags = HAVE_GC,
            traits = CLAIMS_HEAPTYPE,
            doc = ""
        )]
        pub mod proxy {
            use super::*;

            /// Remove all items from memo.
            #[method("clear($self, /)")]
            fn clear(cx: &mut Cx, this: Gc<Native<MemoProxy>>) -> PyResult<()> {
                forget(cx, this.owner.expect())
            }

            /// Copy the memo to a new object.
            #[method("copy($self, /)")]
            fn copy(cx: &mut Cx, this: Gc<Native<MemoProxy>>) -> PyResult<Gc<Dict>> {
                memo_copy(cx, this.owner.expect())
            }

            #[method("__reduce__($self, /)", doc = $reduce_doc)]
            fn reduce(cx: &mut Cx, this: Gc<Native<MemoProxy>>) -> PyResult<Gc<Tuple>> {
                let copy = memo_copy(cx, this.owner.expect())?;
                let (class, args) = (cx.types().dict.value(), cx.heap.tuple(&[copy.value()]));
                Ok(cx.heap.tuple(&[class, args.value()]))
            }
        }
    };
}

pub(super) use memo_proxy;
