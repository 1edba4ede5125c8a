//! The module `posix`, on which `os` is built.
//!
//! Functions are grouped by what they are about; each group is a table of functions of its own that [`module`] takes in.

mod constants;
mod directory;
mod environment;
mod files;
mod paths;
mod process;
mod stat;
pub mod subprocess;

use macros::native_module;
use runtime::native::{add_class, set_module_attr};
use runtime::prelude::*;

/// What this system has, by CPython's names: `os` asks for them.
const HAVE: &[&str] = &[
    "HAVE_FACCESSAT",
    "HAVE_FCHDIR",
    "HAVE_FCHMOD",
    "HAVE_FCHMODAT",
    "HAVE_FCHOWN",
    "HAVE_FDATASYNC",
    "HAVE_FDOPENDIR",
    "HAVE_FSTATAT",
    "HAVE_FSTATVFS",
    "HAVE_FTRUNCATE",
    "HAVE_FUTIMENS",
    "HAVE_LCHOWN",
    "HAVE_LSTAT",
    "HAVE_MKDIRAT",
    "HAVE_OPENAT",
    "HAVE_READLINKAT",
    "HAVE_RENAMEAT",
    "HAVE_SYMLINKAT",
    "HAVE_UNLINKAT",
    "HAVE_UTIMENSAT",
];

#[native_module(
    name = "posix",
    doc = "This module provides access to operating system functionality that is\nstandardized by the C Standard and the \
           POSIX standard (a thinly\ndisguised Unix interface).  Refer to the library manual and\ncorresponding Unix manual \
           entries for more information on calls."
)]
pub mod module {
    use super::*;

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let name = cx.heap.intern("posix").value();
        for group in [
            &directory::group::SPEC,
            &environment::group::SPEC,
            &files::group::SPEC,
            &paths::group::SPEC,
            &process::group::SPEC,
            &stat::group::SPEC,
        ] {
            for def in group.functions {
                let function = cx.heap.native_function(def, module.value(), name);
                set_module_attr(cx, module, def.name, function.value())?;
            }
        }
        constants::add(cx, module)?;
        let error = cx.types().OSError;
        set_module_attr(cx, module, "error", error)?;
        for (name, def) in [
            ("stat_result", &stat::STAT_RESULT),
            ("statvfs_result", &stat::STATVFS_RESULT),
            ("terminal_size", &environment::TERMINAL_SIZE),
            ("uname_result", &environment::UNAME_RESULT),
            ("times_result", &process::TIMES_RESULT),
        ] {
            let class = runtime::native::structseq::structseq_class(cx, def)?;
            set_module_attr(cx, module, name, class)?;
        }
        add_class(cx, module, &directory::entry::SPEC)?;
        let list = List::empty(&mut cx.heap);
        for name in HAVE {
            let name = cx.heap.str(name);
            list.push(&mut cx.heap, name).or_raise(cx)?;
        }
        set_module_attr(cx, module, "_have_functions", list)?;
        let environ = environment::environ(cx)?;
        set_module_attr(cx, module, "environ", environ)
    }
}
