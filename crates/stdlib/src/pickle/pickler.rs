//! `Pickler`: its settings, its memo and its output.

use super::memo::memo_proxy;
use super::opcode as op;
use super::{DEFAULT_PROTOCOL, HIGHEST_PROTOCOL, pickling_error};
use object::Opaque;
use runtime::native::{class_of_spec, new_native};
use runtime::prelude::*;
use std::cell::Cell as StdCell;
use std::collections::HashMap;

/// Frames hold about so much, and objects of so many bytes are not copied into them.
pub const FRAME_TARGET: usize = 64 * 1024;
const FRAME_MIN: usize = 4;
/// The opcode and the length.
const FRAME_HEADER: usize = 9;

#[derive(Default)]
pub struct Output {
    data: Vec<u8>,
    /// Where the frame being written begins.
    frame: Option<usize>,
    is_framing: bool,
}

#[derive(Trace)]
pub struct Pickler {
    /// The file's `write`; None to keep the output, unbound before `__init__`.
    write: Slot,
    out: Opaque<Output>,
    /// What each object written is called, by address.
    memo: Opaque<HashMap<u64, usize>>,
    /// These objects, which must not move away for others.
    kept: GcSlot<List>,
    /// As found when the present `dump` began; unbound where there is none.
    pub persistent_id: Slot,
    pub reducer_override: Slot,
    pub dispatch_table: Slot,
    pub buffer_callback: Slot,
    pub protocol: StdCell<u8>,
    pub fix_imports: StdCell<bool>,
    pub bin: StdCell<bool>,
    pub fast: StdCell<bool>,
    is_running: StdCell<bool>,
}

impl NativeData for Pickler {
    const NAME: &'static str = "_pickle.Pickler";
}

pub type This = Gc<Native<Pickler>>;

/// What the arguments ask for.
pub struct Settings {
    protocol: u8,
    fix_imports: bool,
    buffer_callback: Value,
}

impl Settings {
    pub fn new(cx: &mut Cx, protocol: Value, fix_imports: bool, buffer_callback: Value) -> PyResult<Settings> {
        let mut number = DEFAULT_PROTOCOL;
        if !protocol.is_none() {
            number = runtime::number::as_i64(cx, protocol)?;
            if number < 0 {
                number = HIGHEST_PROTOCOL;
            } else if number > HIGHEST_PROTOCOL {
                return Err(value_error(cx, format_args!("pickle protocol must be <= {HIGHEST_PROTOCOL}")));
            }
        }
        if !buffer_callback.is_none() && number < 5 {
            return Err(value_error(cx, "buffer_callback needs protocol >= 5"));
        }
        Ok(Settings { protocol: number as u8, fix_imports: fix_imports && number < 3, buffer_callback })
    }
}

pub fn make(cx: &mut Cx, class: Gc<Class>) -> This {
    let data = Pickler {
        write: Slot::new(Value::UNBOUND),
        out: Opaque::new(Output::default()),
        memo: Opaque::new(HashMap::new()),
        kept: GcSlot::new(None),
        persistent_id: Slot::new(Value::UNBOUND),
        reducer_override: Slot::new(Value::UNBOUND),
        dispatch_table: Slot::new(Value::UNBOUND),
        buffer_callback: Slot::new(Value::UNBOUND),
        protocol: StdCell::new(0),
        fix_imports: StdCell::new(false),
        bin: StdCell::new(false),
        fast: StdCell::new(false),
        is_running: StdCell::new(false),
    };
    new_native(cx, class, data)
}

/// The method that a file is written with.
pub fn write_of(cx: &mut Cx, file: Value) -> PyResult {
    let name = cx.names().write;
    get_attr_opt(cx, file, name)?.ok_or_else(|| type_error(cx, "file must have a 'write' attribute"))
}

pub fn set_up(cx: &mut Cx, this: This, settings: Settings, write: Value) -> PyResult<()> {
    this.write.set(this, write);
    this.protocol.set(settings.protocol);
    this.bin.set(settings.protocol > 0);
    this.fast.set(false);
    this.fix_imports.set(settings.fix_imports);
    let callback = settings.buffer_callback;
    this.buffer_callback.set(this, if callback.is_none() { Value::UNBOUND } else { callback });
    *this.out.borrow_mut() = Output::default();
    forget(cx, this)
}

