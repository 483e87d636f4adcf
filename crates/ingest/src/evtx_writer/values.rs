//! The value types of binary XML, hashes and checksums.

/// The earliest time of the format, 1601-01-01, in milliseconds since 1970.
pub(super) const FIRST_MILLISECOND: i64 = -11_644_473_600_000;
/// The end of the year 9999 in milliseconds since 1970.
const LAST_MILLISECOND: i64 = 253_402_300_799_999;
/// Most bytes of one value: descriptors hold the size in 16 bits.
pub(super) const MAXIMUM_VALUE_SIZE: usize = 65_535;
/// UTF-8 needs at most this many bytes for a UTF-16 unit.
const UTF8_BYTES_PER_UNIT: usize = 3;

/// The types that the writer uses; the numbers are those of the format. A descriptor of zeros is the null value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum ValueType {
    String = 0x01,
    UInt8 = 0x04,
    UInt16 = 0x06,
    UInt32 = 0x08,
    UInt64 = 0x0a,
    Binary = 0x0e,
    Guid = 0x0f,
    FileTime = 0x11,
    Sid = 0x13,
    HexInt64 = 0x15,
    BinXml = 0x21,
}

/// 100 ns since 1601 of a time in milliseconds since 1970; none outside the years 1601 to 9999.
pub(super) fn file_time(milliseconds: i64) -> Option<u64> {
    (FIRST_MILLISECOND..=LAST_MILLISECOND)
        .contains(&milliseconds)
        .then(|| (milliseconds - FIRST_MILLISECOND) as u64 * 10_000)
}

/// Appends text as UTF-16; none, with nothing said of what was appended, if it is longer than a value can be.
pub(super) fn push_utf16(bytes: &mut Vec<u8>, text: &str) -> Option<()> {
    if text.len() > MAXIMUM_VALUE_SIZE / 2 * UTF8_BYTES_PER_UNIT {
        return None;
    }
    let start = bytes.len();
    if text.is_ascii() {
        bytes.extend(text.bytes().flat_map(|byte| [byte, 0]));
    } else {
        bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    }
    (bytes.len() - start <= MAXIMUM_VALUE_SIZE).then_some(())
}

/// The bytes of a GUID, with or without braces, in the order of the format.
pub(super) fn parse_guid(text: &str) -> Option<[u8; 16]> {
    let text = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    let groups: Vec<&str> = text.split('-').collect();
    if groups.iter().map(|group| group.len()).ne([8, 4, 4, 4, 12]) {
        return None;
    }
    let mut guid = [0_u8; 16];
    let digits = text.bytes().filter(|byte| *byte != b'-').collect::<Vec<u8>>();
    for (byte, pair) in guid.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = hex_pair(pair)?;
    }
    // The first three groups are numbers, stored with the low byte first.
    guid[0..4].reverse();
    guid[4..6].reverse();
    guid[6..8].reverse();
    Some(guid)
}

/// The bytes of a SID such as `S-1-5-18`; none for text that a reader would not give back unchanged.
pub(super) fn parse_sid(text: &str) -> Option<Vec<u8>> {
    let mut parts = text.strip_prefix("S-1-")?.split('-');
    let authority: u64 = canonical_number(parts.next()?)?;
    // Authorities of more than 32 bits are written in hexadecimal by some readers and in decimal by others.
    u32::try_from(authority).ok()?;
    let mut sid = vec![1, 0];
    sid.extend_from_slice(&authority.to_be_bytes()[2..]);
    for part in parts {
        let number = u32::try_from(canonical_number(part)?).ok()?;
        sid.extend_from_slice(&number.to_le_bytes());
        sid[1] += 1;
        if sid[1] > 15 {
            return None;
        }
    }
    (sid[1] > 0).then_some(sid)
}

/// Bytes from upper-case hexadecimal digits; none for other text, and for the empty one.
pub(super) fn parse_binary(text: &str) -> Option<Vec<u8>> {
    if text.is_empty() || !text.len().is_multiple_of(2) || text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    text.as_bytes().chunks_exact(2).map(hex_pair).collect()
}

/// The hash of names, over UTF-16 units: tables use its low bits.
pub(super) fn name_hash(units: impl Iterator<Item = u16>) -> u32 {
    units.fold(0, |hash: u32, unit| hash.wrapping_mul(65_599).wrapping_add(u32::from(unit)))
}

/// CRC32 (that of gzip) of the parts, one after the other.
pub(super) fn checksum(parts: &[&[u8]]) -> u32 {
    let mut crc = flate2::Crc::new();
    for part in parts {
        crc.update(part);
    }
    crc.sum()
}

fn canonical_number(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

fn hex_pair(pair: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    Some((digit(pair[0])? * 16 + digit(pair[1])?) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_hash_is_that_of_the_format() {
        assert_eq!(name_hash("Event".encode_utf16()) & 0xffff, 0x0cba);
        assert_eq!(name_hash("EventData".encode_utf16()) & 0xffff, 0x8244);
    }

    #[test]
    fn guid_has_its_numbers_low_byte_first() {
        let guid = parse_guid("{555908d1-A6D7-4695-8e1e-26931d2012f4}").expect("a GUID");
        assert_eq!(guid[..8], [0xd1, 0x08, 0x59, 0x55, 0xd7, 0xa6, 0x95, 0x46]);
        assert_eq!(guid[8..], [0x8e, 0x1e, 0x26, 0x93, 0x1d, 0x20, 0x12, 0xf4]);
        for wrong in ["", "{}", "555908d1-a6d7-4695-8e1e-26931d2012g4", "555908d1a6d746958e1e26931d2012f4"] {
            assert_eq!(parse_guid(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn sid_is_parsed_only_in_its_canonical_form() {
        assert_eq!(parse_sid("S-1-5-18"), Some(vec![1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0]));
        for wrong in ["", "S-1-5", "s-1-5-18", "S-1-5-018", "S-1-5-18-", "S-1-5-4294967296", "S-2-5-18"] {
            assert_eq!(parse_sid(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn time_is_limited_to_what_readers_take() {
        assert_eq!(file_time(FIRST_MILLISECOND), Some(0));
        assert_eq!(file_time(0), Some(116_444_736_000_000_000));
        assert_eq!(file_time(FIRST_MILLISECOND - 1), None);
        assert_eq!(file_time(LAST_MILLISECOND + 1), None);
    }
}
