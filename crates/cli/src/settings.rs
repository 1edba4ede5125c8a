//! From the command line and the environment to the VM's settings.

use crate::options::{Main, Options};
use std::ffi::OsString;
use std::path::PathBuf;
use vm::Settings;

/// `-V`, and `-VV`.
pub fn version(times: u32) -> String {
    let short = format!("Python 3.14.0 (Coachwhip {})", env!("CARGO_PKG_VERSION"));
    if times < 2 { short } else { format!("{short} [{}]", std::env::consts::ARCH) }
}

/// The settings, or what is wrong with an option.
pub fn settings(options: &Options, arguments: Vec<OsString>) -> Result<Settings, String> {
    let mut settings = Settings::default();
    let python = &mut settings.python;
    let read = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty() && !options.ignore_environment);
    let count = |name: &str, given: i64| match read(name) {
        Some(text) => given.max(text.parse().unwrap_or(1)),
        None => given,
    };
    python.orig_argv = arguments;
    python.argv = vec![match &options.main {
        Main::File(path) => path.clone(),
        Main::Command(_) => "-c".into(),
        Main::Module(_) => "-m".into(),
        Main::StandardInput => OsString::new(),
    }];
    python.argv.extend(options.arguments.iter().cloned());
    python.inspect = options.inspect || read("PYTHONINSPECT").is_some();
    python.interactive = options.inspect;
    python.optimize = count("PYTHONOPTIMIZE", options.optimize);
    python.verbose = count("PYTHONVERBOSE", options.verbose);
    python.dont_write_bytecode = options.dont_write_bytecode || read("PYTHONDONTWRITEBYTECODE").is_some();
    python.no_user_site = options.no_user_site || read("PYTHONNOUSERSITE").is_some();
    python.no_site = options.no_site;
    python.ignore_environment = options.ignore_environment;
    python.bytes_warning = options.bytes_warning;
    python.quiet = options.quiet;
    python.isolated = options.isolated;
    python.safe_path = options.safe_path || read("PYTHONSAFEPATH").is_some();
    python.unbuffered = options.unbuffered || read("PYTHONUNBUFFERED").is_some();
    python.x_options = options.x_options.clone();
    if let Some(warnings) = read("PYTHONWARNINGS") {
        python.warn_options = warnings.split(',').map(str::to_owned).collect();
    }
    python.warn_options.extend(options.warnings.iter().cloned());
    python.pycache_prefix = read("PYTHONPYCACHEPREFIX").map(PathBuf::from);
    python.dev_mode = read("PYTHONDEVMODE").is_some();
    python.utf8_mode = true;
    if let Some(seed) = read("PYTHONHASHSEED") {
        python.hash_randomization = apply_hash_seed(&seed)?;
    }
    if let Some(digits) = read("PYTHONINTMAXSTRDIGITS") {
        python.int_max_str_digits = max_digits(&digits)?;
    }
    for option in &options.x_options {
        apply_x_option(&mut settings, option)?;
    }
    settings.python.locate();
    settings.python.path = settings.python.default_path();
    Ok(settings)
}

/// Fix the hash seed; whether hashes are random.
fn apply_hash_seed(text: &str) -> Result<bool, String> {
    if text == "random" {
        return Ok(true);
    }
    let Ok(seed) = text.parse::<u32>() else {
        return Err("PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]".into());
    };
    vm::set_hash_seed(seed);
    Ok(seed != 0)
}

fn max_digits(text: &str) -> Result<i64, String> {
    match text.parse::<i64>() {
        Ok(n) if n == 0 || n >= 640 => Ok(n),
        _ => Err("int_max_str_digits: invalid limit; must be >= 640 or 0 for unlimited.".into()),
    }
}

fn apply_x_option(settings: &mut Settings, option: &str) -> Result<(), String> {
    let (name, value) = option.split_once('=').map_or((option, None), |(n, v)| (n, Some(v)));
    let number = || value.and_then(|v| v.parse::<u64>().ok()).ok_or_else(|| format!("-X {name} needs a number"));
    match name {
        "heap-limit" => settings.heap.limit = (number()? as usize).saturating_mul(1 << 20),
        "gc-every" => settings.heap.checks.collect_every = number()? as u32,
        "gc-poison" => settings.heap.checks.poison = true,
        "stats" => settings.print_statistics = true,
        "bytecode" => settings.print_bytecode = true,
        "gc-verify" => settings.heap.checks.verify = true,
        "dev" => settings.python.dev_mode = true,
        "int_max_str_digits" => settings.python.int_max_str_digits = max_digits(value.unwrap_or(""))?,
        "pycache_prefix" => settings.python.pycache_prefix = value.map(PathBuf::from),
        // Unknown options are kept in `sys._xoptions`, as in CPython.
        _ => {}
    }
    Ok(())
}
