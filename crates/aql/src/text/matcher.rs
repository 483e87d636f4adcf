//! `TextMatcher`: any of a set of patterns, compiled once and shared.

use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use datafusion_common::hash_utils::RandomState;
use memchr::memmem;
use syntax::Span;

use super::affixes::{Affixes, End};
use super::java_regex::JavaRegex;
use super::like::{Like, Segments};
use super::{Case, PATTERN_BYTES_MAX, Pattern, PatternError, fold};

/// The longest scratch text that a thread keeps for the next value, in bytes.
const SCRATCH_BYTES_KEPT: usize = 64 * 1024;
/// Up to so many bytes of texts, a table of all transitions (about 200 bytes a byte) is worth its memory.
const DFA_TEXT_BYTES_MAX: usize = 16 * 1024;
/// How many patterns a displayed matcher lists before it counts the rest.
const PATTERNS_DISPLAYED: usize = 4;

thread_local! {
    static SCRATCH: Cell<String> = const { Cell::new(String::new()) };
}

/// Tests whether a text matches any of some patterns. Cheap to clone; equal when patterns and case are equal.
///
/// ```
/// use aql::text::{Case, Pattern, TextMatcher};
///
/// let matcher = TextMatcher::new(&[Pattern::Like(r"%\sc.exe".to_owned())], Case::Insensitive)?;
/// assert!(matcher.is_match(r"C:\Windows\System32\SC.EXE"));
/// assert_eq!(matcher.find(r"C:\SC.EXE"), Some((0, 2..9)));
/// # Ok::<(), aql::text::PatternError>(())
/// ```
#[derive(Clone)]
pub struct TextMatcher {
    inner: Arc<Inner>,
}

struct Inner {
    patterns: Vec<Pattern>,
    case: Case,
    hash: u64,
    compiled: Vec<Compiled>,
    /// Built at the first test: most of the plans of a big set of queries are compiled only to be checked.
    index: OnceLock<Index>,
}

/// One pattern, ready for folded values.
enum Compiled {
    Like(Like),
    Regex(JavaRegex),
}

/// All patterns by kind, for the question whether any matches.
#[derive(Default)]
struct Index {
    anything: bool,
    /// Whether each pattern but the regular expressions has a character beyond ASCII: a value of ASCII, which folds to
    /// ASCII, is none of theirs.
    beyond_ascii: bool,
    regexes: Vec<JavaRegex>,
    /// Whether all of them are in `equal`.
    only_equal: bool,
    /// The length of the longest, when all of them are in `suffixes`.
    only_suffixes: Option<usize>,
    equal: HashSet<String, RandomState>,
    /// One bit for each length of the texts in `equal`, modulo 64.
    equal_lengths: u64,
    prefixes: Option<Affixes>,
    suffixes: Option<Affixes>,
    contains: Option<Contains>,
    segments: Vec<Segments>,
}

