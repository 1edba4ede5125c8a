//! Private names: `__x` in class `C` is `_C__x`.

use syntax::{Interner, Name};

/// A name as seen inside the class `private`.
pub fn mangle(private: Option<Name>, name: Name, names: &mut Interner) -> Name {
    let Some(private) = private else { return name };
    let text = names.text(name);
    if !text.starts_with("__") || text.ends_with("__") || text.contains('.') {
        return name;
    }
    let class = names.text(private).trim_start_matches('_');
    if class.is_empty() {
        return name;
    }
    let mangled = format!("_{class}{text}");
    names.intern(&mangled)
}
