//! `cargo xtask conformance`: CPython 3.14's own tests on Coachwhip.
//!
//! The tests are downloaded once into the cache and never committed. A module runs in a process of its own; what passes
//! is kept in `tests/conformance/expected` and may not fail again.

mod expectations;
mod report;
mod runner;
mod sets;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Mutex;

use crate::args::Args;
use crate::{Outcome, paths};
use report::{Counts, Reasons};
use runner::{ModuleResult, Runner, Verdict};
use sets::SETS;

const USAGE: &str = "\
Usage: cargo xtask conformance [options]

Run sets of CPython 3.14's tests and print pass/fail/error/skip a module. Details go to target/conformance/MODULE.txt.

  --set 1,2 | all   Sets to run (1 language, 2 builtins, 3 core library, 4 native modules, 5 system, 6 concurrency)
  --module test_x   Run this module (repeatable)
  --case ID         Run one case, showing its output and traceback
  --python CMD      The interpreter under test (default: a release build of Coachwhip)
  --jobs N          Modules at a time (default: the processors)
  --timeout S       Seconds without progress before a case counts as hanging (default 60); a module has ten times that
  --update          Add what passes to tests/conformance/expected
  --check           Run the cases in tests/conformance/expected; fail when one does not pass
  --collect-every N Collect garbage at every Nth allocation and poison what is freed
  --count-cases     With CPython as --python: count the cases there are into tests/conformance/cases.txt

Examples:
  cargo xtask conformance --set 1 --update
  cargo xtask conformance --module test_list --python python3.14
";

pub fn run(words: Vec<String>) -> Outcome {
    let mut args = Args::new(words, USAGE);
    let sets = args.value("--set")?;
    let modules = args.values("--module")?;
    let case = args.value("--case")?;
    let python = args.value("--python")?;
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let jobs: usize = args.parsed("--jobs", processors)?;
    let seconds: u64 = args.parsed("--timeout", 60)?;
    let update = args.flag("--update");
    let check = args.flag("--check");
    let collect_every: u32 = args.parsed("--collect-every", 0)?;
    let count_cases = args.flag("--count-cases");
    args.finish()?;

    if check && expectations::modules_with_expectations().is_empty() {
        println!("conformance: nothing is expected yet");
        return Ok(());
    }
    let tests = sets::tests_folder()?;
    let mut python = paths::interpreter(python)?;
    if collect_every > 0 {
        python.extend(["-X".to_string(), format!("gc-every={collect_every}"), "-Xgc-poison".to_string()]);
    }
    let runner = Runner::new(python, tests.clone(), seconds)?;
    let by_set: Vec<(u8, Vec<String>)> = SETS.iter().map(|set| (set.number, set.modules(&tests))).collect();
    let outcome = if let Some(case) = case {
        show_case(&runner, &by_set, &case)
    } else {
        let plan = plan(&by_set, sets.as_deref(), &modules, check || count_cases)?;
        if check {
            check_expectations(&runner, &plan, jobs)
        } else if count_cases {
            count(&runner, &plan, jobs)
        } else {
            run_sets(&runner, &plan, jobs, update)
        }
    };
    let _ = fs::remove_dir_all(&runner.scratch);
    outcome
}

/// The modules to run with the number of their set (0 for a module of no set).
type Plan = Vec<(u8, String)>;

fn plan(by_set: &[(u8, Vec<String>)], sets: Option<&str>, modules: &[String], all: bool) -> Result<Plan, String> {
    let set_of = |module: &String| by_set.iter().find(|(_, names)| names.contains(module)).map_or(0, |(set, _)| *set);
    if !modules.is_empty() {
        let mut plan = Plan::new();
        for module in modules {
            let children = format!("{module}.");
            let before = plan.len();
            for (set, names) in by_set {
                plan.extend(names.iter().filter(|name| name.starts_with(&children)).map(|name| (*set, name.clone())));
            }
            if plan.len() == before {
                plan.push((set_of(module), module.clone()));
            }
        }
        return Ok(plan);
    }
    let wanted: Vec<u8> = match sets {
        None if all => by_set.iter().map(|(set, _)| *set).collect(),
        None => vec![1, 2],
        Some("all") => by_set.iter().map(|(set, _)| *set).collect(),
        Some(list) => {
            let parsed: Result<_, _> = list.split(',').map(|word| word.trim().parse()).collect();
            parsed.map_err(|_| format!("--set: `{list}` is not a list of numbers"))?
        }
    };
    let in_wanted = by_set.iter().filter(|(set, _)| wanted.contains(set));
    Ok(in_wanted.flat_map(|(set, names)| names.iter().map(|name| (*set, name.clone()))).collect())
}

fn show_case(runner: &Runner, by_set: &[(u8, Vec<String>)], case: &str) -> Outcome {
    let mut modules = by_set.iter().flat_map(|(_, names)| names);
    let module = modules
        .find(|module| case.starts_with(&format!("test.{module}.")))
        .ok_or_else(|| format!("no module of the sets holds `{case}`"))?;
    runner.show(module, case)
}

/// `work` on the plan's modules, `jobs` at a time; the answers in the plan's order.
fn in_parallel<T: Send>(
    plan: &Plan,
    jobs: usize,
    work: impl Fn(&str) -> Result<T, String> + Sync,
) -> Result<Vec<T>, String> {
    let next = Mutex::new(0);
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                loop {
                    let index = {
                        let mut next = next.lock().expect("no worker panics with the lock");
                        *next += 1;
                        *next - 1
                    };
                    let Some((_, module)) = plan.get(index) else { return };
                    let answer = work(module);
                    done.lock().expect("no worker panics with the lock").push((index, answer));
                }
            });
        }
    });
    let mut done = done.into_inner().expect("no worker panics with the lock");
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, answer)| answer).collect()
}

