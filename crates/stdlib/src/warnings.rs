//! The module `_warnings`: `warn`, `warn_explicit`, the filters, and the hook by which native code warns.

use macros::native_module;
use runtime::import::{get_module, import_module, sys_attr};
use runtime::native::set_module_attr;
use runtime::prelude::*;
use std::cell::Cell;

/// `filters`, `_defaultaction`, `_onceregistry` until module `warnings` has its own.
struct State {
    values: RootVec,
    version: Cell<i64>,
}

fn state(cx: &Cx) -> std::rc::Rc<State> {
    let vm = cx.vm();
    vm.extension(|| State { values: vm.root_vec(), version: Cell::new(0) })
}

/// Attribute `name` of module `warnings`, when that is imported.
fn warnings_attr(cx: &mut Cx, name: &str) -> PyResult<Option<Value>> {
    let module = cx.heap.intern("warnings");
    match get_module(cx, module)? {
        Some(module) if !module.is_none() => {
            let name = cx.heap.intern(name);
            get_attr_opt(cx, module, name)
        }
        _ => Ok(None),
    }
}

fn setting(cx: &mut Cx, name: &str, index: usize) -> PyResult {
    Ok(match warnings_attr(cx, name)? {
        Some(value) => value,
        None => state(cx).values.get(index),
    })
}

fn default_filters(cx: &mut Cx) -> PyResult<Gc<List>> {
    let list = List::empty(&mut cx.heap);
    let types = cx.types();
    let main = cx.heap.str("__main__");
    let entries = [
        ("default", types.DeprecationWarning, main),
        ("ignore", types.DeprecationWarning, Value::NONE),
        ("ignore", types.PendingDeprecationWarning, Value::NONE),
        ("ignore", types.ImportWarning, Value::NONE),
        ("ignore", types.ResourceWarning, Value::NONE),
    ];
    for (action, category, module) in entries {
        let action = cx.heap.intern(action).value();
        let entry = [action, Value::NONE, category.value(), module, Int::ZERO.value()];
        let entry = cx.heap.tuple(&entry);
        list.push(&mut cx.heap, entry.value()).or_raise(cx)?;
    }
    Ok(list)
}

/// Whether a filter's pattern (None, a string, or a compiled regular expression) matches.
fn matches(cx: &mut Cx, pattern: Value, text: Value) -> PyResult<bool> {
    if pattern.is_none() {
        return Ok(true);
    }
    if let Some(pattern) = pattern.downcast::<Str>() {
        return Ok(text.downcast::<Str>().is_some_and(|t| t.equals(&pattern)));
    }
    let name = cx.heap.intern("match");
    let found = call_method(cx, pattern, name, &[text])?;
    is_true(cx, found)
}

/// What the filters say of a warning: the action, and the filter (unbound for the default action).
fn action(cx: &mut Cx, category: Value, text: Value, line: i64, module: Value) -> PyResult<(Gc<Str>, Value)> {
    let filters = setting(cx, "filters", 0)?;
    let Some(list) = filters.downcast::<List>() else {
        return Err(value_error(cx, "_warnings.filters must be a list"));
    };
    let mut i = 0;
    while let Some(entry) = list.get(i) {
        i += 1;
        let Some(filter) = entry.downcast::<Tuple>().filter(|t| t.len() == 5) else {
            return Err(value_error(cx, format!("warnings.filters item {} isn't a 5-tuple", i - 1)));
        };
        let Some(name) = filter.get(0).downcast::<Str>() else {
            let class = type_name(cx, filter.get(0));
            return Err(type_error(cx, format!("action must be a string, not '{class}'")));
        };
        if !matches(cx, filter.get(1), text)? {
            continue;
        }
        let is_kind = match (category.cast::<Class>(), filter.get(2).cast::<Class>()) {
            (Some(category), Some(wanted)) => category.is_subclass_of(wanted),
            _ => false,
        };
        let wanted_line = runtime::number::as_i64(cx, filter.get(4))?;
        if is_kind && (wanted_line == 0 || wanted_line == line) && matches(cx, filter.get(3), module)? {
            return Ok((name, entry));
        }
    }
    let default = setting(cx, "defaultaction", 1)?;
    match default.downcast::<Str>() {
        Some(default) => Ok((default, Value::UNBOUND)),
        None => {
            let class = type_name(cx, default);
            Err(type_error(cx, format!("_warnings.defaultaction must be a string, not '{class}'")))
        }
    }
}

