//! Statements.

use bytecode::Constant;
use syntax::ast::*;

use super::expr::{inplace_operand, is_two_part_slice};
use super::names::Fetch;
use super::{Compiler, Result};
use crate::op::{NB_SUBSCR, Op, common_constant, intrinsic_1};

impl<'a> Compiler<'a> {
    pub(super) fn stmts(&mut self, body: &'a [Stmt]) -> Result<()> {
        body.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    fn stmt(&mut self, stmt: &'a Stmt) -> Result<()> {
        crate::with_stack(|| self.stmt_inner(stmt))
    }

    fn stmt_inner(&mut self, stmt: &'a Stmt) -> Result<()> {
        let loc = stmt.loc;
        match &stmt.node {
            StmtKind::FunctionDef(def) => self.function_def(def, loc),
            StmtKind::ClassDef(def) => self.class_def(stmt, def),
            StmtKind::TypeAlias { name, type_params, value } => self.type_alias(stmt, name, type_params, value),
            StmtKind::Return(value) => self.return_stmt(value.as_deref(), loc),
            StmtKind::Delete(targets) => self.exprs(targets),
            StmtKind::Assign { targets, value } => {
                self.expr(value)?;
                for (i, target) in targets.iter().enumerate() {
                    if i + 1 < targets.len() {
                        self.emit_i(Op::COPY, 1, loc);
                    }
                    self.expr(target)?;
                }
                Ok(())
            }
            StmtKind::AugAssign { target, op, value } => self.aug_assign(target, *op, value, loc),
            StmtKind::AnnAssign { target, annotation, value, simple } => {
                self.ann_assign(stmt, target, annotation, value.as_deref(), *simple)
            }
            StmtKind::For(node) => self
                .conditional(|this| if node.is_async { this.async_for(node, loc) } else { this.for_stmt(node, loc) }),
            StmtKind::While { test, body, orelse } => self.conditional(|this| this.while_stmt(test, body, orelse, loc)),
            StmtKind::If { test, body, orelse } => self.conditional(|this| this.if_stmt(test, body, orelse, loc)),
            StmtKind::With { items, body, is_async } => self.conditional(|this| this.with_stmt(items, body, *is_async)),
            StmtKind::Match { subject, cases } => self.conditional(|this| this.match_stmt(subject, cases)),
            StmtKind::Raise { exc, cause } => {
                let mut n = 0;
                if let Some(exc) = exc {
                    self.expr(exc)?;
                    n += 1;
                    if let Some(cause) = cause {
                        self.expr(cause)?;
                        n += 1;
                    }
                }
                self.emit_i(Op::RAISE_VARARGS, n, loc);
                Ok(())
            }
            StmtKind::Try(node) => self.conditional(|this| this.try_stmt(node, loc)),
            StmtKind::Assert { test, msg } => self.assert_stmt(test, msg.as_deref(), loc),
            StmtKind::Import(names) => self.import(names, loc),
            StmtKind::ImportFrom { module, names, level } => self.import_from(*module, names, *level, loc),
            StmtKind::Global(_) | StmtKind::Nonlocal(_) => Ok(()),
            StmtKind::Expr(value) => self.expr_stmt(value, loc),
            StmtKind::Pass => {
                self.emit(Op::NOP, loc);
                Ok(())
            }
            StmtKind::Break => self.break_stmt(loc),
            StmtKind::Continue => self.continue_stmt(loc),
        }
    }

    /// Statements that may or may not be run: annotations in them are conditional.
    fn conditional(&mut self, generate: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.unit().conditional_depth += 1;
        generate(self)?;
        self.unit().conditional_depth -= 1;
        Ok(())
    }

    fn expr_stmt(&mut self, value: &'a Expr, loc: Location) -> Result<()> {
        if self.is_interactive_top_level() {
            self.expr(value)?;
            self.emit_i(Op::CALL_INTRINSIC_1, intrinsic_1::PRINT, loc);
            self.emit(Op::POP_TOP, Location::NONE);
        } else if value.as_constant().is_some() {
            self.emit(Op::NOP, loc);
        } else {
            self.expr(value)?;
            self.emit(Op::POP_TOP, Location::NONE);
        }
        Ok(())
    }

    fn if_stmt(&mut self, test: &'a Expr, body: &'a [Stmt], orelse: &'a [Stmt], loc: Location) -> Result<()> {
        let end = self.new_label();
        let next = if orelse.is_empty() { end } else { self.new_label() };
        self.jump_if(test, next, false, loc)?;
        self.stmts(body)?;
        if !orelse.is_empty() {
            self.emit_jump(Op::JUMP_NO_INTERRUPT, end, Location::NONE);
            self.place(next);
            self.stmts(orelse)?;
        }
        self.place(end);
        Ok(())
    }

    fn return_stmt(&mut self, value: Option<&'a Expr>, stmt_loc: Location) -> Result<()> {
        let mut loc = stmt_loc;
        let block = self.block();
        if !block.is_function_like() {
            return self.error(loc, "'return' outside function");
        }
        if value.is_some() && block.coroutine && block.generator {
            return self.error(loc, "'return' with value in async generator");
        }
        let constant = value.and_then(Expr::as_constant);
        let preserve_tos = value.is_some() && constant.is_none();
        if let Some(value) = value {
            if preserve_tos {
                self.expr(value)?;
            } else {
                loc = value.loc;
                self.emit(Op::NOP, loc);
            }
        }
        if value.is_none_or(|value| value.loc.line != stmt_loc.line) {
            loc = stmt_loc;
            self.emit(Op::NOP, loc);
        }
        self.unwind_all(&mut loc, preserve_tos)?;
        match constant {
            Some(constant) => self.load_const(constant.clone(), loc),
            None if value.is_none() => self.load_none(loc),
            None => {}
        }
        self.emit(Op::RETURN_VALUE, loc);
        Ok(())
    }

    fn assert_stmt(&mut self, test: &'a Expr, msg: Option<&'a Expr>, loc: Location) -> Result<()> {
        let is_tuple = match &test.node {
            ExprKind::Tuple { elts, .. } => !elts.is_empty(),
            ExprKind::Constant { value: Constant::Tuple(items), .. } => !items.is_empty(),
            _ => false,
        };
        if is_tuple {
            self.warn(loc, "assertion is always true, perhaps remove parentheses?");
        }
        if self.context.optimize > 0 {
            return Ok(());
        }
        let end = self.new_label();
        self.jump_if(test, end, true, loc)?;
        self.emit_i(Op::LOAD_COMMON_CONSTANT, common_constant::ASSERTION_ERROR, loc);
        if let Some(msg) = msg {
            self.expr(msg)?;
            self.emit_i(Op::CALL, 0, loc);
        }
        self.emit_i(Op::RAISE_VARARGS, 1, test.loc);
        self.place(end);
        Ok(())
    }

    fn aug_assign(&mut self, target: &'a Expr, op: Operator, value: &'a Expr, stmt_loc: Location) -> Result<()> {
        let loc = target.loc;
        match &target.node {
            ExprKind::Attribute { value: object, attr, .. } => {
                self.expr(object)?;
                self.emit_i(Op::COPY, 1, loc);
                let loc = self.start_at_attribute(loc, target, *attr);
                self.emit_fetch(Fetch::Attr, *attr, loc);
            }
            ExprKind::Subscript { value: object, slice, .. } => {
                self.expr(object)?;
                if is_two_part_slice(slice) {
                    self.slice_bounds(slice)?;
                    (0..3).for_each(|_| self.emit_i(Op::COPY, 3, loc));
                    self.emit(Op::BINARY_SLICE, loc);
                } else {
                    self.expr(slice)?;
                    (0..2).for_each(|_| self.emit_i(Op::COPY, 2, loc));
                    self.emit_i(Op::BINARY_OP, NB_SUBSCR, loc);
                }
            }
            ExprKind::Name { id, .. } => self.load_name(*id, loc)?,
            _ => return self.error(loc, "invalid target for augmented assignment"),
        }
        self.expr(value)?;
        self.emit_i(Op::BINARY_OP, inplace_operand(op), stmt_loc);
        match &target.node {
            ExprKind::Attribute { attr, .. } => {
                let loc = self.start_at_attribute(loc, target, *attr);
                self.emit_i(Op::SWAP, 2, loc);
                self.emit_name(Op::STORE_ATTR, *attr, loc);
            }
            ExprKind::Subscript { slice, .. } if is_two_part_slice(slice) => {
                (2..=4).rev().for_each(|n| self.emit_i(Op::SWAP, n, loc));
                self.emit(Op::STORE_SLICE, loc);
            }
            ExprKind::Subscript { .. } => {
                (2..=3).rev().for_each(|n| self.emit_i(Op::SWAP, n, loc));
                self.emit(Op::STORE_SUBSCR, loc);
            }
            ExprKind::Name { id, .. } => self.store_name(*id, loc)?,
            _ => {}
        }
        Ok(())
    }
}
