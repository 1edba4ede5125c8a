//! The module `marshal`: CPython's format for values, our own form of code objects inside it.

use bytecode::{CodeFlags, CodeObject, Constant, LocalKind, Wtf8Buf};
use macros::native_module;
use runtime::native::set_module_attr;
use runtime::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// First bytes of `.pyc` files: changes with the form of code objects.
pub const PYC_MAGIC: [u8; 4] = [b'W', bytecode::FORMAT_MAGIC[3], b'\r', b'\n'];

const VERSION: i64 = 5;
const MAX_DEPTH: usize = 2000;
const FLAG_REF: u8 = 0x80;

/// Makes bytes of a value.
struct Writer {
    out: Vec<u8>,
    /// Numbers of objects written so far, by identity.
    references: HashMap<u64, u32>,
    version: i64,
    allow_code: bool,
    depth: usize,
}

impl Writer {
    fn long(&mut self, n: i32) {
        self.out.extend(n.to_le_bytes());
    }

    fn sized(&mut self, tag: u8, data: &[u8]) {
        self.out.push(tag);
        self.long(data.len() as i32);
        self.out.extend_from_slice(data);
    }

    /// True when `value` was written before, and now again as a reference.
    fn reference(&mut self, value: Value) -> bool {
        if self.version < 3 {
            return false;
        }
        match self.references.get(&value.id()).copied() {
            Some(i) => {
                self.out.push(b'r');
                self.long(i as i32);
                true
            }
            None => {
                self.references.insert(value.id(), self.references.len() as u32);
                false
            }
        }
    }

    fn value(&mut self, cx: &mut Cx, value: Value) -> PyResult<()> {
        if self.depth > MAX_DEPTH {
            return Err(value_error(cx, "object too deeply nested to marshal"));
        }
        self.depth += 1;
        let result = self.value_inner(cx, value);
        self.depth -= 1;
        result
    }

    fn value_inner(&mut self, cx: &mut Cx, value: Value) -> PyResult<()> {
        match value {
            Value::NONE => self.out.push(b'N'),
            Value::TRUE => self.out.push(b'T'),
            Value::FALSE => self.out.push(b'F'),
            Value::ELLIPSIS => self.out.push(b'.'),
            _ => return self.other(cx, value),
        }
        Ok(())
    }

    fn other(&mut self, cx: &mut Cx, value: Value) -> PyResult<()> {
        if value.is(cx.types().StopIteration.value()) {
            self.out.push(b'S');
            return Ok(());
        }
        if let Some(i) = value.as_int() {
            match i32::try_from(i.get()) {
                Ok(i) => {
                    self.out.push(b'i');
                    self.long(i);
                }
                Err(_) => self.digits(&[i.get().unsigned_abs()], i.get() < 0),
            }
            return Ok(());
        }
        if let Some(f) = value.as_float() {
            self.out.push(b'g');
            self.out.extend(f.to_le_bytes());
            return Ok(());
        }
        if self.reference(value) {
            return Ok(());
        }
        let start = self.out.len();
        self.heap_object(cx, value)?;
        if self.version >= 3 {
            self.out[start] |= FLAG_REF;
        }
        Ok(())
    }

    /// A big int in digits of 15 bits.
    fn digits(&mut self, limbs: &[u64], negative: bool) {
        let mut digits = Vec::new();
        let n_bits = limbs.len() * 64;
        for at in (0..n_bits).step_by(15) {
            let (limb, shift) = (at / 64, at % 64);
            let mut digit = limbs[limb] >> shift;
            if shift > 49 && limb + 1 < limbs.len() {
                digit |= limbs[limb + 1] << (64 - shift);
            }
            digits.push((digit & 0x7FFF) as u16);
        }
        while digits.last() == Some(&0) {
            digits.pop();
        }
        self.out.push(b'l');
        self.long(if negative { -(digits.len() as i32) } else { digits.len() as i32 });
        digits.iter().for_each(|d| self.out.extend(d.to_le_bytes()));
    }

