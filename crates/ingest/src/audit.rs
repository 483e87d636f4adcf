//! One record of the Linux audit log: `type=SYSCALL msg=audit(1795255202.101:77): arch=c000003e ...`, as auditd,
//! ausearch, syslog and the journal write it.

mod fields;
mod socket;
mod tables;

pub(crate) use fields::join_arguments;
pub(crate) use tables::{syscall_name, type_name};

use crate::time;

/// A record that is read and decoded.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Record {
    /// Time in milliseconds since 1970 UTC and serial; absent in the form of the journal, `SYSCALL arch=...`.
    pub(crate) id: Option<(i64, u64)>,
    /// The `node=` field.
    pub(crate) node: Option<String>,
    /// `SYSCALL`, `PATH`, ...
    pub(crate) kind: String,
    /// Decoded fields; parts of long arguments (`a1[0]`) as they stand.
    pub(crate) fields: Vec<(String, String)>,
}

/// Reads a record that says its time and serial; nothing when the text is none.
pub(crate) fn parse(text: &str) -> Option<Record> {
    let rest = without_prefix(text);
    let (node, rest) = match rest.strip_prefix("node=") {
        Some(rest) => {
            let (node, rest) = rest.split_once(' ')?;
            (Some(node.to_owned()), rest.trim_start())
        }
        None => (None, rest),
    };
    let (kind, rest) = rest.strip_prefix("type=")?.split_once(' ')?;
    let rest = rest.trim_start();
    let rest = rest.strip_prefix("msg=").unwrap_or(rest).strip_prefix("audit(")?;
    let (id, rest) = rest.split_once(')')?;
    let (stamp, serial) = id.rsplit_once(':')?;
    let (time, is_date) = stamp_of(stamp)?;
    let interpreted = is_date || rest.starts_with(' ');
    let rest = rest.trim_start();
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let kind = type_name(kind);
    let fields = fields::parse(rest, &kind, interpreted);
    Some(Record { id: Some((time, serial.parse().ok()?)), node, kind, fields })
}

/// Reads a record as the journal passes it on: the type in capitals, then the fields.
pub(crate) fn parse_message(text: &str) -> Option<Record> {
    let (kind, rest) = text.split_once(' ')?;
    let is_type = kind.len() > 2 && kind.bytes().all(|it| it.is_ascii_uppercase() || it == b'_' || it.is_ascii_digit());
    let is_type = is_type || kind.starts_with("UNKNOWN[");
    let kind = type_name(kind);
    (is_type && rest.contains('=')).then(|| {
        let fields = fields::parse(rest, &kind, false);
        Record { id: None, node: None, kind, fields }
    })
}

/// Passes over what the kernel and the dispatcher write before a record: `[   12.345678] audit: `.
fn without_prefix(text: &str) -> &str {
    let mut rest = text.trim_start();
    if let Some((stamp, behind)) = rest.strip_prefix('[').and_then(|it| it.split_once(']'))
        && stamp.trim().parse::<f64>().is_ok()
    {
        rest = behind.trim_start();
    }
    rest.strip_prefix("audit:").unwrap_or(rest).trim_start()
}

