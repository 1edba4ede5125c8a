//! `#[derive(Trace)]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Error, Field, Fields, Ident, Member, Result};

pub fn expand(item: TokenStream) -> Result<TokenStream> {
    let input: DeriveInput = syn::parse2(item)?;
    let name = &input.ident;
    let body = match &input.data {
        Data::Struct(data) => {
            let visits = data.fields.members().zip(&data.fields).map(|(member, field)| visit_member(&member, field));
            let visits = visits.collect::<Result<Vec<_>>>()?;
            quote!(#(#visits)*)
        }
        Data::Enum(data) => {
            let arms = data.variants.iter().map(|v| arm(&v.ident, &v.fields)).collect::<Result<Vec<_>>>()?;
            quote!(match self { #(#arms)* })
        }
        Data::Union(_) => return Err(Error::new(name.span(), "a union cannot be scanned")),
    };
    let mut generics = input.generics.clone();
    for parameter in generics.type_params_mut() {
        parameter.bounds.push(syn::parse_quote!(::object::Trace));
    }
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    Ok(quote! {
        impl #impl_generics ::object::Trace for #name #ty_generics #where_clause {
            fn trace(&self, tracer: &mut ::object::Tracer) {
                #body
                let _ = tracer;
            }
        }
    })
}

/// Whether `#[trace(skip)]` is on the field.
fn is_skipped(field: &Field) -> Result<bool> {
    let mut skipped = false;
    for attribute in field.attrs.iter().filter(|a| a.path().is_ident("trace")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("skip") {
                skipped = true;
                Ok(())
            } else {
                Err(meta.error("the only argument is `skip`"))
            }
        })?;
    }
    Ok(skipped)
}

fn visit_member(member: &Member, field: &Field) -> Result<TokenStream> {
    Ok(if is_skipped(field)? { quote!() } else { quote!(::object::Trace::trace(&self.#member, tracer);) })
}

fn arm(variant: &Ident, fields: &Fields) -> Result<TokenStream> {
    let names: Vec<_> = (0..fields.len()).map(|i| format_ident!("field{i}")).collect();
    let members = fields.members();
    let visits = names.iter().zip(fields).map(|(name, field)| {
        Ok(if is_skipped(field)? { quote!(let _ = #name;) } else { quote!(::object::Trace::trace(#name, tracer);) })
    });
    let visits = visits.collect::<Result<Vec<_>>>()?;
    Ok(quote!(Self::#variant { #(#members: #names),* } => { #(#visits)* }))
}