    fn heap_object(&mut self, cx: &mut Cx, value: Value) -> PyResult<()> {
        if let Some(text) = value.cast::<Str>() {
            match text.as_ascii() {
                Some(ascii) if self.version >= 4 => match u8::try_from(ascii.len()) {
                    Ok(n) => {
                        self.out.push(if text.is_interned() { b'Z' } else { b'z' });
                        self.out.push(n);
                        self.out.extend_from_slice(ascii.as_bytes());
                    }
                    Err(_) => self.sized(if text.is_interned() { b'A' } else { b'a' }, ascii.as_bytes()),
                },
                _ => self.sized(if text.is_interned() && self.version >= 1 { b't' } else { b'u' }, &text.to_wtf8()),
            }
        } else if let Some(bytes) = value.cast::<Bytes>() {
            self.sized(b's', bytes.as_slice());
        } else if let Some(big) = value.cast::<object::BigInt>() {
            self.digits(big.limbs(), big.is_negative());
        } else if let Some(tuple) = value.cast::<Tuple>() {
            match u8::try_from(tuple.len()) {
                Ok(n) if self.version >= 4 => self.out.extend([b')', n]),
                _ => {
                    self.out.push(b'(');
                    self.long(tuple.len() as i32);
                }
            }
            for item in tuple.iter() {
                self.value(cx, item)?;
            }
        } else if let Some(list) = value.cast::<List>().filter(|_| cx.class_of(value) == cx.types().list) {
            self.out.push(b'[');
            self.long(list.len() as i32);
            for item in list.iter() {
                self.value(cx, item)?;
            }
        } else if let Some(dict) = value.cast::<Dict>().filter(|_| cx.class_of(value) == cx.types().dict) {
            self.out.push(b'{');
            for (key, item) in dict.iter() {
                self.value(cx, key)?;
                self.value(cx, item)?;
            }
            self.out.push(b'0');
        } else if value.cast::<Set>().is_some() {
            let class = cx.class_of(value);
            if class != cx.types().set && class != cx.types().frozenset {
                return Err(unmarshallable(cx));
            }
            let items = to_tuple(cx, value)?;
            self.out.push(if class == cx.types().set { b'<' } else { b'>' });
            self.long(items.len() as i32);
            for item in items.iter() {
                self.value(cx, item)?;
            }
        } else if let Some(slice) = value.cast::<object::Slice>() {
            if self.version < 5 {
                return Err(unmarshallable(cx));
            }
            self.out.push(b':');
            for part in [slice.start.get(), slice.stop.get(), slice.step.get()] {
                self.value(cx, part)?;
            }
        } else if let Some(complex) = value.cast::<object::Complex>() {
            self.out.push(b'y');
            self.out.extend(complex.re.to_le_bytes());
            self.out.extend(complex.im.to_le_bytes());
        } else if let Some(code) = value.cast::<Code>() {
            if !self.allow_code {
                return Err(value_error(cx, "marshalling code objects is disallowed"));
            }
            let code = code_object(cx, code)?;
            self.sized(b'c', &bytecode::write(&code));
        } else {
            let is_buffer = runtime::buffer::is_buffer(cx, value);
            if !is_buffer {
                return Err(unmarshallable(cx));
            }
            let data = runtime::buffer::to_vec(cx, value)?;
            self.sized(b's', &data);
        }
        Ok(())
    }
}

fn unmarshallable(cx: &mut Cx) -> Raised {
    value_error(cx, "unmarshallable object")
}

/// The compiler's form of a code object on the heap.
pub fn code_object(cx: &mut Cx, code: Gc<Code>) -> PyResult<CodeObject> {
    let co_code = cx.heap.intern("co_code");
    let instructions = get_attr(cx, code.value(), co_code)?;
    let instructions = runtime::buffer::to_vec(cx, instructions)?;
    let text = |value: Value| value.downcast::<Str>().map(|s| s.to_string()).unwrap_or_default();
    let names = |tuple: Gc<Tuple>| tuple.iter().map(|n| text(n).into_boxed_str()).collect();
    let mut consts = Vec::new();
    for value in code.consts.expect().iter() {
        consts.push(constant(cx, value)?);
    }
    let filename = code.filename.get().downcast::<Str>().map(|s| s.to_wtf8()).unwrap_or_default();
    Ok(CodeObject {
        argcount: code.argcount,
        posonlyargcount: code.posonlyargcount,
        kwonlyargcount: code.kwonlyargcount,
        stacksize: code.stacksize,
        flags: CodeFlags(code.flags),
        code: instructions,
        consts,
        names: names(code.names.expect()),
        localsplusnames: names(code.localsplusnames.expect()),
        localspluskinds: code.localspluskinds.expect().as_slice().iter().map(|&k| LocalKind(k)).collect(),
        filename: Arc::new(Wtf8Buf::from_bytes(filename).unwrap_or_default()),
        name: text(code.name.get()).into(),
        qualname: text(code.qualname.get()).into(),
        firstlineno: code.firstlineno,
        linetable: code.linetable.expect().as_slice().to_vec(),
        exceptiontable: code.exceptiontable.expect().as_slice().to_vec(),
    })
}

fn constants(cx: &mut Cx, items: Gc<Tuple>) -> PyResult<Vec<Constant>> {
    items.iter().map(|item| constant(cx, item)).collect()
}

