//! `frame.f_lineno = line`: a debugger moves execution to another line of the function.
//!
//! What lies on the evaluation stack at every instruction is worked out by following the code; a jump is possible to an
//! instruction whose stack is a lower part of the present one.

use super::Event;
use super::lines::{At, instructions, lines_of};
use super::monitor::{self, Monitored};
use crate::prelude::*;
use bytecode::{ExceptionEntries, Opcode, stack_effect};

/// What a stack entry is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Iterator,
    /// The exception that was handled before the one whose handler this is.
    Except,
    Object,
    Null,
    /// Where an exception was raised.
    Lasti,
}

/// The stack at an instruction, from the bottom; `None` where nothing leads.
type Stack = Option<Vec<Kind>>;

/// The setter of `f_lineno`.
pub fn set_line(cx: &mut Cx, object: Gc<FrameObject>, value: Value) -> PyResult<()> {
    let Some(line) = value.as_int().filter(|_| !value.is_bool()) else {
        return Err(value_error(cx, "lineno must be an integer"));
    };
    let event = cx.trace_event.get();
    let of_tool =
        [Monitored::Line, Monitored::Instruction, Monitored::Jump, Monitored::BranchLeft, Monitored::BranchRight];
    let allowed = [Event::Line, Event::Opcode, Event::Resume, Event::Yield].map(|event| event as u8);
    let from_tool = of_tool.map(monitor::running).contains(&event);
    if event == Event::Call as u8 {
        return Err(value_error(cx, "can't jump from the 'call' trace event of a new frame"));
    }
    if event == Event::NativeCall as u8 || event == Event::NativeReturn as u8 {
        return Err(value_error(cx, "can't jump during a call"));
    }
    if !allowed.contains(&event) && !from_tool {
        return Err(value_error(cx, "can only jump from a 'line' trace event"));
    }
    let Some(frame) = object.live.get().filter(|_| from_tool || object.trace_function.get().is_bound()) else {
        return Err(value_error(cx, "f_lineno can only be set by a trace function"));
    };
    let code = frame.code();
    let wanted = line.get();
    if wanted < i64::from(code.firstlineno) {
        return Err(value_error(cx, format_args!("line {wanted} comes before the current code block")));
    }
    let starts = line_starts(cx, code);
    let Some(line) = starts.iter().copied().filter(|&l| l != 0 && i64::from(l) >= wanted).min() else {
        return Err(value_error(cx, format_args!("line {wanted} comes after the current code block")));
    };
    let stacks = stacks_of(cx, code);
    let present = stacks[frame.unit_index()].clone().filter(|stack| stack.len() == frame.stack_depth());
    let mut best: Option<(usize, usize)> = None;
    let mut complaint = Some("cannot find bytecode for specified line");
    for (unit, _) in starts.iter().enumerate().filter(|&(_, &start)| start == line) {
        let target = &stacks[unit];
        if let (Some(from), Some(to)) = (&present, target)
            && is_compatible(from, to)
        {
            complaint = None;
            if best.is_none_or(|(_, depth)| to.len() > depth) {
                best = Some((unit, to.len()));
            }
        } else if complaint.is_some() {
            complaint = Some(match &present {
                None => "can't jump from unreachable code",
                Some(_) => explain(target),
            });
        }
    }
    let (Some((unit, depth)), None, Some(present)) = (best, complaint, present) else {
        return Err(value_error(cx, complaint.unwrap_or("cannot find bytecode for specified line")));
    };
    bind_unbound(cx, frame)?;
    for kind in present[depth..].iter().rev() {
        let sp = frame.sp.get().wrapping_sub(1);
        if *kind == Kind::Except {
            let previous = frame.stack_value(frame.stack_depth() - 1);
            cx.set_handled(if previous.is_none() { Value::UNBOUND } else { previous });
        }
        frame.sp.set(sp);
    }
    object.line.set(0);
    frame.ip.set(code.units_ptr().wrapping_add(unit));
    Ok(())
}

/// The line that starts at a unit, or 0.
fn line_starts(cx: &Cx, code: Gc<Code>) -> Vec<u32> {
    let lines = lines_of(code);
    let mut starts = vec![0; lines.len()];
    let mut last = 0;
    for at in instructions(cx, code) {
        let line = lines[at.unit];
        if line != 0 && line != last {
            starts[at.unit] = line;
            last = line;
        }
    }
    starts
}

/// Variables that the compiler has proven to be bound where execution goes may not be: they become None.
fn bind_unbound(cx: &mut Cx, frame: FrameRef) -> PyResult<()> {
    let code = frame.code();
    let is_unbound = |i: &usize| frame.local(*i).is_unbound();
    let n = (0..code.n_localsplus as usize).filter(is_unbound).count();
    if n == 0 {
        return Ok(());
    }
    let s = if n == 1 { "" } else { "s" };
    let class = cx.types().RuntimeWarning;
    crate::warnings::warn(cx, class, &format!("assigning None to {n} unbound local{s}"), 0)?;
    for i in (0..code.n_localsplus as usize).filter(is_unbound).collect::<Vec<_>>() {
        frame.set_local(i, Value::NONE);
    }
    Ok(())
}

