//! `OSError`: its fields, and the subclass that an errno selects.

use super::base;
use super::fields::{field, index, method0, no_keywords, this};
use crate::item::as_index;
use crate::prelude::*;

pub fn slots(slots: &Slots) {
    constructor_slots(slots);
    slots.str_.set(Some(str_));
}

pub fn constructor_slots(slots: &Slots) {
    slots.new.set(Some(new));
    slots.init.set(Some(init));
}

pub static METHODS: &[NativeDef] = &[method0("__reduce__", "", reduce)];

pub static GETSET: &[GetSetDef] = &[
    field::<{ index::OS_ERRNO }>("errno", "POSIX exception code"),
    field::<{ index::OS_STRERROR }>("strerror", "exception strerror"),
    field::<{ index::OS_FILENAME }>("filename", "exception filename"),
    field::<{ index::OS_FILENAME2 }>("filename2", "second exception filename"),
    GetSetDef { name: "characters_written", doc: "", get: get_characters_written, set: Some(set_characters_written) },
];

/// The class that `OSError(errno, …)` makes, with Linux's and macOS's numbers.
pub fn class_for_errno(types: &Types, errno: i64) -> Option<Gc<Class>> {
    #[cfg(target_os = "macos")]
    const NUMBERS: [i64; 11] = [35, 35, 37, 36, 58, 53, 61, 54, 60, 105, 10];
    #[cfg(not(target_os = "macos"))]
    const NUMBERS: [i64; 11] = [11, 11, 114, 115, 108, 103, 111, 104, 110, 126, 10];
    let [again, would_block, already, in_progress, shutdown, aborted, refused, reset, timed_out, _, child] = NUMBERS;
    Some(match errno {
        1 | 13 => types.PermissionError,
        2 => types.FileNotFoundError,
        3 => types.ProcessLookupError,
        4 => types.InterruptedError,
        17 => types.FileExistsError,
        20 => types.NotADirectoryError,
        21 => types.IsADirectoryError,
        32 => types.BrokenPipeError,
        n if n == child => types.ChildProcessError,
        n if n == again || n == would_block || n == already || n == in_progress => types.BlockingIOError,
        n if n == shutdown => types.BrokenPipeError,
        n if n == aborted => types.ConnectionAbortedError,
        n if n == refused => types.ConnectionRefusedError,
        n if n == reset => types.ConnectionResetError,
        n if n == timed_out => types.TimeoutError,
        _ => return None,
    })
}

/// Whether the work is `__init__`'s: a subclass overrides `__init__` but not `__new__`.
fn uses_init(class: Gc<Class>) -> bool {
    let own_init = class.slots.init.get().is_none_or(|f| !std::ptr::fn_addr_eq(f, init as object::class::InitFn));
    let own_new = class.slots.new.get().is_none_or(|f| !std::ptr::fn_addr_eq(f, new as object::class::NewFn));
    own_init && !own_new
}

fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
    if uses_init(class) {
        return Ok(base::new_exception(cx, class, &[])?.value());
    }
    no_keywords(cx, class, &args)?;
    let given = args.positional();
    let mut actual = class;
    if class == cx.types().OSError
        && (2..=5).contains(&given.len())
        && let Some(errno) = given[0].unwrap_payload().as_small_or_bool()
        && let Some(subclass) = class_for_errno(cx.types(), errno)
    {
        actual = subclass;
    }
    let exception = base::new_exception(cx, actual, given)?;
    fill(cx, exception, given)?;
    Ok(exception.value())
}

fn init(cx: &mut Cx, value: Value, args: Args<'_>) -> PyResult<()> {
    let class = cx.class_of(value);
    if !uses_init(class) {
        // `__new__` has done it.
        return Ok(());
    }
    no_keywords(cx, class, &args)?;
    let exception = this(cx, value)?;
    let stored = Tuple::new(&mut cx.heap, args.positional()).or_raise(cx)?;
    exception.args.set(exception, stored);
    fill(cx, exception, args.positional())
}

