//! `_stat`: constants and predicates of file modes.

use runtime::prelude::*;

static CONSTANTS: &[(&str, i64)] = &[
    ("SF_APPEND", 0x40000),
    ("SF_ARCHIVED", 0x10000),
    ("SF_DATALESS", 0x40000000),
    ("SF_FIRMLINK", 0x800000),
    ("SF_IMMUTABLE", 0x20000),
    ("SF_NOUNLINK", 0x100000),
    ("SF_SETTABLE", 0xffff0000),
    ("SF_SNAPSHOT", 0x200000),
    ("ST_ATIME", 7),
    ("ST_CTIME", 9),
    ("ST_DEV", 2),
    ("ST_GID", 5),
    ("ST_INO", 1),
    ("ST_MODE", 0),
    ("ST_MTIME", 8),
    ("ST_NLINK", 3),
    ("ST_SIZE", 6),
    ("ST_UID", 4),
    ("S_ENFMT", 0x400),
    ("S_IEXEC", 0x40),
    ("S_IFBLK", 0x6000),
    ("S_IFCHR", 0x2000),
    ("S_IFDIR", 0x4000),
    ("S_IFDOOR", 0x0),
    ("S_IFIFO", 0x1000),
    ("S_IFLNK", 0xa000),
    ("S_IFPORT", 0x0),
    ("S_IFREG", 0x8000),
    ("S_IFSOCK", 0xc000),
    ("S_IFWHT", 0x0),
    ("S_IREAD", 0x100),
    ("S_IRGRP", 0x20),
    ("S_IROTH", 0x4),
    ("S_IRUSR", 0x100),
    ("S_IRWXG", 0x38),
    ("S_IRWXO", 0x7),
    ("S_IRWXU", 0x1c0),
    ("S_ISGID", 0x400),
    ("S_ISUID", 0x800),
    ("S_ISVTX", 0x200),
    ("S_IWGRP", 0x10),
    ("S_IWOTH", 0x2),
    ("S_IWRITE", 0x80),
    ("S_IWUSR", 0x80),
    ("S_IXGRP", 0x8),
    ("S_IXOTH", 0x1),
    ("S_IXUSR", 0x40),
    ("UF_APPEND", 0x4),
    ("UF_COMPRESSED", 0x20),
    ("UF_DATAVAULT", 0x80),
    ("UF_HIDDEN", 0x8000),
    ("UF_IMMUTABLE", 0x2),
    ("UF_NODUMP", 0x1),
    ("UF_NOUNLINK", 0x10),
    ("UF_OPAQUE", 0x8),
    ("UF_SETTABLE", 0xffff),
    ("UF_TRACKED", 0x40),
];

/// `(type bits, letter)`, as `ls -l` shows them.
const KINDS: [(u32, char); 7] = [
    (0o100000, '-'),
    (0o040000, 'd'),
    (0o120000, 'l'),
    (0o060000, 'b'),
    (0o020000, 'c'),
    (0o010000, 'p'),
    (0o140000, 's'),
];

fn mode(cx: &mut Cx, value: Value) -> PyResult<u32> {
    let number = runtime::number::as_i64(cx, value)?;
    match u32::try_from(number) {
        Ok(mode) => Ok(mode),
        Err(_) if number < 0 => Err(overflow_error(cx, "can't convert negative value to unsigned int")),
        Err(_) => Err(overflow_error(cx, "mode out of range")),
    }
}

fn is_kind(cx: &mut Cx, value: Value, kind: u32) -> PyResult<bool> {
    Ok(mode(cx, value)? & 0o170000 == kind)
}

/// `-rwxr-xr-x`.
fn describe(mode: u32) -> String {
    let kind = KINDS.iter().find(|(kind, _)| mode & 0o170000 == *kind).map_or('?', |&(_, letter)| letter);
    let mut text = String::from(kind);
    for (shift, special, with, without) in [(6, 0o4000, 's', 'S'), (3, 0o2000, 's', 'S'), (0, 0o1000, 't', 'T')] {
        let bits = mode >> shift;
        text.push(if bits & 4 != 0 { 'r' } else { '-' });
        text.push(if bits & 2 != 0 { 'w' } else { '-' });
        text.push(match (mode & special != 0, bits & 1 != 0) {
            (true, true) => with,
            (true, false) => without,
            (false, true) => 'x',
            (false, false) => '-',
        });
    }
    text
}

