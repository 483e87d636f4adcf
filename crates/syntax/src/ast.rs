//! The syntax tree of AQL (`reference/aql.md` section 2). Each node has a span in bytes of the source text.
//!
//! Chains of AND and OR are flat lists, so that a query of thousands of terms does not nest.
//! Equality compares meaning, not position: spans never differ between equal trees (see [`Node`]).

use std::cmp::Ordering;

use crate::Span;

/// A value with the range of text that it was read from. Two nodes are equal when their values are.
#[derive(Clone, Debug)]
pub struct Node<T> {
    /// What was read.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Node<T> {
    /// A value at a place.
    pub const fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl<T: PartialEq> PartialEq for Node<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

/// A full query: `SELECT ... FROM ...`.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The selected columns, in order.
    pub select: Vec<Node<Item>>,
    /// What follows FROM.
    pub source: Node<Source>,
    /// The cursor name after INTO.
    pub into: Option<Node<String>>,
    /// What follows WHERE.
    pub filter: Option<Expr>,
    /// The SESSION BY clause.
    pub session: Option<Node<Session>>,
    /// The GROUP BY list; empty without the clause.
    pub group_by: Vec<Expr>,
    /// What follows HAVING.
    pub having: Option<Expr>,
    /// The ORDER BY list; empty without the clause.
    pub order_by: Vec<Node<Sort>>,
    /// The row limit.
    pub limit: Option<Node<u64>>,
    /// LAST, START/STOP or TIMES.
    pub time: Option<Node<Time>>,
    /// The PARAMETERS list; empty without the clause.
    pub parameters: Vec<Node<Parameter>>,
}

/// One element of the SELECT list.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `*`
    Star,
    /// An expression and, perhaps, its new name.
    Expr {
        /// What is computed.
        expr: Expr,
        /// The name after AS, or standing alone.
        alias: Option<Node<Alias>>,
    },
}

/// The new name of a column, with the spelling that it had.
#[derive(Clone, Debug, PartialEq)]
pub struct Alias {
    /// The name without quotes.
    pub name: String,
    /// How it was quoted.
    pub quote: Quote,
    /// Whether AS stood before it.
    pub has_as: bool,
}

/// How a name was quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quote {
    /// Bare.
    None,
    /// `'...'`
    Single,
    /// `"..."`
    Double,
}

/// What follows FROM.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A table or a cursor.
    Table(Name),
    /// `( SELECT ... )`
    Query(Box<Query>),
    /// `GLOBALVIEW('saved search', 'NORMAL')`
    GlobalView {
        /// The saved search.
        search: Node<String>,
        /// The range, such as `NORMAL`.
        range: Node<String>,
    },
}

/// One element of ORDER BY.
#[derive(Clone, Debug, PartialEq)]
pub struct Sort {
    /// What is sorted by.
    pub expr: Expr,
    /// True for DESC.
    pub descending: bool,
    /// The BCP 47 tag after COLLATE.
    pub collate: Option<Node<String>>,
}

/// The time clause.
#[derive(Clone, Debug, PartialEq)]
pub enum Time {
    /// `LAST 24 HOURS`
    Last {
        /// How many units.
        count: u64,
        /// Of what length.
        unit: Unit,
    },
    /// `START ... STOP ...`; either may be missing, not both.
    Range {
        /// The first moment.
        start: Option<Node<Point>>,
        /// The last moment.
        stop: Option<Node<Point>>,
    },
    /// `TIMES OFFENSE_TIME(42)`
    Offense(Expr),
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// 1,000 milliseconds.
    Second,
    /// 60 seconds.
    Minute,
    /// 60 minutes.
    Hour,
    /// 24 hours.
    Day,
}

/// A moment named by START or STOP.
#[derive(Clone, Debug, PartialEq)]
pub enum Point {
    /// A date and time as text, such as `'2024-05-01 12:00'`.
    Text(String),
    /// Milliseconds since 1970 UTC.
    Millis(i64),
    /// `PARSEDATETIME('1 hour ago')`
    Relative(String),
}

/// `SESSION BY time expr, ... BEGIN ... END ... TIMEOUT ... TIMEWINDOW ...`
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// The expression that orders the events.
    pub time: Expr,
    /// Any change of one of these starts another session.
    pub keys: Vec<Expr>,
    /// What opens a session.
    pub begin: Option<Boundary>,
    /// What closes a session.
    pub end: Option<Boundary>,
    /// The longest gap between two events, in milliseconds.
    pub timeout: Option<u64>,
    /// The longest span of a session.
    pub window: Option<(u64, Unit)>,
}

/// What opens or closes a session.
#[derive(Clone, Debug, PartialEq)]
pub struct Boundary {
    /// Whether EXPLICIT stood before it.
    pub explicit: bool,
    /// The condition.
    pub condition: Expr,
}

/// One element of PARAMETERS: `name = value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// The name as written.
    pub name: String,
    /// A literal, a call or a name.
    pub value: Expr,
}

/// The name of a field, table or alias as written, without its quotes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The text between the quotes, or the bare word.
    pub text: String,
    /// [`Quote::None`] or [`Quote::Double`].
    pub quote: Quote,
}

