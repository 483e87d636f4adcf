//! Reads the XML that Windows and the crate `evtx` write: tags with plain attributes, text, predefined and numeric
//! references. Whatever else stands there is left to the general reader, so that this one need not know it.

use std::borrow::Cow;

use memchr::{memchr, memchr3};
use quick_xml::escape::resolve_predefined_entity;

use super::builder::Builder;
use crate::{Kinds, WindowsEvent};

/// Why an event was not read.
#[derive(Debug)]
pub(super) enum Stop {
    /// There is something that only the general reader knows.
    Unusual,
    /// The text is wrong: a short phrase.
    Wrong(String),
}

impl From<String> for Stop {
    fn from(reason: String) -> Self {
        Self::Wrong(reason)
    }
}

/// See [`super::parse`].
pub(super) fn parse(xml: &str, kinds: Option<&Kinds>) -> Result<WindowsEvent, Stop> {
    let mut rest = match xml.strip_prefix("<?xml ") {
        Some(declaration) => declaration.split_once("?>").ok_or(Stop::Unusual)?.1,
        None => xml,
    };
    let mut builder = Builder::new(kinds);
    let mut names: Vec<&str> = Vec::with_capacity(8);
    while !builder.is_done() {
        let start = memchr(b'<', rest.as_bytes()).ok_or(Stop::Unusual)?;
        text(&rest[..start], &mut builder)?;
        rest = &rest[start + 1..];
        if let Some(name) = rest.strip_prefix('/') {
            let open = names.pop().ok_or(Stop::Unusual)?;
            rest = name.strip_prefix(open).and_then(|it| it.strip_prefix('>')).ok_or(Stop::Unusual)?;
            builder.close();
            continue;
        }
        let tag = Tag::read(rest)?;
        builder.open(Cow::Borrowed(tag.name), |take| attributes(tag.attributes, take))?;
        if tag.is_empty {
            builder.close();
        } else {
            names.push(tag.name);
        }
        rest = &rest[tag.length..];
    }
    Ok(builder.finish())
}

/// A start tag without its `<`.
struct Tag<'a> {
    name: &'a str,
    attributes: &'a str,
    is_empty: bool,
    /// Bytes up to behind the `>`.
    length: usize,
}

impl<'a> Tag<'a> {
    fn read(text: &'a str) -> Result<Self, Stop> {
        let bytes = text.as_bytes();
        let is_name = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.');
        let name = bytes.iter().position(|it| !is_name(it)).filter(|it| *it > 0).ok_or(Stop::Unusual)?;
        let mut end = name;
        loop {
            end += memchr3(b'>', b'"', b'\'', &bytes[end..]).ok_or(Stop::Unusual)?;
            if bytes[end] == b'>' {
                break;
            }
            end += 2 + memchr(bytes[end], &bytes[end + 1..]).ok_or(Stop::Unusual)?;
        }
        let inner = &text[name..end];
        let is_empty = inner.ends_with('/');
        let attributes = inner.strip_suffix('/').unwrap_or(inner);
        if !attributes.is_empty() && !attributes.starts_with([' ', '\n']) {
            return Err(Stop::Unusual);
        }
        Ok(Self { name: &text[..name], attributes, is_empty, length: end + 1 })
    }
}

/// Gives names and values of attributes.
fn attributes(text: &str, take: &mut dyn FnMut(&str, &str)) -> Result<(), Stop> {
    let mut rest = text;
    loop {
        let start = rest.trim_start_matches([' ', '\n']);
        if start.is_empty() {
            return Ok(());
        }
        if start.len() == rest.len() {
            return Err(Stop::Unusual);
        }
        let (name, value) = start.split_once('=').ok_or(Stop::Unusual)?;
        let is_name = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.' | b':');
        let quote = value.bytes().next().filter(|it| matches!(it, b'"' | b'\'')).ok_or(Stop::Unusual)?;
        if name.is_empty() || !name.bytes().all(is_name) {
            return Err(Stop::Unusual);
        }
        let value = &value[1..];
        let end = memchr(quote, value.as_bytes()).ok_or(Stop::Unusual)?;
        // References are to be resolved, and white space becomes blanks.
        if value.as_bytes()[..end].iter().any(|it| matches!(it, b'&' | b'<' | b'\t' | b'\n' | b'\r')) {
            return Err(Stop::Unusual);
        }
        take(name, &value[..end]);
        rest = &value[end + 1..];
    }
}

/// Gives a text with its references resolved.
fn text(text: &str, builder: &mut Builder<'_>) -> Result<(), Stop> {
    let mut rest = text;
    while let Some(start) = memchr(b'&', rest.as_bytes()) {
        builder.text(&rest[..start]);
        let (name, behind) = rest[start + 1..].split_once(';').ok_or(Stop::Unusual)?;
        match resolve_predefined_entity(name) {
            Some(it) => builder.text(it),
            None => builder.text(numeric(name).ok_or(Stop::Unusual)?.encode_utf8(&mut [0; 4])),
        }
        rest = behind;
    }
    builder.text(rest);
    Ok(())
}

/// The character of `#13` or `#xD`.
fn numeric(name: &str) -> Option<char> {
    let digits = name.strip_prefix('#')?;
    let number = match digits.strip_prefix('x') {
        Some(digits) if digits.bytes().all(|it| it.is_ascii_hexdigit()) => u32::from_str_radix(digits, 16).ok()?,
        None if digits.bytes().all(|it| it.is_ascii_digit()) => digits.parse().ok()?,
        _ => return None,
    };
    char::from_u32(number).filter(|it| *it != '\0')
}
