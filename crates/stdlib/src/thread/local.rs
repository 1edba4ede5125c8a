//! `_thread._local`: attributes that every thread has for itself.
//!
//! A local has a dict from thread ids to attribute dicts. A thread that ends takes its dicts out of all locals: the
//! module knows them by weak references.

use runtime::attribute::no_attribute;
use runtime::prelude::*;
use runtime::types::weakref::new_reference;

#[derive(Trace)]
pub struct Local {
    /// Attribute dicts by thread id.
    dicts: GcSlot<Dict>,
    /// Arguments of the constructor, for `__init__` in other threads: a tuple of values and one of names or unbound.
    values: Slot,
    names: Slot,
}

impl NativeData for Local {
    const NAME: &'static str = "_thread._local";
}

type This = Gc<Native<Local>>;

/// Weak references to all locals.
struct Locals(RootVec);

fn key(cx: &Cx) -> (Value, i64) {
    let id = Int::from_len((cx.thread_id.get() >> 2) as usize);
    (id.value(), id.get())
}

/// The attributes that the calling thread has in `this`; made, and initialised, on first use.
fn own_dict(cx: &mut Cx, this: This) -> PyResult<Gc<Dict>> {
    let (key, hash) = key(cx);
    let dicts = this.dicts.expect();
    if let Some(dict) = runtime::dict::get_hashed(cx, dicts, key, hash)?.and_then(Value::cast::<Dict>) {
        return Ok(dict);
    }
    let dict = Dict::new(&mut cx.heap);
    runtime::dict::set_hashed(cx, dicts, key, hash, dict.value())?;
    let class = cx.class_of(this.value());
    if let Some(values) = this.values.get().cast::<Tuple>()
        && let Some(init) = class.slots.init.get()
        && has_own_init(cx, class)
    {
        let args = Args::new(values.as_slice(), this.names.get().cast::<Tuple>());
        if let Err(raised) = init(cx, this.value(), args) {
            dict_of_thread_ended(dicts, key, hash);
            return Err(raised);
        }
    }
    Ok(dict)
}

fn dict_of_thread_ended(dicts: Gc<Dict>, key: Value, hash: i64) {
    if let object::dict::Found::At(i) = dicts.find(key, hash) {
        dicts.remove_at(i);
    }
}

fn has_own_init(cx: &Cx, class: Gc<Class>) -> bool {
    match (class.slots.init.get(), cx.types().object.slots.init.get()) {
        (Some(own), Some(base)) => !std::ptr::fn_addr_eq(own, base),
        (own, _) => own.is_some(),
    }
}

/// The calling thread ends: forget what it has in locals.
pub fn thread_ends(cx: &mut Cx) {
    let vm = cx.vm();
    let locals = vm.extension(|| Locals(vm.root_vec()));
    let (key, hash) = key(cx);
    let mut i = locals.0.len();
    while i > 0 {
        i -= 1;
        let target = locals.0.get(i).cast::<WeakRef>().and_then(|reference| reference.target());
        match target.and_then(|target| target.cast::<Native<Local>>()) {
            Some(local) => dict_of_thread_ended(local.dicts.expect(), key, hash),
            None => _ = locals.0.remove(i),
        }
    }
}

#[native_class(
    name = "_local",
    module = "_thread",
    layout = Native<Local>,
    flags = BASETYPE | HAVE_GC,
    traits = HAS_WEAKREF,
    doc = "Thread-local data"
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
        if !args.is_empty() && !has_own_init(cx, class) {
            return Err(type_error(cx, "Initialization arguments are not supported"));
        }
        let dicts = Dict::new(&mut cx.heap);
        let values = Tuple::new(&mut cx.heap, args.values()).or_raise(cx)?;
        let names = args.kwnames().map_or(Value::UNBOUND, Gc::value);
        let local = Local { dicts: GcSlot::of(dicts), values: Slot::new(values.value()), names: Slot::new(names) };
        let this = new_native(cx, class, local);
        // The thread that makes a local has its dict before `__init__` runs, which `type.__call__` does.
        let dict = Dict::new(&mut cx.heap);
        let (key, hash) = key(cx);
        runtime::dict::set_hashed(cx, dicts, key, hash, dict.value())?;
        let weakref = cx.types().weakref;
        let reference = new_reference(cx, weakref, this.value(), Value::NONE)?;
        let vm = cx.vm();
        vm.extension(|| Locals(vm.root_vec())).0.push(reference);
        Ok(this.value())
    }

    #[slot]
    fn getattro(cx: &mut Cx, this: This, name: Gc<Str>) -> PyResult {
        let dict = own_dict(cx, this)?;
        if name.eq(&cx.names().__dict__) {
            return Ok(dict.value());
        }
        let class = cx.class_of(this.value());
        let name = cx.heap.intern_str(name);
        let found = cx.lookup_class(class, name);
        let get = found.and_then(|found| cx.class_of(found).slots.descr_get.get());
        let is_data = found.is_some_and(|found| cx.class_of(found).slots.descr_set.get().is_some());
        if let (Some(found), Some(get), true) = (found, get, is_data) {
            return get(cx, found, this.value(), class.value());
        }
        if let Some(own) = dict.get_str(name) {
            return Ok(own);
        }
        match (found, get) {
            (Some(found), Some(get)) => get(cx, found, this.value(), class.value()),
            (Some(found), None) => Ok(found),
            (None, _) => Err(no_attribute(cx, this.value(), name)),
        }
    }

    #[slot]
    fn setattro(cx: &mut Cx, this: This, name: Gc<Str>, value: Option<Value>) -> PyResult<()> {
        let name = cx.heap.intern_str(name);
        if name.eq(&cx.names().__dict__) {
            let class = type_name(cx, this.value());
            let message = format!("'{class}' object attribute '{name}' is read-only");
            return Err(attribute_error(cx, this.value(), name, message));
        }
        let dict = own_dict(cx, this)?;
        let class = cx.class_of(this.value());
        if let Some(found) = cx.lookup_class(class, name)
            && let Some(set) = cx.class_of(found).slots.descr_set.get()
        {
            return set(cx, found, this.value(), value);
        }
        match value {
            Some(value) => dict.set_str(&mut cx.heap, name, value).or_raise(cx),
            None if dict.remove_str(name).is_some() => Ok(()),
            None => Err(no_attribute(cx, this.value(), name)),
        }
    }
}
