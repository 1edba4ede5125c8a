//! `atexit`: functions to call when the program ends. Start-up's `finish` calls [`run_functions`].

use runtime::prelude::*;
use runtime::safepoint::write_unraisable;

/// Per registration: the function, a tuple of argument values, and a tuple of keyword names or unbound.
struct Registered(RootVec);

/// Values of one registration.
const STRIDE: usize = 3;

fn registered(cx: &Cx) -> std::rc::Rc<Registered> {
    let vm = cx.vm();
    vm.extension(|| Registered(vm.root_vec()))
}

/// Call the registered functions, last in first out, and forget them. Exceptions go to `sys.unraisablehook`.
pub fn run_functions(cx: &mut Cx) {
    let registered = registered(cx);
    let copy = cx.vm().root_vec();
    registered.0.iter().for_each(|value| copy.push(value));
    for i in (0..copy.len() / STRIDE).rev() {
        let function = copy.get(i * STRIDE);
        let (Some(values), names) = (copy.get(i * STRIDE + 1).cast::<Tuple>(), copy.get(i * STRIDE + 2)) else {
            continue;
        };
        let args = Args::new(values.as_slice(), names.cast::<Tuple>());
        if let Err(raised) = call_args(cx, function, args) {
            let exception = cx.take_raised(raised);
            let shown = match repr_of(cx, function) {
                Ok(text) => text.to_string(),
                Err(raised) => {
                    cx.take_raised(raised);
                    "<unprintable>".to_owned()
                }
            };
            let message = format!("Exception ignored in atexit callback {shown}");
            write_unraisable(cx, exception, &message, Value::NONE);
        }
    }
    registered.0.truncate(0);
}

#[native_module(
    name = "atexit",
    doc = "allow programmer to define multiple exit functions to be executed\n\
           upon normal program termination.\n\nTwo public functions, register and unregister, are defined.\n"
)]
pub mod module {
    use super::*;

    /// Register a function to be executed upon normal program termination
    ///
    ///     func - function to be called at exit
    ///     args - optional arguments to pass to func
    ///     kwargs - optional keyword arguments to pass to func
    ///
    ///     func is returned to facilitate usage as a decorator.
    #[function(raw, "register(func, /, *args, **kwargs)")]
    fn register(cx: &mut Cx, args: Args<'_>) -> PyResult {
        let Some(&function) = args.positional().first() else {
            return Err(type_error(cx, "register() takes at least 1 argument (0 given)"));
        };
        if !runtime::functions::is_callable(cx, function) {
            return Err(type_error(cx, "the first argument must be callable"));
        }
        let rest = args.without_first();
        let values = Tuple::new(&mut cx.heap, rest.values()).or_raise(cx)?;
        let registered = registered(cx);
        registered.0.push(function);
        registered.0.push(values);
        registered.0.push(rest.kwnames().map_or(Value::UNBOUND, Gc::value));
        Ok(function)
    }

    /// Unregister an exit function which was previously registered using
    /// atexit.register
    ///
    ///     func - function to be unregistered
    #[function("unregister(func, /)")]
    fn unregister(cx: &mut Cx, func: Value) -> PyResult<()> {
        let registered = registered(cx);
        let mut i = registered.0.len() / STRIDE;
        while i > 0 {
            i -= 1;
            // The comparison may change the list.
            if (i + 1) * STRIDE > registered.0.len() {
                continue;
            }
            let function = registered.0.get(i * STRIDE);
            if equals(cx, function, func)? {
                let still = (i + 1) * STRIDE <= registered.0.len() && registered.0.get(i * STRIDE).is(function);
                if still {
                    (0..STRIDE).for_each(|_| _ = registered.0.remove(i * STRIDE));
                }
            }
        }
        Ok(())
    }

    /// Clear the list of previously registered exit functions.
    #[function("_clear()")]
    fn clear(cx: &mut Cx) {
        registered(cx).0.truncate(0);
    }

    /// Return the number of registered exit functions.
    #[function("_ncallbacks()")]
    fn n_callbacks(cx: &mut Cx) -> usize {
        registered(cx).0.len() / STRIDE
    }

    /// Run all registered exit functions.
    ///
    /// If a callback raises an exception, it is logged with sys.unraisablehook.
    #[function("_run_exitfuncs()")]
    fn run_exit_functions(cx: &mut Cx) {
        run_functions(cx);
    }
}
