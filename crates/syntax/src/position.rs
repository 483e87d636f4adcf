//! Offsets in bytes to lines and columns.

/// The line and column of a byte offset, both from 1; columns count characters. Offsets past the end, or inside a
/// character, are taken back to the nearest one before.
///
/// ```
/// assert_eq!(syntax::line_column("a\nbé c", 5), (2, 3));
/// ```
pub fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let offset = text.floor_char_boundary(offset);
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |it| it + 1);
    let line = before.bytes().filter(|it| *it == b'\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}
