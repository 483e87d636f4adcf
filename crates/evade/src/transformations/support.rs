//! What several transformations need: the texts of an action that hold commands, paths and scripts.

use std::ops::Range;

use crate::windows::{Command, Path, commands, paths, replaced, words};
use crate::{Action, ServiceCommand, ServiceKind, UnixProcess, WindowsProcess};

/// A command line of Windows: that of a process, or of a service that is a program.
pub(super) struct Line<'a> {
    action: &'a Action,
    /// The text.
    pub(super) text: &'a str,
    /// Its commands: that of the process, and those that cmd.exe runs.
    pub(super) commands: Vec<Command>,
}

/// Rewrites a path, where the transformation applies to it.
pub(super) type RewritePath<'a> = &'a dyn Fn(&Path) -> Option<String>;

/// Rewrites a line of a shell, where the transformation applies to it.
pub(super) type RewriteLine<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Places of a text and what shall stand there.
pub(super) type Edits = Vec<(Range<usize>, String)>;

impl<'a> Line<'a> {
    /// The command line of an action, if it has one.
    pub(super) fn of(action: &'a Action) -> Option<Self> {
        let (text, image) = match action {
            Action::WindowsProcess(it) => (&it.command_line, it.image.as_str()),
            Action::Service(it) if it.kind == ServiceKind::Program => (&it.path, ""),
            _ => return None,
        };
        Some(Self { action, text, commands: commands(image, text) })
    }

    /// The word of a command.
    pub(super) fn word(&self, command: &Command, place: usize) -> &'a str {
        command.words.get(place).map_or("", |it| &self.text[it.clone()])
    }

    /// The words of the program of a service that stands without quotes, or of a process: places that may hold a path
    /// with blanks are left out.
    pub(super) fn is_within_path(&self, place: usize) -> bool {
        if paths(self.text).iter().any(|it| it.place.contains(&place)) {
            return true;
        }
        let folded = self.text.to_ascii_lowercase();
        let is_service = matches!(self.action, Action::Service(_));
        is_service && !self.text.starts_with(['"', '%']) && folded.find(".exe").is_some_and(|end| place < end)
    }

    /// The action with these edits of its text; nothing when nothing changes.
    pub(super) fn edited(&self, edits: &Edits) -> Option<Action> {
        let text = replaced(self.text, edits);
        (text != self.text).then(|| with_text(self.action, text))
    }

    /// The actions for several edits.
    pub(super) fn all_edited(&self, edits: impl IntoIterator<Item = Edits>) -> Vec<Action> {
        let mut actions: Vec<Action> = Vec::new();
        for action in edits.into_iter().filter_map(|it| self.edited(&it)) {
            if !actions.contains(&action) {
                actions.push(action);
            }
        }
        actions
    }
}

/// The text in which paths, names of the registry or commands stand: command line, service, script.
pub(super) fn text(action: &Action) -> Option<&str> {
    match action {
        Action::WindowsProcess(it) => Some(&it.command_line),
        Action::Service(it) => Some(&it.path),
        Action::Script(it) => Some(it),
        _ => None,
    }
}

/// The same action with another text.
pub(super) fn with_text(action: &Action, text: String) -> Action {
    match action {
        Action::WindowsProcess(it) => Action::WindowsProcess(WindowsProcess { command_line: text, ..it.clone() }),
        Action::Service(it) => Action::Service(ServiceCommand { path: text, kind: it.kind }),
        Action::Script(_) => Action::Script(text),
        other => other.clone(),
    }
}

/// The action with its paths rewritten; `image` says whether the kernel knows the program by the same spelling, so that
/// the path of the process's own program changes too. Nothing where no path changes.
pub(super) fn with_paths(action: &Action, image: bool, rewrite: RewritePath<'_>) -> Option<Action> {
    let text = text(action)?;
    let edits: Edits = paths(text).iter().filter_map(|it| Some((it.place.clone(), rewrite(it)?))).collect();
    let after = replaced(text, &edits);
    if after == text {
        return None;
    }
    let mut action = with_text(action, after);
    if let Action::WindowsProcess(process) = &mut action
        && image
        && let Some(path) = own_path(text, &process.image)
        && let Some(new) = rewrite(&path)
    {
        process.image = new;
    }
    Some(action)
}

/// The path of the program where the line begins with it.
fn own_path(line: &str, image: &str) -> Option<Path> {
    let first = words(line).into_iter().next()?;
    let path = paths(line).into_iter().find(|it| it.place.start <= first.start + 1)?;
    path.text.eq_ignore_ascii_case(image).then_some(path)
}

/// A process of Linux or macOS.
pub(super) fn unix(action: &Action) -> Option<&UnixProcess> {
    match action {
        Action::UnixProcess(it) if !it.arguments.is_empty() => Some(it),
        _ => None,
    }
}

/// The process with the line of its shell rewritten.
pub(super) fn with_shell_line(process: &UnixProcess, rewrite: RewriteLine<'_>) -> Option<Action> {
    let place = process.shell_line()?;
    let line = &process.arguments[place];
    // Some logs show the quotes that a shell read before.
    let quote = line.chars().next().filter(|it| matches!(it, '"' | '\''));
    let inner =
        quote.and_then(|it| line[1..].strip_suffix(it)).filter(|inner| !quote.is_some_and(|it| inner.contains(it)));
    let after = match (inner, quote) {
        (Some(inner), Some(quote)) => format!("{quote}{}{quote}", rewrite(inner)?),
        _ => rewrite(line)?,
    };
    if after == *line {
        return None;
    }
    let mut arguments = process.arguments.clone();
    arguments[place] = after;
    Some(Action::UnixProcess(process.with_arguments(arguments)))
}
