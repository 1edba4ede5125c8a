//! `decimal.Context`: precision, rounding, limits, and what has happened. The current one belongs to the thread's
//! `contextvars` context.

use super::number::{MAX_EMAX, MAX_PREC, MIN_EMIN, ROUNDINGS, Rounding, Rules, status};
use super::signals::{self, SIGNALS};
use runtime::native::{class_of_spec, new_native};
use runtime::prelude::*;
use std::cell::Cell;

#[derive(Trace)]
pub struct Context {
    #[trace(skip)]
    pub rules: Cell<Rules>,
    pub capitals: Cell<bool>,
    #[trace(skip)]
    pub flags: Cell<u32>,
    #[trace(skip)]
    pub traps: Cell<u32>,
}

impl NativeData for Context {
    const NAME: &'static str = "decimal.Context";
}

pub type This = Gc<Native<Context>>;

/// Bits in which an invalid operation stands for all its conditions.
pub fn all_invalid(bits: u32) -> u32 {
    if bits & status::ANY_INVALID != 0 { bits | status::ANY_INVALID } else { bits }
}

pub fn new_context(cx: &mut Cx, rules: Rules, traps: u32) -> PyResult<This> {
    let class = class_of_spec(cx, &class::SPEC)?;
    Ok(make(cx, class, rules, traps))
}

fn make(cx: &mut Cx, class: Gc<Class>, rules: Rules, traps: u32) -> This {
    let (rules, capitals, flags, traps) = (Cell::new(rules), Cell::new(true), Cell::new(0), Cell::new(traps));
    new_native(cx, class, Context { rules, capitals, flags, traps })
}

/// A copy, of the exact class.
pub fn copy(cx: &mut Cx, context: This) -> PyResult<This> {
    let copy = new_context(cx, context.rules.get(), context.traps.get())?;
    copy.capitals.set(context.capitals.get());
    copy.flags.set(context.flags.get());
    Ok(copy)
}

impl Context {
    /// Note what has happened; what is trapped is raised.
    pub fn note(&self, cx: &mut Cx, happened: u32) -> PyResult<()> {
        if happened == 0 {
            return Ok(());
        }
        if happened & status::OUT_OF_MEMORY != 0 {
            return Err(memory_error(cx));
        }
        self.flags.set(self.flags.get() | happened);
        let caught = happened & self.traps.get();
        if caught != 0 { Err(signals::raise(cx, caught)) } else { Ok(()) }
    }
}

/// The variable of the current context, and the last answer with what it is good for.
struct Current {
    /// The variable; then the context of variables and the decimal context that was found there.
    kept: RootVec,
    thread: Cell<Option<u64>>,
}

fn state(cx: &mut Cx) -> PyResult<std::rc::Rc<Current>> {
    static KEY: StateKey<Current> = StateKey::new();
    let vm = cx.vm();
    let current = vm.state(&KEY, || Current { kept: vm.root_vec(), thread: Cell::new(None) });
    if current.kept.is_empty() {
        let class = runtime::import::import_attr(cx, "_contextvars", "ContextVar")?;
        let name = cx.heap.str("decimal_context");
        let variable = call(cx, class, &[name])?;
        for value in [variable, Value::NONE, Value::NONE] {
            current.kept.push(value);
        }
    }
    Ok(current)
}

fn remember(cx: &Cx, current: &Current, context: This) {
    current.kept.set(1, cx.context.get());
    current.kept.set(2, context.value());
    current.thread.set(Some(cx.thread_id.get()));
}

/// The current context; a copy of `DefaultContext` when none was set.
pub fn current(cx: &mut Cx) -> PyResult<This> {
    let current = state(cx)?;
    if current.thread.get() == Some(cx.thread_id.get()) {
        let known = current.kept.with_values(|kept| kept[1].is(cx.context.get()).then_some(kept[2]));
        if let Some(context) = known.and_then(|known| known.cast::<Native<Context>>()) {
            return Ok(context);
        }
    }
    let (get, variable) = (cx.heap.intern("get"), current.kept.get(0));
    let found = call_method(cx, variable, get, &[Value::NONE])?;
    if let Some(context) = found.cast::<Native<Context>>() {
        remember(cx, &current, context);
        return Ok(context);
    }
    let template = signals::member(cx, "DefaultContext")?;
    let Some(template) = template.cast::<Native<Context>>() else {
        return Err(type_error(cx, "DefaultContext is no context"));
    };
    let context = copy(cx, template)?;
    context.flags.set(0);
    put(cx, &current, context)?;
    Ok(context)
}

