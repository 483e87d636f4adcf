//! The transformations: one file each, and one line here. In order of their names.

mod support;

macro_rules! transformations {
    ($($name:ident,)+) => {
        $(mod $name;)+

        /// All transformations.
        pub static TRANSFORMATIONS: &[&crate::Transformation] = &[$(&$name::TRANSFORMATION,)+];
    };
}

transformations! {
    abbreviated_parameters,
    carets,
    device_paths,
    dots_and_slashes,
    encoded_command,
    environment_variables,
    extra_blanks,
    leading_separators,
    letter_case,
    option_characters,
    other_tool,
    own_host,
    powershell_aliases,
    powershell_pieces,
    program_name,
    quotes,
    registry_names,
    renamed_program,
    short_names,
    unicode_quotes,
    unix_other_tool,
    unix_path_detours,
    unix_program_path,
    unix_shell_quotes,
    unix_shell_variables,
    unix_wrappers,
    variable_pieces,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_documented() {
        for pair in TRANSFORMATIONS.windows(2) {
            assert!(pair[0].name < pair[1].name, "{} {}", pair[0].name, pair[1].name);
        }
        for it in TRANSFORMATIONS {
            assert!(!it.platforms.is_empty() && !it.sources.is_empty() && !it.examples.is_empty(), "{}", it.name);
            for text in [it.summary, it.events, it.limits] {
                assert!(text.ends_with('.') && text.len() > 20, "{}: {text}", it.name);
            }
            assert!(it.sources.iter().all(|it| it.starts_with("https://")), "{}", it.name);
        }
    }

    #[test]
    fn examples_hold() {
        for it in TRANSFORMATIONS {
            for example in it.examples {
                let action = example.action();
                let made: Vec<_> = (it.rewrite)(&action).iter().map(|it| example.changed_text(it)).collect();
                assert!(made.contains(&example.after()), "{}: {:?} gives {made:#?}", it.name, example.after());
            }
        }
    }

    /// Texts that no shell would take, in every place where a text may stand.
    #[test]
    fn no_text_is_too_strange() {
        use crate::{Action, Example, ServiceKind};
        const TEXTS: [&str; 16] = [
            "",
            "\"",
            "'",
            "\u{2014}",
            "New-Service \u{2014}Name \u{e9}\u{2015}B \u{1f600}",
            "cmd /c \u{e9}&\"|(^",
            "cmd /c \"",
            "sc \u{e9} binpath=\u{e9}",
            "sc create \u{e9} binpath= \u{e9}:\\\u{e9}",
            "\u{e9}:\\ c:\\\u{e9} C:\\\u{1f600}\\..\\\u{e9}.exe",
            "powershell -\u{e9} -c \u{e9}",
            "powershell -c",
            "/\u{e9}/\u{1f600} //",
            "systemctl \u{e9} '",
            "\\??\\\u{e9}",
            "& ' `\u{e9} # \u{1f600}\n\"",
        ];
        let actions = |text: &'static str| {
            let mut actions: Vec<Action> = vec![
                Example::Script(text, "").action(),
                Example::RegistryValue(text, "").action(),
                Example::SharePath(text, "").action(),
            ];
            for image in ["", "C:\\cmd.exe", "C:\\powershell.exe", "C:\\sc.exe", "C:\\reg.exe"] {
                actions.push(Example::Process(image, text, "").action());
            }
            for kind in [ServiceKind::Program, ServiceKind::Driver, ServiceKind::Library] {
                actions.push(Example::Service(kind, text, "").action());
            }
            let words: &'static [&'static str] = Vec::leak(text.split(' ').collect());
            let line: &'static [&'static str] = Vec::leak(vec!["sh", "-c", text]);
            for words in [words, line] {
                actions.push(Example::Linux("/usr/bin/sh", words, &[]).action());
                actions.push(Example::MacOs("", words, &[]).action());
                actions.push(Example::Sudo(words, &[]).action());
            }
            actions.push(Example::Path([text, text], ["", ""]).action());
            actions
        };
        for action in TEXTS.into_iter().flat_map(actions) {
            for it in TRANSFORMATIONS {
                assert!(!(it.rewrite)(&action).contains(&action), "{}: {action:?} stays", it.name);
            }
        }
    }

    /// Every transformation over the examples of all: nothing stays the same, and the same comes twice.
    #[test]
    fn each_variant_differs_and_comes_again() {
        let examples = || TRANSFORMATIONS.iter().flat_map(|it| it.examples);
        for it in TRANSFORMATIONS {
            for action in examples().map(crate::Example::action) {
                let made = (it.rewrite)(&action);
                assert!(!made.contains(&action), "{}: {action:?} stays", it.name);
                assert_eq!(made, (it.rewrite)(&action), "{}", it.name);
            }
        }
    }
}
