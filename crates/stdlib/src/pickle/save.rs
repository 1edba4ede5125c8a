//! Objects to opcodes.

use super::names::save_global;
use super::opcode as op;
use super::pickler::{This, boundary, emit, emit_content, emit_get, known, memoize};
use super::{noted, pickling_error};
use runtime::error::full_type_name;
use runtime::functions::is_callable;
use runtime::import::import_attr;
use runtime::number::Num;
use runtime::prelude::*;
use runtime::types::memoryview::MemoryView;

/// Items of a container that one opcode adds.
const BATCH: usize = 1000;

/// Write an object.
pub fn save(cx: &mut Cx, this: This, object: Value, may_be_persistent: bool) -> PyResult<()> {
    boundary(cx, this)?;
    runtime::call::check_native_stack(cx, " while pickling an object")?;
    if may_be_persistent && this.persistent_id.get().is_bound() {
        let id = call(cx, this.persistent_id.get(), &[object])?;
        if !id.is_none() {
            return save_persistent(cx, this, id);
        }
    }
    let class = cx.class_of(object);
    let types = cx.types();
    if save_atom(cx, this, object, class)? {
        return Ok(());
    }
    if let Some(n) = known(this, object) {
        emit_get(this, n);
        return Ok(());
    }
    if class == types.bytes {
        return save_bytes(cx, this, object);
    } else if class == types.str {
        return save_str(cx, this, object);
    } else if class == types.dict {
        return save_dict(cx, this, object);
    } else if class == types.set {
        return save_set(cx, this, object);
    } else if class == types.frozenset {
        return save_frozenset(cx, this, object);
    } else if class == types.list {
        return save_list(cx, this, object);
    } else if class == types.tuple {
        return save_tuple(cx, this, object);
    } else if class == types.bytearray {
        return save_bytearray(cx, this, object);
    } else if let Some(buffer) = object.cast::<Native<super::buffer::PickleBuffer>>() {
        return save_buffer(cx, this, buffer);
    }
    let mut reduced = Value::NOT_IMPLEMENTED;
    if this.reducer_override.get().is_bound() {
        reduced = call(cx, this.reducer_override.get(), &[object])?;
    }
    if reduced.is_not_implemented() {
        if class == types.type_ {
            return save_class(cx, this, object);
        } else if class == types.function {
            return save_global(cx, this, object, None);
        }
        match reduced_by_table(cx, this, object, class)? {
            Some(value) => reduced = value,
            None if class.is_subclass_of(types.type_) => return save_global(cx, this, object, None),
            None => reduced = reduced_by_method(cx, this, object)?,
        }
    }
    if reduced.downcast::<Str>().is_some() {
        return save_global(cx, this, object, Some(reduced));
    }
    let written = match reduced.downcast::<Tuple>() {
        Some(parts) => save_reduced(cx, this, parts, object),
        None => {
            let name = full_type_name(cx, reduced);
            Err(pickling_error(cx, format_args!("__reduce__ must return a string or tuple, not {name}")))
        }
    };
    noted(cx, written, |cx| Ok(format!("when serializing {} object", full_type_name(cx, object))))
}

fn save_persistent(cx: &mut Cx, this: This, id: Value) -> PyResult<()> {
    if this.bin.get() {
        save(cx, this, id, false)?;
        emit(this, &[op::BINPERSID]);
        return Ok(());
    }
    let text = str_of(cx, id)?;
    let Some(ascii) = text.as_ascii() else {
        return Err(pickling_error(cx, "persistent IDs in protocol 0 must be ASCII strings"));
    };
    emit(this, format!("{}{ascii}\n", char::from(op::PERSID)).as_bytes());
    Ok(())
}

