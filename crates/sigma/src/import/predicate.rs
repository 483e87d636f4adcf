//! Conditions of AQL on their way to text.
//!
//! A field that an event lacks makes a test of AQL unknown, and `NOT` leaves it unknown; in Sigma the test is false and
//! its negation true. So whatever stands below `NOT` is written so that it is never unknown.

/// How wide a line may be before a chain is broken.
const WIDTH: usize = 110;

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Predicate {
    /// A test that is never unknown.
    Sure(String),
    /// A test that is unknown exactly when one of these columns is null.
    Test(String, Vec<String>),
    /// A test that may be unknown for other reasons.
    Unsure(String),
    And(Vec<Predicate>),
    Or(Vec<Predicate>),
    Not(Box<Predicate>),
}

impl Predicate {
    pub(super) fn and(operands: Vec<Self>) -> Self {
        Self::chain(operands, Self::And, |it| if let Self::And(inner) = it { Ok(inner) } else { Err(it) })
    }

    pub(super) fn or(operands: Vec<Self>) -> Self {
        Self::chain(operands, Self::Or, |it| if let Self::Or(inner) = it { Ok(inner) } else { Err(it) })
    }

    pub(super) fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }

    fn chain(operands: Vec<Self>, make: fn(Vec<Self>) -> Self, flatten: fn(Self) -> Result<Vec<Self>, Self>) -> Self {
        let mut flat = Vec::new();
        for operand in operands {
            match flatten(operand) {
                Ok(inner) => flat.extend(inner),
                Err(operand) => flat.push(operand),
            }
        }
        flat.dedup();
        if flat.len() == 1 { flat.remove(0) } else { make(flat) }
    }

    /// The text of the condition, broken over lines; the first line begins at column `indent`.
    pub(super) fn layout(&self, indent: usize) -> String {
        let mut text = String::new();
        self.clone().tree(false).write(indent, &mut text);
        text
    }

    /// The text of the condition on one line, in parentheses where a chain of AND asks for them.
    pub(super) fn operand(&self) -> String {
        self.clone().tree(false).grouped()
    }

    /// The text of the condition on one line.
    pub(super) fn line(&self) -> String {
        self.clone().tree(false).flat()
    }

    fn tree(self, below_not: bool) -> Tree {
        match self {
            Self::Test(text, columns) if below_not => guarded(&columns, Tree::Leaf(text)),
            Self::Unsure(text) if below_not => Tree::Leaf(format!("CASE WHEN {text} THEN 1 ELSE 0 END = 1")),
            Self::Sure(text) | Self::Test(text, _) | Self::Unsure(text) => Tree::Leaf(text),
            Self::And(operands) => Tree::And(flattened(operands, below_not, true)),
            Self::Or(operands) if below_not => Tree::Or(guarded_groups(operands)).unwrapped(),
            Self::Or(operands) => Tree::Or(flattened(operands, below_not, false)),
            Self::Not(inner) => Tree::Not(Box::new(inner.tree(true))),
        }
    }
}

/// A test that is false where it would be unknown.
fn guarded(columns: &[String], test: Tree) -> Tree {
    let guards = columns.iter().map(|it| Tree::Leaf(format!("{it} IS NOT NULL")));
    Tree::And(guards.chain([test]).collect()).unwrapped()
}

/// The operands of OR below NOT: neighbours that test the same columns share their guards.
fn guarded_groups(operands: Vec<Predicate>) -> Vec<Tree> {
    let columns = |it: &Predicate| if let Predicate::Test(_, columns) = it { Some(columns.clone()) } else { None };
    let mut groups: Vec<(Option<Vec<String>>, Vec<Predicate>)> = Vec::new();
    for operand in operands {
        let own = columns(&operand);
        match groups.last_mut() {
            Some((last, group)) if own.is_some() && *last == own => group.push(operand),
            _ => groups.push((own, vec![operand])),
        }
    }
    let tree = |(columns, group): (Option<Vec<String>>, Vec<Predicate>)| match columns {
        Some(columns) => guarded(&columns, Tree::Or(group.into_iter().map(|it| it.tree(false)).collect()).unwrapped()),
        None => Tree::Or(flattened(group, true, false)).unwrapped(),
    };
    groups.into_iter().map(tree).collect()
}

