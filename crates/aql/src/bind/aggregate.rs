//! Grouped queries: what is neither grouped nor aggregated silently becomes FIRST (`reference/aql.md` section 3.6).

use crate::bound::{Call, Expr, ExprKind};
use crate::functions;

/// The expression over groups: parts that are grouped by stay, other columns of the row become FIRST of them.
pub(super) fn over_groups(expr: Expr, group_by: &[Expr]) -> Expr {
    if group_by.contains(&expr) {
        return expr;
    }
    let Expr { kind, value_type, span } = expr;
    let kind = match kind {
        ExprKind::Field(_) | ExprKind::Property(_) | ExprKind::SessionId => {
            return first(Expr { kind, value_type, span });
        }
        ExprKind::Aggregate(_) | ExprKind::Literal(_) => kind,
        kind => kind.map_children(&mut |it| over_groups(it, group_by)),
    };
    Expr { kind, value_type, span }
}

/// FIRST of a column.
fn first(expr: Expr) -> Expr {
    let Some(function) = functions::find("FIRST") else { return expr };
    let (value_type, span) = (expr.value_type, expr.span);
    Expr::new(ExprKind::Aggregate(Call { function, args: vec![expr] }), value_type, span)
}