/// Objects that are not put into the memo.
fn save_atom(cx: &mut Cx, this: This, object: Value, class: Gc<Class>) -> PyResult<bool> {
    let types = cx.types();
    if object.is_none() {
        emit(this, &[op::NONE]);
    } else if object.is_bool() {
        let on = object.is(Value::TRUE);
        match (this.protocol.get() >= 2, on) {
            (true, true) => emit(this, &[op::NEWTRUE]),
            (true, false) => emit(this, &[op::NEWFALSE]),
            (false, true) => emit(this, b"I01\n"),
            (false, false) => emit(this, b"I00\n"),
        }
    } else if class == types.int {
        save_int(cx, this, object)?;
    } else if class == types.float {
        let f = object.as_float().unwrap_or_default();
        if this.bin.get() {
            let mut out = vec![op::BINFLOAT];
            out.extend(f.to_be_bytes());
            emit(this, &out);
        } else {
            let text = repr_of(cx, object)?;
            emit(this, format!("F{text}\n").as_bytes());
        }
    } else {
        return Ok(false);
    }
    Ok(true)
}

fn save_int(cx: &mut Cx, this: This, object: Value) -> PyResult<()> {
    let short = object.as_int().and_then(|i| i32::try_from(i.get()).ok());
    if let (true, Some(i)) = (this.bin.get(), short) {
        let [a, b, c, d] = i.to_le_bytes();
        match i {
            0..=0xff => emit(this, &[op::BININT1, a]),
            0..=0xffff => emit(this, &[op::BININT2, a, b]),
            _ => emit(this, &[op::BININT, a, b, c, d]),
        }
        return Ok(());
    }
    if this.protocol.get() < 2 {
        let text = runtime::number::int::to_text(cx, object, 10)?;
        match short {
            Some(_) => emit(this, format!("I{text}\n").as_bytes()),
            None => emit(this, format!("L{text}L\n").as_bytes()),
        }
        return Ok(());
    }
    let number = Num::of(object).expect("the class is int");
    let limbs = match number {
        Num::Small(_) => 1,
        Num::Big(big) => big.limbs().len(),
    };
    let mut bytes =
        runtime::number::int::to_le_bytes(number, limbs * 8 + 1, true).expect("there is room for one bit more");
    // The shortest form that still shows the sign.
    let filler = if number.is_negative() { 0xff } else { 0 };
    while let [.., before, last] = bytes[..]
        && last == filler
        && before & 0x80 == filler & 0x80
    {
        bytes.pop();
    }
    let mut out = match u8::try_from(bytes.len()) {
        Ok(n) => vec![op::LONG1, n],
        Err(_) => {
            let Ok(n) = i32::try_from(bytes.len()) else {
                return Err(overflow_error(cx, "int too large to pickle"));
            };
            let [a, b, c, d] = n.to_le_bytes();
            vec![op::LONG4, a, b, c, d]
        }
    };
    out.extend_from_slice(&bytes);
    emit(this, &out);
    Ok(())
}

/// An opcode with a length of one, four or eight bytes.
fn header(short: Option<u8>, middle: Option<u8>, long: u8, n: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(9);
    if let (Some(opcode), Ok(n)) = (short, u8::try_from(n)) {
        out.extend([opcode, n]);
    } else if let (Some(opcode), Ok(n)) = (middle, u32::try_from(n)) {
        out.push(opcode);
        out.extend(n.to_le_bytes());
    } else {
        out.push(long);
        out.extend((n as u64).to_le_bytes());
    }
    out
}

fn save_bytes(cx: &mut Cx, this: This, object: Value) -> PyResult<()> {
    let Some(bytes) = object.cast::<Bytes>() else { return Ok(()) };
    if this.protocol.get() >= 3 {
        return save_content(cx, this, bytes.as_slice(), object);
    }
    let reduced = if bytes.is_empty() {
        let empty = cx.vm().empty_tuple().value();
        cx.heap.tuple(&[cx.types().bytes.value(), empty])
    } else {
        let encode = import_attr(cx, "codecs", "encode")?;
        let text = Str::from_latin1(&mut cx.heap, bytes.as_slice()).or_raise(cx)?;
        let encoding = cx.heap.intern("latin1").value();
        let args = cx.heap.tuple(&[text.value(), encoding]).value();
        cx.heap.tuple(&[encode, args])
    };
    save_reduced(cx, this, reduced, object)
}

/// Bytes that are `object`, or the content of one.
fn save_content(cx: &mut Cx, this: This, content: &[u8], object: Value) -> PyResult<()> {
    let header = header(Some(op::SHORT_BINBYTES), Some(op::BINBYTES), op::BINBYTES8, content.len());
    let payload = if object.is_a::<Bytes>() { object } else { Value::UNBOUND };
    emit_content(cx, this, &header, content, payload)?;
    memoize(cx, this, object)
}

