//! Threads of a VM: real ones that take turns.
//!
//! One thread at a time has the *turn* and may touch the heap. It hands it over at safepoints (when another one has waited
//! for [`SWITCH_INTERVAL`]) and around blocking calls ([`Cx::blocking`]). As long as no second thread was ever started
//! there is nothing to hand over, and `blocking` just calls.

use crate::cx::{Cx, Vm, safepoint};
use crate::value::Value;
use heap::SharedHeap;
use std::os::unix::thread::JoinHandleExt;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a thread waits before it asks the running one to give the turn away, in microseconds, as in CPython.
pub const SWITCH_INTERVAL: u64 = 5000;

/// Who may touch the heap.
pub struct Turn {
    state: Mutex<State>,
    changed: Condvar,
    interval: AtomicU64,
}

#[derive(Default)]
struct State {
    taken: bool,
    /// The only thread that may still have the turn: the VM goes down.
    last: Option<std::thread::ThreadId>,
    waiting: usize,
    /// Counts hand-overs, so that a thread that yields can tell that another one has run.
    switches: u64,
}

impl Default for Turn {
    /// The turn of a new VM: its first thread has it.
    fn default() -> Turn {
        let state = State { taken: true, ..State::default() };
        Turn { state: Mutex::new(state), changed: Condvar::new(), interval: AtomicU64::new(SWITCH_INTERVAL) }
    }
}

impl Turn {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn release(&self) {
        self.lock().taken = false;
        self.changed.notify_all();
    }

    /// Wait for the turn; after the switch interval the thread that has it is asked to give it away.
    fn acquire(&self, heap: &SharedHeap) {
        let mut state = self.lock();
        while state.last.is_some_and(|thread| thread != std::thread::current().id()) {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.waiting += 1;
        while state.taken {
            let interval = Duration::from_micros(self.interval.load(Ordering::Relaxed));
            let before = state.switches;
            let (guard, timeout) = self.changed.wait_timeout(state, interval).unwrap_or_else(PoisonError::into_inner);
            state = guard;
            if state.last.is_some_and(|thread| thread != std::thread::current().id()) {
                state.waiting -= 1;
                drop(state);
                return self.acquire(heap);
            }
            if timeout.timed_out() && state.taken && state.switches == before {
                heap.safepoint().request(safepoint::SWITCH_THREAD);
            }
        }
        state.waiting -= 1;
        state.taken = true;
        state.switches += 1;
        self.changed.notify_all();
    }

    /// Give the turn away and take it again once another waiting thread has had it.
    fn yield_now(&self, heap: &SharedHeap) {
        let mut state = self.lock();
        if state.waiting == 0 || state.last.is_some() {
            return;
        }
        state.taken = false;
        let before = state.switches;
        self.changed.notify_all();
        while state.waiting > 0 && state.switches == before {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        drop(state);
        self.acquire(heap);
    }

    /// The calling thread, which has the turn, keeps it for ever: others that wait for it wait until the process ends.
    fn close(&self) {
        self.lock().last = Some(std::thread::current().id());
    }

    /// Microseconds of `sys.getswitchinterval()`.
    pub fn interval_micros(&self) -> u64 {
        self.interval.load(Ordering::Relaxed)
    }

    pub fn set_interval_micros(&self, micros: u64) {
        self.interval.store(micros, Ordering::Relaxed);
    }
}

/// The address of a VM on its way to a new thread.
struct VmAddress(NonNull<Vm>);
// SAFETY: the new thread uses the VM only while it has the turn, which also synchronises memory.
unsafe impl Send for VmAddress {}

impl Cx {
    /// Run `blocking`, which waits for something and touches no heap object, while other threads may run.
    pub fn blocking<R>(&mut self, blocking: impl FnOnce() -> R) -> R {
        if !self.vm().multi_threaded.get() {
            return blocking();
        }
        let (turn, shared) = (self.vm().turn.clone(), self.vm().shared_heap().clone());
        self.heap.raw.park(|| {
            turn.release();
            let result = blocking();
            turn.acquire(&shared);
            result
        })
    }

    /// Let another thread run, if one is waiting. What a safepoint does for [`safepoint::SWITCH_THREAD`].
    pub fn yield_turn(&mut self) {
        if self.vm().multi_threaded.get() {
            let (turn, shared) = (self.vm().turn.clone(), self.vm().shared_heap().clone());
            self.heap.raw.park(|| turn.yield_now(&shared));
        }
    }

    /// From now on no other thread runs Python code: the program is at its end.
    pub fn stop_other_threads(&mut self) {
        self.vm().turn.close();
    }

    /// Start a thread that calls `main(cx, argument)` with a context of its own. The result is its id.
    pub fn spawn(&mut self, main: fn(&mut Cx, Value), argument: Value, stack_size: usize) -> std::io::Result<u64> {
        let vm = self.vm();
        vm.multi_threaded.set(true);
        let ticket = vm.next_ticket.get();
        vm.next_ticket.set(ticket + 1);
        vm.starting.borrow_mut().push((ticket, argument.word()));
        let address = VmAddress(NonNull::from(vm));
        let (run_frame, limit) = (self.run_frame_hook(), self.recursion_limit());
        let started = std::thread::Builder::new().stack_size(stack_size).spawn(move || {
            let address = address;
            // SAFETY: the VM is not dropped while a thread of it is running or starting (`VmHandle::drop`).
            let vm = unsafe { address.0.as_ref() };
            let (turn, shared): (Arc<Turn>, Arc<SharedHeap>) = (vm.turn.clone(), vm.shared_heap().clone());
            turn.acquire(&shared);
            let Ok(mut cx) = Cx::attach(vm) else {
                vm.starting.borrow_mut().retain(|&(t, _)| t != ticket);
                turn.release();
                return;
            };
            if let Some(run) = run_frame {
                cx.set_run_frame(run);
            }
            cx.set_recursion_limit(limit);
            let argument = vm.starting.borrow().iter().find(|&&(t, _)| t == ticket).map_or(0, |&(_, word)| word);
            let argument = Value::from_word(argument);
            main(&mut cx, argument);
            vm.starting.borrow_mut().retain(|&(t, _)| t != ticket);
            drop(cx);
            turn.release();
        });
        match started {
            Ok(handle) => Ok(handle.as_pthread_t() as u64),
            Err(error) => {
                vm.starting.borrow_mut().retain(|&(t, _)| t != ticket);
                Err(error)
            }
        }
    }

    /// Fork the process. In the child only this thread exists; 0 is the result there, the child's id in the parent.
    #[cfg(unix)]
    pub fn fork(&mut self) -> std::io::Result<i32> {
        unsafe extern "C" {
            fn fork() -> i32;
        }
        let turn = self.vm().turn.clone();
        let mut state = turn.lock();
        // SAFETY: this thread has the turn, so that no other one is inside the heap; the child forgets the others.
        let pid = unsafe { fork() };
        if pid == 0 {
            state.waiting = 0;
            state.last = None;
        }
        drop(state);
        if pid < 0 {
            return Err(std::io::Error::last_os_error());
        }
        if pid == 0 {
            self.heap.raw.forget_other_threads();
            let own = &raw const *self;
            self.vm().forget_other_threads(own);
            self.is_main_thread.set(true);
        }
        Ok(pid)
    }
}
