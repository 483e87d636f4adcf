//! The search for a text that some languages hold and others do not: breadth first over the states of all automata at
//! once, so the text found is one of the shortest.

use std::collections::{HashMap, HashSet, VecDeque};

use super::alphabet::{Alphabet, Kind};
use super::{Language, Position, Ranges, State};

/// The most combinations of states of one search.
const COMBINATIONS_MAX: usize = 20_000;
/// The set of states that accepts whatever follows.
const ALL: u32 = 0;
/// The set of states that accepts nothing.
const NOTHING: u32 = 1;

/// A step that was not taken yet.
const NOT_KNOWN: u32 = u32::MAX;
/// How many kinds of character are told apart.
const KINDS: usize = 6;

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Member {
    /// A text that all required languages hold and no forbidden one.
    Found(String),
    /// There is none.
    Empty,
    /// The search was given up.
    Undecided,
}

/// Looks for a text of the allowed characters that every required language holds and no forbidden one. Takes its work
/// from `steps`, one for each state looked at, and gives up when none is left.
pub(crate) fn member(
    required: &[&Language],
    forbidden: &[&Language],
    allowed: Option<&Ranges>,
    steps: &mut u64,
) -> Member {
    let languages: Vec<&Language> = required.iter().chain(forbidden).copied().collect();
    let (alphabet, work) = Alphabet::new(&languages, allowed);
    *steps = steps.saturating_sub(work);
    let states: usize = languages.iter().map(|it| it.states.len()).sum();
    *steps = steps.saturating_sub(states as u64 / 8);
    let runners = languages.iter().map(|it| Runner::new(it, &alphabet)).collect();
    Walk { alphabet: &alphabet, runners, required: required.len(), places: Vec::new(), seen: HashSet::new() }.run(steps)
}

/// Where all automata stand, and how the walk came there.
struct Place {
    sets: Box<[u32]>,
    before: Kind,
    from: usize,
    symbol: usize,
}

struct Walk<'a> {
    alphabet: &'a Alphabet,
    runners: Vec<Runner<'a>>,
    /// So many of the runners are of required languages.
    required: usize,
    places: Vec<Place>,
    seen: HashSet<(Box<[u32]>, Kind)>,
}

impl Walk<'_> {
    fn run(mut self, steps: &mut u64) -> Member {
        let positional = self.runners.iter().any(|it| it.language.positional);
        let start: Box<[u32]> = self.runners.iter_mut().map(|it| it.start(steps)).collect();
        self.places.push(Place { sets: start, before: Kind::None, from: 0, symbol: 0 });
        let mut queue = VecDeque::from([0]);
        while let Some(at) = queue.pop_front() {
            if self.accepts(at, steps) {
                return Member::Found(self.text(at));
            }
            for symbol in 0..self.alphabet.characters.len() {
                if *steps == 0 || self.places.len() > COMBINATIONS_MAX {
                    return Member::Undecided;
                }
                let before = if positional { self.alphabet.kinds[symbol] } else { Kind::None };
                let Some(sets) = self.next(at, symbol, steps) else { continue };
                if self.seen.insert((sets.clone(), before)) {
                    queue.push_back(self.places.len());
                    self.places.push(Place { sets, before, from: at, symbol });
                }
            }
        }
        Member::Empty
    }

    /// Where all stand after a symbol; none where no text can be found any more.
    fn next(&mut self, at: usize, symbol: usize, steps: &mut u64) -> Option<Box<[u32]>> {
        let place = &self.places[at];
        let mut sets = Vec::with_capacity(place.sets.len());
        for (index, (runner, set)) in self.runners.iter_mut().zip(&place.sets).enumerate() {
            let next = runner.step(*set, place.before, symbol, steps);
            let is_lost = if index < self.required { next == NOTHING } else { next == ALL };
            if is_lost {
                return None;
            }
            sets.push(next);
        }
        Some(sets.into_boxed_slice())
    }

    fn accepts(&mut self, at: usize, steps: &mut u64) -> bool {
        let place = &self.places[at];
        let mut accepts = |(index, (runner, set)): (usize, (&mut Runner<'_>, &u32))| {
            runner.accepts(*set, place.before, steps) == (index < self.required)
        };
        self.runners.iter_mut().zip(&place.sets).enumerate().all(&mut accepts)
    }

    fn text(&self, mut at: usize) -> String {
        let mut characters = Vec::new();
        while at != 0 {
            characters.push(self.alphabet.characters[self.places[at].symbol]);
            at = self.places[at].from;
        }
        characters.iter().rev().collect()
    }
}

