//! Processes: identifiers, `fork`, `exec`, waiting, signals to others.

use crate::support::{self, PathKind, c_string, errno_error, io_error, path_arg};
use macros::native_module;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{self, Pid};
use runtime::native::structseq::{Field, StructSeq, new_structseq};
use runtime::prelude::*;
use std::ffi::{CString, OsString};
use std::os::unix::ffi::OsStrExt;

pub static TIMES_RESULT: StructSeq = StructSeq::new(
    "posix",
    "times_result",
    "times_result: Result from os.times().\n\nThis object may be accessed either as a tuple of\n  (user, system, \
          children_user, children_system, elapsed),\nor via the attributes user, system, children_user, \
          children_system,\nand elapsed.\n\nSee os.times for more information.",
    &[
        Field::new("user", "user time"),
        Field::new("system", "system time"),
        Field::new("children_user", "user time of children"),
        Field::new("children_system", "system time of children"),
        Field::new("elapsed", "elapsed time since an arbitrary point in the past"),
    ],
    5,
);

/// The environment of programs that are started: `NAME=value`.
pub fn variables() -> Vec<CString> {
    let entry =
        |(name, value): (OsString, OsString)| CString::new([name.as_bytes(), b"=", value.as_bytes()].concat()).ok();
    std::env::vars_os().filter_map(entry).collect()
}

/// Functions that `register_at_fork` was given: before, after in the child, after in the parent.
struct ForkHooks([RootVec; 3]);

fn fork_hooks(cx: &Cx) -> std::rc::Rc<ForkHooks> {
    let vm = cx.vm();
    vm.extension(|| ForkHooks([vm.root_vec(), vm.root_vec(), vm.root_vec()]))
}

fn run_hooks(cx: &mut Cx, hooks: &RootVec, reversed: bool) {
    let n = hooks.len();
    for i in 0..n {
        let hook = hooks.get(if reversed { n - 1 - i } else { i });
        if let Err(raised) = call(cx, hook, &[]) {
            let exception = cx.take_raised(raised);
            runtime::safepoint::write_unraisable(cx, exception, "Exception ignored in fork hook", hook);
        }
    }
}

/// Fork, with the hooks of `register_at_fork`.
pub fn fork(cx: &mut Cx) -> PyResult<i32> {
    let hooks = fork_hooks(cx);
    run_hooks(cx, &hooks.0[0], true);
    match cx.fork() {
        Ok(0) => {
            crate::thread::after_fork_child(cx);
            run_hooks(cx, &hooks.0[1], false);
            Ok(0)
        }
        Ok(pid) => {
            run_hooks(cx, &hooks.0[2], false);
            Ok(pid)
        }
        Err(error) => {
            run_hooks(cx, &hooks.0[2], false);
            Err(io_error(cx, &error, None))
        }
    }
}

/// Fork, with or without the hooks.
pub fn fork_hooks_run(cx: &mut Cx, hooks: bool) -> PyResult<i32> {
    if hooks {
        return fork(cx);
    }
    cx.fork().map_err(|error| io_error(cx, &error, None))
}

/// The number that `wait` of C gives for a status.
fn raw_status(status: WaitStatus) -> (i32, i32) {
    match status {
        WaitStatus::Exited(pid, code) => (pid.as_raw(), (code & 0xFF) << 8),
        WaitStatus::Signaled(pid, signal, dumped) => (pid.as_raw(), signal as i32 | if dumped { 0x80 } else { 0 }),
        WaitStatus::Stopped(pid, signal) => (pid.as_raw(), (signal as i32) << 8 | 0x7F),
        WaitStatus::PtraceEvent(pid, signal, _) => (pid.as_raw(), (signal as i32) << 8 | 0x7F),
        WaitStatus::PtraceSyscall(pid) => (pid.as_raw(), 0x7F),
        WaitStatus::Continued(pid) => (pid.as_raw(), 0xFFFF),
        WaitStatus::StillAlive => (0, 0),
    }
}

fn int(n: i32) -> Value {
    Int::new(n.into()).map_or(Value::NONE, Int::value)
}

