//! `REFERENCEMAPSETCONTAINS`: whether the set under a key holds a value.

use std::sync::Arc;

use schema::Type;

use super::referencesetcontains::collection;
use super::row::RowFunction;
use super::str::text_form;
use crate::{ANY, Category, CollectionKind, Example, Function, Lower, Parameter, Provider, Returns, Standing, TEXT};

/// `REFERENCEMAPSETCONTAINS(map, key, value)`
pub(super) static REFERENCEMAPSETCONTAINS: Function = Function {
    name: "REFERENCEMAPSETCONTAINS",
    category: Category::ReferenceData,
    parameters: &[Parameter::new("map", TEXT).literal(), Parameter::new("key", ANY), Parameter::new("value", ANY)],
    variadic: false,
    returns: Returns::Type(Type::Boolean),
    summary: "Whether the set that the reference map of sets with this name has under the key holds the value, both compared as text. False for null, for a key that is not there and without reference data; with reference data an unknown map is an error.",
    examples: &[
        Example { call: "REFERENCEMAPSETCONTAINS('Logons', 'alice', sourceip)", value: "true" },
        Example { call: "REFERENCEMAPSETCONTAINS('Logons', 'bob', sourceip)", value: "false" },
        Example { call: "REFERENCEMAPSETCONTAINS('Logons', NULL, sourceip)", value: "false" },
    ],
    standing: Standing::Documented,
    lower: Lower::Provided(Provider::ReferenceData, |environment, arguments| {
        let name = collection(environment, CollectionKind::MapOfSets, &arguments)?;
        let reference_data = Arc::clone(&environment.reference_data);
        let contains = RowFunction::boolean("REFERENCEMAPSETCONTAINS", move |cells| {
            let is_null = cells[1].is_null() || cells[2].is_null();
            Some(!is_null && reference_data.map_set_contains(&name, &text_form(&cells[1]), &text_form(&cells[2])))
        });
        Ok(contains.seeing_nulls().call(arguments))
    }),
};
