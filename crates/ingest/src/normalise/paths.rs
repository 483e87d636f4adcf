//! Paths of both kinds: `C:\Windows\sc.exe` and `/usr/bin/sc`.

/// What stands behind the last separator.
pub(super) fn file_name(path: &str) -> &str {
    path.rfind(is_separator).map_or(path, |it| &path[it + 1..])
}

/// What stands before the last separator; nothing for a bare name.
pub(super) fn directory(path: &str) -> Option<&str> {
    path.rfind(is_separator).map(|it| &path[..it])
}

/// What stands behind the last dot of the file name.
pub(super) fn extension(path: &str) -> Option<&str> {
    file_name(path).rsplit_once('.').map(|it| it.1).filter(|it| !it.is_empty())
}

fn is_separator(character: char) -> bool {
    matches!(character, '\\' | '/')
}
