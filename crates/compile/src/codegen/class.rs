//! Classes.

use bytecode::Constant;
use syntax::ast::*;

use super::{Compiler, Result};
use crate::op::{Op, intrinsic_1};
use crate::symtable::BlockKey;
use crate::unit::{ArgCounts, UnitKind};

impl<'a> Compiler<'a> {
    pub(super) fn class_def(&mut self, stmt: &'a Stmt, def: &'a ClassDef) -> Result<()> {
        let loc = stmt.loc;
        self.exprs(&def.decorators)?;
        let firstlineno = def.decorators.first().map_or(loc.line, |decorator| decorator.loc.line);
        let generic = !def.type_params.is_empty();
        if generic {
            let block = self.table.lookup(BlockKey::class_type_params(stmt));
            let name = self.generic_parameters_name(def.name);
            let args = ArgCounts::default();
            self.enter_scope(name, UnitKind::Annotations, block, firstlineno, Some(def.name), args)?;
            self.type_params(&def.type_params)?;
            self.store_name(self.known.type_params, loc)?;
        }
        self.class_body(stmt, def, firstlineno)?;
        if generic {
            self.load_name(self.known.type_params, loc)?;
            self.emit_i(Op::CALL_INTRINSIC_1, intrinsic_1::SUBSCRIPT_GENERIC, loc);
            self.store_name(self.known.generic_base, loc)?;
            self.call_with(2, &def.bases, Some(self.known.generic_base), &def.keywords, loc)?;
            let code = self.finish_scope(false);
            self.make_closure(code, 0, loc);
            self.emit(Op::PUSH_NULL, loc);
            self.emit_i(Op::CALL, 0, loc);
        } else {
            self.call_with(2, &def.bases, None, &def.keywords, loc)?;
        }
        self.apply_decorators(&def.decorators);
        self.store_name(def.name, loc)
    }

    /// Pushes `__build_class__`, the function of the class body and the name.
    fn class_body(&mut self, stmt: &'a Stmt, def: &'a ClassDef, firstlineno: i32) -> Result<()> {
        let known = self.known;
        let block = self.table.lookup(BlockKey::class(stmt));
        self.enter_scope(def.name, UnitKind::Class, block, firstlineno, Some(def.name), ArgCounts::default())?;
        let loc = Location { line: firstlineno, end_line: firstlineno, column: 0, end_column: 0 };
        self.load_name(known.name, loc)?;
        self.store_name(known.module, loc)?;
        let qualname = Constant::str(&self.unit_ref().qualname);
        self.load_const(qualname, loc);
        self.store_name(known.qualname, loc)?;
        self.load_const(Constant::Int(firstlineno.into()), loc);
        self.store_name(known.firstlineno, loc)?;
        if !def.type_params.is_empty() {
            self.load_name(known.type_params, loc)?;
            self.store_name(known.dunder_type_params, loc)?;
        }
        if self.block().needs_classdict {
            self.emit(Op::LOAD_LOCALS, loc);
            let cell = self.unit_cell(known.classdict);
            self.emit_i(Op::STORE_DEREF, cell, loc);
        }
        if self.block().has_conditional_annotations {
            self.emit_i(Op::BUILD_SET, 0, loc);
            let cell = self.unit_cell(known.conditional_annotations);
            self.emit_i(Op::STORE_DEREF, cell, loc);
        }
        self.body(&def.body, loc)?;
        let attributes = std::mem::take(&mut self.unit().static_attributes);
        let attributes = attributes.iter().map(|attribute| Constant::str(attribute)).collect();
        self.load_const(Constant::Tuple(attributes), Location::NONE);
        self.store_name(known.static_attributes, Location::NONE)?;
        if self.block().needs_classdict {
            let cell = self.unit_cell(known.classdict);
            self.emit_i(Op::LOAD_CLOSURE, cell, Location::NONE);
            self.store_name(known.classdictcell, Location::NONE)?;
        }
        if self.block().needs_class_closure {
            let cell = self.unit_cell(known.class);
            self.emit_i(Op::LOAD_CLOSURE, cell, Location::NONE);
            self.emit_i(Op::COPY, 1, Location::NONE);
            self.store_name(known.classcell, Location::NONE)?;
        } else {
            self.load_none(Location::NONE);
        }
        self.emit(Op::RETURN_VALUE, Location::NONE);
        let code = self.finish_scope(true);
        let loc = stmt.loc;
        self.emit(Op::LOAD_BUILD_CLASS, loc);
        self.emit(Op::PUSH_NULL, loc);
        self.make_closure(code, 0, loc);
        self.load_const(self.name_constant(def.name), loc);
        Ok(())
    }
}
