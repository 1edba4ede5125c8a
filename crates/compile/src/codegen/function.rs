//! Functions and lambdas.

use std::sync::Arc;

use bytecode::{CodeObject, Constant, LocalKind};
use syntax::ast::*;

use super::{Compiler, Result};
use crate::op::{Op, intrinsic_1, intrinsic_2};
use crate::symtable::BlockKey;
use crate::unit::{ArgCounts, FrameBlockKind, UnitKind};

/// Operands of `SET_FUNCTION_ATTRIBUTE`.
pub(super) mod attribute {
    pub const DEFAULTS: u32 = 1;
    pub const KWDEFAULTS: u32 = 2;
    pub const CLOSURE: u32 = 8;
    pub const ANNOTATE: u32 = 16;
}

fn arg_counts(args: &Arguments) -> ArgCounts {
    ArgCounts {
        positional: args.args.len() as u32,
        posonly: args.posonlyargs.len() as u32,
        kwonly: args.kwonlyargs.len() as u32,
    }
}

impl<'a> Compiler<'a> {
    pub(super) fn function_def(&mut self, def: &'a FunctionDef, loc: Location) -> Result<()> {
        self.exprs(&def.decorators)?;
        let firstlineno = def.decorators.first().map_or(loc.line, |decorator| decorator.loc.line);
        let generic = !def.type_params.is_empty();
        let mut attributes = self.default_arguments(&def.args, loc)?;
        let n_type_param_args = attributes.count_ones();
        if generic {
            if n_type_param_args == 2 {
                self.emit_i(Op::SWAP, 2, loc);
            }
            let block = self.table.lookup(BlockKey::function_type_params(def));
            let name = self.generic_parameters_name(def.name);
            let args = ArgCounts { positional: n_type_param_args, ..ArgCounts::default() };
            self.enter_scope(name, UnitKind::Annotations, block, firstlineno, None, args)?;
            self.type_params(&def.type_params)?;
            (0..n_type_param_args).for_each(|i| self.emit_i(Op::LOAD_FAST, i, loc));
        }
        attributes |= self.function_annotations(def, loc)?;
        self.function_body(def, attributes, firstlineno, loc)?;
        if generic {
            self.emit_i(Op::SWAP, 2, loc);
            self.emit_i(Op::CALL_INTRINSIC_2, intrinsic_2::SET_FUNCTION_TYPE_PARAMS, loc);
            let code = self.finish_scope(false);
            self.make_closure(code, 0, loc);
            if n_type_param_args > 0 {
                self.emit_i(Op::SWAP, n_type_param_args + 1, loc);
                self.emit_i(Op::CALL, n_type_param_args - 1, loc);
            } else {
                self.emit(Op::PUSH_NULL, loc);
                self.emit_i(Op::CALL, 0, loc);
            }
        }
        self.apply_decorators(&def.decorators);
        self.store_name(def.name, loc)
    }

    pub(super) fn apply_decorators(&mut self, decorators: &[Expr]) {
        for decorator in decorators.iter().rev() {
            self.emit_i(Op::CALL, 0, decorator.loc);
        }
    }

    fn function_body(&mut self, def: &'a FunctionDef, attributes: u32, firstlineno: i32, loc: Location) -> Result<()> {
        let kind = if def.is_async { UnitKind::AsyncFunction } else { UnitKind::Function };
        let block = self.table.lookup(BlockKey::function(def));
        self.enter_scope(def.name, kind, block, firstlineno, None, arg_counts(&def.args))?;
        let mut body = &def.body[..];
        if self.block().has_docstring
            && let Some(Constant::Str(text)) = docstring(body).and_then(Expr::as_constant)
        {
            let doc = crate::docstring::clean(text);
            self.unit().consts.add(Constant::Str(doc));
            body = &body[1..];
        }
        let start = self.new_label();
        self.place(start);
        let is_generator = self.block().coroutine || self.block().generator;
        if is_generator {
            self.push_frame_block(FrameBlockKind::StopIteration, Some(start), None, Location::NONE)?;
        }
        self.stmts(body)?;
        if is_generator {
            self.wrap_in_stopiteration_handler();
            self.pop_frame_block();
        }
        let code = self.finish_scope(true);
        self.make_closure(code, attributes, loc);
        Ok(())
    }

    /// StopIteration must not leave a generator: it becomes a RuntimeError.
    pub(super) fn wrap_in_stopiteration_handler(&mut self) {
        let handler = self.new_label();
        self.unit().seq.insert_first(Op::SETUP_CLEANUP, handler.0, Location::NONE);
        self.load_none(Location::NONE);
        self.emit(Op::RETURN_VALUE, Location::NONE);
        self.place(handler);
        self.emit_i(Op::CALL_INTRINSIC_1, intrinsic_1::STOPITERATION_ERROR, Location::NONE);
        self.emit_i(Op::RERAISE, 1, Location::NONE);
    }

    pub(super) fn lambda(&mut self, expr: &'a Expr, args: &'a Arguments, body: &'a Expr) -> Result<()> {
        let loc = expr.loc;
        let attributes = self.default_arguments(args, loc)?;
        let block = self.table.lookup(BlockKey::expr(expr));
        let name = self.known.lambda_code;
        self.enter_scope(name, UnitKind::Lambda, block, loc.line, None, arg_counts(args))?;
        self.expr(body)?;
        let is_generator = self.block().generator;
        if !is_generator {
            self.emit(Op::RETURN_VALUE, body.loc);
        }
        let code = self.finish_scope(!is_generator);
        self.make_closure(code, attributes, loc);
        Ok(())
    }

    /// Pushes the defaults of parameters; returns which there are.
    fn default_arguments(&mut self, args: &'a Arguments, loc: Location) -> Result<u32> {
        let mut attributes = 0;
        if !args.defaults.is_empty() {
            self.exprs(&args.defaults)?;
            self.emit_i(Op::BUILD_TUPLE, args.defaults.len() as u32, loc);
            attributes |= attribute::DEFAULTS;
        }
        let mut n_kw = 0;
        for (arg, default) in args.kwonlyargs.iter().zip(&args.kw_defaults) {
            let Some(default) = default else { continue };
            let name = self.maybe_mangle(arg.arg);
            self.load_const(self.name_constant(name), loc);
            self.expr(default)?;
            n_kw += 1;
        }
        if n_kw > 0 {
            self.emit_i(Op::BUILD_MAP, n_kw, loc);
            attributes |= attribute::KWDEFAULTS;
        }
        Ok(attributes)
    }

    /// Makes a function of a code object whose scope has just been left. Its free variables are cells or free here; the
    /// attributes are on the stack.
    pub(super) fn make_closure(&mut self, code: CodeObject, mut attributes: u32, loc: Location) {
        let mut n_free = 0;
        for (name, kind) in code.localsplusnames.iter().zip(&code.localspluskinds) {
            if kind.has(LocalKind::FREE) {
                let name = self.names.intern(name);
                let index = self.closure_index(name);
                self.emit_i(Op::LOAD_CLOSURE, index, loc);
                n_free += 1;
            }
        }
        if n_free > 0 {
            attributes |= attribute::CLOSURE;
            self.emit_i(Op::BUILD_TUPLE, n_free, loc);
        }
        self.load_const(Constant::Code(Arc::new(code)), loc);
        self.emit(Op::MAKE_FUNCTION, loc);
        for flag in [attribute::CLOSURE, attribute::ANNOTATE, attribute::KWDEFAULTS, attribute::DEFAULTS] {
            if attributes & flag != 0 {
                self.emit_i(Op::SET_FUNCTION_ATTRIBUTE, flag, loc);
            }
        }
    }
}
