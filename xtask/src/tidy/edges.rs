//! Which crate may use which: the table, and the check of it against `cargo metadata`.
//!
//! A new edge is a change of the architecture: it belongs into the table, into ARCHITECTURE.md and into the commit's
//! message with its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::Finding;
use crate::paths;

/// Folder under `crates/` and the crates it stands directly above. Whatever those reach may be used as well.
const EDGES: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("macros", &[]),
    ("syntax", &["bytecode"]),
    ("bytecode", &["base"]),
    ("compile", &["syntax", "bytecode"]),
    ("heap", &["base"]),
    ("object", &["heap", "bytecode", "macros"]),
    ("runtime", &["object", "bytecode", "macros"]),
    ("ops-macros", &[]),
    ("ops", &["runtime", "ops-macros"]),
    ("trace", &["ops"]),
    ("opt", &["trace"]),
    ("jit", &["opt"]),
    ("interp", &["trace"]),
    // Its build script compiles the library.
    ("pylib", &["compile"]),
    ("stdlib", &["runtime", "macros", "pylib", "syntax"]),
    ("coach", &["bytecode"]),
    ("vm", &["interp", "jit", "stdlib", "coach", "compile"]),
    ("cli", &["vm"]),
];

/// Compare the workspace's dependencies with the table. Dependencies of tests are free.
pub fn check() -> Result<Vec<Finding>, String> {
    let allowed = closure();
    let metadata = paths::metadata()?;
    let mut findings = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let manifest = package["manifest_path"].as_str().unwrap_or_default();
        let shown = paths::shown(Path::new(manifest));
        let Some(name) = shown.strip_prefix("crates/").and_then(|rest| rest.strip_suffix("/Cargo.toml")) else {
            continue;
        };
        let Some(reachable) = allowed.get(name) else {
            findings.push(Finding::error(
                &shown,
                1,
                "edge",
                format!("crate `{name}` is not in xtask's table of edges"),
            ));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let Some(path) = dependency["path"].as_str() else { continue };
            let target = Path::new(path).file_name().unwrap_or_default().to_string_lossy();
            if dependency["kind"].as_str() != Some("dev") && !reachable.contains(&*target) {
                findings.push(Finding::error(&shown, 1, "edge", format!("`{name}` may not use `{target}`")));
            }
        }
    }
    Ok(findings)
}

/// The transitive closure of the table.
fn closure() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut reach: BTreeMap<&str, BTreeSet<&str>> =
        EDGES.iter().map(|(name, uses)| (*name, uses.iter().copied().collect())).collect();
    loop {
        let mut grown = false;
        for (name, _) in EDGES {
            let further: Vec<&str> = reach[name].iter().filter_map(|used| reach.get(used)).flatten().copied().collect();
            let own = reach.get_mut(name).expect("the table's own key");
            for used in further {
                grown |= own.insert(used);
            }
        }
        if !grown {
            return reach;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_no_cycle_and_no_unknown_crate() {
        for (name, reachable) in closure() {
            assert!(!reachable.contains(name), "{name} reaches itself");
            for used in reachable {
                assert!(EDGES.iter().any(|(known, _)| *known == used), "{used} has no row");
            }
        }
    }
}
