//! Loading, storing and deleting names.

use syntax::Name;
use syntax::ast::{ExprContext, Location};

use super::{Compiler, Result};
use crate::op::Op;
use crate::symtable::{BlockKind, Scope, mangle};

/// How an attribute or a method is fetched.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fetch {
    Attr,
    Method,
    SuperAttr,
    SuperMethod,
    ZeroSuperAttr,
    ZeroSuperMethod,
}

/// Where a name lives.
enum Place {
    Deref(u32),
    Fast,
    Global(u32),
    Name(u32),
}

impl Compiler<'_> {
    pub(super) fn maybe_mangle(&mut self, name: Name) -> Name {
        let (private, block) = (self.unit_ref().private, self.unit_ref().block);
        self.table.maybe_mangle(private, block, name, &mut self.names)
    }

    pub(super) fn mangle(&mut self, name: Name) -> Name {
        let private = self.unit_ref().private;
        mangle(private, name, &mut self.names)
    }

    /// Emits an instruction whose operand is a name in `co_names`.
    pub(super) fn emit_name(&mut self, op: Op, name: Name, loc: Location) {
        let mangled = self.maybe_mangle(name);
        let index = self.unit().names.add(mangled);
        self.emit_i(op, index, loc);
    }

    /// The same for a name that is not mangled.
    pub(super) fn emit_plain_name(&mut self, op: Op, name: Name, loc: Location) {
        let index = self.unit().names.add(name);
        self.emit_i(op, index, loc);
    }

    pub(super) fn emit_fetch(&mut self, fetch: Fetch, name: Name, loc: Location) {
        let mangled = self.maybe_mangle(name);
        let index = self.unit().names.add(mangled);
        let (op, arg) = match fetch {
            Fetch::Attr => (Op::LOAD_ATTR, index << 1),
            Fetch::Method => (Op::LOAD_ATTR, index << 1 | 1),
            Fetch::SuperAttr => (Op::LOAD_SUPER_ATTR, index << 2 | 2),
            Fetch::SuperMethod => (Op::LOAD_SUPER_ATTR, index << 2 | 3),
            Fetch::ZeroSuperAttr => (Op::LOAD_SUPER_ATTR, index << 2),
            Fetch::ZeroSuperMethod => (Op::LOAD_SUPER_ATTR, index << 2 | 1),
        };
        self.emit_i(op, arg, loc);
    }

    /// Emits an instruction on a fast local.
    pub(super) fn emit_fast(&mut self, op: Op, name: Name, loc: Location) {
        let index = self.unit().varnames.add(name);
        self.emit_i(op, index, loc);
    }

    /// The scope of a mangled name as the current block has it.
    pub(super) fn scope_of(&self, name: Name) -> Scope {
        self.block().symbol(name).scope
    }

    fn place_of(&mut self, name: Name, scope: Scope) -> Place {
        let is_function_like = self.block().is_function_like();
        let unit = self.unit();
        match scope {
            Scope::Free => Place::Deref(unit.freevars.add(name)),
            Scope::Cell => Place::Deref(unit.cellvars.add(name)),
            Scope::Local if is_function_like || unit.fast_hidden.get(&name) == Some(&true) => Place::Fast,
            Scope::GlobalImplicit if is_function_like => Place::Global(unit.names.add(name)),
            Scope::GlobalExplicit => Place::Global(unit.names.add(name)),
            _ => Place::Name(unit.names.add(name)),
        }
    }

    pub(super) fn name_op(&mut self, name: Name, ctx: ExprContext, loc: Location) -> Result<()> {
        let mangled = self.maybe_mangle(name);
        let scope = self.scope_of(mangled);
        let by_ctx = |load, store, delete| match ctx {
            ExprContext::Load => load,
            ExprContext::Store => store,
            ExprContext::Del => delete,
        };
        let is_load = ctx == ExprContext::Load;
        match self.place_of(mangled, scope) {
            Place::Deref(index) => {
                let mut load = Op::LOAD_DEREF;
                if is_load && self.in_class_block() {
                    load = Op::LOAD_FROM_DICT_OR_DEREF;
                    self.emit(Op::LOAD_LOCALS, loc);
                } else if is_load && self.block().can_see_class_scope {
                    load = Op::LOAD_FROM_DICT_OR_DEREF;
                    self.load_classdict(loc);
                }
                self.emit_i(by_ctx(load, Op::STORE_DEREF, Op::DELETE_DEREF), index, loc);
            }
            Place::Fast => self.emit_fast(by_ctx(Op::LOAD_FAST, Op::STORE_FAST, Op::DELETE_FAST), mangled, loc),
            Place::Global(index) if is_load => {
                if self.block().can_see_class_scope && scope == Scope::GlobalImplicit {
                    self.load_classdict(loc);
                    self.emit_i(Op::LOAD_FROM_DICT_OR_GLOBALS, index, loc);
                } else {
                    self.emit_i(Op::LOAD_GLOBAL, index << 1, loc);
                }
            }
            Place::Global(index) => {
                self.emit_i(by_ctx(Op::LOAD_GLOBAL, Op::STORE_GLOBAL, Op::DELETE_GLOBAL), index, loc);
            }
            Place::Name(index) => {
                let inlined_in_class =
                    self.block().kind == BlockKind::Class && self.unit_ref().inlined_comprehensions > 0;
                if is_load && inlined_in_class {
                    self.emit_i(Op::LOAD_GLOBAL, index << 1, loc);
                } else {
                    self.emit_i(by_ctx(Op::LOAD_NAME, Op::STORE_NAME, Op::DELETE_NAME), index, loc);
                }
            }
        }
        Ok(())
    }

    pub(super) fn load_name(&mut self, name: Name, loc: Location) -> Result<()> {
        self.name_op(name, ExprContext::Load, loc)
    }

    pub(super) fn store_name(&mut self, name: Name, loc: Location) -> Result<()> {
        self.name_op(name, ExprContext::Store, loc)
    }

    pub(super) fn delete_name(&mut self, name: Name, loc: Location) -> Result<()> {
        self.name_op(name, ExprContext::Del, loc)
    }

    fn load_classdict(&mut self, loc: Location) {
        let index = self.unit_free(self.known.classdict);
        self.emit_i(Op::LOAD_DEREF, index, loc);
    }

    /// The number of a free variable.
    pub(super) fn unit_free(&mut self, name: Name) -> u32 {
        self.unit().freevars.add(name)
    }

    /// The number of a cell.
    pub(super) fn unit_cell(&mut self, name: Name) -> u32 {
        self.unit().cellvars.add(name)
    }

    /// The number of a variable that a nested code object has as free.
    pub(super) fn closure_index(&mut self, name: Name) -> u32 {
        let implicit = [self.known.class, self.known.classdict, self.known.conditional_annotations];
        let is_cell = (self.unit_ref().kind == crate::unit::UnitKind::Class && implicit.contains(&name))
            || self.scope_of(name) == Scope::Cell;
        if is_cell { self.unit_cell(name) } else { self.unit_free(name) }
    }
}
