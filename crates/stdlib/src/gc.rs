//! `gc`: collections on request, and looks into the heap.
//!
//! The collector is not CPython's: thresholds and generations are remembered and answered, but decide nothing.

use macros::native_module;
use object::{Attributes, Kind};
use runtime::native::set_module_attr;
use runtime::prelude::*;
use std::cell::Cell;

/// The header bit of objects whose finaliser has run (`heap::flags::FINALIZED`).
const FINALIZED: u8 = 1 << 2;

struct State {
    enabled: Cell<bool>,
    debug: Cell<i64>,
    thresholds: Cell<[i64; 3]>,
    frozen: Cell<usize>,
}

fn state(cx: &Cx) -> std::rc::Rc<State> {
    cx.vm().extension(|| State {
        enabled: Cell::new(true),
        debug: Cell::new(0),
        thresholds: Cell::new([2000, 10, 0]),
        frozen: Cell::new(0),
    })
}

/// Kinds of containers that Python sees and that CPython's collector would track.
fn is_container(kind: u8) -> bool {
    const KINDS: [Kind; 20] = [
        Kind::Tuple,
        Kind::List,
        Kind::Dict,
        Kind::Set,
        Kind::Function,
        Kind::BoundMethod,
        Kind::Cell,
        Kind::Class,
        Kind::Exception,
        Kind::Traceback,
        Kind::Frame,
        Kind::Instance,
        Kind::Payload,
        Kind::Module,
        Kind::Property,
        Kind::StaticMethod,
        Kind::ClassMethod,
        Kind::Generator,
        Kind::Native,
        Kind::NativeDrop,
    ];
    KINDS.iter().any(|&k| k as u8 == kind)
}

/// A full collection, with the finalisers and callbacks that it finds work for, until there is no more.
fn collect_all(cx: &mut Cx) -> usize {
    let mut found = 0;
    loop {
        let stats = cx.heap.raw.collect_full();
        found += stats.dropped_objects;
        if !cx.vm().lifetimes.has_pending() {
            return found;
        }
        found += 1;
        runtime::safepoint::run_pending(cx);
    }
}

/// All containers that are alive.
fn objects(cx: &mut Cx) -> RootVec {
    cx.heap.raw.collect_full();
    let all = cx.vm().root_vec();
    let mut words = Vec::new();
    cx.heap.raw.for_each_object(&mut |header| words.push(header as u64));
    for word in words {
        let value = Value::from_word(word);
        if value.header().is_some_and(|h| is_container(h.kind())) {
            all.push(value);
        }
    }
    all
}

/// What `value` refers to directly, as far as Python can see it.
fn referents(cx: &mut Cx, value: Value, out: &RootVec) {
    let push = |v: Value| {
        if v.is_heap() {
            out.push(v);
        }
    };
    if let Some(tuple) = value.cast::<Tuple>() {
        tuple.iter().for_each(push);
    } else if let Some(list) = value.cast::<List>() {
        list.iter().for_each(push);
    } else if let Some(dict) = value.cast::<Dict>() {
        dict.iter().for_each(|(key, item)| {
            push(key);
            push(item);
        });
    } else if let Some(set) = value.cast::<Set>() {
        if let Ok(items) = to_tuple(cx, set.value()) {
            items.iter().for_each(push);
        }
    } else if let Some(function) = value.cast::<Function>() {
        for slot in [&function.name, &function.module, &function.doc, &function.defaults, &function.kwdefaults, &function.closure] {
            push(slot.get());
        }
        push(function.code.expect().value());
        push(function.globals.expect().value());
    } else if let Some(method) = value.cast::<object::BoundMethod>() {
        push(method.function.get());
        push(method.this.get());
    } else if let Some(cell) = value.cast::<object::Cell>() {
        push(cell.value.get());
    } else if let Some(module) = value.cast::<Module>() {
        push(module.dict.expect().value());
    } else if let Some(class) = value.cast::<Class>() {
        for part in [Value::from(class.dict.get()), Value::from(class.bases.get()), Value::from(class.mro.get())] {
            push(part);
        }
    } else if let Some(exception) = value.cast::<Exception>() {
        push(Value::from(exception.args.get()));
        for slot in [&exception.traceback, &exception.context, &exception.cause] {
            push(slot.get());
        }
    }
    if let Some(attributes) = Attributes::of(value) {
        match attributes.dict() {
            Some(dict) => push(dict.value()),
            None => (0..attributes.shape().n_slots()).for_each(|i| push(attributes.slot(i))),
        }
        push(cx.class_of(value).value());
    }
}

