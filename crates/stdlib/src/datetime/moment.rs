//! `datetime.datetime`: a date and a time, with or without a time zone.

use super::calendar::{Clock, Day, MAX_ORDINAL, MICROS_A_SECOND, SECONDS_A_DAY};
use super::date::{day_of_parsed, day_of_state, day_values, invalid_iso, iso_text, time_tuple};
use super::delta::{Span, delta_of_micros, span_of, span_of_micros};
use super::time::{Time, clock_of_parsed, clock_of_state, clock_values, state_zone, zone_of_parsed};
use super::{
    bind_new, c_int, check_clock, check_day, check_fold, check_zone, date, format, invoke, local, ordering_result,
    parse, pickle_state, replaced, time, timed, zone,
};
use crate::classes::add_members;
use runtime::native::new_native;
use runtime::prelude::*;
use std::cell::Cell;
use std::cmp::Ordering;

/// A date, or a date and a time.
#[derive(Trace)]
pub struct Moment {
    #[trace(skip)]
    pub is_datetime: bool,
    #[trace(skip)]
    pub day: Day,
    #[trace(skip)]
    pub clock: Clock,
    #[trace(skip)]
    pub fold: Cell<u8>,
    /// None or a tzinfo.
    pub zone: Slot,
    #[trace(skip)]
    hash: Cell<Option<i64>>,
}

impl NativeData for Moment {
    const NAME: &'static str = "datetime.datetime";
}

pub type This = Gc<Native<Moment>>;

/// A datetime; not a date.
pub fn of(value: Value) -> Option<This> {
    value.cast::<Native<Moment>>().filter(|moment| moment.is_datetime)
}

pub fn make(cx: &mut Cx, class: Gc<Class>, is_datetime: bool, day: Day, clock: Clock, fold: u8, zone: Value) -> This {
    let (fold, zone, hash) = (Cell::new(fold), Slot::new(zone), Cell::new(None));
    new_native(cx, class, Moment { is_datetime, day, clock, fold, zone, hash })
}

/// A `datetime.datetime`.
fn exact(cx: &mut Cx, day: Day, clock: Clock, fold: u8, zone: Value) -> PyResult<This> {
    let class = class_of_spec(cx, &class::SPEC)?;
    Ok(make(cx, class, true, day, clock, fold, zone))
}

/// An instance of a class of datetimes, made by calling it unless it is `datetime` itself.
fn of_class(cx: &mut Cx, class: Gc<Class>, day: Day, clock: Clock, fold: u8, zone: Value) -> PyResult {
    if class == class_of_spec(cx, &class::SPEC)? {
        return Ok(make(cx, class, true, day, clock, fold, zone).value());
    }
    let ([year, month, day], [hour, minute, second, micro]) = (day_values(cx, day), clock_values(cx, clock));
    let made = call(cx, class.value(), &[year, month, day, hour, minute, second, micro, zone])?;
    if let Some(moment) = of(made) {
        moment.fold.set(fold);
    }
    Ok(made)
}

/// `self.utcoffset()`.
pub fn offset_of(cx: &mut Cx, this: This) -> PyResult<Option<Span>> {
    zone::utc_offset(cx, this.zone.get(), this.value())
}

/// `self.dst()`.
pub fn dst_of(cx: &mut Cx, this: This) -> PyResult<Option<Span>> {
    zone::dst(cx, this.zone.get(), this.value())
}

/// Microseconds of the local time, from day 0 on.
fn micros(this: This) -> i128 {
    i128::from(local::seconds_of(this.day, this.clock)) * i128::from(MICROS_A_SECOND) + i128::from(this.clock.micro)
}

/// Day and time of so many microseconds; OverflowError outside the calendar.
fn at_micros(cx: &mut Cx, micros: i128) -> PyResult<(Day, Clock)> {
    let day_length = i128::from(SECONDS_A_DAY * MICROS_A_SECOND);
    let (ordinal, rest) = (micros.div_euclid(day_length), micros.rem_euclid(day_length) as i64);
    if !(1..=i128::from(MAX_ORDINAL)).contains(&ordinal) {
        return Err(overflow_error(cx, "date value out of range"));
    }
    let clock = Clock::from_seconds(rest / MICROS_A_SECOND, (rest % MICROS_A_SECOND) as u32);
    Ok((Day::from_ordinal(ordinal as i64), clock))
}

