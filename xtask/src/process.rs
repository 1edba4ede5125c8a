//! Running other programs: the steps of a longer chore, and programs that may hang, crash or eat all memory.

use std::fs;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::paths;

/// How often a supervised program is looked at.
const TICK: Duration = Duration::from_millis(5);
/// A supervised program that holds more memory than this is ended.
const MEMORY_LIMIT: u64 = 6 << 30;

/// Run a step of a longer chore in the repository's root, with its output shown.
pub fn step(program: &str, arguments: &[&str]) -> Outcome {
    let shown = format!("{program} {}", arguments.join(" "));
    let status = Command::new(program)
        .args(arguments)
        .current_dir(paths::root())
        .status()
        .map_err(|error| format!("cannot start `{shown}`: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{shown}` failed ({status})")) }
}

/// How a supervised program ended.
pub enum Ended {
    Exited(ExitStatus),
    /// The caller's condition ended it.
    Stopped,
    OutOfMemory,
}

/// Run a program in a process group of its own for as long as `may_go_on` says so, then end the whole group.
pub fn supervise(command: &mut Command, mut may_go_on: impl FnMut(Duration) -> bool) -> io::Result<Ended> {
    let mut child = command.stdin(Stdio::null()).process_group(0).spawn()?;
    let group = child.id();
    let begin = Instant::now();
    let mut ticks = 0_u32;
    let ended = loop {
        if let Some(status) = child.try_wait()? {
            break Ended::Exited(status);
        }
        if !may_go_on(begin.elapsed()) {
            break Ended::Stopped;
        }
        ticks += 1;
        if ticks.is_multiple_of(20) && resident_bytes(group) > MEMORY_LIMIT {
            break Ended::OutOfMemory;
        }
        std::thread::sleep(TICK);
    };
    end_group(group);
    if !matches!(ended, Ended::Exited(_)) {
        child.kill()?;
        child.wait()?;
    }
    Ok(ended)
}

/// End what is left of a process group. The shell's own `kill` is everywhere; a program of that name is not.
fn end_group(group: u32) {
    let command = format!("kill -s KILL -- -{group}");
    let _ = Command::new("sh").args(["-c", &command]).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

fn resident_bytes(process: u32) -> u64 {
    let Ok(text) = fs::read_to_string(format!("/proc/{process}/statm")) else { return 0 };
    text.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4096
}
