//! Lengths of time as Python programs give them, and deadlines.

use runtime::prelude::*;
use std::time::{Duration, Instant};

pub const NANOS: i64 = 1_000_000_000;

/// How a float is made a whole number of units.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Round {
    /// Towards minus infinity.
    Floor,
    /// Towards plus infinity.
    Ceiling,
    /// Away from zero: what timeouts want.
    Up,
}

impl Round {
    pub fn apply(self, x: f64) -> f64 {
        match self {
            Round::Floor => x.floor(),
            Round::Ceiling => x.ceil(),
            Round::Up if x >= 0.0 => x.ceil(),
            Round::Up => x.floor(),
        }
    }
}

fn out_of_range(cx: &mut Cx) -> Raised {
    overflow_error(cx, "timestamp out of range for C PyTime_t")
}

/// Nanoseconds of an int or float of seconds.
pub fn nanoseconds(cx: &mut Cx, seconds: Value, round: Round) -> PyResult<i64> {
    let exact = seconds.unwrap_payload();
    if let Some(f) = exact.as_float() {
        if f.is_nan() {
            return Err(value_error(cx, "Invalid value NaN (not a number)"));
        }
        let scaled = round.apply(f * NANOS as f64);
        if scaled < i64::MIN as f64 || scaled >= -(i64::MIN as f64) {
            return Err(out_of_range(cx));
        }
        return Ok(scaled as i64);
    }
    if cx.class_of(seconds).slots.index.get().is_none() {
        let name = type_name(cx, seconds);
        return Err(type_error(cx, format_args!("'{name}' object cannot be interpreted as an integer or float")));
    }
    let whole = index_value(cx, seconds)?;
    let nanos = whole.unwrap_payload().as_small_or_bool().and_then(|s| s.checked_mul(NANOS));
    match nanos {
        Some(nanos) => Ok(nanos),
        None => Err(out_of_range(cx)),
    }
}

/// Until when to wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deadline {
    /// Do not wait at all.
    Now,
    Never,
    At(Instant),
}

impl Deadline {
    /// In so many nanoseconds.
    pub fn after(nanos: i64) -> Deadline {
        if nanos <= 0 {
            return Deadline::Now;
        }
        Instant::now().checked_add(Duration::from_nanos(nanos as u64)).map_or(Deadline::Never, Deadline::At)
    }

    /// Time left; `None` = without limit.
    pub fn remaining(self) -> Option<Duration> {
        match self {
            Deadline::Now => Some(Duration::ZERO),
            Deadline::Never => None,
            Deadline::At(at) => Some(at.saturating_duration_since(Instant::now())),
        }
    }

    pub fn is_over(self) -> bool {
        self.remaining() == Some(Duration::ZERO)
    }
}
