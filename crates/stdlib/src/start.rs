//! Start-up of the standard library: `sys`, the import system, standard streams, `site`.
//!
//! The `vm` crate fills in a [`Config`] from the command line, makes the runtime's own types, and calls [`start`], then
//! [`finish`] at the end. Modules are made as CPython makes them: `sys` and `builtins` by hand, then the frozen
//! importlib, then the path, then `site` (unless `-S`).

use crate::{io, sys};
use runtime::import::{find_native_module, install_importlib, register_modules};
use runtime::native::module_from_spec;
use runtime::prelude::*;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// How the interpreter was started.
#[derive(Clone, Debug)]
pub struct Config {
    pub argv: Vec<OsString>,
    pub orig_argv: Vec<OsString>,
    pub executable: PathBuf,
    pub prefix: PathBuf,
    pub base_prefix: PathBuf,
    /// `sys.path`, the script's folder included.
    pub path: Vec<OsString>,
    pub warn_options: Vec<String>,
    pub x_options: Vec<String>,
    pub inspect: bool,
    pub interactive: bool,
    pub optimize: i64,
    pub dont_write_bytecode: bool,
    pub pycache_prefix: Option<PathBuf>,
    pub no_user_site: bool,
    pub no_site: bool,
    pub ignore_environment: bool,
    pub verbose: i64,
    pub bytes_warning: i64,
    pub quiet: bool,
    pub hash_randomization: bool,
    pub isolated: bool,
    pub dev_mode: bool,
    pub utf8_mode: bool,
    pub safe_path: bool,
    pub unbuffered: bool,
    pub int_max_str_digits: i64,
}

impl Default for Config {
    /// As started without arguments, ignoring the environment.
    fn default() -> Config {
        Config {
            argv: vec![OsString::new()],
            orig_argv: Vec::new(),
            executable: PathBuf::new(),
            prefix: PathBuf::from("/usr"),
            base_prefix: PathBuf::from("/usr"),
            path: Vec::new(),
            warn_options: Vec::new(),
            x_options: Vec::new(),
            inspect: false,
            interactive: false,
            optimize: 0,
            dont_write_bytecode: false,
            pycache_prefix: None,
            no_user_site: false,
            no_site: false,
            ignore_environment: false,
            verbose: 0,
            bytes_warning: 0,
            quiet: false,
            hash_randomization: true,
            isolated: false,
            dev_mode: false,
            utf8_mode: false,
            safe_path: false,
            unbuffered: false,
            int_max_str_digits: 4300,
        }
    }
}

impl Config {
    /// The folder where the standard library seems to be; it need not exist, since the library is embedded.
    pub fn stdlib_dir(&self) -> PathBuf {
        self.base_prefix.join("lib").join("python3.14")
    }

    /// Find `executable` and the prefixes as `getpath` does: a `pyvenv.cfg` beside the program or one folder up makes a
    /// virtual environment, `PYTHONHOME` decides otherwise, and the folder above `bin` is the default.
    pub fn locate(&mut self) {
        if self.executable.as_os_str().is_empty() {
            self.executable = std::env::current_exe().unwrap_or_default();
        }
        let home = std::env::var_os("PYTHONHOME").filter(|h| !h.is_empty() && !self.ignore_environment);
        if let Some(home) = home {
            self.prefix = PathBuf::from(home);
            self.base_prefix = self.prefix.clone();
            return;
        }
        let folder = self.executable.parent().map(Path::to_path_buf).unwrap_or_default();
        for candidate in [Some(folder.as_path()), folder.parent()].into_iter().flatten() {
            if let Ok(text) = std::fs::read_to_string(candidate.join("pyvenv.cfg")) {
                let home = text.lines().filter_map(|l| l.split_once('=')).find(|(k, _)| k.trim() == "home");
                if let Some((_, home)) = home {
                    self.base_prefix = prefix_of(Path::new(home.trim()));
                    self.prefix = candidate.to_path_buf();
                    return;
                }
            }
        }
        let real = std::fs::canonicalize(&self.executable).unwrap_or_else(|_| self.executable.clone());
        self.base_prefix = prefix_of(real.parent().unwrap_or(Path::new("/")));
        self.prefix = self.base_prefix.clone();
    }

    /// `sys.path` behind the script's folder: `PYTHONPATH`, then the library.
    pub fn default_path(&self) -> Vec<OsString> {
        let mut path = Vec::new();
        if !self.ignore_environment
            && let Some(extra) = std::env::var_os("PYTHONPATH").filter(|p| !p.is_empty())
        {
            path.extend(std::env::split_paths(&extra).map(PathBuf::into_os_string));
        }
        path.push(self.base_prefix.join("lib").join("python314.zip").into_os_string());
        path.push(self.stdlib_dir().into_os_string());
        path.push(self.stdlib_dir().join("lib-dynload").into_os_string());
        path
    }
}

