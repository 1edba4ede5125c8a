//! Template strings: `string.templatelib`'s `Template` and `Interpolation`, and the iterator over a template.
//!
//! The bytecodes make them through [`new_template`] and [`new_interpolation`]; the module takes the classes from a
//! template string of its own.

use crate::native::{class_of_spec, new_native};
use crate::prelude::*;
use macros::{Trace, native_class};
use std::cell::Cell as StdCell;

/// Strings around interpolations: one more than those.
#[derive(Trace)]
pub struct Template {
    strings: GcSlot<Tuple>,
    interpolations: GcSlot<Tuple>,
}

impl NativeData for Template {
    const NAME: &'static str = "string.templatelib.Template";
}

#[derive(Trace)]
pub struct Interpolation {
    value: Slot,
    expression: Slot,
    conversion: Slot,
    format_spec: Slot,
}

impl NativeData for Interpolation {
    const NAME: &'static str = "string.templatelib.Interpolation";
}

#[derive(Trace)]
pub struct TemplateIter {
    template: GcSlot<Native<Template>>,
    /// Twice the index, plus one when the interpolation is next.
    position: StdCell<usize>,
}

impl NativeData for TemplateIter {
    const NAME: &'static str = "string.templatelib.TemplateIter";
}

/// `BUILD_TEMPLATE`.
pub fn new_template(cx: &mut Cx, strings: Gc<Tuple>, interpolations: Gc<Tuple>) -> PyResult {
    let class = class_of_spec(cx, &template::SPEC)?;
    let data = Template { strings: GcSlot::of(strings), interpolations: GcSlot::of(interpolations) };
    Ok(new_native(cx, class, data).value())
}

/// `BUILD_INTERPOLATION`.
pub fn new_interpolation(
    cx: &mut Cx,
    value: Value,
    expression: Value,
    conversion: Value,
    format_spec: Value,
) -> PyResult {
    let class = class_of_spec(cx, &interpolation::SPEC)?;
    let data = Interpolation {
        value: Slot::new(value),
        expression: Slot::new(expression),
        conversion: Slot::new(conversion),
        format_spec: Slot::new(format_spec),
    };
    Ok(new_native(cx, class, data).value())
}

/// A template of strings and interpolations in any order: neighbouring strings are joined, missing ones are empty.
fn template_of(cx: &mut Cx, parts: impl Iterator<Item = Value>) -> PyResult {
    let (strings, interpolations) = (cx.vm().root_vec(), cx.vm().root_vec());
    let empty = cx.vm().empty_str();
    strings.push(empty);
    for part in parts {
        if part.is_a::<Native<Interpolation>>() {
            interpolations.push(part);
            strings.push(empty);
        } else if let Some(text) = part.downcast::<Str>() {
            let last = strings.len() - 1;
            let before = strings.get(last).cast::<Str>().unwrap_or(empty);
            let joined = Str::concat(&mut cx.heap, before, text).or_raise(cx)?;
            strings.set(last, joined);
        } else {
            let name = type_name(cx, part);
            let text = format!("Template.__new__ *args need to be of type 'str' or 'Interpolation', got {name}");
            return Err(type_error(cx, text));
        }
    }
    let strings = Tuple::from_fn(&mut cx.heap, strings.len(), |i| strings.get(i)).or_raise(cx)?;
    let interpolations = Tuple::from_fn(&mut cx.heap, interpolations.len(), |i| interpolations.get(i)).or_raise(cx)?;
    new_template(cx, strings, interpolations)
}

#[native_class(
    name = "Template",
    module = "string.templatelib",
    layout = Native<Template>,
    flags = HAVE_GC | IMMUTABLE,
    doc = "Template object"
)]
pub mod template {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, _class: Gc<Class>, args: Args<'_>) -> PyResult {
        if args.n_keywords() > 0 {
            return Err(type_error(cx, "Template.__new__ only accepts *args arguments"));
        }
        template_of(cx, args.positional().iter().copied())
    }

    /// Strings
    #[getter]
    fn strings(this: Gc<Native<Template>>) -> Value {
        this.strings.expect().value()
    }

    /// Interpolations
    #[getter]
    fn interpolations(this: Gc<Native<Template>>) -> Value {
        this.interpolations.expect().value()
    }

    /// Values of interpolations
    #[getter]
    fn values(cx: &mut Cx, this: Gc<Native<Template>>) -> PyResult<Gc<Tuple>> {
        let all = this.interpolations.expect();
        let value = |i: usize| all.get(i).cast::<Native<Interpolation>>().map_or(Value::NONE, |p| p.value.get());
        Tuple::from_fn(&mut cx.heap, all.len(), value).or_raise(cx)
    }

    #[slot]
    fn iter(cx: &mut Cx, this: Gc<Native<Template>>) -> PyResult {
        let class = class_of_spec(cx, &template_iter::SPEC)?;
        let data = TemplateIter { template: GcSlot::of(this), position: StdCell::new(0) };
        Ok(new_native(cx, class, data).value())
    }

    #[slot]
    fn concat(cx: &mut Cx, left: Value, right: Value) -> PyResult {
        let (Some(a), Some(b)) = (left.cast::<Native<Template>>(), right.cast::<Native<Template>>()) else {
            let (l, r) = (type_name(cx, left), type_name(cx, right));
            return Err(type_error(cx, format_args!("can only concatenate {l} (not \"{r}\") to {l}")));
        };
        let parts = cx.vm().root_vec();
        for template in [a, b] {
            let (strings, all) = (template.strings.expect(), template.interpolations.expect());
            for (i, string) in strings.iter().enumerate() {
                parts.push(string);
                if let Some(interpolation) = all.try_get(i) {
                    parts.push(interpolation);
                }
            }
        }
        template_of(cx, parts.iter())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Native<Template>>) -> PyResult<String> {
        let strings = repr_of(cx, this.strings.expect().value())?;
        let interpolations = repr_of(cx, this.interpolations.expect().value())?;
        Ok(format!("Template(strings={strings}, interpolations={interpolations})"))
    }

    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<Native<Template>>) -> PyResult<Gc<Tuple>> {
        let function = crate::import::import_attr(cx, "string.templatelib", "_template_unpickle")?;
        let (strings, interpolations) = (this.strings.expect().value(), this.interpolations.expect().value());
        let args = cx.heap.tuple(&[strings, interpolations]);
        Ok(cx.heap.tuple(&[function, args.value()]))
    }
}

