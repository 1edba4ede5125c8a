//! The abstract grammar: every class of the module `ast`, its fields and their types.

/// One sum or product a line, as in CPython's `Python.asdl`.
const GRAMMAR: &[&str] = &[
    "mod = Module(stmt* body, type_ignore* type_ignores) | Interactive(stmt* body) | Expression(expr body) | FunctionType(expr* argtypes, expr returns)",
    "stmt = FunctionDef(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params) | AsyncFunctionDef(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params) | ClassDef(identifier name, expr* bases, keyword* keywords, stmt* body, expr* decorator_list, type_param* type_params) | Return(expr? value) | Delete(expr* targets) | Assign(expr* targets, expr value, string? type_comment) | TypeAlias(expr name, type_param* type_params, expr value) | AugAssign(expr target, operator op, expr value) | AnnAssign(expr target, expr annotation, expr? value, int simple) | For(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment) | AsyncFor(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment) | While(expr test, stmt* body, stmt* orelse) | If(expr test, stmt* body, stmt* orelse) | With(withitem* items, stmt* body, string? type_comment) | AsyncWith(withitem* items, stmt* body, string? type_comment) | Match(expr subject, match_case* cases) | Raise(expr? exc, expr? cause) | Try(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody) | TryStar(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody) | Assert(expr test, expr? msg) | Import(alias* names) | ImportFrom(identifier? module, alias* names, int? level) | Global(identifier* names) | Nonlocal(identifier* names) | Expr(expr value) | Pass | Break | Continue",
    "expr = BoolOp(boolop op, expr* values) | NamedExpr(expr target, expr value) | BinOp(expr left, operator op, expr right) | UnaryOp(unaryop op, expr operand) | Lambda(arguments args, expr body) | IfExp(expr test, expr body, expr orelse) | Dict(expr?* keys, expr* values) | Set(expr* elts) | ListComp(expr elt, comprehension* generators) | SetComp(expr elt, comprehension* generators) | DictComp(expr key, expr value, comprehension* generators) | GeneratorExp(expr elt, comprehension* generators) | Await(expr value) | Yield(expr? value) | YieldFrom(expr value) | Compare(expr left, cmpop* ops, expr* comparators) | Call(expr func, expr* args, keyword* keywords) | FormattedValue(expr value, int conversion, expr? format_spec) | Interpolation(expr value, constant str, int conversion, expr? format_spec) | JoinedStr(expr* values) | TemplateStr(expr* values) | Constant(constant value, string? kind) | Attribute(expr value, identifier attr, expr_context ctx) | Subscript(expr value, expr slice, expr_context ctx) | Starred(expr value, expr_context ctx) | Name(identifier id, expr_context ctx) | List(expr* elts, expr_context ctx) | Tuple(expr* elts, expr_context ctx) | Slice(expr? lower, expr? upper, expr? step)",
    "expr_context = Load | Store | Del",
    "boolop = And | Or",
    "operator = Add | Sub | Mult | MatMult | Div | Mod | Pow | LShift | RShift | BitOr | BitXor | BitAnd | FloorDiv",
    "unaryop = Invert | Not | UAdd | USub",
    "cmpop = Eq | NotEq | Lt | LtE | Gt | GtE | Is | IsNot | In | NotIn",
    "comprehension(expr target, expr iter, expr* ifs, int is_async)",
    "excepthandler = ExceptHandler(expr? type, identifier? name, stmt* body)",
    "arguments(arg* posonlyargs, arg* args, arg? vararg, arg* kwonlyargs, expr?* kw_defaults, arg? kwarg, expr* defaults)",
    "arg(identifier arg, expr? annotation, string? type_comment)",
    "keyword(identifier? arg, expr value)",
    "alias(identifier name, identifier? asname)",
    "withitem(expr context_expr, expr? optional_vars)",
    "match_case(pattern pattern, expr? guard, stmt* body)",
    "pattern = MatchValue(expr value) | MatchSingleton(constant value) | MatchSequence(pattern* patterns) | MatchMapping(expr* keys, pattern* patterns, identifier? rest) | MatchClass(expr cls, pattern* patterns, identifier* kwd_attrs, pattern* kwd_patterns) | MatchStar(identifier? name) | MatchAs(pattern? pattern, identifier? name) | MatchOr(pattern* patterns)",
    "type_ignore = TypeIgnore(int lineno, string tag)",
    "type_param = TypeVar(identifier name, expr? bound, expr? default_value) | ParamSpec(identifier name, expr? default_value) | TypeVarTuple(identifier name, expr? default_value)",
];

/// Types whose nodes have positions; the second group's end is not optional.
const LOCATED: [&str; 6] = ["stmt", "expr", "excepthandler", "arg", "keyword", "alias"];
const LOCATED_WHOLLY: [&str; 2] = ["pattern", "type_param"];
/// Sums of constructors without fields: their nodes are shared.
pub const ENUMERATIONS: [&str; 5] = ["expr_context", "boolop", "operator", "unaryop", "cmpop"];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arity {
    One,
    Optional,
    Many,
}

pub struct Field {
    pub ty: &'static str,
    pub name: &'static str,
    pub arity: Arity,
}

/// A class.
pub struct Node {
    pub name: &'static str,
    /// The sum that it belongs to; `None` = derives from `AST`.
    pub base: Option<&'static str>,
    pub doc: String,
    pub fields: Vec<Field>,
    /// Sums and products say whether they have positions.
    pub is_located: bool,
    pub is_end_optional: bool,
    pub is_sum: bool,
}

/// `Name(fields)` or `Name`.
fn constructor(text: &'static str) -> (&'static str, Vec<Field>) {
    let Some((name, fields)) = text.split_once('(') else { return (text, Vec::new()) };
    let field = |text: &'static str| {
        let (ty, name) = text.trim().split_once(' ').expect("a field is a type and a name");
        let bare = ty.trim_end_matches(['*', '?']);
        let arity = if ty.ends_with('*') {
            Arity::Many
        } else if ty.ends_with('?') {
            Arity::Optional
        } else {
            Arity::One
        };
        Field { ty: bare, name, arity }
    };
    (name, fields.trim_end_matches(')').split(',').map(field).collect())
}

/// All classes, bases in front of what derives from them.
pub fn nodes() -> Vec<Node> {
    let mut nodes = Vec::new();
    for &line in GRAMMAR {
        let is_located = |name: &str| LOCATED.contains(&name) || LOCATED_WHOLLY.contains(&name);
        let Some((sum, constructors)) = line.split_once(" = ") else {
            let (name, fields) = constructor(line);
            nodes.push(Node {
                name,
                base: None,
                doc: line.to_owned(),
                fields,
                is_located: is_located(name),
                is_end_optional: LOCATED.contains(&name),
                is_sum: false,
            });
            continue;
        };
        let parts: Vec<&'static str> = constructors.split(" | ").collect();
        let joint =
            if ENUMERATIONS.contains(&sum) { " | ".to_owned() } else { format!("\n{}| ", " ".repeat(sum.len() + 1)) };
        nodes.push(Node {
            name: sum,
            base: None,
            doc: format!("{sum} = {}", parts.join(&joint)),
            fields: Vec::new(),
            is_located: is_located(sum),
            is_end_optional: LOCATED.contains(&sum),
            is_sum: true,
        });
        for part in parts {
            let (name, fields) = constructor(part);
            nodes.push(Node {
                name,
                base: Some(sum),
                doc: part.to_owned(),
                fields,
                is_located: false,
                is_end_optional: false,
                is_sum: false,
            });
        }
    }
    nodes
}
