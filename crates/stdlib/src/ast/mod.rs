//! `_ast`: the classes of syntax trees, and trees as objects and back.
//!
//! [`schema`] holds the grammar, [`classes`] makes its classes, [`build`] turns the compiler's tree into objects for
//! `compile(…, PyCF_ONLY_AST)`, and [`read`] turns objects into the compiler's tree.

mod base;
mod build;
mod read;
mod schema;
mod validate;

pub use build::{function_type_to_python, to_python};
pub use read::{check_root, from_python, is_tree};

use runtime::native::{class_of_spec, set_module_attr};
use runtime::prelude::*;
use schema::{Arity, Node};
use std::collections::HashMap;
use std::rc::Rc;

/// The classes, made once a VM.
pub struct Classes {
    by_name: HashMap<&'static str, usize>,
    classes: RootVec,
    /// The shared nodes of the enumerations, by class.
    singletons: RootVec,
    nodes: Vec<Node>,
}

/// Where the classes are kept.
#[derive(Default)]
struct State(std::cell::OnceCell<Rc<Classes>>);

impl Classes {
    /// The class of this name.
    pub fn class(&self, name: &str) -> Gc<Class> {
        let class = self.by_name.get(name).and_then(|&i| self.classes.get(i).cast::<Class>());
        class.expect("every name of the grammar has a class")
    }

    /// The one node of a class without fields.
    pub fn singleton(&self, name: &str) -> Value {
        self.singletons.get(self.by_name[name])
    }

    /// The constructor that `value` is an instance of, among those of a sum.
    pub fn constructor_of(&self, cx: &Cx, value: Value, sum: &str) -> Option<&'static str> {
        let of_sum = self.nodes.iter().filter(|n| n.base == Some(sum));
        of_sum.map(|n| n.name).find(|name| cx.is_instance(value, self.class(name)))
    }

    pub fn node(&self, name: &str) -> &Node {
        &self.nodes[self.by_name[name]]
    }
}

/// The classes of this VM.
pub fn classes(cx: &mut Cx) -> PyResult<Rc<Classes>> {
    let state = cx.vm().extension(State::default);
    if let Some(classes) = state.0.get() {
        return Ok(classes.clone());
    }
    let classes = Rc::new(make_classes(cx)?);
    Ok(state.0.get_or_init(|| classes).clone())
}

fn name_tuple(cx: &mut Cx, names: &[&str]) -> PyResult<Gc<Tuple>> {
    let items = cx.vm().root_vec();
    for name in names {
        items.push(cx.heap.intern(name));
    }
    Tuple::from_fn(&mut cx.heap, names.len(), |i| items.get(i)).or_raise(cx)
}

fn put(cx: &mut Cx, dict: Gc<Dict>, name: &str, value: impl Into<Value>) -> PyResult<()> {
    let (name, value) = (cx.heap.intern(name), value.into());
    dict.set_str(&mut cx.heap, name, value).or_raise(cx)
}

const POSITIONS: [&str; 4] = ["lineno", "col_offset", "end_lineno", "end_col_offset"];

fn make_classes(cx: &mut Cx) -> PyResult<Classes> {
    let ast = class_of_spec(cx, &base::class::SPEC)?;
    let classes = Classes {
        by_name: HashMap::new(),
        classes: cx.vm().root_vec(),
        singletons: cx.vm().root_vec(),
        nodes: schema::nodes(),
    };
    let mut made = classes;
    for i in 0..made.nodes.len() {
        let node = &made.nodes[i];
        let namespace = Dict::new(&mut cx.heap);
        let names: Vec<&str> = node.fields.iter().map(|f| f.name).collect();
        let fields = name_tuple(cx, &names)?;
        put(cx, namespace, "_fields", fields)?;
        put(cx, namespace, "__match_args__", fields)?;
        let module = cx.heap.intern("ast");
        put(cx, namespace, "__module__", module)?;
        let doc = cx.heap.str(&node.doc);
        put(cx, namespace, "__doc__", doc)?;
        if node.base.is_none() {
            let attributes = name_tuple(cx, if node.is_located { &POSITIONS } else { &[] })?;
            put(cx, namespace, "_attributes", attributes)?;
        }
        for field in node.fields.iter().filter(|f| f.arity == Arity::Optional) {
            put(cx, namespace, field.name, Value::NONE)?;
        }
        if node.is_end_optional {
            put(cx, namespace, "end_lineno", Value::NONE)?;
            put(cx, namespace, "end_col_offset", Value::NONE)?;
        }
        let base = node.base.map_or(ast, |base| made.class(base));
        let bases = cx.heap.tuple(&[base.value()]);
        let (name, meta) = (cx.heap.intern(node.name), cx.types().type_);
        let class = runtime::typing::new_class(cx, meta, name, bases, namespace)?;
        made.classes.push(class);
        made.by_name.insert(node.name, i);
        let is_shared = node.base.is_some_and(|base| schema::ENUMERATIONS.contains(&base));
        let singleton = if is_shared { cx.heap.instance(class.instance_shape.get()) } else { Value::NONE };
        made.singletons.push(singleton);
    }
    for node in made.nodes.iter().filter(|n| !n.is_sum) {
        let types = Dict::new(&mut cx.heap);
        for field in &node.fields {
            let ty = field_type(cx, &made, field)?;
            put(cx, types, field.name, ty)?;
        }
        let class = made.class(node.name).value();
        for name in ["_field_types", "__annotations__"] {
            let name = cx.heap.intern(name);
            set_attr(cx, class, name, types.value())?;
        }
    }
    Ok(made)
}

/// The value of a field in `_field_types`: `T`, `T | None` or `list[T]`.
fn field_type(cx: &mut Cx, classes: &Classes, field: &schema::Field) -> PyResult {
    let types = cx.types();
    let ty = match field.ty {
        "identifier" | "string" => types.str,
        "int" => types.int,
        "constant" => types.object,
        name => classes.class(name),
    };
    match field.arity {
        Arity::One => Ok(ty.value()),
        Arity::Optional => binary_op(cx, BinaryOp::Or, ty.value(), Value::NONE),
        Arity::Many => runtime::hooks::generic_alias(cx, types.list.value(), ty.value()),
    }
}

#[macros::native_module(name = "_ast")]
pub mod module {
    use super::*;

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let ast = class_of_spec(cx, &base::class::SPEC)?;
        set_module_attr(cx, module, "AST", ast)?;
        let classes = classes(cx)?;
        for node in &classes.nodes {
            set_module_attr(cx, module, node.name, classes.class(node.name))?;
        }
        for (name, flag) in [
            ("PyCF_ALLOW_TOP_LEVEL_AWAIT", 0x2000),
            ("PyCF_ONLY_AST", 0x400),
            ("PyCF_OPTIMIZED_AST", 0x8400),
            ("PyCF_TYPE_COMMENTS", 0x1000),
        ] {
            set_module_attr(cx, module, name, Int::from_len(flag).value())?;
        }
        Ok(())
    }
}
