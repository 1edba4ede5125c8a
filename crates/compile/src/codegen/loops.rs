//! Loops, `break` and `continue`.

use syntax::ast::*;

use super::{Compiler, Result};
use crate::op::Op;
use crate::unit::FrameBlockKind;

impl<'a> Compiler<'a> {
    pub(super) fn for_stmt(&mut self, node: &'a For, loc: Location) -> Result<()> {
        let start = self.new_label();
        let body = self.new_label();
        let cleanup = self.new_label();
        let end = self.new_label();
        self.push_frame_block(FrameBlockKind::ForLoop, Some(start), Some(end), loc)?;
        self.expr(&node.iter)?;
        let loc = node.iter.loc;
        self.emit(Op::GET_ITER, loc);
        self.place(start);
        self.emit_jump(Op::FOR_ITER, cleanup, loc);
        // For tracing of `for` statements of several lines.
        self.emit(Op::NOP, node.target.loc);
        self.place(body);
        self.expr(&node.target)?;
        self.stmts(&node.body)?;
        self.emit_jump(Op::JUMP, start, Location::NONE);
        self.place(cleanup);
        // The `END_FOR` comes first: iteration over a generator jumps to it, other iteration behind it.
        self.emit(Op::END_FOR, Location::NONE);
        self.emit(Op::POP_ITER, Location::NONE);
        self.pop_frame_block();
        self.stmts(&node.orelse)?;
        self.place(end);
        Ok(())
    }

    pub(super) fn async_for(&mut self, node: &'a For, loc: Location) -> Result<()> {
        let start = self.new_label();
        let send = self.new_label();
        let except = self.new_label();
        let end = self.new_label();
        self.expr(&node.iter)?;
        self.emit(Op::GET_AITER, node.iter.loc);
        self.place(start);
        self.push_frame_block(FrameBlockKind::AsyncForLoop, Some(start), Some(end), loc)?;
        // StopAsyncIteration of `__anext__` ends the loop.
        self.emit_jump(Op::SETUP_FINALLY, except, loc);
        self.emit(Op::GET_ANEXT, loc);
        self.load_none(loc);
        self.place(send);
        self.emit_yield_from(true, loc);
        self.emit(Op::POP_BLOCK, loc);
        self.emit(Op::NOT_TAKEN, loc);
        self.expr(&node.target)?;
        self.stmts(&node.body)?;
        self.emit_jump(Op::JUMP, start, Location::NONE);
        self.pop_frame_block();
        self.place(except);
        self.emit_jump(Op::END_ASYNC_FOR, send, node.iter.loc);
        self.stmts(&node.orelse)?;
        self.place(end);
        Ok(())
    }

    pub(super) fn while_stmt(
        &mut self,
        test: &'a Expr,
        body: &'a [Stmt],
        orelse: &'a [Stmt],
        loc: Location,
    ) -> Result<()> {
        let again = self.new_label();
        let end = self.new_label();
        let anchor = self.new_label();
        self.place(again);
        self.push_frame_block(FrameBlockKind::WhileLoop, Some(again), Some(end), loc)?;
        self.jump_if(test, anchor, false, loc)?;
        self.stmts(body)?;
        self.emit_jump(Op::JUMP, again, Location::NONE);
        self.pop_frame_block();
        self.place(anchor);
        self.stmts(orelse)?;
        self.place(end);
        Ok(())
    }

    pub(super) fn break_stmt(&mut self, stmt_loc: Location) -> Result<()> {
        let mut loc = stmt_loc;
        self.emit(Op::NOP, loc);
        let Some(frame_block) = self.unwind_to_loop(&mut loc)? else {
            return self.error(stmt_loc, "'break' outside loop");
        };
        self.unwind(&mut loc, frame_block, false)?;
        if let Some(exit) = frame_block.exit {
            self.emit_jump(Op::JUMP, exit, loc);
        }
        Ok(())
    }

    pub(super) fn continue_stmt(&mut self, stmt_loc: Location) -> Result<()> {
        let mut loc = stmt_loc;
        self.emit(Op::NOP, loc);
        let Some(frame_block) = self.unwind_to_loop(&mut loc)? else {
            return self.error(stmt_loc, "'continue' not properly in loop");
        };
        if let Some(start) = frame_block.start {
            self.emit_jump(Op::JUMP, start, loc);
        }
        Ok(())
    }
}
