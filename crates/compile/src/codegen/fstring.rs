//! f-strings and t-strings.

use bytecode::Constant;
use syntax::ast::*;

use super::names::Fetch;
use super::{Compiler, Result, STACK_USE_GUIDELINE};
use crate::op::{NB_INPLACE, Op};

impl<'a> Compiler<'a> {
    pub(super) fn joined_str(&mut self, values: &'a [Expr], loc: Location) -> Result<()> {
        let n = values.len();
        if n > STACK_USE_GUIDELINE {
            self.load_const(Constant::str(""), loc);
            self.emit_fetch(Fetch::Method, self.known.join, loc);
            self.emit_i(Op::BUILD_LIST, 0, loc);
            for value in values {
                self.expr(value)?;
                self.emit_i(Op::LIST_APPEND, 1, loc);
            }
            self.emit_i(Op::CALL, 1, loc);
            return Ok(());
        }
        self.exprs(values)?;
        match n {
            0 => self.load_const(Constant::str(""), loc),
            1 => {}
            _ => self.emit_i(Op::BUILD_STRING, n as u32, loc),
        }
        Ok(())
    }

    pub(super) fn formatted_value(
        &mut self,
        value: &'a Expr,
        conversion: Conversion,
        format_spec: Option<&'a Expr>,
        loc: Location,
    ) -> Result<()> {
        self.expr(value)?;
        if conversion != Conversion::None {
            self.emit_i(Op::CONVERT_VALUE, conversion_operand(conversion), loc);
        }
        match format_spec {
            Some(spec) => {
                self.expr(spec)?;
                self.emit(Op::FORMAT_WITH_SPEC, loc);
            }
            None => self.emit(Op::FORMAT_SIMPLE, loc),
        }
        Ok(())
    }

    pub(super) fn interpolation(
        &mut self,
        value: &'a Expr,
        text: &Constant,
        conversion: Conversion,
        format_spec: Option<&'a Expr>,
        loc: Location,
    ) -> Result<()> {
        self.expr(value)?;
        self.load_const(text.clone(), loc);
        let mut operand = 2 | conversion_operand(conversion) << 2;
        if let Some(spec) = format_spec {
            operand |= 1;
            self.expr(spec)?;
        }
        self.emit_i(Op::BUILD_INTERPOLATION, operand, loc);
        Ok(())
    }

    /// A tuple of the texts, with an empty one between and around interpolations, and a tuple of the interpolations.
    pub(super) fn template_str(&mut self, values: &'a [Expr], loc: Location) -> Result<()> {
        let is_interpolation = |value: &Expr| matches!(value.node, ExprKind::Interpolation { .. });
        let mut n_strings = 0;
        let mut last_was_interpolation = true;
        let mut rest = values.iter().peekable();
        while let Some(value) = rest.next() {
            if is_interpolation(value) {
                if last_was_interpolation {
                    self.load_const(Constant::str(""), loc);
                    n_strings += 1;
                }
                last_was_interpolation = true;
                continue;
            }
            self.expr(value)?;
            while let Some(value) = rest.next_if(|value| !is_interpolation(value)) {
                self.expr(value)?;
                self.emit_i(Op::BINARY_OP, NB_INPLACE, loc);
            }
            n_strings += 1;
            last_was_interpolation = false;
        }
        if last_was_interpolation {
            self.load_const(Constant::str(""), loc);
            n_strings += 1;
        }
        self.emit_i(Op::BUILD_TUPLE, n_strings, loc);
        let mut n_interpolations = 0;
        for value in values.iter().filter(|value| is_interpolation(value)) {
            self.expr(value)?;
            n_interpolations += 1;
        }
        self.emit_i(Op::BUILD_TUPLE, n_interpolations, loc);
        self.emit(Op::BUILD_TEMPLATE, loc);
        Ok(())
    }
}

fn conversion_operand(conversion: Conversion) -> u32 {
    match conversion {
        Conversion::None => 0,
        Conversion::Str => 1,
        Conversion::Repr => 2,
        Conversion::Ascii => 3,
    }
}
