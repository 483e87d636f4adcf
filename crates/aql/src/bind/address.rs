//! Constants that denote an address.

use std::net::{IpAddr, Ipv6Addr};

/// The canonical text of an IPv4 or IPv6 address; an IPv4 address within IPv6 is the IPv4 address.
pub(super) fn canonical_address(text: &str) -> Option<String> {
    let text = text.trim();
    let address = match text.parse::<IpAddr>() {
        Ok(address) => address,
        Err(_) => text.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok()?.into(),
    };
    Some(address.to_canonical().to_string())
}

/// The canonical text of a MAC address: pairs of lower-case digits and colons. Anything else stays as it is.
pub(super) fn canonical_mac(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_hexdigit).collect();
    let is_mac = digits.len() == 12 && text.chars().all(|it| it.is_ascii_hexdigit() || ":-.".contains(it));
    if !is_mac {
        return text.to_owned();
    }
    let lower = digits.to_ascii_lowercase();
    let pairs: Vec<&str> = (0..6).map(|it| &lower[2 * it..2 * it + 2]).collect();
    pairs.join(":")
}