/// C strings of a sequence of path-like arguments.
pub fn string_vector(cx: &mut Cx, values: Value, function: &'static str) -> PyResult<Vec<CString>> {
    let items = to_tuple(cx, values)?;
    let mut strings = Vec::with_capacity(items.len());
    for item in items.iter() {
        let path = path_arg(cx, item, PathKind::of(function, "argv"))?;
        strings.push(c_string(cx, &path.bytes)?);
    }
    Ok(strings)
}

#[native_module(name = "posix.process")]
pub mod group {
    use super::*;

    /// Return the current process id.
    #[function("getpid()")]
    fn getpid() -> i32 {
        unistd::getpid().as_raw()
    }

    /// Return the parent's process id.
    ///
    /// If the parent process has already exited, Windows machines will still
    /// return its id; others systems will return the id of the 'init' process (1).
    #[function("getppid()")]
    fn getppid() -> i32 {
        unistd::getppid().as_raw()
    }

    /// Return the current process's user id.
    #[function("getuid()")]
    fn getuid() -> u32 {
        unistd::getuid().as_raw()
    }

    /// Return the current process's effective user id.
    #[function("geteuid()")]
    fn geteuid() -> u32 {
        unistd::geteuid().as_raw()
    }

    /// Return the current process's group id.
    #[function("getgid()")]
    fn getgid() -> u32 {
        unistd::getgid().as_raw()
    }

    /// Return the current process's effective group id.
    #[function("getegid()")]
    fn getegid() -> u32 {
        unistd::getegid().as_raw()
    }

    /// Return list of supplemental group IDs for the process.
    #[function("getgroups()")]
    fn getgroups(cx: &mut Cx) -> PyResult<Gc<List>> {
        match unistd::getgroups() {
            Ok(groups) => {
                let list = List::empty(&mut cx.heap);
                for group in groups {
                    list.push(&mut cx.heap, Int::from_len(group.as_raw() as usize).value()).or_raise(cx)?;
                }
                Ok(list)
            }
            Err(error) => Err(errno_error(cx, error, None)),
        }
    }

    /// Return the actual login name.
    #[function("getlogin()")]
    fn getlogin(cx: &mut Cx) -> PyResult {
        match unistd::User::from_uid(unistd::getuid()) {
            Ok(Some(user)) => Ok(cx.heap.str(&user.name)),
            Ok(None) => Err(os_error(cx, libc::ENXIO, None)),
            Err(error) => Err(errno_error(cx, error, None)),
        }
    }

    /// Return the current process group id.
    #[function("getpgrp()")]
    fn getpgrp() -> i32 {
        unistd::getpgrp().as_raw()
    }

    /// Call the system call getpgid(), and return the result.
    #[function("getpgid(pid)")]
    fn getpgid(cx: &mut Cx, pid: i32) -> PyResult<i32> {
        match unistd::getpgid(Some(Pid::from_raw(pid))) {
            Ok(group) => Ok(group.as_raw()),
            Err(error) => Err(errno_error(cx, error, None)),
        }
    }

    /// Call the system call setpgid(pid, pgrp).
    #[function("setpgid(pid, pgrp, /)")]
    fn setpgid(cx: &mut Cx, pid: i32, pgrp: i32) -> PyResult<()> {
        unistd::setpgid(Pid::from_raw(pid), Pid::from_raw(pgrp)).map_err(|e| errno_error(cx, e, None))
    }

    /// Call the system call getsid(pid) and return the result.
    #[function("getsid(pid, /)")]
    fn getsid(cx: &mut Cx, pid: i32) -> PyResult<i32> {
        match unistd::getsid(Some(Pid::from_raw(pid))) {
            Ok(session) => Ok(session.as_raw()),
            Err(error) => Err(errno_error(cx, error, None)),
        }
    }

    /// Call the system call setsid().
    #[function("setsid()")]
    fn setsid(cx: &mut Cx) -> PyResult<i32> {
        match unistd::setsid() {
            Ok(session) => Ok(session.as_raw()),
            Err(error) => Err(errno_error(cx, error, None)),
        }
    }

