//! The script in `powershell -EncodedCommand <Base64 of UTF-16LE>`.

/// Scripts are decoded up to so many bytes; a command line of Windows has at most 32,767 characters.
const MAXIMUM_BYTES: usize = 65_536;
/// Shorter arguments are no scripts: `-e` is an option of many programs.
const MINIMUM_LENGTH: usize = 8;

/// The decoded script of the first such argument, if there is one.
///
/// PowerShell takes every beginning of `EncodedCommand` from `-e` on, and `-ec`, behind a hyphen, a dash or a slash.
/// The program need not be named `powershell`: what decodes to text in UTF-16LE is taken.
pub(super) fn decode(command: &str) -> Option<String> {
    let mut words = command.split_whitespace().peekable();
    while let Some(word) = words.next() {
        if let Some(argument) = words.peek().filter(|_| is_option(word)) {
            let argument = argument.trim_matches(['"', '\'']);
            if let Some(script) = script(argument) {
                return Some(script);
            }
        }
    }
    None
}

fn is_option(word: &str) -> bool {
    let word = word.trim_matches(['"', '\'', '^']);
    let Some(name) = word.strip_prefix(['-', '/', '\u{2013}', '\u{2014}', '\u{2015}']) else { return false };
    let name = name.to_ascii_lowercase();
    !name.is_empty() && ("encodedcommand".starts_with(&name) || name == "ec")
}

fn script(argument: &str) -> Option<String> {
    if argument.len() < MINIMUM_LENGTH {
        return None;
    }
    let bytes = base64(argument)?;
    let units: Vec<u16> = bytes.chunks_exact(2).map(|it| u16::from_le_bytes([it[0], it[1]])).collect();
    let text = String::from_utf16(&units).ok()?;
    let readable = text.chars().filter(|it| it.is_ascii_graphic() || it.is_whitespace()).count();
    // A random word of Base64 letters decodes to letters from all over the world.
    (readable * 2 > units.len()).then_some(text)
}

/// The bytes of a text in Base64, with or without padding; nothing if another letter occurs.
fn base64(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut buffer, mut bits) = (0_u32, 0);
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        buffer = (buffer << 6 | u32::from(value)) & 0xff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits) as u8);
        }
        if bytes.len() > MAXIMUM_BYTES {
            return None;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::decode;

    const ENCODED: &str = "dwBoAG8AYQBtAGkAIAAvAGEAbABsAA==";

    #[test]
    fn every_abbreviation_of_the_option_is_decoded() {
        for option in ["-e", "-en", "-enc", "-Enc", "-ENCOD", "-EncodedCommand", "/enc", "-ec", "\u{2013}enc"] {
            let command = format!("powershell.exe -NoProfile {option} {ENCODED}");
            assert_eq!(decode(&command).as_deref(), Some("whoami /all"), "{option}");
        }
        assert_eq!(decode(&format!("pwsh -e \"{ENCODED}\"")).as_deref(), Some("whoami /all"));
        assert_eq!(
            decode(&format!("%COMSPEC% /C start powershell -w hidden -enc {}", ENCODED.trim_end_matches('=')))
                .as_deref(),
            Some("whoami /all")
        );
    }

    #[test]
    fn other_options_and_arguments_are_left_alone() {
        for command in [
            "powershell -ep bypass -File C:\\a.ps1",
            "powershell -enc",
            "tool.exe -e localhost/share",
            "tool.exe -e settings.json",
            "tool.exe -e AbCdEfGhIjKl",
            "powershell -exec dwBoAG8AYQBtAGkA",
        ] {
            assert_eq!(decode(command), None, "{command}");
        }
    }
}