fn save_changeable(cx: &mut Cx, this: This, content: &[u8], object: Value) -> PyResult<()> {
    emit_content(cx, this, &header(None, None, op::BYTEARRAY8, content.len()), content, Value::UNBOUND)?;
    memoize(cx, this, object)
}

fn save_bytearray(cx: &mut Cx, this: This, object: Value) -> PyResult<()> {
    let content = runtime::buffer::to_vec(cx, object)?;
    if this.protocol.get() >= 5 {
        return save_changeable(cx, this, &content, object);
    }
    let args = if content.is_empty() {
        cx.vm().empty_tuple()
    } else {
        let bytes = cx.heap.bytes(&content).or_raise(cx)?;
        cx.heap.tuple(&[bytes.value()])
    };
    let reduced = cx.heap.tuple(&[cx.types().bytearray.value(), args.value()]);
    save_reduced(cx, this, reduced, object)
}

fn save_buffer(cx: &mut Cx, this: This, buffer: Gc<Native<super::buffer::PickleBuffer>>) -> PyResult<()> {
    if this.protocol.get() < 5 {
        return Err(pickling_error(cx, "PickleBuffer can only be pickled with protocol >= 5"));
    }
    let view = super::buffer::view(cx, buffer)?;
    if !super::buffer::is_contiguous(&view.layout()) {
        let message = "PickleBuffer can not be pickled when pointing to a non-contiguous buffer";
        return Err(pickling_error(cx, message));
    }
    // Whatever the callback does, the memory stays.
    let view = runtime::types::memoryview::view_of(cx, view.value())?;
    let written = save_view(cx, this, buffer, view);
    let name = cx.heap.intern("release");
    call_method(cx, view.value(), name, &[])?;
    written
}

fn save_view(
    cx: &mut Cx,
    this: This,
    buffer: Gc<Native<super::buffer::PickleBuffer>>,
    view: Gc<Native<MemoryView>>,
) -> PyResult<()> {
    let mut in_band = true;
    if this.buffer_callback.get().is_bound() {
        let answer = call(cx, this.buffer_callback.get(), &[buffer.value()])?;
        in_band = is_true(cx, answer)?;
    }
    if !in_band {
        emit(this, &[op::NEXT_BUFFER]);
        if view.is_readonly() {
            emit(this, &[op::READONLY_BUFFER]);
        }
        return Ok(());
    }
    let content = runtime::types::memoryview::gather(view);
    if view.is_readonly() {
        save_content(cx, this, &content, buffer.value())
    } else {
        save_changeable(cx, this, &content, buffer.value())
    }
}

fn save_str(cx: &mut Cx, this: This, object: Value) -> PyResult<()> {
    let Some(text) = object.cast::<Str>() else { return Ok(()) };
    if this.bin.get() {
        let content = text.to_wtf8();
        let short = (this.protocol.get() >= 4).then_some(op::SHORT_BINUNICODE);
        let header = header(short, Some(op::BINUNICODE), op::BINUNICODE8, content.len());
        emit_content(cx, this, &header, &content, Value::UNBOUND)?;
    } else {
        let mut out = vec![op::UNICODE];
        for c in text.iter() {
            match c {
                0x10000.. => out.extend(format!("\\U{c:08x}").bytes()),
                0x100.. | 0x5c | 0 | 0x0a | 0x0d | 0x1a => out.extend(format!("\\u{c:04x}").bytes()),
                _ => out.push(c as u8),
            }
        }
        out.push(b'\n');
        emit(this, &out);
    }
    memoize(cx, this, object)
}

fn item_note(cx: &mut Cx, container: Value, i: usize) -> String {
    format!("when serializing {} item {i}", full_type_name(cx, container))
}

