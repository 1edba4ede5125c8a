//! Counts of what happened to each instruction that was to be specialised.
//!
//! Kept in the code object's `counters`: a flat array of triples (unit, event, count), written only when a site's
//! adaptive counter runs down, so that nothing is counted on a fast path.

use super::{Reason, Site};
use bytecode::Opcode;
use object::*;

/// What happened at a site.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// It was rewritten to this form.
    Specialised(Opcode),
    /// It could not be.
    Failed(Reason),
    /// The guard of this form failed so often that it was given up.
    Missed(Opcode),
}

const MISSED: i64 = 256;
const FAILED: i64 = 512;

impl Event {
    fn number(self) -> i64 {
        match self {
            Event::Specialised(opcode) => opcode as i64,
            Event::Missed(opcode) => MISSED + opcode as i64,
            Event::Failed(reason) => FAILED + reason as i64,
        }
    }

    fn from_number(n: i64) -> Option<Event> {
        match n {
            FAILED.. => Reason::ALL.get((n - FAILED) as usize).map(|&r| Event::Failed(r)),
            MISSED.. => Opcode::from_u8((n - MISSED) as u8).map(Event::Missed),
            _ => Opcode::from_u8(n as u8).map(Event::Specialised),
        }
    }
}

/// One line of a code object's statistics.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SiteReport {
    /// Index of the instruction, in code units.
    pub unit: usize,
    pub event: Event,
    pub count: u64,
}

/// Count `event`; how often it has happened here. Without memory nothing is counted.
pub(super) fn count(cx: &mut Cx, site: &Site, event: Event) -> usize {
    let (unit, number) = (site.unit() as i64, event.number());
    let code = site.code;
    let old = code.counters.get().cast::<Array>();
    let mut n = 0;
    if let Some(array) = old {
        while n + 3 <= array.capacity() && array.get(n).is_bound() {
            if int_at(array, n) == unit && int_at(array, n + 1) == number {
                let count = int_at(array, n + 2) as usize + 1;
                array.set(n + 2, Int::from_len(count).value());
                return count;
            }
            n += 3;
        }
    }
    let array = match old {
        Some(array) if n + 3 <= array.capacity() => array,
        _ => {
            let Ok(array) = Array::new(&mut cx.heap, (n * 2).max(12)) else { return 1 };
            if let Some(old) = old {
                array.copy_from(0, old, 0, n);
            }
            code.counters.set(code, array);
            array
        }
    };
    for (i, value) in [unit, number, 1].into_iter().enumerate() {
        array.set(n + i, Int::from_len(value as usize).value());
    }
    1
}

fn int_at(array: Gc<Array>, i: usize) -> i64 {
    array.get(i).as_int().map_or(0, Int::get)
}

/// What was counted for `code`.
pub fn site_reports(code: Gc<Code>) -> Vec<SiteReport> {
    let Some(array) = code.counters.get().cast::<Array>() else { return Vec::new() };
    let entries = (0..array.capacity() / 3).map(|i| i * 3).take_while(|&i| array.get(i).is_bound());
    entries
        .filter_map(|i| {
            let event = Event::from_number(int_at(array, i + 1))?;
            Some(SiteReport { unit: int_at(array, i) as usize, event, count: int_at(array, i + 2) as u64 })
        })
        .collect()
}