fn put(cx: &mut Cx, current: &Current, context: This) -> PyResult<()> {
    let (set, variable) = (cx.heap.intern("set"), current.kept.get(0));
    call_method(cx, variable, set, &[context.value()])?;
    // Setting may have made the context of variables.
    remember(cx, current, context);
    Ok(())
}

/// Make a context the current one; the module's templates are copied.
pub fn set_current(cx: &mut Cx, context: This) -> PyResult<()> {
    let mut context = context;
    for name in ["DefaultContext", "BasicContext", "ExtendedContext"] {
        if signals::member(cx, name)?.is(context.value()) {
            context = copy(cx, context)?;
            context.flags.set(0);
            break;
        }
    }
    let current = state(cx)?;
    put(cx, &current, context)
}

/// The context that a method was given, or the current one.
pub fn given(cx: &mut Cx, context: Value) -> PyResult<This> {
    if context.is_unbound() || context.is_none() {
        return current(cx);
    }
    match context.cast::<Native<Context>>() {
        Some(context) => Ok(context),
        None => Err(type_error(cx, "optional argument must be a context")),
    }
}

const BAD_ROUNDING: &str = "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n   \
                            ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]";

pub fn rounding_of(cx: &mut Cx, value: Value) -> PyResult<Rounding> {
    let text = value.downcast::<Str>();
    match ROUNDINGS.iter().find(|(_, name)| text.is_some_and(|text| text.eq_str(name))) {
        Some(&(rounding, _)) => Ok(rounding),
        None => Err(type_error(cx, BAD_ROUNDING)),
    }
}

pub fn rounding_name(rounding: Rounding) -> &'static str {
    ROUNDINGS.iter().find(|(known, _)| *known == rounding).map_or("", |(_, name)| name)
}

fn integer(cx: &mut Cx, value: Value) -> PyResult<i64> {
    if !runtime::number::int::is_int(value) {
        return Err(type_error(cx, "an integer is required"));
    }
    match runtime::number::Num::of(value).and_then(|n| n.to_i64()) {
        Some(number) => Ok(number),
        None => Err(overflow_error(cx, "Python int too large to convert to C ssize_t")),
    }
}

/// Set one attribute; `None` when there is none of the name.
fn set(cx: &mut Cx, this: This, name: &str, value: Value) -> PyResult<Option<()>> {
    let mut rules = this.rules.get();
    let refused = |cx: &mut Cx, message: &str| Err(value_error(cx, message));
    match name {
        "prec" => match integer(cx, value)? {
            n @ 1..=MAX_PREC => rules.prec = n,
            _ => return refused(cx, "valid range for prec is [1, MAX_PREC]"),
        },
        "Emin" => match integer(cx, value)? {
            n @ MIN_EMIN..=0 => rules.emin = n,
            _ => return refused(cx, "valid range for Emin is [MIN_EMIN, 0]"),
        },
        "Emax" => match integer(cx, value)? {
            n @ 0..=MAX_EMAX => rules.emax = n,
            _ => return refused(cx, "valid range for Emax is [0, MAX_EMAX]"),
        },
        "rounding" => rules.rounding = rounding_of(cx, value)?,
        "capitals" => match integer(cx, value)? {
            n @ 0..=1 => this.capitals.set(n == 1),
            _ => return refused(cx, "valid values for capitals are 0 or 1"),
        },
        "clamp" => match integer(cx, value)? {
            n @ 0..=1 => rules.clamp = n == 1,
            _ => return refused(cx, "valid values for clamp are 0 or 1"),
        },
        "flags" => {
            let bits = signals::bits_of(cx, value)?;
            this.flags.set(bits);
        }
        "traps" => {
            let bits = signals::bits_of(cx, value)?;
            this.traps.set(bits);
        }
        _ => return Ok(None),
    }
    this.rules.set(rules);
    Ok(Some(()))
}

/// The parameters that contexts and `localcontext` share, in their order.
const PARAMETERS: [&str; 8] = ["prec", "rounding", "Emin", "Emax", "capitals", "clamp", "flags", "traps"];

fn set_all(cx: &mut Cx, this: This, values: &[Value]) -> PyResult<()> {
    for (name, &value) in PARAMETERS.iter().zip(values) {
        if !value.is_bound() || value.is_none() {
            continue;
        }
        match *name {
            // Constructors take lists as well.
            "flags" => this.flags.set(signals::bits_of_list(cx, value)?),
            "traps" => this.traps.set(signals::bits_of_list(cx, value)?),
            name => drop(set(cx, this, name, value)?),
        }
    }
    Ok(())
}

