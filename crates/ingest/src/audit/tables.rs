//! Numbers of the audit log by name: record types and system calls, from the headers of Linux.

use std::collections::HashMap;
use std::sync::LazyLock;

static TYPES: LazyLock<HashMap<u32, &'static str>> = LazyLock::new(|| {
    let rows = include_str!("../../data/audit_types.tsv").lines().skip(1);
    rows.filter_map(|it| it.split_once('\t')).filter_map(|it| Some((it.0.parse().ok()?, it.1))).collect()
});

static SYSCALLS: LazyLock<HashMap<(&'static str, u32), &'static str>> = LazyLock::new(|| {
    let rows = include_str!("../../data/syscalls.tsv").lines().skip(1);
    let row = |line: &'static str| {
        let mut columns = line.split('\t');
        Some(((columns.next()?, columns.next()?.parse().ok()?), columns.next()?))
    };
    rows.filter_map(row).collect()
});

/// The name of a record type that is a name, a number or `UNKNOWN[number]`. An unknown one stays as it is.
pub(crate) fn type_name(text: &str) -> String {
    let number = text.strip_prefix("UNKNOWN[").and_then(|it| it.strip_suffix(']')).unwrap_or(text);
    let known = number.parse().ok().and_then(|it: u32| TYPES.get(&it));
    known.map_or_else(|| text.to_owned(), |it| (*it).to_owned())
}

/// The name of a system call by the architecture as records have it, in hexadecimal, and its number.
pub(crate) fn syscall_name(architecture: &str, number: &str) -> Option<&'static str> {
    let number = number.parse().ok()?;
    let known = ["c000003e", "c00000b7"].into_iter().find(|it| it.eq_ignore_ascii_case(architecture))?;
    SYSCALLS.get(&(known, number)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_names() {
        assert_eq!(type_name("1300"), "SYSCALL");
        assert_eq!(type_name("UNKNOWN[1334]"), "BPF");
        assert_eq!(type_name("UNKNOWN[9999]"), "UNKNOWN[9999]");
        assert_eq!(type_name("PATH"), "PATH");
        assert_eq!(syscall_name("c000003e", "59"), Some("execve"));
        assert_eq!(syscall_name("c00000b7", "221"), Some("execve"));
        assert_eq!(syscall_name("c00000b7", "56"), Some("openat"));
        assert_eq!(syscall_name("40000003", "11"), None);
    }
}
