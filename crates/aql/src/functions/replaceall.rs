//! `REPLACEALL`: every match of a regular expression replaced.

use std::borrow::Cow;

use datafusion_expr::Expr;
use schema::Type;

use super::row::RowFunction;
use crate::text::{Case, JavaRegex, PatternError, Replacement};
use crate::{Argument, Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT};

/// `REPLACEALL(regex, text, replacement)`
pub(super) static REPLACEALL: Function = Function {
    name: "REPLACEALL",
    category: Category::Text,
    parameters: PARAMETERS,
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The text with every match of the regular expression, in Java's dialect, replaced; `$1` in the replacement is \
              what the first group matched, a backslash takes the meaning from the character after it. The first two \
              arguments may stand in the other order: the literal is the expression. Null gives null; a bad expression or \
              replacement is an error.",
    examples: &[
        Example { call: "REPLACEALL('[0-9]', 'srv01', '#')", value: "'srv##'" },
        Example { call: "REPLACEALL('(\\w+)@(\\w+)', 'anna@corp', '$2 $1')", value: "'corp anna'" },
        Example { call: "REPLACEALL(username, 'a', 'o')", value: "'olice'" },
        Example { call: "REPLACEALL('a', NULL, 'o')", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| replacing("REPLACEALL", arguments, JavaRegex::replace_all)),
};

/// The parameters of `REPLACEALL` and `REPLACEFIRST`.
pub(super) const PARAMETERS: &[Parameter] =
    &[Parameter::new("regex", TEXT), Parameter::new("text", TEXT), Parameter::new("replacement", TEXT)];

/// How a text changes.
type Change = for<'a> fn(&JavaRegex, &'a str, &Replacement) -> Cow<'a, str>;

/// The call of a replacing function.
pub(super) fn replacing(name: &'static str, arguments: Vec<Argument>, change: Change) -> Result<Expr, String> {
    let literal = |position: usize| arguments.get(position).and_then(Argument::literal_text);
    // The order is disputed (`reference/aql.md` section 4): IBM's comes first.
    let regex_at = usize::from(literal(0).is_none() && literal(1).is_some());
    let Some(text) = literal(regex_at) else {
        return Err("the regular expression must be a literal".to_owned());
    };
    let regex = JavaRegex::new(text, Case::Sensitive).map_err(|it| reason("regular expression", text, &it))?;
    let fixed = match literal(2) {
        Some(text) => Some(Replacement::new(text, &regex).map_err(|it| reason("replacement", text, &it))?),
        None => None,
    };
    let replace = RowFunction::text(name, move |cells| {
        let text = cells[1 - regex_at].text()?;
        match &fixed {
            Some(replacement) => Some(change(&regex, text, replacement)),
            None => Some(change(&regex, text, &Replacement::new(cells[2].text()?, &regex).ok()?)),
        }
    });
    Ok(replace.call(arguments))
}

fn reason(what: &str, text: &str, error: &PatternError) -> String {
    format!("the {what} `{text}` is refused: {}", error.reason)
}
