//! The headings that a page may have.

/// A second-level heading of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Heading {
    /// Which logs and audit settings are needed to see it.
    LogSources,
    /// The one query.
    Query,
    /// What to exclude, and how.
    Tuning,
    /// Events that must match and events that must not.
    Tests,
    /// What else matches.
    FalsePositives,
    /// How to find out what happened.
    InvestigationGuide,
    /// What to do about it.
    ResponsePlaybook,
    /// Wider queries.
    HuntingQueries,
    /// What to look at beside it.
    RelatedDetections,
    /// Where the facts come from.
    References,
}

/// What the format says of a heading.
#[derive(Debug)]
pub struct HeadingRow {
    /// Which.
    pub heading: Heading,
    /// As the page spells it, after `## `.
    pub title: &'static str,
    /// Whether a page must have it.
    pub required: bool,
    /// What stands under it.
    pub meaning: &'static str,
}

const fn row(heading: Heading, title: &'static str, required: bool, meaning: &'static str) -> HeadingRow {
    HeadingRow { heading, title, required, meaning }
}

/// All headings, in the order that pages have them.
pub static HEADINGS: &[HeadingRow] = &[
    row(Heading::LogSources, "Log sources", false, "The logs and the audit settings that show the behaviour."),
    row(Heading::Query, "Query", true, "One `aql` fence: the query whose rows are the matches."),
    row(Heading::Tuning, "Tuning", false, "What to exclude in a given environment, and how."),
    row(
        Heading::Tests,
        "Tests",
        true,
        "Fences of JSON events: at least one `attack` that must match and one `benign` that must not.",
    ),
    row(Heading::FalsePositives, "False positives", false, "What else matches, and how to tell it apart."),
    row(Heading::InvestigationGuide, "Investigation guide", false, "Steps and queries that find out what happened."),
    row(Heading::ResponsePlaybook, "Response playbook", false, "Steps that contain and clean up."),
    row(Heading::HuntingQueries, "Hunting queries", false, "`aql` fences: wider queries, run by hand."),
    row(Heading::RelatedDetections, "Related detections", false, "Pages to look at beside this one."),
    row(Heading::References, "References", false, "Where the facts come from."),
];

impl Heading {
    /// The heading with this title; case matters not.
    pub fn find(title: &str) -> Option<Self> {
        HEADINGS.iter().find(|it| it.title.eq_ignore_ascii_case(title)).map(|it| it.heading)
    }

    /// As the page spells it.
    pub fn title(self) -> &'static str {
        HEADINGS.iter().find(|it| it.heading == self).map_or("", |it| it.title)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_heading_is_found_by_its_title() {
        for row in HEADINGS {
            assert_eq!(Heading::find(row.title), Some(row.heading));
            assert_eq!(row.heading.title(), row.title);
            assert!(row.meaning.ends_with('.'), "{}", row.title);
        }
    }
}
