//! `Unpickler`: its settings, its memo and its input.

use super::memo::memo_proxy;
use super::unpickling_error;
use object::Opaque;
use runtime::native::{class_of_spec, new_native};
use runtime::prelude::*;
use std::cell::Cell as StdCell;

#[derive(Default)]
pub struct Input {
    data: Vec<u8>,
    at: usize,
    /// Where the present frame ends.
    frame_end: usize,
}

#[derive(Trace)]
pub struct Unpickler {
    /// The file's methods; unbound when all input is there.
    read: Slot,
    read_line: Slot,
    input: Opaque<Input>,
    pub memo: GcSlot<Dict>,
    /// Iterator over what was left out of the pickle; unbound = nothing was.
    pub buffers: Slot,
    pub encoding: GcSlot<Str>,
    pub errors: GcSlot<Str>,
    pub protocol: StdCell<u8>,
    pub fix_imports: StdCell<bool>,
    is_set_up: StdCell<bool>,
    pub is_running: StdCell<bool>,
}

impl NativeData for Unpickler {
    const NAME: &'static str = "_pickle.Unpickler";
}

pub type This = Gc<Native<Unpickler>>;

/// `fix_imports`, `encoding`, `errors`, `buffers`.
pub type Options = (bool, Option<Gc<Str>>, Option<Gc<Str>>, Option<Value>);

pub fn make(cx: &mut Cx, class: Gc<Class>) -> This {
    let data = Unpickler {
        read: Slot::new(Value::UNBOUND),
        read_line: Slot::new(Value::UNBOUND),
        input: Opaque::new(Input::default()),
        memo: GcSlot::new(None),
        buffers: Slot::new(Value::UNBOUND),
        encoding: GcSlot::new(None),
        errors: GcSlot::new(None),
        protocol: StdCell::new(0),
        fix_imports: StdCell::new(true),
        is_set_up: StdCell::new(false),
        is_running: StdCell::new(false),
    };
    new_native(cx, class, data)
}

pub fn set_up(cx: &mut Cx, this: This, file: Value, options: Options) -> PyResult<()> {
    let (read, read_line) = (cx.heap.intern("read"), cx.heap.intern("readline"));
    let (Some(read), Some(read_line)) = (get_attr_opt(cx, file, read)?, get_attr_opt(cx, file, read_line)?) else {
        return Err(type_error(cx, "file must have 'read' and 'readline' attributes"));
    };
    set_up_options(cx, this, options)?;
    this.read.set(this, read);
    this.read_line.set(this, read_line);
    Ok(())
}

pub fn set_up_options(cx: &mut Cx, this: This, (fix_imports, encoding, errors, buffers): Options) -> PyResult<()> {
    let buffers = match buffers.filter(|buffers| !buffers.is_none()) {
        Some(buffers) => get_iter(cx, buffers)?,
        None => Value::UNBOUND,
    };
    this.buffers.set(this, buffers);
    this.fix_imports.set(fix_imports);
    this.encoding.set_option(this, encoding);
    this.errors.set_option(this, errors);
    give(this, Vec::new());
    this.protocol.set(0);
    this.is_set_up.set(true);
    forget(cx, this)
}

/// All of the input.
pub fn give(this: This, data: Vec<u8>) {
    *this.input.borrow_mut() = Input { data, at: 0, frame_end: 0 };
}

fn truncated(cx: &mut Cx) -> Raised {
    unpickling_error(cx, "pickle data was truncated")
}

/// Have `n` bytes ready.
fn need(cx: &mut Cx, this: This, n: usize) -> PyResult<()> {
    let ready = {
        let input = this.input.borrow();
        input.data.len() - input.at
    };
    if ready >= n {
        return Ok(());
    }
    if this.read.get().is_unbound() {
        return Err(truncated(cx));
    }
    let missing = BigInt::from_u64(&mut cx.heap, (n - ready) as u64);
    let more = call(cx, this.read.get(), &[missing])?;
    append(cx, this, more, "read")?;
    let input = this.input.borrow();
    if input.data.len() - input.at < n { Err(truncated(cx)) } else { Ok(()) }
}

/// Put what the file has given behind the input that is left.
fn append(cx: &mut Cx, this: This, more: Value, method: &str) -> PyResult<()> {
    let Some(bytes) = more.downcast::<Bytes>() else {
        let name = type_name(cx, more);
        return Err(type_error(cx, format_args!("{method}() returned non-bytes object ({name})")));
    };
    let mut input = this.input.borrow_mut();
    let at = std::mem::take(&mut input.at);
    input.frame_end = input.frame_end.saturating_sub(at);
    input.data.drain(..at);
    input.data.extend_from_slice(bytes.as_slice());
    Ok(())
}

/// The next `n` bytes; `f` cannot run Python.
pub fn take<R>(cx: &mut Cx, this: This, n: usize, f: impl FnOnce(&[u8]) -> R) -> PyResult<R> {
    let straddles = {
        let input = this.input.borrow();
        input.at < input.frame_end && input.frame_end - input.at < n
    };
    if straddles {
        return Err(unpickling_error(cx, "pickle exhausted before end of frame"));
    }
    need(cx, this, n)?;
    let mut input = this.input.borrow_mut();
    let at = input.at;
    input.at += n;
    Ok(f(&input.data[at..at + n]))
}

