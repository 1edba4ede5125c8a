//! Code generation: syntax tree and symbol table to instructions with labels.
//!
//! One method a kind of node, in files by topic. Emits what a straightforward reading of the language gives, with
//! pseudo-instructions for blocks and jumps; the flow graph passes turn that into bytecode. The order of the emitted
//! instructions, constants and names decides what a code object looks like, down to the byte: it is CPython's.

mod annotations;
mod call;
mod class;
mod compare;
mod comprehension;
mod expr;
mod fstring;
mod function;
mod import;
mod loops;
mod names;
mod pattern;
mod stmt;
mod super_call;
mod try_except;
mod type_params;
mod unwind;
mod with;

use std::sync::Arc;

use bytecode::{CodeFlags, CodeObject, Constant, Wtf8Buf};
use rustc_hash::FxHashMap;
use syntax::ast::{Location, Mod, Stmt};
use syntax::{Interner, Name, SyntaxError, SyntaxWarning};

use crate::consts::ConstPool;
use crate::flowgraph;
use crate::op::{Op, resume};
use crate::sequence::{Label, Sequence};
use crate::symtable::{Block, BlockId, BlockKind, Flags, KnownNames, Scope, SymbolTable};
use crate::unit::{ArgCounts, NameTable, Unit, UnitKind};

/// Errors are rare and big.
pub(crate) type Result<T> = std::result::Result<T, Box<SyntaxError>>;

/// More values than this are not put on the stack at once.
const STACK_USE_GUIDELINE: usize = 30;

/// What code generation depends on besides tree and table.
pub(crate) struct Context {
    pub filename: Arc<Wtf8Buf>,
    pub optimize: u8,
    pub future_annotations: bool,
    /// Flags that every code object gets.
    pub inherited_flags: CodeFlags,
}

/// State of a compilation.
pub(crate) struct Compiler<'a> {
    pub(crate) names: Interner,
    pub(crate) table: SymbolTable,
    pub(crate) context: Context,
    pub(crate) warnings: Vec<SyntaxWarning>,
    units: Vec<Unit<'a>>,
    interactive: bool,
    known: KnownNames,
}

/// Compiles a whole source.
pub(crate) fn compile(
    module: &Mod,
    names: Interner,
    table: SymbolTable,
    context: Context,
) -> Result<(CodeObject, Vec<SyntaxWarning>)> {
    let known = table.known;
    let mut compiler =
        Compiler { names, table, context, warnings: Vec::new(), units: Vec::new(), interactive: false, known };
    compiler.enter_scope(known.module_code, UnitKind::Module, compiler.table.top, 1, None, ArgCounts::default())?;
    let add_none = match module {
        Mod::Module(body) => {
            compiler.module(body)?;
            true
        }
        Mod::Interactive(body) => {
            compiler.interactive = true;
            compiler.module(body)?;
            true
        }
        Mod::Expression(body) => {
            compiler.expr(body)?;
            false
        }
    };
    let code = compiler.finish_scope(add_none);
    Ok((code, compiler.warnings))
}