fn list_of(cx: &mut Cx, values: &RootVec) -> PyResult<Gc<List>> {
    let list = List::with_capacity(&mut cx.heap, values.len()).or_raise(cx)?;
    for i in 0..values.len() {
        list.push(&mut cx.heap, values.get(i)).or_raise(cx)?;
    }
    Ok(list)
}

#[native_module(
    name = "gc",
    doc = "This module provides access to the garbage collector for reference cycles.\n\nenable() -- Enable automatic garbage \
           collection.\ndisable() -- Disable automatic garbage collection.\nisenabled() -- Returns true if automatic collection \
           is enabled.\ncollect() -- Do a full collection right now.\nget_count() -- Return the current collection \
           counts.\nget_stats() -- Return list of dictionaries containing per-generation stats.\nset_debug() -- Set debugging \
           flags.\nget_debug() -- Get debugging flags.\nset_threshold() -- Set the collection thresholds.\nget_threshold() -- \
           Return the current collection thresholds.\nget_objects() -- Return a list of all objects tracked by the \
           collector.\nis_tracked() -- Returns true if a given object is tracked.\nis_finalized() -- Returns true if a given \
           object has been already finalized.\nget_referrers() -- Return the list of objects that refer to an \
           object.\nget_referents() -- Return the list of objects that an object refers to.\nfreeze() -- Freeze all tracked \
           objects and ignore them for future collections.\nunfreeze() -- Unfreeze all objects in the permanent \
           generation.\nget_freeze_count() -- Return the number of objects in the permanent generation."
)]
pub mod module {
    use super::*;

    /// Enable automatic garbage collection.
    #[function("enable()")]
    fn enable(cx: &mut Cx) {
        state(cx).enabled.set(true);
    }

    /// Disable automatic garbage collection.
    #[function("disable()")]
    fn disable(cx: &mut Cx) {
        state(cx).enabled.set(false);
    }

    /// Returns true if automatic garbage collection is enabled.
    #[function("isenabled()")]
    fn isenabled(cx: &mut Cx) -> bool {
        state(cx).enabled.get()
    }

    /// Run the garbage collector.
    ///
    /// With no arguments, run a full collection.  The optional argument
    /// may be an integer specifying which generation to collect.  A ValueError
    /// is raised if the generation number is invalid.
    ///
    /// The number of unreachable objects is returned.
    #[function("collect(generation=2)")]
    fn collect(cx: &mut Cx, generation: i32) -> PyResult<usize> {
        if !(0..=2).contains(&generation) {
            return Err(value_error(cx, "invalid generation"));
        }
        Ok(collect_all(cx))
    }

    /// Set the garbage collection debugging flags.
    #[function("set_debug(flags, /)")]
    fn set_debug(cx: &mut Cx, flags: i32) {
        state(cx).debug.set(flags.into());
    }

    /// Get the garbage collection debugging flags.
    #[function("get_debug()")]
    fn get_debug(cx: &mut Cx) -> i64 {
        state(cx).debug.get()
    }

    /// set_threshold(threshold0, [threshold1, [threshold2]])
    ///
    /// Set the collection thresholds (the collection frequency).
    ///
    /// Setting 'threshold0' to zero disables collection.
    #[function("set_threshold(threshold0, threshold1=<unrepresentable>, threshold2=<unrepresentable>, /)", text_signature = false)]
    fn set_threshold(cx: &mut Cx, threshold0: i32, threshold1: Option<i32>, threshold2: Option<i32>) {
        let state = state(cx);
        let [_, old1, old2] = state.thresholds.get();
        let or = |new: Option<i32>, old: i64| new.map_or(old, i64::from);
        state.thresholds.set([threshold0.into(), or(threshold1, old1), or(threshold2, old2)]);
    }

    /// Return the current collection thresholds.
    #[function("get_threshold()")]
    fn get_threshold(cx: &mut Cx) -> Gc<Tuple> {
        let values = state(cx).thresholds.get().map(|n| Int::new(n).map_or(Value::NONE, Int::value));
        cx.heap.tuple(&values)
    }

    /// Return a three-tuple of the current collection counts.
    #[function("get_count()")]
    fn get_count(cx: &mut Cx) -> Gc<Tuple> {
        let stats = cx.heap.raw.stats();
        let counts = [0, stats.minor_collections as usize % 1000, 0].map(|n| Int::from_len(n).value());
        cx.heap.tuple(&counts)
    }

