//! `OrderedDict`: dicts keep their order anyway; this adds moving, popping at either end and ordered equality.

use runtime::prelude::*;

/// What every change of a dict's keys or of their order makes another: the table, the entries ever put into it, and those
/// that are left.
type Version = (Option<Gc<object::DictStorage>>, usize, usize);

fn version(dict: Gc<Dict>) -> Version {
    (dict.storage(), dict.n_entries(), dict.len())
}

/// Refuse to go on when `dict` is not as it was.
fn check_version(cx: &mut Cx, dict: Gc<Dict>, before: Version) -> PyResult<()> {
    if version(dict) == before {
        return Ok(());
    }
    Err(runtime_error(cx, "OrderedDict mutated during iteration"))
}

/// Whether the keys of `a` and `b` are equal, one by one.
fn same_order(cx: &mut Cx, a: Gc<Dict>, b: Gc<Dict>) -> PyResult<bool> {
    let (a_before, b_before) = (version(a), version(b));
    let (mut i, mut j) = (0, 0);
    loop {
        let ((at, key), (bt, other)) = match (a.next_entry(i), b.next_entry(j)) {
            (Some((at, key, _)), Some((bt, other, _))) => ((at, key), (bt, other)),
            (None, None) => return Ok(true),
            _ => return Ok(false),
        };
        (i, j) = (at + 1, bt + 1);
        let is_equal = equals(cx, key, other)?;
        check_version(cx, a, a_before)?;
        check_version(cx, b, b_before)?;
        if !is_equal {
            return Ok(false);
        }
    }
}

/// Store through `__setitem__` for subclasses that have their own.
fn update_items(cx: &mut Cx, this: Gc<Dict>, args: Args<'_>, function: &str) -> PyResult<()> {
    let class = cx.class_of(this.value());
    let name = cx.names().__setitem__;
    if cx.lookup_class(class, name) == cx.lookup_class(cx.types().dict, name) {
        return runtime::types::dict::update_from_args(cx, this, args, function);
    }
    let all = Dict::new(&mut cx.heap);
    runtime::types::dict::update_from_args(cx, all, args, function)?;
    let mut i = 0;
    while let Some((at, key, value)) = all.next_entry(i) {
        i = at + 1;
        set_item(cx, this.value(), key, value)?;
    }
    Ok(())
}

/// Put entry `i` in front of all others.
fn move_to_front(cx: &mut Cx, this: Gc<Dict>, i: usize) -> PyResult<()> {
    let rest = Dict::new(&mut cx.heap);
    let (key, value, hash) = (this.key_at(i), this.value_at(i), this.entry_hash(i));
    this.remove_at(i);
    this.copy_into(&mut cx.heap, rest).or_raise(cx)?;
    this.clear();
    this.append(&mut cx.heap, key, hash, value).or_raise(cx)?;
    let mut i = 0;
    while let Some((at, key, value)) = rest.next_entry(i) {
        i = at + 1;
        this.append(&mut cx.heap, key, rest.entry_hash(at), value).or_raise(cx)?;
    }
    Ok(())
}

fn is_ordered(cx: &mut Cx, v: Value) -> PyResult<bool> {
    let class = runtime::native::class_of_spec(cx, &class::SPEC)?;
    Ok(cx.is_instance(v, class))
}

#[macros::native_class(
    name = "OrderedDict",
    module = "collections",
    layout = Dict,
    base = dict,
    flags = BASETYPE | MAPPING | DICT_SUBCLASS | MATCH_SELF,
    traits = HAS_DICT | HAS_WEAKREF,
    doc = "Dictionary that remembers insertion order"
)]
pub mod class {
    use super::*;

