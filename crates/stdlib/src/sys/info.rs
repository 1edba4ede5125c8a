//! The constants of `sys`: versions, limits of numbers, flags, paths.

use crate::start::Config;
use crate::support::{fs_decode, namespace, os_str, str_list};
use runtime::native::set_module_attr;
use runtime::native::structseq::{Field, StructSeq, new_structseq};
use runtime::prelude::*;
use std::os::unix::ffi::OsStrExt;

/// `sys.hexversion` of the Python that this is.
pub const HEXVERSION: i64 = 0x030E_0AF0;
/// As in CPython's `sys.version`: the language version first.
pub const PYTHON_VERSION: &str = "3.14.10";
pub const CACHE_TAG: &str = "coachwhip-314";

pub static FLAGS: StructSeq = StructSeq::new(
    "sys",
    "flags",
    "sys.flags\n\nFlags provided through command line arguments or environment vars.",
    &[
        Field::new("debug", "-d"),
        Field::new("inspect", "-i"),
        Field::new("interactive", "-i"),
        Field::new("optimize", "-O or -OO"),
        Field::new("dont_write_bytecode", "-B"),
        Field::new("no_user_site", "-s"),
        Field::new("no_site", "-S"),
        Field::new("ignore_environment", "-E"),
        Field::new("verbose", "-v"),
        Field::new("bytes_warning", "-b"),
        Field::new("quiet", "-q"),
        Field::new("hash_randomization", "-R"),
        Field::new("isolated", "-I"),
        Field::new("dev_mode", "-X dev"),
        Field::new("utf8_mode", "-X utf8"),
        Field::new("warn_default_encoding", "-X warn_default_encoding"),
        Field::new("safe_path", "-P"),
        Field::new("int_max_str_digits", "-X int_max_str_digits"),
        Field::new("gil", "-X gil"),
        Field::new("thread_inherit_context", "-X thread_inherit_context"),
        Field::new("context_aware_warnings", "-X context_aware_warnings"),
    ],
    18,
)
.without_constructor();

static VERSION_INFO: StructSeq = StructSeq::new(
    "sys",
    "version_info",
    "sys.version_info\n\nVersion information as a named tuple.",
    &[
        Field::new("major", "Major release number"),
        Field::new("minor", "Minor release number"),
        Field::new("micro", "Patch release number"),
        Field::new("releaselevel", "'alpha', 'beta', 'candidate', or 'final'"),
        Field::new("serial", "Serial release number"),
    ],
    5,
)
.without_constructor();

static FLOAT_INFO: StructSeq = StructSeq::new(
    "sys",
    "float_info",
    "sys.float_info\n\nA named tuple holding information about the float type. It contains low level\ninformation \
          about the precision and internal representation. Please study\nyour system's :file:`float.h` for more \
          information.",
    &[
        Field::new("max", "DBL_MAX -- maximum representable finite float"),
        Field::new("max_exp", "DBL_MAX_EXP -- maximum int e such that radix**(e-1) is representable"),
        Field::new("max_10_exp", "DBL_MAX_10_EXP -- maximum int e such that 10**e is representable"),
        Field::new("min", "DBL_MIN -- Minimum positive normalized float"),
        Field::new("min_exp", "DBL_MIN_EXP -- minimum int e such that radix**(e-1) is a normalized float"),
        Field::new("min_10_exp", "DBL_MIN_10_EXP -- minimum int e such that 10**e is a normalized float"),
        Field::new("dig", "DBL_DIG -- maximum number of decimal digits that can be faithfully represented in a float"),
        Field::new("mant_dig", "DBL_MANT_DIG -- mantissa digits"),
        Field::new("epsilon", "DBL_EPSILON -- Difference between 1 and the next representable float"),
        Field::new("radix", "FLT_RADIX -- radix of exponent"),
        Field::new("rounds", "FLT_ROUNDS -- rounding mode used for arithmetic operations"),
    ],
    11,
);

static INT_INFO: StructSeq = StructSeq::new(
    "sys",
    "int_info",
    "sys.int_info\n\nA named tuple that holds information about Python's\ninternal representation of integers.  The \
          attributes are read only.",
    &[
        Field::new("bits_per_digit", "size of a digit in bits"),
        Field::new("sizeof_digit", "size in bytes of the C type used to represent a digit"),
        Field::new("default_max_str_digits", "maximum string conversion digits limitation"),
        Field::new("str_digits_check_threshold", "minimum positive value for int_max_str_digits"),
    ],
    4,
);

