//! `datetime.time`: a time of day, with or without a time zone.

use super::calendar::{Clock, Day};
use super::date::{invalid_iso, iso_text};
use super::delta::{Span, span_of_micros};
use super::zone;
use super::{
    bind_new, c_int, check_clock, check_fold, check_zone, format, invoke, ordering_result, parse, pickle_state,
    replaced, str_argument, timed,
};
use crate::classes::add_members;
use runtime::native::new_native;
use runtime::prelude::*;
use std::cell::Cell;
use std::cmp::Ordering;

#[derive(Trace)]
pub struct Time {
    #[trace(skip)]
    pub clock: Clock,
    #[trace(skip)]
    pub fold: Cell<u8>,
    /// None or a tzinfo.
    pub zone: Slot,
    #[trace(skip)]
    hash: Cell<Option<i64>>,
}

impl NativeData for Time {
    const NAME: &'static str = "datetime.time";
}

pub type This = Gc<Native<Time>>;

fn make(cx: &mut Cx, class: Gc<Class>, clock: Clock, fold: u8, zone: Value) -> This {
    new_native(cx, class, Time { clock, fold: Cell::new(fold), zone: Slot::new(zone), hash: Cell::new(None) })
}

/// A `datetime.time`.
pub fn exact(cx: &mut Cx, clock: Clock, fold: u8, zone: Value) -> PyResult<This> {
    let class = class_of_spec(cx, &class::SPEC)?;
    Ok(make(cx, class, clock, fold, zone))
}

/// An instance of a class of times, made by calling it unless it is `time` itself.
fn of_class(cx: &mut Cx, class: Gc<Class>, clock: Clock, fold: u8, zone: Value) -> PyResult {
    if class == class_of_spec(cx, &class::SPEC)? {
        return Ok(make(cx, class, clock, fold, zone).value());
    }
    let [hour, minute, second, micro] = clock_values(cx, clock);
    let made = call(cx, class.value(), &[hour, minute, second, micro, zone])?;
    if let Some(time) = made.cast::<Native<Time>>() {
        time.fold.set(fold);
    }
    Ok(made)
}

pub fn clock_values(cx: &mut Cx, clock: Clock) -> [Value; 4] {
    [i64::from(clock.hour), i64::from(clock.minute), i64::from(clock.second), i64::from(clock.micro)]
        .map(|n| BigInt::from_i64(&mut cx.heap, n))
}

/// The state of pickles: a byte each for hour, minute and second, three for the microsecond.
pub fn state(clock: Clock) -> [u8; 6] {
    let Clock { hour, minute, second, micro } = clock;
    [hour, minute, second, (micro >> 16) as u8, (micro >> 8) as u8, micro as u8]
}

pub fn clock_of_state(state: &[u8]) -> Clock {
    let micro = u32::from(state[3]) << 16 | u32::from(state[4]) << 8 | u32::from(state[5]);
    Clock { hour: state[0], minute: state[1], second: state[2], micro }
}

/// The time zone of a pickle's state.
pub fn state_zone(cx: &mut Cx, value: Option<&Value>) -> PyResult {
    match value {
        None => Ok(Value::NONE),
        Some(&zone) if zone.is_none() || zone::is_zone(zone) => Ok(zone),
        Some(_) => Err(type_error(cx, "bad tzinfo state arg")),
    }
}

/// The time of a parsed text; 24:00 is the start of the next day, of which the result tells.
pub fn clock_of_parsed(cx: &mut Cx, parsed: parse::Time) -> PyResult<(Clock, bool)> {
    let [hour, minute, second, micro] = parsed.parts;
    if hour == 24 {
        if (minute, second, micro) != (0, 0, 0) {
            return Err(value_error(cx, "minute, second, and microsecond must be 0 when hour is 24"));
        }
        return Ok((Clock::default(), true));
    }
    Ok((check_clock(cx, parsed.parts)?, false))
}

/// The time zone of a parsed text.
pub fn zone_of_parsed(cx: &mut Cx, parsed: parse::Time) -> PyResult {
    match parsed.offset {
        None => Ok(Value::NONE),
        Some(micros) => {
            let span = span_of_micros(cx, i128::from(micros))?;
            zone::new_timezone(cx, span, Value::UNBOUND)
        }
    }
}

/// The offset of a time's zone, which is asked without a date.
fn offset_of(cx: &mut Cx, this: This) -> PyResult<Option<Span>> {
    zone::utc_offset(cx, this.zone.get(), Value::NONE)
}

/// Microseconds since midnight in UTC.
fn utc_micros(this: This, offset: Span) -> i128 {
    i128::from(this.clock.seconds()) * 1_000_000 + i128::from(this.clock.micro) - offset.total_micros()
}

