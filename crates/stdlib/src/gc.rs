//! `gc`: collections on request, and what the collector knows of objects.
//!
//! There are no reference counts: a collection finds all garbage, cycles or not, and objects die at the latest in a full
//! one. Generations are two, young and old; what CPython has for three is answered as well as that allows.
//!
//! `gc.disable()` cannot stop collections, which free what reference counts free elsewhere. It stops what a program could see
//! of the cycle collector: objects in cycles keep their weak references, and their finalisers do not run.

use object::lifetime::Pending;
use runtime::prelude::*;
use std::cell::Cell;
use std::rc::Rc;

struct State {
    enabled: Cell<bool>,
    thresholds: Cell<[i64; 3]>,
    debug: Cell<i64>,
    frozen: Cell<usize>,
    collecting: Cell<bool>,
    /// Objects found dead by collections on request, by generation, and how many of these there were.
    collected: Cell<[usize; 3]>,
    collections: Cell<[usize; 3]>,
    /// `gc.callbacks`.
    callbacks: RootVec,
}

fn state(cx: &Cx) -> Rc<State> {
    let vm = cx.vm();
    vm.extension(|| State {
        enabled: Cell::new(true),
        thresholds: Cell::new([2000, 10, 10]),
        debug: Cell::new(0),
        frozen: Cell::new(0),
        collecting: Cell::new(false),
        collected: Cell::new([0; 3]),
        collections: Cell::new([0; 3]),
        callbacks: vm.root_vec(),
    })
}

/// Make the collector do what `enable`, `disable` and `set_threshold` have asked for.
fn apply(cx: &Cx) {
    let state = state(cx);
    let is_automatic = state.enabled.get() && state.thresholds.get()[0] != 0;
    cx.vm().lifetimes.keep_cycles(!is_automatic);
}

/// Layouts that hold other objects and that Python code can get hold of.
fn is_container(kind: u8) -> bool {
    const KINDS: [Kind; 21] = [
        Kind::List,
        Kind::Dict,
        Kind::Set,
        Kind::Tuple,
        Kind::Instance,
        Kind::Function,
        Kind::Class,
        Kind::Exception,
        Kind::Traceback,
        Kind::Cell,
        Kind::Module,
        Kind::Generator,
        Kind::Property,
        Kind::StaticMethod,
        Kind::ClassMethod,
        Kind::Native,
        Kind::NativeDrop,
        Kind::Payload,
        Kind::SubTuple,
        Kind::Namespace,
        Kind::MappingProxy,
    ];
    KINDS.iter().any(|&k| k as u8 == kind)
}

/// All containers on the heap, dead ones that have not been reclaimed included.
fn containers(cx: &mut Cx) -> RootVec {
    let found = cx.vm().root_vec();
    cx.heap.raw.for_each_object(&mut |object| {
        let value = Value::from_word(object as u64);
        if value.header().is_some_and(|header| is_container(header.kind())) {
            found.push(value);
        }
    });
    found
}

fn n_objects(cx: &mut Cx) -> usize {
    let mut n = 0;
    cx.heap.raw.for_each_object(&mut |object| {
        let kind = Value::from_word(object as u64).header().map_or(0, |header| header.kind());
        let counted = is_container(kind) && kind != Kind::Tuple as u8 && kind != Kind::Traceback as u8;
        n += counted as usize;
    });
    n
}

/// Run finalisers and callbacks of weak references; how many.
fn run_pending(cx: &mut Cx) -> usize {
    if !cx.vm().lifetimes.has_pending() {
        return 0;
    }
    // The safepoint counts nothing: what is pending shows in the queue alone.
    let first = cx.vm().lifetimes.take_pending();
    let Some(first) = first else { return 0 };
    runtime::safepoint::run_one_pending(cx, first);
    let mut n = 1;
    while let Some(pending) = cx.vm().lifetimes.take_pending() {
        let is_finalizer = matches!(pending, Pending::Finalize(_));
        runtime::safepoint::run_one_pending(cx, pending);
        n += is_finalizer as usize;
    }
    n
}

