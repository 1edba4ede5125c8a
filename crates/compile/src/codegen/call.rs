//! Calls.

use bytecode::Constant;
use syntax::ast::*;

use super::expr::Build;
use super::names::Fetch;
use super::{Compiler, Result, STACK_USE_GUIDELINE};
use crate::op::{Op, common_constant, intrinsic_1};
use crate::sequence::Label;
use crate::symtable::{BlockKey, Flags};

impl<'a> Compiler<'a> {
    pub(super) fn call(
        &mut self,
        expr: &'a Expr,
        func: &'a Expr,
        args: &'a [Expr],
        keywords: &'a [Keyword],
    ) -> Result<()> {
        self.check_keywords(keywords)?;
        if self.method_call(expr, func, args, keywords)? {
            return Ok(());
        }
        let end = self.new_label();
        self.check_caller(func);
        self.expr(func)?;
        self.call_of_generator(func, args, keywords, end)?;
        self.emit(Op::PUSH_NULL, func.loc);
        self.call_with(0, args, None, keywords, expr.loc)?;
        self.place(end);
        Ok(())
    }

    fn check_keywords(&self, keywords: &[Keyword]) -> Result<()> {
        for (i, keyword) in keywords.iter().enumerate() {
            let Some(arg) = keyword.arg else { continue };
            if let Some(other) = keywords[i + 1..].iter().find(|other| other.arg == Some(arg)) {
                return self.error(other.loc, format!("keyword argument repeated: {}", self.names.text(arg)));
            }
        }
        Ok(())
    }

    /// Calls `object.method(...)` without making a bound method, where that is possible.
    fn method_call(
        &mut self,
        expr: &'a Expr,
        func: &'a Expr,
        args: &'a [Expr],
        keywords: &'a [Keyword],
    ) -> Result<bool> {
        let ExprKind::Attribute { value, attr, ctx: ExprContext::Load } = &func.node else { return Ok(false) };
        let (n_args, n_keywords) = (args.len(), keywords.len());
        if self.is_import(value)
            || n_args + n_keywords + usize::from(n_keywords != 0) >= STACK_USE_GUIDELINE
            || args.iter().any(Expr::is_starred)
            || keywords.iter().any(|keyword| keyword.arg.is_none())
        {
            return Ok(false);
        }
        let mut loc = func.loc;
        if self.can_optimize_super_call(value, *attr) {
            self.load_super_args(value)?;
            let fetch = if super::super_call::has_args(value) { Fetch::SuperMethod } else { Fetch::ZeroSuperMethod };
            self.emit_fetch(fetch, *attr, loc);
            loc = self.start_at_attribute(loc, func, *attr);
            self.emit(Op::NOP, loc);
        } else {
            self.expr(value)?;
            loc = self.start_at_attribute(loc, func, *attr);
            self.emit_fetch(Fetch::Method, *attr, loc);
        }
        self.exprs(args)?;
        let call_loc = self.start_at_attribute(expr.loc, func, *attr);
        if keywords.is_empty() {
            self.emit_i(Op::CALL, n_args as u32, call_loc);
        } else {
            keywords.iter().try_for_each(|keyword| self.expr(&keyword.value))?;
            self.load_keyword_names(keywords, loc);
            self.emit_i(Op::CALL_KW, (n_args + n_keywords) as u32, call_loc);
        }
        Ok(true)
    }

    /// Whether a name is imported by the module: its attributes are functions rather than methods.
    fn is_import(&self, expr: &Expr) -> bool {
        match expr.node {
            ExprKind::Name { id, .. } => self.table.block(self.table.top).symbol(id).flags.has(Flags::DEF_IMPORT),
            _ => false,
        }
    }

    fn load_keyword_names(&mut self, keywords: &[Keyword], loc: Location) {
        let names = keywords.iter().filter_map(|keyword| keyword.arg).map(|arg| self.name_constant(arg)).collect();
        self.load_const(Constant::Tuple(names), loc);
    }

