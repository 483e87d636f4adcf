//! `CODEC::URL`: percent-encoding of a text, or back.

use std::borrow::Cow;

use schema::Type;

use super::codec_base64::Mode;
use super::row::RowFunction;
use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT};

/// `CODEC::URL(mode, text)`
pub(super) static CODEC_URL: Function = Function {
    name: "CODEC::URL",
    category: Category::Extension,
    parameters: &[Parameter::new("mode", TEXT), Parameter::new("text", &[Type::Text, Type::Bytes])],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "With the mode `encode` the text with every byte that is not a letter, a digit or one of `-_.!~*'()` as `%XX`, with `decode` the text that stands in it. What cannot be decoded gives `Cannot decode: <text>. It is not a valid encoded URI.` Null for null and for another mode.",
    examples: &[
        Example { call: "CODEC::URL('encode', 'a b/ü')", value: "'a%20b%2F%C3%BC'" },
        Example { call: "CODEC::URL('decode', 'a%20b%2F%C3%BC')", value: "'a b/ü'" },
        Example { call: "CODEC::URL('decode', '%zz')", value: "'Cannot decode: %zz. It is not a valid encoded URI.'" },
        Example { call: "CODEC::URL('decode', NULL)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| {
        let codec = RowFunction::text("CODEC::URL", |cells| {
            let text = cells[1].text()?;
            let refusal = || format!("Cannot decode: {text}. It is not a valid encoded URI.");
            Some(Cow::Owned(match Mode::parse(cells[0].text()?)? {
                Mode::Encode => encode(text),
                Mode::Decode => decode(text).unwrap_or_else(refusal),
            }))
        });
        Ok(codec.call(arguments))
    }),
};

fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.extend(['%', hex_digit(byte >> 4), hex_digit(byte & 15)]);
        }
    }
    encoded
}

fn hex_digit(value: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(value)])
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |it: Option<u8>| char::from(it?).to_digit(16);
            bytes.push((digit(rest.next())? * 16 + digit(rest.next())?) as u8);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}
