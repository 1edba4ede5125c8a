//! `unicodedata`: the Unicode character database, of the present version and of 3.2.

mod data;
mod generated;

use data::{Form, Version};
use macros::{Trace, native_class, native_module};
use object::*;
use runtime::native::{class_of_spec, new_native, set_module_attr};
use runtime::prelude::*;

/// The database of one version as an object.
#[derive(Trace)]
pub struct Ucd {
    #[trace(skip)]
    version: Version,
}

impl NativeData for Ucd {
    const NAME: &'static str = "unicodedata.UCD";
}

fn is_not_a_character(cx: &mut Cx, function: &str, position: &str, value: Value) -> Raised {
    match value.downcast::<Str>() {
        Some(s) => {
            let n = s.len();
            let message =
                format!("{function}(): argument{position} must be a unicode character, not a string of length {n}");
            type_error(cx, message)
        }
        None => {
            let name = type_name(cx, value);
            type_error(cx, format_args!("{function}() argument{position} must be a unicode character, not {name}"))
        }
    }
}

/// The only argument of a function: a character.
fn only(cx: &mut Cx, function: &str, value: Value) -> PyResult<u32> {
    match value.downcast::<Str>() {
        Some(s) if s.len() == 1 => Ok(s.get(0)),
        _ => Err(is_not_a_character(cx, function, "", value)),
    }
}

/// The first of several arguments.
fn first(cx: &mut Cx, function: &str, value: Value) -> PyResult<u32> {
    match value.downcast::<Str>() {
        Some(s) if s.len() == 1 => Ok(s.get(0)),
        _ => Err(is_not_a_character(cx, function, " 1", value)),
    }
}

fn or_default(cx: &mut Cx, found: Option<Value>, default: Option<Value>, message: &str) -> PyResult {
    found.or(default).ok_or_else(|| value_error(cx, message))
}

fn decimal(cx: &mut Cx, version: Version, chr: Value, default: Option<Value>) -> PyResult {
    let c = first(cx, "decimal", chr)?;
    let found = data::digit(version, c).filter(|&(_, is_decimal)| is_decimal);
    or_default(cx, found.map(|(d, _)| Int::from_len(d as usize).value()), default, "not a decimal")
}

fn digit(cx: &mut Cx, version: Version, chr: Value, default: Option<Value>) -> PyResult {
    let c = first(cx, "digit", chr)?;
    let found = data::digit(version, c);
    or_default(cx, found.map(|(d, _)| Int::from_len(d as usize).value()), default, "not a digit")
}

fn numeric(cx: &mut Cx, version: Version, chr: Value, default: Option<Value>) -> PyResult {
    let c = first(cx, "numeric", chr)?;
    let found = data::numeric(version, c).map(|value| cx.heap.float(value));
    or_default(cx, found, default, "not a numeric character")
}

fn name(cx: &mut Cx, version: Version, chr: Value, default: Option<Value>) -> PyResult {
    let c = first(cx, "name", chr)?;
    let name = char::from_u32(c).filter(|_| data::is_assigned(version, c)).and_then(unicode_names2::name);
    let found = name.map(|name| cx.heap.str(&name.to_string()));
    or_default(cx, found, default, "no such name")
}

fn lookup(cx: &mut Cx, version: Version, name: Gc<Str>) -> PyResult {
    let found = name.to_utf8().ok().and_then(|text| runtime::unicode::character_named(&text));
    match found.map(|c| c as u32).filter(|&c| data::is_assigned(version, c)) {
        Some(c) => Ok(Str::from_char(&mut cx.heap, c).value()),
        None => {
            let message = cx.heap.str(&format!("undefined character name '{name}'"));
            Err(key_error(cx, message))
        }
    }
}

fn form(cx: &mut Cx, name: Gc<Str>) -> PyResult<Form> {
    Form::named(&name.to_string()).ok_or_else(|| value_error(cx, "invalid normalization form"))
}

fn normalize(cx: &mut Cx, version: Version, name: Gc<Str>, text: Gc<Str>) -> PyResult<Gc<Str>> {
    let form = form(cx, name)?;
    if text.is_ascii() {
        return Ok(text);
    }
    let out = data::normalize(version, form, text.iter());
    Str::from_ucs4(&mut cx.heap, &out).or_raise(cx)
}

fn is_normalized(cx: &mut Cx, version: Version, name: Gc<Str>, text: Gc<Str>) -> PyResult<bool> {
    let form = form(cx, name)?;
    Ok(text.is_ascii() || text.iter().eq(data::normalize(version, form, text.iter())))
}

