//! The header of a syslog line: priority, time, host, program. Headers that relays put in front are stripped.

use super::stamp::{self, Stamp};
use crate::SyslogLine;

/// Headers in front of each other that are stripped.
const HEADERS_MAX: usize = 8;
/// Characters of a host name or a program.
const NAME_MAX: usize = 255;
/// What other logs have in the place of the host.
const LEVELS: [&str; 12] =
    ["trace", "debug", "info", "notice", "warn", "warning", "error", "err", "fatal", "critical", "crit", "severe"];
/// Messages that follow a host without a program.
const MESSAGES: [&str; 4] = ["CEF:", "LEEF:", "AgentDevice=", "MSWinEventLog"];

/// A line whose header was read.
pub(super) struct Parsed {
    pub(super) line: SyslogLine,
    /// Whether the time was written with its year.
    pub(super) has_year: bool,
}

/// Whether the line can be nothing but syslog: a time, and a program or a priority.
pub(super) fn is_certain(text: &str) -> bool {
    let (priority, rest) = priority(text);
    if priority.is_some() && rest.starts_with("1 ") {
        return rfc5424(rest).is_some();
    }
    let Some((_, rest)) = stamp::read(rest) else { return false };
    let (host, message) = host(rest);
    let known = |it: &str| MESSAGES.iter().any(|start| it.starts_with(start)) || inner(it).is_some();
    (priority.is_some() && host.is_some()) || tag(message).is_some() || (host.is_some() && known(message))
}

/// Reads the header of a line; nothing when it has none. A header needs a time, or at least a priority.
pub(super) fn parse(text: &str, reference: Option<i64>) -> Option<Parsed> {
    let mut parsed = one(text, reference)?;
    for _ in 1..HEADERS_MAX {
        let Some(next) = inner(&parsed.line.message).and_then(|it| one(it, reference)) else { break };
        let outer = std::mem::replace(&mut parsed, next);
        let line = &mut parsed.line;
        line.host = line.host.take().or(outer.line.host);
        line.priority = line.priority.or(outer.line.priority);
        line.time = line.time.or(outer.line.time);
    }
    Some(parsed)
}

/// The message when it begins with a header of its own.
fn inner(message: &str) -> Option<&str> {
    let (priority, rest) = priority(message);
    let is_header = stamp::read(rest).is_some() || (priority.is_some() && rest.starts_with("1 "));
    is_header.then_some(message)
}

fn one(text: &str, reference: Option<i64>) -> Option<Parsed> {
    let (priority, rest) = priority(text);
    if rest.starts_with("1 ")
        && let Some((mut line, has_year)) = rfc5424(rest)
    {
        line.priority = priority;
        return Some(Parsed { line, has_year });
    }
    let Some((stamp, rest)) = stamp::read(rest) else {
        priority?;
        let mut line = SyslogLine { priority, ..SyslogLine::default() };
        message(rest, &mut line);
        return Some(Parsed { line, has_year: false });
    };
    let mut line = SyslogLine { priority, time: stamp.time(reference), ..SyslogLine::default() };
    let (host, rest) = host(rest);
    line.host = host.map(str::to_owned);
    message(rest, &mut line);
    Some(Parsed { line, has_year: matches!(stamp, Stamp::Full(_)) })
}

fn message(text: &str, line: &mut SyslogLine) {
    match tag(text) {
        Some((program, process_id, rest)) => {
            line.program = Some(program.to_owned());
            line.process_id = process_id;
            rest.clone_into(&mut line.message);
        }
        None => text.clone_into(&mut line.message),
    }
}

/// `<13>` and what follows.
fn priority(text: &str) -> (Option<u8>, &str) {
    let number = text.strip_prefix('<').and_then(|it| it.split_once('>'));
    match number.and_then(|it| Some((it.0.parse::<u8>().ok().filter(|it| *it < 192)?, it.1))) {
        Some((priority, rest)) => (Some(priority), rest.trim_start()),
        None => (None, text),
    }
}

/// The host, and what follows it. What ends with a colon is the program already.
fn host(text: &str) -> (Option<&str>, &str) {
    let text = text.trim_start();
    let Some((word, rest)) = text.split_once(' ') else { return (None, text) };
    let is_name = word.len() <= NAME_MAX
        && !word.ends_with(':')
        && word.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'-' | b'_' | b':' | b'%'))
        && !LEVELS.iter().any(|it| it.eq_ignore_ascii_case(word));
    if is_name { (Some(word), rest.trim_start()) } else { (None, text) }
}

/// `program[pid]: ` or `program: `, and what follows.
fn tag(text: &str) -> Option<(&str, Option<u32>, &str)> {
    let end = text.bytes().take(NAME_MAX).position(|it| matches!(it, b'[' | b':' | b' ' | b'=' | b'|' | b'<'))?;
    let (name, rest) = text.split_at(end);
    let is_level = LEVELS.iter().any(|it| it.eq_ignore_ascii_case(name));
    if name.is_empty() || is_level || !name.bytes().any(|it| it.is_ascii_alphanumeric()) {
        return None;
    }
    let (process_id, rest) = match rest.strip_prefix('[').and_then(|it| it.split_once(']')) {
        Some((number, rest)) => (Some(number.parse().ok()?), rest),
        None => (None, rest),
    };
    let rest = rest.strip_prefix(':')?;
    let is_end = rest.is_empty() || rest.starts_with(' ');
    is_end.then_some((name, process_id, rest.strip_prefix(' ').unwrap_or_default()))
}

