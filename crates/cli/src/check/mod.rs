//! What `check` does apart from its command line: which texts, what is said of them, how much it matters, and fixes.

pub(crate) mod data;
pub(crate) mod fix;
pub(crate) mod levels;
pub(crate) mod list;
mod subject;

use std::collections::HashMap;
use std::path::PathBuf;

use anyhow::Result;
use syntax::{Diagnostic, Span};

pub(crate) use self::levels::Levels;
pub(crate) use self::subject::{Kind, Place, Subject, collect};
use crate::output::report::Report;
use crate::sigma_rules;

/// A text and what is said of it.
pub(crate) struct Checked {
    /// The text.
    pub(crate) subject: Subject,
    /// What is left after levels, in the order of the text.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Checked {
    /// What is said, for writing.
    pub(crate) fn report(&self) -> Report<'_> {
        Report { name: &self.subject.name, text: &self.subject.text, diagnostics: &self.diagnostics }
    }
}

/// How texts are checked.
pub(crate) struct Checker {
    /// How queries are compiled; escapes apart.
    pub(crate) options: aql::Options,
    /// Whether the user named reference data: without, nothing can be said of data that is missing.
    pub(crate) has_data: bool,
    /// How much findings matter.
    pub(crate) levels: Levels,
    /// What `%name%` in Sigma rules stands for.
    pub(crate) placeholders: Vec<PathBuf>,
}

impl Checker {
    /// Checks all texts; Sigma rules together, since they may refer to each other.
    pub(crate) fn check_all(&self, subjects: Vec<Subject>) -> Result<Vec<Checked>> {
        let mut of_rules = self.check_rules(&subjects)?;
        let mut ids = HashMap::new();
        let mut checked = Vec::with_capacity(subjects.len());
        let said = pack::in_parallel(&subjects, |subject| match subject.kind {
            Kind::Rules => (None, Vec::new()),
            Kind::Page => self.check_page(subject),
            Kind::Query | Kind::NotText => (None, self.check(subject)),
        });
        for (subject, (id, mut diagnostics)) in subjects.into_iter().zip(said) {
            diagnostics.extend(of_rules.remove(&subject.name).into_iter().flatten());
            diagnostics.extend(id.and_then(|it| duplicate(it, &subject, &mut ids)));
            diagnostics.sort_by_key(|it| it.span.start);
            checked.push(Checked { diagnostics: self.levelled(diagnostics), subject });
        }
        Ok(checked)
    }

    /// What is said of a query or a page by itself.
    pub(crate) fn check(&self, subject: &Subject) -> Vec<Diagnostic> {
        let said = match subject.kind {
            Kind::Query => aql::check(&subject.text, &self.options_of(subject)),
            Kind::Page => self.check_page(subject).1,
            Kind::Rules => Vec::new(),
            Kind::NotText => vec![subject.not_text()],
        };
        self.levelled(said)
    }

    fn options_of(&self, subject: &Subject) -> aql::Options {
        aql::Options { escapes: subject.escapes, ..self.options.clone() }
    }

    fn check_page(&self, subject: &Subject) -> (Option<String>, Vec<Diagnostic>) {
        let (detection, diagnostics) = pack::check_page(&subject.name, &subject.text, &self.options);
        (detection.map(|it| it.id), diagnostics)
    }

    /// What is said of Sigma rules, by the name of the file.
    fn check_rules(&self, subjects: &[Subject]) -> Result<HashMap<String, Vec<Diagnostic>>> {
        let rules = subjects.iter().filter(|it| it.kind == Kind::Rules);
        let files: Vec<_> = rules.map(|it| (it.name.as_str(), it.text.as_str())).collect();
        let mut said: HashMap<String, Vec<Diagnostic>> = HashMap::new();
        if !files.is_empty() {
            for imported in sigma_rules::check(&files, &self.placeholders, self.options.clone())? {
                said.entry(imported.file).or_default().extend(imported.diagnostics);
            }
        }
        Ok(said)
    }

    /// What is left to say by the settings.
    pub(crate) fn levelled(&self, mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        diagnostics.retain(|it| self.has_data || it.id != "missing-data");
        self.levels.apply(diagnostics)
    }
}

/// An id names one page.
fn duplicate(id: String, subject: &Subject, ids: &mut HashMap<String, String>) -> Option<Diagnostic> {
    let at = subject.text.find(&id).unwrap_or_default();
    let span = Span::new(at, at + id.len());
    let message = ids.get(&id).map(|other| format!("the id `{id}` also stands in `{other}`"));
    ids.insert(id, subject.name.clone());
    Some(Diagnostic::error("duplicate-id", span, message?))
}
