//! Annotations, evaluated when asked for (PEP 649, PEP 749), or kept as strings under the `annotations` future.

use bytecode::{CodeObject, Constant};
use syntax::ast::*;

use super::function::attribute;
use super::{Compiler, Result};
use crate::op::{Op, common_constant};
use crate::symtable::{BlockId, BlockKey, BlockKind};
use crate::unit::{ArgCounts, DeferredAnnotation, UnitKind};

/// `annotationlib.Format.VALUE_WITH_FAKE_GLOBALS`
const VALUE_WITH_FAKE_GLOBALS: i64 = 2;
/// `COMPARE_OP >`
const GREATER: u32 = 4 << 5 | 4;

impl<'a> Compiler<'a> {
    /// Enters a function of `format` that raises NotImplementedError for formats that it does not know.
    pub(super) fn enter_annotations_scope(&mut self, name: Name, block: BlockId, loc: Location) -> Result<()> {
        let args = ArgCounts { posonly: 1, ..ArgCounts::default() };
        self.enter_scope(name, UnitKind::Annotations, block, loc.line, None, args)?;
        self.emit_i(Op::LOAD_FAST, 0, loc);
        self.load_const(Constant::Int(VALUE_WITH_FAKE_GLOBALS), loc);
        self.emit_i(Op::COMPARE_OP, GREATER, loc);
        let body = self.new_label();
        self.emit_jump(Op::POP_JUMP_IF_FALSE, body, loc);
        self.emit_i(Op::LOAD_COMMON_CONSTANT, common_constant::NOT_IMPLEMENTED_ERROR, loc);
        self.emit_i(Op::RAISE_VARARGS, 1, loc);
        self.place(body);
        Ok(())
    }

    fn leave_annotations_scope(&mut self, loc: Location) {
        self.emit(Op::RETURN_VALUE, loc);
        let mut code = self.finish_scope(true);
        // The parameter has a name that annotations cannot mean; what inspection shows is "format".
        if let Some(first) = code.localsplusnames.first_mut() {
            *first = self.names.text(self.known.format).into();
        }
        self.make_annotate_closure(code, loc);
    }

    fn make_annotate_closure(&mut self, code: CodeObject, loc: Location) {
        self.make_closure(code, 0, loc);
    }

    /// Pushes the `__annotate__` function of a function, if it has annotations.
    pub(super) fn function_annotations(&mut self, def: &'a FunctionDef, loc: Location) -> Result<u32> {
        let block = self.table.lookup(BlockKey::function_annotations(def));
        if !self.table.block(block).annotations_used {
            return Ok(0);
        }
        self.enter_annotations_scope(self.known.annotate, block, loc)?;
        let args = &def.args;
        let parameters = args.args.iter().chain(&args.posonlyargs).chain(args.vararg.as_deref());
        let parameters = parameters.chain(&args.kwonlyargs).chain(args.kwarg.as_deref());
        let mut n = 0;
        for arg in parameters {
            n += self.argument_annotation(arg.arg, arg.annotation.as_deref(), loc)?;
        }
        n += self.argument_annotation(self.known.return_, def.returns.as_deref(), loc)?;
        self.emit_i(Op::BUILD_MAP, n, loc);
        self.leave_annotations_scope(loc);
        Ok(attribute::ANNOTATE)
    }

    fn argument_annotation(&mut self, name: Name, annotation: Option<&'a Expr>, loc: Location) -> Result<u32> {
        let Some(annotation) = annotation else { return Ok(0) };
        let mangled = self.maybe_mangle(name);
        self.load_const(self.name_constant(mangled), loc);
        if self.context.future_annotations {
            self.annotation_string(annotation);
            return Ok(1);
        }
        match &annotation.node {
            // `*args: *Ts`
            ExprKind::Starred { value, .. } => {
                self.expr(value)?;
                self.emit_i(Op::UNPACK_SEQUENCE, 1, loc);
            }
            _ => self.expr(annotation)?,
        }
        Ok(1)
    }

    fn annotation_string(&mut self, annotation: &Expr) {
        let text = crate::unparse::unparse(annotation, &self.names);
        self.load_const(Constant::Str(text), annotation.loc);
    }

