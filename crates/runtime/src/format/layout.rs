//! Lays out formatted values: sign, prefix, grouped digits, padding. The values' text comes from their callers.
//!
//! [`format_str`], [`format_digits`], [`format_float`] and [`format_complex`] are what `__format__` of the four types does
//! once the spec is known not to be empty.

use super::float::{self, Flags, Style};
use super::spec::{FormatError, Grouping, Result, Spec, unknown_type, value_error};
use object::{Str, StrBuilder};

/// Padding to the left and to the right of `n` characters.
fn padding(n: usize, width: Option<usize>, align: u8) -> (usize, usize) {
    let free = width.unwrap_or(0).saturating_sub(n);
    match align {
        b'>' => (free, 0),
        b'^' => (free / 2, free - free / 2),
        b'<' | b'=' => (0, free),
        _ => (0, free),
    }
}

/// `format(str, spec)`.
pub fn format_str(text: &Str, spec: &Spec) -> Result<StrBuilder> {
    if spec.sign != 0 {
        let what = if spec.sign == b' ' { "Space" } else { "Sign" };
        return value_error(format!("{what} not allowed in string format specifier"));
    }
    if spec.no_negative_zero {
        return value_error("Negative zero coercion (z) not allowed in string format specifier");
    }
    if spec.alternate {
        return value_error("Alternate form (#) not allowed in string format specifier");
    }
    if spec.align == b'=' {
        return value_error("'=' alignment not allowed in string format specifier");
    }
    if spec.kind_char() != 's' {
        return unknown_type(spec.kind, "str");
    }
    let n = spec.precision.map_or(text.len(), |p| p.min(text.len()));
    let (left, right) = padding(n, spec.width, spec.align);
    let mut out = StrBuilder::with_capacity(n + left + right);
    out.push_repeated(spec.fill, left);
    out.push_slice(text, 0, n);
    out.push_repeated(spec.fill, right);
    Ok(out)
}

/// The parts of a number, before padding.
struct Number<'a> {
    negative: bool,
    prefix: &'a str,
    /// Digits before the point; empty for `inf`, `nan`.
    digits: &'a str,
    /// The point and the digits behind it.
    fraction: Option<&'a str>,
    /// Exponent, percent sign, `inf`, `nan`.
    rest: &'a str,
}

/// `digits` with separators, filled with zeros up to `min_width` when there are separators.
fn grouped(digits: &str, min_width: usize, grouping: Grouping) -> String {
    if digits.is_empty() {
        return String::new();
    }
    let Some(separator) = grouping.separator() else {
        return digits.to_owned();
    };
    let mut reversed: Vec<u8> = Vec::with_capacity(digits.len() * 4 / 3 + 1);
    let mut rest = digits.bytes().rev();
    let (mut left, mut min_width) = (digits.len() as i64, min_width as i64);
    loop {
        let n = (grouping.group() as i64).min(left.max(min_width).max(1));
        for _ in 0..n {
            reversed.push(rest.next().unwrap_or(b'0'));
        }
        left -= n;
        min_width -= n;
        if left <= 0 && min_width <= 0 {
            break;
        }
        reversed.push(separator);
        min_width -= 1;
    }
    reversed.reverse();
    reversed.into_iter().map(char::from).collect()
}

/// Digits behind the point, with separators counted from the point.
fn grouped_fraction(digits: &str, grouping: Grouping) -> String {
    let Some(separator) = grouping.separator() else { return digits.to_owned() };
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && i % grouping.group() == 0 {
            out.push(separator as char);
        }
        out.push(c);
    }
    out
}

/// As [`lay_out`], without separators.
fn lay_out_plain(out: &mut StrBuilder, number: &Number, sign: &str, spec: &Spec) {
    let n = sign.len()
        + number.prefix.len()
        + number.digits.len()
        + number.fraction.map_or(0, |f| f.len() + 1)
        + number.rest.chars().count();
    let (left, inner, right) = match spec.align {
        b'=' => (0, spec.width.unwrap_or(0).saturating_sub(n), 0),
        align => {
            let (left, right) = padding(n, spec.width, align);
            (left, 0, right)
        }
    };
    out.push_repeated(spec.fill, left);
    out.push_str(sign);
    out.push_str(number.prefix);
    out.push_repeated(spec.fill, inner);
    out.push_str(number.digits);
    if let Some(fraction) = number.fraction {
        out.push_str(".");
        out.push_str(fraction);
    }
    out.push_str(number.rest);
    out.push_repeated(spec.fill, right);
}

