//! The instruction set: numbers, cache sizes and operand kinds of CPython 3.14.
//!
//! One list, `for_each_opcode!`, feeds everything that needs the instructions by name: `Opcode` here, the compiler's
//! intermediate instruction type, and tables in the interpreter. Does not describe stack effects (`effects.rs`).

/// Calls `$then!` with every instruction: `base` ones that the compiler emits, `special` ones that the interpreter
/// rewrites a base one into (`NAME = number, BASE`), `instrumented` ones, and `pseudo` ones that exist only inside the
/// compiler (numbers from 256 up).
#[macro_export]
macro_rules! for_each_opcode {
    ($then:ident) => {
        $then! {
            base {
                CACHE = 0,
                BINARY_SLICE = 1,
                BUILD_TEMPLATE = 2,
                CALL_FUNCTION_EX = 4,
                CHECK_EG_MATCH = 5,
                CHECK_EXC_MATCH = 6,
                CLEANUP_THROW = 7,
                DELETE_SUBSCR = 8,
                END_FOR = 9,
                END_SEND = 10,
                EXIT_INIT_CHECK = 11,
                FORMAT_SIMPLE = 12,
                FORMAT_WITH_SPEC = 13,
                GET_AITER = 14,
                GET_ANEXT = 15,
                GET_ITER = 16,
                RESERVED = 17,
                GET_LEN = 18,
                GET_YIELD_FROM_ITER = 19,
                INTERPRETER_EXIT = 20,
                LOAD_BUILD_CLASS = 21,
                LOAD_LOCALS = 22,
                MAKE_FUNCTION = 23,
                MATCH_KEYS = 24,
                MATCH_MAPPING = 25,
                MATCH_SEQUENCE = 26,
                NOP = 27,
                NOT_TAKEN = 28,
                POP_EXCEPT = 29,
                POP_ITER = 30,
                POP_TOP = 31,
                PUSH_EXC_INFO = 32,
                PUSH_NULL = 33,
                RETURN_GENERATOR = 34,
                RETURN_VALUE = 35,
                SETUP_ANNOTATIONS = 36,
                STORE_SLICE = 37,
                STORE_SUBSCR = 38,
                TO_BOOL = 39,
                UNARY_INVERT = 40,
                UNARY_NEGATIVE = 41,
                UNARY_NOT = 42,
                WITH_EXCEPT_START = 43,
                BINARY_OP = 44,
                BUILD_INTERPOLATION = 45,
                BUILD_LIST = 46,
                BUILD_MAP = 47,
                BUILD_SET = 48,
                BUILD_SLICE = 49,
                BUILD_STRING = 50,
                BUILD_TUPLE = 51,
                CALL = 52,
                CALL_INTRINSIC_1 = 53,
                CALL_INTRINSIC_2 = 54,
                CALL_KW = 55,
                COMPARE_OP = 56,
                CONTAINS_OP = 57,
                CONVERT_VALUE = 58,
                COPY = 59,
                COPY_FREE_VARS = 60,
                DELETE_ATTR = 61,
                DELETE_DEREF = 62,
                DELETE_FAST = 63,
                DELETE_GLOBAL = 64,
                DELETE_NAME = 65,
                DICT_MERGE = 66,
                DICT_UPDATE = 67,
                END_ASYNC_FOR = 68,
                EXTENDED_ARG = 69,
                FOR_ITER = 70,
                GET_AWAITABLE = 71,
                IMPORT_FROM = 72,
                IMPORT_NAME = 73,
                IS_OP = 74,
                JUMP_BACKWARD = 75,
                JUMP_BACKWARD_NO_INTERRUPT = 76,
                JUMP_FORWARD = 77,
                LIST_APPEND = 78,
                LIST_EXTEND = 79,
                LOAD_ATTR = 80,
                LOAD_COMMON_CONSTANT = 81,
                LOAD_CONST = 82,
                LOAD_DEREF = 83,
                LOAD_FAST = 84,
                LOAD_FAST_AND_CLEAR = 85,
                LOAD_FAST_BORROW = 86,
                LOAD_FAST_BORROW_LOAD_FAST_BORROW = 87,
                LOAD_FAST_CHECK = 88,
                LOAD_FAST_LOAD_FAST = 89,
                LOAD_FROM_DICT_OR_DEREF = 90,
                LOAD_FROM_DICT_OR_GLOBALS = 91,
                LOAD_GLOBAL = 92,
                LOAD_NAME = 93,
                LOAD_SMALL_INT = 94,
                LOAD_SPECIAL = 95,
                LOAD_SUPER_ATTR = 96,
                MAKE_CELL = 97,
                MAP_ADD = 98,
                MATCH_CLASS = 99,
                POP_JUMP_IF_FALSE = 100,
                POP_JUMP_IF_NONE = 101,
                POP_JUMP_IF_NOT_NONE = 102,
                POP_JUMP_IF_TRUE = 103,
                RAISE_VARARGS = 104,
                RERAISE = 105,
                SEND = 106,
                SET_ADD = 107,
                SET_FUNCTION_ATTRIBUTE = 108,
                SET_UPDATE = 109,
                STORE_ATTR = 110,
                STORE_DEREF = 111,
                STORE_FAST = 112,
                STORE_FAST_LOAD_FAST = 113,
                STORE_FAST_STORE_FAST = 114,
                STORE_GLOBAL = 115,
                STORE_NAME = 116,
                SWAP = 117,
                UNPACK_EX = 118,
                UNPACK_SEQUENCE = 119,
                YIELD_VALUE = 120,
                RESUME = 128,
                ENTER_EXECUTOR = 255,
            }
            special {
                BINARY_OP_INPLACE_ADD_UNICODE = 3 of BINARY_OP,
                BINARY_OP_ADD_FLOAT = 129 of BINARY_OP,
                BINARY_OP_ADD_INT = 130 of BINARY_OP,
                BINARY_OP_ADD_UNICODE = 131 of BINARY_OP,
                BINARY_OP_EXTEND = 132 of BINARY_OP,
                BINARY_OP_MULTIPLY_FLOAT = 133 of BINARY_OP,
                BINARY_OP_MULTIPLY_INT = 134 of BINARY_OP,
                BINARY_OP_SUBSCR_DICT = 135 of BINARY_OP,
                BINARY_OP_SUBSCR_GETITEM = 136 of BINARY_OP,
                BINARY_OP_SUBSCR_LIST_INT = 137 of BINARY_OP,
                BINARY_OP_SUBSCR_LIST_SLICE = 138 of BINARY_OP,
                BINARY_OP_SUBSCR_STR_INT = 139 of BINARY_OP,
                BINARY_OP_SUBSCR_TUPLE_INT = 140 of BINARY_OP,
                BINARY_OP_SUBTRACT_FLOAT = 141 of BINARY_OP,
                BINARY_OP_SUBTRACT_INT = 142 of BINARY_OP,
                CALL_ALLOC_AND_ENTER_INIT = 143 of CALL,
                CALL_BOUND_METHOD_EXACT_ARGS = 144 of CALL,
                CALL_BOUND_METHOD_GENERAL = 145 of CALL,
                CALL_BUILTIN_CLASS = 146 of CALL,
                CALL_BUILTIN_FAST = 147 of CALL,
                CALL_BUILTIN_FAST_WITH_KEYWORDS = 148 of CALL,
                CALL_BUILTIN_O = 149 of CALL,
                CALL_ISINSTANCE = 150 of CALL,
                CALL_KW_BOUND_METHOD = 151 of CALL_KW,
                CALL_KW_NON_PY = 152 of CALL_KW,
                CALL_KW_PY = 153 of CALL_KW,
                CALL_LEN = 154 of CALL,
                CALL_LIST_APPEND = 155 of CALL,
                CALL_METHOD_DESCRIPTOR_FAST = 156 of CALL,
                CALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS = 157 of CALL,
                CALL_METHOD_DESCRIPTOR_NOARGS = 158 of CALL,
                CALL_METHOD_DESCRIPTOR_O = 159 of CALL,
                CALL_NON_PY_GENERAL = 160 of CALL,
                CALL_PY_EXACT_ARGS = 161 of CALL,
                CALL_PY_GENERAL = 162 of CALL,
                CALL_STR_1 = 163 of CALL,
                CALL_TUPLE_1 = 164 of CALL,
                CALL_TYPE_1 = 165 of CALL,
                COMPARE_OP_FLOAT = 166 of COMPARE_OP,
                COMPARE_OP_INT = 167 of COMPARE_OP,
                COMPARE_OP_STR = 168 of COMPARE_OP,
                CONTAINS_OP_DICT = 169 of CONTAINS_OP,
                CONTAINS_OP_SET = 170 of CONTAINS_OP,
                FOR_ITER_GEN = 171 of FOR_ITER,
                FOR_ITER_LIST = 172 of FOR_ITER,
                FOR_ITER_RANGE = 173 of FOR_ITER,
                FOR_ITER_TUPLE = 174 of FOR_ITER,
                JUMP_BACKWARD_JIT = 175 of JUMP_BACKWARD,
                JUMP_BACKWARD_NO_JIT = 176 of JUMP_BACKWARD,
                LOAD_ATTR_CLASS = 177 of LOAD_ATTR,
                LOAD_ATTR_CLASS_WITH_METACLASS_CHECK = 178 of LOAD_ATTR,
                LOAD_ATTR_GETATTRIBUTE_OVERRIDDEN = 179 of LOAD_ATTR,
                LOAD_ATTR_INSTANCE_VALUE = 180 of LOAD_ATTR,
                LOAD_ATTR_METHOD_LAZY_DICT = 181 of LOAD_ATTR,
                LOAD_ATTR_METHOD_NO_DICT = 182 of LOAD_ATTR,
                LOAD_ATTR_METHOD_WITH_VALUES = 183 of LOAD_ATTR,
                LOAD_ATTR_MODULE = 184 of LOAD_ATTR,
                LOAD_ATTR_NONDESCRIPTOR_NO_DICT = 185 of LOAD_ATTR,
                LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES = 186 of LOAD_ATTR,
                LOAD_ATTR_PROPERTY = 187 of LOAD_ATTR,
                LOAD_ATTR_SLOT = 188 of LOAD_ATTR,
                LOAD_ATTR_WITH_HINT = 189 of LOAD_ATTR,
                LOAD_CONST_IMMORTAL = 190 of LOAD_CONST,
                LOAD_CONST_MORTAL = 191 of LOAD_CONST,
                LOAD_GLOBAL_BUILTIN = 192 of LOAD_GLOBAL,
                LOAD_GLOBAL_MODULE = 193 of LOAD_GLOBAL,
                LOAD_SUPER_ATTR_ATTR = 194 of LOAD_SUPER_ATTR,
                LOAD_SUPER_ATTR_METHOD = 195 of LOAD_SUPER_ATTR,
                RESUME_CHECK = 196 of RESUME,
                SEND_GEN = 197 of SEND,
                STORE_ATTR_INSTANCE_VALUE = 198 of STORE_ATTR,
                STORE_ATTR_SLOT = 199 of STORE_ATTR,
                STORE_ATTR_WITH_HINT = 200 of STORE_ATTR,
                STORE_SUBSCR_DICT = 201 of STORE_SUBSCR,
                STORE_SUBSCR_LIST_INT = 202 of STORE_SUBSCR,
                TO_BOOL_ALWAYS_TRUE = 203 of TO_BOOL,
                TO_BOOL_BOOL = 204 of TO_BOOL,
                TO_BOOL_INT = 205 of TO_BOOL,
                TO_BOOL_LIST = 206 of TO_BOOL,
                TO_BOOL_NONE = 207 of TO_BOOL,
                TO_BOOL_STR = 208 of TO_BOOL,
                UNPACK_SEQUENCE_LIST = 209 of UNPACK_SEQUENCE,
                UNPACK_SEQUENCE_TUPLE = 210 of UNPACK_SEQUENCE,
                UNPACK_SEQUENCE_TWO_TUPLE = 211 of UNPACK_SEQUENCE,
                FOR_ITER_DICT = 212 of FOR_ITER,
                FOR_ITER_PAIR = 213 of FOR_ITER,
                FOR_ITER_SET = 214 of FOR_ITER,
                LOAD_FAST_BORROW__LOAD_ATTR_INSTANCE_VALUE = 215 of LOAD_FAST_BORROW,
                LOAD_FAST_BORROW__LOAD_ATTR_SLOT = 216 of LOAD_FAST_BORROW,
                LOAD_FAST_BORROW__LOAD_ATTR_METHOD_WITH_VALUES = 217 of LOAD_FAST_BORROW,
                LOAD_FAST_BORROW__LOAD_ATTR_METHOD_NO_DICT = 218 of LOAD_FAST_BORROW,
                LOAD_FAST_BORROW__BINARY_OP_ADD_INT = 219 of LOAD_FAST_BORROW,
                LOAD_FAST_BORROW__BINARY_OP_MULTIPLY_FLOAT = 220 of LOAD_FAST_BORROW,
                LOAD_FAST_BORROW__BINARY_OP_SUBSCR_LIST_INT = 221 of LOAD_FAST_BORROW,
                LOAD_FAST_BORROW__COMPARE_OP_INT = 222 of LOAD_FAST_BORROW,
                LOAD_FAST_BORROW__TO_BOOL_BOOL = 223 of LOAD_FAST_BORROW,
                LOAD_FAST_BORROW_LOAD_FAST_BORROW__BINARY_OP_MULTIPLY_FLOAT = 224 of LOAD_FAST_BORROW_LOAD_FAST_BORROW,
                LOAD_FAST_BORROW_LOAD_FAST_BORROW__BINARY_OP_SUBSCR_LIST_INT = 225 of LOAD_FAST_BORROW_LOAD_FAST_BORROW,
                LOAD_FAST_BORROW_LOAD_FAST_BORROW__COMPARE_OP_INT = 226 of LOAD_FAST_BORROW_LOAD_FAST_BORROW,
                LOAD_SMALL_INT__BINARY_OP_ADD_INT = 227 of LOAD_SMALL_INT,
                LOAD_SMALL_INT__BINARY_OP_SUBTRACT_INT = 228 of LOAD_SMALL_INT,
                LOAD_SMALL_INT__COMPARE_OP_INT = 229 of LOAD_SMALL_INT,
                STORE_ATTR_ADD_SLOT = 230 of STORE_ATTR,
            }
            instrumented {
                INSTRUMENTED_END_FOR = 234 of END_FOR,
                INSTRUMENTED_POP_ITER = 235 of POP_ITER,
                INSTRUMENTED_END_SEND = 236 of END_SEND,
                INSTRUMENTED_FOR_ITER = 237 of FOR_ITER,
                INSTRUMENTED_INSTRUCTION = 238 of CACHE,
                INSTRUMENTED_JUMP_FORWARD = 239 of JUMP_FORWARD,
                INSTRUMENTED_NOT_TAKEN = 240 of NOT_TAKEN,
                INSTRUMENTED_POP_JUMP_IF_TRUE = 241 of POP_JUMP_IF_TRUE,
                INSTRUMENTED_POP_JUMP_IF_FALSE = 242 of POP_JUMP_IF_FALSE,
                INSTRUMENTED_POP_JUMP_IF_NONE = 243 of POP_JUMP_IF_NONE,
                INSTRUMENTED_POP_JUMP_IF_NOT_NONE = 244 of POP_JUMP_IF_NOT_NONE,
                INSTRUMENTED_RESUME = 245 of RESUME,
                INSTRUMENTED_RETURN_VALUE = 246 of RETURN_VALUE,
                INSTRUMENTED_YIELD_VALUE = 247 of YIELD_VALUE,
                INSTRUMENTED_END_ASYNC_FOR = 248 of END_ASYNC_FOR,
                INSTRUMENTED_LOAD_SUPER_ATTR = 249 of LOAD_SUPER_ATTR,
                INSTRUMENTED_CALL = 250 of CALL,
                INSTRUMENTED_CALL_KW = 251 of CALL_KW,
                INSTRUMENTED_CALL_FUNCTION_EX = 252 of CALL_FUNCTION_EX,
                INSTRUMENTED_JUMP_BACKWARD = 253 of JUMP_BACKWARD,
                INSTRUMENTED_LINE = 254 of CACHE,
            }
            pseudo {
                ANNOTATIONS_PLACEHOLDER = 256,
                JUMP = 257,
                JUMP_IF_FALSE = 258,
                JUMP_IF_TRUE = 259,
                JUMP_NO_INTERRUPT = 260,
                LOAD_CLOSURE = 261,
                POP_BLOCK = 262,
                SETUP_CLEANUP = 263,
                SETUP_FINALLY = 264,
                SETUP_WITH = 265,
                STORE_FAST_MAYBE_NULL = 266,
            }
        }
    };
}

