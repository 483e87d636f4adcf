//! The pages that the program carries, and the files beside them that hold the events of tests.

include!(concat!(env!("OUT_DIR"), "/builtin_pages.rs"));

/// Path below `packs/` and text of each page in it, sorted by path.
pub fn builtin_pages() -> &'static [(&'static str, &'static str)] {
    PAGES
}

/// The file of this name beside a built-in page; `page` is the path of the page below `packs/`.
pub fn builtin_file(page: &str, name: &str) -> Option<&'static [u8]> {
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_it = |path: &str| path.rsplit_once('/').unwrap_or(("", path)) == (folder, name);
    FILES.iter().find(|(path, _)| is_it(path)).map(|(_, bytes)| *bytes)
}