/// An expression with its place.
pub type Expr = Node<ExprKind>;

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A constant.
    Literal(Literal),
    /// A field, property or alias.
    Name(Name),
    /// `name(args)`, `NS::name(args)`, `COUNT(*)`.
    Call(Call),
    /// `-x`, `+x`, `~x`
    Unary(UnaryOperator, Box<Expr>),
    /// Arithmetic and bits.
    Binary(BinaryOperator, Box<Expr>, Box<Expr>),
    /// Two or more operands.
    And(Vec<Expr>),
    /// Two or more operands.
    Or(Vec<Expr>),
    /// `NOT x`
    Not(Box<Expr>),
    /// `a = b` and its kin.
    Compare(CompareOperator, Box<Expr>, Box<Expr>),
    /// `x [NOT] IN (...)`
    In {
        /// What is looked for.
        operand: Box<Expr>,
        /// Where.
        list: InList,
        /// Whether NOT stood before IN.
        negated: bool,
    },
    /// `x [NOT] BETWEEN low AND high`, both inclusive.
    Between {
        /// What is tested.
        operand: Box<Expr>,
        /// The smallest value that passes.
        low: Box<Expr>,
        /// The largest value that passes.
        high: Box<Expr>,
        /// Whether NOT stood before BETWEEN.
        negated: bool,
    },
    /// `x [NOT] LIKE p` and its kin; an extension allows `ANY (p, ...)`.
    Text {
        /// What is tested.
        operand: Box<Expr>,
        /// Which test.
        operator: TextOperator,
        /// One pattern, or the list after ANY.
        pattern: TextPattern,
        /// Whether NOT stood before the operator.
        negated: bool,
    },
    /// `x IS [NOT] NULL`
    IsNull {
        /// What is tested.
        operand: Box<Expr>,
        /// Whether NOT stood before NULL.
        negated: bool,
    },
    /// `TEXT SEARCH 'lucene text'`
    TextSearch(Node<String>),
    /// `CASE [x] WHEN ... THEN ... [ELSE ...] END`
    Case {
        /// The operand of the simple form.
        operand: Option<Box<Expr>>,
        /// WHEN and THEN.
        arms: Vec<(Expr, Expr)>,
        /// ELSE.
        otherwise: Option<Box<Expr>>,
    },
    /// `IF c THEN a ELSE b`, without END.
    If {
        /// The condition.
        condition: Box<Expr>,
        /// The value when it is true.
        then: Box<Expr>,
        /// The value when it is false or unknown.
        otherwise: Box<Expr>,
    },
    /// Stands where text could not be understood; a diagnostic says why.
    Error,
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `'text'`, quotes undoubled, backslashes as written: which escapes hold is decided by the binder.
    Text(String),
    /// `5`, `0x0a`
    Integer {
        /// The value.
        value: i64,
        /// Whether it was written in hexadecimal.
        hex: bool,
    },
    /// `2.0`
    Decimal(f64),
    /// `true`, `false`
    Boolean(bool),
    /// `NULL`
    Null,
}

/// A call of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The name as written, with its namespace: `GEO::LOOKUP`.
    pub name: Node<String>,
    /// The arguments.
    pub args: Vec<Expr>,
    /// True for `COUNT(*)`; `args` is then empty.
    pub star: bool,
}

/// What stands in the parentheses of IN.
#[derive(Clone, Debug, PartialEq)]
pub enum InList {
    /// Expressions.
    Values(Vec<Expr>),
    /// A sub-select of one column.
    Query(Box<Query>),
}

/// What a text test looks for.
#[derive(Clone, Debug, PartialEq)]
pub enum TextPattern {
    /// The usual form.
    One(Box<Expr>),
    /// `ANY (p, ...)`, an extension: true when one of them is.
    Any(Vec<Expr>),
}

/// `-x`, `+x`, `~x`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOperator {
    /// `-`
    Minus,
    /// `+`
    Plus,
    /// `~`, bit not.
    BitNot,
}

/// Arithmetic and bit operators, from tight to loose: `^`, `* / %`, `+ -`, shifts, `&`, `#`, `|`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `^`, power.
    Power,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `a-b`: a subtraction whose sign touches a bare name on either side. The binder reads it as one hyphenated
    /// name where a property of that name exists (`Bluecoat-cs-host`).
    Hyphen,
    /// `<<`
    ShiftLeft,
    /// `>>`, keeps the sign.
    ShiftRight,
    /// `>>>`, fills with zeros.
    ShiftRightUnsigned,
    /// `&`
    BitAnd,
    /// `#`, exclusive or.
    BitXor,
    /// `|`
    BitOr,
}

/// Comparisons. `==` reads as `=` and `<>` as `!=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompareOperator {
    /// `=`, `==`
    Equal,
    /// `!=`, `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl CompareOperator {
    /// The operator that says the same with the sides exchanged.
    #[must_use]
    pub const fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            same => same,
        }
    }

    /// Whether the comparison is true of two values that are ordered like this.
    pub const fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

/// Text tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextOperator {
    /// Wildcards, case matters.
    Like,
    /// Wildcards, any case.
    ILike,
    /// Java regular expression, case matters.
    Matches,
    /// Java regular expression, any case.
    IMatches,
}
