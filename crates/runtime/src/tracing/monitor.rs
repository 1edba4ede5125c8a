//! `sys.monitoring` (PEP 669): tools, the events they ask for, and sending them.
//!
//! `stdlib::sys::monitoring` is the module; the events come from the other files of this folder and, through them, from
//! the interpreter.

use super::poll_while_traced;
use crate::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

pub const N_TOOLS: usize = 6;

/// Events by number: the bit in an event set.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Monitored {
    PyStart = 0,
    PyResume,
    PyReturn,
    PyYield,
    Call,
    Line,
    Instruction,
    Jump,
    BranchLeft,
    BranchRight,
    StopIteration,
    Raise,
    ExceptionHandled,
    PyUnwind,
    PyThrow,
    Reraise,
    CReturn,
    CRaise,
    Branch,
}

/// The names of the events, by number.
pub const NAMES: [&str; 19] = [
    "PY_START",
    "PY_RESUME",
    "PY_RETURN",
    "PY_YIELD",
    "CALL",
    "LINE",
    "INSTRUCTION",
    "JUMP",
    "BRANCH_LEFT",
    "BRANCH_RIGHT",
    "STOP_ITERATION",
    "RAISE",
    "EXCEPTION_HANDLED",
    "PY_UNWIND",
    "PY_THROW",
    "RERAISE",
    "C_RETURN",
    "C_RAISE",
    "BRANCH",
];

impl Monitored {
    pub fn bit(self) -> u32 {
        1 << self as u8
    }

    /// Whether the event belongs to a place in code: it can be asked for in one code object, and disabled.
    fn is_local(self) -> bool {
        self <= Monitored::StopIteration
    }
}

/// The events that belong to a place in code.
pub const LOCAL_EVENTS: u32 = (1 << (Monitored::StopIteration as u8 + 1)) - 1;

/// The number under which the context holds a monitoring event while its callback runs: above those of `Event`.
const RUNNING: u8 = 100;

/// What `trace_event` holds while callbacks for `event` run.
pub(super) fn running(event: Monitored) -> u8 {
    RUNNING + event as u8
}

type Sets = [u32; N_TOOLS];

pub struct Monitoring {
    /// By tool and event; unbound = none.
    callbacks: RootVec,
    /// `DISABLE` and `MISSING`.
    markers: RootVec,
    global: Cell<Sets>,
    /// Sets of single code objects, which `codes` keeps.
    local: RefCell<HashMap<u64, Sets>>,
    codes: RootVec,
    /// Code, unit, tool, event.
    disabled: RefCell<HashSet<(u64, usize, usize, Monitored)>>,
}

/// This VM's state.
pub fn state(cx: &mut Cx) -> PyResult<Rc<Monitoring>> {
    let vm = cx.vm();
    let state = vm.extension(|| {
        let callbacks = vm.root_vec();
        (0..N_TOOLS * NAMES.len()).for_each(|_| callbacks.push(Value::UNBOUND));
        Monitoring {
            callbacks,
            markers: vm.root_vec(),
            global: Cell::default(),
            local: RefCell::default(),
            codes: vm.root_vec(),
            disabled: RefCell::default(),
        }
    });
    if state.markers.is_empty() {
        let object = cx.types().object.value();
        for _ in 0..2 {
            let marker = call(cx, object, &[])?;
            state.markers.push(marker);
        }
    }
    Ok(state)
}

impl Monitoring {
    pub fn disable_marker(&self) -> Value {
        self.markers.get(0)
    }

    pub fn missing_marker(&self) -> Value {
        self.markers.get(1)
    }

    fn place(tool: usize, event: usize) -> usize {
        tool * NAMES.len() + event
    }

    /// Set a callback; answers the one before.
    pub fn register(&self, tool: usize, event: usize, callback: Value) -> Value {
        let swap = |event: usize| {
            let at = Self::place(tool, event);
            let before = self.callbacks.get(at);
            self.callbacks.set(at, callback);
            before
        };
        if event == Monitored::Branch as usize {
            // One callback for both directions.
            swap(Monitored::BranchLeft as usize);
            swap(Monitored::BranchRight as usize);
        }
        swap(event)
    }

    pub fn global_events(&self, tool: usize) -> u32 {
        self.global.get()[tool]
    }

    pub fn local_events(&self, tool: usize, code: Gc<Code>) -> u32 {
        self.local.borrow().get(&code.value().id()).map_or(0, |sets| sets[tool])
    }

