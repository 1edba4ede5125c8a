//! `memoryview`: a window on the memory of an object that exports a buffer.
//!
//! A view knows its exporter and how to read the memory ([`Layout`]); it never holds a reference into it. While a view is
//! alive and not released its exporter's memory stays where it is: views that the program drops are released by their
//! finaliser.

use crate::buffer::{Exporter, Layout};
use crate::prelude::*;
use macros::Trace;
use object::Opaque;
use std::cell::Cell;
use std::ops::Range;

/// The state of a view.
#[derive(Trace)]
pub struct MemoryView {
    /// The object that owns the memory; unbound once released.
    base: Slot,
    /// What `obj` shows: the object that the view was made of.
    shown: Slot,
    #[trace(skip)]
    exporter: &'static Exporter,
    readonly: Cell<bool>,
    layout: Opaque<Layout>,
    released: Cell<bool>,
    /// Buffers that others have taken of this view.
    pub exports: Cell<usize>,
    hash: Cell<i64>,
}

impl NativeData for MemoryView {
    const NAME: &'static str = "memoryview";
}

impl MemoryView {
    pub fn base(&self) -> Value {
        self.base.get()
    }

    pub fn exporter(&self) -> &'static Exporter {
        self.exporter
    }

    pub fn is_readonly(&self) -> bool {
        self.readonly.get()
    }

    pub fn layout(&self) -> Layout {
        self.layout.borrow().clone()
    }

    /// Whether the items follow each other in C order without gaps.
    pub fn is_contiguous(&self) -> bool {
        is_c_contiguous(&self.layout.borrow())
    }

    /// The part of the exporter's memory that a contiguous view shows.
    pub fn byte_range(&self) -> Range<usize> {
        let layout = self.layout.borrow();
        layout.offset..layout.offset + layout.n_bytes()
    }

    /// Read the exporter's whole memory.
    fn read<R: Default>(&self, f: impl FnOnce(&[u8]) -> R) -> R {
        let (mut f, mut out) = (Some(f), R::default());
        (self.exporter.read)(self.base.get(), &mut |data| {
            if let Some(f) = f.take() {
                out = f(data);
            }
        });
        out
    }
}

pub fn is_c_contiguous(layout: &Layout) -> bool {
    let mut expected = layout.item_size as isize;
    if layout.shape.contains(&0) {
        return true;
    }
    for (&n, &stride) in layout.shape.iter().zip(&layout.strides).rev() {
        if n > 1 && stride != expected {
            return false;
        }
        expected *= n as isize;
    }
    true
}

pub fn check_released(cx: &mut Cx, view: Gc<Native<MemoryView>>) -> PyResult<()> {
    if view.released.get() {
        return Err(value_error(cx, "operation forbidden on released memoryview object"));
    }
    Ok(())
}

/// Offsets of the items in C order.
fn offsets(layout: &Layout) -> Vec<usize> {
    let mut out = vec![layout.offset as isize];
    for (&n, &stride) in layout.shape.iter().zip(&layout.strides) {
        out = out.iter().flat_map(|&start| (0..n as isize).map(move |i| start + i * stride)).collect();
    }
    out.into_iter().map(|offset| offset as usize).collect()
}

/// The bytes that the view shows, in C order.
pub fn gather(view: Gc<Native<MemoryView>>) -> Vec<u8> {
    let layout = view.layout();
    if is_c_contiguous(&layout) {
        let range = view.byte_range();
        return view.read(|data| data.get(range).map_or_else(Vec::new, <[u8]>::to_vec));
    }
    view.read(|data| {
        let mut out = Vec::with_capacity(layout.n_bytes());
        for at in offsets(&layout) {
            out.extend_from_slice(&data[at..at + layout.item_size]);
        }
        out
    })
}