/// One automaton, made deterministic as far as the walk goes. A set of states is closed where no position is tested,
/// else it is closed when the characters on both sides are known.
struct Runner<'a> {
    language: &'a Language,
    alphabet: &'a Alphabet,
    members: Vec<Vec<bool>>,
    sets: Vec<Vec<u32>>,
    ids: HashMap<Vec<u32>, u32>,
    /// By set and character before it: the next set for each symbol, where it is known.
    steps: Vec<Box<[u32]>>,
    /// Per state, the closing that saw it last.
    marks: Vec<u32>,
    mark: u32,
}

impl<'a> Runner<'a> {
    fn new(language: &'a Language, alphabet: &'a Alphabet) -> Self {
        Self {
            language,
            alphabet,
            members: language.classes.iter().map(|it| alphabet.members(it)).collect(),
            sets: vec![Vec::new(), Vec::new()],
            ids: HashMap::new(),
            steps: Vec::new(),
            marks: vec![0; language.states.len()],
            mark: 0,
        }
    }

    fn start(&mut self, steps: &mut u64) -> u32 {
        self.known(vec![self.language.start], steps)
    }

    /// The number of a set that is not yet closed.
    fn known(&mut self, mut states: Vec<u32>, steps: &mut u64) -> u32 {
        if !self.language.positional {
            let closed = self.closed(&states, Kind::None, None, steps);
            if self.has_all(&closed) {
                return ALL;
            }
            states = closed;
        }
        if states.is_empty() {
            return NOTHING;
        }
        states.sort_unstable();
        states.dedup();
        if let Some(id) = self.ids.get(&states) {
            return *id;
        }
        let id = self.sets.len() as u32;
        self.ids.insert(states.clone(), id);
        self.sets.push(states);
        id
    }

    fn step(&mut self, set: u32, before: Kind, symbol: usize, steps: &mut u64) -> u32 {
        if set == ALL || set == NOTHING {
            return set;
        }
        *steps = steps.saturating_sub(1);
        let row = set as usize * KINDS + before as usize;
        if let Some(known) = self.steps.get(row).and_then(|it| it.get(symbol)).filter(|it| **it != NOT_KNOWN) {
            return *known;
        }
        let closed = if self.language.positional {
            let states = std::mem::take(&mut self.sets[set as usize]);
            let closed = self.closed(&states, before, Some(self.alphabet.kinds[symbol]), steps);
            self.sets[set as usize] = states;
            closed
        } else {
            self.sets[set as usize].clone()
        };
        let next = if self.has_all(&closed) {
            ALL
        } else {
            let targets = closed.iter().filter_map(|it| match &self.language.states[*it as usize] {
                State::Class(class, next) if self.members[*class as usize][symbol] => Some(*next),
                _ => None,
            });
            let targets = targets.collect();
            self.known(targets, steps)
        };
        if self.steps.len() <= row {
            self.steps.resize(row + 1, Box::default());
        }
        if self.steps[row].is_empty() {
            self.steps[row] = vec![NOT_KNOWN; self.alphabet.characters.len()].into();
        }
        self.steps[row][symbol] = next;
        next
    }

    fn accepts(&mut self, set: u32, before: Kind, steps: &mut u64) -> bool {
        if set == ALL || set == NOTHING {
            return set == ALL;
        }
        let states = std::mem::take(&mut self.sets[set as usize]);
        let closed = self.closed(&states, before, Some(Kind::None), steps);
        self.sets[set as usize] = states;
        closed.iter().any(|it| matches!(self.language.states[*it as usize], State::All | State::End))
    }

    fn has_all(&self, states: &[u32]) -> bool {
        states.iter().any(|it| matches!(self.language.states[*it as usize], State::All))
    }

    /// The states that read a character or accept, reached without reading one.
    fn closed(&mut self, states: &[u32], before: Kind, after: Option<Kind>, steps: &mut u64) -> Vec<u32> {
        self.mark += 1;
        let mut closed = Vec::with_capacity(states.len());
        let mut open = states.to_vec();
        while let Some(state) = open.pop() {
            if std::mem::replace(&mut self.marks[state as usize], self.mark) == self.mark {
                continue;
            }
            *steps = steps.saturating_sub(1);
            match &self.language.states[state as usize] {
                State::Split(targets) => open.extend(targets),
                State::Assert(position, next) => {
                    if after.is_some_and(|after| position.holds(before, after)) {
                        open.push(*next);
                    }
                }
                State::Class(..) | State::All | State::End => closed.push(state),
            }
        }
        closed
    }
}