fn constant(cx: &mut Cx, value: Value) -> PyResult<Constant> {
    if let Some(plain) = plain_constant(value) {
        return Ok(plain);
    }
    Ok(if let Some(tuple) = value.cast::<Tuple>() {
        Constant::Tuple(constants(cx, tuple)?)
    } else if value.cast::<Set>().is_some() {
        let items = to_tuple(cx, value)?;
        Constant::FrozenSet(constants(cx, items)?)
    } else if let Some(slice) = value.cast::<object::Slice>() {
        let start = constant(cx, slice.start.get())?;
        let stop = constant(cx, slice.stop.get())?;
        let step = constant(cx, slice.step.get())?;
        Constant::Slice(Box::new([start, stop, step]))
    } else if let Some(code) = value.cast::<Code>() {
        Constant::Code(Arc::new(code_object(cx, code)?))
    } else {
        return Err(unmarshallable(cx));
    })
}

/// The compiler's form of a value that holds no others; an instance of a subclass is none.
pub fn plain_constant(value: Value) -> Option<Constant> {
    Some(match value {
        Value::NONE => Constant::None,
        Value::TRUE => Constant::Bool(true),
        Value::FALSE => Constant::Bool(false),
        Value::ELLIPSIS => Constant::Ellipsis,
        _ => {
            if let Some(i) = value.as_int() {
                Constant::Int(i.get())
            } else if let Some(f) = value.as_float() {
                Constant::Float(f)
            } else if let Some(text) = value.cast::<Str>() {
                Constant::Str(Wtf8Buf::from_bytes(text.to_wtf8()).unwrap_or_default())
            } else if let Some(bytes) = value.cast::<Bytes>() {
                Constant::Bytes(bytes.as_slice().to_vec())
            } else if let Some(big) = value.cast::<object::BigInt>() {
                match big.to_i64() {
                    Some(i) => Constant::Int(i),
                    None => {
                        Constant::BigInt(bytecode::BigInt { negative: big.is_negative(), limbs: big.limbs().to_vec() })
                    }
                }
            } else {
                let c = value.cast::<object::Complex>()?;
                Constant::Complex { real: c.re, imag: c.im }
            }
        }
    })
}

/// Makes a value of bytes.
struct Reader<'a> {
    data: &'a [u8],
    at: usize,
    references: RootVec,
    allow_code: bool,
    depth: usize,
}

