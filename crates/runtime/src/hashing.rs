//! `hash()`.

use crate::error::*;
use object::*;

/// `hash(value)`.
#[inline]
pub fn hash_of(cx: &mut Cx, value: Value) -> PyResult<i64> {
    if let Some(s) = value.cast::<Str>() {
        return Ok(s.hash());
    }
    if let Some(i) = value.as_int() {
        return Ok(object::hash::hash_i64(i.get()));
    }
    if let Some(hash) = value.cast::<Tuple>().and_then(|tuple| tuple.cached_hash()) {
        return Ok(hash);
    }
    hash_slow(cx, value)
}

fn hash_slow(cx: &mut Cx, value: Value) -> PyResult<i64> {
    match cx.class_of(value).slots.hash.get() {
        Some(slot) => slot(cx, value),
        None => Err(unhashable(cx, value)),
    }
}

#[cold]
pub fn unhashable(cx: &mut Cx, value: Value) -> Raised {
    let name = type_name(cx, value);
    type_error(cx, format_args!("unhashable type: '{name}'"))
}

/// The hash of an object by its identity.
pub fn hash_identity(value: Value) -> i64 {
    match (value.id() as i64).wrapping_shr(4) ^ (value.id() as i64).wrapping_shl(60) {
        -1 => -2,
        h => h,
    }
}
