//! `_datetime`: dates, times, the spans between them, and time zones.
//!
//! `calendar` is the arithmetic, `delta`, `date`, `time`, `moment` (dates with times) and `zone` are the classes, `timed`
//! what two of them share, `parse` and `format` their texts, `local` the system's time zone.

mod calendar;
mod date;
mod delta;
mod format;
mod local;
mod moment;
mod parse;
mod time;
mod timed;
mod zone;

use calendar::{Clock, Day, MAX_YEAR, MIN_YEAR, days_in_month};
use runtime::native::{add_class, call_native};
use runtime::prelude::*;
use std::cmp::Ordering;

/// The answer of a comparison.
fn ordering_result(ordering: Ordering, op: CompareOp) -> Value {
    Value::bool(match op {
        CompareOp::Lt => ordering.is_lt(),
        CompareOp::Le => ordering.is_le(),
        CompareOp::Eq => ordering.is_eq(),
        CompareOp::Ne => ordering.is_ne(),
        CompareOp::Gt => ordering.is_gt(),
        CompareOp::Ge => ordering.is_ge(),
    })
}

fn set_class_attr(cx: &mut Cx, class: Gc<Class>, name: &str, value: Value) -> PyResult<()> {
    let name = cx.heap.intern(name);
    match class.dict.get() {
        Some(dict) => dict.set_str(&mut cx.heap, name, value).or_raise(cx),
        None => Ok(()),
    }
}

/// A text that Python code finds under `name`, called with `args`.
fn invoke(cx: &mut Cx, object: Value, name: &str, args: &[Value]) -> PyResult {
    let name = cx.heap.intern(name);
    call_method(cx, object, name, args)
}

/// `__replace__` of a class: its own `replace`, whatever a subclass makes of that name.
fn replaced(cx: &mut Cx, spec: &'static TypeSpec, this: Value, args: Args<'_>) -> PyResult {
    let replace = spec.methods.iter().find(|def| def.name == "replace").expect("each class with this method has one");
    call_native(cx, replace, Some(this), args)
}

/// A constructor's int, with the range errors of the C type `int`.
fn c_int(cx: &mut Cx, value: Value) -> PyResult<i64> {
    let value = index_value(cx, value)?;
    let number = runtime::number::Num::of(value).and_then(|n| n.to_i64());
    let Some(number) = number else {
        return Err(overflow_error(cx, "Python int too large to convert to C long"));
    };
    if number > i64::from(i32::MAX) {
        return Err(overflow_error(cx, "signed integer is greater than maximum"));
    }
    if number < i64::from(i32::MIN) {
        return Err(overflow_error(cx, "signed integer is less than minimum"));
    }
    Ok(number)
}

/// A day of these numbers.
fn check_day(cx: &mut Cx, year: i64, month: i64, day: i64) -> PyResult<Day> {
    if !(i64::from(MIN_YEAR)..=i64::from(MAX_YEAR)).contains(&year) {
        return Err(value_error(cx, format_args!("year must be in {MIN_YEAR}..{MAX_YEAR}, not {year}")));
    }
    if !(1..=12).contains(&month) {
        return Err(value_error(cx, format_args!("month must be in 1..12, not {month}")));
    }
    let (year, month) = (year as i32, month as u8);
    let n_days = days_in_month(year, month);
    if !(1..=i64::from(n_days)).contains(&day) {
        let message = format!("day {day} must be in range 1..{n_days} for month {month} in year {year}");
        return Err(value_error(cx, message));
    }
    Ok(Day { year, month, day: day as u8 })
}

/// A time of day of these numbers: hour, minute, second, microsecond.
fn check_clock(cx: &mut Cx, parts: [i64; 4]) -> PyResult<Clock> {
    for (name, value, max) in
        [("hour", parts[0], 23), ("minute", parts[1], 59), ("second", parts[2], 59), ("microsecond", parts[3], 999_999)]
    {
        if !(0..=max).contains(&value) {
            return Err(value_error(cx, format_args!("{name} must be in 0..{max}, not {value}")));
        }
    }
    let [hour, minute, second, micro] = parts;
    Ok(Clock { hour: hour as u8, minute: minute as u8, second: second as u8, micro: micro as u32 })
}

fn check_fold(cx: &mut Cx, fold: i64) -> PyResult<u8> {
    match fold {
        0 | 1 => Ok(fold as u8),
        _ => Err(value_error(cx, format_args!("fold must be either 0 or 1, not {fold}"))),
    }
}

/// A str argument, numbered in the message.
fn str_argument(cx: &mut Cx, function: &str, position: usize, value: Value) -> PyResult<Gc<Str>> {
    match value.downcast::<Str>() {
        Some(text) => Ok(text),
        None => {
            let name = if value.is_none() { "None".to_owned() } else { type_name(cx, value) };
            Err(type_error(cx, format_args!("{function}() argument {position} must be str, not {name}")))
        }
    }
}

