//! `import`: the part that CPython has in C, on top of `importlib._bootstrap`.
//!
//! Modules that are in `sys.modules` are found here; everything else is `_find_and_load`'s business, which the frozen
//! `_frozen_importlib` provides ([`install_importlib`], called at start-up by `stdlib`). The bytecodes call
//! [`import_name`], [`import_from`] and [`import_star`]; native code calls [`import_module`].

use crate::prelude::*;
use std::cell::RefCell;

/// The import system's state of a VM.
pub struct ImportState {
    /// `_frozen_importlib`, then its `_find_and_load` and `_handle_fromlist`.
    importlib: RootVec,
    specs: RefCell<Vec<&'static ModuleSpec>>,
    /// Gives the source of a file of the embedded library, by its path there.
    library: std::cell::Cell<Option<LibrarySource>>,
}

/// The source of a file of the embedded library.
pub type LibrarySource = fn(&str) -> Option<Vec<u8>>;

/// The state, made on first use.
pub fn import_state(cx: &Cx) -> std::rc::Rc<ImportState> {
    let vm = cx.vm();
    vm.extension(|| ImportState { importlib: vm.root_vec(), specs: RefCell::default(), library: Default::default() })
}

/// Make native modules importable.
pub fn register_modules(cx: &Cx, modules: &[&'static ModuleSpec]) {
    import_state(cx).specs.borrow_mut().extend_from_slice(modules);
}

/// Where sources of the embedded library come from.
pub fn install_library_source(cx: &Cx, source: LibrarySource) {
    import_state(cx).library.set(Some(source));
}

/// The source of a file that is part of the embedded library, by the name that its code has.
pub fn library_source(cx: &mut Cx, filename: &str) -> Option<Vec<u8>> {
    let source = import_state(cx).library.get()?;
    let root = sys_attr(cx, "_stdlib_dir")?.downcast::<Str>()?.to_string();
    source(filename.strip_prefix(&root)?.strip_prefix('/')?)
}

/// The native module of this name.
pub fn find_native_module(cx: &Cx, name: &str) -> Option<&'static ModuleSpec> {
    import_state(cx).specs.borrow().iter().copied().find(|spec| spec.name == name)
}

/// Names of the native modules.
pub fn native_module_names(cx: &Cx) -> Vec<&'static str> {
    import_state(cx).specs.borrow().iter().map(|spec| spec.name).collect()
}

/// `module` is `_frozen_importlib`: imports go through it from now on.
pub fn install_importlib(cx: &mut Cx, module: Value) -> PyResult<()> {
    let state = import_state(cx);
    state.importlib.truncate(0);
    state.importlib.push(module);
    for name in ["_find_and_load", "_handle_fromlist"] {
        let name = cx.heap.intern(name);
        let function = get_attr(cx, module, name)?;
        state.importlib.push(function);
    }
    Ok(())
}

/// `_frozen_importlib`, once it is installed.
pub fn importlib(cx: &Cx) -> Option<Value> {
    let state = import_state(cx);
    (!state.importlib.is_empty()).then(|| state.importlib.get(0))
}

/// Attribute `name` of module `sys`, without running Python.
pub fn sys_attr(cx: &mut Cx, name: &str) -> Option<Value> {
    let name = cx.heap.intern(name);
    cx.vm().sys_module.get().cast::<Module>()?.dict.get()?.get_str(name)
}

/// Set attribute `name` of module `sys`.
pub fn set_sys_attr(cx: &mut Cx, name: &str, value: impl Into<Value>) -> PyResult<()> {
    let value = value.into();
    let name = cx.heap.intern(name);
    let Some(dict) = cx.vm().sys_module.get().cast::<Module>().and_then(|m| m.dict.get()) else { return Ok(()) };
    dict.set_str(&mut cx.heap, name, value).or_raise(cx)
}

/// The module of this full name: `import a.b` gives `a.b`.
pub fn import_module(cx: &mut Cx, name: &str) -> PyResult {
    let name = cx.heap.intern(name);
    load_absolute(cx, name)
}

/// Attribute `attribute` of module `module`, importing it.
pub fn import_attr(cx: &mut Cx, module: &str, attribute: &str) -> PyResult {
    let module = import_module(cx, module)?;
    let name = cx.heap.intern(attribute);
    get_attr(cx, module, name)
}

