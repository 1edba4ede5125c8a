//! Instructions inside the compiler: those of the bytecode plus the pseudo ones, with what the passes need to know.

use bytecode::{Opcode, PSEUDO, stack_effect};

/// An instruction number; pseudo-instructions start at 256.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Op(pub u16);

macro_rules! define_ops {
    (
        base { $($base:ident = $base_no:literal,)* }
        special { $($special:ident = $special_no:literal of $special_base:ident,)* }
        instrumented { $($instrumented:ident = $instrumented_no:literal of $instrumented_base:ident,)* }
        pseudo { $($pseudo:ident = $pseudo_no:literal,)* }
    ) => {
        #[allow(dead_code, reason = "the whole instruction set, of which the compiler does not emit all")]
        impl Op {
            $(pub const $base: Op = Op($base_no);)*
            $(pub const $pseudo: Op = Op($pseudo_no);)*
        }
    };
}
bytecode::for_each_opcode!(define_ops);

impl Op {
    /// The bytecode instruction; `None` for pseudo ones.
    pub fn real(self) -> Option<Opcode> {
        u8::try_from(self.0).ok().and_then(Opcode::from_u8)
    }

    pub fn name(self) -> &'static str {
        match self.real() {
            Some(opcode) => opcode.name(),
            None => PSEUDO.iter().find(|(_, number)| *number == self.0).map_or("?", |(name, _)| name),
        }
    }

    pub fn is_block_push(self) -> bool {
        matches!(self, Op::SETUP_FINALLY | Op::SETUP_WITH | Op::SETUP_CLEANUP)
    }

    pub fn is_jump(self) -> bool {
        matches!(
            self,
            Op::JUMP
                | Op::JUMP_IF_FALSE
                | Op::JUMP_IF_TRUE
                | Op::JUMP_NO_INTERRUPT
                | Op::END_ASYNC_FOR
                | Op::FOR_ITER
                | Op::JUMP_BACKWARD
                | Op::JUMP_BACKWARD_NO_INTERRUPT
                | Op::JUMP_FORWARD
                | Op::POP_JUMP_IF_FALSE
                | Op::POP_JUMP_IF_NONE
                | Op::POP_JUMP_IF_NOT_NONE
                | Op::POP_JUMP_IF_TRUE
                | Op::SEND
        )
    }

    /// Whether the operand is a label.
    pub fn has_target(self) -> bool {
        self.is_jump() || self.is_block_push()
    }

    /// Whether control never goes on to the next instruction, by leaving the frame.
    pub fn is_scope_exit(self) -> bool {
        matches!(self, Op::RETURN_VALUE | Op::RAISE_VARARGS | Op::RERAISE)
    }

    pub fn is_unconditional_jump(self) -> bool {
        matches!(
            self,
            Op::JUMP | Op::JUMP_NO_INTERRUPT | Op::JUMP_FORWARD | Op::JUMP_BACKWARD | Op::JUMP_BACKWARD_NO_INTERRUPT
        )
    }

    pub fn is_conditional_jump(self) -> bool {
        matches!(self, Op::POP_JUMP_IF_FALSE | Op::POP_JUMP_IF_TRUE | Op::POP_JUMP_IF_NONE | Op::POP_JUMP_IF_NOT_NONE)
    }

    /// Whether it has to be the last of its block.
    pub fn is_terminator(self) -> bool {
        self.is_jump() || self.is_scope_exit()
    }

    /// Whether it looks for signals and the like.
    pub fn has_eval_break(self) -> bool {
        matches!(self, Op::CALL | Op::CALL_FUNCTION_EX | Op::JUMP_BACKWARD | Op::RESUME | Op::JUMP)
    }

    /// Whether it pushes a constant.
    pub fn loads_const(self) -> bool {
        matches!(self, Op::LOAD_CONST | Op::LOAD_SMALL_INT)
    }

    /// Change of the stack depth; for block pushes, when an exception is caught (`jump`) or else none.
    pub fn stack_effect(self, oparg: u32, jump: bool) -> i32 {
        match self {
            Op::SETUP_CLEANUP if jump => 2,
            Op::SETUP_FINALLY | Op::SETUP_WITH if jump => 1,
            Op::LOAD_CLOSURE => 1,
            Op::STORE_FAST_MAYBE_NULL => -1,
            _ => self.real().map_or(0, |opcode| stack_effect(opcode, oparg)),
        }
    }

    /// Number of values taken from the stack; with [`Op::stack_effect`] that gives the number put there.
    pub fn n_popped(self, oparg: u32) -> i32 {
        let n = oparg as i32;
        match self {
            Op::CALL_FUNCTION_EX | Op::STORE_SLICE => 4,
            Op::BINARY_SLICE | Op::CLEANUP_THROW | Op::LOAD_SUPER_ATTR | Op::MATCH_CLASS | Op::STORE_SUBSCR => 3,
            Op::BINARY_OP
            | Op::BUILD_TEMPLATE
            | Op::CALL_INTRINSIC_2
            | Op::CHECK_EG_MATCH
            | Op::CHECK_EXC_MATCH
            | Op::COMPARE_OP
            | Op::CONTAINS_OP
            | Op::DELETE_SUBSCR
            | Op::END_ASYNC_FOR
            | Op::END_SEND
            | Op::FORMAT_WITH_SPEC
            | Op::IMPORT_NAME
            | Op::IS_OP
            | Op::MATCH_KEYS
            | Op::SEND
            | Op::SET_FUNCTION_ATTRIBUTE
            | Op::STORE_ATTR
            | Op::STORE_FAST_STORE_FAST => 2,
            Op::CALL_INTRINSIC_1
            | Op::CONVERT_VALUE
            | Op::DELETE_ATTR
            | Op::END_FOR
            | Op::FORMAT_SIMPLE
            | Op::FOR_ITER
            | Op::GET_AITER
            | Op::GET_ANEXT
            | Op::GET_AWAITABLE
            | Op::GET_ITER
            | Op::GET_LEN
            | Op::GET_YIELD_FROM_ITER
            | Op::IMPORT_FROM
            | Op::JUMP_IF_FALSE
            | Op::JUMP_IF_TRUE
            | Op::LOAD_ATTR
            | Op::LOAD_FROM_DICT_OR_DEREF
            | Op::LOAD_FROM_DICT_OR_GLOBALS
            | Op::LOAD_SPECIAL
            | Op::MAKE_FUNCTION
            | Op::MATCH_MAPPING
            | Op::MATCH_SEQUENCE
            | Op::POP_EXCEPT
            | Op::POP_ITER
            | Op::POP_JUMP_IF_FALSE
            | Op::POP_JUMP_IF_NONE
            | Op::POP_JUMP_IF_NOT_NONE
            | Op::POP_JUMP_IF_TRUE
            | Op::POP_TOP
            | Op::PUSH_EXC_INFO
            | Op::RETURN_VALUE
            | Op::STORE_DEREF
            | Op::STORE_FAST
            | Op::STORE_FAST_LOAD_FAST
            | Op::STORE_FAST_MAYBE_NULL
            | Op::STORE_GLOBAL
            | Op::STORE_NAME
            | Op::TO_BOOL
            | Op::UNARY_INVERT
            | Op::UNARY_NEGATIVE
            | Op::UNARY_NOT
            | Op::UNPACK_EX
            | Op::UNPACK_SEQUENCE
            | Op::YIELD_VALUE => 1,
            Op::BUILD_INTERPOLATION => 2 + (n & 1),
            Op::BUILD_LIST | Op::BUILD_SET | Op::BUILD_SLICE | Op::BUILD_STRING | Op::BUILD_TUPLE => n,
            Op::BUILD_MAP => 2 * n,
            Op::CALL => 2 + n,
            Op::CALL_KW => 3 + n,
            Op::RAISE_VARARGS => n,
            Op::COPY | Op::SWAP => n,
            Op::RERAISE | Op::LIST_APPEND | Op::LIST_EXTEND | Op::SET_ADD | Op::SET_UPDATE | Op::DICT_UPDATE => 1 + n,
            Op::MAP_ADD => 2 + n,
            Op::DICT_MERGE => 4 + n,
            Op::WITH_EXCEPT_START => 5,
            _ => 0,
        }
    }
}

