//! `datetime.date`, and the named tuple that `isocalendar` gives.
//!
//! Instances have the layout of [`Moment`], as those of the subclass `datetime` do.

use super::calendar::{self, Clock, Day, IsoError, MAX_ORDINAL, SECONDS_A_DAY};
use super::delta::{Span, delta_of_micros, span_of};
use super::moment::{self, Moment, This};
use super::{bind_new, c_int, check_day, format, invoke, local, ordering_result, parse, pickle_state, str_argument};
use runtime::prelude::*;

/// An exact date's or subclass's instance that is no datetime.
pub fn of(value: Value) -> Option<This> {
    value.cast::<Native<Moment>>().filter(|moment| !moment.is_datetime)
}

fn new_date(cx: &mut Cx, class: Gc<Class>, day: Day) -> This {
    moment::make(cx, class, false, day, Clock::default(), 0, Value::NONE)
}

/// A `datetime.date`.
pub fn exact(cx: &mut Cx, day: Day) -> PyResult<This> {
    let class = class_of_spec(cx, &class::SPEC)?;
    Ok(new_date(cx, class, day))
}

/// An instance of `class`, a date class, made by calling it unless it is `date` or `datetime` itself.
pub fn of_class(cx: &mut Cx, class: Gc<Class>, day: Day) -> PyResult {
    if class == class_of_spec(cx, &class::SPEC)? {
        return Ok(new_date(cx, class, day).value());
    }
    if class == class_of_spec(cx, &moment::class::SPEC)? {
        return Ok(moment::make(cx, class, true, day, Clock::default(), 0, Value::NONE).value());
    }
    let args = day_values(cx, day);
    call(cx, class.value(), &args)
}

pub fn day_values(cx: &mut Cx, day: Day) -> [Value; 3] {
    [i64::from(day.year), i64::from(day.month), i64::from(day.day)].map(|n| BigInt::from_i64(&mut cx.heap, n))
}

/// The day so many days after; OverflowError outside the calendar.
pub fn shifted(cx: &mut Cx, day: Day, days: i64) -> PyResult<Day> {
    let ordinal = day.ordinal() + days;
    if (1..=MAX_ORDINAL).contains(&ordinal) {
        Ok(Day::from_ordinal(ordinal))
    } else {
        Err(overflow_error(cx, "date value out of range"))
    }
}

/// The state of pickles: two bytes for the year, one for the month, one for the day.
pub fn state(day: Day) -> [u8; 4] {
    [(day.year >> 8) as u8, day.year as u8, day.month, day.day]
}

pub fn day_of_state(state: &[u8]) -> Day {
    Day { year: i32::from(state[0]) << 8 | i32::from(state[1]), month: state[2], day: state[3] }
}

/// `struct_time` of a day and a time.
pub fn time_tuple(cx: &mut Cx, day: Day, clock: Clock, is_dst: i64) -> PyResult {
    let parts = [
        i64::from(day.year),
        i64::from(day.month),
        i64::from(day.day),
        i64::from(clock.hour),
        i64::from(clock.minute),
        i64::from(clock.second),
        day.weekday(),
        day.day_of_year(),
        is_dst,
    ];
    let parts = parts.map(|n| BigInt::from_i64(&mut cx.heap, n));
    let tuple = cx.heap.tuple(&parts).value();
    let class = runtime::import::import_attr(cx, "time", "struct_time")?;
    call(cx, class, &[tuple])
}

/// `Sat Jan  1 00:00:00 2000`.
pub fn c_time(day: Day, clock: Clock) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (weekday, month) = (DAYS[day.weekday() as usize], MONTHS[usize::from(day.month.clamp(1, 12)) - 1]);
    format!("{weekday} {month} {:2} {:02}:{:02}:{:02} {:04}", day.day, clock.hour, clock.minute, clock.second, day.year)
}

#[cold]
pub fn invalid_iso(cx: &mut Cx, text: Value) -> Raised {
    match repr_of(cx, text) {
        Ok(shown) => value_error(cx, format_args!("Invalid isoformat string: {shown}")),
        Err(raised) => raised,
    }
}

/// The day of a parsed date, which may be out of range.
pub fn day_of_parsed(cx: &mut Cx, date: parse::Date) -> PyResult<Day> {
    match date {
        parse::Date::Day(year, month, day) => check_day(cx, year, month, day),
        parse::Date::BadYear(year) => check_day(cx, year, 1, 1),
        parse::Date::Ordinal(ordinal) => {
            let first = Day { year: 1, month: 1, day: 1 };
            shifted(cx, first, ordinal - 1)
        }
    }
}

