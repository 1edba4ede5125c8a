//! `try` with `except`, `except*` and `finally`.

use syntax::ast::*;

use super::{Compiler, Result};
use crate::op::{Op, intrinsic_2};
use crate::unit::FrameBlockKind;

impl<'a> Compiler<'a> {
    pub(super) fn try_stmt(&mut self, node: &'a Try, loc: Location) -> Result<()> {
        if node.finalbody.is_empty() { self.try_handlers(node, loc) } else { self.try_finally(node, loc) }
    }

    fn try_handlers(&mut self, node: &'a Try, loc: Location) -> Result<()> {
        if node.is_star { self.try_except_star(node, loc) } else { self.try_except(node, loc) }
    }

    fn try_finally(&mut self, node: &'a Try, loc: Location) -> Result<()> {
        let body = self.new_label();
        let end = self.new_label();
        let exit = self.new_label();
        let cleanup = self.new_label();
        self.emit_jump(Op::SETUP_FINALLY, end, loc);
        self.place(body);
        self.push_frame_block(FrameBlockKind::FinallyTry(&node.finalbody), Some(body), Some(end), loc)?;
        if node.handlers.is_empty() {
            self.stmts(&node.body)?;
        } else {
            self.try_handlers(node, loc)?;
        }
        self.emit(Op::POP_BLOCK, Location::NONE);
        self.pop_frame_block();
        self.stmts(&node.finalbody)?;
        self.emit_jump(Op::JUMP_NO_INTERRUPT, exit, Location::NONE);

        self.place(end);
        self.emit_jump(Op::SETUP_CLEANUP, cleanup, Location::NONE);
        self.emit(Op::PUSH_EXC_INFO, Location::NONE);
        self.push_frame_block(FrameBlockKind::FinallyEnd, Some(end), None, Location::NONE)?;
        self.stmts(&node.finalbody)?;
        self.pop_frame_block();
        self.emit_i(Op::RERAISE, 0, Location::NONE);
        self.place(cleanup);
        self.pop_except_and_reraise(Location::NONE);
        self.place(exit);
        Ok(())
    }

    fn try_except(&mut self, node: &'a Try, loc: Location) -> Result<()> {
        let body = self.new_label();
        let except = self.new_label();
        let end = self.new_label();
        let cleanup = self.new_label();
        self.emit_jump(Op::SETUP_FINALLY, except, loc);
        self.place(body);
        self.push_frame_block(FrameBlockKind::TryExcept, Some(body), None, loc)?;
        self.stmts(&node.body)?;
        self.pop_frame_block();
        self.emit(Op::POP_BLOCK, Location::NONE);
        self.stmts(&node.orelse)?;
        self.emit_jump(Op::JUMP_NO_INTERRUPT, end, Location::NONE);

        self.place(except);
        self.emit_jump(Op::SETUP_CLEANUP, cleanup, Location::NONE);
        self.emit(Op::PUSH_EXC_INFO, Location::NONE);
        self.push_frame_block(FrameBlockKind::ExceptionHandler, None, None, loc)?;
        for (i, handler) in node.handlers.iter().enumerate() {
            if handler.type_.is_none() && i + 1 < node.handlers.len() {
                return self.error(handler.loc, "default 'except:' must be last");
            }
            let next = self.new_label();
            if let Some(type_) = &handler.type_ {
                self.expr(type_)?;
                self.emit(Op::CHECK_EXC_MATCH, handler.loc);
                self.emit_jump(Op::POP_JUMP_IF_FALSE, next, handler.loc);
            }
            match handler.name {
                Some(name) => {
                    let cleanup_end = self.new_label();
                    let cleanup_body = self.new_label();
                    self.store_name(name, handler.loc)?;
                    // The name is deleted however the body ends.
                    self.emit_jump(Op::SETUP_CLEANUP, cleanup_end, handler.loc);
                    self.place(cleanup_body);
                    let kind = FrameBlockKind::HandlerCleanup(Some(name));
                    self.push_frame_block(kind, Some(cleanup_body), None, handler.loc)?;
                    self.stmts(&handler.body)?;
                    self.pop_frame_block();
                    self.emit(Op::POP_BLOCK, Location::NONE);
                    self.emit(Op::POP_BLOCK, Location::NONE);
                    self.emit(Op::POP_EXCEPT, Location::NONE);
                    self.forget_name(name)?;
                    self.emit_jump(Op::JUMP_NO_INTERRUPT, end, Location::NONE);
                    self.place(cleanup_end);
                    self.forget_name(name)?;
                    self.emit_i(Op::RERAISE, 1, Location::NONE);
                }
                None => {
                    let cleanup_body = self.new_label();
                    self.emit(Op::POP_TOP, handler.loc);
                    self.place(cleanup_body);
                    let kind = FrameBlockKind::HandlerCleanup(None);
                    self.push_frame_block(kind, Some(cleanup_body), None, handler.loc)?;
                    self.stmts(&handler.body)?;
                    self.pop_frame_block();
                    self.emit(Op::POP_BLOCK, Location::NONE);
                    self.emit(Op::POP_EXCEPT, Location::NONE);
                    self.emit_jump(Op::JUMP_NO_INTERRUPT, end, Location::NONE);
                }
            }
            self.place(next);
        }
        self.pop_frame_block();
        self.emit_i(Op::RERAISE, 0, Location::NONE);
        self.place(cleanup);
        self.pop_except_and_reraise(Location::NONE);
        self.place(end);
        Ok(())
    }

