//! Tuples with named fields, as C code has them: `os.stat_result`, `time.struct_time`, `sys.flags`.
//!
//! An instance is a subclass instance of `tuple` around the visible items; fields beyond those are attributes.

use object::class::{flags, traits};
use runtime::native::class_of_spec;
use runtime::prelude::*;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The definition of one such class.
pub struct StructSeq {
    /// With the module: `os.stat_result`.
    pub name: &'static str,
    pub doc: &'static str,
    pub fields: &'static [(&'static str, &'static str)],
    /// The first so many fields are items; an item whose name is empty has none.
    pub n_sequence: usize,
    /// Python code may make instances.
    pub can_create: bool,
}

/// Definitions by the address of the class definition made from them; one a process.
static SPECS: Mutex<Option<HashMap<usize, (usize, &'static TypeSpec)>>> = Mutex::new(None);
static DEFINITIONS: Mutex<Vec<(usize, &'static StructSeq)>> = Mutex::new(Vec::new());

const MAX_FIELDS: usize = 24;

fn field<const I: usize>(_: &mut Cx, this: Value) -> PyResult {
    Ok(this.downcast::<Tuple>().and_then(|t| t.try_get(I)).unwrap_or(Value::NONE))
}

type Getter = fn(&mut Cx, Value) -> PyResult;

const GETTERS: [Getter; MAX_FIELDS] = [
    field::<0>,
    field::<1>,
    field::<2>,
    field::<3>,
    field::<4>,
    field::<5>,
    field::<6>,
    field::<7>,
    field::<8>,
    field::<9>,
    field::<10>,
    field::<11>,
    field::<12>,
    field::<13>,
    field::<14>,
    field::<15>,
    field::<16>,
    field::<17>,
    field::<18>,
    field::<19>,
    field::<20>,
    field::<21>,
    field::<22>,
    field::<23>,
];

fn spec_of(def: &'static StructSeq) -> &'static TypeSpec {
    let mut specs = SPECS.lock().unwrap_or_else(PoisonError::into_inner);
    let specs = specs.get_or_insert_with(HashMap::new);
    let key = std::ptr::from_ref(def) as usize;
    if let Some(&(_, spec)) = specs.get(&key) {
        return spec;
    }
    let getset: Vec<GetSetDef> = def.fields[..def.n_sequence]
        .iter()
        .enumerate()
        .filter(|(_, (name, _))| !name.is_empty())
        .map(|(i, &(name, doc))| GetSetDef { name, doc, get: GETTERS[i], set: None })
        .collect();
    let (module, name) = def.name.rsplit_once('.').unwrap_or(("builtins", def.name));
    let spec: &'static TypeSpec = Box::leak(Box::new(TypeSpec {
        name,
        module,
        doc: def.doc,
        flags: flags::TUPLE_SUBCLASS | if def.can_create { 0 } else { flags::DISALLOW_INSTANTIATION },
        traits: traits::HAS_DICT | traits::PAYLOAD,
        base: Some(|cx| Ok(cx.types().tuple)),
        methods: &[REDUCE, REPLACE],
        getset: Box::leak(getset.into_boxed_slice()),
        slots: |slots| {
            slots.repr.set(Some(repr));
            slots.new.set(Some(new));
        },
        init: Some(init),
        kind: object::Payload::KIND,
        size: size_of::<object::Payload>(),
    }));
    DEFINITIONS.lock().unwrap_or_else(PoisonError::into_inner).push((std::ptr::from_ref(spec) as usize, def));
    specs.insert(key, (key, spec));
    spec
}

fn definition(class: Gc<Class>) -> Option<&'static StructSeq> {
    let spec = class.spec.get()?;
    let key = std::ptr::from_ref(spec) as usize;
    let definitions = DEFINITIONS.lock().unwrap_or_else(PoisonError::into_inner);
    definitions.iter().find(|(k, _)| *k == key).map(|(_, def)| *def)
}

/// The class of a definition, made on first use.
pub fn class(cx: &mut Cx, def: &'static StructSeq) -> PyResult<Gc<Class>> {
    class_of_spec(cx, spec_of(def))
}

/// An instance: values of all fields, the visible ones first.
pub fn make(cx: &mut Cx, def: &'static StructSeq, values: &[Value]) -> PyResult {
    let class = class(cx, def)?;
    build(cx, class, def, values)
}