static HASH_INFO: StructSeq = StructSeq::new(
    "sys",
    "hash_info",
    "hash_info\n\nA named tuple providing parameters used for computing hashes. The attributes are read only.",
    &[
        Field::new("width", "width of the type used for hashing, in bits"),
        Field::new("modulus", "prime number giving the modulus on which the hash function is based"),
        Field::new("inf", "value to be used for hash of a positive infinity"),
        Field::new("nan", "value to be used for hash of a nan"),
        Field::new("imag", "multiplier used for the imaginary part of a complex number"),
        Field::new("algorithm", "name of the algorithm for hashing of str, bytes and memoryviews"),
        Field::new("hash_bits", "internal output size of hash algorithm"),
        Field::new("seed_bits", "seed size of hash algorithm"),
        Field::new("cutoff", "small string optimization cutoff"),
    ],
    9,
);

static THREAD_INFO: StructSeq = StructSeq::new(
    "sys",
    "thread_info",
    "sys.thread_info\n\nA named tuple holding information about the thread implementation.",
    &[
        Field::new("name", "name of the thread implementation"),
        Field::new("lock", "name of the lock implementation"),
        Field::new("version", "name and version of the thread library"),
    ],
    3,
);

pub static ASYNCGEN_HOOKS: StructSeq = StructSeq::new(
    "sys",
    "asyncgen_hooks",
    "sys.asyncgen_hooks\n\nA named tuple containing information about asynchronous\ngenerators hooks.  The \
          attributes are read only.",
    &[Field::new("firstiter", "firstiter"), Field::new("finalizer", "finalizer")],
    2,
);

fn int(n: i64) -> Value {
    Int::new(n).map_or(Value::NONE, Int::value)
}

/// Constants that do not depend on how the interpreter was started.
pub fn add_constants(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
    let final_ = cx.heap.str("final");
    let version_info = new_structseq(cx, &VERSION_INFO, &[int(3), int(14), int(10), final_, int(0)])?;
    set_module_attr(cx, module, "version_info", version_info)?;
    let float = |cx: &mut Cx, f: f64| cx.heap.float(f);
    let (max, min, epsilon) = (float(cx, f64::MAX), float(cx, f64::MIN_POSITIVE), float(cx, f64::EPSILON));
    let float_info = [max, int(1024), int(308), min, int(-1021), int(-307), int(15), int(53), epsilon, int(2), int(1)];
    let float_info = new_structseq(cx, &FLOAT_INFO, &float_info)?;
    set_module_attr(cx, module, "float_info", float_info)?;
    let int_info = new_structseq(cx, &INT_INFO, &[int(30), int(4), int(4300), int(640)])?;
    set_module_attr(cx, module, "int_info", int_info)?;
    let algorithm = cx.heap.str("siphash13");
    let modulus = int((1 << 61) - 1);
    let hash_info = [int(64), modulus, int(314_159), int(0), int(1_000_003), algorithm, int(64), int(128), int(0)];
    let hash_info = new_structseq(cx, &HASH_INFO, &hash_info)?;
    set_module_attr(cx, module, "hash_info", hash_info)?;
    let (name, lock) = (cx.heap.str("pthread"), cx.heap.str("pymutex"));
    let thread_info = new_structseq(cx, &THREAD_INFO, &[name, lock, Value::NONE])?;
    set_module_attr(cx, module, "thread_info", thread_info)?;

    let compiler = format!("{PYTHON_VERSION} (Coachwhip {}) [Rust]", env!("CARGO_PKG_VERSION"));
    let texts = [
        ("version", compiler.as_str()),
        ("platform", if cfg!(target_os = "macos") { "darwin" } else { "linux" }),
        ("byteorder", if cfg!(target_endian = "big") { "big" } else { "little" }),
        ("copyright", COPYRIGHT),
        ("float_repr_style", "short"),
        ("platlibdir", "lib"),
        ("abiflags", ""),
    ];
    for (name, text) in texts {
        let text = cx.heap.str(text);
        set_module_attr(cx, module, name, text)?;
    }
    let maxsize = object::BigInt::from_i64(&mut cx.heap, i64::MAX);
    set_module_attr(cx, module, "maxsize", maxsize)?;
    set_module_attr(cx, module, "maxunicode", int(0x10FFFF))?;
    set_module_attr(cx, module, "hexversion", int(HEXVERSION))?;
    set_module_attr(cx, module, "api_version", int(1013))?;
    set_module_attr(cx, module, "pycache_prefix", Value::NONE)?;
    set_module_attr(cx, module, "dont_write_bytecode", Value::FALSE)?;
    let git = ["CPython", "", ""].map(|text| cx.heap.str(text));
    let git = cx.heap.tuple(&git);
    set_module_attr(cx, module, "_git", git)?;
    let framework = cx.vm().empty_str();
    set_module_attr(cx, module, "_framework", framework)?;
    let name = cx.heap.str("coachwhip");
    let cache_tag = cx.heap.str(CACHE_TAG);
    let multiarch = cx.heap.str(MULTIARCH);
    let implementation = namespace(
        cx,
        &[
            ("name", name),
            ("cache_tag", cache_tag),
            ("version", version_info),
            ("hexversion", int(HEXVERSION)),
            ("_multiarch", multiarch),
            ("supports_isolated_interpreters", Value::FALSE),
        ],
    )?;
    set_module_attr(cx, module, "implementation", implementation)
}

