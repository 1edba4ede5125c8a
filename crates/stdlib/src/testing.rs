//! `_testinternalcapi`: what CPython's own tests ask of the interpreter's inside, as far as there is such a thing here.
//!
//! Functions that would have to lie are left out; the tests that need them fail.

use macros::native_module;
use runtime::native::set_module_attr;
use runtime::prelude::*;

/// Executions of an instruction before it is specialised, and before that is tried again: `interp::counters`.
const SPECIALIZATION_THRESHOLD: i64 = 2;
const SPECIALIZATION_COOLDOWN: i64 = 53;

/// Native stack that a level of recursion in the parser or in `repr` may need.
const BYTES_A_LEVEL: usize = 2048;

#[native_module(name = "_testinternalcapi")]
pub mod module {
    use super::*;

    /// The settings that tests look at.
    #[function("get_config()")]
    fn get_config(cx: &mut Cx) -> PyResult<Gc<Dict>> {
        let config = Dict::new(&mut cx.heap);
        let name = cx.heap.intern("code_debug_ranges");
        config.set_str(&mut cx.heap, name, Int::new(1).expect("a small number").value()).or_raise(cx)?;
        Ok(config)
    }

    /// Frames on the chain, as counted against the limit.
    #[function("get_recursion_depth()")]
    fn get_recursion_depth(cx: &mut Cx) -> i64 {
        cx.depth()
    }

    /// How far native code may still recurse; an estimate.
    #[function("get_c_recursion_remaining()")]
    fn get_c_recursion_remaining(cx: &mut Cx) -> i64 {
        (cx.native_stack_left() / BYTES_A_LEVEL) as i64
    }

    /// Whether an object's attributes are in the object itself, not in a dict.
    #[function("has_inline_values(obj, /)")]
    fn has_inline_values(obj: Value) -> bool {
        !obj.is_a::<Payload>() && Attributes::of(obj).is_some_and(|a| a.shape().has_dict() && a.dict().is_none())
    }

    /// Look a key up by a given hash.
    #[function("dict_getitem_knownhash(mp, key, hash, /)")]
    fn dict_getitem_knownhash(cx: &mut Cx, mp: Value, key: Value, hash: i64) -> PyResult {
        let Some(dict) = mp.cast::<Dict>() else {
            return Err(system_error(cx, "bad argument to internal function"));
        };
        match runtime::dict::get_hashed(cx, dict, key, hash)? {
            Some(value) => Ok(value),
            None => Err(key_error(cx, key)),
        }
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let numbers = [
            ("SPECIALIZATION_THRESHOLD", SPECIALIZATION_THRESHOLD),
            ("SPECIALIZATION_COOLDOWN", SPECIALIZATION_COOLDOWN),
        ];
        for (name, number) in numbers {
            let number = Int::new(number).expect("a small number");
            set_module_attr(cx, module, name, number)?;
        }
        Ok(())
    }
}
