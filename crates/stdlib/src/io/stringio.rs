//! `StringIO`.

use super::{base, newline, size_argument};
use macros::{Trace, native_class};
use runtime::native::new_native;
use runtime::prelude::*;
use std::cell::Cell;

/// The text: built up at the end, or a vector of code points once something else happened.
enum Content {
    Building(StrBuilder),
    Chars(Vec<u32>),
}

#[derive(Trace)]
pub struct StringIo {
    #[trace(skip)]
    content: Opaque<Content>,
    position: Cell<usize>,
    closed: Cell<bool>,
    ready: Cell<bool>,
    #[trace(skip)]
    newline: Opaque<Option<String>>,
    seen: Cell<u8>,
}

impl NativeData for StringIo {
    const NAME: &'static str = "_io.StringIO";
}

type This = Gc<Native<StringIo>>;

impl StringIo {
    fn len(&self) -> usize {
        match &*self.content.borrow() {
            Content::Building(text) => text.len(),
            Content::Chars(chars) => chars.len(),
        }
    }

    /// Run `f` on the code points.
    fn with_chars<R>(&self, f: impl FnOnce(&mut Vec<u32>) -> R) -> R {
        let mut content = self.content.borrow_mut();
        if let Content::Building(text) = &*content {
            *content = Content::Chars(text.iter().collect());
        }
        match &mut *content {
            Content::Chars(chars) => f(chars),
            Content::Building(_) => unreachable!("turned into characters just now"),
        }
    }

    fn universal(&self) -> bool {
        self.newline.borrow().as_deref().is_none_or(str::is_empty)
    }

    fn translate(&self) -> bool {
        self.newline.borrow().is_none()
    }
}

fn check(cx: &mut Cx, this: This) -> PyResult<()> {
    if !this.ready.get() {
        return Err(value_error(cx, "I/O operation on uninitialized object"));
    }
    if this.closed.get() { Err(value_error(cx, "I/O operation on closed file")) } else { Ok(()) }
}

fn put(cx: &mut Cx, this: This, text: Gc<Str>) -> PyResult<()> {
    let text = if this.universal() { newline::process(cx, text, this.translate(), &this.seen)? } else { text };
    let written_newline = match this.newline.borrow().as_deref() {
        Some("\r") => Some("\r"),
        Some("\r\n") => Some("\r\n"),
        _ => None,
    };
    let text = match written_newline {
        Some(newline) => {
            let mut out = StrBuilder::with_capacity(text.len());
            for c in text.iter() {
                if c == '\n' as u32 { out.push_str(newline) } else { out.push(c) }
            }
            out.finish(&mut cx.heap).or_raise(cx)?
        }
        None => text,
    };
    let position = this.position.get();
    if let Content::Building(content) = &mut *this.content.borrow_mut()
        && position == content.len()
    {
        content.push_py(&text);
        this.position.set(content.len());
        return Ok(());
    }
    if text.is_empty() {
        return Ok(());
    }
    this.with_chars(|chars| {
        if position > chars.len() {
            chars.resize(position, 0);
        }
        let mut new = text.iter();
        let overlap = text.len().min(chars.len() - position);
        chars[position..position + overlap].iter_mut().zip(&mut new).for_each(|(to, c)| *to = c);
        chars.extend(new);
    });
    this.position.set(position + text.len());
    Ok(())
}

fn slice(cx: &mut Cx, this: This, start: usize, end: usize) -> PyResult<Gc<Str>> {
    let points = this.with_chars(|chars| chars[start.min(chars.len())..end.min(chars.len())].to_vec());
    Str::from_ucs4(&mut cx.heap, &points).or_raise(cx)
}

