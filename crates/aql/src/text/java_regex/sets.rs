//! Sets of characters: the predefined classes of `java.util.regex` and the algebra on them.

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::node::Fold;

/// The characters from `first` to `last`, surrogates left out: they do not occur in text.
pub(super) fn range(first: u32, last: u32) -> ClassUnicode {
    let below = (first <= 0xd7ff).then(|| (first, last.min(0xd7ff)));
    let above = (last >= 0xe000).then(|| (first.max(0xe000), last.min(0x10_ffff)));
    ClassUnicode::new(
        [below, above]
            .into_iter()
            .flatten()
            .filter_map(|(first, last)| Some(ClassUnicodeRange::new(char::from_u32(first)?, char::from_u32(last)?))),
    )
}

/// The union of ranges of characters, both ends included.
pub(super) fn ranges(list: &[(char, char)]) -> ClassUnicode {
    ClassUnicode::new(list.iter().map(|&(first, last)| ClassUnicodeRange::new(first, last)))
}

/// Every character.
pub(super) fn all() -> ClassUnicode {
    ranges(&[('\0', char::MAX)])
}

/// The set without its complement turned round.
pub(super) fn negated(mut class: ClassUnicode, negate: bool) -> ClassUnicode {
    if negate {
        class.negate();
    }
    class
}

/// The set with all characters that differ from one of its members only in case.
pub(super) fn with_case(mut class: ClassUnicode, fold: Fold) -> ClassUnicode {
    match fold {
        Fold::Sensitive => {}
        Fold::Ascii => {
            let mut letters = ranges(&[('A', 'Z'), ('a', 'z')]);
            letters.intersect(&class);
            let other_case = letters.iter().map(|range| {
                let turned = |letter: char| {
                    if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
                };
                ClassUnicodeRange::new(turned(range.start()), turned(range.end()))
            });
            class.union(&ClassUnicode::new(other_case));
        }
        Fold::Unicode => class.case_fold_simple(),
    }
    class
}

/// `.`: any character but line ends.
pub(super) fn dot(dot_all: bool, unix: bool) -> ClassUnicode {
    match (dot_all, unix) {
        (true, _) => all(),
        (false, true) => negated(ranges(&[('\n', '\n')]), true),
        (false, false) => {
            negated(ranges(&[('\n', '\n'), ('\r', '\r'), ('\u{85}', '\u{85}'), ('\u{2028}', '\u{2029}')]), true)
        }
    }
}

/// `\h`
pub(super) fn horizontal_space() -> ClassUnicode {
    ranges(&[
        ('\t', '\t'),
        (' ', ' '),
        ('\u{a0}', '\u{a0}'),
        ('\u{1680}', '\u{1680}'),
        ('\u{180e}', '\u{180e}'),
        ('\u{2000}', '\u{200a}'),
        ('\u{202f}', '\u{202f}'),
        ('\u{205f}', '\u{205f}'),
        ('\u{3000}', '\u{3000}'),
    ])
}

/// `\v`
pub(super) fn vertical_space() -> ClassUnicode {
    ranges(&[('\n', '\r'), ('\u{85}', '\u{85}'), ('\u{2028}', '\u{2029}')])
}
