//! From the text of a page to a [`Detection`].

use aql::Compiled;
use syntax::{Diagnostic, Span};

use crate::c_style;
use crate::declared_but_unseen;
use crate::detection::{Detection, FencedQuery, Score, Section, Status};
use crate::front_matter;
use crate::heading::Heading;
use crate::page::{self, Page};
use crate::test::{self, Kind, Test};
use crate::variants;

/// What reading a page depends on beside its text.
pub type Options = aql::Options;

/// Reads a page. Everything wrong with it is said, with its place in the page; a detection is made when none of it is an
/// error.
pub fn read_page(file: &str, text: &str, options: &Options) -> (Option<Detection>, Vec<Diagnostic>) {
    read(file, text, options, false)
}

/// Reads a page as [`read_page`] does, and says all that can be said about its queries, the further ones too.
pub fn check_page(file: &str, text: &str, options: &Options) -> (Option<Detection>, Vec<Diagnostic>) {
    let (detection, mut diagnostics) = read(file, text, options, true);
    c_style::join(text, &mut diagnostics);
    diagnostics.sort_by_key(|it| it.span.start);
    (detection, diagnostics)
}

fn read(file: &str, text: &str, options: &Options, checks: bool) -> (Option<Detection>, Vec<Diagnostic>) {
    let (page, mut diagnostics) = page::parse(text);
    let Some(page) = page else { return (None, diagnostics) };
    let place = page.front_matter;
    let (values, front_matter_diagnostics) = front_matter::read(&text[place.start..place.end], place.start);
    diagnostics.extend(front_matter_diagnostics);

    let escapes = values.as_ref().map_or(aql::Escapes::Strict, |it| it.escapes);
    let options = Options { escapes, ..options.clone() };
    let (query, further_queries) = queries(text, &page, &mut diagnostics);
    let compile = |query: &FencedQuery| if checks { check(query, &options) } else { compile(query, &options) };
    let mut bound = None;
    if let Some(query) = &query {
        let compiled = compile(query);
        diagnostics.extend(compiled.diagnostics);
        bound = compiled.query;
    }
    for further in &further_queries {
        // Of these, reading says only what makes them impossible to run.
        let said = compile(further).diagnostics.into_iter().filter(|it| checks || it.is_error());
        diagnostics.extend(said);
    }
    let tests = tests(text, &page, &mut diagnostics);
    let may_lack_tests = values.as_ref().is_some_and(|it| it.origin.is_some() || it.status == Status::Experimental);
    diagnostics.extend(missing_tests(&page, may_lack_tests));
    if let (Some(values), Some(bound)) = (&values, &bound) {
        check_columns(values, bound, &tests, &mut diagnostics);
        if checks {
            diagnostics.extend(declared_but_unseen::find(values, bound, &options));
        }
    }
    if let Some(values) = &values {
        check_atomics(values, &tests, &mut diagnostics);
    }
    let detection = match (values, query, bound) {
        (Some(values), Some(query), Some(bound)) if !diagnostics.iter().any(Diagnostic::is_error) => Some(Detection {
            id: values.id,
            title: values.title,
            status: values.status,
            severity: values.severity,
            confidence: values.confidence,
            score: values.score.0,
            techniques: values.techniques,
            platforms: without_places(values.platforms),
            log_sources: without_places(values.log_sources),
            detection_strategies: values.detection_strategies,
            data_components: values.data_components,
            atomics: without_places(values.atomics),
            escapes: values.escapes,
            description: page.description,
            query,
            bound,
            further_queries,
            tests,
            sections: page.sections,
            file: file.to_owned(),
            author: values.author,
            date: values.date,
            origin: values.origin,
            tags: values.tags,
        }),
        _ => None,
    };
    (detection, diagnostics)
}

fn without_places(values: Vec<(String, Span)>) -> Vec<String> {
    values.into_iter().map(|(value, _)| value).collect()
}

/// A page shows by tests what it is worth. One that was imported, or is an experiment, is used without, with a warning.
fn missing_tests(page: &Page, may_lack_tests: bool) -> Option<Diagnostic> {
    if page.sections.iter().any(|it| it.heading == Heading::Tests) {
        return None;
    }
    let place = Span::new(page.front_matter.end, page.front_matter.end);
    let help = "add `## Tests` with events that must match and events that must not";
    Some(if may_lack_tests {
        Diagnostic::warning("untested", place, "the page has no tests").with_help(help)
    } else {
        Diagnostic::error("missing-heading", place, "the page has no `## Tests`").with_help(help)
    })
}

/// The one query of the page and all others.
fn queries(text: &str, page: &Page, diagnostics: &mut Vec<Diagnostic>) -> (Option<FencedQuery>, Vec<FencedQuery>) {
    let mut query = None;
    let mut further = Vec::new();
    for fence in page.fences.iter().filter(|it| it.info.split_whitespace().next() == Some("aql")) {
        let Some(heading) = fence.heading else {
            let message = "a query before the first heading";
            diagnostics
                .push(Diagnostic::error("misplaced-query", fence.span, message).with_help("move it under `## Query`"));
            continue;
        };
        let content = fence.content;
        let fenced = FencedQuery { heading, text: text[content.start..content.end].to_owned(), span: content };
        match heading {
            Heading::Query if query.is_some() => {
                let message = "a second query under `## Query`";
                let help = "a page has one query; further ones stand under `## Hunting queries`";
                diagnostics.push(Diagnostic::error("misplaced-query", fence.span, message).with_help(help));
            }
            Heading::Query => query = Some(fenced),
            _ => further.push(fenced),
        }
    }
    let section = page.sections.iter().find(|it| it.heading == Heading::Query);
    if let (None, Some(section)) = (&query, section) {
        let message = "no query under `## Query`";
        let help = "write it between a line ```aql and a line ```";
        diagnostics.push(Diagnostic::error("missing-query", section.span, message).with_help(help));
    }
    (query, further)
}

