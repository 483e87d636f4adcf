//! What a match must contain: for each alternative of a filter the class of its events, and texts of which a field holds one.
//! Necessary conditions only: the one-pass matcher looks for all of them at once, and asks the filter itself about the
//! few rows that are left.

use schema::Type;
use syntax::Span;

use super::{Expr, ExprKind, Guard, Literal, PatternKind, Query, Source, TextTest, choice};
use crate::text::{Pattern, is_candidate, required_cost, required_texts};

/// The most alternatives that are told apart; a filter with more is one.
const ALTERNATIVES_MAX: usize = 64;
/// What an alternative costs that requires no text.
const COST_WITHOUT_TEXT: f64 = 1.0;
/// How many times as much the arms of an OR may cost together as the whole.
const COST_OF_TELLING_APART: f64 = 1.5;

/// A way in which the filter can be true.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// Its place in the query.
    pub span: Span,
    /// What it requires of the class of an event.
    pub guards: Vec<Guard>,
    /// Texts of which one must occur; none where no text is required. An empty list: the alternative is never true.
    pub literals: Option<Vec<RequiredLiteral>>,
}

/// A text that a field may be required to contain.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequiredLiteral {
    /// Where.
    pub place: Place,
    /// ASCII, in lower case.
    pub text: String,
}

/// A text of an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// A column of the source: index as in [`ExprKind::Field`]. Of a list, any element.
    Field(usize),
    /// A property that no field describes.
    Property(String),
}

impl RequiredLiteral {
    /// Whether a value of its place is a candidate: it contains the text in any case of ASCII letters, or a character
    /// beyond ASCII that may count as one ([`crate::text::UNLIKE_ASCII`]).
    pub fn is_candidate(&self, value: &str) -> bool {
        is_candidate(value, &self.text)
    }
}

impl Query {
    /// The alternatives of the filter: every row that passes does so by one of them, whose guards hold then, and of whose
    /// literals one is found. They are the arms of the OR that makes them cheapest; without an OR there is one.
    /// None for a query without filter.
    ///
    /// ```
    /// let options = aql::Options::new(aql::Environment::new(0));
    /// let text = "EventID = 1 AND (Command ILIKE '%-enc%' OR Command IMATCHES 'down(load|file)')";
    /// let query = aql::compile_filter(text, &schema::EVENTS, &options).query.expect("there is no error");
    /// let texts = |it: &aql::bound::Alternative| it.literals.iter().flatten().map(|it| it.text.clone()).collect::<Vec<_>>();
    /// let texts: Vec<_> = query.alternatives().iter().map(texts).collect();
    /// assert_eq!(texts, [vec!["-enc"], vec!["downfile", "download"]]);
    /// ```
    pub fn alternatives(&self) -> Vec<Alternative> {
        let Some(filter) = &self.filter else { return Vec::new() };
        let conjuncts = match &filter.kind {
            ExprKind::And(conjuncts) => conjuncts.as_slice(),
            _ => std::slice::from_ref(filter),
        };
        let whole = vec![self.alternative(filter, filter)];
        let mut ways = Vec::new();
        for (position, conjunct) in conjuncts.iter().enumerate() {
            let ExprKind::Or(arms) = &conjunct.kind else { continue };
            if arms.len() <= ALTERNATIVES_MAX {
                let alternative = |arm| self.alternative(arm, &with_arm(conjuncts, position, arm));
                ways.push(arms.iter().map(alternative).collect::<Vec<_>>());
            }
        }
        let cost = |it: &[Alternative]| it.iter().map(Alternative::cost).sum::<f64>();
        let cheapest = ways.into_iter().min_by(|one, other| cost(one).total_cmp(&cost(other)));
        // An OR tells the alternatives apart; it is passed by only where taking it apart costs more.
        cheapest.filter(|it| cost(it) <= cost(&whole) * COST_OF_TELLING_APART).unwrap_or(whole)
    }

    fn alternative(&self, arm: &Expr, condition: &Expr) -> Alternative {
        let guards = match &self.source {
            Source::Database(database) => super::guard::class_guards(database, condition),
            _ => Vec::new(),
        };
        Alternative { span: arm.span, guards, literals: required_literals(condition, &class_fields(&self.source)) }
    }
}

impl Alternative {
    fn cost(&self) -> f64 {
        self.literals.as_deref().map_or(COST_WITHOUT_TEXT, cost)
    }
}

/// The conjunction with one arm in the place of its OR.
fn with_arm(conjuncts: &[Expr], position: usize, arm: &Expr) -> Expr {
    let mut operands = conjuncts.to_vec();
    operands[position] = arm.clone();
    if operands.len() == 1 {
        return operands.remove(0);
    }
    Expr::new(ExprKind::And(operands), Type::Boolean, arm.span)
}

