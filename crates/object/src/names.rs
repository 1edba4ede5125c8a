//! Strings that the runtime itself refers to, interned at start-up.

use crate::gc::Gc;
use crate::string::Str;

macro_rules! names {
    ($($name:ident $(= $text:literal)?),* $(,)?) => {
        /// Interned names; the field is the text unless the list says otherwise.
        #[allow(non_snake_case, reason = "fields are Python names")]
        pub struct Names { $(pub $name: Gc<Str>,)* }

        impl Names {
            pub(crate) fn build(mut intern: impl FnMut(&'static str) -> Gc<Str>) -> Names {
                Names { $($name: intern(names!(@text $name $($text)?)),)* }
            }
        }
    };
    (@text $name:ident $text:literal) => { $text };
    (@text $name:ident) => { stringify!($name) };
}

names! {
    _abc_impl, __abc_tpflags__, __abs__, __abstractmethods__, __add__, __aenter__, __aexit__, __aiter__, __all__, __and__, __anext__,
    __annotate__, __annotate_func__, __annotations__, __annotations_cache__, __args__, __await__, __bases__, __bool__, __buffer__, __build_class__,
    __builtins__, __bytes__, __cached__, __call__, __cause__, __ceil__, __class__, __class_getitem__, __classcell__, __classdict__, __classdictcell__,
    __closure__, __code__, __complex__, __contains__, __context__, __copy__, __deepcopy__, __defaults__, __del__, __delattr__,
    __delete__, __delitem__, __dict__, __dictoffset__, __dir__, __divmod__, __doc__, __enter__, __eq__, __exit__, __file__, __firstlineno__, __float__,
    __floor__, __floordiv__, __format__, __fspath__, __func__, __ge__, __get__, __getattr__, __getattribute__, __getitem__,
    __getnewargs__, __getnewargs_ex__, __getstate__, __globals__, __gt__, __hash__, __iadd__, __iand__, __ifloordiv__,
    __ilshift__, __imatmul__, __imod__, __import__, __imul__, __index__, __init__, __init_subclass__, __instancecheck__, __int__,
    __invert__, __ior__, __ipow__, __irshift__, __isabstractmethod__, __isub__, __iter__, __itruediv__, __ixor__,
    __kwdefaults__, __le__, __len__, __length_hint__, __loader__, __lshift__, __lt__, __main__, __match_args__, __matmul__, __missing__,
    __mod__, __module__, __mro__, __mro_entries__, __mul__, __name__, __ne__, __neg__, __new__, __next__, __notes__, __objclass__, __or__,
    __orig_bases__, __orig_class__, __origin__, __package__, __parameters__, __path__, __pos__, __pow__, __prepare__, __qualname__, __radd__, __rand__,
    __rdivmod__, __reduce__, __reduce_ex__, __release_buffer__, __repr__, __reversed__, __rfloordiv__, __rlshift__, __rmatmul__,
    __rmod__, __rmul__, __ror__, __round__, __rpow__, __rrshift__, __rshift__, __rsub__, __rtruediv__, __rxor__, __self__, __set__,
    __set_name__, __setattr__, __setitem__, __setstate__, __sizeof__, __slots__, __spec__, __static_attributes__, __str__, __sub__, __subclasscheck__,
    __subclasses__, __subclasshook__, __suppress_context__, __text_signature__, __traceback__, __truediv__, __trunc__, __type_params__, __typing_subst__,
    __typing_prepare_subst__, __typing_unpacked_tuple_args__, __unpacked__, __value__,
    __warningregistry__, __weakref__, __wrapped__, __xor__,
    abstractmethods, add, append, args, big, builtins, cause, clear, close, context, copy, default, displayhook, encoding, end, errors, excepthook, extend, file, filename,
    flush, get, getattr, importlib, index, items, iter, join, key, keys, last_exc, last_traceback, last_type, last_value, lineno, little, locals, main, metaclass, mode, modules, msg, name, name_from, newline, next, obj, offset, open,
    path, pop, print, read, readline, repr, reverse, send, sep, setdefault, stderr, stdin, stdout, strict, sys, text, throw, tb_frame,
    type_ = "type", update, value, values, warn, warnings, write, utf_8 = "utf-8", ascii, surrogateescape, backslashreplace, empty = "", dot = ".", star = "*", space = " ", lt_module = "<module>", lt_lambda = "<lambda>",
    unraisablehook, breakpointhook, ps1, ps2, path_hooks, meta_path, path_importer_cache, flags, fset, fget, fdel, from_bytes, to_bytes, exc_info, exception, format_exception, lambda, _initializing, _uninitialized_submodules,
    athrow, aclose, asend, cr_await, gi_yieldfrom,
}
