//! What each instruction does to the depth of the evaluation stack.

use crate::Opcode;

/// Change of the stack depth by `opcode`, the same whether or not it jumps. Specialised and instrumented instructions
/// count as what they stand for.
pub fn stack_effect(opcode: Opcode, oparg: u32) -> i32 {
    use Opcode as O;
    let n = oparg as i32;
    let low_bit = n & 1;
    match opcode.base() {
        O::LOAD_FAST_LOAD_FAST | O::LOAD_FAST_BORROW_LOAD_FAST_BORROW => 2,
        O::COPY
        | O::FOR_ITER
        | O::GET_ANEXT
        | O::GET_LEN
        | O::IMPORT_FROM
        | O::LOAD_BUILD_CLASS
        | O::LOAD_COMMON_CONSTANT
        | O::LOAD_CONST
        | O::LOAD_DEREF
        | O::LOAD_FAST
        | O::LOAD_FAST_AND_CLEAR
        | O::LOAD_FAST_BORROW
        | O::LOAD_FAST_CHECK
        | O::LOAD_LOCALS
        | O::LOAD_NAME
        | O::LOAD_SMALL_INT
        | O::LOAD_SPECIAL
        | O::MATCH_KEYS
        | O::MATCH_MAPPING
        | O::MATCH_SEQUENCE
        | O::PUSH_EXC_INFO
        | O::PUSH_NULL
        | O::RETURN_GENERATOR
        | O::WITH_EXCEPT_START => 1,
        O::BINARY_OP
        | O::BUILD_TEMPLATE
        | O::CALL_INTRINSIC_2
        | O::CLEANUP_THROW
        | O::COMPARE_OP
        | O::CONTAINS_OP
        | O::DELETE_ATTR
        | O::DICT_MERGE
        | O::DICT_UPDATE
        | O::END_FOR
        | O::END_SEND
        | O::EXIT_INIT_CHECK
        | O::FORMAT_WITH_SPEC
        | O::IMPORT_NAME
        | O::INTERPRETER_EXIT
        | O::IS_OP
        | O::LIST_APPEND
        | O::LIST_EXTEND
        | O::POP_EXCEPT
        | O::POP_ITER
        | O::POP_TOP
        | O::POP_JUMP_IF_FALSE
        | O::POP_JUMP_IF_NONE
        | O::POP_JUMP_IF_NOT_NONE
        | O::POP_JUMP_IF_TRUE
        | O::RERAISE
        | O::SET_ADD
        | O::SET_FUNCTION_ATTRIBUTE
        | O::SET_UPDATE
        | O::STORE_DEREF
        | O::STORE_FAST
        | O::STORE_GLOBAL
        | O::STORE_NAME => -1,
        O::BINARY_SLICE
        | O::DELETE_SUBSCR
        | O::END_ASYNC_FOR
        | O::MAP_ADD
        | O::MATCH_CLASS
        | O::STORE_ATTR
        | O::STORE_FAST_STORE_FAST => -2,
        O::CALL_FUNCTION_EX | O::STORE_SUBSCR => -3,
        O::STORE_SLICE => -4,
        O::BUILD_INTERPOLATION => -1 - low_bit,
        O::BUILD_LIST | O::BUILD_SET | O::BUILD_SLICE | O::BUILD_STRING | O::BUILD_TUPLE => 1 - n,
        O::BUILD_MAP => 1 - 2 * n,
        O::CALL => -1 - n,
        O::CALL_KW => -2 - n,
        O::LOAD_ATTR => low_bit,
        O::LOAD_GLOBAL => 1 + low_bit,
        O::LOAD_SUPER_ATTR => low_bit - 2,
        O::RAISE_VARARGS => -n,
        O::UNPACK_EX => (n & 0xFF) + (n >> 8),
        O::UNPACK_SEQUENCE => n - 1,
        _ => 0,
    }
}
