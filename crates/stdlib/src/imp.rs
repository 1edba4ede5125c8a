//! `_imp` and `_embedded`: native modules, frozen code and the embedded library, as `importlib` asks for them.

use macros::native_module;
use runtime::native::{module_from_spec, set_module_attr};
use runtime::prelude::*;
use std::cell::Cell;

/// Modules that CPython has frozen into its binary: found before `sys.path` is looked at. The name and, where it is not
/// the module's own, where its code comes from.
const FROZEN: [(&str, &str); 26] = [
    ("_frozen_importlib", "importlib._bootstrap"),
    ("_frozen_importlib_external", "importlib._bootstrap_external"),
    ("zipimport", ""),
    ("abc", ""),
    ("codecs", ""),
    ("io", ""),
    ("_collections_abc", ""),
    ("_sitebuiltins", ""),
    ("genericpath", ""),
    ("ntpath", ""),
    ("posixpath", ""),
    ("os", ""),
    ("site", ""),
    ("stat", ""),
    ("importlib.util", ""),
    ("importlib.machinery", ""),
    ("runpy", ""),
    ("linecache", ""),
    ("__hello__", ""),
    ("__hello_alias__", "__hello__"),
    ("__phello_alias__", "__hello__"),
    ("__phello__", ""),
    ("__phello__.spam", ""),
    ("__phello__.ham", ""),
    ("__phello__.ham.eggs", ""),
    ("_embedded_importer", ""),
];

#[derive(Default)]
struct State {
    /// -1, 0 or 1: `_override_frozen_modules_for_tests`.
    override_frozen: Cell<i32>,
    /// The thread that has the import lock, and how often.
    lock: Cell<(u64, usize)>,
}

/// What FROZEN says of a name: where its code comes from.
fn frozen_origin(name: &str) -> Option<&'static str> {
    FROZEN.iter().find(|(n, _)| *n == name).map(|&(n, from)| if from.is_empty() { n } else { from })
}

/// The code of a file of the embedded library, with `filename` as its file name.
pub fn library_code(cx: &mut Cx, key: &str, filename: &str) -> PyResult<Option<Gc<Code>>> {
    let Some(packed) = pylib::find(key).and_then(|file| file.code()) else { return Ok(None) };
    object::forget_constants(pylib::packed_code());
    let renamed = rename(&packed, filename.as_bytes());
    drop(packed);
    match bytecode::read(&renamed) {
        Ok(code) => runtime::code_object::code_from_object(cx, &code).map(Some),
        Err(error) => Err(system_error(cx, format!("embedded library, {key}: {error}"))),
    }
}

/// A serialised code object with another file name in place of `pylib::PLACEHOLDER`.
fn rename(packed: &[u8], filename: &[u8]) -> Vec<u8> {
    let head = bytecode::FORMAT_MAGIC.len();
    let rest = &packed[head + 1 + pylib::PLACEHOLDER.len()..];
    let mut out = Vec::with_capacity(packed.len() + filename.len());
    out.extend_from_slice(&packed[..head]);
    let mut n = filename.len();
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
    out.extend_from_slice(filename);
    out.extend_from_slice(rest);
    out
}

#[native_module(name = "_imp", doc = "(Extremely) low-level import machinery bits as used by importlib.")]
pub mod imp_module {
    use super::*;

    /// Return True if the import lock is currently held, else False.
    ///
    /// On platforms without threads, return False.
    #[function("lock_held()")]
    fn lock_held(cx: &mut Cx) -> bool {
        cx.vm().extension(State::default).lock.get().1 > 0
    }

    /// Acquires the interpreter's import lock for the current thread.
    ///
    /// This lock should be used by import hooks to ensure thread-safety when importing
    /// modules. On platforms without threads, this function does nothing.
    #[function("acquire_lock()")]
    fn acquire_lock(cx: &mut Cx) -> PyResult<()> {
        let state = cx.vm().extension(State::default);
        let own = cx.thread_id.get();
        loop {
            let (owner, count) = state.lock.get();
            if count == 0 || owner == own {
                state.lock.set((own, count + 1));
                return Ok(());
            }
            cx.blocking(|| std::thread::sleep(std::time::Duration::from_micros(50)));
        }
    }

    /// Release the interpreter's import lock.
    ///
    /// On platforms without threads, this function does nothing.
    #[function("release_lock()")]
    fn release_lock(cx: &mut Cx) -> PyResult<()> {
        let state = cx.vm().extension(State::default);
        let (owner, count) = state.lock.get();
        if count == 0 || owner != cx.thread_id.get() {
            return Err(runtime_error(cx, "not holding the import lock"));
        }
        state.lock.set((owner, count - 1));
        Ok(())
    }

    /// Returns the list of file suffixes used to identify extension modules.
    #[function("extension_suffixes()")]
    fn extension_suffixes(cx: &mut Cx) -> Gc<List> {
        List::empty(&mut cx.heap)
    }

