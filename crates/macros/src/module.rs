//! `#[native_module]`.

use crate::function::{Binding, native_def};
use crate::source::{self, Context, MarkerArgs};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Item, ItemMod, Result};

pub fn expand(args: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let mut args: MarkerArgs = syn::parse2(args)?;
    let mut module: ItemMod = syn::parse2(item)?;
    let name = args.take("name").ok_or_else(|| Error::new(args.span, "the module has no `name = \"…\"`"))?;
    let name = source::string(&name)?;
    let doc = match args.take("doc") {
        Some(doc) => quote!(#doc),
        None => {
            let doc = source::doc(&module.attrs);
            quote!(#doc)
        }
    };
    args.finish()?;
    let (mut functions, mut init) = (Vec::new(), None);
    let mut errors = Vec::new();
    let owner = if name == "builtins" { "" } else { name.as_str() };
    for item in source::inline_items(&mut module)? {
        let Item::Fn(function) = item else { continue };
        let Some((marker, args)) = source::take_marker(function)? else { continue };
        match marker.as_str() {
            "function" => match native_def(function, args, Binding::Function, owner) {
                Ok(def) => functions.push(def),
                Err(error) => errors.push(error),
            },
            "init" => {
                let (context, _) = source::parameters(function)?;
                if context != Context::Cx {
                    return Err(Error::new(
                        function.sig.ident.span(),
                        "`init` takes (cx: &mut Cx, module: Gc<Module>)",
                    ));
                }
                init = Some(function.sig.ident.clone());
            }
            other => return Err(Error::new(args.span, format!("`#[{other}]` belongs to a class"))),
        }
    }
    if let Some(error) = combine(errors) {
        return Err(error);
    }
    let init = match init {
        Some(init) => quote! {{
            fn __init(__cx: &mut ::object::Cx, __module: ::object::Value) -> ::object::PyResult<()> {
                let __module = ::runtime::native::receiver::<::object::Gc<::object::Module>>(__cx, __module, "", "module")?;
                #init(__cx, __module)
            }
            ::std::option::Option::Some(__init)
        }},
        None => quote!(::std::option::Option::None),
    };
    let spec: Item = syn::parse2(quote! {
        /// The module's definition.
        pub static SPEC: ::object::ModuleSpec = ::object::ModuleSpec {
            name: #name,
            doc: #doc,
            functions: &[#(#functions),*],
            init: #init,
        };
    })?;
    source::inline_items(&mut module)?.push(spec);
    Ok(quote!(#module))
}

/// All errors as one.
pub fn combine(errors: Vec<Error>) -> Option<Error> {
    errors.into_iter().reduce(|mut all, error| {
        all.combine(error);
        all
    })
}