/// `None` or an instance of tzinfo; UNBOUND counts as None.
fn check_zone(cx: &mut Cx, value: Value) -> PyResult {
    if value.is_unbound() {
        return Ok(Value::NONE);
    }
    if value.is_none() || zone::is_zone(value) {
        return Ok(value);
    }
    let name = type_name(cx, value);
    Err(type_error(cx, format_args!("tzinfo argument must be None or of a tzinfo subclass, not type '{name}'")))
}

/// Arguments of a constructor: the first `required` of `names` must be there, the first `n_positional` may be given by
/// position.
fn bind_new<const N: usize>(
    cx: &mut Cx,
    names: [&str; N],
    required: usize,
    n_positional: usize,
    args: Args<'_>,
) -> PyResult<[Value; N]> {
    let mut values = [Value::UNBOUND; N];
    let positional = args.positional();
    let given = args.values().len();
    if given > N {
        let keyword = if positional.is_empty() { "keyword " } else { "" };
        return Err(type_error(cx, format_args!("function takes at most {N} {keyword}arguments ({given} given)")));
    }
    if positional.len() > n_positional {
        let given = positional.len();
        let message = format!("function takes at most {n_positional} positional arguments ({given} given)");
        return Err(type_error(cx, message));
    }
    values[..positional.len()].copy_from_slice(positional);
    let mut unknown = None;
    let mut twice = None;
    for (name, value) in args.keywords() {
        match names.iter().position(|known| name.eq_str(known)) {
            None => unknown = unknown.or(Some(name)),
            Some(i) if i < positional.len() => twice = twice.or(Some(i)),
            Some(i) => values[i] = value,
        }
    }
    if let Some(i) = values[..required].iter().position(|value| value.is_unbound()) {
        // Arguments are converted in their order, each before the next one is missed.
        for &value in values[..i].iter().filter(|value| value.is_bound()) {
            c_int(cx, value)?;
        }
        let name = names[i];
        return Err(type_error(cx, format_args!("function missing required argument '{name}' (pos {})", i + 1)));
    }
    if let Some(i) = twice {
        let name = names[i];
        let message = format!("argument for function given by name ('{name}') and position ({})", i + 1);
        return Err(type_error(cx, message));
    }
    match unknown {
        None => Ok(values),
        Some(name) => Err(type_error(cx, format_args!("this function got an unexpected keyword argument '{name}'"))),
    }
}

/// The bytes of a pickle's state: `bytes`, or `str` that old pickles were decoded to, of the length; `None` when `value`
/// is no such thing or its byte at `place` is not `sane`.
fn pickle_state(
    cx: &mut Cx,
    value: Value,
    length: usize,
    sane: fn(&[u32]) -> bool,
    what: &str,
) -> PyResult<Option<Vec<u8>>> {
    if let Some(bytes) = value.downcast::<Bytes>().filter(|bytes| bytes.len() == length) {
        let points: Vec<u32> = bytes.as_slice().iter().map(|&b| u32::from(b)).collect();
        return Ok(sane(&points).then(|| bytes.as_slice().to_vec()));
    }
    let Some(text) = value.downcast::<Str>().filter(|text| text.len() == length) else { return Ok(None) };
    let points: Vec<u32> = text.iter().collect();
    if !sane(&points) {
        return Ok(None);
    }
    match points.iter().map(|&c| u8::try_from(c).ok()).collect() {
        Some(bytes) => Ok(Some(bytes)),
        None => {
            let message = format!(
                "Failed to encode latin1 string when unpickling a {what} object. \
                 pickle.load(data, encoding='latin1') is assumed."
            );
            Err(value_error(cx, message))
        }
    }
}

#[macros::native_module(name = "_datetime", doc = "Fast implementation of the datetime module.")]
pub mod module {
    use super::*;

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        add_class(cx, module, &date::class::SPEC)?;
        add_class(cx, module, &moment::class::SPEC)?;
        add_class(cx, module, &super::time::class::SPEC)?;
        add_class(cx, module, &delta::class::SPEC)?;
        add_class(cx, module, &zone::base::SPEC)?;
        add_class(cx, module, &zone::class::SPEC)?;
        let utc = zone::utc(cx)?;
        set_module_attr(cx, module, "UTC", utc)?;
        for (name, year) in [("MINYEAR", MIN_YEAR), ("MAXYEAR", MAX_YEAR)] {
            set_module_attr(cx, module, name, Int::from_len(year as usize).value())?;
        }
        Ok(())
    }
}