fn save_tuple(cx: &mut Cx, this: This, object: Value) -> PyResult<()> {
    let Some(tuple) = object.cast::<Tuple>() else { return Ok(()) };
    let n = tuple.len();
    if n == 0 {
        match this.bin.get() {
            true => emit(this, &[op::EMPTY_TUPLE]),
            false => emit(this, &[op::MARK, op::TUPLE]),
        }
        return Ok(());
    }
    let is_short = n <= 3 && this.protocol.get() >= 2;
    if !is_short {
        emit(this, &[op::MARK]);
    }
    for i in 0..n {
        let written = save(cx, this, tuple.get(i), true);
        noted(cx, written, |cx| Ok(item_note(cx, object, i)))?;
    }
    // Among its items the tuple may have been written itself: that one is it then.
    if let Some(number) = known(this, object) {
        match (is_short, this.bin.get()) {
            (true, _) => emit(this, &vec![op::POP; n]),
            (false, true) => emit(this, &[op::POP_MARK]),
            (false, false) => emit(this, &vec![op::POP; n + 1]),
        }
        emit_get(this, number);
        return Ok(());
    }
    emit(this, &[if is_short { [op::TUPLE1, op::TUPLE2, op::TUPLE3][n - 1] } else { op::TUPLE }]);
    memoize(cx, this, object)
}

fn save_list(cx: &mut Cx, this: This, object: Value) -> PyResult<()> {
    let Some(list) = object.cast::<List>() else { return Ok(()) };
    match this.bin.get() {
        true => emit(this, &[op::EMPTY_LIST]),
        false => emit(this, &[op::MARK, op::LIST]),
    }
    memoize(cx, this, object)?;
    if !this.bin.get() || list.len() == 1 {
        let mut i = 0;
        while let Some(item) = list.get(i) {
            save_item(cx, this, object, i, item)?;
            emit(this, &[op::APPEND]);
            i += 1;
        }
        return Ok(());
    }
    let mut i = 0;
    while i < list.len() {
        emit(this, &[op::MARK]);
        let end = i + BATCH;
        while i < end
            && let Some(item) = list.get(i)
        {
            save_item(cx, this, object, i, item)?;
            i += 1;
        }
        emit(this, &[op::APPENDS]);
    }
    Ok(())
}

fn save_item(cx: &mut Cx, this: This, container: Value, i: usize, item: Value) -> PyResult<()> {
    let written = save(cx, this, item, true);
    noted(cx, written, |cx| Ok(item_note(cx, container, i)))
}

/// Write an iterator's items one by one or in batches: `write` one, then the opcode for one or for a batch.
fn save_batches(
    cx: &mut Cx,
    this: This,
    iterator: Value,
    [one, many]: [u8; 2],
    mut write: impl FnMut(&mut Cx, usize, Value) -> PyResult<()>,
) -> PyResult<()> {
    let mut i = 0;
    while let Some(first) = runtime::iterate::next(cx, iterator)? {
        let mut next = if this.bin.get() { runtime::iterate::next(cx, iterator)? } else { None };
        if next.is_none() {
            write(cx, i, first)?;
            emit(this, &[one]);
            i += 1;
            if this.bin.get() {
                return Ok(());
            }
            continue;
        }
        emit(this, &[op::MARK]);
        write(cx, i, first)?;
        i += 1;
        let mut n = 1;
        while let Some(item) = next {
            write(cx, i, item)?;
            (i, n) = (i + 1, n + 1);
            if n == BATCH {
                break;
            }
            next = runtime::iterate::next(cx, iterator)?;
        }
        emit(this, &[many]);
        if n < BATCH {
            return Ok(());
        }
    }
    Ok(())
}

fn save_pair(cx: &mut Cx, this: This, container: Value, key: Value, value: Value) -> PyResult<()> {
    save(cx, this, key, true)?;
    let written = save(cx, this, value, true);
    noted(cx, written, |cx| {
        let key = repr_of(cx, key)?;
        Ok(format!("when serializing {} item {key}", full_type_name(cx, container)))
    })
}

fn save_pairs(cx: &mut Cx, this: This, container: Value, iterator: Value) -> PyResult<()> {
    save_batches(cx, this, iterator, [op::SETITEM, op::SETITEMS], |cx, _, pair| {
        match pair.downcast::<Tuple>().filter(|pair| pair.len() == 2) {
            Some(pair) => save_pair(cx, this, container, pair.get(0), pair.get(1)),
            None => Err(type_error(cx, "dict items iterator must return 2-tuples")),
        }
    })
}

