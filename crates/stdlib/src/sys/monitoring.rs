//! `sys.monitoring` (PEP 669): the tools and the names of the events.
//!
//! The interpreter sends no events yet: asking for some raises NotImplementedError, so that no tool believes that it is
//! called.

use crate::support::namespace;
use macros::native_module;
use runtime::prelude::*;

const EVENTS: [(&str, i64); 20] = [
    ("PY_START", 1),
    ("PY_RESUME", 1 << 1),
    ("PY_RETURN", 1 << 2),
    ("PY_YIELD", 1 << 3),
    ("CALL", 1 << 4),
    ("LINE", 1 << 5),
    ("INSTRUCTION", 1 << 6),
    ("JUMP", 1 << 7),
    ("BRANCH_LEFT", 1 << 8),
    ("BRANCH_RIGHT", 1 << 9),
    ("STOP_ITERATION", 1 << 10),
    ("RAISE", 1 << 11),
    ("EXCEPTION_HANDLED", 1 << 12),
    ("PY_UNWIND", 1 << 13),
    ("PY_THROW", 1 << 14),
    ("RERAISE", 1 << 15),
    ("C_RETURN", 1 << 16),
    ("C_RAISE", 1 << 17),
    ("BRANCH", 1 << 18),
    ("NO_EVENTS", 0),
];
const N_TOOLS: i64 = 6;
const ALL_EVENTS: i64 = (1 << 19) - 1;

/// The names of the tools by their number; unbound = free.
struct Tools(RootVec);

fn tools(cx: &Cx) -> std::rc::Rc<Tools> {
    let vm = cx.vm();
    vm.extension(|| {
        let names = vm.root_vec();
        (0..N_TOOLS).for_each(|_| names.push(Value::UNBOUND));
        Tools(names)
    })
}

fn check_tool(cx: &mut Cx, tool: i64) -> PyResult<usize> {
    if (0..N_TOOLS).contains(&tool) {
        return Ok(tool as usize);
    }
    Err(value_error(cx, format_args!("invalid tool {tool} (must be between 0 and 5)")))
}

fn check_in_use(cx: &mut Cx, tool: i64) -> PyResult<usize> {
    let i = check_tool(cx, tool)?;
    if tools(cx).0.get(i).is_unbound() {
        return Err(value_error(cx, format_args!("tool {tool} is not in use")));
    }
    Ok(i)
}

fn check_events(cx: &mut Cx, events: i64) -> PyResult<()> {
    if !(0..=ALL_EVENTS).contains(&events) {
        return Err(value_error(cx, format_args!("invalid event set {events:#x}")));
    }
    if events != 0 {
        return Err(not_implemented_error(cx, "sys.monitoring sends no events yet"));
    }
    Ok(())
}

#[native_module(name = "sys.monitoring", doc = "")]
pub mod module {
    use super::*;

    /// Take a tool number for the tool of this name.
    #[function("use_tool_id(tool_id, name, /)")]
    fn use_tool_id(cx: &mut Cx, tool_id: i64, name: Value) -> PyResult<()> {
        let i = check_tool(cx, tool_id)?;
        if name.downcast::<Str>().is_none() {
            return Err(value_error(cx, "tool name must be a str"));
        }
        let tools = tools(cx);
        if tools.0.get(i).is_bound() {
            return Err(value_error(cx, format_args!("tool {tool_id} is already in use")));
        }
        tools.0.set(i, name);
        Ok(())
    }

    /// Forget the callbacks and events of a tool.
    #[function("clear_tool_id(tool_id, /)")]
    fn clear_tool_id(cx: &mut Cx, tool_id: i64) -> PyResult<()> {
        check_tool(cx, tool_id).map(|_| ())
    }

    /// Give a tool number back.
    #[function("free_tool_id(tool_id, /)")]
    fn free_tool_id(cx: &mut Cx, tool_id: i64) -> PyResult<()> {
        let i = check_tool(cx, tool_id)?;
        tools(cx).0.set(i, Value::UNBOUND);
        Ok(())
    }

    /// The name of the tool with this number, or None.
    #[function("get_tool(tool_id, /)")]
    fn get_tool(cx: &mut Cx, tool_id: i64) -> PyResult {
        let i = check_tool(cx, tool_id)?;
        Ok(tools(cx).0.get(i).bound().unwrap_or(Value::NONE))
    }

    /// Set the function to be called for an event, or None.
    #[function("register_callback(tool_id, event, func, /)")]
    fn register_callback(cx: &mut Cx, tool_id: i64, event: i64, func: Value) -> PyResult<()> {
        check_tool(cx, tool_id)?;
        if event.count_ones() != 1 {
            return Err(value_error(cx, "The callback can only be set for one event at a time"));
        }
        if event > ALL_EVENTS {
            return Err(value_error(cx, format_args!("invalid event {event}")));
        }
        if func.is_none() { Ok(()) } else { check_events(cx, event) }
    }

    /// The events that are on for a tool.
    #[function("get_events(tool_id, /)")]
    fn get_events(cx: &mut Cx, tool_id: i64) -> PyResult<i64> {
        check_in_use(cx, tool_id).map(|_| 0)
    }

    /// Turn events on or off for a tool.
    #[function("set_events(tool_id, event_set, /)")]
    fn set_events(cx: &mut Cx, tool_id: i64, event_set: i64) -> PyResult<()> {
        check_in_use(cx, tool_id)?;
        check_events(cx, event_set)
    }

    /// The events that are on for a tool in a code object.
    #[function("get_local_events(tool_id, code, /)")]
    fn get_local_events(cx: &mut Cx, tool_id: i64, _code: Gc<Code>) -> PyResult<i64> {
        check_in_use(cx, tool_id).map(|_| 0)
    }

    /// Turn events on or off for a tool in a code object.
    #[function("set_local_events(tool_id, code, event_set, /)")]
    fn set_local_events(cx: &mut Cx, tool_id: i64, _code: Gc<Code>, event_set: i64) -> PyResult<()> {
        check_in_use(cx, tool_id)?;
        check_events(cx, event_set)
    }

    /// Send events again that callbacks had disabled.
    #[function("restart_events()")]
    fn restart_events() {}

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let events = EVENTS.map(|(name, bit)| (name, Int::new(bit).expect("a small number").value()));
        let events = namespace(cx, &events)?;
        set_module_attr(cx, module, "events", events)?;
        for (name, tool) in [("DEBUGGER_ID", 0), ("COVERAGE_ID", 1), ("PROFILER_ID", 2), ("OPTIMIZER_ID", 5)] {
            set_module_attr(cx, module, name, Int::from_len(tool))?;
        }
        let object = cx.types().object.value();
        for name in ["DISABLE", "MISSING"] {
            let marker = call(cx, object, &[])?;
            set_module_attr(cx, module, name, marker)?;
        }
        Ok(())
    }
}
