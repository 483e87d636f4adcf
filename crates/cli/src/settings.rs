//! `prospero.toml`: what a user wants of every run. The nearest file from the working folder upward holds, else that of
//! the user's folder of settings; what the command line says goes before. A wrong file is an error: nothing is run.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use syntax::{Diagnostic, Span};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::check::levels::{self, Level};
use crate::output;

/// The name of the file.
const FILE: &str = "prospero.toml";

/// The largest file that is read, in bytes.
const BYTES_MAX: u64 = 1024 * 1024;

/// A key of the file. The reader and the reference page are projections of these.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// The table that it stands in; empty for the file itself.
    pub table: &'static str,
    /// The name.
    pub name: &'static str,
    /// What may stand behind it.
    pub value: &'static str,
    /// What it does.
    pub meaning: &'static str,
}

/// All keys of the file.
pub static KEYS: &[Key] = &[
    key("", "escapes", "`\"strict\"` or `\"c-style\"`", "How backslashes in `.aql` files and bare queries are read."),
    key("", "properties", "a path", "A TOML file of further properties, beside this file."),
    key("", "reference_data", "a path", "A folder of reference sets, maps and tables."),
    key("check", "exclude", "a list of paths", "Files and folders that `check` passes over when it walks a folder."),
    key(
        "check",
        "levels",
        "a table: name of a lint, of a group of lints, or `warnings`; `\"allow\"`, `\"note\"`, `\"warn\"` or `\"error\"`",
        "How much a finding matters.",
    ),
];

const fn key(table: &'static str, name: &'static str, value: &'static str, meaning: &'static str) -> Key {
    Key { table, name, value, meaning }
}

/// What the file says. Paths are those of the file system, whatever the working folder is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    /// How backslashes are read where nothing else says it.
    pub(crate) escapes: Option<aql::Escapes>,
    /// Definitions of properties.
    pub(crate) properties: Option<PathBuf>,
    /// A folder of collections.
    pub(crate) reference_data: Option<PathBuf>,
    /// What `check` passes over.
    pub(crate) exclude: Vec<PathBuf>,
    /// Levels by the name of a lint or group, in the order of the file.
    pub(crate) levels: Vec<(String, Level)>,
}

impl Settings {
    /// Reads the file that holds. `choice` is a file, or `none` for no file at all.
    pub(crate) fn load(choice: Option<&Path>) -> Result<Self> {
        let path = match choice {
            Some(path) if path.as_os_str() == "none" => None,
            Some(path) => Some(path.to_owned()),
            None => nearest()?.or_else(|| user_file().filter(|it| it.is_file())),
        };
        path.map_or_else(|| Ok(Self::default()), |it| Self::read(&it))
    }

