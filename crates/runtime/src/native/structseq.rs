//! Tuples with named fields: `sys.flags`, `os.stat_result`, `time.struct_time`.
//!
//! An instance is a payload object, as an instance of a Python subclass of `tuple` is: it holds the tuple of the visible
//! fields, and every field with a name also has a slot, which its member descriptor reads. Hidden fields have only that.

use super::{class_with_bases, split_receiver};
use crate::error::*;
use crate::iterate::to_tuple;
use crate::text::repr_of;
use object::class::flags;
use object::shape::RootLayout;
use object::*;

/// A field; without a name it can only be indexed.
pub struct Field {
    pub name: Option<&'static str>,
    pub doc: &'static str,
}

impl Field {
    pub const fn new(name: &'static str, doc: &'static str) -> Field {
        Field { name: Some(name), doc }
    }

    pub const UNNAMED: Field = Field { name: None, doc: "" };
}

/// The definition of a class of tuples with named fields; one static each.
pub struct StructSeq {
    spec: TypeSpec,
    fields: &'static [Field],
    /// Fields that belong to the tuple; the others are only attributes.
    n_visible: usize,
}

impl StructSeq {
    /// A class that Python code can call with a sequence.
    pub const fn new(
        module: &'static str,
        name: &'static str,
        doc: &'static str,
        fields: &'static [Field],
        n_visible: usize,
    ) -> StructSeq {
        let spec = TypeSpec {
            index: ProcessIndex::new(),
            name,
            module,
            doc,
            flags: flags::HAVE_GC,
            traits: 0,
            base: Some(tuple_class),
            methods: &METHODS,
            getset: &[],
            slots: |slots| {
                slots.new.set(Some(construct));
                slots.repr.set(Some(repr));
            },
            init: None,
            kind: Payload::KIND,
            size: size_of::<Payload>(),
        };
        StructSeq { spec, fields, n_visible }
    }

    /// A class whose instances only native code makes.
    pub const fn without_constructor(self) -> StructSeq {
        let StructSeq { spec, fields, n_visible } = self;
        StructSeq { spec: TypeSpec { flags: spec.flags | flags::DISALLOW_INSTANTIATION, ..spec }, fields, n_visible }
    }
}

fn tuple_class(cx: &mut Cx) -> PyResult<Gc<Class>> {
    Ok(cx.types().tuple)
}

static METHODS: [NativeDef; 2] = [
    NativeDef {
        name: "__reduce__",
        owner: "structseq",
        signature: "",
        doc: "",
        binding: Binding::Method,
        params: &[Param { name: "self", kind: ParamKind::PositionalOnly, required: true }],
        min_args: 1,
        max_args: 1,
        entry: Entry::F1(reduce),
    },
    NativeDef {
        name: "__replace__",
        owner: "structseq",
        signature: "($self, /, **changes)",
        doc: "Return a copy of the structure with new values for the specified fields.",
        binding: Binding::Method,
        params: &[],
        min_args: 1,
        max_args: 1,
        entry: Entry::Raw(replace),
    },
];

/// The class of `definition`, made on first use.
pub fn structseq_class(cx: &mut Cx, definition: &'static StructSeq) -> PyResult<Gc<Class>> {
    let spec = &definition.spec;
    if let Some(class) = cx.vm().native_class(spec) {
        return Ok(class);
    }
    let tuple = cx.types().tuple;
    let class = class_with_bases(cx, spec, &[tuple])?;
    let n = definition.fields.len();
    let layout = RootLayout {
        kind: Payload::KIND,
        base_size: size_of::<Payload>(),
        has_dict: false,
        reserved_slots: n,
        inline_slots: n,
    };
    class.instance_shape.set(cx.vm().shape_space().root(class.word(), layout));
    class.reserved_slots.set(n as u32);
    add_fields(cx, class, definition)?;
    Ok(class)
}