/// Whether `key` was warned about; it is from now on, when `set`.
fn already_warned(cx: &mut Cx, registry: Value, key: Value, set: bool) -> PyResult<bool> {
    let Some(registry) = registry.downcast::<Dict>() else { return Ok(false) };
    let version_key = cx.heap.intern("version");
    let version = state(cx).version.get();
    let current = registry.get_str(version_key).and_then(|v| v.as_small_or_bool());
    if current != Some(version) {
        registry.clear();
        let version = BigInt::from_i64(&mut cx.heap, version);
        registry.set_str(&mut cx.heap, version_key, version).or_raise(cx)?;
    } else if let Some(seen) = runtime::dict::get(cx, registry, key)?
        && is_true(cx, seen)?
    {
        return Ok(true);
    }
    if set {
        runtime::dict::set(cx, registry, key, Value::TRUE)?;
    }
    Ok(false)
}

/// What `warn_explicit` needs.
struct Warning {
    category: Value,
    message: Value,
    filename: Value,
    line: i64,
    module: Value,
    registry: Value,
    source_line: Value,
    source: Value,
}

fn normalized_module(cx: &mut Cx, filename: Value) -> PyResult {
    let Some(name) = filename.downcast::<Str>() else { return Ok(cx.heap.str("<unknown>")) };
    if name.is_empty() {
        return Ok(cx.heap.str("<unknown>"));
    }
    let text = name.to_string();
    match text.strip_suffix(".py") {
        Some(stem) => Ok(cx.heap.str(stem)),
        None => Ok(name.value()),
    }
}

/// A line of a module's source, as its loader knows it; None without such a loader.
fn line_by_loader(cx: &mut Cx, globals: Gc<Dict>, line: i64) -> PyResult {
    let Some(mut name) = globals.get_str(cx.names().__name__) else { return Ok(Value::NONE) };
    let is_main = name.downcast::<Str>().is_some_and(|name| name.eq_str("__main__"));
    let key = cx.heap.intern("__spec__");
    let spec = globals.get_str(key).filter(|spec| !spec.is_none());
    let loader = if is_main && spec.is_none() {
        // A program has no spec, unless it was started as a module.
        globals.get_str(cx.names().__loader__).unwrap_or(Value::NONE)
    } else {
        let bless = runtime::import::import_attr(cx, "_frozen_importlib_external", "_bless_my_loader")?;
        call(cx, bless, &[globals.value()])?
    };
    if let Some(spec) = spec.filter(|_| is_main) {
        let attribute = cx.heap.intern("name");
        name = get_attr_opt(cx, spec, attribute)?.unwrap_or(name);
    }
    let get_source = cx.heap.intern("get_source");
    let Some(get_source) = get_attr_opt(cx, loader, get_source)? else { return Ok(Value::NONE) };
    let source = call(cx, get_source, &[name])?;
    if source.is_none() {
        return Ok(Value::NONE);
    }
    let Some(source) = source.downcast::<Str>() else {
        let name = type_name(cx, source);
        return Err(type_error(cx, format_args!("must be str, not {name}")));
    };
    let split = cx.heap.intern("splitlines");
    let lines = call_method(cx, source.value(), split, &[])?;
    let index = usize::try_from(line - 1).unwrap_or(usize::MAX);
    Ok(lines.cast::<List>().and_then(|lines| lines.get(index)).unwrap_or(Value::NONE))
}