    fn read(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let length = std::fs::metadata(path).with_context(|| format!("cannot read `{name}`"))?.len();
        if length > BYTES_MAX {
            bail!("`{name}` is larger than {BYTES_MAX} bytes");
        }
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{name}`"))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let (settings, diagnostics) = Reader::read(&text, folder);
        if !diagnostics.is_empty() {
            output::note(syntax::render(&diagnostics, &name, &text, output::colour(&std::io::stderr())).trim_end());
            bail!("`{name}` is wrong; nothing was run");
        }
        Ok(settings)
    }
}

/// The file in the working folder or the nearest above it.
fn nearest() -> Result<Option<PathBuf>> {
    let folder = std::env::current_dir().context("the working folder cannot be found")?;
    Ok(folder.ancestors().map(|it| it.join(FILE)).find(|it| it.is_file()))
}

/// The file in the user's folder of settings.
fn user_file() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    let folder = variable("XDG_CONFIG_HOME").or_else(|| {
        let roaming = if cfg!(windows) { variable("APPDATA") } else { None };
        roaming.or_else(|| Some(variable("HOME")?.join(".config")))
    })?;
    Some(folder.join("prospero").join(FILE))
}

type Item<'a> = Spanned<DeValue<'a>>;

struct Reader<'a> {
    folder: &'a Path,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn read(text: &str, folder: &Path) -> (Settings, Vec<Diagnostic>) {
        let mut reader = Reader { folder, diagnostics: Vec::new() };
        let (root, faults) = DeTable::parse_recoverable(text);
        for fault in faults {
            let span = fault.span().unwrap_or_default();
            reader.error("not-toml", Span::new(span.start, span.end), format!("this is not TOML: {}", fault.message()));
        }
        let mut settings = Settings::default();
        if reader.diagnostics.is_empty() {
            reader.table("", root.get_ref(), &mut settings);
        }
        reader.diagnostics.sort_by_key(|it| it.span.start);
        (settings, reader.diagnostics)
    }

    fn table(&mut self, table: &str, items: &DeTable, settings: &mut Settings) {
        for (name, value) in items {
            let name_span = Span::new(name.span().start, name.span().end);
            match (table, name.get_ref().as_ref()) {
                ("", "check") => match value.get_ref().as_table() {
                    Some(items) => self.table("check", items, settings),
                    None => self.wrong(value, "check", "a table"),
                },
                ("", "escapes") => settings.escapes = self.escapes(value),
                ("", "properties") => settings.properties = self.path(value, "properties"),
                ("", "reference_data") => settings.reference_data = self.path(value, "reference_data"),
                ("check", "exclude") => settings.exclude = self.paths(value),
                ("check", "levels") => settings.levels = self.levels(value),
                (_, unknown) => self.unknown_key(table, unknown, name_span),
            }
        }
    }

    fn escapes(&mut self, value: &Item) -> Option<aql::Escapes> {
        match value.get_ref().as_str() {
            Some("strict") => Some(aql::Escapes::Strict),
            Some("c-style") => Some(aql::Escapes::CStyle),
            _ => {
                self.wrong(value, "escapes", "`\"strict\"` or `\"c-style\"`");
                None
            }
        }
    }

    fn path(&mut self, value: &Item, name: &str) -> Option<PathBuf> {
        let text = value.get_ref().as_str().filter(|it| !it.is_empty());
        if text.is_none() {
            self.wrong(value, name, "a path");
        }
        Some(self.folder.join(text?))
    }

    fn paths(&mut self, value: &Item) -> Vec<PathBuf> {
        let Some(items) = value.get_ref().as_array() else {
            self.wrong(value, "exclude", "a list of paths");
            return Vec::new();
        };
        items.iter().filter_map(|it| self.path(it, "exclude")).collect()
    }

    fn levels(&mut self, value: &Item) -> Vec<(String, Level)> {
        let Some(table) = value.get_ref().as_table() else {
            self.wrong(value, "levels", "a table of names and levels");
            return Vec::new();
        };
        let mut all = Vec::new();
        for (name, value) in table {
            if let Err(help) = levels::known(name.get_ref()) {
                let span = Span::new(name.span().start, name.span().end);
                self.error("unknown-key", span, format!("no lint and no group `{}`", name.get_ref())).help = Some(help);
            }
            match value.get_ref().as_str().and_then(Level::from_name) {
                Some(level) => all.push((name.get_ref().to_string(), level)),
                None => self.wrong(value, name.get_ref(), "`\"allow\"`, `\"note\"`, `\"warn\"` or `\"error\"`"),
            }
        }
        all
    }

    fn error(&mut self, id: &'static str, span: Span, message: String) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::error(id, span, message));
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    fn wrong(&mut self, value: &Item, name: &str, wanted: &str) {
        let span = Span::new(value.span().start, value.span().end);
        self.error("wrong-value", span, format!("wrong value for `{name}`")).help = Some(format!("write {wanted}"));
    }

    fn unknown_key(&mut self, table: &str, name: &str, span: Span) {
        let mut known: Vec<&str> = KEYS.iter().filter(|it| it.table == table).map(|it| it.name).collect();
        if table.is_empty() {
            known.push("check");
        }
        let help = match syntax::suggest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the keys are {}", known.join(", ")),
        };
        let place = if table.is_empty() { "the settings".to_owned() } else { format!("`[{table}]`") };
        self.error("unknown-key", span, format!("no key `{name}` in {place}")).help = Some(help);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_keys_are_read_and_paths_are_beside_the_file() {
        let text = "escapes = 'c-style'\nproperties = 'p.toml'\nreference_data = 'sets'\n[check]\nexclude = ['old']\n\
                    levels = { comment = 'allow', portability = 'error' }\n";
        let (settings, diagnostics) = Reader::read(text, Path::new("here"));
        assert_eq!(diagnostics, []);
        assert_eq!(settings.escapes, Some(aql::Escapes::CStyle));
        assert_eq!(settings.properties, Some(Path::new("here").join("p.toml")));
        assert_eq!(settings.reference_data, Some(Path::new("here").join("sets")));
        assert_eq!(settings.exclude, [Path::new("here").join("old")]);
        assert_eq!(settings.levels.len(), 2);
        assert!(KEYS.iter().all(|it| text.contains(it.name)), "each key is in the text");
    }

    #[test]
    fn each_fault_is_said_at_its_place() {
        let cases = [
            ("escape = 'strict'", "escape", "did you mean `escapes`"),
            ("[check]\nlevel = {}", "level", "did you mean `levels`"),
            ("[check.levels]\ncoment = 'allow'", "coment", "did you mean `comment`"),
            ("[check.levels]\ncomment = 'deny'", "'deny'", "\"error\""),
            ("escapes = 1", "1", "c-style"),
            ("properties = ''", "''", "a path"),
            ("check = 1", "1", "a table"),
            ("[check]\nexclude = 'old'", "'old'", "a list"),
            ("escapes = ", "", ""),
        ];
        for (text, at, help) in cases {
            let (_, diagnostics) = Reader::read(text, Path::new(""));
            let [said] = diagnostics.as_slice() else { panic!("{text}: {diagnostics:#?}") };
            assert_eq!(&text[said.span.start..said.span.end], at, "{text}");
            assert!(said.help.as_deref().unwrap_or_default().contains(help), "{text}: {said:#?}");
        }
    }
}