impl<'a> Compiler<'a> {
    fn unit(&mut self) -> &mut Unit<'a> {
        self.units.last_mut().expect("code is generated inside of a unit")
    }

    fn unit_ref(&self) -> &Unit<'a> {
        self.units.last().expect("code is generated inside of a unit")
    }

    fn block(&self) -> &Block {
        self.table.block(self.unit_ref().block)
    }

    // Instructions

    fn emit(&mut self, op: Op, loc: Location) {
        self.unit().seq.push(op, 0, loc);
    }

    fn emit_i(&mut self, op: Op, arg: u32, loc: Location) {
        self.unit().seq.push(op, arg, loc);
    }

    fn emit_jump(&mut self, op: Op, target: Label, loc: Location) {
        self.unit().seq.push(op, target.0, loc);
    }

    fn new_label(&mut self) -> Label {
        self.unit().seq.new_label()
    }

    fn place(&mut self, label: Label) {
        self.unit().seq.place(label);
    }

    fn load_const(&mut self, constant: Constant, loc: Location) {
        let index = self.unit().consts.add(constant);
        self.emit_i(Op::LOAD_CONST, index, loc);
    }

    fn load_none(&mut self, loc: Location) {
        self.load_const(Constant::None, loc);
    }

    fn name_constant(&self, name: Name) -> Constant {
        Constant::str(self.names.text(name))
    }

    // Errors

    fn error<T>(&self, loc: Location, message: impl Into<String>) -> Result<T> {
        Err(Box::new(SyntaxError::at(loc, message)))
    }

    fn warn(&mut self, loc: Location, message: impl Into<String>) {
        self.warnings.push(SyntaxWarning { message: message.into(), loc });
    }

    // Scopes

    fn enter_scope(
        &mut self,
        name: Name,
        kind: UnitKind,
        block: BlockId,
        lineno: i32,
        private: Option<Name>,
        args: ArgCounts,
    ) -> Result<()> {
        let entry = self.table.block(block);
        let mut varnames = NameTable::default();
        entry.varnames.iter().for_each(|&name| _ = varnames.add(name));
        let mut cellvars = self.names_of_kind(entry, Scope::Cell, Flags::DEF_COMP_CELL, 0);
        for (needed, name) in [
            (entry.needs_class_closure, self.known.class),
            (entry.needs_classdict, self.known.classdict),
            (entry.has_conditional_annotations, self.known.conditional_annotations),
        ] {
            if needed {
                cellvars.add(name);
            }
        }
        let freevars = self.names_of_kind(entry, Scope::Free, Flags::DEF_FREE_CLASS, cellvars.len());
        let private = private.or_else(|| self.units.last().and_then(|unit| unit.private));
        let qualname = self.qualname(name, kind);
        self.units.push(Unit {
            kind,
            block,
            private,
            name,
            qualname,
            args,
            firstlineno: lineno,
            seq: Sequence::default(),
            stashed_seq: None,
            consts: ConstPool::default(),
            names: NameTable::default(),
            varnames,
            cellvars,
            freevars,
            fast_hidden: FxHashMap::default(),
            static_attributes: Default::default(),
            deferred_annotations: Vec::new(),
            next_condition: 0,
            frame_blocks: Vec::new(),
            inlined_comprehensions: 0,
            conditional_depth: 0,
        });
        let line = if kind == UnitKind::Module { 0 } else { lineno };
        let loc = Location { line, end_line: lineno, column: 0, end_column: 0 };
        self.emit_i(Op::RESUME, resume::AT_FUNC_START, loc);
        if kind == UnitKind::Module {
            self.emit(Op::ANNOTATIONS_PLACEHOLDER, loc);
        }
        Ok(())
    }

    /// The names of a block with a scope or a flag, sorted by their text.
    fn names_of_kind(&self, block: &Block, scope: Scope, flag: Flags, offset: usize) -> NameTable {
        let mut found: Vec<Name> = block
            .symbols
            .iter()
            .filter(|(_, symbol)| symbol.scope == scope || symbol.flags.has(flag))
            .map(|(name, _)| name)
            .collect();
        found.sort_unstable_by(|a, b| self.names.text(*a).cmp(self.names.text(*b)));
        let mut table = NameTable::starting_at(offset);
        found.into_iter().for_each(|name| _ = table.add(name));
        table
    }

    fn qualname(&mut self, name: Name, kind: UnitKind) -> String {
        let text = self.names.text(name).to_owned();
        let Some(mut parent) = self.units.len().checked_sub(1) else { return text };
        if self.units[parent].kind == UnitKind::Annotations {
            // The scope of type parameters does not show; directly in the module nothing is left.
            if parent <= 1 {
                return text;
            }
            parent -= 1;
        }
        let parent = &self.units[parent];
        if matches!(kind, UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Class) {
            let mangled = crate::symtable::mangle(parent.private, name, &mut self.names);
            if self.table.block(parent.block).symbol(mangled).scope == Scope::GlobalExplicit {
                return text;
            }
        }
        match parent.kind {
            UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Lambda => {
                format!("{}.<locals>.{text}", parent.qualname)
            }
            UnitKind::Module => text,
            _ => format!("{}.{text}", parent.qualname),
        }
    }

    /// Leaves a scope and makes its code object. Code that runs off the end returns None, if asked for, or what is on
    /// the stack.
    fn finish_scope(&mut self, add_none: bool) -> CodeObject {
        if add_none {
            self.load_none(Location::NONE);
        }
        self.emit(Op::RETURN_VALUE, Location::NONE);
        let flags = self.code_flags();
        let n_params = self.block().varnames.len();
        let unit = self.units.pop().expect("a scope was entered");
        flowgraph::assemble(unit, flags, n_params, &self.names, &self.context.filename)
    }

    fn code_flags(&self) -> CodeFlags {
        let block = self.block();
        let mut flags = CodeFlags::default();
        let mut set = |condition: bool, flag: CodeFlags| {
            if condition {
                flags |= flag;
            }
        };
        if block.is_function_like() {
            set(true, CodeFlags::NEWLOCALS | CodeFlags::OPTIMIZED);
            set(block.nested, CodeFlags::NESTED);
            set(block.generator && !block.coroutine, CodeFlags::GENERATOR);
            set(block.generator && block.coroutine, CodeFlags::ASYNC_GENERATOR);
            set(block.varargs, CodeFlags::VARARGS);
            set(block.varkeywords, CodeFlags::VARKEYWORDS);
            set(block.has_docstring, CodeFlags::HAS_DOCSTRING);
            set(block.method, CodeFlags::METHOD);
        }
        set(block.coroutine && !block.generator, CodeFlags::COROUTINE);
        flags | self.context.inherited_flags
    }

    // Bodies

    fn module(&mut self, body: &'a [Stmt]) -> Result<()> {
        let loc = match body.first() {
            Some(first) => first.loc,
            None => Location { line: 1, end_line: 1, column: 0, end_column: 0 },
        };
        if self.block().has_conditional_annotations {
            self.emit_i(Op::BUILD_SET, 0, loc);
            self.emit_plain_name(Op::STORE_NAME, self.known.conditional_annotations, loc);
        }
        self.body(body, loc)
    }

    /// The statements of a module or class: docstring, body, annotations.
    fn body(&mut self, body: &'a [Stmt], loc: Location) -> Result<()> {
        if self.context.future_annotations && self.block().annotations_used {
            self.emit(Op::SETUP_ANNOTATIONS, loc);
        }
        if body.is_empty() {
            return Ok(());
        }
        let mut rest = body;
        // A string at the prompt is not a docstring.
        if !self.is_interactive_top_level()
            && self.block().has_docstring
            && let Some(doc) = syntax::ast::docstring(body)
            && let Some(Constant::Str(text)) = doc.as_constant()
        {
            rest = &body[1..];
            self.load_const(Constant::Str(crate::docstring::clean(text)), doc.loc);
            self.store_name(self.known.doc, Location::NONE)?;
        }
        self.stmts(rest)?;
        if !self.context.future_annotations {
            self.deferred_annotations(loc)?;
        }
        Ok(())
    }

    fn is_interactive_top_level(&self) -> bool {
        self.interactive && self.units.len() == 1
    }

    /// Whether this is the body of a class itself, not of a comprehension inlined in it.
    fn in_class_block(&self) -> bool {
        self.block().kind == BlockKind::Class && self.unit_ref().inlined_comprehensions == 0
    }
}
