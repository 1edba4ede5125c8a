//! `_weakref`: what the module `weakref` builds on. The types are the runtime's.

use runtime::prelude::*;
use runtime::types::weakref::new_proxy;

#[native_module(name = "_weakref", doc = "Weak-reference support module.")]
pub mod module {
    use super::*;

    /// Return the number of weak references to 'object'.
    #[function("getweakrefcount(object, /)")]
    fn getweakrefcount(cx: &mut Cx, object: Value) -> usize {
        cx.vm().lifetimes.weak_references(object).len()
    }

    /// Return a list of all weak reference objects pointing to 'object'.
    #[function("getweakrefs(object, /)")]
    fn getweakrefs(cx: &mut Cx, object: Value) -> PyResult<Gc<List>> {
        let found = cx.vm().root_vec();
        for reference in cx.vm().lifetimes.weak_references(object) {
            found.push(reference);
        }
        let types = cx.types();
        // The reference and the proxy that are shared come first, then the others, the newest before the older ones.
        let rank = |reference: Value| match reference.cast::<WeakRef>() {
            Some(plain) if plain.callback.get().is_bound() => 2,
            _ if cx.class_of(reference) == types.weakref => 0,
            _ if [types.weakproxy, types.weakcallableproxy].contains(&cx.class_of(reference)) => 1,
            _ => 2,
        };
        let mut places: Vec<usize> = (0..found.len()).rev().collect();
        places.sort_by_key(|&i| rank(found.get(i)));
        let list = List::with_capacity(&mut cx.heap, found.len()).or_raise(cx)?;
        for i in places {
            list.push(&mut cx.heap, found.get(i)).or_raise(cx)?;
        }
        Ok(list)
    }

    /// Atomically remove key from dict if it points to a dead weakref.
    #[function("_remove_dead_weakref(dct, key, /)")]
    fn remove_dead_weakref(cx: &mut Cx, dct: Gc<Dict>, key: Value) -> PyResult<()> {
        let Some(value) = runtime::dict::get(cx, dct, key)? else { return Ok(()) };
        let Some(reference) = value.cast::<WeakRef>() else {
            return Err(type_error(cx, "not a weakref"));
        };
        if reference.target().is_none() {
            runtime::dict::remove(cx, dct, key)?;
        }
        Ok(())
    }

    /// Create a proxy object that weakly references 'object'.
    ///
    /// 'callback', if given, is called with a reference to the
    /// proxy when 'object' is about to be finalized.
    #[function("proxy(object, callback=None, /)")]
    fn proxy(cx: &mut Cx, object: Value, callback: Value) -> PyResult {
        new_proxy(cx, object, callback)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let types = cx.types();
        for (name, class) in [
            ("ref", types.weakref),
            ("ReferenceType", types.weakref),
            ("ProxyType", types.weakproxy),
            ("CallableProxyType", types.weakcallableproxy),
        ] {
            set_module_attr(cx, module, name, class)?;
        }
        Ok(())
    }
}
