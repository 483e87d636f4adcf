//! `BASE64`: bytes as Base64 text.

use std::borrow::Cow;

use schema::Type;

use super::row::RowFunction;
use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing};

/// `BASE64(bytes)`
pub(super) static BASE64: Function = Function {
    name: "BASE64",
    category: Category::Text,
    parameters: &[Parameter::new("bytes", &[Type::Bytes, Type::Text])],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The bytes, usually the payload, in Base64 with padding (RFC 4648). Null gives null.",
    examples: &[
        Example { call: "BASE64(payload)", value: "'c3NoZDogZmFpbGVkIHBhc3N3b3JkIGZvciBhbGljZQ=='" },
        Example { call: "BASE64('ab')", value: "'YWI='" },
        Example { call: "BASE64(NULL)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| {
        let base64 = RowFunction::text("BASE64", |cells| Some(Cow::Owned(encode(cells[0].text()?.as_bytes()))));
        Ok(base64.call(arguments))
    }),
};

pub(super) const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes in Base64, with padding.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for position in 0..4 {
            let index = (bits >> (18 - 6 * position)) & 63;
            text.push(if position <= group.len() { char::from(ALPHABET[index as usize]) } else { '=' });
        }
    }
    text
}
