//! Tests of text: which of them some text passes together. Texts that the patterns suggest are tried first, by the
//! matchers that evaluation uses; automata decide the rest.

use std::collections::HashMap;
use std::rc::Rc;

use crate::text::language::{Language, Member, Space, awkward_when_lowered, member, unchanged_by_lowering};
use crate::text::{Case, Pattern, TextMatcher};

/// The most texts of one test that are tried.
const SAMPLES_MAX: usize = 64;
/// The most combinations of texts that are tried.
const COMBINATIONS_MAX: usize = 512;
/// The most pairs of tests that are looked at before all together.
const PAIRS_MAX: usize = 24;
/// The most steps that finding a text for one regular expression takes.
const SAMPLE_STEPS_MAX: u64 = 20_000;
/// Stands for any run of characters where one pattern is held against others.
const ANY_RUN: char = '\u{10fffe}';
/// Stands for any one character there.
const ANY_ONE: char = '\u{10ffff}';

/// A test by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TestId(u32);

/// Patterns of one case, any of which may match.
#[derive(Debug)]
struct Part {
    patterns: Vec<Pattern>,
    case: Case,
    matcher: TextMatcher,
    /// Those of the patterns against which another pattern can be held.
    cover: TextMatcher,
}

impl Part {
    /// None where a pattern cannot be run.
    fn new(patterns: Vec<Pattern>, case: Case) -> Option<Self> {
        let matcher = TextMatcher::new(&patterns, case).ok()?;
        let is_plain = |it: &&Pattern| match it {
            Pattern::Regex(_) => false,
            Pattern::Equal(text) => !text.contains([ANY_RUN, ANY_ONE]),
            Pattern::Like(text) => !text.contains(['_', ANY_RUN, ANY_ONE]),
        };
        let plain: Vec<Pattern> = patterns.iter().filter(is_plain).cloned().collect();
        let cover = TextMatcher::new(&plain, case).ok()?;
        Some(Self { patterns, case, matcher, cover })
    }
}

/// Parts of which any may match.
#[derive(Debug)]
struct TextTest {
    parts: Vec<Rc<Part>>,
    /// All texts that pass, when these are few.
    texts: Option<Rc<Vec<String>>>,
    samples: Option<Rc<Vec<String>>>,
    /// By space; none where there is no language.
    languages: HashMap<Space, Option<Rc<Language>>>,
}

/// What is known of the texts that pass some tests and fail others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// This one does.
    Text(String),
    /// None does.
    Nothing,
    /// Not known.
    Undecided,
}

/// Looks for a text that all of the first languages hold and none of the others.
type SearchFunction<'f> = &'f dyn Fn(&[&Language], &[&Language], &mut u64) -> Member;

/// All tests of a [`super::Reachability`], each known once.
#[derive(Debug, Default)]
pub(super) struct TextTests {
    list: Vec<TextTest>,
    by_patterns: HashMap<(Vec<Pattern>, Case), TestId>,
    by_tests: HashMap<Vec<TestId>, TestId>,
    found: HashMap<Vec<(TestId, bool)>, Found>,
    samples: HashMap<(Pattern, Case), Option<String>>,
    single: HashMap<(Pattern, Case, Space), Option<Rc<Language>>>,
}

impl TextTests {
    /// The test of these patterns; none where one cannot be run.
    pub(super) fn of(&mut self, patterns: Vec<Pattern>, case: Case) -> Option<TestId> {
        let key = (patterns, case);
        if let Some(known) = self.by_patterns.get(&key) {
            return Some(*known);
        }
        let id = self.add(vec![Rc::new(Part::new(key.0.clone(), case)?)]);
        self.by_patterns.insert(key, id);
        Some(id)
    }

    /// The test that any of these tests passes.
    pub(super) fn any(&mut self, tests: &[TestId]) -> TestId {
        let mut tests = tests.to_vec();
        tests.sort_unstable();
        tests.dedup();
        if let [only] = tests.as_slice() {
            return *only;
        }
        if let Some(known) = self.by_tests.get(&tests) {
            return *known;
        }
        let mut by_case: Vec<(Case, Vec<Pattern>)> = Vec::new();
        for part in tests.iter().flat_map(|it| &self.list[it.0 as usize].parts) {
            match by_case.iter_mut().find(|(case, _)| *case == part.case) {
                Some((_, patterns)) => patterns.extend(part.patterns.iter().cloned()),
                None => by_case.push((part.case, part.patterns.clone())),
            }
        }
        let parts = by_case.into_iter().filter_map(|(case, patterns)| Part::new(patterns, case).map(Rc::new));
        let parts = parts.collect();
        let id = self.add(parts);
        self.by_tests.insert(tests, id);
        id
    }

