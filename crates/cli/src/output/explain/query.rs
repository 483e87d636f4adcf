//! A query in plain words: what it reads and asks for, its columns, and what a match must contain.

use std::fmt::Write as _;

use aql::bound::{Alternative, Expr, ExprKind, Guard, GuardValue, Moment, Place, Query, Source, Window};
use schema::Type;
use syntax::ast::BinaryOperator;

use crate::output::matches::Palette;
use crate::output::table::printable;
use crate::output::time::rfc3339;

/// Literals of an alternative that are named; the others are counted.
const LITERALS_SHOWN: usize = 12;
/// The width of the column of headings.
const HEAD: usize = 12;

/// The query in words. `title` names it.
pub(crate) fn query_text(title: &str, query: &Query, palette: Palette) -> String {
    let mut writer = Writer { text: String::new(), palette };
    let _ = writeln!(writer.text, "{}\n", palette.paint("1", &printable(title)));
    writer.query(query, 0);
    writer.text
}

struct Writer {
    text: String,
    palette: Palette,
}

impl Writer {
    /// A heading and what stands beside it.
    fn head(&mut self, level: usize, name: &str, text: &str) {
        let name = self.palette.paint("1", &format!("{name:<HEAD$}"));
        let _ = writeln!(self.text, "{:1$}{name}{2}", "", level * 2, printable(text));
    }

    fn line(&mut self, level: usize, text: &str) {
        let _ = writeln!(self.text, "{:1$}{2}", "", HEAD + level * 2, printable(text));
    }

    fn query(&mut self, query: &Query, level: usize) {
        match &query.source {
            Source::Database(database) => self.head(level, "reads", database.name),
            Source::GlobalView { search, .. } => self.head(level, "reads", &format!("the saved search `{search}`")),
            Source::Query(inner) => {
                self.head(level, "reads", "the rows of this query:");
                self.query(inner, level + 1);
            }
        }
        match &query.filter {
            None => self.head(level, "where", "every row passes"),
            Some(filter) => {
                self.head(level, "where", &query.condition_words(filter));
                self.parts(query, filter, level + 1);
            }
        }
        self.head(level, "time", &window_words(query.window.as_ref()));
        self.clauses(query, level);
        for (index, column) in query.columns.iter().enumerate() {
            let name = if index == 0 { "columns" } else { "" };
            let value = if has_case(&column.expr) { String::new() } else { query.written(&column.expr) };
            let value = if value.eq_ignore_ascii_case(&column.name) { String::new() } else { format!(" = {value}") };
            self.head(level, name, &format!("{}{}", column.name, if value == " = " { "" } else { &value }));
            if has_case(&column.expr) {
                self.computed(query, &column.expr, level + 1);
            }
        }
        self.necessary(query, level);
    }

    fn clauses(&mut self, query: &Query, level: usize) {
        let list = |exprs: &[Expr]| exprs.iter().map(|it| query.value_words(it)).collect::<Vec<_>>().join(", ");
        if let Some(session) = &query.session {
            self.head(level, "sessions", &format!("rows in the order of {}", query.value_words(&session.time)));
            if !session.keys.is_empty() {
                self.line(level + 1, &format!("one for each {}", list(&session.keys)));
            }
            for (word, boundary) in [("opened", &session.begin), ("closed", &session.end)] {
                if let Some(boundary) = boundary {
                    self.line(level + 1, &format!("{word} where {}", query.condition_words(&boundary.condition)));
                    self.parts(query, &boundary.condition, level + 2);
                }
            }
        }
        if !query.group_by.is_empty() {
            self.head(level, "grouped by", &list(&query.group_by));
        }
        if let Some(having) = &query.having {
            self.head(level, "groups", &format!("only where {}", query.condition_words(having)));
            self.parts(query, having, level + 1);
        }
        let order = if query.order_by.is_empty() {
            if query.is_aggregating() { "as the groups come".to_owned() } else { "newest first".to_owned() }
        } else {
            let key = |it: &aql::bound::Sort| {
                let first = match (it.expr.value_type, it.descending) {
                    (Type::Time, true) => "latest first",
                    (Type::Time, false) => "earliest first",
                    (Type::Text, true) => "from Z to A",
                    (Type::Text, false) => "from A to Z",
                    (_, true) => "highest first",
                    (_, false) => "lowest first",
                };
                format!("{}, {first}", query.value_words(&it.expr))
            };
            query.order_by.iter().map(key).collect::<Vec<_>>().join("; then ")
        };
        self.head(level, "order", &order);
        if let Some(limit) = query.limit {
            self.head(level, "limit", &format!("the first {limit} rows"));
        }
    }

    /// The operands of a condition, each a sentence.
    fn parts(&mut self, query: &Query, condition: &Expr, level: usize) {
        let operands = match &condition.kind {
            ExprKind::And(operands) | ExprKind::Or(operands) => operands.as_slice(),
            ExprKind::Not(operand) => std::slice::from_ref(&**operand),
            _ => return,
        };
        for operand in operands {
            self.line(level, &query.condition_words(operand));
            self.parts(query, operand, level + 1);
        }
    }