/// `name` in `sys.modules`.
pub fn get_module(cx: &mut Cx, name: Gc<Str>) -> PyResult<Option<Value>> {
    let modules = sys_modules(cx)?;
    match modules.cast::<Dict>() {
        Some(dict) if cx.class_of(modules) == cx.types().dict => Ok(dict.get_str(name)),
        _ => match get_item(cx, modules, name.value()) {
            Ok(module) => Ok(Some(module)),
            Err(raised) => cx.catch(raised, cx.types().KeyError).map(|()| None),
        },
    }
}

fn sys_modules(cx: &mut Cx) -> PyResult {
    match sys_attr(cx, "modules") {
        Some(modules) => Ok(modules),
        None => Err(runtime_error(cx, "unable to get sys.modules")),
    }
}

fn load_absolute(cx: &mut Cx, name: Gc<Str>) -> PyResult {
    match get_module(cx, name)? {
        Some(module) if !module.is_none() => {
            ensure_initialized(cx, module, name)?;
            Ok(module)
        }
        _ => find_and_load(cx, name),
    }
}

fn find_and_load(cx: &mut Cx, name: Gc<Str>) -> PyResult {
    let state = import_state(cx);
    if state.importlib.is_empty() {
        return Err(import_error(
            cx,
            &format!("import machinery is not ready (module '{name}')"),
            name.value(),
            Value::NONE,
        ));
    }
    let import = cx.heap.intern("__import__");
    let import = cx.vm().builtins.get().and_then(|b| b.get_str(import)).unwrap_or(Value::NONE);
    let outcome = call(cx, state.importlib.get(1), &[name.value(), import]);
    if outcome.is_err() {
        remove_importlib_frames(cx);
    }
    outcome
}

/// Wait until another thread has finished importing `module`.
fn ensure_initialized(cx: &mut Cx, module: Value, name: Gc<Str>) -> PyResult<()> {
    let spec = match module.cast::<Module>().and_then(|m| m.dict.get()) {
        Some(dict) => dict.get_str(cx.names().__spec__),
        None => get_attr_opt(cx, module, cx.names().__spec__)?,
    };
    let Some(spec) = spec.filter(|s| !s.is_none()) else { return Ok(()) };
    if !is_spec_initializing(cx, spec)? {
        return Ok(());
    }
    let Some(importlib) = importlib(cx) else { return Ok(()) };
    let lock = cx.heap.intern("_lock_unlock_module");
    call_method(cx, importlib, lock, &[name.value()]).map(drop)
}

/// Whether `module` is still being executed.
pub fn is_initializing(cx: &mut Cx, module: Value) -> PyResult<bool> {
    match get_attr_opt(cx, module, cx.names().__spec__)? {
        Some(spec) if !spec.is_none() => is_spec_initializing(cx, spec),
        _ => Ok(false),
    }
}

fn is_spec_initializing(cx: &mut Cx, spec: Value) -> PyResult<bool> {
    if let Some(attributes) = object::Attributes::of(spec) {
        if let Some(value) = attributes.get(cx.names()._initializing) {
            return is_true(cx, value);
        }
    }
    match get_attr_opt(cx, spec, cx.names()._initializing)? {
        Some(value) => is_true(cx, value),
        None => Ok(false),
    }
}

