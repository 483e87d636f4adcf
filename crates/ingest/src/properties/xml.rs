//! Values in XML.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use schema::properties::XmlStep;

/// Elements may be nested so deep; below that nothing is found.
const DEPTH_MAX: usize = 64;

/// The text of the first element at a path, or the attribute that the path ends in. The path begins at the root
/// element, which may be preceded by other text, such as a syslog header.
pub(super) fn find(payload: &str, path: &[XmlStep]) -> Option<String> {
    let mut search = Search { path, matched: Vec::new(), text: None };
    let mut reader = Reader::from_str(&payload[root(payload)?..]);
    reader.config_mut().check_end_names = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(it) => {
                if let Some(found) = search.start(&it) {
                    return Some(found);
                }
            }
            Event::Empty(it) => {
                let found = search.start(&it).or_else(|| search.text.take());
                if found.is_some() {
                    return found;
                }
                search.matched.pop();
            }
            Event::End(_) => {
                if search.is_complete() {
                    return search.text;
                }
                search.matched.pop();
            }
            Event::Text(it) => search.push(&it),
            Event::CData(it) => search.push(&it),
            Event::GeneralRef(it) => search.push(&resolve(&it)),
            Event::Eof => return None,
            _ => {}
        }
        if search.matched.len() > DEPTH_MAX {
            return None;
        }
    }
}

/// Where the root element begins: at the first `<` with a name or declaration behind it, not at a syslog priority.
fn root(payload: &str) -> Option<usize> {
    let begins = |it: &(usize, &str)| {
        payload[it.0 + 1..].starts_with(|next: char| next.is_alphabetic() || matches!(next, '_' | '?' | '!'))
    };
    payload.match_indices('<').find(begins).map(|it| it.0)
}

/// Where the reader stands: for each open element, whether it and all above it lie on the path.
struct Search<'a> {
    path: &'a [XmlStep],
    matched: Vec<bool>,
    text: Option<String>,
}

impl Search<'_> {
    /// Enters an element; the value if the path ends in one of its attributes.
    fn start(&mut self, element: &BytesStart) -> Option<String> {
        let depth = self.matched.len();
        let above = self.matched.last().copied().unwrap_or(true);
        let here = above && self.path.get(depth).is_some_and(|it| fits(element, it));
        self.matched.push(here);
        if let (true, Some(XmlStep::Attribute(name))) = (here, self.path.get(depth + 1)) {
            return attribute(element, name);
        }
        if self.is_complete() {
            self.text = Some(String::new());
        }
        None
    }

    /// Whether the element just entered or left is the one that the path names.
    fn is_complete(&self) -> bool {
        self.matched.len() == self.path.len() && self.matched.last() == Some(&true)
    }

    fn push(&mut self, text: &str) {
        if let Some(it) = self.text.as_mut() {
            it.push_str(text);
        }
    }
}

fn fits(element: &BytesStart, step: &XmlStep) -> bool {
    let XmlStep::Element { name, attribute: condition } = step else { return false };
    let local = element.local_name();
    let named = name == "*" || local.as_ref() == name.rsplit(':').next().unwrap_or(name);
    named && condition.as_ref().is_none_or(|(name, value)| attribute(element, name).as_deref() == Some(value))
}

fn attribute(element: &BytesStart, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|it| it.key.local_name().as_ref() == name)?;
    quick_xml::escape::unescape(&found.value).ok().map(std::borrow::Cow::into_owned)
}

/// The character of a reference such as `&amp;` or `&#10;`; one that is not known stays as it is.
fn resolve(name: &str) -> String {
    let reference = format!("&{name};");
    quick_xml::escape::unescape(&reference).map_or(reference.clone(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use schema::properties::xml_path;

    use super::find;

    const EVENT: &str = r#"<13>Nov 21 ws01 <Event xmlns="x"><System><Provider Name="A &amp; B"/><Empty/></System><EventData><Data Name="a">1</Data><Data Name="b">x &lt; y<![CDATA[ & z]]></Data></EventData></Event>"#;

    #[test]
    fn elements_and_attributes() {
        for (path, expected) in [
            ("/Event/System/Provider/@Name", Some("A & B")),
            (r#"/Event/EventData/Data[@Name="b"]"#, Some("x < y & z")),
            ("/Event/EventData/Data", Some("1")),
            ("/*/*/Data", Some("1")),
            ("/Event/System/Empty", Some("")),
            ("/Event/Data", None),
            ("/EventData/Data", None),
            (r#"/Event/EventData/Data[@Name="c"]"#, None),
        ] {
            let steps = xml_path(path).expect("a path");
            assert_eq!(find(EVENT, &steps).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn what_is_no_xml_has_no_value() {
        let steps = xml_path("/a").expect("a path");
        for payload in ["", "plain", "a < b", "<a>", "<b></a>", "<13>Nov 21 host text"] {
            assert_eq!(find(payload, &steps), None, "{payload}");
        }
    }
}
