//! C3 linearisation.

use crate::call::{call, lookup_special};
use crate::error::*;
use crate::iterate::to_tuple;
use object::*;

/// The method resolution order of `class`: `mro()` of a metaclass that overrides it, or C3.
pub fn compute_mro(cx: &mut Cx, class: Gc<Class>) -> PyResult<Gc<Tuple>> {
    let meta = cx.class_of(class.value());
    if meta == cx.types().type_ {
        return c3(cx, class);
    }
    let name = cx.heap.intern("mro");
    let own = cx.lookup_class(meta, name);
    let types = cx.types();
    if own == cx.lookup_class(types.type_, name) {
        return c3(cx, class);
    }
    let Some(method) = lookup_special(cx, class.value(), name)? else { return c3(cx, class) };
    let result = call(cx, method, &[])?;
    let mro = to_tuple(cx, result)?;
    for entry in mro.iter() {
        if !entry.is_a::<Class>() {
            let found = type_name(cx, entry);
            return Err(type_error(cx, format_args!("mro() returned a non-class ('{found}')")));
        }
    }
    Ok(mro)
}

/// C3: the class, then the merge of its bases' orders and the list of its bases.
pub fn c3(cx: &mut Cx, class: Gc<Class>) -> PyResult<Gc<Tuple>> {
    let bases = class.bases.expect();
    for (i, base) in bases.iter().enumerate() {
        if bases.iter().take(i).any(|b| b.is(base)) {
            let name = base.cast::<Class>().map_or_else(String::new, |c| c.display_name());
            return Err(type_error(cx, format_args!("duplicate base class {name}")));
        }
    }
    let order = cx.vm().root_vec();
    order.push(class.value());
    if let [base] = bases.as_slice()
        && let Some(mro) = base.cast::<Class>().and_then(|b| b.mro.get())
    {
        mro.iter().for_each(|c| order.push(c));
        return finish(cx, &order);
    }
    // Positions in each sequence to merge; the sequences are the bases' orders, then the bases.
    let sequence = |i: usize| match bases.try_get(i) {
        Some(base) => base.cast::<Class>().and_then(|b| b.mro.get()).unwrap_or(bases),
        None => bases,
    };
    let n = bases.len() + 1;
    let mut heads = vec![0; n];
    loop {
        if (0..n).all(|i| heads[i] >= sequence(i).len()) {
            return finish(cx, &order);
        }
        let candidate = (0..n).filter(|&i| heads[i] < sequence(i).len()).map(|i| sequence(i).get(heads[i])).find(|c| {
            !(0..n).any(|j| {
                let s = sequence(j);
                (heads[j] + 1..s.len()).any(|k| s.get(k).is(*c))
            })
        });
        let Some(next) = candidate else {
            return Err(inconsistent(cx, &heads, n, sequence));
        };
        order.push(next);
        for (i, head) in heads.iter_mut().enumerate() {
            let s = sequence(i);
            if *head < s.len() && s.get(*head).is(next) {
                *head += 1;
            }
        }
    }
}

fn finish(cx: &mut Cx, order: &RootVec) -> PyResult<Gc<Tuple>> {
    Tuple::from_fn(&mut cx.heap, order.len(), |i| order.get(i)).or_raise(cx)
}

#[cold]
fn inconsistent(cx: &mut Cx, heads: &[usize], n: usize, sequence: impl Fn(usize) -> Gc<Tuple>) -> Raised {
    let mut names: Vec<String> = Vec::new();
    for i in (0..n).filter(|&i| heads[i] < sequence(i).len()) {
        let name = sequence(i).get(heads[i]).cast::<Class>().map_or_else(String::new, |c| c.display_name());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    type_error(
        cx,
        format_args!("Cannot create a consistent method resolution order (MRO) for bases {}", names.join(", ")),
    )
}
