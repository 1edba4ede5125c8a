//! What happens once to a code object when it first runs: its counters are set and its `RESUME` is made the quick one.

use bytecode::Opcode;
use object::FrameRef;

/// Counter of a fresh site: the second execution specialises (value 1, back-off 1).
const WARMUP: u16 = 1 << 4 | 1;
/// Counter of a fresh backward jump (value 4095, back-off 12).
const JUMP: u16 = 4095 << 4 | 12;

/// Make the code of `frame`, which is at a `RESUME`, ready.
#[cold]
pub fn start(frame: FrameRef) {
    let code = frame.code();
    let units = code.units();
    let at = &units[frame.unit_index()];
    let first = at.get() as u8 == Opcode::RESUME as u8;
    if !first {
        return;
    }
    if frame.unit_index() == 0 {
        code.entry.set(1);
    }
    let mut i = 0;
    while i < units.len() {
        let unit = units[i].get();
        let Some(opcode) = Opcode::from_u8(unit as u8) else { break };
        let caches = opcode.caches();
        match opcode {
            Opcode::RESUME => units[i].set(unit & 0xFF00 | Opcode::RESUME_CHECK as u16),
            Opcode::JUMP_BACKWARD => {
                units[i].set(unit & 0xFF00 | Opcode::JUMP_BACKWARD_NO_JIT as u16);
                units[i + 1].set(JUMP);
            }
            _ if caches > 0 && opcode == opcode.base() => units[i + 1].set(WARMUP),
            _ => {}
        }
        i += 1 + caches;
    }
}
