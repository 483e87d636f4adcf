//! What an AQL function is: one `static` per file in `functions/`; binder, linter, docs, completion and REST are
//! projections of it.

use datafusion_common::{Column, ScalarValue};
use datafusion_expr::Expr;
use schema::Type;

use crate::Environment;

/// A function of AQL (`reference/aql.md` section 4).
#[derive(Debug)]
pub struct Function {
    /// The name in upper case, with its namespace: `LOWER`, `GEO::LOOKUP`.
    pub name: &'static str,
    /// What it is about.
    pub category: Category,
    /// Its arguments, in order; optional ones last.
    pub parameters: &'static [Parameter],
    /// Whether the last parameter may be repeated.
    pub variadic: bool,
    /// The type of its value.
    pub returns: Returns,
    /// What it does, in one or two sentences, with null and error behaviour.
    pub summary: &'static str,
    /// Calls with their values; each is a test and stands in the reference page.
    pub examples: &'static [Example],
    /// Whether QRadar has it.
    pub standing: Standing,
    /// How it is computed.
    pub lower: Lower,
}

/// Groups of the reference page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// Text.
    Text,
    /// Numbers.
    Math,
    /// Dates and times.
    Time,
    /// From one type to another.
    Conversion,
    /// One value from many rows.
    Aggregate,
    /// A name for an id.
    Lookup,
    /// Networks and addresses.
    Network,
    /// Assets.
    Asset,
    /// Reference sets, maps and tables.
    ReferenceData,
    /// Where an address is.
    Geography,
    /// X-Force.
    ThreatIntelligence,
    /// Offenses.
    Offense,
    /// Servers of a deployment, saved searches.
    Server,
    /// Content extensions.
    Extension,
}

/// One parameter.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name in the signature, lower case.
    pub name: &'static str,
    /// The types that it takes; empty for any. NULL always passes.
    pub types: &'static [Type],
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether it must be a literal.
    pub literal: bool,
}

/// Any number.
pub const NUMBER: &[Type] = &[Type::Integer, Type::Double, Type::Time, Type::Port];
/// Any whole number, such as an id.
pub const WHOLE: &[Type] = &[Type::Integer, Type::Time, Type::Port];
/// Text only.
pub const TEXT: &[Type] = &[Type::Text];
/// Text, or an address, which has a text form too: IBM shows `SUBSTRING(sourceip, 3, 5)`.
pub const TEXT_OR_ADDRESS: &[Type] = &[Type::Text, Type::Host, Type::Mac];
/// An address, as a field or as text.
pub const ADDRESS: &[Type] = &[Type::Host, Type::Text];
/// Raw bytes only.
pub const BYTES: &[Type] = &[Type::Bytes];
/// A value of any type.
pub const ANY: &[Type] = &[];

impl Parameter {
    /// A parameter that must be given.
    pub const fn new(name: &'static str, types: &'static [Type]) -> Self {
        Self { name, types, optional: false, literal: false }
    }

    /// The same, but it may be left out.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// The same, but only a literal will do.
    #[must_use]
    pub const fn literal(mut self) -> Self {
        self.literal = true;
        self
    }

    /// Whether a value of this type may be passed without conversion.
    pub fn accepts(&self, value_type: Type) -> bool {
        self.types.is_empty() || value_type == Type::Null || self.types.contains(&value_type)
    }
}

/// An argument of a call: lowered, and checked against its parameter.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The value; its Arrow type is that of `value_type`.
    pub expr: Expr,
    /// Its type in AQL.
    pub value_type: Type,
}

impl Argument {
    /// The text of a literal, else none.
    pub fn literal_text(&self) -> Option<&str> {
        match &self.expr {
            Expr::Literal(value, _) => value.try_as_str().flatten(),
            _ => None,
        }
    }
}

/// The type of a function's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returns {
    /// Always this one.
    Type(Type),
    /// That of the argument at this position.
    Argument(usize),
    /// Double for numbers, else that of the argument at this position (MIN, MAX).
    DoubleOrArgument(usize),
    /// Text, or a list of texts where the argument is a list (RULENAME).
    TextOrTexts(usize),
    /// The one type of all arguments, or double when all are numbers, or text (COALESCE).
    Common,
}

impl std::fmt::Display for Returns {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Type(value_type) => formatter.write_str(value_type.name()),
            Self::Argument(position) => write!(formatter, "the type of argument {}", position + 1),
            Self::DoubleOrArgument(position) => {
                write!(formatter, "{} for numbers, else the type of argument {}", Type::Double.name(), position + 1)
            }
            Self::TextOrTexts(position) => {
                let (one, many) = (Type::Text.name(), Type::Texts.name());
                write!(formatter, "{one}, or {many} when argument {} is a list", position + 1)
            }
            Self::Common => write!(formatter, "the type that all arguments share"),
        }
    }
}

impl Returns {
    /// The type of the value of a call with arguments of these types.
    pub fn resolve(self, arguments: &[Type]) -> Type {
        let argument = |position: usize| arguments.get(position).copied().unwrap_or(Type::Null);
        match self {
            Self::Type(value_type) => value_type,
            Self::DoubleOrArgument(position) if argument(position).is_numeric() => Type::Double,
            Self::Argument(position) | Self::DoubleOrArgument(position) => argument(position),
            Self::TextOrTexts(position) if matches!(argument(position), Type::Integers | Type::Texts) => Type::Texts,
            Self::TextOrTexts(_) => Type::Text,
            Self::Common => common(arguments),
        }
    }
}

