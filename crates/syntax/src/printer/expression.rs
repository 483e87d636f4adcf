//! Printing of expressions.

use crate::ast::{
    BinaryOperator, Call, CompareOperator, Expr, ExprKind, InList, Literal, TextOperator, TextPattern, UnaryOperator,
};
use crate::precedence;
use crate::token::is_plain_name;

use super::Printer;

impl Printer {
    /// An expression that stands alone.
    pub(super) fn expression(&mut self, expression: &Expr) {
        match &expression.value {
            ExprKind::Literal(literal) => self.literal(literal),
            ExprKind::Name(name) => self.name(name),
            ExprKind::Call(call) => self.call(call),
            ExprKind::Unary(operator, operand) => self.unary(*operator, operand),
            ExprKind::Binary(operator, left, right) => self.binary(*operator, left, right),
            ExprKind::And(operands) => self.chain(operands, " AND ", precedence::AND),
            ExprKind::Or(operands) => self.chain(operands, " OR ", precedence::OR),
            ExprKind::Not(operand) => {
                self.push("NOT ");
                self.operand(operand, precedence::NOT);
            }
            ExprKind::Case { operand, arms, otherwise } => self.case(operand.as_deref(), arms, otherwise.as_deref()),
            ExprKind::If { condition, then, otherwise } => self.if_expression(condition, then, otherwise),
            ExprKind::TextSearch(text) => {
                self.push("TEXT SEARCH ");
                self.quoted(&text.value, '\'');
            }
            ExprKind::Error => self.push("<error>"),
            ExprKind::Compare(..)
            | ExprKind::In { .. }
            | ExprKind::Between { .. }
            | ExprKind::Text { .. }
            | ExprKind::IsNull { .. } => self.predicate(&expression.value),
        }
    }

    fn predicate(&mut self, kind: &ExprKind) {
        match kind {
            ExprKind::Compare(operator, left, right) => {
                self.operand(left, precedence::VALUE);
                self.push(compare_text(*operator));
                self.operand(right, precedence::VALUE);
            }
            ExprKind::In { operand, list, negated } => {
                self.operand(operand, precedence::VALUE);
                self.push(if *negated { " NOT IN (" } else { " IN (" });
                match list {
                    InList::Values(values) => self.list(values, Self::expression),
                    InList::Query(query) => self.query(query),
                }
                self.push(")");
            }
            ExprKind::Between { operand, low, high, negated } => {
                self.operand(operand, precedence::VALUE);
                self.push(if *negated { " NOT BETWEEN " } else { " BETWEEN " });
                self.operand(low, precedence::VALUE);
                self.push(" AND ");
                self.operand(high, precedence::VALUE);
            }
            ExprKind::Text { operand, operator, pattern, negated } => {
                self.operand(operand, precedence::VALUE);
                self.push(if *negated { " NOT " } else { " " });
                self.push(text_operator(*operator));
                self.pattern(pattern);
            }
            ExprKind::IsNull { operand, negated } => {
                self.operand(operand, precedence::VALUE);
                self.push(if *negated { " IS NOT NULL" } else { " IS NULL" });
            }
            _ => {}
        }
    }

    fn pattern(&mut self, pattern: &TextPattern) {
        match pattern {
            TextPattern::Any(list) => {
                self.push(" ANY (");
                self.list(list, Self::expression);
                self.push(")");
            }
            TextPattern::One(pattern) => {
                self.push(" ");
                let is_any = matches!(&leftmost(pattern).value, ExprKind::Call(call) if call.name.value.eq_ignore_ascii_case("ANY"));
                if is_any { self.in_parentheses(pattern) } else { self.operand(pattern, precedence::VALUE) }
            }
        }
    }

    fn unary(&mut self, operator: UnaryOperator, operand: &Expr) {
        self.push(match operator {
            UnaryOperator::Minus => "-",
            UnaryOperator::Plus => "+",
            UnaryOperator::BitNot => "~",
        });
        let before = self.text.len();
        self.operand(operand, precedence::UNARY);
        // Two signs together would begin a comment.
        if operator == UnaryOperator::Minus && self.text[before..].starts_with('-') {
            self.text.insert(before, ' ');
        }
    }

