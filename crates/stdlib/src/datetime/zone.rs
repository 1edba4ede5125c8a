//! `datetime.tzinfo` and `datetime.timezone`, and how other classes ask a time zone.

use super::delta::{self, Delta, Span, new_delta, span_of};
use super::moment::{self, Moment};
use runtime::native::new_native;
use runtime::prelude::*;

#[derive(Trace)]
pub struct Zone {
    /// The offset of a `timezone`; unbound in other time zones.
    offset: Slot,
    /// The name that a `timezone` was given, or unbound.
    name: Slot,
}

impl NativeData for Zone {
    const NAME: &'static str = "datetime.tzinfo";
}

type This = Gc<Native<Zone>>;

pub fn is_zone(value: Value) -> bool {
    value.is_a::<Native<Zone>>()
}

/// The span of an exact `timezone`, which no Python code can have overridden.
fn fixed_offset(value: Value) -> Option<Gc<Native<Delta>>> {
    value.cast::<Native<Zone>>().and_then(|zone| zone.offset.get().cast::<Native<Delta>>())
}

/// `timezone.utc`, the same object for the whole VM.
pub fn utc(cx: &mut Cx) -> PyResult<Value> {
    let class = class_of_spec(cx, &class::SPEC)?;
    utc_of_class(cx, class)
}

fn utc_of_class(cx: &mut Cx, class: Gc<Class>) -> PyResult<Value> {
    struct Utc(RootVec);
    let vm = cx.vm();
    let kept = vm.extension(|| Utc(vm.root_vec()));
    if let Some(utc) = kept.0.iter().next() {
        return Ok(utc);
    }
    let zero = new_delta(cx, Span::default())?;
    let utc = make(cx, class, zero, Value::UNBOUND).value();
    kept.0.push(utc);
    Ok(utc)
}

fn make(cx: &mut Cx, class: Gc<Class>, offset: Gc<Native<Delta>>, name: Value) -> This {
    new_native(cx, class, Zone { offset: Slot::new(offset.value()), name: Slot::new(name) })
}

/// A `timezone` of this offset; `name` unbound = none.
pub fn new_timezone(cx: &mut Cx, span: Span, name: Value) -> PyResult {
    if span.is_zero() && name.is_unbound() {
        return utc(cx);
    }
    check_offset(cx, span)?;
    let offset = new_delta(cx, span)?;
    let class = class_of_spec(cx, &class::SPEC)?;
    Ok(make(cx, class, offset, name).value())
}

fn check_offset(cx: &mut Cx, span: Span) -> PyResult<()> {
    if span.is_less_than_a_day() {
        return Ok(());
    }
    let shown = delta::repr_of_span("datetime.timedelta", span);
    let message = format!(
        "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not {shown}"
    );
    Err(value_error(cx, message))
}

/// What `zone.method(argument)` says, which must be None or a short timedelta.
fn ask_span(cx: &mut Cx, zone: Value, method: &str, argument: Value) -> PyResult<Option<Span>> {
    if zone.is_none() {
        return Ok(None);
    }
    let answer = super::invoke(cx, zone, method, &[argument])?;
    if answer.is_none() {
        return Ok(None);
    }
    let Some(span) = span_of(answer) else {
        let name = type_name(cx, answer);
        let message = format!("tzinfo.{method}() must return None or timedelta, not '{name}'");
        return Err(type_error(cx, message));
    };
    check_offset(cx, span)?;
    Ok(Some(span))
}

/// The offset from UTC that a time zone (or None) gives for a datetime or None.
pub fn utc_offset(cx: &mut Cx, zone: Value, argument: Value) -> PyResult<Option<Span>> {
    match fixed_offset(zone) {
        Some(offset) => Ok(Some(offset.span)),
        None => ask_span(cx, zone, "utcoffset", argument),
    }
}

pub fn dst(cx: &mut Cx, zone: Value, argument: Value) -> PyResult<Option<Span>> {
    if fixed_offset(zone).is_some() { Ok(None) } else { ask_span(cx, zone, "dst", argument) }
}

/// The name of a time zone, None or a str.
pub fn name(cx: &mut Cx, zone: Value, argument: Value) -> PyResult {
    if zone.is_none() {
        return Ok(Value::NONE);
    }
    let answer = super::invoke(cx, zone, "tzname", &[argument])?;
    if answer.is_none() || answer.downcast::<Str>().is_some() {
        return Ok(answer);
    }
    let name = type_name(cx, answer);
    Err(type_error(cx, format_args!("tzinfo.tzname() must return None or a string, not '{name}'")))
}

