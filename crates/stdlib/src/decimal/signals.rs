//! The signals: exception classes, the bits that stand for them, and the mappings `flags` and `traps` of contexts.

use super::context::{self, Context};
use super::number::{Rounding, Rules, status};
use runtime::native::{class_of_spec, new_native};
use runtime::prelude::*;

/// A signal: its class's name, its bit as it is shown, and all bits that count as it.
pub struct Signal {
    pub name: &'static str,
    pub bit: u32,
    pub mask: u32,
}

const fn signal(name: &'static str, bit: u32) -> Signal {
    Signal { name, bit, mask: bit }
}

/// The signals in the order in which they are listed.
pub static SIGNALS: [Signal; 9] = [
    Signal { name: "InvalidOperation", bit: status::INVALID_OPERATION, mask: status::ANY_INVALID },
    signal("FloatOperation", status::FLOAT_OPERATION),
    signal("DivisionByZero", status::DIVISION_BY_ZERO),
    signal("Overflow", status::OVERFLOW),
    signal("Underflow", status::UNDERFLOW),
    signal("Subnormal", status::SUBNORMAL),
    signal("Inexact", status::INEXACT),
    signal("Rounded", status::ROUNDED),
    signal("Clamped", status::CLAMPED),
];

/// The conditions that are invalid operations, each with a class of its own.
static CONDITIONS: [(&str, u32); 5] = [
    ("InvalidOperation", status::INVALID_OPERATION),
    ("ConversionSyntax", status::CONVERSION_SYNTAX),
    ("DivisionImpossible", status::DIVISION_IMPOSSIBLE),
    ("DivisionUndefined", status::DIVISION_UNDEFINED),
    ("InvalidContext", status::INVALID_CONTEXT),
];

const BAD_SIGNAL: &str = "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n   \
                          Overflow, Underflow, Subnormal, Inexact, Rounded,\n   Clamped]";

/// What the VM has once, however often the module is made: exception classes, `DecimalTuple`, template contexts.
struct Members(RootVec);

/// The dict of members by name.
fn members(cx: &mut Cx) -> PyResult<Gc<Dict>> {
    let vm = cx.vm();
    let kept = vm.extension(|| Members(vm.root_vec()));
    if let Some(dict) = kept.0.iter().next().and_then(Value::cast::<Dict>) {
        return Ok(dict);
    }
    let dict = Dict::new(&mut cx.heap);
    kept.0.push(dict.value());
    make(cx, dict)?;
    Ok(dict)
}

/// A member: one of the exception classes, `DecimalTuple`, or a template context.
pub fn member(cx: &mut Cx, name: &str) -> PyResult {
    let members = members(cx)?;
    let name = cx.heap.intern(name);
    match members.get_str(name) {
        Some(member) => Ok(member),
        None => Err(system_error(cx, format_args!("_decimal has no {name}"))),
    }
}

/// Put all members into a module.
pub fn add_members(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
    let members = members(cx)?;
    for i in 0..members.n_entries() {
        if let Some((name, value)) = members.entry(i)
            && let Some(name) = name.downcast::<Str>()
        {
            set_module_attr(cx, module, &name.to_string(), value)?;
        }
    }
    Ok(())
}

/// KeyError with a text.
#[cold]
pub fn bad_signal(cx: &mut Cx) -> Raised {
    let text = cx.heap.str(BAD_SIGNAL);
    key_error(cx, text)
}

/// The signal that a class stands for.
pub fn signal_of(cx: &mut Cx, class: Value) -> PyResult<&'static Signal> {
    for signal in &SIGNALS {
        if member(cx, signal.name)?.is(class) {
            return Ok(signal);
        }
    }
    Err(bad_signal(cx))
}

/// The classes of the signals among `bits`; `conditions` tells the invalid operations apart.
pub fn list(cx: &mut Cx, bits: u32, conditions: bool) -> PyResult<Gc<List>> {
    let list = List::empty(&mut cx.heap);
    if conditions {
        for (name, _) in CONDITIONS.iter().filter(|(_, bit)| bits & bit != 0) {
            let class = member(cx, name)?;
            list.push(&mut cx.heap, class).or_raise(cx)?;
        }
    }
    let skipped = usize::from(conditions);
    for signal in SIGNALS[skipped..].iter().filter(|signal| bits & signal.mask != 0) {
        let class = member(cx, signal.name)?;
        list.push(&mut cx.heap, class).or_raise(cx)?;
    }
    Ok(list)
}

/// Raise what traps have caught: the first signal, with a list of all.
#[cold]
pub fn raise(cx: &mut Cx, bits: u32) -> Raised {
    let name = SIGNALS.iter().find(|signal| bits & signal.mask != 0).map_or("InvalidOperation", |signal| signal.name);
    let raised = (|| {
        let class = member(cx, name)?;
        let list = list(cx, bits, true)?;
        call(cx, class, &[list.value()])
    })();
    match raised {
        Ok(exception) => raise_object(cx, exception),
        Err(raised) => raised,
    }
}

