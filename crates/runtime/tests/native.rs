//! A native class and a native module of the test's own: how their definitions are called, and what is said of mistakes.

#![forbid(unsafe_code)]

use runtime::native::structseq::{Field, StructSeq, new_structseq, structseq_class};
use runtime::prelude::*;
use std::cell::Cell;

/// Counts up.
#[derive(Trace)]
struct Count {
    step: Slot,
    n: Cell<i64>,
    #[trace(skip)]
    log: Opaque<Vec<String>>,
}

impl NativeData for Count {
    const NAME: &'static str = "Count";
}

#[native_class(
    name = "Count", module = "things", layout = Native<Count>, flags = BASETYPE | HAVE_GC, traits = HAS_WEAKREF,
    doc = "Counts up."
)]
mod count {
    use super::*;

    #[slot(new, "Count(start=0, /, step=1)")]
    fn new(cx: &mut Cx, class: Gc<Class>, start: i64, step: Value) -> PyResult {
        let data = Count { step: Slot::new(step), n: Cell::new(start), log: Opaque::new(Vec::new()) };
        Ok(new_native(cx, class, data).value())
    }

    #[slot]
    fn len(_: &mut Cx, this: Gc<Native<Count>>) -> PyResult<usize> {
        Ok(this.n.get() as usize)
    }

    #[slot]
    fn next(_: &mut Cx, this: Gc<Native<Count>>) -> PyResult<Option<Value>> {
        this.n.set(this.n.get() - 1);
        Ok(Int::new(this.n.get()).filter(|i| i.get() >= 0).map(Int::value))
    }

    #[slot(binary = Add)]
    fn add(_: &mut Cx, left: Value, right: Value) -> i64 {
        let number =
            |v: Value| v.cast::<Native<Count>>().map_or_else(|| v.as_int().map_or(0, Int::get), |c| 10 * c.n.get());
        number(left) - number(right)
    }

    #[slot]
    fn richcompare(_: &mut Cx, this: Gc<Native<Count>>, other: Value, op: CompareOp) -> Value {
        match other.cast::<Native<Count>>() {
            Some(other) => Value::bool(op.holds(this.n.get().cmp(&other.n.get()))),
            None => Value::NOT_IMPLEMENTED,
        }
    }

    /// The present number.
    #[getter]
    fn value(_: &mut Cx, this: Gc<Native<Count>>) -> i64 {
        this.n.get()
    }

    #[setter]
    fn set_value(cx: &mut Cx, this: Gc<Native<Count>>, value: Option<Value>) -> PyResult<()> {
        match value.and_then(Value::as_int) {
            Some(i) => this.n.set(i.get()),
            None => return Err(type_error(cx, "an int, please")),
        }
        Ok(())
    }

    /// Add one object.
    #[method("push($self, object, /)")]
    fn push(_: &mut Cx, this: Gc<Native<Count>>, object: Gc<Str>) {
        this.log.borrow_mut().push(object.to_string());
    }

    /// Do nothing.
    #[method("clear($self, /)")]
    fn clear(this: Gc<Native<Count>>) {
        this.log.borrow_mut().clear();
    }

    /// One or two.
    #[method("pop($self, index=-1, default=None, /)")]
    fn pop(_: &mut Cx, _this: Gc<Native<Count>>, index: isize, default: Value) -> String {
        format!("{index} {default:?}")
    }

    /// Keywords.
    #[method("split($self, /, sep=None, maxsplit=-1)")]
    fn split(_: &mut Cx, _this: Gc<Native<Count>>, sep: Option<Gc<Str>>, maxsplit: i32) -> String {
        format!("{} {maxsplit}", sep.map_or("none".to_owned(), |s| s.to_string()))
    }

    /// Keyword-only ones.
    #[method("sort($self, /, *, key=None, reverse=False)")]
    fn sort(_: &mut Cx, _this: Gc<Native<Count>>, key: Value, reverse: bool) -> String {
        format!("{key:?} {reverse}")
    }

    /// Everything.
    #[method("all($self, a, /, b, *rest, c=0, **more)")]
    fn all(_: &mut Cx, _this: Gc<Native<Count>>, a: Value, b: Value, rest: VarArgs, c: u8, more: Gc<Dict>) -> String {
        format!("{a:?} {b:?} {} {c} {}", rest.len(), more.len())
    }