fn read_line(cx: &mut Cx, this: This, limit: Option<usize>) -> PyResult<Gc<Str>> {
    let start = this.position.get();
    let newline = this.newline.borrow().clone();
    let end = this.with_chars(|chars| {
        let rest = chars.get(start..).unwrap_or_default();
        let at = |c: char| rest.iter().position(|&x| x == c as u32);
        let end = match newline.as_deref() {
            Some("\r") => at('\r').map(|i| i + 1),
            Some("\r\n") => rest.windows(2).position(|w| w[0] == '\r' as u32 && w[1] == '\n' as u32).map(|i| i + 2),
            Some("") => {
                let i = rest.iter().position(|&x| x == '\r' as u32 || x == '\n' as u32);
                i.map(|i| {
                    let crlf = rest[i] == '\r' as u32 && rest.get(i + 1) == Some(&('\n' as u32));
                    i + 1 + crlf as usize
                })
            }
            _ => at('\n').map(|i| i + 1),
        };
        end.unwrap_or(rest.len()).min(limit.unwrap_or(usize::MAX))
    });
    let line = slice(cx, this, start, start + end)?;
    if !line.is_empty() {
        this.position.set(start + end);
    }
    Ok(line)
}

fn value(cx: &mut Cx, this: This) -> PyResult<Gc<Str>> {
    let text = match &*this.content.borrow() {
        Content::Building(text) => text.to_py(&mut cx.heap),
        Content::Chars(chars) => Str::from_ucs4(&mut cx.heap, chars),
    };
    text.or_raise(cx)
}

