//! Which of CPython's test modules belong to which set, and where the tests are.

use std::fs;
use std::path::{Path, PathBuf};

use crate::paths;
use crate::process::step;

pub struct Set {
    pub number: u8,
    pub name: &'static str,
    /// Names without `test_`.
    modules: &'static str,
}

pub const SETS: [Set; 6] = [
    Set {
        number: 1,
        name: "language",
        modules: "grammar syntax tokenize ast compile symtable scope global named_expressions unpack_ex call extcall \
                  keywordonlyarg positional_only_arg decorators funcattrs generators genexps listcomps coroutines \
                  asyncgen yield_from patma with exceptions exception_group except_star raise traceback frame fstring \
                  tstring string_literals type_params type_aliases type_annotations annotationlib class descr super \
                  property isinstance types operator dis peepholer marshal monitoring sys_settrace sys_setprofile \
                  import importlib",
    },
    Set {
        number: 2,
        name: "builtins",
        modules: "builtin int long float complex numeric_tower str bytes list tuple dict dictviews set memoryview slice \
                  range enumerate iter sort hash format bool math cmath codecs unicodedata structseq gc weakref \
                  userdict ordered_dict",
    },
    Set {
        number: 3,
        name: "core library",
        modules: "typing functools itertools collections abc enum dataclasses contextlib copy heapq bisect string \
                  textwrap re json argparse configparser csv logging pathlib datetime decimal fractions statistics \
                  random inspect warnings pickle unittest graphlib",
    },
    Set {
        number: 4,
        name: "native modules",
        modules: "struct array binascii zlib gzip bz2 lzma zstd zipfile hashlib hmac sqlite3 ssl pyexpat xml_etree \
                  ctypes mmap zoneinfo",
    },
    Set {
        number: 5,
        name: "system",
        modules: "io fileio memoryio os posix posixpath stat subprocess select selectors signal socket shutil tempfile \
                  time locale sys site httplib urllib2",
    },
    Set {
        number: 6,
        name: "concurrency",
        modules: "asyncio thread threading threading_local queue concurrent_futures context multiprocessing_spawn \
                  interpreters",
    },
];

/// Packages whose modules run in a process each; other packages run as a whole.
const SPLIT: [&str; 3] = ["test_asyncio", "test_concurrent_futures", "test_multiprocessing_spawn"];

impl Set {
    /// The set's modules below `test.`, in order, split packages one by one.
    pub fn modules(&self, tests: &Path) -> Vec<String> {
        let mut all = Vec::new();
        for name in self.modules.split_whitespace() {
            let module = format!("test_{name}");
            if SPLIT.contains(&module.as_str()) {
                all.extend(
                    children(&tests.join("test").join(&module)).into_iter().map(|child| format!("{module}.{child}")),
                );
            } else {
                all.push(module);
            }
        }
        all
    }
}

/// Test modules and packages directly inside a package, sorted.
fn children(package: &Path) -> Vec<String> {
    let mut found: Vec<String> = entries(package)
        .into_iter()
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?.to_string();
            if path.is_dir() {
                let has_tests = entries(&path).iter().any(|inner| is_test_module(inner));
                return (path.join("__init__.py").exists() && has_tests).then_some(name);
            }
            is_test_module(&path).then(|| name.trim_end_matches(".py").to_string())
        })
        .collect();
    found.sort();
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

fn is_test_module(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("test_") && name.ends_with(".py")
}

/// The folder that holds `test/`: `$COACHWHIP_TESTS`, or the cache, filled on first use.
pub fn tests_folder() -> Result<PathBuf, String> {
    if let Some(folder) = std::env::var_os("COACHWHIP_TESTS") {
        let folder = PathBuf::from(folder);
        return match folder.join("test/support").is_dir() {
            true => Ok(folder),
            false => Err(format!("COACHWHIP_TESTS: no test/support in {}", folder.display())),
        };
    }
    let folder = paths::cache().join("tests314");
    step("tests/conformance/get-tests.sh", &[&folder.to_string_lossy()])?;
    Ok(folder)
}
