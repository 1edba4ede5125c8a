//! Reading the annotated Rust source: the attributes on functions, doc comments, parameters.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Error, Expr, FnArg, GenericArgument, Ident, ItemFn, LitStr, PathArguments, Result, Token, Type};

/// The names of our own attributes on functions inside an annotated module.
pub const MARKERS: [&str; 8] =
    ["method", "classmethod", "staticmethod", "function", "getter", "setter", "slot", "init"];

/// The arguments of a marker: `raw`, a name, a signature, `key = value` pairs, in any order.
pub struct MarkerArgs {
    pub raw: bool,
    /// A bare word: the slot's or attribute's name.
    pub name: Option<Ident>,
    pub signature: Option<LitStr>,
    pub pairs: Vec<(Ident, Expr)>,
    /// `layout = Native<T>`, which is a type.
    pub layout: Option<Type>,
    pub span: Span,
}

impl Parse for MarkerArgs {
    fn parse(input: ParseStream<'_>) -> Result<MarkerArgs> {
        let mut args =
            MarkerArgs { raw: false, name: None, signature: None, pairs: Vec::new(), layout: None, span: input.span() };
        while !input.is_empty() {
            if input.peek(LitStr) {
                args.signature = Some(input.parse()?);
            } else {
                let word = Ident::parse_any(input)?;
                if input.peek(Token![=]) {
                    input.parse::<Token![=]>()?;
                    if word == "layout" {
                        args.layout = Some(input.parse()?);
                    } else {
                        args.pairs.push((word, input.parse()?));
                    }
                } else if word == "raw" {
                    args.raw = true;
                } else {
                    args.name = Some(word);
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(args)
    }
}

impl MarkerArgs {
    /// The value of `key = …`, removed.
    pub fn take(&mut self, key: &str) -> Option<Expr> {
        let at = self.pairs.iter().position(|(k, _)| k == key)?;
        Some(self.pairs.remove(at).1)
    }

    pub fn finish(&self) -> Result<()> {
        match self.pairs.first() {
            Some((key, _)) => Err(Error::new(key.span(), format!("unknown argument `{key}`"))),
            None => Ok(()),
        }
    }
}

/// Take the marker off `function`, with its arguments. More than one is an error.
pub fn take_marker(function: &mut ItemFn) -> Result<Option<(String, MarkerArgs)>> {
    let mut found = None;
    let mut kept = Vec::new();
    for attribute in std::mem::take(&mut function.attrs) {
        let name = attribute.path().get_ident().map(Ident::to_string).filter(|n| MARKERS.contains(&n.as_str()));
        let Some(name) = name else {
            kept.push(attribute);
            continue;
        };
        if found.is_some() {
            return Err(Error::new(attribute.span(), format!("`{}` has two roles", function.sig.ident)));
        }
        let mut args = match &attribute.meta {
            syn::Meta::Path(_) => syn::parse2::<MarkerArgs>(TokenStream::new())?,
            _ => attribute.parse_args::<MarkerArgs>()?,
        };
        args.span = attribute.span();
        found = Some((name, args));
    }
    function.attrs = kept;
    Ok(found)
}

/// The `#[cfg]` attributes, which the table entry of an item repeats.
pub fn cfgs(attributes: &[Attribute]) -> Vec<&Attribute> {
    attributes.iter().filter(|a| a.path().is_ident("cfg")).collect()
}

/// The doc comment as Python's `__doc__`: without the blank in front of each line.
pub fn doc(attributes: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for attribute in attributes.iter().filter(|a| a.path().is_ident("doc")) {
        if let syn::Meta::NameValue(meta) = &attribute.meta
            && let Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &meta.value
        {
            let text = text.value();
            lines.extend(text.split('\n').map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned()));
        }
    }
    lines.join("\n").trim_end().to_owned()
}

/// The text of a string literal, or a `concat!` and the like kept as tokens: an expression that is `&'static str`.
pub fn string(expr: &Expr) -> Result<String> {
    match expr {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Ok(text.value()),
        other => Err(Error::new(other.span(), "expected a string literal")),
    }
}

/// What a function's first parameter gives it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Context {
    Cx,
    Heap,
    None,
}

/// The context parameter and the types of the others.
pub fn parameters(function: &ItemFn) -> Result<(Context, Vec<&Type>)> {
    let mut types = Vec::new();
    for input in &function.sig.inputs {
        match input {
            FnArg::Typed(typed) => types.push(&*typed.ty),
            FnArg::Receiver(receiver) => {
                return Err(Error::new(
                    receiver.span(),
                    "natives are free functions: write `this: …` instead of `self`",
                ));
            }
        }
    }
    let context = match types.first() {
        Some(Type::Reference(reference)) if reference.mutability.is_some() => {
            match last_ident(&reference.elem).as_deref() {
                Some("Cx") => Context::Cx,
                Some("Heap") => Context::Heap,
                _ => Context::None,
            }
        }
        _ => Context::None,
    };
    if context != Context::None {
        types.remove(0);
    }
    Ok((context, types))
}

fn last_ident(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|s| s.ident.to_string()),
        _ => None,
    }
}

/// Whether the type is written `name` (whatever the path in front).
pub fn is_type(ty: &Type, name: &str) -> bool {
    last_ident(ty).as_deref() == Some(name)
}

/// `T` of `Option<T>`.
pub fn option_of(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last().filter(|s| s.ident == "Option")?;
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
            Some(GenericArgument::Type(inner)) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

/// The function's name as Python sees it, when nothing else says it.
pub fn plain_name(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// The module's items; annotated modules are inline.
pub fn inline_items(module: &mut syn::ItemMod) -> Result<&mut Vec<syn::Item>> {
    let span = module.span();
    match &mut module.content {
        Some((_, items)) => Ok(items),
        None => Err(Error::new(span, "the annotated module must be inline: `mod name { … }`")),
    }
}