/// `__import__`: `globals` is a dict or None, `fromlist` any sequence or None.
pub fn import_module_level(cx: &mut Cx, name: Value, globals: Value, fromlist: Value, level: i64) -> PyResult {
    let Some(name) = name.downcast::<Str>() else {
        return Err(type_error(cx, "module name must be a string"));
    };
    if level < 0 {
        return Err(value_error(cx, "level must be >= 0"));
    }
    let absolute = if level > 0 {
        resolve_name(cx, name, globals, level)?
    } else if name.is_empty() {
        return Err(value_error(cx, "Empty module name"));
    } else {
        cx.heap.intern_str(name)
    };
    let module = load_absolute(cx, absolute)?;
    if fromlist.is_bound() && !fromlist.is_none() && is_true(cx, fromlist)? {
        return from_list(cx, module, fromlist);
    }
    if level > 0 && name.is_empty() {
        return Ok(module);
    }
    let Some(dot) = name.iter().position(|c| c == '.' as u32) else { return Ok(module) };
    if level == 0 {
        let front = Str::substring(&mut cx.heap, name, 0, dot).or_raise(cx)?;
        let front = cx.heap.intern_str(front);
        return load_absolute(cx, front);
    }
    let end = absolute.len() - (name.len() - dot);
    let front = Str::substring(&mut cx.heap, absolute, 0, end).or_raise(cx)?;
    let front = cx.heap.intern_str(front);
    match get_module(cx, front)? {
        Some(module) => Ok(module),
        None => {
            let front = repr_of(cx, front.value())?;
            let message = cx.heap.str(&format!("{front} not in sys.modules as expected"));
            Err(key_error(cx, message))
        }
    }
}

/// Import the submodules that `from package import …` names and that are not attributes yet.
fn from_list(cx: &mut Cx, module: Value, fromlist: Value) -> PyResult {
    let own = module.cast::<Module>().and_then(|m| m.dict.get());
    if let (Some(dict), Some(names)) = (own, fromlist.cast::<Tuple>()) {
        let known = |name: Value| name.cast::<Str>().is_some_and(|n| dict.get_str(n).is_some());
        if names.iter().all(known) {
            return Ok(module);
        }
    }
    if get_attr_opt(cx, module, cx.names().__path__)?.is_none() {
        return Ok(module);
    }
    let state = import_state(cx);
    if state.importlib.is_empty() {
        return Ok(module);
    }
    let import = cx.heap.intern("__import__");
    let import = cx.vm().builtins.get().and_then(|b| b.get_str(import)).unwrap_or(Value::NONE);
    let outcome = call(cx, state.importlib.get(2), &[module, fromlist, import]);
    if outcome.is_err() {
        remove_importlib_frames(cx);
    }
    outcome
}

/// The absolute name that a relative import means.
fn resolve_name(cx: &mut Cx, name: Gc<Str>, globals: Value, level: i64) -> PyResult<Gc<Str>> {
    let Some(globals) = globals.cast::<Dict>() else {
        let message = cx.heap.str("'__name__' not in globals");
        return Err(if globals.is_unbound() || globals.is_none() {
            key_error(cx, message)
        } else {
            type_error(cx, "globals must be a dict")
        });
    };
    let present = |name: Gc<Str>| globals.get_str(name).filter(|v| !v.is_none());
    let names = cx.names();
    let package = match (present(names.__package__), present(names.__spec__)) {
        (Some(package), spec) => {
            let Some(package) = package.downcast::<Str>() else {
                return Err(type_error(cx, "package must be a string"));
            };
            if let Some(spec) = spec {
                let parent = cx.heap.intern("parent");
                let parent = get_attr(cx, spec, parent)?;
                if !equals(cx, package.value(), parent)? {
                    let class = cx.types().DeprecationWarning;
                    crate::warnings::warn(cx, class, "__package__ != __spec__.parent", 1)?;
                }
            }
            package
        }
        (None, Some(spec)) => {
            let parent = cx.heap.intern("parent");
            let parent = get_attr(cx, spec, parent)?;
            match parent.downcast::<Str>() {
                Some(parent) => parent,
                None => return Err(type_error(cx, "__spec__.parent must be a string")),
            }
        }
        (None, None) => package_from_name(cx, globals)?,
    };
    let text: Vec<u32> = package.iter().collect();
    if text.is_empty() {
        return Err(no_parent(cx));
    }
    let mut end = text.len();
    for _ in 1..level {
        match text[..end].iter().rposition(|&c| c == '.' as u32) {
            Some(dot) => end = dot,
            None => {
                let message = "attempted relative import beyond top-level package";
                return Err(import_error(cx, message, Value::NONE, Value::NONE));
            }
        }
    }
    let mut absolute = StrBuilder::new();
    absolute.push_slice(&package, 0, end);
    if !name.is_empty() {
        absolute.push_char('.');
        absolute.push_py(&name);
    }
    let absolute = absolute.finish(&mut cx.heap).or_raise(cx)?;
    Ok(cx.heap.intern_str(absolute))
}

