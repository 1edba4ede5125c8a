//! Combinatoric iterators: `product`, `permutations`, `combinations`, `combinations_with_replacement`.
//!
//! They hold pools of items and plain indices; each result is picked from the pools anew.

use runtime::native::new_native;
use runtime::prelude::*;
use std::cell::Cell;

/// Where an iterator stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Start,
    Running,
    Done,
}
impl object::gc::PlainData for Stage {}

#[derive(macros::Trace)]
pub struct Product {
    /// A tuple of tuples.
    pools: GcSlot<Tuple>,
    #[trace(skip)]
    indices: Opaque<Vec<usize>>,
    stage: Cell<Stage>,
}
impl NativeData for Product {
    const NAME: &'static str = "itertools.product";
}

#[macros::native_class(
    name = "product",
    module = "itertools",
    layout = Native<Product>,
    flags = BASETYPE,
    doc = "product(*iterables, repeat=1)\n--\n\nCartesian product of input iterables.  Equivalent to nested for-loops.\n\nFor example, product(A, B) returns the same as:  ((x,y) for x in A for y in B).\nThe leftmost iterators are in the outermost for-loop, so the output tuples\ncycle in a manner similar to an odometer (with the rightmost element changing\non every iteration).\n\nTo compute the product of an iterable with itself, specify the number\nof repetitions with the optional repeat keyword argument. For example,\nproduct(A, repeat=4) means the same as product(A, A, A, A).\n\nproduct('ab', range(3)) --> ('a',0) ('a',1) ('a',2) ('b',0) ('b',1) ('b',2)\nproduct((0,1), (0,1), (0,1)) --> (0,0,0) (0,0,1) (0,1,0) (0,1,1) (1,0,0) ..."
)]
pub mod product {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<Gc<Native<Product>>> {
        let mut repeat = 1;
        if args.n_keywords() > 1 {
            let n = args.n_keywords();
            return Err(type_error(cx, format_args!("product() takes at most 1 keyword argument ({n} given)")));
        }
        for (name, value) in args.keywords() {
            if !name.eq_str("repeat") {
                let message = format!("product() got an unexpected keyword argument '{}'", &*name);
                return Err(type_error(cx, message));
            }
            repeat = runtime::number::as_isize(cx, value)?;
            if repeat < 0 {
                return Err(value_error(cx, "repeat argument cannot be negative"));
            }
        }
        let pools = List::empty(&mut cx.heap);
        if repeat > 0 {
            for &iterable in args.positional() {
                let pool = to_tuple(cx, iterable)?;
                pools.push(&mut cx.heap, pool.value()).or_raise(cx)?;
            }
        }
        let n = pools.len();
        let Some(total) = n.checked_mul(repeat as usize).filter(|&t| t < 1 << 40) else {
            return Err(overflow_error(cx, "repeat argument too large"));
        };
        let pools = Tuple::from_fn(&mut cx.heap, total, |i| pools.get(i % n).unwrap_or(Value::NONE)).or_raise(cx)?;
        let data =
            Product { pools: GcSlot::of(pools), indices: Opaque::new(vec![0; total]), stage: Cell::new(Stage::Start) };
        Ok(new_native(cx, class, data))
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<Product>>) -> Gc<Native<Product>> {
        this
    }

    fn pool(pools: Gc<Tuple>, i: usize) -> Gc<Tuple> {
        pools.get(i).cast::<Tuple>().expect("pools are tuples")
    }

    /// Turn to the next combination; false after the last.
    fn advance(pools: Gc<Tuple>, indices: &mut [usize]) -> bool {
        for i in (0..indices.len()).rev() {
            indices[i] += 1;
            if indices[i] < pool(pools, i).len() {
                return true;
            }
            indices[i] = 0;
        }
        false
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<Product>>) -> PyResult<Option<Value>> {
        let pools = this.pools.expect();
        let more = match this.stage.get() {
            Stage::Start => (0..pools.len()).all(|i| !pool(pools, i).is_empty()),
            Stage::Running => advance(pools, &mut this.indices.borrow_mut()),
            Stage::Done => false,
        };
        if !more {
            this.stage.set(Stage::Done);
            return Ok(None);
        }
        this.stage.set(Stage::Running);
        let indices = this.indices.borrow();
        let result = Tuple::from_fn(&mut cx.heap, pools.len(), |i| pool(pools, i).get(indices[i]));
        Ok(Some(result.or_raise(cx)?.value()))
    }