    /// As they come.
    #[method(raw, "raw($self, /, *args, **kwargs)")]
    fn raw(_: &mut Cx, this: Gc<Native<Count>>, args: Args<'_>) -> String {
        format!("{} {} {}", this.n.get(), args.n_positional(), args.n_keywords())
    }

    /// Of a class.
    #[classmethod("from_int($type, n, /)")]
    fn from_int(cx: &mut Cx, class: Gc<Class>, n: i64) -> PyResult {
        new(cx, class, n, Int::from_len(1).value())
    }

    /// Of nobody.
    #[staticmethod("max(x, y=<unrepresentable>, /)")]
    fn max(_: &mut Cx, x: i64, y: Option<i64>) -> i64 {
        y.map_or(x, |y| x.max(y))
    }

    #[init]
    fn init(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        let name = cx.heap.intern("limit");
        class.dict.expect().set_str(&mut cx.heap, name, Int::from_len(7).value()).or_raise(cx)
    }
}

#[native_module(name = "things", doc = "Things.")]
mod things {
    use super::*;

    /// The root.
    #[function("sqrt(x, /)")]
    fn sqrt(x: f64) -> f64 {
        x.sqrt()
    }

    /// Join two.
    #[function("join(a, b, /, sep=', ')")]
    fn join(heap: &mut Heap, a: Gc<Str>, b: Gc<Str>, sep: Gc<Str>) -> Value {
        heap.str(&format!("{a}{sep}{b}"))
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        add_class(cx, module, &count::SPEC)?;
        set_module_attr(cx, module, "answer", Int::from_len(42).value())
    }
}

/// Run `f` in a new VM.
fn with_vm(f: impl FnOnce(&mut Cx)) {
    let (_vm, mut cx) = VmHandle::new(Config::default()).expect("memory for a heap");
    runtime::types::fill_types(&mut cx).expect("the built-in types");
    f(&mut cx);
}

fn show(cx: &mut Cx, value: Value) -> String {
    match value.cast::<Str>() {
        Some(s) => s.to_string(),
        None if value.is_heap() => format!("<{}>", type_name(cx, value)),
        None => format!("{value:?}"),
    }
}

/// The result or the message, as text.
fn outcome(cx: &mut Cx, result: PyResult) -> String {
    match result {
        Ok(value) => show(cx, value),
        Err(raised) => {
            let exception = cx.take_raised(raised);
            let message = exception.cast::<Exception>().and_then(|e| e.args.expect().try_get(0));
            let message = message.map_or(String::new(), |m| show(cx, m));
            format!("{}: {message}", type_name(cx, exception))
        }
    }
}

/// Call with keywords and show what comes of it.
fn run(cx: &mut Cx, f: Value, args: &[Value], keywords: &[(&str, Value)]) -> String {
    let names: Vec<Gc<Str>> = keywords.iter().map(|(name, _)| cx.heap.intern(name)).collect();
    let names = Tuple::from_fn(&mut cx.heap, names.len(), |i| names[i].value()).expect("memory");
    let values: Vec<Value> = args.iter().copied().chain(keywords.iter().map(|&(_, v)| v)).collect();
    let result = call_args(cx, f, Args::new(&values, Some(names)));
    outcome(cx, result)
}

fn int(i: i64) -> Value {
    Int::new(i).expect("a small int").value()
}

struct Fixture {
    object: Value,
    class: Gc<Class>,
    text: Value,
}

impl Fixture {
    fn new(cx: &mut Cx) -> Fixture {
        let class = class_of_spec(cx, &count::SPEC).expect("the class");
        let object = class.slots.new.get().expect("a constructor")(cx, class, Args::positional_only(&[int(3)]));
        Fixture { object: object.expect("an object"), class, text: cx.heap.str("x") }
    }

    fn member(&self, cx: &mut Cx, name: &str) -> Value {
        let name = cx.heap.intern(name);
        self.class.dict.expect().get_str(name).expect("in the class")
    }

    /// Call a method of the object.
    fn method(&self, cx: &mut Cx, name: &str, args: &[Value], keywords: &[(&str, Value)]) -> String {
        let found = self.member(cx, name);
        let get = cx.class_of(found).slots.descr_get.get().expect("a descriptor");
        let bound = get(cx, found, self.object, self.class.value()).expect("bound");
        run(cx, bound, args, keywords)
    }
}

