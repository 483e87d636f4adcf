//! `GEO::LOOKUP`: where an address is, as JSON.

use std::borrow::Cow;

use datafusion_expr::Expr;
use schema::Type;

use super::row::RowFunction;
use crate::{
    ADDRESS, Argument, Category, Environment, Example, Function, Lower, Parameter, Provider, Returns, Standing, TEXT,
};

/// `GEO::LOOKUP(address[, part])`
pub(super) static GEO_LOOKUP: Function = Function {
    name: "GEO::LOOKUP",
    category: Category::Geography,
    parameters: &[Parameter::new("address", ADDRESS), Parameter::new("part", TEXT).optional()],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "What the geographic data has on the address, or one part of it (`city`, `country`, `continent`, ...), as JSON text. Null for null, for a private or unknown address and without geographic data.",
    examples: &[
        Example { call: "GEO::LOOKUP('192.0.2.7')", value: "'{\"city\":\"Berlin\"}'" },
        Example { call: "GEO::LOOKUP('192.0.2.7', 'city')", value: "'\"Berlin\"'" },
        Example { call: "GEO::LOOKUP(sourceip)", value: "null" },
        Example { call: "GEO::LOOKUP(NULL)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Provided(Provider::Geography, |environment, arguments| {
        Ok(record("GEO::LOOKUP", 1, environment, arguments))
    }),
};

/// The call of a lookup as JSON, with the part, if any, in the argument `part_at`.
pub(super) fn record(name: &'static str, part_at: usize, environment: &Environment, arguments: Vec<Argument>) -> Expr {
    let geography = environment.geography.clone();
    let record = RowFunction::text(name, move |cells| {
        let (geography, address) = (geography.as_ref()?, cells[0].address()?);
        Some(Cow::Owned(match cells.get(part_at) {
            Some(part) => quoted(&geography.part(address, part.text()?)?),
            None => geography.record(address)?,
        }))
    });
    record.call(arguments)
}

/// The text as JSON.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            it if it < ' ' => quoted.extend(format!("\\u{:04x}", u32::from(it)).chars()),
            it => quoted.push(it),
        }
    }
    quoted.push('"');
    quoted
}