    #[method("__sizeof__($self, /)")]
    fn sizeof(_: &mut Cx, this: Gc<Native<Product>>) -> i64 {
        56 + 8 * this.pools.expect().len() as i64
    }
}

/// One pool, the indices of the result, and for permutations the cycles.
#[derive(macros::Trace)]
pub struct Choice {
    pool: GcSlot<Tuple>,
    #[trace(skip)]
    indices: Opaque<Vec<usize>>,
    #[trace(skip)]
    cycles: Opaque<Vec<usize>>,
    size: usize,
    stage: Cell<Stage>,
}
impl NativeData for Choice {
    const NAME: &'static str = "itertools.combinations";
}

fn new_choice(
    cx: &mut Cx,
    class: Gc<Class>,
    pool: Gc<Tuple>,
    size: usize,
    indices: Vec<usize>,
    cycles: Vec<usize>,
    possible: bool,
) -> Gc<Native<Choice>> {
    let stage = Cell::new(if possible { Stage::Start } else { Stage::Done });
    let (indices, cycles) = (Opaque::new(indices), Opaque::new(cycles));
    new_native(cx, class, Choice { pool: GcSlot::of(pool), indices, cycles, size, stage })
}

/// The size of results: an int that is not negative.
fn size_argument(cx: &mut Cx, r: isize) -> PyResult<usize> {
    if r < 0 {
        return Err(value_error(cx, "r must be non-negative"));
    }
    Ok(r as usize)
}

fn next_choice(
    cx: &mut Cx,
    this: Gc<Native<Choice>>,
    advance: fn(&Choice, &mut [usize], &mut [usize]) -> bool,
) -> PyResult<Option<Value>> {
    let more = match this.stage.get() {
        Stage::Start => true,
        Stage::Running => advance(&this, &mut this.indices.borrow_mut(), &mut this.cycles.borrow_mut()),
        Stage::Done => false,
    };
    if !more {
        this.stage.set(Stage::Done);
        return Ok(None);
    }
    this.stage.set(Stage::Running);
    let (pool, indices) = (this.pool.expect(), this.indices.borrow());
    let result = Tuple::from_fn(&mut cx.heap, this.size, |i| pool.get(indices[i]));
    Ok(Some(result.or_raise(cx)?.value()))
}

#[macros::native_class(
    name = "combinations",
    module = "itertools",
    layout = Native<Choice>,
    flags = BASETYPE,
    doc = "Return successive r-length combinations of elements in the iterable.\n\ncombinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)"
)]
pub mod combinations {
    use super::*;

    #[slot(new, "combinations(iterable, r)")]
    fn new(cx: &mut Cx, class: Gc<Class>, iterable: Value, r: isize) -> PyResult<Gc<Native<Choice>>> {
        let pool = to_tuple(cx, iterable)?;
        let r = size_argument(cx, r)?;
        let possible = r <= pool.len();
        let indices = if possible { (0..r).collect() } else { Vec::new() };
        Ok(new_choice(cx, class, pool, r, indices, Vec::new(), possible))
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<Choice>>) -> Gc<Native<Choice>> {
        this
    }

    fn advance(this: &Choice, indices: &mut [usize], _: &mut [usize]) -> bool {
        let (n, r) = (this.pool.expect().len(), this.size);
        let Some(i) = (0..r).rev().find(|&i| indices[i] != i + n - r) else { return false };
        indices[i] += 1;
        for j in i + 1..r {
            indices[j] = indices[j - 1] + 1;
        }
        true
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<Choice>>) -> PyResult<Option<Value>> {
        next_choice(cx, this, advance)
    }