/// The bits of a list of signals, or of a mapping.
pub fn bits_of_list(cx: &mut Cx, signals: Value) -> PyResult<u32> {
    let Some(list) = signals.downcast::<List>() else { return bits_of(cx, signals) };
    let mut bits = 0;
    for i in 0..list.len() {
        let class = list.get(i).unwrap_or(Value::NONE);
        bits |= signal_of(cx, class)?.mask;
    }
    Ok(bits)
}

/// The bits of a mapping of signals.
pub fn bits_of(cx: &mut Cx, signals: Value) -> PyResult<u32> {
    if let Some(view) = signals.cast::<Native<View>>() {
        return Ok(view.bits());
    }
    if let Some(dict) = signals.downcast::<Dict>() {
        if dict.len() != SIGNALS.len() {
            let text = cx.heap.str("invalid signal dict");
            return Err(key_error(cx, text));
        }
        let mut bits = 0;
        for signal in &SIGNALS {
            let class = member(cx, signal.name)?;
            let Some(set) = runtime::dict::get(cx, dict, class)? else {
                let text = cx.heap.str("invalid signal dict");
                return Err(key_error(cx, text));
            };
            if is_true(cx, set)? {
                bits |= signal.mask;
            }
        }
        return Ok(bits);
    }
    Err(type_error(cx, "argument must be a signal dict"))
}

/// The flags or the traps of a context, seen as a mapping.
#[derive(Trace)]
pub struct View {
    context: GcSlot<Native<Context>>,
    #[trace(skip)]
    of_traps: bool,
}

impl NativeData for View {
    const NAME: &'static str = "decimal.SignalDict";
}

type This = Gc<Native<View>>;

impl View {
    fn cell(&self) -> Gc<Native<Context>> {
        self.context.expect()
    }

    fn bits(&self) -> u32 {
        let context = self.cell();
        if self.of_traps { context.traps.get() } else { context.flags.get() }
    }

    fn set(&self, bits: u32) {
        let context = self.cell();
        if self.of_traps { context.traps.set(bits) } else { context.flags.set(bits) }
    }
}

/// The class of the views: the native one with the methods of mappings.
fn view_class(cx: &mut Cx) -> PyResult<Gc<Class>> {
    struct Kept(RootVec);
    let vm = cx.vm();
    let kept = vm.extension(|| Kept(vm.root_vec()));
    if let Some(class) = kept.0.iter().next().and_then(Value::cast::<Class>) {
        return Ok(class);
    }
    let base = class_of_spec(cx, &mixin::SPEC)?.value();
    let mapping = runtime::import::import_attr(cx, "collections.abc", "MutableMapping")?;
    let meta = runtime::import::import_attr(cx, "abc", "ABCMeta")?;
    let bases = cx.heap.tuple(&[base, mapping]).value();
    let namespace = Dict::new(&mut cx.heap);
    let slots = cx.heap.intern("__slots__");
    let none = cx.vm().empty_tuple().value();
    namespace.set_str(&mut cx.heap, slots, none).or_raise(cx)?;
    let (key, module) = (cx.names().__module__, cx.heap.intern("abc"));
    namespace.set_str(&mut cx.heap, key, module.value()).or_raise(cx)?;
    let name = cx.heap.intern("SignalDict").value();
    let class = call(cx, meta, &[name, bases, namespace.value()])?;
    kept.0.push(class);
    match class.cast::<Class>() {
        Some(class) => Ok(class),
        None => Err(type_error(cx, "SignalDict is no class")),
    }
}

pub fn view(cx: &mut Cx, context: Gc<Native<Context>>, of_traps: bool) -> PyResult<This> {
    let class = view_class(cx)?;
    Ok(new_native(cx, class, View { context: GcSlot::of(context), of_traps }))
}

#[native_class(name = "SignalDictMixin", module = "decimal", layout = Native<View>, flags = BASETYPE | DISALLOW_INSTANTIATION, doc = "")]
pub mod mixin {
    use super::*;

    #[slot]
    fn len(_: &mut Cx, _this: This) -> PyResult<usize> {
        Ok(SIGNALS.len())
    }

    #[slot]
    fn getitem(cx: &mut Cx, this: This, key: Value) -> PyResult {
        let signal = signal_of(cx, key)?;
        Ok(Value::bool(this.bits() & signal.mask != 0))
    }

    #[slot]
    fn setitem(cx: &mut Cx, this: This, key: Value, value: Option<Value>) -> PyResult<()> {
        let Some(value) = value else { return Err(value_error(cx, "signal keys cannot be deleted")) };
        let signal = signal_of(cx, key)?;
        let set = is_true(cx, value)?;
        this.set(if set { this.bits() | signal.mask } else { this.bits() & !signal.mask });
        Ok(())
    }

