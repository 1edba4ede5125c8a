//! `_locale`: the locales "C" and "C.UTF-8". Others are answered as on a system where they are not installed.

use crate::classes::{exception_class, raise_from_module};
use runtime::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Names of the categories by number. 6 is LC_ALL.
const CATEGORIES: [&str; 13] = [
    "LC_CTYPE",
    "LC_NUMERIC",
    "LC_TIME",
    "LC_COLLATE",
    "LC_MONETARY",
    "LC_MESSAGES",
    "LC_ALL",
    "LC_PAPER",
    "LC_NAME",
    "LC_ADDRESS",
    "LC_TELEPHONE",
    "LC_MEASUREMENT",
    "LC_IDENTIFICATION",
];

const LC_ALL: usize = 6;

struct State {
    /// The locale of every category.
    names: Cell<[&'static str; CATEGORIES.len()]>,
    text_domain: RefCell<String>,
}

fn state(cx: &Cx) -> Rc<State> {
    cx.vm().extension(|| {
        let mut names = ["C"; CATEGORIES.len()];
        names[0] = if environment(0) == Some("C") { "C.UTF-8" } else { environment(0).unwrap_or("C.UTF-8") };
        State { names: Cell::new(names), text_domain: RefCell::new("messages".to_owned()) }
    })
}

/// The locale that the environment asks for, if it is one of ours.
fn environment(category: usize) -> Option<&'static str> {
    let wanted = ["LC_ALL", CATEGORIES[category], "LANG"]
        .into_iter()
        .filter_map(std::env::var_os)
        .find(|value| !value.is_empty());
    match wanted {
        None => Some("C"),
        Some(name) => known(name.to_str()?),
    }
}

fn known(name: &str) -> Option<&'static str> {
    match name {
        "C" | "POSIX" => Some("C"),
        "C.UTF-8" => Some("C.UTF-8"),
        "C.utf8" => Some("C.utf8"),
        _ => None,
    }
}

fn locale_error(cx: &mut Cx, message: &str) -> Raised {
    raise_from_module(cx, "_locale", "Error", message)
}

