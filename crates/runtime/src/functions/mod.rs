//! The module `builtins`.

mod compile;
mod io;
pub(crate) mod iteration;
mod numbers;

use crate::native::set_module_attr;
use crate::prelude::*;
use crate::types::type_check;
pub use compile::{file_name, source_value};

use macros::native_module;

#[native_module(
    name = "builtins",
    doc = "Built-in functions, types, exceptions, and other objects.\n\nThis module provides direct access to all 'built-in'\nidentifiers of Python; for example, builtins.len is\nthe full name for the built-in function len().\n\nThis module is not normally accessed explicitly by most\napplications, but can be useful in modules that provide\nobjects with the same name as a builtin and need to show\nthat they are doing so."
)]
pub mod module {
    use super::*;

    /// Return the absolute value of the argument.
    #[function("abs(number, /)")]
    fn abs(cx: &mut Cx, number: Value) -> PyResult {
        absolute(cx, number)
    }

    /// Return True if bool(x) is True for all values x in the iterable.
    ///
    /// If the iterable is empty, return True.
    #[function("all(iterable, /)")]
    fn all(cx: &mut Cx, iterable: Value) -> PyResult<bool> {
        iteration::find_truth(cx, iterable, false).map(|found| !found)
    }

    /// Return True if bool(x) is True for any x in the iterable.
    ///
    /// If the iterable is empty, return False.
    #[function("any(iterable, /)")]
    fn any(cx: &mut Cx, iterable: Value) -> PyResult<bool> {
        iteration::find_truth(cx, iterable, true)
    }

    /// Return an ASCII-only representation of an object.
    ///
    /// As repr(), return a string containing a printable representation of an
    /// object, but escape the non-ASCII characters in the string returned by
    /// repr() using \\x, \\u or \\U escapes. This generates a string similar
    /// to that returned by repr() in Python 2.
    #[function("ascii(obj, /)")]
    fn ascii(cx: &mut Cx, obj: Value) -> PyResult {
        ascii_value(cx, obj)
    }

    /// Return the binary representation of an integer.
    ///
    ///    >>> bin(2796202)
    ///    '0b1010101010101010101010'
    #[function("bin(integer, /)")]
    fn bin(cx: &mut Cx, integer: Value) -> PyResult {
        numbers::in_base(cx, integer, 1, "0b")
    }

    /// Return the octal representation of an integer.
    ///
    ///    >>> oct(342391)
    ///    '0o1234567'
    #[function("oct(integer, /)")]
    fn oct(cx: &mut Cx, integer: Value) -> PyResult {
        numbers::in_base(cx, integer, 3, "0o")
    }

    /// Return the hexadecimal representation of an integer.
    ///
    ///    >>> hex(12648430)
    ///    '0xc0ffee'
    #[function("hex(integer, /)")]
    fn hex(cx: &mut Cx, integer: Value) -> PyResult {
        numbers::in_base(cx, integer, 4, "0x")
    }

    /// Call sys.breakpointhook(*args, **kws).
    ///
    /// sys.breakpointhook() must accept whatever arguments are passed.
    ///
    /// By default, this drops you into the pdb debugger.
    #[function(raw, "breakpoint(*args, **kws)")]
    fn breakpoint(cx: &mut Cx, args: Args<'_>) -> PyResult {
        match crate::import::sys_attr(cx, "breakpointhook") {
            Some(hook) => call_args(cx, hook, args),
            None => Err(runtime_error(cx, "lost sys.breakpointhook")),
        }
    }

    /// Return whether the object is callable (i.e., some kind of function).
    ///
    /// Note that classes are callable, as are instances of classes with a
    /// __call__() method.
    #[function("callable(obj, /)")]
    fn callable(cx: &mut Cx, obj: Value) -> bool {
        is_callable(cx, obj)
    }

    /// Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff.
    #[function("chr(i, /)")]
    fn chr(cx: &mut Cx, i: Value) -> PyResult {
        let i = index_value(cx, i)?;
        match i.as_small_or_bool().and_then(|i| u32::try_from(i).ok()).filter(|&i| i <= 0x10_FFFF) {
            Some(c) => Ok(Str::from_char(&mut cx.heap, c).value()),
            None => Err(value_error(cx, "chr() arg not in range(0x110000)")),
        }
    }

