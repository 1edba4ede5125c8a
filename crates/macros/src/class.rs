//! `#[native_class]`.

use crate::function::{Binding, constructor_def, native_def};
use crate::module::combine;
use crate::signature::Signature;
use crate::source::{self, Context, MarkerArgs};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{Error, Expr, Ident, Item, ItemFn, ItemMod, Result, Type};

pub fn expand(args: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let mut args: MarkerArgs = syn::parse2(args)?;
    let mut module: ItemMod = syn::parse2(item)?;
    let header = Header::read(&mut args, &module)?;
    let mut class = Class { name: header.name.clone(), ..Class::default() };
    let mut errors = Vec::new();
    for item in source::inline_items(&mut module)? {
        let Item::Fn(function) = item else { continue };
        let Some((marker, args)) = source::take_marker(function)? else { continue };
        if let Err(error) = class.add(function, &marker, args) {
            errors.push(error);
        }
    }
    if let Some(error) = combine(errors) {
        return Err(error);
    }
    let items = source::inline_items(&mut module)?;
    items.extend(class.statics()?);
    items.push(syn::parse2(class.spec(&header))?);
    Ok(quote!(#module))
}

/// The arguments of the attribute itself.
struct Header {
    name: String,
    module: String,
    /// An expression.
    doc: TokenStream,
    signature: Option<String>,
    flags: TokenStream,
    traits: TokenStream,
    kind: TokenStream,
    size: TokenStream,
    base: TokenStream,
}

impl Header {
    fn read(args: &mut MarkerArgs, module: &ItemMod) -> Result<Header> {
        let name = args.take("name").ok_or_else(|| Error::new(args.span, "the class has no `name = \"…\"`"))?;
        let doc = match args.take("doc") {
            Some(doc) => quote!(#doc),
            None => {
                let doc = source::doc(&module.attrs);
                quote!(#doc)
            }
        };
        let (kind, size) = match args.layout.take() {
            Some(layout) => layout_of(&layout),
            None => layout_of(&syn::parse_quote!(::object::Instance)),
        };
        let header = Header {
            name: source::string(&name)?,
            module: args.take("module").map_or(Ok("builtins".to_owned()), |m| source::string(&m))?,
            doc,
            signature: args.take("signature").map(|s| source::string(&s)).transpose()?,
            flags: bits(args.take("flags"), "flags"),
            traits: bits(args.take("traits"), "traits"),
            kind,
            size,
            base: base_of(args.take("base"))?,
        };
        args.finish()?;
        Ok(header)
    }
}

/// Kind and size of instances whose layout is written `List` or `Native<Count>`.
fn layout_of(ty: &Type) -> (TokenStream, TokenStream) {
    if let Type::Path(path) = ty
        && let Some(last) = path.path.segments.last()
        && last.ident == "Native"
        && let syn::PathArguments::AngleBracketed(arguments) = &last.arguments
        && let Some(data) = arguments.args.first()
    {
        return (quote!(<#data as ::object::NativeData>::KIND), quote!(<#data as ::object::NativeData>::SIZE));
    }
    (quote!(<#ty>::KIND), quote!(::std::mem::size_of::<#ty>()))
}

/// `flags` and `traits`: plain words are constants of `object::class::{flags, traits}`.
fn bits(expr: Option<Expr>, module: &str) -> TokenStream {
    struct Qualify(Ident);
    impl VisitMut for Qualify {
        fn visit_expr_path_mut(&mut self, path: &mut syn::ExprPath) {
            if let Some(word) = path.path.get_ident() {
                let (module, word) = (&self.0, word.clone());
                *path = syn::parse_quote!(::object::class::#module::#word);
            }
        }
    }
    let Some(mut expr) = expr else { return quote!(0) };
    Qualify(format_ident!("{module}")).visit_expr_mut(&mut expr);
    quote!(#expr)
}

/// `base = dict` is a built-in type, `base = path::SPEC` a native class of one's own.
fn base_of(base: Option<Expr>) -> Result<TokenStream> {
    let Some(base) = base else { return Ok(quote!(::std::option::Option::None)) };
    let Expr::Path(path) = &base else {
        return Err(Error::new(base.span(), "`base` is the name of a built-in type or the path of a SPEC"));
    };
    let class = match path.path.get_ident() {
        Some(name) if name != "SPEC" => quote!(::std::result::Result::Ok(__cx.types().#name)),
        _ => quote!(::runtime::native::class_of_spec(__cx, &#path)),
    };
    Ok(quote! {{
        fn __base(__cx: &mut ::object::Cx) -> ::object::PyResult<::object::Gc<::object::Class>> { #class }
        ::std::option::Option::Some(__base)
    }})
}

#[derive(Default)]
struct Class {
    name: String,
    methods: Vec<TokenStream>,
    getters: Vec<Getter>,
    /// Setters by attribute name.
    setters: Vec<(String, Ident, TokenStream)>,
    /// Statements that fill `Slots`.
    slots: Vec<TokenStream>,
    constructors: Vec<TokenStream>,
    signature: Option<String>,
    init: Option<Ident>,
}

struct Getter {
    name: String,
    doc: String,
    get: TokenStream,
    cfgs: TokenStream,
}

/// How a slot's function looks: parameters after the first, its result, whether the result is any Python value.
struct SlotForm {
    /// Types of the parameters behind `this`.
    rest: Vec<TokenStream>,
    result: TokenStream,
    is_value: bool,
}

fn slot_form(name: &str) -> Option<SlotForm> {
    let value = || quote!(::object::Value);
    let option = || quote!(::std::option::Option<::object::Value>);
    let args = || quote!(::object::Args<'_>);
    let text = || quote!(::object::Gc<::object::Str>);
    let of = |rest: Vec<TokenStream>, result: TokenStream| {
        let is_value = result.is_empty();
        let result = if is_value { quote!(::object::PyResult) } else { quote!(::object::PyResult<#result>) };
        Some(SlotForm { rest, result, is_value })
    };
    match name {
        "repr" | "str_" | "iter" | "int" | "float" | "index" | "negative" | "positive" | "absolute" | "invert"
        | "await_" | "aiter" | "anext" => of(vec![], quote!()),
        "concat" | "repeat" | "getitem" | "inplace_concat" | "inplace_repeat" => of(vec![value()], quote!()),
        "hash" => of(vec![], quote!(i64)),
        "len" => of(vec![], quote!(usize)),
        "bool_" => of(vec![], quote!(bool)),
        "next" => of(vec![], option()),
        "finalize" => of(vec![], quote!(())),
        "contains" => of(vec![value()], quote!(bool)),
        "setitem" | "descr_set" => of(vec![value(), option()], quote!(())),
        "setattro" => of(vec![text(), option()], quote!(())),
        "getattro" => of(vec![text()], quote!()),
        "richcompare" => of(vec![value(), quote!(::object::CompareOp)], quote!()),
        "call" | "new" => of(vec![args()], quote!()),
        "init" => of(vec![args()], quote!(())),
        "descr_get" | "power3" => of(vec![value(), value()], quote!()),
        _ => None,
    }
}

impl Class {
    fn add(&mut self, function: &ItemFn, marker: &str, args: MarkerArgs) -> Result<()> {
        match marker {
            "method" => self.methods.push(native_def(function, args, Binding::Method, &self.name)?),
            "classmethod" => self.methods.push(native_def(function, args, Binding::ClassMethod, &self.name)?),
            "staticmethod" => self.methods.push(native_def(function, args, Binding::StaticMethod, &self.name)?),
            "getter" => self.add_getter(function, args)?,
            "setter" => self.add_setter(function, args)?,
            "slot" => self.add_slot(function, args)?,
            "init" => self.init = Some(function.sig.ident.clone()),
            _ => return Err(Error::new(args.span, "`#[function]` belongs to a module")),
        }
        Ok(())
    }

    /// The receiver's conversion, unless it is taken as a plain value.
    fn receiver(&self, ty: &Type, name: &str) -> TokenStream {
        if source::is_type(ty, "Value") {
            return quote!(__this);
        }
        let owner = &self.name;
        quote!(::runtime::native::receiver::<#ty>(__cx, __this, #name, #owner)?)
    }

    fn add_getter(&mut self, function: &ItemFn, mut args: MarkerArgs) -> Result<()> {
        let ident = &function.sig.ident;
        let name = attribute_name(&args, source::plain_name(ident));
        let doc = args.take("doc").map_or(Ok(source::doc(&function.attrs)), |d| source::string(&d))?;
        args.finish()?;
        let (context, types) = source::parameters(function)?;
        let [ty] = types[..] else { return Err(Error::new(ident.span(), "a getter takes (cx, this)")) };
        let (this, context) = (self.receiver(ty, &name), context_argument(context));
        let cfgs = source::cfgs(&function.attrs);
        self.getters.push(Getter {
            name,
            doc,
            get: quote! {{
                fn __get(__cx: &mut ::object::Cx, __this: ::object::Value) -> ::object::PyResult {
                    let __this = #this;
                    let __result = #ident(#context __this);
                    ::runtime::native::IntoResult::into_result(__result, __cx)
                }
                __get
            }},
            cfgs: quote!(#(#cfgs)*),
        });
        Ok(())
    }

    fn add_setter(&mut self, function: &ItemFn, args: MarkerArgs) -> Result<()> {
        let ident = &function.sig.ident;
        let plain = source::plain_name(ident);
        let name = attribute_name(&args, plain.strip_prefix("set_").unwrap_or(&plain).to_owned());
        args.finish()?;
        let (context, types) = source::parameters(function)?;
        let [ty, _] = types[..] else {
            return Err(Error::new(ident.span(), "a setter takes (cx, this, value: Option<Value>)"));
        };
        let (this, context) = (self.receiver(ty, &name), context_argument(context));
        self.setters.push((
            name,
            ident.clone(),
            quote! {{
                fn __set(
                    __cx: &mut ::object::Cx,
                    __this: ::object::Value,
                    __value: ::std::option::Option<::object::Value>,
                ) -> ::object::PyResult<()> {
                    let __this = #this;
                    #ident(#context __this, __value)
                }
                ::std::option::Option::Some(__set)
            }},
        ));
        Ok(())
    }

    fn add_slot(&mut self, function: &ItemFn, mut args: MarkerArgs) -> Result<()> {
        let ident = &function.sig.ident;
        let cfgs = source::cfgs(&function.attrs);
        for (key, table) in [("binary", quote!(binary)), ("inplace", quote!(inplace))] {
            if let Some(op) = args.take(key) {
                args.finish()?;
                let form = SlotForm {
                    rest: vec![quote!(::object::Value)],
                    result: quote!(::object::PyResult),
                    is_value: true,
                };
                let wrapper = self.slot_wrapper(function, key, &form)?;
                self.slots.push(quote!(#(#cfgs)* __slots.#table[::object::BinaryOp::#op as usize].set(::std::option::Option::Some(#wrapper));));
                return Ok(());
            }
        }
        args.finish()?;
        let name = args.name.as_ref().map_or_else(|| source::plain_name(ident), source::plain_name);
        let name = match name.as_str() {
            "str" | "bool" | "await" => format!("{name}_"),
            _ => name,
        };
        let span = args.name.as_ref().map_or(ident.span(), Ident::span);
        let form =
            slot_form(&name).ok_or_else(|| Error::new(span, format!("`{name}` is not a field of object::Slots")))?;
        let field = format_ident!("{name}");
        let wrapper = match &args.signature {
            Some(_) if name != "new" && name != "init" => {
                return Err(Error::new(span, "only `new` and `init` have a signature"));
            }
            Some(literal) => {
                let signature = Signature::parse(literal)?;
                self.constructor(function, &name, &signature)?
            }
            None => self.slot_wrapper(function, &name, &form)?,
        };
        self.slots.push(quote!(#(#cfgs)* __slots.#field.set(::std::option::Option::Some(#wrapper));));
        Ok(())
    }

    /// A function of the slot's exact type that converts `this` and the result.
    fn slot_wrapper(&self, function: &ItemFn, name: &str, form: &SlotForm) -> Result<TokenStream> {
        let ident = &function.sig.ident;
        let (context, types) = source::parameters(function)?;
        if types.len() != form.rest.len() + 1 {
            let message =
                format!("slot `{name}` takes {} parameters behind `cx`, not {}", form.rest.len() + 1, types.len());
            return Err(Error::new(ident.span(), message));
        }
        let context = context_argument(context);
        let names: Vec<_> = (0..form.rest.len()).map(|i| format_ident!("__a{i}")).collect();
        let (rest, result) = (&form.rest, &form.result);
        // `new` gets the class, as a class.
        let (this_type, this) = if name == "new" {
            (quote!(::object::Gc<::object::Class>), quote!(__this))
        } else {
            (quote!(::object::Value), self.receiver(types[0], name))
        };
        let finish = if form.is_value {
            quote!(::runtime::native::IntoResult::into_result(__result, __cx))
        } else {
            quote!(__result)
        };
        Ok(quote! {{
            fn __slot(__cx: &mut ::object::Cx, __this: #this_type, #(#names: #rest),*) -> #result {
                let __this = #this;
                let __result = #ident(#context __this, #(#names),*);
                #finish
            }
            __slot
        }})
    }

    /// `new` or `init` with typed parameters: arguments are bound by a definition of its own.
    fn constructor(&mut self, function: &ItemFn, name: &str, signature: &Signature) -> Result<TokenStream> {
        let binding = if name == "new" { Binding::ClassMethod } else { Binding::Method };
        let def = constructor_def(function, signature, binding, &self.name)?;
        let ident = format_ident!("__{}", name.to_uppercase());
        self.constructors.push(quote!(static #ident: ::object::NativeDef = #def;));
        self.signature = Some(format!("{}{}", signature.name, signature.text));
        Ok(if name == "new" {
            quote! {{
                fn __slot(__cx: &mut ::object::Cx, __class: ::object::Gc<::object::Class>, __args: ::object::Args<'_>) -> ::object::PyResult {
                    ::runtime::native::call_constructor(__cx, &#ident, __class.value(), __args)
                }
                __slot
            }}
        } else {
            quote! {{
                fn __slot(__cx: &mut ::object::Cx, __this: ::object::Value, __args: ::object::Args<'_>) -> ::object::PyResult<()> {
                    ::runtime::native::call_constructor(__cx, &#ident, __this, __args).map(|_| ())
                }
                __slot
            }}
        })
    }

    /// Helper statics in front of the spec.
    fn statics(&mut self) -> Result<Vec<Item>> {
        std::mem::take(&mut self.constructors).into_iter().map(syn::parse2).collect()
    }

    fn spec(&mut self, header: &Header) -> TokenStream {
        let Header { name, module, doc, flags, traits, kind, size, base, .. } = header;
        let signature = header.signature.clone().or(self.signature.take());
        let doc = match signature {
            Some(signature) => {
                let prefix = format!("{signature}\n--\n\n");
                quote!(::std::concat!(#prefix, #doc))
            }
            None => doc.clone(),
        };
        let getset: Vec<_> = self
            .getters
            .iter()
            .map(|g| {
                let Getter { name, doc, get, cfgs } = g;
                let set = self
                    .setters
                    .iter()
                    .find(|(n, ..)| n == name)
                    .map_or_else(|| quote!(::std::option::Option::None), |(_, _, set)| set.clone());
                quote!(#cfgs ::object::GetSetDef { name: #name, doc: #doc, get: #get, set: #set })
            })
            .collect();
        let orphans = self.setters.iter().filter(|(name, ..)| !self.getters.iter().any(|g| g.name == *name));
        let orphans = orphans.map(|(name, ident, _)| {
            Error::new(ident.span(), format!("the attribute `{name}` has a setter but no getter")).into_compile_error()
        });
        let orphans: Vec<_> = orphans.collect();
        let (methods, slots) = (&self.methods, &self.slots);
        let init = self
            .init
            .as_ref()
            .map_or_else(|| quote!(::std::option::Option::None), |init| quote!(::std::option::Option::Some(#init)));
        quote! {
            /// The class's definition.
            pub static SPEC: ::object::TypeSpec = {
                #(#orphans;)*
                fn __fill_slots(__slots: &::object::Slots) {
                    #(#slots)*
                    let _ = __slots;
                }
                ::object::TypeSpec {
                    index: ::object::native::ProcessIndex::new(),
                    name: #name,
                    module: #module,
                    doc: #doc,
                    flags: #flags,
                    traits: #traits,
                    base: #base,
                    methods: &[#(#methods),*],
                    getset: &[#(#getset),*],
                    slots: __fill_slots,
                    init: #init,
                    kind: #kind,
                    size: #size,
                }
            };
        }
    }
}

fn context_argument(context: Context) -> TokenStream {
    match context {
        Context::Cx => quote!(__cx,),
        Context::Heap => quote!(&mut __cx.heap,),
        Context::None => quote!(),
    }
}

/// The attribute's name: the marker's argument or what the function's name says.
fn attribute_name(args: &MarkerArgs, otherwise: String) -> String {
    match (&args.name, &args.signature) {
        (Some(name), _) => source::plain_name(name),
        (None, Some(name)) => name.value(),
        (None, None) => otherwise,
    }
}
