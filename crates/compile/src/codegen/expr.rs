//! Expressions.

use bytecode::Constant;
use syntax::ast::*;

use super::names::Fetch;
use super::{Compiler, Result, STACK_USE_GUIDELINE};
use crate::op::{NB_INPLACE, NB_SUBSCR, Op, intrinsic_1};
use crate::unit::UnitKind;

/// Which instructions build a list, tuple or set.
#[derive(Clone, Copy)]
pub(super) struct Build {
    pub build: Op,
    pub add: Op,
    pub extend: Op,
    pub is_tuple: bool,
}

impl Build {
    pub const LIST: Build =
        Build { build: Op::BUILD_LIST, add: Op::LIST_APPEND, extend: Op::LIST_EXTEND, is_tuple: false };
    pub const TUPLE: Build = Build { is_tuple: true, ..Build::LIST };
    const SET: Build = Build { build: Op::BUILD_SET, add: Op::SET_ADD, extend: Op::SET_UPDATE, is_tuple: false };
}

impl<'a> Compiler<'a> {
    pub(super) fn exprs(&mut self, exprs: &'a [Expr]) -> Result<()> {
        exprs.iter().try_for_each(|expr| self.expr(expr))
    }

    pub(super) fn expr(&mut self, expr: &'a Expr) -> Result<()> {
        match &expr.node {
            ExprKind::Constant { value, .. } => {
                self.load_const(value.clone(), expr.loc);
                Ok(())
            }
            ExprKind::Name { id, ctx } => self.name_op(*id, *ctx, expr.loc),
            _ => crate::with_stack(|| self.compound(expr)),
        }
    }

    fn compound(&mut self, expr: &'a Expr) -> Result<()> {
        let loc = expr.loc;
        match &expr.node {
            ExprKind::NamedExpr { target, value } => {
                self.expr(value)?;
                self.emit_i(Op::COPY, 1, loc);
                self.expr(target)
            }
            ExprKind::BoolOp { op, values } => self.bool_op(*op, values, loc),
            ExprKind::BinOp { left, op, right } => {
                self.expr(left)?;
                self.expr(right)?;
                self.emit_i(Op::BINARY_OP, binary_operand(*op), loc);
                Ok(())
            }
            ExprKind::UnaryOp { op, operand } => {
                self.expr(operand)?;
                match op {
                    UnaryOp::UAdd => self.emit_i(Op::CALL_INTRINSIC_1, intrinsic_1::UNARY_POSITIVE, loc),
                    UnaryOp::Not => {
                        self.emit(Op::TO_BOOL, loc);
                        self.emit(Op::UNARY_NOT, loc);
                    }
                    UnaryOp::Invert => self.emit(Op::UNARY_INVERT, loc),
                    UnaryOp::USub => self.emit(Op::UNARY_NEGATIVE, loc),
                }
                Ok(())
            }
            ExprKind::Lambda { args, body } => self.lambda(expr, args, body),
            ExprKind::IfExp { test, body, orelse } => {
                let end = self.new_label();
                let next = self.new_label();
                self.jump_if(test, next, false, loc)?;
                self.expr(body)?;
                self.emit_jump(Op::JUMP_NO_INTERRUPT, end, Location::NONE);
                self.place(next);
                self.expr(orelse)?;
                self.place(end);
                Ok(())
            }
            ExprKind::Dict { keys, values } => self.dict(keys, values, loc),
            ExprKind::Set(elts) => self.build_from(elts, None, 0, Build::SET, loc),
            ExprKind::ListComp { .. }
            | ExprKind::SetComp { .. }
            | ExprKind::DictComp { .. }
            | ExprKind::GeneratorExp { .. } => self.comprehension(expr),
            ExprKind::Yield(value) => {
                if !self.block().is_function_like() {
                    return self.error(loc, "'yield' outside function");
                }
                match value {
                    Some(value) => self.expr(value)?,
                    None => self.load_none(loc),
                }
                self.emit_yield(loc);
                Ok(())
            }
            ExprKind::YieldFrom(value) => {
                if !self.block().is_function_like() {
                    return self.error(loc, "'yield from' outside function");
                }
                if self.unit_ref().kind == UnitKind::AsyncFunction {
                    return self.error(loc, "'yield from' inside async function");
                }
                self.expr(value)?;
                self.emit(Op::GET_YIELD_FROM_ITER, loc);
                self.load_none(loc);
                self.emit_yield_from(false, loc);
                Ok(())
            }
            ExprKind::Await(value) => {
                self.expr(value)?;
                self.emit_await(0, loc);
                Ok(())
            }
            ExprKind::Compare { left, ops, comparators } => self.compare(expr, left, ops, comparators),
            ExprKind::Call { func, args, keywords } => self.call(expr, func, args, keywords),
            ExprKind::Constant { value, .. } => {
                self.load_const(value.clone(), loc);
                Ok(())
            }
            ExprKind::JoinedStr(values) => self.joined_str(values, loc),
            ExprKind::TemplateStr(values) => self.template_str(values, loc),
            ExprKind::FormattedValue { value, conversion, format_spec } => {
                self.formatted_value(value, *conversion, format_spec.as_deref(), loc)
            }
            ExprKind::Interpolation { value, text, conversion, format_spec } => {
                self.interpolation(value, text, *conversion, format_spec.as_deref(), loc)
            }
            ExprKind::Attribute { value, attr, ctx } => self.attribute(expr, value, *attr, *ctx),
            ExprKind::Subscript { value, slice, ctx } => self.subscript(value, slice, *ctx, loc),
            ExprKind::Starred { ctx: ExprContext::Store, .. } => {
                self.error(loc, "starred assignment target must be in a list or tuple")
            }
            ExprKind::Starred { .. } => self.error(loc, "can't use starred expression here"),
            ExprKind::Slice { lower, upper, step } => self.slice(expr, lower, upper, step),
            ExprKind::Name { id, ctx } => self.name_op(*id, *ctx, loc),
            ExprKind::List { elts, ctx } => self.sequence(elts, *ctx, Build::LIST, loc),
            ExprKind::Tuple { elts, ctx } => self.sequence(elts, *ctx, Build::TUPLE, loc),
        }
    }