macro_rules! define_opcode {
    (
        base { $($base:ident = $base_no:literal,)* }
        special { $($special:ident = $special_no:literal of $special_base:ident,)* }
        instrumented { $($instrumented:ident = $instrumented_no:literal of $instrumented_base:ident,)* }
        pseudo { $($pseudo:ident = $pseudo_no:literal,)* }
    ) => {
        /// An instruction as it stands in a code object or, specialised or instrumented, in running code.
        #[allow(non_camel_case_types, reason = "the names are those that `dis` shows")]
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u8)]
        pub enum Opcode {
            $($base = $base_no,)*
            $($special = $special_no,)*
            $($instrumented = $instrumented_no,)*
        }

        const FROM_U8: [Option<Opcode>; 256] = {
            let mut table = [None; 256];
            $(table[$base_no] = Some(Opcode::$base);)*
            $(table[$special_no] = Some(Opcode::$special);)*
            $(table[$instrumented_no] = Some(Opcode::$instrumented);)*
            table
        };

        const BASE: [u8; 256] = {
            let mut table = [0; 256];
            $(table[$base_no] = $base_no;)*
            $(table[$special_no] = Opcode::$special_base as u8;)*
            $(table[$instrumented_no] = Opcode::$instrumented_base as u8;)*
            table
        };

        impl Opcode {
            /// All instructions, in no particular order.
            pub const ALL: &[Opcode] = &[
                $(Opcode::$base,)* $(Opcode::$special,)* $(Opcode::$instrumented,)*
            ];

            /// The name as `dis` shows it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Opcode::$base => stringify!($base),)*
                    $(Opcode::$special => stringify!($special),)*
                    $(Opcode::$instrumented => stringify!($instrumented),)*
                }
            }
        }

        /// Names and numbers of the instructions that exist only inside the compiler.
        pub const PSEUDO: &[(&str, u16)] = &[$((stringify!($pseudo), $pseudo_no),)*];
    };
}
for_each_opcode!(define_opcode);

