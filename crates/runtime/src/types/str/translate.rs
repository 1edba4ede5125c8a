//! `str.translate` and `str.maketrans`.

use crate::prelude::*;
use object::StrBuilder;

/// What a table says of a character.
enum Mapped {
    Same,
    Deleted,
    Char(u32),
    Text(Gc<Str>),
}

/// `table[c]`.
fn look_up(cx: &mut Cx, table: Value, c: u32) -> PyResult<Mapped> {
    let key = Int::from_len(c as usize).value();
    let value = match table.cast::<Dict>() {
        Some(dict) if cx.class_of(table) == cx.types().dict => match crate::dict::get(cx, dict, key)? {
            Some(value) => value,
            None => return Ok(Mapped::Same),
        },
        _ => match get_item(cx, table, key) {
            Ok(value) => value,
            Err(raised) => {
                cx.catch(raised, cx.types().LookupError)?;
                return Ok(Mapped::Same);
            }
        },
    };
    if value.is_none() {
        return Ok(Mapped::Deleted);
    }
    if let Some(s) = value.downcast::<Str>() {
        return Ok(if s.len() == 1 { Mapped::Char(s.get(0)) } else { Mapped::Text(s) });
    }
    if cx.is_instance(value, cx.types().int) {
        return match value.unwrap_payload().as_small_or_bool() {
            Some(c) if (0..0x110000).contains(&c) => Ok(Mapped::Char(c as u32)),
            _ => Err(value_error(cx, "character mapping must be in range(0x110000)")),
        };
    }
    Err(type_error(cx, "character mapping must return integer, None or str"))
}

/// `s.translate(table)`. What the table says of an ASCII character is asked once.
pub fn translate(cx: &mut Cx, s: Gc<Str>, table: Value) -> PyResult<Gc<Str>> {
    const UNKNOWN: u8 = 0xFF;
    const DELETED: u8 = 0xFE;
    let mut cache = [UNKNOWN; 128];
    let mut out = StrBuilder::with_capacity(s.len());
    for i in 0..s.len() {
        let c = s.get(i);
        if c < 128 {
            match cache[c as usize] {
                UNKNOWN => {}
                DELETED => continue,
                known => {
                    out.push(known as u32);
                    continue;
                }
            }
        }
        let mut remember = |value: u8| {
            if c < 128 {
                cache[c as usize] = value;
            }
        };
        match look_up(cx, table, c)? {
            Mapped::Same => {
                remember(c as u8);
                out.push(c);
            }
            Mapped::Deleted => remember(DELETED),
            Mapped::Char(to) => {
                if to < 128 {
                    remember(to as u8);
                }
                out.push(to);
            }
            Mapped::Text(text) => out.push_py(&text),
        }
    }
    out.finish(&mut cx.heap).or_raise(cx)
}

/// `str.maketrans(x, y, z)`.
pub fn make_table(cx: &mut Cx, x: Value, y: Option<Gc<Str>>, z: Option<Gc<Str>>) -> PyResult<Gc<Dict>> {
    let table = Dict::new(&mut cx.heap);
    let Some(to) = y else {
        let Some(source) = x.cast::<Dict>().filter(|_| cx.class_of(x) == cx.types().dict) else {
            return Err(type_error(cx, "if you give only one argument to maketrans it must be a dict"));
        };
        for i in 0..source.n_entries() {
            let Some((key, value)) = source.entry(i) else { continue };
            let key = if let Some(s) = key.downcast::<Str>() {
                if s.len() != 1 {
                    return Err(value_error(cx, "string keys in translate table must be of length 1"));
                }
                Int::from_len(s.get(0) as usize).value()
            } else if cx.is_instance(key, cx.types().int) {
                key
            } else {
                return Err(type_error(cx, "keys in translate table must be strings or integers"));
            };
            crate::dict::set(cx, table, key, value)?;
        }
        return Ok(table);
    };
    let Some(from) = x.downcast::<Str>() else {
        return Err(type_error(cx, "first maketrans argument must be a string if there is a second argument"));
    };
    if from.len() != to.len() {
        return Err(value_error(cx, "the first two maketrans arguments must have equal length"));
    }
    for (from, to) in from.iter().zip(to.iter()) {
        let (key, value) = (Int::from_len(from as usize), Int::from_len(to as usize));
        crate::dict::set(cx, table, key.value(), value.value())?;
    }
    if let Some(deleted) = z {
        for c in deleted.iter() {
            crate::dict::set(cx, table, Int::from_len(c as usize).value(), Value::NONE)?;
        }
    }
    Ok(table)
}
