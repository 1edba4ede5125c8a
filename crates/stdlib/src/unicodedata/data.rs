//! The character database: look-ups and normalisation over the generated tables. Pure.

use super::generated::*;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Properties that runs of code points share.
pub struct Record {
    pub category: &'static str,
    pub bidirectional: &'static str,
    pub combining: u8,
    pub width: &'static str,
    pub mirrored: bool,
}

/// The present database, or that of Unicode 3.2 (for IDNA).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Version {
    Current,
    Old,
}

pub fn record(version: Version, c: u32) -> &'static Record {
    let (starts, records, table): (&[u32], &[u16], &[Record]) = match version {
        Version::Current => (&RUN_STARTS, &RUN_RECORDS, &RECORDS),
        Version::Old => (&OLD_RUN_STARTS, &OLD_RUN_RECORDS, &OLD_RECORDS),
    };
    let run = starts.partition_point(|&start| start <= c) - 1;
    &table[records[run] as usize]
}

/// Whether the database has the character at all.
pub fn is_assigned(version: Version, c: u32) -> bool {
    version == Version::Current || record(version, c).category != "Cn"
}

/// The numeric value.
pub fn numeric(version: Version, c: u32) -> Option<f64> {
    if version == Version::Old {
        if let Ok(i) = OLD_NUMERIC.binary_search_by_key(&c, |&(code, _)| code) {
            return Some(OLD_NUMERIC[i].1).filter(|value| !value.is_nan());
        }
        if !is_assigned(version, c) {
            return None;
        }
    }
    NUMERIC.binary_search_by_key(&c, |&(code, _)| code).ok().map(|i| NUMERIC[i].1)
}

/// The digit value, and whether it is a decimal digit.
pub fn digit(version: Version, c: u32) -> Option<(u8, bool)> {
    if !is_assigned(version, c) {
        return None;
    }
    DIGITS.binary_search_by_key(&c, |&(code, ..)| code).ok().map(|i| (DIGITS[i].1, DIGITS[i].2))
}

const HANGUL: u32 = 0xAC00;
const HANGUL_L: u32 = 0x1100;
const HANGUL_V: u32 = 0x1161;
const HANGUL_T: u32 = 0x11A7;
const V_COUNT: u32 = 21;
const T_COUNT: u32 = 28;
const HANGUL_COUNT: u32 = 19 * V_COUNT * T_COUNT;

fn is_hangul(c: u32) -> bool {
    (HANGUL..HANGUL + HANGUL_COUNT).contains(&c)
}

/// The tag (empty for a canonical one) and the parts of a decomposition from the tables.
fn table_decomposition(c: u32) -> Option<(&'static str, &'static [u32])> {
    let i = DECOMPOSITIONS.binary_search_by_key(&c, |&(code, ..)| code).ok()?;
    let (_, tag, _, start, len) = DECOMPOSITIONS[i];
    Some((TAGS[tag as usize], &PARTS[start as usize..start as usize + len as usize]))
}

/// What `unicodedata.decomposition` shows.
pub fn decomposition(version: Version, c: u32) -> String {
    if !is_assigned(version, c) {
        return String::new();
    }
    if is_hangul(c) {
        let (l, v, t) = hangul_parts(c);
        return if t == HANGUL_T { format!("{l:04X} {v:04X}") } else { format!("{l:04X} {v:04X} {t:04X}") };
    }
    let Some((tag, parts)) = table_decomposition(c) else { return String::new() };
    let parts: Vec<String> = parts.iter().map(|p| format!("{p:04X}")).collect();
    if tag.is_empty() { parts.join(" ") } else { format!("{tag} {}", parts.join(" ")) }
}

fn hangul_parts(c: u32) -> (u32, u32, u32) {
    let s = c - HANGUL;
    (HANGUL_L + s / (V_COUNT * T_COUNT), HANGUL_V + s % (V_COUNT * T_COUNT) / T_COUNT, HANGUL_T + s % T_COUNT)
}

/// NFC, NFD, NFKC, NFKD.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Form {
    pub compose: bool,
    pub compatibility: bool,
}

impl Form {
    pub fn named(name: &str) -> Option<Form> {
        let (compose, compatibility) = match name {
            "NFC" => (true, false),
            "NFD" => (false, false),
            "NFKC" => (true, true),
            "NFKD" => (false, true),
            _ => return None,
        };
        Some(Form { compose, compatibility })
    }
}