    /// Kill a process with a signal.
    #[function("kill(pid, signal, /)")]
    fn kill(cx: &mut Cx, pid: i32, signal: i32) -> PyResult<()> {
        let target = if signal == 0 {
            None
        } else {
            match Signal::try_from(signal) {
                Ok(signal) => Some(signal),
                Err(error) => return Err(errno_error(cx, error, None)),
            }
        };
        match super::kill(Pid::from_raw(pid), target) {
            Ok(()) => {
                if pid == unistd::getpid().as_raw() {
                    // A signal to oneself is seen before anything else is done, when its receiver is quick enough.
                    std::thread::sleep(std::time::Duration::from_millis(1));
                }
                crate::signal::check_signals(cx)
            }
            Err(error) => Err(errno_error(cx, error, None)),
        }
    }

    /// Kill a process group with a signal.
    #[function("killpg(pgid, signal, /)")]
    fn killpg(cx: &mut Cx, pgid: i32, signal: i32) -> PyResult<()> {
        kill(cx, -pgid, signal)
    }

    /// Exit to the system with specified status, without normal exit processing.
    #[function("_exit(status)")]
    fn _exit(status: i32) {
        std::process::exit(status)
    }

    /// Abort the interpreter immediately.
    ///
    /// This function 'dumps core' or otherwise fails in the hardest way possible
    /// on the hosting operating system.  This function never returns.
    #[function("abort()")]
    fn abort() {
        std::process::abort()
    }

    /// Fork a child process.
    ///
    /// Return 0 to child process and PID of child to parent process.
    #[function("fork()")]
    fn fork(cx: &mut Cx) -> PyResult<i32> {
        super::fork(cx)
    }