/// `datetime ± timedelta`, of the datetime's class.
pub fn add(cx: &mut Cx, this: This, span: Span, sign: i128) -> PyResult {
    let (day, clock) = at_micros(cx, micros(this) + sign * span.total_micros())?;
    let class = cx.class_of(this.value());
    of_class(cx, class, day, clock, 0, this.zone.get())
}

/// `datetime - datetime` in microseconds.
fn difference(cx: &mut Cx, left: This, right: This) -> PyResult<i128> {
    let difference = micros(left) - micros(right);
    if left.zone.get().is(right.zone.get()) {
        return Ok(difference);
    }
    match (offset_of(cx, left)?, offset_of(cx, right)?) {
        (Some(a), Some(b)) => Ok(difference - a.total_micros() + b.total_micros()),
        (None, None) => Ok(difference),
        _ => Err(type_error(cx, "can't subtract offset-naive and offset-aware datetimes")),
    }
}

/// Whether the time is one that occurs twice or never: equality with other zones' times is then left undecided.
fn is_ambiguous(cx: &mut Cx, this: This, offset: Option<Span>) -> PyResult<bool> {
    let other = exact(cx, this.day, this.clock, 1 - this.fold.get(), this.zone.get())?;
    Ok(offset_of(cx, other)? != offset)
}

/// The state of pickles: the date's and the time's.
pub fn state(this: This) -> [u8; 10] {
    let mut out = [0; 10];
    out[..4].copy_from_slice(&date::state(this.day));
    out[4..].copy_from_slice(&time::state(this.clock));
    out
}

/// A datetime at a timestamp: local time without a zone, or the zone's time.
fn at_timestamp(cx: &mut Cx, class: Gc<Class>, timestamp: i64, micro: u32, zone: Value) -> PyResult {
    let in_utc = !zone.is_none();
    let (day, clock, fold) = local::at_timestamp(cx, timestamp, micro, in_utc)?;
    let made = of_class(cx, class, day, clock, fold, zone)?;
    if in_utc { invoke(cx, zone, "fromutc", &[made]) } else { Ok(made) }
}

/// A datetime of UTC at a timestamp, naive.
fn utc_at_timestamp(cx: &mut Cx, class: Gc<Class>, timestamp: i64, micro: u32) -> PyResult {
    let (day, clock, _) = local::at_timestamp(cx, timestamp, micro, true)?;
    of_class(cx, class, day, clock, 0, Value::NONE)
}

/// The system's zone at a naive local time.
fn zone_of_local(cx: &mut Cx, this: This) -> PyResult {
    let fold = this.fold.get();
    let mut utc = local::to_utc(cx, this.day, this.clock, fold)?;
    let other = local::to_utc(cx, this.day, this.clock, 1 - fold)?;
    // A time that the clock has skipped is one of the zone on the other side.
    if other != utc && (other > utc) == (fold == 1) {
        utc = other;
    }
    local::zone_at(cx, utc - local::EPOCH)
}

fn deprecated(cx: &mut Cx, message: &str) -> PyResult<()> {
    let category = cx.types().DeprecationWarning;
    runtime::warnings::warn(cx, category, message, 1)
}

