//! The values a code object can hold as constants, and their `repr`.

use std::fmt::Write;
use std::sync::Arc;

use crate::{CodeObject, Wtf8Buf};

/// An integer too big for `i64`: sign and magnitude, the least significant limb first, no zero limb at the end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BigInt {
    pub negative: bool,
    pub limbs: Vec<u64>,
}

impl BigInt {
    /// The magnitude in decimal.
    fn decimal_digits(&self) -> String {
        const CHUNK: u64 = 1_000_000_000_000_000_000;
        let mut limbs = self.limbs.clone();
        let mut chunks = Vec::new();
        while !limbs.is_empty() {
            let mut remainder = 0u128;
            for limb in limbs.iter_mut().rev() {
                let value = remainder << 64 | u128::from(*limb);
                *limb = (value / u128::from(CHUNK)) as u64;
                remainder = value % u128::from(CHUNK);
            }
            chunks.push(remainder as u64);
            while limbs.last() == Some(&0) {
                limbs.pop();
            }
        }
        let mut digits = chunks.pop().unwrap_or(0).to_string();
        for chunk in chunks.iter().rev() {
            _ = write!(digits, "{chunk:018}");
        }
        digits
    }
}

/// An entry of `co_consts`.
#[derive(Clone, Debug)]
pub enum Constant {
    None,
    Bool(bool),
    Ellipsis,
    Int(i64),
    BigInt(BigInt),
    Float(f64),
    Complex {
        real: f64,
        imag: f64,
    },
    Str(Wtf8Buf),
    Bytes(Vec<u8>),
    Tuple(Vec<Constant>),
    FrozenSet(Vec<Constant>),
    /// start, stop, step
    Slice(Box<[Constant; 3]>),
    Code(Arc<CodeObject>),
}

impl Constant {
    /// Text as a constant.
    pub fn str(text: &str) -> Constant {
        Constant::Str(text.into())
    }

    /// Python's `repr`, except that a code object shows as `<code object NAME>`.
    pub fn repr(&self) -> String {
        let mut out = String::new();
        self.write_repr(&mut out);
        out
    }

    fn write_repr(&self, out: &mut String) {
        match self {
            Constant::None => out.push_str("None"),
            Constant::Bool(true) => out.push_str("True"),
            Constant::Bool(false) => out.push_str("False"),
            Constant::Ellipsis => out.push_str("Ellipsis"),
            Constant::Int(i) => _ = write!(out, "{i}"),
            Constant::BigInt(i) => {
                out.push_str(if i.negative { "-" } else { "" });
                out.push_str(&i.decimal_digits());
            }
            Constant::Float(f) => out.push_str(&float_repr(*f)),
            Constant::Complex { real, imag } => {
                let imag_text = strip_point_zero(float_repr(*imag));
                if *real == 0.0 && real.is_sign_positive() {
                    _ = write!(out, "{imag_text}j");
                } else {
                    let sign = if imag_text.starts_with('-') { "" } else { "+" };
                    _ = write!(out, "({}{sign}{imag_text}j)", strip_point_zero(float_repr(*real)));
                }
            }
            Constant::Str(text) => write_quoted(out, text.code_points(), true),
            Constant::Bytes(bytes) => {
                out.push('b');
                write_quoted(out, bytes.iter().map(|&b| b.into()), false);
            }
            Constant::Tuple(items) => {
                write_list(out, "(", items);
                out.push_str(if items.len() == 1 { ",)" } else { ")" });
            }
            Constant::FrozenSet(items) if items.is_empty() => out.push_str("frozenset()"),
            Constant::FrozenSet(items) => {
                write_list(out, "frozenset({", items);
                out.push_str("})");
            }
            Constant::Slice(parts) => {
                write_list(out, "slice(", &parts[..]);
                out.push(')');
            }
            Constant::Code(code) => _ = write!(out, "<code object {}>", code.name),
        }
    }
}

fn write_list(out: &mut String, open: &str, items: &[Constant]) {
    out.push_str(open);
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        item.write_repr(out);
    }
}

/// The shortest digits that read back as `f`, in the layout of Python's `repr`.
fn float_repr(f: f64) -> String {
    if f.is_nan() {
        return "nan".into();
    }
    if f.is_infinite() {
        return if f > 0.0 { "inf" } else { "-inf" }.into();
    }
    let scientific = format!("{f:e}");
    let (mantissa, exponent) = scientific.split_once('e').expect("`{:e}` always writes an exponent");
    let exponent: i32 = exponent.parse().expect("`{:e}` writes a decimal exponent");
    if (-4..16).contains(&exponent) {
        let plain = format!("{f}");
        return if plain.contains('.') { plain } else { plain + ".0" };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

fn strip_point_zero(text: String) -> String {
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

fn write_quoted(out: &mut String, code_points: impl Iterator<Item = u32> + Clone, unicode: bool) {
    let has = |wanted: char| code_points.clone().any(|c| c == wanted as u32);
    let quote = if has('\'') && !has('"') { '"' } else { '\'' };
    out.push(quote);
    for c in code_points {
        match char::from_u32(c) {
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some('\\') => out.push_str("\\\\"),
            Some(c) if c == quote => _ = write!(out, "\\{c}"),
            Some(c @ ' '..='~') => out.push(c),
            Some(c) if unicode && c as u32 >= 0xA1 && c as u32 != 0xAD => out.push(c),
            _ if c <= 0xFF => _ = write!(out, "\\x{c:02x}"),
            _ if c <= 0xFFFF => _ = write!(out, "\\u{c:04x}"),
            _ => _ = write!(out, "\\U{c:08x}"),
        }
    }
    out.push(quote);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reprs() {
        let floats = [(1.0, "1.0"), (1e16, "1e+16"), (1.5e-5, "1.5e-05"), (0.0001, "0.0001"), (-0.0, "-0.0")];
        for (value, text) in floats {
            assert_eq!(Constant::Float(value).repr(), text);
        }
        let big = BigInt { negative: true, limbs: vec![0, 1] };
        assert_eq!(Constant::BigInt(big).repr(), "-18446744073709551616");
        assert_eq!(Constant::Complex { real: 0.0, imag: 2.0 }.repr(), "2j");
        assert_eq!(Constant::Tuple(vec![Constant::str("it's"), Constant::None]).repr(), "(\"it's\", None)");
        assert_eq!(Constant::Bytes(vec![0, b'a', 0xFF]).repr(), "b'\\x00a\\xff'");
    }
}
