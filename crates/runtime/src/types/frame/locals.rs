//! `frame.f_locals` of a function: a mapping that reads and writes the frame's variables.

use super::content_of;
use crate::native::{class_of_spec, new_native};
use crate::prelude::*;
use bytecode::LocalKind;
use macros::{Trace, native_class};

/// The view of a frame's variables.
#[derive(Trace)]
pub struct FrameLocals {
    frame: GcSlot<FrameObject>,
}

impl NativeData for FrameLocals {
    const NAME: &'static str = "FrameLocalsProxy";
}

type Proxy = Gc<Native<FrameLocals>>;

/// The proxy of a frame.
pub fn proxy(cx: &mut Cx, frame: Gc<FrameObject>) -> PyResult {
    let class = class_of_spec(cx, &class::SPEC)?;
    Ok(new_native(cx, class, FrameLocals { frame: GcSlot::of(frame) }).value())
}

#[native_class(
    name = "FrameLocalsProxy",
    layout = Native::<FrameLocals>,
    flags = HAVE_GC | MAPPING,
    signature = "(frame, /)",
    doc = "Create a write-through view of the locals dictionary for a frame.\n\n  frame\n    the frame object to wrap."
)]
pub mod class {
    use super::*;

    #[slot(new, "FrameLocalsProxy(frame, /)")]
    fn new(cx: &mut Cx, _class: Gc<Class>, frame: Gc<FrameObject>) -> PyResult {
        proxy(cx, frame)
    }

    #[slot]
    fn getitem(cx: &mut Cx, this: Proxy, key: Value) -> PyResult {
        match lookup(cx, this, key)? {
            Some(value) => Ok(value),
            None => {
                let shown = repr_of(cx, key)?;
                let message = cx.heap.str(&format!("local variable {shown} is not defined"));
                Err(key_error(cx, message))
            }
        }
    }

    #[slot]
    fn setitem(cx: &mut Cx, this: Proxy, key: Value, value: Option<Value>) -> PyResult<()> {
        store(cx, this, key, value)
    }

    #[slot]
    fn contains(cx: &mut Cx, this: Proxy, key: Value) -> PyResult<bool> {
        Ok(lookup(cx, this, key)?.is_some())
    }

    #[slot]
    fn len(cx: &mut Cx, this: Proxy) -> PyResult<usize> {
        Ok(snapshot(cx, this)?.len())
    }

    #[slot]
    fn iter(cx: &mut Cx, this: Proxy) -> PyResult {
        let names = key_list(cx, this)?;
        get_iter(cx, names.value())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Proxy) -> PyResult {
        if !crate::text::enter_repr(cx, this.value()) {
            return Ok(cx.heap.str("{...}"));
        }
        let dict = snapshot(cx, this);
        let shown = dict.and_then(|dict| repr_of(cx, dict.value()));
        crate::text::leave_repr(cx);
        Ok(shown?.value())
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Proxy, other: Value, op: CompareOp) -> PyResult {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        if let Some(other) = other.cast::<Native<FrameLocals>>() {
            let same = this.frame.expect() == other.frame.expect();
            return Ok(Value::bool(same == (op == CompareOp::Eq)));
        }
        if !other.is_a::<Dict>() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let dict = snapshot(cx, this)?;
        compare(cx, dict.value(), other, op)
    }

    #[slot(binary = Or)]
    fn or(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let merged = Dict::new(&mut cx.heap);
        for side in [left, right] {
            match as_dict(cx, side)? {
                Some(dict) => crate::dict::merge(cx, merged, dict)?,
                None => return Ok(Value::NOT_IMPLEMENTED),
            }
        }
        Ok(merged.value())
    }

    #[slot(inplace = Or)]
    fn inplace_or(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let Some(this) = left.cast::<Native<FrameLocals>>() else { return Ok(Value::NOT_IMPLEMENTED) };
        update_from(cx, this, right)?;
        Ok(left)
    }

