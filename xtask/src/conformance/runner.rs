//! Running one module of the tests to its end, over crashes and hangs.
//!
//! The interpreter under test runs `run_module.py`, which records each case as it ends. When the process dies or makes
//! no progress, the case it was in is the culprit: it is recorded as such and the module is started again without the
//! cases that are done.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::paths;
use crate::process::{Ended, supervise};

/// A module that dies more often than this is given up.
const MAX_STARTS: usize = 25;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Verdict {
    Pass,
    Fail,
    Error,
    Skip,
    Crash,
    Timeout,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::Error => "error",
            Verdict::Skip => "skip",
            Verdict::Crash => "crash",
            Verdict::Timeout => "timeout",
        }
    }
}

/// What running a module showed.
#[derive(Default)]
pub struct ModuleResult {
    /// Every case that ended, with the reason where it did not pass.
    pub cases: BTreeMap<String, (Verdict, String)>,
    /// Why the module, or a part of it, could not be loaded.
    pub load_errors: Vec<String>,
    /// The module skipped itself.
    pub skipped: Option<String>,
    /// The cases that there are, when they were only listed.
    pub listed: usize,
    pub seconds: f64,
}

/// How to run modules.
pub struct Runner {
    pub python: Vec<String>,
    /// The folder that holds `test/`.
    pub tests: PathBuf,
    /// For working folders and records.
    pub scratch: PathBuf,
    /// Without a line in the record for this long, the current case hangs.
    pub case_limit: Duration,
    /// For a module in all.
    pub module_limit: Duration,
    /// The prefix for an interpreter whose library is in its binary: tests read the library's files.
    home: Option<PathBuf>,
}

impl Runner {
    pub fn new(python: Vec<String>, tests: PathBuf, seconds: u64) -> Result<Runner, String> {
        let scratch = std::env::temp_dir().join(format!("coachwhip-conformance-{}", std::process::id()));
        let mut runner = Runner {
            python,
            tests,
            scratch,
            case_limit: Duration::from_secs(seconds),
            module_limit: Duration::from_secs(seconds * 10),
            home: None,
        };
        remove_caches(&runner.tests);
        runner.home = runner.unpacked_library()?;
        Ok(runner)
    }

    /// The folder to be the interpreter's prefix, filled with its embedded library; none when it has a library on disk.
    fn unpacked_library(&self) -> Result<Option<PathBuf>, String> {
        let home = self.scratch.join("home");
        let mut command = Command::new(&self.python[0]);
        command
            .args(&self.python[1..])
            .arg(paths::root().join("tests/conformance/unpack_library.py"))
            .arg(home.join("lib/python3.14"));
        let ended = supervise(&mut command, |passed| passed < self.case_limit).map_err(|e| self.cannot_start(&e))?;
        match ended {
            Ended::Exited(status) if status.success() => Ok(home.is_dir().then_some(home)),
            ended => Err(format!("cannot unpack the library: {}", ending(&ended))),
        }
    }

    /// Run all cases of `module`, or only those in `only`.
    pub fn run(&self, module: &str, only: Option<&[String]>) -> Result<ModuleResult, String> {
        let begin = Instant::now();
        let mut result = ModuleResult::default();
        for _ in 0..MAX_STARTS {
            let left = self.module_limit.saturating_sub(begin.elapsed());
            if self.start_once(module, only, left, &mut result)? || left.is_zero() {
                break;
            }
        }
        result.seconds = begin.elapsed().as_secs_f64();
        Ok(result)
    }

    /// Count the cases of `module` without running them.
    pub fn list(&self, module: &str) -> Result<ModuleResult, String> {
        let folder = self.working_folder(module)?;
        let record = folder.join("record");
        let mut command = self.command(module, &record, &folder);
        command.arg("--list").stdout(Stdio::null()).stderr(Stdio::null());
        supervise(&mut command, |passed| passed < self.module_limit).map_err(|error| self.cannot_start(&error))?;
        let mut result = ModuleResult::default();
        read_record(&record, &mut result);
        remove(&folder);
        Ok(result)
    }

    /// Run a single case with its output and traceback shown.
    pub fn show(&self, module: &str, case: &str) -> Result<(), String> {
        let folder = self.working_folder(module)?;
        let only = folder.join("only");
        write(&only, case)?;
        let mut command = self.command(module, &folder.join("record"), &folder);
        command.arg("--verbose").arg("--only").arg(only);
        let ended = supervise(&mut command, |passed| passed < self.module_limit).map_err(|e| self.cannot_start(&e))?;
        print!("{}", fs::read_to_string(folder.join("record")).unwrap_or_default());
        if !matches!(ended, Ended::Exited(status) if status.success()) {
            println!("{}", ending(&ended));
        }
        remove(&folder);
        Ok(())
    }

