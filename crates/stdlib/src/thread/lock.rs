//! Locks: the word that all of them wait on, `_thread.lock` and `_thread.RLock`.

use crate::clock::{Deadline, Round, nanoseconds};
use crate::signal::check_signals;
use object::system::{Waited, wait_on_word, wake_word};
use runtime::prelude::*;
use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};

const FREE: u32 = 0;
const HELD: u32 = 1;
/// Held, and somebody may be waiting.
const CONTENDED: u32 = 2;

/// A lock without an owner.
#[derive(Default)]
pub struct RawLock(AtomicU32);

impl RawLock {
    pub fn try_acquire(&self) -> bool {
        self.0.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    pub fn is_held(&self) -> bool {
        self.0.load(Ordering::Relaxed) != FREE
    }

    /// Free the lock; false when it was not held.
    pub fn release(&self) -> bool {
        match self.0.swap(FREE, Ordering::Release) {
            FREE => false,
            HELD => true,
            _ => {
                wake_word(&self.0, 1);
                true
            }
        }
    }

    /// In the child of a fork: nobody holds it.
    pub fn reset(&self) {
        self.0.store(FREE, Ordering::Release);
    }

    /// Wait for the lock; signal handlers run meanwhile. False when the time is over.
    pub fn acquire(&self, cx: &mut Cx, deadline: Deadline) -> PyResult<bool> {
        if self.try_acquire() {
            return Ok(true);
        }
        if deadline == Deadline::Now {
            return Ok(false);
        }
        loop {
            if self.0.swap(CONTENDED, Ordering::Acquire) == FREE {
                return Ok(true);
            }
            let remaining = deadline.remaining();
            if deadline.is_over() {
                return Ok(false);
            }
            if cx.blocking(|| wait_on_word(&self.0, CONTENDED, remaining)) == Waited::Interrupted {
                check_signals(cx)?;
            }
        }
    }
}

/// Longest timeout, in nanoseconds: what `TIMEOUT_MAX` says.
pub const MAX_TIMEOUT: i64 = 9_223_372_036_000_000_000;

/// The deadline that `acquire(blocking, timeout)` asks for. An absent timeout is unbound.
fn deadline(cx: &mut Cx, blocking: bool, timeout: Value) -> PyResult<Deadline> {
    let nanos = match timeout.bound() {
        None => -crate::clock::NANOS,
        Some(timeout) => nanoseconds(cx, timeout, Round::Up)?,
    };
    let is_default = nanos == -crate::clock::NANOS;
    if !blocking && !is_default {
        return Err(value_error(cx, "can't specify a timeout for a non-blocking call"));
    }
    if nanos < 0 && !is_default {
        return Err(value_error(cx, "timeout value must be a non-negative number"));
    }
    if nanos > MAX_TIMEOUT {
        return Err(overflow_error(cx, "timeout value is too large"));
    }
    Ok(match (blocking, is_default) {
        (false, _) => Deadline::Now,
        (true, true) => Deadline::Never,
        (true, false) => Deadline::after(nanos),
    })
}

/// `_thread.lock`.
#[derive(Trace)]
pub struct Lock {
    #[trace(skip)]
    raw: RawLock,
}

impl NativeData for Lock {
    const NAME: &'static str = "_thread.lock";
}

type ThisLock = Gc<Native<Lock>>;

pub fn new_lock(cx: &mut Cx) -> PyResult {
    let class = class_of_spec(cx, &lock_class::SPEC)?;
    Ok(new_native(cx, class, Lock { raw: RawLock::default() }).value())
}

fn release_lock(cx: &mut Cx, this: ThisLock) -> PyResult<()> {
    if this.raw.release() { Ok(()) } else { Err(runtime_error(cx, "release unlocked lock")) }
}

#[native_class(
    name = "lock",
    module = "_thread",
    layout = Native<Lock>,
    flags = HAVE_GC,
    traits = HAS_WEAKREF,
    doc = "A lock object is a synchronization primitive.  To create a lock,\ncall threading.Lock()."
)]
pub mod lock_class {
    use super::*;

    #[slot(new, "lock()")]
    fn new(cx: &mut Cx, class: Gc<Class>) -> PyResult {
        Ok(new_native(cx, class, Lock { raw: RawLock::default() }).value())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: ThisLock) -> String {
        let state = if this.raw.is_held() { "locked" } else { "unlocked" };
        format!("<{state} {} object at {:#x}>", type_name(cx, this.value()), this.value().id())
    }

