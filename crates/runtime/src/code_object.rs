//! From the compiler's code object to one on the heap.
//!
//! Called by whoever has just compiled or unmarshalled something. Names are interned, so are string constants that look
//! like identifiers; equal string constants of one module are one object.

use crate::error::OrRaise;
use bytecode::{CodeObject, Constant, Wtf8Buf};
use object::code::CodeParts;
use object::dict::Found as InDict;
use object::{BigInt, Code, Cx, Dict, Gc, Heap, OutOfMemory, PyResult, RootVec, Set, Str, StrBuilder, Tuple, Value};

/// The heap's form of `code` and of the code objects among its constants.
pub fn code_from_object(cx: &mut Cx, code: &CodeObject) -> PyResult<Gc<Code>> {
    let mut builder = Builder::new(cx);
    let filename = builder.text(&code.filename)?;
    builder.code(code, filename)
}

/// The heap's form of one constant.
pub fn value_of_constant(cx: &mut Cx, constant: &Constant) -> PyResult {
    let filename = cx.vm().empty_str();
    Builder::new(cx).constant(constant, filename)
}

/// A string that may hold lone surrogates.
pub fn str_from_wtf8(heap: &mut Heap, text: &Wtf8Buf) -> Result<Gc<Str>, OutOfMemory> {
    if let Some(text) = text.as_str() {
        return Str::from_utf8(heap, text);
    }
    let mut builder = StrBuilder::with_capacity(text.len());
    text.code_points().for_each(|c| builder.push(c));
    builder.finish(heap)
}

struct Builder<'a> {
    cx: &'a mut Cx,
    /// Strings made so far, by themselves.
    strings: Gc<Dict>,
}

impl<'a> Builder<'a> {
    fn new(cx: &'a mut Cx) -> Builder<'a> {
        let strings = Dict::new(&mut cx.heap);
        Builder { cx, strings }
    }

    fn text(&mut self, text: &Wtf8Buf) -> PyResult<Gc<Str>> {
        if let Some(text) = text.as_str()
            && looks_like_identifier(text)
        {
            return Ok(self.cx.heap.intern(text));
        }
        let new = str_from_wtf8(&mut self.cx.heap, text).or_raise(self.cx)?;
        if let InDict::At(i) = self.strings.find(new.value(), new.hash()) {
            return Ok(self.strings.key_at(i).cast::<Str>().expect("the keys are strings"));
        }
        self.strings.set_str(&mut self.cx.heap, new, Value::NONE).or_raise(self.cx)?;
        Ok(new)
    }

    fn names(&mut self, names: &[Box<str>]) -> PyResult<Gc<Tuple>> {
        let values = self.cx.vm().root_vec();
        for name in names {
            let name = self.cx.heap.intern(name);
            values.push(name);
        }
        tuple_of(self.cx, &values)
    }

    fn code(&mut self, code: &CodeObject, filename: Gc<Str>) -> PyResult<Gc<Code>> {
        let consts = self.tuple(&code.consts, filename)?;
        let names = self.names(&code.names)?;
        let localsplusnames = self.names(&code.localsplusnames)?;
        let kinds: Vec<u8> = code.localspluskinds.iter().map(|kind| kind.0).collect();
        let localspluskinds = self.cx.heap.bytes(&kinds).or_raise(self.cx)?;
        let name = self.cx.heap.intern(&code.name);
        let qualname = self.cx.heap.intern(&code.qualname);
        let linetable = self.cx.heap.bytes(&code.linetable).or_raise(self.cx)?;
        let exceptiontable = self.cx.heap.bytes(&code.exceptiontable).or_raise(self.cx)?;
        let parts = CodeParts {
            argcount: code.argcount,
            posonlyargcount: code.posonlyargcount,
            kwonlyargcount: code.kwonlyargcount,
            stacksize: code.stacksize,
            flags: code.flags.0,
            firstlineno: code.firstlineno,
            code: &code.code,
            consts,
            names,
            localsplusnames,
            localspluskinds,
            filename: filename.value(),
            name: name.value(),
            qualname: qualname.value(),
            linetable,
            exceptiontable,
        };
        Code::new(&mut self.cx.heap, parts).or_raise(self.cx)
    }

    fn tuple(&mut self, items: &[Constant], filename: Gc<Str>) -> PyResult<Gc<Tuple>> {
        let values = self.cx.vm().root_vec();
        for item in items {
            let value = self.constant(item, filename)?;
            values.push(value);
        }
        tuple_of(self.cx, &values)
    }

    fn constant(&mut self, constant: &Constant, filename: Gc<Str>) -> PyResult<Value> {
        Ok(match constant {
            Constant::None => Value::NONE,
            Constant::Bool(b) => Value::bool(*b),
            Constant::Ellipsis => Value::ELLIPSIS,
            Constant::Int(i) => BigInt::from_i64(&mut self.cx.heap, *i),
            Constant::BigInt(i) => BigInt::from_limbs(&mut self.cx.heap, &i.limbs, i.negative).or_raise(self.cx)?,
            Constant::Float(f) => self.cx.heap.float(*f),
            Constant::Complex { real, imag } => self.cx.heap.complex(*real, *imag).value(),
            Constant::Str(text) => self.text(text)?.value(),
            Constant::Bytes(bytes) => self.cx.heap.bytes(bytes).or_raise(self.cx)?.value(),
            Constant::Tuple(items) => self.tuple(items, filename)?.value(),
            Constant::FrozenSet(items) => self.frozenset(items, filename)?.value(),
            Constant::Slice(parts) => {
                let start = self.constant(&parts[0], filename)?;
                let stop = self.constant(&parts[1], filename)?;
                let step = self.constant(&parts[2], filename)?;
                self.cx.heap.slice(start, stop, step).value()
            }
            Constant::Code(code) => self.code(code, filename)?.value(),
        })
    }

    fn frozenset(&mut self, items: &[Constant], filename: Gc<Str>) -> PyResult<Gc<Set>> {
        let shape = self.cx.heap.shapes().frozenset;
        let set = Set::with_shape(&mut self.cx.heap, shape);
        for item in items {
            let value = self.constant(item, filename)?;
            crate::set::add(self.cx, set, value)?;
        }
        Ok(set)
    }
}

fn tuple_of(cx: &mut Cx, values: &RootVec) -> PyResult<Gc<Tuple>> {
    Tuple::from_fn(&mut cx.heap, values.len(), |i| values.get(i)).or_raise(cx)
}

/// As CPython decides which string constants to intern: letters, digits and underscores only.
fn looks_like_identifier(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
