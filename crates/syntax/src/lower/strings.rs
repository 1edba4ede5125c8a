//! String, bytes, f-string and t-string literals.
//!
//! Adjacent literals are one expression. For f-strings that means one flat list of texts and replacement fields, in
//! which texts that touch are merged and empty ones dropped; a merged text's position runs from its first to its last.

use std::borrow::Cow;

use bytecode::{Constant, Wtf8Buf};
use ruff_python_ast::{self as ruff, StringFlags};
use ruff_text_size::{TextRange, TextSize};

use super::expr::constant;
use super::{Lowered, Lowerer};
use crate::ast::{Conversion, Expr, ExprKind, Location};
use crate::strings::{Braces, EscapeError, InvalidEscape, decode_bytes, decode_str};
use crate::{SyntaxError, SyntaxWarning};

/// How deeply expressions may be in format specifications of others.
const MAX_SPEC_DEPTH: u8 = 3;

impl Lowerer<'_> {
    pub(super) fn string_literal(&mut self, literal: &ruff::ExprStringLiteral) -> Lowered<ExprKind> {
        let parts = literal.value.as_slice();
        let is_u = parts.first().is_some_and(|part| self.text(part.range).starts_with('u'));
        let mut value = Wtf8Buf::new();
        for part in parts {
            value.push_wtf8(&self.string_part(part)?);
        }
        Ok(ExprKind::Constant { value: Constant::Str(value), is_u })
    }

    fn string_part(&mut self, part: &ruff::StringLiteral) -> Lowered<Wtf8Buf> {
        let range =
            TextRange::new(part.range.start() + part.flags.opener_len(), part.range.end() - part.flags.closer_len());
        let content = self.text(range);
        if part.flags.prefix().is_raw() || !content.contains('\\') {
            return Ok(content.into());
        }
        let decoded = decode_str(content, Braces::Plain);
        let (value, invalid) = decoded.map_err(|error| self.escape_error(error, part.range))?;
        self.warn_escape(invalid, range);
        Ok(value)
    }

    pub(super) fn bytes_literal(&mut self, literal: &ruff::ExprBytesLiteral) -> Lowered<ExprKind> {
        let mut value = Vec::new();
        for part in literal.value.as_slice() {
            let range = TextRange::new(
                part.range.start() + part.flags.opener_len(),
                part.range.end() - part.flags.closer_len(),
            );
            let content = self.text(range);
            if part.flags.prefix().is_raw() || !content.contains('\\') {
                value.extend_from_slice(content.as_bytes());
                continue;
            }
            let (bytes, invalid) = decode_bytes(content).map_err(|error| self.escape_error(error, part.range))?;
            self.warn_escape(invalid, range);
            value.extend(bytes);
        }
        Ok(constant(Constant::Bytes(value)))
    }

    fn escape_error(&self, error: EscapeError, range: TextRange) -> Box<SyntaxError> {
        Box::new(SyntaxError::at(self.loc(range), error.message))
    }

    fn warn_escape(&mut self, invalid: Option<InvalidEscape>, content: TextRange) {
        if let Some(invalid) = invalid {
            let at = content.start() + TextSize::from(invalid.offset as u32);
            let loc = self.loc(TextRange::empty(at));
            self.warnings.push(SyntaxWarning { message: invalid.message(), loc });
        }
    }

    pub(super) fn f_string(&mut self, literal: &ruff::ExprFString) -> Lowered<Expr> {
        let mut parts = Parts::default();
        for part in literal.value.as_slice() {
            match part {
                ruff::FStringPart::Literal(part) => {
                    let text = self.string_part(part)?;
                    parts.push_text(self.loc(part.range), text);
                }
                ruff::FStringPart::FString(part) => {
                    let texts =
                        Texts { raw: part.flags.prefix().is_raw(), braces: Braces::Doubled, template: false, depth: 0 };
                    self.elements(&part.elements, texts, &mut parts)?;
                }
            }
        }
        Ok(Expr { loc: self.loc(literal.range), node: ExprKind::JoinedStr(parts.finish()) })
    }

    pub(super) fn t_string(&mut self, literal: &ruff::ExprTString) -> Lowered<Expr> {
        let mut parts = Parts::default();
        for part in literal.value.as_slice() {
            let raw = matches!(part.flags.prefix(), ruff::str_prefix::TStringPrefix::Raw { .. });
            self.elements(
                &part.elements,
                Texts { raw, braces: Braces::Doubled, template: true, depth: 0 },
                &mut parts,
            )?;
        }
        Ok(Expr { loc: self.loc(literal.range), node: ExprKind::TemplateStr(parts.finish()) })
    }

    fn elements(
        &mut self,
        elements: &ruff::InterpolatedStringElements,
        texts: Texts,
        parts: &mut Parts,
    ) -> Lowered<()> {
        for element in elements.iter() {
            match element {
                ruff::InterpolatedStringElement::Literal(literal) => {
                    let content = self.text(literal.range);
                    let text = if texts.raw || !content.contains('\\') {
                        (*literal.value).into()
                    } else {
                        let decoded = decode_str(content, texts.braces);
                        let (text, invalid) = decoded.map_err(|error| self.escape_error(error, literal.range))?;
                        self.warn_escape(invalid, literal.range);
                        text
                    };
                    parts.push_text(self.loc(literal.range), text);
                }
                ruff::InterpolatedStringElement::Interpolation(element) => self.replacement(element, texts, parts)?,
            }
        }
        Ok(())
    }

    /// `{value!conversion:format_spec}`
    fn replacement(&mut self, element: &ruff::InterpolatedElement, texts: Texts, parts: &mut Parts) -> Lowered<()> {
        let loc = self.loc(element.range);
        if texts.depth == MAX_SPEC_DEPTH {
            return Err(Box::new(SyntaxError::at(loc, "f-string: expressions nested too deeply")));
        }
        let inner_start = element.range.start() + TextSize::from(1);
        if let Some(debug) = &element.debug_text {
            let range = TextRange::at(inner_start, TextSize::of(debug.as_str()));
            parts.push_text(self.loc(range), without_comments(self.text(range)).as_ref().into());
        }
        let value = self.boxed(&element.expression)?;
        let conversion = match element.conversion {
            ruff::ConversionFlag::Str => Conversion::Str,
            ruff::ConversionFlag::Repr => Conversion::Repr,
            ruff::ConversionFlag::Ascii => Conversion::Ascii,
            ruff::ConversionFlag::None if element.debug_text.is_some() && element.format_spec.is_none() => {
                Conversion::Repr
            }
            ruff::ConversionFlag::None => Conversion::None,
        };
        let format_spec = match &element.format_spec {
            None => None,
            Some(spec) => {
                let mut spec_parts = Parts::default();
                self.elements(
                    &spec.elements,
                    Texts { braces: Braces::Plain, template: false, depth: texts.depth + 1, ..texts },
                    &mut spec_parts,
                )?;
                let loc = self.loc(TextRange::new(spec.range.start() - TextSize::from(1), spec.range.end()));
                Some(Box::new(Expr { loc, node: ExprKind::JoinedStr(spec_parts.finish()) }))
            }
        };
        let node = if texts.template {
            let text = Constant::str(&without_comments(self.expression_text(element, inner_start)));
            ExprKind::Interpolation { value, text, conversion, format_spec }
        } else {
            ExprKind::FormattedValue { value, conversion, format_spec }
        };
        parts.exprs.push(Expr { loc, node });
        Ok(())
    }

    /// What stands between `{` and `=`, `!`, `:` or `}`: `Interpolation.expression`.
    fn expression_text(&self, element: &ruff::InterpolatedElement, start: TextSize) -> &str {
        if let Some(debug) = &element.debug_text {
            let text = self.text(TextRange::at(start, TextSize::of(debug.as_str())));
            return text.rfind('=').map_or(text, |at| &text[..at]);
        }
        let end = match &element.format_spec {
            Some(spec) => spec.range.start(),
            None => element.range.end(),
        };
        let text = self.text(TextRange::new(start, end - TextSize::from(1)));
        match element.conversion {
            ruff::ConversionFlag::None => text,
            _ => text.rfind('!').map_or(text, |at| &text[..at]),
        }
    }
}

