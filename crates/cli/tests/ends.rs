//! How programs end: limits, signals, broken pipes, bad inputs, finalisation. Exit statuses and messages are CPython's.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

fn coachwhip(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coachwhip"));
    command.args(arguments).stdin(Stdio::null()).env_remove("PYTHONUNBUFFERED");
    command.envs([("PYTHONDONTWRITEBYTECODE", "1"), ("LC_ALL", "C.UTF-8")]);
    command
}

fn run(arguments: &[&str]) -> Output {
    coachwhip(arguments).output().expect("the interpreter starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Run a command; its exit status, its output and the last line of standard error.
#[track_caller]
fn check(arguments: &[&str], status: i32, stdout: &str, last: &str) {
    let output = run(arguments);
    let stderr = text(&output.stderr);
    let got = (output.status.code(), text(&output.stdout), stderr.lines().last().unwrap_or_default().to_owned());
    assert_eq!(got, (Some(status), stdout.to_owned(), last.to_owned()), "{arguments:?}\n{stderr}");
}

/// A folder of its own for a test.
fn scratch(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("ends").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a scratch folder can be made");
    folder
}

#[test]
fn recursion_ends_in_an_exception() {
    let nested = "a, b = [], []\nfor i in range(500_000): a, b = [a], [b]\n";
    for (program, last) in [
        ("def f(): f()\nf()", "RecursionError: maximum recursion depth exceeded"),
        (
            "class A:\n  def __repr__(self): return repr(self)\nrepr(A())",
            "RecursionError: maximum recursion depth exceeded",
        ),
        (
            "class A:\n  def __eq__(self, o): return self == o\nA() == A()",
            "RecursionError: maximum recursion depth exceeded",
        ),
        (&format!("{nested}a == b"), "RecursionError: maximum recursion depth exceeded in comparison"),
        (
            &format!("{nested}list[a].__parameters__"),
            "RecursionError: maximum recursion depth exceeded in __parameter__ calculation",
        ),
        (
            &format!("{nested}repr(a)"),
            "RecursionError: maximum recursion depth exceeded while getting the repr of an object",
        ),
        (
            "a = ()\nfor i in range(500_000): a = (a,)\nhash(a)",
            "RecursionError: maximum recursion depth exceeded while hashing a tuple",
        ),
        ("eval('-' * 100_000 + '1')", "RecursionError: maximum recursion depth exceeded during compilation"),
        (
            "import sys, threading\nsys.setrecursionlimit(10**9)\nthreading.stack_size(65536)\nclass A:\n  def __repr__(s): \
             return repr(s)\ndef g():\n  try: repr(A())\n  except RecursionError: pass\n  else: 1/0\n\
             t = threading.Thread(target=g); t.start(); t.join(); raise ValueError",
            "ValueError",
        ),
    ] {
        let output = run(&["-c", program]);
        let stderr = text(&output.stderr);
        assert_eq!((output.status.code(), stderr.lines().last()), (Some(1), Some(last)), "{program}");
    }
}

#[test]
fn memory_limits_end_in_memory_error() {
    let limit = ["-X", "heap-limit=64", "-c"];
    for program in [
        "x = [0] * 10**8",
        "x = b'a' * 10**9",
        "x = []\nwhile True: x.append([])",
        "x = {}\nfor i in range(10**9): x[i] = str(i)",
        "list(range(10**9))",
        "import collections, itertools\ncollections.deque(map(str, itertools.count()))",
        "x = 'a'\nwhile True: x += x",
    ] {
        let output = run(&[limit[0], limit[1], limit[2], program]);
        let stderr = text(&output.stderr);
        let last = stderr.lines().last().unwrap_or_default();
        assert!(output.status.code() == Some(1), "{program}: {} {last}", output.status);
        assert!(last == "MemoryError" || last.starts_with("RecursionError"), "{program}: {last}");
    }
    check(&["-X", "heap-limit=64", "-c", "try: [0] * 10**8\nexcept MemoryError: print(1)"], 0, "1\n", "");
}

/// Interrupt a program after it has said that it is ready.
fn interrupt(program: &str) -> Output {
    let program = format!("import sys; print('ready', flush=True)\n{program}");
    // Who runs the tests in the background may have the signal ignored, and programs inherit that.
    let mut child = Command::new("env")
        .args(["--default-signal=INT", env!("CARGO_BIN_EXE_coachwhip"), "-c", &program])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the interpreter starts");
    let mut ready = [0; 6];
    child.stdout.as_mut().expect("piped").read_exact(&mut ready).expect("the program starts");
    std::thread::sleep(Duration::from_millis(200));
    let id = child.id().to_string();
    let sent = Command::new("sh").args(["-c", &format!("kill -s INT {id}")]).status().expect("sh starts");
    assert!(sent.success());
    child.wait_with_output().expect("the interpreter can be waited for")
}

#[test]
fn interrupts_end_programs_and_native_loops() {
    for program in [
        "while True: pass",
        "import time; time.sleep(100)",
        "sum(range(10**12))",
        "max(range(10**12))",
        "1.5 in range(10**12)",
        "import itertools; -1 in itertools.count()",
        "import itertools; sum(itertools.repeat(1))",
        "import itertools; list(filter(None, itertools.repeat(0)))",
        "import itertools, collections; collections.deque(itertools.count(), 0)",
        "import re; re.match('(a+)+b', 'a' * 40)",
        "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()",
    ] {
        let output = interrupt(program);
        let stderr = text(&output.stderr);
        // As after an uncaught KeyboardInterrupt in CPython: the signal's default action ends the process.
        assert!(
            output.status.signal() == Some(2) || output.status.code() == Some(130),
            "{program}: {} {stderr}",
            output.status
        );
        assert!(stderr.starts_with("Traceback") && stderr.ends_with("KeyboardInterrupt\n"), "{program}: {stderr}");
    }
    let output = interrupt("try: sum(range(10**12))\nexcept KeyboardInterrupt: print('caught')");
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(0), "caught\n"));
}

