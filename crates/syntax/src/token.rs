//! The tokens of AQL and its words with a meaning (`reference/aql.md` section 1).

use crate::Span;

/// One token; its text is the source at `span`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: TokenKind,
    /// Where it stands.
    pub(crate) span: Span,
}

/// The kinds of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A bare ASCII word, with its meaning where it has one.
    Word(Option<Keyword>),
    /// A bare word with letters beyond ASCII: reported by the lexer, read as a quoted name.
    ForeignWord,
    /// `"..."`
    QuotedName,
    /// `'...'`
    Text,
    /// `5`
    Integer,
    /// `0x0a`
    Hex,
    /// `2.0`
    Decimal,
    /// `10.0.0.1` without quotes: reported by the lexer, read as text.
    Address,
    /// `{SYSTEM:timerange}`, `${name}`, `$__timeFilter(x)`
    Macro,
    Comma,
    Dot,
    OpenParen,
    CloseParen,
    Star,
    Slash,
    Percent,
    Plus,
    Minus,
    Caret,
    Ampersand,
    Pipe,
    Hash,
    Tilde,
    ShiftLeft,
    ShiftRight,
    ShiftRightUnsigned,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    DoubleColon,
    Semicolon,
    /// After the last token.
    End,
}

/// A word that the grammar names. Only some are reserved: see [`Keyword::is_reserved`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    And,
    Any,
    As,
    Asc,
    Begin,
    Between,
    By,
    Case,
    Collate,
    Desc,
    Else,
    End,
    Explicit,
    False,
    From,
    GlobalView,
    Group,
    Having,
    If,
    ILike,
    IMatches,
    In,
    Into,
    Is,
    Last,
    Like,
    Limit,
    Matches,
    Not,
    Null,
    Or,
    Order,
    Parameters,
    Search,
    Select,
    Session,
    Start,
    Stop,
    Text,
    Then,
    Times,
    Timeout,
    TimeWindow,
    True,
    When,
    Where,
}

/// Each keyword in capitals, sorted.
const KEYWORDS: &[(&str, Keyword)] = &[
    ("AND", Keyword::And),
    ("ANY", Keyword::Any),
    ("AS", Keyword::As),
    ("ASC", Keyword::Asc),
    ("BEGIN", Keyword::Begin),
    ("BETWEEN", Keyword::Between),
    ("BY", Keyword::By),
    ("CASE", Keyword::Case),
    ("COLLATE", Keyword::Collate),
    ("DESC", Keyword::Desc),
    ("ELSE", Keyword::Else),
    ("END", Keyword::End),
    ("EXPLICIT", Keyword::Explicit),
    ("FALSE", Keyword::False),
    ("FROM", Keyword::From),
    ("GLOBALVIEW", Keyword::GlobalView),
    ("GROUP", Keyword::Group),
    ("HAVING", Keyword::Having),
    ("IF", Keyword::If),
    ("ILIKE", Keyword::ILike),
    ("IMATCHES", Keyword::IMatches),
    ("IN", Keyword::In),
    ("INTO", Keyword::Into),
    ("IS", Keyword::Is),
    ("LAST", Keyword::Last),
    ("LIKE", Keyword::Like),
    ("LIMIT", Keyword::Limit),
    ("MATCHES", Keyword::Matches),
    ("NOT", Keyword::Not),
    ("NULL", Keyword::Null),
    ("OR", Keyword::Or),
    ("ORDER", Keyword::Order),
    ("PARAMETERS", Keyword::Parameters),
    ("SEARCH", Keyword::Search),
    ("SELECT", Keyword::Select),
    ("SESSION", Keyword::Session),
    ("START", Keyword::Start),
    ("STOP", Keyword::Stop),
    ("TEXT", Keyword::Text),
    ("THEN", Keyword::Then),
    ("TIMEOUT", Keyword::Timeout),
    ("TIMES", Keyword::Times),
    ("TIMEWINDOW", Keyword::TimeWindow),
    ("TRUE", Keyword::True),
    ("WHEN", Keyword::When),
    ("WHERE", Keyword::Where),
];

/// All keywords, in capitals, sorted.
pub fn keywords() -> impl Iterator<Item = &'static str> {
    KEYWORDS.iter().map(|it| it.0)
}

impl Keyword {
    /// The keyword that a word spells, in any case.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        const LONGEST: usize = 10;
        let mut capitals = [0_u8; LONGEST];
        let capitals = capitals.get_mut(..word.len())?;
        capitals.copy_from_slice(word.as_bytes());
        capitals.make_ascii_uppercase();
        let index = KEYWORDS.binary_search_by(|(text, _)| text.as_bytes().cmp(capitals)).ok()?;
        Some(KEYWORDS[index].1)
    }

    /// Whether the word cannot name a field without quotes. The others have a meaning only where the grammar
    /// looks for it, so that `start`, `text` or `last` may be fields.
    pub(crate) const fn is_reserved(self) -> bool {
        !matches!(
            self,
            Self::Any
                | Self::Asc
                | Self::Begin
                | Self::By
                | Self::Collate
                | Self::Desc
                | Self::Explicit
                | Self::GlobalView
                | Self::Group
                | Self::Last
                | Self::Limit
                | Self::Order
                | Self::Parameters
                | Self::Search
                | Self::Session
                | Self::Start
                | Self::Stop
                | Self::Text
                | Self::Times
                | Self::Timeout
                | Self::TimeWindow
        )
    }
}

/// Whether a name can stand without quotes: an ASCII word that is not reserved.
pub(crate) fn is_plain_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(is_word_start)
        && bytes.all(is_word_part)
        && Keyword::from_word(name).is_none_or(|it| !it.is_reserved())
}

/// Whether a word may begin with the byte.
pub(crate) const fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

/// Whether a word may go on with the byte.
pub(crate) const fn is_word_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::{KEYWORDS, Keyword};

    #[test]
    fn keywords_are_sorted_and_found() {
        assert!(KEYWORDS.is_sorted_by(|left, right| left.0 < right.0));
        for (text, keyword) in KEYWORDS {
            assert_eq!(Keyword::from_word(&text.to_lowercase()), Some(*keyword), "{text}");
        }
        assert_eq!(Keyword::from_word("a_word_longer_than_any"), None);
    }
}
