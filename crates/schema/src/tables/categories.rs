//! Categories: what `category` and `highlevelcategory` count and `CATEGORYNAME()` names.

use std::sync::LazyLock;

use super::{Standing, number, rows};

/// The high-level category of what is not understood.
pub const UNKNOWN: i64 = 10000;
/// The low-level category of a Windows event of unknown kind.
pub const UNKNOWN_WINDOWS: i64 = 10006;
/// The low-level category of an event of which nothing was understood.
pub const STORED: i64 = 10008;
/// The low-level category of an event that just informs.
pub const INFORMATION: i64 = 8052;

/// A category of either level.
#[derive(Clone, Copy, Debug)]
pub struct Category {
    /// A multiple of 1000 for a high-level category.
    pub id: i64,
    /// The name that the console shows.
    pub name: &'static str,
    /// How well the name is known.
    pub standing: Standing,
}

impl Category {
    /// Whether it is a high-level category.
    pub fn is_high_level(&self) -> bool {
        high_level(self.id) == self.id
    }
}

static TABLE: LazyLock<Vec<Category>> = LazyLock::new(|| {
    let row = |[id, name, standing]: [&'static str; 3]| Category {
        id: number(id),
        name,
        standing: Standing::parse(standing),
    };
    rows(include_str!("../../data/categories.tsv")).map(row).collect()
});

/// All categories of both levels, sorted by id.
pub fn all() -> &'static [Category] {
    &TABLE
}

/// The category with this id.
pub fn by_id(id: i64) -> Option<&'static Category> {
    TABLE.binary_search_by_key(&id, |it| it.id).ok().map(|it| &TABLE[it])
}

/// The first category with this name, ignoring case: high-level before low-level.
pub fn by_name(name: &str) -> Option<&'static Category> {
    let named = |it: &&Category| it.name.eq_ignore_ascii_case(name);
    TABLE.iter().filter(|it| it.is_high_level()).find(named).or_else(|| TABLE.iter().find(named))
}

/// The low-level category with this name, ignoring case.
pub fn by_low_level_name(name: &str) -> Option<&'static Category> {
    TABLE.iter().find(|it| !it.is_high_level() && it.name.eq_ignore_ascii_case(name))
}

/// The high-level category above a low-level one: the thousands of its id.
pub fn high_level(id: i64) -> i64 {
    id.div_euclid(1000) * 1000
}
