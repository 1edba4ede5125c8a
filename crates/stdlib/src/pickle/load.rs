//! Opcodes to objects.

use super::opcode as op;
use super::unpickler::{This, prepare_frame, take, take_line};
use super::{HIGHEST_PROTOCOL, little_endian, unpickling_error};
use runtime::error::full_type_name;
use runtime::import::import_attr;
use runtime::prelude::*;

/// Read a pickle.
pub fn load(cx: &mut Cx, this: This) -> PyResult {
    if this.is_running.replace(true) {
        return Err(runtime_error(cx, "Unpickler object is already used"));
    }
    this.protocol.set(0);
    let mut loader = Loader { this, stack: cx.vm().root_vec(), marks: Vec::new() };
    let loaded = loader.run(cx);
    this.is_running.set(false);
    loaded
}

struct Loader {
    this: This,
    stack: RootVec,
    /// How high the stack was at each mark.
    marks: Vec<usize>,
}

impl Loader {
    fn run(&mut self, cx: &mut Cx) -> PyResult {
        loop {
            if cx.is_safepoint_requested() {
                runtime::safepoint::handle_in_native_loop(cx)?;
            }
            let opcode = match take(cx, self.this, 1, |data| data[0]) {
                Ok(opcode) => opcode,
                Err(raised) => return Err(self.ended(cx, raised)),
            };
            if opcode == op::STOP {
                return self.pop(cx);
            }
            self.step(cx, opcode)?;
        }
    }

    /// The error for a pickle that ends before its end.
    fn ended(&self, cx: &mut Cx, raised: Raised) -> Raised {
        let class = match import_attr(cx, "_pickle", "UnpicklingError") {
            Ok(class) => class.cast::<Class>(),
            Err(raised) => return raised,
        };
        if !class.is_some_and(|class| cx.raised_is(class)) {
            return raised;
        }
        cx.take_raised(raised);
        let class = cx.types().EOFError;
        runtime::error::raise_class(cx, class, "Ran out of input")
    }