impl Reader<'_> {
    fn take(&mut self, cx: &mut Cx, n: usize) -> PyResult<&[u8]> {
        if n > self.data.len() - self.at {
            return Err(eof_error(cx, "marshal data too short"));
        }
        self.at += n;
        Ok(&self.data[self.at - n..self.at])
    }

    fn byte(&mut self, cx: &mut Cx) -> PyResult<u8> {
        Ok(self.take(cx, 1)?[0])
    }

    fn long(&mut self, cx: &mut Cx) -> PyResult<i32> {
        let bytes = self.take(cx, 4)?;
        Ok(i32::from_le_bytes(bytes.try_into().expect("four bytes")))
    }

    fn double(&mut self, cx: &mut Cx) -> PyResult<f64> {
        let bytes = self.take(cx, 8)?;
        Ok(f64::from_le_bytes(bytes.try_into().expect("eight bytes")))
    }

    fn size(&mut self, cx: &mut Cx, what: &str) -> PyResult<usize> {
        let n = self.long(cx)?;
        usize::try_from(n).map_err(|_| value_error(cx, format!("bad marshal data ({what} size out of range)")))
    }

    fn text_float(&mut self, cx: &mut Cx) -> PyResult<f64> {
        let n = self.byte(cx)? as usize;
        let text = String::from_utf8_lossy(self.take(cx, n)?).into_owned();
        text.parse().map_err(|_| value_error(cx, "bad marshal data (float)"))
    }

    /// A value; `None` for the mark that ends a dict.
    fn value(&mut self, cx: &mut Cx) -> PyResult<Option<Value>> {
        if self.depth > MAX_DEPTH {
            return Err(value_error(cx, "recursion limit exceeded"));
        }
        self.depth += 1;
        let result = self.value_inner(cx);
        self.depth -= 1;
        result
    }

    fn required(&mut self, cx: &mut Cx, what: &str) -> PyResult {
        match self.value(cx)? {
            Some(value) => Ok(value),
            None => Err(type_error(cx, format!("NULL object in marshal data for {what}"))),
        }
    }

    fn value_inner(&mut self, cx: &mut Cx) -> PyResult<Option<Value>> {
        let tag = match self.data.get(self.at) {
            Some(&tag) => tag,
            None => return Err(eof_error(cx, "EOF read where object expected")),
        };
        self.at += 1;
        let flagged = tag & FLAG_REF != 0;
        let tag = tag & !FLAG_REF;
        // Containers get their number before their items.
        let number = (flagged && b"([{)<>:c".contains(&tag)).then(|| {
            self.references.push(Value::NONE);
            self.references.len() - 1
        });
        let value = match tag {
            b'0' => return Ok(None),
            b'N' => Value::NONE,
            b'T' => Value::TRUE,
            b'F' => Value::FALSE,
            b'.' => Value::ELLIPSIS,
            b'S' => cx.types().StopIteration.value(),
            b'i' => Int::new(self.long(cx)?.into()).map_or(Value::NONE, Int::value),
            b'I' => {
                let bytes = self.take(cx, 8)?;
                let n = i64::from_le_bytes(bytes.try_into().expect("eight bytes"));
                BigInt::from_i64(&mut cx.heap, n)
            }
            b'l' => self.big(cx)?,
            b'g' => {
                let f = self.double(cx)?;
                cx.heap.float(f)
            }
            b'f' => {
                let f = self.text_float(cx)?;
                cx.heap.float(f)
            }
            b'y' => {
                let (re, im) = (self.double(cx)?, self.double(cx)?);
                cx.heap.complex(re, im).value()
            }
            b'x' => {
                let (re, im) = (self.text_float(cx)?, self.text_float(cx)?);
                cx.heap.complex(re, im).value()
            }
            b's' => {
                let n = self.size(cx, "bytes object")?;
                let data = self.take(cx, n)?.to_vec();
                cx.heap.bytes(&data).or_raise(cx)?.value()
            }
            b'z' | b'Z' | b'a' | b'A' => {
                let n =
                    if tag.eq_ignore_ascii_case(&b'z') { self.byte(cx)? as usize } else { self.size(cx, "string")? };
                let data = self.take(cx, n)?.to_vec();
                let text = Str::from_latin1(&mut cx.heap, &data).or_raise(cx)?;
                if tag.is_ascii_uppercase() { cx.heap.intern_str(text).value() } else { text.value() }
            }
            b'u' | b't' => {
                let n = self.size(cx, "string")?;
                let data = self.take(cx, n)?.to_vec();
                let text = match Wtf8Buf::from_bytes(data) {
                    Some(text) => runtime::code_object::str_from_wtf8(&mut cx.heap, &text).or_raise(cx)?,
                    None => return Err(value_error(cx, "bad marshal data (invalid text)")),
                };
                if tag == b't' { cx.heap.intern_str(text).value() } else { text.value() }
            }
            b')' | b'(' | b'[' | b'<' | b'>' => self.sequence(cx, tag, number)?,
            b'{' => {
                let dict = Dict::new(&mut cx.heap);
                if let Some(i) = number {
                    self.references.set(i, dict);
                }
                while let Some(key) = self.value(cx)? {
                    let Some(item) = self.value(cx)? else { break };
                    runtime::dict::set(cx, dict, key, item)?;
                }
                dict.value()
            }
            b':' => {
                let start = self.required(cx, "slice")?;
                let stop = self.required(cx, "slice")?;
                let step = self.required(cx, "slice")?;
                cx.heap.slice(start, stop, step).value()
            }
            b'c' => {
                if !self.allow_code {
                    return Err(value_error(cx, "unmarshalling code objects is disallowed"));
                }
                let n = self.size(cx, "code object")?;
                let data = self.take(cx, n)?.to_vec();
                match bytecode::read(&data) {
                    Ok(code) => runtime::code_object::code_from_object(cx, &code)?.value(),
                    Err(error) => return Err(value_error(cx, format!("bad marshal data ({error})"))),
                }
            }
            b'r' => {
                let i = self.long(cx)?;
                match usize::try_from(i).ok().filter(|&i| i < self.references.len()) {
                    Some(i) => return Ok(Some(self.references.get(i))),
                    None => return Err(value_error(cx, "bad marshal data (invalid reference)")),
                }
            }
            _ => return Err(value_error(cx, "bad marshal data (unknown type code)")),
        };
        match number {
            Some(i) => self.references.set(i, value),
            None if flagged => self.references.push(value),
            None => {}
        }
        Ok(Some(value))
    }

    fn sequence(&mut self, cx: &mut Cx, tag: u8, number: Option<usize>) -> PyResult {
        let n = if tag == b')' { self.byte(cx)? as usize } else { self.size(cx, "sequence")? };
        let list = List::empty(&mut cx.heap);
        if let (b'[', Some(i)) = (tag, number) {
            self.references.set(i, list);
        }
        for _ in 0..n {
            let item = self.required(cx, if tag == b'[' { "list" } else { "tuple" })?;
            list.push(&mut cx.heap, item).or_raise(cx)?;
        }
        Ok(match tag {
            b'[' => list.value(),
            b'<' => {
                let class = cx.types().set;
                call(cx, class.value(), &[list.value()])?
            }
            b'>' => {
                let class = cx.types().frozenset;
                call(cx, class.value(), &[list.value()])?
            }
            _ => to_tuple(cx, list.value())?.value(),
        })
    }

    fn big(&mut self, cx: &mut Cx) -> PyResult {
        let n = self.long(cx)?;
        let mut limbs = vec![0u64; (n.unsigned_abs() as usize * 15).div_ceil(64) + 1];
        if n.unsigned_abs() as usize > self.data.len() {
            return Err(eof_error(cx, "marshal data too short"));
        }
        for i in 0..n.unsigned_abs() as usize {
            let digit = u16::from_le_bytes(self.take(cx, 2)?.try_into().expect("two bytes"));
            if digit > 0x7FFF {
                return Err(value_error(cx, "bad marshal data (digit out of range in long)"));
            }
            let (limb, shift) = (i * 15 / 64, i * 15 % 64);
            limbs[limb] |= (digit as u64) << shift;
            if shift > 49 {
                limbs[limb + 1] |= (digit as u64) >> (64 - shift);
            }
        }
        object::BigInt::from_limbs(&mut cx.heap, &limbs, n < 0).or_raise(cx)
    }
}

