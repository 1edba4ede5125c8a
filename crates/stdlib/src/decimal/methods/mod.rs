//! The methods that carry out operations: added to `Decimal` and to `Context`.
//!
//! Each is one line over `operation`; they are here so that the classes' own files stay readable.

mod of_context;
mod of_decimal;

use super::class::{Decimal, This, by_method, by_rounding};
use super::context::{self, Context};
use super::convert::{self, expect_operand, wrap};
use super::number::{Kind, Number, status};
use super::operation::{self, Op, by_context};
use super::text;
use runtime::prelude::*;

pub fn add_to_decimal(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
    crate::classes::add_members(cx, class, &[&of_decimal::class::SPEC])
}

pub fn add_to_context(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
    crate::classes::add_members(cx, class, &[&of_context::class::SPEC])
}

fn is_normal(number: &Number, context: context::This) -> bool {
    number.is_finite() && !number.is_zero() && number.adjusted() >= context.rules.get().emin
}

fn is_subnormal(number: &Number, context: context::This) -> bool {
    number.is_finite() && !number.is_zero() && number.adjusted() < context.rules.get().emin
}

/// A number as a context's text.
fn shown(number: &Number, context: context::This, engineering: bool) -> String {
    text::to_text(number, engineering, context.capitals.get())
}

/// The sign of `b` on `a`.
fn with_sign(a: Number, b: &Number) -> Number {
    Number { negative: b.negative, ..a }
}

fn same_quantum(a: &Number, b: &Number) -> bool {
    match (a.is_finite(), b.is_finite()) {
        (true, true) => a.exponent == b.exponent,
        _ => a.is_nan() && b.is_nan() || a.is_infinite() && b.is_infinite(),
    }
}

/// What a context makes of a value: by its rules, with a NaN's payload that is too long refused.
fn create(cx: &mut Cx, context: context::This, number: Number) -> PyResult {
    let rules = context.rules.get();
    if number.is_nan() && number.digits() > rules.prec - i64::from(rules.clamp) && !number.coefficient.is_zero() {
        context.note(cx, status::CONVERSION_SYNTAX)?;
        return wrap(cx, Number::nan());
    }
    let mut happened = 0;
    let number = number.finish(&rules, &mut happened);
    context.note(cx, happened)?;
    wrap(cx, number)
}