/// Member descriptors, `__match_args__`, and the counts.
fn add_fields(cx: &mut Cx, class: Gc<Class>, definition: &'static StructSeq) -> PyResult<()> {
    let dict = class.dict.expect();
    let names = cx.vm().root_vec();
    let visible = cx.vm().root_vec();
    for (i, field) in definition.fields.iter().enumerate() {
        let Some(name) = field.name else {
            names.push(Value::NONE);
            continue;
        };
        let name = cx.heap.intern(name);
        names.push(name);
        if i < definition.n_visible {
            visible.push(name);
        }
        let member = cx.heap.member_descriptor(class, name, i);
        member.read_only.set(true);
        dict.set_str(&mut cx.heap, name, member.value()).or_raise(cx)?;
    }
    let slot_names = Tuple::from_fn(&mut cx.heap, names.len(), |i| names.get(i)).or_raise(cx)?;
    class.slot_names.set(class, slot_names);
    let n_unnamed = definition.fields.iter().filter(|f| f.name.is_none()).count();
    let counts = [
        ("n_sequence_fields", definition.n_visible),
        ("n_fields", definition.fields.len()),
        ("n_unnamed_fields", n_unnamed),
    ];
    for (name, n) in counts {
        let name = cx.heap.intern(name);
        dict.set_str(&mut cx.heap, name, Int::from_len(n).value()).or_raise(cx)?;
    }
    let match_args = Tuple::from_fn(&mut cx.heap, visible.len(), |i| visible.get(i)).or_raise(cx)?;
    let name = cx.names().__match_args__;
    dict.set_str(&mut cx.heap, name, match_args.value()).or_raise(cx)
}

/// An instance with these values, one a field, hidden ones included.
pub fn new_structseq(cx: &mut Cx, definition: &'static StructSeq, values: &[Value]) -> PyResult {
    debug_assert_eq!(values.len(), definition.fields.len(), "one value a field");
    let class = structseq_class(cx, definition)?;
    let visible = Tuple::new(&mut cx.heap, &values[..definition.n_visible]).or_raise(cx)?;
    Ok(instance(cx, class, visible, |i| values[i]))
}

/// An instance with the tuple of visible fields and the values of all.
fn instance(cx: &mut Cx, class: Gc<Class>, visible: Gc<Tuple>, value: impl Fn(usize) -> Value) -> Value {
    let object = cx.heap.payload(class.instance_shape.get(), visible.value()).value();
    if let Some(slots) = Attributes::of(object) {
        (0..class.reserved_slots.get() as usize).for_each(|i| slots.set_slot(i, value(i)));
    }
    object
}

/// What the class says of its fields.
struct Shape {
    names: Gc<Tuple>,
    n_visible: usize,
}

fn shape(cx: &mut Cx, class: Gc<Class>) -> PyResult<Shape> {
    let key = cx.heap.intern("n_sequence_fields");
    let n_visible = class.dict.get().and_then(|d| d.get_str(key)).and_then(Value::as_int);
    match (class.slot_names.get().cast::<Tuple>(), n_visible) {
        (Some(names), Some(n)) => Ok(Shape { names, n_visible: n.get() as usize }),
        _ => {
            let name = class_name(class);
            Err(type_error(cx, format_args!("Missed attribute 'n_sequence_fields' of type {name}")))
        }
    }
}

/// `struct_time(sequence, dict={})`.
fn construct(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
    static DEF: NativeDef = NativeDef {
        name: "structseq",
        owner: "",
        signature: "",
        doc: "",
        binding: Binding::ClassMethod,
        params: &[
            Param { name: "type", kind: ParamKind::PositionalOnly, required: true },
            Param { name: "sequence", kind: ParamKind::Normal, required: true },
            Param { name: "dict", kind: ParamKind::Normal, required: false },
        ],
        min_args: 2,
        max_args: 3,
        entry: Entry::F3(construct_bound),
    };
    super::call_constructor(cx, &DEF, class.value(), args)
}

fn construct_bound(cx: &mut Cx, class: Value, sequence: Value, dict: Value) -> PyResult {
    let class: Gc<Class> = super::receiver(cx, class, "__new__", "structseq")?;
    let Shape { names, n_visible } = shape(cx, class)?;
    let n_fields = names.len();
    let name = class_name(class);
    let items = match to_tuple(cx, sequence) {
        Ok(items) => items,
        Err(raised) => {
            cx.catch(raised, cx.types().TypeError)?;
            return Err(type_error(cx, "constructor requires a sequence"));
        }
    };
    let dict = match (dict.bound(), dict.downcast::<Dict>()) {
        (None, _) => None,
        (Some(_), Some(dict)) => Some(dict),
        (Some(_), None) => {
            return Err(type_error(cx, format_args!("{name}() takes a dict as second arg, if any")));
        }
    };
    let given = items.len();
    let wrong = if n_visible == n_fields && given != n_visible {
        Some(("a", n_visible))
    } else if given < n_visible {
        Some(("an at least", n_visible))
    } else if given > n_fields {
        Some(("an at most", n_fields))
    } else {
        None
    };
    if let Some((word, n)) = wrong {
        return Err(type_error(cx, format_args!("{name}() takes {word} {n}-sequence ({given}-sequence given)")));
    }
    let field = |i: usize| match items.try_get(i) {
        Some(value) => value,
        None => dict.zip(names.get(i).cast::<Str>()).and_then(|(d, n)| d.get_str(n)).unwrap_or(Value::NONE),
    };
    // Every key of the dict names a field that the sequence does not give.
    let used = (given..n_fields)
        .filter(|&i| dict.zip(names.get(i).cast::<Str>()).is_some_and(|(d, n)| d.get_str(n).is_some()))
        .count();
    if dict.is_some_and(|d| d.len() > used) {
        return Err(type_error(cx, format_args!("{name}() got duplicate or unexpected field name(s)")));
    }
    let visible = Tuple::from_fn(&mut cx.heap, n_visible, field).or_raise(cx)?;
    Ok(instance(cx, class, visible, field))
}

