//! Iterators over dicts: keys, values and items, forwards and backwards.

use crate::prelude::*;
use macros::native_class;
use object::builtins::DictPart;

/// The next entry of a dict iterator, which notices a change of the dict's size.
pub fn advance(cx: &mut Cx, this: Gc<DictIter>) -> PyResult<Option<(Value, Value)>> {
    let Some(dict) = this.dict.get() else { return Ok(None) };
    if this.expected.get() != dict.len() {
        this.expected.set(usize::MAX);
        return Err(changed(cx, dict, "dictionary changed size during iteration"));
    }
    let position = this.position.get();
    let entry = if this.reversed.get() { dict.previous_entry(position) } else { dict.next_entry(position) };
    match entry {
        Some((i, key, value)) => {
            let remaining = this.remaining.get();
            if remaining == 0 {
                this.dict.set_option(this, None);
                return Err(changed(cx, dict, "dictionary keys changed during iteration"));
            }
            this.remaining.set(remaining - 1);
            this.position.set(if this.reversed.get() { i } else { i + 1 });
            Ok(Some((key, value)))
        }
        None => {
            this.dict.set_option(this, None);
            Ok(None)
        }
    }
}

/// The error for a dict that is no longer what its iterator began with.
#[cold]
fn changed(cx: &mut Cx, dict: Gc<Dict>, message: &str) -> Raised {
    let class = cx.class_of(dict.value());
    let is_ordered = |class: Gc<Class>| class.spec.get().is_some_and(|spec| spec.name == "OrderedDict");
    let is_ordered = class.mro_iter().any(is_ordered);
    runtime_error(cx, if is_ordered { "OrderedDict mutated during iteration" } else { message })
}

/// The next key, value or item.
pub fn next_part(cx: &mut Cx, this: Gc<DictIter>) -> PyResult<Option<Value>> {
    let Some((key, value)) = advance(cx, this)? else { return Ok(None) };
    Ok(Some(match this.part.get() {
        DictPart::Keys => key,
        DictPart::Values => value,
        DictPart::Items => Tuple::of(&mut cx.heap, [key, value]).value(),
    }))
}

fn hint(this: Gc<DictIter>) -> i64 {
    match this.dict.get() {
        Some(dict) if dict.len() == this.expected.get() => this.remaining.get() as i64,
        _ => 0,
    }
}

/// `(iter, (list of what is left,))`; the iterator itself does not move.
fn reduce_rest(cx: &mut Cx, this: Gc<DictIter>) -> PyResult<Gc<Tuple>> {
    let rest = List::empty(&mut cx.heap);
    let saved = (this.dict.get(), this.position.get(), this.remaining.get());
    while let Some(item) = next_part(cx, this)? {
        rest.push(&mut cx.heap, item).or_raise(cx)?;
    }
    this.dict.set_option(this, saved.0);
    this.position.set(saved.1);
    this.remaining.set(saved.2);
    let function = crate::types::iterators::builtin(cx, "iter")?;
    let args = cx.heap.tuple(&[rest.value()]).value();
    Ok(cx.heap.tuple(&[function, args]))
}

macro_rules! dict_iterators {
    ($($module:ident = $name:tt;)*) => { $(
        #[native_class(name = $name, layout = DictIter, doc = "")]
        pub mod $module {
            use super::*;

            #[slot]
            fn iter(_: &mut Cx, this: Gc<DictIter>) -> Gc<DictIter> {
                this
            }

            #[slot]
            fn next(cx: &mut Cx, this: Gc<DictIter>) -> PyResult<Option<Value>> {
                next_part(cx, this)
            }

            /// Private method returning an estimate of len(list(it)).
            #[method("__length_hint__($self, /)")]
            fn length_hint(_: &mut Cx, this: Gc<DictIter>) -> i64 {
                hint(this)
            }

            /// Return state information for pickling.
            #[method("__reduce__($self, /)")]
            fn reduce(cx: &mut Cx, this: Gc<DictIter>) -> PyResult<Gc<Tuple>> {
                reduce_rest(cx, this)
            }
        }
    )* };
}

dict_iterators! {
    keys = "dict_keyiterator";
    values = "dict_valueiterator";
    items = "dict_itemiterator";
    reverse_keys = "dict_reversekeyiterator";
    reverse_values = "dict_reversevalueiterator";
    reverse_items = "dict_reverseitemiterator";
}
