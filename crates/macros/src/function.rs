//! One native function: from the Rust function and its signature to an `object::NativeDef`.

use crate::signature::{Kind, Parameter, Signature};
use crate::source::{self, Context, MarkerArgs};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{Error, Expr, ItemFn, Result, Type};

/// What the function is bound to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    Function,
    Method,
    ClassMethod,
    StaticMethod,
}

impl Binding {
    fn has_receiver(self) -> bool {
        matches!(self, Binding::Method | Binding::ClassMethod)
    }

    fn tokens(self) -> TokenStream {
        match self {
            Binding::Function => quote!(::object::Binding::Function),
            Binding::Method => quote!(::object::Binding::Method),
            Binding::ClassMethod => quote!(::object::Binding::ClassMethod),
            Binding::StaticMethod => quote!(::object::Binding::StaticMethod),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Binding::Function => "function",
            Binding::Method => "method",
            Binding::ClassMethod => "class method",
            Binding::StaticMethod => "static method",
        }
    }
}

/// Positional parameters, self included, that the fixed entries take.
const MAX_FIXED: usize = 4;
/// Parameters, self included, that `runtime::native` can bind.
const MAX_PARAMS: usize = 32;

/// The expression of the function's `NativeDef`. `owner` is the class's Python name, for messages.
pub fn native_def(function: &ItemFn, mut args: MarkerArgs, binding: Binding, owner: &str) -> Result<TokenStream> {
    let rust_name = &function.sig.ident;
    let literal = args.signature.take();
    let literal = literal.ok_or_else(|| {
        Error::new(args.span, format!("{} `{rust_name}` has no signature: \"{rust_name}(…)\"", binding.word()))
    })?;
    let signature = Signature::parse(&literal)?;
    let doc = match args.take("doc") {
        Some(doc) => source::string(&doc)?,
        None => source::doc(&function.attrs),
    };
    if doc.is_empty() && !signature.name.starts_with("__") {
        return Err(Error::new(
            function.sig.ident.span(),
            format!("{} `{rust_name}` has no doc comment", binding.word()),
        ));
    }
    let hidden = match args.take("text_signature") {
        Some(Expr::Lit(syn::ExprLit { lit: syn::Lit::Bool(shown), .. })) => !shown.value,
        Some(other) => return Err(Error::new(other.span(), "`text_signature` is `false` or absent")),
        None => false,
    };
    args.finish()?;
    check_receiver(&signature, binding)?;
    let text = if hidden { String::new() } else { text_signature(&signature, binding) };
    let cfgs = source::cfgs(&function.attrs);
    let def = Definition { function, signature: &signature, binding, owner, raw: args.raw }.tokens(&text, &doc)?;
    Ok(quote!(#(#cfgs)* #def))
}

/// The definition behind a constructor slot with a signature: `#[slot(new, "list(iterable=(), /)")]`. Its receiver is the
/// class or the instance, which the signature does not mention.
pub fn constructor_def(function: &ItemFn, signature: &Signature, binding: Binding, owner: &str) -> Result<TokenStream> {
    Definition { function, signature, binding, owner, raw: false }.tokens("", "")
}

fn check_receiver(signature: &Signature, binding: Binding) -> Result<()> {
    let fail = |message: &str| Err(Error::new(signature.span, message));
    match (binding, signature.receiver.as_deref()) {
        (Binding::Method, Some("self")) | (Binding::ClassMethod, Some("type" | "cls")) => Ok(()),
        (Binding::Method, _) => fail("the signature of a method starts with `$self`"),
        (Binding::ClassMethod, _) => fail("the signature of a class method starts with `$type`"),
        (Binding::StaticMethod, None) | (Binding::Function, None | Some("module")) => Ok(()),
        (Binding::StaticMethod, Some(_)) => fail("a static method has no `$` parameter"),
        (Binding::Function, Some(_)) => fail("the only `$` parameter of a function is `$module`"),
    }
}

/// As `__text_signature__` shows it: a module's function gets `$module`.
fn text_signature(signature: &Signature, binding: Binding) -> String {
    if binding != Binding::Function || signature.receiver.is_some() {
        return signature.text.clone();
    }
    match signature.parameters.first() {
        None => "($module, /)".to_owned(),
        Some(first) if first.kind == Kind::PositionalOnly => format!("($module, {}", &signature.text[1..]),
        Some(_) => format!("($module, /, {}", &signature.text[1..]),
    }
}

struct Definition<'a> {
    function: &'a ItemFn,
    signature: &'a Signature,
    binding: Binding,
    owner: &'a str,
    raw: bool,
}

impl Definition<'_> {
    fn tokens(&self, text: &str, doc: &str) -> Result<TokenStream> {
        let (name, owner) = (&self.signature.name, self.owner);
        let parameters = &self.signature.parameters;
        if parameters.len() >= MAX_PARAMS {
            return Err(Error::new(self.signature.span, format!("more than {MAX_PARAMS} parameters")));
        }
        let receiver = usize::from(self.binding.has_receiver());
        let entry = if self.raw { self.raw_entry()? } else { self.typed_entry()? };
        let mut params = Vec::new();
        if !self.raw {
            if receiver == 1 {
                let name = if self.binding == Binding::Method { "self" } else { "type" };
                let this = Parameter { name: name.to_owned(), kind: Kind::PositionalOnly, default: None };
                params.push(this.to_tokens());
            }
            params.extend(parameters.iter().map(Parameter::to_tokens));
        }
        let positional = || parameters.iter().filter(|p| matches!(p.kind, Kind::PositionalOnly | Kind::Normal));
        let min = (receiver + positional().filter(|p| p.is_required()).count()) as u8;
        let max = (receiver + positional().count()) as u8;
        let binding = self.binding.tokens();
        Ok(quote! {
            ::object::NativeDef {
                name: #name,
                owner: #owner,
                signature: #text,
                doc: #doc,
                binding: #binding,
                params: &[#(#params),*],
                min_args: #min,
                max_args: #max,
                entry: #entry,
            }
        })
    }

    /// The leading arguments of the call: the context, in the form that the function wants.
    fn context(&self, context: Context) -> TokenStream {
        match context {
            Context::Cx => quote!(__cx,),
            Context::Heap => quote!(&mut __cx.heap,),
            Context::None => quote!(),
        }
    }

    fn receiver(&self, ty: &Type, value: TokenStream) -> TokenStream {
        if source::is_type(ty, "Value") {
            return quote!(#value);
        }
        let (name, owner) = (&self.signature.name, self.owner);
        quote!(::runtime::native::receiver::<#ty>(__cx, #value, #name, #owner)?)
    }

    fn raw_entry(&self) -> Result<TokenStream> {
        let (context, types) = source::parameters(self.function)?;
        let call = &self.function.sig.ident;
        let context = self.context(context);
        let expected = if self.binding.has_receiver() { 2 } else { 1 };
        if types.len() != expected {
            let form = if expected == 2 { "(cx, this, args: Args<'_>)" } else { "(cx, args: Args<'_>)" };
            return Err(Error::new(self.function.sig.ident.span(), format!("a raw native takes {form}")));
        }
        let body = if expected == 2 {
            let this = self.receiver(types[0], quote!(__this));
            let (name, owner) = (&self.signature.name, self.owner);
            quote! {
                let (__this, __args) = ::runtime::native::split_receiver(__cx, __args, #name, #owner)?;
                let __this = #this;
                let __result = #call(#context __this, __args);
            }
        } else {
            quote!(let __result = #call(#context __args);)
        };
        Ok(quote! {{
            fn __entry(__cx: &mut ::object::Cx, __args: ::object::Args<'_>) -> ::object::PyResult {
                #body
                ::runtime::native::IntoResult::into_result(__result, __cx)
            }
            ::object::Entry::Raw(__entry)
        }})
    }

    fn typed_entry(&self) -> Result<TokenStream> {
        let (context, mut types) = source::parameters(self.function)?;
        let parameters = &self.signature.parameters;
        let receiver = usize::from(self.binding.has_receiver());
        if types.len() != receiver + parameters.len() {
            return Err(Error::new(
                self.signature.span,
                format!(
                    "the signature has {} parameters besides the receiver, the Rust function {}",
                    parameters.len(),
                    types.len().saturating_sub(receiver)
                ),
            ));
        }
        let n = types.len();
        let fixed = n <= MAX_FIXED && self.signature.is_fixed();
        let names: Vec<_> = (0..n).map(|i| format_ident!("__a{i}")).collect();
        let values: Vec<_> = (0..n)
            .map(|i| {
                if fixed {
                    let name = &names[i];
                    quote!(#name)
                } else {
                    quote!(__values[#i])
                }
            })
            .collect();
        let mut converted = Vec::new();
        if receiver == 1 {
            converted.push(self.receiver(types.remove(0), values[0].clone()));
        }
        for (i, (parameter, ty)) in parameters.iter().zip(types).enumerate() {
            converted.push(self.convert(i, parameter, ty, &values[receiver + i])?);
        }
        let (call, context) = (&self.function.sig.ident, self.context(context));
        let body = quote! {
            #(let #names = #converted;)*
            let __result = #call(#context #(#names),*);
            ::runtime::native::IntoResult::into_result(__result, __cx)
        };
        if !fixed {
            return Ok(quote! {{
                fn __entry(__cx: &mut ::object::Cx, __values: &[::object::Value]) -> ::object::PyResult { #body }
                ::object::Entry::Bound(__entry)
            }});
        }
        let variant = format_ident!("F{n}");
        Ok(quote! {{
            fn __entry(__cx: &mut ::object::Cx, #(#names: ::object::Value),*) -> ::object::PyResult { #body }
            ::object::Entry::#variant(__entry)
        }})
    }

    /// The expression that turns `value` (unbound when absent) into the function's parameter type.
    fn convert(&self, i: usize, parameter: &Parameter, ty: &Type, value: &TokenStream) -> Result<TokenStream> {
        let inner = source::option_of(ty);
        let target = inner.unwrap_or(ty);
        let place = self.place(i, parameter);
        let converted = if source::is_type(target, "Value") {
            quote!(#value)
        } else {
            quote!(<#target as ::runtime::native::FromValue>::from_value(__cx, #value, &#place)?)
        };
        if inner.is_some() {
            // With a default of None, an explicit None means the same as no argument.
            let absent = if parameter.default.as_deref() == Some("None") {
                quote!(#value.is_unbound() || #value.is_none())
            } else {
                quote!(#value.is_unbound())
            };
            return Ok(
                quote!(if #absent { ::std::option::Option::None } else { ::std::option::Option::Some(#converted) }),
            );
        }
        match parameter.kind {
            Kind::VarKeywords => Ok(quote!(::runtime::native::keywords_dict(__cx, #value))),
            _ if parameter.default.is_some() => {
                let default = default(self.signature, parameter, ty, &place)?;
                Ok(quote!(if #value.is_unbound() { #default } else { #converted }))
            }
            _ => Ok(converted),
        }
    }

    /// Where the argument stands, for messages.
    fn place(&self, i: usize, parameter: &Parameter) -> TokenStream {
        let (function, name) = (&self.signature.name, &parameter.name);
        let positional_only = parameter.kind == Kind::PositionalOnly;
        // The only, required, positional argument of a function has no number in messages.
        let position =
            if self.signature.parameters.len() == 1 && positional_only && parameter.is_required() { 0 } else { i + 1 };
        quote!(::runtime::native::Place {
            function: #function, name: #name, position: #position, positional_only: #positional_only,
        })
    }
}

/// The Rust expression of a literal default.
fn default(signature: &Signature, parameter: &Parameter, ty: &Type, place: &TokenStream) -> Result<TokenStream> {
    let text = parameter.default.as_deref().unwrap_or_default();
    let is_int_type = ["i64", "i32", "u32", "u8", "usize", "isize", "u64"].iter().any(|n| source::is_type(ty, n));
    let to_type = |value: TokenStream| {
        if source::is_type(ty, "Value") {
            value
        } else {
            quote!({
                let __default = #value;
                <#ty as ::runtime::native::FromValue>::from_value(__cx, __default, &#place)?
            })
        }
    };
    if let Ok(number) = text.parse::<i64>() {
        if is_int_type {
            let number = proc_macro2::Literal::i64_unsuffixed(number);
            return Ok(quote!(#number));
        }
        if source::is_type(ty, "f64") {
            let number = proc_macro2::Literal::f64_suffixed(number as f64);
            return Ok(quote!(#number));
        }
        return Ok(to_type(quote!(::object::int::BigInt::from_i64(&mut __cx.heap, #number))));
    }
    if let (Ok(number), true) = (text.parse::<f64>(), source::is_type(ty, "f64")) {
        return Ok(quote!(#number));
    }
    if text == "sys.maxsize" {
        return Ok(if is_int_type {
            quote!(#ty::MAX)
        } else {
            to_type(quote!(::object::int::BigInt::from_i64(&mut __cx.heap, i64::MAX)))
        });
    }
    let value = match text {
        "None" if source::is_type(ty, "bool") => return Ok(quote!(false)),
        "True" if source::is_type(ty, "bool") => return Ok(quote!(true)),
        "False" if source::is_type(ty, "bool") => return Ok(quote!(false)),
        "None" => quote!(::object::Value::NONE),
        "True" => quote!(::object::Value::TRUE),
        "False" => quote!(::object::Value::FALSE),
        "..." | "Ellipsis" => quote!(::object::Value::ELLIPSIS),
        "()" => quote!(__cx.vm().empty_tuple().value()),
        "''" | "\"\"" => quote!(__cx.vm().empty_str().value()),
        "b''" | "b\"\"" => quote!(::runtime::native::default_bytes(__cx, b"")),
        "<unrepresentable>" => quote!(::object::Value::UNBOUND),
        _ => {
            let quoted = |q: char| text.len() >= 2 && text.starts_with(q) && text.ends_with(q);
            if !quoted('\'') && !quoted('"') {
                return Err(Error::new(
                    signature.span,
                    format!(
                        "the default `{text}` of `{}` is not understood: make the Rust parameter an `Option`",
                        parameter.name
                    ),
                ));
            }
            let text = text[1..text.len() - 1].replace("\\n", "\n").replace("\\\\", "\\");
            quote!(::runtime::native::default_str(__cx, #text))
        }
    };
    if text == "<unrepresentable>" && !source::is_type(ty, "Value") {
        return Err(Error::new(
            signature.span,
            format!("`{}` has no value when absent: make the Rust parameter an `Option`", parameter.name),
        ));
    }
    Ok(to_type(value))
}
