//! The corpus: every program under `tests/corpus`, `tests/fuzz` and `examples` must answer as CPython 3.14 does, in every
//! mode of the runtime.
//!
//! `X.out` next to `X.py` holds the expected standard output. `X.err`, where it exists, holds the exit status and the
//! last line of standard error; otherwise the program must end with status 0. Expectations come from CPython alone:
//! `UPDATE_EXPECT=1 COACHWHIP_CPYTHON=python3.14 cargo test -p coachwhip --test corpus` rewrites them.
//!
//! `tests/corpus/pending.txt` names the programs that do not pass yet. They are run in the plain mode only, to say which
//! ones pass by now; `UPDATE_EXPECT=1` takes those off the list. It never puts one on: that is done by hand.
//!
//! `CORPUS=word` runs only the programs whose path contains the word and shows how pending ones differ.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn plain() {
    check_corpus("plain", &[]);
}

#[test]
fn collecting_often_with_poisoned_memory() {
    check_corpus("gc", &["-X", "gc-every=64", "-X", "gc-poison"]);
}

/// What a program did, in the form that is compared.
#[derive(PartialEq)]
struct Answer {
    stdout: String,
    /// The exit status and the last line of standard error; empty for a program that ends well.
    ending: String,
}

fn check_corpus(mode: &str, options: &[&str]) {
    let root = root();
    let filter = std::env::var("CORPUS").unwrap_or_default();
    let update = std::env::var("UPDATE_EXPECT").is_ok_and(|value| value == "1");
    let list = root.join("tests/corpus/pending.txt");
    let pending = read_pending(&list);
    let mut programs = programs(&root);
    programs.retain(|name| name.contains(&filter));
    if update && mode == "plain" {
        rewrite_expectations(&root, &programs);
    }
    if mode != "plain" {
        programs.retain(|name| !pending.contains(name));
    }
    let mut command = vec![env!("CARGO_BIN_EXE_coachwhip")];
    command.extend(options);
    let differences = in_parallel(&programs, |name| {
        let expected = expectation(&root, name);
        let got = run(&command, &root, name, mode);
        (got != expected).then(|| describe(name, &expected, &got))
    });
    let mut failures = String::new();
    let mut passing = Vec::new();
    for (name, difference) in programs.iter().zip(differences) {
        match difference {
            None => passing.push(name.clone()),
            Some(text) if !pending.contains(name) => failures.push_str(&text),
            Some(text) if !filter.is_empty() => println!("pending: {text}"),
            Some(_) => {}
        }
    }
    let risen: Vec<&str> = passing.iter().filter(|name| pending.contains(*name)).map(String::as_str).collect();
    println!("corpus, {mode}: {} of {} programs pass", passing.len(), programs.len());
    if update && mode == "plain" {
        let left: String =
            pending.iter().filter(|name| !passing.contains(name)).map(|name| format!("{name}\n")).collect();
        fs::write(&list, left).expect("the list of pending programs can be written");
    } else if !risen.is_empty() {
        println!("these pass by now; take them off tests/corpus/pending.txt: {}", risen.join(" "));
    }
    assert!(failures.is_empty(), "\n{failures}");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository's root exists")
}

fn read_pending(list: &Path) -> BTreeSet<String> {
    fs::read_to_string(list).unwrap_or_default().lines().map(str::to_string).collect()
}

