//! Texts without which a regular expression finds nothing. Case is put aside, so that one search serves all cases.

use regex_syntax::hir::literal::{ExtractKind, Extractor, Seq};
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Dot, Hir, HirKind, Repetition};

use super::node::{Fold, Node};
use crate::text::required::{self, UNLIKE_ASCII};

/// How deep an expression is searched.
const DEPTH_MAX: usize = 32;

/// The texts of which every match contains one, in any case of ASCII letters, unless the value has a character of
/// [`UNLIKE_ASCII`]. None where there are no such texts.
pub(super) fn required_literals(node: &Node) -> Option<Vec<String>> {
    best(&hir(node), 0)
}

/// The expression in the terms of `regex-syntax`, letters in lower case. Where it has no words for a part, that part
/// matches more: look-around nothing at all, a back reference anything.
fn hir(node: &Node) -> Hir {
    match node {
        Node::Empty | Node::Look(_) | Node::Assertion(_) => Hir::empty(),
        Node::Never => Hir::fail(),
        Node::Char(character, _) if character.is_ascii() => Hir::literal([character.to_ascii_lowercase() as u8]),
        Node::Char(character, Fold::Sensitive) => Hir::literal(character.to_string().into_bytes()),
        Node::Char(..) => Hir::dot(Dot::AnyChar),
        Node::Class(class) => Hir::class(Class::Unicode(lowered(class))),
        Node::Concat(nodes) => Hir::concat(nodes.iter().map(hir).collect()),
        Node::Alternate(nodes) => Hir::alternation(nodes.iter().map(hir).collect()),
        Node::Capture(node) | Node::Atomic(node) => hir(node),
        Node::Repeat(repeat) => {
            let sub = Box::new(hir(&repeat.node));
            Hir::repetition(Repetition { min: repeat.min, max: repeat.max, greedy: true, sub })
        }
        Node::Backreference(..) | Node::Grapheme => {
            let sub = Box::new(Hir::dot(Dot::AnyChar));
            Hir::repetition(Repetition { min: 0, max: None, greedy: true, sub })
        }
    }
}

/// A set with its ASCII letters in lower case, without the characters that count as such letters in another case.
fn lowered(class: &ClassUnicode) -> ClassUnicode {
    let mut result = ClassUnicode::empty();
    for range in class.iter() {
        let capital = ('A'.max(range.start()), 'Z'.min(range.end()));
        if capital.0 <= capital.1 {
            let (start, end) = (capital.0.to_ascii_lowercase(), capital.1.to_ascii_lowercase());
            result.push(ClassUnicodeRange::new(start, end));
        }
        result.push(*range);
    }
    let other_forms = UNLIKE_ASCII.iter().map(|it| ClassUnicodeRange::new(*it, *it));
    let capitals = std::iter::once(ClassUnicodeRange::new('A', 'Z'));
    result.difference(&ClassUnicode::new(other_forms.chain(capitals)));
    result
}

/// The cheapest texts of an expression.
fn best(hir: &Hir, depth: usize) -> Option<Vec<String>> {
    let whole = [ExtractKind::Prefix, ExtractKind::Suffix].into_iter().filter_map(|it| extract(hir, it));
    let inner = if depth < DEPTH_MAX { within(hir, depth + 1) } else { None };
    required::cheapest(whole.chain(inner))
}

/// The texts of a part that every match goes through.
fn within(hir: &Hir, depth: usize) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Repetition(repetition) if repetition.min > 0 => best(&repetition.sub, depth),
        HirKind::Alternation(parts) => {
            let each: Vec<_> = parts.iter().map(|it| best(it, depth)).collect::<Option<_>>()?;
            Some(each.concat())
        }
        HirKind::Concat(parts) => {
            let rest = |from: usize| extract(&Hir::concat(enough(&parts[from..]).to_vec()), ExtractKind::Prefix);
            let from_each = (1..parts.len()).filter_map(rest);
            required::cheapest(from_each.chain(parts.iter().filter_map(|it| within(it, depth))))
        }
        _ => None,
    }
}

/// As many of the first parts as make up a text than which a longer one is no better.
fn enough(parts: &[Hir]) -> &[Hir] {
    let mut length = 0;
    let is_enough = |it: &Hir| {
        length += it.properties().minimum_len().unwrap_or_default();
        length >= required::BYTES_ENOUGH
    };
    let last = parts.iter().position(is_enough);
    last.map_or(parts, |it| &parts[..=it])
}

/// The beginnings or the ends of all matches.
fn extract(hir: &Hir, kind: ExtractKind) -> Option<Vec<String>> {
    let found: Seq = Extractor::new().kind(kind).extract(hir);
    let literals = found.literals()?;
    literals.iter().map(|it| required::ascii_part(it.as_bytes())).collect()
}

#[cfg(test)]
mod tests {
    use crate::text::{Case, JavaRegex};

    #[test]
    fn the_texts_of_an_expression() {
        let cases: [(&str, &[&str]); 16] = [
            (r".*(certutil|bitsadmin|mshta).*", &["bitsadmin", "certutil", "mshta"]),
            (r".*(sc\.exe|net\.exe).*(create|start).*", &["net.exe", "sc.exe"]),
            (r"^\\\\[0-9]{1,3}\.", &[r"\\"]),
            (r"sc\.exe\s+create", &["sc.exe"]),
            (r"sc\.exe[\s\x22']", &["sc.exe"]),
            (r"(?i)Power\s*Shell", &["shell"]),
            (r"a.*b", &[]),
            (r"(foo.*|.*bar)", &["bar", "foo"]),
            (r"(?:download)+", &["download"]),
            (r"(?:download)?", &[]),
            (r"[Cc][Mm][Dd]\.exe", &["cmd.exe"]),
            (r"(?<!x)service(?=\s)", &["service"]),
            (r"(\w+) install \1", &[" install "]),
            (r"décharge", &["charge"]),
            (r"\\(temp|tmp)\\.*\.(exe|dll)$", &[r"\temp\", r"\tmp\"]),
            (r".*", &[]),
        ];
        for (text, expected) in cases {
            let regex = JavaRegex::new(text, Case::Sensitive).unwrap_or_else(|error| panic!("{text}: {error}"));
            let mut found = regex.required_literals().unwrap_or_default();
            found.sort();
            assert_eq!(found, expected, "{text}");
        }
    }
}
