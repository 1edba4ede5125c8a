//! Floats as text: `repr`, and C's `e`, `f`, `g` with CPython's rules for the exponent and the point.
//!
//! Pure text: called by `float` and `complex`, the format mini-language, `%` formatting and `json`. Signs beyond `-`,
//! padding and grouping are the callers'.

use crate::number::int_text::decimal;
use std::fmt::Write;

/// `repr(x)`.
pub fn repr(x: f64) -> String {
    // Where no exponent is shown, Rust's text is Python's.
    if x == 0.0 || (1e-4..1e16).contains(&x.abs()) {
        return format!("{x:?}");
    }
    text(x, Style::Repr, 0, Flags { add_dot_0: true, ..Flags::default() })
}

/// The presentation of a float; upper case is the caller's business.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// Shortest digits that read back as the same number.
    Repr,
    Exponent,
    Fixed,
    General,
}

#[derive(Clone, Copy, Default, Debug)]
pub struct Flags {
    /// Make a finite result look like a float.
    pub add_dot_0: bool,
    /// `#`: keep the point and trailing zeros.
    pub alternate: bool,
    /// `z`: a result of zero has no sign.
    pub no_negative_zero: bool,
}

/// No double has more digits behind the point.
const MAX_FRACTION: usize = 1100;

/// Significant digits without leading or trailing zeros beyond what was asked, and the position of the decimal point
/// relative to their start.
fn digits(x: f64, style: Style, precision: usize) -> (String, i64) {
    let scientific = match style {
        Style::Repr => format!("{x:e}"),
        Style::Exponent => format!("{:.*e}", precision.min(MAX_FRACTION), x),
        Style::General => format!("{:.*e}", precision.max(1).min(MAX_FRACTION) - 1, x),
        Style::Fixed => {
            let fixed = format!("{:.*}", precision.min(MAX_FRACTION), x);
            let (whole, fraction) = fixed.split_once('.').unwrap_or((&fixed, ""));
            let whole = whole.trim_start_matches('0');
            if !whole.is_empty() {
                return (format!("{whole}{fraction}"), whole.len() as i64);
            }
            let significant = fraction.trim_start_matches('0');
            return (significant.to_owned(), significant.len() as i64 - fraction.len() as i64);
        }
    };
    let (mantissa, exponent) = scientific.split_once('e').expect("Rust writes an exponent");
    let mut digits: String = mantissa.chars().filter(|&c| c != '.').collect();
    let exponent: i64 = exponent.parse().expect("Rust writes a number");
    if style != Style::Exponent {
        digits.truncate(digits.trim_end_matches('0').len());
    }
    if digits.is_empty() { (String::new(), 1) } else { (digits, exponent + 1) }
}

/// Write a finite number with few digits behind the point, in machine words; false for one that takes more.
fn push_fixed(out: &mut String, x: f64, precision: usize) -> bool {
    const POWERS: [u64; 10] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];
    let Some(&scale) = POWERS.get(precision) else { return false };
    let (mantissa, exponent) = crate::number::float::decode(x.abs());
    // Less than 2 ** 53 times 2 ** 30.
    let scaled = u128::from(mantissa) * u128::from(scale);
    let units = match -exponent {
        0 => scaled,
        shift @ 1..=126 => {
            let (whole, rest, half) = (scaled >> shift, scaled & ((1 << shift) - 1), 1 << (shift - 1));
            whole + u128::from(rest > half || rest == half && whole & 1 == 1)
        }
        _ => return false,
    };
    let (Ok(units), scale) = (i64::try_from(units), scale as i64) else { return false };
    if x.is_sign_negative() {
        out.push('-');
    }
    let mut room = [0; 20];
    out.push_str(decimal(units / scale, &mut room));
    if precision > 0 {
        // A one in front keeps the zeros.
        out.push('.');
        out.push_str(&decimal(scale + units % scale, &mut room)[1..]);
    }
    true
}