/// The prefix of a program in `folder`: the folder above `bin`, otherwise the folder itself.
fn prefix_of(folder: &Path) -> PathBuf {
    match folder.parent() {
        Some(parent) if folder.file_name().is_some_and(|n| n == "bin") => parent.to_path_buf(),
        _ => folder.to_path_buf(),
    }
}

/// Make the modules that every program has. `builtins` is the dict of module `builtins`, made already.
pub fn start(cx: &mut Cx, config: &Config, builtins: Gc<Module>) -> PyResult<()> {
    register_modules(cx, crate::modules());
    let sys = module_from_spec(cx, &sys::module::SPEC)?;
    sys::info::apply_config(cx, sys, config)?;
    runtime::number::int_text::set_max_str_digits(cx, config.int_max_str_digits as u32);
    put_module(cx, "sys", sys.value())?;
    put_module(cx, "builtins", builtins.value())?;
    // Warnings and signals install their hooks into the runtime when their modules are made.
    for name in ["_warnings", "_signal"] {
        native(cx, name)?;
    }
    install_import_system(cx, sys.value())?;
    io::install_standard_streams(cx, config)?;
    if !config.no_site {
        let site = runtime::import::import_module(cx, "site")?;
        let main = cx.names().main;
        call_method(cx, site, main, &[])?;
    }
    if !config.warn_options.is_empty() {
        runtime::import::import_module(cx, "warnings")?;
    }
    crate::finish::note_start(cx);
    Ok(())
}

fn put_module(cx: &mut Cx, name: &str, module: Value) -> PyResult<()> {
    let name = cx.heap.intern(name);
    match cx.vm().modules.get().cast::<Dict>() {
        Some(modules) => modules.set_str(&mut cx.heap, name, module).or_raise(cx),
        None => Ok(()),
    }
}

/// A native module, made now and put into `sys.modules`.
fn native(cx: &mut Cx, name: &str) -> PyResult {
    let spec = find_native_module(cx, name).ok_or_else(|| system_error(cx, format!("no native module {name}")))?;
    let module = module_from_spec(cx, spec)?.value();
    put_module(cx, name, module)?;
    Ok(module)
}

/// Run the code of a module of the import system under a name of its own.
fn frozen(cx: &mut Cx, name: &str, key: &str) -> PyResult {
    let shape = cx.heap.shapes().module;
    let dict = Dict::new_cells(&mut cx.heap);
    let module = cx.heap.module(shape, dict).value();
    let code =
        crate::imp::library_code(cx, key, &format!("<frozen {}>", key.trim_end_matches(".py").replace('/', ".")))?;
    let Some(code) = code else { return Err(system_error(cx, format!("the embedded library has no {key}"))) };
    let (name_value, builtins) = (cx.heap.intern(name).value(), cx.vm().builtins.get().map_or(Value::NONE, Gc::value));
    let names = cx.names();
    // What importlib calls the module when it gives it a spec.
    let original = cx.heap.intern(&key.trim_end_matches(".py").replace('/', ".")).value();
    let original_name = cx.heap.intern("__origname__");
    for (name, value) in [
        (original_name, original),
        (names.__name__, name_value),
        (names.__doc__, Value::NONE),
        (names.__package__, cx.vm().empty_str().value()),
        (names.__loader__, Value::NONE),
        (names.__spec__, Value::NONE),
        (names.__builtins__, builtins),
    ] {
        dict.set_str(&mut cx.heap, name, value).or_raise(cx)?;
    }
    put_module(cx, name, module)?;
    runtime::run::run_code(cx, code, dict, dict.value(), None)?;
    Ok(module)
}

fn install_import_system(cx: &mut Cx, sys: Value) -> PyResult<()> {
    runtime::import::install_library_source(cx, |path| Some(pylib::find(path)?.source()));
    let imp = native(cx, "_imp")?;
    for name in ["_thread", "_weakref"] {
        native(cx, name)?;
    }
    let importlib = frozen(cx, "_frozen_importlib", "importlib/_bootstrap.py")?;
    install_importlib(cx, importlib)?;
    let install = cx.heap.intern("_install");
    call_method(cx, importlib, install, &[sys, imp])?;
    for name in ["_io", "marshal", "posix"] {
        runtime::import::import_module(cx, name)?;
    }
    let external = frozen(cx, "_frozen_importlib_external", "importlib/_bootstrap_external.py")?;
    let name = cx.heap.intern("_bootstrap_external");
    set_attr(cx, importlib, name, external)?;
    call_method(cx, external, install, &[importlib])?;
    // The embedded library comes before archives and folders on disk for the paths that it claims.
    native(cx, "_embedded")?;
    let embedded = frozen(cx, "_embedded_importer", "_embedded_importer.py")?;
    let hooks = runtime::import::sys_attr(cx, "path_hooks").unwrap_or(Value::NONE);
    let insert = cx.heap.intern("insert");
    for name in ["zip_path_hook", "path_hook"] {
        let name = cx.heap.intern(name);
        let hook = get_attr(cx, embedded, name)?;
        call_method(cx, hooks, insert, &[Int::ZERO.value(), hook])?;
    }
    Ok(())
}
