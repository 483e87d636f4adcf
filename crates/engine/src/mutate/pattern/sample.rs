//! Texts that take a wanted way through a regular expression. They are proposals: whoever uses one asks the expression
//! itself whether it matches.

use std::ops::Range;

use aql::text::{Case, JavaRegex};

use super::{Alternation, Atom, Item};

/// Texts that stand for a class, the most natural first.
const NATURAL: [&str; 24] = [
    "svc", "a", "7", " ", "\\", "/", "\"", "'", "-", ".", "=", ":", ",", ";", "_", "$", "%", "&", "|", "^", "@", "{",
    "F", "\t",
];
/// The most that a part is repeated.
const REPEATED_MAX: u32 = 40;

/// A text for the whole alternation that takes the alternative at `through`, wherever it stands in it. What stands
/// elsewhere takes its first way.
pub(in crate::mutate) fn sample(alternation: &Alternation, through: &Range<usize>) -> Option<String> {
    let mut text = String::new();
    write(alternation, through, &mut text)?;
    Some(text)
}

fn write(alternation: &Alternation, through: &Range<usize>, text: &mut String) -> Option<()> {
    let wanted = alternation.alternatives.iter().find(|it| contains(&it.range, through));
    let first = || alternation.alternatives.iter().find(|it| !it.items.is_empty());
    let Some(sequence) = wanted.or_else(first) else { return Some(()) };
    for item in &sequence.items {
        let times = if contains(&item.range, through) { item.min.max(1) } else { item.min };
        for _ in 0..times.min(REPEATED_MAX) {
            atom(item, through, text)?;
        }
    }
    Some(())
}

fn atom(item: &Item, through: &Range<usize>, text: &mut String) -> Option<()> {
    match &item.atom {
        Atom::Char(character) => text.push(*character),
        Atom::Class(class) => text.push_str(of_class(class, item.min)?),
        Atom::Group(inner) => write(inner, through, text)?,
        // Only a look-around that is wanted is written out.
        Atom::Look(inner, _) if contains(&item.range, through) => write(inner, through, text)?,
        Atom::Look(..) | Atom::Anchor | Atom::Other => {}
    }
    Some(())
}

fn contains(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// A text for a class; a word where the class is repeated anyhow.
fn of_class(class: &str, min: u32) -> Option<&'static str> {
    let whole = JavaRegex::new(&format!("^(?:{class})+$"), Case::Insensitive).ok()?;
    NATURAL.into_iter().find(|it| (it.len() == 1 || min == 1) && whole.is_match(it))
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn a_sample_takes_the_wanted_way() {
        let cases = [
            (r"\\(cmd|power(shell|ish))(\.exe)?$", "ish", r"\powerish"),
            (r"\\(cmd|powershell)(\.exe)?$", r"\.exe", r"\cmd.exe"),
            (r"-k\s+(?!(netsvcs|rpcss)\s)\w+", "rpcss", "-k rpcss svc"),
            (r"[0-9]{4}(a|b)", "b", "7777b"),
        ];
        for (text, wanted, expected) in cases {
            let whole = parse(text).expect("it is an expression");
            let start = text.find(wanted).expect("it stands there");
            let sampled = sample(&whole, &(start..start + wanted.len()));
            assert_eq!(sampled.as_deref(), Some(expected), "{text}");
        }
    }
}
