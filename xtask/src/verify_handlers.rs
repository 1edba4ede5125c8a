//! `cargo xtask verify-handlers`: disassembles the binary and checks that each threaded handler goes on to the next one by
//! a jump.
//!
//! A call to dispatch would grow the native stack with every instruction. LLVM makes the call a jump as long as nothing
//! of the handler is needed after it; what breaks that (a local whose address escapes, a value to be dropped) is found here.

use std::process::Command;

use crate::args::Args;
use crate::{Outcome, paths};

const USAGE: &str = "\
Usage: cargo xtask verify-handlers [options]

Check in the binary's code, with objdump, that no threaded handler calls the next one.

  --python CMD   The binary to look at (default: a release build)

Examples:
  cargo xtask verify-handlers
  cargo xtask verify-handlers --python target/debug/coachwhip
";

/// What the mangled names of handlers contain.
const HANDLER: &str = "6interp7execute";
/// Fewer than this cannot be all of them.
const AT_LEAST: usize = 150;

pub fn run(words: Vec<String>) -> Outcome {
    let mut args = Args::new(words, USAGE);
    let python = args.value("--python")?;
    args.finish()?;
    let binary = paths::interpreter(python)?.remove(0);
    let report = check(&disassembly(&binary)?);
    if report.handlers < AT_LEAST {
        return Err(format!("only {} handlers found in {binary}", report.handlers));
    }
    if !report.calls.is_empty() {
        return Err(format!("handlers that call the next one:\n{}", report.calls.join("\n")));
    }
    println!("verify-handlers: {} handlers, {} of them without a stack frame", report.handlers, report.frameless);
    Ok(())
}

fn disassembly(binary: &str) -> Result<String, String> {
    let run = Command::new("objdump")
        .args(["--disassemble", "--no-show-raw-insn", binary])
        .output()
        .map_err(|error| format!("cannot start objdump, which comes with a C compiler: {error}"))?;
    if !run.status.success() {
        return Err(format!("objdump failed: {}", String::from_utf8_lossy(&run.stderr)));
    }
    Ok(String::from_utf8_lossy(&run.stdout).into_owned())
}

#[derive(Default, Debug, PartialEq)]
struct Report {
    handlers: usize,
    /// Handlers whose code never moves the stack pointer.
    frameless: usize,
    /// `handler: instruction` for each call of dispatch or of another handler.
    calls: Vec<String>,
}

/// Go through the functions of a disassembly.
fn check(text: &str) -> Report {
    let mut report = Report::default();
    let mut current: Option<(String, bool, bool)> = None;
    for line in text.lines() {
        if let Some(symbol) = line.strip_suffix(">:").and_then(|l| l.split_once(" <")).map(|(_, symbol)| symbol) {
            close(&mut report, current.take());
            current = handler_name(symbol).map(|name| (name, false, false));
            continue;
        }
        let Some((name, has_frame, dispatches)) = &mut current else { continue };
        let Some((_, instruction)) = line.split_once(":\t") else { continue };
        let instruction = instruction.trim();
        *has_frame |= instruction.starts_with("push") || instruction.contains(",%rsp");
        let (operation, target) = instruction.split_once(char::is_whitespace).unwrap_or((instruction, ""));
        let target = target.trim();
        // Jumps and calls through a register or a table; those through the global offset table name a function.
        let indirect = target.starts_with('*') && !target.contains("(%rip)");
        *dispatches |= operation == "jmp" && indirect;
        if operation == "call" && (indirect || handler_name(target).is_some()) {
            report.calls.push(format!("{name}: {operation} {target}"));
        }
    }
    close(&mut report, current);
    report
}

fn close(report: &mut Report, handler: Option<(String, bool, bool)>) {
    if let Some((_, has_frame, true)) = handler {
        report.handlers += 1;
        report.frameless += !has_frame as usize;
    }
}

/// The instruction's name in a mangled symbol of a handler.
fn handler_name(symbol: &str) -> Option<String> {
    let rest = symbol.split(HANDLER).nth(1)?;
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    let length: usize = rest[..digits].parse().ok()?;
    let name = rest.get(digits..digits + length)?;
    // The loop's entry points call the first handler.
    if matches!(name, "run" | "run_raising") { None } else { Some(name.to_string()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_dispatch_are_found() {
        let good = "001 <_ZN6interp7execute9load_fast17h0E>:\n  1:\tmov    (%r8,%rax,8),%rax\n  5:\tjmp    *%rax\n";
        let report = check(good);
        assert_eq!((report.handlers, report.frameless, report.calls.len()), (1, 1, 0));
        let bad =
            "001 <_ZN6interp7execute9load_fast17h0E>:\n  1:\tpush   %rax\n  2:\tcall   *(%r8,%rax,8)\n  5:\tret\n";
        assert_eq!(check(bad).calls, ["load_fast: call *(%r8,%rax,8)"]);
        let direct = "001 <_ZN6interp7execute3nop17h0E>:\n  1:\tcall   90 <_ZN6interp7execute6unwind17h0E>\n";
        assert_eq!(check(direct).calls.len(), 1);
        let library = "001 <_ZN6interp7execute3nop17h0E>:\n  1:\tcall   *0x38e053(%rip)        # 11d0bb8\n";
        assert!(check(library).calls.is_empty());
    }
}
