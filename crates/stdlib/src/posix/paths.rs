//! File names: `fspath`, splitting, normalising.

use crate::support::{PathKind, path_arg};
use macros::native_module;
use runtime::prelude::*;

/// Length of the root of a path: 0, 1, or 2 for exactly two slashes.
fn root_len(path: &[u8]) -> usize {
    match path.iter().take_while(|&&b| b == b'/').count() {
        0 => 0,
        2 => 2,
        _ => 1,
    }
}

/// `posixpath.normpath` on bytes.
fn normalise(path: &[u8]) -> Vec<u8> {
    if path.is_empty() {
        return b".".to_vec();
    }
    let root = root_len(path);
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|&b| b == b'/') {
        match part {
            b"" | b"." => {}
            b".." if root > 0 && parts.is_empty() => {}
            b".." if parts.last().is_some_and(|&last| last != b"..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let mut out = path[..root].to_vec();
    out.extend(parts.join(&b'/'));
    if out.is_empty() { b".".to_vec() } else { out }
}

#[native_module(name = "posix.paths")]
pub mod group {
    use super::*;

    /// Return the file system path representation of the object.
    ///
    /// If the object is str or bytes, then allow it to pass through as-is. If the
    /// object defines __fspath__(), then return the result of that method. All other
    /// types raise a TypeError.
    #[function("fspath(path)")]
    fn fspath(cx: &mut Cx, path: Value) -> PyResult {
        if path.downcast::<Str>().is_some() || path.downcast::<Bytes>().is_some() {
            return Ok(path);
        }
        let Some(result) = call_special(cx, path, cx.names().__fspath__, &[])? else {
            let name = type_name(cx, path);
            return Err(type_error(cx, format!("expected str, bytes or os.PathLike object, not {name}")));
        };
        if result.downcast::<Str>().is_some() || result.downcast::<Bytes>().is_some() {
            return Ok(result);
        }
        let (class, result) = (type_name(cx, path), type_name(cx, result));
        Err(type_error(cx, format!("expected {class}.__fspath__() to return str or bytes, not {result}")))
    }

    /// Normalize path, eliminating double slashes, etc.
    #[function("_path_normpath(path)")]
    fn _path_normpath(cx: &mut Cx, path: Value) -> PyResult {
        // Names with null characters are normalised like others.
        if let Some(text) = path.downcast::<Str>() {
            let bytes = text.to_wtf8();
            let normal = normalise(&bytes);
            return match bytecode::Wtf8Buf::from_bytes(normal) {
                Some(normal) => Ok(runtime::code_object::str_from_wtf8(&mut cx.heap, &normal).or_raise(cx)?.value()),
                None => Ok(path),
            };
        }
        if let Some(bytes) = path.downcast::<Bytes>() {
            let normal = normalise(bytes.as_slice());
            return Ok(cx.heap.bytes(&normal).or_raise(cx)?.value());
        }
        let arg = path_arg(cx, path, PathKind::of("_path_normpath", "path"))?;
        let normal = normalise(&arg.bytes);
        arg.result(cx, &normal)
    }

    /// Split a pathname into drive, root and tail.
    ///
    /// The tail contains anything after the root.
    #[function("_path_splitroot_ex(path, /)")]
    fn _path_splitroot_ex(cx: &mut Cx, path: Value) -> PyResult {
        if let Some(text) = path.downcast::<Str>() {
            let slashes = text.iter().take_while(|&c| c == '/' as u32).count();
            let root = match slashes {
                0 => 0,
                2 => 2,
                _ => 1,
            };
            let root_text = Str::substring(&mut cx.heap, text, 0, root).or_raise(cx)?;
            let tail = Str::substring(&mut cx.heap, text, root, text.len()).or_raise(cx)?;
            let drive = cx.vm().empty_str();
            return Ok(cx.heap.tuple(&[drive.value(), root_text.value(), tail.value()]).value());
        }
        let arg = path_arg(cx, path, PathKind::of("_path_splitroot_ex", "path"))?;
        let root = root_len(&arg.bytes);
        let drive = arg.result(cx, b"")?;
        let root_value = arg.result(cx, &arg.bytes[..root])?;
        let tail = arg.result(cx, &arg.bytes[root..])?;
        Ok(cx.heap.tuple(&[drive, root_value, tail]).value())
    }
}