/// A span or None as an object.
pub fn span_value(cx: &mut Cx, span: Option<Span>) -> PyResult {
    match span {
        Some(span) => Ok(new_delta(cx, span)?.value()),
        None => Ok(Value::NONE),
    }
}

/// `+01:02:03.000004`, with `separator` between the parts.
pub fn offset_text(span: Span, separator: &str) -> String {
    let micros = span.total_micros();
    let sign = if micros < 0 { '-' } else { '+' };
    let micros = micros.unsigned_abs() as u64;
    let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut text = format!("{sign}{hours:02}{separator}{minutes:02}");
    if seconds != 0 || micros != 0 {
        text += &format!("{separator}{seconds:02}");
    }
    if micros != 0 {
        text += &format!(".{micros:06}");
    }
    text
}

/// The argument of `fromutc`: a datetime of this zone.
fn own_moment(cx: &mut Cx, this: This, dt: Value) -> PyResult<Gc<Native<Moment>>> {
    let Some(moment) = moment::of(dt) else {
        return Err(type_error(cx, "fromutc: argument must be a datetime"));
    };
    if !moment.zone.get().is(this.value()) {
        return Err(value_error(cx, "fromutc: dt.tzinfo is not self"));
    }
    Ok(moment)
}

#[native_class(
    name = "tzinfo",
    module = "datetime",
    layout = Native<Zone>,
    flags = BASETYPE,
    doc = "Abstract base class for time zone info objects."
)]
pub mod base {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> This {
        new_native(cx, class, Zone { offset: Slot::new(Value::UNBOUND), name: Slot::new(Value::UNBOUND) })
    }

    fn not_implemented(cx: &mut Cx, method: &str) -> Raised {
        not_implemented_error(cx, format_args!("a tzinfo subclass must implement {method}()"))
    }

    /// datetime -> string name of time zone.
    #[method("tzname($self, dt, /)", text_signature = false)]
    fn tzname(cx: &mut Cx, _this: This, _dt: Value) -> PyResult<()> {
        Err(not_implemented(cx, "tzname"))
    }

    /// datetime -> timedelta showing offset from UTC, negative values indicating West of UTC
    #[method("utcoffset($self, dt, /)", text_signature = false)]
    fn utcoffset(cx: &mut Cx, _this: This, _dt: Value) -> PyResult<()> {
        Err(not_implemented(cx, "utcoffset"))
    }

    /// datetime -> DST offset as timedelta positive east of UTC.
    #[method("dst($self, dt, /)", text_signature = false)]
    fn dst(cx: &mut Cx, _this: This, _dt: Value) -> PyResult<()> {
        Err(not_implemented(cx, "dst"))
    }

    /// datetime in UTC -> datetime in local time.
    #[method("fromutc($self, dt, /)", text_signature = false)]
    fn fromutc(cx: &mut Cx, this: This, dt: Value) -> PyResult {
        let moment = own_moment(cx, this, dt)?;
        let Some(offset) = moment::offset_of(cx, moment)? else {
            return Err(value_error(cx, "fromutc: non-None utcoffset() result required"));
        };
        let Some(saving) = moment::dst_of(cx, moment)? else {
            return Err(value_error(cx, "fromutc: non-None dst() result required"));
        };
        let standard = delta::span_of_micros(cx, offset.total_micros() - saving.total_micros())?;
        let result = moment::add(cx, moment, standard, 1)?;
        let Some(saving) = moment::of(result).map_or(Ok(None), |moment| moment::dst_of(cx, moment))? else {
            return Err(value_error(cx, "fromutc: tz.dst() gave inconsistent results; cannot convert"));
        };
        match moment::of(result) {
            Some(moment) if !saving.is_zero() => moment::add(cx, moment, saving, 1),
            _ => Ok(result),
        }
    }

    /// -> (cls, state)
    #[method("__reduce__($self, /)", text_signature = false)]
    fn reduce(cx: &mut Cx, this: This) -> PyResult<Gc<Tuple>> {
        let name = cx.heap.intern("__getinitargs__");
        let args = match get_attr_opt(cx, this.value(), name)? {
            Some(method) => call(cx, method, &[])?,
            None => cx.vm().empty_tuple().value(),
        };
        let state = super::super::invoke(cx, this.value(), "__getstate__", &[])?;
        let class = cx.class_of(this.value());
        Ok(cx.heap.tuple(&[class.value(), args, state]))
    }
}

#[native_class(
    name = "timezone",
    module = "datetime",
    layout = Native<Zone>,
    base = base::SPEC,
    doc = "Fixed offset from UTC implementation of tzinfo."
)]
pub mod class {
    use super::*;

