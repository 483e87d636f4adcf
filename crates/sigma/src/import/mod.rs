//! Sigma to detections: each rule becomes a page with AQL, which is read like any page.

mod column;
mod correlation;
mod encode;
mod page;
mod placeholders;
mod predicate;
mod rule;
mod test;
mod value;

use std::collections::{HashMap, HashSet};

use aql::lints::{Allowed, Group, Lint};
use pack::Detection;
use syntax::{Diagnostic, Severity, Span};

pub use placeholders::{PLACEHOLDER_VALUES_MAX, Placeholders};

use crate::rule::{Body, Document, Filter, Rule, read};
use rule::Logic;

/// What importing depends on beside the rules.
#[derive(Clone, Debug)]
pub struct Options {
    /// How the pages are read and their queries compiled.
    pub pages: pack::Options,
    /// What the placeholders of `expand` stand for.
    pub placeholders: Placeholders,
    /// Whether the lints look at the queries that the rules become.
    pub checks: bool,
}

impl Options {
    /// Without placeholders.
    pub fn new(pages: pack::Options) -> Self {
        Self { pages, placeholders: Placeholders::default(), checks: false }
    }
}

/// Rules that may refer to each other.
///
/// ```
/// let mut rules = sigma::Collection::default();
/// rules.add("rule.yml", "
/// title: A service was installed
/// logsource: { product: windows, service: system }
/// detection: { selection: { EventID: 7045 }, condition: selection }
/// ");
/// let options = sigma::Options::new(pack::Options::new(aql::Environment::new(0)));
/// let imported = rules.import(&options);
/// let sigma::Outcome::Detection { detection, .. } = &imported[0].outcome else { panic!("it can be imported") };
/// assert!(detection.query.text.contains("devicetype = 12 AND qideventcategory = 'System' AND \"Event ID\" = 7045"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Collection {
    files: Vec<File>,
}

#[derive(Clone, Debug)]
struct File {
    name: String,
    /// What comments in it silence.
    allowed: Allowed,
    documents: Vec<Document>,
    diagnostics: Vec<Diagnostic>,
}

impl File {
    fn read(name: &str, text: &str) -> Self {
        let (documents, diagnostics) = read(text);
        Self { name: name.to_owned(), allowed: Allowed::read_yaml(text), documents, diagnostics }
    }
}

/// What became of one document.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The file, as given.
    pub file: String,
    /// The title of the rule.
    pub title: String,
    /// The id of the rule.
    pub id: Option<String>,
    /// Where the document stands in the file, in bytes.
    pub span: Span,
    /// The detection, or why there is none.
    pub outcome: Outcome,
    /// What is to be said about the rule, with places in the file. An error among them is why it was refused.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a document has become.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A detection and its page.
    Detection {
        /// The page as Markdown.
        page: String,
        /// The page, read.
        detection: Box<Detection>,
    },
    /// Part of correlations, which have not asked for it as a detection of its own.
    Part,
    /// A filter, which has joined other rules.
    Filter,
    /// Nothing; an error says why.
    Refused,
}

/// A document with its place in the collection.
#[derive(Clone, Copy)]
struct Place<'a> {
    file: usize,
    index: usize,
    document: &'a Document,
}

impl Collection {
    /// Adds a file. What is wrong with it is said when it is imported.
    pub fn add(&mut self, name: &str, text: &str) {
        self.files.push(File::read(name, text));
    }

    /// Adds files, of each its name and text, in this order.
    pub fn add_all(&mut self, files: &[(impl AsRef<str> + Sync, impl AsRef<str> + Sync)]) {
        self.files.extend(pack::in_parallel(files, |(name, text)| File::read(name.as_ref(), text.as_ref())));
    }

    /// Imports all documents, in the order of files. No rule stops another.
    pub fn import(&self, options: &Options) -> Vec<Imported> {
        let importer = Importer::new(self, options);
        let mut outcomes = Vec::new();
        let places = self.files.iter().enumerate().flat_map(|(file, it)| {
            let place = move |(index, document)| Place { file, index, document };
            it.documents.iter().enumerate().map(place)
        });
        let mut made = pack::in_parallel(&places.collect::<Vec<_>>(), |it| importer.import(*it)).into_iter();
        let mut ids: HashMap<String, String> = HashMap::new();
        for file in &self.files {
            if !file.diagnostics.is_empty() {
                outcomes.push(Imported {
                    file: file.name.clone(),
                    title: String::new(),
                    id: None,
                    span: Span::default(),
                    outcome: Outcome::Refused,
                    diagnostics: file.diagnostics.clone(),
                });
            }
            for mut one in made.by_ref().take(file.documents.len()) {
                refuse_second(&mut one, &mut ids);
                outcomes.push(one);
            }
        }
        outcomes
    }
}

