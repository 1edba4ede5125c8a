//! The system's time zone, and timestamps.
//!
//! Seconds here count from the start of day 0 of the calendar's ordinals, so that they are never negative.

use super::calendar::{Clock, Day, EPOCH_ORDINAL, MAX_ORDINAL, SECONDS_A_DAY};
use super::delta::Span;
use super::{check_clock, check_day};
use object::system::{Calendar, local_time, utc_time};
use runtime::prelude::*;

/// `1970-01-01`.
pub const EPOCH: i64 = EPOCH_ORDINAL * SECONDS_A_DAY;
/// A clock is set back or forth by less.
const MAX_SHIFT: i64 = SECONDS_A_DAY;

/// Seconds of a day and a time.
pub fn seconds_of(day: Day, clock: Clock) -> i64 {
    day.ordinal() * SECONDS_A_DAY + clock.seconds()
}

/// The fields of a calendar time of the system's.
fn parts(cx: &mut Cx, time: &Calendar) -> PyResult<(Day, Clock)> {
    let day = check_day(cx, i64::from(time.year) + 1900, i64::from(time.month) + 1, i64::from(time.day))?;
    // Leap seconds, which some systems count, are the last second before.
    let second = i64::from(time.second.min(59));
    let clock = check_clock(cx, [i64::from(time.hour), i64::from(time.minute), second, 0])?;
    Ok((day, clock))
}

fn system_error(cx: &mut Cx, errno: i32) -> Raised {
    os_error(cx, errno, None)
}

/// The local time at `seconds` of UTC, as seconds.
fn local(cx: &mut Cx, seconds: i64) -> PyResult<i64> {
    if !(SECONDS_A_DAY..(MAX_ORDINAL + 1) * SECONDS_A_DAY).contains(&seconds) {
        let year = if seconds < SECONDS_A_DAY { 0 } else { 10_000 };
        return Err(value_error(cx, format_args!("year must be in 1..9999, not {year}")));
    }
    let time = local_time(seconds - EPOCH).map_err(|errno| system_error(cx, errno))?;
    let (day, clock) = parts(cx, &time)?;
    Ok(seconds_of(day, clock))
}

/// The UTC of a local time; `fold` says which one where there are two or none.
pub fn to_utc(cx: &mut Cx, day: Day, clock: Clock, fold: u8) -> PyResult<i64> {
    let t = seconds_of(day, clock);
    let a = local(cx, t)? - t;
    let u1 = t - a;
    let t1 = local(cx, u1)?;
    let b = if t1 == t {
        // One answer; look for another one on the other side of a change.
        let u2 = if fold == 1 { u1 + MAX_SHIFT } else { u1 - MAX_SHIFT };
        let b = local(cx, u2)? - u2;
        if a == b {
            return Ok(u1);
        }
        b
    } else {
        t1 - u1
    };
    let u2 = t - b;
    if local(cx, u2)? == t {
        return Ok(u2);
    }
    if t1 == t {
        return Ok(u1);
    }
    Ok(if fold == 1 { u1.min(u2) } else { u1.max(u2) })
}

/// Day, time and fold at a timestamp, in local time or in UTC.
pub fn at_timestamp(cx: &mut Cx, timestamp: i64, micro: u32, in_utc: bool) -> PyResult<(Day, Clock, u8)> {
    let time = if in_utc { utc_time(timestamp) } else { local_time(timestamp) };
    let time = time.map_err(|errno| system_error(cx, errno))?;
    let (day, mut clock) = parts(cx, &time)?;
    clock.micro = micro;
    let mut fold = 0;
    if !in_utc {
        // Was it this local time already, before the clock was set back?
        let result = seconds_of(day, clock);
        let before = local(cx, EPOCH + timestamp - MAX_SHIFT)?;
        let change = result - before - MAX_SHIFT;
        if change < 0 && local(cx, EPOCH + timestamp + change)? == result {
            fold = 1;
        }
    }
    Ok((day, clock, fold))
}

/// The time zone in force at a timestamp: its offset and its name.
pub fn zone_at(cx: &mut Cx, timestamp: i64) -> PyResult {
    let time = local_time(timestamp).map_err(|errno| system_error(cx, errno))?;
    let name = match &time.zone {
        Some(name) => crate::support::fs_decode(cx, name.to_bytes())?.value(),
        None => Value::UNBOUND,
    };
    super::zone::new_timezone(cx, Span::from_seconds(time.gmt_offset), name)
}

/// Now: seconds since 1970 and microseconds.
pub fn now() -> (i64, u32) {
    match std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH) {
        Ok(passed) => (passed.as_secs() as i64, passed.subsec_micros()),
        Err(before) => {
            let micros = before.duration().as_micros() as i64;
            ((-micros).div_euclid(1_000_000), (-micros).rem_euclid(1_000_000) as u32)
        }
    }
}

/// A timestamp argument as seconds and microseconds, halves to even.
pub fn seconds_and_micros(cx: &mut Cx, value: Value) -> PyResult<(i64, u32)> {
    if let Some(f) = value.unwrap_payload().as_float() {
        if f.is_nan() {
            return Err(value_error(cx, "Invalid value NaN (not a number)"));
        }
        let micros = runtime::number::float::round_half_even(f.fract() * 1e6);
        let (mut whole, mut micros) = (f.trunc(), micros);
        if micros >= 1e6 {
            micros -= 1e6;
            whole += 1.0;
        } else if micros < 0.0 {
            micros += 1e6;
            whole -= 1.0;
        }
        return match in_range(whole) {
            Some(seconds) => Ok((seconds, micros as u32)),
            None => Err(out_of_range(cx)),
        };
    }
    if !runtime::number::int::is_int(value) {
        let name = type_name(cx, value);
        return Err(type_error(cx, format_args!("argument must be int or float, not {name}")));
    }
    Ok((seconds_of_int(cx, value)?, 0))
}

/// A timestamp argument as whole seconds, rounded down.
pub fn whole_seconds(cx: &mut Cx, value: Value) -> PyResult<i64> {
    if let Some(f) = value.unwrap_payload().as_float() {
        if f.is_nan() {
            return Err(value_error(cx, "Invalid value NaN (not a number)"));
        }
        return in_range(f.floor()).ok_or(()).or_else(|()| Err(out_of_range(cx)));
    }
    seconds_of_int(cx, value)
}

fn in_range(seconds: f64) -> Option<i64> {
    // 2 ** 63 is the first float that is too large.
    (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&seconds).then_some(seconds as i64)
}

fn seconds_of_int(cx: &mut Cx, value: Value) -> PyResult<i64> {
    let index = index_value(cx, value)?;
    match runtime::number::Num::of(index).and_then(|n| n.to_i64()) {
        Some(seconds) => Ok(seconds),
        None => Err(out_of_range(cx)),
    }
}

#[cold]
fn out_of_range(cx: &mut Cx) -> Raised {
    overflow_error(cx, "timestamp out of range for platform time_t")
}
