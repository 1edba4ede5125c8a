//! `_csv`: comma-separated values. `dialect` is the rules, `reader` and `writer` go by them.

mod dialect;
mod reader;
mod writer;

use runtime::prelude::*;
use std::cell::Cell;

/// What the module keeps for the VM: registered dialects and the longest field that is read.
struct State {
    /// The dict of dialects by name.
    dialects: RootVec,
    field_limit: Cell<i64>,
}

fn state(cx: &mut Cx) -> std::rc::Rc<State> {
    let vm = cx.vm();
    let made = vm.extension(|| State { dialects: vm.root_vec(), field_limit: Cell::new(128 * 1024) });
    if made.dialects.is_empty() {
        let dict = Dict::new(&mut cx.heap);
        made.dialects.push(dict.value());
    }
    made
}

fn dialects(cx: &mut Cx) -> Gc<Dict> {
    let state = state(cx);
    state.dialects.get(0).cast::<Dict>().expect("made with the state")
}

/// Raise `_csv.Error`.
#[cold]
fn error(cx: &mut Cx, message: impl std::fmt::Display) -> Raised {
    crate::classes::raise_from_module(cx, "_csv", "Error", message)
}

fn find_dialect(cx: &mut Cx, name: Value) -> PyResult {
    let dialects = dialects(cx);
    match runtime::dict::get(cx, dialects, name)? {
        Some(dialect) => Ok(dialect),
        None => Err(error(cx, "unknown dialect")),
    }
}

/// The arguments of `reader` and `writer`: what to work on, and the dialect made of the others.
fn source_and_dialect(cx: &mut Cx, function: &str, args: Args<'_>) -> PyResult<(Value, Gc<Native<dialect::Dialect>>)> {
    let positional = args.positional();
    let given = positional.len();
    match given {
        0 => Err(type_error(cx, format_args!("{function} expected at least 1 argument, got 0"))),
        1 | 2 => {
            let base = positional.get(1).copied().unwrap_or(Value::UNBOUND);
            Ok((positional[0], dialect::make(cx, base, args.keywords())?))
        }
        _ => Err(type_error(cx, format_args!("{function} expected at most 2 arguments, got {given}"))),
    }
}

#[macros::native_module(name = "_csv", doc = "CSV parsing and writing.\n")]
pub mod module {
    use super::*;

    /// Return a list of all known dialect names.
    #[function("list_dialects()")]
    fn list_dialects(cx: &mut Cx) -> PyResult<Gc<List>> {
        let dialects = dialects(cx);
        to_list(cx, dialects.value())
    }

    /// Create a mapping from a string name to a CVS dialect.
    ///
    /// The optional "dialect" argument specifies the base dialect instance
    /// or the name of the registered dialect.  The function also accepts
    /// optional keyword arguments which override settings provided by the
    /// dialect.
    #[function(raw, "register_dialect(name, /, dialect='excel', **fmtparams)")]
    fn register_dialect(cx: &mut Cx, args: Args<'_>) -> PyResult<()> {
        let positional = args.positional();
        let given = positional.len();
        if given == 0 || given > 2 {
            let bound = if given == 0 { "at least 1 argument" } else { "at most 2 arguments" };
            return Err(type_error(cx, format_args!("register_dialect expected {bound}, got {given}")));
        }
        let name = positional[0];
        if name.downcast::<Str>().is_none() {
            return Err(type_error(cx, "dialect name must be a string"));
        }
        let base = positional.get(1).copied().unwrap_or(Value::UNBOUND);
        let dialect = dialect::make(cx, base, args.keywords())?;
        let dialects = dialects(cx);
        runtime::dict::set(cx, dialects, name, dialect.value())
    }

    /// Delete the name/dialect mapping associated with a string name.
    #[function("unregister_dialect(name)")]
    fn unregister_dialect(cx: &mut Cx, name: Value) -> PyResult<()> {
        let dialects = dialects(cx);
        match runtime::dict::remove(cx, dialects, name)? {
            Some(_) => Ok(()),
            None => Err(error(cx, "unknown dialect")),
        }
    }

    /// Return the dialect instance associated with name.
    #[function("get_dialect(name)")]
    fn get_dialect(cx: &mut Cx, name: Value) -> PyResult {
        find_dialect(cx, name)
    }

    /// Sets an upper limit on parsed fields.
    ///
    /// Returns old limit. If limit is not given, no new limit is set and
    /// the old limit is returned
    #[function("field_size_limit(new_limit=<unrepresentable>)")]
    fn field_size_limit(cx: &mut Cx, new_limit: Option<Value>) -> PyResult<i64> {
        let state = state(cx);
        let old = state.field_limit.get();
        if let Some(limit) = new_limit {
            if !runtime::number::int::is_int(limit) {
                return Err(type_error(cx, "limit must be an integer"));
            }
            match runtime::number::Num::of(limit).and_then(|n| n.to_i64()) {
                Some(limit) => state.field_limit.set(limit),
                None => return Err(overflow_error(cx, "Python int too large to convert to C ssize_t")),
            }
        }
        Ok(old)
    }

    /// Return a reader object that will process lines from the given iterable.
    ///
    /// The "iterable" argument can be any object that returns a line
    /// of input for each iteration, such as a file object or a list.  The
    /// optional "dialect" argument defines a CSV dialect.  The function
    /// also accepts optional keyword arguments which override settings
    /// provided by the dialect.
    ///
    /// The returned object is an iterator.  Each iteration returns a row
    /// of the CSV file (which can span multiple input lines).
    #[function(raw, "reader(iterable, /, dialect='excel', **fmtparams)")]
    fn reader(cx: &mut Cx, args: Args<'_>) -> PyResult {
        let (source, dialect) = source_and_dialect(cx, "reader", args)?;
        super::reader::make(cx, source, dialect)
    }

    /// Return a writer object that will write user data on the given file object.
    ///
    /// The "fileobj" argument can be any object that supports the file API.
    /// The optional "dialect" argument defines a CSV dialect.  The function
    /// also accepts optional keyword arguments which override settings
    /// provided by the dialect.
    #[function(raw, "writer(fileobj, /, dialect='excel', **fmtparams)")]
    fn writer(cx: &mut Cx, args: Args<'_>) -> PyResult {
        let (file, dialect) = source_and_dialect(cx, "writer", args)?;
        super::writer::make(cx, file, dialect)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        for (name, number) in [
            ("QUOTE_MINIMAL", 0),
            ("QUOTE_ALL", 1),
            ("QUOTE_NONNUMERIC", 2),
            ("QUOTE_NONE", 3),
            ("QUOTE_STRINGS", 4),
            ("QUOTE_NOTNULL", 5),
        ] {
            set_module_attr(cx, module, name, Int::from_len(number).value())?;
        }
        let dialects = dialects(cx);
        set_module_attr(cx, module, "_dialects", dialects)?;
        add_class(cx, module, &dialect::class::SPEC)?;
        for (name, spec) in [("Reader", &super::reader::class::SPEC), ("Writer", &super::writer::class::SPEC)] {
            let class = class_of_spec(cx, spec)?;
            set_module_attr(cx, module, name, class)?;
        }
        let base = cx.types().Exception;
        let error = crate::classes::exception_class(cx, "_csv", "Error", &[base])?;
        set_module_attr(cx, module, "Error", error)
    }
}
