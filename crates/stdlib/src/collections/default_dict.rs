//! `defaultdict`: a dict with one reserved slot for the factory.

use object::shape::RootLayout;
use runtime::prelude::*;

/// The slot of instances that holds the factory.
const FACTORY: usize = 0;

fn factory(this: Gc<Dict>) -> Value {
    Attributes::of(this.value()).and_then(|a| a.slot(FACTORY).bound()).unwrap_or(Value::NONE)
}

fn set_factory(this: Gc<Dict>, value: Value) {
    if let Some(attributes) = Attributes::of(this.value()) {
        attributes.set_slot(FACTORY, value);
    }
}

fn copy_of(cx: &mut Cx, this: Gc<Dict>) -> PyResult {
    let class = cx.class_of(this.value());
    call(cx, class.value(), &[factory(this), this.value()])
}

#[macros::native_class(
    name = "defaultdict",
    module = "collections",
    layout = Dict,
    base = dict,
    flags = BASETYPE | MAPPING | DICT_SUBCLASS | MATCH_SELF,
    doc = "defaultdict(default_factory=None, /, [...]) --> dict with default factory\n\nThe default factory is called without arguments to produce\na new value when a key is not present, in __getitem__ only.\nA defaultdict compares equal to a dict with the same items.\nAll remaining arguments are treated the same as if they were\npassed to the dict constructor, including keyword arguments."
)]
pub mod class {
    use super::*;

    #[slot]
    fn init(cx: &mut Cx, this: Gc<Dict>, args: Args<'_>) -> PyResult<()> {
        let Some(&default) = args.positional().first() else {
            set_factory(this, Value::NONE);
            return runtime::types::dict::update_from_args(cx, this, args, "dict");
        };
        if !default.is_none() && cx.class_of(default).slots.call.get().is_none() {
            return Err(type_error(cx, "first argument must be callable or None"));
        }
        set_factory(this, default);
        runtime::types::dict::update_from_args(cx, this, args.without_first(), "dict")
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Dict>) -> PyResult<Gc<Str>> {
        let Some(dict_repr) = cx.types().dict.slots.repr.get() else { return repr_of(cx, Value::NONE) };
        let base = dict_repr(cx, this.value())?;
        let name = cx.class_of(this.value()).display_name();
        let mut out = object::StrBuilder::new();
        out.push_str(&name);
        out.push_str("(");
        // A factory bound to this very dict must not recurse.
        let default = factory(this);
        if runtime::text::enter_repr(cx, default) {
            let text = repr_of(cx, default);
            runtime::text::leave_repr(cx);
            out.push_py(&*text?);
        } else {
            out.push_str("...");
        }
        out.push_str(", ");
        if let Some(text) = base.downcast::<Str>() {
            out.push_py(&text);
        }
        out.push_str(")");
        out.finish(&mut cx.heap).or_raise(cx)
    }

    #[slot(binary = Or)]
    fn or(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (Some(a), Some(b)) = (left.cast::<Dict>(), right.cast::<Dict>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        // The operand that is a defaultdict gives the class and the factory.
        let own = cx.class_of(left).slots.init.get();
        let like = if own.is_some() && Attributes::of(left).is_some() { a } else { b };
        let class = cx.class_of(like.value());
        let new = call(cx, class.value(), &[factory(like), left])?;
        if let Some(dict) = new.cast::<Dict>() {
            runtime::dict::update(cx, dict, right)?;
        }
        Ok(new)
    }

    /// __missing__(key) # Called by __getitem__ for missing key; pseudo-code:
    /// if self.default_factory is None: raise KeyError((key,))
    /// self[key] = value = self.default_factory()
    /// return value
    #[method("__missing__($self, key, /)")]
    fn missing(cx: &mut Cx, this: Gc<Dict>, key: Value) -> PyResult {
        let default = factory(this);
        if default.is_none() {
            return Err(key_error(cx, key));
        }
        let value = call(cx, default, &[])?;
        set_item(cx, this.value(), key, value)?;
        Ok(value)
    }

    /// D.copy() -> a shallow copy of D.
    #[method("copy($self, /)")]
    fn copy(cx: &mut Cx, this: Gc<Dict>) -> PyResult {
        copy_of(cx, this)
    }

    /// D.copy() -> a shallow copy of D.
    #[method("__copy__($self, /)")]
    fn dunder_copy(cx: &mut Cx, this: Gc<Dict>) -> PyResult {
        copy_of(cx, this)
    }

    /// Return state information for pickling.
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<Dict>) -> PyResult<Gc<Tuple>> {
        let default = factory(this);
        let args = if default.is_none() { cx.heap.tuple(&[]) } else { cx.heap.tuple(&[default]) };
        let name = cx.names().items;
        let items = call_method(cx, this.value(), name, &[])?;
        let items = get_iter(cx, items)?;
        let class = cx.class_of(this.value()).value();
        Ok(cx.heap.tuple(&[class, args.value(), Value::NONE, Value::NONE, items]))
    }

    /// See PEP 585
    #[classmethod("__class_getitem__($type, object, /)")]
    fn class_getitem(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult {
        runtime::hooks::generic_alias(cx, class.value(), object)
    }

    /// Factory for default value called by __missing__().
    #[getter]
    fn default_factory(_: &mut Cx, this: Gc<Dict>) -> Value {
        factory(this)
    }

    #[setter(default_factory)]
    fn set_default_factory(_: &mut Cx, this: Gc<Dict>, value: Option<Value>) -> PyResult<()> {
        set_factory(this, value.unwrap_or(Value::NONE));
        Ok(())
    }

    #[init]
    fn init_class(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        let layout = RootLayout {
            kind: Dict::KIND,
            base_size: class.base_size.get() as usize,
            has_dict: false,
            reserved_slots: 1,
            inline_slots: 1,
        };
        class.reserved_slots.set(1);
        class.instance_shape.set(cx.vm().shape_space().root(class.word(), layout));
        Ok(())
    }
}
