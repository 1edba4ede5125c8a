//! The interactive prompt: line editing, history and completion by `rustyline`; statements are run one at a time.

use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::history::DefaultHistory;
use rustyline::{Context, Editor, Helper, Highlighter, Hinter, Validator};
use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use vm::{Interaction, Vm};

/// Completes names and attributes of the session.
#[derive(Helper, Highlighter, Hinter, Validator)]
struct Names<'a> {
    vm: Rc<RefCell<&'a mut Vm>>,
}

impl Completer for Names<'_> {
    type Candidate = String;

    fn complete(&self, line: &str, position: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let before = &line[..position];
        let start = before
            .rfind(|c: char| !c.is_alphanumeric() && c != '_' && c != '.')
            .map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
        let word = &before[start..];
        if word.is_empty() {
            return Ok((position, vec!["    ".into()]));
        }
        Ok((start, self.vm.borrow_mut().complete(word)))
    }
}

fn history_file() -> Option<PathBuf> {
    std::env::var_os("PYTHON_HISTORY")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".python_history")))
}

/// Read and run statements until the end of input or `exit()`; the exit status.
pub fn run(vm: &mut Vm, quiet: bool) -> i32 {
    if !quiet {
        println!("{} on {}", crate::settings::version(2), std::env::consts::OS);
        println!("Type \"help\", \"copyright\", \"credits\" or \"license\" for more information.");
    }
    let vm = Rc::new(RefCell::new(vm));
    let Ok(mut editor) = Editor::<Names<'_>, DefaultHistory>::new() else {
        crate::complain("coachwhip: the terminal cannot be used for line editing");
        return 1;
    };
    editor.set_helper(Some(Names { vm: vm.clone() }));
    let history = history_file();
    if let Some(file) = &history {
        // A missing history is an empty one.
        let _ = editor.load_history(file);
    }
    let mut source = String::new();
    let status = loop {
        let prompt = vm.borrow_mut().prompt(!source.is_empty());
        match editor.readline(&prompt) {
            Ok(line) => {
                if !line.trim().is_empty() {
                    let _ = editor.add_history_entry(&line);
                }
                source.push_str(&line);
                source.push('\n');
                let outcome = vm.borrow_mut().interact(&source);
                match outcome {
                    Interaction::Incomplete => {}
                    Interaction::Done => source.clear(),
                    Interaction::Exit(status) => break status,
                }
            }
            Err(ReadlineError::Interrupted) => {
                crate::complain("KeyboardInterrupt");
                source.clear();
            }
            Err(ReadlineError::Eof) => {
                println!();
                break 0;
            }
            Err(error) => {
                crate::complain(&format!("coachwhip: {error}"));
                break 1;
            }
        }
    };
    if let Some(file) = &history {
        let _ = editor.save_history(file);
    }
    status
}
