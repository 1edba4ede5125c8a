//! The definitions, one file a family.

pub mod arithmetic;
pub mod attributes;
pub mod building;
pub mod calls;
pub mod classes;
pub mod comparison;
pub mod exceptions;
pub mod generators;
pub mod imports;
pub mod intrinsics;
pub mod items;
pub mod iteration;
pub mod jumps;
pub mod matching;
pub mod names;
pub mod stack;
pub mod variables;
