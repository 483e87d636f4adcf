//! What a match must contain: for each alternative of a filter the class of its events, and texts of which a field holds one.
//! Necessary conditions only: the one-pass matcher looks for all of them at once, and asks the filter itself about the
//! few rows that are left.

use std::collections::BTreeSet;

use schema::Type;
use syntax::Span;

use super::{Expr, ExprKind, Guard, GuardValue, Literal, PatternKind, Query, Source, TextTest, choice};
use crate::text::{Pattern, Shorter, is_candidate, required_cost, required_texts};

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
        let class_fields = match &self.source {
            Source::Database(database) => super::guard::class_fields(database),
            _ => Vec::new(),
        };
        let arms: Vec<Vec<Requirement>> = conjuncts.iter().map(|it| Requirement::of_arms(it, &class_fields)).collect();
        let wholes: Vec<Requirement> =
            conjuncts.iter().zip(&arms).map(|(it, arms)| Requirement::of_any(it, arms, &class_fields)).collect();
        let whole = vec![joined(&class_fields, filter.span, &wholes.iter().collect::<Vec<_>>())];
        let mut ways = Vec::new();
        for (position, conjunct) in conjuncts.iter().enumerate() {
            let ExprKind::Or(operands) = &conjunct.kind else { continue };
            if operands.len() <= ALTERNATIVES_MAX {
                let alternative = |(operand, arm): (&Expr, &Requirement)| {
                    let of = |(other, it)| if other == position { arm } else { it };
                    joined(&class_fields, operand.span, &wholes.iter().enumerate().map(of).collect::<Vec<_>>())
                };
                ways.push(operands.iter().zip(&arms[position]).map(alternative).collect::<Vec<_>>());
            }
        }
        let cost = |it: &[Alternative]| it.iter().map(Alternative::cost).sum::<f64>();
        let cheapest = ways.into_iter().min_by(|one, other| cost(one).total_cmp(&cost(other)));
        // An OR tells the alternatives apart; it is passed by only where taking it apart costs more.
        cheapest.filter(|it| cost(it) <= cost(&whole) * COST_OF_TELLING_APART).unwrap_or(whole)
    }
}

impl Alternative {
    fn cost(&self) -> f64 {
        self.literals.as_deref().map_or(COST_WITHOUT_TEXT, cost)
    }
}

/// What a condition requires of an event.
struct Requirement {
    literals: Option<Vec<RequiredLiteral>>,
    /// What the texts cost.
    cost: f64,
    /// For each class field the values of which it must have one; none if it may have any.
    values: Vec<Option<BTreeSet<GuardValue>>>,
}

impl Requirement {
    fn new(condition: &Expr, literals: Option<Vec<RequiredLiteral>>, class_fields: &[usize]) -> Self {
        let values = class_fields.iter().map(|field| super::guard::required(condition, *field)).collect();
        Self { cost: literals.as_deref().map_or(f64::INFINITY, cost), literals, values }
    }

    /// Those of the arms of an OR; none of another condition.
    fn of_arms(condition: &Expr, class_fields: &[usize]) -> Vec<Self> {
        let ExprKind::Or(operands) = &condition.kind else { return Vec::new() };
        operands.iter().map(|it| Self::new(it, required_literals(it, class_fields), class_fields)).collect()
    }

    /// That of a condition, whose arms are known if it is an OR.
    fn of_any(condition: &Expr, arms: &[Self], class_fields: &[usize]) -> Self {
        let literals = match &condition.kind {
            ExprKind::Or(_) => union(arms.iter().map(|it| it.literals.as_deref())),
            _ => required_literals(condition, class_fields),
        };
        Self::new(condition, literals, class_fields)
    }
}

/// What conditions that must all be true require: the cheapest of their texts, and all that they say of the class.
fn joined(class_fields: &[usize], span: Span, each: &[&Requirement]) -> Alternative {
    let guard = |(position, field): (usize, &usize)| {
        let values = super::guard::required_of_all(each.iter().filter_map(|it| it.values[position].as_ref()))?;
        Some(Guard { field: *field, values })
    };
    let guards = class_fields.iter().enumerate().filter_map(guard).collect();
    let with_texts = each.iter().filter(|it| it.literals.is_some());
    let cheapest = with_texts.min_by(|one, other| one.cost.total_cmp(&other.cost));
    Alternative { span, guards, literals: cheapest.and_then(|it| it.literals.clone()) }
}

/// Texts of which one must occur for a condition to be true, the cheapest that can be told; none where none is required.
/// The texts of `ignored` fields are not looked at: a guard asks for them.
pub fn required_literals(condition: &Expr, ignored: &[usize]) -> Option<Vec<RequiredLiteral>> {
    let inner = |it: &Expr| required_literals(it, ignored);
    match &condition.kind {
        ExprKind::And(operands) => cheapest(operands.iter().filter_map(inner)),
        ExprKind::Or(operands) => {
            let each: Vec<_> = operands.iter().map(inner).collect();
            union(each.iter().map(Option::as_deref))
        }
        ExprKind::Literal(Literal::Boolean(false) | Literal::Null) => Some(Vec::new()),
        ExprKind::Text(test) if !test.negated => match places(&test.operand) {
            Some(places) => of_text(test, &places, ignored),
            None => of_choice(condition, ignored),
        },
        _ => of_choice(condition, ignored),
    }
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
    let with_cost = |arm: &&Expr| required_literals(arm, ignored).map(|it| (cost(&it), it));
    let cases: Vec<Vec<_>> = choice.cases.iter().map(|arms| arms.iter().map(with_cost).collect()).collect();
    let passing = choice.outcomes.iter().filter(|(_, outcome)| *outcome == Some(true));
    let of_arms = |taken: &[usize]| {
        let sets = cases.iter().zip(taken).filter_map(|(arms, arm)| arms.get(*arm)?.as_ref());
        sets.min_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, it)| it.as_slice())
    };
    union(passing.map(|(taken, _)| of_arms(taken)))
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
fn union<'a>(alternatives: impl Iterator<Item = Option<&'a [RequiredLiteral]>>) -> Option<Vec<RequiredLiteral>> {
    let mut each: Vec<&[RequiredLiteral]> = alternatives.collect::<Option<_>>()?;
    // The same arms are taken by many combinations.
    each.sort_unstable_by_key(|it| it.as_ptr());
    each.dedup_by_key(|it| it.as_ptr());
    Some(reduced(each.concat()))
}

fn cheapest(sets: impl Iterator<Item = Vec<RequiredLiteral>>) -> Option<Vec<RequiredLiteral>> {
    let costs = sets.map(|it| (cost(&it), it));
    costs.min_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, it)| it)
}

fn cost(literals: &[RequiredLiteral]) -> f64 {
    required_cost(literals.iter().map(|it| it.text.as_str()))
}

/// The same without texts that contain another one of the same place; sorted.
fn reduced(mut literals: Vec<RequiredLiteral>) -> Vec<RequiredLiteral> {
    if literals.len() < 2 {
        return literals;
    }
    literals
        .sort_unstable_by(|one, other| (&one.place, one.text.len(), one).cmp(&(&other.place, other.text.len(), other)));
    literals.dedup();
    let mut kept: Vec<RequiredLiteral> = Vec::with_capacity(literals.len());
    let mut shorter = Shorter::default();
    for literal in literals {
        if kept.last().is_some_and(|it| it.place != literal.place) {
            shorter = Shorter::default();
        }
        if shorter.is_new(&literal.text) {
            kept.push(literal);
        }
    }
    kept.sort_unstable();
    kept
}
