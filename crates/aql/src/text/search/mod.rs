//! TEXT SEARCH: boolean searches for words, in the syntax of Lucene's query parser.
//!
//! Values and terms are cut into words at every character that is no letter, digit or underscore, without regard to
//! case: roughly what Lucene's standard analyser does. Adjacent terms without an operator are alternatives, as they are
//! by default in Lucene.

mod parser;
mod word;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

use datafusion_expr::Expr;
use memchr::memmem;

use self::word::{Word, words};
use super::array::TextTest;
use super::udf::TextTestFunction;
use super::{Case, PatternError, fold};

/// A compiled search. Cheap to clone; equal when the text is equal.
///
/// ```
/// use aql::text::TextSearch;
///
/// let search = TextSearch::new(r#"service AND ("was installed" OR creat*) AND NOT test"#)?;
/// assert!(search.is_match("A service was installed in the system."));
/// assert!(!search.is_match("A test service was installed"));
/// # Ok::<(), aql::text::PatternError>(())
/// ```
#[derive(Clone)]
pub struct TextSearch {
    inner: Arc<Inner>,
}

struct Inner {
    text: String,
    query: Query,
}

/// What a search asks for.
#[derive(Debug)]
enum Query {
    Phrase(Phrase),
    All(Vec<Query>),
    Any(Vec<Query>),
    Not(Box<Query>),
}

/// Words that follow one another; a term is a phrase of one word, or of several when it has other characters inside.
#[derive(Debug)]
struct Phrase {
    words: Vec<Word>,
    /// Finds the longest fixed text: a quick necessary condition.
    required: Option<Box<memmem::Finder<'static>>>,
}

impl TextSearch {
    /// Parses a search: words, `"phrases"`, `AND`, `OR`, `NOT`, `&&`, `||`, `!`, `+`, `-`, parentheses, `*` and `?`.
    /// Refuses what Lucene has beyond that (ranges, fuzzy and boosted terms) and a search without any word.
    pub fn new(text: &str) -> Result<Self, PatternError> {
        Ok(Self { inner: Arc::new(Inner { text: text.to_owned(), query: parser::parse(text)? }) })
    }

    /// The search as written.
    pub fn as_str(&self) -> &str {
        &self.inner.text
    }

    /// Whether the value is what the search asks for.
    pub fn is_match(&self, value: &str) -> bool {
        self.test(value, &mut String::new())
    }

    /// When the value matches: the first phrase of the search that stands in it; the empty range when only absent words
    /// were asked for.
    pub fn find(&self, value: &str) -> Option<Range<usize>> {
        let mut scratch = String::new();
        let folded = fold::folded(Case::Insensitive, value, &mut scratch);
        let mut text = SearchedText::new(folded);
        if !self.inner.query.is_match(&mut text) {
            return None;
        }
        let range = self.inner.query.first_phrase(&mut text).unwrap_or(0..0);
        Some(fold::unfolded_range(Case::Insensitive, value, range))
    }
}

impl TextTest for TextSearch {
    fn test(&self, value: &str, scratch: &mut String) -> bool {
        let folded = fold::folded(Case::Insensitive, value, scratch);
        self.inner.query.is_match(&mut SearchedText::new(folded))
    }
}

/// The expression that searches a text, or any text of a list. Null gives null.
pub fn text_search(value: Expr, search: TextSearch) -> Expr {
    TextTestFunction::new("text_search", search).call(value)
}

/// A folded value; cut into words when the first phrase needs them.
struct SearchedText<'a> {
    text: &'a str,
    words: Option<Vec<Range<usize>>>,
}

impl<'a> SearchedText<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, words: None }
    }
}

impl Query {
    fn is_match(&self, text: &mut SearchedText) -> bool {
        match self {
            Self::Phrase(phrase) => phrase.find(text).is_some(),
            Self::All(queries) => queries.iter().all(|query| query.is_match(text)),
            Self::Any(queries) => queries.iter().any(|query| query.is_match(text)),
            Self::Not(query) => !query.is_match(text),
        }
    }

    fn first_phrase(&self, text: &mut SearchedText) -> Option<Range<usize>> {
        match self {
            Self::Phrase(phrase) => phrase.find(text),
            Self::All(queries) | Self::Any(queries) => queries.iter().find_map(|query| query.first_phrase(text)),
            Self::Not(_) => None,
        }
    }
}

impl Phrase {
    fn new(words: Vec<Word>) -> Self {
        let longest = words.iter().filter_map(Word::longest_text).max_by_key(String::len);
        let required = longest.map(|text| Box::new(memmem::Finder::new(text.as_bytes()).into_owned()));
        Self { words, required }
    }

    fn find(&self, searched: &mut SearchedText) -> Option<Range<usize>> {
        let text = searched.text;
        if self.required.as_ref().is_some_and(|required| required.find(text.as_bytes()).is_none()) {
            return None;
        }
        let ranges = searched.words.get_or_insert_with(|| words(text));
        let matching = ranges.windows(self.words.len()).find(|window| {
            self.words.iter().zip(window.iter()).all(|(word, range)| word.is_match(&text[range.clone()]))
        })?;
        Some(matching.first()?.start..matching.last()?.end)
    }
}

impl PartialEq for TextSearch {
    fn eq(&self, other: &Self) -> bool {
        self.inner.text == other.inner.text
    }
}

impl Eq for TextSearch {}

impl Hash for TextSearch {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.inner.text.hash(state);
    }
}

impl fmt::Debug for TextSearch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("TextSearch").field(&self.inner.text).finish()
    }
}

impl fmt::Display for TextSearch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "'{}'", self.inner.text.replace('\'', "''"))
    }
}
