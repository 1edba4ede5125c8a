//! `_posixsubprocess`: `fork_exec`.

use super::process::{fork, fork_hooks_run, string_vector, variables};
use crate::support::{PathKind, c_string, path_arg};
use macros::native_module;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::unistd::{self, Gid, Pid, Uid};
use runtime::prelude::*;
use std::ffi::CString;

/// What the child does, all prepared before the fork.
struct Plan {
    programs: Vec<CString>,
    argv: Vec<CString>,
    environment: Vec<CString>,
    close_fds: bool,
    keep: Vec<i32>,
    cwd: Option<CString>,
    /// Descriptors for 0, 1 and 2; -1 = inherited.
    standard: [i32; 3],
    /// The parent's ends of the pipes.
    parents: [i32; 3],
    errpipe_write: i32,
    restore_signals: bool,
    new_session: bool,
    process_group: i32,
    gid: Option<Gid>,
    groups: Option<Vec<Gid>>,
    uid: Option<Uid>,
    umask: i32,
}

fn set_inheritable(fd: i32) -> nix::Result<()> {
    fcntl(fd, FcntlArg::F_SETFD(FdFlag::empty())).map(drop)
}

/// Up to the call of `preexec_fn`; the message tells the parent what failed.
fn prepare(plan: &Plan) -> Result<(), (Errno, &'static str)> {
    let plain = |errno| (errno, "noexec");
    for &fd in plan.keep.iter().filter(|&&fd| fd != plan.errpipe_write) {
        set_inheritable(fd).map_err(plain)?;
    }
    for &fd in plan.parents.iter().filter(|&&fd| fd >= 0) {
        unistd::close(fd).map_err(plain)?;
    }
    let mut standard = plan.standard;
    // A descriptor that is in the way of another one moves first.
    if standard[1] == 0 {
        standard[1] = unistd::dup(0).map_err(plain)?;
    }
    while matches!(standard[2], 0 | 1) {
        standard[2] = unistd::dup(standard[2]).map_err(plain)?;
    }
    for (target, &fd) in standard.iter().enumerate() {
        if fd == target as i32 {
            set_inheritable(fd).map_err(plain)?;
        } else if fd >= 0 {
            unistd::dup2(fd, target as i32).map_err(plain)?;
        }
    }
    if let Some(cwd) = &plan.cwd {
        unistd::chdir(cwd.as_c_str()).map_err(|errno| (errno, "noexec:chdir"))?;
    }
    if plan.umask >= 0 {
        nix::sys::stat::umask(nix::sys::stat::Mode::from_bits_truncate(plan.umask as u32));
    }
    if plan.restore_signals {
        for signal in [libc::SIGPIPE, libc::SIGXFSZ] {
            // A signal that cannot be reset stays as it is.
            let _ = object::system::set_disposition(signal, object::system::Disposition::Default);
        }
    }
    if plan.new_session {
        unistd::setsid().map_err(plain)?;
    }
    if plan.process_group >= 0 {
        unistd::setpgid(Pid::from_raw(0), Pid::from_raw(plan.process_group)).map_err(plain)?;
    }
    if let Some(groups) = &plan.groups {
        unistd::setgroups(groups).map_err(plain)?;
    }
    if let Some(gid) = plan.gid {
        unistd::setresgid(gid, gid, gid).map_err(plain)?;
    }
    if let Some(uid) = plan.uid {
        unistd::setresuid(uid, uid, uid).map_err(plain)?;
    }
    Ok(())
}

/// Close what is not to be kept, and run the program; what comes back is why it could not.
fn execute(plan: &Plan) -> Errno {
    if plan.close_fds {
        let open: Vec<i32> = match std::fs::read_dir("/proc/self/fd") {
            Ok(entries) => entries.flatten().filter_map(|e| e.file_name().to_str()?.parse().ok()).collect(),
            Err(_) => (3..1024).collect(),
        };
        for fd in open.into_iter().filter(|fd| *fd > 2 && !plan.keep.contains(fd)) {
            let _ = unistd::close(fd);
        }
    }
    let mut saved = Errno::ENOENT;
    for program in &plan.programs {
        let Err(errno) = unistd::execve(program, &plan.argv, &plan.environment);
        if errno != Errno::ENOENT && errno != Errno::ENOTDIR {
            saved = errno;
        }
    }
    saved
}

fn report(plan: &Plan, text: &str) -> ! {
    let _ = unistd::write(plan.errpipe_write, text.as_bytes());
    std::process::exit(255)
}