/// Collect until nothing more dies; the number of objects that did.
#[inline(never)]
fn collect(cx: &mut Cx, generation: usize) -> usize {
    // Finalisers that make new garbage with finalisers would go on for ever.
    const ROUNDS: usize = 8;
    cx.vm().method_cache.borrow_mut().fill((0, 0, 0));
    cx.vm().attribute_cache.clear();
    cx.vm().lifetimes.keep_cycles(false);
    let n = if generation == 0 {
        cx.heap.raw.collect_minor();
        run_pending(cx);
        0
    } else {
        let before = n_objects(cx);
        for _ in 0..ROUNDS {
            cx.heap.raw.collect_full();
            if run_pending(cx) == 0 {
                break;
            }
        }
        before.saturating_sub(n_objects(cx))
    };
    apply(cx);
    n
}

/// Call `gc.callbacks`. Not inlined: the frame of `gc.collect` itself is small, so that little of what it does not use can
/// look like a reference.
#[inline(never)]
fn notify(cx: &mut Cx, phase: &str, generation: usize, collected: usize) -> PyResult<()> {
    let Some(callbacks) = state(cx).callbacks.iter().next().and_then(Value::cast::<List>) else { return Ok(()) };
    if callbacks.is_empty() {
        return Ok(());
    }
    let info = Dict::new(&mut cx.heap);
    for (name, n) in [("generation", generation), ("collected", collected), ("uncollectable", 0)] {
        let name = cx.heap.intern(name);
        info.set_str(&mut cx.heap, name, Int::from_len(n).value()).or_raise(cx)?;
    }
    let phase = cx.heap.intern(phase).value();
    let mut i = 0;
    while let Some(callback) = callbacks.get(i) {
        i += 1;
        if let Err(raised) = call(cx, callback, &[phase, info.value()]) {
            let exception = cx.take_raised(raised);
            let message = "Exception ignored while calling GC callback";
            runtime::safepoint::write_unraisable_of(cx, exception, message, callback);
        }
    }
    Ok(())
}

/// The objects that `value` refers to directly, as far as its layout is known here.
fn referents(cx: &Cx, value: Value) -> RootVec {
    let out = cx.vm().root_vec();
    let push = |v: Value| {
        if v.is_bound() && v != Value::TOMBSTONE {
            out.push(v);
        }
    };
    if let Some(list) = value.cast::<List>() {
        list.iter().for_each(push);
    } else if let Some(tuple) = value.downcast::<Tuple>().filter(|_| !value.is_a::<Payload>()) {
        tuple.iter().for_each(push);
    } else if let Some(dict) = value.cast::<Dict>() {
        for (key, value) in dict.iter() {
            push(key);
            push(value);
        }
    } else if let Some(set) = value.cast::<Set>() {
        set.iter().for_each(push);
    } else if let Some(cell) = value.cast::<object::Cell>() {
        push(cell.value.get());
    } else if let Some(module) = value.cast::<Module>() {
        push(module.dict.get().into());
    } else if let Some(function) = value.cast::<Function>() {
        for part in [function.code.get().into(), function.globals.get().into(), function.closure.get().into()] {
            push(part);
        }
    } else if let Some(method) = value.cast::<BoundMethod>() {
        push(method.function.get());
        push(method.this.get());
    } else if let Some(class) = value.cast::<Class>() {
        for part in [class.dict.get().into(), class.mro.get().into(), class.bases.get().into(), class.base.get().into()]
        {
            push(part);
        }
    } else if let Some(exception) = value.cast::<Exception>() {
        push(exception.args.get().into());
        for part in [&exception.traceback, &exception.context, &exception.cause] {
            push(part.get());
        }
    } else if let Some(payload) = value.cast::<Payload>() {
        push(payload.value.get());
    }
    if let Some(attributes) = Attributes::of(value) {
        match attributes.dict() {
            Some(dict) => push(dict.value()),
            None => {
                let shape = attributes.shape();
                (0..shape.n_slots()).for_each(|i| push(attributes.slot(i)));
            }
        }
    }
    if value.is_heap() {
        let class = cx.class_of(value);
        if class.is_heap_type() {
            push(class.value());
        }
    }
    out
}

