//! What `-X stats` and `-X bytecode` print on standard error when a program has ended: totals of the heap, what became of
//! the sites that were to be specialised, and the program's instructions in their specialised forms.

use bytecode::{Opcode, position_at};
use interp::{Event, site_reports};
use object::{Code, Kind};
use runtime::import::{import_module, sys_attr};
use runtime::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Sites that the statistics name.
const SITES_SHOWN: usize = 20;

/// What happened in one family of instructions.
#[derive(Default)]
struct Family {
    specialised: u64,
    given_up: u64,
    /// Attempts that failed, by reason.
    failed: BTreeMap<&'static str, u64>,
}

/// The heap's totals and the specialiser's counters as text.
pub fn statistics(cx: &mut Cx) -> String {
    let codes = codes(cx);
    let mut families: BTreeMap<&'static str, Family> = BTreeMap::new();
    let mut sites = Vec::new();
    for code in (0..codes.len()).filter_map(|i| codes.get(i).cast::<Code>()) {
        for site in site_reports(code) {
            let opcode = code.units().get(site.unit).and_then(|unit| Opcode::from_u8(unit.get() as u8));
            let Some(base) = opcode.map(Opcode::base) else { continue };
            let family = families.entry(base.name()).or_default();
            let trouble = match site.event {
                Event::Specialised(_) => {
                    family.specialised += site.count;
                    continue;
                }
                Event::Missed(form) => {
                    family.given_up += site.count;
                    format!("{} was given up", form.name())
                }
                Event::Failed(reason) => {
                    *family.failed.entry(reason.sentence()).or_default() += site.count;
                    format!("{}: {}", base.name(), reason.sentence())
                }
            };
            let line = position_at(code.linetable.expect().as_slice(), code.firstlineno, site.unit * 2).line;
            let line = line.map_or_else(|| "?".to_string(), |line| line.to_string());
            sites.push((site.count, format!("{}:{line}", text(code.filename.get())), trouble));
        }
    }
    let mut out = heap_totals(cx);
    _ = writeln!(out, "\nSpecialisation (attempts): family, done, given up, failed");
    for (name, family) in &families {
        let failed: u64 = family.failed.values().sum();
        _ = writeln!(out, "  {name:24} {:>8} {:>8} {failed:>8}", family.specialised, family.given_up);
        for (sentence, count) in &family.failed {
            _ = writeln!(out, "    {count:>8}  {sentence}");
        }
    }
    sites.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    _ = writeln!(out, "\nSites with most trouble:");
    for (count, place, trouble) in sites.iter().take(SITES_SHOWN) {
        _ = writeln!(out, "  {count:>6}  {place}  {trouble}");
    }
    out
}

fn heap_totals(cx: &mut Cx) -> String {
    let (stats, in_use) = (cx.heap.raw.stats(), cx.heap.raw.bytes_in_use());
    let milliseconds = |nanoseconds: u64| nanoseconds as f64 / 1e6;
    let megabytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    format!(
        "Heap: {} minor and {} full collections, {:.1} ms in all, the longest {:.2} ms\n      \
         {:.1} MB allocated, {:.1} MB at most and {:.1} MB now in use, {:.1} MB promoted by minor collections;\n      \
         {} objects marked, {} slots and objects remembered, {} words of native stacks\n",
        stats.minor_collections,
        stats.full_collections,
        milliseconds(stats.total_pause_nanoseconds),
        milliseconds(stats.longest_pause_nanoseconds),
        megabytes(cx.heap.raw.bytes_allocated()),
        megabytes(stats.peak_bytes.max(in_use) as u64),
        megabytes(in_use as u64),
        megabytes(stats.promoted_bytes),
        stats.marked_objects,
        stats.remembered,
        stats.conservative_roots,
    )
}

/// Print the code of the program that has run, in the order of its files and lines, by `dis`; the library's own code is
/// left out.
pub fn print_bytecode(cx: &mut Cx) -> PyResult<()> {
    let library = library_folder(cx);
    let codes = codes(cx);
    let mut order: Vec<(String, u32, usize)> = (0..codes.len())
        .filter_map(|i| codes.get(i).cast::<Code>().map(|code| (text(code.filename.get()), code.firstlineno, i)))
        .filter(|(file, _, _)| !file.starts_with('<') && !library.as_ref().is_some_and(|l| file.starts_with(l)))
        .collect();
    order.sort();
    let dis = import_module(cx, "dis")?;
    let name = cx.heap.intern("dis");
    let print = get_attr(cx, dis, name)?;
    let Some(stream) = sys_attr(cx, "stderr").filter(|stream| !stream.is_none()) else { return Ok(()) };
    let keywords = ["file", "depth", "adaptive"].map(|word| cx.heap.intern(word).value());
    let keywords = cx.heap.tuple(&keywords);
    for (file, line, i) in order {
        let code = codes.get(i);
        let title = code.cast::<Code>().map_or_else(String::new, |code| text(code.qualname.get()));
        let title = cx.heap.str(&format!("\n{title} ({file}:{line})\n"));
        let write = cx.heap.intern("write");
        call_method(cx, stream, write, &[title])?;
        call_args(cx, print, Args::new(&[code, stream, Int::ZERO.value(), Value::TRUE], Some(keywords)))?;
    }
    Ok(())
}

/// The folder that library files seem to be in.
fn library_folder(cx: &mut Cx) -> Option<String> {
    let prefix = sys_attr(cx, "prefix").map(text)?;
    Some(format!("{prefix}/lib/python"))
}

/// The code objects that have run.
fn codes(cx: &mut Cx) -> RootVec {
    let found = cx.vm().root_vec();
    cx.heap.raw.for_each_object(&mut |object| {
        let value = Value::from_word(object as u64);
        if value.header().is_some_and(|header| header.kind() == Kind::Code as u8)
            && value.cast::<Code>().is_some_and(has_run)
        {
            found.push(value);
        }
    });
    found
}

/// A `RESUME` that has been executed is the quick one from then on.
fn has_run(code: Gc<Code>) -> bool {
    code.units().iter().any(|unit| unit.get() as u8 == Opcode::RESUME_CHECK as u8)
}

fn text(value: Value) -> String {
    value.downcast::<Str>().map_or_else(String::new, |s| s.to_string())
}