fn package_from_name(cx: &mut Cx, globals: Gc<Dict>) -> PyResult<Gc<Str>> {
    let class = cx.types().ImportWarning;
    let message = "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__";
    crate::warnings::warn(cx, class, message, 1)?;
    let Some(name) = globals.get_str(cx.names().__name__) else {
        let message = cx.heap.str("'__name__' not in globals");
        return Err(key_error(cx, message));
    };
    let Some(name) = name.downcast::<Str>() else {
        return Err(type_error(cx, "__name__ must be a string"));
    };
    if globals.get_str(cx.names().__path__).is_some() {
        return Ok(name);
    }
    match name.iter().rposition(|c| c == '.' as u32) {
        Some(dot) => Str::substring(&mut cx.heap, name, 0, dot).or_raise(cx),
        None => Err(no_parent(cx)),
    }
}

fn no_parent(cx: &mut Cx) -> Raised {
    import_error(cx, "attempted relative import with no known parent package", Value::NONE, Value::NONE)
}

/// An `ImportError` with its `name` and `path`.
pub fn import_error(cx: &mut Cx, message: &str, name: Value, path: Value) -> Raised {
    let class = cx.types().ImportError;
    import_error_of(cx, class, message, &[("name", name), ("path", path)])
}

fn import_error_of(cx: &mut Cx, class: Gc<Class>, message: &str, fields: &[(&str, Value)]) -> Raised {
    let message = cx.heap.str(message);
    let mut values = [Value::NONE; 4];
    let mut names = [Value::NONE; 3];
    values[0] = message;
    for (i, &(name, value)) in fields.iter().enumerate() {
        values[i + 1] = value;
        names[i] = cx.heap.intern(name).value();
    }
    let names = cx.heap.tuple(&names[..fields.len()]);
    match call_args(cx, class.value(), Args::new(&values[..=fields.len()], Some(names))) {
        Ok(error) => raise_object(cx, error),
        Err(raised) => raised,
    }
}

/// The bytecode `IMPORT_NAME`.
pub fn import_name(
    cx: &mut Cx,
    builtins: Gc<Dict>,
    globals: Value,
    locals: Value,
    name: Gc<Str>,
    fromlist: Value,
    level: Value,
) -> PyResult {
    let import = builtins.get_str(cx.names().__import__);
    let Some(import) = import else {
        return Err(import_error(cx, "__import__ not found", Value::NONE, Value::NONE));
    };
    let is_ours = import.cast::<NativeFunction>().is_some_and(|f| f.def.get().name == "__import__");
    if is_ours && let Some(level) = level.as_small_or_bool() {
        return import_module_level(cx, name.value(), globals, fromlist, level);
    }
    let locals = if locals.is_bound() { locals } else { Value::NONE };
    call(cx, import, &[name.value(), globals, locals, fromlist, level])
}

/// The bytecode `IMPORT_FROM`.
pub fn import_from(cx: &mut Cx, module: Value, name: Gc<Str>) -> PyResult {
    if let Some(value) = get_attr_opt(cx, module, name)? {
        return Ok(value);
    }
    let module_name = get_attr_opt(cx, module, cx.names().__name__)?.and_then(|n| n.downcast::<Str>());
    let Some(module_name) = module_name else { return Err(cannot_import(cx, module, None, name)) };
    // A circular relative import: the submodule is in sys.modules but not yet an attribute of its package.
    let mut full = StrBuilder::new();
    full.push_py(&module_name);
    full.push_char('.');
    full.push_py(&name);
    let full = full.finish(&mut cx.heap).or_raise(cx)?;
    match get_module(cx, full)? {
        Some(module) => Ok(module),
        None => Err(cannot_import(cx, module, Some(module_name), name)),
    }
}

#[cold]
fn cannot_import(cx: &mut Cx, module: Value, module_name: Option<Gc<Str>>, name: Gc<Str>) -> Raised {
    match cannot_import_message(cx, module, module_name, name) {
        Ok((message, origin)) => {
            let class = cx.types().ImportError;
            let module_name = module_name.map_or(Value::NONE, Gc::value);
            let fields = [("name", module_name), ("path", origin), ("name_from", name.value())];
            import_error_of(cx, class, &message, &fields)
        }
        Err(raised) => raised,
    }
}