/// `x` in this style. `precision` has C's meaning and is not used by [`Style::Repr`].
pub fn text(x: f64, style: Style, precision: usize, flags: Flags) -> String {
    if x.is_nan() {
        return "nan".to_owned();
    }
    if x.is_infinite() {
        return if x < 0.0 { "-inf" } else { "inf" }.to_owned();
    }
    if style == Style::Fixed && precision <= MAX_FRACTION && !flags.alternate && !flags.add_dot_0 {
        let mut out = String::with_capacity(24);
        if !push_fixed(&mut out, x, precision) {
            let _ = write!(out, "{x:.precision$}");
        }
        if flags.no_negative_zero && out.starts_with('-') && out.bytes().all(|b| matches!(b, b'-' | b'0' | b'.')) {
            out.remove(0);
        }
        return out;
    }
    let precision = if style == Style::General { precision.max(1) } else { precision };
    let (digits, point) = digits(x.abs(), style, precision);
    let is_zero = digits.bytes().all(|b| b == b'0');
    let point = if is_zero && style != Style::Fixed { 1 } else { point };
    let n_precision = precision as i64;

    // The digits shown run from `start` to `end`, counted from the first significant one.
    let (mut exponent_form, mut end) = (false, digits.len() as i64);
    match style {
        Style::Exponent => {
            exponent_form = true;
            end = n_precision + 1;
        }
        Style::Fixed => end = point + n_precision,
        Style::General => {
            exponent_form = point <= -4 || point > n_precision - flags.add_dot_0 as i64;
            if flags.alternate {
                end = n_precision;
            }
        }
        Style::Repr => exponent_form = point <= -4 || point > 16,
    }
    let (exponent, point) = if exponent_form { (point - 1, 1) } else { (0, point) };
    let start = if point <= 0 { point - 1 } else { 0 };
    end = end.max(if !exponent_form && flags.add_dot_0 { point + 1 } else { point });

    let mut out = String::with_capacity((end - start) as usize + 8);
    if x.is_sign_negative() && !(is_zero && flags.no_negative_zero) {
        out.push('-');
    }
    let bytes = digits.as_bytes();
    for i in start..end {
        if i == point {
            out.push('.');
        }
        out.push(usize::try_from(i).ok().and_then(|i| bytes.get(i)).map_or('0', |&b| b as char));
    }
    if end == point && flags.alternate {
        out.push('.');
    }
    if exponent_form {
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(out, "e{sign}{:02}", exponent.abs());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(x: f64, style: Style, precision: usize) -> String {
        text(x, style, precision, Flags::default())
    }

    #[test]
    fn repr_is_the_shortest() {
        for (x, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (9999999999999998.0, "9999999999999998.0"),
            (1e-4, "0.0001"),
            (1e-5, "1e-05"),
            (1.5e-7, "1.5e-07"),
            (5e-324, "5e-324"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
            (123456.789, "123456.789"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(repr(x), expected);
        }
    }

    #[test]
    fn c_styles() {
        assert_eq!(plain(2.5, Style::Fixed, 0), "2");
        assert_eq!(plain(0.5, Style::Fixed, 0), "0");
        assert_eq!(plain(1.5, Style::Fixed, 0), "2");
        assert_eq!(plain(0.05, Style::Fixed, 1), "0.1");
        assert_eq!(plain(0.0, Style::Fixed, 2), "0.00");
        assert_eq!(plain(0.001, Style::Fixed, 2), "0.00");
        assert_eq!(plain(1234.5678, Style::Fixed, 2), "1234.57");
        assert_eq!(plain(0.0, Style::Exponent, 3), "0.000e+00");
        assert_eq!(plain(12345.0, Style::Exponent, 0), "1e+04");
        assert_eq!(plain(12345.0, Style::Exponent, 6), "1.234500e+04");
        assert_eq!(plain(0.0001, Style::General, 6), "0.0001");
        assert_eq!(plain(0.00001, Style::General, 6), "1e-05");
        assert_eq!(plain(1e6, Style::General, 6), "1e+06");
        assert_eq!(plain(123456.0, Style::General, 6), "123456");
        assert_eq!(plain(0.0, Style::General, 6), "0");
        let alternate = Flags { alternate: true, ..Flags::default() };
        assert_eq!(text(1.0, Style::General, 6, alternate), "1.00000");
        assert_eq!(text(0.0, Style::General, 6, alternate), "0.00000");
        assert_eq!(text(3.0, Style::Fixed, 0, alternate), "3.");
        assert_eq!(text(-0.001, Style::Fixed, 1, Flags { no_negative_zero: true, ..Flags::default() }), "0.0");
        assert_eq!(plain(1.0, Style::Fixed, 2000).len(), 2002);
    }
}