    /// The names of the variables that have a value.
    #[method("keys($self, /)")]
    fn keys(cx: &mut Cx, this: Proxy) -> PyResult {
        Ok(key_list(cx, this)?.value())
    }

    /// The values of the variables.
    #[method("values($self, /)")]
    fn values(cx: &mut Cx, this: Proxy) -> PyResult {
        let dict = snapshot(cx, this)?;
        let list = List::with_capacity(&mut cx.heap, dict.len()).or_raise(cx)?;
        for (_, value) in dict.iter() {
            list.push(&mut cx.heap, value).or_raise(cx)?;
        }
        Ok(list.value())
    }

    /// Pairs of names and values.
    #[method("items($self, /)")]
    fn items(cx: &mut Cx, this: Proxy) -> PyResult {
        let dict = snapshot(cx, this)?;
        let list = List::with_capacity(&mut cx.heap, dict.len()).or_raise(cx)?;
        for (key, value) in dict.iter() {
            let pair = cx.heap.tuple(&[key, value]).value();
            list.push(&mut cx.heap, pair).or_raise(cx)?;
        }
        Ok(list.value())
    }

    /// A new dict of the variables.
    #[method("copy($self, /)")]
    fn copy(cx: &mut Cx, this: Proxy) -> PyResult {
        Ok(snapshot(cx, this)?.value())
    }

    /// The value of a variable, or the default.
    #[method("get($self, key, default=None, /)")]
    fn get(cx: &mut Cx, this: Proxy, key: Value, default: Value) -> PyResult {
        Ok(lookup(cx, this, key)?.unwrap_or(default))
    }

    /// The value of a variable, set to the default if it has none.
    #[method("setdefault($self, key, default=None, /)")]
    fn setdefault(cx: &mut Cx, this: Proxy, key: Value, default: Value) -> PyResult {
        if let Some(value) = lookup(cx, this, key)? {
            return Ok(value);
        }
        store(cx, this, key, Some(default))?;
        Ok(default)
    }

    /// Remove an extra name; variables of the code cannot be removed.
    #[method("pop($self, key, default=<unrepresentable>, /)")]
    fn pop(cx: &mut Cx, this: Proxy, key: Value, default: Option<Value>) -> PyResult {
        if variable(cx, this, key)?.is_some() {
            return Err(value_error(cx, "cannot remove local variables from FrameLocalsProxy"));
        }
        let removed = match extra(this) {
            Some(extra) => crate::dict::remove(cx, extra, key)?,
            None => None,
        };
        match removed.or(default) {
            Some(value) => Ok(value),
            None => Err(key_error(cx, key)),
        }
    }

    /// Set variables from a mapping.
    #[method("update($self, other, /)")]
    fn update(cx: &mut Cx, this: Proxy, other: Value) -> PyResult<()> {
        update_from(cx, this, other)
    }

    #[method("__reversed__($self, /)")]
    fn reversed(cx: &mut Cx, this: Proxy) -> PyResult {
        let names = key_list(cx, this)?;
        let reverse = cx.names().reverse;
        call_method(cx, names.value(), reverse, &[])?;
        get_iter(cx, names.value())
    }
}

/// What is stored in the place of variable `i`.
fn place(frame: Gc<FrameObject>, i: usize) -> Value {
    match frame.live.get() {
        Some(live) => live.local(i),
        None => frame.values.get().map_or(Value::UNBOUND, |values| values.try_get(i)),
    }
}

/// Index of the variable called `key`; prefers one that has a value.
fn variable(cx: &mut Cx, this: Proxy, key: Value) -> PyResult<Option<usize>> {
    let Some(name) = key.downcast::<Str>() else {
        hash_of(cx, key)?;
        return Ok(None);
    };
    let frame = this.frame.expect();
    let code = frame.code.expect();
    let named = |i: &usize| code.local_name(*i).equals(&name);
    let all = 0..code.n_localsplus as usize;
    let bound = all.clone().filter(named).find(|&i| content_of(code, i, place(frame, i)).is_some());
    let visible = |i: &usize| !LocalKind(code.local_kind(*i)).has(LocalKind::HIDDEN);
    Ok(bound.or_else(|| all.filter(named).find(visible)))
}

