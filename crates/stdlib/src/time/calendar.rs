//! Time tuples: from Python and back, as text, and the attributes that describe the time zone.

use crate::clock::{NANOS, Round};
use object::system::{self, Calendar};
use runtime::native::structseq::{Field, StructSeq, new_structseq, structseq_class};
use runtime::prelude::*;
use std::ffi::CString;

pub static STRUCT_TIME: StructSeq = StructSeq::new(
    "time",
    "struct_time",
    "The time value as returned by gmtime(), localtime(), and strptime(), and\n \
     accepted by asctime(), mktime() and strftime().  May be considered as a\n \
     sequence of 9 integers.\n\n \
     Note that several fields' values are not the same as those defined by\n \
     the C language standard for struct tm.  For example, the value of the\n \
     field tm_year is the actual year, not year - 1900.  See individual\n \
     fields' descriptions for details.",
    &[
        Field::new("tm_year", "year, for example, 1993"),
        Field::new("tm_mon", "month of year, range [1, 12]"),
        Field::new("tm_mday", "day of month, range [1, 31]"),
        Field::new("tm_hour", "hours, range [0, 23]"),
        Field::new("tm_min", "minutes, range [0, 59]"),
        Field::new("tm_sec", "seconds, range [0, 61])"),
        Field::new("tm_wday", "day of week, range [0, 6], Monday is 0"),
        Field::new("tm_yday", "day of year, range [1, 366]"),
        Field::new("tm_isdst", "1 if summer time is in effect, 0 if not, and -1 if unknown"),
        Field::new("tm_zone", "abbreviation of timezone name"),
        Field::new("tm_gmtoff", "offset from UTC in seconds"),
    ],
    9,
);

const VISIBLE: usize = 9;

/// A `struct_time`.
pub fn from_calendar(cx: &mut Cx, time: &Calendar) -> PyResult {
    let numbers = [
        time.year as i64 + 1900,
        time.month as i64 + 1,
        time.day as i64,
        time.hour as i64,
        time.minute as i64,
        time.second as i64,
        ((time.week_day + 6) % 7) as i64,
        time.year_day as i64 + 1,
        time.is_dst as i64,
    ];
    let mut values = [Value::NONE; VISIBLE + 2];
    for (slot, number) in values.iter_mut().zip(numbers) {
        *slot = Int::new(number).expect("calendar fields are small").value();
    }
    if let Some(zone) = &time.zone {
        values[VISIBLE] = runtime::codec::decode_filename(cx, zone.as_bytes())?.value();
    }
    values[VISIBLE + 1] = Int::new(time.gmt_offset).expect("less than a day").value();
    new_structseq(cx, &STRUCT_TIME, &values)
}

/// Whole seconds of an argument, rounded down; None = now.
fn argument_seconds(cx: &mut Cx, seconds: Value) -> PyResult<i64> {
    if seconds.is_none() || seconds.is_unbound() {
        return super::read(cx, super::REALTIME).map(|nanos| nanos.div_euclid(NANOS));
    }
    if let Some(f) = seconds.unwrap_payload().as_float() {
        if f.is_nan() {
            return Err(value_error(cx, "Invalid value NaN (not a number)"));
        }
        let whole = Round::Floor.apply(f);
        if whole < i64::MIN as f64 || whole >= -(i64::MIN as f64) {
            return Err(overflow_error(cx, "timestamp out of range for platform time_t"));
        }
        return Ok(whole as i64);
    }
    match runtime::number::as_i64(cx, seconds) {
        Ok(seconds) => Ok(seconds),
        Err(raised) => {
            let class = cx.types().OverflowError;
            cx.catch(raised, class)?;
            Err(overflow_error(cx, "timestamp out of range for platform time_t"))
        }
    }
}

/// The calendar time of a function's `seconds` argument.
pub fn from_argument(cx: &mut Cx, seconds: Value, convert: fn(i64) -> Result<Calendar, i32>) -> PyResult<Calendar> {
    let seconds = argument_seconds(cx, seconds)?;
    convert(seconds).map_err(|errno| os_error(cx, errno, None))
}

fn small(cx: &mut Cx, value: Value) -> PyResult<i32> {
    let wide = match runtime::number::as_i64(cx, value) {
        Ok(wide) => wide,
        Err(raised) => {
            let class = cx.types().OverflowError;
            cx.catch(raised, class)?;
            return Err(overflow_error(cx, "Python int too large to convert to C int"));
        }
    };
    match i32::try_from(wide) {
        Ok(n) => Ok(n),
        Err(_) if wide > 0 => Err(overflow_error(cx, "signed integer is greater than maximum")),
        Err(_) => Err(overflow_error(cx, "signed integer is less than minimum")),
    }
}

