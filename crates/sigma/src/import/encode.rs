//! Base64 and UTF-16.

use crate::rule::Modifier;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The bytes in Base64, with padding.
pub(super) fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| chunk.get(index).map_or(0, |it| u32::from(*it));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let index = (bits >> (18 - 6 * place)) & 63;
            text.push(if place <= chunk.len() { char::from(ALPHABET[index as usize]) } else { '=' });
        }
    }
    text
}

/// What the bytes look like in Base64 wherever they begin in what is encoded: for each of three offsets the characters
/// that depend on nothing else. Too few bytes leave nothing.
pub(super) fn base64_offsets(bytes: &[u8]) -> Vec<String> {
    let form = |offset: usize| {
        let padded = [vec![b' '; offset], bytes.to_vec()].concat();
        let text = base64(&padded);
        let start = [0, 2, 3][offset];
        let end = text.len() - [0, 3, 2][padded.len() % 3];
        text.get(start..end).unwrap_or_default().to_owned()
    };
    let forms: Vec<String> = (0..3).map(form).filter(|it| !it.is_empty()).collect();
    forms
}

/// The bytes of a text in a form of UTF-16.
pub(super) fn utf16(text: &str, form: Modifier) -> Vec<u8> {
    let mark = (form == Modifier::Utf16).then_some(0xfeff);
    let units = mark.into_iter().chain(text.encode_utf16());
    let bytes = |it: u16| if form == Modifier::Utf16Be { it.to_be_bytes() } else { it.to_le_bytes() };
    units.flat_map(bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert_eq!(base64(&utf16("ab", Modifier::Utf16Le)), "YQBiAA==");
        assert_eq!(utf16("a", Modifier::Utf16), [0xff, 0xfe, b'a', 0]);
        assert_eq!(utf16("a", Modifier::Utf16Be), [0, b'a']);
    }

    #[test]
    fn a_text_is_found_at_each_offset() {
        let forms = base64_offsets(b"/bin/bash");
        assert_eq!(forms, ["L2Jpbi9iYXNo", "9iaW4vYmFza", "vYmluL2Jhc2"]);
        for prefix in ["", "x", "xy", "xyz", "wxyz"] {
            let encoded = base64(format!("{prefix}/bin/bash -i").as_bytes());
            assert!(forms.iter().any(|it| encoded.contains(it)), "{encoded}");
        }
    }
}
