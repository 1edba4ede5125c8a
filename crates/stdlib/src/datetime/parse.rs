//! ISO 8601 texts as `fromisoformat` reads them. Knows nothing of Python; a text is its code points.

use super::calendar::{self, Day, IsoError};

/// What was read where a day stands: numbers that may be out of range.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Date {
    /// Year, month, day.
    Day(i64, i64, i64),
    Ordinal(i64),
    /// An ISO year that does not exist.
    BadYear(i64),
}

/// What was read where a time stands: hour, minute, second, microsecond, and the offset in microseconds if there is one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Time {
    pub parts: [i64; 4],
    pub offset: Option<i64>,
}

fn digit(text: &[u32], i: usize) -> Option<i64> {
    let c = *text.get(i)?;
    (u32::from('0')..=u32::from('9')).contains(&c).then(|| i64::from(c - u32::from('0')))
}

fn is(text: &[u32], i: usize, c: char) -> bool {
    text.get(i) == Some(&u32::from(c))
}

/// `n` digits from `i` on.
fn digits(text: &[u32], i: usize, n: usize) -> Option<i64> {
    (i..i + n).try_fold(0, |number, at| Some(number * 10 + digit(text, at)?))
}

/// A date that is the whole text.
pub fn date(text: &[u32]) -> Option<Date> {
    if !matches!(text.len(), 7 | 8 | 10) {
        return None;
    }
    let year = digits(text, 0, 4)?;
    let dashed = is(text, 4, '-');
    let mut at = 4 + usize::from(dashed);
    let end = text.len();
    if is(text, at, 'W') {
        let week = digits(text, at + 1, 2)?;
        at += 3;
        let mut day = 1;
        if at < end {
            if dashed {
                if !is(text, at, '-') {
                    return None;
                }
                at += 1;
            }
            day = digits(text, at, 1)?;
            at += 1;
        }
        if at != end {
            return None;
        }
        return match calendar::from_iso_calendar(year, week, day) {
            Ok(ordinal) => Some(Date::Ordinal(ordinal)),
            Err(IsoError::Year) => Some(Date::BadYear(year)),
            Err(IsoError::Week | IsoError::Day) => None,
        };
    }
    let month = digits(text, at, 2)?;
    at += 2;
    if dashed {
        if !is(text, at, '-') {
            return None;
        }
        at += 1;
    }
    let day = digits(text, at, 2)?;
    (at + 2 == end).then_some(Date::Day(year, month, day))
}

/// Where the date of a date and time ends; the separator is one character of any kind.
pub fn date_end(text: &[u32]) -> Option<usize> {
    let n = text.len();
    if n < 7 {
        return None;
    }
    if n == 7 {
        return Some(7);
    }
    if is(text, 4, '-') {
        if !is(text, 5, 'W') {
            return Some(10);
        }
        if n > 8 && is(text, 8, '-') {
            // A day of the week, unless two digits follow: those are an hour.
            if n == 9 {
                return None;
            }
            return Some(if n > 10 && digit(text, 10).is_some() { 8 } else { 10 });
        }
        return Some(8);
    }
    if !is(text, 4, 'W') {
        return Some(8);
    }
    let mut at = 7;
    while digit(text, at).is_some() {
        at += 1;
    }
    if at < 9 {
        return Some(at);
    }
    Some(if at.is_multiple_of(2) { 7 } else { 8 })
}

/// Hours, minutes, seconds and a fraction, with colons or without, that are the whole text.
fn clock(text: &[u32]) -> Option<[i64; 4]> {
    let mut parts = [0; 4];
    let (mut at, end) = (0, text.len());
    let mut colons = true;
    let mut fraction = false;
    for i in 0..3 {
        parts[i] = digits(text, at, 2)?;
        at += 2;
        if i == 0 {
            colons = is(text, at, ':');
        }
        if at >= end {
            return Some(parts);
        }
        if is(text, at, '.') || is(text, at, ',') {
            if i < 2 {
                return None;
            }
            fraction = true;
            at += 1;
            break;
        }
        if colons {
            if !is(text, at, ':') || i == 2 {
                return None;
            }
            at += 1;
        }
    }
    if !fraction {
        return None;
    }
    let kept = (end - at).min(6);
    if kept == 0 {
        return None;
    }
    parts[3] = digits(text, at, kept)? * 10_i64.pow(6 - kept as u32);
    at += kept;
    // Digits behind the microseconds are dropped.
    while digit(text, at).is_some() {
        at += 1;
    }
    (at == end).then_some(parts)
}

/// A time with or without offset that is the whole text.
pub fn time(text: &[u32]) -> Option<Time> {
    let mark = text.iter().position(|&c| [u32::from('+'), u32::from('-'), u32::from('Z')].contains(&c));
    let Some(mark) = mark else { return Some(Time { parts: clock(text)?, offset: None }) };
    let parts = clock(&text[..mark])?;
    if is(text, mark, 'Z') {
        return (mark + 1 == text.len()).then_some(Time { parts, offset: Some(0) });
    }
    let [hours, minutes, seconds, micros] = clock(&text[mark + 1..])?;
    let offset = (hours * 3600 + minutes * 60 + seconds) * 1_000_000 + micros;
    Some(Time { parts, offset: Some(if is(text, mark, '-') { -offset } else { offset }) })
}

/// The day after, which may be in a year that is out of range: year, month, day.
pub fn next_day(day: Day) -> (i64, i64, i64) {
    let Day { year, month, day } = day;
    if day < calendar::days_in_month(year, month) {
        (i64::from(year), i64::from(month), i64::from(day) + 1)
    } else if month < 12 {
        (i64::from(year), i64::from(month) + 1, 1)
    } else {
        (i64::from(year) + 1, 1, 1)
    }
}
