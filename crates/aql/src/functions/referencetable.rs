//! `REFERENCETABLE`: a cell of a reference table.

use std::borrow::Cow;
use std::sync::Arc;

use schema::Type;

use super::referencesetcontains::collection;
use super::row::RowFunction;
use super::str::text_form;
use crate::{
    ANY, Category, CollectionKind, Example, Function, Lower, Parameter, Provider, Returns, Standing, TEXT, WHOLE,
};

/// `REFERENCETABLE(table, column, key[, domain])`
pub(super) static REFERENCETABLE: Function = Function {
    name: "REFERENCETABLE",
    category: Category::ReferenceData,
    parameters: &[
        Parameter::new("table", TEXT).literal(),
        Parameter::new("column", TEXT),
        Parameter::new("key", ANY),
        Parameter::new("domain", WHOLE).optional(),
    ],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The cell of the reference table with this name, in the column and in the row of the key, compared as text. Null for null, for a row or column that is not there and without reference data; with reference data an unknown table is an error.",
    examples: &[
        Example { call: "REFERENCETABLE('People', 'department', username)", value: "'Finance'" },
        Example { call: "REFERENCETABLE('People', 'city', username)", value: "null" },
        Example { call: "REFERENCETABLE('People', 'department', NULL)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Provided(Provider::ReferenceData, |environment, arguments| {
        let name = collection(environment, CollectionKind::Table, &arguments)?;
        let reference_data = Arc::clone(&environment.reference_data);
        let cell = RowFunction::text("REFERENCETABLE", move |cells| {
            reference_data.table_value(&name, cells[1].text()?, &text_form(&cells[2])).map(Cow::Owned)
        });
        Ok(cell.call(arguments))
    }),
};
