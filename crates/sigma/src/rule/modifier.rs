//! What stands behind `|` in the name of a field.

/// How a value is changed or compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Modifier {
    /// The value stands somewhere in the field.
    Contains,
    /// The field begins with the value.
    StartsWith,
    /// The field ends with the value.
    EndsWith,
    /// All values, not any of them.
    All,
    /// The value is a regular expression.
    Regex,
    /// How the regular expression before it is read.
    Flag(RegexFlag),
    /// Upper and lower case differ.
    Cased,
    /// The value in Base64.
    Base64,
    /// The value in Base64, wherever it begins in what was encoded.
    Base64Offset,
    /// The value in UTF-16, low byte first; `wide` is the same.
    Utf16Le,
    /// The value in UTF-16, high byte first.
    Utf16Be,
    /// The value in UTF-16, low byte first, behind a byte order mark.
    Utf16,
    /// Dashes and slashes before options stand for each other.
    WindowsDash,
    /// The value is a block of addresses.
    Cidr,
    /// The field is compared as a number.
    Compare(Comparison),
    /// A part of the time in the field is compared.
    Time(TimePart),
    /// Whether the field is there.
    Exists,
    /// The value is the name of another field.
    FieldReference,
    /// `%name%` in the value stands for values of the environment.
    Expand,
    /// None of the values.
    NotEqual,
}

/// A flag of a regular expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RegexFlag {
    /// `i`
    IgnoreCase,
    /// `m`: `^` and `$` match at lines.
    Multiline,
    /// `s`: `.` matches line ends.
    DotAll,
}

/// How numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `lt`
    Less,
    /// `lte`
    LessOrEqual,
    /// `gt`
    Greater,
    /// `gte`
    GreaterOrEqual,
}

/// A part of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimePart {
    /// 0-59
    Minute,
    /// 0-23
    Hour,
    /// 1-31
    Day,
    /// The week of the year.
    Week,
    /// 1-12
    Month,
    /// The year.
    Year,
}

/// All names. The first of several for the same modifier is the one to write.
pub(crate) const NAMES: &[(&str, Modifier)] = &[
    ("contains", Modifier::Contains),
    ("startswith", Modifier::StartsWith),
    ("endswith", Modifier::EndsWith),
    ("all", Modifier::All),
    ("re", Modifier::Regex),
    ("i", Modifier::Flag(RegexFlag::IgnoreCase)),
    ("ignorecase", Modifier::Flag(RegexFlag::IgnoreCase)),
    ("m", Modifier::Flag(RegexFlag::Multiline)),
    ("multiline", Modifier::Flag(RegexFlag::Multiline)),
    ("s", Modifier::Flag(RegexFlag::DotAll)),
    ("dotall", Modifier::Flag(RegexFlag::DotAll)),
    ("cased", Modifier::Cased),
    ("base64", Modifier::Base64),
    ("base64offset", Modifier::Base64Offset),
    ("utf16le", Modifier::Utf16Le),
    ("wide", Modifier::Utf16Le),
    ("utf16be", Modifier::Utf16Be),
    ("utf16", Modifier::Utf16),
    ("windash", Modifier::WindowsDash),
    ("cidr", Modifier::Cidr),
    ("lt", Modifier::Compare(Comparison::Less)),
    ("lte", Modifier::Compare(Comparison::LessOrEqual)),
    ("gt", Modifier::Compare(Comparison::Greater)),
    ("gte", Modifier::Compare(Comparison::GreaterOrEqual)),
    ("minute", Modifier::Time(TimePart::Minute)),
    ("hour", Modifier::Time(TimePart::Hour)),
    ("day", Modifier::Time(TimePart::Day)),
    ("week", Modifier::Time(TimePart::Week)),
    ("month", Modifier::Time(TimePart::Month)),
    ("year", Modifier::Time(TimePart::Year)),
    ("exists", Modifier::Exists),
    ("fieldref", Modifier::FieldReference),
    ("expand", Modifier::Expand),
    ("neq", Modifier::NotEqual),
];

impl Modifier {
    /// The modifier of this name.
    pub fn find(name: &str) -> Option<Self> {
        NAMES.iter().find(|it| it.0 == name).map(|it| it.1)
    }

    /// The name that rules write.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|it| it.1 == self).map_or("", |it| it.0)
    }
}