    /// Compile source into a code object that can be executed by exec() or eval().
    ///
    /// The source code may represent a Python module, statement or expression.
    /// The filename will be used for run-time error messages.
    /// The mode must be 'exec' to compile a module, 'single' to compile a
    /// single (interactive) statement, or 'eval' to compile an expression.
    /// The flags argument, if present, controls which future statements influence
    /// the compilation of the code.
    /// The dont_inherit argument, if true, stops the compilation inheriting
    /// the effects of any future statements in effect in the code calling
    /// compile; if absent or false these statements do influence the compilation,
    /// in addition to any features explicitly specified.
    #[function("compile(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)")]
    fn compile(
        cx: &mut Cx,
        source: Value,
        filename: Value,
        mode: Gc<Str>,
        flags: i32,
        dont_inherit: bool,
        optimize: i32,
        _feature_version: i32,
    ) -> PyResult {
        super::compile::compile(cx, source, filename, mode, flags, dont_inherit, [optimize, _feature_version])
    }

    /// Deletes the named attribute from the given object.
    ///
    /// delattr(x, 'y') is equivalent to ``del x.y``
    #[function("delattr(obj, name, /)")]
    fn delattr(cx: &mut Cx, obj: Value, name: Value) -> PyResult<()> {
        let name = name_from_value(cx, name)?;
        del_attr(cx, obj, name)
    }

    /// dir([object]) -> list of strings
    ///
    /// If called without an argument, return the names in the current scope.
    /// Else, return an alphabetized list of names comprising (some of) the attributes
    /// of the given object, and of attributes reachable from it.
    /// If the object supplies a method named __dir__, it will be used; otherwise
    /// the default dir() logic is used and returns:
    ///   for a module object: the module's attributes.
    ///   for a class object:  its attributes, and recursively the attributes
    ///     of its bases.
    ///   for any other object: its attributes, its class's attributes, and
    ///     recursively the attributes of its class's base classes.
    #[function(raw, "dir(*args)")]
    fn dir(cx: &mut Cx, args: Args<'_>) -> PyResult {
        if args.n_keywords() > 0 {
            return Err(type_error(cx, "dir() takes no keyword arguments"));
        }
        match *args.positional() {
            [] => {
                let locals = crate::run::current_locals(cx)?;
                let keys = cx.names().keys;
                let keys = call_method(cx, locals, keys, &[])?;
                iteration::sorted(cx, Args::positional_only(&[keys]))
            }
            [object] => dir_of(cx, object),
            ref more => {
                let n = more.len();
                Err(type_error(cx, format_args!("dir expected at most 1 argument, got {n}")))
            }
        }
    }

    /// Return the tuple (x//y, x%y).  Invariant: div*y + mod == x.
    #[function("divmod(x, y, /)")]
    fn divmod(cx: &mut Cx, x: Value, y: Value) -> PyResult {
        if let (Some(x), Some(y)) = (x.as_int(), y.as_int())
            && y != Int::ZERO
        {
            let (q, r) = (x.get().div_euclid(y.get()), x.get().rem_euclid(y.get()));
            // Python's remainder has the sign of the divisor.
            let (q, r) = if r != 0 && y.get() < 0 { (q - 1, r + y.get()) } else { (q, r) };
            let (q, r) = (BigInt::from_i64(&mut cx.heap, q), BigInt::from_i64(&mut cx.heap, r));
            return Ok(Tuple::of(&mut cx.heap, [q, r]).value());
        }
        crate::operate::divmod(cx, x, y)
    }

    /// Evaluate the given source in the context of globals and locals.
    ///
    /// The source may be a string representing a Python expression
    /// or a code object as returned by compile().
    /// The globals must be a dictionary and locals can be any mapping,
    /// defaulting to the current globals and locals.
    /// If only globals is given, locals defaults to it.
    #[function("eval(source, /, globals=None, locals=None)")]
    fn eval(cx: &mut Cx, source: Value, globals: Value, locals: Value) -> PyResult {
        super::compile::eval(cx, source, globals, locals)
    }

