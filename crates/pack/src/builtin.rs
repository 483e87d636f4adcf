//! The pages that the program carries.

include!(concat!(env!("OUT_DIR"), "/builtin_pages.rs"));

/// Path below `packs/` and text of each page in it, sorted by path.
pub fn builtin_pages() -> &'static [(&'static str, &'static str)] {
    PAGES
}