    fn bool_op(&mut self, op: BoolOp, values: &'a [Expr], loc: Location) -> Result<()> {
        let jump = match op {
            BoolOp::And => Op::JUMP_IF_FALSE,
            BoolOp::Or => Op::JUMP_IF_TRUE,
        };
        let end = self.new_label();
        let Some((last, rest)) = values.split_last() else { return Ok(()) };
        for value in rest {
            self.expr(value)?;
            self.emit_jump(jump, end, loc);
            self.emit(Op::POP_TOP, loc);
        }
        self.expr(last)?;
        self.place(end);
        Ok(())
    }

    fn sequence(&mut self, elts: &'a [Expr], ctx: ExprContext, build: Build, loc: Location) -> Result<()> {
        match ctx {
            ExprContext::Store => self.unpack_to(elts, loc),
            ExprContext::Load => self.build_from(elts, None, 0, build, loc),
            ExprContext::Del => self.exprs(elts),
        }
    }

    /// Builds a collection of `n_pushed` values already on the stack, `elts` and perhaps one more name.
    pub(super) fn build_from(
        &mut self,
        elts: &'a [Expr],
        injected: Option<Name>,
        n_pushed: u32,
        with: Build,
        loc: Location,
    ) -> Result<()> {
        let n_injected = usize::from(injected.is_some());
        let big = elts.len() + n_pushed as usize + n_injected > STACK_USE_GUIDELINE;
        if !big && !elts.iter().any(Expr::is_starred) {
            self.exprs(elts)?;
            if let Some(name) = injected {
                self.load_name(name, loc)?;
            }
            let n = elts.len() as u32 + n_injected as u32 + n_pushed;
            self.emit_i(if with.is_tuple { Op::BUILD_TUPLE } else { with.build }, n, loc);
            return Ok(());
        }
        let mut built = false;
        if big {
            self.emit_i(with.build, n_pushed, loc);
            built = true;
        }
        for (i, elt) in elts.iter().enumerate() {
            if let ExprKind::Starred { value, .. } = &elt.node {
                if !built {
                    self.emit_i(with.build, i as u32 + n_pushed, loc);
                    built = true;
                }
                self.expr(value)?;
                self.emit_i(with.extend, 1, loc);
            } else {
                self.expr(elt)?;
                if built {
                    self.emit_i(with.add, 1, loc);
                }
            }
        }
        if let Some(name) = injected {
            self.load_name(name, loc)?;
            self.emit_i(with.add, 1, loc);
        }
        if with.is_tuple {
            self.emit_i(Op::CALL_INTRINSIC_1, intrinsic_1::LIST_TO_TUPLE, loc);
        }
        Ok(())
    }

