//! What the program carries: pages, the files beside them that hold the events of tests, exclusions.

include!(concat!(env!("OUT_DIR"), "/builtin_pages.rs"));

/// Path below `packs/` and text of each page in it, sorted by path.
pub fn builtin_pages() -> &'static [(&'static str, &'static str)] {
    PAGES
}

/// Name and text of each tuning file of `tuning/`, sorted by name. Their exclusions are off until their product is
/// chosen.
pub fn builtin_tuning() -> &'static [(&'static str, &'static str)] {
    TUNING
}

/// The file of this name beside a built-in page; `page` is the path of the page below `packs/`.
pub fn builtin_file(page: &str, name: &str) -> Option<&'static [u8]> {
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_it = |path: &str| path.rsplit_once('/').unwrap_or(("", path)) == (folder, name);
    FILES.iter().find(|(path, _)| is_it(path)).map(|(_, bytes)| *bytes)
}
