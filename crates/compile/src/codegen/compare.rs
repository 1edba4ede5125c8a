//! Comparisons, conditional jumps, and warnings about operands that cannot be meant.

use bytecode::Constant;
use syntax::ast::*;

use super::{Compiler, Result};
use crate::op::Op;
use crate::sequence::Label;

impl<'a> Compiler<'a> {
    pub(super) fn compare(
        &mut self,
        expr: &'a Expr,
        left: &'a Expr,
        ops: &[CmpOp],
        comparators: &'a [Expr],
    ) -> Result<()> {
        let loc = expr.loc;
        self.check_compare(loc, left, ops, comparators);
        self.expr(left)?;
        let Some((last, rest)) = comparators.split_last() else { return Ok(()) };
        let last_op = ops[rest.len()];
        if rest.is_empty() {
            self.expr(last)?;
            self.emit_compare(last_op, loc);
            return Ok(());
        }
        let cleanup = self.new_label();
        for (comparator, &op) in rest.iter().zip(ops) {
            self.expr(comparator)?;
            self.emit_i(Op::SWAP, 2, loc);
            self.emit_i(Op::COPY, 2, loc);
            self.emit_compare(op, loc);
            self.emit_i(Op::COPY, 1, loc);
            self.emit(Op::TO_BOOL, loc);
            self.emit_jump(Op::POP_JUMP_IF_FALSE, cleanup, loc);
            self.emit(Op::POP_TOP, loc);
        }
        self.expr(last)?;
        self.emit_compare(last_op, loc);
        let end = self.new_label();
        self.emit_jump(Op::JUMP_NO_INTERRUPT, end, Location::NONE);
        self.place(cleanup);
        self.emit_i(Op::SWAP, 2, loc);
        self.emit(Op::POP_TOP, loc);
        self.place(end);
        Ok(())
    }

    pub(super) fn emit_compare(&mut self, op: CmpOp, loc: Location) {
        match op {
            CmpOp::Is => self.emit_i(Op::IS_OP, 0, loc),
            CmpOp::IsNot => self.emit_i(Op::IS_OP, 1, loc),
            CmpOp::In => self.emit_i(Op::CONTAINS_OP, 0, loc),
            CmpOp::NotIn => self.emit_i(Op::CONTAINS_OP, 1, loc),
            op => self.emit_i(Op::COMPARE_OP, compare_operand(op), loc),
        }
    }

    /// Jumps if the truth of an expression is `condition`.
    pub(super) fn jump_if(&mut self, expr: &'a Expr, next: Label, condition: bool, loc: Location) -> Result<()> {
        crate::with_stack(|| self.jump_if_inner(expr, next, condition, loc))
    }

    fn jump_if_inner(&mut self, expr: &'a Expr, next: Label, condition: bool, loc: Location) -> Result<()> {
        match &expr.node {
            ExprKind::UnaryOp { op: UnaryOp::Not, operand } => return self.jump_if(operand, next, !condition, loc),
            ExprKind::BoolOp { op, values } => {
                let inner_condition = *op == BoolOp::Or;
                let inner_next = if inner_condition != condition { self.new_label() } else { next };
                let Some((last, rest)) = values.split_last() else { return Ok(()) };
                for value in rest {
                    self.jump_if(value, inner_next, inner_condition, loc)?;
                }
                self.jump_if(last, next, condition, loc)?;
                if inner_next != next {
                    self.place(inner_next);
                }
                return Ok(());
            }
            ExprKind::IfExp { test, body, orelse } => {
                let end = self.new_label();
                let otherwise = self.new_label();
                self.jump_if(test, otherwise, false, loc)?;
                self.jump_if(body, next, condition, loc)?;
                self.emit_jump(Op::JUMP_NO_INTERRUPT, end, Location::NONE);
                self.place(otherwise);
                self.jump_if(orelse, next, condition, loc)?;
                self.place(end);
                return Ok(());
            }
            ExprKind::Compare { left, ops, comparators } if ops.len() > 1 => {
                return self.jump_if_chain(expr.loc, left, ops, comparators, next, condition);
            }
            _ => {}
        }
        self.expr(expr)?;
        self.emit(Op::TO_BOOL, expr.loc);
        self.emit_jump(conditional_jump(condition), next, expr.loc);
        Ok(())
    }

    /// `a < b < c` as a condition.
    fn jump_if_chain(
        &mut self,
        loc: Location,
        left: &'a Expr,
        ops: &[CmpOp],
        comparators: &'a [Expr],
        next: Label,
        condition: bool,
    ) -> Result<()> {
        self.check_compare(loc, left, ops, comparators);
        let cleanup = self.new_label();
        self.expr(left)?;
        let last = comparators.len() - 1;
        for (comparator, &op) in comparators[..last].iter().zip(ops) {
            self.expr(comparator)?;
            self.emit_i(Op::SWAP, 2, loc);
            self.emit_i(Op::COPY, 2, loc);
            self.emit_compare(op, loc);
            self.emit(Op::TO_BOOL, loc);
            self.emit_jump(Op::POP_JUMP_IF_FALSE, cleanup, loc);
        }
        self.expr(&comparators[last])?;
        self.emit_compare(ops[last], loc);
        self.emit(Op::TO_BOOL, loc);
        self.emit_jump(conditional_jump(condition), next, loc);
        let end = self.new_label();
        self.emit_jump(Op::JUMP_NO_INTERRUPT, end, Location::NONE);
        self.place(cleanup);
        self.emit(Op::POP_TOP, loc);
        if !condition {
            self.emit_jump(Op::JUMP_NO_INTERRUPT, next, Location::NONE);
        }
        self.place(end);
        Ok(())
    }

