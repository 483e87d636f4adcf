//! Random trees.

use proptest::prelude::*;
use syntax::ast::*;
use syntax::{Node, Span};

fn node<T>(value: T) -> Node<T> {
    Node::new(value, Span::default())
}

fn boxed(value: Expr) -> Box<Expr> {
    Box::new(value)
}

/// Words that need no quotes, some of which have a meaning elsewhere.
fn bare_word() -> impl Strategy<Value = String> {
    const WORDS: &[&str] =
        &["a", "qid", "Start", "last", "limit", "text", "group", "begin", "any", "by", "desc", "hours", "distinct"];
    prop::sample::select(WORDS).prop_map(str::to_owned)
}

fn name() -> impl Strategy<Value = Name> {
    let quoted = "[a-zA-Z \"'é-]{0,6}".prop_map(|text| Name { text, quote: Quote::Double });
    prop_oneof![bare_word().prop_map(|text| Name { text, quote: Quote::None }), quoted]
}

fn text() -> impl Strategy<Value = String> {
    "[a-z'\"%\\\\\n-]{0,8}"
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        text().prop_map(Literal::Text),
        (0..=i64::MAX, any::<bool>()).prop_map(|(value, hex)| Literal::Integer { value, hex }),
        (0.0..1e20_f64).prop_map(Literal::Decimal),
        any::<bool>().prop_map(Literal::Boolean),
        Just(Literal::Null),
    ]
}

fn leaf() -> impl Strategy<Value = Expr> {
    prop_oneof![
        literal().prop_map(ExprKind::Literal),
        name().prop_map(ExprKind::Name),
        text().prop_map(|it| ExprKind::TextSearch(node(it))),
        (function(), Just(true)).prop_map(|(name, star)| ExprKind::Call(Call { name, args: Vec::new(), star })),
    ]
    .prop_map(node)
}

fn function() -> impl Strategy<Value = Node<String>> {
    prop::sample::select(&["COUNT", "GEO::LOOKUP", "last", "any", "text", "a b"][..]).prop_map(|it| node(it.to_owned()))
}

fn binary_operator() -> impl Strategy<Value = BinaryOperator> {
    use BinaryOperator::*;
    prop::sample::select(vec![
        Power,
        Multiply,
        Divide,
        Modulo,
        Add,
        Subtract,
        ShiftLeft,
        ShiftRight,
        ShiftRightUnsigned,
        BitAnd,
        BitXor,
        BitOr,
    ])
}

fn compare_operator() -> impl Strategy<Value = CompareOperator> {
    use CompareOperator::*;
    prop::sample::select(vec![Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual])
}

fn text_operator() -> impl Strategy<Value = TextOperator> {
    use TextOperator::*;
    prop::sample::select(vec![Like, ILike, Matches, IMatches])
}

fn unary_operator() -> impl Strategy<Value = UnaryOperator> {
    use UnaryOperator::*;
    prop::sample::select(vec![Minus, Plus, BitNot])
}

fn hyphenated() -> impl Strategy<Value = ExprKind> {
    let part = || bare_word().prop_map(|text| boxed(node(ExprKind::Name(Name { text, quote: Quote::None }))));
    (part(), part()).prop_map(|(left, right)| ExprKind::Binary(BinaryOperator::Hyphen, left, right))
}

fn predicate(inner: &BoxedStrategy<Expr>) -> impl Strategy<Value = ExprKind> + use<> {
    let one = || inner.clone().prop_map(boxed);
    let list = || prop::collection::vec(inner.clone(), 1..4);
    let pattern = prop_oneof![one().prop_map(TextPattern::One), list().prop_map(TextPattern::Any)];
    prop_oneof![
        (compare_operator(), one(), one()).prop_map(|(operator, left, right)| ExprKind::Compare(operator, left, right)),
        (one(), list(), any::<bool>()).prop_map(|(operand, list, negated)| ExprKind::In {
            operand,
            list: InList::Values(list),
            negated
        }),
        (one(), one(), one(), any::<bool>()).prop_map(|(operand, low, high, negated)| ExprKind::Between {
            operand,
            low,
            high,
            negated
        }),
        (one(), text_operator(), pattern, any::<bool>())
            .prop_map(|(operand, operator, pattern, negated)| ExprKind::Text { operand, operator, pattern, negated }),
        (one(), any::<bool>()).prop_map(|(operand, negated)| ExprKind::IsNull { operand, negated }),
    ]
}

fn compound(inner: &BoxedStrategy<Expr>) -> impl Strategy<Value = Expr> + use<> {
    let one = || inner.clone().prop_map(boxed);
    let operands = || prop::collection::vec(inner.clone(), 2..4);
    let arms = prop::collection::vec((inner.clone(), inner.clone()), 1..3);
    prop_oneof![
        operands().prop_map(ExprKind::And),
        operands().prop_map(ExprKind::Or),
        one().prop_map(ExprKind::Not),
        hyphenated(),
        (unary_operator(), one()).prop_map(|(operator, operand)| ExprKind::Unary(operator, operand)),
        (binary_operator(), one(), one()).prop_map(|(operator, left, right)| ExprKind::Binary(operator, left, right)),
        predicate(inner),
        (prop::option::of(one()), arms, prop::option::of(one()))
            .prop_map(|(operand, arms, otherwise)| ExprKind::Case { operand, arms, otherwise }),
        (one(), one(), one()).prop_map(|(condition, then, otherwise)| ExprKind::If { condition, then, otherwise }),
        (function(), prop::collection::vec(inner.clone(), 0..3)).prop_map(|(name, args)| ExprKind::Call(Call {
            name,
            args,
            star: false
        })),
    ]
    .prop_map(node)
}