/// Instructions numbered up to this one have no operand.
pub const HAVE_ARGUMENT: u8 = 43;

/// Specialised instructions from here on are our own: CPython has no such forms. A name of two instructions with `__`
/// between is a fused pair of them.
const MIN_OWN: u8 = 212;

/// Instructions from here on are the instrumented ones.
pub const MIN_INSTRUMENTED: u8 = 234;

impl Opcode {
    /// Whether this is a specialised form that CPython does not have.
    pub const fn is_own(self) -> bool {
        let number = self as u8;
        MIN_OWN <= number && number < MIN_INSTRUMENTED
    }

    /// Whether this stands for two instructions, itself in the first's place.
    pub const fn is_fused(self) -> bool {
        let name = self.name().as_bytes();
        let mut i = 1;
        while i < name.len() {
            if name[i - 1] == b'_' && name[i] == b'_' {
                return true;
            }
            i += 1;
        }
        false
    }

    /// The instruction with this number, if there is one.
    pub const fn from_u8(number: u8) -> Option<Opcode> {
        FROM_U8[number as usize]
    }

    /// The instruction that the compiler emits for this one: a specialised or instrumented instruction's family head.
    /// `INSTRUMENTED_LINE` and `INSTRUMENTED_INSTRUCTION` stand for any instruction and give `CACHE`.
    pub const fn base(self) -> Opcode {
        match Opcode::from_u8(BASE[self as usize]) {
            Some(base) => base,
            None => self,
        }
    }