    /// Execute the given source in the context of globals and locals.
    ///
    /// The source may be a string representing one or more Python statements
    /// or a code object as returned by compile().
    /// The globals must be a dictionary and locals can be any mapping,
    /// defaulting to the current globals and locals.
    /// If only globals is given, locals defaults to it.
    /// The closure must be a tuple of cellvars, and can only be used
    /// when source is a code object requiring exactly that many cellvars.
    #[function("exec(source, /, globals=None, locals=None, *, closure=None)")]
    fn exec(cx: &mut Cx, source: Value, globals: Value, locals: Value, closure: Value) -> PyResult<()> {
        super::compile::exec(cx, source, globals, locals, closure)
    }

    /// Return type(value).__format__(value, format_spec).
    ///
    /// Many built-in types implement format_spec according to the
    /// Format Specification Mini-language. See help('FORMATTING')
    /// for details.
    ///
    /// If type(value) does not supply a method named __format__
    /// and format_spec is empty, then str(value) is returned.
    #[function("format(value, format_spec='', /)")]
    fn format(cx: &mut Cx, value: Value, format_spec: Gc<Str>) -> PyResult<Gc<Str>> {
        format_value(cx, value, format_spec)
    }

    /// getattr(object, name[, default]) -> value
    ///
    /// Get a named attribute from an object; getattr(x, 'y') is equivalent to x.y.
    /// When a default argument is given, it is returned when the attribute doesn't
    /// exist; without it, an exception is raised in that case.
    #[function("getattr(object, name, default=<unrepresentable>, /)")]
    fn getattr(cx: &mut Cx, object: Value, name: Value, default: Option<Value>) -> PyResult {
        let name = name_from_value(cx, name)?;
        match default {
            Some(default) => Ok(get_attr_opt(cx, object, name)?.unwrap_or(default)),
            None => get_attr(cx, object, name),
        }
    }

    /// Return the dictionary containing the current scope's global variables.
    ///
    /// NOTE: Updates to this dictionary *will* affect name lookups in the current
    /// global scope and vice-versa.
    #[function("globals()")]
    fn globals(cx: &mut Cx) -> PyResult {
        Ok(crate::run::current_globals(cx).map_or(Value::NONE, Gc::value))
    }

    /// Return whether the object has an attribute with the given name.
    ///
    /// This is done by calling getattr(obj, name) and catching AttributeError.
    #[function("hasattr(obj, name, /)")]
    fn hasattr(cx: &mut Cx, obj: Value, name: Value) -> PyResult<bool> {
        let name = name_from_value(cx, name)?;
        Ok(get_attr_opt(cx, obj, name)?.is_some())
    }

    /// Return the hash value for the given object.
    ///
    /// Two objects that compare equal must also have the same hash value, but the
    /// reverse is not necessarily true.
    #[function("hash(obj, /)")]
    fn hash(cx: &mut Cx, obj: Value) -> PyResult {
        let hash = hash_of(cx, obj)?;
        Ok(BigInt::from_i64(&mut cx.heap, hash))
    }

    /// Return the identity of an object.
    ///
    /// This is guaranteed to be unique among simultaneously existing objects.
    /// (CPython uses the object's memory address.)
    #[function("id(obj, /)")]
    fn id(cx: &mut Cx, obj: Value) -> Value {
        BigInt::from_u64(&mut cx.heap, obj.id())
    }

    /// Read a string from standard input.  The trailing newline is stripped.
    ///
    /// The prompt string, if given, is printed to standard output without a
    /// trailing newline before reading input.
    ///
    /// If the user hits EOF (*nix: Ctrl-D, Windows: Ctrl-Z+Return), raise EOFError.
    /// On *nix systems, readline is used if available.
    #[function("input(prompt='', /)")]
    fn input(cx: &mut Cx, prompt: Value) -> PyResult {
        io::input(cx, prompt)
    }

