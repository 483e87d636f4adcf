//! Writes a parsed expression in the syntax that `regex` and `fancy-regex` share. Sets are written out as ranges and
//! case is written at each character, so that no flag of theirs plays a part.

use std::fmt::Write;

use regex_syntax::hir::ClassUnicode;

use super::node::{Assertion, Fold, Greed, Look, Node, Repeat};

/// Which values the written form is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Every value: line ends are tested with look-around.
    Exact,
    /// Values for which `guard` holds: all line assertions are the ends of the value.
    Plain,
    /// The values of the plain form. Matches more than the expression, and needs no backtracking: look-around is left
    /// out, a back reference is anything.
    Loose,
}

/// What must hold of a value so that the plain form means the same as the exact one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Guard {
    /// Nothing.
    Always,
    /// It does not end with a line end.
    NoFinalLineEnd,
    /// It is not empty and has no line end at all.
    OneLine,
}

impl Guard {
    /// What an expression asks for.
    pub(super) fn of(node: &Node) -> Self {
        let mut guard = Self::Always;
        node.walk(&mut |node| {
            guard = guard.max(match node {
                Node::Assertion(Assertion::FinalEnd { .. }) => Self::NoFinalLineEnd,
                Node::Assertion(Assertion::LineStart { .. } | Assertion::LineEnd { .. }) => Self::OneLine,
                _ => Self::Always,
            });
        });
        guard
    }

    /// Whether it holds of a value.
    pub(super) fn holds(self, value: &str) -> bool {
        match self {
            Self::Always => true,
            Self::NoFinalLineEnd => !value.ends_with(is_line_end),
            Self::OneLine => !value.is_empty() && !value.contains(is_line_end),
        }
    }
}

fn is_line_end(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether the form needs a backtracking engine.
pub(super) fn needs_backtracking(node: &Node, form: Form) -> bool {
    if form == Form::Loose {
        return false;
    }
    let mut needed = form == Form::Exact && Guard::of(node) != Guard::Always;
    node.walk(&mut |node| {
        needed |= match node {
            Node::Atomic(_) | Node::Look(_) | Node::Backreference(..) | Node::Grapheme => true,
            Node::Repeat(repeat) => repeat.greed == Greed::Possessive,
            Node::Assertion(assertion) => *assertion == Assertion::PreviousEnd,
            _ => false,
        };
    });
    needed
}

/// How much an expression compiles to, roughly: characters after all counted repetitions are written out.
pub(super) fn size(node: &Node) -> u64 {
    match node {
        Node::Class(class) => 1 + class.ranges().len() as u64,
        Node::Concat(nodes) | Node::Alternate(nodes) => {
            nodes.iter().fold(1, |total: u64, node| total.saturating_add(size(node)))
        }
        Node::Capture(node) | Node::Atomic(node) => 1 + size(node),
        Node::Repeat(repeat) => {
            let copies = repeat.max.unwrap_or(repeat.min).max(repeat.min).max(1);
            size(&repeat.node).saturating_mul(u64::from(copies))
        }
        Node::Look(look) => 1 + size(&look.node),
        _ => 1,
    }
}

/// Writes an expression.
pub(super) fn emit(node: &Node, form: Form) -> String {
    let mut text = String::new();
    Writer { text: &mut text, form }.node(node);
    text
}

struct Writer<'a> {
    text: &'a mut String,
    form: Form,
}