    /// Lock the lock.
    ///
    /// Without argument, this blocks if the lock is already
    /// locked (even by the same thread), waiting for another thread to release
    /// the lock, and return True once the lock is acquired.
    /// With an argument, this will only block if the argument is true,
    /// and the return value reflects whether the lock is acquired.
    /// The blocking operation is interruptible.
    #[method("acquire($self, /, blocking=True, timeout=<unrepresentable>)")]
    fn acquire(cx: &mut Cx, this: ThisLock, blocking: bool, timeout: Option<Value>) -> PyResult<bool> {
        let deadline = deadline(cx, blocking, timeout.unwrap_or(Value::UNBOUND))?;
        this.raw.acquire(cx, deadline)
    }

    /// An obsolete synonym of acquire().
    #[method("acquire_lock($self, /, blocking=True, timeout=<unrepresentable>)")]
    fn acquire_lock(cx: &mut Cx, this: ThisLock, blocking: bool, timeout: Option<Value>) -> PyResult<bool> {
        acquire(cx, this, blocking, timeout)
    }

    /// Release the lock.
    ///
    /// Allows another thread that is blocked waiting for
    /// the lock to acquire the lock.  The lock must be in the locked state,
    /// but it needn't be locked by the same thread that unlocks it.
    #[method("release($self, /)")]
    fn release(cx: &mut Cx, this: ThisLock) -> PyResult<()> {
        release_lock(cx, this)
    }

    /// An obsolete synonym of release().
    #[method("release_lock($self, /)")]
    fn release_lock_method(cx: &mut Cx, this: ThisLock) -> PyResult<()> {
        release_lock(cx, this)
    }

    /// Return whether the lock is in the locked state.
    #[method("locked($self, /)")]
    fn locked(_: &mut Cx, this: ThisLock) -> bool {
        this.raw.is_held()
    }

    /// An obsolete synonym of locked().
    #[method("locked_lock($self, /)")]
    fn locked_lock(_: &mut Cx, this: ThisLock) -> bool {
        this.raw.is_held()
    }

    /// Lock the lock.
    #[method("__enter__($self, /)")]
    fn enter(cx: &mut Cx, this: ThisLock) -> PyResult<bool> {
        this.raw.acquire(cx, Deadline::Never)
    }

    /// Release the lock.
    #[method("__exit__($self, /, *exc_info)")]
    fn exit(cx: &mut Cx, this: ThisLock, exc_info: VarArgs) -> PyResult<()> {
        let _ = exc_info;
        release_lock(cx, this)
    }

    /// For internal use after a fork: nobody holds the lock.
    #[method("_at_fork_reinit($self, /)")]
    fn at_fork_reinit(_: &mut Cx, this: ThisLock) {
        this.raw.reset();
    }
}

/// `_thread.RLock`.
#[derive(Trace)]
pub struct RLock {
    #[trace(skip)]
    raw: RawLock,
    /// The thread that holds it; meaningful while `count` is not 0.
    owner: Cell<u64>,
    count: Cell<usize>,
}

impl NativeData for RLock {
    const NAME: &'static str = "_thread.RLock";
}

type ThisRLock = Gc<Native<RLock>>;

impl RLock {
    fn is_owned(&self, cx: &Cx) -> bool {
        self.count.get() > 0 && self.owner.get() == cx.thread_id.get()
    }
}

fn rlock_acquire(cx: &mut Cx, this: ThisRLock, deadline: Deadline) -> PyResult<bool> {
    if this.is_owned(cx) {
        let Some(count) = this.count.get().checked_add(1) else {
            return Err(overflow_error(cx, "Internal lock count overflowed"));
        };
        this.count.set(count);
        return Ok(true);
    }
    let acquired = this.raw.acquire(cx, deadline)?;
    if acquired {
        this.owner.set(cx.thread_id.get());
        this.count.set(1);
    }
    Ok(acquired)
}

fn rlock_release(cx: &mut Cx, this: ThisRLock) -> PyResult<()> {
    if !this.is_owned(cx) {
        return Err(runtime_error(cx, "cannot release un-acquired lock"));
    }
    this.count.set(this.count.get() - 1);
    if this.count.get() == 0 {
        this.owner.set(0);
        this.raw.release();
    }
    Ok(())
}

