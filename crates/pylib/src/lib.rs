//! The pure-Python standard library, compiled at build time and embedded in the binary.
//!
//! `build.rs` compiles every file of the library (and of `overrides/`) and packs code, sources and data files. Nothing is
//! read at start-up: a lookup is a binary search in the packed index, and only what is imported is unpacked. The import
//! system (`runtime::import`) and the native module `_embedded` are the callers; code objects are read by `bytecode`.
#![forbid(unsafe_code)]

static INDEX: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/index"));
static CODE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/code"));
static SOURCE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/source"));

/// The packed code objects of all files: of each only a part is read, and seldom twice.
pub fn packed_code() -> &'static [u8] {
    CODE
}

/// What a serialised code object holds as its file name; readers put the real one in its place.
pub const PLACEHOLDER: &str = "<lib>";

/// One file of the library.
#[derive(Clone, Copy, Debug)]
pub struct File {
    code: (u32, u32),
    source: (u32, u32),
    source_size: u32,
}

/// Bytes of an index entry: offset and length of the path, of the code and of the source, and the source's size.
const ENTRY: usize = 28;

fn word(at: usize) -> u32 {
    u32::from_le_bytes(INDEX[at..at + 4].try_into().expect("the index is made of whole words"))
}

fn n_files() -> usize {
    word(0) as usize
}

/// Path of file `i`, relative to the library's root, with slashes.
fn path_at(i: usize) -> &'static str {
    let at = 4 + i * ENTRY;
    let (start, len) = (word(at) as usize, word(at + 4) as usize);
    let names = 4 + n_files() * ENTRY;
    std::str::from_utf8(&INDEX[names + start..names + start + len]).expect("paths are written as UTF-8")
}

fn file_at(i: usize) -> File {
    let at = 4 + i * ENTRY;
    File { code: (word(at + 8), word(at + 12)), source: (word(at + 16), word(at + 20)), source_size: word(at + 24) }
}

/// Index of the first file whose path is not less than `path`.
fn lower_bound(path: &str) -> usize {
    let (mut low, mut high) = (0, n_files());
    while low < high {
        let middle = (low + high) / 2;
        if path_at(middle) < path { low = middle + 1 } else { high = middle }
    }
    low
}

/// The file at this path, such as `json/decoder.py`.
pub fn find(path: &str) -> Option<File> {
    let i = lower_bound(path);
    (i < n_files() && path_at(i) == path).then(|| file_at(i))
}

/// Whether some file lies below this folder (no slash at the end; empty = the root).
pub fn is_folder(path: &str) -> bool {
    let prefix = format!("{path}/");
    path.is_empty() || path_at(lower_bound(&prefix).min(n_files() - 1)).starts_with(&prefix)
}

/// Names directly below a folder; folders end with a slash.
pub fn list(path: &str) -> Vec<&'static str> {
    let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
    let mut names: Vec<&'static str> = Vec::new();
    for i in lower_bound(&prefix)..n_files() {
        let Some(rest) = path_at(i).strip_prefix(&prefix) else { break };
        let name = rest.find('/').map_or(rest, |slash| &rest[..=slash]);
        if names.last() != Some(&name) {
            names.push(name);
        }
    }
    names
}

/// The path of a module's file and whether it is a package: `json` is at `json/__init__.py`.
pub fn find_module(name: &str) -> Option<(String, bool)> {
    let base = name.replace('.', "/");
    let package = format!("{base}/__init__.py");
    if find(&package).is_some() {
        return Some((package, true));
    }
    let module = format!("{base}.py");
    find(&module).map(|_| (module, false))
}

impl File {
    /// The serialised code object of a Python file, with [`PLACEHOLDER`] as its file name.
    pub fn code(&self) -> Option<Vec<u8>> {
        let (start, len) = self.code;
        if len == 0 {
            return None;
        }
        let packed = &CODE[start as usize..(start + len) as usize];
        Some(lz4_flex::block::decompress_size_prepended(packed).expect("packed by the build script"))
    }

    /// The file's content as in the library.
    pub fn source(&self) -> Vec<u8> {
        let (start, len) = self.source;
        let packed = &SOURCE[start as usize..(start + len) as usize];
        miniz_oxide::inflate::decompress_to_vec(packed).expect("packed by the build script")
    }

    /// Size of the content in bytes.
    pub fn source_size(&self) -> usize {
        self.source_size as usize
    }
}