impl Writer<'_> {
    fn node(&mut self, node: &Node) {
        match node {
            Node::Empty => self.text.push_str("(?:)"),
            Node::Never => self.class(&ClassUnicode::empty()),
            Node::Char(character, fold) => self.character(*character, *fold),
            Node::Class(class) => self.class(class),
            Node::Concat(nodes) => nodes.iter().for_each(|node| self.in_sequence(node)),
            Node::Alternate(nodes) => self.alternate(nodes),
            Node::Capture(node) => self.wrapped("(", node),
            Node::Repeat(repeat) => self.repeat(repeat),
            Node::Look(_) | Node::Assertion(Assertion::PreviousEnd) if self.form == Form::Loose => {}
            Node::Backreference(..) | Node::Grapheme if self.form == Form::Loose => self.text.push_str("(?s:.*)"),
            Node::Atomic(node) if self.form == Form::Loose => self.wrapped("(?:", node),
            Node::Atomic(node) => self.wrapped("(?>", node),
            Node::Look(look) => self.look(look),
            Node::Backreference(number, Fold::Sensitive) => self.push(format_args!("(?:\\{number})")),
            Node::Backreference(number, _) => self.push(format_args!("(?i:\\{number})")),
            Node::Assertion(assertion) => self.assertion(*assertion),
            Node::Grapheme => self.text.push_str(GRAPHEME),
        }
    }

    fn push(&mut self, arguments: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.text.write_fmt(arguments);
    }

    fn in_sequence(&mut self, node: &Node) {
        if matches!(node, Node::Alternate(_)) { self.wrapped("(?:", node) } else { self.node(node) }
    }

    fn wrapped(&mut self, open: &str, node: &Node) {
        self.text.push_str(open);
        self.node(node);
        self.text.push(')');
    }

    fn alternate_in_group(&mut self, nodes: &[Node]) {
        self.text.push_str("(?:");
        self.alternate(nodes);
        self.text.push(')');
    }

    fn alternate(&mut self, nodes: &[Node]) {
        for (index, node) in nodes.iter().enumerate() {
            if index > 0 {
                self.text.push('|');
            }
            self.in_sequence(node);
        }
    }

    fn repeat(&mut self, repeat: &Repeat) {
        let Repeat { node, min, max, greed } = repeat;
        // The backtracking engine refuses to repeat look-around; once is enough for what takes no character.
        if node.length_max() == Some(0) {
            return match (min, max, greed) {
                (0, Some(0), _) => {}
                (0, _, Greed::Lazy) => self.alternate_in_group(&[Node::Empty, node.clone()]),
                (0, ..) => self.alternate_in_group(&[node.clone(), Node::Empty]),
                _ => self.in_sequence(node),
            };
        }
        let possessive = *greed == Greed::Possessive && self.form != Form::Loose;
        if possessive {
            self.text.push_str("(?>");
        }
        self.wrapped("(?:", node);
        match (min, max) {
            (0, None) => self.text.push('*'),
            (1, None) => self.text.push('+'),
            (0, Some(1)) => self.text.push('?'),
            (min, None) => self.push(format_args!("{{{min},}}")),
            (min, Some(max)) if min == max => self.push(format_args!("{{{min}}}")),
            (min, Some(max)) => self.push(format_args!("{{{min},{max}}}")),
        }
        match greed {
            Greed::Lazy => self.text.push('?'),
            Greed::Possessive if possessive => self.text.push(')'),
            Greed::Greedy | Greed::Possessive => {}
        }
    }

    fn look(&mut self, look: &Look) {
        let open = match (look.behind, look.negative) {
            (false, false) => "(?=",
            (false, true) => "(?!",
            (true, false) => "(?<=",
            (true, true) => "(?<!",
        };
        self.wrapped(open, &look.node);
    }

    fn assertion(&mut self, assertion: Assertion) {
        let plain = self.form != Form::Exact;
        self.text.push_str(match assertion {
            Assertion::Start => r"\A",
            Assertion::End => r"\z",
            Assertion::LineStart { .. } if plain => r"\A",
            Assertion::FinalEnd { .. } | Assertion::LineEnd { .. } if plain => r"\z",
            Assertion::FinalEnd { unix: true } => r"(?=\n?\z)",
            Assertion::FinalEnd { unix: false } => {
                r"(?:\z|(?=\r\n\z)|(?=[\r\x{85}\x{2028}\x{2029}]\z)|(?<!\r)(?=\n\z))"
            }
            // Java finds no line start at the end of the value, not even of an empty one.
            Assertion::LineStart { unix: true } => r"(?:(?!\z)(?:\A|(?<=\n)))",
            Assertion::LineStart { unix: false } => r"(?:(?!\z)(?:\A|(?<=[\n\x{85}\x{2028}\x{2029}])|(?<=\r)(?!\n)))",
            Assertion::LineEnd { unix: true } => r"(?=\n|\z)",
            Assertion::LineEnd { unix: false } => r"(?:\z|(?<!\r)(?=\n)|(?=[\r\x{85}\x{2028}\x{2029}]))",
            Assertion::WordBoundary => r"\b",
            Assertion::NoWordBoundary => r"\B",
            Assertion::PreviousEnd => r"\G",
        });
    }

    fn character(&mut self, character: char, fold: Fold) {
        match fold {
            Fold::Ascii if character.is_ascii_alphabetic() => {
                self.push(format_args!("[{}{}]", character.to_ascii_uppercase(), character.to_ascii_lowercase()));
            }
            Fold::Unicode if !character.is_ascii() || character.is_ascii_alphabetic() => {
                let one = super::sets::ranges(&[(character, character)]);
                self.class(&super::sets::with_case(one, Fold::Unicode));
            }
            _ if character.is_ascii_alphanumeric() => self.text.push(character),
            _ => self.push(format_args!("\\x{{{:x}}}", u32::from(character))),
        }
    }

    fn class(&mut self, class: &ClassUnicode) {
        if class.ranges().is_empty() {
            self.text.push_str(r"[^\x{0}-\x{10ffff}]");
            return;
        }
        self.text.push('[');
        for range in class.iter() {
            let (first, last) = (u32::from(range.start()), u32::from(range.end()));
            if first == last {
                self.push(format_args!("\\x{{{first:x}}}"));
            } else {
                self.push(format_args!("\\x{{{first:x}}}-\\x{{{last:x}}}"));
            }
        }
        self.text.push(']');
    }
}

/// `\X`: a line end, a control, or a character with what extends it; Hangul syllables, emoji sequences and flags whole.
const GRAPHEME: &str = concat!(
    r"(?>\r\n|[\p{Cc}\p{Zl}\p{Zp}]|",
    r"(?:\p{RI}\p{RI}|\p{GCB=Prepend}*(?:",
    r"\p{GCB=L}*(?:\p{GCB=LV}\p{GCB=V}*|\p{GCB=LVT}|\p{GCB=V}+)\p{GCB=T}*|\p{GCB=L}+|\p{GCB=T}+|",
    r"\p{Extended_Pictographic}(?:\p{GCB=EX}*\x{200d}\p{Extended_Pictographic})*|[^\p{Cc}\p{Zl}\p{Zp}])",
    r")[\p{GCB=EX}\x{200d}\p{GCB=SpacingMark}]*)"
);
