//! Exceptions, their reports, classes and the functions of `builtins`, without an interpreter.

#![forbid(unsafe_code)]

use runtime::prelude::*;

fn with_vm(test: impl FnOnce(&mut Cx)) {
    let (handle, mut cx) = VmHandle::new(Config::default()).expect("memory for a small heap");
    let started = runtime::types::fill_types(&mut cx);
    assert!(started.is_ok(), "{}", raised_text(&mut cx));
    let builtins = runtime::native::module_from_spec(&mut cx, &runtime::functions::module::SPEC);
    let builtins = match builtins {
        Ok(module) => module,
        Err(raised) => panic!("{}", text_of(&mut cx, raised)),
    };
    cx.vm().builtins.set(builtins.dict.get());
    test(&mut cx);
    drop(cx);
    drop(handle);
}

fn raised_text(cx: &mut Cx) -> String {
    match cx.pending() {
        Some(raised) => text_of(cx, raised),
        None => String::new(),
    }
}

fn text_of(cx: &mut Cx, raised: Raised) -> String {
    let exception = cx.take_raised(raised);
    let exception = exception.cast::<Exception>().expect("an exception");
    match runtime::exceptions::display::format_exception(cx, exception) {
        Ok(text) => text,
        Err(_) => "no report".to_owned(),
    }
}

fn builtin(cx: &mut Cx, name: &str) -> Value {
    let name = cx.heap.intern(name);
    cx.vm().builtins.get().and_then(|dict| dict.get_str(name)).expect("a builtin")
}

/// What `repr(name(*args))` gives, or the last line of the report.
fn outcome(cx: &mut Cx, name: &str, args: &[Value]) -> String {
    let function = builtin(cx, name);
    match call(cx, function, args).and_then(|result| repr_of(cx, result)) {
        Ok(text) => text.to_string(),
        Err(raised) => text_of(cx, raised),
    }
}

fn int(i: usize) -> Value {
    Int::from_len(i).value()
}

#[test]
fn functions_of_builtins() {
    with_vm(|cx| {
        assert_eq!(outcome(cx, "hex", &[int(255)]), "'0xff'");
        assert_eq!(outcome(cx, "bin", &[int(5)]), "'0b101'");
        assert_eq!(outcome(cx, "oct", &[int(0)]), "'0o0'");
        assert_eq!(outcome(cx, "chr", &[int(97)]), "'a'");
        let items = cx.heap.tuple(&[int(3), int(1), int(2)]).value();
        assert_eq!(outcome(cx, "sorted", &[items]), "[1, 2, 3]");
        assert_eq!(outcome(cx, "max", &[items]), "3");
        assert_eq!(outcome(cx, "sum", &[items]), "6");
        assert_eq!(outcome(cx, "max", &[]), "TypeError: max expected at least 1 argument, got 0\n");
        assert_eq!(
            outcome(cx, "chr", &[Value::TRUE, Value::NONE]),
            "TypeError: chr() takes exactly one argument (2 given)\n"
        );
        assert_eq!(outcome(cx, "len", &[int(3)]), "TypeError: object of type 'int' has no len()\n");
    });
}

#[test]
fn exceptions_from_python() {
    with_vm(|cx| {
        let text = cx.heap.str("no such file");
        let name = cx.heap.str("a.txt");
        assert_eq!(outcome(cx, "OSError", &[int(2), text, name]), "FileNotFoundError(2, 'no such file')");
        assert_eq!(outcome(cx, "KeyError", &[text]), "KeyError('no such file')");
        let members = outcome_value(cx, "ValueError", &[text]);
        let list = cx.heap.list(&[members]).value();
        assert_eq!(
            outcome(cx, "BaseExceptionGroup", &[text, list]),
            "ExceptionGroup('no such file', [ValueError('no such file')])"
        );
        let empty = cx.heap.list(&[]).value();
        assert_eq!(
            outcome(cx, "ExceptionGroup", &[text, empty]),
            "ValueError: second argument (exceptions) must be a non-empty sequence\n"
        );
    });
}

fn outcome_value(cx: &mut Cx, name: &str, args: &[Value]) -> Value {
    let function = builtin(cx, name);
    match call(cx, function, args) {
        Ok(value) => value,
        Err(raised) => panic!("{}", text_of(cx, raised)),
    }
}

#[test]
fn reports_of_groups_and_chains() {
    with_vm(|cx| {
        let (a, b) = (cx.heap.str("first"), cx.heap.str("second\nline"));
        let inner = outcome_value(cx, "ValueError", &[a]);
        let cause = outcome_value(cx, "KeyError", &[a]);
        let other = outcome_value(cx, "TypeError", &[b]);
        let exception = other.cast::<Exception>().expect("an exception");
        exception.cause.set(exception, cause);
        let list = cx.heap.list(&[inner, other]).value();
        let group = outcome_value(cx, "ExceptionGroup", &[a, list]);
        let group = group.cast::<Exception>().expect("an exception");
        let text = runtime::exceptions::display::format_exception(cx, group).expect("a report");
        assert_eq!(
            text,
            "  | ExceptionGroup: first (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | ValueError: first
    +---------------- 2 ----------------
    | KeyError: 'first'
    | 
    | The above exception was the direct cause of the following exception:
    | 
    | TypeError: second
    | line
    +------------------------------------
"
        );
    });
}

#[test]
fn classes_describe_themselves() {
    with_vm(|cx| {
        let class = builtin(cx, "ValueError");
        assert_eq!(outcome(cx, "repr", &[class]), "\"<class 'ValueError'>\"");
        assert_eq!(outcome(cx, "type", &[class]), "<class 'type'>");
        let name = cx.heap.str("Thing");
        let bases = cx.heap.tuple(&[]).value();
        let namespace = Dict::new(&mut cx.heap).value();
        let thing = outcome_value(cx, "type", &[name, bases, namespace]);
        let instance = call(cx, thing, &[]).expect("an instance");
        assert_eq!(outcome(cx, "isinstance", &[instance, thing]), "True");
        let union = outcome_value(cx, "type", &[instance]);
        assert!(union.is(thing));
        assert_eq!(outcome(cx, "issubclass", &[int(1), thing]), "TypeError: issubclass() arg 1 must be a class\n");
        assert_eq!(outcome(cx, "object", &[int(1)]), "TypeError: object() takes no arguments\n");
    });
}
