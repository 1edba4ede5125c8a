//! Binding of arguments where the attributes' signatures do not reach: `call` slots and functions of many parameters.

use runtime::prelude::*;

/// The values of the parameters `names`, the first `required` of which must be there; unbound where missing.
pub fn bind<const N: usize>(
    cx: &mut Cx,
    function: &str,
    names: [&str; N],
    required: usize,
    args: Args<'_>,
) -> PyResult<[Value; N]> {
    let mut values = [Value::UNBOUND; N];
    let positional = args.positional();
    if positional.len() > N {
        let (kind, s) = (if required == N { "exactly" } else { "at most" }, if N == 1 { "" } else { "s" });
        let given = args.values().len();
        return Err(type_error(cx, format_args!("{function}() takes {kind} {N} argument{s} ({given} given)")));
    }
    values[..positional.len()].copy_from_slice(positional);
    for (name, value) in args.keywords() {
        let Some(i) = names.iter().position(|n| name.eq_str(n)) else {
            return Err(type_error(cx, format_args!("{function}() got an unexpected keyword argument '{name}'")));
        };
        if values[i].is_bound() {
            let message = format!("argument for {function}() given by name ('{name}') and position ({})", i + 1);
            return Err(type_error(cx, message));
        }
        values[i] = value;
    }
    match values[..required].iter().position(|v| v.is_unbound()) {
        None => Ok(values),
        Some(i) => {
            let message = format!("{function}() missing required argument '{}' (pos {})", names[i], i + 1);
            Err(type_error(cx, message))
        }
    }
}
