//! `-- allow: NAME, NAME`: comments that silence warnings and notes. At the end of a line the comment speaks of that
//! line, on a line of its own of the whole query. Errors are never silenced. A comment that silences nothing is found.

use syntax::{Diagnostic, Safety, Span};

use super::{ERRORS, LINTS, UNKNOWN_LINT, UNUSED_ALLOW, lint};

/// The comments of a text that silence something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    names: Vec<Name>,
}

/// One name in one comment.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Name {
    text: String,
    span: Span,
    /// The line that is spoken of, in bytes; none for the whole text.
    line: Option<Span>,
    /// What to take out of the text to take the name out.
    removal: Span,
}

impl Allowed {
    /// Reads the comments of a query.
    pub fn read(text: &str) -> Self {
        let mut names = Vec::new();
        for comment in syntax::comments(text) {
            let Some(list) = list(text, comment) else { continue };
            let start = text[..comment.start].rfind('\n').map_or(0, |it| it + 1);
            let is_alone = text[start..comment.start].trim().is_empty();
            let line = (!is_alone).then(|| Span::new(start, comment.end));
            names.extend(read_names(text, list, line, comment_removal(text, comment)));
        }
        Self { names }
    }

    /// Reads the comments `# allow: NAME` of a text in YAML; each speaks of the whole text.
    pub fn read_yaml(text: &str) -> Self {
        let mut names = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let mark = line.match_indices('#').find(|(at, _)| line[..*at].ends_with([' ', '\t']) || *at == 0);
            if let Some((at, _)) = mark {
                let comment = Span::new(start + at, start + line.trim_end().len().max(at));
                let rest = text[comment.start..comment.end].trim_start_matches('#');
                if let Some(listed) = rest.trim_start().strip_prefix("allow:") {
                    let list = Span::new(comment.end - listed.len(), comment.end);
                    names.extend(read_names(text, list, None, comment));
                }
            }
            start += line.len();
        }
        Self { names }
    }

    /// Whether what is said is not to be said.
    pub fn silences(&self, diagnostic: &Diagnostic) -> bool {
        !diagnostic.is_error() && self.names.iter().any(|it| it.speaks_of(diagnostic))
    }

    /// What is wrong with the comments themselves, where this is all that was said of the text before it was silenced.
    pub fn problems(&self, said: &[Diagnostic]) -> Vec<Diagnostic> {
        let problem = |it: &Name| {
            if lint(&it.text).is_none() {
                return Some(unknown(it));
            }
            let is_used = said.iter().any(|said| !said.is_error() && it.speaks_of(said));
            (!is_used).then(|| unused(it))
        };
        self.names.iter().filter_map(problem).collect()
    }
}

impl Name {
    fn speaks_of(&self, diagnostic: &Diagnostic) -> bool {
        let within = |line: &Span| line.start <= diagnostic.span.start && diagnostic.span.start < line.end;
        self.text == diagnostic.id && self.line.as_ref().is_none_or(within)
    }
}

fn unknown(name: &Name) -> Diagnostic {
    let said = UNKNOWN_LINT.at(name.span, format!("no lint `{}`", name.text)).with_label("silences nothing");
    if ERRORS.iter().any(|it| it.0 == name.text) {
        return said.with_help("this is an error, and errors are never silenced");
    }
    match syntax::suggest(&name.text, LINTS.iter().map(|it| it.name)) {
        Some(nearest) => said
            .with_help(format!("did you mean `{nearest}`?"))
            .with_fix(Safety::Safe, vec![(name.span, nearest.to_owned())]),
        None => said.with_help("`prospero check --list` names them all"),
    }
}

fn unused(name: &Name) -> Diagnostic {
    let place = if name.line.is_some() { "on this line" } else { "in this query" };
    UNUSED_ALLOW
        .at(name.span, format!("nothing {place} is `{}`", name.text))
        .with_label("silences nothing")
        .with_help("take it out")
        .with_fix(Safety::Safe, vec![(name.removal, String::new())])
}

/// Where the names stand in a comment that begins with `allow:`.
fn list(text: &str, comment: Span) -> Option<Span> {
    let written = &text[comment.start..comment.end];
    let block = written.strip_prefix("/*").map(|it| it.strip_suffix("*/").unwrap_or(it));
    let inner = written.strip_prefix("--").or(block)?;
    let listed = inner.trim_start().strip_prefix("allow:")?;
    let end = comment.start + 2 + inner.len();
    Some(Span::new(end - listed.len(), end))
}

/// Whether a comment only silences something.
pub(super) fn is_allow(text: &str, comment: Span) -> bool {
    list(text, comment).is_some()
}

/// What to take out of a text to take a comment out: with the blanks before it, and with its line if it is alone there.
pub(super) fn comment_removal(text: &str, comment: Span) -> Span {
    let before = text[..comment.start].trim_end_matches([' ', '\t']).len();
    let is_first = before == 0 || text[..before].ends_with('\n');
    let rest = &text[comment.end..];
    let is_last = rest.is_empty() || rest.starts_with('\n') || rest.starts_with("\r\n");
    match (is_first, is_last) {
        (true, true) => Span::new(before, comment.end + rest.find('\n').map_or(0, |it| it + 1)),
        (true, false) => comment,
        (false, _) => Span::new(before, comment.end),
    }
}

/// The names of a list; `whole` is what to take out when only one is there.
fn read_names(text: &str, list: Span, line: Option<Span>, whole: Span) -> Vec<Name> {
    let mut names = Vec::new();
    let mut start = list.start;
    for part in text[list.start..list.end].split(',') {
        let name = part.trim();
        let at = start + (part.len() - part.trim_start().len());
        let span = Span::new(at, at + name.len());
        if !name.is_empty() {
            names.push(Name { text: name.to_owned(), span, line, removal: whole });
        }
        start += part.len() + 1;
    }
    if names.len() > 1 {
        let spans: Vec<Span> = names.iter().map(|it| it.span).collect();
        for (index, name) in names.iter_mut().enumerate() {
            // With the comma before it, or for the first one that behind it.
            name.removal = match index {
                0 => Span::new(spans[0].start, spans[1].start),
                _ => Span::new(spans[index - 1].end, spans[index].end),
            };
        }
    }
    names
}
