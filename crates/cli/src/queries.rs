//! Pages and bare queries by what the user calls them: a built-in page, a file, a file as git knows it.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use engine::{PageTests, Subject, Verdict};
use ingest::UserProperties;
use pack::Detection;

use crate::{output, page_files, page_tests, sigma_rules};

/// A page or a query, understood.
pub(crate) struct NamedQuery {
    /// What the user called it, or the path of a page of a pack.
    pub(crate) name: String,
    /// The text of the query.
    pub(crate) text: String,
    /// What is scanned for.
    pub(crate) subject: Subject,
    /// The page; none for a bare query.
    pub(crate) detection: Option<Detection>,
    /// The revision and folder that the files beside the page are taken from; none for those on disk.
    revision: Option<(String, String)>,
}

/// Whether a word of the command line is meant as a page: a page of ours, or by its ending `.md` or `.aql`.
pub(crate) fn is_page(word: &str) -> bool {
    let extension = Path::new(word).extension();
    extension.is_some_and(|it| it == "md" || it == "aql") || page_files::is_builtin(word)
}

/// The pages or the query that a word means. Nothing when one of them is wrong: it was said why.
pub(crate) fn named(word: &str, escapes: aql::Escapes, options: &aql::Options) -> Result<Option<Vec<NamedQuery>>> {
    let path = Path::new(word);
    if path.extension().is_some_and(|it| it == "aql")
        || (path.is_file() && path.extension().is_none_or(|it| it != "md"))
    {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{word}`"))?;
        return Ok(bare(word, text, escapes, options).map(|it| vec![it]));
    }
    let mut queries = Vec::new();
    for page in page_files::named(&[word.to_owned()])? {
        let text = String::from_utf8(page.bytes).with_context(|| format!("`{}` is not UTF-8 text", page.name))?;
        let Some(query) = self::page(&page.name, &page.name, &text, options) else { return Ok(None) };
        queries.push(query);
    }
    Ok(Some(queries))
}

/// The one page or query that a word means, which may also be `REVISION:PATH`. Nothing when it is wrong: it was said
/// why.
pub(crate) fn one(word: &str, escapes: aql::Escapes, options: &aql::Options) -> Result<Option<NamedQuery>> {
    if !Path::new(word).exists()
        && let Some((revision, path)) = word.split_once(':')
        && !revision.is_empty()
    {
        return from_git(revision, path, escapes, options);
    }
    let Some(mut queries) = named(word, escapes, options)? else { return Ok(None) };
    if queries.len() > 1 {
        bail!("`{word}` is {} pages; name one", queries.len());
    }
    queries.pop().map(Some).with_context(|| format!("no page in `{word}`"))
}

/// The same, or a query that is itself the word.
pub(crate) fn one_or_text(word: &str, escapes: aql::Escapes, options: &aql::Options) -> Result<Option<NamedQuery>> {
    if is_text(word) {
        let text = word.to_owned();
        return Ok(bare("query", text, escapes, options));
    }
    one(word, escapes, options)
}

/// Name, text and escapes of the one query that a word means, which need not be understood where it is no page. Nothing
/// when a page is wrong: it was said why.
pub(crate) fn text_of(
    word: &str,
    escapes: aql::Escapes,
    options: &aql::Options,
) -> Result<Option<(String, String, aql::Escapes)>> {
    if is_text(word) {
        return Ok(Some(("query".to_owned(), word.to_owned(), escapes)));
    }
    let path = Path::new(word);
    if path.is_file() && path.extension().is_none_or(|it| it != "md") {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{word}`"))?;
        return Ok(Some((word.to_owned(), text, escapes)));
    }
    let query = one(word, escapes, options)?;
    Ok(query.map(|it| (it.name, it.text, it.detection.map_or(escapes, |it| it.escapes))))
}

/// Whether a word is a query: it begins with SELECT, and more follows.
fn is_text(word: &str) -> bool {
    let mut words = word.split_whitespace();
    words.next().is_some_and(|it| it.eq_ignore_ascii_case("select")) && words.next().is_some()
}

