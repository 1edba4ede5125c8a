//! `with` and `async with`.

use syntax::ast::*;

use super::{Compiler, Result};
use crate::op::{Op, special_method};
use crate::sequence::Label;
use crate::unit::FrameBlockKind;

impl<'a> Compiler<'a> {
    pub(super) fn with_stmt(&mut self, items: &'a [WithItem], body: &'a [Stmt], is_async: bool) -> Result<()> {
        let Some((item, rest)) = items.split_first() else { return self.stmts(body) };
        crate::with_stack(|| {
            if is_async { self.async_with_item(item, rest, body) } else { self.with_item(item, rest, body) }
        })
    }

    fn enter(&mut self, item: &'a WithItem, enter: u32, exit: u32) -> Result<()> {
        self.expr(&item.context_expr)?;
        let loc = item.context_expr.loc;
        self.emit_i(Op::COPY, 1, loc);
        self.emit_i(Op::LOAD_SPECIAL, exit, loc);
        self.emit_i(Op::SWAP, 2, loc);
        self.emit_i(Op::SWAP, 3, loc);
        self.emit_i(Op::LOAD_SPECIAL, enter, loc);
        self.emit_i(Op::CALL, 0, loc);
        Ok(())
    }

    fn bind(&mut self, item: &'a WithItem, loc: Location) -> Result<()> {
        match &item.optional_vars {
            Some(target) => self.expr(target),
            None => {
                self.emit(Op::POP_TOP, loc);
                Ok(())
            }
        }
    }

    fn with_item(&mut self, item: &'a WithItem, rest: &'a [WithItem], body: &'a [Stmt]) -> Result<()> {
        let block = self.new_label();
        let on_exception = self.new_label();
        let exit = self.new_label();
        let cleanup = self.new_label();
        self.enter(item, special_method::ENTER, special_method::EXIT)?;
        let loc = item.context_expr.loc;
        self.emit_jump(Op::SETUP_WITH, on_exception, loc);
        self.place(block);
        self.push_frame_block(FrameBlockKind::With, Some(block), Some(on_exception), loc)?;
        self.bind(item, loc)?;
        self.with_stmt(rest, body, false)?;
        self.emit(Op::POP_BLOCK, Location::NONE);
        self.pop_frame_block();
        self.call_exit_with_nones(loc);
        self.emit(Op::POP_TOP, loc);
        self.emit_jump(Op::JUMP, exit, loc);

        self.place(on_exception);
        self.emit_jump(Op::SETUP_CLEANUP, cleanup, loc);
        self.emit(Op::PUSH_EXC_INFO, loc);
        self.emit(Op::WITH_EXCEPT_START, loc);
        self.finish_exception(cleanup);
        self.place(exit);
        Ok(())
    }

    fn async_with_item(&mut self, item: &'a WithItem, rest: &'a [WithItem], body: &'a [Stmt]) -> Result<()> {
        let block = self.new_label();
        let on_exception = self.new_label();
        let exit = self.new_label();
        let cleanup = self.new_label();
        self.enter(item, special_method::AENTER, special_method::AEXIT)?;
        let loc = item.context_expr.loc;
        self.emit_await(1, loc);
        self.emit_jump(Op::SETUP_WITH, on_exception, loc);
        self.place(block);
        self.push_frame_block(FrameBlockKind::AsyncWith, Some(block), Some(on_exception), loc)?;
        self.bind(item, loc)?;
        self.with_stmt(rest, body, true)?;
        self.pop_frame_block();
        self.emit(Op::POP_BLOCK, loc);
        self.call_exit_with_nones(loc);
        self.emit_await(2, loc);
        self.emit(Op::POP_TOP, loc);
        self.emit_jump(Op::JUMP, exit, loc);

        self.place(on_exception);
        self.emit_jump(Op::SETUP_CLEANUP, cleanup, loc);
        self.emit(Op::PUSH_EXC_INFO, loc);
        self.emit(Op::WITH_EXCEPT_START, loc);
        self.emit_await(2, loc);
        self.finish_exception(cleanup);
        self.place(exit);
        Ok(())
    }

    /// Raises again, unless the exit method said that the exception is dealt with.
    fn finish_exception(&mut self, cleanup: Label) {
        let suppress = self.new_label();
        self.emit(Op::TO_BOOL, Location::NONE);
        self.emit_jump(Op::POP_JUMP_IF_TRUE, suppress, Location::NONE);
        self.emit_i(Op::RERAISE, 2, Location::NONE);
        self.place(suppress);
        self.emit(Op::POP_TOP, Location::NONE);
        self.emit(Op::POP_BLOCK, Location::NONE);
        self.emit(Op::POP_EXCEPT, Location::NONE);
        (0..3).for_each(|_| self.emit(Op::POP_TOP, Location::NONE));
        let exit = self.new_label();
        self.emit_jump(Op::JUMP_NO_INTERRUPT, exit, Location::NONE);
        self.place(cleanup);
        self.pop_except_and_reraise(Location::NONE);
        self.place(exit);
    }
}
