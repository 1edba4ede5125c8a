//! `code`: attributes of code objects, their locations, and copies with something replaced.

use crate::prelude::*;
use ::object::code::CodeParts;
use bytecode::{LocationEntries, Opcode};
use macros::native_class;

#[native_class(
    name = "code",
    layout = Code,
    flags = 0,
    traits = HAS_WEAKREF,
    signature = "(argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize, flags, codestring, constants, names, varnames, filename, name, qualname, firstlineno, linetable, exceptiontable, freevars=(), cellvars=(), /)",
    doc = "Create a code object.  Not for mere mortals."
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, _class: Gc<Class>, args: Args<'_>) -> PyResult {
        let given = args.positional();
        if args.n_keywords() > 0 {
            return Err(type_error(cx, "code() takes no keyword arguments"));
        }
        if !(16..=18).contains(&given.len()) {
            let n = given.len();
            let how = if n < 16 { "at least 16" } else { "at most 18" };
            return Err(type_error(cx, format_args!("code expected {how} arguments, got {n}")));
        }
        let mut fields = Fields::empty(cx);
        for (name, &value) in CONSTRUCTOR_ORDER.iter().zip(given) {
            fields.set(cx, name, value)?;
        }
        Ok(fields.build(cx)?.value())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Code>) -> PyResult {
        let mut builder = StrBuilder::new();
        builder.push_str("<code object ");
        builder.push_py(&*str_of(cx, this.name.get())?);
        builder.push_str(&format!(" at {:#x}, file \"", this.value().id()));
        builder.push_py(&*str_of(cx, this.filename.get())?);
        builder.push_str(&format!("\", line {}>", this.firstlineno));
        Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
    }

    #[slot]
    fn hash(cx: &mut Cx, this: Gc<Code>) -> PyResult<i64> {
        let mut hash = hash_of(cx, this.name.get())?;
        hash ^= hash_of(cx, this.consts.expect().value())?;
        hash ^= hash_of(cx, this.names.expect().value())?;
        hash ^= hash_of(cx, this.localsplusnames.expect().value())?;
        hash ^= i64::from(this.firstlineno ^ this.argcount ^ this.flags);
        Ok(hash ^ ::object::hash::hash_bytes(&plain_code(cx, this)))
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: Gc<Code>, other: Value, op: CompareOp) -> PyResult {
        let Some(other) = other.cast::<Code>().filter(|_| matches!(op, CompareOp::Eq | CompareOp::Ne)) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let equal = this == other || same(cx, this, other)?;
        Ok(Value::bool(equal == (op == CompareOp::Eq)))
    }

    #[getter]
    fn co_argcount(this: Gc<Code>) -> i64 {
        this.argcount.into()
    }

    #[getter]
    fn co_posonlyargcount(this: Gc<Code>) -> i64 {
        this.posonlyargcount.into()
    }

    #[getter]
    fn co_kwonlyargcount(this: Gc<Code>) -> i64 {
        this.kwonlyargcount.into()
    }

    #[getter]
    fn co_nlocals(this: Gc<Code>) -> i64 {
        this.n_locals.into()
    }

    #[getter]
    fn co_stacksize(this: Gc<Code>) -> i64 {
        this.stacksize.into()
    }

    #[getter]
    fn co_flags(this: Gc<Code>) -> i64 {
        this.flags.into()
    }

    #[getter]
    fn co_firstlineno(this: Gc<Code>) -> i64 {
        this.firstlineno.into()
    }

    #[getter]
    fn co_consts(this: Gc<Code>) -> Gc<Tuple> {
        this.consts.expect()
    }

    #[getter]
    fn co_names(this: Gc<Code>) -> Gc<Tuple> {
        this.names.expect()
    }

    #[getter]
    fn co_filename(this: Gc<Code>) -> Value {
        this.filename.get()
    }

    #[getter]
    fn co_name(this: Gc<Code>) -> Value {
        this.name.get()
    }

    #[getter]
    fn co_qualname(this: Gc<Code>) -> Value {
        this.qualname.get()
    }

    #[getter]
    fn co_varnames(cx: &mut Cx, this: Gc<Code>) -> PyResult<Gc<Tuple>> {
        names_of(cx, this, bytecode::LocalKind::LOCAL)
    }

    #[getter]
    fn co_cellvars(cx: &mut Cx, this: Gc<Code>) -> PyResult<Gc<Tuple>> {
        names_of(cx, this, bytecode::LocalKind::CELL)
    }

    #[getter]
    fn co_freevars(cx: &mut Cx, this: Gc<Code>) -> PyResult<Gc<Tuple>> {
        names_of(cx, this, bytecode::LocalKind::FREE)
    }

    #[getter]
    fn co_code(cx: &mut Cx, this: Gc<Code>) -> PyResult {
        if let Some(code) = this.co_code.get().bound() {
            return Ok(code);
        }
        let plain = plain_code(cx, this);
        let code = cx.heap.bytes(&plain).or_raise(cx)?;
        this.co_code.set(this, code);
        Ok(code.value())
    }

    #[getter]
    fn _co_code_adaptive(cx: &mut Cx, this: Gc<Code>) -> PyResult<Gc<Bytes>> {
        let mut units: Vec<u8> = this.units().iter().flat_map(|unit| unit.get().to_le_bytes()).collect();
        let mut i = 0;
        while i < units.len() {
            let opcode = Opcode::from_u8(units[i]);
            // `dis` knows the forms that CPython has.
            if let Some(opcode) = opcode.filter(|opcode| opcode.is_own()) {
                units[i] = opcode.base() as u8;
            }
            i += 2 + 2 * opcode.map_or(0, Opcode::caches);
        }
        cx.heap.bytes(&units).or_raise(cx)
    }

    #[getter]
    fn co_linetable(this: Gc<Code>) -> Gc<Bytes> {
        this.linetable.expect()
    }

    #[getter]
    fn co_exceptiontable(this: Gc<Code>) -> Gc<Bytes> {
        this.exceptiontable.expect()
    }

    #[getter]
    fn co_lnotab(cx: &mut Cx, this: Gc<Code>) -> PyResult<Gc<Bytes>> {
        let class = cx.types().DeprecationWarning;
        crate::warnings::warn(cx, class, "co_lnotab is deprecated, use co_lines instead.", 1)?;
        let table = line_number_table(this);
        cx.heap.bytes(&table).or_raise(cx)
    }

    /// Pairs of byte ranges and the lines that they come from.
    #[method("co_lines($self, /)")]
    fn co_lines(cx: &mut Cx, this: Gc<Code>) -> PyResult {
        let list = List::empty(&mut cx.heap);
        for (start, end, line) in line_ranges(this) {
            let line = line.map_or(Value::NONE, |line| Int::from_len(line as usize).value());
            let entry = [Int::from_len(start).value(), Int::from_len(end).value(), line];
            let entry = cx.heap.tuple(&entry).value();
            list.push(&mut cx.heap, entry).or_raise(cx)?;
        }
        get_iter(cx, list.value())
    }

    /// The source range of every instruction.
    #[method("co_positions($self, /)")]
    fn co_positions(cx: &mut Cx, this: Gc<Code>) -> PyResult {
        let list = List::empty(&mut cx.heap);
        let table = this.linetable.expect();
        for entry in LocationEntries::new(table.as_slice(), this.firstlineno) {
            let at = entry.position;
            let number = |n: Option<u32>| n.map_or(Value::NONE, |n| Int::from_len(n as usize).value());
            let range = [number(at.line), number(at.end_line), number(at.column), number(at.end_column)];
            let range = cx.heap.tuple(&range).value();
            for _ in (entry.start..entry.end).step_by(2) {
                list.push(&mut cx.heap, range).or_raise(cx)?;
            }
        }
        get_iter(cx, list.value())
    }

    /// Jumps that depend on a condition: byte offsets of the jump, of what follows, and of the target.
    #[method("co_branches($self, /)")]
    fn co_branches(cx: &mut Cx, this: Gc<Code>) -> PyResult {
        let code = bytecode::CodeObject { code: plain_code(cx, this), ..bytecode::CodeObject::default() };
        let list = List::empty(&mut cx.heap);
        for instruction in code.instructions() {
            let is_branch = matches!(
                instruction.opcode,
                Opcode::POP_JUMP_IF_TRUE
                    | Opcode::POP_JUMP_IF_FALSE
                    | Opcode::POP_JUMP_IF_NONE
                    | Opcode::POP_JUMP_IF_NOT_NONE
                    | Opcode::FOR_ITER
            );
            if let Some(target) = instruction.jump_target().filter(|_| is_branch) {
                let entry = [instruction.offset, instruction.end, target].map(|n| Int::from_len(n).value());
                let entry = cx.heap.tuple(&entry).value();
                list.push(&mut cx.heap, entry).or_raise(cx)?;
            }
        }
        get_iter(cx, list.value())
    }

    /// Return a copy of the code object with new values for the specified fields.
    #[method(raw, "replace($self, /, **changes)")]
    fn replace(cx: &mut Cx, this: Gc<Code>, args: Args<'_>) -> PyResult {
        replace_fields(cx, this, args)
    }

    /// The same as replace().
    #[method(raw, "__replace__($self, /, **changes)")]
    fn replace_dunder(cx: &mut Cx, this: Gc<Code>, args: Args<'_>) -> PyResult {
        replace_fields(cx, this, args)
    }

    /// (internal-only) Return the local variable name for the given oparg.
    #[method("_varname_from_oparg($self, /, oparg)")]
    fn varname_from_oparg(cx: &mut Cx, this: Gc<Code>, oparg: i32) -> PyResult {
        let names = this.localsplusnames.expect();
        match usize::try_from(oparg).ok().and_then(|i| names.try_get(i)) {
            Some(name) => Ok(name),
            None => Err(index_error(cx, "tuple index out of range")),
        }
    }

    #[method("__sizeof__($self, /)")]
    fn sizeof(this: Gc<Code>) -> i64 {
        (size_of::<Code>() + this.n_units() * 2) as i64
    }
}