    #[method("__sizeof__($self, /)")]
    fn sizeof(_: &mut Cx, this: Gc<Native<Choice>>) -> i64 {
        56 + 8 * this.size as i64
    }
}

#[macros::native_class(
    name = "combinations_with_replacement",
    module = "itertools",
    layout = Native<Choice>,
    flags = BASETYPE,
    doc = "Return successive r-length combinations of elements in the iterable allowing individual elements to have successive repeats.\n\ncombinations_with_replacement('ABC', 2) --> ('A','A'), ('A','B'), ('A','C'), ('B','B'), ('B','C'), ('C','C')"
)]
pub mod with_replacement {
    use super::*;

    #[slot(new, "combinations_with_replacement(iterable, r)")]
    fn new(cx: &mut Cx, class: Gc<Class>, iterable: Value, r: isize) -> PyResult<Gc<Native<Choice>>> {
        let pool = to_tuple(cx, iterable)?;
        let r = size_argument(cx, r)?;
        let possible = r == 0 || !pool.is_empty();
        let indices = if possible { vec![0; r] } else { Vec::new() };
        Ok(new_choice(cx, class, pool, r, indices, Vec::new(), possible))
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<Choice>>) -> Gc<Native<Choice>> {
        this
    }

    fn advance(this: &Choice, indices: &mut [usize], _: &mut [usize]) -> bool {
        let n = this.pool.expect().len();
        let Some(i) = (0..this.size).rev().find(|&i| indices[i] != n - 1) else { return false };
        let index = indices[i] + 1;
        indices[i..].fill(index);
        true
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<Choice>>) -> PyResult<Option<Value>> {
        next_choice(cx, this, advance)
    }

    #[method("__sizeof__($self, /)")]
    fn sizeof(_: &mut Cx, this: Gc<Native<Choice>>) -> i64 {
        56 + 8 * this.size as i64
    }
}

#[macros::native_class(
    name = "permutations",
    module = "itertools",
    layout = Native<Choice>,
    flags = BASETYPE,
    doc = "Return successive r-length permutations of elements in the iterable.\n\npermutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), (2,0), (2,1)"
)]
pub mod permutations {
    use super::*;

    #[slot(new, "permutations(iterable, r=None)")]
    fn new(cx: &mut Cx, class: Gc<Class>, iterable: Value, r: Value) -> PyResult<Gc<Native<Choice>>> {
        let pool = to_tuple(cx, iterable)?;
        let n = pool.len();
        let r = if r.is_none() {
            n
        } else {
            if runtime::number::Num::of(r).is_none() {
                return Err(type_error(cx, "Expected int as r"));
            }
            let r = runtime::number::as_isize(cx, r)?;
            size_argument(cx, r)?
        };
        let possible = r <= n;
        let cycles = if possible { (0..r).map(|i| n - i).collect() } else { Vec::new() };
        Ok(new_choice(cx, class, pool, r, (0..n).collect(), cycles, possible))
    }

    #[slot]
    fn iter(_: &mut Cx, this: Gc<Native<Choice>>) -> Gc<Native<Choice>> {
        this
    }

    fn advance(this: &Choice, indices: &mut [usize], cycles: &mut [usize]) -> bool {
        let n = indices.len();
        for i in (0..this.size).rev() {
            cycles[i] -= 1;
            if cycles[i] == 0 {
                indices[i..].rotate_left(1);
                cycles[i] = n - i;
            } else {
                indices.swap(i, n - cycles[i]);
                return true;
            }
        }
        false
    }

    #[slot]
    fn next(cx: &mut Cx, this: Gc<Native<Choice>>) -> PyResult<Option<Value>> {
        next_choice(cx, this, advance)
    }

    #[method("__sizeof__($self, /)")]
    fn sizeof(_: &mut Cx, this: Gc<Native<Choice>>) -> i64 {
        56 + 8 * (this.size + this.pool.expect().len()) as i64
    }
}