#[native_class(name = "UCD", module = "unicodedata", layout = Native<Ucd>, flags = DISALLOW_INSTANTIATION)]
pub mod ucd {
    use super::*;

    /// Return the general category of a character.
    #[method("category($self, chr, /)")]
    fn category(cx: &mut Cx, this: Gc<Native<Ucd>>, chr: Value) -> PyResult<&'static str> {
        Ok(data::record(this.version, only(cx, "category", chr)?).category)
    }

    /// Return the bidirectional class of a character.
    #[method("bidirectional($self, chr, /)")]
    fn bidirectional(cx: &mut Cx, this: Gc<Native<Ucd>>, chr: Value) -> PyResult<&'static str> {
        Ok(data::record(this.version, only(cx, "bidirectional", chr)?).bidirectional)
    }

    /// Return the canonical combining class of a character as an integer.
    #[method("combining($self, chr, /)")]
    fn combining(cx: &mut Cx, this: Gc<Native<Ucd>>, chr: Value) -> PyResult<i64> {
        Ok(data::record(this.version, only(cx, "combining", chr)?).combining as i64)
    }

    /// Return the East Asian width of a character.
    #[method("east_asian_width($self, chr, /)")]
    fn east_asian_width(cx: &mut Cx, this: Gc<Native<Ucd>>, chr: Value) -> PyResult<&'static str> {
        Ok(data::record(this.version, only(cx, "east_asian_width", chr)?).width)
    }

    /// Return 1 if the character is mirrored in bidirectional text, else 0.
    #[method("mirrored($self, chr, /)")]
    fn mirrored(cx: &mut Cx, this: Gc<Native<Ucd>>, chr: Value) -> PyResult<i64> {
        Ok(data::record(this.version, only(cx, "mirrored", chr)?).mirrored as i64)
    }

    /// Return the decomposition of a character, or an empty string.
    #[method("decomposition($self, chr, /)")]
    fn decomposition(cx: &mut Cx, this: Gc<Native<Ucd>>, chr: Value) -> PyResult<String> {
        Ok(data::decomposition(this.version, only(cx, "decomposition", chr)?))
    }

    /// Return the decimal value of a character as an integer; the default or a ValueError if it has none.
    #[method("decimal($self, chr, default=<unrepresentable>, /)")]
    fn decimal(cx: &mut Cx, this: Gc<Native<Ucd>>, chr: Value, default: Option<Value>) -> PyResult {
        super::decimal(cx, this.version, chr, default)
    }

    /// Return the digit value of a character as an integer; the default or a ValueError if it has none.
    #[method("digit($self, chr, default=<unrepresentable>, /)")]
    fn digit(cx: &mut Cx, this: Gc<Native<Ucd>>, chr: Value, default: Option<Value>) -> PyResult {
        super::digit(cx, this.version, chr, default)
    }

    /// Return the numeric value of a character as a float; the default or a ValueError if it has none.
    #[method("numeric($self, chr, default=<unrepresentable>, /)")]
    fn numeric(cx: &mut Cx, this: Gc<Native<Ucd>>, chr: Value, default: Option<Value>) -> PyResult {
        super::numeric(cx, this.version, chr, default)
    }

    /// Return the name of a character; the default or a ValueError if it has none.
    #[method("name($self, chr, default=<unrepresentable>, /)")]
    fn name(cx: &mut Cx, this: Gc<Native<Ucd>>, chr: Value, default: Option<Value>) -> PyResult {
        super::name(cx, this.version, chr, default)
    }

    /// Return the character of this name.
    #[method("lookup($self, name, /)")]
    fn lookup(cx: &mut Cx, this: Gc<Native<Ucd>>, name: Gc<Str>) -> PyResult {
        super::lookup(cx, this.version, name)
    }

    /// Return the normal form 'NFC', 'NFKC', 'NFD' or 'NFKD' of a string.
    #[method("normalize($self, form, unistr, /)")]
    fn normalize(cx: &mut Cx, this: Gc<Native<Ucd>>, form: Gc<Str>, unistr: Gc<Str>) -> PyResult<Gc<Str>> {
        super::normalize(cx, this.version, form, unistr)
    }

    /// Return whether a string is in the normal form 'NFC', 'NFKC', 'NFD' or 'NFKD'.
    #[method("is_normalized($self, form, unistr, /)")]
    fn is_normalized(cx: &mut Cx, this: Gc<Native<Ucd>>, form: Gc<Str>, unistr: Gc<Str>) -> PyResult<bool> {
        super::is_normalized(cx, this.version, form, unistr)
    }

    /// The version of the database.
    #[getter]
    fn unidata_version(_cx: &mut Cx, this: Gc<Native<Ucd>>) -> PyResult<&'static str> {
        Ok(match this.version {
            Version::Current => generated::VERSION,
            Version::Old => "3.2.0",
        })
    }
}