fn extra(this: Proxy) -> Option<Gc<Dict>> {
    this.frame.expect().extra_locals.get().cast()
}

fn lookup(cx: &mut Cx, this: Proxy, key: Value) -> PyResult<Option<Value>> {
    let frame = this.frame.expect();
    if let Some(i) = variable(cx, this, key)?
        && let Some(value) = content_of(frame.code.expect(), i, place(frame, i))
    {
        return Ok(Some(value));
    }
    match extra(this) {
        Some(extra) => crate::dict::get(cx, extra, key),
        None => Ok(None),
    }
}

fn store(cx: &mut Cx, this: Proxy, key: Value, value: Option<Value>) -> PyResult<()> {
    let frame = this.frame.expect();
    let at = variable(cx, this, key)?;
    let Some(value) = value else {
        if at.is_some() {
            return Err(value_error(cx, "cannot remove local variables from FrameLocalsProxy"));
        }
        let removed = match extra(this) {
            Some(extra) => crate::dict::remove(cx, extra, key)?,
            None => None,
        };
        return if removed.is_some() { Ok(()) } else { Err(key_error(cx, key)) };
    };
    if let Some(i) = at {
        let kind = LocalKind(frame.code.expect().local_kind(i));
        if kind.has(LocalKind(LocalKind::CELL.0 | LocalKind::FREE.0))
            && let Some(cell) = place(frame, i).cast::<Cell>()
        {
            cell.value.set(cell, value);
            return Ok(());
        }
        match (frame.live.get(), frame.values.get()) {
            (Some(live), _) => {
                live.set_local(i, value);
                if matches!(live.owner(), FrameOwner::Generator | FrameOwner::GeneratorEntry) {
                    Generator::of_frame(live).log_frame();
                }
            }
            (None, Some(values)) if i < values.capacity() => values.set(i, value),
            (None, _) => {}
        }
        return Ok(());
    }
    let dict = match extra(this) {
        Some(dict) => dict,
        None => {
            let dict = Dict::new(&mut cx.heap);
            frame.extra_locals.set(frame, dict);
            dict
        }
    };
    crate::dict::set(cx, dict, key, value)
}

/// All variables that have a value, as a new dict.
fn snapshot(cx: &mut Cx, this: Proxy) -> PyResult<Gc<Dict>> {
    let frame = this.frame.expect();
    let code = frame.code.expect();
    let dict = Dict::new(&mut cx.heap);
    for i in 0..code.n_localsplus as usize {
        if let Some(value) = content_of(code, i, place(frame, i)) {
            dict.set_str(&mut cx.heap, code.local_name(i), value).or_raise(cx)?;
        }
    }
    if let Some(extra) = extra(this) {
        crate::dict::merge(cx, dict, extra)?;
    }
    Ok(dict)
}

fn key_list(cx: &mut Cx, this: Proxy) -> PyResult<Gc<List>> {
    let dict = snapshot(cx, this)?;
    to_list(cx, dict.value())
}

fn as_dict(cx: &mut Cx, value: Value) -> PyResult<Option<Gc<Dict>>> {
    match value.cast::<Native<FrameLocals>>() {
        Some(proxy) => snapshot(cx, proxy).map(Some),
        None => Ok(value.cast::<Dict>()),
    }
}

fn update_from(cx: &mut Cx, this: Proxy, other: Value) -> PyResult<()> {
    let from = match as_dict(cx, other)? {
        Some(dict) => dict,
        None => {
            let dict = Dict::new(&mut cx.heap);
            crate::dict::update(cx, dict, other)?;
            dict
        }
    };
    let copy = crate::dict::copy(cx, from)?;
    for (key, value) in copy.iter() {
        store(cx, this, key, Some(value))?;
    }
    Ok(())
}
