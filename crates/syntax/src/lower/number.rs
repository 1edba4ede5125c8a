//! Number literals.

use bytecode::{BigInt, Constant};
use ruff_python_ast as ruff;
use ruff_text_size::TextRange;

use super::{Lowered, Lowerer};
use crate::{SyntaxError, SyntaxWarning};

/// `sys.int_info.default_max_str_digits`.
const MAX_DIGITS: usize = 4300;

impl Lowerer<'_> {
    pub(super) fn number(&mut self, number: &ruff::Number, range: TextRange) -> Lowered<Constant> {
        self.warn_adjacent_keyword(range);
        Ok(match number {
            ruff::Number::Float(value) => Constant::Float(*value),
            ruff::Number::Complex { real, imag } => Constant::Complex { real: *real, imag: *imag },
            ruff::Number::Int(value) => match value.as_i64() {
                Some(value) => Constant::Int(value),
                None => self.big_int(range)?,
            },
        })
    }

    /// A keyword right after a number, as in `1if x else y`.
    fn warn_adjacent_keyword(&mut self, range: TextRange) {
        let after = self.source.as_bytes().get(usize::from(range.end()));
        if !after.is_some_and(u8::is_ascii_alphabetic) {
            return;
        }
        let text = self.text(range).as_bytes();
        let kind = match (text.get(1), text.last()) {
            (Some(b'x' | b'X'), _) => "hexadecimal",
            (Some(b'o' | b'O'), _) => "octal",
            (Some(b'b' | b'B'), _) => "binary",
            (_, Some(b'j' | b'J')) => "imaginary",
            _ => "decimal",
        };
        let loc = self.loc(range);
        self.warnings.push(SyntaxWarning { message: format!("invalid {kind} literal"), loc });
    }

    fn big_int(&self, range: TextRange) -> Lowered<Constant> {
        let text: Vec<u8> = self.text(range).bytes().filter(|&b| b != b'_').collect();
        let limbs = match text.get(..2) {
            Some(b"0x" | b"0X") => from_digits(&text[2..], 4),
            Some(b"0o" | b"0O") => from_digits(&text[2..], 3),
            Some(b"0b" | b"0B") => from_digits(&text[2..], 1),
            _ if text.len() > MAX_DIGITS => {
                let message = format!(
                    "Exceeds the limit ({MAX_DIGITS} digits) for integer string conversion: value has {} digits; use \
                     sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer \
                     literals to avoid decimal conversion limits.",
                    text.len()
                );
                return Err(Box::new(SyntaxError::at(self.loc(range), message)));
            }
            _ => from_decimal(&text),
        };
        Ok(match limbs[..] {
            [] => Constant::Int(0),
            [limb] if limb <= i64::MAX as u64 => Constant::Int(limb as i64),
            _ => Constant::BigInt(BigInt { negative: false, limbs }),
        })
    }
}

/// Digits of `bits` bits each, most significant first, to limbs.
fn from_digits(digits: &[u8], bits: u32) -> Vec<u64> {
    let mut limbs = Vec::with_capacity(digits.len() * bits as usize / 64 + 1);
    let mut limb = 0u128;
    let mut filled = 0;
    for &digit in digits.iter().rev() {
        let value = (digit as char).to_digit(16).unwrap_or(0);
        limb |= u128::from(value) << filled;
        filled += bits;
        if filled >= 64 {
            limbs.push(limb as u64);
            limb >>= 64;
            filled -= 64;
        }
    }
    limbs.push(limb as u64);
    while limbs.last() == Some(&0) {
        limbs.pop();
    }
    limbs
}

fn from_decimal(digits: &[u8]) -> Vec<u64> {
    let mut limbs: Vec<u64> = Vec::new();
    for chunk in digits.chunks(18) {
        let scale = 10u64.pow(chunk.len() as u32);
        let value = chunk.iter().fold(0, |value, &digit| value * 10 + u64::from(digit.saturating_sub(b'0')));
        let mut carry = u128::from(value);
        for limb in &mut limbs {
            carry += u128::from(*limb) * u128::from(scale);
            *limb = carry as u64;
            carry >>= 64;
        }
        if carry > 0 {
            limbs.push(carry as u64);
        }
    }
    limbs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn big() {
        assert_eq!(from_decimal(b"18446744073709551617"), [1, 1]);
        assert_eq!(from_digits(b"10000000000000001", 4), [1, 1]);
        assert_eq!(from_digits(b"4000000000000000000001", 3), [1, 2]);
    }
}