/// The query that a word means: as [`one_or_text`], or the detection of a Sigma rule.
pub(crate) fn any(word: &str, escapes: aql::Escapes, options: &aql::Options) -> Result<Option<NamedQuery>> {
    let path = Path::new(word);
    if path.extension().is_some_and(|it| it == "yml" || it == "yaml") {
        return from_sigma(path, options);
    }
    one_or_text(word, escapes, options)
}

/// The detection of the one rule of a file.
fn from_sigma(path: &Path, options: &aql::Options) -> Result<Option<NamedQuery>> {
    let rules = sigma_rules::read(&[path.to_path_buf()], &[], options.clone())?;
    sigma_rules::report_refused(&rules, 1);
    let mut detections = rules.imported.into_iter().filter_map(|it| match it.outcome {
        sigma::Outcome::Detection { detection, .. } => Some(detection),
        _ => None,
    });
    let Some(detection) = detections.next() else { return Ok(None) };
    if detections.next().is_some() {
        bail!("`{}` has several rules; name a file of one", path.display());
    }
    Ok(Some(NamedQuery {
        name: path.display().to_string(),
        text: detection.query.text.clone(),
        subject: Subject::of(&detection),
        detection: Some(*detection),
        revision: None,
    }))
}

/// A file as it was in a revision; a path that begins with `./` is below the present folder.
pub(crate) fn from_git(
    revision: &str,
    path: &str,
    escapes: aql::Escapes,
    options: &aql::Options,
) -> Result<Option<NamedQuery>> {
    let name = format!("{revision}:{path}");
    let bytes = git_show(&name)?;
    let text = String::from_utf8(bytes).with_context(|| format!("`{name}` is not UTF-8 text"))?;
    if Path::new(path).extension().is_some_and(|it| it == "aql") {
        return Ok(bare(&name, text, escapes, options));
    }
    let folder = path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let query = page(&name, path, &text, options);
    Ok(query.map(|it| NamedQuery { revision: Some((revision.to_owned(), folder)), ..it }))
}

fn git_show(name: &str) -> Result<Vec<u8>> {
    if name.starts_with('-') {
        bail!("`{name}` is no revision");
    }
    let output = Command::new("git").args(["show", name]).output().context("cannot run git")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("git knows no `{name}`: {}", said.lines().next().unwrap_or_default().trim_start_matches("fatal: "));
    }
    Ok(output.stdout)
}

fn page(name: &str, file: &str, text: &str, options: &aql::Options) -> Option<NamedQuery> {
    let (detection, diagnostics) = pack::read_page(file, text, options);
    let errors: Vec<_> = diagnostics.into_iter().filter(syntax::Diagnostic::is_error).collect();
    if !errors.is_empty() {
        output::note(syntax::render(&errors, name, text, output::colour(&std::io::stderr())).trim_end());
    }
    let detection = detection?;
    Some(NamedQuery {
        name: name.to_owned(),
        text: detection.query.text.clone(),
        subject: Subject::of(&detection),
        detection: Some(detection),
        revision: None,
    })
}

fn bare(name: &str, text: String, escapes: aql::Escapes, options: &aql::Options) -> Option<NamedQuery> {
    let options = aql::Options { escapes, ..options.clone() };
    let compiled = aql::compile(&text, &options);
    let said: Vec<_> = compiled.diagnostics.into_iter().filter(|it| it.severity > syntax::Severity::Note).collect();
    if !said.is_empty() {
        output::note(syntax::render(&said, name, &text, output::colour(&std::io::stderr())).trim_end());
    }
    let subject = Subject::new(Arc::new(compiled.query?));
    Some(NamedQuery { name: name.to_owned(), text, subject, detection: None, revision: None })
}

impl NamedQuery {
    /// What the tests of the page say of it; nothing for a bare query.
    pub(crate) fn verdicts(
        &self,
        environment: &aql::Environment,
        user_properties: &Arc<UserProperties>,
    ) -> Option<Vec<Verdict>> {
        let detection = self.detection.as_ref()?;
        let tests = match &self.revision {
            None => page_tests::read(detection, user_properties),
            Some((revision, folder)) => {
                let beside =
                    |name: &str| git_show(&format!("{revision}:{folder}{name}")).map_err(|error| error.to_string());
                PageTests::read(detection, &beside, user_properties)
            }
        };
        Some(tests.run(&Subject { exclusions: Vec::new(), ..self.subject.clone() }, environment))
    }
}
