//! `LONG`: a whole number.

use std::net::Ipv4Addr;

use schema::Type;

use super::row::{Cell, RowFunction};
use crate::{ANY, Category, Example, Function, Lower, Parameter, Returns, Standing};

/// `LONG(value)`
pub(super) static LONG: Function = Function {
    name: "LONG",
    category: Category::Conversion,
    parameters: &[Parameter::new("value", ANY)],
    variadic: false,
    returns: Returns::Type(Type::Integer),
    summary: "The value as a whole number: a fraction is cut off, an IPv4 address becomes its 32 bits, so that `&` can mask its octets. A text must be a number or an IPv4 address; another text, an IPv6 address and null give null.",
    examples: &[
        Example { call: "LONG(6.9)", value: "6" },
        Example { call: "LONG(-6.9)", value: "-6" },
        Example { call: "LONG('42')", value: "42" },
        Example { call: "LONG('10.0.0.5')", value: "167772165" },
        Example { call: "LONG(sourceip)", value: "167772165" },
        Example { call: "LONG('0xff')", value: "255" },
        Example { call: "LONG('ten')", value: "null" },
        Example { call: "LONG('2001:db8::1')", value: "null" },
        Example { call: "LONG(NULL)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| Ok(RowFunction::integer("LONG", |cells| long(&cells[0])).call(arguments))),
};

fn long(cell: &Cell<'_>) -> Option<i64> {
    let Some(text) = cell.text() else { return cell.integer() };
    let text = text.trim();
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return i64::from_str_radix(digits, 16).ok();
    }
    if let Ok(address) = text.parse::<Ipv4Addr>() {
        return Some(i64::from(u32::from(address)));
    }
    cell.integer().or_else(|| cell.double().map(|it| it as i64))
}