/// Empty the memo.
fn forget(cx: &mut Cx, this: This) -> PyResult<()> {
    this.memo.borrow_mut().clear();
    let kept = List::empty(&mut cx.heap);
    this.kept.set(this, kept);
    Ok(())
}

/// Write an opcode with its argument.
pub fn emit(this: This, bytes: &[u8]) {
    let mut out = this.out.borrow_mut();
    if out.is_framing && out.frame.is_none() {
        out.frame = Some(out.data.len());
        out.data.extend([0; FRAME_HEADER]);
    }
    out.data.extend_from_slice(bytes);
}

fn end_frame(this: This) {
    let mut out = this.out.borrow_mut();
    let Some(start) = out.frame.take() else { return };
    let body = start + FRAME_HEADER;
    let len = out.data.len() - body;
    if len < FRAME_MIN {
        out.data.drain(start..body);
    } else {
        out.data[start] = op::FRAME;
        out.data[start + 1..body].copy_from_slice(&(len as u64).to_le_bytes());
    }
}

/// Between two objects: a long frame ends.
pub fn boundary(cx: &mut Cx, this: This) -> PyResult<()> {
    let is_long = {
        let out = this.out.borrow();
        out.frame.is_some_and(|start| out.data.len() - start - FRAME_HEADER >= FRAME_TARGET)
    };
    if is_long {
        end_frame(this);
        flush(cx, this)?;
    }
    Ok(())
}

/// Hand the output to the file, if there is one.
pub fn flush(cx: &mut Cx, this: This) -> PyResult<()> {
    let write = this.write.get();
    if write.is_none() {
        return Ok(());
    }
    let data = take_output(this);
    let data = cx.heap.bytes(&data).or_raise(cx)?;
    call(cx, write, &[data.value()]).map(|_| ())
}

pub fn take_output(this: This) -> Vec<u8> {
    std::mem::take(&mut this.out.borrow_mut().data)
}

/// Write the content of `object` behind a header; much content goes to the file by itself, in no frame.
pub fn emit_content(cx: &mut Cx, this: This, header: &[u8], content: &[u8], object: Value) -> PyResult<()> {
    if content.len() < FRAME_TARGET {
        let mut out = header.to_vec();
        out.extend_from_slice(content);
        emit(this, &out);
        return Ok(());
    }
    end_frame(this);
    let was_framing = std::mem::replace(&mut this.out.borrow_mut().is_framing, false);
    emit(this, header);
    let write = this.write.get();
    let written = if write.is_none() {
        emit(this, content);
        Ok(())
    } else {
        flush(cx, this).and_then(|()| {
            let payload = if object.is_bound() { object } else { cx.heap.bytes(content).or_raise(cx)?.value() };
            call(cx, write, &[payload]).map(|_| ())
        })
    };
    this.out.borrow_mut().is_framing = was_framing;
    written
}

/// The number under which `object` is in the memo.
pub fn known(this: This, object: Value) -> Option<usize> {
    this.memo.borrow().get(&object.word()).copied()
}

/// Put `object`, which is on top of the reader's stack, into the memo.
pub fn memoize(cx: &mut Cx, this: This, object: Value) -> PyResult<()> {
    if this.fast.get() {
        return Ok(());
    }
    let n = this.memo.borrow().len();
    keep(cx, this, object, n)?;
    if this.protocol.get() >= 4 {
        emit(this, &[op::MEMOIZE]);
    } else if !this.bin.get() {
        emit(this, format!("p{n}\n").as_bytes());
    } else if let Ok(n) = u8::try_from(n) {
        emit(this, &[op::BINPUT, n]);
    } else {
        let [a, b, c, d] = (n as u32).to_le_bytes();
        emit(this, &[op::LONG_BINPUT, a, b, c, d]);
    }
    Ok(())
}

