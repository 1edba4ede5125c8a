//! What an interactive prompt needs: run one statement, say whether more input is wanted, complete names.

use crate::Vm;
use object::{Cx, Dict, Gc, PyResult, Value};
use runtime::exceptions::report;
use runtime::hooks::{CompileMode, CompileRequest, compile_flags, compile_source};
use runtime::import::sys_attr;
use runtime::prelude::*;

/// What became of the input so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Interaction {
    /// It was run, or was wrong and the error has been shown.
    Done,
    /// More lines are needed.
    Incomplete,
    /// The program asked to exit with this status.
    Exit(i32),
}

const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

impl Vm {
    /// `sys.ps1` or `sys.ps2`.
    pub fn prompt(&mut self, continued: bool) -> String {
        let (name, default) = if continued { ("ps2", "... ") } else { ("ps1", ">>> ") };
        let cx = self.cx();
        let Some(prompt) = sys_attr(cx, name) else { return default.to_owned() };
        match str_of(cx, prompt) {
            Ok(text) => text.to_string(),
            Err(raised) => {
                cx.take_raised(raised);
                default.to_owned()
            }
        }
    }

    /// Run the lines typed so far, when they make a whole statement.
    pub fn interact(&mut self, source: &str) -> Interaction {
        let globals = self.globals();
        let last = source.trim_end_matches('\n').rsplit('\n').next().unwrap_or_default();
        let in_block = source.trim_end_matches('\n').contains('\n') && last.starts_with([' ', '\t']);
        if in_block && !source.ends_with("\n\n") {
            return Interaction::Incomplete;
        }
        let cx = self.cx();
        match run(cx, source, globals) {
            Ok(true) => Interaction::Done,
            Ok(false) => Interaction::Incomplete,
            Err(raised) => {
                let exit = cx.raised_is(cx.types().SystemExit);
                let exception = cx.take_raised(raised);
                let status = report::report_uncaught(cx, exception);
                if exit { Interaction::Exit(status) } else { Interaction::Done }
            }
        }
    }

    /// Names (or attributes, after a dot) that begin as `word` does.
    pub fn complete(&mut self, word: &str) -> Vec<String> {
        let globals = self.globals();
        let cx = self.cx();
        match candidates(cx, word, globals) {
            Ok(found) => found,
            Err(raised) => {
                cx.take_raised(raised);
                Vec::new()
            }
        }
    }
}

/// Compile and run; false when the input is incomplete.
fn run(cx: &mut Cx, source: &str, globals: Gc<Dict>) -> PyResult<bool> {
    let source = Str::from_utf8(&mut cx.heap, source).or_raise(cx)?.value();
    let filename = cx.heap.str("<stdin>");
    let flags = compile_flags::ALLOW_INCOMPLETE_INPUT | compile_flags::DONT_IMPLY_DEDENT;
    let request =
        CompileRequest { source, filename, mode: CompileMode::Single, flags, optimize: -1, feature_version: -1 };
    let code = match compile_source(cx, request) {
        Ok(code) => code,
        Err(raised) => {
            let class = cx.types().IncompleteInputError;
            cx.catch(raised, class)?;
            return Ok(false);
        }
    };
    runtime::run::run_code(cx, code, globals, globals.value(), None)?;
    Ok(true)
}

fn candidates(cx: &mut Cx, word: &str, globals: Gc<Dict>) -> PyResult<Vec<String>> {
    let text = |name: Value| name.downcast::<Str>().map(|s| s.to_string());
    if let Some((path, prefix)) = word.rsplit_once('.') {
        let mut parts = path.split('.');
        let first = cx.heap.intern(parts.next().unwrap_or_default());
        let builtins = cx.vm().builtins.get();
        let Some(mut object) = globals.get_str(first).or_else(|| builtins?.get_str(first)) else {
            return Ok(Vec::new());
        };
        for part in parts {
            let name = cx.heap.intern(part);
            object = get_attr(cx, object, name)?;
        }
        let names = runtime::functions::dir_of(cx, object)?;
        let names = to_list(cx, names)?;
        let mut found: Vec<String> = names.iter().filter_map(text).filter(|n| n.starts_with(prefix)).collect();
        if prefix.is_empty() {
            found.retain(|n| !n.starts_with('_'));
        }
        return Ok(found.into_iter().map(|n| format!("{path}.{n}")).collect());
    }
    let builtins = cx.vm().builtins.get();
    let names = globals.iter().chain(builtins.iter().flat_map(|b| b.iter())).filter_map(|(name, _)| text(name));
    let mut found: Vec<String> =
        KEYWORDS.iter().map(|k| (*k).to_owned()).chain(names).filter(|n| n.starts_with(word)).collect();
    found.sort();
    found.dedup();
    Ok(found)
}
