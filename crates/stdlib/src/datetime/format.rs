//! Texts of dates and times: ISO 8601, and `strftime` with the codes that the C library does not know.

use super::calendar::{Clock, Day};
use super::delta::Span;
use super::zone::{self, offset_text};
use runtime::prelude::*;

pub fn date_text(day: Day) -> String {
    format!("{:04}-{:02}-{:02}", day.year, day.month, day.day)
}

/// A time in ISO 8601 to the precision that `timespec` names.
pub fn clock_text(cx: &mut Cx, clock: Clock, timespec: Option<Gc<Str>>) -> PyResult<String> {
    let Clock { hour, minute, second, micro } = clock;
    let spec = timespec.and_then(|spec| spec.as_ascii().map(str::to_owned));
    let spec = match (&spec, timespec) {
        (None, None) => "auto",
        (Some(spec), _) => spec.as_str(),
        (None, Some(_)) => "",
    };
    Ok(match spec {
        "auto" if micro == 0 => format!("{hour:02}:{minute:02}:{second:02}"),
        "auto" | "microseconds" => format!("{hour:02}:{minute:02}:{second:02}.{micro:06}"),
        "milliseconds" => format!("{hour:02}:{minute:02}:{second:02}.{:03}", micro / 1000),
        "seconds" => format!("{hour:02}:{minute:02}:{second:02}"),
        "minutes" => format!("{hour:02}:{minute:02}"),
        "hours" => format!("{hour:02}"),
        _ => return Err(value_error(cx, "Unknown timespec value")),
    })
}

/// The offset of a time zone as ISO 8601 has it, empty when there is none.
pub fn zone_text(cx: &mut Cx, zone: Value, argument: Value) -> PyResult<String> {
    Ok(zone::utc_offset(cx, zone, argument)?.map_or_else(String::new, |span: Span| offset_text(span, ":")))
}

/// What `strftime` asks of its object.
#[derive(Clone, Copy)]
pub struct Source {
    pub year: i32,
    pub micro: u32,
    pub zone: Value,
    /// What the time zone is asked with.
    pub argument: Value,
    /// The time tuple for the C library.
    pub tuple: Value,
}

fn c_strftime(cx: &mut Cx, format: Value, tuple: Value) -> PyResult<Gc<Str>> {
    let strftime = runtime::import::import_attr(cx, "time", "strftime")?;
    let text = call(cx, strftime, &[format, tuple])?;
    match text.downcast::<Str>() {
        Some(text) => Ok(text),
        None => Err(type_error(cx, "time.strftime() returned no str")),
    }
}

/// The year of a code that shows one, with the leading zeros that the C library leaves out.
fn year_text(cx: &mut Cx, code: char, source: &Source) -> PyResult<String> {
    let year = if code == 'G' {
        let format = cx.heap.str("%G");
        let text = c_strftime(cx, format, source.tuple)?;
        text.as_ascii().and_then(|text| text.trim().parse().ok()).unwrap_or(source.year)
    } else {
        source.year
    };
    Ok(match code {
        'F' => format!("{year:04}-%m-%d"),
        'C' => format!("{:02}", year / 100),
        _ => format!("{year:04}"),
    })
}

pub fn strftime(cx: &mut Cx, format: Gc<Str>, source: Source) -> PyResult<Gc<Str>> {
    let mut out = StrBuilder::new();
    let mut i = 0;
    let n = format.len();
    let at = |i: usize| (i < n).then(|| format.get(i));
    while let Some(c) = at(i) {
        i += 1;
        let code = at(i).filter(|_| c == u32::from('%')).and_then(char::from_u32);
        let Some(code) = code else {
            out.push(c);
            continue;
        };
        i += 1;
        match code {
            'z' => {
                if let Some(span) = zone::utc_offset(cx, source.zone, source.argument)? {
                    out.push_str(&offset_text(span, ""));
                }
            }
            ':' if at(i) == Some(u32::from('z')) => {
                i += 1;
                if let Some(span) = zone::utc_offset(cx, source.zone, source.argument)? {
                    out.push_str(&offset_text(span, ":"));
                }
            }
            'Z' => {
                let name = zone::name(cx, source.zone, source.argument)?;
                if !name.is_none() {
                    let (percent, twice) = (cx.heap.str("%"), cx.heap.str("%%"));
                    let name = super::invoke(cx, name, "replace", &[percent, twice])?;
                    match name.downcast::<Str>() {
                        Some(name) => out.push_py(&name),
                        None => return Err(type_error(cx, "tzname.replace() did not return a string")),
                    }
                }
            }
            'f' => out.push_str(&format!("{:06}", source.micro)),
            'Y' | 'G' | 'F' | 'C' if source.year < 1000 => {
                let text = year_text(cx, code, &source)?;
                out.push_str(&text);
            }
            _ => {
                out.push_char('%');
                out.push_char(code);
            }
        }
    }
    let format = out.finish(&mut cx.heap).or_raise(cx)?;
    c_strftime(cx, format.value(), source.tuple)
}

/// `format(object, spec)`: `strftime`, or `str` for an empty one.
pub fn format(cx: &mut Cx, object: Value, spec: Gc<Str>) -> PyResult {
    if spec.is_empty() {
        return Ok(str_of(cx, object)?.value());
    }
    super::invoke(cx, object, "strftime", &[spec.value()])
}