/// What `setlocale` answers for LC_ALL.
fn describe(names: &[&'static str; CATEGORIES.len()]) -> String {
    let real = || (0..CATEGORIES.len()).filter(|&i| i != LC_ALL);
    if real().all(|i| names[i] == names[0]) {
        return names[0].to_owned();
    }
    real().map(|i| format!("{}={}", CATEGORIES[i], names[i])).collect::<Vec<_>>().join(";")
}

/// The locales that `LC_CTYPE=C;LC_TIME=C.UTF-8` or a single name gives to `category`.
fn choose(
    mut names: [&'static str; CATEGORIES.len()],
    category: usize,
    wanted: &str,
) -> Option<[&'static str; CATEGORIES.len()]> {
    let categories = if category == LC_ALL { 0..CATEGORIES.len() } else { category..category + 1 };
    if category == LC_ALL && wanted.contains('=') {
        for part in wanted.split(';') {
            let (name, value) = part.split_once('=')?;
            names[CATEGORIES.iter().position(|&c| c == name)?] = known(value)?;
        }
        return Some(names);
    }
    for i in categories {
        names[i] = if wanted.is_empty() { environment(i)? } else { known(wanted)? };
    }
    Some(names)
}

/// `(name, number, text)` of what `nl_langinfo` knows.
static LANGINFO: &[(&str, i64, &str)] = &[
    ("ABDAY_1", 131072, "Sun"),
    ("ABDAY_2", 131073, "Mon"),
    ("ABDAY_3", 131074, "Tue"),
    ("ABDAY_4", 131075, "Wed"),
    ("ABDAY_5", 131076, "Thu"),
    ("ABDAY_6", 131077, "Fri"),
    ("ABDAY_7", 131078, "Sat"),
    ("ABMON_1", 131086, "Jan"),
    ("ABMON_10", 131095, "Oct"),
    ("ABMON_11", 131096, "Nov"),
    ("ABMON_12", 131097, "Dec"),
    ("ABMON_2", 131087, "Feb"),
    ("ABMON_3", 131088, "Mar"),
    ("ABMON_4", 131089, "Apr"),
    ("ABMON_5", 131090, "May"),
    ("ABMON_6", 131091, "Jun"),
    ("ABMON_7", 131092, "Jul"),
    ("ABMON_8", 131093, "Aug"),
    ("ABMON_9", 131094, "Sep"),
    ("ALT_DIGITS", 131119, ""),
    ("AM_STR", 131110, "AM"),
    ("CODESET", 14, "UTF-8"),
    ("CRNCYSTR", 262159, "-"),
    ("DAY_1", 131079, "Sunday"),
    ("DAY_2", 131080, "Monday"),
    ("DAY_3", 131081, "Tuesday"),
    ("DAY_4", 131082, "Wednesday"),
    ("DAY_5", 131083, "Thursday"),
    ("DAY_6", 131084, "Friday"),
    ("DAY_7", 131085, "Saturday"),
    ("D_FMT", 131113, "%m/%d/%y"),
    ("D_T_FMT", 131112, "%a %b %e %H:%M:%S %Y"),
    ("ERA", 131116, ""),
    ("ERA_D_FMT", 131118, ""),
    ("ERA_D_T_FMT", 131120, ""),
    ("ERA_T_FMT", 131121, ""),
    ("MON_1", 131098, "January"),
    ("MON_10", 131107, "October"),
    ("MON_11", 131108, "November"),
    ("MON_12", 131109, "December"),
    ("MON_2", 131099, "February"),
    ("MON_3", 131100, "March"),
    ("MON_4", 131101, "April"),
    ("MON_5", 131102, "May"),
    ("MON_6", 131103, "June"),
    ("MON_7", 131104, "July"),
    ("MON_8", 131105, "August"),
    ("MON_9", 131106, "September"),
    ("NOEXPR", 327681, "^[nN]"),
    ("PM_STR", 131111, "PM"),
    ("RADIXCHAR", 65536, "."),
    ("THOUSEP", 65537, ""),
    ("T_FMT", 131114, "%H:%M:%S"),
    ("T_FMT_AMPM", 131115, "%I:%M:%S %p"),
    ("YESEXPR", 327680, "^[yY]"),
    ("_DATE_FMT", 131180, "%a %b %e %H:%M:%S %Z %Y"),
];

#[native_module(name = "_locale", doc = "Support for POSIX locales.")]
pub mod module {
    use super::*;

    /// Activates/queries locale processing.
    #[function("setlocale(category, locale=None, /)")]
    fn setlocale(cx: &mut Cx, category: i32, locale: Value) -> PyResult<String> {
        let state = state(cx);
        let index = usize::try_from(category).ok().filter(|&c| c < CATEGORIES.len());
        if locale.is_none() {
            let Some(index) = index else { return Err(locale_error(cx, "locale query failed")) };
            let names = state.names.get();
            return Ok(if index == LC_ALL { describe(&names) } else { names[index].to_owned() });
        }
        let Some(wanted) = locale.downcast::<Str>() else {
            let name = type_name(cx, locale);
            return Err(type_error(cx, format_args!("setlocale() argument 2 must be str or None, not {name}")));
        };
        let chosen = index.and_then(|index| choose(state.names.get(), index, &wanted.to_string()));
        match (index, chosen) {
            (Some(index), Some(names)) => {
                state.names.set(names);
                Ok(if index == LC_ALL { describe(&names) } else { names[index].to_owned() })
            }
            _ => Err(locale_error(cx, "unsupported locale setting")),
        }
    }

    /// Returns numeric and monetary locale-specific parameters.
    #[function("localeconv()")]
    fn localeconv(cx: &mut Cx) -> PyResult<Gc<Dict>> {
        const UNKNOWN: usize = 127;
        let result = Dict::new(&mut cx.heap);
        for name in ["int_curr_symbol", "currency_symbol", "mon_decimal_point", "mon_thousands_sep"] {
            let (name, empty) = (cx.heap.intern(name), cx.vm().empty_str());
            result.set_str(&mut cx.heap, name, empty.value()).or_raise(cx)?;
        }
        let (name, list) = (cx.heap.intern("mon_grouping"), List::empty(&mut cx.heap));
        result.set_str(&mut cx.heap, name, list.value()).or_raise(cx)?;
        for name in ["positive_sign", "negative_sign"] {
            let (name, empty) = (cx.heap.intern(name), cx.vm().empty_str());
            result.set_str(&mut cx.heap, name, empty.value()).or_raise(cx)?;
        }
        for name in [
            "int_frac_digits",
            "frac_digits",
            "p_cs_precedes",
            "p_sep_by_space",
            "n_cs_precedes",
            "n_sep_by_space",
            "p_sign_posn",
            "n_sign_posn",
        ] {
            let name = cx.heap.intern(name);
            result.set_str(&mut cx.heap, name, Int::from_len(UNKNOWN).value()).or_raise(cx)?;
        }
        let (name, point) = (cx.heap.intern("decimal_point"), cx.heap.str("."));
        result.set_str(&mut cx.heap, name, point).or_raise(cx)?;
        let (name, empty) = (cx.heap.intern("thousands_sep"), cx.vm().empty_str());
        result.set_str(&mut cx.heap, name, empty.value()).or_raise(cx)?;
        let (name, list) = (cx.heap.intern("grouping"), List::empty(&mut cx.heap));
        result.set_str(&mut cx.heap, name, list.value()).or_raise(cx)?;
        Ok(result)
    }

    /// Compares two strings according to the locale.
    #[function("strcoll(os1, os2, /)")]
    fn strcoll(cx: &mut Cx, os1: Gc<Str>, os2: Gc<Str>) -> PyResult<i64> {
        if compare_bool(cx, os1.value(), os2.value(), CompareOp::Lt)? {
            return Ok(-1);
        }
        Ok(!os1.eq(&os2) as i64)
    }

    /// Return a string that can be used as a key for locale-aware comparisons.
    #[function("strxfrm(string, /)")]
    fn strxfrm(cx: &mut Cx, string: Gc<Str>) -> PyResult<Gc<Str>> {
        if (0..string.len()).any(|i| string.get(i) == 0) {
            return Err(value_error(cx, "embedded null character"));
        }
        Ok(string)
    }

    /// Return the value for the locale information associated with key.
    #[function("nl_langinfo(key, /)")]
    fn nl_langinfo(cx: &mut Cx, key: i32) -> PyResult<&'static str> {
        let found = LANGINFO.iter().find(|&&(_, number, _)| number == key as i64);
        match found {
            Some(("CODESET", ..)) if state(cx).names.get()[0] == "C" => Ok("ANSI_X3.4-1968"),
            Some(&(_, _, text)) => Ok(text),
            None => Err(value_error(cx, "unsupported langinfo constant")),
        }
    }

    /// Get the current locale encoding.
    #[function("getencoding()")]
    fn getencoding(_: &mut Cx) -> &'static str {
        "UTF-8"
    }

    /// gettext(msg) -> string
    ///
    /// Return translation of msg.
    #[function("gettext(msg, /)")]
    fn gettext(_: &mut Cx, msg: Gc<Str>) -> Gc<Str> {
        msg
    }

    /// dgettext(domain, msg) -> string
    ///
    /// Return translation of msg in domain.
    #[function("dgettext(domain, msg, /)")]
    fn dgettext(_: &mut Cx, domain: Value, msg: Gc<Str>) -> Gc<Str> {
        let _ = domain;
        msg
    }

    /// Return translation of msg in domain and category.
    #[function("dcgettext(domain, msg, category, /)")]
    fn dcgettext(_: &mut Cx, domain: Value, msg: Gc<Str>, category: i32) -> Gc<Str> {
        let _ = (domain, category);
        msg
    }

    /// Set the C library's textdmain to domain, returning the new domain.
    #[function("textdomain(domain, /)")]
    fn textdomain(cx: &mut Cx, domain: Value) -> String {
        let state = state(cx);
        if let Some(domain) = domain.downcast::<Str>() {
            *state.text_domain.borrow_mut() = domain.to_string();
        }
        state.text_domain.borrow().clone()
    }

    /// Bind the C library's domain to dir.
    #[function("bindtextdomain(domain, dir, /)")]
    fn bindtextdomain(cx: &mut Cx, domain: Gc<Str>, dir: Value) -> PyResult {
        if domain.is_empty() {
            return Err(locale_error(cx, "domain must be a non-empty string"));
        }
        Ok(if dir.is_none() { cx.heap.str("/usr/share/locale") } else { dir })
    }

    /// Bind the C library's domain to codeset.
    #[function("bind_textdomain_codeset(domain, codeset, /)")]
    fn bind_textdomain_codeset(_: &mut Cx, domain: Gc<Str>, codeset: Value) -> Value {
        let _ = domain;
        codeset
    }

    #[init]
    fn init(cx: &mut Cx, module: Gc<Module>) -> PyResult<()> {
        state(cx);
        for (number, name) in CATEGORIES.iter().enumerate().take(LC_ALL + 1) {
            set_module_attr(cx, module, name, Int::from_len(number).value())?;
        }
        set_module_attr(cx, module, "CHAR_MAX", Int::from_len(127).value())?;
        for &(name, number, _) in LANGINFO {
            set_module_attr(cx, module, name, Int::new(number).expect("a small number").value())?;
        }
        let base = cx.types().Exception;
        let error = exception_class(cx, "locale", "Error", &[base])?;
        set_module_attr(cx, module, "Error", error)
    }
}