/// The next line, with its end.
pub fn take_line(cx: &mut Cx, this: This) -> PyResult<Vec<u8>> {
    let find = || {
        let input = this.input.borrow();
        memchr::memchr(b'\n', &input.data[input.at..])
    };
    let mut end = find();
    if end.is_none() && this.read_line.get().is_bound() {
        let more = call(cx, this.read_line.get(), &[])?;
        append(cx, this, more, "readline")?;
        end = find();
    }
    match end {
        Some(end) => take(cx, this, end + 1, <[u8]>::to_vec),
        None => Err(truncated(cx)),
    }
}

/// Whole frames are read at once; what they hold is taken afterwards.
pub fn prepare_frame(cx: &mut Cx, this: This, n: usize) -> PyResult<()> {
    let is_inside = {
        let input = this.input.borrow();
        input.at < input.frame_end
    };
    if is_inside {
        return Err(unpickling_error(cx, "beginning of a new frame before end of current frame"));
    }
    need(cx, this, n)?;
    let mut input = this.input.borrow_mut();
    input.frame_end = input.at + n;
    Ok(())
}

/// Empty the memo.
fn forget(cx: &mut Cx, this: This) -> PyResult<()> {
    let memo = Dict::new(&mut cx.heap);
    this.memo.set(this, memo);
    Ok(())
}

fn memo_copy(cx: &mut Cx, this: This) -> PyResult<Gc<Dict>> {
    match this.memo.get() {
        Some(memo) => runtime::dict::copy(cx, memo),
        None => Ok(Dict::new(&mut cx.heap)),
    }
}

#[macros::native_class(
    name = "Unpickler",
    module = "_pickle",
    layout = Native<Unpickler>,
    flags = BASETYPE | HAVE_GC,
    traits = HAS_DICT | CLAIMS_HEAPTYPE,
    doc = "This takes a binary file for reading a pickle data stream.\n\nThe protocol version of the pickle is detected automatically, so no\nprotocol argument is needed.  Bytes past the pickled object's\nrepresentation are ignored."
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> PyResult<This> {
        Ok(make(cx, class))
    }

    #[slot(init, "Unpickler(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())")]
    fn init(
        cx: &mut Cx,
        this: This,
        file: Value,
        fix_imports: bool,
        encoding: Option<Gc<Str>>,
        errors: Option<Gc<Str>>,
        buffers: Option<Value>,
    ) -> PyResult<()> {
        if this.is_running.get() {
            return Err(runtime_error(cx, "Unpickler object is already used"));
        }
        set_up(cx, this, file, (fix_imports, encoding, errors, buffers))
    }

    /// The object of a persistent id: subclasses have something to say here.
    #[method("persistent_load($self, pid, /)")]
    fn persistent_load(cx: &mut Cx, _this: This, _pid: Value) -> PyResult {
        let message =
            "A load persistent id instruction was encountered, but no persistent_load function was specified.";
        Err(unpickling_error(cx, message))
    }

    /// Load a pickle.
    ///
    /// Read a pickled object representation from the open file object
    /// given in the constructor, and return the reconstituted object
    /// hierarchy specified therein.
    #[method("load($self, /)")]
    fn load(cx: &mut Cx, this: This) -> PyResult {
        if !this.is_set_up.get() {
            let name = type_name(cx, this.value());
            let message = format!("Unpickler.__init__() was not called by {name}.__init__()");
            return Err(unpickling_error(cx, message));
        }
        super::super::load::load(cx, this)
    }

    /// Return an object from a specified module.
    ///
    /// If necessary, the module will be imported.  Subclasses may override
    /// this method (e.g. to restrict unpickling of arbitrary classes and
    /// functions).
    ///
    /// This method is called whenever a class or a function object is
    /// needed.  Both arguments passed are str objects.
    #[method("find_class($self, module_name, global_name, /)")]
    fn find_class(cx: &mut Cx, this: This, module_name: Value, global_name: Value) -> PyResult {
        super::super::names::find_class(cx, this.protocol.get(), this.fix_imports.get(), module_name, global_name)
    }

    /// Returns size in memory, in bytes.
    #[method("__sizeof__($self, /)")]
    fn __sizeof__(this: This) -> usize {
        size_of::<Unpickler>() + this.input.borrow().data.capacity()
    }

    #[getter]
    fn memo(cx: &mut Cx, this: This) -> PyResult {
        let class = class_of_spec(cx, &proxy::SPEC)?;
        Ok(new_native(cx, class, MemoProxy { owner: GcSlot::of(this) }).value())
    }

    #[setter(memo)]
    fn set_memo(cx: &mut Cx, this: This, value: Option<Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(type_error(cx, "attribute deletion is not supported")) };
        if let Some(proxy) = value.cast::<Native<MemoProxy>>() {
            let copy = memo_copy(cx, proxy.owner.expect())?;
            this.memo.set(this, copy);
            return Ok(());
        }
        let Some(dict) = value.cast::<Dict>() else {
            let name = type_name(cx, value);
            let message = format!("'memo' attribute must be an UnpicklerMemoProxy object or dict, not {name}");
            return Err(type_error(cx, message));
        };
        let copy = Dict::new(&mut cx.heap);
        let mut i = 0;
        while let Some((at, key, object)) = dict.next_entry(i) {
            i = at + 1;
            if !runtime::number::int::is_int(key) {
                return Err(type_error(cx, "memo key must be integers"));
            }
            if runtime::number::as_isize(cx, key)? < 0 {
                return Err(value_error(cx, "memo key must be positive integers."));
            }
            runtime::dict::set(cx, copy, key, object)?;
        }
        this.memo.set(this, copy);
        Ok(())
    }
}

memo_proxy!(Unpickler, "UnpicklerMemoProxy", "Implement pickling support.");