/// Text I/O implementation using an in-memory buffer.
///
/// The initial_value argument sets the value of object.  The newline
/// argument is like the one of TextIOWrapper's constructor.
#[native_class(
    name = "StringIO", module = "_io", layout = Native<StringIo>, flags = BASETYPE,
    traits = HAS_DICT | HAS_WEAKREF, base = base::text_base::SPEC
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> Value {
        let data = StringIo {
            content: Opaque::new(Content::Building(StrBuilder::new())),
            position: Cell::new(0),
            closed: Cell::new(false),
            ready: Cell::new(false),
            newline: Opaque::new(Some("\n".to_owned())),
            seen: Cell::new(0),
        };
        if class.is_heap_type() {
            return new_native(cx, class, data).value();
        }
        // Nothing has to happen when a plain one goes.
        cx.heap.native(class.instance_shape.get(), data).value()
    }

    #[slot(init, "StringIO(initial_value='', newline='\\n')")]
    fn init(cx: &mut Cx, this: This, initial_value: Value, newline: Value) -> PyResult<()> {
        this.ready.set(false);
        let newline = match newline.downcast::<Str>() {
            _ if newline.is_none() => None,
            Some(text) => Some(text.to_string()),
            None => {
                let name = type_name(cx, newline);
                return Err(type_error(cx, format!("newline must be str or None, not {name}")));
            }
        };
        if let Some(text) = newline.as_deref()
            && !matches!(text, "" | "\n" | "\r" | "\r\n")
        {
            return Err(value_error(cx, format!("illegal newline value: {text:?}").replace('"', "'")));
        }
        let initial = match initial_value.downcast::<Str>() {
            _ if initial_value.is_none() => None,
            Some(text) => Some(text),
            None => {
                let name = type_name(cx, initial_value);
                return Err(type_error(cx, format!("initial_value must be str or None, not {name}")));
            }
        };
        *this.newline.borrow_mut() = newline;
        *this.content.borrow_mut() = Content::Building(StrBuilder::new());
        this.position.set(0);
        this.seen.set(0);
        this.closed.set(false);
        this.ready.set(true);
        if let Some(text) = initial {
            put(cx, this, text)?;
            this.position.set(0);
        }
        Ok(())
    }

    /// Retrieve the entire contents of the object.
    #[method("getvalue($self, /)")]
    fn getvalue(cx: &mut Cx, this: This) -> PyResult<Gc<Str>> {
        check(cx, this)?;
        value(cx, this)
    }

    /// Tell the current file position.
    #[method("tell($self, /)")]
    fn tell(cx: &mut Cx, this: This) -> PyResult<usize> {
        check(cx, this)?;
        Ok(this.position.get())
    }

    /// Read at most size characters, returned as a string.
    ///
    /// If the argument is negative or omitted, read until EOF
    /// is reached. Return an empty string at EOF.
    #[method("read($self, size=-1, /)")]
    fn read(cx: &mut Cx, this: This, size: Option<Value>) -> PyResult<Gc<Str>> {
        check(cx, this)?;
        let size = size_argument(cx, size.unwrap_or(Value::NONE))?;
        let (start, len) = (this.position.get(), this.len());
        let end = start.saturating_add(size.unwrap_or(usize::MAX)).min(len);
        if end <= start {
            return Ok(cx.vm().empty_str());
        }
        this.position.set(end);
        if start == 0 && end == len {
            return value(cx, this);
        }
        slice(cx, this, start, end)
    }

    /// Read until newline or EOF.
    ///
    /// Returns an empty string if EOF is hit immediately.
    #[method("readline($self, size=-1, /)")]
    fn readline(cx: &mut Cx, this: This, size: Option<Value>) -> PyResult<Gc<Str>> {
        check(cx, this)?;
        let limit = size_argument(cx, size.unwrap_or(Value::NONE))?;
        read_line(cx, this, limit)
    }

    /// Truncate size to pos.
    ///
    /// The pos argument defaults to the current file position, as
    /// returned by tell().  The current file position is unchanged.
    /// Returns the new absolute position.
    #[method("truncate($self, pos=None, /)")]
    fn truncate(cx: &mut Cx, this: This, pos: Value) -> PyResult<usize> {
        check(cx, this)?;
        let size = if pos.is_none() { this.position.get() as i64 } else { runtime::number::as_i64(cx, pos)? };
        let Ok(size) = usize::try_from(size) else {
            return Err(value_error(cx, format!("Negative size value {size}")));
        };
        if size == 0 {
            *this.content.borrow_mut() = Content::Building(StrBuilder::new());
        } else if size < this.len() {
            this.with_chars(|chars| chars.truncate(size));
        }
        Ok(size)
    }

    /// Change stream position.
    ///
    /// Seek to character offset pos relative to position indicated by whence:
    ///     0  Start of stream (the default).  pos should be >= 0;
    ///     1  Current position - pos must be 0;
    ///     2  End of stream - pos must be 0.
    /// Returns the new absolute position.
    #[method("seek($self, pos, whence=0, /)")]
    fn seek(cx: &mut Cx, this: This, pos: i64, whence: i32) -> PyResult<usize> {
        check(cx, this)?;
        let position = match whence {
            0 if pos < 0 => return Err(value_error(cx, format!("Negative seek position {pos}"))),
            0 => pos as usize,
            1 | 2 if pos != 0 => {
                let class = cx.types().OSError;
                return Err(raise_class(cx, class, "Can't do nonzero cur-relative seeks"));
            }
            1 => this.position.get(),
            2 => this.len(),
            _ => return Err(value_error(cx, format!("Invalid whence ({whence}, should be 0, 1 or 2)"))),
        };
        this.position.set(position);
        Ok(position)
    }

    /// Write string to file.
    ///
    /// Returns the number of characters written, which is always equal to
    /// the length of the string.
    #[method("write($self, s, /)")]
    fn write(cx: &mut Cx, this: This, s: Value) -> PyResult<usize> {
        let Some(text) = s.downcast::<Str>() else {
            let name = type_name(cx, s);
            return Err(type_error(cx, format!("string argument expected, got '{name}'")));
        };
        check(cx, this)?;
        put(cx, this, text)?;
        Ok(text.len())
    }

    /// Close the IO object.
    ///
    /// Attempting any further operation after the object is closed
    /// will raise a ValueError.
    ///
    /// This method has no effect if the file is already closed.
    #[method("close($self, /)")]
    fn close(this: This) {
        this.closed.set(true);
        *this.content.borrow_mut() = Content::Building(StrBuilder::new());
    }

    /// Returns True if the IO object can be read.
    #[method("readable($self, /)")]
    fn readable(cx: &mut Cx, this: This) -> PyResult<bool> {
        check(cx, this)?;
        Ok(true)
    }

    /// Returns True if the IO object can be written.
    #[method("writable($self, /)")]
    fn writable(cx: &mut Cx, this: This) -> PyResult<bool> {
        check(cx, this)?;
        Ok(true)
    }

    /// Returns True if the IO object can be seeked.
    #[method("seekable($self, /)")]
    fn seekable(cx: &mut Cx, this: This) -> PyResult<bool> {
        check(cx, this)?;
        Ok(true)
    }

    /// State for pickling.
    #[method("__getstate__($self, /)")]
    fn getstate(cx: &mut Cx, this: This) -> PyResult {
        check(cx, this)?;
        let text = value(cx, this)?.value();
        let newline = match this.newline.borrow().as_deref() {
            Some(newline) => cx.heap.str(newline),
            None => Value::NONE,
        };
        let position = Int::from_len(this.position.get()).value();
        let dict = match runtime::attribute::instance_dict(cx, this.value())? {
            Some(dict) => runtime::dict::copy(cx, dict)?.value(),
            None => Value::NONE,
        };
        Ok(cx.heap.tuple(&[text, newline, position, dict]).value())
    }

    /// Restore the state of `__getstate__`.
    #[method("__setstate__($self, state, /)")]
    fn setstate(cx: &mut Cx, this: This, state: Gc<Tuple>) -> PyResult<()> {
        if state.len() != 4 {
            let name = type_name(cx, this.value());
            return Err(type_error(cx, format!("{name}.__setstate__ argument should be 4-tuple, got tuple")));
        }
        let text = state.get(0);
        if !text.is_none() && text.downcast::<Str>().is_none() {
            let name = type_name(cx, text);
            return Err(type_error(cx, format!("initial_value must be str or None, not {name}")));
        }
        init(cx, this, Value::NONE, state.get(1))?;
        if let Some(text) = text.downcast::<Str>() {
            *this.content.borrow_mut() = Content::Chars(text.iter().collect());
        }
        let position = runtime::number::as_i64(cx, state.get(2))?;
        let Ok(position) = usize::try_from(position) else {
            return Err(value_error(cx, "position value cannot be negative"));
        };
        this.position.set(position);
        if let (Some(own), Some(extra)) =
            (runtime::attribute::instance_dict(cx, this.value())?, state.get(3).downcast::<Dict>())
        {
            runtime::dict::update(cx, own, extra.value())?;
        }
        Ok(())
    }

    /// True if the file is closed.
    #[getter]
    fn closed(this: This) -> bool {
        this.closed.get()
    }

    /// Whether line buffering is on: never.
    #[getter]
    fn line_buffering(cx: &mut Cx, this: This) -> PyResult<bool> {
        check(cx, this)?;
        Ok(false)
    }

    /// Kinds of line ends seen so far.
    #[getter]
    fn newlines(cx: &mut Cx, this: This) -> PyResult {
        check(cx, this)?;
        Ok(if this.universal() { newline::seen_value(cx, this.seen.get()) } else { Value::NONE })
    }

    #[slot]
    fn iter(cx: &mut Cx, this: This) -> PyResult {
        check(cx, this)?;
        Ok(this.value())
    }

    #[slot]
    fn next(cx: &mut Cx, this: This) -> PyResult<Option<Value>> {
        check(cx, this)?;
        let line = if cx.class_of(this.value()).is_heap_type() {
            let readline = cx.names().readline;
            let line = call_method(cx, this.value(), readline, &[])?;
            match line.downcast::<Str>() {
                Some(line) => line,
                None => return Err(type_error(cx, "readline() should have returned a str object")),
            }
        } else {
            read_line(cx, this, None)?
        };
        Ok(if line.is_empty() { None } else { Some(line.value()) })
    }
    #[init]
    fn init_class(_cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        // As in CPython, only instances of subclasses are closed when they go.
        class.set_trait(object::class::traits::HAS_DEL, false);
        Ok(())
    }
}