    /// `name = None; del name`
    fn forget_name(&mut self, name: Name) -> Result<()> {
        self.load_none(Location::NONE);
        self.store_name(name, Location::NONE)?;
        self.delete_name(name, Location::NONE)
    }

    /// On the stack while handlers run: the group, a list of what is to be raised, the part not yet handled.
    fn try_except_star(&mut self, node: &'a Try, loc: Location) -> Result<()> {
        let body = self.new_label();
        let except = self.new_label();
        let orelse = self.new_label();
        let end = self.new_label();
        let cleanup = self.new_label();
        let reraise_star = self.new_label();
        self.emit_jump(Op::SETUP_FINALLY, except, loc);
        self.place(body);
        self.push_frame_block(FrameBlockKind::TryExcept, Some(body), None, loc)?;
        self.stmts(&node.body)?;
        self.pop_frame_block();
        self.emit(Op::POP_BLOCK, Location::NONE);
        self.emit_jump(Op::JUMP_NO_INTERRUPT, orelse, Location::NONE);

        self.place(except);
        self.emit_jump(Op::SETUP_CLEANUP, cleanup, Location::NONE);
        self.emit(Op::PUSH_EXC_INFO, Location::NONE);
        self.push_frame_block(FrameBlockKind::ExceptionGroupHandler, None, None, loc)?;
        for (i, handler) in node.handlers.iter().enumerate() {
            if i == 0 {
                self.emit_i(Op::BUILD_LIST, 0, handler.loc);
                self.emit_i(Op::COPY, 2, handler.loc);
            }
            self.star_handler(handler)?;
            if i + 1 == node.handlers.len() {
                // What is left, or None.
                self.emit_i(Op::LIST_APPEND, 1, Location::NONE);
                self.emit_jump(Op::JUMP_NO_INTERRUPT, reraise_star, Location::NONE);
            }
        }
        self.pop_frame_block();
        let reraise = self.new_label();
        self.place(reraise_star);
        self.emit_i(Op::CALL_INTRINSIC_2, intrinsic_2::PREP_RERAISE_STAR, Location::NONE);
        self.emit_i(Op::COPY, 1, Location::NONE);
        self.emit_jump(Op::POP_JUMP_IF_NOT_NONE, reraise, Location::NONE);
        self.emit(Op::POP_TOP, Location::NONE);
        self.emit(Op::POP_BLOCK, Location::NONE);
        self.emit(Op::POP_EXCEPT, Location::NONE);
        self.emit_jump(Op::JUMP_NO_INTERRUPT, end, Location::NONE);

        self.place(reraise);
        self.emit(Op::POP_BLOCK, Location::NONE);
        self.emit_i(Op::SWAP, 2, Location::NONE);
        self.emit(Op::POP_EXCEPT, Location::NONE);
        self.emit_i(Op::RERAISE, 0, Location::NONE);
        self.place(cleanup);
        self.pop_except_and_reraise(Location::NONE);
        self.place(orelse);
        self.stmts(&node.orelse)?;
        self.place(end);
        Ok(())
    }

    fn star_handler(&mut self, handler: &'a ExceptHandler) -> Result<()> {
        let loc = handler.loc;
        let next = self.new_label();
        let with_error = self.new_label();
        let no_match = self.new_label();
        if let Some(type_) = &handler.type_ {
            self.expr(type_)?;
            self.emit(Op::CHECK_EG_MATCH, loc);
            self.emit_i(Op::COPY, 1, loc);
            self.emit_jump(Op::POP_JUMP_IF_NONE, no_match, loc);
        }
        let cleanup_end = self.new_label();
        let cleanup_body = self.new_label();
        match handler.name {
            Some(name) => self.store_name(name, loc)?,
            None => self.emit(Op::POP_TOP, loc),
        }
        self.emit_jump(Op::SETUP_CLEANUP, cleanup_end, loc);
        self.place(cleanup_body);
        self.push_frame_block(FrameBlockKind::HandlerCleanup(handler.name), Some(cleanup_body), None, loc)?;
        self.stmts(&handler.body)?;
        self.pop_frame_block();
        self.emit(Op::POP_BLOCK, Location::NONE);
        if let Some(name) = handler.name {
            self.forget_name(name)?;
        }
        self.emit_jump(Op::JUMP_NO_INTERRUPT, next, Location::NONE);
        self.place(cleanup_end);
        if let Some(name) = handler.name {
            self.forget_name(name)?;
        }
        // What the body raised goes to the list.
        self.emit_i(Op::LIST_APPEND, 3, Location::NONE);
        self.emit(Op::POP_TOP, Location::NONE);
        self.emit_jump(Op::JUMP_NO_INTERRUPT, with_error, Location::NONE);
        self.place(next);
        self.emit(Op::NOP, Location::NONE);
        self.emit_jump(Op::JUMP_NO_INTERRUPT, with_error, Location::NONE);
        self.place(no_match);
        self.emit(Op::POP_TOP, loc);
        self.place(with_error);
        Ok(())
    }
}
