//! `cargo xtask fuzz`: programs made from the corpus, run on Coachwhip and on CPython.
//!
//! Each worker mutates, judges, and shrinks what differs by leaving out lines. A finding is a file in the output folder:
//! the program with a comment on what happened, and both answers beside it.

mod judge;
mod mutate;
mod random;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::args::Args;
use crate::{Outcome, paths};
use judge::{Judge, Verdict};
use random::Random;

const USAGE: &str = "\
Usage: cargo xtask fuzz [options]

Mutate programs of tests/corpus and tests/fuzz, run them on Coachwhip and on CPython 3.14, and save those that crash, hang or answer
differently, shrunk, into a folder.

  --minutes N      How long (default 5)
  --seed N         Where to begin (default: from the clock; printed)
  --python CMD     Coachwhip (default: a release build)
  --cpython CMD    CPython 3.14 (default: $COACHWHIP_CPYTHON or python3.14)
  --out DIR        Where findings go (default target/fuzz)
  --jobs N         Workers (default: the processors)
  --limit S        Seconds for a program on CPython; Coachwhip has three times that (default 5)

Examples:
  cargo xtask fuzz --minutes 30
  cargo xtask fuzz --seed 7 --jobs 1
";

/// Runs spent on making a finding smaller.
const SHRINK_RUNS: usize = 80;

pub fn run(words: Vec<String>) -> Outcome {
    let mut args = Args::new(words, USAGE);
    let minutes: f64 = args.parsed("--minutes", 5.0)?;
    let clock = std::time::UNIX_EPOCH.elapsed().map_or(1, |passed| passed.as_secs());
    let seed: u64 = args.parsed("--seed", clock)?;
    let python = args.value("--python")?;
    let cpython = args.value("--cpython")?;
    let out = args.value("--out")?;
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let jobs: usize = args.parsed("--jobs", processors)?;
    let limit: u64 = args.parsed("--limit", 5)?;
    args.finish()?;

    let out = match out {
        Some(folder) => PathBuf::from(folder),
        None => paths::target()?.join("fuzz"),
    };
    fs::create_dir_all(&out).map_err(|error| format!("{}: {error}", out.display()))?;
    let (python, cpython) = (paths::interpreter(python)?, paths::cpython(cpython));
    for command in [&python, &cpython] {
        let answer = Command::new(&command[0]).args(&command[1..]).args(["-c", "print(6 * 7)"]).output();
        if !answer.is_ok_and(|output| output.stdout == b"42\n") {
            return Err(format!("`{}` does not run Python", command.join(" ")));
        }
    }
    let corpus = corpus()?;
    let end = Instant::now() + Duration::from_secs_f64(minutes * 60.0);
    let session = Session { corpus, out, end, seen: Mutex::new(BTreeSet::new()), programs: AtomicUsize::new(0) };
    println!("fuzz: seed {seed}, {} programs to start from", session.corpus.len());
    let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs.max(1))
            .map(|worker| {
                let scratch = std::env::temp_dir().join(format!("coachwhip-fuzz-{}-{worker}", std::process::id()));
                let judge = Judge {
                    python: python.clone(),
                    cpython: cpython.clone(),
                    scratch,
                    limit: Duration::from_secs(limit),
                };
                let random = Random::new(seed.wrapping_add(worker as u64 * 1_000_003));
                let session = &session;
                scope.spawn(move || session.work(&judge, random))
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().expect("a worker does not panic")).collect()
    });
    let findings = session.seen.lock().expect("no worker panicked").len();
    println!("fuzz: {} programs, {findings} findings", session.programs.load(Ordering::Relaxed));
    outcomes.into_iter().collect()
}

struct Session {
    corpus: Vec<String>,
    out: PathBuf,
    end: Instant,
    /// Signatures of what was found.
    seen: Mutex<BTreeSet<String>>,
    programs: AtomicUsize,
}

impl Session {
    fn work(&self, judge: &Judge, mut random: Random) -> Outcome {
        fs::create_dir_all(&judge.scratch).map_err(|error| format!("{}: {error}", judge.scratch.display()))?;
        while Instant::now() < self.end {
            let base = &self.corpus[random.below(self.corpus.len())];
            let other = &self.corpus[random.below(self.corpus.len())];
            let program = mutate::mutate(base, other, &mut random);
            self.programs.fetch_add(1, Ordering::Relaxed);
            let Some(verdict) = judge.judge(&program)? else { continue };
            let key = format!("{} {}", verdict.kind, verdict.signature);
            let number = {
                let mut seen = self.seen.lock().expect("no worker panics with the lock");
                if !seen.insert(key) {
                    continue;
                }
                seen.len()
            };
            let (program, verdict) = shrink(judge, program, verdict)?;
            let name = format!("{}-{}-{number}", verdict.kind, std::process::id());
            println!("{name}: {}", verdict.signature);
            save(&self.out, &name, &program, &verdict)?;
        }
        let _ = fs::remove_dir_all(&judge.scratch);
        Ok(())
    }
}

/// The programs to start from: those that touch nothing but the language and its built-ins.
fn corpus() -> Result<Vec<String>, String> {
    let root = paths::root().join("tests");
    let mut files: Vec<PathBuf> = ["corpus/lang", "corpus/builtins", "fuzz"]
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).into_iter().flatten().flatten())
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "py"))
        .collect();
    files.sort();
    files.iter().map(|file| fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))).collect()
}

/// Leave out ever smaller groups of lines as long as the same trouble stays.
fn shrink(judge: &Judge, mut program: String, mut verdict: Verdict) -> Result<(String, Verdict), String> {
    let mut runs = 0;
    let mut group = program.lines().count() / 2;
    while group > 0 && runs < SHRINK_RUNS {
        let mut at = 0;
        while runs < SHRINK_RUNS {
            let lines: Vec<&str> = program.lines().collect();
            if at >= lines.len() {
                break;
            }
            let kept = lines[..at].iter().chain(&lines[(at + group).min(lines.len())..]);
            let smaller: String = kept.map(|line| format!("{line}\n")).collect();
            runs += 1;
            match judge.judge(&smaller)? {
                Some(found) if found.kind == verdict.kind && found.signature == verdict.signature => {
                    (program, verdict) = (smaller, found);
                }
                _ => at += group,
            }
        }
        group /= 2;
    }
    Ok((program, verdict))
}

fn save(folder: &Path, name: &str, program: &str, verdict: &Verdict) -> Outcome {
    let write = |ending: &str, text: &str| {
        let path = folder.join(format!("{name}.{ending}"));
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
    };
    write("py", &format!("{program}# {}: {}\n", verdict.kind, verdict.signature))?;
    write("got", &verdict.got)?;
    if verdict.kind == "mismatch" { write("expected", &verdict.expected) } else { Ok(()) }
}