#[native_module(name = "_stat", doc = "S_IFMT_: file type bits")]
pub mod module {
    use super::*;

    /// S_ISDIR(mode) -> bool
    ///
    /// Return True if mode is from a directory.
    #[function("S_ISDIR(mode, /)")]
    fn s_isdir(cx: &mut Cx, mode: Value) -> PyResult<bool> {
        is_kind(cx, mode, 0o040000)
    }

    /// S_ISCHR(mode) -> bool
    ///
    /// Return True if mode is from a character special device file.
    #[function("S_ISCHR(mode, /)")]
    fn s_ischr(cx: &mut Cx, mode: Value) -> PyResult<bool> {
        is_kind(cx, mode, 0o020000)
    }

    /// S_ISBLK(mode) -> bool
    ///
    /// Return True if mode is from a block special device file.
    #[function("S_ISBLK(mode, /)")]
    fn s_isblk(cx: &mut Cx, mode: Value) -> PyResult<bool> {
        is_kind(cx, mode, 0o060000)
    }

    /// S_ISREG(mode) -> bool
    ///
    /// Return True if mode is from a regular file.
    #[function("S_ISREG(mode, /)")]
    fn s_isreg(cx: &mut Cx, mode: Value) -> PyResult<bool> {
        is_kind(cx, mode, 0o100000)
    }

    /// S_ISFIFO(mode) -> bool
    ///
    /// Return True if mode is from a FIFO (named pipe).
    #[function("S_ISFIFO(mode, /)")]
    fn s_isfifo(cx: &mut Cx, mode: Value) -> PyResult<bool> {
        is_kind(cx, mode, 0o010000)
    }

    /// S_ISLNK(mode) -> bool
    ///
    /// Return True if mode is from a symbolic link.
    #[function("S_ISLNK(mode, /)")]
    fn s_islnk(cx: &mut Cx, mode: Value) -> PyResult<bool> {
        is_kind(cx, mode, 0o120000)
    }

    /// S_ISSOCK(mode) -> bool
    ///
    /// Return True if mode is from a socket.
    #[function("S_ISSOCK(mode, /)")]
    fn s_issock(cx: &mut Cx, mode: Value) -> PyResult<bool> {
        is_kind(cx, mode, 0o140000)
    }

    /// S_ISDOOR(mode) -> bool
    ///
    /// Return True if mode is from a door.
    #[function("S_ISDOOR(mode, /)")]
    fn s_isdoor(cx: &mut Cx, mode: Value) -> PyResult<bool> {
        super::mode(cx, mode).map(|_| false)
    }

    /// S_ISPORT(mode) -> bool
    ///
    /// Return True if mode is from a event port.
    #[function("S_ISPORT(mode, /)")]
    fn s_isport(cx: &mut Cx, mode: Value) -> PyResult<bool> {
        super::mode(cx, mode).map(|_| false)
    }

    /// S_ISWHT(mode) -> bool
    ///
    /// Return True if mode is from a whiteout.
    #[function("S_ISWHT(mode, /)")]
    fn s_iswht(cx: &mut Cx, mode: Value) -> PyResult<bool> {
        super::mode(cx, mode).map(|_| false)
    }

    /// Return the portion of the file's mode that can be set by os.chmod().
    #[function("S_IMODE(mode, /)")]
    fn s_imode(cx: &mut Cx, mode: Value) -> PyResult<u32> {
        Ok(super::mode(cx, mode)? & 0o7777)
    }

    /// Return the portion of the file's mode that describes the file type.
    #[function("S_IFMT(mode, /)")]
    fn s_ifmt(cx: &mut Cx, mode: Value) -> PyResult<u32> {
        Ok(super::mode(cx, mode)? & 0o170000)
    }

    /// Convert a file's mode to a string of the form '-rwxrwxrwx'
    #[function("filemode(mode, /)")]
    fn filemode(cx: &mut Cx, mode: Value) -> PyResult<String> {
        Ok(describe(super::mode(cx, mode)?))
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        for &(name, number) in CONSTANTS {
            set_module_attr(cx, module, name, Int::new(number).expect("a small number").value())?;
        }
        Ok(())
    }
}
