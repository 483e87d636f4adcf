//! `\p{...}`: POSIX classes, Unicode categories, scripts, blocks and binary properties, and the `java...` classes.

use regex_syntax::hir::{Class, ClassUnicode, HirKind};

use super::sets::{all, range, ranges};

/// Unicode blocks as Java knows them: name without blanks, hyphens and underscores in lower case, first and last code
/// point in hexadecimal.
const BLOCKS: &str = include_str!("blocks.tsv");

/// The set that `\p{name}` stands for; none for an unknown name. `unicode` is flag `U`.
pub(super) fn property(name: &str, unicode: bool) -> Option<ClassUnicode> {
    if let Some((key, value)) = name.split_once('=') {
        return match key.to_ascii_lowercase().as_str() {
            "sc" | "script" => script(value),
            "blk" | "block" => block(value),
            "gc" | "general_category" => category(value),
            _ => None,
        };
    }
    if let Some(rest) = name.strip_prefix("In") {
        return block(rest);
    }
    if let Some(rest) = name.strip_prefix("Is") {
        return binary(rest).or_else(|| category(rest)).or_else(|| script(rest));
    }
    if unicode && let Some(class) = unicode_posix(name) {
        return Some(class);
    }
    posix(name).or_else(|| java(name)).or_else(|| category(name))
}

/// A set written in the syntax of the `regex` crate.
pub(super) fn parsed(expression: &str) -> Option<ClassUnicode> {
    match regex_syntax::Parser::new().parse(expression).ok()?.into_kind() {
        HirKind::Class(Class::Unicode(class)) => Some(class),
        HirKind::Literal(literal) => {
            let character = std::str::from_utf8(&literal.0).ok()?.chars().next()?;
            Some(ranges(&[(character, character)]))
        }
        _ => None,
    }
}