    /// Assigns the value on the stack to a list of targets.
    fn unpack_to(&mut self, elts: &'a [Expr], loc: Location) -> Result<()> {
        let n = elts.len();
        let mut seen_star = false;
        for (i, elt) in elts.iter().enumerate() {
            if !elt.is_starred() {
                continue;
            }
            if seen_star {
                return self.error(loc, "multiple starred expressions in assignment");
            }
            if i >= 1 << 8 || n - i > (i32::MAX >> 8) as usize {
                return self.error(loc, "too many expressions in star-unpacking assignment");
            }
            self.emit_i(Op::UNPACK_EX, (i + ((n - i - 1) << 8)) as u32, loc);
            seen_star = true;
        }
        if !seen_star {
            self.emit_i(Op::UNPACK_SEQUENCE, n as u32, loc);
        }
        for elt in elts {
            match &elt.node {
                ExprKind::Starred { value, .. } => self.expr(value)?,
                _ => self.expr(elt)?,
            }
        }
        Ok(())
    }

    fn dict_part(&mut self, keys: &'a [Option<Expr>], values: &'a [Expr], loc: Location) -> Result<()> {
        let big = values.len() * 2 > STACK_USE_GUIDELINE;
        if big {
            self.emit_i(Op::BUILD_MAP, 0, loc);
        }
        for (key, value) in keys.iter().flatten().zip(values) {
            self.expr(key)?;
            self.expr(value)?;
            if big {
                self.emit_i(Op::MAP_ADD, 1, loc);
            }
        }
        if !big {
            self.emit_i(Op::BUILD_MAP, values.len() as u32, loc);
        }
        Ok(())
    }

    /// A dict of some items, merged into the one below it if there is one.
    fn flush_dict(
        &mut self,
        keys: &'a [Option<Expr>],
        values: &'a [Expr],
        have_dict: bool,
        loc: Location,
    ) -> Result<()> {
        self.dict_part(keys, values, loc)?;
        if have_dict {
            self.emit_i(Op::DICT_UPDATE, 1, loc);
        }
        Ok(())
    }

    fn dict(&mut self, keys: &'a [Option<Expr>], values: &'a [Expr], loc: Location) -> Result<()> {
        let n = values.len();
        let mut have_dict = false;
        let mut n_pending = 0;
        for i in 0..n {
            if keys[i].is_none() {
                if n_pending > 0 {
                    self.flush_dict(&keys[i - n_pending..i], &values[i - n_pending..i], have_dict, loc)?;
                    have_dict = true;
                    n_pending = 0;
                }
                if !have_dict {
                    self.emit_i(Op::BUILD_MAP, 0, loc);
                    have_dict = true;
                }
                self.expr(&values[i])?;
                self.emit_i(Op::DICT_UPDATE, 1, loc);
            } else if n_pending * 2 > STACK_USE_GUIDELINE {
                self.flush_dict(&keys[i - n_pending..=i], &values[i - n_pending..=i], have_dict, loc)?;
                have_dict = true;
                n_pending = 0;
            } else {
                n_pending += 1;
            }
        }
        if n_pending > 0 {
            self.flush_dict(&keys[n - n_pending..], &values[n - n_pending..], have_dict, loc)?;
            have_dict = true;
        }
        if !have_dict {
            self.emit_i(Op::BUILD_MAP, 0, loc);
        }
        Ok(())
    }

