//! The four events over which the examples of functions are computed: an aggregate over all, another function over the
//! first.

use schema::Type;

/// `NOW()` of the examples, in milliseconds since 1970 UTC: 2024-05-01 12:00:00.
pub const EXAMPLE_NOW: i64 = 1_714_564_800_000;

/// One field of the example events.
#[derive(Debug)]
pub struct ExampleField {
    /// The name of the field in `events`.
    pub name: &'static str,
    /// Its type.
    pub value_type: Type,
    /// The value in each event, as a literal of AQL; a list of whole numbers as `[1, 2]`.
    pub values: [&'static str; 4],
}

const fn field(name: &'static str, value_type: Type, values: [&'static str; 4]) -> ExampleField {
    ExampleField { name, value_type, values }
}

/// The example events, field by field.
pub static EXAMPLE_ROWS: &[ExampleField] = &[
    field("starttime", Type::Time, ["1714564800000", "1714564801000", "1714564802000", "1714564803000"]),
    field("username", Type::Text, ["'alice'", "'bob'", "null", "'bob'"]),
    field("sourceip", Type::Host, ["'10.0.0.5'", "'192.0.2.7'", "'2001:db8::5'", "'10.0.0.5'"]),
    field("sourceport", Type::Port, ["49152", "443", "null", "49153"]),
    field("eventcount", Type::Integer, ["1", "2", "4", "1"]),
    field("magnitude", Type::Integer, ["3", "7", "null", "5"]),
    field("isunparsed", Type::Boolean, ["true", "false", "true", "null"]),
    field("devicetype", Type::Integer, ["12", "11", "12", "12"]),
    field("devicegrouplist", Type::Integers, ["[3, 4]", "[3]", "[]", "null"]),
    field("creeventlist", Type::Integers, ["[100205]", "null", "null", "null"]),
    field("payload", Type::Bytes, ["'sshd: failed password for alice'", "'sshd: session opened'", "null", "''"]),
];