    /// Register callables to be called when forking a new process.
    ///
    ///   before
    ///     A callable to be called in the parent before the fork() syscall.
    ///   after_in_child
    ///     A callable to be called in the child after fork().
    ///   after_in_parent
    ///     A callable to be called in the parent after fork().
    ///
    /// 'before' callbacks are called in reverse order.
    /// 'after_in_child' and 'after_in_parent' callbacks are called in order.
    #[function(
        "register_at_fork(*, before=<unrepresentable>, after_in_child=<unrepresentable>, after_in_parent=<unrepresentable>)",
        text_signature = false
    )]
    fn register_at_fork(
        cx: &mut Cx,
        before: Option<Value>,
        after_in_child: Option<Value>,
        after_in_parent: Option<Value>,
    ) -> PyResult<()> {
        let given = [before, after_in_child, after_in_parent];
        if given.iter().all(Option::is_none) {
            return Err(type_error(cx, "At least one argument is required."));
        }
        let hooks = fork_hooks(cx);
        for (value, hooks) in given.into_iter().zip(&hooks.0) {
            if let Some(value) = value {
                if !runtime::functions::is_callable(cx, value) {
                    let name = type_name(cx, value);
                    return Err(type_error(cx, format!("'{name}' object must be callable")));
                }
                hooks.push(value);
            }
        }
        Ok(())
    }

    /// Execute an executable path with arguments, replacing current process.
    #[function("execv(path, argv, /)")]
    fn execv(cx: &mut Cx, path: Value, argv: Value) -> PyResult<()> {
        let arg = path_arg(cx, path, PathKind::of("execv", "path"))?;
        let program = c_string(cx, &arg.bytes)?;
        let argv = string_vector(cx, argv, "execv")?;
        if argv.is_empty() {
            return Err(value_error(cx, "execv() arg 2 must not be empty"));
        }
        let environment = variables();
        match unistd::execve(&program, &argv, &environment) {
            Ok(never) => match never {},
            Err(error) => Err(errno_error(cx, error, Some(path))),
        }
    }

    /// Execute an executable path with arguments, replacing current process.
    #[function("execve(path, argv, env)")]
    fn execve(cx: &mut Cx, path: Value, argv: Value, env: Value) -> PyResult<()> {
        let arg = path_arg(cx, path, PathKind::of("execve", "path"))?;
        let program = c_string(cx, &arg.bytes)?;
        let argv = string_vector(cx, argv, "execve")?;
        if argv.is_empty() {
            return Err(value_error(cx, "execve() arg 2 must not be empty"));
        }
        let name = cx.names().items;
        let items = call_method(cx, env, name, &[])?;
        let items = to_tuple(cx, items)?;
        let mut environment = Vec::new();
        for item in items.iter() {
            let pair = to_tuple(cx, item)?;
            let name = path_arg(cx, pair.get(0), PathKind::of("execve", "env"))?;
            let value = path_arg(cx, pair.get(1), PathKind::of("execve", "env"))?;
            environment.push(c_string(cx, &[name.bytes.as_slice(), b"=", value.bytes.as_slice()].concat())?);
        }
        match unistd::execve(&program, &argv, &environment) {
            Ok(never) => match never {},
            Err(error) => Err(errno_error(cx, error, Some(path))),
        }
    }

    /// Wait for completion of a given child process.
    ///
    /// Returns a tuple of information regarding the child process:
    ///     (pid, status)
    ///
    /// The options argument is ignored on Windows.
    #[function("waitpid(pid, options, /)")]
    fn waitpid(cx: &mut Cx, pid: i32, options: i32) -> PyResult {
        let flags = WaitPidFlag::from_bits_truncate(options);
        let status = support::blocking_call(cx, || super::waitpid(Pid::from_raw(pid), Some(flags)))?;
        match status {
            Ok(status) => {
                let (pid, status) = raw_status(status);
                Ok(cx.heap.tuple(&[int(pid), int(status)]).value())
            }
            Err(error) => Err(errno_error(cx, error, None)),
        }
    }

    /// Wait for completion of a child process.
    ///
    /// Returns a tuple of information about the child process:
    ///     (pid, status)
    #[function("wait()")]
    fn wait(cx: &mut Cx) -> PyResult {
        waitpid(cx, -1, 0)
    }

    /// Return True if the process returning status exited via the exit() system call.
    #[function("WIFEXITED(status)")]
    fn wifexited(status: i32) -> bool {
        status & 0x7F == 0
    }

    /// Return the process return code from status.
    #[function("WEXITSTATUS(status)")]
    fn wexitstatus(status: i32) -> i32 {
        status >> 8 & 0xFF
    }

    /// Return True if the process returning status was terminated by a signal.
    #[function("WIFSIGNALED(status)")]
    fn wifsignaled(status: i32) -> bool {
        !matches!(status & 0x7F, 0 | 0x7F)
    }

    /// Return the signal that terminated the process that provided the status value.
    #[function("WTERMSIG(status)")]
    fn wtermsig(status: i32) -> i32 {
        status & 0x7F
    }

    /// Return True if the process returning status was stopped.
    #[function("WIFSTOPPED(status)")]
    fn wifstopped(status: i32) -> bool {
        status & 0xFF == 0x7F
    }

    /// Return the signal that stopped the process that provided the status value.
    #[function("WSTOPSIG(status)")]
    fn wstopsig(status: i32) -> i32 {
        status >> 8 & 0xFF
    }

    /// Return True if a particular process was continued from a job control stop.
    ///
    /// Return True if the process returning status was continued from a
    /// job control stop.
    #[function("WIFCONTINUED(status)")]
    fn wifcontinued(status: i32) -> bool {
        status == 0xFFFF
    }

    /// Return True if the process returning status was dumped to a core file.
    #[function("WCOREDUMP(status, /)")]
    fn wcoredump(status: i32) -> bool {
        status & 0x80 != 0
    }

    /// Convert a wait status to an exit code.
    ///
    /// On Unix:
    ///
    /// * If WIFEXITED(status) is true, return WEXITSTATUS(status).
    /// * If WIFSIGNALED(status) is true, return -WTERMSIG(status).
    /// * Otherwise, raise a ValueError.
    ///
    /// On Windows, return status shifted right by 8 bits.
    ///
    /// On Unix, if the process is being traced or if waitpid() was called with
    /// WUNTRACED option, the caller must first check if WIFSTOPPED(status) is true.
    /// This function must not be called if WIFSTOPPED(status) is true.
    #[function("waitstatus_to_exitcode(status)")]
    fn waitstatus_to_exitcode(cx: &mut Cx, status: i32) -> PyResult<i32> {
        if wifexited(status) {
            Ok(wexitstatus(status))
        } else if wifsignaled(status) {
            Ok(-wtermsig(status))
        } else if wifstopped(status) {
            let signal = wstopsig(status);
            Err(value_error(cx, format!("process stopped by delivery of signal {signal}")))
        } else {
            Err(value_error(cx, format!("invalid wait status: {status}")))
        }
    }

    /// Execute the command in a subshell.
    #[function("system(command)")]
    fn system(cx: &mut Cx, command: Value) -> PyResult<i32> {
        let arg = path_arg(cx, command, PathKind::of("system", "command"))?;
        let mut shell = std::process::Command::new("/bin/sh");
        shell.arg("-c").arg(arg.os()).env_clear();
        for variable in variables() {
            if let Some(at) = variable.as_bytes().iter().position(|&b| b == b'=') {
                let (name, value) = variable.as_bytes().split_at(at);
                shell.env(std::ffi::OsStr::from_bytes(name), std::ffi::OsStr::from_bytes(&value[1..]));
            }
        }
        match cx.blocking(|| shell.status()) {
            Ok(status) => Ok(std::os::unix::process::ExitStatusExt::into_raw(status)),
            Err(error) => Err(io_error(cx, &error, None)),
        }
    }

    /// Return a collection containing process timing information.
    ///
    /// The object returned behaves like a named tuple with these fields:
    ///   (utime, stime, cutime, cstime, elapsed_time)
    /// All fields are floating-point numbers.
    #[function("times()")]
    fn times(cx: &mut Cx) -> PyResult {
        use nix::sys::resource::{UsageWho, getrusage};
        let seconds = |t: nix::sys::time::TimeVal| t.tv_sec() as f64 + t.tv_usec() as f64 / 1e6;
        let usage = getrusage(UsageWho::RUSAGE_SELF).and_then(|own| {
            getrusage(UsageWho::RUSAGE_CHILDREN)
                .map(|children| [own.user_time(), own.system_time(), children.user_time(), children.system_time()])
        });
        match usage {
            Ok(times) => {
                let now = nix::time::clock_gettime(nix::time::ClockId::CLOCK_MONOTONIC);
                let elapsed = now.map_or(0.0, |t| t.tv_sec() as f64 + t.tv_nsec() as f64 / 1e9);
                let mut values = [Value::NONE; 5];
                for (value, time) in values.iter_mut().zip(times) {
                    *value = cx.heap.float(seconds(time));
                }
                values[4] = cx.heap.float(elapsed);
                new_structseq(cx, &TIMES_RESULT, &values)
            }
            Err(error) => Err(errno_error(cx, error, None)),
        }
    }

    /// Voluntarily relinquish the CPU.
    #[function("sched_yield()")]
    fn sched_yield(cx: &mut Cx) {
        cx.blocking(std::thread::yield_now);
    }

    /// Return the affinity of the process identified by pid (or the current process if zero).
    ///
    /// The affinity is returned as a set of CPU identifiers.
    #[function("sched_getaffinity(pid, /)")]
    fn sched_getaffinity(cx: &mut Cx, pid: i32) -> PyResult {
        match nix::sched::sched_getaffinity(Pid::from_raw(pid)) {
            Ok(cpus) => {
                let shape = cx.heap.shapes().set;
                let set = Set::with_shape(&mut cx.heap, shape);
                for cpu in 0..nix::sched::CpuSet::count() {
                    if cpus.is_set(cpu).unwrap_or(false) {
                        runtime::set::add(cx, set, Int::from_len(cpu).value())?;
                    }
                }
                Ok(set.value())
            }
            Err(error) => Err(errno_error(cx, error, None)),
        }
    }
}
