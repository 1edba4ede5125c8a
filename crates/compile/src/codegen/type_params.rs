//! Type parameters and type aliases (PEP 695, PEP 696).

use bytecode::Constant;
use syntax::ast::*;

use super::function::attribute;
use super::{Compiler, Result};
use crate::op::{Op, intrinsic_1, intrinsic_2};
use crate::symtable::BlockKey;
use crate::unit::{ArgCounts, UnitKind};

impl<'a> Compiler<'a> {
    /// The name of the code object that makes something's type parameters.
    pub(super) fn generic_parameters_name(&mut self, name: Name) -> Name {
        let text = format!("<generic parameters of {}>", self.names.text(name));
        self.names.intern(&text)
    }

    /// Makes the parameters, binds them and pushes a tuple of them.
    pub(super) fn type_params(&mut self, params: &'a [TypeParam]) -> Result<()> {
        let mut seen_default = false;
        for param in params {
            let loc = param.loc;
            self.load_const(self.name_constant(param.name), loc);
            match &param.kind {
                TypeParamKind::TypeVar { bound: Some(bound) } => {
                    self.bound_or_default(bound, param.name, BlockKey::bound(param), false)?;
                    let intrinsic = match bound.node {
                        ExprKind::Tuple { .. } => intrinsic_2::TYPEVAR_WITH_CONSTRAINTS,
                        _ => intrinsic_2::TYPEVAR_WITH_BOUND,
                    };
                    self.emit_i(Op::CALL_INTRINSIC_2, intrinsic, loc);
                }
                TypeParamKind::TypeVar { bound: None } => {
                    self.emit_i(Op::CALL_INTRINSIC_1, intrinsic_1::TYPEVAR, loc);
                }
                TypeParamKind::TypeVarTuple => self.emit_i(Op::CALL_INTRINSIC_1, intrinsic_1::TYPEVARTUPLE, loc),
                TypeParamKind::ParamSpec => self.emit_i(Op::CALL_INTRINSIC_1, intrinsic_1::PARAMSPEC, loc),
            }
            match &param.default {
                Some(default) => {
                    seen_default = true;
                    let allow_starred = matches!(param.kind, TypeParamKind::TypeVarTuple);
                    self.bound_or_default(default, param.name, BlockKey::default(param), allow_starred)?;
                    self.emit_i(Op::CALL_INTRINSIC_2, intrinsic_2::SET_TYPEPARAM_DEFAULT, loc);
                }
                None if seen_default => {
                    let name = self.names.text(param.name);
                    let message = format!("non-default type parameter '{name}' follows default type parameter");
                    return self.error(loc, message);
                }
                None => {}
            }
            self.emit_i(Op::COPY, 1, loc);
            self.store_name(param.name, loc)?;
        }
        if let Some(first) = params.first() {
            self.emit_i(Op::BUILD_TUPLE, params.len() as u32, first.loc);
        }
        Ok(())
    }

    /// A function that evaluates a bound or default.
    fn bound_or_default(&mut self, expr: &'a Expr, name: Name, key: BlockKey, allow_starred: bool) -> Result<()> {
        let loc = expr.loc;
        self.load_const(Constant::Tuple(vec![Constant::Int(1)]), loc);
        let block = self.table.lookup(key);
        self.enter_annotations_scope(name, block, loc)?;
        match &expr.node {
            ExprKind::Starred { value, .. } if allow_starred => {
                self.expr(value)?;
                self.emit_i(Op::UNPACK_SEQUENCE, 1, loc);
            }
            _ => self.expr(expr)?,
        }
        self.emit(Op::RETURN_VALUE, loc);
        let code = self.finish_scope(true);
        self.make_closure(code, attribute::DEFAULTS, loc);
        Ok(())
    }

    pub(super) fn type_alias(
        &mut self,
        stmt: &'a Stmt,
        name: &Expr,
        type_params: &'a [TypeParam],
        value: &'a Expr,
    ) -> Result<()> {
        let loc = stmt.loc;
        let ExprKind::Name { id, .. } = name.node else {
            return self.error(name.loc, "invalid target for type alias");
        };
        let generic = !type_params.is_empty();
        if generic {
            let block = self.table.lookup(BlockKey::type_alias_type_params(stmt));
            let scope_name = self.generic_parameters_name(id);
            self.enter_scope(scope_name, UnitKind::Annotations, block, loc.line, None, ArgCounts::default())?;
            self.load_const(self.name_constant(id), loc);
            self.type_params(type_params)?;
        } else {
            self.load_const(self.name_constant(id), loc);
            self.load_none(loc);
        }
        self.load_const(Constant::Tuple(vec![Constant::Int(1)]), loc);
        let block = self.table.lookup(BlockKey::type_alias(stmt));
        self.enter_annotations_scope(id, block, loc)?;
        self.expr(value)?;
        self.emit(Op::RETURN_VALUE, loc);
        let code = self.finish_scope(false);
        self.make_closure(code, attribute::DEFAULTS, loc);
        self.emit_i(Op::BUILD_TUPLE, 3, loc);
        self.emit_i(Op::CALL_INTRINSIC_1, intrinsic_1::TYPEALIAS, loc);
        if generic {
            let code = self.finish_scope(false);
            self.make_closure(code, 0, loc);
            self.emit(Op::PUSH_NULL, loc);
            self.emit_i(Op::CALL, 0, loc);
        }
        self.store_name(id, loc)
    }
}