fn build(cx: &mut Cx, class: Gc<Class>, def: &StructSeq, values: &[Value]) -> PyResult {
    let items = Tuple::new(&mut cx.heap, &values[..def.n_sequence]).or_raise(cx)?;
    let root = class.instance_shape.get();
    let object = cx.heap.payload(root, items.value()).value();
    let (hidden, names) = (&values[def.n_sequence..], &def.fields[def.n_sequence..]);
    if hidden.is_empty() {
        return Ok(object);
    }
    let key = (std::ptr::from_ref(def) as usize, root.raw());
    let known = cx.vm().extension(ShapePaths::default);
    if let Some(path) = known.0.borrow().get(&key).filter(|path| path.len() == hidden.len())
        && let Some(attributes) = Attributes::of(object)
    {
        for (&value, &shape) in hidden.iter().zip(path) {
            attributes.add(&mut cx.heap, ShapeId::from_raw(shape), value).or_raise(cx)?;
        }
        return Ok(object);
    }
    let mut path = Vec::new();
    for (&value, (name, _)) in hidden.iter().zip(names) {
        crate::support::set_own(cx, object, name, value)?;
        path.push(Cx::shape_of(object));
    }
    // Shapes of native classes live as long as the VM.
    if !class.is_heap_type() {
        known.0.borrow_mut().insert(key, path);
    }
    Ok(object)
}

/// The shapes that instances go through as their hidden fields are set, by definition and first shape.
#[derive(Default)]
struct ShapePaths(RefCell<HashMap<(usize, u32), Vec<u32>>>);

fn init(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
    let Some(def) = definition(class) else { return Ok(()) };
    let Some(dict) = class.dict.get() else { return Ok(()) };
    let unnamed = def.fields[..def.n_sequence].iter().filter(|(name, _)| name.is_empty()).count();
    for (name, n) in
        [("n_fields", def.fields.len()), ("n_sequence_fields", def.n_sequence), ("n_unnamed_fields", unnamed)]
    {
        let name = cx.heap.intern(name);
        dict.set_str(&mut cx.heap, name, Int::from_len(n).value()).or_raise(cx)?;
    }
    let names: Vec<&str> = def.fields[..def.n_sequence].iter().map(|f| f.0).filter(|n| !n.is_empty()).collect();
    let list = List::empty(&mut cx.heap);
    for name in names {
        let name = cx.heap.intern(name);
        list.push(&mut cx.heap, name.value()).or_raise(cx)?;
    }
    let names = to_tuple(cx, list.value())?;
    let key = cx.names().__match_args__;
    dict.set_str(&mut cx.heap, key, names.value()).or_raise(cx)
}

fn repr(cx: &mut Cx, this: Value) -> PyResult {
    let class = cx.class_of(this);
    let Some((def, items)) = definition(class).zip(this.downcast::<Tuple>()) else { return generic_repr(cx, this) };
    let mut text = StrBuilder::new();
    text.push_str(def.name);
    text.push_char('(');
    for (i, (name, _)) in def.fields[..def.n_sequence].iter().enumerate() {
        if i > 0 {
            text.push_str(", ");
        }
        text.push_str(name);
        text.push_char('=');
        let item = repr_of(cx, items.get(i))?;
        text.push_py(&item);
    }
    text.push_char(')');
    Ok(text.finish(&mut cx.heap).or_raise(cx)?.value())
}

fn generic_repr(cx: &mut Cx, this: Value) -> PyResult {
    repr_of(cx, this.unwrap_payload()).map(Gc::value)
}

fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
    let Some(def) = definition(class) else { return Err(type_error(cx, "not a structseq class")) };
    let name = def.name;
    if !def.can_create {
        return Err(type_error(cx, format!("cannot create '{name}' instances")));
    }
    let (mut sequence, mut dict) = (Value::UNBOUND, Value::NONE);
    for (i, &value) in args.positional().iter().enumerate() {
        match i {
            0 => sequence = value,
            1 => dict = value,
            _ => {
                return Err(type_error(
                    cx,
                    format!("structseq() takes at most 2 arguments ({} given)", args.values().len()),
                ));
            }
        }
    }
    for (key, value) in args.keywords() {
        match key.as_ascii() {
            Some("sequence") => sequence = value,
            Some("dict") => dict = value,
            _ => return Err(type_error(cx, format!("structseq() got an unexpected keyword argument '{key}'"))),
        }
    }
    if sequence.is_unbound() {
        return Err(type_error(cx, "structseq() missing required argument 'sequence' (pos 1)"));
    }
    if !runtime::iterate::is_iterable(cx, sequence) {
        return Err(type_error(cx, "constructor requires a sequence"));
    }
    let items = to_tuple(cx, sequence)?;
    let short = def.name.rsplit('.').next().unwrap_or(name);
    let (least, most, given) = (def.n_sequence, def.fields.len(), items.len());
    if given < least || given > most {
        let bound = match (least == most, given < least) {
            (true, _) => format!("a {least}-sequence"),
            (false, true) => format!("an at least {least}-sequence"),
            (false, false) => format!("an at most {most}-sequence"),
        };
        let _ = short;
        return Err(type_error(cx, format!("{name}() takes {bound} ({given}-sequence given)")));
    }
    let values = cx.vm().root_vec();
    for (i, (field, _)) in def.fields.iter().enumerate() {
        let value = match items.try_get(i) {
            Some(value) => value,
            None => match dict.downcast::<Dict>() {
                Some(dict) => {
                    let key = cx.heap.intern(field);
                    dict.get_str(key).unwrap_or(Value::NONE)
                }
                None => Value::NONE,
            },
        };
        values.push(value);
    }
    let mut all = [Value::NONE; 2 * MAX_FIELDS];
    for (i, value) in values.iter().enumerate() {
        all[i] = value;
    }
    build(cx, class, def, &all[..def.fields.len()])
}

static SELF: [Param; 1] = [Param { name: "self", kind: ParamKind::PositionalOnly, required: true }];

const REDUCE: NativeDef = NativeDef {
    name: "__reduce__",
    owner: "",
    signature: "($self, /)",
    doc: "",
    binding: Binding::Method,
    params: &SELF,
    min_args: 1,
    max_args: 1,
    entry: Entry::F1(reduce),
};

const REPLACE: NativeDef = NativeDef {
    name: "__replace__",
    owner: "",
    signature: "($self, /, **changes)",
    doc: "Return a copy of the structure with new values for the specified fields.",
    binding: Binding::Method,
    params: &[],
    min_args: 1,
    max_args: 1,
    entry: Entry::Raw(replace),
};

fn hidden_fields(cx: &mut Cx, this: Value, def: &StructSeq) -> PyResult<Gc<Dict>> {
    let dict = Dict::new(&mut cx.heap);
    for (name, _) in &def.fields[def.n_sequence..] {
        let name = cx.heap.intern(name);
        if let Some(value) = get_attr_opt(cx, this, name)? {
            dict.set_str(&mut cx.heap, name, value).or_raise(cx)?;
        }
    }
    Ok(dict)
}

fn reduce(cx: &mut Cx, this: Value) -> PyResult {
    let class = cx.class_of(this);
    let Some(def) = definition(class) else { return Err(type_error(cx, "not a structseq")) };
    let dict = hidden_fields(cx, this, def)?;
    let arguments = cx.heap.tuple(&[this.unwrap_payload(), dict.value()]);
    Ok(cx.heap.tuple(&[class.value(), arguments.value()]).value())
}

fn replace(cx: &mut Cx, args: Args<'_>) -> PyResult {
    let Some(&this) = args.positional().first() else {
        return Err(type_error(cx, "unbound method structseq.__replace__() needs an argument"));
    };
    let class = cx.class_of(this);
    let Some(def) = definition(class) else { return Err(type_error(cx, "not a structseq")) };
    if args.n_positional() > 1 {
        return Err(type_error(cx, "__replace__() takes no positional arguments"));
    }
    let mut values = [Value::NONE; 2 * MAX_FIELDS];
    for (i, (name, _)) in def.fields.iter().enumerate() {
        let name = cx.heap.intern(name);
        let changed = args.keywords().find(|(key, _)| key.equals(&name)).map(|(_, value)| value);
        values[i] = match changed {
            Some(value) => value,
            None => match this.downcast::<Tuple>().and_then(|t| t.try_get(i)) {
                Some(value) => value,
                None => get_attr_opt(cx, this, name)?.unwrap_or(Value::NONE),
            },
        };
    }
    if let Some((key, _)) = args.keywords().find(|(key, _)| !def.fields.iter().any(|(n, _)| key.eq_str(n))) {
        let list = cx.heap.list(&[key.value()]);
        let unexpected = repr_of(cx, list.value())?;
        return Err(type_error(cx, format!("Got unexpected field name(s): {unexpected}")));
    }
    build(cx, class, def, &values[..def.fields.len()])
}
