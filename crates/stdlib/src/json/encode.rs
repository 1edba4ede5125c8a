//! Writing JSON: `make_encoder`.

use super::escape;
use crate::arguments;
use macros::{Trace, native_class};
use runtime::native::new_native;
use runtime::prelude::*;
use std::fmt::Write;

/// The arguments of `make_encoder`.
#[derive(Trace)]
pub struct Encoder {
    /// A dict, or None.
    markers: Slot,
    default: Slot,
    encoder: Slot,
    /// A string, or None.
    indent: Slot,
    key_separator: GcSlot<Str>,
    item_separator: GcSlot<Str>,
    sort_keys: bool,
    skipkeys: bool,
    allow_nan: bool,
    /// What `encoder` does, when it is one of this module's functions.
    #[trace(skip)]
    fast: Option<fn(&mut StrBuilder, &Str)>,
}

impl NativeData for Encoder {
    const NAME: &'static str = "_json.Encoder";
}

type This = Gc<Native<Encoder>>;

/// Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)
#[native_class(
    name = "Encoder",
    module = "_json",
    layout = Native<Encoder>,
    flags = HAVE_GC,
    doc = "Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)"
)]
pub mod class {
    use super::*;

    #[slot]
    fn new(cx: &mut Cx, class: Gc<Class>, args: Args<'_>) -> PyResult {
        const NAMES: [&str; 9] = [
            "markers",
            "default",
            "encoder",
            "indent",
            "key_separator",
            "item_separator",
            "sort_keys",
            "skipkeys",
            "allow_nan",
        ];
        let values = arguments::bind(cx, "make_encoder", NAMES, 9, args)?;
        let [markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan] = values;
        if !markers.is_none() && !markers.is_a::<Dict>() {
            let class = type_name(cx, markers);
            return Err(type_error(cx, format_args!("make_encoder() argument 1 must be dict or None, not {class}")));
        }
        let mut text = |value: Value, number: usize| match value.downcast::<Str>() {
            Some(text) => Ok(text),
            None => {
                let class = type_name(cx, value);
                Err(type_error(cx, format_args!("make_encoder() argument {number} must be str, not {class}")))
            }
        };
        let key_separator = text(key_separator, 5)?;
        let item_separator = text(item_separator, 6)?;
        let indent = if indent.is_none() { indent } else { text(indent, 4)?.value() };
        let data = Encoder {
            markers: Slot::new(markers),
            default: Slot::new(default),
            encoder: Slot::new(encoder),
            indent: Slot::new(indent),
            key_separator: GcSlot::of(key_separator),
            item_separator: GcSlot::of(item_separator),
            sort_keys: is_true(cx, sort_keys)?,
            skipkeys: is_true(cx, skipkeys)?,
            allow_nan: is_true(cx, allow_nan)?,
            fast: fast_encoder(encoder),
        };
        Ok(new_native(cx, class, data).value())
    }

    #[slot]
    fn call(cx: &mut Cx, this: This, args: Args<'_>) -> PyResult {
        let [object, level] = arguments::bind(cx, "_iterencode", ["obj", "_current_indent_level"], 2, args)?;
        let level = runtime::number::as_isize(cx, level)?.max(0) as usize;
        let mut out = StrBuilder::new();
        this.write(cx, &mut out, object, level)?;
        let text = out.finish(&mut cx.heap).or_raise(cx)?.value();
        Ok(cx.heap.tuple(&[text]).value())
    }

    #[getter]
    fn markers(_cx: &mut Cx, this: This) -> Value {
        this.markers.get()
    }

    #[getter]
    fn default(_cx: &mut Cx, this: This) -> Value {
        this.default.get()
    }

    #[getter]
    fn encoder(_cx: &mut Cx, this: This) -> Value {
        this.encoder.get()
    }

    #[getter]
    fn indent(_cx: &mut Cx, this: This) -> Value {
        this.indent.get()
    }

    #[getter]
    fn key_separator(_cx: &mut Cx, this: This) -> Value {
        this.key_separator.expect().value()
    }

    #[getter]
    fn item_separator(_cx: &mut Cx, this: This) -> Value {
        this.item_separator.expect().value()
    }

    #[getter]
    fn sort_keys(_cx: &mut Cx, this: This) -> bool {
        this.sort_keys
    }

    #[getter]
    fn skipkeys(_cx: &mut Cx, this: This) -> bool {
        this.skipkeys
    }
}

fn fast_encoder(encoder: Value) -> Option<fn(&mut StrBuilder, &Str)> {
    let def = encoder.cast::<NativeFunction>()?.def.get();
    let own = super::module::SPEC.functions.iter().find(|own| std::ptr::eq(*own, def))?;
    match own.name {
        "encode_basestring_ascii" => Some(escape::push_ascii),
        "encode_basestring" => Some(escape::push_plain),
        _ => None,
    }
}