const MULTIARCH: &str = if cfg!(target_arch = "aarch64") { "aarch64-linux-gnu" } else { "x86_64-linux-gnu" };

const COPYRIGHT: &str = "Copyright (c) 2001 Python Software Foundation.\nAll Rights Reserved.\n\n\
    Copyright (c) 2000 BeOpen.com.\nAll Rights Reserved.\n\n\
    Copyright (c) 1995-2001 Corporation for National Research Initiatives.\nAll Rights Reserved.\n\n\
    Copyright (c) 1991-1995 Stichting Mathematisch Centrum, Amsterdam.\nAll Rights Reserved.";

/// What the command line and the environment decide.
pub fn apply_config(cx: &mut Cx, module: Gc<Module>, config: &Config) -> PyResult<()> {
    let argv = str_list(cx, config.argv.iter().map(|a| a.as_os_str()))?;
    set_module_attr(cx, module, "argv", argv)?;
    let orig_argv = str_list(cx, config.orig_argv.iter().map(|a| a.as_os_str()))?;
    set_module_attr(cx, module, "orig_argv", orig_argv)?;
    let executable = os_str(cx, config.executable.as_os_str())?;
    set_module_attr(cx, module, "executable", executable)?;
    set_module_attr(cx, module, "_base_executable", executable)?;
    let prefix = os_str(cx, config.prefix.as_os_str())?;
    let base_prefix = os_str(cx, config.base_prefix.as_os_str())?;
    set_module_attr(cx, module, "prefix", prefix)?;
    set_module_attr(cx, module, "exec_prefix", prefix)?;
    set_module_attr(cx, module, "base_prefix", base_prefix)?;
    set_module_attr(cx, module, "base_exec_prefix", base_prefix)?;
    let stdlib = os_str(cx, config.stdlib_dir().as_os_str())?;
    set_module_attr(cx, module, "_stdlib_dir", stdlib)?;
    let path = str_list(cx, config.path.iter().map(|a| a.as_os_str()))?;
    set_module_attr(cx, module, "path", path)?;
    let warnings = str_list(cx, config.warn_options.iter().map(|w| std::ffi::OsStr::from_bytes(w.as_bytes())))?;
    set_module_attr(cx, module, "warnoptions", warnings)?;
    set_module_attr(cx, module, "dont_write_bytecode", Value::bool(config.dont_write_bytecode))?;
    if let Some(prefix) = &config.pycache_prefix {
        let prefix = os_str(cx, prefix.as_os_str())?;
        set_module_attr(cx, module, "pycache_prefix", prefix)?;
    }
    let options = Dict::new(&mut cx.heap);
    for option in &config.x_options {
        let (name, value) = option.split_once('=').map_or((option.as_str(), None), |(n, v)| (n, Some(v)));
        let name = cx.heap.intern(name);
        let value = match value {
            Some(value) => fs_decode(cx, value.as_bytes())?.value(),
            None => Value::TRUE,
        };
        options.set_str(&mut cx.heap, name, value).or_raise(cx)?;
    }
    set_module_attr(cx, module, "_xoptions", options)?;
    let flags = flags_of(cx, config)?;
    set_module_attr(cx, module, "flags", flags)
}

fn flags_of(cx: &mut Cx, config: &Config) -> PyResult {
    let flag = |on: bool| int(on as i64);
    let values = [
        int(0),
        flag(config.inspect),
        flag(config.interactive),
        int(config.optimize),
        flag(config.dont_write_bytecode),
        flag(config.no_user_site),
        flag(config.no_site),
        flag(config.ignore_environment),
        int(config.verbose),
        int(config.bytes_warning),
        flag(config.quiet),
        flag(config.hash_randomization),
        flag(config.isolated),
        Value::bool(config.dev_mode),
        flag(config.utf8_mode),
        flag(false),
        Value::bool(config.safe_path),
        int(config.int_max_str_digits),
        int(1),
        int(0),
        int(0),
    ];
    let flags = new_structseq(cx, &FLAGS, &values)?;
    Ok(flags)
}
