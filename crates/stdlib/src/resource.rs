//! `resource`: limits and use of the system's resources.

use nix::sys::resource::{Resource, UsageWho, getrlimit, getrusage, setrlimit};
use nix::sys::time::TimeVal;
use runtime::native::structseq::{Field, StructSeq, new_structseq, structseq_class};
use runtime::prelude::*;

static STRUCT_RUSAGE: StructSeq = StructSeq::new(
    "resource",
    "struct_rusage",
    "struct_rusage: Result from getrusage.\n\nThis object may be accessed either as a tuple of\n    \
     (utime,stime,maxrss,ixrss,idrss,isrss,minflt,majflt,\n    \
     nswap,inblock,oublock,msgsnd,msgrcv,nsignals,nvcsw,nivcsw)\n\
     or via the attributes ru_utime, ru_stime, ru_maxrss, and so on.",
    &[
        Field::new("ru_utime", "user time used"),
        Field::new("ru_stime", "system time used"),
        Field::new("ru_maxrss", "max. resident set size"),
        Field::new("ru_ixrss", "shared memory size"),
        Field::new("ru_idrss", "unshared data size"),
        Field::new("ru_isrss", "unshared stack size"),
        Field::new("ru_minflt", "page faults not requiring I/O"),
        Field::new("ru_majflt", "page faults requiring I/O"),
        Field::new("ru_nswap", "number of swap outs"),
        Field::new("ru_inblock", "block input operations"),
        Field::new("ru_oublock", "block output operations"),
        Field::new("ru_msgsnd", "IPC messages sent"),
        Field::new("ru_msgrcv", "IPC messages received"),
        Field::new("ru_nsignals", "signals received"),
        Field::new("ru_nvcsw", "voluntary context switches"),
        Field::new("ru_nivcsw", "involuntary context switches"),
    ],
    16,
);

const LIMITS: [(&str, i32, Resource); 16] = [
    ("RLIMIT_CPU", 0, Resource::RLIMIT_CPU),
    ("RLIMIT_FSIZE", 1, Resource::RLIMIT_FSIZE),
    ("RLIMIT_DATA", 2, Resource::RLIMIT_DATA),
    ("RLIMIT_STACK", 3, Resource::RLIMIT_STACK),
    ("RLIMIT_CORE", 4, Resource::RLIMIT_CORE),
    ("RLIMIT_RSS", 5, Resource::RLIMIT_RSS),
    ("RLIMIT_NPROC", 6, Resource::RLIMIT_NPROC),
    ("RLIMIT_NOFILE", 7, Resource::RLIMIT_NOFILE),
    ("RLIMIT_MEMLOCK", 8, Resource::RLIMIT_MEMLOCK),
    ("RLIMIT_AS", 9, Resource::RLIMIT_AS),
    ("RLIMIT_LOCKS", 10, Resource::RLIMIT_LOCKS),
    ("RLIMIT_SIGPENDING", 11, Resource::RLIMIT_SIGPENDING),
    ("RLIMIT_MSGQUEUE", 12, Resource::RLIMIT_MSGQUEUE),
    ("RLIMIT_NICE", 13, Resource::RLIMIT_NICE),
    ("RLIMIT_RTPRIO", 14, Resource::RLIMIT_RTPRIO),
    ("RLIMIT_RTTIME", 15, Resource::RLIMIT_RTTIME),
];

fn resource_of(cx: &mut Cx, number: i32) -> PyResult<Resource> {
    match LIMITS.iter().find(|&&(_, n, _)| n == number) {
        Some(&(_, _, resource)) => Ok(resource),
        None => Err(value_error(cx, "invalid resource specified")),
    }
}

/// RLIM_INFINITY is -1 for Python.
fn limit_value(cx: &mut Cx, limit: u64) -> Value {
    BigInt::from_i64(&mut cx.heap, limit as i64)
}

fn limits(cx: &mut Cx, resource: Resource) -> PyResult {
    match getrlimit(resource) {
        Ok((soft, hard)) => {
            let (soft, hard) = (limit_value(cx, soft), limit_value(cx, hard));
            Ok(cx.heap.tuple(&[soft, hard]).value())
        }
        Err(errno) => Err(os_error(cx, errno as i32, None)),
    }
}

