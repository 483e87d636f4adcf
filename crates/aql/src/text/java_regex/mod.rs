//! Regular expressions in the dialect of `java.util.regex` (Java 17). Parsed by our own parser, which resolves flags and
//! sets as Java does; run by `regex`, or by `fancy-regex` with a bounded budget when there is look-around, a back
//! reference, an atomic group or a possessive quantifier.

mod attack;
mod class;
mod emit;
mod engine;
mod escape;
mod known;
mod language;
mod literals;
mod node;
mod parser;
mod program;
mod property;
mod replacement;
mod sets;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use syntax::Span;

pub use self::attack::Attack;
use self::engine::{BudgetExceeded, Engine};
use self::parser::Flags;
use self::program::Program;
pub use self::replacement::Replacement;
use super::{Case, PATTERN_BYTES_MAX, PatternError};

/// Above this size an expression is refused unseen.
const SIZE_MAX: u64 = 200_000;

/// A compiled regular expression of Java's dialect. Cheap to clone.
///
/// ```
/// use aql::text::{Case, JavaRegex, Replacement};
///
/// let regex = JavaRegex::new(r"(?<user>\w+)@corp\.example$", Case::Sensitive)?;
/// assert_eq!(regex.find("from anna@corp.example"), Some(5..22));
/// let replacement = Replacement::new("${user}", &regex)?;
/// assert_eq!(regex.replace_all("from anna@corp.example", &replacement), "from anna");
/// # Ok::<(), aql::text::PatternError>(())
/// ```
#[derive(Clone, Debug)]
pub struct JavaRegex {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    text: String,
    case: Case,
    groups: usize,
    names: Vec<(String, usize)>,
    whole: Program,
    /// The expression without outer `.*`, which is found in the same values; none when there is no difference.
    decisive: Option<Program>,
    /// Computed once asked for: it takes as long as compiling.
    required_literals: OnceLock<Option<Vec<String>>>,
    budget_exceeded: AtomicU64,
}

/// Where the groups of a match lie; group 0 is the whole match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captures {
    pub(self) ranges: Vec<Option<Range<usize>>>,
}

impl Captures {
    /// The range of a group in the value; none when it took no part in the match.
    pub fn get(&self, group: usize) -> Option<Range<usize>> {
        self.ranges.get(group).cloned().flatten()
    }
}

impl JavaRegex {
    /// Parses an expression. `Case::Insensitive` sets the flags `(?iu)`; the other cases set none. Errors name the place
    /// in `text`.
    pub fn new(text: &str, case: Case) -> Result<Self, PatternError> {
        let whole = Span::new(0, text.len());
        if text.len() > PATTERN_BYTES_MAX {
            let reason =
                format!("a regular expression of {} bytes is above the limit of {PATTERN_BYTES_MAX}", text.len());
            return Err(PatternError::new(whole, reason));
        }
        // The values are lower-cased, not the expression.
        let case = if case == Case::Lowered { Case::Sensitive } else { case };
        if let Some(inner) = known::find(text, case) {
            return Ok(Self { inner });
        }
        let insensitive = case == Case::Insensitive;
        let flags = Flags { case_insensitive: insensitive, unicode_case: insensitive, ..Flags::default() };
        let mut parsed = parser::parse(text, flags)?;
        parsed.node.resolve_references(parsed.groups);
        if parsed.node.refers_to_itself(&mut Vec::new(), &mut 0) {
            return Err(PatternError::new(whole, "a group that refers to itself is not supported"));
        }
        let size = emit::size(&parsed.node);
        if size > SIZE_MAX {
            let error =
                PatternError::new(whole, "the regular expression is too big once its repetitions are written out");
            return Err(error.with_help("lower the counts in `{n,m}`"));
        }
        let decisive = parsed.node.without_outer_runs().map(Program::new).transpose();
        let compiled = Program::new(parsed.node).and_then(|whole| Ok((whole, decisive?)));
        let (whole_program, decisive) = compiled.map_err(|reason| PatternError::new(whole, reason))?;
        let inner = Inner {
            text: text.to_owned(),
            case,
            groups: parsed.groups,
            names: parsed.names,
            whole: whole_program,
            decisive,
            required_literals: OnceLock::new(),
            budget_exceeded: AtomicU64::new(0),
        };
        let inner = Arc::new(inner);
        known::add(&inner);
        Ok(Self { inner })
    }