#[native_class(
    name = "TemplateIter",
    module = "string.templatelib",
    layout = Native<TemplateIter>,
    flags = HAVE_GC | IMMUTABLE | DISALLOW_INSTANTIATION,
    doc = "Template iterator object"
)]
pub mod template_iter {
    use super::*;

    #[slot]
    fn iter(this: Value) -> Value {
        this
    }

    #[slot]
    fn next(_cx: &mut Cx, this: Gc<Native<TemplateIter>>) -> PyResult<Option<Value>> {
        let template = this.template.expect();
        loop {
            let position = this.position.get();
            let (i, wants_interpolation) = (position / 2, position % 2 == 1);
            let all = if wants_interpolation { template.interpolations.expect() } else { template.strings.expect() };
            let Some(part) = all.try_get(i) else { return Ok(None) };
            this.position.set(position + 1);
            if wants_interpolation || part.cast::<Str>().is_none_or(|s| !s.is_empty()) {
                return Ok(Some(part));
            }
        }
    }
}

#[native_class(
    name = "Interpolation",
    module = "string.templatelib",
    layout = Native<Interpolation>,
    flags = HAVE_GC | IMMUTABLE,
    doc = "Interpolation object"
)]
pub mod interpolation {
    use super::*;

    #[slot(new, "Interpolation(value, expression='', conversion=None, format_spec='')")]
    fn new(
        cx: &mut Cx,
        _class: Gc<Class>,
        value: Value,
        expression: Option<Value>,
        conversion: Option<Value>,
        format_spec: Option<Value>,
    ) -> PyResult {
        let empty = cx.vm().empty_str().value();
        let expression = text_argument(cx, "expression", expression.unwrap_or(empty))?;
        let format_spec = text_argument(cx, "format_spec", format_spec.unwrap_or(empty))?;
        let conversion = conversion.unwrap_or(Value::NONE);
        let known = match conversion.downcast::<Str>() {
            Some(text) => ["s", "a", "r"].iter().any(|c| text.eq_str(c)),
            None if conversion.is_none() => true,
            None => {
                let name = type_name(cx, conversion);
                let text = format!("Interpolation() argument 'conversion' must be str, not {name}");
                return Err(type_error(cx, text));
            }
        };
        if !known {
            let text = "Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'";
            return Err(value_error(cx, text));
        }
        new_interpolation(cx, value, expression, conversion, format_spec)
    }

    fn text_argument(cx: &mut Cx, what: &str, value: Value) -> PyResult {
        if value.downcast::<Str>().is_some() {
            return Ok(value);
        }
        let name = type_name(cx, value);
        Err(type_error(cx, format_args!("Interpolation() argument '{what}' must be str, not {name}")))
    }

    /// Value
    #[getter]
    fn value(this: Gc<Native<Interpolation>>) -> Value {
        this.value.get()
    }

    /// Expression
    #[getter]
    fn expression(this: Gc<Native<Interpolation>>) -> Value {
        this.expression.get()
    }

    /// Conversion
    #[getter]
    fn conversion(this: Gc<Native<Interpolation>>) -> Value {
        this.conversion.get()
    }

    /// Format specification
    #[getter]
    fn format_spec(this: Gc<Native<Interpolation>>) -> Value {
        this.format_spec.get()
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Native<Interpolation>>) -> PyResult<String> {
        let mut shown = Vec::new();
        for value in [this.value.get(), this.expression.get(), this.conversion.get(), this.format_spec.get()] {
            shown.push(repr_of(cx, value)?.to_string());
        }
        Ok(format!("Interpolation({})", shown.join(", ")))
    }

    #[method("__reduce__($self, /)")]
    fn reduce(cx: &mut Cx, this: Gc<Native<Interpolation>>) -> Gc<Tuple> {
        let args = [this.value.get(), this.expression.get(), this.conversion.get(), this.format_spec.get()];
        let (class, args) = (cx.class_of(this.value()).value(), cx.heap.tuple(&args));
        cx.heap.tuple(&[class, args.value()])
    }

    #[init]
    fn match_args(cx: &mut Cx, class: Gc<Class>) -> PyResult<()> {
        let names = ["value", "expression", "conversion", "format_spec"].map(|name| cx.heap.intern(name).value());
        let names = cx.heap.tuple(&names);
        let key = cx.names().__match_args__;
        match class.dict.get() {
            Some(dict) => dict.set_str(&mut cx.heap, key, names.value()).or_raise(cx),
            None => Ok(()),
        }
    }
}
