//! `bytes`: what only the immutable type has.

use super::shared::bytes_class;
use super::{Constructed, Kind, construct};
use crate::format;
use crate::native::finish_new;
use crate::prelude::*;

bytes_class! {
    name = "bytes",
    layout = Bytes,
    flags = BASETYPE | BYTES_SUBCLASS | MATCH_SELF,
    doc = "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\nbytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer\nbytes(int) -> bytes object of size given by the parameter initialized with null bytes\nbytes() -> empty bytes object\n\nAn immutable sequence of bytes.",
    own = {
        #[slot]
        fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
            let value = match construct(cx, args, Kind::Bytes)? {
                Constructed::Object(bytes) => bytes.value(),
                Constructed::Data(data) => Kind::Bytes.make(cx, data)?,
            };
            finish_new(cx, class, value)
        }

        #[slot]
        fn repr(cx: &mut Cx, this: Gc<Bytes>) -> PyResult<Gc<Str>> {
            super::super::repr(cx, this.as_slice(), None)
        }

        #[slot]
        fn hash(_cx: &mut Cx, this: Gc<Bytes>) -> PyResult<i64> {
            Ok(this.hash())
        }

        #[slot]
        fn iter(cx: &mut Cx, this: Gc<Bytes>) -> PyResult {
            let shape = cx.heap.shapes().bytes_iterator;
            Ok(cx.heap.bytes_iter(shape, this.value()).value())
        }

        #[slot(binary = Remainder)]
        fn remainder(cx: &mut Cx, left: Value, right: Value) -> PyResult {
            match left.downcast::<Bytes>() {
                Some(bytes) => {
                    let out = format::percent::format_bytes_percent(cx, bytes, right)?;
                    Kind::Bytes.make(cx, out)
                }
                None => Ok(Value::NOT_IMPLEMENTED),
            }
        }

        /// Convert this value to exact type bytes.
        #[method("__bytes__($self, /)")]
        fn __bytes__(this: Gc<Bytes>) -> Gc<Bytes> {
            this
        }

        #[method("__getnewargs__($self, /)")]
        fn __getnewargs__(cx: &mut Cx, this: Gc<Bytes>) -> PyResult<Gc<Tuple>> {
            Ok(cx.heap.tuple(&[this.value()]))
        }

        /// Return the size of the object in memory, in bytes.
        #[method("__sizeof__($self, /)")]
        fn __sizeof__(this: Gc<Bytes>) -> usize {
            size_of::<Bytes>() + this.len()
        }

        /// Return a memoryview of the bytes.
        #[method("__buffer__($self, flags, /)")]
        fn __buffer__(cx: &mut Cx, this: Value, flags: i64) -> PyResult {
            crate::types::memoryview::buffer_method(cx, this, flags)
        }

        /// Make bytes of hexadecimal digits, two a byte. White space between bytes is passed over.
        #[classmethod("fromhex($type, string, /)")]
        fn fromhex(cx: &mut Cx, class: Gc<Class>, string: Value) -> PyResult {
            let data = super::super::methods::from_hex(cx, string)?;
            let value = Kind::Bytes.make(cx, data)?;
            if class == cx.types().bytes { Ok(value) } else { call(cx, class.value(), &[value]) }
        }
    }
}
