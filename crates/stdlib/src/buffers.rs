//! Arguments that may or may not be bytes-like.

use runtime::prelude::*;

/// The bytes of `value`, copied; `None` when it is not bytes-like.
pub fn try_bytes(cx: &mut Cx, value: Value) -> PyResult<Option<Vec<u8>>> {
    if runtime::buffer::is_buffer(cx, value) { runtime::buffer::to_vec(cx, value).map(Some) } else { Ok(None) }
}