#[test]
fn arguments_are_counted_and_converted() {
    with_vm(|cx| {
        let f = Fixture::new(cx);
        let x = f.text;
        let answers = [
            f.method(cx, "push", &[x], &[]),
            f.method(cx, "push", &[], &[]),
            f.method(cx, "push", &[x, x], &[]),
            f.method(cx, "push", &[int(1)], &[]),
            f.method(cx, "push", &[Value::NONE], &[]),
            f.method(cx, "push", &[], &[("object", x)]),
            f.method(cx, "clear", &[], &[]),
            f.method(cx, "clear", &[x], &[]),
            f.method(cx, "pop", &[], &[]),
            f.method(cx, "pop", &[int(5), int(6)], &[]),
            f.method(cx, "pop", &[int(1), int(2), int(3)], &[]),
            f.method(cx, "pop", &[x], &[]),
        ];
        assert_eq!(
            answers,
            [
                "None",
                "TypeError: Count.push() takes exactly one argument (0 given)",
                "TypeError: Count.push() takes exactly one argument (2 given)",
                "TypeError: push() argument must be str, not int",
                "TypeError: push() argument must be str, not None",
                "TypeError: Count.push() takes no keyword arguments",
                "None",
                "TypeError: Count.clear() takes no arguments (1 given)",
                "-1 None",
                "5 6",
                "TypeError: pop expected at most 2 arguments, got 3",
                "TypeError: 'str' object cannot be interpreted as an integer",
            ]
        );
    });
}

#[test]
fn keywords_are_bound() {
    with_vm(|cx| {
        let f = Fixture::new(cx);
        let x = f.text;
        let answers = [
            f.method(cx, "split", &[], &[]),
            f.method(cx, "split", &[x], &[("maxsplit", int(4))]),
            f.method(cx, "split", &[Value::NONE], &[]),
            f.method(cx, "split", &[], &[("seb", x)]),
            f.method(cx, "split", &[], &[("unknown", x)]),
            f.method(cx, "split", &[int(1)], &[]),
            f.method(cx, "split", &[x, int(1), int(2)], &[]),
            f.method(cx, "split", &[x], &[("sep", x)]),
            f.method(cx, "sort", &[], &[("reverse", int(1))]),
            f.method(cx, "sort", &[int(1)], &[]),
            f.method(cx, "sort", &[], &[("a", x), ("b", x), ("c", x)]),
            f.method(cx, "all", &[int(1), int(2), int(3), int(4)], &[("c", int(5)), ("d", int(6))]),
            f.method(cx, "all", &[int(1)], &[("b", int(2))]),
            f.method(cx, "all", &[int(1)], &[]),
            f.method(cx, "all", &[], &[]),
            f.method(cx, "raw", &[int(1)], &[("b", int(2))]),
        ];
        assert_eq!(
            answers,
            [
                "none -1",
                "x 4",
                "none -1",
                "TypeError: split() got an unexpected keyword argument 'seb'. Did you mean 'sep'?",
                "TypeError: split() got an unexpected keyword argument 'unknown'",
                "TypeError: split() argument 'sep' must be str, not int",
                "TypeError: split() takes at most 2 arguments (3 given)",
                "TypeError: argument for split() given by name ('sep') and position (1)",
                "None true",
                "TypeError: sort() takes no positional arguments",
                "TypeError: sort() takes at most 2 keyword arguments (3 given)",
                "1 2 2 5 1",
                "1 2 0 0 0",
                "TypeError: all() missing required argument 'b' (pos 2)",
                "TypeError: all() takes at least 1 positional argument (0 given)",
                "3 1 1",
            ]
        );
    });
}