fn list_of(cx: &mut Cx, values: &RootVec) -> PyResult<Gc<List>> {
    let list = List::with_capacity(&mut cx.heap, values.len()).or_raise(cx)?;
    for value in values.iter() {
        list.push(&mut cx.heap, value).or_raise(cx)?;
    }
    Ok(list)
}

fn is_tracked_value(cx: &Cx, value: Value) -> bool {
    let Some(header) = value.header() else { return false };
    if let Some(tuple) = value.cast::<Tuple>() {
        return !tuple.is_empty();
    }
    if let Some(class) = value.cast::<Class>() {
        return class.is_heap_type() || class.has_trait(object::class::traits::CLAIMS_HEAPTYPE);
    }
    let class = cx.class_of(value);
    if [Kind::Payload, Kind::SubTuple, Kind::List, Kind::Dict, Kind::Set]
        .iter()
        .any(|&kind| header.kind() == kind as u8)
    {
        return true;
    }
    class.has_flag(object::class::flags::HAVE_GC) || (class.is_heap_type() && header.kind() == Kind::Instance as u8)
}

#[native_module(
    name = "gc",
    doc = "This module provides access to the garbage collector for reference cycles.\n\n\
           enable() -- Enable automatic garbage collection.\n\
           disable() -- Disable automatic garbage collection.\n\
           isenabled() -- Returns true if automatic collection is enabled.\n\
           collect() -- Do a full collection right now.\n\
           get_count() -- Return the current collection counts.\n\
           get_stats() -- Return list of dictionaries containing per-generation stats.\n\
           set_debug() -- Set debugging flags.\n\
           get_debug() -- Get debugging flags.\n\
           set_threshold() -- Set the collection thresholds.\n\
           get_threshold() -- Return the current collection thresholds.\n\
           get_objects() -- Return a list of all objects tracked by the collector.\n\
           is_tracked() -- Returns true if a given object is tracked.\n\
           is_finalized() -- Returns true if a given object has been already finalized.\n\
           get_referrers() -- Return the list of objects that refer to an object.\n\
           get_referents() -- Return the list of objects that an object refers to.\n\
           freeze() -- Freeze all tracked objects and ignore them for future collections.\n\
           unfreeze() -- Unfreeze all objects in the permanent generation.\n\
           get_freeze_count() -- Return the number of objects in the permanent generation.\n"
)]
pub mod module {
    use super::*;

    /// Run the garbage collector.
    ///
    /// With no arguments, run a full collection.  The optional argument
    /// may be an integer specifying which generation to collect.  A ValueError
    /// is raised if the generation number is invalid.
    ///
    /// The number of unreachable objects is returned.
    #[function("collect(generation=2)")]
    fn collect(cx: &mut Cx, generation: i32) -> PyResult<usize> {
        let Some(generation) = usize::try_from(generation).ok().filter(|&g| g < 3) else {
            return Err(value_error(cx, "invalid generation"));
        };
        let state = state(cx);
        if state.collecting.replace(true) {
            return Ok(0);
        }
        let started = notify(cx, "start", generation, 0);
        let n = super::collect(cx, generation);
        state.collecting.set(false);
        started?;
        let (mut collected, mut collections) = (state.collected.get(), state.collections.get());
        collected[generation] += n;
        collections[generation] += 1;
        state.collected.set(collected);
        state.collections.set(collections);
        notify(cx, "stop", generation, n)?;
        Ok(n)
    }

    /// Enable automatic garbage collection.
    #[function("enable()")]
    fn enable(cx: &mut Cx) {
        state(cx).enabled.set(true);
        apply(cx);
    }