    /// Return a list of dictionaries containing per-generation statistics.
    #[function("get_stats()")]
    fn get_stats(cx: &mut Cx) -> PyResult<Gc<List>> {
        let stats = cx.heap.raw.stats();
        let list = List::empty(&mut cx.heap);
        for collections in [stats.minor_collections, 0, stats.full_collections] {
            let dict = Dict::new(&mut cx.heap);
            for (name, n) in [("collections", collections), ("collected", 0), ("uncollectable", 0)] {
                let name = cx.heap.intern(name);
                dict.set_str(&mut cx.heap, name, Int::from_len(n as usize).value()).or_raise(cx)?;
            }
            list.push(&mut cx.heap, dict.value()).or_raise(cx)?;
        }
        Ok(list)
    }

    /// Return a list of objects tracked by the collector (excluding the list returned).
    ///
    ///   generation
    ///     Generation to extract the objects from.
    ///
    /// If generation is not None, return only the objects tracked by the collector
    /// that are in that generation.
    #[function("get_objects(generation=None)")]
    fn get_objects(cx: &mut Cx, generation: Value) -> PyResult<Gc<List>> {
        if !generation.is_none() {
            let n = runtime::number::as_i64(cx, generation)?;
            if n < 0 {
                return Err(value_error(cx, "generation parameter cannot be negative"));
            }
            if n > 2 {
                return Err(value_error(cx, "generation parameter must be less than the number of available generations (3)"));
            }
        }
        let all = objects(cx);
        list_of(cx, &all)
    }

    /// Return the list of objects that directly refer to any of 'objs'.
    #[function("get_referrers(*objs)")]
    fn get_referrers(cx: &mut Cx, objs: Gc<Tuple>) -> PyResult<Gc<List>> {
        let all = objects(cx);
        let found = cx.vm().root_vec();
        let out = cx.vm().root_vec();
        for i in 0..all.len() {
            let candidate = all.get(i);
            if candidate.is(objs.value()) {
                continue;
            }
            out.truncate(0);
            referents(cx, candidate, &out);
            if out.iter().any(|v| objs.iter().any(|o| o.is(v))) {
                found.push(candidate);
            }
        }
        list_of(cx, &found)
    }

    /// Return the list of objects that are directly referred to by 'objs'.
    #[function("get_referents(*objs)")]
    fn get_referents(cx: &mut Cx, objs: Gc<Tuple>) -> PyResult<Gc<List>> {
        let out = cx.vm().root_vec();
        for value in objs.iter() {
            referents(cx, value, &out);
        }
        list_of(cx, &out)
    }

    /// Returns true if the object is tracked by the garbage collector.
    ///
    /// Simple atomic objects will return false.
    #[function("is_tracked(obj, /)")]
    fn is_tracked(obj: Value) -> bool {
        obj.header().is_some_and(|h| is_container(h.kind()))
    }

    /// Returns true if the object has been already finalized by the GC.
    #[function("is_finalized(obj, /)")]
    fn is_finalized(obj: Value) -> bool {
        obj.header().is_some_and(|h| h.has_flag(FINALIZED))
    }

    /// Freeze all current tracked objects and ignore them for future collections.
    ///
    /// This can be used before a POSIX fork() call to make the gc copy-on-write friendly.
    /// Note: collection before a POSIX fork() call may free pages for future allocation
    /// which can cause copy-on-write.
    #[function("freeze()")]
    fn freeze(cx: &mut Cx) {
        let n = objects(cx).len();
        state(cx).frozen.set(n);
    }

    /// Unfreeze all objects in the permanent generation.
    ///
    /// Put all objects in the permanent generation back into oldest generation.
    #[function("unfreeze()")]
    fn unfreeze(cx: &mut Cx) {
        state(cx).frozen.set(0);
    }

    /// Return the number of objects in the permanent generation.
    #[function("get_freeze_count()")]
    fn get_freeze_count(cx: &mut Cx) -> usize {
        state(cx).frozen.get()
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        for (name, value) in [
            ("DEBUG_STATS", 1),
            ("DEBUG_COLLECTABLE", 2),
            ("DEBUG_UNCOLLECTABLE", 4),
            ("DEBUG_SAVEALL", 32),
            ("DEBUG_LEAK", 38),
        ] {
            set_module_attr(cx, module, name, Int::from_len(value).value())?;
        }
        for name in ["garbage", "callbacks"] {
            let list = List::empty(&mut cx.heap);
            set_module_attr(cx, module, name, list)?;
        }
        Ok(())
    }
}