    /// Number of 2-byte cache units after the instruction.
    pub const fn caches(self) -> usize {
        use Opcode as O;
        match self.base() {
            O::LOAD_ATTR => 9,
            O::BINARY_OP => 5,
            O::LOAD_GLOBAL | O::STORE_ATTR => 4,
            O::CALL | O::CALL_KW | O::TO_BOOL => 3,
            O::UNPACK_SEQUENCE
            | O::COMPARE_OP
            | O::CONTAINS_OP
            | O::FOR_ITER
            | O::LOAD_SUPER_ATTR
            | O::STORE_SUBSCR
            | O::SEND
            | O::JUMP_BACKWARD
            | O::POP_JUMP_IF_TRUE
            | O::POP_JUMP_IF_FALSE
            | O::POP_JUMP_IF_NONE
            | O::POP_JUMP_IF_NOT_NONE => 1,
            _ => 0,
        }
    }

    /// Whether the operand means something.
    pub const fn has_arg(self) -> bool {
        self.base() as u8 > HAVE_ARGUMENT || matches!(self, Opcode::ENTER_EXECUTOR)
    }

    /// Whether the operand is an index into `consts`.
    pub const fn has_const(self) -> bool {
        matches!(self.base(), Opcode::LOAD_CONST)
    }

    /// Whether the operand holds an index into `names` (shifted for some, see [`Opcode::name_index`]).
    pub const fn has_name(self) -> bool {
        use Opcode as O;
        matches!(
            self.base(),
            O::DELETE_ATTR
                | O::DELETE_GLOBAL
                | O::DELETE_NAME
                | O::IMPORT_FROM
                | O::IMPORT_NAME
                | O::LOAD_ATTR
                | O::LOAD_FROM_DICT_OR_GLOBALS
                | O::LOAD_GLOBAL
                | O::LOAD_NAME
                | O::LOAD_SUPER_ATTR
                | O::STORE_ATTR
                | O::STORE_GLOBAL
                | O::STORE_NAME
        )
    }