impl std::fmt::Debug for Op {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Operands of `BINARY_OP` without an operator of `ast::Operator`.
pub const NB_SUBSCR: u32 = 26;
/// Distance from an operator to its in-place form.
pub const NB_INPLACE: u32 = 13;

/// Operands of `CALL_INTRINSIC_1`.
pub mod intrinsic_1 {
    pub const PRINT: u32 = 1;
    pub const IMPORT_STAR: u32 = 2;
    pub const STOPITERATION_ERROR: u32 = 3;
    pub const ASYNC_GEN_WRAP: u32 = 4;
    pub const UNARY_POSITIVE: u32 = 5;
    pub const LIST_TO_TUPLE: u32 = 6;
    pub const TYPEVAR: u32 = 7;
    pub const PARAMSPEC: u32 = 8;
    pub const TYPEVARTUPLE: u32 = 9;
    pub const SUBSCRIPT_GENERIC: u32 = 10;
    pub const TYPEALIAS: u32 = 11;
}

/// Operands of `CALL_INTRINSIC_2`.
pub mod intrinsic_2 {
    pub const PREP_RERAISE_STAR: u32 = 1;
    pub const TYPEVAR_WITH_BOUND: u32 = 2;
    pub const TYPEVAR_WITH_CONSTRAINTS: u32 = 3;
    pub const SET_FUNCTION_TYPE_PARAMS: u32 = 4;
    pub const SET_TYPEPARAM_DEFAULT: u32 = 5;
}

/// Operands of `LOAD_COMMON_CONSTANT`.
pub mod common_constant {
    pub const ASSERTION_ERROR: u32 = 0;
    pub const NOT_IMPLEMENTED_ERROR: u32 = 1;
    pub const TUPLE: u32 = 2;
    pub const ALL: u32 = 3;
    pub const ANY: u32 = 4;
}

/// Operands of `LOAD_SPECIAL`.
pub mod special_method {
    pub const ENTER: u32 = 0;
    pub const EXIT: u32 = 1;
    pub const AENTER: u32 = 2;
    pub const AEXIT: u32 = 3;
}

/// Operands of `RESUME`.
pub mod resume {
    pub const AT_FUNC_START: u32 = 0;
    pub const AFTER_YIELD: u32 = 1;
    pub const AFTER_YIELD_FROM: u32 = 2;
    pub const AFTER_AWAIT: u32 = 3;
    /// Set when the only block around a yield is the generator's own.
    pub const DEPTH1_MASK: u32 = 4;
}