fn save_dict(cx: &mut Cx, this: This, object: Value) -> PyResult<()> {
    let Some(dict) = object.cast::<Dict>() else { return Ok(()) };
    match this.bin.get() {
        true => emit(this, &[op::EMPTY_DICT]),
        false => emit(this, &[op::MARK, op::DICT]),
    }
    memoize(cx, this, object)?;
    let n = dict.len();
    if !this.bin.get() || n == 1 {
        let name = cx.names().items;
        let items = call_method(cx, object, name, &[])?;
        let items = get_iter(cx, items)?;
        return save_pairs(cx, this, object, items);
    }
    let mut at = 0;
    let mut rest = n;
    while rest > 0 {
        emit(this, &[op::MARK]);
        let mut in_batch = 0;
        while in_batch < BATCH
            && let Some((i, key, value)) = dict.next_entry(at)
        {
            at = i + 1;
            save_pair(cx, this, object, key, value)?;
            in_batch += 1;
        }
        emit(this, &[op::SETITEMS]);
        if dict.len() != n {
            return Err(runtime_error(cx, "dictionary changed size during iteration"));
        }
        rest = if in_batch < BATCH { 0 } else { rest - in_batch };
    }
    Ok(())
}

/// `(class, ([items],))`.
fn reduced_set(cx: &mut Cx, class: Gc<Class>, object: Value) -> PyResult<Gc<Tuple>> {
    let items = to_list(cx, object)?;
    let args = cx.heap.tuple(&[items.value()]);
    Ok(cx.heap.tuple(&[class.value(), args.value()]))
}

fn save_element(cx: &mut Cx, this: This, container: Value, item: Value) -> PyResult<()> {
    let written = save(cx, this, item, true);
    noted(cx, written, |cx| Ok(format!("when serializing {} element", full_type_name(cx, container))))
}

fn save_set(cx: &mut Cx, this: This, object: Value) -> PyResult<()> {
    let Some(set) = object.cast::<Set>() else { return Ok(()) };
    if this.protocol.get() < 4 {
        let reduced = reduced_set(cx, cx.types().set, object)?;
        return save_reduced(cx, this, reduced, object);
    }
    emit(this, &[op::EMPTY_SET]);
    memoize(cx, this, object)?;
    let n = set.len();
    let (mut at, mut rest) = (0, n);
    while rest > 0 {
        emit(this, &[op::MARK]);
        let mut in_batch = 0;
        while in_batch < BATCH
            && let Some((i, item, _)) = set.next_slot(at)
        {
            at = i + 1;
            save_element(cx, this, object, item)?;
            in_batch += 1;
        }
        emit(this, &[op::ADDITEMS]);
        if set.len() != n {
            return Err(runtime_error(cx, "set changed size during iteration"));
        }
        rest = if in_batch < BATCH { 0 } else { rest - in_batch };
    }
    Ok(())
}

fn save_frozenset(cx: &mut Cx, this: This, object: Value) -> PyResult<()> {
    let Some(set) = object.cast::<Set>() else { return Ok(()) };
    if this.protocol.get() < 4 {
        let reduced = reduced_set(cx, cx.types().frozenset, object)?;
        return save_reduced(cx, this, reduced, object);
    }
    emit(this, &[op::MARK]);
    let mut at = 0;
    while let Some((i, item, _)) = set.next_slot(at) {
        at = i + 1;
        save_element(cx, this, object, item)?;
    }
    if let Some(number) = known(this, object) {
        emit(this, &[op::POP_MARK]);
        emit_get(this, number);
        return Ok(());
    }
    emit(this, &[op::FROZENSET]);
    memoize(cx, this, object)
}

fn save_class(cx: &mut Cx, this: This, object: Value) -> PyResult<()> {
    let types = cx.types();
    let singletons = [Value::NONE, Value::NOT_IMPLEMENTED, Value::ELLIPSIS];
    match singletons.into_iter().find(|&only| object.is(cx.class_of(only).value())) {
        Some(only) => {
            let args = cx.heap.tuple(&[only]);
            let reduced = cx.heap.tuple(&[types.type_.value(), args.value()]);
            save_reduced(cx, this, reduced, object)
        }
        None => save_global(cx, this, object, None),
    }
}

