//! Operations that the library's `_pydecimal` does: operands go there and results come back.

use super::context::{This, rounding_name};
use super::convert::wrap;
use super::number::{Kind, Number, Rules, status};
use super::signals::SIGNALS;
use super::text;
use dashu_int::UBig;
use runtime::prelude::*;

fn member(cx: &mut Cx, name: &str) -> PyResult {
    runtime::import::import_attr(cx, "_pydecimal", name)
}

/// A number as the library's Decimal.
pub fn export(cx: &mut Cx, number: &Number) -> PyResult {
    let make = member(cx, "_dec_from_triple")?;
    let sign = Int::from_len(usize::from(number.negative)).value();
    let digits = match number.kind {
        Kind::Finite => text::coefficient_text(&number.coefficient),
        Kind::Infinite => "0".to_owned(),
        Kind::Quiet | Kind::Signaling if number.coefficient.is_zero() => String::new(),
        Kind::Quiet | Kind::Signaling => text::coefficient_text(&number.coefficient),
    };
    let digits = cx.heap.str(&digits);
    let exponent = match number.kind {
        Kind::Finite => BigInt::from_i64(&mut cx.heap, number.exponent),
        Kind::Infinite => cx.heap.str("F"),
        Kind::Quiet => cx.heap.str("n"),
        Kind::Signaling => cx.heap.str("N"),
    };
    call(cx, make, &[sign, digits, exponent, Value::bool(!number.is_finite())])
}

fn attribute(cx: &mut Cx, object: Value, name: &str) -> PyResult<Option<Value>> {
    let name = cx.heap.intern(name);
    get_attr_opt(cx, object, name)
}

/// The library's Decimal as a number; `None` for other objects.
fn import(cx: &mut Cx, value: Value) -> PyResult<Option<Number>> {
    let Some(digits) = attribute(cx, value, "_int")? else { return Ok(None) };
    let sign = attribute(cx, value, "_sign")?.unwrap_or(Value::NONE);
    let exponent = attribute(cx, value, "_exp")?.unwrap_or(Value::NONE);
    let negative = is_true(cx, sign)?;
    let coefficient =
        digits.downcast::<Str>().and_then(|digits| digits.as_ascii().and_then(text::digits)).unwrap_or(UBig::ZERO);
    let (kind, exponent) = match exponent.downcast::<Str>().and_then(|text| text.as_ascii().map(str::to_owned)) {
        Some(mark) => match &*mark {
            "F" => (Kind::Infinite, 0),
            "N" => (Kind::Signaling, 0),
            _ => (Kind::Quiet, 0),
        },
        None => (Kind::Finite, runtime::number::as_i64(cx, exponent)?),
    };
    Ok(Some(Number { negative, kind, coefficient, exponent }))
}

/// A context of the library's that traps nothing.
fn export_context(cx: &mut Cx, context: This, rules: Rules) -> PyResult {
    let class = member(cx, "Context")?;
    let Rules { prec, rounding, emin, emax, clamp } = rules;
    let numbers = [prec, emin, emax, i64::from(context.capitals.get()), i64::from(clamp)];
    let [prec, emin, emax, capitals, clamp] = numbers.map(|n| BigInt::from_i64(&mut cx.heap, n));
    let rounding = cx.heap.intern(rounding_name(rounding)).value();
    let (flags, traps) = (List::empty(&mut cx.heap).value(), List::empty(&mut cx.heap).value());
    call(cx, class, &[prec, rounding, emin, emax, capitals, clamp, flags, traps])
}

/// What the library noted in its context.
fn happened(cx: &mut Cx, exported: Value) -> PyResult<u32> {
    let Some(flags) = attribute(cx, exported, "flags")? else { return Ok(0) };
    let mut bits = 0;
    for signal in &SIGNALS {
        let class = member(cx, signal.name)?;
        let flag = get_item(cx, flags, class)?;
        if is_true(cx, flag)? {
            bits |= signal.bit;
        }
    }
    Ok(bits)
}

/// Call a method of the first operand and note what happened.
fn invoke(cx: &mut Cx, name: &str, context: This, rules: Rules, values: &[Value]) -> PyResult {
    let exported = export_context(cx, context, rules)?;
    let method = cx.heap.intern(name);
    let method = get_attr(cx, values[0], method)?;
    let keyword = cx.heap.intern("context").value();
    let names = cx.heap.tuple(&[keyword]);
    let all = cx.vm().root_vec();
    values[1..].iter().for_each(|&value| all.push(value));
    all.push(exported);
    let all = Tuple::from_fn(&mut cx.heap, all.len(), |i| all.get(i)).or_raise(cx)?;
    let result = call_args(cx, method, Args::new(all.as_slice(), Some(names)))?;
    let bits = happened(cx, exported)?;
    context.note(cx, bits & !status::FLOAT_OPERATION)?;
    match import(cx, result)? {
        Some(number) => wrap(cx, number),
        None => Ok(result),
    }
}

pub fn run(cx: &mut Cx, name: &str, context: This, rules: Rules, operands: &[Number]) -> PyResult {
    let values = cx.vm().root_vec();
    for operand in operands {
        let value = export(cx, operand)?;
        values.push(value);
    }
    let values = Tuple::from_fn(&mut cx.heap, values.len(), |i| values.get(i)).or_raise(cx)?;
    invoke(cx, name, context, rules, values.as_slice())
}

pub fn power(cx: &mut Cx, context: This, a: &Number, b: &Number, modulus: Option<&Number>) -> PyResult {
    let (a, b) = (export(cx, a)?, export(cx, b)?);
    let modulus = match modulus {
        Some(modulus) => export(cx, modulus)?,
        None => Value::NONE,
    };
    invoke(cx, "__pow__", context, context.rules.get(), &[a, b, modulus])
}

/// `format(number, spec)`.
pub fn format(cx: &mut Cx, number: &Number, spec: Value, context: This) -> PyResult {
    let value = export(cx, number)?;
    invoke(cx, "__format__", context, context.rules.get(), &[value, spec])
}
