//! Compiles the standard library's Python files and packs them: an index, code objects (LZ4) and sources (deflate).
//!
//! The library's files come from the `rustpython-pylib` package; a file in `overrides/` takes the place of the one with the
//! same path. A file that does not compile stops the build, unless it is one of the few that are not meant to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs, thread};

/// Folders that are not part of the embedded library: tests, and programs that need a screen.
const LEFT_OUT: [&str; 8] =
    ["test", "idlelib", "tkinter", "turtledemo", "lib2to3", "ensurepip", "__pycache__", "site-packages"];
/// Files that stand in for missing native modules elsewhere.
const LEFT_OUT_FILES: [&str; 6] =
    ["turtle.py", "_dummy_os.py", "_dummy_thread.py", "dummy_threading.py", "_pycodecs.py", "README.md"];

struct Packed {
    code: Vec<u8>,
    source: Vec<u8>,
    source_size: usize,
}

fn main() {
    let overrides = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo")).join("overrides");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", overrides.display());
    let mut files = BTreeMap::new();
    collect(Path::new(rustpython_pylib::LIB_PATH), "", &mut files);
    collect(&overrides, "", &mut files);
    files.remove("README.md");
    let files: Vec<(String, PathBuf)> = files.into_iter().collect();
    let n_threads = thread::available_parallelism().map_or(1, |n| n.get());
    let mut packed: Vec<Option<Packed>> = files.iter().map(|_| None).collect();
    let chunk = files.len().div_ceil(n_threads);
    thread::scope(|scope| {
        for (files, results) in files.chunks(chunk).zip(packed.chunks_mut(chunk)) {
            thread::Builder::new()
                .stack_size(64 << 20)
                .spawn_scoped(scope, move || {
                    for ((path, on_disk), result) in files.iter().zip(results) {
                        *result = Some(pack(path, on_disk));
                    }
                })
                .expect("threads can be started");
        }
    });
    write(&files, &packed.into_iter().map(|p| p.expect("every file was packed")).collect::<Vec<_>>());
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().into_string().expect("the library's file names are ASCII");
        let path = entry.path();
        if path.is_dir() {
            if !LEFT_OUT.contains(&name.as_str()) {
                collect(&path, &format!("{prefix}{name}/"), files);
            }
        } else if !LEFT_OUT_FILES.contains(&name.as_str()) {
            files.insert(format!("{prefix}{name}"), path);
        }
    }
}

fn pack(path: &str, on_disk: &Path) -> Packed {
    let source = fs::read(on_disk).expect("the library's files can be read");
    let code = if path.ends_with(".py") { compile(path, &source) } else { Vec::new() };
    Packed { code, source_size: source.len(), source: miniz_oxide::deflate::compress_to_vec(&source, 6) }
}

fn compile(path: &str, source: &[u8]) -> Vec<u8> {
    // The few files that are not UTF-8 say so in their first lines, and are Latin-1.
    let text = std::str::from_utf8(source).map_or_else(|_| source.iter().map(|&b| b as char).collect(), str::to_owned);
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    match compile::compile(text, "<lib>", compile::Mode::Exec, compile::Options::default()) {
        Ok(compiled) => lz4_flex::block::compress_prepend_size(&bytecode::write(&compiled.code)),
        Err(error) => panic!("{path}: {error:?}"),
    }
}

fn write(files: &[(String, PathBuf)], packed: &[Packed]) {
    let (mut index, mut names) = ((files.len() as u32).to_le_bytes().to_vec(), Vec::<u8>::new());
    let (mut code, mut source) = (Vec::new(), Vec::new());
    for ((path, _), file) in files.iter().zip(packed) {
        for number in
            [names.len(), path.len(), code.len(), file.code.len(), source.len(), file.source.len(), file.source_size]
        {
            index.extend((number as u32).to_le_bytes());
        }
        names.extend(path.as_bytes());
        code.extend(&file.code);
        source.extend(&file.source);
    }
    index.extend(names);
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo"));
    for (name, content) in [("index", index), ("code", code), ("source", source)] {
        fs::write(out.join(name), content).expect("the build's output folder can be written");
    }
}