fn is_compatible_kind(from: Kind, to: Kind) -> bool {
    match to {
        Kind::Object => from != Kind::Null,
        Kind::Null => true,
        _ => from == to,
    }
}

fn is_compatible(from: &[Kind], to: &[Kind]) -> bool {
    to.len() <= from.len() && from.iter().zip(to).all(|(&from, &to)| is_compatible_kind(from, to))
}

fn explain(target: &Stack) -> &'static str {
    match target.as_ref().map(|stack| stack.last()) {
        None | Some(Some(Kind::Except)) => "can't jump into an 'except' block as there's no exception",
        Some(Some(Kind::Lasti)) => "can't jump into a re-raising block as there's no location",
        Some(Some(Kind::Iterator)) => "can't jump into the body of a for loop",
        Some(_) => "incompatible stacks",
    }
}

/// The stack at each unit at which an instruction begins.
fn stacks_of(cx: &Cx, code: Gc<Code>) -> Vec<Stack> {
    let instructions = instructions(cx, code);
    let mut stacks: Vec<Stack> = vec![None; code.n_units() + 1];
    stacks[0] = Some(Vec::new());
    let table = code.exceptiontable.expect();
    loop {
        let mut again = false;
        for at in &instructions {
            if stacks[at.unit].is_some() {
                again |= follow(at, &mut stacks);
            }
        }
        for entry in ExceptionEntries::new(table.as_slice()) {
            let (start, handler) = (entry.start / 2, entry.target / 2);
            let Some(mut stack) = stacks.get(start).cloned().flatten() else { continue };
            if handler < stacks.len() && stacks[handler].is_none() {
                stack.truncate(entry.depth as usize);
                if entry.push_lasti {
                    stack.push(Kind::Lasti);
                }
                stack.push(Kind::Except);
                stacks[handler] = Some(stack);
                again = true;
            }
        }
        if !again {
            return stacks;
        }
    }
}

/// Note the stacks behind an instruction. Answers whether something new leads back.
fn follow(at: &At, stacks: &mut [Stack]) -> bool {
    let Some(mut stack) = stacks[at.unit].clone() else { return false };
    let mut again = false;
    let mut reach = |unit: usize, stack: &[Kind]| {
        if unit < stacks.len() && stacks[unit].is_none() {
            again |= unit < at.next;
            stacks[unit] = Some(stack.to_vec());
        }
    };
    match at.opcode {
        Opcode::POP_JUMP_IF_FALSE
        | Opcode::POP_JUMP_IF_TRUE
        | Opcode::POP_JUMP_IF_NONE
        | Opcode::POP_JUMP_IF_NOT_NONE => {
            stack.pop();
            reach(at.next + at.oparg, &stack);
        }
        Opcode::SEND => reach(at.next + at.oparg, &stack),
        Opcode::JUMP_BACKWARD | Opcode::JUMP_BACKWARD_NO_INTERRUPT => {
            reach(at.next.saturating_sub(at.oparg), &stack);
            return again;
        }
        Opcode::JUMP_FORWARD => {
            reach(at.next + at.oparg, &stack);
            return again;
        }
        Opcode::GET_ITER | Opcode::GET_AITER => {
            stack.pop();
            stack.push(Kind::Iterator);
        }
        Opcode::FOR_ITER => {
            stack.push(Kind::Object);
            reach(at.next + at.oparg, &stack);
        }
        Opcode::END_ASYNC_FOR => stack.truncate(stack.len().saturating_sub(2)),
        Opcode::PUSH_EXC_INFO => stack.push(Kind::Except),
        Opcode::POP_EXCEPT => {
            stack.pop();
        }
        Opcode::RETURN_VALUE | Opcode::RAISE_VARARGS | Opcode::RERAISE => return again,
        Opcode::PUSH_NULL => stack.push(Kind::Null),
        Opcode::LOAD_GLOBAL => {
            stack.push(Kind::Object);
            if at.oparg & 1 != 0 {
                stack.push(Kind::Null);
            }
        }
        Opcode::LOAD_ATTR => {
            if at.oparg & 1 != 0 {
                stack.pop();
                stack.push(Kind::Object);
                stack.push(Kind::Null);
            }
        }
        Opcode::SWAP => {
            let n = stack.len();
            if at.oparg >= 1 && at.oparg <= n {
                stack.swap(n - 1, n - at.oparg);
            }
        }
        Opcode::COPY => {
            let copied = stack.len().checked_sub(at.oparg).and_then(|i| stack.get(i)).copied();
            stack.push(copied.unwrap_or(Kind::Object));
        }
        opcode => {
            let effect = stack_effect(opcode, at.oparg as u32);
            if matches!(opcode, Opcode::CALL | Opcode::CALL_KW | Opcode::CALL_FUNCTION_EX) {
                // The result takes the place of the callable, which may have had a null above it.
                stack.truncate((stack.len() as i32 + effect - 1).max(0) as usize);
                stack.push(Kind::Object);
            } else if effect < 0 {
                stack.truncate((stack.len() as i32 + effect).max(0) as usize);
            } else {
                (0..effect).for_each(|_| stack.push(Kind::Object));
            }
        }
    }
    reach(at.next, &stack);
    again
}