#[test]
fn classes_are_called_through_their_descriptors() {
    with_vm(|cx| {
        let f = Fixture::new(cx);
        let push = f.member(cx, "push");
        let len = f.member(cx, "__len__");
        let add = f.member(cx, "__add__");
        let radd = f.member(cx, "__radd__");
        let equal = f.member(cx, "__eq__");
        let next = f.member(cx, "__next__");
        let max = f.member(cx, "max").cast::<StaticMethod>().expect("a static method").function.get();
        let new = f.member(cx, "__new__");
        let class = f.class.value();
        let answers = [
            run(cx, push, &[], &[]),
            run(cx, push, &[int(1), int(2)], &[]),
            run(cx, len, &[], &[]),
            run(cx, len, &[int(1)], &[]),
            run(cx, len, &[f.object], &[]),
            run(cx, len, &[f.object, int(1)], &[]),
            run(cx, add, &[f.object, int(1)], &[]),
            run(cx, radd, &[f.object, int(1)], &[]),
            run(cx, add, &[f.object], &[("x", int(1))]),
            run(cx, equal, &[f.object, f.object], &[]),
            run(cx, equal, &[f.object, int(1)], &[]),
            run(cx, next, &[f.object], &[]),
            run(cx, max, &[int(1), int(4)], &[]),
            run(cx, max, &[], &[]),
            run(cx, new, &[class, int(1), int(2)], &[]),
            run(cx, new, &[class], &[("stepp", int(2))]),
            run(cx, new, &[], &[]),
            f.method(cx, "from_int", &[int(4)], &[]),
        ];
        assert_eq!(
            answers,
            [
                "TypeError: unbound method Count.push() needs an argument",
                "TypeError: descriptor 'push' for 'things.Count' objects doesn't apply to a 'int' object",
                "TypeError: descriptor '__len__' of 'things.Count' object needs an argument",
                "TypeError: descriptor '__len__' requires a 'things.Count' object but received a 'int'",
                "3",
                "TypeError: expected 0 arguments, got 1",
                "29",
                "-29",
                "TypeError: wrapper __add__() takes no keyword arguments",
                "True",
                "NotImplemented",
                "2",
                "4",
                "TypeError: max expected at least 1 argument, got 0",
                "<things.Count>",
                "TypeError: Count() got an unexpected keyword argument 'stepp'. Did you mean 'step'?",
                "TypeError: things.Count.__new__(): not enough arguments",
                "<things.Count>",
            ]
        );
        assert_eq!(f.member(cx, "__hash__"), Value::NONE);
        assert_eq!(f.member(cx, "limit"), int(7));
        assert_eq!(count::SPEC.doc, "Count(start=0, /, step=1)\n--\n\nCounts up.");
    });
}

#[test]
fn attributes_are_got_and_set() {
    with_vm(|cx| {
        let f = Fixture::new(cx);
        let value = f.member(cx, "value");
        let class = cx.class_of(value);
        let get = class.slots.descr_get.get().expect("readable");
        let set = class.slots.descr_set.get().expect("writable");
        let result = get(cx, value, f.object, f.class.value());
        assert_eq!(outcome(cx, result), "3");
        set(cx, value, f.object, Some(int(9))).expect("an int is fine");
        let result = get(cx, value, f.object, f.class.value());
        assert_eq!(outcome(cx, result), "9");
        let result = set(cx, value, f.object, None).map(|()| Value::NONE);
        assert_eq!(outcome(cx, result), "TypeError: an int, please");
        let result = get(cx, value, int(1), f.class.value());
        let message = "TypeError: descriptor 'value' for 'things.Count' objects doesn't apply to a 'int' object";
        assert_eq!(outcome(cx, result), message);
    });
}

#[test]
fn modules_have_functions_classes_and_constants() {
    with_vm(|cx| {
        let module = module_from_spec(cx, &things::SPEC).expect("the module");
        let dict = module.dict.expect();
        let get = |cx: &mut Cx, name: &str| {
            let name = cx.heap.intern(name);
            dict.get_str(name).expect("in the module")
        };
        let (sqrt, join) = (get(cx, "sqrt"), get(cx, "join"));
        let (a, b) = (cx.heap.str("a"), cx.heap.str("b"));
        let answers = [
            run(cx, sqrt, &[int(9)], &[]),
            run(cx, sqrt, &[], &[]),
            run(cx, sqrt, &[a], &[]),
            run(cx, join, &[a, b], &[]),
            run(cx, join, &[a, b], &[("sep", b)]),
            run(cx, join, &[a, int(1)], &[]),
            run(cx, join, &[a], &[]),
        ];
        assert_eq!(
            answers,
            [
                "3.0",
                "TypeError: things.sqrt() takes exactly one argument (0 given)",
                "TypeError: must be real number, not str",
                "a, b",
                "abb",
                "TypeError: join() argument 2 must be str, not int",
                "TypeError: join() takes at least 2 positional arguments (1 given)",
            ]
        );
        assert_eq!(get(cx, "answer"), int(42));
        assert!(get(cx, "Count").is_a::<Class>());
        let signature = sqrt.cast::<NativeFunction>().expect("native").def.get().signature;
        assert_eq!(signature, "($module, x, /)");
    });
}