/// `1 time host program process message-id structured-data message`, and whether it says a time.
fn rfc5424(text: &str) -> Option<(SyslogLine, bool)> {
    let mut parts = text.strip_prefix("1 ")?.splitn(6, ' ');
    let mut part = || parts.next().map(|it| Some(it).filter(|it| *it != "-"));
    let (time, host, program, process, message_id) = (part()?, part()?, part()?, part()?, part()?);
    let time = match time {
        Some(it) => Some(crate::time::parse(it).filter(|_| it.as_bytes().get(10) == Some(&b'T'))?),
        None => None,
    };
    let mut line = SyslogLine {
        time,
        host: host.map(str::to_owned),
        program: program.map(str::to_owned),
        process_id: process.and_then(|it| it.parse().ok()),
        ..SyslogLine::default()
    };
    line.data.extend(message_id.map(|it| ("msgid".to_owned(), it.to_owned())));
    let rest = structured_data(parts.next().unwrap_or_default(), &mut line.data);
    rest.strip_prefix('\u{feff}').unwrap_or(rest).clone_into(&mut line.message);
    Some((line, time.is_some()))
}

/// Reads `[id name="value" ...]` any number of times: `id.name` and value. Gives what follows.
fn structured_data<'a>(text: &'a str, data: &mut Vec<(String, String)>) -> &'a str {
    let mut rest = text.strip_prefix('-').unwrap_or(text);
    while let Some((id, behind)) = rest.strip_prefix('[').and_then(|it| Some(it.split_at(it.find([' ', ']'])?))) {
        let mut inside = behind;
        while let Some((name, value)) = inside.trim_start().split_once("=\"").filter(|_| !inside.starts_with(']')) {
            let (value, next) = quoted(value);
            data.push((format!("{id}.{name}"), value));
            inside = next;
        }
        let Some(next) = inside.trim_start().strip_prefix(']') else { break };
        rest = next;
    }
    rest.strip_prefix(' ').unwrap_or(rest)
}

/// A value up to its quote; a backslash hides a quote, a backslash and a bracket.
fn quoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((place, character)) = characters.next() {
        match character {
            '"' => return (value, &text[place + 1..]),
            '\\' => match characters.next() {
                Some((_, hidden @ ('"' | '\\' | ']'))) => value.push(hidden),
                Some((_, other)) => value.extend(['\\', other]),
                None => value.push('\\'),
            },
            other => value.push(other),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> String {
        let reference = crate::time::parse("2026-12-01T00:00:00Z");
        parse(text, reference).map_or_else(String::new, |it| {
            let SyslogLine { priority, time, host, program, process_id, message, data } = it.line;
            let time = time.map(|it| it - 1_795_255_201_000);
            format!("{priority:?} {time:?} {host:?} {program:?} {process_id:?} {message} {data:?}")
                .replace("Some(", "")
                .replace(')', "")
                .replace("None", "-")
        })
    }

    #[test]
    fn headers_of_every_form() {
        for (text, expected) in [
            ("Nov 21 10:00:01 lx01 sshd[7]: a b", r#"- 0 "lx01" "sshd" 7 a b []"#),
            ("<38>Nov 21 10:00:02 lx01 systemd[1]: a", r#"38 1000 "lx01" "systemd" 1 a []"#),
            ("2026-11-21T10:00:01.250000+00:00 lx01 kernel: a", r#"- 250 "lx01" "kernel" - a []"#),
            ("Nov 21 10:00:01 su: a", r#"- 0 - "su" - a []"#),
            ("Nov 21 10:00:01 lx01 last message repeated", r#"- 0 "lx01" - - last message repeated []"#),
            ("<13>a: b", r#"13 - - "a" - b []"#),
            ("<5>Nov 21 09:59:00 relay <13>Nov 21 10:00:01 ws01 a: b", r#"13 0 "ws01" "a" - b []"#),
            ("Nov 21 09:59:00 relay Nov 21 10:00:01 ws01 a: b", r#"- 0 "ws01" "a" - b []"#),
            ("<34>1 2026-11-21T10:00:01Z lx01 su 7 ID47 - a b", r#"34 0 "lx01" "su" 7 a b [("msgid", "ID47"]"#),
            (
                r#"<34>1 - - - - - [x@1 a="b \"c\"" d="e"][y] hello"#,
                r#"34 - - - - hello [("x@1.a", "b \"c\"", ("x@1.d", "e"]"#,
            ),
            ("plain prose", ""),
            ("", ""),
        ] {
            assert_eq!(line(text), expected, "{text}");
        }
    }

    #[test]
    fn prose_and_other_logs_are_no_syslog() {
        for text in [
            "May 12 was a fine day",
            "Note: the server is down",
            "2026-11-21T10:00:01Z INFO server started",
            "2026-11-21T10:00:01Z ERROR module: failed",
            "2026-11-21 10:00:01 the end",
            "<Event xmlns='x'>",
            "<13>",
            "{\"a\": 1}",
            "Nov 21 10:00:01 something happened in the house",
        ] {
            assert!(!is_certain(text), "{text}");
        }
        assert!(is_certain("<13>Nov 21 10:00:01 ws01 AgentDevice=WindowsLog\tx"));
        assert!(is_certain("Nov 21 10:00:01 ws01 CEF:0|a|b|c|d|e|1|"));
        assert!(is_certain("<34>1 2026-11-21T10:00:01Z lx01 su - - - x"));
    }
}