fn warn_at(cx: &mut Cx, warning: Warning) -> PyResult<()> {
    let Warning { category, message, filename, line, module, registry, .. } = warning;
    if module.is_none() {
        // As at interpreter shutdown: nothing to say it about.
        if filename.is_none() {
            return Ok(());
        }
    }
    let module = if module.is_none() { normalized_module(cx, filename)? } else { module };
    let is_warning = cx.is_instance(message, cx.types().Warning);
    let (text, category, message) = if is_warning {
        (str_of(cx, message)?.value(), cx.class_of(message).value(), message)
    } else {
        (message, category, call(cx, category, &[message])?)
    };
    let line_value = BigInt::from_i64(&mut cx.heap, line);
    let key = cx.heap.tuple(&[text, category, line_value]).value();
    if !registry.is_none() && already_warned(cx, registry, key, false)? {
        return Ok(());
    }
    let (action, filter) = action(cx, category, text, line, module)?;
    match action.as_ascii() {
        Some("error") => return Err(raise_object(cx, message)),
        Some("ignore") => return Ok(()),
        Some("always" | "all") => {}
        Some("once") => {
            let once = setting(cx, "onceregistry", 2)?;
            let short = cx.heap.tuple(&[text, category]).value();
            if already_warned_once(cx, once, short)? {
                return Ok(());
            }
        }
        Some("module") => {
            let short = cx.heap.tuple(&[text, category, Int::ZERO.value()]).value();
            if !registry.is_none() && already_warned(cx, registry, short, true)? {
                return Ok(());
            }
        }
        Some("default") => {
            if !registry.is_none() && already_warned(cx, registry, key, true)? {
                return Ok(());
            }
        }
        _ => {
            let shown = repr_of(cx, action.value())?;
            let filter = if filter.is_bound() { filter } else { Value::NONE };
            let filter = repr_of(cx, filter)?;
            let class = cx.types().RuntimeError;
            return Err(raise_class(
                cx,
                class,
                format!("Unrecognized action ({shown}) in warnings.filters:\n {filter}"),
            ));
        }
    }
    show(cx, &Warning { category, message, module, ..warning }, text)
}

fn already_warned_once(cx: &mut Cx, registry: Value, key: Value) -> PyResult<bool> {
    let Some(dict) = registry.downcast::<Dict>() else { return Ok(false) };
    if runtime::dict::contains(cx, dict, key)? {
        return Ok(true);
    }
    runtime::dict::set(cx, dict, key, Value::TRUE)?;
    Ok(false)
}

/// Show a warning: through `warnings._showwarnmsg` when that module is there, else on `sys.stderr`.
fn show(cx: &mut Cx, warning: &Warning, text: Value) -> PyResult<()> {
    let mut shower = warnings_attr(cx, "_showwarnmsg")?;
    if shower.is_none() && !warning.source.is_none() {
        import_module(cx, "warnings")?;
        shower = warnings_attr(cx, "_showwarnmsg")?;
    }
    let line = BigInt::from_i64(&mut cx.heap, warning.line);
    let Some(shower) = shower else { return show_plain(cx, warning, text) };
    let Some(class) = warnings_attr(cx, "WarningMessage")? else {
        return Err(runtime_error(cx, "unable to get warnings.WarningMessage"));
    };
    let none = Value::NONE;
    let arguments =
        [warning.message, warning.category, warning.filename, line, none, warning.source_line, warning.source];
    let message = call(cx, class, &arguments)?;
    call(cx, shower, &[message]).map(drop)
}

fn show_plain(cx: &mut Cx, warning: &Warning, text: Value) -> PyResult<()> {
    let Some(stderr) = sys_attr(cx, "stderr").filter(|f| !f.is_none()) else { return Ok(()) };
    let filename = str_of(cx, warning.filename)?;
    let category = warning.category.cast::<Class>().map(|c| c.display_name()).unwrap_or_default();
    let text = str_of(cx, text)?;
    let mut shown = format!("{filename}:{}: {category}: {text}\n", warning.line);
    let line = match warning.source_line.downcast::<Str>() {
        Some(line) => Some(line.to_string()),
        None => source_line(&filename.to_string(), warning.line),
    };
    if let Some(line) = line {
        shown.push_str(&format!("  {}\n", line.trim()));
    }
    let shown = cx.heap.str(&shown);
    let write = cx.names().write;
    if let Err(raised) = call_method(cx, stderr, write, &[shown]) {
        cx.take_raised(raised);
    }
    Ok(())
}