    /// Return whether an object is an instance of a class or of a subclass thereof.
    ///
    /// A tuple, as in ``isinstance(x, (A, B, ...))``, may be given as the target to
    /// check against. This is equivalent to ``isinstance(x, A) or isinstance(x, B)
    /// or ...`` etc.
    #[function("isinstance(obj, class_or_tuple, /)")]
    fn isinstance(cx: &mut Cx, obj: Value, class_or_tuple: Value) -> PyResult<bool> {
        type_check::is_instance_of(cx, obj, class_or_tuple)
    }

    /// Return whether 'cls' is derived from another class or is the same class.
    ///
    /// A tuple, as in ``issubclass(x, (A, B, ...))``, may be given as the target to
    /// check against. This is equivalent to ``issubclass(x, A) or issubclass(x, B)
    /// or ...``.
    #[function("issubclass(cls, class_or_tuple, /)")]
    fn issubclass(cx: &mut Cx, cls: Value, class_or_tuple: Value) -> PyResult<bool> {
        type_check::is_subclass_of(cx, cls, class_or_tuple)
    }

    /// iter(iterable) -> iterator
    /// iter(callable, sentinel) -> iterator
    ///
    /// Get an iterator from an object.
    /// In the first form, the argument must supply its own iterator, or be a sequence.
    /// In the second form, the callable is called until it returns the sentinel.
    #[function("iter(object, sentinel=<unrepresentable>, /)")]
    fn iter(cx: &mut Cx, object: Value, sentinel: Option<Value>) -> PyResult {
        let Some(sentinel) = sentinel else { return get_iter(cx, object) };
        if !is_callable(cx, object) {
            return Err(type_error(cx, "iter(v, w): v must be callable"));
        }
        Ok(cx.heap.callable_iter(object, sentinel).value())
    }

    /// Return an AsyncIterator for an AsyncIterable object.
    #[function("aiter(async_iterable, /)")]
    fn aiter(cx: &mut Cx, async_iterable: Value) -> PyResult {
        iteration::aiter(cx, async_iterable)
    }

    /// Return the next item from the async iterator.
    ///
    /// If default is given and the async iterator is exhausted,
    /// it is returned instead of raising StopAsyncIteration.
    #[function("anext(async_iterator, default=<unrepresentable>, /)")]
    fn anext(cx: &mut Cx, async_iterator: Value, default: Option<Value>) -> PyResult {
        iteration::anext(cx, async_iterator, default)
    }

    /// Return the next item from the iterator.
    ///
    /// If default is given and the iterator is exhausted,
    /// it is returned instead of raising StopIteration.
    #[function("next(iterator, default=<unrepresentable>, /)")]
    fn next(cx: &mut Cx, iterator: Value, default: Option<Value>) -> PyResult {
        if cx.class_of(iterator).slots.next.get().is_none() {
            let name = type_name(cx, iterator);
            return Err(type_error(cx, format_args!("'{name}' object is not an iterator")));
        }
        match crate::iterate::next(cx, iterator) {
            Ok(Some(item)) => Ok(item),
            Ok(None) => match default {
                Some(default) => Ok(default),
                None => Err(iteration::stop(cx, iterator)),
            },
            Err(raised) => Err(raised),
        }
    }

    /// Return the number of items in a container.
    #[function("len(obj, /)")]
    fn len(cx: &mut Cx, obj: Value) -> PyResult<usize> {
        length(cx, obj)
    }

    /// Return a dictionary containing the current scope's local variables.
    ///
    /// NOTE: Whether or not updates to this dictionary will affect name lookups in
    /// the local scope and vice-versa is *implementation dependent* and not
    /// covered by any backwards compatibility guarantees.
    #[function("locals()")]
    fn locals(cx: &mut Cx) -> PyResult {
        crate::run::current_locals(cx)
    }

    /// max(iterable, *[, default=obj, key=func]) -> value
    /// max(arg1, arg2, *args, *[, key=func]) -> value
    ///
    /// With a single iterable argument, return its biggest item. The
    /// default keyword-only argument specifies an object to return if
    /// the provided iterable is empty.
    /// With two or more positional arguments, return the largest argument.
    #[function(raw, "max(*args, key=None, default=None)")]
    fn max(cx: &mut Cx, args: Args<'_>) -> PyResult {
        iteration::extreme(cx, args, "max", CompareOp::Gt)
    }

