//! Running code objects: `exec`, `eval`, and the main program.

use crate::error::*;
use object::*;

/// Run `code` with these globals; `locals` is a mapping (the globals again for a module).
pub fn run_code(cx: &mut Cx, code: Gc<Code>, globals: Gc<Dict>, locals: Value, closure: Option<Gc<Tuple>>) -> PyResult {
    if !cx.has_native_stack() {
        return Err(crate::call::native_recursion(cx));
    }
    let builtins = builtins_of(cx, globals);
    let module = globals.get_str(cx.names().__name__).unwrap_or(Value::NONE);
    let function = cx.heap.function(code, globals, builtins, module);
    if let Some(closure) = closure {
        function.closure.set(function, closure);
    }
    let frame = crate::call::push_frame(cx, function, code, FrameOwner::Entry)?;
    frame.namespace.set(locals);
    cx.run_frame(frame)
}

/// The builtins that code with these globals sees: what the globals name, or else those of the running code.
pub fn builtins_of(cx: &mut Cx, globals: Gc<Dict>) -> Gc<Dict> {
    let own = match globals.get_str(cx.names().__builtins__) {
        Some(value) => match value.cast::<Module>() {
            Some(module) => module.dict.get(),
            None => value.cast::<Dict>(),
        },
        None => None,
    };
    let inherited = || cx.frame().map(|frame| frame.builtins.get()).or_else(|| cx.vm().builtins.get());
    own.or_else(inherited).expect("the builtins exist since start-up")
}

/// The globals of the innermost Python frame.
pub fn current_globals(cx: &Cx) -> Option<Gc<Dict>> {
    cx.frame().map(|frame| frame.globals.get())
}

/// What `locals()` gives in the innermost Python frame: a snapshot in a function, the namespace itself elsewhere.
pub fn current_locals(cx: &mut Cx) -> PyResult {
    let Some(frame) = cx.frame() else { return Err(system_error(cx, "frame does not exist")) };
    crate::types::frame::locals_of(cx, frame)
}