fn source_line(filename: &str, line: i64) -> Option<String> {
    let text = std::fs::read_to_string(filename).ok()?;
    let line = text.lines().nth(usize::try_from(line).ok()?.checked_sub(1)?)?;
    (!line.trim().is_empty()).then(|| line.to_owned())
}

/// Whether a frame belongs to the import system and does not count as a stack level.
fn is_internal(frame: FrameRef) -> bool {
    let Some(name) = frame.code().filename.get().downcast::<Str>() else { return false };
    let name = name.to_string();
    name.contains("importlib") && name.contains("_bootstrap")
}

fn skips(frame: FrameRef, prefixes: &[String]) -> bool {
    let Some(name) = frame.code().filename.get().downcast::<Str>() else { return false };
    let name = name.to_string();
    prefixes.iter().any(|prefix| name.starts_with(prefix.as_str()))
}

/// The frame that a warning is about, by stack level.
fn frame_at(cx: &Cx, level: i64, prefixes: &[String]) -> Option<FrameRef> {
    let mut frame = cx.frame();
    let outer = |mut frame: Option<FrameRef>| loop {
        frame = frame?.previous.get();
        if frame.is_none_or(|f| !is_internal(f) && !skips(f, prefixes)) {
            return frame;
        }
    };
    if level <= 0 || frame.is_some_and(is_internal) {
        for _ in 1..level.max(1) {
            frame = frame?.previous.get();
        }
    } else {
        for _ in 1..level {
            frame = outer(frame);
        }
    }
    frame
}

/// `warn`: the place is where the caller `level` frames up is.
fn warn(cx: &mut Cx, category: Value, message: Value, level: i64, source: Value, prefixes: &[String]) -> PyResult<()> {
    let level = if prefixes.is_empty() { level } else { level.max(2) };
    let frame = frame_at(cx, level, prefixes);
    let names = cx.names();
    let (globals, filename, line) = match frame {
        Some(frame) => {
            let code = frame.code();
            let object = object::frame::frame_object(cx, frame);
            let lineno = cx.heap.intern("f_lineno");
            let line = get_attr(cx, object.value(), lineno)?.as_small_or_bool().unwrap_or(0);
            (Some(frame.globals.get()), code.filename.get(), line)
        }
        None => {
            let sys = cx.vm().sys_module.get().cast::<Module>().and_then(|m| m.dict.get());
            (sys, cx.heap.str("<sys>"), 0)
        }
    };
    let Some(globals) = globals else { return Ok(()) };
    let registry = match globals.get_str(names.__warningregistry__) {
        Some(registry) => registry,
        None => {
            let registry = Dict::new(&mut cx.heap);
            globals.set_str(&mut cx.heap, names.__warningregistry__, registry.value()).or_raise(cx)?;
            registry.value()
        }
    };
    let module = match globals.get_str(names.__name__) {
        Some(name) if name.is_none() || name.downcast::<Str>().is_some() => name,
        _ => cx.heap.str("<string>"),
    };
    warn_at(cx, Warning { category, message, filename, line, module, registry, source_line: Value::NONE, source })
}

fn warn_hook(cx: &mut Cx, category: Gc<Class>, message: Value, level: i64) -> PyResult<()> {
    warn(cx, category.value(), message, level, Value::NONE, &[])
}

fn explicit_hook(
    cx: &mut Cx,
    category: Gc<Class>,
    message: Value,
    filename: Value,
    line: i64,
    module: Value,
    registry: Value,
) -> PyResult<()> {
    let (source_line, source) = (Value::NONE, Value::NONE);
    let category = category.value();
    warn_at(cx, Warning { category, message, filename, line, module, registry, source_line, source })
}

