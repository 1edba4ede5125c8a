//! Calendar time as the C library sees it, with the time zone of the environment.

use super::last_errno;
use std::ffi::{CStr, CString};
use std::mem::MaybeUninit;

unsafe extern "C" {
    fn tzset();
}

/// `struct tm`; months and days of the year count from 0, years from 1900, days of the week from Sunday.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    pub second: i32,
    pub minute: i32,
    pub hour: i32,
    pub day: i32,
    pub month: i32,
    pub year: i32,
    pub week_day: i32,
    pub year_day: i32,
    pub is_dst: i32,
    pub gmt_offset: i64,
    pub zone: Option<CString>,
}

impl Calendar {
    fn from_c(tm: &libc::tm) -> Calendar {
        let zone = if tm.tm_zone.is_null() {
            None
        } else {
            // SAFETY: the C library points this field at a zone name that stays.
            Some(unsafe { CStr::from_ptr(tm.tm_zone) }.to_owned())
        };
        Calendar {
            second: tm.tm_sec,
            minute: tm.tm_min,
            hour: tm.tm_hour,
            day: tm.tm_mday,
            month: tm.tm_mon,
            year: tm.tm_year,
            week_day: tm.tm_wday,
            year_day: tm.tm_yday,
            is_dst: tm.tm_isdst,
            gmt_offset: tm.tm_gmtoff,
            zone,
        }
    }

    /// The result borrows the zone's name by address: it is valid while `self` is.
    fn to_c(&self) -> libc::tm {
        // SAFETY: all fields are integers or pointers.
        let mut tm: libc::tm = unsafe { MaybeUninit::zeroed().assume_init() };
        tm.tm_sec = self.second;
        tm.tm_min = self.minute;
        tm.tm_hour = self.hour;
        tm.tm_mday = self.day;
        tm.tm_mon = self.month;
        tm.tm_year = self.year;
        tm.tm_wday = self.week_day;
        tm.tm_yday = self.year_day;
        tm.tm_isdst = self.is_dst;
        tm.tm_gmtoff = self.gmt_offset;
        tm.tm_zone = self.zone.as_ref().map_or(std::ptr::null(), |z| z.as_ptr());
        tm
    }
}

/// Read `TZ` anew.
pub fn load_timezone() {
    // SAFETY: reads the environment; all of this program's changes of it happen with the turn.
    unsafe { tzset() };
}

fn convert(
    seconds: i64,
    by: unsafe extern "C" fn(*const libc::time_t, *mut libc::tm) -> *mut libc::tm,
) -> Result<Calendar, i32> {
    let mut tm = MaybeUninit::zeroed();
    // SAFETY: both pointers are to locals; the result is null or the second argument.
    unsafe {
        if by(&seconds, tm.as_mut_ptr()).is_null() {
            return Err(last_errno());
        }
        Ok(Calendar::from_c(&tm.assume_init()))
    }
}

/// Local time; the error is an errno.
pub fn local_time(seconds: i64) -> Result<Calendar, i32> {
    convert(seconds, libc::localtime_r)
}

/// UTC; the error is an errno.
pub fn utc_time(seconds: i64) -> Result<Calendar, i32> {
    convert(seconds, libc::gmtime_r)
}

/// Seconds of a local time; `None` when it cannot be represented.
pub fn make_time(calendar: &Calendar) -> Option<i64> {
    let mut tm = calendar.to_c();
    // The day of the week tells whether the call has done anything: -1 is a valid time.
    tm.tm_wday = -1;
    // SAFETY: a local that is filled in; its zone pointer is null or lives in `calendar`.
    let seconds = unsafe { libc::mktime(&mut tm) };
    if seconds == -1 && tm.tm_wday == -1 { None } else { Some(seconds) }
}

/// `strftime`; `format` without conversions that give nothing at all, or the result is `None` when nothing fits.
pub fn format_time(format: &CStr, calendar: &Calendar) -> Option<Vec<u8>> {
    let tm = calendar.to_c();
    let length = format.to_bytes().len();
    let mut size = 1024;
    loop {
        let mut buffer = vec![0u8; size];
        // SAFETY: the buffer has the size that is passed; format and time live through the call.
        let n = unsafe { libc::strftime(buffer.as_mut_ptr().cast(), size, format.as_ptr(), &tm) };
        if n > 0 || size >= 256 * length.max(1) {
            buffer.truncate(n);
            return if n > 0 || length == 0 { Some(buffer) } else { None };
        }
        size *= 2;
    }
}
