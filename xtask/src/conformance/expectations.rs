//! What is kept in the repository: the cases that pass, the cases that there are, the differences that are accepted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use crate::paths;

fn folder() -> PathBuf {
    paths::root().join("tests/conformance")
}

fn expected_file(module: &str) -> PathBuf {
    folder().join("expected").join(format!("{module}.txt"))
}

/// The cases of a module that passed before.
pub fn expected(module: &str) -> BTreeSet<String> {
    lines(expected_file(module)).into_iter().collect()
}

/// The modules of which any case passed before.
pub fn modules_with_expectations() -> BTreeSet<String> {
    let entries = fs::read_dir(folder().join("expected")).into_iter().flatten().flatten();
    entries.filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".txt")?.to_string())).collect()
}

pub fn write_expected(module: &str, cases: &BTreeSet<String>) -> Result<(), String> {
    let text: String = cases.iter().map(|case| format!("{case}\n")).collect();
    let path = expected_file(module);
    fs::create_dir_all(folder().join("expected")).map_err(|error| format!("{}: {error}", path.display()))?;
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// How many cases each module has, as CPython 3.14 counts them.
pub fn case_counts() -> BTreeMap<String, usize> {
    let rows = lines(folder().join("cases.txt"));
    rows.iter()
        .filter_map(|row| row.split_once(' '))
        .filter_map(|(m, n)| Some((m.to_string(), n.parse().ok()?)))
        .collect()
}

pub fn write_case_counts(counts: &BTreeMap<String, usize>) -> Result<(), String> {
    let text: String = counts.iter().map(|(module, count)| format!("{module} {count}\n")).collect();
    let path = folder().join("cases.txt");
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Cases whose different answer is accepted, with the reason.
pub fn accepted() -> BTreeMap<String, String> {
    let rows = lines(folder().join("accepted.txt"));
    rows.iter()
        .filter_map(|row| row.split_once(' '))
        .map(|(case, why)| (case.to_string(), why.trim().to_string()))
        .collect()
}

/// A file's lines without comments and empty ones; none when there is no file.
fn lines(path: PathBuf) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")).map(str::to_string).collect()
}