/// An id names one detection; a second one is refused.
fn refuse_second(imported: &mut Imported, ids: &mut HashMap<String, String>) {
    let Outcome::Detection { detection, .. } = &imported.outcome else { return };
    match ids.get(&detection.id) {
        Some(other) => {
            let message = format!("the id `{}` also stands in `{other}`", detection.id);
            imported.diagnostics.push(Diagnostic::error("duplicate-id", start(imported.span), message));
            imported.outcome = Outcome::Refused;
        }
        None => {
            ids.insert(detection.id.clone(), imported.file.clone());
        }
    }
}

fn start(span: Span) -> Span {
    Span::new(span.start, span.start)
}

struct Importer<'a> {
    collection: &'a Collection,
    options: &'a Options,
    /// Documents by id and by name.
    by_name: HashMap<&'a str, Place<'a>>,
    /// Rules that correlations use and that are no detections of their own.
    parts: HashSet<(usize, usize)>,
    filters: Vec<&'a Filter>,
}

impl<'a> Importer<'a> {
    fn new(collection: &'a Collection, options: &'a Options) -> Self {
        let mut by_name = HashMap::new();
        let mut referred: Vec<&str> = Vec::new();
        let mut generating: Vec<&str> = Vec::new();
        for (file, documents) in collection.files.iter().enumerate() {
            for (index, document) in documents.documents.iter().enumerate() {
                let place = Place { file, index, document };
                for name in [&document.head.id, &document.head.name].into_iter().flatten() {
                    by_name.entry(name.as_str()).or_insert(place);
                }
                if let Some(Body::Correlation(it)) = &document.body {
                    let list = if it.generates { &mut generating } else { &mut referred };
                    list.extend(it.rules.iter().map(|it| it.0.as_str()));
                }
            }
        }
        let place = |it: &&str| by_name.get(*it).map(|it| (it.file, it.index));
        let kept: HashSet<_> = generating.iter().filter_map(place).collect();
        let parts = referred.iter().filter_map(place).filter(|it| !kept.contains(it)).collect();
        let documents = collection.files.iter().flat_map(|it| &it.documents);
        let filters =
            documents.filter_map(|it| if let Some(Body::Filter(filter)) = &it.body { Some(filter) } else { None });
        Self { collection, options, by_name, parts, filters: filters.collect() }
    }

    fn import(&self, place: Place<'a>) -> Imported {
        let Place { file, index, document } = place;
        let is_part = self.parts.contains(&(file, index));
        let File { name: file, allowed, .. } = &self.collection.files[file];
        let mut diagnostics = document.diagnostics.clone();
        let made = match &document.body {
            None => None,
            Some(Body::Filter(it)) => {
                diagnostics.extend(self.unknown_rules(&it.rules));
                Some(Ok(None))
            }
            Some(Body::Rule(_)) if is_part => {
                // Said here too, lest a fault of a part be seen only from the correlation.
                Some(self.logic_of(document).map(|_| None))
            }
            Some(Body::Rule(_)) => Some(self.logic_of(document).map(|it| Some(single(it)))),
            Some(Body::Correlation(it)) => Some(correlation::import(it, self).map(Some)),
        };
        let outcome = match made {
            None => Outcome::Refused,
            Some(Err(diagnostic)) => {
                diagnostics.push(*diagnostic);
                Outcome::Refused
            }
            Some(Ok(None)) if matches!(document.body, Some(Body::Filter(_))) => Outcome::Filter,
            Some(Ok(None)) => Outcome::Part,
            Some(Ok(Some(made))) => self.page(file, document, made, &mut diagnostics),
        };
        diagnostics.retain(|it| !allowed.silences(it));
        let outcome = if diagnostics.iter().any(Diagnostic::is_error) { Outcome::Refused } else { outcome };
        Imported {
            file: file.clone(),
            title: document.head.title.clone(),
            id: document.head.id.clone(),
            span: document.span,
            outcome,
            diagnostics,
        }
    }

    fn unknown_rules(&self, rules: &[(String, Span)]) -> Vec<Diagnostic> {
        let unknown = rules.iter().filter(|it| !self.by_name.contains_key(it.0.as_str()));
        unknown
            .map(|(name, span)| {
                Diagnostic::warning(
                    "sigma-filter",
                    *span,
                    format!("no rule `{name}` was read; the filter changes nothing there"),
                )
            })
            .collect()
    }

    /// The condition of a rule, with the filters that are about it.
    fn logic_of(&self, document: &Document) -> Result<Logic, Box<Diagnostic>> {
        let Some(Body::Rule(rule)) = &document.body else {
            let message = "this is no rule about single events";
            return Err(Box::new(Diagnostic::error("sigma-document", start(document.span), message)));
        };
        if let Some(taxonomy) = &document.head.taxonomy {
            let message = format!("the fields have names of the taxonomy `{taxonomy}`, which is not known here");
            return Err(Box::new(Diagnostic::error("sigma-taxonomy", start(document.span), message)));
        }
        let filters = self.filters_of(document, rule);
        rule::logic(rule, &filters, &document.head.fields, &self.options.placeholders)
    }

