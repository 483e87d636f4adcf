//! The XML of one Windows event (`<Event>...</Event>`) to a [`WindowsEvent`]: the one road of EVTX records, XML
//! exports, Splunk's raw events and Sysmon for Linux.
//!
//! [`plain`] reads what Windows and the crate `evtx` write, several times as fast as the crate `quick-xml`, which reads
//! everything else. Both feed the same [`Builder`].

mod builder;
mod plain;

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use self::builder::Builder;
use crate::{Kinds, WindowsEvent};

/// Reads the first event of the text; what stands before it (declaration, comments) and behind it is passed over. Of an
/// event of a kind that is not wanted only `System` is read.
///
/// # Errors
///
/// A short phrase saying what is wrong with the text.
pub(crate) fn parse(xml: &str, kinds: Option<&Kinds>) -> Result<WindowsEvent, String> {
    match plain::parse(xml, kinds) {
        Ok(event) => Ok(event),
        Err(plain::Stop::Wrong(reason)) => Err(reason),
        Err(plain::Stop::Unusual) => parse_any(xml, kinds),
    }
}

/// Reads any XML.
fn parse_any(xml: &str, kinds: Option<&Kinds>) -> Result<WindowsEvent, String> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().allow_dangling_amp = true;
    let mut builder = Builder::new(kinds);
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(element) => open(&mut builder, &element)?,
            Event::Empty(element) => {
                open(&mut builder, &element)?;
                builder.close();
            }
            Event::End(_) => builder.close(),
            Event::Text(text) => builder.text(&text),
            Event::CData(text) => builder.text(&text.into_inner()),
            Event::GeneralRef(name) => match name.resolve_char_ref() {
                Ok(Some(character)) => builder.text(character.encode_utf8(&mut [0; 4])),
                _ => match resolve_predefined_entity(&name) {
                    Some(text) => builder.text(text),
                    None => ["&", &name, ";"].into_iter().for_each(|it| builder.text(it)),
                },
            },
            Event::Eof => return Err("the text ends inside an event".into()),
            _ => {}
        }
        if builder.is_done() {
            return Ok(builder.finish());
        }
    }
}

fn open(builder: &mut Builder<'_>, element: &BytesStart<'_>) -> Result<(), String> {
    let name = Cow::Owned(element.local_name().as_ref().to_owned());
    builder.open(name, |take| {
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
            take(attribute.key.as_ref(), &value);
        }
        Ok(())
    })
}

/// Reads `0x8000000000000000` or a decimal number, which may be the negative of the same bits.
pub(crate) fn keywords(text: &str) -> Option<u64> {
    let hexadecimal = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    match hexadecimal {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok().or_else(|| text.parse::<i64>().ok().map(i64::cast_unsigned)),
    }
}

/// Writes an activity id as `{UPPER-CASE}`, whatever the log's spelling.
pub(crate) fn activity_id(text: &str) -> Option<String> {
    let id = text.trim().trim_start_matches('{').trim_end_matches('}');
    (!id.is_empty()).then(|| format!("{{{}}}", id.to_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{parse_any, plain};

    /// What the quick reader answers is what the general one answers.
    fn agree(xml: &str) {
        match plain::parse(xml, None) {
            Ok(event) => assert_eq!(parse_any(xml, None), Ok(event), "{xml}"),
            Err(plain::Stop::Wrong(reason)) => assert_eq!(parse_any(xml, None), Err(reason), "{xml}"),
            Err(plain::Stop::Unusual) => {}
        }
    }

    #[test]
    fn an_event_as_windows_writes_it_is_read_quickly() {
        let xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Event xmlns='u'><System><Provider Name=\"P\"/>\
            <EventID Qualifiers=\"16384\">7045</EventID><Channel>System</Channel></System><EventData>\
            <Data Name=\"ImagePath\">a &lt;&#x41;&amp; b</Data><Data>x</Data><Data></Data></EventData></Event> ";
        let event = plain::parse(xml, None).unwrap_or_default();
        assert_eq!((event.event_id, event.qualifiers, event.channel.as_str()), (7045, Some(16384), "System"));
        let data: Vec<_> = event.data.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(data, [("ImagePath", "a <A& b"), ("param1", "x"), ("param2", "")]);
        agree(xml);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn both_readers_agree(pieces in proptest::collection::vec(prop::sample::select(PIECES), 0..24)) {
            agree(&format!("<Event>{}", pieces.concat()));
            agree(&format!("<Event><System>{}</EventData></Event>", pieces.concat()));
            agree(&format!("<Event><EventData>{}</EventData></Event>", pieces.concat()));
        }
    }

    const PIECES: &[&str] = &[
        "<System>",
        "</System>",
        "<EventData>",
        "</EventData>",
        "<UserData>",
        "</UserData>",
        "</Event>",
        "<Event>",
        "<Data Name=\"a\">",
        "<Data Name='a b'>",
        "</Data>",
        "<Data>",
        "<Data/>",
        "<x:Data>",
        "<Data Type=\"t\" Name=\"n\"/>",
        "<EventID Qualifiers=\"1\">",
        "</EventID>",
        "1",
        " ",
        "\n",
        "text",
        "é",
        "&lt;",
        "&amp;",
        "&#13;",
        "&#x26;",
        "&#0;",
        "&",
        "&unknown;",
        "&;",
        ";",
        "<!-- c -->",
        "<![CDATA[d]]>",
        "]]>",
        "<?pi?>",
        "<",
        ">",
        "\"",
        "'",
        "/>",
        "<Execution ProcessID=\"4\"/>",
        "<TimeCreated SystemTime=\"2026-11-21T10:00:01.25Z\"/>",
        "<a b=\"1\"c=\"2\"/>",
        "<a b = \"1\"/>",
        "<a b=1/>",
        "<a b/>",
        "<a b=\"&lt;\t\"/>",
        "<Message>",
        "</Message>",
        "<RenderingInfo>",
        "</RenderingInfo>",
        "<Channel>",
        "</Channel>",
        "</ Data>",
        "</Data >",
        "<Data\tName=\"t\">",
        "< Data>",
        "<a  />",
        "<e><f>",
        "</f></e>",
    ];
}