    /// `all`, `any` and `tuple` of a generator expression run its loop in place, if they are still the builtins.
    fn call_of_generator(&mut self, func: &'a Expr, args: &'a [Expr], keywords: &[Keyword], end: Label) -> Result<()> {
        let ExprKind::Name { id, .. } = func.node else { return Ok(()) };
        let ([generator @ Expr { node: ExprKind::GeneratorExp { .. }, .. }], []) = (args, keywords) else {
            return Ok(());
        };
        let block = self.table.lookup(BlockKey::expr(generator));
        if self.table.block(block).coroutine {
            return Ok(());
        }
        let loc = func.loc;
        let skip = self.new_label();
        let (builtin, initial, go_on) = if id == self.known.all {
            (common_constant::ALL, Some(true), Op::POP_JUMP_IF_TRUE)
        } else if id == self.known.any {
            (common_constant::ANY, Some(false), Op::POP_JUMP_IF_FALSE)
        } else if id == self.known.tuple {
            (common_constant::TUPLE, None, Op::JUMP)
        } else {
            self.place(skip);
            return Ok(());
        };
        self.emit_i(Op::COPY, 1, loc);
        self.emit_i(Op::LOAD_COMMON_CONSTANT, builtin, loc);
        self.emit_compare(CmpOp::Is, loc);
        self.emit_jump(Op::POP_JUMP_IF_FALSE, skip, loc);
        self.emit(Op::POP_TOP, loc);
        if initial.is_none() {
            self.emit_i(Op::BUILD_LIST, 0, loc);
        }
        self.expr(generator)?;
        let again = self.new_label();
        let cleanup = self.new_label();
        self.place(again);
        self.emit_jump(Op::FOR_ITER, cleanup, loc);
        if initial.is_none() {
            self.emit_i(Op::LIST_APPEND, 2, loc);
        } else {
            self.emit(Op::TO_BOOL, loc);
        }
        self.emit_jump(go_on, again, loc);
        self.emit(Op::POP_ITER, Location::NONE);
        if let Some(initial) = initial {
            self.load_const(Constant::Bool(!initial), loc);
        }
        self.emit_jump(Op::JUMP, end, loc);
        self.place(cleanup);
        self.emit(Op::END_FOR, Location::NONE);
        self.emit(Op::POP_ITER, Location::NONE);
        match initial {
            Some(initial) => self.load_const(Constant::Bool(initial), loc),
            None => self.emit_i(Op::CALL_INTRINSIC_1, intrinsic_1::LIST_TO_TUPLE, loc),
        }
        self.emit_jump(Op::JUMP, end, loc);
        self.place(skip);
        Ok(())
    }

    /// Calls what is on the stack below `n_pushed` arguments, with more of them.
    pub(super) fn call_with(
        &mut self,
        n_pushed: u32,
        args: &'a [Expr],
        injected: Option<Name>,
        keywords: &'a [Keyword],
        loc: Location,
    ) -> Result<()> {
        self.check_keywords(keywords)?;
        let is_plain = args.len() + keywords.len() * 2 <= STACK_USE_GUIDELINE
            && !args.iter().any(Expr::is_starred)
            && keywords.iter().all(|keyword| keyword.arg.is_some());
        if !is_plain {
            return self.call_with_unpacking(n_pushed, args, injected, keywords, loc);
        }
        self.exprs(args)?;
        let mut n_args = n_pushed + args.len() as u32;
        if let Some(name) = injected {
            self.load_name(name, loc)?;
            n_args += 1;
        }
        if keywords.is_empty() {
            self.emit_i(Op::CALL, n_args, loc);
        } else {
            keywords.iter().try_for_each(|keyword| self.expr(&keyword.value))?;
            self.load_keyword_names(keywords, loc);
            self.emit_i(Op::CALL_KW, n_args + keywords.len() as u32, loc);
        }
        Ok(())
    }

    fn call_with_unpacking(
        &mut self,
        n_pushed: u32,
        args: &'a [Expr],
        injected: Option<Name>,
        keywords: &'a [Keyword],
        loc: Location,
    ) -> Result<()> {
        match args {
            [Expr { node: ExprKind::Starred { value, .. }, .. }] if n_pushed == 0 => self.expr(value)?,
            _ => self.build_from(args, injected, n_pushed, Build::TUPLE, loc)?,
        }
        let mut have_dict = false;
        let mut n_pending = 0;
        for (i, keyword) in keywords.iter().enumerate() {
            if keyword.arg.is_some() {
                n_pending += 1;
                continue;
            }
            if n_pending > 0 {
                self.keyword_dict(&keywords[i - n_pending..i], have_dict, loc)?;
                have_dict = true;
                n_pending = 0;
            }
            if !have_dict {
                self.emit_i(Op::BUILD_MAP, 0, loc);
                have_dict = true;
            }
            self.expr(&keyword.value)?;
            self.emit_i(Op::DICT_MERGE, 1, loc);
        }
        if n_pending > 0 {
            self.keyword_dict(&keywords[keywords.len() - n_pending..], have_dict, loc)?;
        }
        if keywords.is_empty() {
            self.emit(Op::PUSH_NULL, loc);
        }
        self.emit(Op::CALL_FUNCTION_EX, loc);
        Ok(())
    }

    /// A dict of keyword arguments, merged into the one below it if there is one.
    fn keyword_dict(&mut self, keywords: &'a [Keyword], have_dict: bool, loc: Location) -> Result<()> {
        let big = keywords.len() * 2 > STACK_USE_GUIDELINE;
        if big {
            self.emit_i(Op::BUILD_MAP, 0, Location::NONE);
        }
        for keyword in keywords {
            let Some(arg) = keyword.arg else { continue };
            self.load_const(self.name_constant(arg), loc);
            self.expr(&keyword.value)?;
            if big {
                self.emit_i(Op::MAP_ADD, 1, Location::NONE);
            }
        }
        if !big {
            self.emit_i(Op::BUILD_MAP, keywords.len() as u32, loc);
        }
        if have_dict {
            self.emit_i(Op::DICT_MERGE, 1, loc);
        }
        Ok(())
    }
}
