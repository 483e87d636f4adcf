//! One row of the event model.

use arrow_schema::{DataType, Field as ArrowField};

/// The value type of a field or expression, as QRadar's API names them (`reference/aql.md` section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Whole number of up to 64 bits.
    Integer,
    /// Floating point; what every aggregate returns.
    Double,
    /// Milliseconds since 1970 UTC.
    Time,
    /// 0-65535.
    Port,
    /// An IPv4 or IPv6 address in canonical text form.
    Host,
    /// `00:11:22:33:44:55`
    Mac,
    /// Text.
    Text,
    /// Raw bytes; `UTF8()` makes text of them. Held as text: every reader decodes while it reads.
    Bytes,
    /// True or false.
    Boolean,
    /// A list of whole numbers, such as the ids of rules. A predicate over it asks for any of them.
    Integers,
    /// A list of texts, such as the names of rules.
    Texts,
    /// A record without a use in AQL.
    Structure,
    /// The type of NULL.
    Null,
}

impl Type {
    /// In one or two words, as documents and messages have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Double => "double",
            Self::Time => "time",
            Self::Port => "port",
            Self::Host => "address",
            Self::Mac => "MAC address",
            Self::Text => "text",
            Self::Bytes => "bytes",
            Self::Boolean => "boolean",
            Self::Integers => "list of integers",
            Self::Texts => "list of texts",
            Self::Structure => "record",
            Self::Null => "null",
        }
    }

    /// How a column of this type is held in Arrow.
    pub fn arrow(self) -> DataType {
        let list = |item| DataType::List(std::sync::Arc::new(ArrowField::new("item", item, true)));
        match self {
            Self::Integer | Self::Time | Self::Port => DataType::Int64,
            Self::Double => DataType::Float64,
            Self::Host | Self::Mac | Self::Text | Self::Bytes | Self::Structure => DataType::Utf8View,
            Self::Boolean => DataType::Boolean,
            Self::Integers => list(DataType::Int64),
            Self::Texts => list(DataType::Utf8View),
            Self::Null => DataType::Null,
        }
    }

    /// Whether the value is a number in arithmetic and comparisons.
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Integer | Self::Double | Self::Time | Self::Port)
    }
}

/// Where a field comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A column of the Ariel database on every console.
    BuiltIn,
    /// A custom property of a content pack.
    Property,
    /// A column of ours that no query names: where the event stands.
    Locator,
}

/// One column of a database: described once, projected everywhere.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The name as AQL spells it. Lookup ignores case and blanks.
    pub name: &'static str,
    /// Further names for the same column: content packs of both generations, seeds, other tools.
    pub aliases: &'static [&'static str],
    /// The type of its values.
    pub value_type: Type,
    /// Where it comes from.
    pub kind: Kind,
    /// What it means, in one sentence.
    pub meaning: &'static str,
    /// Where each log family keeps it: family, place.
    pub sources: &'static [(&'static str, &'static str)],
    /// The names that Sigma rules use.
    pub sigma: &'static [&'static str],
    /// What a sentence calls it, where its name does not say it.
    pub called: Option<&'static str>,
}

/// A row is written as a constructor and what differs from its defaults.
impl Field {
    const fn new(kind: Kind, name: &'static str, value_type: Type, meaning: &'static str) -> Self {
        Self { name, aliases: &[], value_type, kind, meaning, sources: &[], sigma: &[], called: None }
    }

    /// A column that every console has.
    pub(crate) const fn built_in(name: &'static str, value_type: Type, meaning: &'static str) -> Self {
        Self::new(Kind::BuiltIn, name, value_type, meaning)
    }

    /// A custom property of text, as nearly all of them are.
    pub(crate) const fn property(name: &'static str, meaning: &'static str) -> Self {
        Self::new(Kind::Property, name, Type::Text, meaning)
    }

    /// A column that says where the event stands.
    pub(crate) const fn locator(name: &'static str, value_type: Type, meaning: &'static str) -> Self {
        Self::new(Kind::Locator, name, value_type, meaning)
    }

    pub(crate) const fn of_type(mut self, value_type: Type) -> Self {
        self.value_type = value_type;
        self
    }

    pub(crate) const fn also(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    pub(crate) const fn from(mut self, sources: &'static [(&'static str, &'static str)]) -> Self {
        self.sources = sources;
        self
    }

    pub(crate) const fn sigma(mut self, names: &'static [&'static str]) -> Self {
        self.sigma = names;
        self
    }

    pub(crate) const fn called(mut self, words: &'static str) -> Self {
        self.called = Some(words);
        self
    }

    /// What a sentence calls it, without article: `service filename`, `event ID`. Words in capitals stay as they are.
    ///
    /// ```
    /// let field = schema::EVENTS.field("Parent Process ID").expect("there is one");
    /// assert_eq!(field.words(), "parent process ID");
    /// ```
    pub fn words(&self) -> String {
        if let Some(words) = self.called {
            return words.to_owned();
        }
        let word = |word: &str| {
            let is_short_form = word.chars().filter(char::is_ascii_uppercase).count() > 1;
            if is_short_form { word.to_owned() } else { word.to_lowercase() }
        };
        self.name.split(' ').map(word).collect::<Vec<_>>().join(" ")
    }

    /// Every name under which a query may ask for this column: its own and the aliases. The names of Sigma serve too
    /// where no column has them. A locator has none.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        let named = self.kind != Kind::Locator;
        std::iter::once(self.name).chain(self.aliases.iter().copied()).filter(move |_| named)
    }
}