#[native_class(
    name = "datetime",
    module = "datetime",
    layout = Native<Moment>,
    base = date::class::SPEC,
    flags = BASETYPE,
    doc = "datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])\n\nThe year, month and day arguments are required. tzinfo may be None, or an\ninstance of a tzinfo subclass. The remaining arguments may be ints.\n"
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<This> {
        let positional = args.positional();
        if matches!(args.values().len(), 1 | 2)
            && let Some(&first) = positional.first()
            && let Some(mut state) =
                pickle_state(cx, first, 10, |state| (1..=12).contains(&(state[2] & 0x7f)), "datetime")?
        {
            let zone = state_zone(cx, positional.get(1))?;
            let fold = state[2] >> 7;
            state[2] &= 0x7f;
            let (day, clock) = (day_of_state(&state), clock_of_state(&state[4..]));
            return Ok(make(cx, class, true, day, clock, fold, zone));
        }
        let names = ["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold"];
        let [year, month, day, hour, minute, second, micro, zone, fold] = bind_new(cx, names, 3, 8, args)?;
        let mut parts = [0; 8];
        for (part, value) in parts.iter_mut().zip([year, month, day, hour, minute, second, micro, fold]) {
            if value.is_bound() {
                *part = c_int(cx, value)?;
            }
        }
        let [year, month, day, hour, minute, second, micro, fold] = parts;
        let day = check_day(cx, year, month, day)?;
        let clock = check_clock(cx, [hour, minute, second, micro])?;
        let fold = check_fold(cx, fold)?;
        let zone = check_zone(cx, zone)?;
        Ok(make(cx, class, true, day, clock, fold, zone))
    }

    #[slot]
    fn repr(cx: &mut Cx, this: This) -> PyResult<String> {
        let (Day { year, month, day }, Clock { hour, minute, second, micro }) = (this.day, this.clock);
        let mut text = format!("{}({year}, {month}, {day}, {hour}, {minute}", type_name(cx, this.value()));
        if micro != 0 {
            text += &format!(", {second}, {micro}");
        } else if second != 0 {
            text += &format!(", {second}");
        }
        if this.fold.get() == 1 {
            text += ", fold=1";
        }
        if !this.zone.get().is_none() {
            let zone = repr_of(cx, this.zone.get())?;
            text += &format!(", tzinfo={zone}");
        }
        text.push(')');
        Ok(text)
    }

    #[slot]
    fn str(cx: &mut Cx, this: This) -> PyResult {
        let space = cx.heap.str(" ");
        invoke(cx, this.value(), "isoformat", &[space])
    }

    #[slot]
    fn hash(cx: &mut Cx, this: This) -> PyResult<i64> {
        if let Some(hash) = this.hash.get() {
            return Ok(hash);
        }
        let unfolded = if this.fold.get() == 0 { this } else { exact(cx, this.day, this.clock, 0, this.zone.get())? };
        let hash = match offset_of(cx, unfolded)? {
            None => object::hash::hash_bytes(&state(this)),
            Some(offset) => {
                let span = span_of_micros(cx, micros(this) - offset.total_micros())?;
                super::super::delta::hash_span(cx, span)?
            }
        };
        this.hash.set(Some(hash));
        Ok(hash)
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: This, other: Value, op: CompareOp) -> PyResult {
        let Some(other) = of(other) else { return Ok(Value::NOT_IMPLEMENTED) };
        let as_shown = (this.day, this.clock).cmp(&(other.day, other.clock));
        if this.zone.get().is(other.zone.get()) {
            return Ok(ordering_result(as_shown, op));
        }
        let (a, b) = (offset_of(cx, this)?, offset_of(cx, other)?);
        let ordering = match (a, b) {
            (a, b) if a == b => as_shown,
            (Some(a), Some(b)) => (micros(this) - a.total_micros()).cmp(&(micros(other) - b.total_micros())),
            _ => {
                return match op {
                    CompareOp::Eq => Ok(Value::FALSE),
                    CompareOp::Ne => Ok(Value::TRUE),
                    _ => Err(type_error(cx, "can't compare offset-naive and offset-aware datetimes")),
                };
            }
        };
        let is_equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
        if is_equality && ordering.is_eq() && (is_ambiguous(cx, this, a)? || is_ambiguous(cx, other, b)?) {
            return Ok(ordering_result(Ordering::Greater, op));
        }
        Ok(ordering_result(ordering, op))
    }

    #[slot(binary = Add)]
    fn added(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        match (of(left), span_of(right), of(right), span_of(left)) {
            (Some(moment), Some(span), ..) | (_, _, Some(moment), Some(span)) => add(cx, moment, span, 1),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(binary = Subtract)]
    fn subtracted(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let Some(moment) = of(left) else { return Ok(Value::NOT_IMPLEMENTED) };
        if let Some(other) = of(right) {
            let micros = difference(cx, moment, other)?;
            return Ok(delta_of_micros(cx, micros)?.value());
        }
        match span_of(right) {
            Some(span) => add(cx, moment, span, -1),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    /// Returns new datetime object representing current time local to tz.
    ///
    ///   tz
    ///     Timezone object.
    ///
    /// If no tz is specified, uses local timezone.
    #[classmethod("now($type, /, tz=None)")]
    fn now(cx: &mut Cx, class: Gc<Class>, tz: Value) -> PyResult {
        let zone = check_zone(cx, tz)?;
        let (seconds, micro) = local::now();
        at_timestamp(cx, class, seconds, micro, zone)
    }

    /// Return a new datetime representing UTC day and time.
    #[classmethod("utcnow($type, /)", text_signature = false)]
    fn utcnow(cx: &mut Cx, class: Gc<Class>) -> PyResult {
        deprecated(
            cx,
            "datetime.datetime.utcnow() is deprecated and scheduled for removal in a future version. Use \
             timezone-aware objects to represent datetimes in UTC: datetime.datetime.now(datetime.UTC).",
        )?;
        let (seconds, micro) = local::now();
        utc_at_timestamp(cx, class, seconds, micro)
    }

    /// Create a datetime from a POSIX timestamp.
    ///
    /// The timestamp is a number, e.g. created via time.time(), that is interpreted
    /// as local time.
    #[classmethod("fromtimestamp($type, /, timestamp, tz=None)")]
    fn fromtimestamp(cx: &mut Cx, class: Gc<Class>, timestamp: Value, tz: Value) -> PyResult {
        let zone = check_zone(cx, tz)?;
        let (seconds, micro) = local::seconds_and_micros(cx, timestamp)?;
        at_timestamp(cx, class, seconds, micro, zone)
    }

    /// Construct a naive UTC datetime from a POSIX timestamp.
    #[classmethod("utcfromtimestamp($type, timestamp, /)", text_signature = false)]
    fn utcfromtimestamp(cx: &mut Cx, class: Gc<Class>, timestamp: Value) -> PyResult {
        deprecated(
            cx,
            "datetime.datetime.utcfromtimestamp() is deprecated and scheduled for removal in a future version. \
             Use timezone-aware objects to represent datetimes in UTC: \
             datetime.datetime.fromtimestamp(timestamp, datetime.UTC).",
        )?;
        let (seconds, micro) = local::seconds_and_micros(cx, timestamp)?;
        utc_at_timestamp(cx, class, seconds, micro)
    }

    /// Parse string according to the given date and time format (like time.strptime()).
    ///
    /// For a list of supported format codes, see the documentation:
    ///     https://docs.python.org/3/library/datetime.html#format-codes
    #[classmethod("strptime($type, string, format, /)")]
    fn strptime(cx: &mut Cx, class: Gc<Class>, string: Gc<Str>, format: Gc<Str>) -> PyResult {
        let parse = runtime::import::import_attr(cx, "_strptime", "_strptime_datetime_datetime")?;
        call(cx, parse, &[class.value(), string.value(), format.value()])
    }

    /// Construct a datetime from a given date and a given time.
    #[classmethod("combine($type, /, date, time, tzinfo=<unrepresentable>)")]
    fn combine(cx: &mut Cx, class: Gc<Class>, date: Value, time: Value, tzinfo: Option<Value>) -> PyResult {
        let Some(date) = date.cast::<Native<Moment>>() else {
            let name = type_name(cx, date);
            return Err(type_error(cx, format_args!("combine() argument 1 must be datetime.date, not {name}")));
        };
        let Some(time) = time.cast::<Native<Time>>() else {
            let name = type_name(cx, time);
            return Err(type_error(cx, format_args!("combine() argument 2 must be datetime.time, not {name}")));
        };
        let zone = check_zone(cx, tzinfo.unwrap_or(time.zone.get()))?;
        of_class(cx, class, date.day, time.clock, time.fold.get(), zone)
    }

    /// Construct a date from a string in ISO 8601 format.
    #[classmethod("fromisoformat($type, string, /)")]
    fn fromisoformat(cx: &mut Cx, class: Gc<Class>, string: Value) -> PyResult {
        let text = iso_text(cx, string)?;
        let points: Vec<u32> = text.iter().collect();
        let parts = parse::date_end(&points).filter(|&end| end <= points.len()).and_then(|end| {
            let date = parse::date(&points[..end])?;
            if end == points.len() {
                return Some((date, None));
            }
            Some((date, Some(parse::time(&points[end + 1..])?)))
        });
        let Some((date, time)) = parts else { return Err(invalid_iso(cx, string)) };
        let Some(time) = time else {
            let day = day_of_parsed(cx, date)?;
            return of_class(cx, class, day, Clock::default(), 0, Value::NONE);
        };
        let zone = zone_of_parsed(cx, time)?;
        let mut day = day_of_parsed(cx, date)?;
        let (clock, is_next_day) = clock_of_parsed(cx, time)?;
        if is_next_day {
            let (year, month, of_month) = parse::next_day(day);
            day = check_day(cx, year, month, of_month)?;
        }
        of_class(cx, class, day, clock, 0, zone)
    }

    /// Return date object with same year, month and day.
    #[method("date($self, /)", text_signature = false)]
    fn date(cx: &mut Cx, this: This) -> PyResult<This> {
        super::super::date::exact(cx, this.day)
    }

    /// Return time object with same time but with tzinfo=None.
    #[method("time($self, /)", text_signature = false)]
    fn time(cx: &mut Cx, this: This) -> PyResult<Gc<Native<Time>>> {
        super::super::time::exact(cx, this.clock, this.fold.get(), Value::NONE)
    }

    /// Return time object with same time and tzinfo.
    #[method("timetz($self, /)", text_signature = false)]
    fn timetz(cx: &mut Cx, this: This) -> PyResult<Gc<Native<Time>>> {
        super::super::time::exact(cx, this.clock, this.fold.get(), this.zone.get())
    }

    /// Return ctime() style string.
    #[method("ctime($self, /)", text_signature = false)]
    fn ctime(this: This) -> String {
        super::super::date::c_time(this.day, this.clock)
    }

    /// Return time tuple, compatible with time.localtime().
    #[method("timetuple($self, /)", text_signature = false)]
    fn timetuple(cx: &mut Cx, this: This) -> PyResult {
        let saving = match this.zone.get() {
            zone if zone.is_none() => -1,
            _ => dst_of(cx, this)?.map_or(-1, |saving| i64::from(!saving.is_zero())),
        };
        time_tuple(cx, this.day, this.clock, saving)
    }

    /// Return POSIX timestamp as float.
    #[method("timestamp($self, /)", text_signature = false)]
    fn timestamp(cx: &mut Cx, this: This) -> PyResult<f64> {
        if this.zone.get().is_none() {
            let utc = local::to_utc(cx, this.day, this.clock, this.fold.get())?;
            return Ok((utc - local::EPOCH) as f64 + f64::from(this.clock.micro) / 1e6);
        }
        let offset = match offset_of(cx, this)? {
            Some(offset) => offset,
            None => return Err(type_error(cx, "can't subtract offset-naive and offset-aware datetimes")),
        };
        let since = micros(this) - offset.total_micros() - i128::from(local::EPOCH) * 1_000_000;
        let delta = delta_of_micros(cx, since)?.value();
        let seconds = invoke(cx, delta, "total_seconds", &[])?;
        runtime::number::as_f64(cx, seconds)
    }

    /// Return UTC time tuple, compatible with time.localtime().
    #[method("utctimetuple($self, /)", text_signature = false)]
    fn utctimetuple(cx: &mut Cx, this: This) -> PyResult {
        let (day, clock) = match offset_of(cx, this)? {
            Some(offset) if !this.zone.get().is_none() => at_micros(cx, micros(this) - offset.total_micros())?,
            _ => (this.day, this.clock),
        };
        time_tuple(cx, day, clock, 0)
    }

    /// [sep] -> string in ISO 8601 format, YYYY-MM-DDT[HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].
    /// sep is used to separate the year from the time, and defaults to 'T'.
    /// The optional argument timespec specifies the number of additional terms
    /// of the time to include. Valid options are 'auto', 'hours', 'minutes',
    /// 'seconds', 'milliseconds' and 'microseconds'.
    #[method("isoformat($self, /, sep='T', timespec='auto')")]
    fn isoformat(cx: &mut Cx, this: This, sep: Option<Value>, timespec: Option<Gc<Str>>) -> PyResult<Gc<Str>> {
        let separator = match sep {
            None => u32::from('T'),
            Some(sep) => match sep.downcast::<Str>() {
                Some(text) if text.len() == 1 => text.get(0),
                given => {
                    let given = match given {
                        Some(text) => format!("a string of length {}", text.len()),
                        None => type_name(cx, sep),
                    };
                    let message = format!("isoformat() argument 1 must be a unicode character, not {given}");
                    return Err(type_error(cx, message));
                }
            },
        };
        let mut text = StrBuilder::new();
        text.push_str(&format::date_text(this.day));
        text.push(separator);
        text.push_str(&format::clock_text(cx, this.clock, timespec)?);
        text.push_str(&format::zone_text(cx, this.zone.get(), this.value())?);
        text.finish(&mut cx.heap).or_raise(cx)
    }

    /// Return datetime with new specified fields.
    #[method(
        "replace($self, /, year=unchanged, month=unchanged, day=unchanged, hour=unchanged, minute=unchanged, second=unchanged, microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)"
    )]
    #[allow(clippy::too_many_arguments, reason = "the parameters of the Python method")]
    fn replace(
        cx: &mut Cx,
        this: This,
        year: Option<i32>,
        month: Option<i32>,
        day: Option<i32>,
        hour: Option<i32>,
        minute: Option<i32>,
        second: Option<i32>,
        microsecond: Option<i32>,
        tzinfo: Option<Value>,
        fold: Option<i32>,
    ) -> PyResult {
        let (date, clock) = (this.day, this.clock);
        let day = check_day(
            cx,
            year.map_or(i64::from(date.year), i64::from),
            month.map_or(i64::from(date.month), i64::from),
            day.map_or(i64::from(date.day), i64::from),
        )?;
        let parts = [
            hour.map_or(i64::from(clock.hour), i64::from),
            minute.map_or(i64::from(clock.minute), i64::from),
            second.map_or(i64::from(clock.second), i64::from),
            microsecond.map_or(i64::from(clock.micro), i64::from),
        ];
        let clock = check_clock(cx, parts)?;
        let fold = check_fold(cx, fold.map_or(i64::from(this.fold.get()), i64::from))?;
        let zone = check_zone(cx, tzinfo.unwrap_or(this.zone.get()))?;
        let class = cx.class_of(this.value());
        of_class(cx, class, day, clock, fold, zone)
    }

    /// The same as replace().
    #[method(raw, "__replace__($self, /, **changes)")]
    fn replace_dunder(cx: &mut Cx, this: This, args: Args<'_>) -> PyResult {
        replaced(cx, &SPEC, this.value(), args)
    }

    /// tz -> convert to local time in new timezone tz
    #[method("astimezone($self, /, tz=None)")]
    fn astimezone(cx: &mut Cx, this: This, tz: Value) -> PyResult {
        let wanted = check_zone(cx, tz)?;
        let mut own = this.zone.get();
        if own.is_none() {
            own = zone_of_local(cx, this)?;
        }
        if own.is(wanted) {
            return Ok(this.value());
        }
        let offset = match zone::utc_offset(cx, own, this.value())? {
            Some(offset) => offset,
            None => {
                let own = zone_of_local(cx, this)?;
                zone::utc_offset(cx, own, this.value())?.unwrap_or_default()
            }
        };
        let (day, clock) = at_micros(cx, micros(this) - offset.total_micros())?;
        let wanted =
            if wanted.is_none() { local::zone_at(cx, local::seconds_of(day, clock) - local::EPOCH)? } else { wanted };
        let class = cx.class_of(this.value());
        let utc = of_class(cx, class, day, clock, 0, wanted)?;
        invoke(cx, wanted, "fromutc", &[utc])
    }

    #[init]
    fn init_class(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        let first = (Day { year: 1, month: 1, day: 1 }, Clock::default());
        let last = (Day { year: 9999, month: 12, day: 31 }, Clock { hour: 23, minute: 59, second: 59, micro: 999_999 });
        for (name, (day, clock)) in [("min", first), ("max", last)] {
            let moment = make(cx, class, true, day, clock, 0, Value::NONE);
            super::super::set_class_attr(cx, class, name, moment.value())?;
        }
        let resolution = super::super::delta::new_delta(cx, Span { days: 0, seconds: 0, micros: 1 })?;
        super::super::set_class_attr(cx, class, "resolution", resolution.value())?;
        add_members(cx, class, &[&timed::members::SPEC])
    }
}