    #[slot(new, "timezone(offset, name=<unrepresentable>)")]
    fn new(cx: &mut Cx, _class: Gc<Class>, offset: Value, name: Value) -> PyResult {
        let Some(span) = span_of(offset) else {
            let given = type_name(cx, offset);
            return Err(type_error(cx, format_args!("timezone() argument 1 must be datetime.timedelta, not {given}")));
        };
        if name.is_bound() {
            super::super::str_argument(cx, "timezone", 2, name)?;
        }
        new_timezone(cx, span, name)
    }

    fn span(this: This) -> Span {
        span_of(this.offset.get()).unwrap_or_default()
    }

    #[slot]
    fn repr(cx: &mut Cx, this: This) -> PyResult {
        let class = type_name(cx, this.value());
        if utc(cx)?.is(this.value()) {
            return Ok(cx.heap.str(&format!("{class}.utc")));
        }
        let mut text = StrBuilder::new();
        text.push_str(&format!("{class}("));
        text.push_str(&delta::repr_of_span("datetime.timedelta", span(this)));
        if let Some(name) = this.name.get().bound() {
            text.push_str(", ");
            let name = repr_of(cx, name)?;
            text.push_py(&name);
        }
        text.push_char(')');
        Ok(text.finish(&mut cx.heap).or_raise(cx)?.value())
    }

    #[slot]
    fn str(cx: &mut Cx, this: This) -> Value {
        if let Some(name) = this.name.get().bound() {
            return name;
        }
        match span(this) {
            span if span.is_zero() => cx.heap.str("UTC"),
            span => cx.heap.str(&format!("UTC{}", offset_text(span, ":"))),
        }
    }

    #[slot]
    fn hash(cx: &mut Cx, this: This) -> PyResult<i64> {
        hash_of(cx, this.offset.get())
    }

    #[slot]
    fn richcompare(_: &mut Cx, this: This, other: Value, op: CompareOp) -> Value {
        let other = other.cast::<Native<Zone>>().filter(|zone| zone.offset.get().is_bound());
        match (other, op) {
            (Some(other), CompareOp::Eq) => Value::bool(span(this) == span(other)),
            (Some(other), CompareOp::Ne) => Value::bool(span(this) != span(other)),
            _ => Value::NOT_IMPLEMENTED,
        }
    }

    fn check_argument(cx: &mut Cx, dt: Value, method: &str) -> PyResult<()> {
        if dt.is_none() || moment::of(dt).is_some() {
            return Ok(());
        }
        let name = type_name(cx, dt);
        Err(type_error(cx, format_args!("{method}(dt) argument must be a datetime instance or None, not {name}")))
    }

    /// If name is specified when timezone is created, returns the name.  Otherwise returns offset as 'UTC(+|-)HH:MM'.
    #[method("tzname($self, dt, /)", text_signature = false)]
    fn tzname(cx: &mut Cx, this: This, dt: Value) -> PyResult {
        check_argument(cx, dt, "tzname")?;
        Ok(str(cx, this))
    }

    /// Return fixed offset.
    #[method("utcoffset($self, dt, /)", text_signature = false)]
    fn utcoffset(cx: &mut Cx, this: This, dt: Value) -> PyResult {
        check_argument(cx, dt, "utcoffset")?;
        Ok(this.offset.get())
    }

    /// Return None.
    #[method("dst($self, dt, /)", text_signature = false)]
    fn dst(cx: &mut Cx, _this: This, dt: Value) -> PyResult<()> {
        check_argument(cx, dt, "dst")
    }

    /// datetime in UTC -> datetime in local time.
    #[method("fromutc($self, dt, /)", text_signature = false)]
    fn fromutc(cx: &mut Cx, this: This, dt: Value) -> PyResult {
        let moment = own_moment(cx, this, dt)?;
        moment::add(cx, moment, span(this), 1)
    }

    /// pickle support
    #[method("__getinitargs__($self, /)", text_signature = false)]
    fn getinitargs(cx: &mut Cx, this: This) -> Gc<Tuple> {
        match this.name.get().bound() {
            Some(name) => cx.heap.tuple(&[this.offset.get(), name]),
            None => cx.heap.tuple(&[this.offset.get()]),
        }
    }

    #[init]
    fn init_class(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        let longest = 24 * 3600 - 60;
        for (name, seconds) in [("min", -longest), ("max", longest)] {
            let offset = new_delta(cx, Span::from_seconds(seconds))?;
            let zone = make(cx, class, offset, Value::UNBOUND);
            super::super::set_class_attr(cx, class, name, zone.value())?;
        }
        let utc = utc_of_class(cx, class)?;
        super::super::set_class_attr(cx, class, "utc", utc)
    }
}