/// Texts to be found anywhere.
enum Contains {
    One(Box<memmem::Finder<'static>>),
    Many(AhoCorasick),
}

impl TextMatcher {
    /// Compiles patterns of which any may match. Refuses regular expressions that have no meaning or cannot be run, and
    /// patterns above [`PATTERN_BYTES_MAX`]. Without patterns nothing matches.
    pub fn new(patterns: &[Pattern], case: Case) -> Result<Self, PatternError> {
        let compiled: Vec<Compiled> = patterns
            .iter()
            .enumerate()
            .map(|(index, pattern)| Compiled::new(pattern, case).map_err(|error| error.of_pattern(index)))
            .collect::<Result<_, _>>()?;
        let mut hasher = DefaultHasher::new();
        (patterns, case).hash(&mut hasher);
        let inner =
            Inner { patterns: patterns.to_vec(), case, hash: hasher.finish(), compiled, index: OnceLock::new() };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The patterns, as given.
    pub fn patterns(&self) -> &[Pattern] {
        &self.inner.patterns
    }

    /// How case is treated.
    pub fn case(&self) -> Case {
        self.inner.case
    }

    /// Whether any pattern matches the value.
    pub fn is_match(&self, value: &str) -> bool {
        let mut scratch = SCRATCH.take();
        let matched = self.is_match_with(value, &mut scratch);
        if scratch.capacity() <= SCRATCH_BYTES_KEPT {
            SCRATCH.set(scratch);
        }
        matched
    }

    /// The first pattern (in the order given) that matches, with the part of the value that it hit: for LIKE from the
    /// first to the last fixed character, for a regular expression its match without a `.*` around it.
    pub fn find(&self, value: &str) -> Option<(usize, Range<usize>)> {
        let mut scratch = String::new();
        let folded = fold::folded(self.inner.case, value, &mut scratch);
        self.inner.compiled.iter().enumerate().find_map(|(index, compiled)| {
            let range = match compiled {
                Compiled::Like(like) => fold::unfolded_range(self.inner.case, value, like.find(folded)?),
                Compiled::Regex(regex) if self.inner.case == Case::Lowered => {
                    fold::unfolded_range(self.inner.case, value, regex.find_decisive(folded)?)
                }
                Compiled::Regex(regex) => regex.find_decisive(value)?,
            };
            Some((index, range))
        })
    }

    /// How many tests a regular expression gave up because its backtracking budget was used up; those count as no match.
    pub fn budget_exceeded(&self) -> u64 {
        self.regexes().map(JavaRegex::budget_exceeded).sum()
    }

    /// As [`Self::is_match`], with the memory for folded text given by the caller.
    pub(super) fn is_match_with(&self, value: &str, scratch: &mut String) -> bool {
        let case = self.inner.case;
        let index = self.inner.index.get_or_init(|| Index::new(&self.inner.compiled));
        if index.anything {
            return true;
        }
        let is_unlike = index.is_empty() || index.is_unlike(value);
        if case == Case::Insensitive {
            return (!is_unlike && index.is_match(fold::folded(case, index.end_of(value), scratch)))
                || index.regexes.iter().any(|regex| regex.is_match(value));
        }
        if is_unlike && index.regexes.is_empty() {
            return false;
        }
        let folded = fold::folded(case, value, scratch);
        (!is_unlike && index.is_match(folded)) || index.regexes.iter().any(|regex| regex.is_match(folded))
    }

    fn regexes(&self) -> impl Iterator<Item = &JavaRegex> {
        self.inner.compiled.iter().filter_map(|compiled| match compiled {
            Compiled::Regex(regex) => Some(regex),
            Compiled::Like(_) => None,
        })
    }
}

impl Compiled {
    fn new(pattern: &Pattern, case: Case) -> Result<Self, PatternError> {
        let length = pattern.text().len();
        if length > PATTERN_BYTES_MAX {
            let reason = format!("a pattern of {length} bytes is above the limit of {PATTERN_BYTES_MAX}");
            return Err(PatternError::new(Span::new(0, length), reason));
        }
        Ok(match pattern {
            Pattern::Equal(text) => Self::Like(Like::Equal(fold::folded_pattern(case, text))),
            Pattern::Like(text) => Self::Like(Like::new(&fold::folded_pattern(case, text))),
            Pattern::Regex(text) => Self::Regex(JavaRegex::new(text, case)?),
        })
    }
}

impl Index {
    fn new(compiled: &[Compiled]) -> Self {
        let mut index = Self::default();
        let (mut prefixes, mut suffixes, mut contains) = (Vec::new(), Vec::new(), Vec::new());
        (index.beyond_ascii, index.only_equal) = (true, true);
        let mut only_suffixes = true;
        for like in compiled.iter().filter_map(|it| if let Compiled::Like(like) = it { Some(like) } else { None }) {
            index.beyond_ascii &= like.is_beyond_ascii();
            index.only_equal &= matches!(like, Like::Equal(_));
            only_suffixes &= matches!(like, Like::Suffix(_));
            match like {
                Like::Anything => index.anything = true,
                Like::Equal(text) => {
                    index.equal_lengths |= 1 << (text.len() % 64);
                    index.equal.insert(text.clone());
                }
                Like::Prefix(text) => prefixes.push(text.clone()),
                Like::Suffix(text) => suffixes.push(text.clone()),
                Like::Contains(text) => contains.push(text.as_str()),
                Like::Segments(segments) => index.segments.push(segments.clone()),
            }
        }
        index.only_suffixes = suffixes.iter().map(String::len).max().filter(|_| only_suffixes);
        index.prefixes = (!prefixes.is_empty()).then(|| Affixes::new(prefixes, End::Start));
        index.suffixes = (!suffixes.is_empty()).then(|| Affixes::new(suffixes, End::Finish));
        index.contains = Contains::new(&contains);
        let regexes = compiled.iter().filter_map(|it| if let Compiled::Regex(regex) = it { Some(regex) } else { None });
        index.regexes = regexes.cloned().collect();
        index
    }

