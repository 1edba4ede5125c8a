//! `pwd` and `grp`: the accounts and groups of the system.
//!
//! Single entries come through the system's lookups; the lists are read from `/etc/passwd` and `/etc/group`.

use nix::unistd::{Gid, Group, Uid, User};
use runtime::native::set_module_attr;
use runtime::native::structseq::{Field, StructSeq, new_structseq, structseq_class};
use runtime::prelude::*;

static STRUCT_PASSWD: StructSeq = StructSeq::new(
    "pwd",
    "struct_passwd",
    "pwd.struct_passwd: Results from getpw*() routines.\n\nThis object may be accessed either as a tuple of\n  (pw_name,pw_passwd,pw_uid,pw_gid,pw_gecos,pw_dir,pw_shell)\nor via the object attributes as named in the above tuple.",
    &[
        Field::new("pw_name", "user name"),
        Field::new("pw_passwd", "password"),
        Field::new("pw_uid", "user id"),
        Field::new("pw_gid", "group id"),
        Field::new("pw_gecos", "real name"),
        Field::new("pw_dir", "home directory"),
        Field::new("pw_shell", "shell program"),
    ],
    7,
);

static STRUCT_GROUP: StructSeq = StructSeq::new(
    "grp",
    "struct_group",
    "grp.struct_group: Results from getgr*() routines.\n\nThis object may be accessed either as a tuple of\n  (gr_name,gr_passwd,gr_gid,gr_mem)\nor via the object attributes as named in the above tuple.\n",
    &[
        Field::new("gr_name", "group name"),
        Field::new("gr_passwd", "password"),
        Field::new("gr_gid", "group id"),
        Field::new("gr_mem", "group members"),
    ],
    4,
);

fn id(number: u32) -> Value {
    Int::from_len(number as usize).value()
}

fn user_entry(cx: &mut Cx, user: &User) -> PyResult {
    let name = cx.heap.str(&user.name);
    let password = cx.heap.str(&user.passwd.to_string_lossy());
    let gecos = cx.heap.str(&user.gecos.to_string_lossy());
    let dir = cx.heap.str(&user.dir.to_string_lossy());
    let shell = cx.heap.str(&user.shell.to_string_lossy());
    let (uid, gid) = (id(user.uid.as_raw()), id(user.gid.as_raw()));
    new_structseq(cx, &STRUCT_PASSWD, &[name, password, uid, gid, gecos, dir, shell])
}

fn group_entry(cx: &mut Cx, group: &Group) -> PyResult {
    let name = cx.heap.str(&group.name);
    let password = cx.heap.str(&group.passwd.to_string_lossy());
    let members = List::empty(&mut cx.heap);
    for member in &group.mem {
        let member = cx.heap.str(member);
        members.push(&mut cx.heap, member).or_raise(cx)?;
    }
    new_structseq(cx, &STRUCT_GROUP, &[name, password, id(group.gid.as_raw()), members.value()])
}

/// KeyError with this text.
#[cold]
fn not_found(cx: &mut Cx, message: String) -> Raised {
    let message = cx.heap.str(&message);
    key_error(cx, message)
}

/// The first fields of the lines of a file.
fn names_in(path: &str) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().filter_map(|l| l.split_once(':')).map(|(name, _)| name.to_owned()).collect()
}

/// The number behind an id argument; `None` when it is no id.
fn id_argument(cx: &mut Cx, value: Value) -> PyResult<Option<u32>> {
    if cx.class_of(value).slots.index.get().is_none() {
        let class = type_name(cx, value);
        return Err(type_error(cx, format_args!("uid should be integer, not {class}")));
    }
    let value = index_value(cx, value)?;
    let number = runtime::number::Num::of(value).and_then(|n| n.to_i64());
    Ok(match number {
        Some(-1) => Some(u32::MAX),
        Some(number) => u32::try_from(number).ok(),
        None => None,
    })
}

#[macros::native_module(
    name = "pwd",
    doc = "This module provides access to the Unix password database.\nIt is available on all Unix versions.\n\nPassword database entries are reported as 7-tuples containing the following\nitems from the password database (see `<pwd.h>'), in order:\npw_name, pw_passwd, pw_uid, pw_gid, pw_gecos, pw_dir, pw_shell.\nThe uid and gid items are integers, all others are strings. An\nexception is raised if the entry asked for cannot be found."
)]
pub mod pwd_module {
    use super::*;

