//! The address of a SOCKADDR record: the bytes of a `sockaddr` in hexadecimal.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::fields::bytes_of;

/// The parts of an address under the names of ausearch: family, then `laddr` and `lport`, or `path`.
pub(super) fn decode(text: &str) -> Vec<(&'static str, String)> {
    let Some(bytes) = bytes_of(text) else { return Vec::new() };
    let Some((family, rest)) = bytes.split_first_chunk::<2>() else { return Vec::new() };
    // The family is in the order of the machine, and below 256: one of the bytes is zero.
    match (family[0].max(family[1]), rest) {
        (1, path) => unix(path),
        (2, [high, low, a, b, c, d, ..]) => {
            internet("inet", &Ipv4Addr::new(*a, *b, *c, *d).to_string(), u16::from_be_bytes([*high, *low]))
        }
        (10, [high, low, rest @ ..]) => {
            let Some(address) = rest.get(4..20).and_then(|it| <[u8; 16]>::try_from(it).ok()) else {
                return vec![("saddr_fam", "inet6".into())];
            };
            internet("inet6", &Ipv6Addr::from(address).to_string(), u16::from_be_bytes([*high, *low]))
        }
        (16, _) => vec![("saddr_fam", "netlink".into())],
        (other, _) => vec![("saddr_fam", other.to_string())],
    }
}

fn internet(family: &str, address: &str, port: u16) -> Vec<(&'static str, String)> {
    vec![("saddr_fam", family.into()), ("laddr", address.into()), ("lport", port.to_string())]
}

/// The path of a local socket; one that begins with a zero byte is abstract and shown with `@`.
fn unix(path: &[u8]) -> Vec<(&'static str, String)> {
    let (abstract_mark, path) = match path.split_first() {
        Some((0, rest)) => ("@", rest),
        _ => ("", path),
    };
    let end = path.iter().position(|it| *it == 0).unwrap_or(path.len());
    let path = format!("{abstract_mark}{}", String::from_utf8_lossy(&path[..end]));
    vec![("saddr_fam", "local".into()), ("path", path)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn addresses_of_each_family() {
        for (text, expected) in [
            ("020001BBC00002010000000000000000", "saddr_fam=inet laddr=192.0.2.1 lport=443"),
            ("0A0000160000000020010DB800000000000000000000000100000000", "saddr_fam=inet6 laddr=2001:db8::1 lport=22"),
            ("01002F72756E2F7800", "saddr_fam=local path=/run/x"),
            ("0100002F746D70", "saddr_fam=local path=@/tmp"),
            ("10000000", "saddr_fam=netlink"),
            ("0A000016", "saddr_fam=inet6"),
            ("0200", "saddr_fam=2"),
            ("02", ""),
        ] {
            let found: Vec<_> = super::decode(text).iter().map(|it| format!("{}={}", it.0, it.1)).collect();
            assert_eq!(found.join(" "), expected);
        }
    }
}