    #[slot]
    fn iter(cx: &mut Cx, _this: This) -> PyResult {
        let all = list(cx, u32::MAX, false)?;
        let all = to_tuple(cx, all.value())?;
        get_iter(cx, all.value())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: This) -> PyResult<String> {
        let mut parts = Vec::new();
        for signal in &SIGNALS {
            let class = member(cx, signal.name)?;
            let shown = repr_of(cx, class)?;
            let set = if this.bits() & signal.mask != 0 { "True" } else { "False" };
            parts.push(format!("{shown}:{set}"));
        }
        Ok(format!("{{{}}}", parts.join(", ")))
    }

    #[slot]
    fn richcompare(cx: &mut Cx, this: This, other: Value, op: CompareOp) -> PyResult {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let shown = |bits: u32| SIGNALS.iter().map(|s| bits & s.mask != 0).collect::<Vec<_>>();
        let other = if let Some(view) = other.cast::<Native<View>>() {
            view.bits()
        } else if other.downcast::<Dict>().is_some() {
            match bits_of(cx, other) {
                Ok(bits) => bits,
                Err(raised) => {
                    cx.catch(raised, cx.types().KeyError)?;
                    return Err(value_error(cx, "invalid signal dict"));
                }
            }
        } else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let equal = shown(this.bits()) == shown(other);
        Ok(Value::bool(equal == (op == CompareOp::Eq)))
    }

    /// A dict of the signals.
    #[method("copy($self, /)")]
    fn copy(cx: &mut Cx, this: This) -> PyResult<Gc<Dict>> {
        let dict = Dict::new(&mut cx.heap);
        for signal in &SIGNALS {
            let class = member(cx, signal.name)?;
            runtime::dict::set(cx, dict, class, Value::bool(this.bits() & signal.mask != 0))?;
        }
        Ok(dict)
    }
}

/// Make the members.
fn make(cx: &mut Cx, members: Gc<Dict>) -> PyResult<()> {
    let types = cx.types();
    let (arithmetic, zero, wrong_type) = (types.ArithmeticError, types.ZeroDivisionError, types.TypeError);
    let make = |cx: &mut Cx, name: &str, bases: &[Gc<Class>]| -> PyResult<Gc<Class>> {
        let class = crate::classes::exception_class(cx, "decimal", name, bases)?;
        let name = cx.heap.intern(name);
        members.set_str(&mut cx.heap, name, class.value()).or_raise(cx)?;
        Ok(class)
    };
    let base = make(cx, "DecimalException", &[arithmetic])?;
    make(cx, "Clamped", &[base])?;
    let rounded = make(cx, "Rounded", &[base])?;
    let inexact = make(cx, "Inexact", &[base])?;
    let subnormal = make(cx, "Subnormal", &[base])?;
    make(cx, "Underflow", &[inexact, rounded, subnormal])?;
    make(cx, "Overflow", &[inexact, rounded])?;
    make(cx, "DivisionByZero", &[base, zero])?;
    make(cx, "FloatOperation", &[base, wrong_type])?;
    let invalid = make(cx, "InvalidOperation", &[base])?;
    make(cx, "ConversionSyntax", &[invalid])?;
    make(cx, "DivisionImpossible", &[invalid])?;
    make(cx, "DivisionUndefined", &[invalid, zero])?;
    make(cx, "InvalidContext", &[invalid])?;

    let named_tuple = runtime::import::import_attr(cx, "collections", "namedtuple")?;
    let (name, fields) = (cx.heap.str("DecimalTuple"), cx.heap.str("sign digits exponent"));
    let class = call(cx, named_tuple, &[name, fields])?;
    let (key, decimal) = (cx.names().__module__, cx.heap.intern("decimal"));
    set_attr(cx, class, key, decimal.value())?;
    let name = cx.heap.intern("DecimalTuple");
    members.set_str(&mut cx.heap, name, class).or_raise(cx)?;

    let usual = status::INVALID_OPERATION | status::DIVISION_BY_ZERO | status::OVERFLOW;
    let basic = usual | status::CLAMPED | status::UNDERFLOW;
    let rules = |prec, rounding| Rules { prec, rounding, emin: -999_999, emax: 999_999, clamp: false };
    for (name, rules, traps) in [
        ("DefaultContext", rules(28, Rounding::HalfEven), usual),
        ("BasicContext", rules(9, Rounding::HalfUp), basic),
        ("ExtendedContext", rules(9, Rounding::HalfEven), 0),
    ] {
        let context = context::new_context(cx, rules, context::all_invalid(traps))?;
        let name = cx.heap.intern(name);
        members.set_str(&mut cx.heap, name, context.value()).or_raise(cx)?;
    }
    Ok(())
}