fn run_sets(runner: &Runner, plan: &Plan, jobs: usize, update: bool) -> Outcome {
    let counts = expectations::case_counts();
    let accepted = expectations::accepted();
    let details = paths::target()?.join("conformance");
    fs::create_dir_all(&details).map_err(|error| format!("{}: {error}", details.display()))?;
    println!("{}", report::heading());
    let results = in_parallel(plan, jobs, |module| {
        let result = runner.run(module, None)?;
        let total = counts.get(module).copied();
        println!("{} {:6.1} s", Counts::of(&result, total, &accepted).row(module), result.seconds);
        let path = details.join(format!("{module}.txt"));
        fs::write(&path, detail_text(&result)).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(result)
    })?;
    let mut by_set: BTreeMap<u8, Counts> = BTreeMap::new();
    let (mut all, mut reasons, mut added) = (Counts::default(), Reasons::default(), 0);
    for ((set, module), result) in plan.iter().zip(&results) {
        let total = counts.get(module).copied();
        let row = Counts::of(result, total, &accepted);
        by_set.entry(*set).or_default().add(row);
        all.add(row);
        reasons.add(module, result, total);
        if update {
            added += add_expectations(module, result)?;
        }
    }
    println!();
    for (number, row) in &by_set {
        let name = SETS.iter().find(|set| set.number == *number).map_or("other", |set| set.name);
        println!("{}", row.row(&format!("set {number}, {name}")));
    }
    println!("{}", all.row("total"));
    let top = reasons.top(15);
    if !top.is_empty() {
        println!("\nWhat stops most cases:\n{}", top.join("\n"));
    }
    if update {
        println!("\n{added} cases added to tests/conformance/expected");
    }
    Ok(())
}

fn detail_text(result: &ModuleResult) -> String {
    let load = result.load_errors.iter().map(|error| format!("module-error {error}\n"));
    let skip = result.skipped.iter().map(|why| format!("module-skip {why}\n"));
    let cases = result.cases.iter().map(|(case, (verdict, why))| format!("{} {case}\t{why}\n", verdict.word()));
    load.chain(skip).chain(cases).collect()
}

fn passing(result: &ModuleResult) -> BTreeSet<String> {
    let passed = result.cases.iter().filter(|(_, (verdict, _))| *verdict == Verdict::Pass);
    passed.map(|(case, _)| case.clone()).collect()
}

fn add_expectations(module: &str, result: &ModuleResult) -> Result<usize, String> {
    let before = expectations::expected(module);
    let now: BTreeSet<String> = before.union(&passing(result)).cloned().collect();
    if now.len() > before.len() {
        expectations::write_expected(module, &now)?;
    }
    Ok(now.len() - before.len())
}

/// Every expected case must pass; one that does not gets a second try, alone with the others that did not.
fn check_expectations(runner: &Runner, plan: &Plan, jobs: usize) -> Outcome {
    let known = expectations::modules_with_expectations();
    let plan: Plan = plan.iter().filter(|(_, module)| known.contains(module)).cloned().collect();
    let lost = in_parallel(&plan, jobs, |module| {
        let mut left: Vec<String> = expectations::expected(module).into_iter().collect();
        let n_cases = left.len();
        let mut reasons = BTreeMap::new();
        for _ in 0..2 {
            if left.is_empty() {
                break;
            }
            let result = runner.run(module, Some(&left))?;
            let passed = passing(&result);
            left.retain(|case| !passed.contains(case));
            for case in &left {
                let why = match result.cases.get(case) {
                    Some((verdict, why)) => format!("{}: {why}", verdict.word()),
                    None => result.load_errors.first().cloned().unwrap_or_else(|| "did not run".to_string()),
                };
                reasons.insert(case.clone(), why);
            }
        }
        reasons.retain(|case, _| left.contains(case));
        Ok((n_cases, reasons))
    })?;
    let n_cases: usize = lost.iter().map(|(n_cases, _)| n_cases).sum();
    let n_lost: usize = lost.iter().map(|(_, reasons)| reasons.len()).sum();
    for (case, why) in lost.iter().flat_map(|(_, reasons)| reasons) {
        println!("lost: {case}: {why}");
    }
    println!("conformance: {} of {n_cases} expected cases pass, in {} modules", n_cases - n_lost, plan.len());
    if n_lost == 0 { Ok(()) } else { Err(format!("{n_lost} cases that passed before do not pass")) }
}

fn count(runner: &Runner, plan: &Plan, jobs: usize) -> Outcome {
    let results = in_parallel(plan, jobs, |module| runner.list(module))?;
    let mut counts = expectations::case_counts();
    for ((_, module), result) in plan.iter().zip(&results) {
        for error in &result.load_errors {
            println!("{module}: {error}");
        }
        counts.insert(module.clone(), result.listed);
    }
    for (set, name) in SETS.iter().map(|set| (set.number, set.name)) {
        let sum: usize = plan.iter().filter(|(of, _)| *of == set).map(|(_, module)| counts[module]).sum();
        println!("set {set}, {name}: {sum} cases");
    }
    expectations::write_case_counts(&counts)
}
