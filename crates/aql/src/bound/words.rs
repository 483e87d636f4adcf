//! Conditions and values of a bound query in plain words: the process command line contains `x` in any case.

use schema::Type;
use schema::tables::{categories, log_source_types, qids};
use syntax::ast::CompareOperator;

use super::{Case, Expr, ExprKind, Literal, Pattern, PatternKind, Query, Source, TextTest};

/// Literals of one test that a sentence names; the others are counted.
const LITERALS_SHOWN: usize = 6;
/// The longest literal or expression in a sentence, in characters; the rest is an ellipsis.
const TEXT_SHOWN: usize = 120;

impl Query {
    /// What a condition asks for, in one sentence without its full stop. AND and OR are named only: their operands are
    /// sentences of their own.
    ///
    /// ```
    /// let options = aql::Options::new(aql::Environment::new(0));
    /// let query = aql::compile_filter("Command ILIKE '%-enc%'", &schema::EVENTS, &options).query;
    /// let query = query.expect("there is no error");
    /// let filter = query.filter.as_ref().expect("it is a filter");
    /// assert_eq!(query.condition_words(filter), "the process command line contains `-enc` in any case");
    /// ```
    pub fn condition_words(&self, condition: &Expr) -> String {
        match &condition.kind {
            ExprKind::And(_) => "all of these".to_owned(),
            ExprKind::Or(_) => "any of these".to_owned(),
            ExprKind::Not(_) => "not this".to_owned(),
            ExprKind::Text(test) => self.text_words(test),
            ExprKind::Compare(operator, left, right) => self.comparison_words(*operator, left, right),
            ExprKind::In { operand, list, negated } => self.member_words(operand, list, *negated),
            ExprKind::InQuery { operand, query, negated } => {
                let not = if *negated { "none" } else { "one" };
                let inner = self.subqueries.get(*query).map_or_else(String::new, |it| one_line(&it.query.layout()));
                format!("{} is {not} of the values of ({inner})", self.value_words(operand))
            }
            ExprKind::IsNull { operand, negated } => {
                format!("{} is {}", self.value_words(operand), if *negated { "present" } else { "missing" })
            }
            ExprKind::Literal(Literal::Boolean(true)) => "always".to_owned(),
            ExprKind::Literal(Literal::Boolean(false)) => "never".to_owned(),
            ExprKind::Literal(_) => "unknown, for it compares with what no value can equal".to_owned(),
            _ => format!("{} is true", self.value_words(condition)),
        }
    }

    /// A value as a sentence names it: a field by its words, a computed column by its alias, anything else as AQL.
    pub fn value_words(&self, value: &Expr) -> String {
        let is_computed = matches!(
            value.kind,
            ExprKind::Case { .. } | ExprKind::Binary(..) | ExprKind::Call(_) | ExprKind::Aggregate(_)
        );
        if is_computed
            && let Some(alias) = self.columns.iter().find(|it| it.expr == *value).and_then(|it| it.alias.as_deref())
        {
            return format!("`{alias}`");
        }
        match &value.kind {
            ExprKind::Field(index) => match &self.source {
                Source::Database(database) => {
                    database.fields.get(*index).map_or_else(|| "?".to_owned(), |it| format!("the {}", it.words()))
                }
                source => format!("`{}`", source.column(*index).map_or("?", |(name, _)| name)),
            },
            ExprKind::Property(name) => format!("the property `{name}`"),
            ExprKind::SessionId => "the number of the session".to_owned(),
            ExprKind::Convert(operand) => self.value_words(operand),
            ExprKind::Call(call) if call.function.name == "UTF8" && call.args.len() == 1 => {
                self.value_words(&call.args[0])
            }
            ExprKind::Literal(literal) => literal_words(literal),
            ExprKind::Case { .. } => "the value of the CASE".to_owned(),
            _ => format!("`{}`", cut(&self.written(value))),
        }
    }

    fn text_words(&self, test: &TextTest) -> String {
        let is_list = test.operand.value_type == Type::Texts;
        let subject = self.value_words(&test.operand);
        let subject = if is_list { format!("an element of {subject}") } else { subject };
        let mut parts: Vec<(Verb, Vec<String>)> = Vec::new();
        for pattern in &test.patterns {
            let (verb, literal) = Verb::of(pattern);
            match parts.iter_mut().find(|(it, _)| *it == verb) {
                Some((_, literals)) => literals.push(literal),
                None => parts.push((verb, vec![literal])),
            }
        }
        let joint = if test.negated { " and " } else { " or " };
        let said: Vec<_> = parts.iter().map(|(verb, texts)| verb.say(texts, test.negated)).collect();
        let letters = |is: fn(char) -> bool| test.patterns.iter().any(|it| it.text.chars().any(is));
        let case = match test.case {
            Case::Lowered if letters(char::is_uppercase) => ", once in lower case",
            Case::Insensitive | Case::Lowered if letters(char::is_alphabetic) => " in any case",
            _ => "",
        };
        format!("{subject} {}{case}", said.join(joint))
    }

    fn comparison_words(&self, operator: CompareOperator, left: &Expr, right: &Expr) -> String {
        let verb = match operator {
            CompareOperator::Equal => "is",
            CompareOperator::NotEqual => "is not",
            CompareOperator::Less => "is less than",
            CompareOperator::LessOrEqual => "is at most",
            CompareOperator::Greater => "is more than",
            CompareOperator::GreaterOrEqual => "is at least",
        };
        let right = match right.as_literal() {
            Some(literal) => self.named_literal(left, literal),
            None => self.value_words(right),
        };
        format!("{} {verb} {right}", self.value_words(left))
    }