    fn attribute(&mut self, expr: &'a Expr, value: &'a Expr, attr: Name, ctx: ExprContext) -> Result<()> {
        let loc = expr.loc;
        if ctx == ExprContext::Load && self.can_optimize_super_call(value, attr) {
            self.load_super_args(value)?;
            let fetch = if super::super_call::has_args(value) { Fetch::SuperAttr } else { Fetch::ZeroSuperAttr };
            self.emit_fetch(fetch, attr, loc);
            let loc = self.start_at_attribute(loc, expr, attr);
            self.emit(Op::NOP, loc);
            return Ok(());
        }
        if ctx == ExprContext::Store {
            self.note_static_attribute(value, attr);
        }
        self.expr(value)?;
        let loc = self.start_at_attribute(loc, expr, attr);
        match ctx {
            ExprContext::Load => self.emit_fetch(Fetch::Attr, attr, loc),
            ExprContext::Store => self.emit_name(Op::STORE_ATTR, attr, loc),
            ExprContext::Del => self.emit_name(Op::DELETE_ATTR, attr, loc),
        }
        Ok(())
    }

    /// `self.attr = ...` in a method is listed in the class's `__static_attributes__`.
    fn note_static_attribute(&mut self, value: &Expr, attr: Name) {
        if !matches!(value.node, ExprKind::Name { id, .. } if id == self.known.self_) {
            return;
        }
        let text = self.names.text(attr);
        let outer = self.units.len() - 1;
        if let Some(class) = self.units[..outer].iter_mut().rev().find(|unit| unit.kind == UnitKind::Class)
            && !class.static_attributes.contains(text)
        {
            class.static_attributes.insert(text.to_owned());
        }
    }

    /// For an attribute on another line than its object, the position of its name.
    pub(super) fn start_at_attribute(&self, mut loc: Location, attribute: &Expr, attr: Name) -> Location {
        if loc.line == attribute.loc.end_line {
            return loc;
        }
        loc.line = attribute.loc.end_line;
        let len = self.names.text(attr).chars().count() as i32;
        if len <= attribute.loc.end_column {
            loc.column = attribute.loc.end_column - len;
        } else {
            loc.column = -1;
            loc.end_column = -1;
        }
        loc.end_line = loc.line.max(loc.end_line);
        if loc.line == loc.end_line {
            loc.end_column = loc.column.max(loc.end_column);
        }
        loc
    }

    fn subscript(&mut self, value: &'a Expr, slice: &'a Expr, ctx: ExprContext, loc: Location) -> Result<()> {
        if ctx == ExprContext::Load {
            self.check_subscripter(value);
            self.check_index(value, slice);
        }
        self.expr(value)?;
        if ctx != ExprContext::Del && is_two_part_slice(slice) {
            self.slice_bounds(slice)?;
            self.emit(if ctx == ExprContext::Load { Op::BINARY_SLICE } else { Op::STORE_SLICE }, loc);
            return Ok(());
        }
        self.expr(slice)?;
        match ctx {
            ExprContext::Load => self.emit_i(Op::BINARY_OP, NB_SUBSCR, loc),
            ExprContext::Store => self.emit(Op::STORE_SUBSCR, loc),
            ExprContext::Del => self.emit(Op::DELETE_SUBSCR, loc),
        }
        Ok(())
    }

    /// Pushes the lower and upper bound of a slice.
    pub(super) fn slice_bounds(&mut self, slice: &'a Expr) -> Result<()> {
        let ExprKind::Slice { lower, upper, .. } = &slice.node else { return Ok(()) };
        for bound in [lower, upper] {
            match bound {
                Some(bound) => self.expr(bound)?,
                None => self.load_none(slice.loc),
            }
        }
        Ok(())
    }

