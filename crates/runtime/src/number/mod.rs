//! Arithmetic and conversions of numbers: what operators, the methods of the numeric types and native modules share.

pub mod complex;
pub mod float;
pub mod int;
pub mod int_text;
mod limbs;

pub use float::as_f64;
pub use int::{Num, as_i64, as_isize, as_usize, from_ibig, to_ibig};