#[native_class(
    name = "RLock",
    module = "_thread",
    layout = Native<RLock>,
    flags = BASETYPE | HAVE_GC,
    traits = HAS_WEAKREF,
    doc = ""
)]
pub mod rlock {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
        if !args.is_empty() {
            let category = cx.types().DeprecationWarning;
            let message = "Passing arguments to RLock is deprecated and will be removed in 3.15";
            runtime::warnings::warn(cx, category, message, 2)?;
        }
        let lock = RLock { raw: RawLock::default(), owner: Cell::new(0), count: Cell::new(0) };
        Ok(new_native(cx, class, lock).value())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: ThisRLock) -> String {
        let state = if this.count.get() > 0 { "locked" } else { "unlocked" };
        let (name, owner, count) = (type_name(cx, this.value()), this.owner.get(), this.count.get());
        format!("<{state} {name} object owner={owner} count={count} at {:#x}>", this.value().id())
    }

    /// Lock the lock.
    ///
    /// `blocking` indicates whether we should wait
    /// for the lock to be available or not.  If `blocking` is False
    /// and another thread holds the lock, the method will return False
    /// immediately.  If `blocking` is True and another thread holds
    /// the lock, the method will wait for the lock to be released,
    /// take it and then return True.
    /// (note: the blocking operation is interruptible.)
    ///
    /// In all other cases, the method will return True immediately.
    /// Precisely, if the current thread already holds the lock, its
    /// internal counter is simply incremented. If nobody holds the lock,
    /// the lock is taken and its internal counter initialized to 1.
    #[method("acquire($self, /, blocking=True, timeout=<unrepresentable>)")]
    fn acquire(cx: &mut Cx, this: ThisRLock, blocking: bool, timeout: Option<Value>) -> PyResult<bool> {
        let deadline = deadline(cx, blocking, timeout.unwrap_or(Value::UNBOUND))?;
        rlock_acquire(cx, this, deadline)
    }

    /// Release the lock.
    ///
    /// Do note that if the lock was acquired several times in a row by the
    /// current thread, release() needs to be called as many times for the lock
    /// to be available for other threads.
    #[method("release($self, /)")]
    fn release(cx: &mut Cx, this: ThisRLock) -> PyResult<()> {
        rlock_release(cx, this)
    }

    /// Return a boolean indicating whether this object is locked right now.
    #[method("locked($self, /)")]
    fn locked(_: &mut Cx, this: ThisRLock) -> bool {
        this.count.get() > 0
    }

    /// For internal use by `threading.Condition`.
    #[method("_is_owned($self, /)")]
    fn is_owned(cx: &mut Cx, this: ThisRLock) -> bool {
        this.is_owned(cx)
    }

    /// For internal use by `threading.Condition`.
    #[method("_acquire_restore($self, state, /)")]
    fn acquire_restore(cx: &mut Cx, this: ThisRLock, state: Gc<Tuple>) -> PyResult<()> {
        let (Some(count), Some(owner), 2) = (state.try_get(0), state.try_get(1), state.len()) else {
            let n = state.len();
            return Err(type_error(cx, format_args!("function takes exactly 2 arguments ({n} given)")));
        };
        let (count, owner) = (runtime::number::as_i64(cx, count)?, runtime::number::as_i64(cx, owner)?);
        this.raw.acquire(cx, Deadline::Never)?;
        this.owner.set(owner as u64);
        this.count.set(count as usize);
        Ok(())
    }

    /// For internal use by `threading.Condition`.
    #[method("_release_save($self, /)")]
    fn release_save(cx: &mut Cx, this: ThisRLock) -> PyResult {
        if this.count.get() == 0 {
            return Err(runtime_error(cx, "cannot release un-acquired lock"));
        }
        let (count, owner) = (this.count.replace(0), this.owner.replace(0));
        this.raw.release();
        let (count, owner) = (Int::from_len(count).value(), BigInt::from_u64(&mut cx.heap, owner));
        Ok(cx.heap.tuple(&[count, owner]).value())
    }

    /// For internal use by reentrancy tests.
    #[method("_recursion_count($self, /)")]
    fn recursion_count(cx: &mut Cx, this: ThisRLock) -> usize {
        if this.is_owned(cx) { this.count.get() } else { 0 }
    }

    /// Lock the lock.
    #[method("__enter__($self, /)")]
    fn enter(cx: &mut Cx, this: ThisRLock) -> PyResult<bool> {
        rlock_acquire(cx, this, Deadline::Never)
    }

    /// Release the lock.
    #[method("__exit__($self, /, *exc_info)")]
    fn exit(cx: &mut Cx, this: ThisRLock, exc_info: VarArgs) -> PyResult<()> {
        let _ = exc_info;
        rlock_release(cx, this)
    }

    /// For internal use after a fork: nobody holds the lock.
    #[method("_at_fork_reinit($self, /)")]
    fn at_fork_reinit(_: &mut Cx, this: ThisRLock) {
        this.raw.reset();
        this.owner.set(0);
        this.count.set(0);
    }
}