    /// min(iterable, *[, default=obj, key=func]) -> value
    /// min(arg1, arg2, *args, *[, key=func]) -> value
    ///
    /// With a single iterable argument, return its smallest item. The
    /// default keyword-only argument specifies an object to return if
    /// the provided iterable is empty.
    /// With two or more positional arguments, return the smallest argument.
    #[function(raw, "min(*args, key=None, default=None)")]
    fn min(cx: &mut Cx, args: Args<'_>) -> PyResult {
        iteration::extreme(cx, args, "min", CompareOp::Lt)
    }

    /// Return the ordinal value of a character.
    ///
    /// If the argument is a one-character string, return the Unicode code
    /// point of that character.
    ///
    /// If the argument is a bytes or bytearray object of length 1, return its
    /// single byte value.
    #[function("ord(character, /)")]
    fn ord(cx: &mut Cx, character: Value) -> PyResult {
        numbers::ord(cx, character)
    }

    /// Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments.
    ///
    /// Some types, such as ints, are able to use a more efficient algorithm when
    /// invoked using the three argument form.
    #[function("pow(base, exp, mod=None)")]
    fn pow(cx: &mut Cx, base: Value, exp: Value, modulus: Value) -> PyResult {
        power(cx, base, exp, modulus)
    }

    /// Prints the values to a stream, or to sys.stdout by default.
    ///
    /// sep
    ///   string inserted between values, default a space.
    /// end
    ///   string appended after the last value, default a newline.
    /// file
    ///   a file-like object (stream); defaults to the current sys.stdout.
    /// flush
    ///   whether to forcibly flush the stream.
    #[function(raw, "print(*args, sep=' ', end='\\n', file=None, flush=False)")]
    fn print(cx: &mut Cx, args: Args<'_>) -> PyResult<()> {
        io::print(cx, args)
    }

    /// Return the canonical string representation of the object.
    ///
    /// For many object types, including most builtins, eval() will return
    /// an equal object.
    #[function("repr(obj, /)")]
    fn repr(cx: &mut Cx, obj: Value) -> PyResult {
        repr_value(cx, obj)
    }

    /// Round a number to a given precision in decimal digits.
    ///
    /// The return value is an integer if ndigits is omitted or None.  Otherwise
    /// the return value has the same type as the number.  ndigits may be negative.
    #[function("round(number, ndigits=None)")]
    fn round(cx: &mut Cx, number: Value, ndigits: Value) -> PyResult {
        let name = cx.names().__round__;
        let args = [ndigits];
        let args = if ndigits.is_none() { &args[..0] } else { &args[..] };
        match call_special(cx, number, name, args)? {
            Some(result) => Ok(result),
            None => {
                let name = type_name(cx, number);
                Err(type_error(cx, format_args!("type {name} doesn't define __round__ method")))
            }
        }
    }

    /// Sets the named attribute on the given object to the specified value.
    ///
    /// setattr(x, 'y', v) is equivalent to ``x.y = v``
    #[function("setattr(obj, name, value, /)")]
    fn setattr(cx: &mut Cx, obj: Value, name: Value, value: Value) -> PyResult<()> {
        let name = name_from_value(cx, name)?;
        set_attr(cx, obj, name, value)
    }

    /// Return a new list containing all items from the iterable in ascending order.
    ///
    /// A custom key function can be supplied to customize the sort order, and the
    /// reverse flag can be set to request the result in descending order.
    #[function(raw, "sorted(iterable, /, *, key=None, reverse=False)")]
    fn sorted(cx: &mut Cx, args: Args<'_>) -> PyResult {
        iteration::sorted(cx, args)
    }

    /// Return the sum of a 'start' value (default: 0) plus an iterable of numbers
    ///
    /// When the iterable is empty, return the start value.
    /// This function is intended specifically for use with numeric values and may
    /// reject non-numeric types.
    #[function("sum(iterable, /, start=0)")]
    fn sum(cx: &mut Cx, iterable: Value, start: Value) -> PyResult {
        numbers::sum(cx, iterable, start)
    }