    pub(super) fn ann_assign(
        &mut self,
        stmt: &'a Stmt,
        target: &'a Expr,
        annotation: &'a Expr,
        value: Option<&'a Expr>,
        simple: bool,
    ) -> Result<()> {
        let loc = stmt.loc;
        let future = self.context.future_annotations;
        if let Some(value) = value {
            self.expr(value)?;
            self.expr(target)?;
        }
        let kind = self.unit_ref().kind;
        let has_annotations = matches!(kind, UnitKind::Module | UnitKind::Class);
        match &target.node {
            ExprKind::Name { id, .. } if simple && has_annotations => {
                if future {
                    self.annotation_string(annotation);
                    self.emit_name(Op::LOAD_NAME, self.known.annotations, loc);
                    let mangled = self.maybe_mangle(*id);
                    self.load_const(self.name_constant(mangled), loc);
                    self.emit(Op::STORE_SUBSCR, loc);
                } else {
                    self.defer_annotation(stmt, kind, loc);
                }
            }
            ExprKind::Attribute { value: object, .. } if value.is_none() => self.check_annotation(object)?,
            ExprKind::Subscript { value: object, slice, .. } if value.is_none() => {
                self.check_annotation(object)?;
                self.check_annotation_index(slice)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Evaluates an expression for what it may raise.
    fn check_annotation(&mut self, expr: &'a Expr) -> Result<()> {
        self.expr(expr)?;
        self.emit(Op::POP_TOP, expr.loc);
        Ok(())
    }

    fn check_annotation_index(&mut self, index: &'a Expr) -> Result<()> {
        match &index.node {
            ExprKind::Slice { lower, upper, step } => {
                for part in [lower, upper, step].into_iter().flatten() {
                    self.check_annotation(part)?;
                }
                Ok(())
            }
            ExprKind::Tuple { elts, .. } => elts.iter().try_for_each(|elt| self.check_annotation_index(elt)),
            _ => self.check_annotation(index),
        }
    }

    /// Notes an annotation for the end of the body. In a module, which may be run in part, and in statements that may
    /// not be run, it counts only once its place has been passed.
    fn defer_annotation(&mut self, stmt: &'a Stmt, kind: UnitKind, loc: Location) {
        let is_conditional = kind == UnitKind::Module || self.unit_ref().conditional_depth > 0;
        let unit = self.unit();
        let condition = is_conditional.then(|| {
            unit.next_condition += 1;
            unit.next_condition - 1
        });
        unit.deferred_annotations.push(DeferredAnnotation { stmt, condition });
        let Some(condition) = condition else { return };
        let conditions = self.known.conditional_annotations;
        if kind == UnitKind::Class {
            let cell = self.unit_cell(conditions);
            self.emit_i(Op::LOAD_DEREF, cell, loc);
        } else {
            self.emit_name(Op::LOAD_NAME, conditions, loc);
        }
        self.load_const(Constant::Int(condition.into()), loc);
        self.emit_i(Op::SET_ADD, 1, loc);
        self.emit(Op::POP_TOP, loc);
    }

    /// Makes the `__annotate__` function of a module or class. A module's is made before anything else is run.
    pub(super) fn deferred_annotations(&mut self, loc: Location) -> Result<()> {
        let deferred = std::mem::take(&mut self.unit().deferred_annotations);
        if deferred.is_empty() {
            return Ok(());
        }
        let kind = self.unit_ref().kind;
        if kind == UnitKind::Module {
            let unit = self.unit();
            unit.stashed_seq = Some(std::mem::take(&mut unit.seq));
        }
        let is_class = self.block().kind == BlockKind::Class;
        let block = self.block().annotation_block.expect("a deferred annotation has a block");
        self.enter_annotations_scope(self.known.annotate, block, loc)?;
        self.deferred_annotations_body(&deferred, kind, loc)?;
        self.leave_annotations_scope(loc);
        let name = if is_class { self.known.annotate_func } else { self.known.annotate };
        self.store_name(name, loc)?;
        let unit = self.unit();
        if let Some(seq) = unit.stashed_seq.take() {
            let annotations = std::mem::replace(&mut unit.seq, seq);
            unit.seq.annotations = Some(Box::new(annotations));
        }
        Ok(())
    }

    fn deferred_annotations_body(
        &mut self,
        deferred: &[DeferredAnnotation<'a>],
        outer_kind: UnitKind,
        loc: Location,
    ) -> Result<()> {
        self.emit_i(Op::BUILD_MAP, 0, loc);
        for deferred in deferred {
            let stmt_loc = deferred.stmt.loc;
            let StmtKind::AnnAssign { target, annotation, .. } = &deferred.stmt.node else { continue };
            let ExprKind::Name { id, .. } = target.node else { continue };
            let mangled = self.mangle(id);
            let not_set = self.new_label();
            if let Some(condition) = deferred.condition {
                self.load_const(Constant::Int(condition.into()), stmt_loc);
                let conditions = self.known.conditional_annotations;
                if outer_kind == UnitKind::Class {
                    let free = self.unit_free(conditions);
                    self.emit_i(Op::LOAD_DEREF, free, stmt_loc);
                } else {
                    let index = self.unit().names.add(conditions);
                    self.emit_i(Op::LOAD_GLOBAL, index << 1, stmt_loc);
                }
                self.emit_i(Op::CONTAINS_OP, 0, stmt_loc);
                self.emit_jump(Op::POP_JUMP_IF_FALSE, not_set, stmt_loc);
            }
            self.expr(annotation)?;
            self.emit_i(Op::COPY, 2, stmt_loc);
            self.load_const(self.name_constant(mangled), stmt_loc);
            self.emit(Op::STORE_SUBSCR, loc);
            self.place(not_set);
        }
        Ok(())
    }
}