    fn member_words(&self, operand: &Expr, list: &[Expr], negated: bool) -> String {
        let value = |it: &Expr| match it.as_literal() {
            Some(literal) => self.named_literal(operand, literal),
            None => self.value_words(it),
        };
        let values: Vec<_> = list.iter().map(value).collect();
        let verb = match (operand.value_type == Type::Integers, negated) {
            (true, false) => "holds",
            (true, true) => "does not hold",
            (false, false) => "is",
            (false, true) => "is not",
        };
        format!("{} {verb} {}", self.value_words(operand), alternatives(&values))
    }

    /// A literal, with the name that a number stands for.
    fn named_literal(&self, beside: &Expr, literal: &Literal) -> String {
        let said = literal_words(literal);
        let (ExprKind::Field(index), Literal::Integer(number)) = (&beside.kind, literal) else { return said };
        let name = match self.source.column(*index).map_or("", |(name, _)| name) {
            "devicetype" => log_source_types::by_id(*number).map(log_source_types::LogSourceType::name),
            "qid" => qids::by_id(*number).and_then(|it| it.name),
            "category" | "highlevelcategory" => categories::by_id(*number).map(|it| it.name),
            _ => None,
        };
        name.map_or_else(|| said.clone(), |name| format!("{said} ({name})"))
    }
}

/// What a pattern asks of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Is,
    Contains,
    StartsWith,
    EndsWith,
    IsLike,
    Matches,
}

impl Verb {
    fn of(pattern: &Pattern) -> (Self, String) {
        let text = pattern.text.as_str();
        match pattern.kind {
            PatternKind::Equal => (Self::Is, quoted(text)),
            PatternKind::Regex => (Self::Matches, quoted(text)),
            PatternKind::Like => {
                let (open, rest) = text.strip_prefix('%').map_or((false, text), |it| (true, it));
                let (rest, end) = rest.strip_suffix('%').map_or((rest, false), |it| (it, true));
                let verb = match (open, end) {
                    _ if rest.contains(['%', '_']) || rest.is_empty() => return (Self::IsLike, quoted(text)),
                    (false, false) => Self::Is,
                    (true, true) => Self::Contains,
                    (false, true) => Self::StartsWith,
                    (true, false) => Self::EndsWith,
                };
                (verb, quoted(rest))
            }
        }
    }

    fn say(self, texts: &[String], negated: bool) -> String {
        let (plain, not) = match self {
            Self::Is => ("is", "is not"),
            Self::Contains => ("contains", "does not contain"),
            Self::StartsWith => ("starts with", "does not start with"),
            Self::EndsWith => ("ends with", "does not end with"),
            Self::IsLike => ("is like", "is not like"),
            Self::Matches => ("matches the expression", "does not match the expression"),
        };
        format!("{} {}", if negated { not } else { plain }, alternatives(texts))
    }
}

/// `a`, `a or b`, `a, b or c`; of a long list the first ones.
fn alternatives(texts: &[String]) -> String {
    if texts.len() > LITERALS_SHOWN {
        let shown = &texts[..LITERALS_SHOWN - 1];
        return format!("{} or one of {} more", shown.join(", "), texts.len() - shown.len());
    }
    match texts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => texts.concat(),
    }
}

fn literal_words(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => quoted(text),
        Literal::Integer(number) => number.to_string(),
        Literal::Double(number) => number.to_string(),
        Literal::Boolean(value) => value.to_string(),
        Literal::Null => "nothing".to_owned(),
    }
}

fn quoted(text: &str) -> String {
    if text.is_empty() { "an empty text".to_owned() } else { format!("`{}`", cut(text)) }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(TEXT_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn one_line(text: &str) -> String {
    cut(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use crate::{Environment, Options, compile};

    #[test]
    fn conditions_read_as_sentences() {
        let cases = [
            ("EventID IN (7045, '4697')", "the event ID is `7045` or `4697`"),
            ("Command NOT LIKE '%a%'", "the process command line does not contain `a`"),
            ("username = 'a'", "the user name is `a`"),
            ("LOWER(username) LIKE 'adm%'", "the user name starts with `adm` in any case"),
            ("username ILIKE ANY ('%$', 'a_b')", "the user name ends with `$` or is like `a_b` in any case"),
            ("ImagePath IMATCHES '^c:'", "the service program matches the expression `^c:` in any case"),
            ("devicetype = 12", "the log source type is 12 (Microsoft Windows Security Event Log)"),
            ("sourceport >= 1024", "the source port is at least 1024"),
            ("Colour IS NULL", "the property `Colour` is missing"),
            ("sourceip = destinationip", "the source address is the destination address"),
            ("INCIDR('10.0.0.0/8', sourceip)", "`INCIDR('10.0.0.0/8', sourceip)` is true"),
            ("odd = 1", "`odd` is 1"),
            ("EventID IN (1,2,3,4,5,6,7)", "the event ID is `1`, `2`, `3`, `4`, `5` or one of 2 more"),
        ];
        let options = Options::new(Environment::new(0));
        for (condition, expected) in cases {
            let text = format!("SELECT CASE WHEN qid = 1 THEN 1 END AS odd FROM events WHERE {condition}");
            let query = compile(&text, &options).query.unwrap_or_else(|| panic!("{condition} compiles"));
            let filter = query.filter.as_ref().expect("there is a filter");
            assert_eq!(query.condition_words(filter), expected);
        }
    }
}