/// The type that values of these types have together.
fn common(types: &[Type]) -> Type {
    let mut types = types.iter().copied().filter(|it| *it != Type::Null);
    let Some(first) = types.next() else { return Type::Null };
    types.fold(first, |common, other| match (common, other) {
        _ if common == other => common,
        (Type::Integer | Type::Port, Type::Integer | Type::Port) => Type::Integer,
        _ if common.is_numeric() && other.is_numeric() => Type::Double,
        _ => Type::Text,
    })
}

/// A call and its value, both AQL text.
#[derive(Debug)]
pub struct Example {
    /// Such as `LOWER('ABC')`.
    pub call: &'static str,
    /// The value as a literal: `'abc'`, `5`, `2.5`, `true`, `null`.
    pub value: &'static str,
}

/// Whether QRadar has a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In IBM's lists.
    Documented,
    /// An extension of ours; the portable form, if there is one.
    Extension(Option<&'static str>),
}

/// How a call becomes a DataFusion expression; the error is a reason, as in a diagnostic.
pub type Lowering = fn(&Environment, Vec<Argument>) -> Result<Expr, String>;

/// How a function is computed. The arguments come lowered and already checked against the parameters.
pub enum Lower {
    /// One value from each row.
    Scalar(Lowering),
    /// One value from each row and from data of the environment. Without that data the value is null, or false.
    Provided(Provider, Lowering),
    /// One value from many rows; an expression around exactly one aggregate function. No argument is `COUNT(*)`.
    Aggregate(fn(Vec<Argument>) -> Result<Expr, String>),
    /// Needs data that is not there yet: binds, has its type, is null, and says so once a query. Names what is missing.
    Missing(&'static str),
    /// Stands for this field of the event, whatever its arguments; best bound as that field.
    Field(&'static str),
    /// Stands in a clause, not in an expression (`OFFENSE_TIME`, GLOBALVIEW).
    Clause,
}

/// Data that a function needs and a user may give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// [`Environment::reference_data`].
    ReferenceData,
    /// [`Environment::geography`].
    Geography,
    /// [`Environment::log_sources`].
    LogSources,
}

impl Provider {
    /// What the user has not given, if so; in the plural.
    fn missing(self, environment: &Environment) -> Option<&'static str> {
        match self {
            Self::ReferenceData if !environment.reference_data.is_given() => Some("reference data collections"),
            Self::Geography if environment.geography.is_none() => Some("geographic data"),
            Self::LogSources if environment.log_sources.is_none() => Some("names of log sources"),
            _ => None,
        }
    }
}

impl Function {
    /// The data without which every call is null (or false), when the environment has none: for one note per query.
    pub fn missing(&self, environment: &Environment) -> Option<&'static str> {
        match self.lower {
            Lower::Missing(what) => Some(what),
            Lower::Provided(provider, _) => provider.missing(environment),
            _ => None,
        }
    }

    /// Whether one value comes from many rows.
    pub fn is_aggregate(&self) -> bool {
        matches!(self.lower, Lower::Aggregate(_))
    }

    /// The smallest and the largest number of arguments; no largest for a variadic function.
    pub fn arity(&self) -> (usize, Option<usize>) {
        let least = self.parameters.iter().filter(|it| !it.optional).count();
        (least, (!self.variadic).then_some(self.parameters.len()))
    }

    /// The parameter for the argument at this position.
    pub fn parameter(&self, position: usize) -> Option<&'static Parameter> {
        self.parameters.get(position).or(if self.variadic { self.parameters.last() } else { None })
    }

    /// The call as the reference page prints it: `SUBSTRING(text, start[, length])`.
    pub fn signature(&self) -> String {
        let mut parameters = String::new();
        for (position, parameter) in self.parameters.iter().enumerate() {
            let comma = if position == 0 { "" } else { ", " };
            let (open, close) = if parameter.optional { ("[", "]") } else { ("", "") };
            parameters.extend([open, comma, parameter.name, close]);
        }
        format!("{}({parameters}{})", self.name, if self.variadic { ", ..." } else { "" })
    }

    /// The expression of a call. The error is a reason, as in a diagnostic.
    pub fn lower(&self, environment: &Environment, mut arguments: Vec<Argument>) -> Result<Expr, String> {
        for (position, argument) in arguments.iter_mut().enumerate().filter(|(_, it)| it.value_type == Type::Null) {
            if let Some(value_type) = self.parameter(position).and_then(|it| it.types.first()) {
                argument.expr = typed_null(*value_type)?;
            }
        }
        match self.lower {
            Lower::Scalar(lowering) | Lower::Provided(_, lowering) => lowering(environment, arguments),
            Lower::Aggregate(lowering) => lowering(arguments),
            Lower::Missing(_) => {
                let types: Vec<Type> = arguments.iter().map(|it| it.value_type).collect();
                typed_null(self.returns.resolve(&types))
            }
            Lower::Field(name) => Ok(Expr::Column(Column::from_name(name))),
            Lower::Clause => Err(format!("`{}` stands in a clause, not in an expression", self.name)),
        }
    }
}

/// NULL with a type.
fn typed_null(value_type: Type) -> Result<Expr, String> {
    ScalarValue::try_from(&value_type.arrow()).map(|it| Expr::Literal(it, None)).map_err(|it| it.to_string())
}

impl std::fmt::Debug for Lower {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Scalar(_) => "Scalar",
            Self::Provided(..) => "Provided",
            Self::Aggregate(_) => "Aggregate",
            Self::Missing(_) => "Missing",
            Self::Field(_) => "Field",
            Self::Clause => "Clause",
        })
    }
}
