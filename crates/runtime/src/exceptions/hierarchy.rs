//! The table of exception classes: name, base, documentation, and for the few that have more, their parts.
//!
//! Start-up makes the classes from it in this order (bases first).

use super::{base, group, os_error, simple, syntax_error, unicode_error};
use object::class::{flags, traits};
use object::{Class, Exception, Gc, GetSetDef, Kind, NativeDef, ProcessIndex, Slots, TypeSpec, Types};

/// One class of the hierarchy.
pub struct Definition {
    pub class: fn(&Types) -> Gc<Class>,
    pub base: fn(&Types) -> Gc<Class>,
    pub spec: TypeSpec,
}

/// What a class adds to its base.
struct Parts {
    methods: &'static [NativeDef],
    getset: &'static [GetSetDef],
    slots: fn(&Slots),
}

const PLAIN: Parts = Parts { methods: &[], getset: &[], slots: base::constructor_slots };
const OS_SUBCLASS: Parts = Parts { methods: &[], getset: &[], slots: os_error::constructor_slots };

const fn spec(name: &'static str, doc: &'static str, parts: Parts) -> TypeSpec {
    TypeSpec {
        index: ProcessIndex::new(),
        name,
        module: "builtins",
        doc,
        flags: flags::BASETYPE | flags::HAVE_GC | flags::EXCEPTION_SUBCLASS,
        traits: traits::HAS_DICT,
        base: None,
        methods: parts.methods,
        getset: parts.getset,
        slots: parts.slots,
        init: None,
        kind: Kind::Exception,
        size: size_of::<Exception>(),
    }
}

macro_rules! hierarchy {
    ($($field:ident $(as $name:literal)? ($base:ident) = $doc:literal $(, $parts:expr)?;)*) => {
        /// All built-in exception classes, bases before subclasses.
        pub static DEFINITIONS: [Definition; [$(stringify!($field)),*].len()] = [$(Definition {
            class: |types| types.$field,
            base: |types| types.$base,
            spec: spec(hierarchy!(@name $field $($name)?), $doc, hierarchy!(@parts $($parts)?)),
        }),*];
    };
    (@name $field:ident $name:literal) => { $name };
    (@name $field:ident) => { stringify!($field) };
    (@parts $parts:expr) => { $parts };
    (@parts) => { PLAIN };
}

