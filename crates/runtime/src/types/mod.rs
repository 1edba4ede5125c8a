//! The built-in types: one file (or folder) each, registered here by a line.

pub mod anext_awaitable;
pub mod bool;
pub mod bounds;
pub mod bytes;
pub mod cell;
pub mod code;
pub mod complex;
pub mod descriptors;
pub mod dict;
pub mod float;
pub mod frame;
pub mod function;
pub mod generator;
pub mod generic_alias;
pub mod int;
pub mod iterators;
pub mod list;
pub mod mappingproxy;
pub mod memoryview;
pub mod method;
pub mod module;
pub mod namespace;
pub mod object;
pub mod property;
pub mod range;
pub mod set;
pub mod singletons;
pub mod slice;
pub mod static_class_method;
pub mod str;
pub mod super_;
pub mod template;
pub mod tuple;
pub mod type_;
pub mod type_check;
pub mod type_params;
pub mod union;
pub mod weakref;

use crate::exceptions::DEFINITIONS;
use crate::native::class_from_spec;
use ::object::*;

/// A built-in type: its class object, its definition, its base. `object` names itself as its base.
pub type Registration = (fn(&Types) -> Gc<Class>, &'static TypeSpec, fn(&Types) -> Gc<Class>);

/// Bases stand in front of their subclasses.
#[rustfmt::skip]
static TYPES: &[Registration] = &[
    // What every object has, and classes.
    (|t| t.object, &object::class::SPEC, |t| t.object),
    (|t| t.type_, &type_::class::SPEC, |t| t.object),
    (|t| t.NoneType, &singletons::none_type::SPEC, |t| t.object),
    (|t| t.ellipsis, &singletons::ellipsis::SPEC, |t| t.object),
    (|t| t.NotImplementedType, &singletons::not_implemented::SPEC, |t| t.object),
    (|t| t.NoDefaultType, &singletons::no_default::SPEC, |t| t.object),

    // Numbers.
    (|t| t.int, &int::class::SPEC, |t| t.object),
    (|t| t.bool, &bool::class::SPEC, |t| t.int),
    (|t| t.float, &float::class::SPEC, |t| t.object),
    (|t| t.complex, &complex::class::SPEC, |t| t.object),

    // Generators.
    (|t| t.generator, &generator::generator::class::SPEC, |t| t.object),
    (|t| t.coroutine, &generator::coroutine::class::SPEC, |t| t.object),
    (|t| t.async_generator, &generator::async_generator::class::SPEC, |t| t.object),

    // Text and bytes.
    (|t| t.str, &str::class::SPEC, |t| t.object),
    (|t| t.str_iterator, &str::iterator::plain::SPEC, |t| t.object),
    (|t| t.str_ascii_iterator, &str::iterator::ascii::SPEC, |t| t.object),
    (|t| t.bytes, &bytes::bytes::class::SPEC, |t| t.object),
    (|t| t.bytes_iterator, &bytes::iterator::of_bytes::SPEC, |t| t.object),
    (|t| t.bytearray, &bytes::bytearray::class::SPEC, |t| t.object),
    (|t| t.bytearray_iterator, &bytes::iterator::of_bytearray::SPEC, |t| t.object),

    // Containers and their iterators.
    (|t| t.list, &list::class::SPEC, |t| t.object),
    (|t| t.list_iterator, &list::iterators::forward::SPEC, |t| t.object),
    (|t| t.list_reverseiterator, &list::iterators::backward::SPEC, |t| t.object),
    (|t| t.tuple, &tuple::class::SPEC, |t| t.object),
    (|t| t.tuple_iterator, &tuple::iterator::SPEC, |t| t.object),
    (|t| t.dict, &dict::class::SPEC, |t| t.object),
    (|t| t.dict_keys, &dict::views::keys::SPEC, |t| t.object),
    (|t| t.dict_values, &dict::views::values::SPEC, |t| t.object),
    (|t| t.dict_items, &dict::views::items::SPEC, |t| t.object),
    (|t| t.dict_keyiterator, &dict::iterators::keys::SPEC, |t| t.object),
    (|t| t.dict_valueiterator, &dict::iterators::values::SPEC, |t| t.object),
    (|t| t.dict_itemiterator, &dict::iterators::items::SPEC, |t| t.object),
    (|t| t.dict_reversekeyiterator, &dict::iterators::reverse_keys::SPEC, |t| t.object),
    (|t| t.dict_reversevalueiterator, &dict::iterators::reverse_values::SPEC, |t| t.object),
    (|t| t.dict_reverseitemiterator, &dict::iterators::reverse_items::SPEC, |t| t.object),
    (|t| t.mappingproxy, &mappingproxy::class::SPEC, |t| t.object),
    (|t| t.set, &set::class::SPEC, |t| t.object),
    (|t| t.frozenset, &set::frozen::SPEC, |t| t.object),
    (|t| t.set_iterator, &set::iterator::SPEC, |t| t.object),
    (|t| t.range, &range::class::SPEC, |t| t.object),
    (|t| t.range_iterator, &range::small::SPEC, |t| t.object),
    (|t| t.longrange_iterator, &range::long::SPEC, |t| t.object),
    (|t| t.slice, &slice::class::SPEC, |t| t.object),
    (|t| t.simple_namespace, &namespace::class::SPEC, |t| t.object),
    (|t| t.enumerate, &iterators::enumerate::SPEC, |t| t.object),
    (|t| t.zip, &iterators::zip::SPEC, |t| t.object),
    (|t| t.map, &iterators::map::SPEC, |t| t.object),
    (|t| t.filter, &iterators::filter::SPEC, |t| t.object),
    (|t| t.reversed, &iterators::reversed::SPEC, |t| t.object),
    (|t| t.iterator, &iterators::sequence::SPEC, |t| t.object),
    (|t| t.callable_iterator, &iterators::callable::SPEC, |t| t.object),

    // Code: functions, methods, generators, modules.
    (|t| t.function, &function::class::SPEC, |t| t.object),
    (|t| t.method, &method::class::SPEC, |t| t.object),
    (|t| t.code, &code::class::SPEC, |t| t.object),
    (|t| t.property, &property::class::SPEC, |t| t.object),
    (|t| t.staticmethod, &static_class_method::static_method::SPEC, |t| t.object),
    (|t| t.classmethod, &static_class_method::class_method::SPEC, |t| t.object),
    (|t| t.super_, &super_::class::SPEC, |t| t.object),
    (|t| t.weakref, &weakref::reference::SPEC, |t| t.object),
    (|t| t.weakproxy, &weakref::proxy::SPEC, |t| t.object),
    (|t| t.weakcallableproxy, &weakref::callable_proxy::SPEC, |t| t.object),
    (|t| t.cell, &cell::class::SPEC, |t| t.object),
    (|t| t.module, &module::class::SPEC, |t| t.object),
    (|t| t.frame, &frame::class::SPEC, |t| t.object),
    (|t| t.traceback, &crate::exceptions::traceback::class::SPEC, |t| t.object),

    // Descriptors.
    (|t| t.builtin_function_or_method, &descriptors::builtin_function::SPEC, |t| t.object),
    (|t| t.method_descriptor, &descriptors::method_descriptor::SPEC, |t| t.object),
    (|t| t.classmethod_descriptor, &descriptors::classmethod_descriptor::SPEC, |t| t.object),
    (|t| t.wrapper_descriptor, &descriptors::wrapper_descriptor::SPEC, |t| t.object),
    (|t| t.method_wrapper, &descriptors::method_wrapper::SPEC, |t| t.object),
    (|t| t.getset_descriptor, &descriptors::getset_descriptor::SPEC, |t| t.object),
    (|t| t.member_descriptor, &descriptors::member_descriptor::SPEC, |t| t.object),
];

/// Fill the class objects of the built-in types; part of start-up.
pub fn fill_types(cx: &mut Cx) -> PyResult<()> {
    let types = cx.types();
    for (class, spec, base) in TYPES {
        let (class, base) = (class(types), base(types));
        let bases: &[Gc<Class>] = if class == base { &[] } else { &[base] };
        class_from_spec(cx, spec, class, bases)?;
    }
    for definition in &DEFINITIONS {
        let (class, base) = ((definition.class)(types), (definition.base)(types));
        let both = [base, types.Exception];
        // The one built-in class with two bases.
        let bases = if class == types.ExceptionGroup { &both[..] } else { &both[..1] };
        class_from_spec(cx, &definition.spec, class, bases)?;
    }
    Ok(())
}

/// The object that `builtins` has under this name, for `__reduce__`.
pub fn builtin(cx: &mut Cx, name: &'static std::primitive::str) -> PyResult {
    let key = cx.heap.intern(name);
    match cx.vm().builtins.get().and_then(|builtins| builtins.get_str(key)) {
        Some(value) => Ok(value),
        None => Err(crate::error::attribute_error(cx, Value::NONE, key, name)),
    }
}
