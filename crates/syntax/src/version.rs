//! `ast.parse(…, feature_version=(3, n))`: what an earlier Python would not have understood.

use ruff_python_ast::visitor::Visitor;
use ruff_python_ast::{self as ast, PythonVersion};
use ruff_python_parser::{Mode as RuffMode, ParseOptions, UnsupportedSyntaxErrorKind as Unsupported, parse_unchecked};
use ruff_text_size::{Ranged, TextRange};

use crate::lower::Lowerer;
use crate::{LineIndex, Mode, SyntaxError, normalize_newlines};

/// The newest version there is to ask for.
const NEWEST: u8 = 14;

/// Refuses a source that has been parsed if it uses what came after Python 3.`minor`. As in CPython not all that was new
/// is looked for.
pub fn check_version(source: &str, mode: Mode, minor: u8) -> Result<(), Box<SyntaxError>> {
    if minor >= NEWEST {
        return Ok(());
    }
    let source = normalize_newlines(source);
    let source = source.strip_prefix('\u{FEFF}').unwrap_or(&source);
    let ruff_mode = if mode == Mode::Eval { RuffMode::Expression } else { RuffMode::Module };
    let options = ParseOptions::from(ruff_mode).with_target_version(PythonVersion { major: 3, minor });
    let parsed = parse_unchecked(source, options);
    let found = parsed.unsupported_syntax_errors().iter().find_map(|error| Some((error.range, described(error.kind)?)));
    let found = found.or_else(|| {
        let range = if minor < 13 { variadic_default(parsed.syntax())? } else { return None };
        Some((range, ("Type parameter defaults are", 13)))
    });
    let Some((range, (what, since))) = found else { return Ok(()) };
    let lines = LineIndex::new(source);
    let message = format!("{what} only supported in Python 3.{since} and greater");
    let loc = Lowerer::new(source, &lines).loc(range);
    Err(Box::new(SyntaxError::at(loc, message).locate(source, &lines)))
}

/// Where a `TypeVarTuple` or `ParamSpec` has a default, which the parser accepts in every version.
fn variadic_default(module: &ast::Mod) -> Option<TextRange> {
    struct Finder(Option<TextRange>);
    impl<'a> Visitor<'a> for Finder {
        fn visit_type_param(&mut self, parameter: &'a ast::TypeParam) {
            let default = match parameter {
                ast::TypeParam::TypeVar(_) => None,
                ast::TypeParam::TypeVarTuple(parameter) => parameter.default.as_deref(),
                ast::TypeParam::ParamSpec(parameter) => parameter.default.as_deref(),
            };
            self.0 = self.0.or(default.map(Ranged::range));
        }
    }
    let mut finder = Finder(None);
    if let ast::Mod::Module(module) = module {
        finder.visit_body(&module.body);
    }
    finder.0
}

/// What a message calls it, and the version that brought it.
fn described(kind: Unsupported) -> Option<(&'static str, u8)> {
    Some(match kind {
        Unsupported::Match => ("Pattern matching is", 10),
        Unsupported::Walrus => ("Assignment expressions are", 8),
        Unsupported::ExceptStar => ("Exception groups are", 11),
        Unsupported::PositionalOnlyParameter => ("Positional-only parameters are", 8),
        Unsupported::TypeParameterList => ("Type parameter lists are", 12),
        Unsupported::TypeAliasStatement => ("Type statement is", 12),
        Unsupported::TypeParamDefault => ("Type parameter defaults are", 13),
        Unsupported::UnparenthesizedExceptionTypes => ("except expressions without parentheses are", 14),
        Unsupported::TemplateStrings => ("t-strings are", 14),
        _ => return None,
    })
}
