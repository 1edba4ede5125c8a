//! The function behind `evaluate_bound` and the like of what was given as a value.

use crate::native::{class_of_spec, new_native};
use crate::prelude::*;
use macros::{Trace, native_class};

/// Gives the same value always.
#[derive(Trace)]
pub struct ConstEvaluator {
    value: Slot,
}

impl NativeData for ConstEvaluator {
    const NAME: &'static str = "_typing._ConstEvaluator";
}

/// Format `STRING` of `annotationlib`.
const STRING: i64 = 4;

#[native_class(
    name = "_ConstEvaluator",
    module = "_typing",
    layout = Native::<ConstEvaluator>,
    flags = HAVE_GC | DISALLOW_INSTANTIATION,
    doc = "Internal type for implementing evaluation functions."
)]
pub mod class {
    use super::*;

    #[slot]
    fn call(cx: &mut Cx, this: Gc<Native<ConstEvaluator>>, args: Args<'_>) -> PyResult {
        let &[format] = args.values() else {
            return Err(type_error(cx, "_ConstEvaluator.__call__() takes exactly 1 argument"));
        };
        let value = this.value.get();
        if crate::number::as_i64(cx, format)? != STRING {
            return Ok(value);
        }
        let mut builder = StrBuilder::new();
        match value.cast::<Tuple>() {
            Some(items) => {
                builder.push_char('(');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        builder.push_str(", ");
                    }
                    super::super::super::generic_alias::write_item(cx, item, &mut builder)?;
                }
                builder.push_char(')');
            }
            None => super::super::super::generic_alias::write_item(cx, value, &mut builder)?,
        }
        Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
    }

    #[slot]
    fn repr(cx: &mut Cx, this: Gc<Native<ConstEvaluator>>) -> PyResult {
        let mut builder = StrBuilder::new();
        builder.push_str("<constevaluator ");
        builder.push_py(&*repr_of(cx, this.value.get())?);
        builder.push_char('>');
        Ok(builder.finish(&mut cx.heap).or_raise(cx)?.value())
    }
}

/// A function that gives `value`.
pub fn const_evaluator(cx: &mut Cx, value: Value) -> PyResult {
    let class = class_of_spec(cx, &class::SPEC)?;
    Ok(new_native(cx, class, ConstEvaluator { value: Slot::new(value) }).value())
}