    fn filters_of(&self, document: &Document, rule: &Rule) -> Vec<&'a Rule> {
        let names = [&document.head.id, &document.head.name];
        let applies = |filter: &&&'a Filter| {
            let is_named = names.iter().copied().flatten().any(|name| filter.rules.iter().any(|it| it.0 == *name));
            let wanted = &filter.rule.log_source;
            let fits = |wanted: &Option<String>, own: &Option<String>| wanted.is_none() || wanted == own;
            let same_logs = fits(&wanted.category, &rule.log_source.category)
                && fits(&wanted.product, &rule.log_source.product)
                && fits(&wanted.service, &rule.log_source.service);
            (filter.rules.is_empty() || is_named) && same_logs
        };
        self.filters.iter().filter(applies).map(|it| &it.rule).collect()
    }

    fn page(&self, file: &str, document: &Document, made: Made, diagnostics: &mut Vec<Diagnostic>) -> Outcome {
        let Made { query, logics, differences } = made;
        for logic in &logics {
            diagnostics.extend(logic.notes.iter().cloned());
        }
        for difference in &differences {
            let place = start(document.span);
            diagnostics.push(Diagnostic::warning("sigma-difference", place, difference.clone()));
        }
        let parts = page::Parts {
            query,
            platforms: logics.iter().map(|it| it.log_source.platform.to_owned()).collect(),
            log_sources: logics.iter().map(|it| it.log_source.title.clone()).collect(),
            definitions: self.definitions(document),
            differences,
        };
        let page = page::draft(&document.head, &parts).to_page();
        let read = if self.options.checks { pack::check_page } else { pack::read_page };
        let (detection, said) = read(file, &page, &self.options.pages);
        let place = start(document.span);
        diagnostics.extend(said.into_iter().filter_map(|it| of_query(it, place)));
        match detection {
            Some(detection) => Outcome::Detection { page, detection: Box::new(detection) },
            None => Outcome::Refused,
        }
    }

    fn definitions(&self, document: &Document) -> Vec<String> {
        let definition = |it: &Document| match &it.body {
            Some(Body::Rule(rule)) => rule.log_source.definition.clone(),
            _ => None,
        };
        match &document.body {
            Some(Body::Correlation(it)) => {
                let parts = it.rules.iter().filter_map(|it| self.by_name.get(it.0.as_str()));
                parts.filter_map(|it| definition(it.document)).collect()
            }
            _ => definition(document).into_iter().collect(),
        }
    }
}

/// The most columns that a query selects.
const COLUMNS_MAX: usize = 40;

/// A query and what it was made of.
struct Made {
    query: String,
    logics: Vec<Logic>,
    differences: Vec<String>,
}

/// The query of a rule about single events.
fn single(logic: Logic) -> Made {
    let mut columns = vec!["starttime".to_owned(), "\"Machine Identifier\"".to_owned(), "username".to_owned()];
    columns.extend(logic.columns.iter().filter(|it| !it.starts_with("UTF8(")).cloned());
    let mut unique: Vec<String> = Vec::new();
    for column in columns {
        if !unique.contains(&column) {
            unique.push(column);
        }
    }
    unique.truncate(COLUMNS_MAX);
    let query = format!("SELECT {}\nFROM events\nWHERE {}\n", wrapped(&unique), where_clause(&logic));
    Made { query, logics: vec![logic], differences: Vec::new() }
}

/// The condition behind WHERE.
fn where_clause(logic: &Logic) -> String {
    logic.predicate.layout(2)
}

/// Columns over lines.
fn wrapped(columns: &[String]) -> String {
    const WIDTH: usize = 100;
    let mut text = String::new();
    let mut length = "SELECT ".len();
    for (index, column) in columns.iter().enumerate() {
        if index > 0 {
            text.push(',');
            let breaks = length + column.len() > WIDTH;
            text.push_str(if breaks { "\n    " } else { " " });
            length = if breaks { 4 } else { length + 2 };
        }
        text.push_str(column);
        length += column.len();
    }
    text
}

/// What is said of the page, as said of the rule. That the page is untested is known, and backslashes are meant; how the
/// query is written is not the matter of the rule's author.
fn of_query(diagnostic: Diagnostic, place: Span) -> Option<Diagnostic> {
    let is_writing = |it: &Lint| matches!(it.group, Group::Portability | Group::Clarity);
    if matches!(diagnostic.id, "untested" | "doubled-backslash")
        || diagnostic.severity == Severity::Note
        || aql::lints::lint(diagnostic.id).is_some_and(is_writing)
    {
        return None;
    }
    // A field of the log that the event model has no column for is read by its name, as on QRadar a property would be.
    let severity = if diagnostic.id == "undeclared-property" { Severity::Note } else { diagnostic.severity };
    let mut message = diagnostic.message;
    if !diagnostic.label.is_empty() {
        message = format!("{message}: {}", diagnostic.label);
    }
    let mut said = Diagnostic::new(diagnostic.id, severity, place, format!("the query of the rule: {message}"));
    (said.note, said.help) = (diagnostic.note, diagnostic.help);
    Some(said)
}