    /// Whether a value cannot match, as it is before folding.
    fn is_unlike(&self, value: &str) -> bool {
        let has_length = self.equal_lengths & (1 << (value.len() % 64)) != 0;
        (self.beyond_ascii || (self.only_equal && !has_length)) && value.is_ascii()
    }

    /// The part of a value that is looked at. Where only ends are and the longest of them lies in ASCII, which each
    /// character of folds to one, that is enough.
    fn end_of<'v>(&self, value: &'v str) -> &'v str {
        let Some(longest) = self.only_suffixes else { return value };
        let start = value.len().saturating_sub(longest);
        if value.as_bytes()[start..].is_ascii() { &value[start..] } else { value }
    }

    fn is_empty(&self) -> bool {
        self.equal.is_empty()
            && self.prefixes.is_none()
            && self.suffixes.is_none()
            && self.contains.is_none()
            && self.segments.is_empty()
    }

    fn is_match(&self, value: &str) -> bool {
        (self.equal_lengths & (1 << (value.len() % 64)) != 0 && self.equal.contains(value))
            || self.suffixes.as_ref().is_some_and(|suffixes| suffixes.is_match(value))
            || self.prefixes.as_ref().is_some_and(|prefixes| prefixes.is_match(value))
            || self.contains.as_ref().is_some_and(|contains| contains.is_match(value))
            || self.segments.iter().any(|segments| segments.find(value).is_some())
    }
}

impl Contains {
    fn new(texts: &[&str]) -> Option<Self> {
        match texts {
            [] => None,
            [text] => Some(Self::One(Box::new(memmem::Finder::new(text.as_bytes()).into_owned()))),
            texts => {
                let bytes: usize = texts.iter().map(|text| text.len()).sum();
                let kind = (bytes <= DFA_TEXT_BYTES_MAX).then_some(AhoCorasickKind::DFA);
                let automaton = AhoCorasick::builder().kind(kind).build(texts);
                // The builder fails only above 2^31 states; all pattern texts of a query stay far below.
                Some(Self::Many(automaton.expect("fewer than 2^31 states")))
            }
        }
    }

    fn is_match(&self, value: &str) -> bool {
        match self {
            Self::One(finder) => finder.find(value.as_bytes()).is_some(),
            Self::Many(automaton) => automaton.is_match(value),
        }
    }
}

impl PartialEq for TextMatcher {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
            || (self.inner.hash == other.inner.hash
                && self.inner.case == other.inner.case
                && self.inner.patterns == other.inner.patterns)
    }
}

impl Eq for TextMatcher {}

impl Hash for TextMatcher {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.inner.hash);
    }
}

impl fmt::Debug for TextMatcher {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TextMatcher")
            .field("patterns", &self.inner.patterns)
            .field("case", &self.inner.case)
            .finish()
    }
}

/// The patterns as AQL has them: `ilike '%\sc.exe'`; a long list ends with the number of the others and a hash.
impl fmt::Display for TextMatcher {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let case = self.inner.case;
        let insensitive = if case == Case::Insensitive { "i" } else { "" };
        if case == Case::Lowered {
            formatter.write_str("lower ")?;
        }
        for (index, pattern) in self.inner.patterns.iter().take(PATTERNS_DISPLAYED).enumerate() {
            let operator = match pattern {
                Pattern::Equal(_) => "=",
                Pattern::Like(_) => "like",
                Pattern::Regex(_) => "matches",
            };
            let separator = if index == 0 { "" } else { " or " };
            write!(formatter, "{separator}{insensitive}{operator} '{}'", pattern.text().replace('\'', "''"))?;
        }
        if self.inner.patterns.len() > PATTERNS_DISPLAYED {
            let others = self.inner.patterns.len() - PATTERNS_DISPLAYED;
            write!(formatter, " or {others} others #{:016x}", self.inner.hash)?;
        }
        Ok(())
    }
}