    fn binary(&mut self, operator: BinaryOperator, left: &Expr, right: &Expr) {
        let own = precedence::of_binary(operator);
        let is_power = operator == BinaryOperator::Power;
        self.operand(left, own + u8::from(is_power));
        self.push(binary_text(operator));
        self.operand(right, own + u8::from(!is_power));
    }

    fn chain(&mut self, operands: &[Expr], word: &str, own: u8) {
        for (index, operand) in operands.iter().enumerate() {
            if index > 0 {
                self.push(word);
            }
            self.operand(operand, own + 1);
        }
    }

    /// An operand, in parentheses when it binds less tightly than it must.
    fn operand(&mut self, operand: &Expr, minimum: u8) {
        if precedence::of(&operand.value) < minimum { self.in_parentheses(operand) } else { self.expression(operand) }
    }

    fn in_parentheses(&mut self, expression: &Expr) {
        self.push("(");
        self.expression(expression);
        self.push(")");
    }

    fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::Text(text) => self.quoted(text, '\''),
            Literal::Integer { value, hex: true } => self.push(&format!("{value:#x}")),
            Literal::Integer { value, hex: false } => self.push(&value.to_string()),
            Literal::Decimal(value) => {
                let text = value.to_string();
                self.push(&text);
                if !text.contains('.') {
                    self.push(".0");
                }
            }
            Literal::Boolean(value) => self.push(if *value { "true" } else { "false" }),
            Literal::Null => self.push("NULL"),
        }
    }

    fn call(&mut self, call: &Call) {
        let name = &call.name.value;
        if name.split("::").all(is_plain_name) {
            self.push(name);
        } else {
            self.quoted(name, '"');
        }
        self.push("(");
        if call.star {
            self.push("*");
        }
        self.list(&call.args, Self::expression);
        self.push(")");
    }

    fn case(&mut self, operand: Option<&Expr>, arms: &[(Expr, Expr)], otherwise: Option<&Expr>) {
        self.push("CASE");
        if let Some(operand) = operand {
            self.push(" ");
            self.expression(operand);
        }
        for (condition, value) in arms {
            self.push(" WHEN ");
            self.expression(condition);
            self.push(" THEN ");
            self.expression(value);
        }
        if let Some(otherwise) = otherwise {
            self.push(" ELSE ");
            self.expression(otherwise);
        }
        self.push(" END");
    }

    fn if_expression(&mut self, condition: &Expr, then: &Expr, otherwise: &Expr) {
        self.push("IF ");
        self.expression(condition);
        self.push(" THEN ");
        self.expression(then);
        self.push(" ELSE ");
        self.expression(otherwise);
    }
}

/// The operand that is printed first.
fn leftmost(expression: &Expr) -> &Expr {
    match &expression.value {
        ExprKind::Binary(_, left, _) => leftmost(left),
        _ => expression,
    }
}

const fn compare_text(operator: CompareOperator) -> &'static str {
    match operator {
        CompareOperator::Equal => " = ",
        CompareOperator::NotEqual => " != ",
        CompareOperator::Less => " < ",
        CompareOperator::LessOrEqual => " <= ",
        CompareOperator::Greater => " > ",
        CompareOperator::GreaterOrEqual => " >= ",
    }
}

const fn text_operator(operator: TextOperator) -> &'static str {
    match operator {
        TextOperator::Like => "LIKE",
        TextOperator::ILike => "ILIKE",
        TextOperator::Matches => "MATCHES",
        TextOperator::IMatches => "IMATCHES",
    }
}

const fn binary_text(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Power => " ^ ",
        BinaryOperator::Multiply => " * ",
        BinaryOperator::Divide => " / ",
        BinaryOperator::Modulo => " % ",
        BinaryOperator::Add => " + ",
        BinaryOperator::Subtract => " - ",
        BinaryOperator::Hyphen => "-",
        BinaryOperator::ShiftLeft => " << ",
        BinaryOperator::ShiftRight => " >> ",
        BinaryOperator::ShiftRightUnsigned => " >>> ",
        BinaryOperator::BitAnd => " & ",
        BinaryOperator::BitXor => " # ",
        BinaryOperator::BitOr => " | ",
    }
}