fn posix(name: &str) -> Option<ClassUnicode> {
    Some(match name {
        "Lower" => ranges(&[('a', 'z')]),
        "Upper" => ranges(&[('A', 'Z')]),
        "ASCII" => ranges(&[('\0', '\x7f')]),
        "Alpha" => ranges(&[('A', 'Z'), ('a', 'z')]),
        "Digit" => ranges(&[('0', '9')]),
        "Alnum" => ranges(&[('0', '9'), ('A', 'Z'), ('a', 'z')]),
        "Punct" => ranges(&[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')]),
        "Graph" => ranges(&[('!', '~')]),
        "Print" => ranges(&[(' ', '~')]),
        "Blank" => ranges(&[('\t', '\t'), (' ', ' ')]),
        "Cntrl" => ranges(&[('\0', '\x1f'), ('\x7f', '\x7f')]),
        "XDigit" => ranges(&[('0', '9'), ('A', 'F'), ('a', 'f')]),
        "Space" => ranges(&[('\t', '\r'), (' ', ' ')]),
        _ => return None,
    })
}

/// The POSIX names under flag `U`: Unicode Technical Standard 18, annex C.
fn unicode_posix(name: &str) -> Option<ClassUnicode> {
    parsed(match name.to_ascii_lowercase().as_str() {
        "alpha" => r"\p{Alphabetic}",
        "lower" => r"\p{Lowercase}",
        "upper" => r"\p{Uppercase}",
        "space" => r"\p{White_Space}",
        "punct" => r"\p{P}",
        "xdigit" => r"[\p{Nd}\p{Hex_Digit}]",
        "alnum" => r"[\p{Alphabetic}\p{Nd}]",
        "cntrl" => r"\p{Cc}",
        "digit" => r"\p{Nd}",
        "blank" => r"[\p{Zs}\t]",
        "graph" => r"[^\p{White_Space}\p{Cc}\p{Cn}]",
        "print" => r"[[^\p{White_Space}\p{Cc}\p{Cn}]\p{Zs}]",
        _ => return None,
    })
}

/// `\p{javaXyz}`: the methods `Character.isXyz`.
fn java(name: &str) -> Option<ClassUnicode> {
    parsed(match name.strip_prefix("java")? {
        "LowerCase" => r"\p{Lowercase}",
        "UpperCase" => r"\p{Uppercase}",
        "Alphabetic" => r"\p{Alphabetic}",
        "Ideographic" => r"\p{Ideographic}",
        "TitleCase" => r"\p{Lt}",
        "Digit" => r"\p{Nd}",
        "Letter" => r"\p{L}",
        "LetterOrDigit" => r"[\p{L}\p{Nd}]",
        "Defined" => r"\P{Cn}",
        "SpaceChar" => r"\p{Z}",
        "Whitespace" => r"[[\p{Z}--[\u00a0\u2007\u202f]]\t-\r\x1c-\x1f]",
        "ISOControl" => r"[\x00-\x1f\x7f-\x9f]",
        "IdentifierIgnorable" => r"[\x00-\x08\x0e-\x1b\x7f-\x9f\p{Cf}]",
        "JavaIdentifierStart" => r"[\p{L}\p{Nl}\p{Sc}\p{Pc}]",
        "JavaIdentifierPart" => r"[\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Nd}\p{Mc}\p{Mn}\x00-\x08\x0e-\x1b\x7f-\x9f\p{Cf}]",
        "UnicodeIdentifierStart" => r"\p{ID_Start}",
        "UnicodeIdentifierPart" => r"[\p{ID_Continue}\x00-\x08\x0e-\x1b\x7f-\x9f\p{Cf}]",
        "Mirrored" => r"\p{Bidi_Mirrored}",
        _ => return None,
    })
}

/// Names after `Is` that are binary properties.
fn binary(name: &str) -> Option<ClassUnicode> {
    parsed(match name.to_ascii_uppercase().as_str() {
        "ALPHABETIC" => r"\p{Alphabetic}",
        "LETTER" => r"\p{L}",
        "IDEOGRAPHIC" => r"\p{Ideographic}",
        "LOWERCASE" => r"\p{Lowercase}",
        "UPPERCASE" => r"\p{Uppercase}",
        "TITLECASE" => r"\p{Lt}",
        "WHITE_SPACE" | "WHITESPACE" => r"\p{White_Space}",
        "CONTROL" => r"\p{Cc}",
        "PUNCTUATION" => r"\p{P}",
        "HEX_DIGIT" | "HEXDIGIT" => r"[\p{Nd}\p{Hex_Digit}]",
        "ASSIGNED" => r"\P{Cn}",
        "NONCHARACTER_CODE_POINT" | "NONCHARACTERCODEPOINT" => r"\p{Noncharacter_Code_Point}",
        "DIGIT" => r"\p{Nd}",
        "ALNUM" => r"[\p{Alphabetic}\p{Nd}]",
        "BLANK" => r"[\p{Zs}\t]",
        "GRAPH" => r"[^\p{White_Space}\p{Cc}\p{Cn}]",
        "PRINT" => r"[[^\p{White_Space}\p{Cc}\p{Cn}]\p{Zs}]",
        "WORD" => r"[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]",
        "JOIN_CONTROL" | "JOINCONTROL" => r"\p{Join_Control}",
        _ => return None,
    })
}

fn category(name: &str) -> Option<ClassUnicode> {
    match name {
        "L1" => return Some(range(0, 0xff)),
        "all" => return Some(all()),
        "LC" => return parsed(r"[\p{Ll}\p{Lu}\p{Lt}]"),
        "LD" => return parsed(r"[\p{L}\p{Nd}]"),
        // Surrogates do not occur in text.
        "Cs" => return Some(ranges(&[])),
        _ => {}
    }
    let known = matches!(name.len(), 1 | 2)
        && name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.chars().skip(1).all(|second| second.is_ascii_lowercase());
    known.then(|| parsed(&format!(r"\p{{gc={name}}}"))).flatten()
}

fn script(name: &str) -> Option<ClassUnicode> {
    let known = !name.is_empty() && name.chars().all(|it| it.is_ascii_alphabetic() || it == '_');
    known.then(|| parsed(&format!(r"\p{{sc={name}}}"))).flatten()
}

fn block(name: &str) -> Option<ClassUnicode> {
    let wanted: String =
        name.chars().filter(|it| !matches!(it, ' ' | '-' | '_')).map(|it| it.to_ascii_lowercase()).collect();
    BLOCKS.lines().find_map(|line| {
        let mut cells = line.split('\t');
        let known = cells.next()? == wanted;
        let (first, last) = (cells.next()?, cells.next()?);
        known.then(|| Some(range(u32::from_str_radix(first, 16).ok()?, u32::from_str_radix(last, 16).ok()?)))?
    })
}