fn keep(cx: &mut Cx, this: This, object: Value, n: usize) -> PyResult<()> {
    let kept = match this.kept.get() {
        Some(kept) => kept,
        None => {
            forget(cx, this)?;
            this.kept.expect()
        }
    };
    kept.push(&mut cx.heap, object).or_raise(cx)?;
    this.memo.borrow_mut().insert(object.word(), n);
    Ok(())
}

/// Write a reference to number `n` of the memo.
pub fn emit_get(this: This, n: usize) {
    if !this.bin.get() {
        emit(this, format!("g{n}\n").as_bytes());
    } else if let Ok(n) = u8::try_from(n) {
        emit(this, &[op::BINGET, n]);
    } else {
        let [a, b, c, d] = (n as u32).to_le_bytes();
        emit(this, &[op::LONG_BINGET, a, b, c, d]);
    }
}

/// An attribute that decides how objects are written; a class's own `persistent_id` decides nothing.
fn hook(cx: &mut Cx, this: This, name: &str) -> PyResult {
    let name = cx.heap.intern(name);
    let found = get_attr_opt(cx, this.value(), name)?;
    let is_own = |f: Value| {
        f.cast::<NativeFunction>().is_some_and(|f| f.def.get().name == "persistent_id" && f.this.get().is(this.value()))
    };
    Ok(found.filter(|&f| !is_own(f)).unwrap_or(Value::UNBOUND))
}

/// Write the pickle of `object`, apart from what waits for a flush.
pub fn dump(cx: &mut Cx, this: This, object: Value) -> PyResult<()> {
    if this.is_running.replace(true) {
        return Err(runtime_error(cx, "Pickler object is already used"));
    }
    let written = dump_running(cx, this, object);
    this.is_running.set(false);
    this.out.borrow_mut().is_framing = false;
    this.reducer_override.clear();
    this.persistent_id.clear();
    written
}

fn dump_running(cx: &mut Cx, this: This, object: Value) -> PyResult<()> {
    for (name, slot) in [
        ("persistent_id", &this.persistent_id),
        ("reducer_override", &this.reducer_override),
        ("dispatch_table", &this.dispatch_table),
    ] {
        let found = hook(cx, this, name)?;
        slot.set(this, found);
    }
    let protocol = this.protocol.get();
    if protocol >= 2 {
        emit(this, &[op::PROTO, protocol]);
    }
    this.out.borrow_mut().is_framing = protocol >= 4;
    super::save::save(cx, this, object, true)?;
    emit(this, &[op::STOP]);
    end_frame(this);
    Ok(())
}

/// `{id: (number, object)}`.
fn memo_copy(cx: &mut Cx, this: This) -> PyResult<Gc<Dict>> {
    let copy = Dict::new(&mut cx.heap);
    let Some(kept) = this.kept.get() else { return Ok(copy) };
    let mut i = 0;
    while let Some(object) = kept.get(i) {
        i += 1;
        let n = known(this, object).unwrap_or_default();
        let entry = cx.heap.tuple(&[Int::from_len(n).value(), object]);
        let id = BigInt::from_u64(&mut cx.heap, object.id());
        runtime::dict::set(cx, copy, id, entry.value())?;
    }
    Ok(copy)
}