fn names_of(cx: &mut Cx, code: Gc<Code>, kind: bytecode::LocalKind) -> PyResult<Gc<Tuple>> {
    let at: Vec<usize> =
        (0..code.n_localsplus as usize).filter(|&i| bytecode::LocalKind(code.local_kind(i)).has(kind)).collect();
    Tuple::from_fn(&mut cx.heap, at.len(), |i| code.local_name(at[i]).value()).or_raise(cx)
}

/// The instructions as the compiler made them: not specialised, caches zero.
pub fn plain_code(cx: &Cx, code: Gc<Code>) -> Vec<u8> {
    let units = code.units();
    let mut plain = Vec::with_capacity(units.len() * 2);
    let mut i = 0;
    while i < units.len() {
        let [number, operand] = units[i].get().to_le_bytes();
        let Some(opcode) = crate::tracing::opcode_at(cx, code, i) else {
            plain.extend([number, operand]);
            i += 1;
            continue;
        };
        plain.extend([opcode as u8, operand]);
        plain.extend(std::iter::repeat_n(0, opcode.caches() * 2));
        i += 1 + opcode.caches();
    }
    plain
}

fn same(cx: &mut Cx, a: Gc<Code>, b: Gc<Code>) -> PyResult<bool> {
    let numbers = |c: Gc<Code>| [c.argcount, c.posonlyargcount, c.kwonlyargcount, c.flags, c.firstlineno, c.stacksize];
    if numbers(a) != numbers(b)
        || plain_code(cx, a) != plain_code(cx, b)
        || a.linetable.expect().as_slice() != b.linetable.expect().as_slice()
        || a.exceptiontable.expect().as_slice() != b.exceptiontable.expect().as_slice()
        || a.localspluskinds.expect().as_slice() != b.localspluskinds.expect().as_slice()
        || !equals(cx, a.name.get(), b.name.get())?
        || !equals(cx, a.names.expect().value(), b.names.expect().value())?
        || !equals(cx, a.localsplusnames.expect().value(), b.localsplusnames.expect().value())?
    {
        return Ok(false);
    }
    let (consts, others) = (a.consts.expect(), b.consts.expect());
    if consts.len() != others.len() {
        return Ok(false);
    }
    for (x, y) in consts.iter().zip(others.iter()) {
        // 1, 1.0 and True are equal but different constants.
        let alike = cx.class_of(x) == cx.class_of(y)
            && match (x.as_float(), y.as_float()) {
                (Some(x), Some(y)) => x.to_bits() == y.to_bits(),
                _ => equals(cx, x, y)?,
            };
        if !alike {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Byte ranges with their lines; neighbours on one line are joined.
fn line_ranges(code: Gc<Code>) -> Vec<(usize, usize, Option<u32>)> {
    let table = code.linetable.expect();
    let mut ranges: Vec<(usize, usize, Option<u32>)> = Vec::new();
    for entry in LocationEntries::new(table.as_slice(), code.firstlineno) {
        match ranges.last_mut() {
            Some(last) if last.2 == entry.position.line => last.1 = entry.end,
            _ => ranges.push((entry.start, entry.end, entry.position.line)),
        }
    }
    ranges
}

/// The old form of line table: pairs of byte and line increments.
fn line_number_table(code: Gc<Code>) -> Vec<u8> {
    let mut table = Vec::new();
    let (mut offset, mut line) = (0usize, i64::from(code.firstlineno));
    for (start, _, at) in line_ranges(code) {
        let Some(at) = at.map(i64::from) else { continue };
        let (mut bytes, mut lines) = (start - offset, at - line);
        if lines == 0 {
            continue;
        }
        while bytes > 255 {
            table.extend([255, 0]);
            bytes -= 255;
        }
        while !(-128..=127).contains(&lines) {
            let step = lines.clamp(-128, 127);
            table.extend([bytes as u8, step as i8 as u8]);
            bytes = 0;
            lines -= step;
        }
        table.extend([bytes as u8, lines as i8 as u8]);
        (offset, line) = (start, at);
    }
    table
}

/// The constructor's parameters in order, by the attributes' names.
const CONSTRUCTOR_ORDER: [&str; 18] = [
    "co_argcount",
    "co_posonlyargcount",
    "co_kwonlyargcount",
    "co_nlocals",
    "co_stacksize",
    "co_flags",
    "co_code",
    "co_consts",
    "co_names",
    "co_varnames",
    "co_filename",
    "co_name",
    "co_qualname",
    "co_firstlineno",
    "co_linetable",
    "co_exceptiontable",
    "co_freevars",
    "co_cellvars",
];

/// A code object being made; the values in the order of [`CONSTRUCTOR_ORDER`].
struct Fields(RootVec);

impl Fields {
    fn empty(cx: &Cx) -> Fields {
        let values = cx.vm().root_vec();
        let nothing = cx.vm().empty_tuple();
        CONSTRUCTOR_ORDER.iter().for_each(|_| values.push(nothing));
        Fields(values)
    }

    fn of(cx: &mut Cx, code: Gc<Code>) -> PyResult<Fields> {
        let fields = Fields::empty(cx);
        for (i, name) in CONSTRUCTOR_ORDER.iter().enumerate() {
            let name = cx.heap.intern(name);
            let value = get_attr(cx, code.value(), name)?;
            fields.0.set(i, value);
        }
        Ok(fields)
    }

    fn set(&mut self, cx: &mut Cx, name: &str, value: Value) -> PyResult<bool> {
        let Some(i) = CONSTRUCTOR_ORDER.iter().position(|n| *n == name) else { return Ok(false) };
        let expected = match name {
            "co_code" | "co_linetable" | "co_exceptiontable" => value.is_a::<Bytes>().then_some(()).ok_or("bytes"),
            "co_filename" | "co_name" | "co_qualname" => value.downcast::<Str>().map(|_| ()).ok_or("str"),
            "co_consts" | "co_names" | "co_varnames" | "co_freevars" | "co_cellvars" => {
                value.is_a::<Tuple>().then_some(()).ok_or("tuple")
            }
            _ => value.as_small_or_bool().map(|_| ()).ok_or("int"),
        };
        if let Err(expected) = expected {
            let found = type_name(cx, value);
            return Err(type_error(
                cx,
                if expected == "int" {
                    format!("'{found}' object cannot be interpreted as an integer")
                } else {
                    format!("replace() argument '{name}' must be {expected}, not {found}")
                },
            ));
        }
        if matches!(name, "co_names" | "co_varnames" | "co_freevars" | "co_cellvars")
            && let Some(other) = value.cast::<Tuple>().and_then(|t| t.iter().find(|n| n.downcast::<Str>().is_none()))
        {
            let found = type_name(cx, other);
            return Err(type_error(cx, format_args!("name tuples must contain only strings, not '{found}'")));
        }
        self.0.set(i, value);
        Ok(true)
    }

    fn number(&self, cx: &mut Cx, i: usize) -> PyResult<u32> {
        match self.0.get(i).as_small_or_bool().and_then(|n| u32::try_from(n).ok()) {
            Some(n) => Ok(n),
            None => Err(value_error(cx, "code: co_varnames is too small")),
        }
    }

    fn tuple(&self, i: usize) -> Gc<Tuple> {
        self.0.get(i).cast::<Tuple>().expect("checked when it was set")
    }

    fn build(&self, cx: &mut Cx) -> PyResult<Gc<Code>> {
        let (varnames, freevars, cellvars) = (self.tuple(9), self.tuple(16), self.tuple(17));
        let code = self.0.get(6).cast::<Bytes>().expect("checked when it was set");
        let nlocals = self.number(cx, 3)? as usize;
        let (argcount, posonly, kwonly) = (self.number(cx, 0)?, self.number(cx, 1)?, self.number(cx, 2)?);
        let flags = self.number(cx, 5)?;
        if nlocals != varnames.len() {
            return Err(value_error(cx, format_args!("code: co_nlocals != len(co_varnames)")));
        }
        let bit = |flag: bytecode::CodeFlags| (flags & flag.0 != 0) as usize;
        let n_variadic = bit(bytecode::CodeFlags::VARARGS) + bit(bytecode::CodeFlags::VARKEYWORDS);
        if (argcount + kwonly) as usize + n_variadic > varnames.len() {
            return Err(value_error(cx, "code: varnames is too small"));
        }
        if posonly > argcount || !code.len().is_multiple_of(2) || code.is_empty() {
            return Err(value_error(cx, "code: co_code is malformed"));
        }
        let names = cx.vm().root_vec();
        let mut kinds: Vec<u8> = Vec::new();
        for (i, name) in varnames.iter().enumerate() {
            let also_cell = cellvars.iter().any(|c| is_same_name(c, name));
            let argument = argument_kind(i, argcount as usize, posonly as usize, kwonly as usize, flags);
            let cell = if also_cell { bytecode::LocalKind::CELL.0 } else { 0 };
            names.push(interned(cx, name));
            kinds.push(bytecode::LocalKind::LOCAL.0 | cell | argument);
        }
        for name in cellvars.iter().filter(|c| !varnames.iter().any(|v| is_same_name(*c, v))) {
            names.push(interned(cx, name));
            kinds.push(bytecode::LocalKind::CELL.0);
        }
        for name in freevars.iter() {
            names.push(interned(cx, name));
            kinds.push(bytecode::LocalKind::FREE.0);
        }
        let localsplusnames = Tuple::from_fn(&mut cx.heap, names.len(), |i| names.get(i)).or_raise(cx)?;
        let localspluskinds = cx.heap.bytes(&kinds).or_raise(cx)?;
        let given = self.tuple(8);
        let interned_names = cx.vm().root_vec();
        given.iter().for_each(|name| {
            let name = interned(cx, name);
            interned_names.push(name);
        });
        let names = Tuple::from_fn(&mut cx.heap, interned_names.len(), |i| interned_names.get(i)).or_raise(cx)?;
        let bytes = |i: usize| self.0.get(i).cast::<Bytes>().expect("checked when it was set");
        let parts = CodeParts {
            argcount,
            posonlyargcount: posonly,
            kwonlyargcount: kwonly,
            stacksize: self.number(cx, 4)?,
            flags,
            firstlineno: self.number(cx, 13)?,
            code: code.as_slice(),
            consts: self.tuple(7),
            names,
            localsplusnames,
            localspluskinds,
            filename: self.0.get(10),
            name: self.0.get(11),
            qualname: self.0.get(12),
            linetable: bytes(14),
            exceptiontable: bytes(15),
        };
        Code::new(&mut cx.heap, parts).or_raise(cx)
    }
}

fn is_same_name(a: Value, b: Value) -> bool {
    match (a.downcast::<Str>(), b.downcast::<Str>()) {
        (Some(a), Some(b)) => a.equals(&b),
        _ => false,
    }
}

fn interned(cx: &mut Cx, name: Value) -> Value {
    name.downcast::<Str>().map_or(name, |name| cx.heap.intern_str(name).value())
}

/// Which kind of parameter local `i` is, as bits of its kind.
fn argument_kind(i: usize, argcount: usize, posonly: usize, kwonly: usize, flags: u32) -> u8 {
    use bytecode::{CodeFlags, LocalKind};
    let n_named = argcount + kwonly;
    let varargs = flags & CodeFlags::VARARGS.0 != 0;
    let varkeywords = flags & CodeFlags::VARKEYWORDS.0 != 0;
    if i < posonly {
        LocalKind::ARG_POS.0
    } else if i < argcount {
        LocalKind::ARG_POS.0 | LocalKind::ARG_KW.0
    } else if i < n_named {
        LocalKind::ARG_KW.0
    } else if varargs && i == n_named {
        LocalKind::ARG_VAR.0 | LocalKind::ARG_POS.0
    } else if varkeywords && i == n_named + varargs as usize {
        LocalKind::ARG_VAR.0 | LocalKind::ARG_KW.0
    } else {
        0
    }
}

fn replace_fields(cx: &mut Cx, code: Gc<Code>, args: Args<'_>) -> PyResult {
    if args.n_positional() > 0 {
        let n = args.n_positional();
        return Err(type_error(cx, format_args!("replace() takes 0 positional arguments but {n} were given")));
    }
    let mut fields = Fields::of(cx, code)?;
    let mut sets_nlocals = false;
    for (name, value) in args.keywords() {
        let text = name.to_string();
        sets_nlocals |= text == "co_nlocals";
        if text == "co_varnames"
            && !sets_nlocals
            && let Some(names) = value.cast::<Tuple>()
        {
            let n = Int::from_len(names.len()).value();
            fields.set(cx, "co_nlocals", n)?;
        }
        if !fields.set(cx, &text, value)? {
            return Err(type_error(cx, format_args!("replace() got an unexpected keyword argument '{text}'")));
        }
    }
    Ok(fields.build(cx)?.value())
}
