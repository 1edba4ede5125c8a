//! `cargo xtask tidy`: the house rules that a program can check.
//!
//! Also a test of this crate, so that `cargo test` fails where `tidy` would. The rules are in the submodules: crate
//! edges, the text of each file, its syntax. A rule is suspended for one line by a comment on it or on the line above:
//! `// tidy: allow(RULE) REASON`. The reason is not optional.

mod edges;
mod syntax;
mod text;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use crate::args::Args;
use crate::{Outcome, paths};

const USAGE: &str = "\
Usage: cargo xtask tidy [--allowed]

Check the house rules: allowed crate edges, file length, module docs, where unsafe code may be, SAFETY comments,
values kept where the collector cannot see them, unwrap and leftovers, commented-out code, generated files' headers.

  --allowed   List the suspended lines with their reasons instead

Examples:
  cargo xtask tidy
  cargo xtask tidy --allowed
";

/// One broken rule at one place.
pub struct Finding {
    path: String,
    line: usize,
    rule: &'static str,
    message: String,
    /// A warning is printed and does not fail the check.
    warning: bool,
}

impl Finding {
    pub fn error(path: &str, line: usize, rule: &'static str, message: impl Into<String>) -> Finding {
        Finding { path: path.to_string(), line, rule, message: message.into(), warning: false }
    }

    pub fn warning(path: &str, line: usize, rule: &'static str, message: impl Into<String>) -> Finding {
        Finding { warning: true, ..Finding::error(path, line, rule, message) }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.warning { "warning" } else { "error" };
        write!(out, "{}:{}: {kind}: {} [{}]", self.path, self.line, self.message, self.rule)
    }
}

/// A Rust file of the repository.
pub struct Source {
    /// Relative to the root, with forward slashes.
    path: String,
    text: String,
}

impl Source {
    /// The crate's folder under `crates/`, if it is there.
    fn crate_name(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }

    fn is_generated(&self) -> bool {
        self.path.contains("/generated/")
    }

    /// Test code by its place: `tests/`, `benches/`, `examples/`, `tests.rs`.
    fn is_test(&self) -> bool {
        let parts = || self.path.split('/');
        parts().any(|part| matches!(part, "tests" | "benches" | "examples")) || self.path.ends_with("/tests.rs")
    }
}

pub fn run(words: Vec<String>) -> Outcome {
    let mut args = Args::new(words, USAGE);
    let list_allowed = args.flag("--allowed");
    args.finish()?;
    let sources = sources(&paths::root())?;
    if list_allowed {
        for source in &sources {
            for (line, rule, reason) in text::allowances(&source.text) {
                println!("{}:{line}: {rule}: {reason}", source.path);
            }
        }
        return Ok(());
    }
    let findings = check(&sources)?;
    for finding in &findings {
        println!("{finding}");
    }
    let errors = findings.iter().filter(|finding| !finding.warning).count();
    println!("tidy: {} files, {errors} errors, {} warnings", sources.len(), findings.len() - errors);
    if errors == 0 { Ok(()) } else { Err(format!("{errors} house rules broken")) }
}

/// Every finding in the repository, in the order of its files.
fn check(sources: &[Source]) -> Result<Vec<Finding>, String> {
    let mut findings = edges::check()?;
    for source in sources {
        let mut found = text::check(source);
        found.extend(syntax::check(source));
        found.retain(|finding| !text::is_allowed(&source.text, finding.line, finding.rule));
        found.extend(text::bad_allowances(source));
        found.sort_by_key(|finding| finding.line);
        findings.extend(found);
    }
    Ok(findings)
}

/// All Rust files that the project wrote, sorted by path.
fn sources(root: &Path) -> Result<Vec<Source>, String> {
    let mut files = Vec::new();
    for folder in ["crates", "xtask", "tools", "tests"] {
        rust_files(&root.join(folder), &mut files);
    }
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            Ok(Source { path: paths::shown(&file), text })
        })
        .collect()
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "target") {
                rust_files(&path, files);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_tidy() {
        let sources = sources(&paths::root()).unwrap();
        let errors: Vec<String> =
            check(&sources).unwrap().iter().filter(|finding| !finding.warning).map(Finding::to_string).collect();
        assert!(errors.is_empty(), "\n{}\n", errors.join("\n"));
    }

    /// The rules that `text` breaks as a file of `crates/runtime`.
    fn rules(text: &str) -> Vec<&'static str> {
        let source = Source { path: "crates/runtime/src/x.rs".to_string(), text: text.to_string() };
        check(std::slice::from_ref(&source)).unwrap().iter().filter(|f| f.path == source.path).map(|f| f.rule).collect()
    }

    #[test]
    fn values_outside_the_heap_are_found() {
        assert_eq!(rules("//! Doc.\nstruct A { v: Vec<Value> }\n"), ["roots"]);
        assert_eq!(rules("//! Doc.\nstruct A { v: HashMap<u32, Option<Gc<Str>>> }\n"), ["roots"]);
        assert_eq!(rules("//! Doc.\nstatic X: Option<Value> = None;\n"), ["roots"]);
        assert_eq!(rules("//! Doc.\nthread_local! { static X: Cell<Value> = f(); }\n"), ["roots"]);
        assert_eq!(rules("//! Doc.\nstruct A { v: Box<dyn Fn(Value) -> Value>, w: Vec<u8>, x: Value }\n"), [""; 0]);
        assert_eq!(
            rules("//! Doc.\n// tidy: allow(roots) scanned by the table\nstruct A { v: Vec<Value> }\n"),
            [""; 0]
        );
        assert_eq!(rules("//! Doc.\nstruct A { v: Vec<Value> } // tidy: allow(roots)\n"), ["roots", "allow"]);
    }

    #[test]
    fn leftovers_are_found() {
        assert_eq!(rules("fn f() {}\n"), ["doc"]);
        assert_eq!(rules("//! Doc.\nfn f() { g().unwrap(); }\n"), ["unwrap"]);
        assert_eq!(rules("//! Doc.\n#[cfg(test)]\nmod tests { fn f() { g().unwrap(); } }\n"), [""; 0]);
        assert_eq!(rules("//! Doc.\nfn f() { todo!() }\n"), ["leftover"]);
        assert_eq!(rules("//! Doc.\n// TODO: later\n"), ["leftover"]);
        assert_eq!(rules("//! Doc.\n// let x = 1;\n"), ["commented-out"]);
        assert_eq!(rules("//! Doc.\n// This is prose; it may\n// go on like this.\n"), [""; 0]);
    }

    #[test]
    fn unsafe_code_needs_its_place_and_its_reason() {
        assert_eq!(rules("//! Doc.\nfn f() { unsafe { g() } }\n"), ["unsafe", "safety"]);
        let source = |text: &str| Source { path: "crates/heap/src/x.rs".to_string(), text: text.to_string() };
        let rules = |text| syntax::check(&source(text)).iter().map(|f| f.rule).collect::<Vec<_>>();
        assert_eq!(rules("//! Doc.\nfn f() { unsafe { g() } }\n"), ["safety"]);
        assert_eq!(rules("//! Doc.\nfn f() {\n    // SAFETY: g is fine.\n    unsafe { g() }\n}\n"), [""; 0]);
        assert_eq!(
            rules("//! Doc.\nfn f() {\n    // SAFETY: g is fine.\n    let x =\n        unsafe { g() };\n}\n"),
            [""; 0]
        );
    }
}