fn child(cx: &mut Cx, plan: &Plan, preexec: Value) -> ! {
    if let Err((errno, message)) = prepare(plan) {
        report(plan, &format!("OSError:{:x}:{message}", errno as i32));
    }
    if !preexec.is_none() && call(cx, preexec, &[]).is_err() {
        report(plan, "SubprocessError:0:Exception occurred in preexec_fn.");
    }
    let errno = execute(plan);
    report(plan, &format!("OSError:{:x}:", errno as i32))
}

#[native_module(name = "_posixsubprocess", doc = "A POSIX helper for the subprocess module.")]
pub mod module {
    use super::*;

    fn int(cx: &mut Cx, value: Value) -> PyResult<i32> {
        let n = runtime::number::as_i64(cx, value)?;
        i32::try_from(n).map_err(|_| overflow_error(cx, "Python int too large to convert to C int"))
    }

    /// Spawn a fresh new child process.
    ///
    /// Fork a child process, close parent file descriptors as appropriate in the
    /// child and duplicate the few that are needed before calling exec() in the
    /// child process.
    ///
    /// If close_fds is True, close file descriptors 3 and higher, except those listed
    /// in the sorted tuple pass_fds.
    ///
    /// The preexec_fn, if supplied, will be called immediately before closing file
    /// descriptors and exec.
    ///
    /// WARNING: preexec_fn is NOT SAFE if your application uses threads.
    ///          It may trigger infrequent, difficult to debug deadlocks.
    ///
    /// If an error occurs in the child process before the exec, it is
    /// serialized and written to the errpipe_write fd per subprocess.py.
    ///
    /// Returns: the child process's PID.
    ///
    /// Raises: Only on an error in the parent process.
    #[function(raw, "fork_exec(*args)", text_signature = false)]
    fn fork_exec(cx: &mut Cx, args: Args<'_>) -> PyResult<i32> {
        let given = args.positional();
        let &[
            argv,
            executables,
            close_fds,
            keep,
            cwd,
            env,
            p2cread,
            p2cwrite,
            c2pread,
            c2pwrite,
            errread,
            errwrite,
            errpipe_read,
            errpipe_write,
            restore_signals,
            new_session,
            process_group,
            gid,
            groups,
            uid,
            umask,
            preexec,
        ] = given
        else {
            return Err(type_error(cx, format!("fork_exec expected 22 arguments, got {}", given.len())));
        };
        let argv = string_vector(cx, argv, "fork_exec")?;
        let programs = string_vector(cx, executables, "fork_exec")?;
        let kept = to_tuple(cx, keep)?;
        let mut keep = Vec::new();
        for fd in kept.iter() {
            let fd = int(cx, fd)?;
            if fd < 0 || keep.last().is_some_and(|&last| fd <= last) {
                return Err(value_error(cx, "bad value(s) in fds_to_keep"));
            }
            keep.push(fd);
        }
        let environment = if env.is_none() { variables() } else { string_vector(cx, env, "fork_exec")? };
        let cwd = if cwd.is_none() {
            None
        } else {
            let path = path_arg(cx, cwd, PathKind::of("fork_exec", "cwd"))?;
            Some(c_string(cx, &path.bytes)?)
        };
        let mut group_list = None;
        if !groups.is_none() {
            let mut list = Vec::new();
            for group in to_tuple(cx, groups)?.iter() {
                list.push(Gid::from_raw(int(cx, group)? as u32));
            }
            group_list = Some(list);
        }
        let id = |cx: &mut Cx, value: Value| if value.is_none() { Ok(None) } else { int(cx, value).map(Some) };
        let plan = Plan {
            programs,
            argv,
            environment,
            close_fds: is_true(cx, close_fds)?,
            keep,
            cwd,
            standard: [int(cx, p2cread)?, int(cx, c2pwrite)?, int(cx, errwrite)?],
            parents: [int(cx, p2cwrite)?, int(cx, c2pread)?, int(cx, errread)?],
            errpipe_write: int(cx, errpipe_write)?,
            restore_signals: is_true(cx, restore_signals)?,
            new_session: is_true(cx, new_session)?,
            process_group: int(cx, process_group)?,
            gid: id(cx, gid)?.map(|n| Gid::from_raw(n as u32)),
            groups: group_list,
            uid: id(cx, uid)?.map(|n| Uid::from_raw(n as u32)),
            umask: int(cx, umask)?,
        };
        let errpipe_read = int(cx, errpipe_read)?;
        // Hooks of `os.register_at_fork` run when Python code will run in the child.
        let pid = if preexec.is_none() { fork_hooks_run(cx, false) } else { fork(cx) }?;
        if pid == 0 {
            let _ = unistd::close(errpipe_read);
            child(cx, &plan, preexec);
        }
        Ok(pid)
    }
}