/// Add a note to the exception being raised.
#[cold]
fn add_note(cx: &mut Cx, raised: Raised, note: String) -> Raised {
    let error = cx.take_raised(raised);
    let name = cx.heap.intern("add_note");
    let note = cx.heap.str(&note);
    match call_method(cx, error, name, &[note]) {
        Ok(_) => cx.raise(error),
        Err(raised) => raised,
    }
}

impl Encoder {
    /// Append `object`; `level` is the depth of indentation.
    fn write(&self, cx: &mut Cx, out: &mut StrBuilder, object: Value, level: usize) -> PyResult<()> {
        match object {
            Value::NONE => out.push_str("null"),
            Value::TRUE => out.push_str("true"),
            Value::FALSE => out.push_str("false"),
            _ => {
                if let Some(i) = object.as_int() {
                    let _ = write!(out, "{}", i.get());
                } else if let Some(text) = object.downcast::<Str>() {
                    self.write_str(cx, out, text, object)?;
                } else if let Some(f) = object.unwrap_payload().as_float() {
                    self.write_float(cx, out, f, object)?;
                } else if runtime::number::int::is_int(object) {
                    let exact = runtime::number::int::exact(object).unwrap_or(object);
                    let text = repr_of(cx, exact)?;
                    out.push_py(&text);
                } else {
                    return self.write_container(cx, out, object, level);
                }
            }
        }
        Ok(())
    }

    fn write_str(&self, cx: &mut Cx, out: &mut StrBuilder, text: Gc<Str>, object: Value) -> PyResult<()> {
        if let Some(fast) = self.fast {
            fast(out, &text);
            return Ok(());
        }
        let encoded = call(cx, self.encoder.get(), &[object])?;
        let Some(encoded) = encoded.downcast::<Str>() else {
            let class = type_name(cx, encoded);
            return Err(type_error(cx, format_args!("encoder() must return a string, not {class}")));
        };
        out.push_py(&encoded);
        Ok(())
    }

