//! What an AQL function is: one `static` per file in `functions/`; binder, linter, docs, completion and REST are
//! projections of it.

use datafusion_expr::Expr;
use schema::Type;

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

/// One argument.
#[derive(Debug)]
pub struct Parameter {
    /// Its name in the signature, lower case.
    pub name: &'static str,
    /// The types that it takes; empty for any.
    pub types: &'static [Type],
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether it must be a literal.
    pub literal: bool,
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

/// How a call becomes a DataFusion expression. The arguments come lowered and already checked against the parameters.
pub enum Lower {
    /// One value from each row.
    Scalar(fn(&crate::Environment, Vec<Expr>) -> Result<Expr, String>),
    /// One value from many rows. An empty list is `COUNT(*)`.
    Aggregate(fn(Vec<Expr>) -> Result<Expr, String>),
    /// Needs data that is not there yet: binds, has its type, is null, and says so once a query. Names what is missing.
    Missing(&'static str),
    /// Stands in a clause, not in an expression (OFFENSE_TIME, GLOBALVIEW).
    Clause,
}

impl std::fmt::Debug for Lower {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Scalar(_) => "Scalar",
            Self::Aggregate(_) => "Aggregate",
            Self::Missing(_) => "Missing",
            Self::Clause => "Clause",
        })
    }
}
