//! Which column of a file is which field.

use std::sync::Arc;

use arrow::datatypes::{DataType, Schema};
use schema::{EVENTS, PROPERTIES};

use super::convert::conforms;

/// What a column of a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A field, by its index in `schema::EVENTS`.
    Field(u16),
    /// The column of properties.
    Properties,
    /// A property of this name.
    Property(Arc<str>),
    /// Nothing that an event can hold, such as a record.
    Nothing,
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileColumn {
    /// Its name in the file.
    pub name: Arc<str>,
    /// What it is.
    pub target: Target,
}

/// What each column of a file is. Of two columns for one field the one with the field's own name counts, else the first.
pub(super) fn of(schema: &Schema) -> Vec<FileColumn> {
    let mut taken = vec![false; EVENTS.fields.len()];
    let mut targets = vec![None; schema.fields().len()];
    for by_alias in [false, true] {
        for (column, target) in schema.fields().iter().zip(&mut targets) {
            if target.is_some() {
                continue;
            }
            let name = column.name();
            let field = if by_alias { EVENTS.find(name) } else { EVENTS.position(name) };
            let Some(field) = field.filter(|it| !taken[*it]) else { continue };
            if conforms(column.data_type(), EVENTS.fields[field].value_type) {
                taken[field] = true;
                *target = u16::try_from(field).ok().map(Target::Field);
            }
        }
    }
    let columns = schema.fields().iter().zip(targets);
    let columns = columns.map(|(column, target)| {
        let name: Arc<str> = column.name().as_str().into();
        let target = target.unwrap_or_else(|| other(&name, column.data_type()));
        FileColumn { name, target }
    });
    columns.collect()
}

fn other(name: &Arc<str>, data_type: &DataType) -> Target {
    match data_type {
        DataType::Map(_, _) if &**name == PROPERTIES => Target::Properties,
        it if conforms(it, schema::Type::Text) => Target::Property(Arc::clone(name)),
        _ => Target::Nothing,
    }
}
