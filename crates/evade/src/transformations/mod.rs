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
    powershell_pieces,
    program_name,
    quotes,
    registry_names,
    renamed_program,
    short_names,
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
