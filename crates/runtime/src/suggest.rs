//! "Did you mean …?": the nearest of some names, by CPython's weighted edit distance.

use crate::prelude::*;
use std::fmt::Display;

const MOVE_COST: usize = 2;
const CASE_COST: usize = 1;
const MAX_LEN: usize = 40;
const MAX_CANDIDATES: usize = 750;

fn substitution_cost(a: char, b: char) -> usize {
    if a == b {
        0
    } else if a.eq_ignore_ascii_case(&b) {
        CASE_COST
    } else {
        MOVE_COST
    }
}

fn distance(a: &str, b: &str, max: usize) -> usize {
    let (mut a, mut b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    while !a.is_empty() && !b.is_empty() && a[0] == b[0] {
        a.remove(0);
        b.remove(0);
    }
    while !a.is_empty() && !b.is_empty() && a[a.len() - 1] == b[b.len() - 1] {
        a.pop();
        b.pop();
    }
    if a.is_empty() || b.is_empty() {
        return (a.len() + b.len()) * MOVE_COST;
    }
    if a.len() > MAX_LEN || b.len() > MAX_LEN {
        return max + 1;
    }
    let mut row: Vec<usize> = (1..=a.len()).map(|i| i * MOVE_COST).collect();
    let mut result = 0;
    for (j, &cb) in b.iter().enumerate() {
        let mut diagonal = j * MOVE_COST;
        result = diagonal + MOVE_COST;
        for (i, &ca) in a.iter().enumerate() {
            let substitute = diagonal + substitution_cost(cb, ca);
            diagonal = row[i];
            result = substitute.min(result.min(diagonal) + MOVE_COST);
            row[i] = result;
        }
    }
    result
}

/// The candidate nearest to `name`, when it is near enough to be meant.
pub fn closest(name: &str, candidates: impl Iterator<Item = String>) -> Option<String> {
    let n = name.chars().count();
    let mut best: Option<(usize, String)> = None;
    for candidate in candidates.take(MAX_CANDIDATES) {
        if candidate == name {
            continue;
        }
        let mut max = (n + candidate.chars().count() + 3) * MOVE_COST / 6;
        if let Some((d, _)) = &best {
            max = max.min(d.saturating_sub(1));
        }
        let d = distance(name, &candidate, max);
        if d <= max {
            best = Some((d, candidate));
        }
    }
    best.map(|(_, name)| name)
}

/// TypeError for a keyword that `function` does not accept, with the accepted one that may be meant.
#[cold]
pub fn unexpected_keyword(
    cx: &mut Cx,
    function: impl Display,
    name: Gc<Str>,
    accepted: impl Iterator<Item = String>,
) -> Raised {
    let hint =
        closest(&name.to_string(), accepted).map_or_else(String::new, |near| format!(". Did you mean '{near}'?"));
    type_error(cx, format_args!("{function}() got an unexpected keyword argument '{name}'{hint}"))
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn near_names_are_found() {
        let names = || ["append", "extend", "insert"].map(String::from).into_iter();
        assert_eq!(closest("apend", names()).as_deref(), Some("append"));
        assert_eq!(closest("Insert", names()).as_deref(), Some("insert"));
        assert_eq!(closest("zzz", names()), None);
    }
}
