//! The table of a run: a row a module, a total a set, and what keeps most cases from passing.

use std::collections::BTreeMap;

use super::runner::{ModuleResult, Verdict};

/// The numbers of a row.
#[derive(Default, Clone, Copy)]
pub struct Counts {
    pub pass: usize,
    fail: usize,
    error: usize,
    skip: usize,
    died: usize,
    accepted: usize,
    /// As CPython counts; cases that never ran are errors.
    pub total: usize,
}

impl Counts {
    pub fn of(result: &ModuleResult, total: Option<usize>, accepted: &BTreeMap<String, String>) -> Counts {
        let mut counts = Counts::default();
        for (case, (verdict, _)) in &result.cases {
            match verdict {
                Verdict::Pass => counts.pass += 1,
                Verdict::Fail | Verdict::Error if accepted.contains_key(case) => counts.accepted += 1,
                Verdict::Fail => counts.fail += 1,
                Verdict::Error => counts.error += 1,
                Verdict::Skip => counts.skip += 1,
                Verdict::Crash | Verdict::Timeout => counts.died += 1,
            }
        }
        counts.total = total.unwrap_or(result.cases.len());
        let missing = counts.total.saturating_sub(result.cases.len());
        match result.skipped {
            Some(_) => counts.skip += missing,
            None => counts.error += missing,
        }
        counts
    }

    pub fn add(&mut self, other: Counts) {
        self.pass += other.pass;
        self.fail += other.fail;
        self.error += other.error;
        self.skip += other.skip;
        self.died += other.died;
        self.accepted += other.accepted;
        self.total += other.total;
    }

    pub fn row(&self, name: &str) -> String {
        let share = if self.total == 0 { 0.0 } else { 100.0 * self.pass as f64 / self.total as f64 };
        format!(
            "{name:44} {:6} {:6} {:6} {:6} {:6} {:7} {:7} {share:6.1}%",
            self.pass, self.fail, self.error, self.skip, self.died, self.accepted, self.total
        )
    }
}

pub fn heading() -> String {
    format!(
        "{:44} {:>6} {:>6} {:>6} {:>6} {:>6} {:>7} {:>7} {:>7}",
        "module", "pass", "fail", "error", "skip", "died", "accept", "total", "pass"
    )
}

/// The reasons that stop most cases, most frequent first: how many cases, the reason, a module where it is seen.
#[derive(Default)]
pub struct Reasons {
    seen: BTreeMap<String, (usize, String)>,
}

impl Reasons {
    pub fn add(&mut self, module: &str, result: &ModuleResult, total: Option<usize>) {
        for (verdict, why) in result.cases.values() {
            if !matches!(verdict, Verdict::Pass | Verdict::Skip) {
                let why = if why.is_empty() { verdict.word() } else { why };
                self.count(why, 1, module);
            }
        }
        let missing = total.unwrap_or(0).saturating_sub(result.cases.len());
        if let (Some(error), true) = (result.load_errors.first(), missing > 0) {
            self.count(&format!("not loaded: {error}"), missing, module);
        }
    }

    fn count(&mut self, why: &str, cases: usize, module: &str) {
        let key: String = why.chars().take(110).collect();
        self.seen.entry(key).or_insert_with(|| (0, module.to_string())).0 += cases;
    }

    pub fn top(&self, n: usize) -> Vec<String> {
        let mut rows: Vec<_> = self.seen.iter().collect();
        rows.sort_by_key(|(_, (cases, _))| std::cmp::Reverse(*cases));
        rows.into_iter().take(n).map(|(why, (cases, module))| format!("{cases:6}  {why}  ({module})")).collect()
    }
}
