//! Comprehensions and generator expressions.
//!
//! List, set and dict comprehensions are inlined (PEP 709): locals that they bind are pushed on the stack before and put
//! back after, also when an exception passes. Generator expressions, and comprehensions in annotation scopes of classes,
//! are functions of their outermost iterator.

use syntax::ast::*;

use super::{Compiler, Result};
use crate::op::Op;
use crate::symtable::{BlockId, BlockKey, Flags, Scope, Symbol};
use crate::unit::{ArgCounts, FrameBlockKind, InlinedComprehension, UnitKind};

/// What a comprehension makes of its elements.
#[derive(Clone, Copy)]
enum Element<'a> {
    Generator(&'a Expr),
    List(&'a Expr),
    Set(&'a Expr),
    Dict(&'a Expr, &'a Expr),
}

impl Element<'_> {
    fn is_generator(self) -> bool {
        matches!(self, Element::Generator(_))
    }

    /// Position of the (first) element expression.
    fn loc(self) -> Location {
        match self {
            Element::Generator(elt) | Element::List(elt) | Element::Set(elt) | Element::Dict(elt, _) => elt.loc,
        }
    }
}

impl<'a> Compiler<'a> {
    pub(super) fn comprehension(&mut self, expr: &'a Expr) -> Result<()> {
        let (generators, element, name) = match &expr.node {
            ExprKind::ListComp { elt, generators } => (generators, Element::List(elt), self.known.listcomp_code),
            ExprKind::SetComp { elt, generators } => (generators, Element::Set(elt), self.known.setcomp_code),
            ExprKind::DictComp { key, value, generators } => {
                (generators, Element::Dict(key, value), self.known.dictcomp_code)
            }
            ExprKind::GeneratorExp { elt, generators } => {
                (generators, Element::Generator(elt), self.known.genexpr_code)
            }
            _ => return Ok(()),
        };
        let loc = expr.loc;
        let block = self.table.lookup(BlockKey::expr(expr));
        let Some(outermost) = generators.first() else { return Ok(()) };
        if self.table.block(block).comp_inlined {
            self.comprehension_iterator(outermost)?;
            let mut state = self.push_inlined(block, loc)?;
            self.build_empty(element, loc);
            self.emit_i(Op::SWAP, 2, loc);
            self.comprehension_loop(generators, 0, 0, element, loc, true)?;
            self.pop_inlined(&mut state, loc);
            return Ok(());
        }
        let is_async = self.table.block(block).coroutine;
        let args = ArgCounts { positional: 1, ..ArgCounts::default() };
        self.enter_scope(name, UnitKind::Comprehension, block, loc.line, None, args)?;
        if !element.is_generator() {
            self.build_empty(element, loc);
        }
        self.comprehension_loop(generators, 0, 0, element, loc, false)?;
        if element.is_generator() {
            self.wrap_in_stopiteration_handler();
        } else {
            self.emit(Op::RETURN_VALUE, loc);
        }
        let code = self.finish_scope(true);
        self.make_closure(code, 0, loc);
        self.comprehension_iterator(outermost)?;
        self.emit_i(Op::CALL, 0, loc);
        if is_async && !element.is_generator() {
            self.emit_await(0, loc);
        }
        Ok(())
    }

    fn build_empty(&mut self, element: Element, loc: Location) {
        let op = match element {
            Element::Generator(_) => return,
            Element::List(_) => Op::BUILD_LIST,
            Element::Set(_) => Op::BUILD_SET,
            Element::Dict(..) => Op::BUILD_MAP,
        };
        self.emit_i(op, 0, loc);
    }

    fn comprehension_iterator(&mut self, generator: &'a Comprehension) -> Result<()> {
        self.expr(&generator.iter)?;
        self.emit(if generator.is_async { Op::GET_AITER } else { Op::GET_ITER }, generator.iter.loc);
        Ok(())
    }

    /// The loop of one `for` and, inside, of those after it. `depth` counts the iterators on the stack.
    fn comprehension_loop(
        &mut self,
        generators: &'a [Comprehension],
        index: usize,
        depth: u32,
        element: Element<'a>,
        loc: Location,
        iterator_on_stack: bool,
    ) -> Result<()> {
        if generators[index].is_async {
            self.async_comprehension_loop(generators, index, depth, element, loc, iterator_on_stack)
        } else {
            self.sync_comprehension_loop(generators, index, depth, element, loc, iterator_on_stack)
        }
    }

    fn sync_comprehension_loop(
        &mut self,
        generators: &'a [Comprehension],
        index: usize,
        mut depth: u32,
        element: Element<'a>,
        loc: Location,
        iterator_on_stack: bool,
    ) -> Result<()> {
        let start = self.new_label();
        let if_cleanup = self.new_label();
        let anchor = self.new_label();
        let generator = &generators[index];
        // `for y in [f(x)]` is an assignment.
        let mut single = None;
        if !iterator_on_stack {
            if index == 0 {
                self.emit_i(Op::LOAD_FAST, 0, loc);
            } else {
                single = match &generator.iter.node {
                    ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => match &elts[..] {
                        [elt] if !elt.is_starred() => Some(elt),
                        _ => None,
                    },
                    _ => None,
                };
                match single {
                    Some(elt) => self.expr(elt)?,
                    None => self.comprehension_iterator(generator)?,
                }
            }
        }
        if single.is_none() {
            depth += 1;
            self.place(start);
            self.emit_jump(Op::FOR_ITER, anchor, generator.iter.loc);
        }
        self.expr(&generator.target)?;
        for condition in &generator.ifs {
            self.jump_if(condition, if_cleanup, false, loc)?;
        }
        let element_loc = self.comprehension_rest(generators, index, depth, element, loc)?;
        self.place(if_cleanup);
        if single.is_none() {
            self.emit_jump(Op::JUMP, start, element_loc);
            self.place(anchor);
            // The `END_FOR` comes first: iteration over a generator jumps to it, other iteration behind it.
            self.emit(Op::END_FOR, Location::NONE);
            self.emit(Op::POP_ITER, Location::NONE);
        }
        Ok(())
    }

    fn async_comprehension_loop(
        &mut self,
        generators: &'a [Comprehension],
        index: usize,
        depth: u32,
        element: Element<'a>,
        loc: Location,
        iterator_on_stack: bool,
    ) -> Result<()> {
        let start = self.new_label();
        let send = self.new_label();
        let except = self.new_label();
        let if_cleanup = self.new_label();
        let generator = &generators[index];
        if !iterator_on_stack {
            if index == 0 {
                self.emit_i(Op::LOAD_FAST, 0, loc);
            } else {
                self.comprehension_iterator(generator)?;
            }
        }
        self.place(start);
        self.push_frame_block(FrameBlockKind::AsyncComprehensionGenerator, Some(start), None, loc)?;
        self.emit_jump(Op::SETUP_FINALLY, except, loc);
        self.emit(Op::GET_ANEXT, loc);
        self.load_none(loc);
        self.place(send);
        self.emit_yield_from(true, loc);
        self.emit(Op::POP_BLOCK, loc);
        self.expr(&generator.target)?;
        for condition in &generator.ifs {
            self.jump_if(condition, if_cleanup, false, loc)?;
        }
        let element_loc = self.comprehension_rest(generators, index, depth + 1, element, loc)?;
        self.place(if_cleanup);
        self.emit_jump(Op::JUMP, start, element_loc);
        self.pop_frame_block();
        self.place(except);
        self.emit_jump(Op::END_ASYNC_FOR, send, loc);
        Ok(())
    }

    /// The loops inside of this one, or the element. Returns the position that the jump back gets.
    fn comprehension_rest(
        &mut self,
        generators: &'a [Comprehension],
        index: usize,
        depth: u32,
        element: Element<'a>,
        loc: Location,
    ) -> Result<Location> {
        if index + 1 < generators.len() {
            self.comprehension_loop(generators, index + 1, depth, element, loc, false)?;
            return Ok(element.loc());
        }
        let mut element_loc = element.loc();
        match element {
            Element::Generator(elt) => {
                self.expr(elt)?;
                self.emit_yield(element_loc);
                self.emit(Op::POP_TOP, element_loc);
            }
            Element::List(elt) => {
                self.expr(elt)?;
                self.emit_i(Op::LIST_APPEND, depth + 1, element_loc);
            }
            Element::Set(elt) => {
                self.expr(elt)?;
                self.emit_i(Op::SET_ADD, depth + 1, element_loc);
            }
            Element::Dict(key, value) => {
                self.expr(key)?;
                self.expr(value)?;
                element_loc = key.loc.to(value.loc);
                self.emit_i(Op::MAP_ADD, depth + 1, element_loc);
            }
        }
        Ok(element_loc)
    }

    /// Makes the names of a comprehension mean here what they mean in it, and saves the locals that it binds.
    fn push_inlined(&mut self, comp: BlockId, loc: Location) -> Result<InlinedComprehension> {
        let mut state = InlinedComprehension::default();
        let in_class_block = self.in_class_block();
        let is_function_like = self.block().is_function_like();
        let block = self.unit_ref().block;
        self.unit().inlined_comprehensions += 1;
        let symbols: Vec<(Name, Symbol)> = self.table.block(comp).symbols.iter().collect();
        let is_local = |symbol: Symbol| symbol.flags.has(Flags::DEF_LOCAL) && !symbol.flags.has(Flags::DEF_NONLOCAL);
        for &(name, symbol) in &symbols {
            let outer = self.block().symbol(name);
            // What is free in the comprehension is treated as outside; what is free outside stays so.
            let differs = symbol.scope != outer.scope
                && symbol.scope != Scope::Free
                && !(symbol.scope == Scope::Cell && outer.scope == Scope::Free);
            if differs || in_class_block {
                self.table.block_mut(block).symbols.set(name, symbol);
                state.outer_symbols.push((name, outer));
            }
            if (is_local(symbol) || in_class_block) && !is_function_like {
                let hidden = self.unit().fast_hidden.insert(name, true);
                if hidden != Some(true) {
                    state.fast_hidden.insert(name);
                }
            }
        }
        for &(name, symbol) in &symbols {
            if !is_local(symbol) {
                continue;
            }
            // For a cell this pushes the cell; the comprehension gets a new one.
            self.emit_fast(Op::LOAD_FAST_AND_CLEAR, name, loc);
            if symbol.scope == Scope::Cell {
                let index = if self.block().symbol(name).scope == Scope::Free {
                    self.unit_free(name)
                } else {
                    self.unit_cell(name)
                };
                self.emit_i(Op::MAKE_CELL, index, loc);
            }
            state.pushed_locals.push(name);
        }
        if !state.pushed_locals.is_empty() {
            // The iterator goes back on top.
            self.emit_i(Op::SWAP, state.pushed_locals.len() as u32 + 1, loc);
            let cleanup = self.new_label();
            state.cleanup = Some(cleanup);
            self.emit_jump(Op::SETUP_FINALLY, cleanup, loc);
            self.push_frame_block(FrameBlockKind::TryExcept, Some(cleanup), None, loc)?;
        }
        Ok(state)
    }

    fn pop_inlined(&mut self, state: &mut InlinedComprehension, loc: Location) {
        if let Some(cleanup) = state.cleanup {
            self.pop_frame_block();
            self.emit(Op::POP_BLOCK, Location::NONE);
            let end = self.new_label();
            self.emit_jump(Op::JUMP_NO_INTERRUPT, end, Location::NONE);
            self.place(cleanup);
            // The unfinished result is below the exception.
            self.emit_i(Op::SWAP, 2, Location::NONE);
            self.emit(Op::POP_TOP, Location::NONE);
            self.restore_locals(&state.pushed_locals, loc);
            self.emit_i(Op::RERAISE, 0, Location::NONE);
            self.place(end);
            self.restore_locals(&state.pushed_locals, loc);
        }
        self.unit().inlined_comprehensions -= 1;
        let block = self.unit_ref().block;
        for &(name, symbol) in &state.outer_symbols {
            self.table.block_mut(block).symbols.set(name, symbol);
        }
        for &name in &state.fast_hidden {
            self.unit().fast_hidden.insert(name, false);
        }
    }

    fn restore_locals(&mut self, names: &[Name], loc: Location) {
        self.emit_i(Op::SWAP, names.len() as u32 + 1, loc);
        for &name in names.iter().rev() {
            self.emit_fast(Op::STORE_FAST_MAYBE_NULL, name, loc);
        }
    }
}
