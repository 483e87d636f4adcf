//! Where an event stands in its input. No query names these columns; matches and explanations use them.

use crate::{Field, Type};

pub(super) const ROWS: &[Field] = &[
    Field::locator("$file", Type::Text, "The file the event was read from, `-` for standard input."),
    Field::locator(
        "$record",
        Type::Integer,
        "The record in the file: EventRecordID of EVTX, else the position from 1.",
    ),
    Field::locator("$offset", Type::Integer, "The byte where the record starts in the decompressed file."),
];