static POINT: StructSeq = StructSeq::new(
    "things",
    "point",
    "A point.",
    &[Field::new("x", "across"), Field::UNNAMED, Field::new("hidden", "not in the tuple")],
    2,
);

#[test]
fn tuples_have_named_fields() {
    with_vm(|cx| {
        let class = structseq_class(cx, &POINT).expect("the class");
        let point = new_structseq(cx, &POINT, &[int(1), int(2), int(3)]).expect("a point");
        assert_eq!(point.downcast::<Tuple>().expect("a tuple").as_slice(), [int(1), int(2)]);
        let hidden = cx.heap.intern("hidden");
        let member = class.dict.expect().get_str(hidden).expect("a field");
        let descriptor = cx.class_of(member);
        let get = descriptor.slots.descr_get.get().expect("readable");
        let result = get(cx, member, point, class.value());
        assert_eq!(outcome(cx, result), "3");
        let set = descriptor.slots.descr_set.get().expect("has a setter");
        let result = set(cx, member, point, Some(int(1))).map(|()| Value::NONE);
        assert_eq!(outcome(cx, result), "AttributeError: readonly attribute");
        let new = class.slots.new.get().expect("a constructor");
        let short = cx.heap.tuple(&[int(1)]).value();
        let result = new(cx, class, Args::positional_only(&[short]));
        let message = "TypeError: things.point() takes an at least 2-sequence (1-sequence given)";
        assert_eq!(outcome(cx, result), message);
        let text = repr_of(cx, point).expect("a repr");
        assert_eq!(text.to_string(), "things.point(x=1, hidden=2)");
        let key = cx.heap.intern("__reduce__");
        let reduced = call_method(cx, point, key, &[]).expect("a pair").downcast::<Tuple>().expect("a tuple");
        let text = repr_of(cx, reduced.get(1)).expect("a repr");
        assert_eq!(text.to_string(), "((1, 2), {'hidden': 3})");
    });
}

#[test]
fn descriptors_show_what_they_are() {
    with_vm(|cx| {
        let f = Fixture::new(cx);
        let show = |cx: &mut Cx, value: Value, name: &str| {
            let name = cx.heap.intern(name);
            let result = get_attr(cx, value, name);
            outcome(cx, result)
        };
        let (push, len, value) = (f.member(cx, "push"), f.member(cx, "__len__"), f.member(cx, "value"));
        let name = cx.heap.intern("push");
        let bound = get_attr(cx, f.object, name).expect("bound");
        let name = cx.heap.intern("__len__");
        let wrapper = get_attr(cx, f.object, name).expect("bound");
        let reprs = [push, len, value].map(|v| repr_of(cx, v).expect("a repr").to_string());
        assert_eq!(
            reprs,
            [
                "<method 'push' of 'things.Count' objects>",
                "<slot wrapper '__len__' of 'things.Count' objects>",
                "<attribute 'value' of 'things.Count' objects>",
            ]
        );
        let answers = [
            show(cx, push, "__qualname__"),
            show(cx, push, "__text_signature__"),
            show(cx, push, "__doc__"),
            show(cx, push, "__objclass__"),
            show(cx, len, "__name__"),
            show(cx, len, "__doc__"),
            show(cx, value, "__doc__"),
            show(cx, bound, "__qualname__"),
            show(cx, bound, "__self__"),
            show(cx, bound, "__module__"),
            show(cx, wrapper, "__qualname__"),
            show(cx, f.object, "missing"),
            show(cx, f.class.value(), "__text_signature__"),
            show(cx, f.class.value(), "__doc__"),
        ];
        assert_eq!(
            answers,
            [
                "Count.push",
                "($self, object, /)",
                "Add one object.",
                "<type>",
                "__len__",
                "Return len(self).",
                "The present number.",
                "Count.push",
                "<things.Count>",
                "None",
                "Count.__len__",
                "AttributeError: 'things.Count' object has no attribute 'missing'",
                "(start=0, /, step=1)",
                "Counts up.",
            ]
        );
    });
}
