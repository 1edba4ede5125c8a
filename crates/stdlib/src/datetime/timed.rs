//! What datetimes and times have in common: the members of the time of day and the zone, and what is pickled.

use super::{moment, time, zone};
use macros::native_class;
use runtime::native::Receiver;
use runtime::prelude::*;

/// A datetime or a time.
#[derive(Clone, Copy)]
pub enum Timed {
    Moment(moment::This),
    Time(time::This),
}

impl Receiver for Timed {
    fn from_receiver(value: Value) -> Option<Timed> {
        moment::of(value).map(Timed::Moment).or_else(|| value.cast().map(Timed::Time))
    }
}

impl Timed {
    fn clock(self) -> super::Clock {
        match self {
            Timed::Moment(moment) => moment.clock,
            Timed::Time(time) => time.clock,
        }
    }

    fn zone(self) -> Value {
        match self {
            Timed::Moment(moment) => moment.zone.get(),
            Timed::Time(time) => time.zone.get(),
        }
    }

    fn fold(self) -> u8 {
        match self {
            Timed::Moment(moment) => moment.fold.get(),
            Timed::Time(time) => time.fold.get(),
        }
    }

    fn value(self) -> Value {
        match self {
            Timed::Moment(moment) => moment.value(),
            Timed::Time(time) => time.value(),
        }
    }

    /// What its zone is asked about: a time has no date to tell.
    fn asked(self) -> Value {
        match self {
            Timed::Moment(moment) => moment.value(),
            Timed::Time(_) => Value::NONE,
        }
    }

    /// What is pickled, and which byte of it has room for the fold.
    fn state(self) -> (Vec<u8>, usize) {
        match self {
            Timed::Moment(moment) => (moment::state(moment).to_vec(), 2),
            Timed::Time(time) => (time::state(time.clock).to_vec(), 0),
        }
    }
}

fn reduced(cx: &mut Cx, this: Timed, with_fold: bool) -> PyResult<Gc<Tuple>> {
    let (mut state, place) = this.state();
    if with_fold && this.fold() == 1 {
        state[place] |= 0x80;
    }
    let state = cx.heap.bytes(&state).or_raise(cx)?.value();
    let zone = this.zone();
    let args = if zone.is_none() { cx.heap.tuple(&[state]) } else { cx.heap.tuple(&[state, zone]) };
    let class = cx.class_of(this.value()).value();
    Ok(cx.heap.tuple(&[class, args.value()]))
}

#[native_class(name = "datetime", module = "datetime", doc = "")]
pub mod members {
    use super::*;

    /// Return self.tzinfo.utcoffset(self).
    #[method("utcoffset($self, /)", text_signature = false)]
    fn utcoffset(cx: &mut Cx, this: Timed) -> PyResult {
        let offset = zone::utc_offset(cx, this.zone(), this.asked())?;
        zone::span_value(cx, offset)
    }

    /// Return self.tzinfo.tzname(self).
    #[method("tzname($self, /)", text_signature = false)]
    fn tzname(cx: &mut Cx, this: Timed) -> PyResult {
        zone::name(cx, this.zone(), this.asked())
    }

    /// Return self.tzinfo.dst(self).
    #[method("dst($self, /)", text_signature = false)]
    fn dst(cx: &mut Cx, this: Timed) -> PyResult {
        let saving = zone::dst(cx, this.zone(), this.asked())?;
        zone::span_value(cx, saving)
    }

    /// __reduce_ex__(proto) -> (cls, state)
    #[method("__reduce_ex__($self, proto, /)", text_signature = false)]
    fn reduce_ex(cx: &mut Cx, this: Timed, proto: i32) -> PyResult<Gc<Tuple>> {
        reduced(cx, this, proto > 3)
    }

    /// __reduce__() -> (cls, state)
    #[method("__reduce__($self, /)", text_signature = false)]
    fn reduce(cx: &mut Cx, this: Timed) -> PyResult<Gc<Tuple>> {
        reduced(cx, this, false)
    }

    #[getter]
    fn hour(this: Timed) -> i64 {
        i64::from(this.clock().hour)
    }

    #[getter]
    fn minute(this: Timed) -> i64 {
        i64::from(this.clock().minute)
    }

    #[getter]
    fn second(this: Timed) -> i64 {
        i64::from(this.clock().second)
    }

    #[getter]
    fn microsecond(this: Timed) -> i64 {
        i64::from(this.clock().micro)
    }

    #[getter]
    fn tzinfo(this: Timed) -> Value {
        this.zone()
    }

    #[getter]
    fn fold(this: Timed) -> i64 {
        i64::from(this.fold())
    }
}
