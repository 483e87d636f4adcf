//! `-- allow: NAME, NAME`: comments that silence warnings and notes. At the end of a line the comment speaks of that
//! line, on a line of its own of the whole query. Errors are never silenced.

use syntax::{Diagnostic, Span};

/// The comments of a query that silence something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    names: Vec<Name>,
}

/// One name in one comment.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Name {
    name: String,
    /// The line that is spoken of, in bytes; none for the whole text.
    line: Option<Span>,
}

impl Allowed {
    /// Reads the comments of a text.
    pub fn read(text: &str) -> Self {
        let mut names = Vec::new();
        for comment in syntax::comments(text) {
            let Some(list) = list(&text[comment.start..comment.end]) else { continue };
            let start = text[..comment.start].rfind('\n').map_or(0, |it| it + 1);
            let is_alone = text[start..comment.start].trim().is_empty();
            let line = (!is_alone).then(|| Span::new(start, comment.end));
            let all = list.split(',').map(str::trim).filter(|it| !it.is_empty());
            names.extend(all.map(|name| Name { name: name.to_owned(), line }));
        }
        Self { names }
    }

    /// Whether what is said is not to be said.
    pub fn silences(&self, diagnostic: &Diagnostic) -> bool {
        let speaks_of = |line: &Span| line.start <= diagnostic.span.start && diagnostic.span.start < line.end;
        !diagnostic.is_error()
            && self.names.iter().any(|it| it.name == diagnostic.id && it.line.as_ref().is_none_or(speaks_of))
    }
}

/// What stands after `allow:` in a comment.
fn list(comment: &str) -> Option<&str> {
    let text = comment.strip_prefix("--").or_else(|| comment.strip_prefix("/*")?.strip_suffix("*/"))?;
    text.trim().strip_prefix("allow:")
}
