//! Leaving blocks on the way out of them: what `return`, `break` and `continue` have to undo.

use syntax::ast::Location;

use super::{Compiler, Result};
use crate::op::Op;
use crate::sequence::Label;
use crate::unit::{FrameBlock, FrameBlockKind};

/// CPython's `CO_MAXBLOCKS`.
const MAX_BLOCKS: usize = 21;

impl<'a> Compiler<'a> {
    pub(super) fn push_frame_block(
        &mut self,
        kind: FrameBlockKind<'a>,
        start: Option<Label>,
        exit: Option<Label>,
        loc: Location,
    ) -> Result<()> {
        if self.unit_ref().frame_blocks.len() >= MAX_BLOCKS {
            return self.error(loc, "too many statically nested blocks");
        }
        self.unit().frame_blocks.push(FrameBlock { kind, start, exit, loc });
        Ok(())
    }

    pub(super) fn pop_frame_block(&mut self) {
        self.unit().frame_blocks.pop();
    }

    /// Undoes one block. With `preserve_tos` the value on top of the stack is kept, unless a `finally` body leaves in
    /// turn. `loc` becomes artificial after code that appears to run later than the statement.
    pub(super) fn unwind(&mut self, loc: &mut Location, frame_block: FrameBlock<'a>, preserve_tos: bool) -> Result<()> {
        let keep_tos = |this: &mut Self, loc: Location, n: u32| {
            if preserve_tos {
                this.emit_i(Op::SWAP, n, loc);
            }
        };
        match frame_block.kind {
            FrameBlockKind::WhileLoop
            | FrameBlockKind::ExceptionHandler
            | FrameBlockKind::ExceptionGroupHandler
            | FrameBlockKind::AsyncComprehensionGenerator
            | FrameBlockKind::StopIteration => {}
            FrameBlockKind::ForLoop | FrameBlockKind::AsyncForLoop | FrameBlockKind::PopValue => {
                keep_tos(self, *loc, 2);
                self.emit(Op::POP_TOP, *loc);
            }
            FrameBlockKind::TryExcept => self.emit(Op::POP_BLOCK, *loc),
            FrameBlockKind::FinallyTry(finalbody) => {
                self.emit(Op::POP_BLOCK, *loc);
                if preserve_tos {
                    self.push_frame_block(FrameBlockKind::PopValue, None, None, *loc)?;
                }
                self.stmts(finalbody)?;
                if preserve_tos {
                    self.pop_frame_block();
                }
                *loc = Location::NONE;
            }
            FrameBlockKind::FinallyEnd => {
                keep_tos(self, *loc, 2);
                self.emit(Op::POP_TOP, *loc);
                keep_tos(self, *loc, 2);
                self.emit(Op::POP_BLOCK, *loc);
                self.emit(Op::POP_EXCEPT, *loc);
            }
            FrameBlockKind::With | FrameBlockKind::AsyncWith => {
                *loc = frame_block.loc;
                self.emit(Op::POP_BLOCK, *loc);
                keep_tos(self, *loc, 3);
                keep_tos(self, *loc, 2);
                self.call_exit_with_nones(*loc);
                if matches!(frame_block.kind, FrameBlockKind::AsyncWith) {
                    self.emit_await(2, *loc);
                }
                self.emit(Op::POP_TOP, *loc);
                *loc = Location::NONE;
            }
            FrameBlockKind::HandlerCleanup(name) => {
                if name.is_some() {
                    self.emit(Op::POP_BLOCK, *loc);
                }
                keep_tos(self, *loc, 2);
                self.emit(Op::POP_BLOCK, *loc);
                self.emit(Op::POP_EXCEPT, *loc);
                if let Some(name) = name {
                    self.load_none(*loc);
                    self.store_name(name, *loc)?;
                    self.delete_name(name, *loc)?;
                }
            }
        }
        Ok(())
    }

    /// Undoes all blocks.
    pub(super) fn unwind_all(&mut self, loc: &mut Location, preserve_tos: bool) -> Result<()> {
        self.unwind_stack(loc, preserve_tos, false).map(|_| ())
    }

    /// Undoes blocks up to the innermost loop and returns that.
    pub(super) fn unwind_to_loop(&mut self, loc: &mut Location) -> Result<Option<FrameBlock<'a>>> {
        self.unwind_stack(loc, false, true)
    }

    fn unwind_stack(
        &mut self,
        loc: &mut Location,
        preserve_tos: bool,
        to_loop: bool,
    ) -> Result<Option<FrameBlock<'a>>> {
        // While a block is being undone it is not there any more: the code of a `finally` runs outside of it.
        let mut undone = Vec::new();
        let mut found = None;
        while let Some(&frame_block) = self.unit_ref().frame_blocks.last() {
            if matches!(frame_block.kind, FrameBlockKind::ExceptionGroupHandler) {
                let message = "'break', 'continue' and 'return' cannot appear in an except* block";
                return self.error(*loc, message);
            }
            if to_loop && frame_block.kind.is_loop() {
                found = Some(frame_block);
                break;
            }
            self.pop_frame_block();
            undone.push(frame_block);
            self.unwind(loc, frame_block, preserve_tos)?;
        }
        self.unit().frame_blocks.extend(undone.into_iter().rev());
        Ok(found)
    }

    fn call_exit_with_nones_args(&mut self, loc: Location) {
        (0..3).for_each(|_| self.load_none(loc));
    }

    /// Calls the context manager's exit method for a body that ended normally.
    pub(super) fn call_exit_with_nones(&mut self, loc: Location) {
        self.call_exit_with_nones_args(loc);
        self.emit_i(Op::CALL, 3, loc);
    }

    /// Restores the exception that was being handled and raises the current one again.
    pub(super) fn pop_except_and_reraise(&mut self, loc: Location) {
        self.emit_i(Op::COPY, 3, loc);
        self.emit(Op::POP_EXCEPT, loc);
        self.emit_i(Op::RERAISE, 1, loc);
    }
}