/// The operands; what became a chain of the same kind joins this one, and no guard stands twice in it.
fn flattened(operands: Vec<Predicate>, below_not: bool, is_and: bool) -> Vec<Tree> {
    let mut flat: Vec<Tree> = Vec::new();
    for operand in operands {
        let inner = match operand.tree(below_not) {
            Tree::And(inner) if is_and => inner,
            Tree::Or(inner) if !is_and => inner,
            other => vec![other],
        };
        for it in inner {
            if !flat.contains(&it) {
                flat.push(it);
            }
        }
    }
    flat
}

/// A condition as it is written.
#[derive(Debug, PartialEq)]
enum Tree {
    Leaf(String),
    And(Vec<Tree>),
    Or(Vec<Tree>),
    Not(Box<Tree>),
}

impl Tree {
    /// A chain of one is that one.
    fn unwrapped(self) -> Self {
        match self {
            Self::And(mut operands) | Self::Or(mut operands) if operands.len() == 1 => operands.remove(0),
            other => other,
        }
    }

    fn flat(&self) -> String {
        match self {
            Self::Leaf(text) => text.clone(),
            Self::And(operands) => operands.iter().map(Self::grouped).collect::<Vec<_>>().join(" AND "),
            Self::Or(operands) => operands.iter().map(Self::grouped).collect::<Vec<_>>().join(" OR "),
            Self::Not(inner) => format!("NOT {}", inner.grouped()),
        }
    }

    /// As an operand: chains stand in parentheses, though AND needs none within OR, since people read it so.
    fn grouped(&self) -> String {
        match self {
            Self::And(_) | Self::Or(_) => format!("({})", self.flat()),
            _ => self.flat(),
        }
    }

    fn write(&self, indent: usize, text: &mut String) {
        let flat = self.flat();
        if indent + flat.len() <= WIDTH {
            text.push_str(&flat);
            return;
        }
        match self {
            Self::Leaf(leaf) => text.push_str(leaf),
            Self::And(operands) => write_chain(operands, "AND ", indent, text),
            Self::Or(operands) => write_chain(operands, "OR ", indent, text),
            Self::Not(inner) => {
                text.push_str("NOT ");
                inner.write_grouped(indent, text);
            }
        }
    }

    fn write_grouped(&self, indent: usize, text: &mut String) {
        let flat = self.grouped();
        if indent + flat.len() <= WIDTH || matches!(self, Self::Leaf(_)) {
            text.push_str(&flat);
        } else if let Self::Not(_) = self {
            self.write(indent, text);
        } else {
            text.push_str("(\n");
            text.push_str(&" ".repeat(indent + 2));
            self.write(indent + 2, text);
            text.push('\n');
            text.push_str(&" ".repeat(indent));
            text.push(')');
        }
    }
}

fn write_chain(operands: &[Tree], word: &str, indent: usize, text: &mut String) {
    for (index, operand) in operands.iter().enumerate() {
        if index > 0 {
            text.push('\n');
            text.push_str(&" ".repeat(indent));
            text.push_str(word);
        }
        operand.write_grouped(indent, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(text: &str, column: &str) -> Predicate {
        Predicate::Test(text.to_owned(), vec![column.to_owned()])
    }

    #[test]
    fn below_not_nothing_is_unknown() {
        let either = Predicate::or(vec![test("a = 1", "a"), test("a = 2", "a")]);
        let both = Predicate::and(vec![either.clone(), test("b = 3", "b")]);
        assert_eq!(both.line(), "(a = 1 OR a = 2) AND b = 3");
        let not = Predicate::and(vec![test("c = 4", "c"), both.negated()]);
        assert_eq!(not.line(), "c = 4 AND NOT (a IS NOT NULL AND (a = 1 OR a = 2) AND b IS NOT NULL AND b = 3)");
        let unsure = Predicate::Unsure("x > 5".to_owned()).negated();
        assert_eq!(unsure.line(), "NOT CASE WHEN x > 5 THEN 1 ELSE 0 END = 1");
        let mixed = Predicate::or(vec![test("a = 1", "a"), test("b = 3", "b")]).negated();
        assert_eq!(mixed.line(), "NOT ((a IS NOT NULL AND a = 1) OR (b IS NOT NULL AND b = 3))");
    }
}
