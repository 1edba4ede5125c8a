//! From the compiler's code object to one on the heap.
//!
//! Called by whoever has just compiled or unmarshalled something. Names are interned, so are string constants that look
//! like identifiers; equal string constants of one module are one object. Nothing here runs Python code.

use bytecode::{CodeObject, Constant, Wtf8Buf};
use object::code::CodeParts;
use object::dict::Found as InDict;
use object::hash::{TupleHasher, hash_bytes, hash_f64, hash_i64, hash_limbs};
use object::set::Found;
use object::{
    BigInt, Bytes, Code, Cx, Dict, Gc, Heap, OutOfMemory, PyResult, RootVec, Set, Str, StrBuilder, Tuple, Value,
};

/// The heap's form of `code` and of the code objects among its constants.
pub fn code_from_object(cx: &mut Cx, code: &CodeObject) -> PyResult<Gc<Code>> {
    let built = Builder::new(&mut cx.heap).and_then(|mut builder| {
        let filename = builder.text(&code.filename)?;
        builder.code(code, filename)
    });
    built.map_err(|OutOfMemory| {
        let shape = cx.heap.shapes().MemoryError;
        let arguments = cx.vm().empty_tuple();
        let error = cx.heap.exception(shape, arguments);
        cx.raise(error.value())
    })
}

/// The heap's form of one constant.
pub fn value_of_constant(heap: &mut Heap, constant: &Constant) -> Result<Value, OutOfMemory> {
    let mut builder = Builder::new(heap)?;
    let filename = builder.heap.vm().empty_str();
    builder.constant(constant, filename)
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
    heap: &'a mut Heap,
    /// Strings made so far, by themselves.
    strings: Gc<Dict>,
}

impl<'a> Builder<'a> {
    fn new(heap: &'a mut Heap) -> Result<Builder<'a>, OutOfMemory> {
        let strings = Dict::new(heap);
        Ok(Builder { heap, strings })
    }

    fn text(&mut self, text: &Wtf8Buf) -> Result<Gc<Str>, OutOfMemory> {
        if let Some(text) = text.as_str()
            && looks_like_identifier(text)
        {
            return Ok(self.heap.intern(text));
        }
        let new = str_from_wtf8(self.heap, text)?;
        if let InDict::At(i) = self.strings.find(new.value(), new.hash()) {
            return Ok(self.strings.key_at(i).cast::<Str>().expect("the keys are strings"));
        }
        self.strings.set_str(self.heap, new, Value::NONE)?;
        Ok(new)
    }

    fn names(&mut self, names: &[Box<str>]) -> Result<Gc<Tuple>, OutOfMemory> {
        let values = self.heap.vm().root_vec();
        for name in names {
            let name = self.heap.intern(name);
            values.push(name);
        }
        tuple_of(self.heap, &values)
    }

    fn code(&mut self, code: &CodeObject, filename: Gc<Str>) -> Result<Gc<Code>, OutOfMemory> {
        let consts = self.tuple(&code.consts, filename)?;
        let names = self.names(&code.names)?;
        let localsplusnames = self.names(&code.localsplusnames)?;
        let kinds: Vec<u8> = code.localspluskinds.iter().map(|kind| kind.0).collect();
        let localspluskinds = self.heap.bytes(&kinds)?;
        let name = self.heap.intern(&code.name);
        let qualname = self.heap.intern(&code.qualname);
        let linetable = self.heap.bytes(&code.linetable)?;
        let exceptiontable = self.heap.bytes(&code.exceptiontable)?;
        Code::new(
            self.heap,
            CodeParts {
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
            },
        )
    }

    fn tuple(&mut self, items: &[Constant], filename: Gc<Str>) -> Result<Gc<Tuple>, OutOfMemory> {
        let values = self.heap.vm().root_vec();
        for item in items {
            let value = self.constant(item, filename)?;
            values.push(value);
        }
        tuple_of(self.heap, &values)
    }

    fn constant(&mut self, constant: &Constant, filename: Gc<Str>) -> Result<Value, OutOfMemory> {
        Ok(match constant {
            Constant::None => Value::NONE,
            Constant::Bool(b) => Value::bool(*b),
            Constant::Ellipsis => Value::ELLIPSIS,
            Constant::Int(i) => BigInt::from_i64(self.heap, *i),
            Constant::BigInt(i) => BigInt::from_limbs(self.heap, &i.limbs, i.negative)?,
            Constant::Float(f) => self.heap.float(*f),
            Constant::Complex { real, imag } => self.heap.complex(*real, *imag).value(),
            Constant::Str(text) => self.text(text)?.value(),
            Constant::Bytes(bytes) => self.heap.bytes(bytes)?.value(),
            Constant::Tuple(items) => self.tuple(items, filename)?.value(),
            Constant::FrozenSet(items) => self.frozenset(items, filename)?.value(),
            Constant::Slice(parts) => {
                let start = self.constant(&parts[0], filename)?;
                let stop = self.constant(&parts[1], filename)?;
                let step = self.constant(&parts[2], filename)?;
                self.heap.slice(start, stop, step).value()
            }
            Constant::Code(code) => self.code(code, filename)?.value(),
        })
    }

    fn frozenset(&mut self, items: &[Constant], filename: Gc<Str>) -> Result<Gc<Set>, OutOfMemory> {
        let shape = self.heap.shapes().frozenset;
        let set = Set::with_shape(self.heap, shape);
        for item in items {
            let value = self.constant(item, filename)?;
            let hash = hash_of_constant(value);
            let mut found = set.find(value, hash);
            loop {
                match found {
                    Found::At(_) => break,
                    Found::Absent(slot) => {
                        set.insert_at(self.heap, slot, value, hash)?;
                        break;
                    }
                    // The compiler has merged equal constants: what cannot be told apart quickly differs.
                    Found::Ask { cursor, .. } => found = set.find_from(cursor, value, hash),
                }
            }
        }
        Ok(set)
    }
}

fn tuple_of(heap: &mut Heap, values: &RootVec) -> Result<Gc<Tuple>, OutOfMemory> {
    Tuple::from_fn(heap, values.len(), |i| values.get(i))
}

/// As CPython decides which string constants to intern: letters, digits and underscores only.
fn looks_like_identifier(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// The `hash()` of a constant that may stand in a frozenset.
fn hash_of_constant(value: Value) -> i64 {
    if let Some(i) = value.as_small_or_bool() {
        hash_i64(i)
    } else if let Some(f) = value.as_float() {
        hash_f64(f).unwrap_or(value.word() as i64)
    } else if let Some(s) = value.cast::<Str>() {
        s.hash()
    } else if let Some(i) = value.cast::<BigInt>() {
        hash_limbs(i.limbs(), i.is_negative())
    } else if let Some(b) = value.cast::<Bytes>() {
        hash_bytes(b.as_slice())
    } else if let Some(tuple) = value.cast::<Tuple>() {
        let mut hasher = TupleHasher::default();
        tuple.iter().for_each(|item| hasher.add(hash_of_constant(item)));
        hasher.finish()
    } else {
        value.word() as i64
    }
}