    /// Returns True if the module name corresponds to a built-in module.
    #[function("is_builtin(name, /)")]
    fn is_builtin(cx: &mut Cx, name: Gc<Str>) -> i64 {
        match name.as_ascii() {
            Some("sys" | "builtins") => -1,
            Some(name) => runtime::import::find_native_module(cx, name).is_some() as i64,
            None => 0,
        }
    }

    /// Create an extension module.
    #[function("create_builtin(spec, /)")]
    fn create_builtin(cx: &mut Cx, spec: Value) -> PyResult {
        let name = cx.names().name;
        let name = get_attr(cx, spec, name)?;
        let Some(name) = name.downcast::<Str>() else {
            let class = type_name(cx, name);
            return Err(type_error(cx, format!("name must be string, not {class}")));
        };
        if let Some(module) = runtime::import::get_module(cx, name)? {
            return Ok(module);
        }
        match name.as_ascii().and_then(|n| runtime::import::find_native_module(cx, n)) {
            Some(spec) => Ok(module_from_spec(cx, spec)?.value()),
            None => Ok(Value::NONE),
        }
    }

    /// Initialize a built-in module.
    #[function("exec_builtin(mod, /)")]
    fn exec_builtin(_module: Value) -> i64 {
        // Native modules are complete when they are made.
        0
    }

    /// Returns True if the module name corresponds to a frozen module.
    #[function("is_frozen(name, /)")]
    fn is_frozen(cx: &mut Cx, name: Gc<Str>) -> bool {
        let off = cx.vm().extension(State::default).override_frozen.get() < 0;
        name.as_ascii().and_then(frozen_origin).is_some_and(|_| !off || is_essential(&name))
    }

    /// Returns True if the module name is of a frozen package.
    #[function("is_frozen_package(name, /)")]
    fn is_frozen_package(cx: &mut Cx, name: Gc<Str>) -> PyResult<bool> {
        match locate(cx, name)? {
            Some((_, is_package)) => Ok(is_package),
            None => Err(no_such_frozen(cx, name)),
        }
    }

    /// Return info about the corresponding frozen module (if there is one) or None.
    ///
    /// The returned info (a 2-tuple):
    ///
    ///  * data         the raw marshalled bytes
    ///  * is_package   whether or not it is a package
    ///  * origname     the originally frozen module's name, or None if not
    ///                 a stdlib module (this will usually be the same as
    ///                 the module's current name)
    #[function("find_frozen(name, /, *, withdata=False)")]
    fn find_frozen(cx: &mut Cx, name: Gc<Str>, withdata: bool) -> PyResult {
        let _ = withdata;
        if cx.vm().extension(State::default).override_frozen.get() < 0 && !is_essential(&name) {
            return Ok(Value::NONE);
        }
        let Some((_, is_package)) = locate(cx, name)? else { return Ok(Value::NONE) };
        let origin = name.as_ascii().and_then(frozen_origin).unwrap_or_default();
        let origin = cx.heap.intern(origin).value();
        Ok(cx.heap.tuple(&[Value::NONE, Value::bool(is_package), origin]).value())
    }

    /// Create a code object for a frozen module.
    #[function("get_frozen_object(name, data=None, /)")]
    fn get_frozen_object(cx: &mut Cx, name: Gc<Str>, data: Value) -> PyResult {
        let _ = data;
        let Some((key, _)) = locate(cx, name)? else { return Err(no_such_frozen(cx, name)) };
        let origin = name.as_ascii().and_then(frozen_origin).unwrap_or_default();
        match library_code(cx, &key, &format!("<frozen {origin}>"))? {
            Some(code) => Ok(code.value()),
            None => Err(no_such_frozen(cx, name)),
        }
    }

    /// Initializes a frozen module.
    #[function("init_frozen(name, /)")]
    fn init_frozen(cx: &mut Cx, name: Gc<Str>) -> PyResult {
        let Some((key, _)) = locate(cx, name)? else { return Ok(Value::NONE) };
        let Some(code) = library_code(cx, &key, &format!("<frozen {name}>"))? else { return Ok(Value::NONE) };
        let shape = cx.heap.shapes().module;
        let dict = Dict::new_cells(&mut cx.heap);
        let module = cx.heap.module(shape, dict);
        set_module_attr(cx, module, "__name__", name)?;
        runtime::run::run_code(cx, code, dict, dict.value(), None)?;
        Ok(module.value())
    }

    /// Returns the list of available frozen modules.
    #[function("_frozen_module_names()")]
    fn _frozen_module_names(cx: &mut Cx) -> PyResult<Gc<List>> {
        let list = List::empty(&mut cx.heap);
        for (name, _) in FROZEN {
            let name = cx.heap.intern(name);
            list.push(&mut cx.heap, name.value()).or_raise(cx)?;
        }
        Ok(list)
    }