/// The time before the serial, and whether it is a date, as `ausearch -i` writes it: then it is taken as UTC.
fn stamp_of(text: &str) -> Option<(i64, bool)> {
    if let Some((seconds, fraction)) = text.split_once('.')
        && let (Ok(seconds), Ok(number)) = (seconds.parse::<i64>(), fraction.get(..3)?.parse::<i64>())
    {
        return Some((seconds.checked_mul(1000)?.checked_add(number)?, false));
    }
    if let Ok(seconds) = text.parse::<i64>() {
        return Some((seconds.checked_mul(1000)?, false));
    }
    let Some((date, clock)) = text.split_once(' ').filter(|it| it.0.contains('/')) else {
        return text.contains(' ').then(|| time::parse(text)).flatten().map(|it| (it, true));
    };
    let mut parts = date.split('/').map(|it| it.parse::<u16>().ok());
    let (first, second, year) = (parts.next()??, parts.next()??, parts.next()??);
    let year = if year < 100 { year + 2000 } else { year };
    // Month first, as in the United States, unless that cannot be.
    let (month, day) = if first > 12 { (second, first) } else { (first, second) };
    time::parse(&format!("{year:04}-{month:02}-{day:02} {clock}")).map(|it| (it, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(record: &Record) -> Vec<(&str, &str)> {
        record.fields.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect()
    }

    #[test]
    fn every_spelling_of_the_head() {
        for text in [
            "type=CWD msg=audit(1795255202.101:77): cwd=\"/root\"",
            "type=CWD msg=audit(1795255202.101:77): cwd=2F726F6F74",
            "type=1307 audit(1795255202.101:77): cwd=\"/root\"",
            "audit: type=UNKNOWN[1307] audit(1795255202.101:77): cwd=\"/root\"",
            "[    9.100000] audit: type=1307 audit(1795255202.101:77): cwd=\"/root\"",
            "type=CWD msg=audit(11/21/2026 10:00:02.101:77) : cwd=/root",
            "type=CWD msg=audit(21/11/26 10:00:02.101:77) : cwd=/root",
        ] {
            let record = parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((record.id, record.kind.as_str()), (Some((1_795_255_202_101, 77)), "CWD"), "{text}");
            assert_eq!(pairs(&record), [("cwd", "/root")], "{text}");
        }
        assert_eq!(parse("node=lx01 type=EOE msg=audit(1.0001:2):").and_then(|it| it.node).as_deref(), Some("lx01"));
        for text in
            ["", "type=CWD", "type=CWD msg=audit(x:1): a=b", "type=CWD msg=audit(1.1:1", "msg=audit(1.001:2): a=b"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn values_are_decoded_where_auditd_encodes_them() {
        let text = "type=SYSCALL msg=audit(1.001:2): a0=6162 comm=6120E282AC exe=\"/bin/6162\" key=(null)\u{1d}ARCH=x86_64 \
                    UID=\"root\" SADDR={ saddr_fam=inet laddr=192.0.2.1 lport=443 }";
        let record = parse(text).expect("it is a record");
        assert_eq!(
            pairs(&record),
            [
                ("a0", "6162"),
                ("comm", "a €"),
                ("exe", "/bin/6162"),
                ("key", "(null)"),
                ("ARCH", "x86_64"),
                ("UID", "root"),
                ("SADDR", "{ saddr_fam=inet laddr=192.0.2.1 lport=443 }"),
            ]
        );
        let title = parse("type=PROCTITLE msg=audit(1.001:2): proctitle=6C73002D6C00").expect("it is a record");
        assert_eq!(pairs(&title), [("proctitle", "ls -l")]);
        let login = parse(
            "type=USER_LOGIN msg=audit(1.001:2): pid=1 msg='op=login acct=\"ann\" exe=\"/usr/sbin/sshd\" res=success'",
        );
        assert_eq!(
            pairs(&login.expect("it is a record")),
            [("pid", "1"), ("op", "login"), ("acct", "ann"), ("exe", "/usr/sbin/sshd"), ("res", "success")]
        );
    }

    #[test]
    fn interpreted_values_may_hold_blanks() {
        let record =
            parse("type=EXECVE msg=audit(11/21/2026 10:00:02.101:77) : argc=3 a0=sh a1=-c a2=echo x y=z a3=last");
        let record = record.expect("it is a record");
        assert_eq!(pairs(&record)[1..], [("a0", "sh"), ("a1", "-c"), ("a2", "echo x"), ("y", "z"), ("a3", "last")]);
        let title = parse("type=PROCTITLE msg=audit(11/21/2026 10:00:02.101:77) : proctitle=dd if=/dev/zero of=x");
        assert_eq!(pairs(&title.expect("it is a record")), [("proctitle", "dd if=/dev/zero of=x")]);
    }

    #[test]
    fn denials_name_what_was_denied() {
        let record = parse("type=AVC msg=audit(1.001:2): avc:  denied  { read write } for  pid=7 comm=\"x\"");
        let record = record.expect("it is a record");
        assert_eq!(pairs(&record), [("seresult", "denied"), ("seperms", "read,write"), ("pid", "7"), ("comm", "x")]);
    }
}