#[native_module(
    name = "_warnings",
    doc = "_warnings provides basic warning filtering support.\nIt is a helper module to speed up interpreter start-up."
)]
pub mod module {
    use super::*;

    fn category_of(cx: &mut Cx, message: Value, category: Value) -> PyResult {
        if cx.is_instance(message, cx.types().Warning) {
            return Ok(cx.class_of(message).value());
        }
        if category.is_none() {
            return Ok(cx.types().UserWarning.value());
        }
        match category.cast::<Class>() {
            Some(class) if class.is_subclass_of(cx.types().Warning) => Ok(category),
            _ => {
                let name = type_name(cx, category);
                Err(type_error(cx, format!("category must be a Warning subclass, not '{name}'")))
            }
        }
    }

    /// Issue a warning, or maybe ignore it or raise an exception.
    #[function("warn(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=())")]
    fn warn(
        cx: &mut Cx,
        message: Value,
        category: Value,
        stacklevel: i64,
        source: Value,
        skip_file_prefixes: Gc<Tuple>,
    ) -> PyResult<()> {
        let mut prefixes = Vec::new();
        for prefix in skip_file_prefixes.iter() {
            match prefix.downcast::<Str>() {
                Some(prefix) => prefixes.push(prefix.to_string()),
                None => {
                    let name = type_name(cx, prefix);
                    return Err(type_error(cx, format!("Found non-str '{name}' in skip_file_prefixes.")));
                }
            }
        }
        let category = category_of(cx, message, category)?;
        super::warn(cx, category, message, stacklevel, source, &prefixes)
    }

    /// Issue a warning, or maybe ignore it or raise an exception.
    #[function(
        "warn_explicit(message, category, filename, lineno, module=<unrepresentable>, registry=None, module_globals=None, source=None)"
    )]
    fn warn_explicit(
        cx: &mut Cx,
        message: Value,
        category: Value,
        filename: Value,
        lineno: i64,
        module: Option<Value>,
        registry: Value,
        module_globals: Value,
        source: Value,
    ) -> PyResult<()> {
        let source_line = match module_globals.cast::<Dict>() {
            Some(globals) => line_by_loader(cx, globals, lineno)?,
            None if module_globals.is_none() => Value::NONE,
            None => {
                let name = type_name(cx, module_globals);
                return Err(type_error(cx, format_args!("module_globals must be a dict, not '{name}'")));
            }
        };
        let category = category_of(cx, message, category)?;
        if !registry.is_none() && registry.downcast::<Dict>().is_none() {
            let name = type_name(cx, registry);
            return Err(type_error(cx, format!("'registry' must be a dict or None, not '{name}'")));
        }
        let module = module.unwrap_or(Value::NONE);
        warn_at(cx, Warning { category, message, filename, line: lineno, module, registry, source_line, source })
    }

    /// The filters have changed: what was warned about once may be again.
    #[function("_filters_mutated_lock_held()")]
    fn _filters_mutated_lock_held(cx: &mut Cx) {
        let state = state(cx);
        state.version.set(state.version.get() + 1);
    }

    /// Take the lock of the filters.
    #[function("_acquire_lock()")]
    fn _acquire_lock() {}

    /// Give back the lock of the filters.
    #[function("_release_lock()")]
    fn _release_lock() {}

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let filters = default_filters(cx)?;
        let default = cx.heap.intern("default").value();
        let once = Dict::new(&mut cx.heap);
        let state = state(cx);
        state.values.truncate(0);
        for value in [filters.value(), default, once.value()] {
            state.values.push(value);
        }
        set_module_attr(cx, module, "filters", filters)?;
        set_module_attr(cx, module, "_defaultaction", default)?;
        set_module_attr(cx, module, "_onceregistry", once)?;
        let context = Value::NONE;
        set_module_attr(cx, module, "_warnings_context", context)?;
        runtime::warnings::install(cx, warn_hook, explicit_hook);
        Ok(())
    }
}