#[cold]
fn unexpected(cx: &mut Cx, name: Gc<Str>) -> Raised {
    type_error(cx, format_args!("this function got an unexpected keyword argument '{name}'"))
}

/// Arguments by position and name, named alike in errors.
fn bind<const N: usize>(cx: &mut Cx, names: [&str; N], n_positional: usize, args: Args<'_>) -> PyResult<[Value; N]> {
    let mut values = [Value::UNBOUND; N];
    let (positional, given) = (args.positional(), args.values().len());
    if positional.len() > n_positional {
        return Err(type_error(cx, format_args!("function takes at most {n_positional} arguments ({given} given)")));
    }
    values[..positional.len()].copy_from_slice(positional);
    for (name, value) in args.keywords() {
        match names.iter().position(|known| name.eq_str(known)) {
            Some(i) => values[i] = value,
            None => return Err(unexpected(cx, name)),
        }
    }
    Ok(values)
}

/// What `localcontext` gives.
pub fn manager(cx: &mut Cx, args: Args<'_>) -> PyResult {
    let names = ["ctx", "prec", "rounding", "Emin", "Emax", "capitals", "clamp", "flags", "traps"];
    let [context, values @ ..] = bind(cx, names, 1, args)?;
    let global = current(cx)?;
    let base = given(cx, context)?;
    let local = copy(cx, base)?;
    set_all(cx, local, &values)?;
    let class = class_of_spec(cx, &manager_class::SPEC)?;
    Ok(new_native(cx, class, Manager { local: GcSlot::of(local), global: GcSlot::of(global) }).value())
}

#[derive(Trace)]
pub struct Manager {
    local: GcSlot<Native<Context>>,
    global: GcSlot<Native<Context>>,
}

impl NativeData for Manager {
    const NAME: &'static str = "decimal.ContextManager";
}

#[native_class(
    name = "ContextManager",
    module = "decimal",
    layout = Native<Manager>,
    flags = DISALLOW_INSTANTIATION,
    doc = ""
)]
pub mod manager_class {
    use super::*;

    /// Make the local context the current one.
    #[method("__enter__($self, /)")]
    fn enter(cx: &mut Cx, this: Gc<Native<Manager>>) -> PyResult<super::This> {
        let local = this.local.expect();
        set_current(cx, local)?;
        Ok(local)
    }

    /// Make the former context the current one.
    #[method(raw, "__exit__($self, /, *args)")]
    fn exit(cx: &mut Cx, this: Gc<Native<Manager>>, _args: Args<'_>) -> PyResult {
        set_current(cx, this.global.expect())?;
        Ok(Value::FALSE)
    }
}