    /// The index into `names` that an operand of this instruction holds.
    pub const fn name_index(self, oparg: u32) -> u32 {
        match self.base() {
            Opcode::LOAD_GLOBAL | Opcode::LOAD_ATTR => oparg >> 1,
            Opcode::LOAD_SUPER_ATTR => oparg >> 2,
            _ => oparg,
        }
    }

    /// Whether the operand is a relative jump, in code units, from the end of the instruction and its caches.
    pub const fn has_jump(self) -> bool {
        use Opcode as O;
        matches!(
            self.base(),
            O::END_ASYNC_FOR
                | O::FOR_ITER
                | O::JUMP_BACKWARD
                | O::JUMP_BACKWARD_NO_INTERRUPT
                | O::JUMP_FORWARD
                | O::POP_JUMP_IF_FALSE
                | O::POP_JUMP_IF_NONE
                | O::POP_JUMP_IF_NOT_NONE
                | O::POP_JUMP_IF_TRUE
                | O::SEND
        )
    }

    /// Whether [`Opcode::has_jump`] means back rather than forward.
    pub const fn jumps_backward(self) -> bool {
        matches!(self.base(), Opcode::JUMP_BACKWARD | Opcode::JUMP_BACKWARD_NO_INTERRUPT | Opcode::END_ASYNC_FOR)
    }

