//! Native modules of the standard library, one file or folder each.
//!
//! [`modules`] lists them; the import system makes a module when it is first asked for.
#![forbid(unsafe_code)]

mod abc;
mod accounts;
mod arguments;
mod array;
pub mod ast;
pub mod atexit;
mod binascii;
mod bisect;
mod buffers;
mod classes;
mod clock;
mod cmath;
mod codecs;
mod collections;
mod contextvars;
mod csv;
mod datetime;
mod decimal;
mod errno;
mod faulthandler;
mod fcntl;
pub mod finish;
mod functools;
mod gc;
mod hash;
mod heapq;
mod imp;
mod io;
mod itertools;
mod json;
mod locale;
mod marshal;
mod math;
mod opcode;
mod operator;
mod pickle;
mod posix;
mod queue;
mod random;
mod resource;
mod select;
pub mod signal;
mod socket;
mod sre;
pub mod start;
mod stat;
mod statistics;
mod string_format;
mod structs;
pub mod support;
mod sys;
mod system;
mod termios;
mod testing;
pub mod thread;
mod time;
mod tokenize;
mod types;
mod typing;
mod unicodedata;
mod uuid;
mod warnings;
mod weakref;
mod zlib;

use object::ModuleSpec;

static MODULES: &[&ModuleSpec] = &[
    &abc::module::SPEC,
    &accounts::grp_module::SPEC,
    &accounts::pwd_module::SPEC,
    &array::module::SPEC,
    &ast::module::SPEC,
    &atexit::module::SPEC,
    &binascii::module::SPEC,
    &bisect::module::SPEC,
    &cmath::module::SPEC,
    &codecs::module::SPEC,
    &collections::module::SPEC,
    &contextvars::module::SPEC,
    &csv::module::SPEC,
    &pickle::module::SPEC,
    &datetime::module::SPEC,
    &decimal::module::SPEC,
    &errno::module::SPEC,
    &faulthandler::module::SPEC,
    &fcntl::module::SPEC,
    &functools::module::SPEC,
    &gc::module::SPEC,
    &hash::blake2_module::SPEC,
    &hash::md5_module::SPEC,
    &hash::sha1_module::SPEC,
    &hash::sha2_module::SPEC,
    &hash::sha3_module::SPEC,
    &heapq::module::SPEC,
    &imp::embedded_module::SPEC,
    &imp::imp_module::SPEC,
    &io::module::SPEC,
    &itertools::module::SPEC,
    &json::module::SPEC,
    &locale::module::SPEC,
    &marshal::module::SPEC,
    &math::module::SPEC,
    &opcode::module::SPEC,
    &operator::module::SPEC,
    &posix::module::SPEC,
    &posix::subprocess::module::SPEC,
    &queue::module::SPEC,
    &random::module::SPEC,
    &resource::module::SPEC,
    &select::module::SPEC,
    &signal::module::SPEC,
    &socket::module::SPEC,
    &sre::module::SPEC,
    &stat::module::SPEC,
    &statistics::module::SPEC,
    &string_format::module::SPEC,
    &structs::module::SPEC,
    &testing::module::SPEC,
    &termios::module::SPEC,
    &thread::module::SPEC,
    &time::module::SPEC,
    &tokenize::module::SPEC,
    &types::module::SPEC,
    &typing::module::SPEC,
    &unicodedata::module::SPEC,
    &uuid::module::SPEC,
    &warnings::module::SPEC,
    &weakref::module::SPEC,
    &zlib::module::SPEC,
];

/// All native modules.
pub fn modules() -> &'static [&'static ModuleSpec] {
    MODULES
}
