//! Paths into JSON and XML.

/// A step of a JSON path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonStep {
    /// `/"name"`: a member of an object.
    Key(String),
    /// `[2]`: an item of a list, from 0.
    Index(usize),
}

/// A step of an XML path. Prefixes of namespaces are ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum XmlStep {
    /// `/Name` or `/Name[@Attribute="value"]`: the first such element.
    Element {
        /// The name; `*` is any.
        name: String,
        /// An attribute that it must have, with its value.
        attribute: Option<(String, String)>,
    },
    /// `/@Name`: an attribute; the last step.
    Attribute(String),
}

/// Reads `/"a"/"b"[0]`. The quotes of a name without special characters may be left out.
///
/// # Errors
/// A short phrase that says what is wrong.
pub fn json_path(text: &str) -> Result<Vec<JsonStep>, String> {
    let mut rest = text.trim();
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let (step, behind) = match rest.as_bytes()[0] {
            b'/' => json_key(&rest[1..])?,
            b'[' => json_index(&rest[1..])?,
            _ => return Err(format!("`/` or `[` expected before `{rest}`")),
        };
        steps.push(step);
        rest = behind;
    }
    if steps.is_empty() { Err("an empty path".into()) } else { Ok(steps) }
}

fn json_key(text: &str) -> Result<(JsonStep, &str), String> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(['/', '[']).unwrap_or(text.len());
        let (name, behind) = text.split_at(end);
        return if name.is_empty() {
            Err("a name is missing behind `/`".into())
        } else {
            Ok((JsonStep::Key(name.into()), behind))
        };
    };
    let mut name = String::new();
    let mut characters = quoted.char_indices();
    while let Some((place, character)) = characters.next() {
        match character {
            '"' => return Ok((JsonStep::Key(name), &quoted[place + 1..])),
            '\\' => name.extend(characters.next().map(|it| it.1)),
            other => name.push(other),
        }
    }
    Err("a quoted name does not end".into())
}

fn json_index(text: &str) -> Result<(JsonStep, &str), String> {
    let (number, behind) = text.split_once(']').ok_or("`]` is missing")?;
    let index = number.trim().parse().map_err(|_| format!("`{number}` is no position in a list"))?;
    Ok((JsonStep::Index(index), behind))
}

/// Reads `/Event/EventData/Data[@Name="x"]` or `/Event/System/Provider/@Name`.
///
/// # Errors
/// A short phrase that says what is wrong.
pub fn xml_path(text: &str) -> Result<Vec<XmlStep>, String> {
    let inner = text.trim().strip_prefix('/').ok_or("a path begins with `/`")?;
    let parts = split_steps(inner);
    let last = parts.len() - 1;
    parts.into_iter().enumerate().map(|(place, part)| xml_step(part, place == last)).collect()
}

/// Splits at `/` outside of brackets.
fn split_steps(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (place, character) in text.char_indices() {
        match character {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '/' if depth == 0 => {
                parts.push(&text[start..place]);
                start = place + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn xml_step(part: &str, is_last: bool) -> Result<XmlStep, String> {
    if let Some(name) = part.strip_prefix('@') {
        return match (xml_name(name)?, is_last) {
            (name, true) => Ok(XmlStep::Attribute(name)),
            (_, false) => Err(format!("the attribute `{part}` must be the last step")),
        };
    }
    let Some((name, condition)) = part.split_once('[') else {
        return Ok(XmlStep::Element { name: xml_name(part)?, attribute: None });
    };
    let (attribute, value) = condition
        .strip_suffix(']')
        .and_then(|it| it.trim().strip_prefix('@'))
        .and_then(|it| it.split_once('='))
        .ok_or_else(|| format!("`[{condition}` is no condition of the form `[@Name=\"value\"]`"))?;
    let value = value.trim().trim_matches(['"', '\'']).to_owned();
    Ok(XmlStep::Element { name: xml_name(name)?, attribute: Some((xml_name(attribute.trim())?, value)) })
}

fn xml_name(name: &str) -> Result<String, String> {
    let valid =
        !name.is_empty() && name.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '-' | '.' | ':' | '*'));
    if valid { Ok(name.to_owned()) } else { Err(format!("`{name}` is no name of an element or attribute")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> JsonStep {
        JsonStep::Key(name.into())
    }

    fn element(name: &str) -> XmlStep {
        XmlStep::Element { name: name.into(), attribute: None }
    }

    #[test]
    fn json_paths() {
        assert_eq!(json_path(r#"/"a"/"b c"[2]/"d""#), Ok(vec![key("a"), key("b c"), JsonStep::Index(2), key("d")]));
        assert_eq!(json_path("/a/b"), Ok(vec![key("a"), key("b")]));
        assert_eq!(json_path(r#"/"a\"/b""#), Ok(vec![key("a\"/b")]));
        for wrong in ["", "a", "/", r#"/"a"#, "/a[x]", "/a[1", "[-1]"] {
            assert!(json_path(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn xml_paths() {
        let data = XmlStep::Element { name: "Data".into(), attribute: Some(("Name".into(), "a/b".into())) };
        assert_eq!(xml_path(r#"/Event/Data[@Name="a/b"]"#), Ok(vec![element("Event"), data]));
        assert_eq!(xml_path("/*/@Name"), Ok(vec![element("*"), XmlStep::Attribute("Name".into())]));
        for wrong in ["Event", "/", "/@a/b", "/a[b]", "/a[@b=1", "/a b"] {
            assert!(xml_path(wrong).is_err(), "{wrong}");
        }
    }
}