    /// vars([object]) -> dictionary
    ///
    /// Without arguments, equivalent to locals().
    /// With an argument, equivalent to object.__dict__.
    #[function("vars(object=<unrepresentable>, /)")]
    fn vars(cx: &mut Cx, object: Option<Value>) -> PyResult {
        let Some(object) = object else { return crate::run::current_locals(cx) };
        let name = cx.names().__dict__;
        match get_attr_opt(cx, object, name)? {
            Some(dict) => Ok(dict),
            None => Err(type_error(cx, "vars() argument must have __dict__ attribute")),
        }
    }

    /// __build_class__(func, name, /, *bases, [metaclass], **kwds) -> class
    ///
    /// Internal helper function used by the class statement.
    #[function(raw, "__build_class__(func, name, /, *bases, **kwds)")]
    fn build_class(cx: &mut Cx, args: Args<'_>) -> PyResult {
        crate::typing::build_class(cx, args)
    }

    /// Import a module.
    ///
    /// Because this function is meant for use by the Python
    /// interpreter and not for general use, it is better to use
    /// importlib.import_module() to programmatically import a module.
    ///
    /// The globals argument is only used to determine the context;
    /// they are not modified.  The locals argument is unused.  The fromlist
    /// should be a list of names to emulate ``from name import ...``, or an
    /// empty list to emulate ``import name``.
    /// When importing a module from a package, note that __import__('A.B', ...)
    /// returns package A when fromlist is empty, but its submodule B when
    /// fromlist is not empty.  The level argument is used to determine whether to
    /// perform absolute or relative imports: 0 is absolute, while a positive number
    /// is the number of parent directories to search relative to the current module.
    #[function("__import__(name, globals=None, locals=None, fromlist=(), level=0)")]
    fn import(cx: &mut Cx, name: Value, globals: Value, _locals: Value, fromlist: Value, level: i64) -> PyResult {
        crate::import::import_module_level(cx, name, globals, fromlist, level)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        add_constants_and_types(cx, module)
    }
}

/// Whether `value` can be called.
pub fn is_callable(cx: &Cx, value: Value) -> bool {
    cx.class_of(value).slots.call.get().is_some()
}

/// `dir(object)`.
pub fn dir_of(cx: &mut Cx, object: Value) -> PyResult {
    let name = cx.names().__dir__;
    match call_special(cx, object, name, &[])? {
        Some(names) => iteration::sorted(cx, Args::positional_only(&[names])),
        None => Err(type_error(cx, "object does not provide __dir__")),
    }
}

fn add_constants_and_types(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
    let constants = [
        ("None", Value::NONE),
        ("Ellipsis", Value::ELLIPSIS),
        ("NotImplemented", Value::NOT_IMPLEMENTED),
        ("False", Value::FALSE),
        ("True", Value::TRUE),
    ];
    for (name, value) in constants {
        set_module_attr(cx, module, name, value)?;
    }
    let types = cx.types();
    let classes = [
        types.bool,
        types.bytearray,
        types.bytes,
        types.classmethod,
        types.complex,
        types.dict,
        types.enumerate,
        types.filter,
        types.float,
        types.frozenset,
        types.property,
        types.int,
        types.list,
        types.map,
        types.object,
        types.range,
        types.reversed,
        types.set,
        types.slice,
        types.staticmethod,
        types.str,
        types.super_,
        types.tuple,
        types.type_,
        types.zip,
    ];
    for class in classes {
        let name = class.display_name();
        set_module_attr(cx, module, &name, class)?;
    }
    crate::native::add_class(cx, module, &crate::types::memoryview::class::SPEC)?;
    for definition in &crate::exceptions::DEFINITIONS {
        set_module_attr(cx, module, definition.spec.name, (definition.class)(cx.types()))?;
    }
    for alias in ["EnvironmentError", "IOError"] {
        set_module_attr(cx, module, alias, cx.types().OSError)?;
    }
    set_module_attr(cx, module, "__debug__", Value::TRUE)
}