    /// Whether the operand indexes the fast locals (one or, packed in four bits each, two of them).
    pub const fn has_local(self) -> bool {
        use Opcode as O;
        matches!(
            self.base(),
            O::DELETE_FAST
                | O::LOAD_DEREF
                | O::LOAD_FAST
                | O::LOAD_FAST_AND_CLEAR
                | O::LOAD_FAST_BORROW
                | O::LOAD_FAST_BORROW_LOAD_FAST_BORROW
                | O::LOAD_FAST_CHECK
                | O::LOAD_FAST_LOAD_FAST
                | O::STORE_FAST
                | O::STORE_FAST_LOAD_FAST
                | O::STORE_FAST_STORE_FAST
        )
    }

    /// Whether the operand indexes a cell or free variable (`LOAD_DEREF` counts as a local, as in CPython).
    pub const fn has_free(self) -> bool {
        use Opcode as O;
        matches!(self.base(), O::DELETE_DEREF | O::LOAD_FROM_DICT_OR_DEREF | O::MAKE_CELL | O::STORE_DEREF)
    }
}

/// `BINARY_OP`'s operands: the operator's symbol by number.
pub const BINARY_OPERATORS: [&str; 27] = [
    "+", "&", "//", "<<", "@", "*", "%", "|", "**", ">>", "-", "/", "^", "+=", "&=", "//=", "<<=", "@=", "*=", "%=",
    "|=", "**=", ">>=", "-=", "/=", "^=", "[]",
];