pub fn iso_text(cx: &mut Cx, text: Value) -> PyResult<Gc<Str>> {
    text.downcast::<Str>().ok_or(()).or_else(|()| Err(type_error(cx, "fromisoformat: argument must be str")))
}

/// `date ± timedelta`.
fn add_days(cx: &mut Cx, this: This, span: Span, sign: i64) -> PyResult {
    let day = shifted(cx, this.day, sign * i64::from(span.days))?;
    let class = cx.class_of(this.value());
    of_class(cx, class, day)
}

#[native_class(
    name = "date",
    module = "datetime",
    layout = Native<Moment>,
    flags = BASETYPE,
    doc = "date(year, month, day) --> date object"
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult<This> {
        if args.values().len() == 1
            && let Some(&first) = args.positional().first()
            && let Some(state) = pickle_state(cx, first, 4, |state| (1..=12).contains(&state[2]), "date")?
        {
            return Ok(new_date(cx, class, day_of_state(&state)));
        }
        let [year, month, day] = bind_new(cx, ["year", "month", "day"], 3, 3, args)?;
        let (year, month, day) = (c_int(cx, year)?, c_int(cx, month)?, c_int(cx, day)?);
        let day = check_day(cx, year, month, day)?;
        Ok(new_date(cx, class, day))
    }

    #[slot]
    fn repr(cx: &mut Cx, this: This) -> String {
        let Day { year, month, day } = this.day;
        format!("{}({year}, {month}, {day})", type_name(cx, this.value()))
    }

    #[slot]
    fn str(cx: &mut Cx, this: This) -> PyResult {
        invoke(cx, this.value(), "isoformat", &[])
    }

    #[slot]
    fn hash(_: &mut Cx, this: This) -> PyResult<i64> {
        Ok(object::hash::hash_bytes(&state(this.day)))
    }

    #[slot]
    fn richcompare(_: &mut Cx, this: This, other: Value, op: CompareOp) -> Value {
        // A date is no datetime: what the latter has besides would be left out.
        match of(other) {
            Some(other) => ordering_result(this.day.cmp(&other.day), op),
            None => Value::NOT_IMPLEMENTED,
        }
    }

    #[slot(binary = Add)]
    fn add(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        match (of(left), span_of(right), of(right), span_of(left)) {
            (Some(date), Some(span), ..) | (_, _, Some(date), Some(span)) => add_days(cx, date, span, 1),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[slot(binary = Subtract)]
    fn subtract(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let Some(date) = of(left) else { return Ok(Value::NOT_IMPLEMENTED) };
        if let Some(other) = of(right) {
            let days = date.day.ordinal() - other.day.ordinal();
            let micros = i128::from(days * SECONDS_A_DAY) * 1_000_000;
            return Ok(delta_of_micros(cx, micros)?.value());
        }
        match span_of(right) {
            Some(span) => add_days(cx, date, span, -1),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    /// Current date or datetime:  same as self.__class__.fromtimestamp(time.time()).
    #[classmethod("today($type, /)")]
    fn today(cx: &mut Cx, class: Gc<Class>) -> PyResult {
        let time = runtime::import::import_attr(cx, "time", "time")?;
        let now = call(cx, time, &[])?;
        invoke(cx, class.value(), "fromtimestamp", &[now])
    }

    /// Create a date from a POSIX timestamp.
    ///
    /// The timestamp is a number, e.g. created via time.time(), that is interpreted
    /// as local time.
    #[classmethod("fromtimestamp($type, timestamp, /)")]
    fn fromtimestamp(cx: &mut Cx, class: Gc<Class>, timestamp: Value) -> PyResult {
        let seconds = local::whole_seconds(cx, timestamp)?;
        let (day, ..) = local::at_timestamp(cx, seconds, 0, false)?;
        of_class(cx, class, day)
    }

    /// int -> date corresponding to a proleptic Gregorian ordinal.
    #[classmethod("fromordinal($type, ordinal, /)", text_signature = false)]
    fn fromordinal(cx: &mut Cx, class: Gc<Class>, ordinal: Value) -> PyResult {
        let ordinal = c_int(cx, ordinal)?;
        if ordinal < 1 {
            return Err(value_error(cx, "ordinal must be >= 1"));
        }
        if ordinal > MAX_ORDINAL {
            let day = Day::from_ordinal(ordinal);
            return Err(value_error(cx, format_args!("year must be in 1..9999, not {}", day.year)));
        }
        of_class(cx, class, Day::from_ordinal(ordinal))
    }

    /// Construct a date from a string in ISO 8601 format.
    #[classmethod("fromisoformat($type, string, /)")]
    fn fromisoformat(cx: &mut Cx, class: Gc<Class>, string: Value) -> PyResult {
        let text = iso_text(cx, string)?;
        let points: Vec<u32> = text.iter().collect();
        let Some(date) = parse::date(&points) else { return Err(invalid_iso(cx, string)) };
        let day = day_of_parsed(cx, date)?;
        of_class(cx, class, day)
    }

    /// Construct a date from the ISO year, week number and weekday.
    ///
    /// This is the inverse of the date.isocalendar() function.
    #[classmethod("fromisocalendar($type, year, week, day)", text_signature = false)]
    fn fromisocalendar(cx: &mut Cx, class: Gc<Class>, year: Value, week: Value, day: Value) -> PyResult {
        let mut parts = [0; 3];
        for (part, value) in parts.iter_mut().zip([year, week, day]) {
            let index = index_value(cx, value)?;
            let number = runtime::number::Num::of(index).and_then(|n| n.to_i64());
            match number.filter(|&n| i32::try_from(n).is_ok()) {
                Some(number) => *part = number,
                None => return Err(value_error(cx, "ISO calendar component out of range")),
            }
        }
        let [year, week, day] = parts;
        match calendar::from_iso_calendar(year, week, day) {
            Ok(ordinal) => {
                let day = day_of_parsed(cx, parse::Date::Ordinal(ordinal))?;
                of_class(cx, class, day)
            }
            Err(IsoError::Year) => Err(value_error(cx, format_args!("year must be in 1..9999, not {year}"))),
            Err(IsoError::Week) => Err(value_error(cx, format_args!("Invalid week: {week}"))),
            Err(IsoError::Day) => Err(value_error(cx, format_args!("Invalid weekday: {day} (range is [1, 7])"))),
        }
    }

    /// Parse string according to the given date format (like time.strptime()).
    ///
    /// For a list of supported format codes, see the documentation:
    ///     https://docs.python.org/3/library/datetime.html#format-codes
    #[classmethod("strptime($type, string, format, /)")]
    fn strptime(cx: &mut Cx, class: Gc<Class>, string: Gc<Str>, format: Gc<Str>) -> PyResult {
        let parse = runtime::import::import_attr(cx, "_strptime", "_strptime_datetime_date")?;
        call(cx, parse, &[class.value(), string.value(), format.value()])
    }

    /// Return ctime() style string.
    #[method("ctime($self, /)", text_signature = false)]
    fn ctime(this: This) -> String {
        c_time(this.day, this.clock)
    }

    /// Format using strftime().
    ///
    /// Example: "%d/%m/%Y, %H:%M:%S".
    ///
    /// For a list of supported format codes, see the documentation:
    ///     https://docs.python.org/3/library/datetime.html#format-codes
    #[method("strftime($self, /, format)")]
    fn strftime(cx: &mut Cx, this: This, format: Value) -> PyResult<Gc<Str>> {
        let format = str_argument(cx, "strftime", 1, format)?;
        let tuple = invoke(cx, this.value(), "timetuple", &[])?;
        let source = format::Source {
            year: this.day.year,
            micro: this.clock.micro,
            zone: this.zone.get(),
            argument: this.value(),
            tuple,
        };
        format::strftime(cx, format, source)
    }

    /// Formats self with strftime.
    #[method("__format__($self, format, /)")]
    fn format(cx: &mut Cx, this: This, format: Value) -> PyResult {
        let format = str_argument(cx, "__format__", 1, format)?;
        format::format(cx, this.value(), format)
    }

    /// Return the date formatted according to ISO.
    #[method("isoformat($self, /)", text_signature = false)]
    fn isoformat(this: This) -> String {
        format::date_text(this.day)
    }

    /// Return the day of the week represented by the date.
    ///
    /// Monday == 1 ... Sunday == 7
    #[method("isoweekday($self, /)", text_signature = false)]
    fn isoweekday(this: This) -> i64 {
        this.day.weekday() + 1
    }

    /// Return a named tuple containing ISO year, week number, and weekday.
    #[method("isocalendar($self, /)", text_signature = false)]
    fn isocalendar(cx: &mut Cx, this: This) -> PyResult {
        let (year, week, day) = this.day.iso_calendar();
        let parts = [i64::from(year), week, day].map(|n| BigInt::from_i64(&mut cx.heap, n));
        let class = class_of_spec(cx, &iso_calendar::SPEC)?;
        let tuple = cx.heap.tuple(&parts).value();
        finish_new(cx, class, tuple)
    }

    /// Return time tuple, compatible with time.localtime().
    #[method("timetuple($self, /)", text_signature = false)]
    fn timetuple(cx: &mut Cx, this: This) -> PyResult {
        time_tuple(cx, this.day, Clock::default(), -1)
    }

    /// Return proleptic Gregorian ordinal.  January 1 of year 1 is day 1.
    #[method("toordinal($self, /)", text_signature = false)]
    fn toordinal(this: This) -> i64 {
        this.day.ordinal()
    }

    /// Return the day of the week represented by the date.
    ///
    /// Monday == 0 ... Sunday == 6
    #[method("weekday($self, /)", text_signature = false)]
    fn weekday(this: This) -> i64 {
        this.day.weekday()
    }

    /// Return date with new specified fields.
    #[method("replace($self, /, year=unchanged, month=unchanged, day=unchanged)")]
    fn replace(cx: &mut Cx, this: This, year: Option<i32>, month: Option<i32>, day: Option<i32>) -> PyResult {
        let old = this.day;
        let year = year.map_or(i64::from(old.year), i64::from);
        let month = month.map_or(i64::from(old.month), i64::from);
        let day = day.map_or(i64::from(old.day), i64::from);
        let day = check_day(cx, year, month, day)?;
        let class = cx.class_of(this.value());
        of_class(cx, class, day)
    }

    /// The same as replace().
    #[method(raw, "__replace__($self, /, **changes)")]
    fn replace_dunder(cx: &mut Cx, this: This, args: Args<'_>) -> PyResult {
        super::super::replaced(cx, &SPEC, this.value(), args)
    }

    /// __reduce__() -> (cls, state)
    #[method("__reduce__($self, /)", text_signature = false)]
    fn reduce(cx: &mut Cx, this: This) -> PyResult<Gc<Tuple>> {
        let state = cx.heap.bytes(&state(this.day)).or_raise(cx)?.value();
        let args = cx.heap.tuple(&[state]).value();
        let class = cx.class_of(this.value()).value();
        Ok(cx.heap.tuple(&[class, args]))
    }

    #[getter]
    fn year(this: This) -> i64 {
        i64::from(this.day.year)
    }

    #[getter]
    fn month(this: This) -> i64 {
        i64::from(this.day.month)
    }

    #[getter]
    fn day(this: This) -> i64 {
        i64::from(this.day.day)
    }

    #[init]
    fn init_class(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        for (name, day) in [("min", Day { year: 1, month: 1, day: 1 }), ("max", Day { year: 9999, month: 12, day: 31 })]
        {
            let date = new_date(cx, class, day);
            super::super::set_class_attr(cx, class, name, date.value())?;
        }
        let resolution = super::super::delta::new_delta(cx, Span { days: 1, seconds: 0, micros: 0 })?;
        super::super::set_class_attr(cx, class, "resolution", resolution.value())
    }
}

#[native_class(
    name = "IsoCalendarDate",
    module = "datetime",
    layout = object::Payload,
    base = tuple,
    flags = TUPLE_SUBCLASS,
    traits = PAYLOAD,
    doc = "The result of date.isocalendar() or datetime.isocalendar()\n\nThis object may be accessed either as a tuple of\n  ((year, week, weekday))\nor via the object attributes as named in the above tuple."
)]
pub mod iso_calendar {
    use super::*;

    #[slot(new, "IsoCalendarDate(year, week, weekday)")]
    fn new(cx: &mut Cx, class: Gc<Class>, year: i32, week: i32, weekday: i32) -> PyResult {
        let parts = [year, week, weekday].map(|n| BigInt::from_i64(&mut cx.heap, i64::from(n)));
        let tuple = cx.heap.tuple(&parts).value();
        finish_new(cx, class, tuple)
    }

    fn part(this: Gc<Tuple>, i: usize) -> Value {
        this.try_get(i).unwrap_or(Value::NONE)
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Tuple>) -> PyResult<String> {
        let mut shown = [const { String::new() }; 3];
        for (i, shown) in shown.iter_mut().enumerate() {
            *shown = repr_of(cx, part(this, i))?.to_string();
        }
        let [year, week, weekday] = shown;
        Ok(format!("datetime.IsoCalendarDate(year={year}, week={week}, weekday={weekday})"))
    }

    /// Helper for pickle: a plain tuple.
    #[method("__reduce__($self, /)", text_signature = false)]
    fn reduce(cx: &mut Cx, this: Gc<Tuple>) -> Gc<Tuple> {
        let items = [part(this, 0), part(this, 1), part(this, 2)];
        let plain = cx.heap.tuple(&items).value();
        let args = cx.heap.tuple(&[plain]).value();
        let class = cx.types().tuple.value();
        cx.heap.tuple(&[class, args])
    }

    #[getter]
    fn year(this: Gc<Tuple>) -> Value {
        part(this, 0)
    }

    #[getter]
    fn week(this: Gc<Tuple>) -> Value {
        part(this, 1)
    }

    #[getter]
    fn weekday(this: Gc<Tuple>) -> Value {
        part(this, 2)
    }
}
