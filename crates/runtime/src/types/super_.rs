//! `super`.

use crate::prelude::*;
use crate::typing::is_subtype;
use bytecode::LocalKind;
use macros::native_class;

#[native_class(
    name = "super",
    layout = Super,
    flags = BASETYPE | HAVE_GC,
    doc = "super() -> same as super(__class__, <first argument>)\nsuper(type) -> unbound super object\nsuper(type, obj) -> bound super object; requires isinstance(obj, type)\nsuper(type, type2) -> bound super object; requires issubclass(type2, type)\nTypical use to call a cooperative superclass method:\nclass C(B):\n    def meth(self, arg):\n        super().meth(arg)\nThis works for class methods too:\nclass C(B):\n    @classmethod\n    def cmeth(cls, arg):\n        super().cmeth(arg)\n"
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> PyResult {
        let shape = class.instance_shape.get();
        Ok(cx.heap.super_object(shape, Value::UNBOUND, Value::UNBOUND, Value::UNBOUND).value())
    }

    #[slot]
    fn init(cx: &mut Cx, this: Gc<Super>, args: Args<'_>) -> PyResult<()> {
        if args.n_keywords() > 0 {
            return Err(type_error(cx, "super() takes no keyword arguments"));
        }
        let (class, object) = match *args.positional() {
            [] => from_frame(cx)?,
            [class] => (class, Value::NONE),
            [class, object] => (class, object),
            ref more => {
                let n = more.len();
                return Err(type_error(cx, format_args!("super() expected at most 2 arguments, got {n}")));
            }
        };
        let Some(class) = class.cast::<Class>() else {
            let name = type_name(cx, class);
            return Err(type_error(cx, format_args!("super() argument 1 must be a type, not {name}")));
        };
        let start = if object.is_none() { Value::UNBOUND } else { check(cx, class, object)?.value() };
        this.class.set(this, class);
        this.object.set(this, if object.is_none() { Value::UNBOUND } else { object });
        this.object_class.set(this, start);
        Ok(())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Super>) -> String {
        let name = this.class.get().cast::<Class>().map_or_else(|| "NULL".to_owned(), class_name);
        match this.object_class.get().cast::<Class>() {
            Some(class) => format!("<super: <class '{name}'>, <{} object>>", class_name(class)),
            None => {
                let _ = cx;
                format!("<super: <class '{name}'>, NULL>")
            }
        }
    }

    #[slot]
    fn getattro(cx: &mut Cx, this: Gc<Super>, name: Gc<Str>) -> PyResult {
        if let (Some(class), Some(start)) = (this.class.get().cast(), this.object_class.get().cast())
            && !name.equals(&cx.names().__class__)
            && let Some(found) = lookup(cx, class, start, this.object.get(), name)?
        {
            return Ok(found);
        }
        generic_get_attr(cx, this.value(), name)
    }

    #[slot]
    fn descr_get(cx: &mut Cx, this: Gc<Super>, object: Value, _owner: Value) -> PyResult {
        if object.is_unbound() || object.is_none() || this.object.get().is_bound() {
            return Ok(this.value());
        }
        let class = cx.class_of(this.value());
        if class != cx.types().super_ {
            // A subclass decides about its own construction.
            return call(cx, class.value(), &[this.class.get(), object]);
        }
        let Some(own) = this.class.get().cast::<Class>() else { return Ok(this.value()) };
        let start = check(cx, own, object)?;
        let shape = class.instance_shape.get();
        Ok(cx.heap.super_object(shape, own.value(), object, start.value()).value())
    }

    /// the class invoking super()
    #[getter(__thisclass__)]
    fn thisclass(this: Gc<Super>) -> Value {
        this.class.get().bound().unwrap_or(Value::NONE)
    }

    /// the instance invoking super(); may be None
    #[getter(__self__)]
    fn self_(this: Gc<Super>) -> Value {
        this.object.get().bound().unwrap_or(Value::NONE)
    }

    /// the type of the instance invoking super(); may be None
    #[getter(__self_class__)]
    fn self_class(this: Gc<Super>) -> Value {
        this.object_class.get().bound().unwrap_or(Value::NONE)
    }
}

/// The class whose order of bases a `super` of `class` and `object` follows.
pub fn check(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult<Gc<Class>> {
    if let Some(object) = object.cast::<Class>()
        && is_subtype(object, class)
    {
        return Ok(object);
    }
    let actual = cx.class_of(object);
    if is_subtype(actual, class) {
        return Ok(actual);
    }
    // A proxy may claim another class.
    let name = cx.names().__class__;
    if let Some(claimed) = get_attr_opt(cx, object, name)?.and_then(|c| c.cast::<Class>())
        && claimed != actual
        && is_subtype(claimed, class)
    {
        return Ok(claimed);
    }
    let (kind, shown) = match object.cast::<Class>() {
        Some(object) => ("type", class_name(object)),
        None => ("instance of", type_name(cx, object)),
    };
    let class = class_name(class);
    Err(type_error(
        cx,
        format_args!("super(type, obj): obj ({kind} {shown}) is not an instance or subtype of type ({class})."),
    ))
}

/// `name` in the order of bases of `start` behind `class`, bound to `object`.
pub fn lookup(
    cx: &mut Cx,
    class: Gc<Class>,
    start: Gc<Class>,
    object: Value,
    name: Gc<Str>,
) -> PyResult<Option<Value>> {
    let found = {
        let behind = start.mro_iter().skip_while(|c| *c != class).skip(1);
        behind.filter_map(|c| c.dict.get()).find_map(|dict| dict.get_str(name))
    };
    let Some(found) = found else { return Ok(None) };
    match cx.class_of(found).slots.descr_get.get() {
        Some(get) => {
            let instance = if object.is(start.value()) { Value::UNBOUND } else { object };
            get(cx, found, instance, start.value()).map(Some)
        }
        None => Ok(Some(found)),
    }
}

/// What `super()` without arguments stands for in the innermost frame: the class of the method and its first argument.
fn from_frame(cx: &mut Cx) -> PyResult<(Value, Value)> {
    let Some(frame) = cx.frame() else { return Err(runtime_error(cx, "super(): no current frame")) };
    let code = frame.code();
    if code.argcount == 0 {
        return Err(runtime_error(cx, "super(): no arguments"));
    }
    let first = super::frame::content_of(code, 0, frame.local(0));
    let Some(first) = first else { return Err(runtime_error(cx, "super(): arg[0] deleted")) };
    let name = cx.names().__class__;
    let at = (0..code.n_localsplus as usize)
        .find(|&i| LocalKind(code.local_kind(i)).has(LocalKind::FREE) && code.local_name(i).equals(&name));
    let Some(at) = at else { return Err(runtime_error(cx, "super(): __class__ cell not found")) };
    // Before the frame has copied its closure the cell is the function's.
    let n_free = code.n_free as usize;
    let from_closure = || {
        let closure = frame.function.get().cast::<Function>()?.closure_tuple()?;
        closure.try_get(at + n_free - code.n_localsplus as usize)
    };
    let cell = frame.local(at).bound().or_else(from_closure).and_then(|cell| cell.cast::<Cell>());
    let Some(cell) = cell else { return Err(runtime_error(cx, "super(): bad __class__ cell")) };
    match cell.value.get().bound() {
        None => Err(runtime_error(cx, "super(): empty __class__ cell")),
        Some(class) if class.is_a::<Class>() => Ok((class, first)),
        Some(other) => {
            let name = type_name(cx, other);
            Err(runtime_error(cx, format_args!("super(): __class__ is not a type ({name})")))
        }
    }
}
