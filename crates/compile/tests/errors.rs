//! Wrong programs are refused with CPython's words, at its positions.

use compile::{Mode, Options};

#[test]
fn errors() {
    let mut wrong = Vec::new();
    let mut n = 0;
    for case in include_str!("errors.txt").split("\n== ").skip(1) {
        let (mode, rest) = case.split_once('\n').expect("a mode stands before a program");
        let (source, rest) = rest.split_once("\n=> ").expect("an error stands after a program");
        let expected = rest.lines().next().unwrap_or_default();
        let mode = match mode {
            "eval" => Mode::Eval,
            "single" => Mode::Single,
            _ => Mode::Exec,
        };
        let found = match compile::compile(source, "<test>", mode, Options::default()) {
            Ok(_) => "compiles".to_owned(),
            Err(error) => format!(
                "{:?} {}:{}-{}:{} {}",
                error.kind, error.lineno, error.offset, error.end_lineno, error.end_offset, error.message
            ),
        };
        n += 1;
        if found != expected {
            wrong.push(format!("{source}\nexpected {expected}\nfound    {found}\n"));
        }
    }
    assert!(n > 400);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn incomplete_input() {
    let kind = |source: &str, keep_blocks_open: bool| {
        let mut options = Options::default();
        options.end.allow_incomplete = true;
        options.end.keep_blocks_open = keep_blocks_open;
        compile::compile(source, "<test>", Mode::Single, options).err().map(|error| error.kind)
    };
    use compile::ErrorKind::{IncompleteInput, SyntaxError};
    for source in ["if x:", "f(", "'''abc", "a = \\\n", "class A:", "@f", "def f():\n", "[1,\n2"] {
        assert_eq!(kind(source, true), Some(IncompleteInput), "{source:?}");
    }
    assert_eq!(kind("if x:\n  y", true), Some(IncompleteInput));
    assert_eq!(kind("if x:\n  y\n", false), None);
    assert_eq!(kind("if x:\n  y\n\n", false), None);
    assert_eq!(kind("a b c\n", true), Some(SyntaxError));
    assert_eq!(kind("x\ny\n", true), Some(SyntaxError));
}

/// Deeply nested sources are refused, not a reason to fall over.
#[test]
fn deep_sources() {
    let error = |source: String| {
        compile::compile(&source, "<test>", Mode::Exec, Options::default()).err().map(|error| error.message)
    };
    let n = 100_000;
    for source in ["(".repeat(n), "[".repeat(n), "{1:".repeat(n), "f(".repeat(n)] {
        assert_eq!(error(source).as_deref(), Some("too many nested parentheses"));
    }
    for source in
        ["-".repeat(n) + "1", "not ".repeat(n) + "1", "x".to_owned() + &".x".repeat(n), "lambda: ".repeat(n) + "1"]
    {
        assert!(error(source).is_some());
    }
    let nested: String = (0..n / 100).map(|i| " ".repeat(i) + "if x:\n").collect();
    assert_eq!(error(nested).as_deref(), Some("too many levels of indentation"));
    // Long is not deep.
    assert_eq!(error("1 + ".repeat(1000) + "1"), None);
    assert_eq!(error("x = 1\n".repeat(n)), None);
}
