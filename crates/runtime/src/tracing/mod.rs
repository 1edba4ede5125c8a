//! `sys.settrace`, `sys.setprofile` and `sys.monitoring`: which events there are, and who is told of them.
//!
//! The interpreter says what it is about to do (`interp::traced`); nothing here is reached while no function is set. While a
//! trace or profile function runs, its thread has no events.

mod armed;
mod jump;
mod lines;
pub mod monitor;
pub mod native;

use crate::prelude::*;
use monitor::Monitored;
use object::frame::frame_object;
use object::safepoint;

pub use armed::{disarm, opcode_at};
pub use jump::set_line;
pub use lines::{LineTable, line_table};

/// What happened, by the number under which [`Cx::trace_event`] holds it while the function runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Event {
    Call = 1,
    /// A generator goes on: a `call`, too.
    Resume,
    Line,
    Opcode,
    Return,
    /// A `return` that gives a value to whoever resumed the generator.
    Yield,
    /// A `return` by an exception.
    Unwind,
    Exception,
    NativeCall,
    NativeReturn,
    NativeException,
}

impl Event {
    fn name(self) -> &'static str {
        match self {
            Event::Call | Event::Resume => "call",
            Event::Line => "line",
            Event::Opcode => "opcode",
            Event::Return | Event::Yield | Event::Unwind => "return",
            Event::Exception => "exception",
            Event::NativeCall => "c_call",
            Event::NativeReturn => "c_return",
            Event::NativeException => "c_exception",
        }
    }
}

/// `sys.settrace(function)`; unbound = none.
pub fn set_trace(cx: &mut Cx, function: Value) {
    cx.trace_function.set(function);
    poll_while_traced(cx);
}

/// `sys.setprofile(function)`; unbound = none.
pub fn set_profile(cx: &mut Cx, function: Value) {
    cx.profile_function.set(function);
    poll_while_traced(cx);
}

/// Have code that runs already notice. The safepoint's bit stays set, so that what is suspended now, or runs in another
/// thread, notices at its next safepoint.
fn poll_while_traced(cx: &mut Cx) {
    let shared = cx.vm().shared_heap().clone();
    let word = shared.safepoint();
    if cx.trace_function.get().is_bound() || cx.profile_function.get().is_bound() || cx.vm().monitored.get() {
        word.request(safepoint::TRACING);
        armed::arm(cx);
    } else {
        word.take(safepoint::TRACING);
        lines::forget(cx);
        native::forget(cx);
    }
}

/// The frame is entered or goes on.
pub fn entered(cx: &mut Cx, frame: FrameRef, event: Event) -> PyResult<()> {
    trace(cx, frame, event, Value::NONE)?;
    profile(cx, frame, event, Value::NONE)?;
    let monitored = if event == Event::Call { Monitored::PyStart } else { Monitored::PyResume };
    monitor::send_at(cx, frame, frame.unit_index(), monitored, &[])
}

/// The exception that is set was thrown into the frame of a generator.
pub fn thrown(cx: &mut Cx, frame: FrameRef) -> Raised {
    let raised = cx.pending().expect("an exception is thrown");
    let value = cx.take_raised(raised);
    let result = trace(cx, frame, Event::Resume, Value::NONE)
        .and_then(|()| profile(cx, frame, Event::Resume, Value::NONE))
        .and_then(|()| monitor::send_at(cx, frame, frame.unit_index(), Monitored::PyThrow, &[value]));
    match result {
        Ok(()) => cx.raise(value),
        Err(raised) => raised,
    }
}

/// The frame is about to be left with `value`.
pub fn left(cx: &mut Cx, frame: FrameRef, event: Event, value: Value) -> PyResult<()> {
    trace(cx, frame, event, value)?;
    profile(cx, frame, event, value)?;
    let monitored = if event == Event::Yield { Monitored::PyYield } else { Monitored::PyReturn };
    monitor::send_at(cx, frame, frame.unit_index(), monitored, &[value])
}

/// The frame's instruction starts a line.
pub fn line(cx: &mut Cx, frame: FrameRef, line: u32) -> PyResult<()> {
    let unit = frame.unit_index();
    trace_line(cx, frame, line)?;
    if frame.unit_index() != unit {
        return Ok(());
    }
    monitor::send(cx, frame, unit, Monitored::Line, &[Int::from_len(line as usize).value()])
}

/// Tell the trace function of a line.
pub fn trace_line(cx: &mut Cx, frame: FrameRef, line: u32) -> PyResult<()> {
    if cx.trace_function.get().is_unbound() {
        return Ok(());
    }
    let object = frame_object(cx, frame);
    if !object.trace_lines.get() || object.trace_function.get().is_unbound() {
        return Ok(());
    }
    object.line.set(line);
    let result = trace(cx, frame, Event::Line, Value::NONE);
    object.line.set(0);
    result
}