    fn slice(
        &mut self,
        slice: &'a Expr,
        lower: &'a Option<Box<Expr>>,
        upper: &'a Option<Box<Expr>>,
        step: &'a Option<Box<Expr>>,
    ) -> Result<()> {
        if is_constant_slice(slice) {
            let part = |part: &Option<Box<Expr>>| {
                part.as_ref().and_then(|part| part.as_constant()).cloned().unwrap_or(Constant::None)
            };
            let parts = Box::new([part(lower), part(upper), part(step)]);
            self.load_const(Constant::Slice(parts), slice.loc);
            return Ok(());
        }
        self.slice_bounds(slice)?;
        let mut n = 2;
        if let Some(step) = step {
            self.expr(step)?;
            n = 3;
        }
        self.emit_i(Op::BUILD_SLICE, n, slice.loc);
        Ok(())
    }

    // Suspension

    pub(super) fn emit_yield(&mut self, loc: Location) {
        if self.block().generator && self.block().coroutine {
            self.emit_i(Op::CALL_INTRINSIC_1, intrinsic_1::ASYNC_GEN_WRAP, loc);
        }
        self.emit_i(Op::YIELD_VALUE, 0, loc);
        self.emit_i(Op::RESUME, crate::op::resume::AFTER_YIELD, loc);
    }

    /// Awaits the value on the stack; `how` tells errors in `async with` apart.
    pub(super) fn emit_await(&mut self, how: u32, loc: Location) {
        self.emit_i(Op::GET_AWAITABLE, how, loc);
        self.load_none(loc);
        self.emit_yield_from(true, loc);
    }

    /// Sends values to the iterator on the stack until it returns one.
    pub(super) fn emit_yield_from(&mut self, is_await: bool, loc: Location) {
        let send = self.new_label();
        let fail = self.new_label();
        let exit = self.new_label();
        self.place(send);
        self.emit_jump(Op::SEND, exit, loc);
        // Raised in `YIELD_VALUE` only by close() and throw(): a StopIteration then ends the iterator too.
        self.emit_jump(Op::SETUP_FINALLY, fail, loc);
        self.emit_i(Op::YIELD_VALUE, 1, loc);
        self.emit(Op::POP_BLOCK, Location::NONE);
        let kind = if is_await { crate::op::resume::AFTER_AWAIT } else { crate::op::resume::AFTER_YIELD_FROM };
        self.emit_i(Op::RESUME, kind, loc);
        self.emit_jump(Op::JUMP_NO_INTERRUPT, send, loc);
        self.place(fail);
        self.emit(Op::CLEANUP_THROW, loc);
        self.place(exit);
        self.emit(Op::END_SEND, loc);
    }
}

fn is_constant_slice(slice: &Expr) -> bool {
    let constant = |part: &Option<Box<Expr>>| part.as_ref().is_none_or(|part| part.as_constant().is_some());
    match &slice.node {
        ExprKind::Slice { lower, upper, step } => constant(lower) && constant(upper) && constant(step),
        _ => false,
    }
}

/// Whether `BINARY_SLICE` and `STORE_SLICE` serve.
pub(super) fn is_two_part_slice(slice: &Expr) -> bool {
    matches!(slice.node, ExprKind::Slice { step: None, .. }) && !is_constant_slice(slice)
}

/// Operand of `BINARY_OP`.
pub(super) fn binary_operand(op: Operator) -> u32 {
    match op {
        Operator::Add => 0,
        Operator::BitAnd => 1,
        Operator::FloorDiv => 2,
        Operator::LShift => 3,
        Operator::MatMult => 4,
        Operator::Mult => 5,
        Operator::Mod => 6,
        Operator::BitOr => 7,
        Operator::Pow => 8,
        Operator::RShift => 9,
        Operator::Sub => 10,
        Operator::Div => 11,
        Operator::BitXor => 12,
    }
}

pub(super) fn inplace_operand(op: Operator) -> u32 {
    binary_operand(op) + NB_INPLACE
}
