//! Addresses as logs write them.

use std::net::{IpAddr, Ipv6Addr};

/// The canonical form of an IP address: without brackets and zone, an IPv4 address mapped to IPv6 as IPv4.
/// Nothing for what is no address, such as `LOCAL` or a host name.
pub(super) fn host(text: &str) -> Option<String> {
    parse(text).map(|it| it.to_string())
}

/// The address that a text stands for, as [`host`] reads it.
pub(super) fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_start_matches('[').trim_end_matches(']');
    let without_zone = text.split_once('%').map_or(text, |it| it.0);
    match without_zone.parse().ok()? {
        IpAddr::V6(it) => Some(it.to_ipv4_mapped().map_or(IpAddr::V6(it), IpAddr::V4)),
        v4 @ IpAddr::V4(_) => Some(v4),
    }
}

/// Whether the canonical text is an address of version 6.
pub(super) fn is_v6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

/// A hardware address as six pairs of upper-case digits with colons.
pub(super) fn hardware(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|it| !matches!(it, ':' | '-' | '.')).collect();
    if digits.len() != 12 || !digits.bytes().all(|it| it.is_ascii_hexdigit()) {
        return None;
    }
    let digits = digits.to_ascii_uppercase();
    Some((0..6).map(|it| &digits[it * 2..it * 2 + 2]).collect::<Vec<_>>().join(":"))
}