pub(crate) fn expression() -> BoxedStrategy<Expr> {
    leaf().prop_recursive(4, 24, 3, |inner| compound(&inner).boxed()).boxed()
}

fn item() -> impl Strategy<Value = Node<Item>> {
    let alias = prop_oneof![
        ("[ab]{1,3}", Just(Quote::None)),
        ("[a '\"]{0,3}", Just(Quote::Single)),
        ("[a '\"]{0,3}", Just(Quote::Double)),
    ];
    let alias = (alias, any::<bool>()).prop_map(|((name, quote), has_as)| node(Alias { name, quote, has_as }));
    let expr = (expression(), prop::option::of(alias)).prop_map(|(expr, mut alias)| {
        // `SELECT distinct "x"` would be read as the DISTINCT of other languages.
        let is_distinct = matches!(&expr.value, ExprKind::Name(name) if name.text == "distinct");
        if let Some(alias) = &mut alias {
            alias.value.has_as |= is_distinct;
        }
        Item::Expr { expr, alias }
    });
    prop_oneof![1 => Just(Item::Star), 5 => expr].prop_map(node)
}

fn unit() -> impl Strategy<Value = Unit> {
    prop::sample::select(vec![Unit::Second, Unit::Minute, Unit::Hour, Unit::Day])
}

fn point() -> impl Strategy<Value = Node<Point>> {
    prop_oneof![text().prop_map(Point::Text), (0..=i64::MAX).prop_map(Point::Millis), text().prop_map(Point::Relative)]
        .prop_map(node)
}

fn time() -> impl Strategy<Value = Node<Time>> {
    let range = (prop::option::of(point()), prop::option::of(point()))
        .prop_filter("one of both", |(start, stop)| start.is_some() || stop.is_some());
    prop_oneof![
        (any::<u64>(), unit()).prop_map(|(count, unit)| Time::Last { count, unit }),
        range.prop_map(|(start, stop)| Time::Range { start, stop }),
        expression().prop_map(Time::Offense),
    ]
    .prop_map(node)
}

fn session() -> impl Strategy<Value = Node<Session>> {
    let boundary = || {
        prop::option::of(
            (any::<bool>(), expression()).prop_map(|(explicit, condition)| Boundary { explicit, condition }),
        )
    };
    let keys = prop::collection::vec(expression(), 1..3);
    (expression(), keys, boundary(), boundary(), any::<Option<u64>>(), prop::option::of((any::<u64>(), unit())))
        .prop_map(|(time, keys, begin, end, timeout, window)| node(Session { time, keys, begin, end, timeout, window }))
}

fn sort() -> impl Strategy<Value = Node<Sort>> {
    (expression(), any::<bool>(), prop::option::of(text().prop_map(node)))
        .prop_map(|(expr, descending, collate)| node(Sort { expr, descending, collate }))
}

fn parameter() -> impl Strategy<Value = Node<Parameter>> {
    let value = prop_oneof![literal().prop_map(ExprKind::Literal), name().prop_map(ExprKind::Name)].prop_map(node);
    (bare_word(), value).prop_map(|(name, value)| node(Parameter { name, value }))
}

fn source() -> impl Strategy<Value = Node<Source>> {
    let view =
        (text(), text()).prop_map(|(search, range)| Source::GlobalView { search: node(search), range: node(range) });
    prop_oneof![name().prop_map(Source::Table), view].prop_map(node)
}

pub(crate) fn flat_query() -> BoxedStrategy<Query> {
    let head = (prop::collection::vec(item(), 1..3), source(), prop::option::of(bare_word().prop_map(node)));
    let middle = (
        prop::option::of(expression()),
        prop::option::of(session()),
        prop::collection::vec(expression(), 0..3),
        prop::option::of(expression()),
    );
    let tail = (
        prop::collection::vec(sort(), 0..3),
        prop::option::of(any::<u64>().prop_map(node)),
        prop::option::of(time()),
        prop::collection::vec(parameter(), 0..3),
    );
    (head, middle, tail)
        .prop_map(
            |((select, source, into), (filter, session, group_by, having), (order_by, limit, time, parameters))| {
                Query { select, source, into, filter, session, group_by, having, order_by, limit, time, parameters }
            },
        )
        .boxed()
}

/// A query inside the FROM and inside an IN of another.
pub(crate) fn nested_query() -> impl Strategy<Value = Query> {
    (flat_query(), flat_query(), flat_query(), expression()).prop_map(|(mut outer, inner, list, operand)| {
        outer.source = node(Source::Query(Box::new(inner)));
        let list = InList::Query(Box::new(list));
        outer.filter = Some(node(ExprKind::In { operand: boxed(operand), list, negated: true }));
        outer
    })
}