#[native_module(
    name = "unicodedata",
    doc = "The Unicode character database.\n\nProperties, names and normal forms of characters, as of the version in unidata_version."
)]
pub mod module {
    use super::*;

    /// Return the general category of a character.
    #[function("category(chr, /)")]
    fn category(cx: &mut Cx, chr: Value) -> PyResult<&'static str> {
        Ok(data::record(Version::Current, only(cx, "category", chr)?).category)
    }

    /// Return the bidirectional class of a character.
    #[function("bidirectional(chr, /)")]
    fn bidirectional(cx: &mut Cx, chr: Value) -> PyResult<&'static str> {
        Ok(data::record(Version::Current, only(cx, "bidirectional", chr)?).bidirectional)
    }

    /// Return the canonical combining class of a character as an integer.
    #[function("combining(chr, /)")]
    fn combining(cx: &mut Cx, chr: Value) -> PyResult<i64> {
        Ok(data::record(Version::Current, only(cx, "combining", chr)?).combining as i64)
    }

    /// Return the East Asian width of a character.
    #[function("east_asian_width(chr, /)")]
    fn east_asian_width(cx: &mut Cx, chr: Value) -> PyResult<&'static str> {
        Ok(data::record(Version::Current, only(cx, "east_asian_width", chr)?).width)
    }

    /// Return 1 if the character is mirrored in bidirectional text, else 0.
    #[function("mirrored(chr, /)")]
    fn mirrored(cx: &mut Cx, chr: Value) -> PyResult<i64> {
        Ok(data::record(Version::Current, only(cx, "mirrored", chr)?).mirrored as i64)
    }

    /// Return the decomposition of a character, or an empty string.
    #[function("decomposition(chr, /)")]
    fn decomposition(cx: &mut Cx, chr: Value) -> PyResult<String> {
        Ok(data::decomposition(Version::Current, only(cx, "decomposition", chr)?))
    }

    /// Return the decimal value of a character as an integer; the default or a ValueError if it has none.
    #[function("decimal(chr, default=<unrepresentable>, /)")]
    fn decimal(cx: &mut Cx, chr: Value, default: Option<Value>) -> PyResult {
        super::decimal(cx, Version::Current, chr, default)
    }

    /// Return the digit value of a character as an integer; the default or a ValueError if it has none.
    #[function("digit(chr, default=<unrepresentable>, /)")]
    fn digit(cx: &mut Cx, chr: Value, default: Option<Value>) -> PyResult {
        super::digit(cx, Version::Current, chr, default)
    }

    /// Return the numeric value of a character as a float; the default or a ValueError if it has none.
    #[function("numeric(chr, default=<unrepresentable>, /)")]
    fn numeric(cx: &mut Cx, chr: Value, default: Option<Value>) -> PyResult {
        super::numeric(cx, Version::Current, chr, default)
    }

    /// Return the name of a character; the default or a ValueError if it has none.
    #[function("name(chr, default=<unrepresentable>, /)")]
    fn name(cx: &mut Cx, chr: Value, default: Option<Value>) -> PyResult {
        super::name(cx, Version::Current, chr, default)
    }

    /// Return the character of this name.
    #[function("lookup(name, /)")]
    fn lookup(cx: &mut Cx, name: Gc<Str>) -> PyResult {
        super::lookup(cx, Version::Current, name)
    }

    /// Return the normal form 'NFC', 'NFKC', 'NFD' or 'NFKD' of a string.
    #[function("normalize(form, unistr, /)")]
    fn normalize(cx: &mut Cx, form: Gc<Str>, unistr: Gc<Str>) -> PyResult<Gc<Str>> {
        super::normalize(cx, Version::Current, form, unistr)
    }

    /// Return whether a string is in the normal form 'NFC', 'NFKC', 'NFD' or 'NFKD'.
    #[function("is_normalized(form, unistr, /)")]
    fn is_normalized(cx: &mut Cx, form: Gc<Str>, unistr: Gc<Str>) -> PyResult<bool> {
        super::is_normalized(cx, Version::Current, form, unistr)
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        let version = cx.heap.str(generated::VERSION);
        set_module_attr(cx, module, "unidata_version", version)?;
        let class = class_of_spec(cx, &ucd::SPEC)?;
        set_module_attr(cx, module, "UCD", class.value())?;
        let old = new_native(cx, class, Ucd { version: Version::Old });
        set_module_attr(cx, module, "ucd_3_2_0", old.value())
    }
}
