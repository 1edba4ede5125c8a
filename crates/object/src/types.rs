//! The built-in types of a VM: one list from which come the class pointers, the instance shapes and the layouts.
//!
//! A type is added by one line. The class objects are made empty at start-up, so that every object has a class from the
//! first allocation; `runtime::typing` then fills in bases, methods and slots from the types' definitions.

use crate::builtins::*;
use crate::bytes::{ByteArray, Bytes};
use crate::class::Class;
use crate::code::Code;
use crate::dict::{Dict, GlobalCell};
use crate::exception::{Exception, Traceback};
use crate::float::{Complex, Float};
use crate::frame::FrameObject;
use crate::function::{BoundMethod, Cell, Function, NativeFunction};
use crate::gc::Gc;
use crate::generator::Generator;
use crate::instance::Instance;
use crate::int::BigInt;
use crate::list::{List, ListIter};
use crate::set::Set;
use crate::shape::ShapeId;
use crate::string::Str;
use crate::tuple::{Tuple, TupleIter};

/// What start-up needs to know of a built-in type.
pub(crate) struct BuiltinLayout {
    pub kind: crate::kind::Kind,
    pub size: usize,
    pub has_dict: bool,
}

macro_rules! builtin_types {
    ($($(#[$meta:meta])* $name:ident = $layout:ty $(, $dict:ident)?;)*) => {
        /// The class objects of the built-in types.
        #[allow(non_snake_case, reason = "fields are named as the types are in Python")]
        pub struct Types { $($(#[$meta])* pub $name: Gc<Class>,)* }

        /// The shapes of fresh instances of the built-in types, and of internal objects.
        #[allow(non_snake_case, reason = "fields are named as the types are in Python")]
        #[derive(Clone, Copy)]
        pub struct Shapes {
            /// Storage objects that Python never sees.
            pub internal: ShapeId,
            pub global_cell: ShapeId,
            $(pub $name: ShapeId,)*
        }

        impl Types {
            /// Make every class with `make`, in the order of the list.
            #[allow(non_snake_case, reason = "fields are named as the types are in Python")]
            pub(crate) fn build(mut make: impl FnMut(&'static str, BuiltinLayout) -> Gc<Class>) -> Types {
                Types { $($name: make(stringify!($name), BuiltinLayout {
                    kind: <$layout>::KIND, size: size_of::<$layout>(), has_dict: builtin_types!(@dict $($dict)?),
                }),)* }
            }

            /// All of them, with the names of their fields.
            pub fn all(&self) -> Vec<(&'static str, u64)> {
                vec![$((stringify!($name), self.$name.word())),*]
            }

            pub(crate) fn shapes(&self, internal: ShapeId, global_cell: ShapeId) -> Shapes {
                Shapes { internal, global_cell, $($name: self.$name.instance_shape.get(),)* }
            }
        }
    };
    (@dict dict) => { true };
    (@dict) => { false };
}

builtin_types! {
    type_ = Class, dict;
    object = Instance;
    int = BigInt;
    bool = BigInt;
    float = Float;
    complex = Complex;
    str = Str;
    bytes = Bytes;
    bytearray = ByteArray;
    tuple = Tuple;
    list = List;
    dict = Dict;
    set = Set;
    frozenset = Set;
    slice = Slice;
    range = Range;
    NoneType = Instance;
    ellipsis = Instance;
    NotImplementedType = Instance;
    NoDefaultType = Instance;
    function = Function, dict;
    builtin_function_or_method = NativeFunction;
    method = BoundMethod;
    method_descriptor = MethodDescriptor;
    classmethod_descriptor = MethodDescriptor;
    wrapper_descriptor = SlotWrapper;
    method_wrapper = MethodWrapper;
    getset_descriptor = GetSetDescriptor;
    member_descriptor = MemberDescriptor;
    code = Code;
    frame = FrameObject;
    cell = Cell;
    module = Module;
    generator = Generator;
    coroutine = Generator;
    async_generator = Generator;
    property = Property;
    staticmethod = StaticMethod, dict;
    classmethod = ClassMethod, dict;
    super_ = Super;
    mappingproxy = MappingProxy;
    simple_namespace = NamespaceObject, dict;
    weakref = WeakRef;
    weakproxy = WeakRef;
    weakcallableproxy = WeakRef;
    traceback = Traceback;
    list_iterator = ListIter;
    list_reverseiterator = ReversedIter;
    tuple_iterator = TupleIter;
    str_iterator = StrIter;
    str_ascii_iterator = StrIter;
    bytes_iterator = BytesIter;
    bytearray_iterator = BytesIter;
    range_iterator = RangeIter;
    longrange_iterator = LongRangeIter;
    set_iterator = SetIter;
    dict_keys = DictView;
    dict_values = DictView;
    dict_items = DictView;
    dict_keyiterator = DictIter;
    dict_valueiterator = DictIter;
    dict_itemiterator = DictIter;
    dict_reversekeyiterator = DictIter;
    dict_reversevalueiterator = DictIter;
    dict_reverseitemiterator = DictIter;
    enumerate = Enumerate;
    zip = Zip;
    map = Map;
    filter = Filter;
    reversed = ReversedIter;
    iterator = SequenceIter;
    callable_iterator = CallableIter;
    BaseException = Exception, dict;
    BaseExceptionGroup = Exception, dict;
    ExceptionGroup = Exception, dict;
    GeneratorExit = Exception, dict;
    KeyboardInterrupt = Exception, dict;
    SystemExit = Exception, dict;
    Exception = Exception, dict;
    ArithmeticError = Exception, dict;
    FloatingPointError = Exception, dict;
    OverflowError = Exception, dict;
    ZeroDivisionError = Exception, dict;
    AssertionError = Exception, dict;
    AttributeError = Exception, dict;
    BufferError = Exception, dict;
    EOFError = Exception, dict;
    ImportError = Exception, dict;
    ModuleNotFoundError = Exception, dict;
    LookupError = Exception, dict;
    IndexError = Exception, dict;
    KeyError = Exception, dict;
    MemoryError = Exception, dict;
    NameError = Exception, dict;
    UnboundLocalError = Exception, dict;
    OSError = Exception, dict;
    BlockingIOError = Exception, dict;
    ChildProcessError = Exception, dict;
    ConnectionError = Exception, dict;
    BrokenPipeError = Exception, dict;
    ConnectionAbortedError = Exception, dict;
    ConnectionRefusedError = Exception, dict;
    ConnectionResetError = Exception, dict;
    FileExistsError = Exception, dict;
    FileNotFoundError = Exception, dict;
    InterruptedError = Exception, dict;
    IsADirectoryError = Exception, dict;
    NotADirectoryError = Exception, dict;
    PermissionError = Exception, dict;
    ProcessLookupError = Exception, dict;
    TimeoutError = Exception, dict;
    ReferenceError = Exception, dict;
    RuntimeError = Exception, dict;
    NotImplementedError = Exception, dict;
    PythonFinalizationError = Exception, dict;
    RecursionError = Exception, dict;
    StopAsyncIteration = Exception, dict;
    StopIteration = Exception, dict;
    SyntaxError = Exception, dict;
    IncompleteInputError = Exception, dict;
    IndentationError = Exception, dict;
    TabError = Exception, dict;
    SystemError = Exception, dict;
    TypeError = Exception, dict;
    ValueError = Exception, dict;
    UnicodeError = Exception, dict;
    UnicodeDecodeError = Exception, dict;
    UnicodeEncodeError = Exception, dict;
    UnicodeTranslateError = Exception, dict;
    Warning = Exception, dict;
    BytesWarning = Exception, dict;
    DeprecationWarning = Exception, dict;
    EncodingWarning = Exception, dict;
    FutureWarning = Exception, dict;
    ImportWarning = Exception, dict;
    PendingDeprecationWarning = Exception, dict;
    ResourceWarning = Exception, dict;
    RuntimeWarning = Exception, dict;
    SyntaxWarning = Exception, dict;
    UnicodeWarning = Exception, dict;
    UserWarning = Exception, dict;
}

/// Size of the cells of module dictionaries, for their shape.
pub(crate) const GLOBAL_CELL: BuiltinLayout =
    BuiltinLayout { kind: GlobalCell::KIND, size: size_of::<GlobalCell>(), has_dict: false };