/// `COMPARE_OP`'s operators by `oparg >> 5`.
pub const COMPARE_OPERATORS: [&str; 6] = ["<", "<=", "==", "!=", ">", ">="];

/// `CALL_INTRINSIC_1`'s operands.
pub const INTRINSICS_1: [&str; 12] = [
    "INTRINSIC_1_INVALID",
    "INTRINSIC_PRINT",
    "INTRINSIC_IMPORT_STAR",
    "INTRINSIC_STOPITERATION_ERROR",
    "INTRINSIC_ASYNC_GEN_WRAP",
    "INTRINSIC_UNARY_POSITIVE",
    "INTRINSIC_LIST_TO_TUPLE",
    "INTRINSIC_TYPEVAR",
    "INTRINSIC_PARAMSPEC",
    "INTRINSIC_TYPEVARTUPLE",
    "INTRINSIC_SUBSCRIPT_GENERIC",
    "INTRINSIC_TYPEALIAS",
];

/// `CALL_INTRINSIC_2`'s operands.
pub const INTRINSICS_2: [&str; 6] = [
    "INTRINSIC_2_INVALID",
    "INTRINSIC_PREP_RERAISE_STAR",
    "INTRINSIC_TYPEVAR_WITH_BOUND",
    "INTRINSIC_TYPEVAR_WITH_CONSTRAINTS",
    "INTRINSIC_SET_FUNCTION_TYPE_PARAMS",
    "INTRINSIC_SET_TYPEPARAM_DEFAULT",
];

/// `LOAD_COMMON_CONSTANT`'s operands.
pub const COMMON_CONSTANTS: [&str; 5] = ["AssertionError", "NotImplementedError", "tuple", "all", "any"];

/// `LOAD_SPECIAL`'s operands.
pub const SPECIAL_METHODS: [&str; 4] = ["__enter__", "__exit__", "__aenter__", "__aexit__"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families() {
        assert_eq!(Opcode::BINARY_OP_ADD_INT.base(), Opcode::BINARY_OP);
        assert_eq!(Opcode::INSTRUMENTED_CALL.base(), Opcode::CALL);
        assert_eq!(Opcode::LOAD_ATTR_SLOT.caches(), 9);
        assert_eq!(Opcode::from_u8(121), None);
        assert!(!Opcode::WITH_EXCEPT_START.has_arg() && Opcode::BINARY_OP.has_arg() && Opcode::RESUME.has_arg());
    }
}
