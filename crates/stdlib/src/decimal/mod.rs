//! `_decimal`: decimal floating-point arithmetic.
//!
//! `number` and `text` are the arithmetic without Python, `short` what of it does without big integers. `class` is `Decimal`, `context` is `Context` with the signals;
//! `operation` is what both have methods for. What is asked for rarely (logarithms, logical operations, format
//! specifications) is left to the library's `_pydecimal`, through `library`.

mod class;
mod context;
mod convert;
mod library;
mod methods;
mod number;
mod operation;
mod short;
mod signals;
mod text;

use context::Context;
use number::{MAX_EMAX, MAX_PREC, MIN_EMIN, MIN_ETINY, ROUNDINGS, Rounding, Rules};
use runtime::native::add_class;
use runtime::prelude::*;

#[macros::native_module(name = "_decimal", doc = "C decimal arithmetic module")]
pub mod module {
    use super::*;

    /// Get the current default context.
    #[function("getcontext()")]
    fn getcontext(cx: &mut Cx) -> PyResult<Gc<Native<Context>>> {
        context::current(cx)
    }

    /// Set a new default context.
    #[function("setcontext(context, /)")]
    fn setcontext(cx: &mut Cx, context: Value) -> PyResult<()> {
        let Some(context) = context.cast::<Native<Context>>() else {
            return Err(type_error(cx, "argument must be a context"));
        };
        context::set_current(cx, context)
    }

    /// Return a context manager for a copy of the supplied context.
    ///
    /// That will set the default context to a copy of ctx on entry to the with-statement and restore the previous default
    /// context when exiting the with-statement. If no context is supplied, a copy of the current default context is used.
    #[function(raw, "localcontext(ctx=None, **kwargs)")]
    fn localcontext(cx: &mut Cx, args: Args<'_>) -> PyResult {
        context::manager(cx, args)
    }

    /// Return a context object initialized to the proper values for one of the IEEE interchange formats.
    ///
    /// The argument must be a multiple of 32 and less than IEEE_CONTEXT_MAX_BITS.
    #[function("IEEEContext(bits, /)")]
    fn ieee_context(cx: &mut Cx, bits: i64) -> PyResult<Gc<Native<Context>>> {
        if !(32..=512).contains(&bits) || bits % 32 != 0 {
            return Err(value_error(cx, "argument must be a multiple of 32, with a maximum of 512"));
        }
        let prec = 9 * (bits / 32) - 2;
        let emax = 3 * (1_i64 << (bits / 16 + 3));
        let rules = Rules { prec, rounding: Rounding::HalfEven, emin: 1 - emax, emax, clamp: true };
        context::new_context(cx, rules, 0)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        signals::add_members(cx, module)?;
        let decimal = add_class(cx, module, &class::class::SPEC)?;
        let number = runtime::import::import_attr(cx, "numbers", "Number")?;
        let register = cx.heap.intern("register");
        call_method(cx, number, register, &[decimal.value()])?;
        add_class(cx, module, &context::class::SPEC)?;
        for (name, number) in
            [("MAX_PREC", MAX_PREC), ("MAX_EMAX", MAX_EMAX), ("MIN_EMIN", MIN_EMIN), ("MIN_ETINY", MIN_ETINY)]
        {
            let number = BigInt::from_i64(&mut cx.heap, number);
            set_module_attr(cx, module, name, number)?;
        }
        set_module_attr(cx, module, "IEEE_CONTEXT_MAX_BITS", Int::from_len(512).value())?;
        for name in ["HAVE_THREADS", "HAVE_CONTEXTVAR"] {
            set_module_attr(cx, module, name, Value::TRUE)?;
        }
        for (_, name) in ROUNDINGS {
            let text = cx.heap.intern(name);
            set_module_attr(cx, module, name, text)?;
        }
        for (name, text) in [("__version__", "1.70"), ("__libmpdec_version__", "2.5.1")] {
            let text = cx.heap.str(text);
            set_module_attr(cx, module, name, text)?;
        }
        Ok(())
    }
}