impl Position {
    /// Whether it holds between two characters; [`Kind::None`] is the start or the end.
    fn holds(self, before: Kind, after: Kind) -> bool {
        let is_line_end = |it| matches!(it, Kind::Return | Kind::Newline | Kind::LineEnd);
        match self {
            Self::Start => before == Kind::None,
            Self::End => after == Kind::None,
            Self::LineStart { unix: true } => after != Kind::None && matches!(before, Kind::None | Kind::Newline),
            Self::LineStart { unix: false } => {
                after != Kind::None
                    && (matches!(before, Kind::None | Kind::Newline | Kind::LineEnd)
                        || before == Kind::Return && after != Kind::Newline)
            }
            Self::LineEnd { unix: true } => matches!(after, Kind::None | Kind::Newline),
            Self::LineEnd { unix: false } => {
                after == Kind::None || is_line_end(after) && !(before == Kind::Return && after == Kind::Newline)
            }
            Self::WordBoundary => (before == Kind::Word) != (after == Kind::Word),
            Self::NoWordBoundary => (before == Kind::Word) == (after == Kind::Word),
            Self::NotAfterReturn => before != Kind::Return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::language::Space;
    use crate::text::{Case, Pattern, TextMatcher};

    /// Reads `like a%`, `ilike`, `lower`, `matches`, `imatches`, `=`.
    fn pattern(text: &str) -> (Pattern, Case) {
        let (operator, text) = text.split_once(' ').expect("an operator and a text");
        let text = text.to_owned();
        match operator {
            "=" => (Pattern::Equal(text), Case::Sensitive),
            "like" => (Pattern::Like(text), Case::Sensitive),
            "ilike" => (Pattern::Like(text), Case::Insensitive),
            "lower" => (Pattern::Like(text), Case::Lowered),
            "matches" => (Pattern::Regex(text), Case::Sensitive),
            _ => (Pattern::Regex(text), Case::Insensitive),
        }
    }

    fn found(required: &[&str], forbidden: &[&str]) -> Member {
        let language = |text: &&str| {
            let (pattern, case) = pattern(text);
            Language::of([&pattern], case, Space::Values).expect("has a language")
        };
        let (yes, no): (Vec<Language>, Vec<Language>) =
            (required.iter().map(language).collect(), forbidden.iter().map(language).collect());
        let found = member(&yes.iter().collect::<Vec<_>>(), &no.iter().collect::<Vec<_>>(), None, &mut 1_000_000);
        if let Member::Found(text) = &found {
            for (texts, expected) in [(required, true), (forbidden, false)] {
                for it in texts {
                    let (pattern, case) = pattern(it);
                    let matcher = TextMatcher::new(&[pattern], case).expect("compiles");
                    assert_eq!(matcher.is_match(text), expected, "{it} on {text:?}");
                }
            }
        }
        found
    }

    #[test]
    fn what_no_text_can_be() {
        let cases: [(&[&str], &[&str]); 16] = [
            (&["like %abc%"], &["like %b%"]),
            (&["like %abc%"], &["ilike %BC%"]),
            (
                &["ilike %sc.exe%create%"],
                &[
                    "imatches sc\\.exe.*create",
                    "like %\n%",
                    "like %\r%",
                    "like %\u{85}%",
                    "like %\u{2028}%",
                    "like %\u{2029}%",
                ],
            ),
            (&["like a%", "like b%"], &[]),
            (
                &["like __", "matches ^...$"],
                &["like %\n", "like %\r", "like %\u{85}", "like %\u{2028}", "like %\u{2029}"],
            ),
            (&["= abc"], &["matches b"]),
            (&["matches ^a+$"], &["matches ^(a|aa)+$"]),
            (&["matches \\bfoo\\b"], &["matches foo"]),
            (&["matches ^[0-9]{3}$"], &["matches ^\\d+$"]),
            (&["lower %abc%"], &["ilike %abc%"]),
            (&["like %K%"], &["lower %k%"]),
            (&["lower %K%"], &[]),
            (&["matches a$"], &["matches a[\\r\\n\\x85\\u2028\\u2029]*\\z"]),
            (&["matches (?m)^a"], &["matches (?m)(\\A|[\\n\\r\\x85\\u2028\\u2029])a"]),
            (&["like %"], &["like %"]),
            (&["imatches ^\\\\\\\\"], &["like \\\\%"]),
        ];
        for (required, forbidden) in cases {
            assert_eq!(found(required, forbidden), Member::Empty, "{required:?} without {forbidden:?}");
        }
    }

    #[test]
    fn what_some_text_is() {
        let cases: [(&[&str], &[&str]); 9] = [
            (&["like %b%"], &["like %abc%"]),
            (&["ilike %k%"], &["like %k%", "like %K%"]),
            (&["ilike %s%"], &["lower %s%"]),
            (&["like %\\temp\\%", "like %.exe"], &["like %windows%"]),
            (&["matches a$"], &["like %a"]),
            (&["matches \\Bfoo"], &["matches \\bfoo"]),
            (&["matches ^(?i)\u{e9}$"], &[]),
            (&["matches [^\\x00-\\x7f]"], &["like %\u{80}%"]),
            (&["lower a%"], &["like a%"]),
        ];
        for (required, forbidden) in cases {
            assert!(matches!(found(required, forbidden), Member::Found(_)), "{required:?} without {forbidden:?}");
        }
    }
}