fn seconds(time: TimeVal) -> f64 {
    time.tv_sec() as f64 + time.tv_usec() as f64 * 1e-6
}

#[native_module(name = "resource", doc = "")]
pub mod module {
    use super::*;

    /// Resource usage of the process, its children or the calling thread.
    #[function("getrusage(who, /)")]
    fn usage(cx: &mut Cx, who: i32) -> PyResult {
        let who = match who {
            0 => UsageWho::RUSAGE_SELF,
            -1 => UsageWho::RUSAGE_CHILDREN,
            1 => UsageWho::RUSAGE_THREAD,
            _ => return Err(value_error(cx, "invalid who parameter")),
        };
        let usage = getrusage(who).map_err(|errno| os_error(cx, errno as i32, None))?;
        let (user, system) = (cx.heap.float(seconds(usage.user_time())), cx.heap.float(seconds(usage.system_time())));
        let counts = [
            usage.max_rss(),
            usage.shared_integral(),
            usage.unshared_data_integral(),
            usage.unshared_stack_integral(),
            usage.minor_page_faults(),
            usage.major_page_faults(),
            usage.full_swaps(),
            usage.block_reads(),
            usage.block_writes(),
            usage.ipc_sends(),
            usage.ipc_receives(),
            usage.signals(),
            usage.voluntary_context_switches(),
            usage.involuntary_context_switches(),
        ];
        let mut values = [Value::NONE; 16];
        (values[0], values[1]) = (user, system);
        for (slot, count) in values[2..].iter_mut().zip(counts) {
            *slot = BigInt::from_i64(&mut cx.heap, count);
        }
        new_structseq(cx, &STRUCT_RUSAGE, &values)
    }

    /// The soft and the hard limit of a resource.
    #[function("getrlimit(resource, /)")]
    fn get_limits(cx: &mut Cx, resource: i32) -> PyResult {
        let resource = resource_of(cx, resource)?;
        limits(cx, resource)
    }

    /// Set the soft and the hard limit of a resource.
    #[function("setrlimit(resource, limits, /)")]
    fn set_limits(cx: &mut Cx, resource: i32, limits: Value) -> PyResult<()> {
        let resource = resource_of(cx, resource)?;
        let pair = to_tuple(cx, limits)?;
        if pair.len() != 2 {
            return Err(value_error(cx, "expected a tuple of 2 integers"));
        }
        let soft = runtime::number::as_i64(cx, pair.get(0))? as u64;
        let hard = runtime::number::as_i64(cx, pair.get(1))? as u64;
        match setrlimit(resource, soft, hard) {
            Ok(()) => Ok(()),
            Err(nix::errno::Errno::EINVAL) => Err(value_error(cx, "current limit exceeds maximum limit")),
            Err(nix::errno::Errno::EPERM) => Err(value_error(cx, "not allowed to raise maximum limit")),
            Err(errno) => Err(os_error(cx, errno as i32, None)),
        }
    }

    /// Bytes of a memory page.
    #[function("getpagesize()")]
    fn getpagesize(_: &mut Cx) -> i64 {
        nix::unistd::sysconf(nix::unistd::SysconfVar::PAGE_SIZE).ok().flatten().unwrap_or(4096)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        for (name, number, _) in LIMITS.into_iter().filter(|&(name, ..)| name != "RLIMIT_LOCKS") {
            set_module_attr(cx, module, name, Int::from_len(number as usize).value())?;
        }
        for (name, number) in [
            ("RLIMIT_OFILE", 7),
            ("RLIM_INFINITY", -1),
            ("RUSAGE_SELF", 0),
            ("RUSAGE_CHILDREN", -1),
            ("RUSAGE_THREAD", 1),
        ] {
            set_module_attr(cx, module, name, Int::new(number).expect("a small number").value())?;
        }
        let error = cx.types().OSError;
        set_module_attr(cx, module, "error", error)?;
        let class = structseq_class(cx, &STRUCT_RUSAGE)?;
        set_module_attr(cx, module, "struct_rusage", class)
    }
}