/// The frame is about to execute an instruction.
pub fn instruction(cx: &mut Cx, frame: FrameRef) -> PyResult<()> {
    let unit = frame.unit_index();
    if let Some(object) = frame.object.get().cast::<FrameObject>()
        && object.trace_opcodes.get()
    {
        trace(cx, frame, Event::Opcode, Value::NONE)?;
        if frame.unit_index() != unit {
            return Ok(());
        }
    }
    monitor::send_at(cx, frame, unit, Monitored::Instruction, &[])
}

/// Execution goes from one unit to another.
pub fn jumped(cx: &mut Cx, frame: FrameRef, event: Monitored, from: usize, to: usize) -> PyResult<()> {
    monitor::send_at(cx, frame, from, event, &[monitor::offset(to)])
}

/// Whether an exception is new in a frame or goes on after it was handled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Raise {
    New,
    Again,
}

/// The exception that is set was raised in the frame or came to it. It is set again afterwards, or another one.
pub fn exception(cx: &mut Cx, frame: FrameRef, how: Raise) -> Raised {
    let raised = cx.pending().expect("an exception is being raised");
    let value = cx.take_raised(raised);
    let mut result = Ok(());
    if how == Raise::New && cx.trace_function.get().is_bound() {
        let class = cx.class_of(value).value();
        let traceback = value.cast::<Exception>().and_then(|e| e.traceback.get().bound()).unwrap_or(Value::NONE);
        let argument = cx.heap.tuple(&[class, value, traceback]).value();
        result = trace(cx, frame, Event::Exception, argument);
    }
    let event = if how == Raise::New { Monitored::Raise } else { Monitored::Reraise };
    match result.and_then(|()| monitor::send_at(cx, frame, frame.unit_index(), event, &[value])) {
        Ok(()) => cx.raise(value),
        Err(raised) => raised,
    }
}

/// A generator or coroutine that the frame iterates has ended with `value`, without a StopIteration being raised.
pub fn stopped(cx: &mut Cx, frame: FrameRef, unit: usize, value: Value) -> PyResult<()> {
    let is_traced =
        frame.object.get().cast::<FrameObject>().is_some_and(|object| object.trace_function.get().is_bound());
    if !is_traced && !monitor::wants(cx, frame.code(), Monitored::StopIteration) {
        return Ok(());
    }
    let class = cx.types().StopIteration.value();
    let exception = if value.is_none() { call(cx, class, &[])? } else { call(cx, class, &[value])? };
    let argument = cx.heap.tuple(&[class, exception, Value::NONE]).value();
    trace(cx, frame, Event::Exception, argument)?;
    monitor::send_at(cx, frame, unit, Monitored::StopIteration, &[exception])
}

/// The frame goes on at the handler of an exception, which is on top of its stack.
pub fn handled(cx: &mut Cx, frame: FrameRef) -> PyResult<()> {
    let exception = frame.stack_value(frame.stack_depth() - 1);
    monitor::send_at(cx, frame, frame.unit_index(), Monitored::ExceptionHandled, &[exception])
}

/// The frame is about to be left by the exception that is set.
pub fn unwound(cx: &mut Cx, frame: FrameRef) -> Raised {
    let raised = cx.pending().expect("an exception is being raised");
    let value = cx.take_raised(raised);
    let result = trace(cx, frame, Event::Unwind, Value::NONE)
        .and_then(|()| profile(cx, frame, Event::Unwind, Value::NONE))
        .and_then(|()| monitor::send_at(cx, frame, frame.unit_index(), Monitored::PyUnwind, &[value]));
    match result {
        Ok(()) => cx.raise(value),
        Err(raised) => raised,
    }
}

fn trace(cx: &mut Cx, frame: FrameRef, event: Event, argument: Value) -> PyResult<()> {
    if cx.trace_function.get().is_unbound() {
        return Ok(());
    }
    let object = frame_object(cx, frame);
    let function = match event {
        Event::Call | Event::Resume => cx.trace_function.get(),
        _ => object.trace_function.get(),
    };
    if function.is_unbound() {
        return Ok(());
    }
    match notify(cx, function, object, event, argument) {
        Ok(local) => {
            if !local.is_none() {
                object.trace_function.set(object, local);
            }
            Ok(())
        }
        Err(raised) => {
            set_trace(cx, Value::UNBOUND);
            object.trace_function.clear();
            Err(raised)
        }
    }
}

fn profile(cx: &mut Cx, frame: FrameRef, event: Event, argument: Value) -> PyResult<()> {
    let function = cx.profile_function.get();
    if function.is_unbound() {
        return Ok(());
    }
    let object = frame_object(cx, frame);
    match notify(cx, function, object, event, argument) {
        Ok(_) => Ok(()),
        Err(raised) => {
            set_profile(cx, Value::UNBOUND);
            Err(raised)
        }
    }
}

fn notify(cx: &mut Cx, function: Value, frame: Gc<FrameObject>, event: Event, argument: Value) -> PyResult {
    let name = cx.heap.intern(event.name()).value();
    let outer = cx.trace_event.replace(event as u8);
    let result = call(cx, function, &[frame.value(), name, argument]);
    cx.trace_event.set(outer);
    result
}