    fn add(&mut self, parts: Vec<Rc<Part>>) -> TestId {
        let exact = |it: &Pattern| match it {
            Pattern::Equal(text) => Some(text.clone()),
            Pattern::Like(text) if !text.contains(['%', '_']) => Some(text.clone()),
            _ => None,
        };
        let texts = |part: &Rc<Part>| {
            let is_exact = part.case == Case::Sensitive;
            if is_exact { part.patterns.iter().map(exact).collect::<Option<Vec<String>>>() } else { None }
        };
        let texts = parts.iter().map(texts).collect::<Option<Vec<_>>>().map(|it| Rc::new(it.concat()));
        self.list.push(TextTest { parts, texts, samples: None, languages: HashMap::new() });
        TestId(self.list.len() as u32 - 1)
    }

    /// Whether a text passes.
    pub(super) fn passes(&self, test: TestId, value: &str) -> bool {
        self.list[test.0 as usize].parts.iter().any(|it| it.matcher.is_match(value))
    }

    /// All texts that pass, when the test names them.
    pub(super) fn texts(&self, test: TestId) -> Option<Rc<Vec<String>>> {
        self.list[test.0 as usize].texts.clone()
    }

    /// Looks for a text that passes all tests said to pass, and none of the others.
    pub(super) fn find(&mut self, tests: &[(TestId, bool)], steps: &mut u64) -> Found {
        let mut key = tests.to_vec();
        key.sort_unstable();
        key.dedup();
        if let Some(known) = self.found.get(&key) {
            return known.clone();
        }
        let found = self.search(&key, steps);
        self.found.insert(key, found.clone());
        found
    }