fn fill(cx: &mut Cx, exception: Gc<Exception>, given: &[Value]) -> PyResult<()> {
    if !(2..=5).contains(&given.len()) {
        return Ok(());
    }
    exception.set_field(&mut cx.heap, index::OS_ERRNO, given[0]);
    exception.set_field(&mut cx.heap, index::OS_STRERROR, given[1]);
    let is_given = |i: usize| given.get(i).copied().filter(|v| !v.is_none());
    let Some(filename) = is_given(2) else { return Ok(()) };
    let class = cx.class_of(exception.value());
    if class == cx.types().BlockingIOError && is_number(cx, filename) {
        let n = as_index(cx, filename)?;
        let n = BigInt::from_i64(&mut cx.heap, n as i64);
        exception.set_field(&mut cx.heap, index::OS_CHARACTERS_WRITTEN, n);
        return Ok(());
    }
    exception.set_field(&mut cx.heap, index::OS_FILENAME, filename);
    if let Some(filename2) = is_given(4) {
        exception.set_field(&mut cx.heap, index::OS_FILENAME2, filename2);
    }
    // The file names are not part of `args`, so that old code can unpack two values.
    let stored = cx.heap.tuple(&given[..2]);
    exception.args.set(exception, stored);
    Ok(())
}

fn is_number(cx: &Cx, value: Value) -> bool {
    let slots = &cx.class_of(value).slots;
    slots.index.get().is_some() || slots.int.get().is_some() || slots.float.get().is_some()
}

fn str_(cx: &mut Cx, value: Value) -> PyResult {
    let exception = this(cx, value)?;
    let field = |i| exception.field(i).bound();
    let (errno, strerror) = (field(index::OS_ERRNO), field(index::OS_STRERROR));
    let filename = field(index::OS_FILENAME);
    if filename.is_none() && (errno.is_none() || strerror.is_none()) {
        return base::str_(cx, value);
    }
    let errno = str_of(cx, errno.unwrap_or(Value::NONE))?;
    let strerror = str_of(cx, strerror.unwrap_or(Value::NONE))?;
    let mut builder = StrBuilder::new();
    builder.push_str("[Errno ");
    builder.push_py(&errno);
    builder.push_str("] ");
    builder.push_py(&strerror);
    if let Some(filename) = filename {
        builder.push_str(": ");
        builder.push_py(&*repr_of(cx, filename)?);
        if let Some(filename2) = field(index::OS_FILENAME2) {
            builder.push_str(" -> ");
            builder.push_py(&*repr_of(cx, filename2)?);
        }
    }
    Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
}

fn reduce(cx: &mut Cx, value: Value) -> PyResult {
    let exception = this(cx, value)?;
    let mut args = exception.args.expect();
    if args.len() == 2
        && let Some(filename) = exception.field(index::OS_FILENAME).bound()
    {
        args = match exception.field(index::OS_FILENAME2).bound() {
            // The fourth place is the Windows error number.
            Some(second) => cx.heap.tuple(&[args.get(0), args.get(1), filename, Value::NONE, second]),
            None => cx.heap.tuple(&[args.get(0), args.get(1), filename]),
        };
    }
    let class = cx.class_of(value).value();
    let dict = base::instance_dict(cx, value)?;
    Ok(match dict {
        Some(dict) => cx.heap.tuple(&[class, args.value(), dict.value()]).value(),
        None => cx.heap.tuple(&[class, args.value()]).value(),
    })
}

fn get_characters_written(cx: &mut Cx, value: Value) -> PyResult {
    match this(cx, value)?.field(index::OS_CHARACTERS_WRITTEN).bound() {
        Some(n) => Ok(n),
        None => Err(raise_class(cx, cx.types().AttributeError, "characters_written")),
    }
}

fn set_characters_written(cx: &mut Cx, value: Value, written: Option<Value>) -> PyResult<()> {
    let n = match written {
        Some(n) => {
            let n = as_index(cx, n)?;
            BigInt::from_i64(&mut cx.heap, n as i64)
        }
        None => {
            get_characters_written(cx, value)?;
            Value::UNBOUND
        }
    };
    this(cx, value)?.set_field(&mut cx.heap, index::OS_CHARACTERS_WRITTEN, n);
    Ok(())
}
