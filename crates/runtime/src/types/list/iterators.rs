//! Iterators over lists, forwards and backwards.

use crate::prelude::*;
use macros::native_class;

/// `(iter, (object,), index)` or `(iter, ((),))` once exhausted: how iterators pickle.
pub(crate) fn reduce_iterator(cx: &mut Cx, function: &str, object: Option<Value>, index: i64) -> PyResult<Gc<Tuple>> {
    let function = crate::types::iterators::builtin(cx, function)?;
    let Some(object) = object else {
        let empty = cx.heap.list(&[]).value();
        let args = cx.heap.tuple(&[empty]).value();
        return Ok(cx.heap.tuple(&[function, args]));
    };
    let args = cx.heap.tuple(&[object]).value();
    let index = BigInt::from_i64(&mut cx.heap, index);
    Ok(cx.heap.tuple(&[function, args, index]))
}

#[native_class(name = "list_iterator", layout = ListIter, doc = "")]
pub mod forward {
    use super::*;

    #[slot]
    fn iter(_: &mut Cx, this: Gc<ListIter>) -> Gc<ListIter> {
        this
    }

    #[slot]
    fn next(_: &mut Cx, this: Gc<ListIter>) -> PyResult<Option<Value>> {
        let Some(list) = this.list.get() else { return Ok(None) };
        let i = this.index.get();
        match list.get(i) {
            Some(item) => {
                this.index.set(i + 1);
                Ok(Some(item))
            }
            None => {
                this.list.set_option(this, None);
                Ok(None)
            }
        }
    }

    /// Private method returning an estimate of len(list(it)).
    #[method("__length_hint__($self, /)")]
    fn length_hint(_: &mut Cx, this: Gc<ListIter>) -> i64 {
        this.list.get().map_or(0, |list| list.len().saturating_sub(this.index.get()) as i64)
    }

    /// Return state information for pickling.
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<ListIter>) -> PyResult<Gc<Tuple>> {
        let list = this.list.get().map(Gc::value);
        reduce_iterator(cx, "iter", list, this.index.get() as i64)
    }

    /// Set state information for unpickling.
    #[method("__setstate__($self, state, /)")]
    fn setstate(cx: &mut Cx, this: Gc<ListIter>, state: Value) -> PyResult<()> {
        let i = crate::number::as_i64(cx, state)?;
        if let Some(list) = this.list.get() {
            this.index.set((i.max(0) as usize).min(list.len()));
        }
        Ok(())
    }
}

#[native_class(name = "list_reverseiterator", layout = ReversedIter, doc = "")]
pub mod backward {
    use super::*;

    #[slot]
    fn iter(_: &mut Cx, this: Gc<ReversedIter>) -> Gc<ReversedIter> {
        this
    }

    #[slot]
    fn next(_: &mut Cx, this: Gc<ReversedIter>) -> PyResult<Option<Value>> {
        let Some(list) = this.sequence.get().cast::<List>() else { return Ok(None) };
        let i = this.index.get();
        let item = usize::try_from(i).ok().and_then(|i| list.get(i));
        match item {
            Some(item) => {
                this.index.set(i - 1);
                Ok(Some(item))
            }
            None => {
                this.index.set(-1);
                this.sequence.clear();
                Ok(None)
            }
        }
    }

    /// Private method returning an estimate of len(list(it)).
    #[method("__length_hint__($self, /)")]
    fn length_hint(_: &mut Cx, this: Gc<ReversedIter>) -> i64 {
        match this.sequence.get().cast::<List>() {
            Some(list) if (list.len() as i64) > this.index.get() => this.index.get() + 1,
            _ => 0,
        }
    }

    /// Return state information for pickling.
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<ReversedIter>) -> PyResult<Gc<Tuple>> {
        match this.sequence.get().bound() {
            Some(list) => reduce_iterator(cx, "reversed", Some(list), this.index.get()),
            None => reduce_iterator(cx, "iter", None, 0),
        }
    }

    /// Set state information for unpickling.
    #[method("__setstate__($self, state, /)")]
    fn setstate(cx: &mut Cx, this: Gc<ReversedIter>, state: Value) -> PyResult<()> {
        let i = crate::number::as_i64(cx, state)?;
        if let Some(list) = this.sequence.get().cast::<List>() {
            this.index.set(i.clamp(-1, list.len() as i64 - 1));
        }
        Ok(())
    }
}