hierarchy! {
    BaseException(object) = "Common base class for all exceptions",
        Parts { methods: base::METHODS, getset: base::GETSET, slots: base::slots };
    BaseExceptionGroup(BaseException) = "A combination of multiple unrelated exceptions.",
        Parts { methods: group::METHODS, getset: group::GETSET, slots: group::slots };
    GeneratorExit(BaseException) = "Request that a generator exit.";
    KeyboardInterrupt(BaseException) = "Program interrupted by user.";
    SystemExit(BaseException) = "Request to exit from the interpreter.",
        Parts { methods: &[], getset: simple::SYSTEM_EXIT, slots: simple::system_exit_slots };
    Exception(BaseException) = "Common base class for all non-exit exceptions.";
    ExceptionGroup(BaseExceptionGroup) = "", Parts { methods: &[], getset: &[], slots: |_| {} };
    ArithmeticError(Exception) = "Base class for arithmetic errors.";
    FloatingPointError(ArithmeticError) = "Floating-point operation failed.";
    OverflowError(ArithmeticError) = "Result too large to be represented.";
    ZeroDivisionError(ArithmeticError) = "Second argument to a division or modulo operation was zero.";
    AssertionError(Exception) = "Assertion failed.";
    AttributeError(Exception) = "Attribute not found.",
        Parts { methods: simple::ATTRIBUTE_ERROR_METHODS, getset: simple::ATTRIBUTE_ERROR, slots: simple::attribute_error_slots };
    BufferError(Exception) = "Buffer error.";
    EOFError(Exception) = "Read beyond end of file.";
    ImportError(Exception) = "Import can't find module, or can't find name in module.",
        Parts { methods: simple::IMPORT_ERROR_METHODS, getset: simple::IMPORT_ERROR, slots: simple::import_error_slots };
    ModuleNotFoundError(ImportError) = "Module not found.",
        Parts { methods: &[], getset: &[], slots: simple::import_error_init };
    LookupError(Exception) = "Base class for lookup errors.";
    IndexError(LookupError) = "Sequence index out of range.";
    KeyError(LookupError) = "Mapping key not found.",
        Parts { methods: &[], getset: &[], slots: simple::key_error_slots };
    MemoryError(Exception) = "Out of memory.";
    NameError(Exception) = "Name not found globally.",
        Parts { methods: &[], getset: simple::NAME_ERROR, slots: simple::name_error_slots };
    UnboundLocalError(NameError) = "Local name referenced but not bound to a value.",
        Parts { methods: &[], getset: &[], slots: simple::name_error_slots };
    OSError(Exception) = "Base class for I/O related errors.",
        Parts { methods: os_error::METHODS, getset: os_error::GETSET, slots: os_error::slots };
    BlockingIOError(OSError) = "I/O operation would block.", OS_SUBCLASS;
    ChildProcessError(OSError) = "Child process error.", OS_SUBCLASS;
    ConnectionError(OSError) = "Connection error.", OS_SUBCLASS;
    BrokenPipeError(ConnectionError) = "Broken pipe.", OS_SUBCLASS;
    ConnectionAbortedError(ConnectionError) = "Connection aborted.", OS_SUBCLASS;
    ConnectionRefusedError(ConnectionError) = "Connection refused.", OS_SUBCLASS;
    ConnectionResetError(ConnectionError) = "Connection reset.", OS_SUBCLASS;
    FileExistsError(OSError) = "File already exists.", OS_SUBCLASS;
    FileNotFoundError(OSError) = "File not found.", OS_SUBCLASS;
    InterruptedError(OSError) = "Interrupted by signal.", OS_SUBCLASS;
    IsADirectoryError(OSError) = "Operation doesn't work on directories.", OS_SUBCLASS;
    NotADirectoryError(OSError) = "Operation only works on directories.", OS_SUBCLASS;
    PermissionError(OSError) = "Not enough permissions.", OS_SUBCLASS;
    ProcessLookupError(OSError) = "Process not found.", OS_SUBCLASS;
    TimeoutError(OSError) = "Timeout expired.", OS_SUBCLASS;
    ReferenceError(Exception) = "Weak ref proxy used after referent went away.";
    RuntimeError(Exception) = "Unspecified run-time error.";
    NotImplementedError(RuntimeError) = "Method or function hasn't been implemented yet.";
    PythonFinalizationError(RuntimeError) = "Operation blocked during Python finalization.";
    RecursionError(RuntimeError) = "Recursion limit exceeded.";
    StopAsyncIteration(Exception) = "Signal the end from iterator.__anext__().";
    StopIteration(Exception) = "Signal the end from iterator.__next__().",
        Parts { methods: &[], getset: simple::STOP_ITERATION, slots: simple::stop_iteration_slots };
    SyntaxError(Exception) = "Invalid syntax.",
        Parts { methods: &[], getset: syntax_error::GETSET, slots: syntax_error::slots };
    IncompleteInputError as "_IncompleteInputError" (SyntaxError) = "incomplete input.",
        Parts { methods: &[], getset: &[], slots: syntax_error::constructor_slots };
    IndentationError(SyntaxError) = "Improper indentation.",
        Parts { methods: &[], getset: &[], slots: syntax_error::constructor_slots };
    TabError(IndentationError) = "Improper mixture of spaces and tabs.",
        Parts { methods: &[], getset: &[], slots: syntax_error::constructor_slots };
    SystemError(Exception) = "Internal error in the Python interpreter.\n\nPlease report this to the Python maintainer, along with the traceback,\nthe Python version, and the hardware/OS platform and version.";
    TypeError(Exception) = "Inappropriate argument type.";
    ValueError(Exception) = "Inappropriate argument value (of correct type).";
    UnicodeError(ValueError) = "Unicode related error.";
    UnicodeDecodeError(UnicodeError) = "Unicode decoding error.",
        Parts { methods: &[], getset: unicode_error::GETSET, slots: unicode_error::decode_slots };
    UnicodeEncodeError(UnicodeError) = "Unicode encoding error.",
        Parts { methods: &[], getset: unicode_error::GETSET, slots: unicode_error::encode_slots };
    UnicodeTranslateError(UnicodeError) = "Unicode translation error.",
        Parts { methods: &[], getset: unicode_error::GETSET, slots: unicode_error::translate_slots };
    Warning(Exception) = "Base class for warning categories.";
    BytesWarning(Warning) = "Base class for warnings about bytes and buffer related problems, mostly\nrelated to conversion from str or comparing to str.";
    DeprecationWarning(Warning) = "Base class for warnings about deprecated features.";
    EncodingWarning(Warning) = "Base class for warnings about encodings.";
    FutureWarning(Warning) = "Base class for warnings about constructs that will change semantically\nin the future.";
    ImportWarning(Warning) = "Base class for warnings about probable mistakes in module imports";
    PendingDeprecationWarning(Warning) = "Base class for warnings about features which will be deprecated\nin the future.";
    ResourceWarning(Warning) = "Base class for warnings about resource usage.";
    RuntimeWarning(Warning) = "Base class for warnings about dubious runtime behavior.";
    SyntaxWarning(Warning) = "Base class for warnings about dubious syntax.";
    UnicodeWarning(Warning) = "Base class for warnings about Unicode related problems, mostly\nrelated to conversion problems.";
    UserWarning(Warning) = "Base class for warnings generated by user code.";
}