#[native_class(
    name = "Context",
    module = "decimal",
    layout = Native<Context>,
    flags = BASETYPE,
    doc = "Context(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)\n--\n\nThe context affects almost all operations and controls rounding,\nOver/Underflow, raising of exceptions and much more.  A new context\ncan be initialized as follows:\n\n    >>> c = Context(prec=28, Emin=-425000000, Emax=425000000,\n    ...             rounding=ROUND_HALF_EVEN, capitals=1, clamp=1,\n    ...             traps=[InvalidOperation, DivisionByZero, Overflow],\n    ...             flags=[])\n    >>>\n\n"
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, _args: Args<'_>) -> PyResult<This> {
        let usual = status::INVALID_OPERATION | status::DIVISION_BY_ZERO | status::OVERFLOW;
        let rules = Rules { prec: 28, rounding: Rounding::HalfEven, emin: -999_999, emax: 999_999, clamp: false };
        // Contexts start as the module's template is now.
        let template = match signals::member(cx, "DefaultContext") {
            Ok(template) => template.cast::<Native<Context>>(),
            Err(raised) => {
                cx.take_raised(raised);
                None
            }
        };
        let context = make(cx, class, rules, all_invalid(usual));
        if let Some(template) = template {
            context.rules.set(template.rules.get());
            context.traps.set(template.traps.get());
            context.capitals.set(template.capitals.get());
        }
        Ok(context)
    }

    #[slot]
    fn init(cx: &mut Cx, this: This, args: Args<'_>) -> PyResult<()> {
        let values = bind(cx, PARAMETERS, PARAMETERS.len(), args)?;
        set_all(cx, this, &values)
    }

    /// The signals in the order in which a context shows them.
    const SHOWN: [&str; 9] = [
        "Clamped",
        "InvalidOperation",
        "DivisionByZero",
        "Inexact",
        "FloatOperation",
        "Overflow",
        "Rounded",
        "Subnormal",
        "Underflow",
    ];

    fn signal_names(bits: u32) -> String {
        let is_set = |name: &&&str| SIGNALS.iter().any(|s| s.name == **name && bits & s.mask != 0);
        let names: Vec<&str> = SHOWN.iter().filter(is_set).copied().collect();
        names.join(", ")
    }

    #[slot]
    fn repr(_: &mut Cx, this: This) -> String {
        let Rules { prec, rounding, emin, emax, clamp } = this.rules.get();
        format!(
            "Context(prec={prec}, rounding={}, Emin={emin}, Emax={emax}, capitals={}, clamp={}, flags=[{}], traps=[{}])",
            rounding_name(rounding),
            u8::from(this.capitals.get()),
            u8::from(clamp),
            signal_names(this.flags.get()),
            signal_names(this.traps.get())
        )
    }

    #[slot]
    fn setattro(cx: &mut Cx, this: This, name: Gc<Str>, value: Option<Value>) -> PyResult<()> {
        let known = name.as_ascii().filter(|name| PARAMETERS.contains(name)).map(str::to_owned);
        match (known, value) {
            (Some(name), Some(value)) => set(cx, this, &name, value).map(|_| ()),
            (Some(_), None) => Err(attribute_error(cx, this.value(), name, "context attributes cannot be deleted")),
            (None, value) => generic_set_attr(cx, this.value(), name, value),
        }
    }

    #[getter]
    fn prec(this: This) -> i64 {
        this.rules.get().prec
    }

    #[getter]
    fn rounding(cx: &mut Cx, this: This) -> Gc<Str> {
        cx.heap.intern(rounding_name(this.rules.get().rounding))
    }

    #[getter(Emin)]
    fn emin(this: This) -> i64 {
        this.rules.get().emin
    }

    #[getter(Emax)]
    fn emax(this: This) -> i64 {
        this.rules.get().emax
    }

    #[getter]
    fn capitals(this: This) -> i64 {
        i64::from(this.capitals.get())
    }

    #[getter]
    fn clamp(this: This) -> i64 {
        i64::from(this.rules.get().clamp)
    }

    #[getter]
    fn flags(cx: &mut Cx, this: This) -> PyResult<Gc<Native<signals::View>>> {
        signals::view(cx, this, false)
    }

    #[getter]
    fn traps(cx: &mut Cx, this: This) -> PyResult<Gc<Native<signals::View>>> {
        signals::view(cx, this, true)
    }

    /// Return a value equal to Emin - prec + 1.
    ///
    /// This is the minimum exponent value for subnormal results.  When
    /// underflow occurs, the exponent is set to Etiny.
    #[method("Etiny($self, /)")]
    fn etiny(this: This) -> i64 {
        this.rules.get().etiny()
    }

    /// Return a value equal to Emax - prec + 1.
    ///
    /// This is the maximum exponent if the _clamp field of the context is set
    /// to 1 (IEEE clamp mode).  Etop() must not be negative.
    #[method("Etop($self, /)")]
    fn etop(this: This) -> i64 {
        this.rules.get().etop()
    }

    /// Reset all flags to False.
    #[method("clear_flags($self, /)")]
    fn clear_flags(this: This) {
        this.flags.set(0);
    }

    /// Set all traps to False.
    #[method("clear_traps($self, /)")]
    fn clear_traps(this: This) {
        this.traps.set(0);
    }

    /// Return a duplicate of the context with all flags cleared.
    #[method("copy($self, /)")]
    fn copied(cx: &mut Cx, this: This) -> PyResult<This> {
        super::copy(cx, this)
    }

    /// A duplicate of the context.
    #[method("__copy__($self, /)")]
    fn copied_dunder(cx: &mut Cx, this: This) -> PyResult<This> {
        super::copy(cx, this)
    }

    /// Class and arguments for pickles.
    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: This) -> PyResult<Gc<Tuple>> {
        let Rules { prec, rounding, emin, emax, clamp } = this.rules.get();
        let numbers = [prec, emin, emax, i64::from(this.capitals.get()), i64::from(clamp)];
        let [prec, emin, emax, capitals, clamp] = numbers.map(|n| BigInt::from_i64(&mut cx.heap, n));
        let rounding = cx.heap.intern(rounding_name(rounding)).value();
        let flags = signals::list(cx, this.flags.get(), false)?.value();
        let traps = signals::list(cx, this.traps.get(), false)?.value();
        let args = cx.heap.tuple(&[prec, rounding, emin, emax, capitals, clamp, flags, traps]).value();
        let class = cx.class_of(this.value()).value();
        Ok(cx.heap.tuple(&[class, args]))
    }

    #[init]
    fn init_class(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        super::super::methods::add_to_context(cx, class)
    }
}
