//! Applying fixes to the text they speak of.

use crate::{Diagnostic, Fix, Safety, Span};

/// A text after fixes, and how many of them were applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The new text.
    pub text: String,
    /// How many fixes are in it.
    pub applied: usize,
    /// The ids of the diagnostics whose fixes are in it.
    pub names: Vec<&'static str>,
}

/// Applies the fixes of diagnostics that are as safe as `safety` asks, in the order given. A fix is applied whole or not
/// at all: one that touches what an earlier one changed is left for another round.
///
/// ```
/// use syntax::{Diagnostic, Safety, Span, apply_fixes};
///
/// let said = Diagnostic::warning("case", Span::new(0, 6), "lower case").with_fix(Safety::Safe, vec![(Span::new(0, 6), "SELECT".into())]);
/// assert_eq!(apply_fixes("select 1", &[said], Safety::Safe).text, "SELECT 1");
/// ```
pub fn apply_fixes(text: &str, diagnostics: &[Diagnostic], safety: Safety) -> Fixed {
    let mut edits: Vec<(Span, &str)> = Vec::new();
    let mut names = Vec::new();
    let fixes = diagnostics.iter().filter_map(|it| Some((it.id, it.fix.as_ref()?)));
    for (name, fix) in fixes.filter(|it| is_wanted(it.1, safety)) {
        let is_free = |span: &Span| edits.iter().all(|(other, _)| !touch(*span, *other));
        let fits = |span: &Span| text.get(span.start..span.end).is_some();
        if !fix.edits.is_empty() && fix.edits.iter().all(|(span, _)| fits(span) && is_free(span)) {
            edits.extend(fix.edits.iter().map(|(span, new)| (*span, new.as_str())));
            names.push(name);
        }
    }
    edits.sort_by_key(|it| (it.0.start, it.0.end));
    let mut edited = String::with_capacity(text.len());
    let mut place = 0;
    for (span, new) in edits {
        edited.push_str(&text[place..span.start]);
        edited.push_str(new);
        place = span.end;
    }
    edited.push_str(&text[place..]);
    Fixed { text: edited, applied: names.len(), names }
}

fn is_wanted(fix: &Fix, safety: Safety) -> bool {
    match fix.safety {
        Safety::Safe => safety != Safety::DisplayOnly,
        Safety::Unsafe => safety == Safety::Unsafe,
        Safety::DisplayOnly => false,
    }
}

/// Whether two edits would change the same place. Two insertions at one place would have no order.
fn touch(one: Span, other: Span) -> bool {
    if one.start == one.end || other.start == other.end {
        one.start <= other.end && other.start <= one.end
    } else {
        one.start < other.end && other.start < one.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(safety: Safety, edits: &[(usize, usize, &str)]) -> Diagnostic {
        let edits = edits.iter().map(|(start, end, new)| (Span::new(*start, *end), (*new).to_owned())).collect();
        Diagnostic::warning("test", Span::default(), "test").with_fix(safety, edits)
    }

    #[test]
    fn fixes_are_whole_and_apart() {
        let all = [
            fix(Safety::Safe, &[(0, 1, "A"), (4, 5, "E")]),
            fix(Safety::Safe, &[(3, 5, "never")]),
            fix(Safety::Unsafe, &[(2, 2, "-")]),
            fix(Safety::DisplayOnly, &[(1, 2, "never")]),
            fix(Safety::Safe, &[(9, 12, "outside")]),
        ];
        for (safety, text, applied) in [(Safety::Safe, "AbcdE", 1), (Safety::Unsafe, "Ab-cdE", 2)] {
            let fixed = apply_fixes("abcde", &all, safety);
            assert_eq!((fixed.text.as_str(), fixed.applied, fixed.names.len()), (text, applied, applied));
        }
    }
}
