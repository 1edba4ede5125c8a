//! `_uuid`: identifiers made of the time.
//!
//! The node is a random one and nobody is asked whether the time was handed out already, so that results say that they
//! are not known to be safe between processes.

use runtime::prelude::*;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// 100 ns between 1582-10-15, where the time of identifiers starts, and 1970.
const EPOCH: u64 = 0x01b2_1dd2_1381_4000;

/// What identifiers of this process share: the last time handed out, and the clock's number and node.
struct State {
    last: u64,
    clock_and_node: [u8; 8],
}

static STATE: Mutex<Option<State>> = Mutex::new(None);

fn random_node() -> std::io::Result<[u8; 8]> {
    let mut bytes = [0; 8];
    std::io::Read::read_exact(&mut std::fs::File::open("/dev/urandom")?, &mut bytes)?;
    bytes[0] = bytes[0] & 0x3f | 0x80;
    // The bit of multicast addresses, which no network card has.
    bytes[2] |= 1;
    Ok(bytes)
}

fn generate() -> std::io::Result<[u8; 16]> {
    let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    if state.is_none() {
        *state = Some(State { last: 0, clock_and_node: random_node()? });
    }
    let state = state.as_mut().expect("made above");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let time = (EPOCH + (now.as_nanos() / 100) as u64).max(state.last + 1);
    state.last = time;
    let mut out = [0; 16];
    out[..4].copy_from_slice(&(time as u32).to_be_bytes());
    out[4..6].copy_from_slice(&((time >> 32) as u16).to_be_bytes());
    out[6..8].copy_from_slice(&((time >> 48) as u16 & 0x0fff | 0x1000).to_be_bytes());
    out[8..].copy_from_slice(&state.clock_and_node);
    Ok(out)
}

#[macros::native_module(name = "_uuid")]
pub mod module {
    use super::*;

    /// The bytes of a new identifier, and whether it is known to be unique (0) or not (-1).
    #[function("generate_time_safe()")]
    fn generate_time_safe(cx: &mut Cx) -> PyResult<Gc<Tuple>> {
        match generate() {
            Ok(bytes) => {
                let bytes = cx.heap.bytes(&bytes).or_raise(cx)?.value();
                let not_known = BigInt::from_i64(&mut cx.heap, -1);
                Ok(cx.heap.tuple(&[bytes, not_known]))
            }
            Err(error) => Err(crate::support::io_error(cx, &error, None)),
        }
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        set_module_attr(cx, module, "has_uuid_generate_time_safe", Int::from_len(1).value())?;
        set_module_attr(cx, module, "has_stable_extractable_node", Int::ZERO.value())
    }
}
