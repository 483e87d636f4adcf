//! The edit that takes one element out of a list or of a chain of AND or OR.

use syntax::Span;

use super::Subject;

/// Removes the element with the word or sign that joins it to its neighbour; none where something else, such as a
/// comment or a parenthesis, stands between them.
pub(super) fn removal(subject: &Subject<'_>, elements: &[Span], index: usize, joint: &str) -> Option<(Span, String)> {
    let own = *elements.get(index)?;
    let is_joint = |from: usize, to: usize| {
        subject.text.get(from..to).is_some_and(|it| it.trim().eq_ignore_ascii_case(joint) && !it.contains("--"))
    };
    let previous = index.checked_sub(1).and_then(|it| elements.get(it));
    if let Some(previous) = previous.filter(|it| is_joint(it.end, own.start)) {
        return Some((Span::new(previous.end, own.end), String::new()));
    }
    let next = elements.get(index + 1).filter(|it| is_joint(own.end, it.start))?;
    Some((Span::new(own.start, next.start), String::new()))
}
