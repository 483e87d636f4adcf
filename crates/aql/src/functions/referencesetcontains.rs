//! `REFERENCESETCONTAINS`: whether a reference set holds a value.

use std::sync::Arc;

use schema::Type;

use super::row::RowFunction;
use super::str::text_form;
use crate::{
    ANY, Argument, Category, CollectionKind, Environment, Example, Function, Lower, Parameter, Provider, ReferenceData,
    Returns, Standing, TEXT, WHOLE,
};

/// `REFERENCESETCONTAINS(set, value[, domain])`
pub(super) static REFERENCESETCONTAINS: Function = Function {
    name: "REFERENCESETCONTAINS",
    category: Category::ReferenceData,
    parameters: &[
        Parameter::new("set", TEXT).literal(),
        Parameter::new("value", ANY),
        Parameter::new("domain", WHOLE).optional(),
    ],
    variadic: false,
    returns: Returns::Type(Type::Boolean),
    summary: "Whether the reference set with this name holds the value, compared as text. False for null and without reference data; with reference data an unknown set is an error.",
    examples: &[
        Example { call: "REFERENCESETCONTAINS('Admin hosts', sourceip)", value: "true" },
        Example { call: "REFERENCESETCONTAINS('admin hosts', '192.0.2.7')", value: "false" },
        Example { call: "REFERENCESETCONTAINS('Admin hosts', NULL)", value: "false" },
    ],
    standing: Standing::Documented,
    lower: Lower::Provided(Provider::ReferenceData, |environment, arguments| {
        let name = collection(environment, CollectionKind::Set, &arguments)?;
        let reference_data = Arc::clone(&environment.reference_data);
        let contains = RowFunction::boolean("REFERENCESETCONTAINS", move |cells| {
            Some(!cells[1].is_null() && reference_data.set_contains(&name, &text_form(&cells[1])))
        });
        Ok(contains.seeing_nulls().call(arguments))
    }),
};

/// The name of the collection that the first argument names; the error says what there is instead of an unknown one.
pub(super) fn collection(
    environment: &Environment,
    kind: CollectionKind,
    arguments: &[Argument],
) -> Result<String, String> {
    let (word, exists): (_, fn(&dyn ReferenceData, &str) -> bool) = match kind {
        CollectionKind::Set => ("set", |data, name| data.has_set(name)),
        CollectionKind::Map => ("map", |data, name| data.has_map(name)),
        CollectionKind::MapOfSets => ("map of sets", |data, name| data.has_map_of_sets(name)),
        CollectionKind::Table => ("table", |data, name| data.has_table(name)),
    };
    let Some(name) = arguments.first().and_then(Argument::literal_text) else {
        return Err(format!("the name of the reference {word} must be a literal"));
    };
    let data = &*environment.reference_data;
    if data.is_given() && !exists(data, name) {
        return Err(unknown(word, name, &data.names(kind)));
    }
    Ok(name.to_owned())
}

fn unknown(word: &str, name: &str, names: &[String]) -> String {
    let mut names: Vec<String> = names.iter().map(|it| format!("`{it}`")).collect();
    names.sort_unstable();
    let more = if names.len() > NAMES_SHOWN_MAX { ", ..." } else { "" };
    names.truncate(NAMES_SHOWN_MAX);
    if names.is_empty() {
        format!("no reference {word} `{name}`, nor any other")
    } else {
        format!("no reference {word} `{name}`; there are {}{more}", names.join(", "))
    }
}

/// More names do not help in a message.
const NAMES_SHOWN_MAX: usize = 8;