    fn step(&mut self, cx: &mut Cx, opcode: u8) -> PyResult<()> {
        match opcode {
            op::MARK => self.marks.push(self.stack.len()),
            op::NONE => self.stack.push(Value::NONE),
            op::NEWTRUE => self.stack.push(Value::TRUE),
            op::NEWFALSE => self.stack.push(Value::FALSE),
            op::PROTO => {
                let protocol = self.number(cx, 1)?;
                if protocol > HIGHEST_PROTOCOL as u64 {
                    return Err(value_error(cx, format_args!("unsupported pickle protocol: {protocol}")));
                }
                self.this.protocol.set(protocol as u8);
            }
            op::FRAME => {
                let n = self.length(cx, 8, "FRAME length")?;
                prepare_frame(cx, self.this, n)?;
            }
            op::BININT => self.small(cx, 4, |n| i64::from(n as u32 as i32))?,
            op::BININT1 => self.small(cx, 1, |n| n as i64)?,
            op::BININT2 => self.small(cx, 2, |n| n as i64)?,
            op::INT | op::LONG | op::FLOAT | op::STRING | op::UNICODE | op::PERSID => return self.line_of(cx, opcode),
            op::LONG1 => {
                let n = self.number(cx, 1)? as usize;
                return self.long(cx, n);
            }
            op::LONG4 => {
                let Ok(n) = usize::try_from(self.number(cx, 4)? as u32 as i32) else {
                    return Err(unpickling_error(cx, "LONG pickle has negative byte count"));
                };
                return self.long(cx, n);
            }
            op::BINFLOAT => {
                let bits = take(cx, self.this, 8, |data| little_endian(data).swap_bytes())?;
                let value = cx.heap.float(f64::from_bits(bits));
                self.stack.push(value);
            }
            op::SHORT_BINSTRING => {
                let n = self.number(cx, 1)? as usize;
                return self.old_string(cx, n);
            }
            op::BINSTRING => {
                let Ok(n) = usize::try_from(self.number(cx, 4)? as u32 as i32) else {
                    return Err(unpickling_error(cx, "BINSTRING pickle has negative byte count"));
                };
                return self.old_string(cx, n);
            }
            op::SHORT_BINBYTES | op::BINBYTES | op::BINBYTES8 => {
                let width = [1, 4, 8][[op::SHORT_BINBYTES, op::BINBYTES, op::BINBYTES8]
                    .iter()
                    .position(|&o| o == opcode)
                    .unwrap_or_default()];
                let n = self.length(cx, width, "BINBYTES")?;
                let bytes = self.bytes(cx, n)?;
                self.stack.push(bytes);
            }
            op::SHORT_BINUNICODE => return self.text(cx, 1),
            op::BINUNICODE => return self.text(cx, 4),
            op::BINUNICODE8 => return self.text(cx, 8),
            op::BYTEARRAY8 => {
                let n = self.length(cx, 8, "BYTEARRAY8")?;
                let data = take(cx, self.this, n, <[u8]>::to_vec)?;
                let shape = cx.heap.shapes().bytearray;
                let array = ByteArray::new(&mut cx.heap, shape, data);
                self.stack.push(array);
            }
            op::NEXT_BUFFER => return self.next_buffer(cx),
            op::READONLY_BUFFER => return self.read_only_buffer(cx),
            op::EMPTY_TUPLE => self.stack.push(cx.vm().empty_tuple()),
            op::TUPLE1 => return self.tuple(cx, 1),
            op::TUPLE2 => return self.tuple(cx, 2),
            op::TUPLE3 => return self.tuple(cx, 3),
            op::TUPLE => {
                let start = self.mark(cx)?;
                return self.tuple(cx, self.stack.len() - start);
            }
            op::EMPTY_LIST => self.stack.push(List::empty(&mut cx.heap)),
            op::EMPTY_DICT => self.stack.push(Dict::new(&mut cx.heap)),
            op::EMPTY_SET => {
                let set = call(cx, cx.types().set.value(), &[])?;
                self.stack.push(set);
            }
            op::LIST => {
                let start = self.mark(cx)?;
                let items = self.items_from(cx, start)?;
                self.stack.push(items);
            }
            op::DICT => return self.dict(cx),
            op::FROZENSET => {
                let start = self.mark(cx)?;
                let items = self.items_from(cx, start)?;
                let set = call(cx, cx.types().frozenset.value(), &[items.value()])?;
                self.stack.push(set);
            }
            op::APPEND => {
                let n = self.stack.len();
                if n <= self.fence() + 1 {
                    return Err(self.underflow(cx));
                }
                return self.append(cx, n - 1);
            }
            op::APPENDS => {
                let start = self.mark(cx)?;
                return self.append(cx, start);
            }
            op::SETITEM => {
                let n = self.stack.len();
                if n <= self.fence() + 2 {
                    return Err(self.underflow(cx));
                }
                return self.set_items(cx, n - 2);
            }
            op::SETITEMS => {
                let start = self.mark(cx)?;
                return self.set_items(cx, start);
            }
            op::ADDITEMS => return self.add_items(cx),
            op::BUILD => return self.build(cx),
            op::REDUCE => {
                let (args, function) = (self.pop(cx)?, self.pop(cx)?);
                let Some(args) = args.downcast::<Tuple>() else {
                    return Err(type_error(cx, "argument list must be a tuple"));
                };
                let made = call(cx, function, args.as_slice())?;
                self.stack.push(made);
            }
            op::NEWOBJ => return self.new_object(cx, false),
            op::NEWOBJ_EX => return self.new_object(cx, true),
            op::INST | op::OBJ => return self.instance(cx, opcode),
            op::GLOBAL => {
                let module = self.decoded_line(cx, "utf-8")?;
                let name = self.decoded_line(cx, "utf-8")?;
                return self.find_class(cx, module.value(), name.value());
            }
            op::STACK_GLOBAL => {
                let (name, module) = (self.pop(cx)?, self.pop(cx)?);
                if !name.is_a::<Str>() || !module.is_a::<Str>() {
                    return Err(unpickling_error(cx, "STACK_GLOBAL requires str"));
                }
                return self.find_class(cx, module, name);
            }
            op::EXT1 => return self.extension(cx, 1),
            op::EXT2 => return self.extension(cx, 2),
            op::EXT4 => return self.extension(cx, 4),
            op::BINPERSID => {
                let id = self.pop(cx)?;
                return self.persistent(cx, id);
            }
            op::POP => {
                if self.marks.last() == Some(&self.stack.len()) {
                    self.marks.pop();
                } else {
                    self.pop(cx)?;
                }
            }
            op::POP_MARK => {
                let start = self.mark(cx)?;
                self.stack.truncate(start);
            }
            op::DUP => {
                let top = self.top(cx)?;
                self.stack.push(top);
            }
            op::GET => {
                let line = self.text_line(cx)?;
                let n = self.parse_int(cx, &line)?;
                let n = runtime::number::as_isize(cx, n)?;
                return self.get(cx, n as i64);
            }
            op::BINGET => {
                let n = self.number(cx, 1)?;
                return self.get(cx, n as i64);
            }
            op::LONG_BINGET => {
                let n = self.number(cx, 4)?;
                return self.get(cx, n as i64);
            }
            op::PUT => {
                let line = self.text_line(cx)?;
                let n = self.parse_int(cx, &line)?;
                let n = runtime::number::as_isize(cx, n)?;
                self.top(cx)?;
                if n < 0 {
                    return Err(value_error(cx, "negative PUT argument"));
                }
                return self.put(cx, n as u64);
            }
            op::BINPUT => {
                let n = self.number(cx, 1)?;
                return self.put(cx, n);
            }
            op::LONG_BINPUT => {
                let n = self.number(cx, 4)?;
                return self.put(cx, n);
            }
            op::MEMOIZE => {
                let n = self.this.memo.get().map_or(0, |memo| memo.len());
                return self.put(cx, n as u64);
            }
            _ => {
                let shown = match opcode {
                    b'\'' => "\"'\"".to_owned(),
                    b'\\' => "'\\\\'".to_owned(),
                    0x20..=0x7e => format!("'{}'", char::from(opcode)),
                    _ => format!("'\\x{opcode:02x}'"),
                };
                return Err(unpickling_error(cx, format_args!("invalid load key, {shown}.")));
            }
        }
        Ok(())
    }