    fn search(&mut self, tests: &[(TestId, bool)], steps: &mut u64) -> Found {
        if tests.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return Found::Nothing;
        }
        let named = tests.iter().filter(|(_, passes)| *passes).find_map(|(test, _)| self.texts(*test));
        if let Some(texts) = named {
            *steps = steps.saturating_sub((texts.len() * tests.len()) as u64);
            let found = texts.iter().find(|it| self.is_found(tests, it));
            return found.map_or(Found::Nothing, |it| Found::Text(it.clone()));
        }
        if let Some(text) = self.guess(tests, steps) {
            return Found::Text(text);
        }
        if tests.len() > 1 && self.has_quick_contradiction(tests, steps) {
            return Found::Nothing;
        }
        self.decide(tests, steps)
    }

    /// Whether one test, or two together, are already too much: cheaper to find out than for all at once.
    fn has_quick_contradiction(&mut self, tests: &[(TestId, bool)], steps: &mut u64) -> bool {
        if tests.iter().any(|it| self.find(&[*it], steps) == Found::Nothing) {
            return true;
        }
        if tests.len() == 2 {
            return false;
        }
        let wanted = tests.iter().filter(|(_, passes)| *passes);
        let pairs: Vec<[(TestId, bool); 2]> = wanted
            .flat_map(|one| tests.iter().filter(move |it| *it > one || !it.1).map(move |other| [*one, *other]))
            .take(PAIRS_MAX)
            .collect();
        pairs.iter().any(|pair| self.find(pair, steps) == Found::Nothing)
    }

    fn is_found(&self, tests: &[(TestId, bool)], text: &str) -> bool {
        tests.iter().all(|(test, passes)| self.passes(*test, text) == *passes)
    }

    /// A text that the patterns suggest and that is one.
    fn guess(&mut self, tests: &[(TestId, bool)], steps: &mut u64) -> Option<String> {
        let wanted: Vec<TestId> = tests.iter().filter(|(_, passes)| *passes).map(|(test, _)| *test).collect();
        let samples: Vec<Rc<Vec<String>>> = wanted.iter().map(|it| self.samples_of(*it, steps)).collect();
        let plain = ["", "a", "0", "zq", "~"].map(str::to_owned);
        let mut tried = 0;
        let mut is_one = |text: &String| {
            tried += 1;
            tried <= COMBINATIONS_MAX && self.is_found(tests, text)
        };
        let singles = samples.iter().flat_map(|it| it.iter()).chain(&plain);
        if let Some(found) = singles.into_iter().find(|it| is_one(it)) {
            return Some(found.clone());
        }
        if samples.len() < 2 {
            return None;
        }
        // One text for each test, one after the other; those that must stand at an end go there.
        let firsts: Vec<&[String]> = samples.iter().map(|it| &it[..it.len().min(4)]).collect();
        let mut combined = vec![Vec::new()];
        for texts in firsts {
            let extended = combined.iter().flat_map(|before: &Vec<&String>| {
                texts.iter().map(move |it| before.iter().copied().chain([it]).collect::<Vec<&String>>())
            });
            combined = extended.take(COMBINATIONS_MAX).collect();
        }
        let forward =
            |texts: &Vec<&String>, gap: &str| texts.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(gap);
        let backward =
            |texts: &Vec<&String>, gap: &str| texts.iter().rev().map(|it| it.as_str()).collect::<Vec<_>>().join(gap);
        let joined = combined.iter().map(|it| forward(it, " ")).chain(combined.iter().map(|it| backward(it, " ")));
        let joined = joined.chain(combined.iter().map(|it| forward(it, "")));
        let mut joined = joined.chain(combined.iter().map(|it| backward(it, "")));
        joined.find(|it| is_one(it))
    }

    /// Whether the wide test passes what the narrow one's patterns suggest: it cannot cover it otherwise.
    pub(super) fn is_likely_covered(&mut self, wide: TestId, narrow: TestId, steps: &mut u64) -> bool {
        let samples = self.samples_of(narrow, steps);
        samples.iter().all(|it| self.passes(wide, it))
    }

    /// A text for each pattern of a test.
    fn samples_of(&mut self, test: TestId, steps: &mut u64) -> Rc<Vec<String>> {
        if let Some(known) = &self.list[test.0 as usize].samples {
            return Rc::clone(known);
        }
        let patterns: Vec<(Pattern, Case)> = self.list[test.0 as usize]
            .parts
            .iter()
            .flat_map(|part| part.patterns.iter().map(|it| (it.clone(), part.case)))
            .take(SAMPLES_MAX)
            .collect();
        let samples = patterns.into_iter().filter_map(|(pattern, case)| self.sample(pattern, case, steps)).collect();
        let samples = Rc::new(samples);
        self.list[test.0 as usize].samples = Some(Rc::clone(&samples));
        samples
    }

    /// A text that the pattern probably matches.
    fn sample(&mut self, pattern: Pattern, case: Case, steps: &mut u64) -> Option<String> {
        match &pattern {
            Pattern::Equal(text) => return Some(text.clone()),
            Pattern::Like(text) => return Some(text.replace('%', "").replace('_', "a")),
            Pattern::Regex(_) => {}
        }
        if let Some(known) = self.samples.get(&(pattern.clone(), case)) {
            return known.clone();
        }
        let space = if case == Case::Lowered { Space::Lowered } else { Space::Values };
        let language = self.single(&pattern, case, space);
        let mut budget = SAMPLE_STEPS_MAX.min(*steps);
        let before = budget;
        let found = language.map(|it| member(&[&it], &[], None, &mut budget));
        *steps -= before - budget;
        let sample = if let Some(Member::Found(text)) = found { Some(text) } else { None };
        self.samples.insert((pattern, case), sample.clone());
        sample
    }

    fn single(&mut self, pattern: &Pattern, case: Case, space: Space) -> Option<Rc<Language>> {
        let make = || Language::of([pattern], case, space).map(Rc::new);
        self.single.entry((pattern.clone(), case, space)).or_insert_with(make).clone()
    }

    /// The languages of a test, one for each case; none where a part has no language.
    fn language(&mut self, test: TestId, space: Space) -> Option<Rc<Language>> {
        let test = &mut self.list[test.0 as usize];
        let parts = &test.parts;
        let make = || Language::any(parts.iter().map(|it| (it.patterns.as_slice(), it.case)), space).map(Rc::new);
        test.languages.entry(space).or_insert_with(make).clone()
    }

    /// By automata.
    fn decide(&mut self, tests: &[(TestId, bool)], steps: &mut u64) -> Found {
        let cases = || tests.iter().flat_map(|(test, _)| &self.list[test.0 as usize].parts).map(|it| it.case);
        if cases().all(|it| it == Case::Lowered) {
            let allowed = unchanged_by_lowering();
            return self.walk(
                tests,
                Space::Lowered,
                &|required, forbidden, steps| member(required, forbidden, Some(&allowed), steps),
                steps,
            );
        }
        if cases().all(|it| it != Case::Lowered) {
            return self.walk(
                tests,
                Space::Values,
                &|required, forbidden, steps| member(required, forbidden, None, steps),
                steps,
            );
        }
        self.decide_mixed(tests, steps)
    }

    /// Tests of the text and of its lower case together. The few characters that are awkward to lower are looked at
    /// apart, without the tests of the lower case.
    fn decide_mixed(&mut self, tests: &[(TestId, bool)], steps: &mut u64) -> Found {
        let awkward = Language::holding(awkward_when_lowered());
        let Some(awkward) = awkward else { return Found::Undecided };
        let plain = self.walk(
            tests,
            Space::Values,
            &|required, forbidden, steps| {
                let forbidden: Vec<&Language> = forbidden.iter().copied().chain([&awkward]).collect();
                member(required, &forbidden, None, steps)
            },
            steps,
        );
        if plain != Found::Nothing {
            return plain;
        }
        let is_of_values = |test: TestId| self.list[test.0 as usize].parts.iter().all(|it| it.case != Case::Lowered);
        let rest: Vec<(TestId, bool)> = tests.iter().copied().filter(|(test, _)| is_of_values(*test)).collect();
        let with_awkward = self.walk(
            &rest,
            Space::Values,
            &|required, forbidden, steps| {
                let required: Vec<&Language> = required.iter().copied().chain([&awkward]).collect();
                member(&required, forbidden, None, steps)
            },
            steps,
        );
        if with_awkward == Found::Nothing { Found::Nothing } else { Found::Undecided }
    }

    /// Looks through the languages, the patterns of one required test one by one.
    fn walk(&mut self, tests: &[(TestId, bool)], space: Space, search: SearchFunction<'_>, steps: &mut u64) -> Found {
        let count = |test: TestId, tests: &Self| {
            tests.list[test.0 as usize].parts.iter().map(|it| it.patterns.len()).sum::<usize>()
        };
        let split = tests.iter().filter(|(_, passes)| *passes).map(|(test, _)| *test).min_by_key(|it| count(*it, self));
        let others: Vec<(TestId, bool)> = tests.iter().copied().filter(|(test, _)| Some(*test) != split).collect();
        let (mut required, mut forbidden): (Vec<Rc<Language>>, Vec<Rc<Language>>) = (Vec::new(), Vec::new());
        for (test, passes) in &others {
            match self.language(*test, space) {
                Some(language) if *passes => required.push(language),
                Some(language) => forbidden.push(language),
                // A text that is found is tested; that there is none does not need it.
                None => {}
            }
        }
        let patterns: Vec<Option<(Pattern, Case)>> = match split {
            None => vec![None],
            Some(test) => {
                let parts = self.list[test.0 as usize].parts.iter();
                parts.flat_map(|part| part.patterns.iter().map(|it| Some((it.clone(), part.case)))).collect()
            }
        };
        let mut undecided = false;
        for pattern in patterns {
            if *steps == 0 {
                return Found::Undecided;
            }
            if let Some((pattern, case)) = &pattern
                && self.is_covered(pattern, *case, &others)
            {
                *steps = steps.saturating_sub(1);
                continue;
            }
            let language = pattern.as_ref().map(|(pattern, case)| self.single(pattern, *case, space));
            let required: Vec<&Language> = language.iter().flatten().chain(&required).map(|it| &**it).collect();
            let forbidden: Vec<&Language> = forbidden.iter().map(|it| &**it).collect();
            match search(&required, &forbidden, steps) {
                Member::Empty => {}
                Member::Found(text) if self.is_found(tests, &text) => return Found::Text(text),
                Member::Found(_) | Member::Undecided => undecided = true,
            }
        }
        if undecided { Found::Undecided } else { Found::Nothing }
    }

    /// Whether one of the tests that must fail passes whatever the pattern matches: a quick sufficient test.
    fn is_covered(&self, pattern: &Pattern, case: Case, others: &[(TestId, bool)]) -> bool {
        let text = match pattern {
            Pattern::Equal(text) => text.clone(),
            Pattern::Like(text) => text.replace('%', &ANY_RUN.to_string()).replace('_', &ANY_ONE.to_string()),
            Pattern::Regex(_) => return false,
        };
        let fits = |part: &Part| match (case, part.case) {
            (Case::Sensitive, Case::Lowered) => text.chars().all(|it| it.is_ascii() || it == ANY_RUN || it == ANY_ONE),
            (Case::Sensitive, _) => true,
            (one, other) => one == other,
        };
        let parts = others.iter().filter(|(_, passes)| !passes).flat_map(|(test, _)| &self.list[test.0 as usize].parts);
        let is_lowered = case == Case::Lowered;
        parts.filter(|it| fits(it)).any(|it| {
            // The text is already in lower case there, and stands for lower-cased values.
            !(is_lowered && text.to_lowercase() != text) && it.cover.is_match(&text)
        })
    }
}