/// Write `number` as `spec` says.
fn lay_out(out: &mut StrBuilder, number: &Number, spec: &Spec) {
    let sign = match (number.negative, spec.sign) {
        (true, _) => "-",
        (false, b'+') => "+",
        (false, b' ') => " ",
        _ => "",
    };
    if spec.grouping == Grouping::None && spec.fraction_grouping == Grouping::None {
        return lay_out_plain(out, number, sign, spec);
    }
    let fraction = number.fraction.map(|f| grouped_fraction(f, spec.fraction_grouping));
    let fixed =
        sign.len() + number.prefix.len() + fraction.as_ref().map_or(0, |f| f.len() + 1) + number.rest.chars().count();
    let width = spec.width.unwrap_or(0);
    let zero_filled = spec.fill == '0' as u32 && spec.align == b'=';
    let min_width = if zero_filled { width.saturating_sub(fixed) } else { 0 };
    let long_fill = grouping_free_fill(number.digits.len(), min_width, spec.grouping);
    let digits = grouped(number.digits, min_width, spec.grouping);
    let n = fixed + long_fill + digits.len();
    let inner = if spec.align == b'=' { width.saturating_sub(n) } else { 0 };
    let (left, right) = if spec.align == b'=' { (0, 0) } else { padding(n, spec.width, spec.align) };
    out.push_repeated(spec.fill, left);
    out.push_str(sign);
    out.push_str(number.prefix);
    out.push_repeated(spec.fill, inner);
    out.push_repeated('0' as u32, long_fill);
    out.push_str(&digits);
    if let Some(fraction) = &fraction {
        out.push_str(".");
        out.push_str(fraction);
    }
    out.push_str(number.rest);
    out.push_repeated(spec.fill, right);
}

/// Zeros that need no separators are written apart from the digits.
fn grouping_free_fill(n_digits: usize, min_width: usize, grouping: Grouping) -> usize {
    if grouping == Grouping::None && n_digits > 0 { min_width.saturating_sub(n_digits) } else { 0 }
}

/// What no presentation of an int as an int allows.
pub fn check_int(spec: &Spec) -> Result<()> {
    if spec.precision.is_some() {
        return value_error("Precision not allowed in integer format specifier");
    }
    if spec.no_negative_zero {
        return value_error("Negative zero coercion (z) not allowed in integer format specifier");
    }
    Ok(())
}

/// What type `c` does not allow.
pub fn check_char(spec: &Spec) -> Result<()> {
    if spec.sign != 0 {
        return value_error("Sign not allowed with integer format specifier 'c'");
    }
    if spec.alternate {
        return value_error("Alternate form (#) not allowed with integer format specifier 'c'");
    }
    Ok(())
}

/// `format(int, spec)` with type `c`.
pub fn format_char(c: Option<u32>, spec: &Spec) -> Result<StrBuilder> {
    let Some(c) = c else { return Err(FormatError::Overflow("%c arg not in range(0x110000)".to_owned())) };
    let (left, right) = if spec.align == b'=' {
        (spec.width.unwrap_or(0).saturating_sub(1), 0)
    } else {
        padding(1, spec.width, spec.align)
    };
    let mut out = StrBuilder::new();
    out.push_repeated(spec.fill, left);
    out.push(c);
    out.push_repeated(spec.fill, right);
    Ok(out)
}

/// `format(int, spec)` with the digits of the magnitude in the radix of the type, in lower case.
pub fn format_digits(negative: bool, mut digits: String, spec: &Spec) -> StrBuilder {
    let kind = spec.kind_char();
    if kind == 'X' {
        digits.make_ascii_uppercase();
    }
    let prefix = match (spec.alternate, kind) {
        (true, 'b') => "0b",
        (true, 'o') => "0o",
        (true, 'x') => "0x",
        (true, 'X') => "0X",
        _ => "",
    };
    let mut out = StrBuilder::new();
    lay_out(&mut out, &Number { negative, prefix, digits: &digits, fraction: None, rest: "" }, spec);
    out
}

