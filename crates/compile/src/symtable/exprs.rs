//! The first pass over expressions.

use syntax::ast::*;

use super::build::Builder;
use super::{BlockKey, BlockKind, Comprehension as Kind, Flags, Result};

impl Builder<'_> {
    pub(super) fn exprs(&mut self, exprs: &[Expr]) -> Result<()> {
        exprs.iter().try_for_each(|expr| self.expr(expr))
    }

    pub(super) fn opt_expr(&mut self, expr: &Option<Box<Expr>>) -> Result<()> {
        expr.as_deref().map_or(Ok(()), |expr| self.expr(expr))
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Result<()> {
        match &expr.node {
            ExprKind::Constant { .. } => Ok(()),
            ExprKind::Name { id, ctx } => self.name(*id, *ctx, expr.loc),
            _ => crate::with_stack(|| self.compound(expr)),
        }
    }

    fn name(&mut self, id: Name, ctx: ExprContext, loc: Location) -> Result<()> {
        if self.cur().in_unevaluated_annotation {
            return Ok(());
        }
        self.add_name(id, ctx, loc)?;
        // `super` counts as a use of `__class__`.
        let known = self.table.known;
        if ctx == ExprContext::Load && id == known.super_ && self.cur().is_function_like() {
            self.add_def(known.class, Flags::USE, loc)?;
        }
        Ok(())
    }

    fn compound(&mut self, expr: &Expr) -> Result<()> {
        let loc = expr.loc;
        match &expr.node {
            ExprKind::NamedExpr { target, value } => {
                self.forbid_in_annotation("named expression", loc)?;
                self.named_expr(target, value, loc)
            }
            ExprKind::BoolOp { values, .. } => self.exprs(values),
            ExprKind::BinOp { left, right, .. } => {
                self.expr(left)?;
                self.expr(right)
            }
            ExprKind::UnaryOp { operand, .. } => self.expr(operand),
            ExprKind::Lambda { args, body } => {
                self.defaults(args)?;
                self.enter_block(BlockKind::Function, Some(BlockKey::expr(expr)), loc)?;
                self.arguments(args)?;
                self.expr(body)?;
                self.exit_block();
                Ok(())
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.expr(test)?;
                self.expr(body)?;
                self.expr(orelse)
            }
            ExprKind::Dict { keys, values } => {
                keys.iter().flatten().try_for_each(|key| self.expr(key))?;
                self.exprs(values)
            }
            ExprKind::Set(elts) | ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => self.exprs(elts),
            ExprKind::ListComp { elt, generators } => self.comprehension(expr, Kind::List, generators, elt, None),
            ExprKind::SetComp { elt, generators } => self.comprehension(expr, Kind::Set, generators, elt, None),
            ExprKind::GeneratorExp { elt, generators } => {
                self.comprehension(expr, Kind::Generator, generators, elt, None)
            }
            ExprKind::DictComp { key, value, generators } => {
                self.comprehension(expr, Kind::Dict, generators, key, Some(value))
            }
            ExprKind::Yield(value) => {
                self.forbid_in_annotation("yield expression", loc)?;
                self.opt_expr(value)?;
                self.yielded(loc)
            }
            ExprKind::YieldFrom(value) => {
                self.forbid_in_annotation("yield expression", loc)?;
                self.expr(value)?;
                self.yielded(loc)
            }
            ExprKind::Await(value) => self.await_expr(value, loc),
            ExprKind::Compare { left, comparators, .. } => {
                self.expr(left)?;
                self.exprs(comparators)
            }
            ExprKind::Call { func, args, keywords } => {
                self.expr(func)?;
                self.exprs(args)?;
                self.check_keywords(keywords)?;
                keywords.iter().try_for_each(|keyword| self.expr(&keyword.value))
            }
            ExprKind::FormattedValue { value, format_spec, .. }
            | ExprKind::Interpolation { value, format_spec, .. } => {
                self.expr(value)?;
                self.opt_expr(format_spec)
            }
            ExprKind::JoinedStr(values) | ExprKind::TemplateStr(values) => self.exprs(values),
            ExprKind::Constant { .. } => Ok(()),
            ExprKind::Attribute { value, attr, ctx } => {
                self.check_attribute(*attr, *ctx, loc)?;
                self.expr(value)
            }
            ExprKind::Subscript { value, slice, .. } => {
                self.expr(value)?;
                self.expr(slice)
            }
            ExprKind::Starred { value, .. } => self.expr(value),
            ExprKind::Slice { lower, upper, step } => {
                self.opt_expr(lower)?;
                self.opt_expr(upper)?;
                self.opt_expr(step)
            }
            ExprKind::Name { id, ctx } => self.name(*id, *ctx, loc),
        }
    }

    fn yielded(&mut self, loc: Location) -> Result<()> {
        let block = self.cur();
        block.generator = true;
        let message = match block.comprehension {
            None => return Ok(()),
            Some(Kind::List) => "'yield' inside list comprehension",
            Some(Kind::Set) => "'yield' inside set comprehension",
            Some(Kind::Dict) => "'yield' inside dict comprehension",
            Some(Kind::Generator) => "'yield' inside generator expression",
        };
        self.error(loc, message)
    }

    fn is_async_def(&mut self) -> bool {
        let block = self.cur();
        block.kind == BlockKind::Function && block.coroutine
    }

    fn await_expr(&mut self, value: &Expr, loc: Location) -> Result<()> {
        self.forbid_in_annotation("await expression", loc)?;
        if !self.allows_top_level_await() {
            if !self.cur().is_function_like() {
                return self.error(loc, "'await' outside function");
            }
            if !self.is_async_def() && self.cur().comprehension.is_none() {
                return self.error(loc, "'await' outside async function");
            }
        }
        self.expr(value)?;
        self.cur().coroutine = true;
        Ok(())
    }

    fn named_expr(&mut self, target: &Expr, value: &Expr, loc: Location) -> Result<()> {
        if self.cur().comp_iter_expr > 0 {
            let message = "assignment expression cannot be used in a comprehension iterable expression";
            return self.error(loc, message);
        }
        if self.cur().comprehension.is_some() {
            self.extend_named_expr(target)?;
        }
        self.expr(value)?;
        self.expr(target)
    }

    /// Binds the target of `:=` in a comprehension where it belongs: in the nearest function or in the module.
    fn extend_named_expr(&mut self, target: &Expr) -> Result<()> {
        let ExprKind::Name { id, .. } = target.node else { return Ok(()) };
        let loc = target.loc;
        for i in (0..self.stack.len()).rev() {
            let block_id = self.stack[i];
            if self.table.block(block_id).comprehension.is_some() {
                let flags = self.lookup_in(block_id, id);
                if flags.has(Flags::DEF_COMP_ITER) && flags.has(Flags::DEF_LOCAL) {
                    let name = self.names.text(id);
                    let message =
                        format!("assignment expression cannot rebind comprehension iteration variable '{name}'");
                    return self.error(loc, message);
                }
                continue;
            }
            let message = match self.table.block(block_id).kind {
                BlockKind::Function => {
                    let is_global = self.lookup_in(block_id, id).has(Flags::DEF_GLOBAL);
                    let flag = if is_global { Flags::DEF_GLOBAL } else { Flags::DEF_NONLOCAL };
                    self.add_def(id, flag, loc)?;
                    self.record_directive(id, loc);
                    return self.add_def_in(block_id, id, Flags::DEF_LOCAL, loc);
                }
                BlockKind::Module => {
                    self.add_def(id, Flags::DEF_GLOBAL, loc)?;
                    self.record_directive(id, loc);
                    return self.add_def_in(block_id, id, Flags::DEF_GLOBAL, loc);
                }
                BlockKind::Class => "assignment expression within a comprehension cannot be used in a class body",
                BlockKind::TypeParameters => {
                    "assignment expression within a comprehension cannot be used within the definition of a generic"
                }
                BlockKind::TypeAlias => "assignment expression within a comprehension cannot be used in a type alias",
                BlockKind::TypeVariable => {
                    "assignment expression within a comprehension cannot be used in a TypeVar bound"
                }
                BlockKind::Annotation => continue,
            };
            return self.error(loc, message);
        }
        Ok(())
    }

    fn forbid_in_annotation(&mut self, what: &str, loc: Location) -> Result<()> {
        let block = self.cur();
        let place = match block.kind {
            BlockKind::Annotation => "an annotation",
            BlockKind::TypeVariable => block.scope_info.unwrap_or("a TypeVar bound"),
            BlockKind::TypeAlias => "a type alias",
            BlockKind::TypeParameters => "the definition of a generic",
            BlockKind::Function | BlockKind::Class | BlockKind::Module => return Ok(()),
        };
        self.error(loc, format!("{what} cannot be used within {place}"))
    }

    fn comprehension(
        &mut self,
        expr: &Expr,
        kind: Kind,
        generators: &[Comprehension],
        elt: &Expr,
        value: Option<&Expr>,
    ) -> Result<()> {
        let Some((outermost, rest)) = generators.split_first() else { return Ok(()) };
        let known = self.table.known;
        // The outermost iterable is evaluated outside.
        self.cur().comp_iter_expr += 1;
        self.expr(&outermost.iter)?;
        self.cur().comp_iter_expr -= 1;
        self.enter_block(BlockKind::Function, Some(BlockKey::expr(expr)), expr.loc)?;
        self.cur().comprehension = Some(kind);
        self.cur().coroutine = outermost.is_async;
        self.add_def(known.implicit_arg, Flags::DEF_PARAM, expr.loc)?;
        self.comprehension_target(&outermost.target)?;
        self.exprs(&outermost.ifs)?;
        for generator in rest {
            self.comprehension_target(&generator.target)?;
            self.cur().comp_iter_expr += 1;
            self.expr(&generator.iter)?;
            self.cur().comp_iter_expr -= 1;
            self.exprs(&generator.ifs)?;
            if generator.is_async {
                self.cur().coroutine = true;
            }
        }
        if let Some(value) = value {
            self.expr(value)?;
        }
        self.expr(elt)?;
        let is_generator = kind == Kind::Generator;
        self.cur().generator = is_generator;
        let is_async = self.cur().coroutine && !is_generator;
        self.exit_block();
        if is_async {
            if !self.is_async_def() && self.cur().comprehension.is_none() && !self.allows_top_level_await() {
                let message = "asynchronous comprehension outside of an asynchronous function";
                return self.error(expr.loc, message);
            }
            self.cur().coroutine = true;
        }
        Ok(())
    }

    fn comprehension_target(&mut self, target: &Expr) -> Result<()> {
        self.cur().comp_iter_target = true;
        self.expr(target)?;
        self.cur().comp_iter_target = false;
        Ok(())
    }
}
