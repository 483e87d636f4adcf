//! Regular expressions as trees, as far as removing characters from what they look at asks for it.

/// A set of characters as an expression writes it.
#[derive(Clone, Debug)]
pub(super) struct Set {
    pub(super) negated: bool,
    pub(super) ranges: Vec<(char, char)>,
    /// Of `d`, `w`, `s`, `D`, `W`, `S`.
    pub(super) classes: Vec<char>,
    /// Whether it is written `.`.
    pub(super) dot: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Node {
    Set(Set),
    Start,
    End,
    /// `\b`, or `\B` when false.
    Boundary(bool),
    /// `(?=`, or `(?!` when true.
    Ahead(bool, Box<Node>),
    Alternatives(Vec<Node>),
    Sequence(Vec<Node>),
    /// The node, the quantifier as written, whether it may be absent.
    Repeat(Box<Node>, String, bool),
}

/// What is known of the first or last character of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    Word,
    Other,
    Unknown,
}

/// The expression as a tree; none when it has more than a tree of this kind can say.
pub(super) fn parsed(expression: &str) -> Option<Node> {
    let mut parser = Parser { rest: expression.chars().collect(), at: 0 };
    let node = parser.alternatives()?;
    (parser.at == parser.rest.len()).then_some(node)
}

struct Parser {
    rest: Vec<char>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn take(&mut self, text: &str) -> bool {
        let fits = text.chars().enumerate().all(|(index, it)| self.rest.get(self.at + index) == Some(&it));
        if fits {
            self.at += text.chars().count();
        }
        fits
    }

    fn alternatives(&mut self) -> Option<Node> {
        let mut arms = vec![self.sequence()?];
        while self.take("|") {
            arms.push(self.sequence()?);
        }
        Some(if arms.len() == 1 { arms.remove(0) } else { Node::Alternatives(arms) })
    }

    fn sequence(&mut self) -> Option<Node> {
        let mut parts = Vec::new();
        while let Some(character) = self.peek().filter(|it| !matches!(it, '|' | ')')) {
            self.at += 1;
            let node = match character {
                '^' => Node::Start,
                '$' => Node::End,
                '(' => self.group()?,
                '[' => Node::Set(self.class()?),
                '.' => Node::Set(Set { negated: true, ranges: Vec::new(), classes: Vec::new(), dot: true }),
                '\\' => self.escape()?,
                other => Node::Set(one(other)),
            };
            parts.push(self.quantified(node));
        }
        Some(Node::Sequence(parts))
    }

    fn quantified(&mut self, node: Node) -> Node {
        let start = self.at;
        let may_be_absent = match self.peek() {
            Some('*' | '?') => true,
            Some('+') => false,
            Some('{') => {
                let optional = self.rest.get(self.at + 1) == Some(&'0');
                while self.peek().is_some_and(|it| it != '}') {
                    self.at += 1;
                }
                optional
            }
            _ => return node,
        };
        self.at += 1;
        self.take("?");
        let end = self.at.min(self.rest.len());
        Node::Repeat(Box::new(node), self.rest[start..end].iter().collect(), may_be_absent)
    }

    fn group(&mut self) -> Option<Node> {
        let negative = self.take("?!");
        let ahead = negative || self.take("?=");
        if !ahead && !self.take("?:") && self.peek() == Some('?') {
            return None;
        }
        let inner = self.alternatives()?;
        if !self.take(")") {
            return None;
        }
        Some(if ahead { Node::Ahead(negative, Box::new(inner)) } else { inner })
    }

    fn escape(&mut self) -> Option<Node> {
        let letter = self.peek()?;
        self.at += 1;
        Some(match letter {
            'b' => Node::Boundary(true),
            'B' => Node::Boundary(false),
            'd' | 'w' | 's' | 'D' | 'W' | 'S' => {
                Node::Set(Set { negated: false, ranges: Vec::new(), classes: vec![letter], dot: false })
            }
            _ => Node::Set(one(literal(letter)?)),
        })
    }

    fn class(&mut self) -> Option<Set> {
        let mut set = Set { negated: self.take("^"), ranges: Vec::new(), classes: Vec::new(), dot: false };
        loop {
            let character = self.peek()?;
            self.at += 1;
            let low = match character {
                ']' => return Some(set),
                '\\' => {
                    let letter = self.peek()?;
                    self.at += 1;
                    if "dwsDWS".contains(letter) {
                        set.classes.push(letter);
                        continue;
                    }
                    literal(letter)?
                }
                other => other,
            };
            let is_range = self.peek() == Some('-') && self.rest.get(self.at + 1).is_some_and(|it| *it != ']');
            if !is_range {
                set.ranges.push((low, low));
                continue;
            }
            self.at += 1;
            let high = match self.peek()? {
                '\\' => {
                    self.at += 1;
                    literal(self.peek()?)?
                }
                other => other,
            };
            self.at += 1;
            set.ranges.push((low, high));
        }
    }
}

/// The character of an escape that stands for one.
fn literal(letter: char) -> Option<char> {
    match letter {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        other => other.is_ascii_punctuation().then_some(other),
    }
}

fn one(character: char) -> Set {
    Set { negated: false, ranges: vec![(character, character)], classes: Vec::new(), dot: false }
}

