//! `_pickle`: what `pickle` and `copy` of objects through bytes are made of.
//!
//! [`pickler`] holds the output and the memo, [`save`] walks objects; [`unpickler`] holds the input and the memo, [`load`]
//! carries out opcodes; [`memo`] shows either memo; [`names`] finds the names of functions and classes, and what names stand for.

mod buffer;
mod load;
mod memo;
mod names;
mod opcode;
mod pickler;
mod save;
mod unpickler;

use pickler::Settings;
use runtime::native::{class_of_spec, set_module_attr};
use runtime::prelude::*;

const HIGHEST_PROTOCOL: i64 = 5;
const DEFAULT_PROTOCOL: i64 = 5;

fn pickling_error(cx: &mut Cx, message: impl std::fmt::Display) -> Raised {
    crate::classes::raise_from_module(cx, "_pickle", "PicklingError", message)
}

/// A PicklingError in whose context another exception stands.
fn pickling_error_after(cx: &mut Cx, message: impl std::fmt::Display, first: Value) -> Raised {
    let raised = pickling_error(cx, message);
    if let Some(error) = cx.peek_raised().cast::<Exception>() {
        error.context.set(error, first);
    }
    raised
}

fn unpickling_error(cx: &mut Cx, message: impl std::fmt::Display) -> Raised {
    crate::classes::raise_from_module(cx, "_pickle", "UnpicklingError", message)
}

/// Say in a note of the exception, if there is one, what was being done.
fn noted<T>(cx: &mut Cx, result: PyResult<T>, note: impl FnOnce(&mut Cx) -> PyResult<String>) -> PyResult<T> {
    let raised = match result {
        Ok(done) => return Ok(done),
        Err(raised) => raised,
    };
    let exception = cx.take_raised(raised);
    let text = note(cx)?;
    let (name, text) = (cx.heap.intern("add_note"), cx.heap.str(&text));
    call_method(cx, exception, name, &[text])?;
    Err(cx.raise(exception))
}

/// The bytes of a number, least significant first.
fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |n, &byte| n << 8 | u64::from(byte))
}

#[macros::native_module(name = "_pickle", doc = "Optimized C implementation for the Python pickle module.")]
pub mod module {
    use super::*;

    /// Write a pickled representation of obj to the open file object file.
    ///
    /// This is equivalent to ``Pickler(file, protocol).dump(obj)``, but may
    /// be more efficient.
    #[function("dump(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None)")]
    fn dump(
        cx: &mut Cx,
        obj: Value,
        file: Value,
        protocol: Value,
        fix_imports: bool,
        buffer_callback: Value,
    ) -> PyResult<()> {
        let settings = Settings::new(cx, protocol, fix_imports, buffer_callback)?;
        let write = pickler::write_of(cx, file)?;
        let class = class_of_spec(cx, &pickler::class::SPEC)?;
        let this = pickler::make(cx, class);
        pickler::set_up(cx, this, settings, write)?;
        pickler::dump(cx, this, obj)?;
        pickler::flush(cx, this)
    }

    /// Return the pickled representation of the object as a bytes object.
    #[function("dumps(obj, protocol=None, *, fix_imports=True, buffer_callback=None)")]
    fn dumps(cx: &mut Cx, obj: Value, protocol: Value, fix_imports: bool, buffer_callback: Value) -> PyResult {
        let settings = Settings::new(cx, protocol, fix_imports, buffer_callback)?;
        let class = class_of_spec(cx, &pickler::class::SPEC)?;
        let this = pickler::make(cx, class);
        pickler::set_up(cx, this, settings, Value::NONE)?;
        pickler::dump(cx, this, obj)?;
        let data = pickler::take_output(this);
        cx.heap.bytes(&data).or_raise(cx).map(|bytes| bytes.value())
    }

    /// Read and return an object from the pickle data stored in a file.
    ///
    /// This is equivalent to ``Unpickler(file).load()``, but may be more
    /// efficient.
    #[function("load(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())")]
    fn load(
        cx: &mut Cx,
        file: Value,
        fix_imports: bool,
        encoding: Option<Gc<Str>>,
        errors: Option<Gc<Str>>,
        buffers: Option<Value>,
    ) -> PyResult {
        let class = class_of_spec(cx, &unpickler::class::SPEC)?;
        let this = unpickler::make(cx, class);
        unpickler::set_up(cx, this, file, (fix_imports, encoding, errors, buffers))?;
        load::load(cx, this)
    }

    /// Read and return an object from the given pickle data.
    #[function("loads(data, /, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())")]
    fn loads(
        cx: &mut Cx,
        data: Value,
        fix_imports: bool,
        encoding: Option<Gc<Str>>,
        errors: Option<Gc<Str>>,
        buffers: Option<Value>,
    ) -> PyResult {
        let bytes = runtime::buffer::to_vec(cx, data)?;
        let class = class_of_spec(cx, &unpickler::class::SPEC)?;
        let this = unpickler::make(cx, class);
        unpickler::set_up_options(cx, this, (fix_imports, encoding, errors, buffers))?;
        unpickler::give(this, bytes);
        load::load(cx, this)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let base = cx.types().Exception;
        let error = crate::classes::exception_class(cx, "_pickle", "PickleError", &[base])?;
        set_module_attr(cx, module, "PickleError", error)?;
        for name in ["PicklingError", "UnpicklingError"] {
            let class = crate::classes::exception_class(cx, "_pickle", name, &[error])?;
            set_module_attr(cx, module, name, class)?;
        }
        for (name, spec) in [
            ("PickleBuffer", &buffer::class::SPEC),
            ("Pickler", &pickler::class::SPEC),
            ("Unpickler", &unpickler::class::SPEC),
        ] {
            let class = class_of_spec(cx, spec)?;
            set_module_attr(cx, module, name, class)?;
        }
        Ok(())
    }
}