    /// The stack's height at the last mark: what is below belongs to others.
    fn fence(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    fn underflow(&self, cx: &mut Cx) -> Raised {
        let message = if self.marks.is_empty() { "unpickling stack underflow" } else { "unexpected MARK found" };
        unpickling_error(cx, message)
    }

    fn top(&self, cx: &mut Cx) -> PyResult {
        match self.stack.len() {
            n if n > self.fence() => Ok(self.stack.get(n - 1)),
            _ => Err(self.underflow(cx)),
        }
    }

    fn pop(&self, cx: &mut Cx) -> PyResult {
        let top = self.top(cx)?;
        self.stack.truncate(self.stack.len() - 1);
        Ok(top)
    }

    /// Take the last mark away; where it was.
    fn mark(&mut self, cx: &mut Cx) -> PyResult<usize> {
        self.marks.pop().ok_or_else(|| unpickling_error(cx, "could not find MARK"))
    }

    fn number(&self, cx: &mut Cx, width: usize) -> PyResult<u64> {
        take(cx, self.this, width, little_endian)
    }

    fn length(&self, cx: &mut Cx, width: usize, what: &str) -> PyResult<usize> {
        let n = self.number(cx, width)?;
        match isize::try_from(n) {
            Ok(n) => Ok(n as usize),
            Err(_) => {
                let verb =
                    if what.contains(' ') { "exceeds system's maximum of" } else { "exceeds system's maximum size of" };
                Err(overflow_error(cx, format_args!("{what} {verb} {} bytes", isize::MAX)))
            }
        }
    }

    fn small(&self, cx: &mut Cx, width: usize, read: fn(u64) -> i64) -> PyResult<()> {
        let n = read(self.number(cx, width)?);
        self.stack.push(BigInt::from_i64(&mut cx.heap, n));
        Ok(())
    }

    fn long(&self, cx: &mut Cx, n: usize) -> PyResult<()> {
        let data = take(cx, self.this, n, <[u8]>::to_vec)?;
        let value = runtime::number::int::from_le_bytes(cx, &data, true)?;
        self.stack.push(value);
        Ok(())
    }

    fn bytes(&self, cx: &mut Cx, n: usize) -> PyResult<Gc<Bytes>> {
        let data = take(cx, self.this, n, <[u8]>::to_vec)?;
        cx.heap.bytes(&data).or_raise(cx)
    }

    fn text(&self, cx: &mut Cx, width: usize) -> PyResult<()> {
        let n = self.length(cx, width, "BINUNICODE")?;
        let data = take(cx, self.this, n, <[u8]>::to_vec)?;
        let text = match std::str::from_utf8(&data) {
            Ok(text) => Str::from_utf8(&mut cx.heap, text).or_raise(cx)?,
            Err(_) => self.decoded(cx, &data, "utf-8", Some("surrogatepass"))?,
        };
        self.stack.push(text);
        Ok(())
    }

    fn decoded(&self, cx: &mut Cx, data: &[u8], encoding: &str, errors: Option<&str>) -> PyResult<Gc<Str>> {
        let bytes = cx.heap.bytes(data).or_raise(cx)?;
        runtime::codec::decode_bytes(cx, bytes.value(), bytes, Some(encoding), errors)
    }

    /// Text that Python 2 wrote as bytes.
    fn old_text(&self, cx: &mut Cx, data: &[u8]) -> PyResult<()> {
        let encoding = self.this.encoding.get().map_or_else(|| "ASCII".to_owned(), |encoding| encoding.to_string());
        let errors = self.this.errors.get().map_or_else(|| "strict".to_owned(), |errors| errors.to_string());
        if encoding == "bytes" {
            let bytes = cx.heap.bytes(data).or_raise(cx)?;
            self.stack.push(bytes);
        } else {
            let text = self.decoded(cx, data, &encoding, Some(&errors))?;
            self.stack.push(text);
        }
        Ok(())
    }

    fn old_string(&self, cx: &mut Cx, n: usize) -> PyResult<()> {
        let data = take(cx, self.this, n, <[u8]>::to_vec)?;
        self.old_text(cx, &data)
    }

    /// A line that has to hold something, as text.
    fn text_line(&self, cx: &mut Cx) -> PyResult<String> {
        let line = take_line(cx, self.this)?;
        if line.len() < 2 {
            return Err(unpickling_error(cx, "pickle data was truncated"));
        }
        Ok(String::from_utf8_lossy(&line).into_owned())
    }

    fn parse_int(&self, cx: &mut Cx, line: &str) -> PyResult {
        let literal = cx.heap.str(line);
        runtime::number::int_text::parse_value(cx, line.trim_end_matches('\n'), 10, literal)
    }

    fn decoded_line(&self, cx: &mut Cx, encoding: &str) -> PyResult<Gc<Str>> {
        let line = take_line(cx, self.this)?;
        if line.len() < 2 {
            return Err(unpickling_error(cx, "pickle data was truncated"));
        }
        self.decoded(cx, &line[..line.len() - 1], encoding, None)
    }

    /// The opcodes of protocol 0, whose argument is a line.
    fn line_of(&self, cx: &mut Cx, opcode: u8) -> PyResult<()> {
        let value = match opcode {
            op::INT => {
                let line = self.text_line(cx)?;
                match &line[..] {
                    "00\n" => Value::FALSE,
                    "01\n" => Value::TRUE,
                    _ => match self.parse_int(cx, &line) {
                        Ok(value) => value,
                        Err(raised) => {
                            cx.catch(raised, cx.types().ValueError)?;
                            return Err(value_error(cx, "could not convert string to int"));
                        }
                    },
                }
            }
            op::LONG => {
                let line = self.text_line(cx)?;
                let digits = line.strip_suffix("L\n").unwrap_or(&line);
                self.parse_int(cx, digits)?
            }
            op::FLOAT => {
                let line = self.text_line(cx)?;
                match runtime::number::float::parse(line.trim_end_matches('\n')) {
                    Some(f) => cx.heap.float(f),
                    None => {
                        return Err(value_error(cx, format_args!("could not convert string to float: '{line}'")));
                    }
                }
            }
            op::STRING => {
                let line = take_line(cx, self.this)?;
                let quoted = &line[..line.len() - 1];
                let inner = match quoted {
                    [first @ (b'"' | b'\''), inner @ .., last] if first == last => inner,
                    _ => return Err(unpickling_error(cx, "the STRING opcode argument must be quoted")),
                };
                let decode = import_attr(cx, "_codecs", "escape_decode")?;
                let bytes = cx.heap.bytes(inner).or_raise(cx)?;
                let pair = call(cx, decode, &[bytes.value()])?;
                let data = get_item(cx, pair, Int::ZERO.value())?;
                let data = runtime::buffer::to_vec(cx, data)?;
                return self.old_text(cx, &data);
            }
            op::UNICODE => {
                let line = take_line(cx, self.this)?;
                self.decoded(cx, &line[..line.len() - 1], "raw-unicode-escape", None)?.value()
            }
            _ => {
                let line = take_line(cx, self.this)?;
                if !line.is_ascii() {
                    return Err(unpickling_error(cx, "persistent IDs in protocol 0 must be ASCII strings"));
                }
                let id = self.decoded(cx, &line[..line.len() - 1], "ascii", None)?;
                return self.persistent(cx, id.value());
            }
        };
        self.stack.push(value);
        Ok(())
    }

    fn persistent(&self, cx: &mut Cx, id: Value) -> PyResult<()> {
        let name = cx.heap.intern("persistent_load");
        let loader = get_attr(cx, self.this.value(), name)?;
        let object = call(cx, loader, &[id])?;
        self.stack.push(object);
        Ok(())
    }

    fn next_buffer(&self, cx: &mut Cx) -> PyResult<()> {
        let buffers = self.this.buffers.get();
        if buffers.is_unbound() {
            let message = "pickle stream refers to out-of-band data but no *buffers* argument was given";
            return Err(unpickling_error(cx, message));
        }
        match runtime::iterate::next(cx, buffers)? {
            Some(buffer) => {
                self.stack.push(buffer);
                Ok(())
            }
            None => Err(unpickling_error(cx, "not enough out-of-band buffers")),
        }
    }

    fn read_only_buffer(&self, cx: &mut Cx) -> PyResult<()> {
        let top = self.top(cx)?;
        let class = import_attr(cx, "builtins", "memoryview")?;
        let view = call(cx, class, &[top])?;
        let name = cx.heap.intern("readonly");
        let is_readonly = get_attr(cx, view, name)?;
        if !is_true(cx, is_readonly)? {
            let name = cx.heap.intern("toreadonly");
            let view = call_method(cx, view, name, &[])?;
            self.stack.set(self.stack.len() - 1, view);
        }
        Ok(())
    }

    /// The items from `start` on, taken off the stack.
    fn items_from(&self, cx: &mut Cx, start: usize) -> PyResult<Gc<List>> {
        let items = List::with_capacity(&mut cx.heap, self.stack.len() - start).or_raise(cx)?;
        for i in start..self.stack.len() {
            items.push(&mut cx.heap, self.stack.get(i)).or_raise(cx)?;
        }
        self.stack.truncate(start);
        Ok(items)
    }

    fn tuple(&self, cx: &mut Cx, n: usize) -> PyResult<()> {
        let Some(start) = self.stack.len().checked_sub(n).filter(|&start| start >= self.fence()) else {
            return Err(self.underflow(cx));
        };
        if n == 0 {
            self.stack.push(cx.vm().empty_tuple());
            return Ok(());
        }
        let tuple = Tuple::from_fn(&mut cx.heap, n, |i| self.stack.get(start + i)).or_raise(cx)?;
        self.stack.truncate(start);
        self.stack.push(tuple);
        Ok(())
    }

    fn dict(&mut self, cx: &mut Cx) -> PyResult<()> {
        let start = self.mark(cx)?;
        let dict = Dict::new(&mut cx.heap);
        if (self.stack.len() - start) % 2 != 0 {
            return Err(unpickling_error(cx, "odd number of items for DICT"));
        }
        for i in (start..self.stack.len()).step_by(2) {
            runtime::dict::set(cx, dict, self.stack.get(i), self.stack.get(i + 1))?;
        }
        self.stack.truncate(start);
        self.stack.push(dict);
        Ok(())
    }

    /// What stands below `start`: the container that the items from there on are for.
    fn container(&self, cx: &mut Cx, start: usize) -> PyResult {
        if start > self.stack.len() || start <= self.fence() {
            return Err(self.underflow(cx));
        }
        Ok(self.stack.get(start - 1))
    }

    fn append(&self, cx: &mut Cx, start: usize) -> PyResult<()> {
        let container = self.container(cx, start)?;
        if start == self.stack.len() {
            return Ok(());
        }
        if let Some(list) = container.cast::<List>().filter(|_| cx.class_of(container) == cx.types().list) {
            for i in start..self.stack.len() {
                list.push(&mut cx.heap, self.stack.get(i)).or_raise(cx)?;
            }
            self.stack.truncate(start);
            return Ok(());
        }
        let name = cx.heap.intern("extend");
        if let Some(extend) = get_attr_opt(cx, container, name)? {
            let items = self.items_from(cx, start)?;
            return call(cx, extend, &[items.value()]).map(|_| ());
        }
        let name = cx.names().append;
        let append = get_attr(cx, container, name)?;
        for i in start..self.stack.len() {
            call(cx, append, &[self.stack.get(i)])?;
        }
        self.stack.truncate(start);
        Ok(())
    }

    fn set_items(&self, cx: &mut Cx, start: usize) -> PyResult<()> {
        let container = self.container(cx, start)?;
        let n = self.stack.len() - start;
        if n % 2 != 0 {
            return Err(unpickling_error(cx, "odd number of items for SETITEMS"));
        }
        let plain = container.cast::<Dict>().filter(|_| cx.class_of(container) == cx.types().dict);
        for i in (start..start + n).step_by(2) {
            let (key, value) = (self.stack.get(i), self.stack.get(i + 1));
            match plain {
                Some(dict) => runtime::dict::set(cx, dict, key, value)?,
                None => set_item(cx, container, key, value)?,
            }
        }
        self.stack.truncate(start);
        Ok(())
    }

    fn add_items(&mut self, cx: &mut Cx) -> PyResult<()> {
        let start = self.mark(cx)?;
        let container = self.container(cx, start)?;
        if start == self.stack.len() {
            return Ok(());
        }
        if let Some(set) = container.cast::<Set>().filter(|_| cx.is_instance(container, cx.types().set)) {
            for i in start..self.stack.len() {
                runtime::set::add(cx, set, self.stack.get(i))?;
            }
        } else {
            let name = cx.heap.intern("add");
            let add = get_attr(cx, container, name)?;
            for i in start..self.stack.len() {
                call(cx, add, &[self.stack.get(i)])?;
            }
        }
        self.stack.truncate(start);
        Ok(())
    }

    fn build(&self, cx: &mut Cx) -> PyResult<()> {
        if self.stack.len() < self.fence() + 2 {
            return Err(self.underflow(cx));
        }
        let state = self.pop(cx)?;
        let instance = self.top(cx)?;
        let name = cx.heap.intern("__setstate__");
        if let Some(set_state) = get_attr_opt(cx, instance, name)? {
            return call(cx, set_state, &[state]).map(|_| ());
        }
        let (state, slots) = match state.downcast::<Tuple>().filter(|pair| pair.len() == 2) {
            Some(pair) => (pair.get(0), pair.get(1)),
            None => (state, Value::NONE),
        };
        if !state.is_none() {
            let Some(state) = state.cast::<Dict>() else {
                return Err(unpickling_error(cx, "state is not a dictionary"));
            };
            let name = cx.names().__dict__;
            let attributes = get_attr(cx, instance, name)?;
            let mut i = 0;
            while let Some((at, key, value)) = state.next_entry(i) {
                i = at + 1;
                let key = match key.cast::<Str>().and_then(|text| text.to_utf8().ok()) {
                    Some(text) => cx.heap.intern(&text).value(),
                    None => key,
                };
                set_item(cx, attributes, key, value)?;
            }
        }
        if slots.is_none() {
            return Ok(());
        }
        let Some(slots) = slots.cast::<Dict>() else {
            return Err(unpickling_error(cx, "slot state is not a dictionary"));
        };
        let mut i = 0;
        while let Some((at, key, value)) = slots.next_entry(i) {
            i = at + 1;
            let name = runtime::attribute::name_from_value(cx, key)?;
            set_attr(cx, instance, name, value)?;
        }
        Ok(())
    }

    fn new_object(&self, cx: &mut Cx, with_keywords: bool) -> PyResult<()> {
        let keywords = if with_keywords { Some(self.pop(cx)?) } else { None };
        let (args, class) = (self.pop(cx)?, self.pop(cx)?);
        let opcode = if with_keywords { "NEWOBJ_EX" } else { "NEWOBJ" };
        let wrong = |cx: &mut Cx, which: &str, what: &str, part: Value| {
            let name = full_type_name(cx, part);
            Err(unpickling_error(cx, format_args!("{opcode} {which} argument must be {what}, not {name}")))
        };
        if !class.is_a::<Class>() {
            return wrong(cx, "class", "a type", class);
        }
        let Some(args) = args.downcast::<Tuple>() else { return wrong(cx, "args", "a tuple", args) };
        let named = match keywords {
            None => Dict::new(&mut cx.heap),
            Some(keywords) => match keywords.cast::<Dict>() {
                Some(named) => named,
                None => return wrong(cx, "kwargs", "a dict", keywords),
            },
        };
        let name = cx.names().__new__;
        let new = get_attr(cx, class, name)?;
        let all = Tuple::from_fn(&mut cx.heap, args.len() + 1, |i| if i == 0 { class } else { args.get(i - 1) })
            .or_raise(cx)?;
        let made = super::save::call_with(cx, new, all, named)?;
        self.stack.push(made);
        Ok(())
    }

    /// `INST` and `OBJ`: a class called with the items since the mark.
    fn instance(&mut self, cx: &mut Cx, opcode: u8) -> PyResult<()> {
        let start = self.mark(cx)?;
        if opcode == op::INST {
            let module = self.decoded_line(cx, "ascii")?;
            let name = self.decoded_line(cx, "ascii")?;
            self.find_class(cx, module.value(), name.value())?;
        } else if self.stack.len() <= start {
            return Err(self.underflow(cx));
        }
        let n = self.stack.len();
        let (class, first) =
            if opcode == op::INST { (self.stack.get(n - 1), start) } else { (self.stack.get(start), start + 1) };
        let n_args = n - start - 1;
        let args = Tuple::from_fn(&mut cx.heap, n_args, |i| self.stack.get(first + i)).or_raise(cx)?;
        self.stack.truncate(start);
        let has_arguments = cx.heap.intern("__getinitargs__");
        let made = if n_args == 0 && class.is_a::<Class>() && get_attr_opt(cx, class, has_arguments)?.is_none() {
            let name = cx.names().__new__;
            call_method(cx, class, name, &[class])?
        } else {
            call(cx, class, args.as_slice())?
        };
        self.stack.push(made);
        Ok(())
    }

    fn find_class(&self, cx: &mut Cx, module: Value, name: Value) -> PyResult<()> {
        let method = cx.heap.intern("find_class");
        let found = call_method(cx, self.this.value(), method, &[module, name])?;
        self.stack.push(found);
        Ok(())
    }

    fn extension(&self, cx: &mut Cx, width: usize) -> PyResult<()> {
        let mut code = self.number(cx, width)? as i64;
        if width == 4 {
            code = i64::from(code as u32 as i32);
        }
        if code <= 0 {
            return Err(unpickling_error(cx, "EXT specifies code <= 0"));
        }
        let key = BigInt::from_i64(&mut cx.heap, code);
        let cache = import_attr(cx, "copyreg", "_extension_cache")?;
        if let Some(known) = cache.cast::<Dict>().map(|cache| runtime::dict::get(cx, cache, key)).transpose()?.flatten()
        {
            self.stack.push(known);
            return Ok(());
        }
        let registry = import_attr(cx, "copyreg", "_inverted_registry")?;
        let found =
            registry.cast::<Dict>().map(|registry| runtime::dict::get(cx, registry, key)).transpose()?.flatten();
        let Some(pair) = found else {
            return Err(value_error(cx, format_args!("unregistered extension code {code}")));
        };
        let Some(pair) =
            pair.downcast::<Tuple>().filter(|pair| pair.len() == 2 && pair.iter().all(|v| v.is_a::<Str>()))
        else {
            return Err(value_error(cx, format_args!("_inverted_registry[{code}] isn't a 2-tuple of strings")));
        };
        self.find_class(cx, pair.get(0), pair.get(1))?;
        let object = self.top(cx)?;
        set_item(cx, cache, key, object)
    }

    fn get(&self, cx: &mut Cx, n: i64) -> PyResult<()> {
        let key = BigInt::from_i64(&mut cx.heap, n);
        let found = match self.this.memo.get() {
            Some(memo) => runtime::dict::get(cx, memo, key)?,
            None => None,
        };
        match found {
            Some(object) => {
                self.stack.push(object);
                Ok(())
            }
            None => Err(unpickling_error(cx, format_args!("Memo value not found at index {n}"))),
        }
    }

    fn put(&self, cx: &mut Cx, n: u64) -> PyResult<()> {
        let top = self.top(cx)?;
        let key = BigInt::from_u64(&mut cx.heap, n);
        match self.this.memo.get() {
            Some(memo) => runtime::dict::set(cx, memo, key, top),
            None => Ok(()),
        }
    }
}