/// All programs as `folder/name`, without the ending, sorted: below `tests/corpus`, `tests/fuzz/name` and `examples/name`.
fn programs(root: &Path) -> Vec<String> {
    let corpus = root.join("tests/corpus");
    let mut found = Vec::new();
    let mut folders = vec![corpus.clone(), root.join("tests/fuzz"), root.join("examples")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the corpus can be read").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "py") {
                let name = path.with_extension("");
                let name =
                    name.strip_prefix(&corpus).or(name.strip_prefix(root)).expect("a file is where it was found");
                found.push(name.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

/// The file of a program: the program itself or what is expected of it.
fn beside(root: &Path, name: &str, ending: &str) -> PathBuf {
    let is_from_root = name.starts_with("examples/") || name.starts_with("tests/");
    let folder = if is_from_root { root.to_path_buf() } else { root.join("tests/corpus") };
    folder.join(format!("{name}.{ending}"))
}

fn expectation(root: &Path, name: &str) -> Answer {
    let stdout = fs::read_to_string(beside(root, name, "out")).unwrap_or_else(|_| "(no .out file)\n".to_string());
    Answer { stdout, ending: fs::read_to_string(beside(root, name, "err")).unwrap_or_default() }
}

fn rewrite_expectations(root: &Path, programs: &[String]) {
    let Ok(cpython) = std::env::var("COACHWHIP_CPYTHON") else { return };
    in_parallel(programs, |name| {
        let answer = run(&[&cpython], root, name, "cpython");
        fs::write(beside(root, name, "out"), answer.stdout).expect("an expectation can be written");
        let ending = beside(root, name, "err");
        if answer.ending.is_empty() {
            if ending.exists() {
                fs::remove_file(ending).expect("an expectation can be removed");
            }
        } else {
            fs::write(ending, answer.ending).expect("an expectation can be written");
        }
    });
}

/// Run one program to its end, or to the time limit.
fn run(command: &[&str], root: &Path, name: &str, mode: &str) -> Answer {
    let scratch = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(mode).join(name);
    fs::create_dir_all(&scratch).expect("a scratch folder can be made");
    let (out, err) = (scratch.join("out"), scratch.join("err"));
    let mut child = Command::new(command[0])
        .args(&command[1..])
        .arg(beside(root, name, "py"))
        .current_dir(root)
        .envs([("PYTHONHASHSEED", "0"), ("PYTHONDONTWRITEBYTECODE", "1"), ("LC_ALL", "C.UTF-8"), ("TZ", "UTC")])
        .stdin(Stdio::null())
        .stdout(fs::File::create(&out).expect("a scratch file can be made"))
        .stderr(fs::File::create(&err).expect("a scratch file can be made"))
        .spawn()
        .expect("the interpreter starts");
    let begin = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("the interpreter can be waited for") {
            break status.code().map_or_else(|| format!("{status}"), |code| format!("exit {code}"));
        }
        if begin.elapsed() > LIMIT {
            child.kill().expect("the interpreter can be stopped");
            child.wait().expect("the interpreter can be waited for");
            break format!("no end in {} s", LIMIT.as_secs());
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let text = |path: &Path| String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned();
    let ending = match status.as_str() {
        "exit 0" => String::new(),
        _ => format!("{status}\n{}\n", text(&err).lines().last().unwrap_or_default()),
    };
    Answer { stdout: text(&out), ending }
}

/// The first line that differs, with its number.
fn describe(name: &str, expected: &Answer, got: &Answer) -> String {
    let mut text = format!("{name}.py\n");
    let (mut want, mut have) = (expected.stdout.lines(), got.stdout.lines());
    let mut number = 1;
    loop {
        match (want.next(), have.next()) {
            (None, None) => break,
            (want, have) if want == have => number += 1,
            (want, have) => {
                let show = |line: Option<&str>| line.map_or("(end of output)".to_string(), str::to_string);
                let _ = write!(text, "  line {number}\n    expected {}\n    got      {}\n", show(want), show(have));
                break;
            }
        }
    }
    if expected.ending != got.ending {
        let show =
            |ending: &str| if ending.is_empty() { "exit 0".to_string() } else { ending.trim().replace('\n', ": ") };
        let _ = write!(text, "  ended\n    expected {}\n    got      {}\n", show(&expected.ending), show(&got.ending));
    }
    text
}

/// `work` on every name, as many at a time as there are processors; the answers in the order of the names.
fn in_parallel<T: Send>(names: &[String], work: impl Fn(&str) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((index, name)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    names.get(index).map(|name| (index, name))
                } {
                    let answer = work(name);
                    done.lock().expect("no worker panics while it holds the lock").push((index, answer));
                }
            });
        }
    });
    let mut done = done.into_inner().expect("no worker panics while it holds the lock");
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, answer)| answer).collect()
}