fn dump(cx: &mut Cx, value: Value, version: i64, allow_code: bool) -> PyResult<Gc<Bytes>> {
    let mut writer = Writer { out: Vec::new(), references: HashMap::new(), version, allow_code, depth: 0 };
    writer.value(cx, value)?;
    cx.heap.bytes(&writer.out).or_raise(cx)
}

fn load(cx: &mut Cx, data: &[u8], allow_code: bool) -> PyResult<(Value, usize)> {
    let references = cx.vm().root_vec();
    let mut reader = Reader { data, at: 0, references, allow_code, depth: 0 };
    let value = reader.required(cx, "object")?;
    Ok((value, reader.at))
}

#[native_module(
    name = "marshal",
    doc = "This module contains functions that can read and write Python values in\na binary format. The format is \
           specific to Python, but independent of\nmachine architecture issues."
)]
pub mod module {
    use super::*;

    /// Return the bytes object that would be written to a file by dump(value, file).
    #[function("dumps(value, version=5, /, *, allow_code=True)")]
    fn dumps(cx: &mut Cx, value: Value, version: i64, allow_code: bool) -> PyResult<Gc<Bytes>> {
        super::dump(cx, value, version, allow_code)
    }

    /// Convert the bytes-like object to a value.
    ///
    /// If no valid value is found, raise EOFError, ValueError or TypeError.  Extra
    /// bytes in the input are ignored.
    #[function("loads(bytes, /, *, allow_code=True)")]
    fn loads(cx: &mut Cx, bytes: Value, allow_code: bool) -> PyResult {
        let data = runtime::buffer::to_vec(cx, bytes)?;
        Ok(super::load(cx, &data, allow_code)?.0)
    }

    /// Write the value on the open file.
    #[function("dump(value, file, version=5, /, *, allow_code=True)")]
    fn dump(cx: &mut Cx, value: Value, file: Value, version: i64, allow_code: bool) -> PyResult {
        let data = super::dump(cx, value, version, allow_code)?;
        let write = cx.names().write;
        call_method(cx, file, write, &[data.value()])
    }

    /// Read one value from the open file and return it.
    ///
    /// If no valid value is read (e.g. because the data has a different Python
    /// version's incompatible marshal format), raise EOFError, ValueError or
    /// TypeError.
    #[function("load(file, /, *, allow_code=True)")]
    fn load(cx: &mut Cx, file: Value, allow_code: bool) -> PyResult {
        let read = cx.names().read;
        let data = call_method(cx, file, read, &[])?;
        let data = runtime::buffer::to_vec(cx, data)?;
        let (value, used) = super::load(cx, &data, allow_code)?;
        if used < data.len() {
            // What was read too much goes back.
            let seek = cx.heap.intern("seek");
            let back = BigInt::from_i64(&mut cx.heap, used as i64 - data.len() as i64);
            call_method(cx, file, seek, &[back, Int::from_len(1).value()])?;
        }
        Ok(value)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        set_module_attr(cx, module, "version", Int::from_len(VERSION as usize).value())
    }
}