/// The text of a replacement field, where it shows: without comments.
fn without_comments(text: &str) -> Cow<'_, str> {
    if !text.contains('#') {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut quote = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '#' if quote.is_none() => {
                if rest.by_ref().any(|c| c == '\n') {
                    kept.push('\n');
                }
                continue;
            }
            '\\' => {
                kept.push(c);
                kept.extend(rest.next());
                continue;
            }
            '"' | '\'' if quote.is_none() => quote = Some(c),
            _ if quote == Some(c) => quote = None,
            _ => {}
        }
        kept.push(c);
    }
    Cow::Owned(kept)
}

/// How the texts between replacement fields read.
#[derive(Clone, Copy)]
struct Texts {
    raw: bool,
    braces: Braces,
    template: bool,
    /// How many format specifications it is in.
    depth: u8,
}

/// The flat list of an f-string's parts.
#[derive(Default)]
struct Parts {
    exprs: Vec<Expr>,
}

impl Parts {
    fn push_text(&mut self, loc: Location, text: Wtf8Buf) {
        if let Some(Expr { loc: last_loc, node: ExprKind::Constant { value: Constant::Str(last), .. } }) =
            self.exprs.last_mut()
        {
            last.push_wtf8(&text);
            *last_loc = last_loc.to(loc);
            return;
        }
        self.exprs.push(Expr { loc, node: constant(Constant::Str(text)) });
    }

    fn finish(mut self) -> Vec<Expr> {
        self.exprs.retain(|expr| !matches!(expr.as_constant(), Some(Constant::Str(text)) if text.is_empty()));
        self.exprs
    }
}
