//! "Did you mean": the nearest of some names.

/// Names longer than this are not compared, so that the cost of a guess stays bounded.
const LENGTH_MAX: usize = 64;

/// The candidate that is nearest to the name, if one is near: at most a third of the name's letters may differ, and
/// never more than four. Case, blanks, `_` and `-` count as nothing.
///
/// ```
/// assert_eq!(syntax::suggest("SourceAdress", ["sourceaddress", "sourceip"]), Some("sourceaddress"));
/// assert_eq!(syntax::suggest("zzz", ["sourceip"]), None);
/// ```
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest(&letters(name), candidates, |length| (length / 3).clamp(1, 4))
}

/// As [`suggest`], for names that may well be right: at most a quarter of the letters may differ, and never more than
/// two, as after a slip of the keys.
///
/// ```
/// assert_eq!(syntax::suggest_slip("usernam", ["username"]), Some("username"));
/// assert_eq!(syntax::suggest_slip("query_name", ["username"]), None);
/// ```
pub fn suggest_slip<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest(&letters(name), candidates, |length| (length / 4).clamp(1, 2))
}

/// The nearest candidate within so many steps as a name of this length may be away.
fn nearest<'a>(
    name: &[char],
    candidates: impl IntoIterator<Item = &'a str>,
    bound: fn(usize) -> usize,
) -> Option<&'a str> {
    if name.is_empty() || name.len() > LENGTH_MAX {
        return None;
    }
    let bound = bound(name.len());
    let mut best: Option<(usize, &str)> = None;
    // Names are compared by the thousand: nothing is allocated for one.
    let mut other = Vec::with_capacity(LENGTH_MAX);
    let mut steps = Steps::default();
    for candidate in candidates {
        let allowed = best.map_or(bound, |(distance, _)| distance.saturating_sub(1));
        // No letter takes less than a byte.
        if candidate.len() + allowed < name.len() {
            continue;
        }
        other.clear();
        if candidate.is_ascii() && candidate.len() <= LENGTH_MAX {
            let letters = candidate.bytes().filter(|it| !it.is_ascii_whitespace() && !matches!(it, b'_' | b'-'));
            other.extend(letters.map(|it| char::from(it.to_ascii_lowercase())));
        } else {
            other.extend(each_letter(candidate).take(LENGTH_MAX + 1));
        }
        if other.len() > LENGTH_MAX || other.len().abs_diff(name.len()) > allowed {
            continue;
        }
        let distance = steps.between(name, &other, allowed);
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn letters(name: &str) -> Vec<char> {
    each_letter(name).take(LENGTH_MAX + 1).collect()
}

fn each_letter(name: &str) -> impl Iterator<Item = char> {
    let is_letter = |it: &char| !it.is_whitespace() && !matches!(it, '_' | '-');
    name.chars().filter(is_letter).flat_map(char::to_lowercase)
}

/// Three rows of the table of distances, kept from one pair of names to the next.
#[derive(Default)]
struct Steps {
    before_last: Vec<usize>,
    last: Vec<usize>,
    current: Vec<usize>,
}

impl Steps {
    /// Insertions, deletions, replacements and swaps of neighbours that turn one into the other; any number above
    /// `allowed` when that is not enough.
    fn between(&mut self, left: &[char], right: &[char], allowed: usize) -> usize {
        self.before_last.clear();
        self.before_last.resize(right.len() + 1, 0);
        self.last.clear();
        self.last.extend(0..=right.len());
        for (row, left_character) in left.iter().enumerate() {
            self.current.clear();
            self.current.push(row + 1);
            for (column, right_character) in right.iter().enumerate() {
                let replaced = self.last[column] + usize::from(left_character != right_character);
                let mut cheapest = replaced.min(self.last[column + 1] + 1).min(self.current[column] + 1);
                let is_swap =
                    row > 0 && column > 0 && *left_character == right[column - 1] && left[row - 1] == *right_character;
                if is_swap {
                    cheapest = cheapest.min(self.before_last[column - 1] + 1);
                }
                self.current.push(cheapest);
            }
            // A swap reaches back over one row: the way may go on from either.
            let least = |row: &[usize]| row.iter().copied().min().unwrap_or_default();
            if least(&self.current) > allowed && least(&self.last) > allowed {
                return allowed + 1;
            }
            std::mem::swap(&mut self.before_last, &mut self.last);
            std::mem::swap(&mut self.last, &mut self.current);
        }
        self.last[right.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::{suggest, suggest_slip};

    #[test]
    fn guesses_near_names_only() {
        let names = ["sourceip", "sourceport", "destinationip", "Process CommandLine", "qid"];
        for (name, expected) in [
            ("sourcip", Some("sourceip")),
            ("SOURCE_IP", Some("sourceip")),
            ("souceport", Some("sourceport")),
            ("destiantionip", Some("destinationip")),
            ("ProcessCommandLine", Some("Process CommandLine")),
            ("qd", Some("qid")),
            ("username", None),
            ("", None),
        ] {
            assert_eq!(suggest(name, names), expected, "{name}");
        }
    }

    #[test]
    fn slips_are_nearer_than_guesses() {
        let names = ["username", "Operation", "Process CommandLine"];
        for (name, expected) in [
            ("usernam", Some("username")),
            ("Process_ComandLine", Some("Process CommandLine")),
            ("query_name", None),
            ("EC_PP_Operation", None),
        ] {
            assert_eq!(suggest_slip(name, names), expected, "{name}");
        }
    }

    #[test]
    fn does_not_compare_endless_names() {
        assert_eq!(suggest(&"a".repeat(100_000), ["a"]), None);
    }
}
