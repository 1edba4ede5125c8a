//! Tier 1: the specialising adaptive interpreter.
//!
//! [`install`] hooks it into a context; from then on `Cx::run_frame` runs a frame here. The handlers come from the
//! definitions in `ops` (generated steps, wrapped by [`threaded`] or by the `match` loop); `machine` pushes and leaves
//! frames, `special` unwinds, `specialise` rewrites instructions for what they meet. Calls from Python to Python use no
//! native stack.

mod cache;
pub mod counters;
#[rustfmt::skip]
mod generated;
mod machine;
mod special;
mod specialise;
mod traced;

#[cfg(any(feature = "match-loop", not(target_arch = "x86_64")))]
#[path = "match_loop.rs"]
mod execute;
#[cfg(not(any(feature = "match-loop", not(target_arch = "x86_64"))))]
#[path = "threaded.rs"]
mod execute;

pub use specialise::{Event, Reason, SiteReport, site_reports};

use object::{Cx, FrameOwner, FrameRef, PyResult, Value};

/// Make `cx` run frames with this interpreter.
pub fn install(cx: &Cx) {
    cx.set_run_frame(run_frame);
}

/// Run `frame` until it returns or, a generator's, yields. An exception that is set is raised at the frame's instruction.
fn run_frame(cx: &mut Cx, frame: FrameRef) -> PyResult {
    debug_assert!(matches!(frame.owner(), FrameOwner::Entry | FrameOwner::GeneratorEntry));
    let throwing = cx.pending().is_some();
    if throwing {
        // A suspended generator is saved at the instruction after its `YIELD_VALUE`: raise at that one.
        frame.ip.set(frame.ip.get().wrapping_sub(1));
    }
    frame.previous.set(cx.frame());
    cx.set_frame(Some(frame));
    if throwing && cx.is_traced() {
        traced::thrown(cx, frame);
    }
    // SAFETY: the frame is initialised and has just become the innermost; its saved state is where it starts.
    let word = unsafe { if throwing { execute::run_raising(cx) } else { execute::run(cx) } };
    match word {
        0 => Err(cx.pending().expect("the loop answers 0 when an exception is set")),
        word => Ok(Value::from_word(word)),
    }
}