    /// Disable automatic garbage collection.
    #[function("disable()")]
    fn disable(cx: &mut Cx) {
        state(cx).enabled.set(false);
        apply(cx);
    }

    /// Returns true if automatic garbage collection is enabled.
    #[function("isenabled()")]
    fn isenabled(cx: &mut Cx) -> bool {
        state(cx).enabled.get()
    }

    /// Return a three-tuple of the current collection counts.
    #[function("get_count()")]
    fn get_count(cx: &mut Cx) -> PyResult {
        // Objects are not counted as they are made: an average size stands in.
        const AVERAGE: u64 = 64;
        let stats = cx.heap.raw.stats();
        let young = cx.heap.raw.bytes_allocated() / AVERAGE % 2000;
        let values = [young as usize, stats.minor_collections as usize % 10, stats.full_collections as usize % 10];
        let values = values.map(|n| Int::from_len(n).value());
        Ok(cx.heap.tuple(&values).value())
    }

    /// Return the current collection thresholds.
    #[function("get_threshold()")]
    fn get_threshold(cx: &mut Cx) -> PyResult {
        let values = state(cx).thresholds.get().map(|n| BigInt::from_i64(&mut cx.heap, n));
        Ok(cx.heap.tuple(&values).value())
    }

    /// set_threshold(threshold0, [threshold1, [threshold2]])
    /// Set the collection thresholds (the collection frequency).
    ///
    /// Setting 'threshold0' to zero disables collection.
    #[function(raw, "set_threshold(threshold0, threshold1, threshold2, /)", text_signature = false)]
    fn set_threshold(cx: &mut Cx, args: Args<'_>) -> PyResult<()> {
        let n = args.values().len();
        if args.n_keywords() > 0 || n == 0 || n > 3 {
            return Err(type_error(cx, "gc.set_threshold requires 1 to 3 arguments"));
        }
        let state = state(cx);
        let mut thresholds = state.thresholds.get();
        for (slot, &value) in thresholds.iter_mut().zip(args.positional()) {
            *slot = runtime::number::as_i64(cx, value)?;
        }
        state.thresholds.set(thresholds);
        apply(cx);
        Ok(())
    }

    /// Set the garbage collection debugging flags.
    ///
    ///   flags
    ///     An integer that can have the following bits turned on:
    ///       DEBUG_STATS - Print statistics during collection.
    ///       DEBUG_COLLECTABLE - Print collectable objects found.
    ///       DEBUG_UNCOLLECTABLE - Print unreachable but uncollectable objects
    ///         found.
    ///       DEBUG_SAVEALL - Save objects to gc.garbage rather than freeing them.
    ///       DEBUG_LEAK - Debug leaking programs (everything but STATS).
    ///
    /// Debugging information is written to sys.stderr.
    #[function("set_debug(flags, /)")]
    fn set_debug(cx: &mut Cx, flags: i32) {
        state(cx).debug.set(flags as i64);
    }

    /// Get the garbage collection debugging flags.
    #[function("get_debug()")]
    fn get_debug(cx: &mut Cx) -> i64 {
        state(cx).debug.get()
    }

    /// Return a list of objects tracked by the collector (excluding the list returned).
    ///
    ///   generation
    ///     Generation to extract the objects from.
    ///
    /// If generation is not None, return only the objects tracked by the
    /// collector that are in that generation.
    #[function("get_objects(generation=None)")]
    fn get_objects(cx: &mut Cx, generation: Value) -> PyResult<Gc<List>> {
        if !generation.is_none() {
            if cx.class_of(generation).slots.index.get().is_none() {
                let name = type_name(cx, generation);
                return Err(type_error(cx, format_args!("argument should be integer or None, not '{name}'")));
            }
            let generation = runtime::number::as_i64(cx, generation)?;
            if generation >= 3 {
                let message = "generation parameter must be less than the number of available generations (3)";
                return Err(value_error(cx, message));
            }
            if generation < -1 {
                return Err(value_error(cx, "generation parameter cannot be negative"));
            }
        }
        cx.heap.raw.collect_full();
        let found = containers(cx);
        list_of(cx, &found)
    }