fn cannot_import_message(
    cx: &mut Cx,
    module: Value,
    module_name: Option<Gc<Str>>,
    name: Gc<Str>,
) -> PyResult<(String, Value)> {
    let name_text = repr_of(cx, name.value())?;
    let from = match module_name {
        Some(n) => repr_of(cx, n.value())?.to_string(),
        None => "'<unknown module name>'".to_owned(),
    };
    let Some(spec) = get_attr_opt(cx, module, cx.names().__spec__)? else {
        return Ok((format!("cannot import name {name_text} from {from} (unknown location)"), Value::NONE));
    };
    let origin = file_origin(cx, spec)?;
    let shadows = match origin {
        Some(origin) => is_possibly_shadowing(cx, origin),
        None => false,
    };
    let origin = match origin {
        Some(origin) => Some(origin),
        None => get_attr_opt(cx, module, cx.names().__file__)?.and_then(|f| f.downcast::<Str>()),
    };
    let path = origin.map_or(Value::NONE, Gc::value);
    if shadows && let (Some(module_name), Some(origin)) = (module_name, origin) {
        let origin_text = repr_of(cx, origin.value())?;
        if is_stdlib_name(cx, module_name)? {
            let message = format!(
                "cannot import name {name_text} from {from} (consider renaming {origin_text} since it has the same name \
                 as the standard library module named {from} and prevents importing that standard library module)"
            );
            return Ok((message, path));
        }
        if !spec.is_none() && is_spec_initializing(cx, spec)? {
            let message = format!(
                "cannot import name {name_text} from {from} (consider renaming {origin_text} if it has the same name as \
                 a library you intended to import)"
            );
            return Ok((message, path));
        }
    }
    let location = origin.map_or_else(|| "unknown location".to_owned(), |o| o.to_string());
    let message = if !spec.is_none() && is_spec_initializing(cx, spec)? {
        format!(
            "cannot import name {name_text} from partially initialized module {from} (most likely due to a circular \
             import) ({location})"
        )
    } else {
        format!("cannot import name {name_text} from {from} ({location})")
    };
    Ok((message, path))
}

/// `spec.origin` of a module that was loaded from a file.
pub fn file_origin(cx: &mut Cx, spec: Value) -> PyResult<Option<Gc<Str>>> {
    if spec.is_none() {
        return Ok(None);
    }
    let has_location = cx.heap.intern("has_location");
    match get_attr_opt(cx, spec, has_location)? {
        Some(value) if is_true(cx, value)? => {}
        _ => return Ok(None),
    }
    let origin = cx.heap.intern("origin");
    Ok(get_attr_opt(cx, spec, origin)?.and_then(|o| o.downcast::<Str>()))
}

/// Whether a module at `origin` may be shadowing another one: it lies in the script's folder, `sys.path[0]`.
pub fn is_possibly_shadowing(cx: &mut Cx, origin: Gc<Str>) -> bool {
    let safe_path = match sys_attr(cx, "flags").and_then(|f| f.downcast::<Tuple>()) {
        Some(flags) => flags.try_get(16).is_some_and(|v| v == Value::TRUE),
        None => false,
    };
    let Some(first) = sys_attr(cx, "path").and_then(|p| p.cast::<List>()).and_then(|p| p.get(0)) else { return false };
    let Some(first) = first.downcast::<Str>() else { return false };
    if safe_path {
        return false;
    }
    let origin = origin.to_string();
    let mut folder =
        std::path::Path::new(&origin).parent().map(|p| p.to_string_lossy().into_owned()).unwrap_or_default();
    if origin.ends_with("/__init__.py") {
        folder = std::path::Path::new(&folder).parent().map(|p| p.to_string_lossy().into_owned()).unwrap_or_default();
    }
    let mut first = first.to_string();
    if first.is_empty() {
        first = std::env::current_dir().map(|d| d.to_string_lossy().into_owned()).unwrap_or_default();
    }
    !folder.is_empty() && folder == first
}

