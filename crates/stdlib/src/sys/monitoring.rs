//! The module `sys.monitoring` (PEP 669) over `runtime::tracing::monitor`.

use crate::support::namespace;
use macros::native_module;
use runtime::prelude::*;
use runtime::tracing::monitor::{self, LOCAL_EVENTS, Monitored, N_TOOLS, NAMES};

/// The bits that are events.
const ALL_EVENTS: i64 = (1 << NAMES.len()) - 1;

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
    match usize::try_from(tool) {
        Ok(i) if i < N_TOOLS => Ok(i),
        _ => Err(value_error(cx, format_args!("invalid tool {tool} (must be between 0 and 5)"))),
    }
}

fn check_in_use(cx: &mut Cx, tool: i64) -> PyResult<usize> {
    let i = check_tool(cx, tool)?;
    if tools(cx).0.get(i).is_unbound() {
        return Err(value_error(cx, format_args!("tool {tool} is not in use")));
    }
    Ok(i)
}

/// An event set as it is kept: both directions of a branch for `BRANCH`, and without what goes with `CALL`.
fn event_set(cx: &mut Cx, events: i64) -> PyResult<u32> {
    if !(0..=ALL_EVENTS).contains(&events) {
        return Err(value_error(cx, format_args!("invalid event set 0x{events:x}")));
    }
    let mut set = events as u32;
    let with_call = Monitored::CReturn.bit() | Monitored::CRaise.bit();
    if set & with_call != 0 && set & Monitored::Call.bit() == 0 {
        return Err(value_error(cx, "cannot set C_RETURN or C_RAISE events independently"));
    }
    set &= !with_call;
    if set & Monitored::Branch.bit() != 0 {
        set &= !Monitored::Branch.bit();
        set |= Monitored::BranchLeft.bit() | Monitored::BranchRight.bit();
    }
    Ok(set)
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
        let i = check_tool(cx, tool_id)?;
        let state = monitor::state(cx)?;
        state.clear(cx, i);
        Ok(())
    }

    /// Give a tool number back.
    #[function("free_tool_id(tool_id, /)")]
    fn free_tool_id(cx: &mut Cx, tool_id: i64) -> PyResult<()> {
        let i = check_tool(cx, tool_id)?;
        let state = monitor::state(cx)?;
        state.clear(cx, i);
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
    fn register_callback(cx: &mut Cx, tool_id: i64, event: i64, func: Value) -> PyResult {
        let i = check_tool(cx, tool_id)?;
        if event.count_ones() != 1 {
            return Err(value_error(cx, "The callback can only be set for one event at a time"));
        }
        if !(1..=ALL_EVENTS).contains(&event) {
            return Err(value_error(cx, format_args!("invalid event {event}")));
        }
        let state = monitor::state(cx)?;
        let callback = if func.is_none() { Value::UNBOUND } else { func };
        Ok(state.register(i, event.trailing_zeros() as usize, callback).bound().unwrap_or(Value::NONE))
    }

    /// The events that are on for a tool.
    #[function("get_events(tool_id, /)")]
    fn get_events(cx: &mut Cx, tool_id: i64) -> PyResult<i64> {
        let i = check_tool(cx, tool_id)?;
        Ok(monitor::state(cx)?.global_events(i).into())
    }

    /// Turn events on or off for a tool.
    #[function("set_events(tool_id, event_set, /)")]
    fn set_events(cx: &mut Cx, tool_id: i64, event_set: i64) -> PyResult<()> {
        let i = check_tool(cx, tool_id)?;
        let set = super::event_set(cx, event_set)?;
        check_in_use(cx, tool_id)?;
        let state = monitor::state(cx)?;
        state.set_global(cx, i, set);
        Ok(())
    }

    /// The events that are on for a tool in a code object.
    #[function("get_local_events(tool_id, code, /)")]
    fn get_local_events(cx: &mut Cx, tool_id: i64, code: Value) -> PyResult<i64> {
        let code = code_object(cx, code)?;
        let i = check_tool(cx, tool_id)?;
        Ok(monitor::state(cx)?.local_events(i, code).into())
    }

    /// Turn events on or off for a tool in a code object.
    #[function("set_local_events(tool_id, code, event_set, /)")]
    fn set_local_events(cx: &mut Cx, tool_id: i64, code: Value, event_set: i64) -> PyResult<()> {
        let code = code_object(cx, code)?;
        let i = check_tool(cx, tool_id)?;
        let set = super::event_set(cx, event_set)?;
        if set & !LOCAL_EVENTS != 0 {
            return Err(value_error(cx, format_args!("invalid local event set 0x{event_set:x}")));
        }
        check_in_use(cx, tool_id)?;
        let state = monitor::state(cx)?;
        state.set_local(cx, i, code, set);
        Ok(())
    }

    /// Send events again that callbacks had disabled.
    #[function("restart_events()")]
    fn restart_events(cx: &mut Cx) -> PyResult<()> {
        monitor::state(cx)?.restart();
        Ok(())
    }

    /// The events that are on, each with a set of tools.
    #[function("_all_events()")]
    fn all_events(cx: &mut Cx) -> PyResult<Gc<Dict>> {
        let state = monitor::state(cx)?;
        let all = Dict::new(&mut cx.heap);
        for (event, name) in NAMES.iter().enumerate() {
            let of_tool = |tool: usize| (state.global_events(tool) >> event & 1) << tool;
            let tools = (0..N_TOOLS).fold(0, |set, tool| set | of_tool(tool));
            if tools != 0 {
                let name = cx.heap.intern(name);
                all.set_str(&mut cx.heap, name, Int::from_len(tools as usize).value()).or_raise(cx)?;
            }
        }
        Ok(all)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let mut events = [("NO_EVENTS", Int::from_len(0).value()); NAMES.len() + 1];
        for (i, name) in NAMES.into_iter().enumerate() {
            events[i] = (name, Int::from_len(1 << i).value());
        }
        let events = namespace(cx, &events)?;
        set_module_attr(cx, module, "events", events)?;
        for (name, tool) in [("DEBUGGER_ID", 0), ("COVERAGE_ID", 1), ("PROFILER_ID", 2), ("OPTIMIZER_ID", 5)] {
            set_module_attr(cx, module, name, Int::from_len(tool))?;
        }
        let state = monitor::state(cx)?;
        set_module_attr(cx, module, "DISABLE", state.disable_marker())?;
        set_module_attr(cx, module, "MISSING", state.missing_marker())
    }
}

fn code_object(cx: &mut Cx, value: Value) -> PyResult<Gc<Code>> {
    match value.cast::<Code>() {
        Some(code) => Ok(code),
        None => Err(type_error(cx, "code must be a code object")),
    }
}