    /// The expression as written.
    pub fn as_str(&self) -> &str {
        &self.inner.text
    }

    /// A text on which a backtracking search, such as Java's, takes time that grows exponentially with its length; none
    /// where no such text was found. Computed at each call.
    pub fn attack(&self) -> Option<Attack> {
        attack::attack(&self.inner.whole.node)
    }

    /// The number of groups, without the whole match.
    pub fn groups(&self) -> usize {
        self.inner.groups
    }

    /// The number of a named group.
    pub fn group_number(&self, name: &str) -> Option<usize> {
        self.inner.names.iter().find(|(known, _)| known == name).map(|&(_, number)| number)
    }

    /// Whether it is found anywhere in the value.
    pub fn is_match(&self, value: &str) -> bool {
        self.run(self.decisive(), value, false, |engine| engine.is_match(value))
    }

    /// The first match.
    pub fn find(&self, value: &str) -> Option<Range<usize>> {
        self.run(&self.inner.whole, value, None, |engine| engine.find_at(value, 0))
    }

    /// The first match of the expression without a run of any character, such as `.*`, at its start and end: what a
    /// reader wants to see of the value. Found whenever [`Self::find`] finds.
    pub fn find_decisive(&self, value: &str) -> Option<Range<usize>> {
        self.run(self.decisive(), value, None, |engine| engine.find_at(value, 0))
    }

    /// Texts of which every match contains one, in the sense of [`super::is_candidate`]. None where there are none.
    pub fn required_literals(&self) -> Option<Vec<String>> {
        let computed = || literals::required_literals(self.inner.whole.node());
        self.inner.required_literals.get_or_init(computed).clone()
    }

    /// The first match with its groups.
    pub fn captures(&self, value: &str) -> Option<Captures> {
        self.captures_at(value, 0)
    }

    /// The value with every match replaced (`Matcher.replaceAll`).
    pub fn replace_all<'v>(&self, value: &'v str, replacement: &Replacement) -> Cow<'v, str> {
        self.replace(value, replacement, usize::MAX)
    }

    /// The value with the first match replaced (`Matcher.replaceFirst`).
    pub fn replace_first<'v>(&self, value: &'v str, replacement: &Replacement) -> Cow<'v, str> {
        self.replace(value, replacement, 1)
    }

    /// How many calls gave up because the backtracking budget was used up; they count as no match. Of all uses of an
    /// expression together, while one of them lives.
    pub fn budget_exceeded(&self) -> u64 {
        self.inner.budget_exceeded.load(Ordering::Relaxed)
    }

    fn captures_at(&self, value: &str, start: usize) -> Option<Captures> {
        let captures = self.run(&self.inner.whole, value, None, |engine| engine.captures_at(value, start));
        captures.map(|ranges| Captures { ranges })
    }

    fn replace<'v>(&self, value: &'v str, replacement: &Replacement, count: usize) -> Cow<'v, str> {
        let mut result = String::new();
        let (mut copied, mut search_from, mut replaced) = (0, 0, 0);
        while replaced < count
            && search_from <= value.len()
            && let Some(captures) = self.captures_at(value, search_from)
            && let Some(range) = captures.get(0)
        {
            result.push_str(&value[copied..range.start]);
            replacement.expand(value, &captures, &mut result);
            copied = range.end;
            replaced += 1;
            // As in Java, the search goes on where the match ended, one character later after an empty match.
            let step = if range.is_empty() { value[range.end..].chars().next().map_or(1, char::len_utf8) } else { 0 };
            search_from = range.end + step;
        }
        if replaced == 0 {
            return Cow::Borrowed(value);
        }
        result.push_str(&value[copied..]);
        Cow::Owned(result)
    }

    fn decisive(&self) -> &Program {
        self.inner.decisive.as_ref().unwrap_or(&self.inner.whole)
    }

    fn run<T: Clone>(
        &self,
        program: &Program,
        value: &str,
        none: T,
        run: impl FnOnce(&Engine) -> Result<T, BudgetExceeded>,
    ) -> T {
        program.run(value, none.clone(), run).unwrap_or_else(|_| {
            self.inner.budget_exceeded.fetch_add(1, Ordering::Relaxed);
            none
        })
    }
}

impl PartialEq for JavaRegex {
    fn eq(&self, other: &Self) -> bool {
        self.inner.text == other.inner.text && self.inner.case == other.inner.case
    }
}

impl Eq for JavaRegex {}