/// Texts of which one must occur for a condition to be true, the cheapest that can be told; none where none is required.
/// The texts of `ignored` fields are not looked at: a guard asks for them.
pub fn required_literals(condition: &Expr, ignored: &[usize]) -> Option<Vec<RequiredLiteral>> {
    let inner = |it: &Expr| required_literals(it, ignored);
    match &condition.kind {
        ExprKind::And(operands) => cheapest(operands.iter().filter_map(inner)),
        ExprKind::Or(operands) => union(operands.iter().map(inner)),
        ExprKind::Literal(Literal::Boolean(false) | Literal::Null) => Some(Vec::new()),
        ExprKind::Text(test) if !test.negated => match places(&test.operand) {
            Some(places) => of_text(test, &places, ignored),
            None => of_choice(condition, ignored),
        },
        _ => of_choice(condition, ignored),
    }
}

/// The fields that tell the class of an event.
fn class_fields(source: &Source) -> Vec<usize> {
    let Source::Database(database) = source else { return Vec::new() };
    super::guard::CLASS_FIELDS.iter().filter_map(|it| database.position(it)).collect()
}

fn of_text(test: &TextTest, places: &[Place], ignored: &[usize]) -> Option<Vec<RequiredLiteral>> {
    if places.iter().any(|it| matches!(it, Place::Field(index) if ignored.contains(index))) {
        return None;
    }
    let mut literals = Vec::with_capacity(test.patterns.len());
    for pattern in &test.patterns {
        let written = match pattern.kind {
            PatternKind::Equal => Pattern::Equal(pattern.text.clone()),
            PatternKind::Like => Pattern::Like(pattern.text.clone()),
            PatternKind::Regex => Pattern::Regex(pattern.text.clone()),
        };
        let texts = required_texts(&written, pattern.regex(test.case).as_ref())?;
        for text in texts {
            literals.extend(places.iter().map(|it| RequiredLiteral { place: it.clone(), text: text.clone() }));
        }
    }
    Some(reduced(literals))
}

/// A test of labels or scores: one of the arms with which it is true was taken.
fn of_choice(condition: &Expr, ignored: &[usize]) -> Option<Vec<RequiredLiteral>> {
    let choice = choice(condition)?;
    let cases: Vec<Vec<_>> =
        choice.cases.iter().map(|arms| arms.iter().map(|it| required_literals(it, ignored)).collect()).collect();
    let passing = choice.outcomes.iter().filter(|(_, outcome)| *outcome == Some(true));
    union(passing.map(|(taken, _)| {
        let of_arms = cases.iter().zip(taken).filter_map(|(arms, arm)| arms.get(*arm)?.clone());
        cheapest(of_arms)
    }))
}

/// Where a text is read as it is; of a CASE, each place that it may come from.
fn places(operand: &Expr) -> Option<Vec<Place>> {
    let is_text = matches!(operand.value_type, Type::Text | Type::Bytes | Type::Texts);
    match &operand.kind {
        ExprKind::Field(index) if is_text => Some(vec![Place::Field(*index)]),
        ExprKind::Property(name) if is_text => Some(vec![Place::Property(name.clone())]),
        ExprKind::Convert(inner) => places(inner),
        ExprKind::Call(call) if call.function.name == "UTF8" => places(call.args.first()?),
        ExprKind::Case { arms, otherwise } => {
            let mut all = Vec::new();
            for value in arms.iter().map(|(_, value)| value).chain(otherwise.as_deref()) {
                if value.as_literal() != Some(&Literal::Null) {
                    all.extend(places(value)?);
                }
            }
            all.sort();
            all.dedup();
            Some(all)
        }
        _ => None,
    }
}

/// All texts together; none where one of the alternatives requires none.
fn union(alternatives: impl Iterator<Item = Option<Vec<RequiredLiteral>>>) -> Option<Vec<RequiredLiteral>> {
    let each: Vec<_> = alternatives.collect::<Option<_>>()?;
    Some(reduced(each.concat()))
}

fn cheapest(sets: impl Iterator<Item = Vec<RequiredLiteral>>) -> Option<Vec<RequiredLiteral>> {
    sets.min_by(|one, other| cost(one).total_cmp(&cost(other)))
}

fn cost(literals: &[RequiredLiteral]) -> f64 {
    let texts: Vec<&str> = literals.iter().map(|it| it.text.as_str()).collect();
    required_cost(&texts)
}

/// The same without texts that contain another one of the same place; sorted.
fn reduced(mut literals: Vec<RequiredLiteral>) -> Vec<RequiredLiteral> {
    literals.sort_by(|one, other| (one.text.len(), one).cmp(&(other.text.len(), other)));
    literals.dedup();
    let mut kept: Vec<RequiredLiteral> = Vec::with_capacity(literals.len());
    for literal in literals {
        if !kept.iter().any(|it| it.place == literal.place && literal.text.contains(&it.text)) {
            kept.push(literal);
        }
    }
    kept.sort();
    kept
}