/// Compiles a query; what is said has its place in the page.
fn compile(query: &FencedQuery, options: &Options) -> Compiled {
    in_page(aql::compile(&query.text, options), query)
}

/// Compiles a query, and says what lints find in it.
fn check(query: &FencedQuery, options: &Options) -> Compiled {
    in_page(aql::compile_and_check(&query.text, options), query)
}

fn in_page(compiled: Compiled, query: &FencedQuery) -> Compiled {
    let shifted = compiled.diagnostics.into_iter().map(|it| it.shifted(query.span.start));
    Compiled { query: compiled.query, diagnostics: shifted.collect() }
}

/// How many tests of each kind a page should have: fewer show too little of where the line runs.
const TESTS_WANTED: [(Kind, usize); 3] = [(Kind::Attack, 2), (Kind::Evasion, 1), (Kind::Benign, 2)];

/// The tests of the page; at least one attack and one benign.
fn tests(text: &str, page: &Page, diagnostics: &mut Vec<Diagnostic>) -> Vec<Test> {
    let fences = page.fences.iter().filter(|it| it.heading == Some(Heading::Tests));
    let count = diagnostics.len();
    let tests: Vec<_> = fences.filter_map(|it| test::read(text, it, diagnostics)).collect();
    let tests = variants::resolve(tests, diagnostics);
    let section = page.sections.iter().find(|it| it.heading == Heading::Tests);
    if let (Some(section), true) = (section, diagnostics.len() == count) {
        for kind in [Kind::Attack, Kind::Benign] {
            if !tests.iter().any(|it| it.kind == kind) {
                let message = format!("no test of kind `{}`", kind.name());
                let help = format!("add a fence ```json {} \"what it shows\" with events", kind.name());
                diagnostics.push(Diagnostic::error("missing-test", section.span, message).with_help(help));
            }
        }
    }
    if let (Some(section), true) = (section, diagnostics.len() == count) {
        diagnostics.extend(few_tests(section, &tests));
    }
    tests
}

/// A page with fewer tests than [`TESTS_WANTED`].
fn few_tests(section: &Section, tests: &[Test]) -> Option<Diagnostic> {
    let missing = TESTS_WANTED.iter().filter_map(|(kind, wanted)| {
        let count = tests.iter().filter(|it| it.kind == *kind).count();
        (count < *wanted).then(|| format!("{count} of {wanted} `{}`", kind.name()))
    });
    let missing: Vec<_> = missing.collect();
    let span = Span::new(section.span.start, section.span.start + section.heading.title().len() + 3);
    let message = format!("the page has few tests: {}", missing.join(", "));
    let help =
        "show two attacks, one of them in a spelling meant to evade, and two benign events that are near to them";
    (!missing.is_empty()).then(|| Diagnostic::warning("few-tests", span, message).with_help(help))
}

/// An atomic test that the page names is shown by a test that must match, and no other is shown.
fn check_atomics(values: &front_matter::FrontMatter, tests: &[Test], diagnostics: &mut Vec<Diagnostic>) {
    for (guid, span) in &values.atomics {
        let shown = |it: &Test| it.kind.must_match() && it.atomic.as_deref() == Some(guid);
        if !tests.iter().any(shown) {
            let message = format!("no test shows the atomic test {guid}");
            let help = format!("add a fence ```json attack \"what it shows\" atomic={guid} with its events");
            diagnostics.push(Diagnostic::error("atomic-without-test", *span, message).with_help(help));
        }
    }
    for test in tests {
        let Some(guid) = &test.atomic else { continue };
        if !values.atomics.iter().any(|(it, _)| it == guid) {
            let message = format!("`{guid}` is not among the `atomics` of the page");
            let help = "add it to the key `atomics`, or remove it here";
            diagnostics.push(Diagnostic::error("unknown-atomic", test.info_span, message).with_help(help));
        }
    }
}

/// The score and the expected values name columns of the query.
fn check_columns(
    values: &front_matter::FrontMatter,
    bound: &aql::bound::Query,
    tests: &[Test],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let names: Vec<&str> = bound.columns.iter().map(|it| it.name.as_str()).collect();
    let mut check = |name: &str, span: Span| {
        if !names.contains(&name) {
            let message = format!("the query has no column `{name}`");
            let help = format!("its columns are {}", names.join(", "));
            diagnostics.push(Diagnostic::error("unknown-column", span, message).with_help(help));
        }
    };
    if let (Score::Column(name), span) = &values.score {
        check(name, *span);
    }
    for test in tests {
        for (name, _) in &test.expected {
            check(name, test.span);
        }
    }
}