    /// Warns about `is` with a literal.
    fn check_compare(&mut self, loc: Location, left: &Expr, ops: &[CmpOp], comparators: &[Expr]) {
        let mut left = left;
        for (op, right) in ops.iter().zip(comparators) {
            let advice = match op {
                CmpOp::Is => Some(("is", "==")),
                CmpOp::IsNot => Some(("is not", "!=")),
                _ => None,
            };
            if let Some((operator, better)) = advice {
                let literal = if !may_be_identical(left) {
                    Some(left)
                } else if !may_be_identical(right) {
                    Some(right)
                } else {
                    None
                };
                if let Some(literal) = literal {
                    let kind = type_name(literal).unwrap_or("object");
                    self.warn(loc, format!("\"{operator}\" with '{kind}' literal. Did you mean \"{better}\"?"));
                    return;
                }
            }
            left = right;
        }
    }

    /// Warns about calling what is not callable.
    pub(super) fn check_caller(&mut self, func: &Expr) {
        let is_literal = !matches!(func.node, ExprKind::Lambda { .. });
        if let Some(kind) = type_name(func)
            && is_literal
        {
            self.warn(func.loc, format!("'{kind}' object is not callable; perhaps you missed a comma?"));
        }
    }

    /// Warns about indexing what has no items.
    pub(super) fn check_subscripter(&mut self, value: &Expr) {
        let suspicious = match &value.node {
            ExprKind::Constant { value, .. } => matches!(
                value,
                Constant::None
                    | Constant::Ellipsis
                    | Constant::Int(_)
                    | Constant::BigInt(_)
                    | Constant::Bool(_)
                    | Constant::Float(_)
                    | Constant::Complex { .. }
                    | Constant::FrozenSet(_)
            ),
            ExprKind::Set(_)
            | ExprKind::SetComp { .. }
            | ExprKind::GeneratorExp { .. }
            | ExprKind::TemplateStr(_)
            | ExprKind::Interpolation { .. }
            | ExprKind::Lambda { .. } => true,
            _ => false,
        };
        if let Some(kind) = type_name(value)
            && suspicious
        {
            self.warn(value.loc, format!("'{kind}' object is not subscriptable; perhaps you missed a comma?"));
        }
    }

    /// Warns about an index that is not a number.
    pub(super) fn check_index(&mut self, value: &Expr, index: &Expr) {
        let Some(index_kind) = type_name(index) else { return };
        if matches!(index_kind, "int" | "bool" | "slice") {
            return;
        }
        let is_sequence = match &value.node {
            ExprKind::Constant { value, .. } => {
                matches!(value, Constant::Str(_) | Constant::Bytes(_) | Constant::Tuple(_))
            }
            ExprKind::Tuple { .. }
            | ExprKind::List { .. }
            | ExprKind::ListComp { .. }
            | ExprKind::JoinedStr(_)
            | ExprKind::FormattedValue { .. } => true,
            _ => false,
        };
        if let Some(kind) = type_name(value)
            && is_sequence
        {
            let message =
                format!("{kind} indices must be integers or slices, not {index_kind}; perhaps you missed a comma?");
            self.warn(value.loc, message);
        }
    }
}

fn conditional_jump(condition: bool) -> Op {
    if condition { Op::POP_JUMP_IF_TRUE } else { Op::POP_JUMP_IF_FALSE }
}

/// Operator and comparison mask: bit 3 equal, bit 1 less, bit 2 greater, bit 0 unordered.
fn compare_operand(op: CmpOp) -> u32 {
    match op {
        CmpOp::Lt => 2,
        CmpOp::LtE => 1 << 5 | 10,
        CmpOp::Eq => 2 << 5 | 8,
        CmpOp::NotEq => 3 << 5 | 7,
        CmpOp::Gt => 4 << 5 | 4,
        _ => 5 << 5 | 12,
    }
}

/// Whether `is` makes sense with this operand.
fn may_be_identical(expr: &Expr) -> bool {
    match &expr.node {
        ExprKind::Tuple { elts, .. } => !elts.iter().all(|elt| elt.as_constant().is_some()),
        ExprKind::Constant { value, .. } => {
            matches!(value, Constant::None | Constant::Bool(_) | Constant::Ellipsis)
        }
        _ => true,
    }
}

/// The type that an expression certainly has.
fn type_name(expr: &Expr) -> Option<&'static str> {
    Some(match &expr.node {
        ExprKind::Tuple { .. } => "tuple",
        ExprKind::List { .. } | ExprKind::ListComp { .. } => "list",
        ExprKind::Dict { .. } | ExprKind::DictComp { .. } => "dict",
        ExprKind::Set(_) | ExprKind::SetComp { .. } => "set",
        ExprKind::GeneratorExp { .. } => "generator",
        ExprKind::Lambda { .. } => "function",
        ExprKind::TemplateStr(_) | ExprKind::Interpolation { .. } => "string.templatelib.Template",
        ExprKind::JoinedStr(_) | ExprKind::FormattedValue { .. } => "str",
        ExprKind::Constant { value, .. } => match value {
            Constant::None => "NoneType",
            Constant::Bool(_) => "bool",
            Constant::Ellipsis => "ellipsis",
            Constant::Int(_) | Constant::BigInt(_) => "int",
            Constant::Float(_) => "float",
            Constant::Complex { .. } => "complex",
            Constant::Str(_) => "str",
            Constant::Bytes(_) => "bytes",
            Constant::Tuple(_) => "tuple",
            Constant::FrozenSet(_) => "frozenset",
            Constant::Slice(_) => "slice",
            Constant::Code(_) => "code",
        },
        _ => return None,
    })
}