/// What a flag of the comparison asks whose zones differ: is the time one that occurs twice?
fn is_ambiguous(cx: &mut Cx, this: This, offset: Option<Span>) -> PyResult<bool> {
    let other = exact(cx, this.clock, 1 - this.fold.get(), this.zone.get())?;
    Ok(offset_of(cx, other)? != offset)
}

#[native_class(
    name = "time",
    module = "datetime",
    layout = Native<Time>,
    flags = BASETYPE,
    doc = "time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object\n\nAll arguments are optional. tzinfo may be None, or an instance of\na tzinfo subclass. The remaining arguments may be ints.\n"
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<This> {
        let positional = args.positional();
        if matches!(args.values().len(), 1 | 2)
            && let Some(&first) = positional.first()
            && let Some(mut state) = pickle_state(cx, first, 6, |state| state[0] & 0x7f < 24, "time")?
        {
            let zone = state_zone(cx, positional.get(1))?;
            let fold = state[0] >> 7;
            state[0] &= 0x7f;
            return Ok(make(cx, class, clock_of_state(&state), fold, zone));
        }
        let names = ["hour", "minute", "second", "microsecond", "tzinfo", "fold"];
        let [hour, minute, second, micro, zone, fold] = bind_new(cx, names, 0, 5, args)?;
        let mut parts = [0; 5];
        for (part, value) in parts.iter_mut().zip([hour, minute, second, micro, fold]) {
            if value.is_bound() {
                *part = c_int(cx, value)?;
            }
        }
        let [hour, minute, second, micro, fold] = parts;
        let clock = check_clock(cx, [hour, minute, second, micro])?;
        let fold = check_fold(cx, fold)?;
        let zone = check_zone(cx, zone)?;
        Ok(make(cx, class, clock, fold, zone))
    }

    #[slot]
    fn repr(cx: &mut Cx, this: This) -> PyResult<String> {
        let Clock { hour, minute, second, micro } = this.clock;
        let mut text = format!("{}({hour}, {minute}", type_name(cx, this.value()));
        if micro != 0 {
            text += &format!(", {second}, {micro}");
        } else if second != 0 {
            text += &format!(", {second}");
        }
        if !this.zone.get().is_none() {
            let zone = repr_of(cx, this.zone.get())?;
            text += &format!(", tzinfo={zone}");
        }
        if this.fold.get() == 1 {
            text += ", fold=1";
        }
        text.push(')');
        Ok(text)
    }

    #[slot]
    fn str(cx: &mut Cx, this: This) -> PyResult {
        invoke(cx, this.value(), "isoformat", &[])
    }

    #[slot]
    fn hash(cx: &mut Cx, this: This) -> PyResult<i64> {
        if let Some(hash) = this.hash.get() {
            return Ok(hash);
        }
        let unfolded = if this.fold.get() == 0 { this } else { exact(cx, this.clock, 0, this.zone.get())? };
        let hash = match offset_of(cx, unfolded)? {
            None => object::hash::hash_bytes(&state(this.clock)),
            Some(offset) => {
                let span = span_of_micros(cx, utc_micros(this, offset))?;
                super::super::delta::hash_span(cx, span)?
            }
        };
        this.hash.set(Some(hash));
        Ok(hash)
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: This, other: Value, op: CompareOp) -> PyResult {
        let Some(other) = other.cast::<Native<Time>>() else { return Ok(Value::NOT_IMPLEMENTED) };
        let same_clock = this.clock.cmp(&other.clock);
        if this.zone.get().is(other.zone.get()) {
            return Ok(ordering_result(same_clock, op));
        }
        let (a, b) = (offset_of(cx, this)?, offset_of(cx, other)?);
        let ordering = match (a, b) {
            (a, b) if a == b => same_clock,
            (Some(a), Some(b)) => utc_micros(this, a).cmp(&utc_micros(other, b)),
            _ => {
                return match op {
                    CompareOp::Eq => Ok(Value::FALSE),
                    CompareOp::Ne => Ok(Value::TRUE),
                    _ => Err(type_error(cx, "can't compare offset-naive and offset-aware times")),
                };
            }
        };
        let is_equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
        if is_equality && ordering.is_eq() && (is_ambiguous(cx, this, a)? || is_ambiguous(cx, other, b)?) {
            return Ok(ordering_result(Ordering::Greater, op));
        }
        Ok(ordering_result(ordering, op))
    }

    /// Parse string according to the given time format (like time.strptime()).
    ///
    /// For a list of supported format codes, see the documentation:
    ///     https://docs.python.org/3/library/datetime.html#format-codes
    #[classmethod("strptime($type, string, format, /)")]
    fn strptime(cx: &mut Cx, class: Gc<Class>, string: Gc<Str>, format: Gc<Str>) -> PyResult {
        let parse = runtime::import::import_attr(cx, "_strptime", "_strptime_datetime_time")?;
        call(cx, parse, &[class.value(), string.value(), format.value()])
    }

    /// Construct a time from a string in ISO 8601 format.
    #[classmethod("fromisoformat($type, string, /)")]
    fn fromisoformat(cx: &mut Cx, class: Gc<Class>, string: Value) -> PyResult {
        let text = iso_text(cx, string)?;
        let points: Vec<u32> = text.iter().collect();
        let points = points.strip_prefix(&[u32::from('T')]).unwrap_or(&points);
        let Some(parsed) = parse::time(points) else { return Err(invalid_iso(cx, string)) };
        let (clock, _) = clock_of_parsed(cx, parsed)?;
        let zone = zone_of_parsed(cx, parsed)?;
        of_class(cx, class, clock, 0, zone)
    }

    /// Return the time formatted according to ISO.
    ///
    /// The full format is 'HH:MM:SS.mmmmmm+zz:zz'. By default, the fractional
    /// part is omitted if self.microsecond == 0.
    ///
    /// The optional argument timespec specifies the number of additional
    /// terms of the time to include. Valid options are 'auto', 'hours',
    /// 'minutes', 'seconds', 'milliseconds' and 'microseconds'.
    #[method("isoformat($self, /, timespec='auto')")]
    fn isoformat(cx: &mut Cx, this: This, timespec: Option<Gc<Str>>) -> PyResult<String> {
        let mut text = format::clock_text(cx, this.clock, timespec)?;
        text += &format::zone_text(cx, this.zone.get(), Value::NONE)?;
        Ok(text)
    }

    /// Format using strftime().
    ///
    /// The date part of the timestamp passed to underlying strftime should not be used.
    ///
    /// For a list of supported format codes, see the documentation:
    ///     https://docs.python.org/3/library/datetime.html#format-codes
    #[method("strftime($self, /, format)")]
    fn strftime(cx: &mut Cx, this: This, format: Value) -> PyResult<Gc<Str>> {
        let format = str_argument(cx, "strftime", 1, format)?;
        let day = Day { year: 1900, month: 1, day: 1 };
        let [year, month, day] = super::super::date::day_values(cx, day);
        let [hour, minute, second, _] = clock_values(cx, this.clock);
        let (zero, one) = (Int::ZERO.value(), Int::from_len(1).value());
        let unknown = BigInt::from_i64(&mut cx.heap, -1);
        let tuple = cx.heap.tuple(&[year, month, day, hour, minute, second, zero, one, unknown]).value();
        let source =
            format::Source { year: 1900, micro: this.clock.micro, zone: this.zone.get(), argument: Value::NONE, tuple };
        format::strftime(cx, format, source)
    }

    /// Formats self with strftime.
    #[method("__format__($self, format, /)")]
    fn format(cx: &mut Cx, this: This, format: Value) -> PyResult {
        let format = str_argument(cx, "__format__", 1, format)?;
        format::format(cx, this.value(), format)
    }

    /// Return time with new specified fields.
    #[method(
        "replace($self, /, hour=unchanged, minute=unchanged, second=unchanged, microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)"
    )]
    #[allow(clippy::too_many_arguments, reason = "the parameters of the Python method")]
    fn replace(
        cx: &mut Cx,
        this: This,
        hour: Option<i32>,
        minute: Option<i32>,
        second: Option<i32>,
        microsecond: Option<i32>,
        tzinfo: Option<Value>,
        fold: Option<i32>,
    ) -> PyResult {
        let old = this.clock;
        let parts = [
            hour.map_or(i64::from(old.hour), i64::from),
            minute.map_or(i64::from(old.minute), i64::from),
            second.map_or(i64::from(old.second), i64::from),
            microsecond.map_or(i64::from(old.micro), i64::from),
        ];
        let clock = check_clock(cx, parts)?;
        let fold = check_fold(cx, fold.map_or(i64::from(this.fold.get()), i64::from))?;
        let zone = check_zone(cx, tzinfo.unwrap_or(this.zone.get()))?;
        let class = cx.class_of(this.value());
        of_class(cx, class, clock, fold, zone)
    }

    /// The same as replace().
    #[method(raw, "__replace__($self, /, **changes)")]
    fn replace_dunder(cx: &mut Cx, this: This, args: Args<'_>) -> PyResult {
        replaced(cx, &SPEC, this.value(), args)
    }

    #[init]
    fn init_class(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        let last = Clock { hour: 23, minute: 59, second: 59, micro: 999_999 };
        for (name, clock) in [("min", Clock::default()), ("max", last)] {
            let time = make(cx, class, clock, 0, Value::NONE);
            super::super::set_class_attr(cx, class, name, time.value())?;
        }
        let resolution = super::super::delta::new_delta(cx, Span { days: 0, seconds: 0, micros: 1 })?;
        super::super::set_class_attr(cx, class, "resolution", resolution.value())?;
        add_members(cx, class, &[&timed::members::SPEC])
    }
}