    /// Return a list of dictionaries containing per-generation statistics.
    #[function("get_stats()")]
    fn get_stats(cx: &mut Cx) -> PyResult<Gc<List>> {
        let (state, stats) = (state(cx), cx.heap.raw.stats());
        let asked = state.collections.get();
        let collections = [stats.minor_collections as usize, asked[1], stats.full_collections as usize];
        let list = List::empty(&mut cx.heap);
        for (n_collections, n_collected) in collections.into_iter().zip(state.collected.get()) {
            let entry = Dict::new(&mut cx.heap);
            for (name, n) in [("collections", n_collections), ("collected", n_collected), ("uncollectable", 0)] {
                let name = cx.heap.intern(name);
                entry.set_str(&mut cx.heap, name, Int::from_len(n).value()).or_raise(cx)?;
            }
            list.push(&mut cx.heap, entry.value()).or_raise(cx)?;
        }
        Ok(list)
    }

    /// Return the list of objects that directly refer to any of 'objs'.
    #[function("get_referrers(*objs)")]
    fn get_referrers(cx: &mut Cx, objs: VarArgs) -> PyResult<Gc<List>> {
        cx.heap.raw.collect_full();
        let all = containers(cx);
        let found = cx.vm().root_vec();
        for candidate in all.iter() {
            if candidate.is(objs.value()) {
                continue;
            }
            if referents(cx, candidate).iter().any(|referent| objs.iter().any(|object| object.is(referent))) {
                found.push(candidate);
            }
        }
        list_of(cx, &found)
    }

    /// Return the list of objects that are directly referred to by 'objs'.
    #[function("get_referents(*objs)")]
    fn get_referents(cx: &mut Cx, objs: VarArgs) -> PyResult<Gc<List>> {
        let found = cx.vm().root_vec();
        for object in objs.iter() {
            referents(cx, object).iter().for_each(|referent| found.push(referent));
        }
        list_of(cx, &found)
    }

    /// Returns true if the object is tracked by the garbage collector.
    ///
    /// Simple atomic objects will return false.
    #[function("is_tracked(obj, /)")]
    fn is_tracked(cx: &mut Cx, obj: Value) -> bool {
        is_tracked_value(cx, obj)
    }

    /// Returns true if the object has been already finalized by the GC.
    #[function("is_finalized(obj, /)")]
    fn is_finalized(_: &mut Cx, obj: Value) -> bool {
        obj.header().is_some_and(|header| header.has_flag(object::header_flags::FINALIZED))
    }

    /// Freeze all current tracked objects and ignore them for future collections.
    ///
    /// This can be used before a POSIX fork() call to make the gc copy-on-write
    /// friendly.
    /// Note: collection before a POSIX fork() call may free pages for future
    /// allocation which can cause copy-on-write.
    #[function("freeze()")]
    fn freeze(cx: &mut Cx) {
        let n = containers(cx).len();
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
        for (name, flag) in [
            ("DEBUG_STATS", 1),
            ("DEBUG_COLLECTABLE", 2),
            ("DEBUG_UNCOLLECTABLE", 4),
            ("DEBUG_SAVEALL", 32),
            ("DEBUG_LEAK", 38),
        ] {
            set_module_attr(cx, module, name, Int::from_len(flag).value())?;
        }
        let state = state(cx);
        if state.callbacks.is_empty() {
            let callbacks = List::empty(&mut cx.heap);
            state.callbacks.push(callbacks);
        }
        set_module_attr(cx, module, "callbacks", state.callbacks.get(0))?;
        let garbage = List::empty(&mut cx.heap);
        set_module_attr(cx, module, "garbage", garbage)
    }
}