/// Whether `name` is one of `sys.stdlib_module_names`.
pub fn is_stdlib_name(cx: &mut Cx, name: Gc<Str>) -> PyResult<bool> {
    match sys_attr(cx, "stdlib_module_names") {
        Some(names) => contains(cx, names, name.value()),
        None => Ok(false),
    }
}

/// `from module import *` into `locals`.
pub fn import_star(cx: &mut Cx, module: Value, locals: Value) -> PyResult<()> {
    let (names, from_dict) = match get_attr_opt(cx, module, cx.names().__all__)? {
        Some(all) => (all, false),
        None => match get_attr_opt(cx, module, cx.names().__dict__)? {
            Some(dict) => {
                let keys = call_method(cx, dict, cx.names().keys, &[])?;
                (to_list(cx, keys)?.value(), true)
            }
            None => {
                let message = "from-import-* object has no __dict__ and no __all__";
                return Err(import_error(cx, message, Value::NONE, Value::NONE));
            }
        },
    };
    let mut i = 0;
    loop {
        let index = Int::from_len(i).value();
        let name = match get_item(cx, names, index) {
            Ok(name) => name,
            Err(raised) => return cx.catch(raised, cx.types().IndexError),
        };
        i += 1;
        let Some(text) = name.downcast::<Str>() else { return Err(bad_star_name(cx, module, name, from_dict)) };
        if from_dict && !text.is_empty() && text.get(0) == '_' as u32 {
            continue;
        }
        let text = cx.heap.intern_str(text);
        let value = get_attr(cx, module, text)?;
        set_item(cx, locals, name, value)?;
    }
}

fn bad_star_name(cx: &mut Cx, module: Value, name: Value, from_dict: bool) -> Raised {
    let module_name = match get_attr(cx, module, cx.names().__name__) {
        Ok(name) => name,
        Err(raised) => return raised,
    };
    let Some(module_text) = module_name.downcast::<Str>() else {
        let class = type_name(cx, module_name);
        return type_error(cx, format!("module __name__ must be a string, not {class}"));
    };
    let class = type_name(cx, name);
    let (what, from) = if from_dict { ("Key", "__dict__") } else { ("Item", "__all__") };
    type_error(cx, format!("{what} in {module_text}.{from} must be str, not {class}"))
}

/// Cut the frames of the import machinery out of the traceback of the exception being raised: entries of the frozen
/// importlib go when the error is an ImportError, otherwise chunks that end in `_call_with_frames_removed`.
fn remove_importlib_frames(cx: &mut Cx) {
    let Some(exception) = cx.peek_raised().cast::<Exception>() else { return };
    let always = cx.is_instance(exception.value(), cx.types().ImportError);
    let mut entries: Vec<(bool, bool)> = Vec::new();
    let mut entry = exception.traceback.get().cast::<Traceback>();
    while let Some(tb) = entry {
        let code = tb.frame.expect().code.expect();
        let file = code.filename.get().downcast::<Str>();
        let in_importlib = file.is_some_and(|f| {
            f.eq_str("<frozen importlib._bootstrap>") || f.eq_str("<frozen importlib._bootstrap_external>")
        });
        let ends_chunk = code.name.get().downcast::<Str>().is_some_and(|n| n.eq_str("_call_with_frames_removed"));
        entries.push((in_importlib, ends_chunk));
        entry = tb.next.get().cast::<Traceback>();
    }
    let mut keep = vec![true; entries.len()];
    let mut start = None;
    for (i, &(in_importlib, ends_chunk)) in entries.iter().enumerate() {
        if !in_importlib {
            start = None;
            continue;
        }
        let from = *start.get_or_insert(i);
        if always || ends_chunk {
            keep[from..=i].fill(false);
        }
    }
    relink(exception, &keep);
}

fn relink(exception: Gc<Exception>, keep: &[bool]) {
    let mut entry = exception.traceback.get().cast::<Traceback>();
    let mut last: Option<Gc<Traceback>> = None;
    exception.traceback.clear();
    for &kept in keep {
        let Some(tb) = entry else { break };
        entry = tb.next.get().cast::<Traceback>();
        if !kept {
            continue;
        }
        match last {
            Some(last) => last.next.set(last, tb),
            None => exception.traceback.set(exception, tb),
        }
        tb.next.clear();
        last = Some(tb);
    }
}
