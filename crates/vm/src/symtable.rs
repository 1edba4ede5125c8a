//! `_symtable`: the compiler's symbol tables as Python objects, for the module `symtable`.
//!
//! Lives here because it needs the compiler and the runtime. A table is turned into objects as a whole: the objects are
//! copies and change nothing.

use bytecode::CodeFlags;
use compile::{BlockId, BlockKind, Mode, SymbolTable};
use macros::{Trace, native_class, native_module};
use runtime::hooks::{CompileMode, CompileRequest};
use runtime::native::{class_of_spec, new_native, set_module_attr};
use runtime::prelude::*;
use syntax::Interner;

use crate::compiler;

/// Where a name's scope stands in its number; the facts about it are below.
const SCOPE_OFFSET: u32 = 12;

#[derive(Trace)]
pub struct Entry {
    name: GcSlot<Str>,
    symbols: GcSlot<Dict>,
    varnames: GcSlot<List>,
    children: GcSlot<List>,
    kind: i64,
    nested: bool,
    line: i64,
}

impl NativeData for Entry {
    const NAME: &'static str = "symtable entry";
}

type This = Gc<Native<Entry>>;

fn kind_number(kind: BlockKind) -> i64 {
    match kind {
        BlockKind::Function => 0,
        BlockKind::Class => 1,
        BlockKind::Module => 2,
        BlockKind::Annotation => 3,
        BlockKind::TypeAlias => 4,
        BlockKind::TypeParameters => 5,
        BlockKind::TypeVariable => 6,
    }
}

/// The object of a block and, below it, those of its children.
fn entry(cx: &mut Cx, table: &SymbolTable, names: &Interner, id: BlockId) -> PyResult<This> {
    runtime::call::check_native_stack(cx, "")?;
    let block = table.block(id);
    let symbols = Dict::new(&mut cx.heap);
    for (name, symbol) in block.symbols.iter() {
        let name = cx.heap.intern(names.text(name));
        let number = i64::from(symbol.flags.0 | (symbol.scope as u32) << SCOPE_OFFSET);
        let number = Int::new(number).expect("flags and scope fit into 16 bits").value();
        symbols.set_str(&mut cx.heap, name, number).or_raise(cx)?;
    }
    let varnames = List::empty(&mut cx.heap);
    for &name in &block.varnames {
        let name = cx.heap.intern(names.text(name)).value();
        varnames.push(&mut cx.heap, name).or_raise(cx)?;
    }
    let children = List::empty(&mut cx.heap);
    for &child in &block.children {
        let child = entry(cx, table, names, child)?.value();
        children.push(&mut cx.heap, child).or_raise(cx)?;
    }
    let class = class_of_spec(cx, &class::SPEC)?;
    let data = Entry {
        name: GcSlot::of(cx.heap.intern(block.title(names))),
        symbols: GcSlot::of(symbols),
        varnames: GcSlot::of(varnames),
        children: GcSlot::of(children),
        kind: kind_number(block.kind),
        nested: block.nested,
        line: i64::from(block.loc.line),
    };
    Ok(new_native(cx, class, data))
}

#[native_class(name = "symtable entry", layout = Native<Entry>, flags = 0)]
pub mod class {
    use super::*;

    #[slot]
    fn repr(_: &mut Cx, this: This) -> PyResult<String> {
        Ok(format!("<symtable entry {}({}), line {}>", this.name.expect(), this.value().id(), this.line))
    }

    #[getter]
    fn id(_: &mut Cx, this: This) -> i64 {
        this.value().id() as i64
    }

    #[getter]
    fn name(_: &mut Cx, this: This) -> Gc<Str> {
        this.name.expect()
    }

    #[getter]
    fn symbols(_: &mut Cx, this: This) -> Gc<Dict> {
        this.symbols.expect()
    }

    #[getter]
    fn varnames(_: &mut Cx, this: This) -> Gc<List> {
        this.varnames.expect()
    }

    #[getter]
    fn children(_: &mut Cx, this: This) -> Gc<List> {
        this.children.expect()
    }

    #[getter]
    fn nested(_: &mut Cx, this: This) -> i64 {
        i64::from(this.nested)
    }

    #[getter]
    fn r#type(_: &mut Cx, this: This) -> i64 {
        this.kind
    }

    #[getter]
    fn lineno(_: &mut Cx, this: This) -> i64 {
        this.line
    }
}

/// The module's numbers, by the names that CPython's header files give them.
const NUMBERS: [(&str, i64); 26] = [
    ("USE", 16),
    ("DEF_GLOBAL", 1),
    ("DEF_NONLOCAL", 8),
    ("DEF_LOCAL", 2),
    ("DEF_PARAM", 4),
    ("DEF_TYPE_PARAM", 1024),
    ("DEF_FREE_CLASS", 64),
    ("DEF_IMPORT", 128),
    ("DEF_BOUND", 134),
    ("DEF_ANNOT", 256),
    ("DEF_COMP_ITER", 512),
    ("DEF_COMP_CELL", 2048),
    ("TYPE_FUNCTION", 0),
    ("TYPE_CLASS", 1),
    ("TYPE_MODULE", 2),
    ("TYPE_ANNOTATION", 3),
    ("TYPE_TYPE_ALIAS", 4),
    ("TYPE_TYPE_PARAMETERS", 5),
    ("TYPE_TYPE_VARIABLE", 6),
    ("LOCAL", 1),
    ("GLOBAL_EXPLICIT", 2),
    ("GLOBAL_IMPLICIT", 3),
    ("FREE", 4),
    ("CELL", 5),
    ("SCOPE_OFF", SCOPE_OFFSET as i64),
    ("SCOPE_MASK", 15),
];

#[native_module(name = "_symtable")]
pub mod module {
    use super::*;

    /// Return symbol and scope dictionaries used internally by compiler.
    #[function("symtable(source, filename, startstr, /)")]
    fn symtable(cx: &mut Cx, source: Value, filename: Value, start: Gc<Str>) -> PyResult<This> {
        let (mode, kind) = match start.as_ascii() {
            Some("exec") => (Mode::Exec, CompileMode::Exec),
            Some("eval") => (Mode::Eval, CompileMode::Eval),
            Some("single") => (Mode::Single, CompileMode::Single),
            _ => return Err(value_error(cx, "symtable() arg 3 must be 'exec' or 'eval' or 'single'")),
        };
        let filename = runtime::functions::file_name(cx, filename)?;
        let source = runtime::functions::source_value(cx, source, "symtable", "string or bytes")?;
        let request = CompileRequest { source, filename, mode: kind, flags: 0, optimize: -1, feature_version: -1 };
        let text = compiler::source_text(cx, &request)?;
        match compile::symbols(&text, mode, compile::EndOptions::default(), CodeFlags::default()) {
            Ok((table, names)) => entry(cx, &table, &names, table.top),
            Err(error) => Err(compiler::raise_syntax_error(cx, &error, filename, false)),
        }
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        for (name, number) in NUMBERS {
            let number = Int::new(number).expect("a small number");
            set_module_attr(cx, module, name, number)?;
        }
        Ok(())
    }
}