    /// The arms of a CASE, or of each term of a sum.
    fn computed(&mut self, query: &Query, value: &Expr, level: usize) {
        match &value.kind {
            ExprKind::Case { arms, otherwise } => {
                for (condition, value) in arms {
                    self.line(
                        level,
                        &format!("{} where {}", query.value_words(value), query.condition_words(condition)),
                    );
                    self.parts(query, condition, level + 1);
                    self.computed(query, value, level + 1);
                }
                let otherwise = otherwise.as_ref().map_or_else(|| "nothing".to_owned(), |it| query.value_words(it));
                self.line(level, &format!("{otherwise} otherwise"));
            }
            ExprKind::Binary(operator @ (BinaryOperator::Add | BinaryOperator::Subtract), left, right) => {
                self.computed(query, left, level);
                self.line(level, if *operator == BinaryOperator::Add { "plus" } else { "minus" });
                self.computed(query, right, level);
            }
            ExprKind::Convert(inner) => self.computed(query, inner, level),
            ExprKind::Literal(_) => {}
            _ => self.line(level, &query.value_words(value)),
        }
    }

    /// What a match must be and contain.
    fn necessary(&mut self, query: &Query, level: usize) {
        let Source::Database(_) = &query.source else { return };
        let guards = query.class_guards();
        let all: Vec<_> = guards.iter().map(|it| guard_words(query, it)).collect();
        if !all.is_empty() {
            self.head(level, "class", &format!("only events of which {}", all.join(" and ")));
        }
        let alternatives = query.alternatives();
        if alternatives.iter().all(|it| it.literals.is_none() && it.guards == guards) {
            if query.filter.is_some() {
                self.head(level, "one pass", "no text is required: the condition is asked of every such event");
            }
            return;
        }
        let many = alternatives.len() > 1;
        for (index, alternative) in alternatives.iter().enumerate() {
            let name = if index == 0 { "one pass" } else { "" };
            let own: Vec<_> =
                alternative.guards.iter().filter(|it| !guards.contains(it)).map(|it| guard_words(query, it)).collect();
            let own = if own.is_empty() { String::new() } else { format!("where {}: ", own.join(" and ")) };
            let way = if many { format!("way {} of {}: ", index + 1, alternatives.len()) } else { String::new() };
            self.head(level, name, &format!("{way}{own}{}", literal_words(query, alternative)));
        }
    }
}

fn has_case(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Case { .. } => true,
        ExprKind::Binary(BinaryOperator::Add | BinaryOperator::Subtract, left, right) => {
            has_case(left) || has_case(right)
        }
        ExprKind::Convert(inner) => has_case(inner),
        _ => false,
    }
}

/// The texts of which one must occur.
fn literal_words(query: &Query, alternative: &Alternative) -> String {
    let Some(literals) = &alternative.literals else { return "asked of every event that is left".to_owned() };
    if literals.is_empty() {
        return "never true".to_owned();
    }
    let mut places: Vec<(String, Vec<String>)> = Vec::new();
    for literal in literals {
        let place = place_words(query, &literal.place);
        let text = format!("`{}`", literal.text);
        match places.iter_mut().find(|(it, _)| *it == place) {
            Some((_, texts)) => texts.push(text),
            None => places.push((place, vec![text])),
        }
    }
    let one = |(place, texts): &(String, Vec<String>)| {
        let more = texts.len().saturating_sub(LITERALS_SHOWN);
        let shown = texts[..texts.len() - more].join(", ");
        let more = if more > 0 { format!(" or one of {more} more") } else { String::new() };
        let any = if texts.len() > 1 { "one of " } else { "" };
        format!("looks for {any}{shown}{more} in {place}")
    };
    places.iter().map(one).collect::<Vec<_>>().join(", or ")
}

fn place_words(query: &Query, place: &Place) -> String {
    match place {
        Place::Field(index) => {
            let field = query.database().and_then(|it| it.fields.get(*index));
            field.map_or_else(|| "?".to_owned(), |it| format!("the {}", it.words()))
        }
        Place::Property(name) => format!("the property `{name}`"),
    }
}

fn guard_words(query: &Query, guard: &Guard) -> String {
    let value = |it: &GuardValue| match it {
        GuardValue::Integer(number) => number.to_string(),
        GuardValue::Text(text) => format!("`{text}`"),
    };
    let values: Vec<_> = guard.values.iter().map(value).collect();
    let field = place_words(query, &Place::Field(guard.field));
    if values.is_empty() { format!("{field} can have no value") } else { format!("{field} is {}", values.join(" or ")) }
}

/// The time clause in words.
fn window_words(window: Option<&Window>) -> String {
    let moment = |it: &Moment| match it {
        Moment::Millis(millis) => rfc3339(*millis),
        Moment::Ago(millis) => format!("{} ago", length_words(*millis)),
    };
    match window {
        None => "all; QRadar takes the last five minutes".to_owned(),
        Some(Window::Last { length_ms }) => format!("the last {}", length_words(*length_ms)),
        Some(Window::Range { start, stop }) => {
            let start =
                start.as_ref().map_or_else(|| "from the beginning".to_owned(), |it| format!("from {}", moment(it)));
            let stop = stop.as_ref().map_or_else(|| "until now".to_owned(), |it| format!("to {}", moment(it)));
            format!("{start} {stop}")
        }
        Some(Window::Offense { id }) => format!("that of the offense {id}"),
    }
}

/// A length of time in words.
fn length_words(millis: i64) -> String {
    for (unit, name) in [(86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1000, "second")] {
        // People say 24 hours, and 7 days.
        if millis % unit == 0 && (millis > unit || millis == unit && unit < 86_400_000) {
            let count = u64::try_from(millis / unit).unwrap_or_default();
            return crate::output::count(count, name);
        }
    }
    format!("{millis} milliseconds")
}
