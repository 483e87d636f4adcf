//! `REPLACEFIRST`: the first match of a regular expression replaced.

use schema::Type;

use super::replaceall::{PARAMETERS, replacing};
use crate::text::JavaRegex;
use crate::{Category, Example, Function, Lower, Returns, Standing};

/// `REPLACEFIRST(regex, text, replacement)`
pub(super) static REPLACEFIRST: Function = Function {
    name: "REPLACEFIRST",
    category: Category::Text,
    parameters: PARAMETERS,
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The text with the first match of the regular expression, in Java's dialect, replaced; otherwise as \
              REPLACEALL. Null gives null; a bad expression or replacement is an error.",
    examples: &[
        Example { call: "REPLACEFIRST('[0-9]', 'srv01', '#')", value: "'srv#1'" },
        Example { call: "REPLACEFIRST('x', 'srv01', '#')", value: "'srv01'" },
        Example { call: "REPLACEFIRST('[0-9]', NULL, '#')", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| replacing("REPLACEFIRST", arguments, JavaRegex::replace_first)),
};
