//! Arithmetic of the proleptic Gregorian calendar. Knows nothing of Python.

pub const MIN_YEAR: i32 = 1;
pub const MAX_YEAR: i32 = 9999;
/// The ordinal of `9999-12-31`.
pub const MAX_ORDINAL: i64 = 3_652_059;
/// The ordinal of `1970-01-01`.
pub const EPOCH_ORDINAL: i64 = 719_163;
pub const SECONDS_A_DAY: i64 = 86_400;
pub const MICROS_A_SECOND: i64 = 1_000_000;

const DAYS_BEFORE_MONTH: [i64; 13] = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAYS_IN_400_YEARS: i64 = 146_097;
const DAYS_IN_100_YEARS: i64 = 36_524;
const DAYS_IN_4_YEARS: i64 = 1_461;

/// A day; ordered as time is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Day {
    pub year: i32,
    pub month: u8,
    pub day: u8,
}

/// A time of day; ordered as time is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Clock {
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    pub micro: u32,
}

impl Clock {
    /// Seconds since midnight.
    pub fn seconds(self) -> i64 {
        i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second)
    }

    /// The time so many seconds after midnight, fewer than a day's.
    pub fn from_seconds(seconds: i64, micro: u32) -> Clock {
        Clock { hour: (seconds / 3600) as u8, minute: (seconds / 60 % 60) as u8, second: (seconds % 60) as u8, micro }
    }
}

pub fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days of a month from 1 to 12.
pub fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_before_year(year: i32) -> i64 {
    let y = i64::from(year) - 1;
    y * 365 + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400)
}

impl Day {
    /// Days since `0001-01-01`, which is 1.
    pub fn ordinal(self) -> i64 {
        days_before_year(self.year) + self.day_of_year()
    }

    /// From 1.
    pub fn day_of_year(self) -> i64 {
        let leap_day = i64::from(self.month > 2 && is_leap(self.year));
        DAYS_BEFORE_MONTH[usize::from(self.month.min(12))] + leap_day + i64::from(self.day)
    }

    /// The day of an ordinal from 1 on.
    pub fn from_ordinal(ordinal: i64) -> Day {
        let n = ordinal - 1;
        let (n400, n) = (n / DAYS_IN_400_YEARS, n % DAYS_IN_400_YEARS);
        let (n100, n) = (n / DAYS_IN_100_YEARS, n % DAYS_IN_100_YEARS);
        let (n4, n) = (n / DAYS_IN_4_YEARS, n % DAYS_IN_4_YEARS);
        let (n1, n) = (n / 365, n % 365);
        let year = (n400 * 400 + n100 * 100 + n4 * 4 + n1 + 1) as i32;
        // The last day of a cycle would be day 366 of a year too many.
        if n1 == 4 || n100 == 4 {
            return Day { year: year - 1, month: 12, day: 31 };
        }
        let mut month = ((n + 50) >> 5) as u8;
        let before = |month: u8| DAYS_BEFORE_MONTH[usize::from(month)] + i64::from(month > 2 && is_leap(year));
        if before(month) > n {
            month -= 1;
        }
        Day { year, month, day: (n - before(month) + 1) as u8 }
    }

    /// Monday is 0.
    pub fn weekday(self) -> i64 {
        (self.ordinal() + 6).rem_euclid(7)
    }

    /// Year, week and day of the week of ISO 8601.
    pub fn iso_calendar(self) -> (i32, i64, i64) {
        let today = self.ordinal();
        let week_of = |year: i32| (today - iso_year_start(year)).div_euclid(7);
        let (mut year, mut week) = (self.year, week_of(self.year));
        if week < 0 {
            year -= 1;
            week = week_of(year);
        } else if week >= 52 && today >= iso_year_start(year + 1) {
            year += 1;
            week = 0;
        }
        (year, week + 1, (today - iso_year_start(year)).rem_euclid(7) + 1)
    }
}

/// The ordinal of the Monday that starts the ISO year.
fn iso_year_start(year: i32) -> i64 {
    let first = Day { year, month: 1, day: 1 };
    let (ordinal, weekday) = (first.ordinal(), first.weekday());
    let monday = ordinal - weekday;
    if weekday > 3 { monday + 7 } else { monday }
}

/// What is wrong with an ISO year, week and day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IsoError {
    Year,
    Week,
    Day,
}

/// The day of an ISO year, week and day of the week.
pub fn from_iso_calendar(year: i64, week: i64, day: i64) -> Result<i64, IsoError> {
    if !(i64::from(MIN_YEAR)..=i64::from(MAX_YEAR)).contains(&year) {
        return Err(IsoError::Year);
    }
    let year = year as i32;
    if !(1..53).contains(&week) {
        let first = Day { year, month: 1, day: 1 }.weekday();
        // Years that start on a Thursday, and leap years that start on a Wednesday, have 53 weeks.
        if week != 53 || !(first == 3 || first == 2 && is_leap(year)) {
            return Err(IsoError::Week);
        }
    }
    if !(1..=7).contains(&day) {
        return Err(IsoError::Day);
    }
    Ok(iso_year_start(year) + (week - 1) * 7 + day - 1)
}