    #[slot]
    fn init(cx: &mut Cx, this: Gc<Dict>, args: Args<'_>) -> PyResult<()> {
        update_items(cx, this, args, "OrderedDict")
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Dict>) -> PyResult<Gc<Str>> {
        let name = cx.class_of(this.value()).display_name();
        if this.is_empty() {
            return Str::from_utf8(&mut cx.heap, &format!("{name}()")).or_raise(cx);
        }
        if !runtime::text::enter_repr(cx, this.value()) {
            return Str::from_utf8(&mut cx.heap, "...").or_raise(cx);
        }
        let plain = runtime::dict::copy(cx, this);
        let text = plain.and_then(|dict| repr_of(cx, dict.value()));
        runtime::text::leave_repr(cx);
        let mut out = object::StrBuilder::new();
        out.push_str(&name);
        out.push_str("(");
        out.push_py(&*text?);
        out.push_str(")");
        out.finish(&mut cx.heap).or_raise(cx)
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Gc<Dict>, other: Value, op: CompareOp) -> PyResult {
        let Some(dict) = other.cast::<Dict>() else { return Ok(Value::NOT_IMPLEMENTED) };
        if op != CompareOp::Eq && op != CompareOp::Ne {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let mut equal = runtime::types::dict::equal(cx, this, dict)?;
        if equal && is_ordered(cx, other)? {
            equal = same_order(cx, this, dict)?;
        }
        Ok(Value::bool(equal == (op == CompareOp::Eq)))
    }

    #[slot(binary = Or)]
    fn or(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        if !left.is_a::<Dict>() || !right.is_a::<Dict>() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let like = if is_ordered(cx, left)? { left } else { right };
        let class = cx.class_of(like);
        let new = call(cx, class.value(), &[left])?;
        if let Some(dict) = new.cast::<Dict>() {
            update_items(cx, dict, Args::positional_only(&[right]), "update")?;
        }
        Ok(new)
    }

    #[slot(inplace = Or)]
    fn ior(cx: &mut Cx, this: Gc<Dict>, other: Value) -> PyResult<Gc<Dict>> {
        update_items(cx, this, Args::positional_only(&[other]), "update")?;
        Ok(this)
    }

    /// Create a new ordered dictionary with keys from iterable and values set to value.
    #[classmethod("fromkeys($type, /, iterable, value=None)")]
    fn fromkeys(cx: &mut Cx, class: Gc<Class>, iterable: Value, value: Value) -> PyResult {
        let new = call(cx, class.value(), &[])?;
        for_each(cx, iterable, |cx, key| set_item(cx, new, key, value))?;
        Ok(new)
    }

    /// Remove and return a (key, value) pair from the dictionary.
    ///
    /// Pairs are returned in LIFO order if last is true or FIFO order if false.
    #[method("popitem($self, /, last=True)")]
    fn popitem(cx: &mut Cx, this: Gc<Dict>, last: bool) -> PyResult<Gc<Tuple>> {
        let entry = if last { this.previous_entry(usize::MAX) } else { this.next_entry(0) };
        match entry {
            Some((i, key, value)) => {
                this.remove_at(i);
                Ok(cx.heap.tuple(&[key, value]))
            }
            None => {
                let message = cx.heap.str("dictionary is empty");
                Err(key_error(cx, message))
            }
        }
    }

    /// Move an existing element to the end (or beginning if last is false).
    ///
    /// Raise KeyError if the element does not exist.
    #[method("move_to_end($self, /, key, last=True)")]
    fn move_to_end(cx: &mut Cx, this: Gc<Dict>, key: Value, last: bool) -> PyResult<()> {
        let hash = runtime::dict::hash_key(cx, key)?;
        match runtime::dict::find(cx, this, key, hash)? {
            Some(i) if last => this.move_to_end(&mut cx.heap, i).or_raise(cx),
            Some(i) => move_to_front(cx, this, i),
            None => Err(key_error(cx, key)),
        }
    }

    /// od.pop(key[,default]) -> v, remove specified key and return the corresponding value.
    ///
    /// If the key is not found, return the default if given; otherwise,
    /// raise a KeyError.
    #[method("pop($self, /, key, default=<unrepresentable>)")]
    fn pop(cx: &mut Cx, this: Gc<Dict>, key: Value, default: Option<Value>) -> PyResult {
        match (runtime::dict::remove(cx, this, key)?, default) {
            (Some(value), _) | (None, Some(value)) => Ok(value),
            (None, None) => Err(key_error(cx, key)),
        }
    }

    /// Insert key with a value of default if key is not in the dictionary.
    ///
    /// Return the value for key if key is in the dictionary, else default.
    #[method("setdefault($self, /, key, default=None)")]
    fn setdefault(cx: &mut Cx, this: Gc<Dict>, key: Value, default: Value) -> PyResult {
        if let Some(value) = runtime::dict::get(cx, this, key)? {
            return Ok(value);
        }
        set_item(cx, this.value(), key, default)?;
        Ok(default)
    }

    /// D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F.
    #[method(raw, "update($self, /, *args, **kwargs)")]
    fn update(cx: &mut Cx, this: Gc<Dict>, args: Args<'_>) -> PyResult<()> {
        update_items(cx, this, args, "update")
    }

    /// od.copy() -> a shallow copy of od
    #[method("copy($self, /)")]
    fn copy(cx: &mut Cx, this: Gc<Dict>) -> PyResult {
        let class = cx.class_of(this.value());
        let new = call(cx, class.value(), &[])?;
        let plain = new.cast::<Dict>().filter(|_| !class.is_heap_type());
        let before = version(this);
        let mut i = 0;
        while let Some((at, key, value)) = this.next_entry(i) {
            i = at + 1;
            match plain {
                Some(new) => runtime::dict::set_hashed(cx, new, key, this.entry_hash(at), value)?,
                None => {
                    let value = get_item(cx, this.value(), key)?;
                    check_version(cx, this, before)?;
                    set_item(cx, new, key, value)?;
                }
            }
            check_version(cx, this, before)?;
        }
        Ok(new)
    }

    /// Return state information for pickling
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<Dict>) -> PyResult<Gc<Tuple>> {
        let class = cx.class_of(this.value()).value();
        let empty = cx.vm().empty_tuple().value();
        let name = cx.names().__getstate__;
        let state = call_method(cx, this.value(), name, &[])?;
        let name = cx.names().items;
        let items = call_method(cx, this.value(), name, &[])?;
        let items = get_iter(cx, items)?;
        Ok(cx.heap.tuple(&[class, empty, state, Value::NONE, items]))
    }
}
