//! Bound expressions.

use schema::Type;
use syntax::Span;
use syntax::ast::{BinaryOperator, CompareOperator, UnaryOperator};

use super::TextTest;
use crate::Function;

/// An expression with its type and the text it came from. An alias is replaced by what it stands for, whose span it
/// then has.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What is computed.
    pub kind: ExprKind,
    /// The type of the value.
    pub value_type: Type,
    /// The source text.
    pub span: Span,
}

/// The kinds of bound expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A constant.
    Literal(Literal),
    /// A column of the source: index in `Database::fields`, or in the columns of the sub-select.
    Field(usize),
    /// A property that no field describes, read from the properties of the log under this name.
    Property(String),
    /// The number of the session of the row; needs [`super::Session`].
    SessionId,
    /// A function of the row.
    Call(Call),
    /// A function of the rows of a group. No argument: `COUNT(*)`.
    Aggregate(Call),
    /// `-x`, `~x`
    Unary(UnaryOperator, Box<Expr>),
    /// Arithmetic and bits, on numbers. Never [`BinaryOperator::Hyphen`].
    Binary(BinaryOperator, Box<Expr>, Box<Expr>),
    /// Two or more operands, none of them an AND.
    And(Vec<Expr>),
    /// Two or more operands, none of them an OR.
    Or(Vec<Expr>),
    /// Turns true and false round; keeps unknown.
    Not(Box<Expr>),
    /// A comparison of two values of like type.
    Compare(CompareOperator, Box<Expr>, Box<Expr>),
    /// A test of text.
    Text(TextTest),
    /// Whether a value is one of some values of like type; of a list, whether any element is.
    In {
        /// What is looked for.
        operand: Box<Expr>,
        /// The values.
        list: Vec<Expr>,
        /// Whether the result is turned round.
        negated: bool,
    },
    /// Whether a value is one of those that a sub-select gives.
    InQuery {
        /// What is looked for.
        operand: Box<Expr>,
        /// Index in [`super::Query::subqueries`].
        query: usize,
        /// Whether the result is turned round.
        negated: bool,
    },
    /// Whether a value is missing.
    IsNull {
        /// What is tested.
        operand: Box<Expr>,
        /// Whether the result is turned round.
        negated: bool,
    },
    /// The value of the first arm whose condition is true; false and unknown are alike.
    Case {
        /// Conditions and values.
        arms: Vec<(Expr, Expr)>,
        /// The value when no condition is true; null when absent.
        otherwise: Option<Box<Expr>>,
    },
    /// The operand in another type, null where it cannot be converted.
    Convert(Box<Expr>),
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// Text, after the escapes of the dialect; an address or MAC in canonical form.
    Text(String),
    /// A whole number, a time in milliseconds, a port.
    Integer(i64),
    /// Floating point.
    Double(f64),
    /// True or false.
    Boolean(bool),
    /// No value.
    Null,
}

/// A call of a function of the catalogue.
#[derive(Clone, Debug)]
pub struct Call {
    /// Which.
    pub function: &'static Function,
    /// The arguments, converted to the types of the parameters.
    pub args: Vec<Expr>,
}

impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        self.function.name == other.function.name && self.args == other.args
    }
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.value_type == other.value_type && self.kind == other.kind
    }
}

impl Expr {
    /// An expression.
    pub const fn new(kind: ExprKind, value_type: Type, span: Span) -> Self {
        Self { kind, value_type, span }
    }

    /// A constant.
    pub fn literal(literal: Literal, span: Span) -> Self {
        let value_type = match &literal {
            Literal::Text(_) => Type::Text,
            Literal::Integer(_) => Type::Integer,
            Literal::Double(_) => Type::Double,
            Literal::Boolean(_) => Type::Boolean,
            Literal::Null => Type::Null,
        };
        Self::new(ExprKind::Literal(literal), value_type, span)
    }

    /// The unknown value.
    pub fn null(span: Span) -> Self {
        Self::literal(Literal::Null, span)
    }

    /// The constant that this is, if it is one.
    pub const fn as_literal(&self) -> Option<&Literal> {
        match &self.kind {
            ExprKind::Literal(literal) => Some(literal),
            _ => None,
        }
    }

    /// The text that this is, if it is a constant text.
    pub fn as_text(&self) -> Option<&str> {
        match self.as_literal() {
            Some(Literal::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The same in another type: itself when the type is already that one.
    #[must_use]
    pub fn converted(self, value_type: Type) -> Self {
        if self.value_type == value_type {
            return self;
        }
        let span = self.span;
        Self::new(ExprKind::Convert(Box::new(self)), value_type, span)
    }
}