    /// (internal-only) Override PyConfig.use_frozen_modules.
    ///
    /// (-1: "off", 1: "on", 0: no override)
    /// See frozen_modules() in Lib/test/support/import_helper.py.
    #[function("_override_frozen_modules_for_tests(override, /)")]
    fn _override_frozen_modules_for_tests(cx: &mut Cx, value: i32) {
        cx.vm().extension(State::default).override_frozen.set(value);
    }

    /// (internal-only) Override PyInterpreterConfig.check_multi_interp_extensions.
    ///
    /// (-1: "never", 1: "always", 0: no override)
    #[function("_override_multi_interp_extensions_check(override, /)")]
    fn _override_multi_interp_extensions_check(value: i32) -> i64 {
        let _ = value;
        0
    }

    /// Changes code.co_filename to specify the passed-in file path.
    #[function("_fix_co_filename(code, path, /)")]
    fn _fix_co_filename(cx: &mut Cx, code: Gc<Code>, path: Gc<Str>) {
        if let Some(old) = code.filename.get().downcast::<Str>()
            && !old.equals(&path)
        {
            rename_code(cx, code, old, path);
        }
    }

    /// Compute the hash of a source file's content.
    #[function("source_hash(key, source)")]
    fn source_hash(cx: &mut Cx, key: i64, source: Value) -> PyResult {
        let source = crate::support::bytes_of(cx, source)?;
        let hash = object::hash::siphash13((key as u64, 0), &source);
        Ok(cx.heap.bytes(&hash.to_le_bytes()).or_raise(cx)?.value())
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let magic = u32::from_le_bytes(crate::marshal::PYC_MAGIC);
        set_module_attr(cx, module, "pyc_magic_number_token", Int::from_len(magic as usize).value())?;
        let default = cx.heap.str("default");
        set_module_attr(cx, module, "check_hash_based_pycs", default)
    }

    fn is_essential(name: &Str) -> bool {
        name.eq_str("_frozen_importlib") || name.eq_str("_frozen_importlib_external") || name.eq_str("zipimport")
    }

    /// The library file behind a frozen module's name.
    fn locate(cx: &mut Cx, name: Gc<Str>) -> PyResult<Option<(String, bool)>> {
        let _ = cx;
        let Some(text) = name.as_ascii() else { return Ok(None) };
        Ok(frozen_origin(text).and_then(|from| {
            let (key, is_package) = pylib::find_module(from)?;
            Some((key, is_package || text == "__phello_alias__"))
        }))
    }

    fn no_such_frozen(cx: &mut Cx, name: Gc<Str>) -> Raised {
        let shown = match repr_of(cx, name.value()) {
            Ok(shown) => shown.to_string(),
            Err(raised) => return raised,
        };
        runtime::import::import_error(cx, &format!("No such frozen object named {shown}"), name.value(), Value::NONE)
    }

    fn rename_code(cx: &mut Cx, code: Gc<Code>, old: Gc<Str>, new: Gc<Str>) {
        if !code.filename.get().downcast::<Str>().is_some_and(|f| f.equals(&old)) {
            return;
        }
        code.filename.set(code, new);
        for constant in code.consts.expect().iter() {
            if let Some(inner) = constant.cast::<Code>() {
                rename_code(cx, inner, old, new);
            }
        }
    }
}

#[native_module(name = "_embedded", doc = "The embedded standard library: what its importer asks for.")]
pub mod embedded_module {
    use super::*;

    fn key(text: Gc<Str>) -> String {
        text.to_string()
    }

    /// Whether the library has a file at this path.
    #[function("has_file(path, /)")]
    fn has_file(path: Gc<Str>) -> bool {
        pylib::find(&key(path)).is_some()
    }

    /// Whether the library has files below this folder.
    #[function("is_folder(path, /)")]
    fn is_folder(path: Gc<Str>) -> bool {
        pylib::is_folder(&key(path))
    }

    /// Names directly below a folder; those of folders end with a slash.
    #[function("list_folder(path, /)")]
    fn list_folder(cx: &mut Cx, path: Gc<Str>) -> PyResult<Gc<List>> {
        let list = List::empty(&mut cx.heap);
        for name in pylib::list(&key(path)) {
            let name = cx.heap.str(name);
            list.push(&mut cx.heap, name).or_raise(cx)?;
        }
        Ok(list)
    }

    /// The code object of a file of the library.
    #[function("get_code(path, filename, /)")]
    fn get_code(cx: &mut Cx, path: Gc<Str>, filename: Gc<Str>) -> PyResult {
        match library_code(cx, &key(path), &filename.to_string())? {
            Some(code) => Ok(code.value()),
            None => Err(runtime::import::import_error(
                cx,
                &format!("the library has no code at {path}"),
                Value::NONE,
                path.value(),
            )),
        }
    }

    /// The content of a file of the library, or None.
    #[function("get_data(path, /)")]
    fn get_data(cx: &mut Cx, path: Gc<Str>) -> PyResult {
        match pylib::find(&key(path)) {
            Some(file) => Ok(cx.heap.bytes(&file.source()).or_raise(cx)?.value()),
            None => Ok(Value::NONE),
        }
    }
}
