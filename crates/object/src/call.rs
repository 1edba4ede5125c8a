//! Arguments of a call, and the description of native functions.

use crate::class::{Class, PyResult};
use crate::cx::Cx;
use crate::gc::Gc;
use crate::string::Str;
use crate::tuple::Tuple;
use crate::value::Value;

/// Positional arguments, then the values of keyword arguments, whose names are in `kwnames`.
///
/// The values lie on the interpreter's data stack or in a Rust array of the caller: never in a heap object.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    values: &'a [Value],
    kwnames: Option<Gc<Tuple>>,
}

impl<'a> Args<'a> {
    #[inline(always)]
    pub fn positional_only(values: &'a [Value]) -> Args<'a> {
        Args { values, kwnames: None }
    }

    /// The last `kwnames.len()` of `values` are keyword arguments.
    #[inline(always)]
    pub fn new(values: &'a [Value], kwnames: Option<Gc<Tuple>>) -> Args<'a> {
        Args { values, kwnames: kwnames.filter(|names| !names.is_empty()) }
    }

    pub const EMPTY: Args<'static> = Args { values: &[], kwnames: None };

    #[inline(always)]
    pub fn positional(&self) -> &'a [Value] {
        &self.values[..self.n_positional()]
    }

    #[inline(always)]
    pub fn n_positional(&self) -> usize {
        self.values.len() - self.n_keywords()
    }

    #[inline(always)]
    pub fn n_keywords(&self) -> usize {
        self.kwnames.map_or(0, |names| names.len())
    }

    #[inline(always)]
    pub fn kwnames(&self) -> Option<Gc<Tuple>> {
        self.kwnames
    }

    /// Positional and keyword values.
    #[inline(always)]
    pub fn values(&self) -> &'a [Value] {
        self.values
    }

    /// Names and values of the keyword arguments.
    pub fn keywords(&self) -> impl Iterator<Item = (Gc<Str>, Value)> + 'a {
        let n = self.n_positional();
        let (names, values) = (self.kwnames, &self.values[n..]);
        values.iter().enumerate().filter_map(move |(i, &v)| Some((names?.get(i).downcast::<Str>()?, v)))
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Without the first positional argument.
    pub fn without_first(&self) -> Args<'a> {
        Args { values: &self.values[1..], kwnames: self.kwnames }
    }

    /// Only the positional ones.
    pub fn without_keywords(&self) -> Args<'a> {
        Args { values: self.positional(), kwnames: None }
    }
}

/// How native code is entered. A missing optional argument is [`Value::UNBOUND`].
#[derive(Clone, Copy)]
pub enum Entry {
    F0(fn(&mut Cx) -> PyResult),
    F1(fn(&mut Cx, Value) -> PyResult),
    F2(fn(&mut Cx, Value, Value) -> PyResult),
    F3(fn(&mut Cx, Value, Value, Value) -> PyResult),
    F4(fn(&mut Cx, Value, Value, Value, Value) -> PyResult),
    /// One value a parameter of the signature, in order; missing ones unbound; `*args` is a tuple, `**kwargs` a dict.
    Bound(fn(&mut Cx, &[Value]) -> PyResult),
    /// The arguments as they come (self first, for methods).
    Raw(fn(&mut Cx, Args<'_>) -> PyResult),
}

/// What a native function is bound to when it is looked up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Binding {
    /// A module's function: no self.
    Function,
    /// First parameter is the instance.
    Method,
    /// First parameter is the class.
    ClassMethod,
    StaticMethod,
}

/// The kind of a parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParamKind {
    PositionalOnly,
    Normal,
    VarArgs,
    KeywordOnly,
    VarKeywords,
}

/// A parameter of a native function.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    pub name: &'static str,
    pub kind: ParamKind,
    pub required: bool,
}

/// A native function or method: made by the attributes of `macros`, one static each.
pub struct NativeDef {
    pub name: &'static str,
    /// The class or the module that has it, for messages; empty for functions of `builtins`.
    pub owner: &'static str,
    /// In Python's syntax, without the name: `($self, object, /)`. The base of `__text_signature__`.
    pub signature: &'static str,
    pub doc: &'static str,
    pub binding: Binding,
    /// All parameters, self included for methods. Empty for [`Entry::Raw`].
    pub params: &'static [Param],
    /// Number of positional arguments (self included) that the fixed entries take.
    pub min_args: u8,
    pub max_args: u8,
    pub entry: Entry,
}

/// A computed attribute of a native type.
pub struct GetSetDef {
    pub name: &'static str,
    pub doc: &'static str,
    pub get: fn(&mut Cx, Value) -> PyResult,
    /// `None` as the value deletes.
    pub set: Option<fn(&mut Cx, Value, Option<Value>) -> PyResult<()>>,
}

/// How a native class's instances are laid out.
#[derive(Clone, Copy)]
pub struct NativeLayout {
    pub kind: crate::kind::Kind,
    /// Bytes of the fixed part, header included.
    pub size: usize,
}

/// Reserved for classes' own lookups by identity.
pub type ClassRef = Gc<Class>;
