//! Constants of `posix`.

use runtime::native::set_module_attr;
use runtime::prelude::*;

macro_rules! table {
    ($($name:ident)*) => { &[$((stringify!($name), libc::$name as i64)),*] };
}

const CONSTANTS: &[(&str, i64)] = table! {
    F_OK R_OK W_OK X_OK
    O_RDONLY O_WRONLY O_RDWR O_NDELAY O_NONBLOCK O_APPEND O_DSYNC O_RSYNC O_SYNC O_NOCTTY O_CREAT O_EXCL O_TRUNC
    O_CLOEXEC O_ACCMODE O_ASYNC O_DIRECT O_DIRECTORY O_NOFOLLOW O_NOATIME O_PATH O_TMPFILE O_FSYNC
    WNOHANG WCONTINUED WUNTRACED WEXITED WNOWAIT WSTOPPED
    P_PID P_PGID P_ALL P_PIDFD CLD_EXITED CLD_KILLED CLD_DUMPED CLD_TRAPPED CLD_STOPPED CLD_CONTINUED
    PRIO_PROCESS PRIO_PGRP PRIO_USER F_LOCK F_TLOCK F_ULOCK F_TEST
    SEEK_DATA SEEK_HOLE ST_RDONLY ST_NOSUID
    SCHED_OTHER SCHED_BATCH SCHED_IDLE SCHED_FIFO SCHED_RR
    RTLD_LAZY RTLD_NOW RTLD_GLOBAL RTLD_LOCAL RTLD_NODELETE RTLD_NOLOAD RTLD_DEEPBIND
    GRND_RANDOM GRND_NONBLOCK POSIX_FADV_NORMAL POSIX_FADV_SEQUENTIAL POSIX_FADV_RANDOM POSIX_FADV_NOREUSE
    POSIX_FADV_WILLNEED POSIX_FADV_DONTNEED
};

const OTHERS: &[(&str, i64)] = &[
    ("O_LARGEFILE", 0o100000),
    ("EX_OK", 0),
    ("EX_USAGE", 64),
    ("EX_DATAERR", 65),
    ("EX_NOINPUT", 66),
    ("EX_NOUSER", 67),
    ("EX_NOHOST", 68),
    ("EX_UNAVAILABLE", 69),
    ("EX_SOFTWARE", 70),
    ("EX_OSERR", 71),
    ("EX_OSFILE", 72),
    ("EX_CANTCREAT", 73),
    ("EX_IOERR", 74),
    ("EX_TEMPFAIL", 75),
    ("EX_PROTOCOL", 76),
    ("EX_NOPERM", 77),
    ("EX_CONFIG", 78),
    ("TMP_MAX", 238_328),
    ("NGROUPS_MAX", 65536),
];

pub fn add(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
    for &(name, value) in CONSTANTS.iter().chain(OTHERS) {
        let value = runtime::number::int::from_i64(cx, value);
        set_module_attr(cx, module, name, value)?;
    }
    Ok(())
}
