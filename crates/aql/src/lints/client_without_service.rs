//! ## What it does
//!
//! Finds queries that look for services and for the client of a tool that runs programs on other computers, but not for
//! the service that the tool leaves on the target.
//!
//! ## Why
//!
//! The client runs on the computer of the attacker, where often nothing is logged, and is easily renamed. The target
//! sees a service: `psexec.exe` here is `PSEXESVC.exe` there.
//!
//! ## Example
//!
//! ```aql
//! SELECT username FROM events
//! WHERE "Process Path" IMATCHES '\\(psexec|psexec64)\.exe$' OR "Service Filename" ILIKE '%\Temp\%'
//! LAST 24 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username FROM events
//! WHERE "Process Path" IMATCHES '\\(psexec|psexec64|psexesvc)\.exe$' OR "Service Filename" ILIKE '%psexesvc%'
//! LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! Only the tools of a small table are known: `CSExec`, `PAExec`, `PsExec`, `RemCom`. A query that does not look at services is
//! left alone: the client is what it is about.

use schema::EVENTS;
use schema::tables::remote_tools::{REMOTE_TOOLS, RemoteTool};
use syntax::{Diagnostic, Severity, Span};

use super::event_classes::{filter, joined, reads};
use super::{Finder, Group, Lint, Subject};
use crate::bound::{Expr, ExprKind, TextTest};
use crate::text::TextMatcher;

/// Fields of events about services.
const SERVICE_FIELDS: [&str; 2] = ["Service Filename", "Service Name"];

pub(super) static CLIENT_WITHOUT_SERVICE: Lint = Lint {
    name: "client-without-service",
    group: Group::EventModel,
    severity: Severity::Note,
    source: include_str!("client_without_service.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = filter(subject.query) else { return };
    let services: Vec<usize> = SERVICE_FIELDS.iter().filter_map(|it| EVENTS.position(it)).collect();
    if !reads(filter, &services) {
        return;
    }
    let mut tests: Vec<(TextMatcher, Span)> = Vec::new();
    filter.visit(&mut |it: &Expr| {
        if let ExprKind::Text(test @ TextTest { negated: false, .. }) = &it.kind
            && let Ok(matcher) = test.matcher()
        {
            tests.push((matcher, it.span));
        }
    });
    // A pattern that anything fits says nothing about a tool.
    tests.retain(|it| !it.0.is_match("C:\\Program Files\\Vendor\\agent.exe"));
    let hit = |name: &str| {
        let spellings = [name.to_owned(), format!("C:\\Windows\\{name}"), name.trim_end_matches(".exe").to_owned()];
        tests.iter().find(|it| spellings.iter().any(|spelling| it.0.is_match(spelling))).map(|it| it.1)
    };
    let client = |tool: &RemoteTool| tool.clients.iter().find_map(|it| hit(it));
    let lacking: Vec<(&RemoteTool, Span)> = (REMOTE_TOOLS.iter())
        .filter(|it| hit(it.service).is_none())
        .filter_map(|it| client(it).map(|span| (it, span)))
        .collect();
    let Some((_, span)) = lacking.first() else { return };
    let names: Vec<&str> = lacking.iter().map(|it| it.0.name).collect();
    let services: Vec<String> = lacking.iter().map(|it| format!("`{}`", it.0.service)).collect();
    let message = format!("the client of {} without the service on the target", joined(&names, "and"));
    found.push(
        CLIENT_WITHOUT_SERVICE
            .at(*span, message)
            .with_label("seen only where the attacker is")
            .with_help(format!("on the target it is a service such as {}", joined(&services, "and"))),
    );
}
