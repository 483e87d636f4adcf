//! What well-known programs say in their log lines: systemd, sshd, sudo, su, cron, useradd.

use super::super::{EventBuilder, columns};

/// Fills fields from the text of a program; the low-level category of what it reports, where that is known.
pub(super) fn fill(program: &str, message: &str, event: &mut EventBuilder) -> Option<i64> {
    let program = program.rsplit('/').next().unwrap_or_default();
    match program.to_ascii_lowercase().as_str() {
        "systemd" => systemd(message, event),
        "sshd" | "sshd-session" => sshd(message, event),
        "sudo" => sudo(message, event),
        "su" => su(message, event),
        "cron" | "crond" | "anacron" => cron(message, event),
        "useradd" | "userdel" => account(message, event),
        _ => None,
    }
}

/// `Started nginx.service - A web server.` or, of older versions, `Started A web server.`
fn systemd(message: &str, event: &mut EventBuilder) -> Option<i64> {
    const SERVICE_STARTED: i64 = 8009;
    const SERVICE_STOPPED: i64 = 8010;
    const SERVICE_FAILURE: i64 = 8011;
    const VERBS: [(&str, &str, i64); 6] = [
        ("Started ", "running", SERVICE_STARTED),
        ("Starting ", "starting", SERVICE_STARTED),
        ("Stopped ", "stopped", SERVICE_STOPPED),
        ("Stopping ", "stopping", SERVICE_STOPPED),
        ("Finished ", "finished", SERVICE_STOPPED),
        ("Failed to start ", "failed", SERVICE_FAILURE),
    ];
    if let Some((unit, rest)) = message.split_once(": ").filter(|it| is_unit(it.0)) {
        event.text(columns().service_name, unit);
        return rest.starts_with("Failed").then_some(SERVICE_FAILURE);
    }
    let (rest, state, category) = VERBS.iter().find_map(|it| Some((message.strip_prefix(it.0)?, it.1, it.2)))?;
    let (name, description) = rest.split_once(" - ").filter(|it| is_unit(it.0)).unwrap_or(("", rest));
    let description = description.trim_end_matches("...").trim_end_matches('.');
    if name.is_empty() && is_unit(description) {
        event.text(columns().service_name, description);
    } else {
        event.text(columns().service_name, if name.is_empty() { description } else { name });
        event.text(columns().service_display_name, description);
    }
    event.text(columns().service_state, state);
    Some(category)
}

fn is_unit(text: &str) -> bool {
    const KINDS: [&str; 11] =
        ["service", "timer", "socket", "target", "mount", "automount", "path", "slice", "scope", "swap", "device"];
    !text.contains(' ') && text.rsplit_once('.').is_some_and(|it| KINDS.contains(&it.1))
}

/// `Accepted publickey for ann from 192.0.2.1 port 50022 ssh2`, `Failed password for invalid user bob from ...`.
fn sshd(message: &str, event: &mut EventBuilder) -> Option<i64> {
    const SSH_LOGIN_SUCCEEDED: i64 = 3021;
    const SSH_LOGIN_FAILED: i64 = 3022;
    let (category, rest) = if message.starts_with("Accepted ") {
        (SSH_LOGIN_SUCCEEDED, message.split_once(" for ")?.1)
    } else if message.starts_with("Failed ") {
        (SSH_LOGIN_FAILED, message.split_once(" for ")?.1)
    } else {
        (SSH_LOGIN_FAILED, message.strip_prefix("Invalid user ")?)
    };
    // The name comes from outside and may hold anything: the last ` from ` counts.
    let (user, rest) = rest.rsplit_once(" from ")?;
    event.text(columns().username, user.strip_prefix("invalid user ").unwrap_or(user));
    let mut words = rest.split(' ');
    event.converted(columns().source_ip, words.next()?);
    if words.next() == Some("port") {
        event.converted(columns().source_port, words.next()?);
    }
    Some(category)
}

/// `ann : TTY=pts/0 ; PWD=/home/ann ; USER=root ; COMMAND=/usr/bin/id -u`
fn sudo(message: &str, event: &mut EventBuilder) -> Option<i64> {
    const PRIVILEGE_ESCALATION_FAILED: i64 = 3006;
    const PRIVILEGE_ESCALATION_SUCCEEDED: i64 = 3007;
    let (head, command) = message.split_once("COMMAND=")?;
    let (user, rest) = head.split_once(" : ")?;
    let columns = columns();
    event.text(columns.username, user.trim());
    event.text(columns.command, command);
    let program = command.split(' ').next().unwrap_or_default();
    event.text(columns.process_path, if program.starts_with('/') { program } else { "" });
    for part in rest.split(" ; ") {
        match part.split_once('=') {
            Some(("USER", target)) => event.text(columns.target_username, target.trim()),
            Some(("PWD", folder)) => event.text(columns.current_directory, folder),
            _ => {}
        }
    }
    let refused = ["NOT in sudoers", "not allowed", "incorrect password"].iter().any(|it| rest.contains(it));
    Some(if refused { PRIVILEGE_ESCALATION_FAILED } else { PRIVILEGE_ESCALATION_SUCCEEDED })
}

/// `(to root) ann on pts/0`
fn su(message: &str, event: &mut EventBuilder) -> Option<i64> {
    let (target, rest) = message.strip_prefix("(to ")?.split_once(") ")?;
    event.text(columns().target_username, target);
    event.text(columns().username, rest.split(' ').next()?);
    None
}

/// `(root) CMD (run-parts /etc/cron.hourly)`
fn cron(message: &str, event: &mut EventBuilder) -> Option<i64> {
    const CRON: i64 = 8039;
    let (user, rest) = message.strip_prefix('(')?.split_once(") CMD (")?;
    event.text(columns().username, user);
    event.text(columns().command, rest.rfind(')').map_or(rest, |it| &rest[..it]).trim());
    Some(CRON)
}

/// `new user: name=bob, UID=1001, GID=1001, ...` and `delete user 'bob'`
fn account(message: &str, event: &mut EventBuilder) -> Option<i64> {
    const USER_ADDED: i64 = 3031;
    const USER_REMOVED: i64 = 3035;
    if let Some(rest) = message.strip_prefix("new user: name=") {
        event.text(columns().target_username, rest.split(',').next()?);
        return Some(USER_ADDED);
    }
    let name = message.strip_prefix("delete user '")?.strip_suffix('\'')?;
    event.text(columns().target_username, name);
    Some(USER_REMOVED)
}
