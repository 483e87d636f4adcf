//! `CODEC::BASE64`: Base64 of a text, or back.

use std::borrow::Cow;

use schema::Type;

use super::base64::{ALPHABET, encode};
use super::row::RowFunction;
use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT};

/// `CODEC::BASE64(mode, text)`
pub(super) static CODEC_BASE64: Function = Function {
    name: "CODEC::BASE64",
    category: Category::Extension,
    parameters: &[Parameter::new("mode", TEXT), Parameter::new("text", &[Type::Text, Type::Bytes])],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "With the mode `encode` the text in Base64, with `decode` the text that stands in it (line breaks and missing padding are tolerated). Null for null, for another mode and for what is not Base64 of UTF-8 text.",
    examples: &[
        Example { call: "CODEC::BASE64('encode', 'whoami')", value: "'d2hvYW1p'" },
        Example { call: "CODEC::BASE64('decode', 'd2hvYW1p')", value: "'whoami'" },
        Example { call: "CODEC::BASE64('decode', 'd2hvYW0')", value: "'whoam'" },
        Example { call: "CODEC::BASE64('decode', 'x')", value: "null" },
        Example { call: "CODEC::BASE64('decode', NULL)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| {
        let codec = RowFunction::text("CODEC::BASE64", |cells| {
            let text = cells[1].text()?;
            Some(Cow::Owned(match Mode::parse(cells[0].text()?)? {
                Mode::Encode => encode(text.as_bytes()),
                Mode::Decode => String::from_utf8(decode(text)?).ok()?,
            }))
        });
        Ok(codec.call(arguments))
    }),
};

/// The direction of a codec.
#[derive(Clone, Copy)]
pub(super) enum Mode {
    Encode,
    Decode,
}

impl Mode {
    /// `encode` or `decode`, in any case.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            _ if text.eq_ignore_ascii_case("encode") => Some(Self::Encode),
            _ if text.eq_ignore_ascii_case("decode") => Some(Self::Decode),
            _ => None,
        }
    }
}

/// The bytes that Base64 text stands for; blanks are skipped, padding may be missing.
fn decode(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|it| !it.is_ascii_whitespace()).collect();
    let padding = digits.iter().rev().take_while(|it| **it == b'=').count();
    let digits = &digits[..digits.len() - padding];
    if padding > 2 || digits.len() % 4 == 1 {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    for group in digits.chunks(4) {
        let mut bits = 0_u32;
        for digit in group {
            bits = bits << 6 | ALPHABET.iter().position(|it| it == digit)? as u32;
        }
        bits <<= 6 * (4 - group.len());
        bytes.extend_from_slice(&bits.to_be_bytes()[1..group.len()]);
    }
    Some(bytes)
}