#[macros::native_class(
    name = "Pickler",
    module = "_pickle",
    layout = Native<Pickler>,
    flags = BASETYPE | HAVE_GC,
    traits = HAS_DICT | CLAIMS_HEAPTYPE,
    doc = "This takes a binary file for writing a pickle data stream.\n\nThe optional *protocol* argument tells the pickler to use the given\nprotocol; supported protocols are 0, 1, 2, 3, 4 and 5.  The default\nprotocol is 5.  It was introduced in Python 3.8, and is incompatible\nwith previous versions.\n\nSpecifying a negative protocol version selects the highest protocol\nversion supported.  The higher the protocol used, the more recent the\nversion of Python needed to read the pickle produced."
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> PyResult<This> {
        Ok(make(cx, class))
    }

    #[slot(init, "Pickler(file, protocol=None, fix_imports=True, buffer_callback=None)")]
    fn init(
        cx: &mut Cx,
        this: This,
        file: Value,
        protocol: Value,
        fix_imports: bool,
        buffer_callback: Value,
    ) -> PyResult<()> {
        if this.is_running.get() {
            return Err(runtime_error(cx, "Pickler object is already used"));
        }
        let settings = Settings::new(cx, protocol, fix_imports, buffer_callback)?;
        let write = write_of(cx, file)?;
        set_up(cx, this, settings, write)
    }

    /// The persistent id of an object, or None: subclasses have something to say here.
    #[method("persistent_id($self, obj, /)")]
    fn persistent_id(_cx: &mut Cx, _this: This, _obj: Value) -> Value {
        Value::NONE
    }

    /// Write a pickled representation of the given object to the open file.
    #[method("dump($self, obj, /)")]
    fn dump(cx: &mut Cx, this: This, obj: Value) -> PyResult<()> {
        if this.write.get().is_unbound() {
            let name = type_name(cx, this.value());
            let message = format!("Pickler.__init__() was not called by {name}.__init__()");
            return Err(pickling_error(cx, message));
        }
        if !this.is_running.get() {
            *this.out.borrow_mut() = Output::default();
        }
        super::dump(cx, this, obj)?;
        flush(cx, this)
    }

    /// Clears the pickler's "memo".
    ///
    /// The memo is the data structure that remembers which objects the
    /// pickler has already seen, so that shared or recursive objects are
    /// pickled by reference and not by value.  This method is useful when
    /// re-using picklers.
    #[method("clear_memo($self, /)")]
    fn clear_memo(cx: &mut Cx, this: This) -> PyResult<()> {
        forget(cx, this)
    }

    /// Returns size in memory, in bytes.
    #[method("__sizeof__($self, /)")]
    fn __sizeof__(this: This) -> usize {
        size_of::<Pickler>()
            + this.memo.borrow().capacity() * size_of::<(u64, usize)>()
            + this.out.borrow().data.capacity()
    }

    #[getter]
    fn bin(this: This) -> i64 {
        i64::from(this.bin.get())
    }

    #[setter(bin)]
    fn set_bin(cx: &mut Cx, this: This, value: Option<Value>) -> PyResult<()> {
        let on = flag(cx, value)?;
        this.bin.set(on);
        Ok(())
    }

    #[getter]
    fn fast(this: This) -> i64 {
        i64::from(this.fast.get())
    }

    #[setter(fast)]
    fn set_fast(cx: &mut Cx, this: This, value: Option<Value>) -> PyResult<()> {
        let on = flag(cx, value)?;
        this.fast.set(on);
        Ok(())
    }

    fn flag(cx: &mut Cx, value: Option<Value>) -> PyResult<bool> {
        match value {
            Some(value) => Ok(runtime::number::as_i64(cx, value)? != 0),
            None => Err(type_error(cx, "can't delete numeric/char attribute")),
        }
    }

    #[getter]
    fn memo(cx: &mut Cx, this: This) -> PyResult {
        let class = class_of_spec(cx, &proxy::SPEC)?;
        Ok(new_native(cx, class, MemoProxy { owner: GcSlot::of(this) }).value())
    }

    #[setter(memo)]
    fn set_memo(cx: &mut Cx, this: This, value: Option<Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(type_error(cx, "attribute deletion is not supported")) };
        let entries = match value.cast::<Native<MemoProxy>>() {
            Some(proxy) => memo_copy(cx, proxy.owner.expect())?,
            None => match value.cast::<Dict>() {
                Some(dict) => dict,
                None => {
                    let name = type_name(cx, value);
                    let message = format!("'memo' attribute must be a PicklerMemoProxy object or dict, not {name}");
                    return Err(type_error(cx, message));
                }
            },
        };
        forget(cx, this)?;
        let mut i = 0;
        while let Some((at, _, entry)) = entries.next_entry(i) {
            i = at + 1;
            let entry = entry.downcast::<Tuple>().filter(|entry| entry.len() == 2);
            let Some(entry) = entry else { return Err(type_error(cx, "'memo' values must be 2-item tuples")) };
            let n = runtime::number::as_isize(cx, entry.get(0))?;
            keep(cx, this, entry.get(1), n.max(0) as usize)?;
        }
        Ok(())
    }
}

memo_proxy!(Pickler, "PicklerMemoProxy", "Implement pickle support.");