    /// One start of the interpreter. Answers whether the module came to its end.
    fn start_once(
        &self,
        module: &str,
        only: Option<&[String]>,
        left: Duration,
        result: &mut ModuleResult,
    ) -> Result<bool, String> {
        let folder = self.working_folder(module)?;
        let (record, stderr) = (folder.join("record"), folder.join("stderr"));
        let mut command = self.command(module, &record, &folder);
        let is_done = |case: &String| result.cases.contains_key(case);
        let (option, names): (&str, Vec<&String>) = match only {
            Some(only) => ("--only", only.iter().filter(|case| !is_done(case)).collect()),
            None => ("--skip", result.cases.keys().collect()),
        };
        let list = folder.join("cases");
        write(&list, &names.iter().map(|name| format!("{name}\n")).collect::<String>())?;
        command.arg(option).arg(list).stdout(Stdio::null());
        command.stderr(fs::File::create(&stderr).map_err(|error| format!("{}: {error}", stderr.display()))?);

        let (mut size, mut progress) = (0, Duration::ZERO);
        let ended = supervise(&mut command, |passed| {
            let now = fs::metadata(&record).map_or(0, |data| data.len());
            if now != size {
                (size, progress) = (now, passed);
            }
            passed < left && passed - progress < self.case_limit
        })
        .map_err(|error| self.cannot_start(&error))?;

        let before = result.cases.len();
        let (complete, culprit) = read_record(&record, result);
        let how = format!("{}{}", ending(&ended), last_words(&stderr));
        remove(&folder);
        if complete {
            return Ok(true);
        }
        let verdict = if matches!(ended, Ended::Stopped) { Verdict::Timeout } else { Verdict::Crash };
        match culprit {
            Some(case) => drop(result.cases.insert(case, (verdict, how))),
            None => result.load_errors.push(format!("{}: {how}", verdict.word())),
        }
        Ok(result.cases.len() == before)
    }

    fn working_folder(&self, module: &str) -> Result<PathBuf, String> {
        let folder = self.scratch.join(module);
        remove(&folder);
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(folder)
    }

    fn command(&self, module: &str, record: &Path, folder: &Path) -> Command {
        let work = folder.join("work");
        let _ = fs::create_dir_all(&work);
        let mut command = Command::new(&self.python[0]);
        command
            .args(&self.python[1..])
            .arg(paths::root().join("tests/conformance/run_module.py"))
            .args([module.as_ref(), record.as_os_str()])
            .current_dir(work)
            .env("PYTHONPATH", &self.tests)
            .envs([("PYTHONDONTWRITEBYTECODE", "1"), ("PYTHONHASHSEED", "0"), ("LC_ALL", "C.UTF-8"), ("TZ", "UTC")])
            .env("TMPDIR", folder)
            .envs(self.home.iter().map(|home| ("PYTHONHOME", home)));
        command
    }

    fn cannot_start(&self, error: &std::io::Error) -> String {
        format!("cannot start `{}`: {error}", self.python.join(" "))
    }
}

/// Take a record's lines into `result`. Answers whether the run came to its end, and the case that did not.
fn read_record(record: &Path, result: &mut ModuleResult) -> (bool, Option<String>) {
    let bytes = fs::read(record).unwrap_or_default();
    let (mut complete, mut current) = (false, None);
    for line in String::from_utf8_lossy(&bytes).lines() {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (case, why) = rest.split_once('\t').unwrap_or((rest, ""));
        let verdict = match word {
            "start" => {
                current = Some(case.to_string());
                continue;
            }
            "ok" => Verdict::Pass,
            "fail" => Verdict::Fail,
            "error" => Verdict::Error,
            "skip" => Verdict::Skip,
            "case" => {
                result.listed += 1;
                continue;
            }
            "module-error" => {
                result.load_errors.push(rest.to_string());
                continue;
            }
            "module-skip" => {
                result.skipped = Some(rest.to_string());
                continue;
            }
            _ => {
                complete |= word == "done";
                continue;
            }
        };
        if current.as_deref() == Some(case) {
            current = None;
        }
        result.cases.insert(case.to_string(), (verdict, why.to_string()));
    }
    (complete, current)
}

fn ending(ended: &Ended) -> String {
    match ended {
        Ended::Exited(status) => status.to_string(),
        Ended::Stopped => "no progress within the time limit".to_string(),
        Ended::OutOfMemory => "over the memory limit".to_string(),
    }
}

/// The text of a Rust panic, if the interpreter ended in one; else the last line of standard error.
fn last_words(stderr: &Path) -> String {
    let bytes = fs::read(stderr).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.lines().skip_while(|line| !line.contains("panicked at"));
    match (lines.next(), lines.next()) {
        (Some(at), message) => format!("; {} {}", at.trim(), message.unwrap_or_default().trim()),
        _ => text.trim_end().lines().last().map_or_else(String::new, |line| format!("; {}", line.trim())),
    }
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Take away the compiled files that earlier runs left beside the tests: their compiler may have been another one.
fn remove_caches(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_name() == "__pycache__" {
            remove(&path);
        } else if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_caches(&path);
        }
    }
}

/// Tests leave folders without permissions behind; what cannot be removed stays in the scratch folder.
fn remove(folder: &Path) {
    let _ = fs::remove_dir_all(folder);
}