#[test]
fn closed_and_full_outputs() {
    let mut child = coachwhip(&["-c", "while 1: print(1)"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the interpreter starts");
    let mut line = [0; 2];
    child.stdout.take().expect("piped").read_exact(&mut line).expect("the program prints");
    let output = child.wait_with_output().expect("the interpreter can be waited for");
    let stderr = text(&output.stderr);
    assert!(stderr.contains("BrokenPipeError: [Errno 32] Broken pipe"), "{stderr}");
    assert_eq!(output.status.code(), Some(120), "{stderr}");

    let full = || Stdio::from(fs::File::create("/dev/full").expect("the full device opens"));
    let output = coachwhip(&["-c", "print(1)"]).stdout(full()).output().expect("the interpreter starts");
    assert_eq!(output.status.code(), Some(120));
    assert!(text(&output.stderr).contains("OSError: [Errno 28] No space left on device"));
    let output = coachwhip(&["-c", "raise SystemExit(3)"]).stdout(full()).output().expect("the interpreter starts");
    assert_eq!(output.status.code(), Some(3));
    let output = coachwhip(&["-c", "print(1); raise SystemExit(3)"]).stdout(full()).output().expect("it starts");
    assert_eq!(output.status.code(), Some(120));
    let output = coachwhip(&["-c", "print(1); 1/0"]).stderr(full()).output().expect("the interpreter starts");
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(1), "1\n"));

    let shell = |line: &str| {
        let binary = env!("CARGO_BIN_EXE_coachwhip");
        Command::new("sh").args(["-c", &line.replace("PYTHON", binary)]).output().expect("sh starts")
    };
    assert_eq!(text(&shell("PYTHON -c 'import sys; print(sys.stdin)' <&-").stdout), "None\n");
    assert_eq!(shell("PYTHON -c 'print(1)' >&-").status.code(), Some(0));
    assert_eq!(shell("PYTHON -c '1/0' 2>&-").status.code(), Some(1));
}

#[test]
fn exit_statuses() {
    for (argument, status) in
        [("", 0), ("3", 3), ("-1", 255), ("2**40 + 5", 5), ("10**30", 255), ("True", 1), ("None", 0)]
    {
        assert_eq!(run(&["-c", &format!("raise SystemExit({argument})")]).status.code(), Some(status), "{argument}");
    }
    check(&["-c", "raise SystemExit('why')"], 1, "", "why");
}

#[test]
fn bad_programs() {
    let folder = scratch("bad");
    let file = |name: &str, content: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, content).expect("a scratch file can be written");
        path.to_string_lossy().into_owned()
    };
    let binary = env!("CARGO_BIN_EXE_coachwhip");
    let here = folder.to_string_lossy().into_owned();
    check(&[&file("open.py", b"print(1")], 1, "", "SyntaxError: '(' was never closed");
    check(&[&file("null.py", b"x\ny = '\0'")], 1, "", "SyntaxError: source code cannot contain null bytes");
    let latin = file("latin.py", b"print('\xFF')");
    let message = format!(
        "SyntaxError: Non-UTF-8 code starting with '\\xff' in file {latin} on line 1, but no encoding declared; see \
         https://peps.python.org/pep-0263/ for details"
    );
    check(&[&latin], 1, "", &message);
    let elf = fs::read(binary).expect("the interpreter's file can be read");
    check(&[&file("elf.py", &elf)], 1, "", "SyntaxError: source code cannot contain null bytes");
    check(&[&file("coding.py", b"# coding: foo\n")], 1, "", "SyntaxError: unknown encoding: foo");
    check(&[&file("broken.zip", b"PK\x03\x04broken")], 1, "", "SyntaxError: invalid non-printable character U+0003");
    check(&[&here], 1, "", &format!("{binary}: can't find '__main__' module in '{here}'"));
    let missing = folder.join("missing.py").to_string_lossy().into_owned();
    let message = format!("{binary}: can't open file '{missing}': [Errno 2] No such file or directory");
    check(&[&missing], 2, "", &message);
    check(&["-m", "no_such_module"], 1, "", &format!("{binary}: No module named no_such_module"));
    check(&["-c", "\n  if 1:\n    print(1)\n  print(2)\n"], 0, "1\n2\n", "");

    let make = "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w') as z:\n  z.writestr('__main__.py', 'import m; \
                print(__name__, m.x)'); z.writestr('m.py', 'x = 5')";
    let archive = folder.join("program.zip").to_string_lossy().into_owned();
    check(&["-c", make, &archive], 0, "", "");
    check(&[&archive], 0, "__main__ 5\n", "");
    let whole = fs::read(&archive).expect("the archive was written");
    check(&[&file("prefixed.zip", &[b"#!/usr/bin/env python\n", &whole[..]].concat())], 0, "__main__ 5\n", "");
    let truncated = file("truncated.zip", &whole[..whole.len() - 30]);
    check(&[&truncated], 1, "", "SyntaxError: source code cannot contain null bytes");
}

