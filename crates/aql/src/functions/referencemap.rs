//! `REFERENCEMAP`: the value under a key.

use std::borrow::Cow;
use std::sync::Arc;

use schema::Type;

use super::referencesetcontains::collection;
use super::row::RowFunction;
use super::str::text_form;
use crate::{
    ANY, Category, CollectionKind, Example, Function, Lower, Parameter, Provider, Returns, Standing, TEXT, WHOLE,
};

/// `REFERENCEMAP(map, key[, domain])`
pub(super) static REFERENCEMAP: Function = Function {
    name: "REFERENCEMAP",
    category: Category::ReferenceData,
    parameters: &[
        Parameter::new("map", TEXT).literal(),
        Parameter::new("key", ANY),
        Parameter::new("domain", WHOLE).optional(),
    ],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The value that the reference map with this name has under the key, compared as text. Null for null, for a key that is not there and without reference data; with reference data an unknown map is an error.",
    examples: &[
        Example { call: "REFERENCEMAP('Owners', sourceip)", value: "'alice'" },
        Example { call: "REFERENCEMAP('Owners', 'x')", value: "null" },
        Example { call: "REFERENCEMAP('Owners', NULL)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Provided(Provider::ReferenceData, |environment, arguments| {
        let name = collection(environment, CollectionKind::Map, &arguments)?;
        let reference_data = Arc::clone(&environment.reference_data);
        let value = RowFunction::text("REFERENCEMAP", move |cells| {
            reference_data.map_value(&name, &text_form(&cells[1])).map(Cow::Owned)
        });
        Ok(value.call(arguments))
    }),
};
