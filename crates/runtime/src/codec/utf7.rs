//! UTF-7: ASCII with runs of base64 between `+` and `-`.

use super::errors::{Handling, handle_decode};
use crate::prelude::*;
use object::StrBuilder;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64_value(b: u8) -> Option<u32> {
    BASE64.iter().position(|&c| c == b).map(|i| i as u32)
}

/// Whether `c` goes through as it is. White space and the characters that mail may change are taken too, as by CPython.
fn is_direct(c: u32) -> bool {
    matches!(c, 9 | 10 | 13 | 0x20..0x7F) && !matches!(char::from_u32(c), Some('+' | '\\' | '~'))
}

/// Encode any text.
pub fn encode(s: &Str) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    let (mut in_shift, mut buffer, mut n_bits) = (false, 0u64, 0u32);
    for c in s.iter() {
        if in_shift && is_direct(c) {
            if n_bits > 0 {
                out.push(BASE64[((buffer << (6 - n_bits)) & 63) as usize]);
                (buffer, n_bits) = (0, 0);
            }
            in_shift = false;
            // A character of base64 itself, or the hyphen, would be read as part of the run.
            if base64_value(c as u8).is_some() || c == '-' as u32 {
                out.push(b'-');
            }
            out.push(c as u8);
            continue;
        }
        if !in_shift {
            if c == '+' as u32 {
                out.extend_from_slice(b"+-");
                continue;
            }
            if is_direct(c) {
                out.push(c as u8);
                continue;
            }
            out.push(b'+');
            in_shift = true;
        }
        let mut units = [0u16; 2];
        let units: &[u16] = match char::from_u32(c) {
            Some(c) => c.encode_utf16(&mut units),
            None => {
                units[0] = c as u16;
                &units[..1]
            }
        };
        for &unit in units {
            buffer = buffer << 16 | unit as u64;
            n_bits += 16;
            while n_bits >= 6 {
                n_bits -= 6;
                out.push(BASE64[(buffer >> n_bits & 63) as usize]);
            }
            buffer &= (1 << n_bits) - 1;
        }
    }
    if n_bits > 0 {
        out.push(BASE64[((buffer << (6 - n_bits)) & 63) as usize]);
    }
    if in_shift {
        out.push(b'-');
    }
    out
}

/// A base64 run being decoded.
#[derive(Default, Clone, Copy)]
struct Shift {
    /// Where the run's `+` is.
    start: usize,
    /// Characters put out before the run.
    out_start: usize,
    buffer: u32,
    n_bits: u32,
    surrogate: u32,
}

/// Decode; without `is_final` an unfinished run at the end is left for the next call.
pub fn decode(cx: &mut Cx, data: Gc<Bytes>, handling: &Handling, is_final: bool) -> PyResult<(Gc<Str>, usize)> {
    let mut data = data;
    let mut out = StrBuilder::with_capacity(data.len());
    let mut shift: Option<Shift> = None;
    let mut at = 0;
    loop {
        let bytes = data.as_slice();
        if at >= bytes.len() {
            let Some(run) = shift else { break };
            if !is_final {
                // Give back the whole run.
                at = run.start;
                out = truncated(out, run.out_start);
                break;
            }
            if run.surrogate == 0 && run.n_bits < 6 && run.buffer == 0 {
                break;
            }
            shift = None;
            let (end, reason) = (bytes.len(), "unterminated shift sequence");
            at = handle_decode(cx, handling, "utf7", &mut data, run.start, end, reason, &mut out)?;
            continue;
        }
        let b = bytes[at];
        let mut wrong = None;
        match &mut shift {
            Some(run) => match base64_value(b) {
                Some(value) => {
                    run.buffer = run.buffer << 6 | value;
                    run.n_bits += 6;
                    at += 1;
                    if run.n_bits >= 16 {
                        let unit = run.buffer >> (run.n_bits - 16) & 0xFFFF;
                        run.n_bits -= 16;
                        run.buffer &= (1 << run.n_bits) - 1;
                        push_unit(&mut out, run, unit);
                    }
                }
                None => {
                    let run = *run;
                    shift = None;
                    if run.n_bits >= 6 {
                        at += 1;
                        wrong = Some((run.start, "partial character in shift sequence"));
                    } else if run.n_bits > 0 && run.buffer != 0 {
                        at += 1;
                        wrong = Some((run.start, "non-zero padding bits in shift sequence"));
                    } else {
                        // A lone surrogate stays, unless the run ends with a character of its own.
                        if run.surrogate != 0 && is_decoded_direct(b) {
                            out.push(run.surrogate);
                        }
                        if b == b'-' {
                            at += 1;
                        } else if !is_decoded_direct(b) {
                            at += 1;
                            wrong = Some((run.start, "unexpected special character"));
                        }
                    }
                }
            },
            None if b == b'+' => match bytes.get(at + 1) {
                Some(b'-') => {
                    out.push('+' as u32);
                    at += 2;
                }
                Some(&next) if base64_value(next).is_none() => {
                    wrong = Some((at, "ill-formed sequence"));
                    at += 2;
                }
                _ => {
                    shift = Some(Shift { start: at, out_start: out.len(), ..Shift::default() });
                    at += 1;
                }
            },
            None if is_decoded_direct(b) => {
                out.push(b as u32);
                at += 1;
            }
            None => {
                wrong = Some((at, "unexpected special character"));
                at += 1;
            }
        }
        if let Some((start, reason)) = wrong {
            at = handle_decode(cx, handling, "utf7", &mut data, start, at, reason, &mut out)?;
        }
    }
    Ok((out.finish(&mut cx.heap).or_raise(cx)?, at))
}

fn is_decoded_direct(b: u8) -> bool {
    b < 128 && b != b'+'
}

/// Put out a UTF-16 unit, joining surrogates.
fn push_unit(out: &mut StrBuilder, run: &mut Shift, unit: u32) {
    if run.surrogate != 0 {
        let high = std::mem::take(&mut run.surrogate);
        if (0xDC00..0xE000).contains(&unit) {
            out.push(0x10000 + ((high & 0x3FF) << 10 | unit & 0x3FF));
            return;
        }
        out.push(high);
    }
    if (0xD800..0xDC00).contains(&unit) {
        run.surrogate = unit;
    } else {
        out.push(unit);
    }
}

/// The first `n` characters.
fn truncated(out: StrBuilder, n: usize) -> StrBuilder {
    let mut kept = StrBuilder::with_capacity(n);
    out.iter().take(n).for_each(|c| kept.push(c));
    kept
}