/// What a function registered for the class makes of the object.
fn reduced_by_table(cx: &mut Cx, this: This, object: Value, class: Gc<Class>) -> PyResult<Option<Value>> {
    let own = this.dispatch_table.get();
    let table = if own.is_bound() { own } else { import_attr(cx, "copyreg", "dispatch_table")? };
    let function = match table.cast::<Dict>().filter(|_| cx.class_of(table) == cx.types().dict) {
        Some(dict) => runtime::dict::get(cx, dict, class.value())?,
        None => match get_item(cx, table, class.value()) {
            Ok(function) => Some(function),
            Err(raised) => {
                cx.catch(raised, cx.types().KeyError)?;
                None
            }
        },
    };
    function.map(|function| call(cx, function, &[object])).transpose()
}

fn reduced_by_method(cx: &mut Cx, this: This, object: Value) -> PyResult {
    let name = cx.heap.intern("__reduce_ex__");
    if let Some(method) = get_attr_opt(cx, object, name)? {
        return call(cx, method, &[Int::from_len(this.protocol.get() as usize).value()]);
    }
    let name = cx.heap.intern("__reduce__");
    match get_attr_opt(cx, object, name)? {
        Some(method) => call(cx, method, &[]),
        None => {
            let class = cx.class_of(object).value();
            let name = full_type_name(cx, class);
            Err(pickling_error(cx, format_args!("Can't pickle {name} object")))
        }
    }
}

/// A part of a reduced object, with what it is for the note of an error.
fn save_part(cx: &mut Cx, this: This, object: Value, part: Value, what: &str) -> PyResult<()> {
    let written = save(cx, this, part, true);
    noted(cx, written, |cx| Ok(format!("when serializing {} {what}", full_type_name(cx, object))))
}

/// Write what `__reduce__` has made of `object`, and put that into the memo.
fn save_reduced(cx: &mut Cx, this: This, parts: Gc<Tuple>, object: Value) -> PyResult<()> {
    if !(2..=6).contains(&parts.len()) {
        return Err(pickling_error(cx, "tuple returned by __reduce__ must contain 2 through 6 elements"));
    }
    let part = |i: usize| parts.try_get(i).filter(|part| !part.is_none());
    let (function, args) = (parts.get(0), parts.get(1));
    let wrong = |cx: &mut Cx, which: &str, what: &str, part: Value| {
        let name = full_type_name(cx, part);
        let message = format!("{which} item of the tuple returned by __reduce__ must be {what}, not {name}");
        Err(pickling_error(cx, message))
    };
    if !is_callable(cx, function) {
        return wrong(cx, "first", "callable", function);
    }
    let Some(args) = args.downcast::<Tuple>() else { return wrong(cx, "second", "a tuple", args) };
    for (i, which) in [(3, "fourth"), (4, "fifth")] {
        if let Some(iterator) = part(i).filter(|&part| cx.class_of(part).slots.next.get().is_none()) {
            return wrong(cx, which, "an iterator", iterator);
        }
    }
    if let Some(setter) = part(5).filter(|&part| !is_callable(cx, part)) {
        return wrong(cx, "sixth", "callable", setter);
    }
    save_construction(cx, this, function, args, object)?;
    match known(this, object) {
        // It has been written among its own parts: that one is it.
        Some(number) => {
            emit(this, &[op::POP]);
            emit_get(this, number);
        }
        None => memoize(cx, this, object)?,
    }
    if let Some(items) = part(3) {
        save_batches(cx, this, items, [op::APPEND, op::APPENDS], |cx, i, item| save_item(cx, this, object, i, item))?;
    }
    if let Some(items) = part(4) {
        save_pairs(cx, this, object, items)?;
    }
    let Some(state) = part(2) else { return Ok(()) };
    let Some(setter) = part(5) else {
        save_part(cx, this, object, state, "state")?;
        emit(this, &[op::BUILD]);
        return Ok(());
    };
    save_part(cx, this, object, setter, "state setter")?;
    save(cx, this, object, true)?;
    save_part(cx, this, object, state, "state")?;
    emit(this, &[op::TUPLE2, op::REDUCE, op::POP]);
    Ok(())
}