fn push_decomposed(version: Version, c: u32, compatibility: bool, out: &mut Vec<u32>) {
    if is_hangul(c) {
        let (l, v, t) = hangul_parts(c);
        out.extend([l, v]);
        if t != HANGUL_T {
            out.push(t);
        }
        return;
    }
    if version == Version::Old {
        if let Some(&(_, old)) = OLD_CORRECTIONS.iter().find(|&&(code, _)| code == c) {
            out.push(old);
            return;
        }
        if !is_assigned(version, c) {
            out.push(c);
            return;
        }
    }
    match table_decomposition(c) {
        Some((tag, parts)) if compatibility || tag.is_empty() => {
            parts.iter().for_each(|&part| push_decomposed(version, part, compatibility, out));
        }
        _ => out.push(c),
    }
}

/// The composite of two characters.
static COMPOSITES: LazyLock<HashMap<(u32, u32), u32>> = LazyLock::new(|| {
    let composing = DECOMPOSITIONS.iter().filter(|&&(_, _, composes, ..)| composes);
    composing.map(|&(code, _, _, start, _)| ((PARTS[start as usize], PARTS[start as usize + 1]), code)).collect()
});

fn composite(version: Version, first: u32, second: u32) -> Option<u32> {
    if (HANGUL_L..HANGUL_L + 19).contains(&first) && (HANGUL_V..HANGUL_V + V_COUNT).contains(&second) {
        return Some(HANGUL + ((first - HANGUL_L) * V_COUNT + (second - HANGUL_V)) * T_COUNT);
    }
    if is_hangul(first)
        && (first - HANGUL).is_multiple_of(T_COUNT)
        && (HANGUL_T + 1..HANGUL_T + T_COUNT).contains(&second)
    {
        return Some(first + second - HANGUL_T);
    }
    COMPOSITES.get(&(first, second)).copied().filter(|&c| is_assigned(version, c))
}

/// The normal form of `text`.
pub fn normalize(version: Version, form: Form, text: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut out = Vec::new();
    text.for_each(|c| push_decomposed(version, c, form.compatibility, &mut out));
    // Canonical order: runs of combining characters, sorted stably by class.
    let class = |c: u32| if c < 0x300 { 0 } else { record(version, c).combining };
    let mut i = 0;
    while i < out.len() {
        let start = i;
        while i < out.len() && class(out[i]) != 0 {
            i += 1;
        }
        out[start..i].sort_by_key(|&c| class(c));
        i += 1;
    }
    if form.compose { composed(version, &out, class) } else { out }
}

fn composed(version: Version, text: &[u32], class: impl Fn(u32) -> u8) -> Vec<u32> {
    let mut out: Vec<u32> = Vec::with_capacity(text.len());
    let mut starter: Option<usize> = None;
    // The class of what stands between the starter and here: 0 = nothing does.
    let mut last_class = 0;
    for &c in text {
        let own = class(c);
        if let Some(at) = starter {
            let adjacent = out.len() == at + 1;
            let blocked = !adjacent && (last_class >= own || own == 0);
            if !blocked && let Some(joined) = composite(version, out[at], c) {
                out[at] = joined;
                continue;
            }
        }
        if own == 0 {
            starter = Some(out.len());
        }
        last_class = own;
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(name: &str, text: &str) -> String {
        let form = Form::named(name).expect("a form");
        let out = normalize(Version::Current, form, text.chars().map(|c| c as u32));
        out.into_iter().filter_map(char::from_u32).collect()
    }

    #[test]
    fn normal_forms() {
        assert_eq!(form("NFD", "é"), "e\u{301}");
        assert_eq!(form("NFC", "e\u{301}"), "é");
        assert_eq!(form("NFKC", "ﬁ"), "fi");
        assert_eq!(form("NFC", "\u{1100}\u{1161}\u{11A8}"), "각");
        assert_eq!(form("NFD", "각"), "\u{1100}\u{1161}\u{11A8}");
        assert_eq!(form("NFC", "a\u{323}\u{307}"), "ạ\u{307}");
        assert_eq!(form("NFC", "\u{2126}"), "Ω");
    }

    #[test]
    fn values() {
        assert_eq!(numeric(Version::Current, '½' as u32), Some(0.5));
        assert_eq!(digit(Version::Current, '²' as u32), Some((2, false)));
        assert_eq!(record(Version::Current, 'a' as u32).category, "Ll");
        assert_eq!(decomposition(Version::Current, 'é' as u32), "0065 0301");
    }
}