#[test]
fn bad_cache_files_are_ignored_and_rewritten() {
    let folder = scratch("cache");
    fs::write(folder.join("m.py"), "x = 1\n").expect("a scratch file can be written");
    let import = || {
        let mut command = coachwhip(&["-c", "import m; print(m.x, m.__cached__)"]);
        let output = command.env_remove("PYTHONDONTWRITEBYTECODE").current_dir(&folder).output().expect("it starts");
        let answer = text(&output.stdout);
        assert!(answer.starts_with("1 "), "{answer}{}", text(&output.stderr));
        PathBuf::from(answer[2..].trim())
    };
    let cache = import();
    let good = fs::read(&cache).expect("the cache file is written");
    let mut other_magic = good.clone();
    other_magic[0] ^= 1;
    // A good header before a broken body is an error at import, as in CPython.
    for bad in [&b""[..], &good[..10], &other_magic, b"not a cache file at all"] {
        fs::write(&cache, bad).expect("the cache file can be written");
        import();
        let now = fs::read(&cache).expect("the cache file is there");
        assert!(now == good, "not rewritten: {bad:?}");
    }
}

#[test]
fn what_is_left_open_is_written_at_the_end() {
    let folder = scratch("left_open");
    let path = folder.join("out").to_string_lossy().into_owned();
    for (program, status, expected) in [
        ("f = open(PATH, 'w'); f.write('a')", 0, "a"),
        ("f = open(PATH, 'w'); f.write('b')\ndef g(): return f", 0, "b"),
        ("import sys; sys.f = open(PATH, 'w'); sys.f.write('c')", 0, "c"),
        ("import sys; sys.stdout = open(PATH, 'w'); print('d', end='')", 0, "d"),
        ("f = open(PATH, 'w'); f.write('e'); raise SystemExit(4)", 4, "e"),
        ("f = open(PATH, 'w'); f.write('f'); 1/0", 1, "f"),
        ("import gc; f = open(PATH, 'w'); f.write('g'); del f; gc.collect(); print(open(PATH).read())", 0, "g"),
        (
            "class A:\n  def __init__(s): s.f = open(PATH, 'wb'); s.s = s\n  def __del__(s): s.f.write(b'del')\n\
             a = A(); a.f.write(b'h')",
            0,
            "hdel",
        ),
        (
            "import threading\ndef g():\n  global f\n  f = open(PATH, 'w'); f.write('i')\nthreading.Thread(target=g).start()",
            0,
            "i",
        ),
    ] {
        let program = program.replace("PATH", &format!("{path:?}"));
        let output = run(&["-c", &program]);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{program}\n{stderr}");
        assert_eq!(fs::read_to_string(&path).expect("the program has made the file"), expected, "{program}");
    }
}

#[test]
fn finalisers_run_at_the_end() {
    let class = "class A:\n  def __init__(s, n): s.n = n\n  def __del__(s): print('del', s.n, x)\nx = 5\n";
    let program = |rest: &str| format!("{class}{rest}");
    check(&["-c", &program("a = A(1); b = A(2); c = [A(3)]")], 0, "del 1 5\ndel 2 5\ndel 3 5\n", "");
    check(&["-c", &program("a = A('parent'); a.child = A('child')")], 0, "del parent 5\ndel child 5\n", "");
    check(&["-c", "def g():\n  try: yield\n  finally: print('finally')\nx = g(); next(x)"], 0, "finally\n", "");
    let order = "import atexit\natexit.register(print, 'first'); atexit.register(print, 'second')\na = A(1)";
    check(&["-c", &program(order)], 0, "second\nfirst\ndel 1 5\n", "");
    let daemons = "import threading, time\ndef f():\n  while 1: time.sleep(0.001)\nfor i in range(4): \
                   threading.Thread(target=f, daemon=True).start()\na = A(1)";
    // The threads' frames hold the module.
    check(&["-c", &program(daemons)], 0, "", "");
    let importing = "class A:\n  def __del__(s): import json\na = A()";
    check(&["-c", importing], 0, "", "ImportError: sys.meta_path is None, Python is likely shutting down");
}

#[test]
fn programs_from_standard_input() {
    let mut child = coachwhip(&["-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the interpreter starts");
    child.stdin.take().expect("piped").write_all(b"print(1)\nprint(2\0)\n").expect("the interpreter reads");
    let output = child.wait_with_output().expect("the interpreter can be waited for");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("SyntaxError: source code cannot contain null bytes"));
}
