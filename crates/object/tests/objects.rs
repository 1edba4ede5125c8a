//! The object model on a real heap: layouts survive collections in every checking mode.

use object::*;

fn vm(collect_every: u32) -> (VmHandle, Box<Cx>) {
    let mut config = Config::default();
    config.checks.collect_every = collect_every;
    config.checks.poison = collect_every != 0;
    config.checks.verify = collect_every != 0;
    VmHandle::new(config).expect("a fresh VM")
}

/// Runs `body` without and with a collection every 3 allocations.
fn check(body: impl Fn(&mut Cx)) {
    for every in [0, 3] {
        let (handle, mut cx) = vm(every);
        body(&mut cx);
        drop(cx);
        drop(handle);
    }
}

#[test]
fn dicts_keep_their_order_and_find_their_keys() {
    check(|cx| {
        let dict = Dict::new(&mut cx.heap);
        for i in 0..500 {
            let key = cx.heap.intern(&format!("key{i}"));
            dict.set_str(&mut cx.heap, key, Int::from_len(i).value()).unwrap();
        }
        for i in (0..500).step_by(2) {
            let key = cx.heap.intern(&format!("key{i}"));
            assert_eq!(dict.remove_str(key), Some(Int::from_len(i).value()));
        }
        assert_eq!(dict.len(), 250);
        let values: Vec<i64> = dict.iter().map(|(_, v)| v.as_int().unwrap().get()).collect();
        assert_eq!(values, (0..500).filter(|i| i % 2 == 1).collect::<Vec<i64>>());
        let key = cx.heap.intern("key7");
        assert_eq!(dict.get_str(key), Some(Int::from_len(7).value()));
    });
}

#[test]
fn a_watched_global_keeps_its_cell() {
    check(|cx| {
        let dict = Dict::new_cells(&mut cx.heap);
        let name = cx.heap.intern("answer");
        let cell = dict.cell(&mut cx.heap, name).unwrap();
        assert!(dict.is_empty() && dict.get_str(name).is_none());
        for i in 0..50 {
            let other = cx.heap.intern(&format!("g{i}"));
            dict.set_str(&mut cx.heap, other, Value::NONE).unwrap();
        }
        dict.set_str(&mut cx.heap, name, Value::TRUE).unwrap();
        assert_eq!(dict.cell(&mut cx.heap, name).unwrap(), cell);
        assert!(cell.value.get().is(Value::TRUE));
        assert!(dict.iter().last().unwrap().0.is(name.value()), "set last, so last in order");
        dict.remove_str(name);
        assert!(cell.value.get().is_unbound() && dict.len() == 50);
    });
}

#[test]
fn instances_grow_from_slots_to_chunks_to_a_dict() {
    check(|cx| {
        let object = cx.heap.namespace(cx.heap.shapes().simple_namespace).value();
        let attributes = Attributes::of(object).unwrap();
        for i in 0..600 {
            let name = cx.heap.intern(&format!("a{i}"));
            attributes.set(&mut cx.heap, name, Int::from_len(i).value()).unwrap();
        }
        for i in 0..600 {
            let name = cx.heap.intern(&format!("a{i}"));
            assert_eq!(attributes.get(name), Some(Int::from_len(i).value()));
        }
        assert!(attributes.dict().is_some(), "so many names make a dict");
    });
}

#[test]
fn appending_to_a_string_is_linear() {
    check(|cx| {
        let piece = Str::from_utf8(&mut cx.heap, "ab").unwrap();
        let mut s = piece;
        let before = cx.heap.raw.bytes_allocated();
        for _ in 0..20_000 {
            s = Str::concat(&mut cx.heap, s, piece).unwrap();
        }
        assert_eq!(s.len(), 40_002);
        assert!(s.iter().enumerate().all(|(i, c)| c == if i % 2 == 0 { 97 } else { 98 }));
        let allocated = cx.heap.raw.bytes_allocated() - before;
        // With collections at every few allocations whole blocks count as handed out.
        let plain = cx.heap.raw.checks().collect_every == 0;
        assert!(!plain || allocated < 4 << 20, "quadratic copying would allocate 400 MB, not {allocated}");
    });
}

#[test]
fn sets_iterate_in_cpythons_order() {
    check(|cx| {
        let set = Set::new(&mut cx.heap);
        for i in [3, 1, 2, 100, 33, 17, 65, 9] {
            let key = Int::new(i).unwrap().value();
            match set.find(key, object::hash::hash_i64(i)) {
                object::set::Found::Absent(slot) => {
                    set.insert_at(&mut cx.heap, slot, key, object::hash::hash_i64(i)).unwrap()
                }
                _ => panic!("not there yet"),
            }
        }
        let order: Vec<i64> = set.iter().map(|v| v.as_int().unwrap().get()).collect();
        assert_eq!(order, EXPECTED_ORDER);
    });
}

/// `print(list(s))` of CPython 3.14 after the same insertions.
const EXPECTED_ORDER: [i64; 8] = [1, 2, 3, 100, 33, 65, 9, 17];

#[test]
fn equal_strings_are_found_in_dicts_whoever_made_them() {
    check(|cx| {
        let dict = Dict::new(&mut cx.heap);
        let key = Str::from_utf8(&mut cx.heap, "10").unwrap();
        dict.set_str(&mut cx.heap, key, Value::TRUE).unwrap();
        let same = Str::from_utf8(&mut cx.heap, "10").unwrap();
        assert!(key != same && key.equals(&same));
        assert_eq!(dict.get_str(same), Some(Value::TRUE));
        assert!(matches!(dict.find(same.value(), same.hash()), object::dict::Found::At(0)));
        let big = BigInt::from_limbs(&mut cx.heap, &[0, 1], false).unwrap();
        let same = BigInt::from_limbs(&mut cx.heap, &[0, 1], false).unwrap();
        assert_eq!(object::dict::fast_eq(big, same), Some(true));
    });
}