/// Write the call that makes an object.
fn save_construction(cx: &mut Cx, this: This, function: Value, args: Gc<Tuple>, object: Value) -> PyResult<()> {
    let mut name = None;
    if this.protocol.get() >= 2 {
        let attribute = cx.names().__name__;
        name = get_attr_opt(cx, function, attribute)?.and_then(|name| name.downcast::<Str>());
    }
    if name.is_some_and(|name| name.eq_str("__newobj_ex__")) {
        return save_new_with_keywords(cx, this, args, object);
    }
    if !name.is_some_and(|name| name.eq_str("__newobj__")) {
        save_part(cx, this, object, function, "reconstructor")?;
        save_part(cx, this, object, args.value(), "reconstructor arguments")?;
        emit(this, &[op::REDUCE]);
        return Ok(());
    }
    if args.is_empty() {
        return Err(pickling_error(cx, "__newobj__ expected at least 1 argument, got 0"));
    }
    let class = args.get(0);
    if !class.is_a::<Class>() {
        let name = full_type_name(cx, class);
        let message = format!("first argument to __newobj__() must be a class, not {name}");
        return Err(pickling_error(cx, message));
    }
    let attribute = cx.names().__class__;
    let own = get_attr(cx, object, attribute)?;
    if !own.is(class) {
        let (own, class) = (repr_of(cx, own)?, repr_of(cx, class)?);
        let message = format!("first argument to __newobj__() must be {own}, not {class}");
        return Err(pickling_error(cx, message));
    }
    save_part(cx, this, object, class, "class")?;
    let rest = Tuple::from_fn(&mut cx.heap, args.len() - 1, |i| args.get(i + 1)).or_raise(cx)?;
    save_part(cx, this, object, rest.value(), "__new__ arguments")?;
    emit(this, &[op::NEWOBJ]);
    Ok(())
}

fn save_new_with_keywords(cx: &mut Cx, this: This, parts: Gc<Tuple>, object: Value) -> PyResult<()> {
    let [class, args, keywords] = *parts.as_slice() else {
        let n = parts.len();
        return Err(pickling_error(cx, format_args!("__newobj_ex__ expected 3 arguments, got {n}")));
    };
    let wrong = |cx: &mut Cx, which: &str, what: &str, part: Value| {
        let name = full_type_name(cx, part);
        Err(pickling_error(cx, format_args!("{which} argument to __newobj_ex__() must be {what}, not {name}")))
    };
    if !class.is_a::<Class>() {
        return wrong(cx, "first", "a class", class);
    }
    let Some(positional) = args.downcast::<Tuple>() else { return wrong(cx, "second", "a tuple", args) };
    let Some(named) = keywords.cast::<Dict>() else { return wrong(cx, "third", "a dict", keywords) };
    if this.protocol.get() >= 4 {
        save_part(cx, this, object, class, "class")?;
        save_part(cx, this, object, args, "__new__ arguments")?;
        save_part(cx, this, object, keywords, "__new__ arguments")?;
        emit(this, &[op::NEWOBJ_EX]);
        return Ok(());
    }
    let partial = import_attr(cx, "functools", "partial")?;
    let name = cx.names().__new__;
    let new = get_attr(cx, class, name)?;
    let all = Tuple::from_fn(&mut cx.heap, positional.len() + 2, |i| match i {
        0 => new,
        1 => class,
        _ => positional.get(i - 2),
    });
    let all = all.or_raise(cx)?;
    let function = call_with(cx, partial, all, named)?;
    save_part(cx, this, object, function, "reconstructor")?;
    let empty = cx.vm().empty_tuple().value();
    save(cx, this, empty, true)?;
    emit(this, &[op::REDUCE]);
    Ok(())
}

/// `function(*args, **keywords)`.
pub fn call_with(cx: &mut Cx, function: Value, args: Gc<Tuple>, keywords: Gc<Dict>) -> PyResult {
    runtime::call::with_keywords(cx, args, Some(keywords), |cx, args| call_args(cx, function, args))
}