/// The values of all fields.
fn field_value(this: Value, n_visible: usize, i: usize) -> Value {
    if i < n_visible
        && let Some(tuple) = this.downcast::<Tuple>()
    {
        return tuple.get(i);
    }
    Attributes::of(this).map_or(Value::NONE, |a| a.slot(i).bound().unwrap_or(Value::NONE))
}

/// `os.stat_result(st_mode=…, …)`.
fn repr(cx: &mut Cx, this: Value) -> PyResult {
    let class = cx.class_of(this);
    let Shape { names, n_visible } = shape(cx, class)?;
    let mut text = StrBuilder::new();
    text.push_str(&class_name(class));
    text.push_str("(");
    // The visible values go with the fields that have a name, in order.
    let named: Vec<usize> = (0..names.len()).filter(|&i| !names.get(i).is_none()).collect();
    for (i, &at) in named.iter().take(n_visible).enumerate() {
        if i > 0 {
            text.push_str(", ");
        }
        if let Some(name) = names.get(at).cast::<Str>() {
            text.push_py(&name);
        }
        text.push_str("=");
        let value = repr_of(cx, field_value(this, n_visible, i))?;
        text.push_py(&value);
    }
    text.push_str(")");
    Ok(text.finish(&mut cx.heap).or_raise(cx)?.value())
}

/// `(class, (visible fields, {hidden fields}))`.
fn reduce(cx: &mut Cx, this: Value) -> PyResult {
    let class = cx.class_of(this);
    let Shape { names, n_visible } = shape(cx, class)?;
    let visible = this.downcast::<Tuple>().map_or(Value::NONE, |t| t.value());
    let hidden = Dict::new(&mut cx.heap);
    for i in n_visible..names.len() {
        if let Some(name) = names.get(i).cast::<Str>() {
            hidden.set_str(&mut cx.heap, name, field_value(this, n_visible, i)).or_raise(cx)?;
        }
    }
    let args = cx.heap.tuple(&[visible, hidden.value()]);
    Ok(cx.heap.tuple(&[class.value(), args.value()]).value())
}

/// `copy.replace`.
fn replace(cx: &mut Cx, args: Args<'_>) -> PyResult {
    let (this, args) = split_receiver(cx, args, "__replace__", "structseq")?;
    if args.n_positional() > 0 {
        return Err(type_error(cx, "__replace__() takes no positional arguments"));
    }
    let class = cx.class_of(this);
    let Shape { names, n_visible } = shape(cx, class)?;
    if names.iter().any(Value::is_none) {
        let name = class_name(class);
        return Err(type_error(
            cx,
            format_args!("__replace__() is not supported for {name} because it has unnamed field(s)"),
        ));
    }
    let position = |name: Gc<Str>| names.iter().position(|n| n.cast::<Str>().is_some_and(|n| n.equals(&name)));
    let unknown = List::empty(&mut cx.heap);
    for (name, _) in args.keywords().filter(|&(name, _)| position(name).is_none()) {
        unknown.push(&mut cx.heap, name.value()).or_raise(cx)?;
    }
    if !unknown.is_empty() {
        let unknown = repr_of(cx, unknown.value())?;
        return Err(type_error(cx, format_args!("Got unexpected field name(s): {unknown}")));
    }
    let field = |i: usize| {
        let change = args.keywords().find(|&(name, _)| position(name) == Some(i));
        change.map_or_else(|| field_value(this, n_visible, i), |(_, value)| value)
    };
    let visible = Tuple::from_fn(&mut cx.heap, n_visible, field).or_raise(cx)?;
    Ok(instance(cx, class, visible, field))
}
