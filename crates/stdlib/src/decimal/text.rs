//! Decimal numbers as text.

use super::number::{Kind, MAX_EMAX, MIN_ETINY, Number, power_of_ten};
use super::short::Short;
use dashu_int::UBig;
use std::fmt::Write;

/// A number as it is written; `None` when it is not written as one. Digits may be those of any script (the caller has
/// made them ASCII); underscores are left out and white space around is ignored.
pub fn parse(text: &str) -> Option<Number> {
    let text: String = text.trim().chars().filter(|&c| c != '_').collect();
    let (negative, body) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, &text[..]),
    };
    let lower = body.to_ascii_lowercase();
    if lower == "inf" || lower == "infinity" {
        return Some(Number::infinity(negative));
    }
    for (prefix, kind) in [("snan", Kind::Signaling), ("nan", Kind::Quiet)] {
        if let Some(payload) = lower.strip_prefix(prefix) {
            let coefficient = if payload.is_empty() { UBig::ZERO } else { digits(payload)? };
            return Some(Number { negative, kind, coefficient, exponent: 0 });
        }
    }
    let (mantissa, exponent) = match lower.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (&lower[..], None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let exponent = match exponent {
        None => 0,
        Some(exponent) => parse_exponent(exponent)?,
    };
    let coefficient = digits(&[whole, fraction].concat())?;
    let exponent = exponent.saturating_sub(fraction.len() as i64);
    Some(Number::finite(negative, coefficient, exponent))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// An exponent; one beyond all bounds is as good as the largest that there is.
fn parse_exponent(text: &str) -> Option<i64> {
    let (negative, body) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if body.is_empty() || !is_digits(body) {
        return None;
    }
    let magnitude = body.parse::<i64>().unwrap_or(i64::MAX).min(2 * (MAX_EMAX - MIN_ETINY));
    Some(if negative { -magnitude } else { magnitude })
}

/// The value of ASCII digits.
pub fn digits(text: &str) -> Option<UBig> {
    if text.is_empty() || !is_digits(text) {
        return None;
    }
    match text.len() {
        0..=38 => text.parse::<u128>().ok().map(UBig::from),
        n if n <= 1000 => UBig::from_str_radix(text, 10).ok(),
        n => {
            // In halves, so that long texts take less than the square of their length.
            let middle = n / 2;
            let (head, tail) = (digits(&text[..n - middle])?, digits(&text[n - middle..])?);
            Some(head * power_of_ten(middle as u64) + tail)
        }
    }
}

pub fn coefficient_text(coefficient: &UBig) -> String {
    match u128::try_from(coefficient) {
        Ok(small) => small.to_string(),
        Err(_) => coefficient.to_string(),
    }
}

/// Scientific notation, or engineering notation, where exponents are multiples of 3.
pub fn to_text(number: &Number, engineering: bool, capitals: bool) -> String {
    let sign = if number.negative { "-" } else { "" };
    let payload = || if number.coefficient.is_zero() { String::new() } else { coefficient_text(&number.coefficient) };
    match number.kind {
        Kind::Infinite => return format!("{sign}Infinity"),
        Kind::Quiet => return format!("{sign}NaN{}", payload()),
        Kind::Signaling => return format!("{sign}sNaN{}", payload()),
        Kind::Finite => {}
    }
    let digits = coefficient_text(&number.coefficient);
    let mut text = String::with_capacity(digits.len() + 8);
    let form = Form { engineering, capitals };
    let written = write(&mut text, number.negative, &digits, number.exponent, form);
    written.expect("strings take all");
    text
}

/// How a finite number is written.
#[derive(Clone, Copy)]
struct Form {
    engineering: bool,
    capitals: bool,
}

/// Write a finite number with these digits.
fn write(out: &mut impl Write, negative: bool, digits: &str, exponent: i64, form: Form) -> std::fmt::Result {
    let n = digits.len() as i64;
    let left = exponent + n;
    let point = if exponent <= 0 && left > -6 {
        left
    } else if !form.engineering {
        1
    } else if digits == "0" {
        (left + 1).rem_euclid(3) - 1
    } else {
        (left - 1).rem_euclid(3) + 1
    };
    if negative {
        out.write_char('-')?;
    }
    if point <= 0 {
        out.write_str("0.")?;
        (point..0).try_for_each(|_| out.write_char('0'))?;
        out.write_str(digits)?;
    } else if point >= n {
        out.write_str(digits)?;
        (n..point).try_for_each(|_| out.write_char('0'))?;
    } else {
        let (whole, fraction) = digits.split_at(point as usize);
        out.write_str(whole)?;
        out.write_char('.')?;
        out.write_str(fraction)?;
    }
    if left != point {
        out.write_char(if form.capitals { 'E' } else { 'e' })?;
        write!(out, "{:+}", left - point)?;
    }
    Ok(())
}

/// Text of at most 64 ASCII characters: a sign, 39 digits with a point, and an exponent of 20.
pub struct ShortText {
    bytes: [u8; 64],
    len: usize,
}

impl ShortText {
    /// Scientific notation.
    pub fn of(number: Short, capitals: bool) -> ShortText {
        let mut digits = ShortText::empty();
        // Words are divided faster than pairs of words.
        let written = match u64::try_from(number.coefficient) {
            Ok(word) => write!(digits, "{word}"),
            Err(_) => write!(digits, "{}", number.coefficient),
        };
        let mut text = ShortText::empty();
        let form = Form { engineering: false, capitals };
        let written = written.and_then(|()| write(&mut text, number.negative, digits.as_str(), number.exponent, form));
        written.expect("short numbers fit");
        text
    }

    fn empty() -> ShortText {
        ShortText { bytes: [0; 64], len: 0 }
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).expect("only ASCII is written")
    }
}

impl Write for ShortText {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let free = self.bytes.get_mut(self.len..self.len + text.len()).ok_or(std::fmt::Error)?;
        free.copy_from_slice(text.as_bytes());
        self.len += text.len();
        Ok(())
    }
}
