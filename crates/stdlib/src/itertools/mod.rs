//! `itertools`: every iterator is a native class of its own; files go by what the iterators do.

mod combine;
mod endless;
mod group;
mod select;
mod tee;

use runtime::native::add_class;
use runtime::prelude::*;

#[macros::native_module(
    name = "itertools",
    doc = "Functional tools for creating and using iterators.\n\nInfinite iterators:\ncount(start=0, step=1) --> start, start+step, start+2*step, ...\ncycle(p) --> p0, p1, ... plast, p0, p1, ...\nrepeat(elem [,n]) --> elem, elem, elem, ... endlessly or up to n times\n\nIterators terminating on the shortest input sequence:\naccumulate(p[, func]) --> p0, p0+p1, p0+p1+p2\nbatched(p, n) --> [p0, p1, ..., p_n-1], [p_n, p_n+1, ..., p_2n-1], ...\nchain(p, q, ...) --> p0, p1, ... plast, q0, q1, ...\nchain.from_iterable([p, q, ...]) --> p0, p1, ... plast, q0, q1, ...\ncompress(data, selectors) --> (d[0] if s[0]), (d[1] if s[1]), ...\ndropwhile(predicate, seq) --> seq[n], seq[n+1], starting when predicate fails\ngroupby(iterable[, keyfunc]) --> sub-iterators grouped by value of keyfunc(v)\nfilterfalse(predicate, seq) --> elements of seq where pred(elem) is False\nislice(seq, [start,] stop [, step]) --> elements from\n       seq[start:stop:step]\npairwise(s) --> (s[0],s[1]), (s[1],s[2]), (s[2], s[3]), ...\nstarmap(fun, seq) --> fun(*seq[0]), fun(*seq[1]), ...\ntee(it, n) --> (it1, it2 , ... itn) splits one iterator into n\ntakewhile(predicate, seq) --> seq[0], seq[1], until predicate fails\nzip_longest(p, q, ...) --> (p[0], q[0]), (p[1], q[1]), ...\n\nCombinatoric generators:\nproduct(p, q, ... [repeat=1]) --> cartesian product\npermutations(p[, r])\ncombinations(p, r)\ncombinations_with_replacement(p, r)\n"
)]
pub mod module {
    use super::*;

    /// Returns a tuple of n independent iterators.
    #[function("tee(iterable, n=2, /)")]
    fn tee(cx: &mut Cx, iterable: Value, n: isize) -> PyResult<Gc<Tuple>> {
        super::tee::split(cx, iterable, n)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        for spec in [
            &super::endless::count::SPEC,
            &super::endless::cycle::SPEC,
            &super::endless::repeat::SPEC,
            &super::select::chain::SPEC,
            &super::select::compress::SPEC,
            &super::select::dropwhile::SPEC,
            &super::select::takewhile::SPEC,
            &super::select::filterfalse::SPEC,
            &super::select::starmap::SPEC,
            &super::select::islice::SPEC,
            &super::group::accumulate::SPEC,
            &super::group::batched::SPEC,
            &super::group::groupby::SPEC,
            &super::group::grouper::SPEC,
            &super::group::pairwise::SPEC,
            &super::group::zip_longest::SPEC,
            &super::combine::product::SPEC,
            &super::combine::permutations::SPEC,
            &super::combine::combinations::SPEC,
            &super::combine::with_replacement::SPEC,
            &super::tee::class::SPEC,
            &super::tee::data::SPEC,
        ] {
            add_class(cx, module, spec)?;
        }
        Ok(())
    }
}