    /// Return the password database entry for the given numeric user ID.
    ///
    /// See `help(pwd)` for more on password database entries.
    #[function("getpwuid(uidobj, /)")]
    fn getpwuid(cx: &mut Cx, uidobj: Value) -> PyResult {
        let uid = id_argument(cx, uidobj)?;
        match uid.and_then(|uid| User::from_uid(Uid::from_raw(uid)).ok().flatten()) {
            Some(user) => user_entry(cx, &user),
            None => {
                let shown = repr_of(cx, uidobj)?;
                Err(not_found(cx, format!("getpwuid(): uid not found: {shown}")))
            }
        }
    }

    /// Return the password database entry for the given user name.
    ///
    /// See `help(pwd)` for more on password database entries.
    #[function("getpwnam(name, /)")]
    fn getpwnam(cx: &mut Cx, name: Gc<Str>) -> PyResult {
        let text = name.to_string();
        if text.contains('\0') {
            return Err(value_error(cx, "embedded null byte"));
        }
        match User::from_name(&text).ok().flatten() {
            Some(user) => user_entry(cx, &user),
            None => {
                let shown = repr_of(cx, name.value())?;
                Err(not_found(cx, format!("getpwnam(): name not found: {shown}")))
            }
        }
    }

    /// Return a list of all available password database entries, in arbitrary order.
    ///
    /// See help(pwd) for more on password database entries.
    #[function("getpwall()")]
    fn getpwall(cx: &mut Cx) -> PyResult<Gc<List>> {
        let list = List::empty(&mut cx.heap);
        for name in names_in("/etc/passwd") {
            if let Ok(Some(user)) = User::from_name(&name) {
                let entry = user_entry(cx, &user)?;
                list.push(&mut cx.heap, entry).or_raise(cx)?;
            }
        }
        Ok(list)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let class = structseq_class(cx, &STRUCT_PASSWD)?;
        set_module_attr(cx, module, "struct_passwd", class)
    }
}

#[macros::native_module(
    name = "grp",
    doc = "Access to the Unix group database.\n\nGroup entries are reported as 4-tuples containing the following fields\nfrom the group database, in order:\n\n  name   - name of the group\n  passwd - group password (encrypted); often empty\n  gid    - numeric ID of the group\n  mem    - list of members\n\nThe gid is an integer, name and password are strings.  (Note that most\nusers are not explicitly listed as members of the groups they are in\naccording to the password database.  Check both databases to get\ncomplete membership information.)"
)]
pub mod grp_module {
    use super::*;

    /// Return the group database entry for the given numeric group ID.
    ///
    /// If id is not valid, raise KeyError.
    #[function("getgrgid(id)")]
    fn getgrgid(cx: &mut Cx, id: Value) -> PyResult {
        let gid = id_argument(cx, id)?;
        match gid.and_then(|gid| Group::from_gid(Gid::from_raw(gid)).ok().flatten()) {
            Some(group) => group_entry(cx, &group),
            None => {
                let shown = repr_of(cx, id)?;
                Err(not_found(cx, format!("getgrgid(): gid not found: {shown}")))
            }
        }
    }

    /// Return the group database entry for the given group name.
    ///
    /// If name is not valid, raise KeyError.
    #[function("getgrnam(name)")]
    fn getgrnam(cx: &mut Cx, name: Gc<Str>) -> PyResult {
        let text = name.to_string();
        if text.contains('\0') {
            return Err(value_error(cx, "embedded null byte"));
        }
        match Group::from_name(&text).ok().flatten() {
            Some(group) => group_entry(cx, &group),
            None => {
                let shown = repr_of(cx, name.value())?;
                Err(not_found(cx, format!("getgrnam(): name not found: {shown}")))
            }
        }
    }

    /// Return a list of all available group entries, in arbitrary order.
    ///
    /// An entry whose name starts with '+' or '-' represents an instruction
    /// to use YP/NIS and may not be accessible via getgrnam or getgrgid.
    #[function("getgrall()")]
    fn getgrall(cx: &mut Cx) -> PyResult<Gc<List>> {
        let list = List::empty(&mut cx.heap);
        for name in names_in("/etc/group") {
            if let Ok(Some(group)) = Group::from_name(&name) {
                let entry = group_entry(cx, &group)?;
                list.push(&mut cx.heap, entry).or_raise(cx)?;
            }
        }
        Ok(list)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let class = structseq_class(cx, &STRUCT_GROUP)?;
        set_module_attr(cx, module, "struct_group", class)
    }
}
