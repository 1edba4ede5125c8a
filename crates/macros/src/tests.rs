//! What the attributes say of mistakes, and the shape of what they make.

use crate::{class, module, trace};
use proc_macro2::TokenStream;
use quote::quote;

fn class_error(args: TokenStream, body: TokenStream) -> String {
    let result = class::expand(args, quote!(mod class { #body }));
    result.expect_err("a mistake").into_iter().map(|e| e.to_string()).collect::<Vec<_>>().join("; ")
}

fn module_error(body: TokenStream) -> String {
    module::expand(quote!(name = "m"), quote!(mod module { #body })).expect_err("a mistake").to_string()
}

#[test]
fn mistakes_in_methods_are_named() {
    let list = || quote!(name = "list", layout = List);
    let cases = [
        (
            quote!(
                #[method("f($self, /)")]
                fn f(cx: &mut Cx, this: Value) {}
            ),
            "method `f` has no doc comment",
        ),
        (
            quote!(
                #[doc = " x"]
                #[method]
                fn f(cx: &mut Cx, this: Value) {}
            ),
            "method `f` has no signature: \"f(…)\"",
        ),
        (
            quote!(
                #[doc = " x"]
                #[method("f(a, /)")]
                fn f(cx: &mut Cx, this: Value, a: Value) {}
            ),
            "the signature of a method starts with `$self`",
        ),
        (
            quote!(
                #[doc = " x"]
                #[method("f($self, a, b, /)")]
                fn f(cx: &mut Cx, this: Value, a: Value) {}
            ),
            "the signature has 2 parameters besides the receiver, the Rust function 1",
        ),
        (
            quote!(
                #[doc = " x"]
                #[method("f($self, a=[], /)")]
                fn f(cx: &mut Cx, this: Value, a: Value) {}
            ),
            "the default `[]` of `a` is not understood: make the Rust parameter an `Option`",
        ),
        (
            quote!(
                #[doc = " x"]
                #[method(raw, "f($self, *args)")]
                fn f(cx: &mut Cx, this: Value) {}
            ),
            "a raw native takes (cx, this, args: Args<'_>)",
        ),
        (
            quote!(
                #[slot]
                fn leng(cx: &mut Cx, this: Value) {}
            ),
            "`leng` is not a field of object::Slots",
        ),
        (
            quote!(
                #[slot]
                fn getitem(cx: &mut Cx, this: Value) {}
            ),
            "slot `getitem` takes 2 parameters behind `cx`, not 1",
        ),
        (
            quote!(
                #[function("f()")]
                fn f(cx: &mut Cx) {}
            ),
            "`#[function]` belongs to a module",
        ),
        (
            quote!(
                #[slot]
                #[getter]
                fn f(cx: &mut Cx) {}
            ),
            "`f` has two roles",
        ),
    ];
    for (body, message) in cases {
        assert_eq!(class_error(list(), body), message);
    }
    assert_eq!(class_error(quote!(layout = List), quote!()), "the class has no `name = \"…\"`");
    assert_eq!(class_error(quote!(name = "x", colour = 3), quote!()), "unknown argument `colour`");
}

#[test]
fn mistakes_in_modules_are_named() {
    assert_eq!(
        module_error(quote!(
            #[slot]
            fn f(cx: &mut Cx) {}
        )),
        "`#[slot]` belongs to a class"
    );
    assert_eq!(
        module_error(quote!(
            #[doc = " x"]
            #[function("f($self)")]
            fn f(cx: &mut Cx) {}
        )),
        "the only `$` parameter of a function is `$module`"
    );
}

#[test]
fn positional_functions_get_fixed_entries() {
    let expand = |signature: &str, parameters: TokenStream| {
        let body = quote!(#[doc = " x"] #[function(#signature)] fn f(cx: &mut Cx, #parameters) {});
        module::expand(quote!(name = "m"), quote!(mod module { #body })).expect("an expansion").to_string()
    };
    assert!(expand("f()", quote!()).contains("Entry :: F0"));
    assert!(expand("f(a, b, /)", quote!(a: Value, b: Value)).contains("Entry :: F2"));
    assert!(expand("f(a, b=1, c=2, d=3)", quote!(a: Value, b: i64, c: i64, d: Value)).contains("Entry :: F4"));
    let five = quote!(a: Value, b: Value, c: Value, d: Value, e: Value);
    assert!(expand("f(a, b, c, d, e)", five).contains("Entry :: Bound"));
    assert!(expand("f(*, a)", quote!(a: Value)).contains("Entry :: Bound"));
    assert!(expand("f(a, /)", quote!(a: Value)).contains("\"($module, a, /)\""));
    assert!(expand("f(a)", quote!(a: Value)).contains("\"($module, /, a)\""));
}

#[test]
fn every_field_is_scanned_unless_skipped() {
    let expanded = trace::expand(quote! {
        struct Count<T> { first: Slot, #[trace(skip)] second: Vec<u8>, third: T }
    });
    let text = expanded.expect("an expansion").to_string();
    assert!(text.contains("& self . first") && text.contains("& self . third") && !text.contains("second"));
    let expanded = trace::expand(quote!(
        enum State {
            Idle,
            Busy(Slot, #[trace(skip)] u8),
            Named { value: Slot },
        }
    ));
    let text = expanded.expect("an expansion").to_string();
    assert!(text.contains("Self :: Busy { 0 : field0 , 1 : field1 }"), "{text}");
}