/// Cut the text of a float into its parts.
fn parse_number(text: &str) -> Number<'_> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    match rest.strip_prefix('.') {
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            Number { negative, prefix: "", digits, fraction: Some(&rest[..end]), rest: &rest[end..] }
        }
        None => Number { negative, prefix: "", digits, fraction: None, rest },
    }
}

/// The style, whether to multiply by 100, and the precision that `spec` asks for.
fn float_style(spec: &Spec) -> Result<(Style, bool, usize)> {
    if spec.precision.is_some_and(|p| p > i32::MAX as usize) {
        return value_error("precision too big");
    }
    let style = match spec.kind_char() {
        'e' | 'E' => Style::Exponent,
        'f' | 'F' | '%' => Style::Fixed,
        'g' | 'G' | 'n' => Style::General,
        _ => {
            return Ok(match spec.precision {
                Some(precision) => (Style::General, false, precision),
                None => (Style::Repr, false, 0),
            });
        }
    };
    Ok((style, spec.kind_char() == '%', spec.precision.unwrap_or(6)))
}

/// `format(float, spec)`.
pub fn format_float(x: f64, spec: &Spec, type_name: &str) -> Result<StrBuilder> {
    if !matches!(spec.kind_char(), '\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%') {
        return unknown_type(spec.kind, type_name);
    }
    let (style, percent, precision) = float_style(spec)?;
    let flags = Flags { add_dot_0: spec.kind == 0, alternate: spec.alternate, no_negative_zero: spec.no_negative_zero };
    let mut text = float::text(if percent { x * 100.0 } else { x }, style, precision, flags);
    if matches!(spec.kind_char(), 'E' | 'F' | 'G') {
        text.make_ascii_uppercase();
    }
    if percent {
        text.push('%');
    }
    let mut out = StrBuilder::with_capacity(text.len());
    lay_out(&mut out, &parse_number(&text), spec);
    Ok(out)
}

/// `format(complex, spec)`.
pub fn format_complex(re: f64, im: f64, spec: &Spec, type_name: &str) -> Result<StrBuilder> {
    if !matches!(spec.kind_char(), '\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n') {
        return unknown_type(spec.kind, type_name);
    }
    let (style, _, precision) = float_style(spec)?;
    if spec.fill == '0' as u32 {
        return value_error("Zero padding is not allowed in complex format specifier");
    }
    if spec.align == b'=' {
        return value_error("'=' alignment flag is not allowed in complex format specifier");
    }
    let flags = Flags { add_dot_0: false, alternate: spec.alternate, no_negative_zero: spec.no_negative_zero };
    let part = |x: f64| {
        let mut text = float::text(x, style, precision, flags);
        if matches!(spec.kind_char(), 'E' | 'F' | 'G') {
            text.make_ascii_uppercase();
        }
        text
    };
    let skip_real = spec.kind == 0 && re == 0.0 && re.is_sign_positive();
    let parentheses = spec.kind == 0 && !skip_real;
    let inner = Spec { fill: ' ' as u32, align: b'<', width: None, ..*spec };
    let mut body = StrBuilder::new();
    if parentheses {
        body.push_str("(");
    }
    if !skip_real {
        lay_out(&mut body, &parse_number(&part(re)), &inner);
    }
    let sign = if skip_real { spec.sign } else { b'+' };
    lay_out(&mut body, &parse_number(&part(im)), &Spec { sign, ..inner });
    body.push_str(if parentheses { "j)" } else { "j" });

    let (left, right) = padding(body.len(), spec.width, spec.align);
    let mut out = StrBuilder::with_capacity(body.len() + left + right);
    out.push_repeated(spec.fill, left);
    body.iter().for_each(|c| out.push(c));
    out.push_repeated(spec.fill, right);
    Ok(out)
}

/// `repr` of a complex number.
pub fn complex_repr(re: f64, im: f64) -> String {
    let part = |x: f64| float::text(x, Style::Repr, 0, Flags::default());
    if re == 0.0 && re.is_sign_positive() {
        return format!("{}j", part(im));
    }
    let im_text = part(im);
    let sign = if im_text.starts_with('-') { "" } else { "+" };
    format!("({}{sign}{im_text}j)", part(re))
}
