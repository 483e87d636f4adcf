//! What a match offers to be excluded by: fields with their values, and the folders of paths.

use std::collections::HashMap;

use super::OBSERVED_MAX;
use super::grade::{Grade, folders, grade, without_arguments};
use crate::event_value::text_of;
use crate::scan::Match;

/// The longest value that is looked at, in bytes.
const VALUE_MAX: usize = 512;
/// The most different predicates that are kept of a detection.
const ITEMS_MAX: usize = 200_000;

/// What a field is to an exclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// The command of a service.
    Service,
    /// The program that acts or its parent.
    Program,
    /// The file that is acted on.
    File,
    /// A name that whoever makes it chooses.
    Name,
    /// The user or the host.
    Who,
}

/// The fields, by their names in the event model.
const FIELDS: [(&str, Role); 7] = [
    ("Service Filename", Role::Service),
    ("Process Path", Role::Program),
    ("Parent Process Path", Role::Program),
    ("File Path", Role::File),
    ("Service Name", Role::Name),
    ("username", Role::Who),
    ("Machine Identifier", Role::Who),
];

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// It is the value.
    Equal,
    /// It begins with the value: a folder with its last separator, a program with what ends its name.
    Prefix,
}

/// One predicate.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Item {
    /// The field.
    pub field: &'static str,
    /// How it is compared.
    pub operation: Operation,
    /// With what.
    pub value: String,
}

impl Item {
    /// As AQL.
    pub fn filter(&self) -> String {
        let value = self.value.replace('\'', "''");
        match self.operation {
            Operation::Equal => format!("\"{}\" = '{value}'", self.field),
            Operation::Prefix => format!("\"{}\" ILIKE '{value}%'", self.field),
        }
    }

    /// Whether it is about the user or the host.
    pub(super) fn is_who(&self) -> bool {
        self.role() == Role::Who
    }

    /// Whether it is a name that whoever makes it chooses.
    pub(super) fn is_name(&self) -> bool {
        self.role() == Role::Name
    }

    /// How much the path says; nothing for what is no path.
    pub(super) fn grade(&self) -> Option<Grade> {
        match self.role() {
            Role::Service => Some(grade(&self.value, true)),
            Role::Program => Some(grade(&self.value, false)),
            Role::File => Some(grade(&self.value, true).min(Grade::Weak)),
            Role::Name | Role::Who => None,
        }
    }

    fn role(&self) -> Role {
        FIELDS.iter().find(|(name, _)| *name == self.field).map_or(Role::Who, |(_, role)| *role)
    }
}

/// What was seen of the matches of one detection; at most [`OBSERVED_MAX`].
#[derive(Default)]
pub(super) struct Observations {
    items: Vec<Item>,
    positions: HashMap<Item, u32>,
    rows: Vec<Box<[u32]>>,
}

impl Observations {
    /// Adds a match with its event.
    pub(super) fn add(&mut self, found: &Match) {
        if self.rows.len() >= OBSERVED_MAX {
            return;
        }
        let Some(event) = &found.event else { return };
        let mut row = Vec::new();
        for (field, role) in FIELDS {
            let value = text_of(event, field).unwrap_or_default();
            if value.is_empty() || value.len() > VALUE_MAX || value.contains(char::is_control) {
                continue;
            }
            row.extend(self.position(field, Operation::Equal, value));
            let grade = match role {
                Role::Service | Role::Program => grade(value, role == Role::Service),
                Role::File | Role::Name | Role::Who => Grade::Nothing,
            };
            if grade > Grade::Nothing && role == Role::Service {
                let program = without_arguments(value);
                row.extend(program.and_then(|it| self.position(field, Operation::Prefix, it)));
            }
            if grade == Grade::Specific {
                for folder in folders(value) {
                    row.extend(self.position(field, Operation::Prefix, folder));
                }
            }
        }
        self.rows.push(row.into());
    }

    fn position(&mut self, field: &'static str, operation: Operation, value: &str) -> Option<u32> {
        let item = Item { field, operation, value: value.to_owned() };
        if let Some(position) = self.positions.get(&item) {
            return Some(*position);
        }
        let position = u32::try_from(self.items.len()).ok().filter(|_| self.items.len() < ITEMS_MAX)?;
        self.items.push(item.clone());
        self.positions.insert(item, position);
        Some(position)
    }

    /// How many matches there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The predicates that each match fulfils.
    pub(super) fn rows(&self) -> &[Box<[u32]>] {
        &self.rows
    }

    /// How many different predicates there are.
    pub(super) fn item_count(&self) -> usize {
        self.items.len()
    }

    /// A predicate.
    pub(super) fn item(&self, position: u32) -> &Item {
        &self.items[position as usize]
    }
}
