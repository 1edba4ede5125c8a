//! The signature of a native function in Python's syntax: `append($self, object, /)`.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Error, LitStr, Result};

/// How a parameter can be passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    PositionalOnly,
    Normal,
    VarArgs,
    KeywordOnly,
    VarKeywords,
}

/// One parameter; `/` and `*` are folded into the kinds.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub name: String,
    pub kind: Kind,
    /// The text behind `=`.
    pub default: Option<String>,
}

/// `name($receiver, parameters)`.
#[derive(Clone, Debug)]
pub struct Signature {
    pub name: String,
    /// Name of the `$` parameter: `self`, `type` or `module`.
    pub receiver: Option<String>,
    pub parameters: Vec<Parameter>,
    /// With the parentheses, without the name.
    pub text: String,
    pub span: Span,
}

impl Signature {
    pub fn parse(literal: &LitStr) -> Result<Signature> {
        let span = literal.span();
        let text = literal.value();
        let fail = |message: String| Error::new(span, format!("signature `{text}`: {message}"));
        let open = text.find('(').ok_or_else(|| fail("no `(`".into()))?;
        let inner = text[open + 1..].trim_end().strip_suffix(')').ok_or_else(|| fail("no `)` at the end".into()))?;
        let mut signature = Signature {
            name: text[..open].trim().to_owned(),
            receiver: None,
            parameters: Vec::new(),
            text: text[open..].trim_end().to_owned(),
            span,
        };
        if signature.name.is_empty() {
            return Err(fail("no name in front of `(`".into()));
        }
        let mut kind = Kind::Normal;
        for (i, part) in split(inner).into_iter().enumerate() {
            match part.trim() {
                "" => return Err(fail("an empty parameter".into())),
                "/" => signature.parameters.iter_mut().for_each(|p| p.kind = Kind::PositionalOnly),
                "*" => kind = Kind::KeywordOnly,
                part => {
                    if let Some(name) = part.strip_prefix('$') {
                        if i > 0 {
                            return Err(fail("`$` belongs to the first parameter".into()));
                        }
                        signature.receiver = Some(name.to_owned());
                        continue;
                    }
                    let (kind_here, part) = if let Some(name) = part.strip_prefix("**") {
                        (Kind::VarKeywords, name)
                    } else if let Some(name) = part.strip_prefix('*') {
                        kind = Kind::KeywordOnly;
                        (Kind::VarArgs, name)
                    } else {
                        (kind, part)
                    };
                    let (name, default) = match part.split_once('=') {
                        Some((name, default)) => (name.trim(), Some(default.trim().to_owned())),
                        None => (part, None),
                    };
                    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
                        return Err(fail(format!("`{name}` is not a parameter's name")));
                    }
                    signature.parameters.push(Parameter { name: name.to_owned(), kind: kind_here, default });
                }
            }
        }
        Ok(signature)
    }

    /// Whether every parameter can be passed by position and none collects.
    pub fn is_fixed(&self) -> bool {
        self.parameters.iter().all(|p| matches!(p.kind, Kind::PositionalOnly | Kind::Normal))
    }
}

impl Parameter {
    pub fn is_required(&self) -> bool {
        self.default.is_none() && !matches!(self.kind, Kind::VarArgs | Kind::VarKeywords)
    }

    /// As an `object::Param`.
    pub fn to_tokens(&self) -> TokenStream {
        let kind = match self.kind {
            Kind::PositionalOnly => quote!(PositionalOnly),
            Kind::Normal => quote!(Normal),
            Kind::VarArgs => quote!(VarArgs),
            Kind::KeywordOnly => quote!(KeywordOnly),
            Kind::VarKeywords => quote!(VarKeywords),
        };
        let (name, required) = (&self.name, self.is_required());
        quote!(::object::Param { name: #name, kind: ::object::ParamKind::#kind, required: #required })
    }
}

/// The parts between commas that are outside brackets and quotes.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut quote) = (Vec::new(), 0, 0, None);
    for (i, c) in text.char_indices() {
        match (quote, c) {
            (Some(q), _) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[' | '{' | '<') => depth += 1,
            (None, ')' | ']' | '}' | '>') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(&text[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    if !text[start..].trim().is_empty() || start > 0 {
        parts.push(&text[start..]);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Signature {
        Signature::parse(&LitStr::new(text, Span::call_site())).expect("a signature")
    }

    #[test]
    fn kinds_follow_the_markers() {
        let s = parse("f($self, a, b=(1, 2), /, c=',', *rest, d, e=None, **more)");
        let kinds: Vec<_> = s.parameters.iter().map(|p| (p.name.as_str(), p.kind, p.default.as_deref())).collect();
        assert_eq!(
            kinds,
            [
                ("a", Kind::PositionalOnly, None),
                ("b", Kind::PositionalOnly, Some("(1, 2)")),
                ("c", Kind::Normal, Some("','")),
                ("rest", Kind::VarArgs, None),
                ("d", Kind::KeywordOnly, None),
                ("e", Kind::KeywordOnly, Some("None")),
                ("more", Kind::VarKeywords, None),
            ]
        );
        assert_eq!(s.receiver.as_deref(), Some("self"));
    }

    #[test]
    fn mistakes_are_named() {
        for text in ["f", "f(a", "(a)", "f(a, , b)", "f(a, $self)", "f(a b)"] {
            assert!(Signature::parse(&LitStr::new(text, Span::call_site())).is_err(), "{text}");
        }
    }
}
