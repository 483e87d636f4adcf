//! What decides the meaning of a query beside its text.

use schema::Type;

use crate::Environment;

/// How a query is read.
#[derive(Clone, Debug)]
pub struct Options {
    /// What a backslash in a string means.
    pub escapes: Escapes,
    /// Custom properties of this deployment that the event model does not have.
    pub properties: Vec<Property>,
    /// Whether START and STOP are widened to whole minutes, as IBM documents (`reference/aql.md` section 2.1).
    pub minute_rounding: bool,
    /// What `SELECT *` stands for.
    pub star: Star,
    /// Time, reference data and lookups.
    pub environment: Environment,
}

/// What a backslash in a string means (`reference/aql.md` section 7, "Escape policy").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Escapes {
    /// An ordinary character, as in QRadar.
    #[default]
    Strict,
    /// `\\` is one backslash; other sequences stay as they are.
    CStyle,
}

/// What `SELECT *` stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Star {
    /// Every field but raw bytes and records.
    #[default]
    Fields,
    /// The thirteen columns that QRadar shows.
    QRadar,
}

/// A custom property that the user declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// Its name. Lookup ignores case and blanks.
    pub name: String,
    /// The type of its values; they are kept as text and converted when read.
    pub value_type: Type,
}

impl Options {
    /// The defaults of QRadar, in an environment.
    pub fn new(environment: Environment) -> Self {
        Self {
            escapes: Escapes::Strict,
            properties: Vec::new(),
            minute_rounding: false,
            star: Star::Fields,
            environment,
        }
    }
}