impl Set {
    /// Without these characters; none when nothing is left. An error when that cannot be written. `dot_all`: a dot takes
    /// ends of lines as well.
    pub(super) fn without(&self, removed: &[char], dot_all: bool) -> Result<Option<Self>, ()> {
        let mut set = self.clone();
        if self.dot {
            set.dot = false;
            set.ranges = if dot_all { Vec::new() } else { vec![('\n', '\n'), ('\r', '\r')] };
        }
        if set.negated {
            let add = removed.iter().filter(|it| !set.has(**it)).map(|it| (*it, *it)).collect::<Vec<_>>();
            set.ranges.extend(add);
            return Ok(Some(set));
        }
        match set.classes.as_slice() {
            [class @ ('D' | 'W' | 'S')] if set.ranges.is_empty() => {
                let ranges = removed.iter().map(|it| (*it, *it)).collect();
                return Ok(Some(Self { negated: true, ranges, classes: vec![class.to_ascii_lowercase()], dot: false }));
            }
            classes if classes.iter().any(char::is_ascii_uppercase) => return Err(()),
            _ => {}
        }
        set.ranges = split(&set.ranges, removed);
        Ok((!set.ranges.is_empty() || !set.classes.is_empty()).then_some(set))
    }

    /// With these characters as well.
    pub(super) fn with(&self, added: &[char]) -> Self {
        let mut set = self.clone();
        if self.dot {
            return set;
        }
        if set.negated {
            set.ranges = split(&set.ranges, added);
            if set.ranges.is_empty() && set.classes.is_empty() {
                return Self { negated: false, ranges: Vec::new(), classes: vec!['s', 'S'], dot: false };
            }
            return set;
        }
        let missing = added.iter().filter(|it| !set.has(**it)).map(|it| (*it, *it)).collect::<Vec<_>>();
        if !set.classes.iter().any(char::is_ascii_uppercase) {
            set.ranges.extend(missing);
        }
        set
    }

    /// Whether the character is listed.
    fn has(&self, character: char) -> bool {
        self.ranges.iter().any(|it| (it.0..=it.1).contains(&character))
    }

    fn edge(&self) -> Edge {
        let is_word = |it: char| it.is_ascii_alphanumeric() || it == '_';
        if self.negated || self.dot {
            return Edge::Unknown;
        }
        let words = self.ranges.iter().all(|it| is_word(it.0) && is_word(it.1) && same_kind(*it))
            && self.classes.iter().all(|it| matches!(it, 'd' | 'w'));
        let others = self.ranges.iter().all(|it| it.0 == it.1 && !is_word(it.0))
            && self.classes.iter().all(|it| matches!(it, 's' | 'W'));
        match (words, others) {
            (true, _) => Edge::Word,
            (_, true) => Edge::Other,
            _ => Edge::Unknown,
        }
    }

    pub(super) fn print(&self) -> String {
        if self.dot {
            return ".".to_owned();
        }
        match (self.negated, self.ranges.as_slice(), self.classes.as_slice()) {
            (false, [(low, high)], []) if low == high => return outside(*low),
            (false, [], [class]) => return format!("\\{class}"),
            _ => {}
        }
        let mut text = String::from(if self.negated { "[^" } else { "[" });
        for class in &self.classes {
            text.push('\\');
            text.push(*class);
        }
        for (low, high) in &self.ranges {
            text.push_str(&inside(*low));
            if low != high {
                text.push('-');
                text.push_str(&inside(*high));
            }
        }
        text.push(']');
        text
    }
}

/// Whether the ends of a range are both digits, or both letters of one case.
fn same_kind((low, high): (char, char)) -> bool {
    let kind = |it: char| (it.is_ascii_digit(), it.is_ascii_lowercase(), it.is_ascii_uppercase());
    low == high || kind(low) == kind(high)
}

/// The ranges without some characters.
fn split(ranges: &[(char, char)], removed: &[char]) -> Vec<(char, char)> {
    let mut kept = Vec::new();
    for (low, high) in ranges {
        let mut from = *low;
        for character in removed.iter().filter(|it| (*low..=*high).contains(*it)) {
            if from < *character {
                kept.push((from, char::from_u32(u32::from(*character) - 1).unwrap_or(from)));
            }
            from = char::from_u32(u32::from(*character) + 1).unwrap_or(*character);
        }
        if from <= *high {
            kept.push((from, *high));
        }
    }
    kept
}

fn control(character: char) -> Option<&'static str> {
    match character {
        '\n' => Some("\\n"),
        '\r' => Some("\\r"),
        '\t' => Some("\\t"),
        _ => None,
    }
}

fn outside(character: char) -> String {
    let special = "\\.+*?()|[]{}^$".contains(character);
    control(character).map_or_else(|| format!("{}{character}", if special { "\\" } else { "" }), str::to_owned)
}

fn inside(character: char) -> String {
    let special = "\\[]^-".contains(character);
    control(character).map_or_else(|| format!("{}{character}", if special { "\\" } else { "" }), str::to_owned)
}

pub(super) fn first_edge(node: &Node) -> Edge {
    match node {
        Node::Set(set) => set.edge(),
        Node::Sequence(parts) => parts.first().map_or(Edge::Unknown, first_edge),
        Node::Alternatives(arms) => common(arms.iter().map(first_edge)),
        Node::Repeat(inner, _, false) => first_edge(inner),
        _ => Edge::Unknown,
    }
}

pub(super) fn last_edge(node: &Node) -> Edge {
    match node {
        Node::Set(set) => set.edge(),
        Node::Sequence(parts) => parts.last().map_or(Edge::Unknown, last_edge),
        Node::Alternatives(arms) => common(arms.iter().map(last_edge)),
        Node::Repeat(inner, _, false) => last_edge(inner),
        _ => Edge::Unknown,
    }
}

fn common(mut edges: impl Iterator<Item = Edge>) -> Edge {
    let first = edges.next().unwrap_or(Edge::Unknown);
    if edges.all(|it| it == first) { first } else { Edge::Unknown }
}