    fn write_float(&self, cx: &mut Cx, out: &mut StrBuilder, f: f64, object: Value) -> PyResult<()> {
        if f.is_finite() {
            out.push_str(&runtime::format::float::repr(f));
            return Ok(());
        }
        if !self.allow_nan {
            let repr = repr_of(cx, object)?;
            return Err(value_error(cx, format_args!("Out of range float values are not JSON compliant: {repr}")));
        }
        out.push_str(if f.is_nan() {
            "NaN"
        } else if f > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        });
        Ok(())
    }

    fn write_container(&self, cx: &mut Cx, out: &mut StrBuilder, object: Value, level: usize) -> PyResult<()> {
        if !cx.has_native_stack() {
            return Err(recursion_error(cx, "maximum recursion depth exceeded while encoding a JSON object"));
        }
        let list = object.downcast::<List>();
        let tuple = object.downcast::<Tuple>();
        let dict = object.downcast::<Dict>();
        if list.is_some_and(|l| l.is_empty()) || tuple.is_some_and(|t| t.is_empty()) {
            out.push_str("[]");
            return Ok(());
        }
        if dict.is_some_and(|d| d.is_empty()) && is_plain_dict(cx, object) {
            out.push_str("{}");
            return Ok(());
        }
        let marker = self.mark(cx, object)?;
        if list.is_some() || tuple.is_some() {
            self.write_list(cx, out, object, level)?;
        } else if let Some(dict) = dict {
            self.write_dict(cx, out, object, dict, level)?;
        } else {
            let replaced = call(cx, self.default.get(), &[object])?;
            if let Err(raised) = self.write(cx, out, replaced, level) {
                let note = format!("when serializing {} object", type_name_full(cx, object));
                return Err(add_note(cx, raised, note));
            }
        }
        if let (Some(marker), Some(markers)) = (marker, self.markers.get().cast::<Dict>()) {
            runtime::dict::remove(cx, markers, marker)?;
        }
        Ok(())
    }

    /// Note that `object` is being written; ValueError when it is already.
    fn mark(&self, cx: &mut Cx, object: Value) -> PyResult<Option<Value>> {
        let Some(markers) = self.markers.get().cast::<Dict>() else { return Ok(None) };
        let ident = int::BigInt::from_u64(&mut cx.heap, object.id());
        if runtime::dict::contains(cx, markers, ident)? {
            return Err(value_error(cx, "Circular reference detected"));
        }
        runtime::dict::set(cx, markers, ident, object)?;
        Ok(Some(ident))
    }

    fn new_line(&self, out: &mut StrBuilder, level: usize) {
        if let Some(indent) = self.indent.get().cast::<Str>() {
            out.push(10);
            for _ in 0..level {
                out.push_py(&indent);
            }
        }
    }

    fn write_list(&self, cx: &mut Cx, out: &mut StrBuilder, object: Value, level: usize) -> PyResult<()> {
        let separator = self.item_separator.expect();
        out.push(b'[' as u32);
        self.new_line(out, level + 1);
        let mut i = 0;
        loop {
            let item = match (object.downcast::<List>(), object.downcast::<Tuple>()) {
                (Some(list), _) => list.get(i),
                (_, Some(tuple)) => tuple.try_get(i),
                _ => None,
            };
            let Some(item) = item else { break };
            if i > 0 {
                out.push_py(&separator);
                self.new_line(out, level + 1);
            }
            if let Err(raised) = self.write(cx, out, item, level + 1) {
                let note = format!("when serializing {} item {i}", type_name_full(cx, object));
                return Err(add_note(cx, raised, note));
            }
            i += 1;
        }
        self.new_line(out, level);
        out.push(b']' as u32);
        Ok(())
    }

    fn write_dict(
        &self,
        cx: &mut Cx,
        out: &mut StrBuilder,
        object: Value,
        dict: Gc<Dict>,
        level: usize,
    ) -> PyResult<()> {
        let mut first = true;
        if self.sort_keys || !is_plain_dict(cx, object) {
            let name = cx.names().items;
            let items = call_method(cx, object, name, &[])?;
            let items = to_list(cx, items)?;
            if items.is_empty() {
                out.push_str("{}");
                return Ok(());
            }
            if self.sort_keys {
                let name = cx.heap.intern("sort");
                call_method(cx, items.value(), name, &[])?;
            }
            out.push(b'{' as u32);
            for i in 0..items.len() {
                let pair = items.get(i).and_then(|p| p.downcast::<Tuple>()).filter(|p| p.len() == 2);
                let Some(pair) = pair else { return Err(value_error(cx, "items must return 2-tuples")) };
                self.write_pair(cx, out, &mut first, object, (pair.get(0), pair.get(1)), level + 1)?;
            }
        } else {
            out.push(b'{' as u32);
            let mut at = 0;
            while let Some((i, key, value)) = dict.next_entry(at) {
                at = i + 1;
                self.write_pair(cx, out, &mut first, object, (key, value), level + 1)?;
            }
        }
        if !first {
            self.new_line(out, level);
        }
        out.push(b'}' as u32);
        Ok(())
    }

    fn write_pair(
        &self,
        cx: &mut Cx,
        out: &mut StrBuilder,
        first: &mut bool,
        object: Value,
        (key, value): (Value, Value),
        level: usize,
    ) -> PyResult<()> {
        let text = if key.downcast::<Str>().is_some() {
            key
        } else {
            let mut text = StrBuilder::new();
            match key {
                Value::NONE => text.push_str("null"),
                Value::TRUE => text.push_str("true"),
                Value::FALSE => text.push_str("false"),
                _ => {
                    if let Some(f) = key.unwrap_payload().as_float() {
                        self.write_float(cx, &mut text, f, key)?;
                    } else if let Some(exact) = runtime::number::int::exact(key) {
                        let repr = repr_of(cx, exact)?;
                        text.push_py(&repr);
                    } else if self.skipkeys {
                        return Ok(());
                    } else {
                        let class = type_name(cx, key);
                        let message = format!("keys must be str, int, float, bool or None, not {class}");
                        return Err(type_error(cx, message));
                    }
                }
            }
            text.finish(&mut cx.heap).or_raise(cx)?.value()
        };
        if !std::mem::replace(first, false) {
            out.push_py(&self.item_separator.expect());
        }
        self.new_line(out, level);
        if let Some(name) = text.downcast::<Str>() {
            self.write_str(cx, out, name, text)?;
        }
        out.push_py(&self.key_separator.expect());
        match self.write(cx, out, value, level) {
            Ok(()) => Ok(()),
            Err(raised) => {
                let error = cx.take_raised(raised);
                let repr = repr_of(cx, key)?;
                let note = format!("when serializing {} item {repr}", type_name_full(cx, object));
                let raised = cx.raise(error);
                Err(add_note(cx, raised, note))
            }
        }
    }
}

fn is_plain_dict(cx: &Cx, object: Value) -> bool {
    cx.class_of(object) == cx.types().dict
}

/// The name of the class with its module, as `%T` gives it.
fn type_name_full(cx: &mut Cx, object: Value) -> String {
    let class = cx.class_of(object);
    let name = class.qualname.get().map_or_else(|| class.display_name(), |n| n.to_string());
    let module = class.dict.get().and_then(|d| d.get_str(cx.names().__module__)).and_then(|m| m.downcast::<Str>());
    match module {
        Some(module) if !module.eq_str("builtins") && !module.eq_str("__main__") => format!("{module}.{name}"),
        Some(module) if module.eq_str("__main__") => format!("__main__.{name}"),
        _ => name,
    }
}