/// The calendar time of a tuple; nothing is checked but the types.
pub fn from_tuple(cx: &mut Cx, value: Value, function: &str) -> PyResult<Calendar> {
    let Some(tuple) = value.downcast::<Tuple>() else {
        return Err(type_error(cx, "Tuple or struct_time argument required"));
    };
    if tuple.len() != VISIBLE {
        return Err(type_error(cx, format_args!("{function}(): illegal time tuple argument")));
    }
    let mut n = [0i32; VISIBLE];
    for (i, slot) in n.iter_mut().enumerate() {
        *slot = small(cx, tuple.get(i))?;
    }
    let Some(year) = n[0].checked_sub(1900) else { return Err(overflow_error(cx, "year out of range")) };
    let mut time = Calendar {
        year,
        month: n[1].wrapping_sub(1),
        day: n[2],
        hour: n[3],
        minute: n[4],
        second: n[5],
        week_day: n[6].wrapping_add(1) % 7,
        year_day: n[7].wrapping_sub(1),
        is_dst: n[8],
        gmt_offset: 0,
        zone: None,
    };
    let class = structseq_class(cx, &STRUCT_TIME)?;
    if cx.class_of(value) == class {
        let (zone, offset) = (cx.heap.intern("tm_zone"), cx.heap.intern("tm_gmtoff"));
        let (zone, offset) = (get_attr(cx, value, zone)?, get_attr(cx, value, offset)?);
        if !zone.is_none() {
            let Some(zone) = zone.downcast::<Str>() else {
                return Err(type_error(cx, "bad argument type for built-in operation"));
            };
            time.zone = CString::new(runtime::codec::encode_filename(cx, zone)?).ok();
        }
        if !offset.is_none() {
            time.gmt_offset = runtime::number::as_i64(cx, offset)?;
        }
    }
    Ok(time)
}

/// As [`from_tuple`], checked and with zeros where C wants ones; the local time now without a tuple.
pub fn from_tuple_or_now(cx: &mut Cx, value: Option<Value>, function: &str) -> PyResult<Calendar> {
    let Some(value) = value else { return from_argument(cx, Value::NONE, system::local_time) };
    let mut time = from_tuple(cx, value, function)?;
    if time.month == -1 {
        time.month = 0;
    }
    if time.day == 0 {
        time.day = 1;
    }
    if time.year_day == -1 {
        time.year_day = 0;
    }
    let wrong = [
        (!(0..=11).contains(&time.month), "month out of range"),
        (!(1..=31).contains(&time.day), "day of month out of range"),
        (!(0..=23).contains(&time.hour), "hour out of range"),
        (!(0..=59).contains(&time.minute), "minute out of range"),
        (!(0..=61).contains(&time.second), "seconds out of range"),
        (time.week_day < 0, "day of week out of range"),
        (!(0..=365).contains(&time.year_day), "day of year out of range"),
    ];
    if let Some((_, message)) = wrong.iter().find(|(is_wrong, _)| *is_wrong) {
        return Err(value_error(cx, message));
    }
    time.is_dst = time.is_dst.clamp(-1, 1);
    Ok(time)
}

/// `Sat Jun  6 16:26:11 1998`.
pub fn asctime(time: &Calendar) -> String {
    const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (day, month) = (DAYS[time.week_day as usize % 7], MONTHS[time.month as usize % 12]);
    let Calendar { day: number, hour, minute, second, .. } = time;
    format!("{day} {month}{number:3} {hour:02}:{minute:02}:{second:02} {}", 1900 + time.year as i64)
}

/// `strftime` of any text: characters outside ASCII and NUL stand for themselves between the parts that C formats.
pub fn strftime(cx: &mut Cx, format: Gc<Str>, time: &Calendar) -> PyResult<Gc<Str>> {
    let mut out = StrBuilder::with_capacity(format.len());
    let mut part = Vec::new();
    for i in 0..format.len() {
        let c = format.get(i);
        if (1..128).contains(&c) {
            part.push(c as u8);
            continue;
        }
        push_formatted(cx, &mut out, &part, time)?;
        part.clear();
        out.push(c);
    }
    push_formatted(cx, &mut out, &part, time)?;
    out.finish(&mut cx.heap).or_raise(cx)
}

fn push_formatted(cx: &mut Cx, out: &mut StrBuilder, part: &[u8], time: &Calendar) -> PyResult<()> {
    if part.is_empty() {
        return Ok(());
    }
    let part = CString::new(part).expect("NUL was taken out");
    let Some(bytes) = system::format_time(&part, time) else { return Ok(()) };
    let text = runtime::codec::decode_filename(cx, &bytes)?;
    out.push_py(&text);
    Ok(())
}

/// Set `timezone`, `altzone`, `daylight` and `tzname` from the offsets in January and July of this year.
pub fn import_zone(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
    const YEAR: i64 = (365 * 24 + 6) * 3600;
    let now = super::read(cx, super::REALTIME)? / NANOS;
    let january = now / YEAR * YEAR;
    let zone = |seconds: i64| {
        let time = system::local_time(seconds).unwrap_or_default();
        let mut name = time.zone.map_or_else(|| b"   ".to_vec(), CString::into_bytes);
        name.truncate(100);
        (-time.gmt_offset, name)
    };
    let ((first, first_name), (second, second_name)) = (zone(january), zone(january + YEAR / 2));
    // In the southern hemisphere daylight saving time is in January.
    let ((standard, standard_name), (daylight, daylight_name)) = if first < second {
        ((second, second_name), (first, first_name))
    } else {
        ((first, first_name), (second, second_name))
    };
    let number = |n: i64| Int::new(n).expect("less than a day").value();
    set_module_attr(cx, module, "timezone", number(standard))?;
    set_module_attr(cx, module, "altzone", number(daylight))?;
    set_module_attr(cx, module, "daylight", number((first != second) as i64))?;
    let standard_name = runtime::codec::decode_filename(cx, &standard_name)?.value();
    let daylight_name = runtime::codec::decode_filename(cx, &daylight_name)?.value();
    let names = cx.heap.tuple(&[standard_name, daylight_name]);
    set_module_attr(cx, module, "tzname", names)
}