    /// Forget the callbacks and events of a tool.
    pub fn clear(&self, cx: &mut Cx, tool: usize) {
        (0..NAMES.len()).for_each(|event| self.callbacks.set(Self::place(tool, event), Value::UNBOUND));
        self.local.borrow_mut().values_mut().for_each(|sets| sets[tool] = 0);
        self.set_global(cx, tool, 0);
    }

    pub fn set_global(&self, cx: &mut Cx, tool: usize, events: u32) {
        let mut sets = self.global.get();
        sets[tool] = events;
        self.global.set(sets);
        self.forget_disabled(tool, events);
        self.changed(cx);
    }

    pub fn set_local(&self, cx: &mut Cx, tool: usize, code: Gc<Code>, events: u32) {
        {
            let mut local = self.local.borrow_mut();
            let sets = local.entry(code.value().id()).or_insert_with(|| {
                self.codes.push(code);
                Sets::default()
            });
            sets[tool] = events;
        }
        self.changed(cx);
    }

    /// An event that was turned off and on again is sent everywhere.
    fn forget_disabled(&self, tool: usize, events: u32) {
        self.disabled.borrow_mut().retain(|&(_, _, t, event)| t != tool || event.bit() & events != 0);
    }

    pub fn restart(&self) {
        self.disabled.borrow_mut().clear();
    }

    fn changed(&self, cx: &mut Cx) {
        let any = self.global.get().iter().any(|&set| set != 0)
            || self.local.borrow().values().flatten().any(|&set| set != 0);
        cx.vm().monitored.set(any);
        poll_while_traced(cx);
    }

    /// The events that some tool wants in this code.
    fn wanted(&self, code: Gc<Code>) -> u32 {
        let local = self.local.borrow();
        let local = local.get(&code.value().id());
        let of_tool = |tool: usize| self.global.get()[tool] | local.map_or(0, |sets| sets[tool]);
        (0..N_TOOLS).fold(0, |all, tool| all | of_tool(tool))
    }
}

/// Whether any tool wants an event in this code.
pub fn wants(cx: &mut Cx, code: Gc<Code>, event: Monitored) -> bool {
    if !cx.vm().monitored.get() || cx.trace_event.get() != 0 {
        return false;
    }
    let needed = match event {
        Monitored::CReturn | Monitored::CRaise => Monitored::Call,
        event => event,
    };
    match state(cx) {
        Ok(state) => state.wanted(code) & needed.bit() != 0,
        Err(raised) => {
            cx.take_raised(raised);
            false
        }
    }
}

/// Call the tools' callbacks with the code object and `arguments`.
pub fn send(cx: &mut Cx, frame: FrameRef, unit: usize, event: Monitored, arguments: &[Value]) -> PyResult<()> {
    let code = frame.code();
    if !wants(cx, code, event) {
        return Ok(());
    }
    let state = state(cx)?;
    let asked = match event {
        Monitored::CReturn | Monitored::CRaise => Monitored::Call,
        event => event,
    };
    for tool in (0..N_TOOLS).rev() {
        let events = state.global_events(tool) | state.local_events(tool, code);
        let place = (code.value().id(), unit, tool, event);
        if events & asked.bit() == 0 || state.disabled.borrow().contains(&place) {
            continue;
        }
        let at = Monitoring::place(tool, event as usize);
        let Some(callback) = state.callbacks.get(at).bound() else { continue };
        let mut values = [code.value(); 4];
        values[1..=arguments.len()].copy_from_slice(arguments);
        let outer = cx.trace_event.replace(running(event));
        let result = call(cx, callback, &values[..=arguments.len()]);
        cx.trace_event.set(outer);
        if !result?.is(state.disable_marker()) {
            continue;
        }
        if !event.is_local() {
            state.callbacks.set(at, Value::UNBOUND);
            let name = NAMES[event as usize];
            return Err(value_error(cx, format_args!("Cannot disable {name} events. Callback removed.")));
        }
        state.disabled.borrow_mut().insert(place);
    }
    Ok(())
}

/// As [`send`], with the instruction's offset in front of the arguments.
pub fn send_at(cx: &mut Cx, frame: FrameRef, unit: usize, event: Monitored, arguments: &[Value]) -> PyResult<()> {
    let mut values = [offset(unit); 3];
    values[1..=arguments.len()].copy_from_slice(arguments);
    send(cx, frame, unit, event, &values[..=arguments.len()])
}

/// The byte offset of a unit.
pub fn offset(unit: usize) -> Value {
    Int::from_len(unit * 2).value()
}
