//! LIKE patterns: what kind each is, and the general matcher for those with inner wildcards.

use std::ops::Range;

use memchr::memmem;

/// What a LIKE pattern asks for, from its (folded) text.
#[derive(Clone, Debug)]
pub(super) enum Like {
    /// `%`: every value.
    Anything,
    /// No wildcard: the whole value.
    Equal(String),
    /// `text%`
    Prefix(String),
    /// `%text`
    Suffix(String),
    /// `%text%`
    Contains(String),
    /// Anything else.
    Segments(Segments),
}

impl Like {
    /// Reads a pattern: `%` any run, `_` one character, nothing else is special.
    pub(super) fn new(pattern: &str) -> Self {
        if pattern.contains('_') {
            return Self::Segments(Segments::new(pattern));
        }
        let texts: Vec<&str> = pattern.split('%').filter(|text| !text.is_empty()).collect();
        let (open_start, open_end) = (pattern.starts_with('%'), pattern.ends_with('%'));
        match (texts.as_slice(), open_start, open_end) {
            ([], true, _) => Self::Anything,
            ([], false, _) => Self::Equal(String::new()),
            ([text], false, false) => Self::Equal((*text).to_owned()),
            ([text], false, true) => Self::Prefix((*text).to_owned()),
            ([text], true, false) => Self::Suffix((*text).to_owned()),
            ([text], true, true) => Self::Contains((*text).to_owned()),
            _ => Self::Segments(Segments::new(pattern)),
        }
    }

    /// Whether it asks for a character beyond ASCII.
    pub(super) fn is_beyond_ascii(&self) -> bool {
        match self {
            Self::Anything => false,
            Self::Equal(text) | Self::Prefix(text) | Self::Suffix(text) | Self::Contains(text) => !text.is_ascii(),
            Self::Segments(segments) => {
                segments.pieces.iter().flat_map(|it| &it.texts).any(|(text, _)| !text.is_ascii())
            }
        }
    }

    /// The part of the (folded) value that the pattern names: from its first to its last fixed character.
    pub(super) fn find(&self, value: &str) -> Option<Range<usize>> {
        let length = value.len();
        match self {
            Self::Anything => Some(0..0),
            Self::Equal(text) => (value == text).then_some(0..length),
            Self::Prefix(text) => value.starts_with(text.as_str()).then_some(0..text.len()),
            Self::Suffix(text) => value.ends_with(text.as_str()).then(|| length - text.len()..length),
            Self::Contains(text) => {
                memmem::find(value.as_bytes(), text.as_bytes()).map(|start| start..start + text.len())
            }
            Self::Segments(segments) => segments.find(value),
        }
    }
}

/// A pattern cut at its `%`: fixed pieces that must follow one another.
#[derive(Clone, Debug)]
pub(super) struct Segments {
    anchored_start: bool,
    anchored_end: bool,
    pieces: Vec<Segment>,
}

/// Pieces between two `%`: texts and counted single characters.
#[derive(Clone, Debug)]
struct Segment {
    /// Characters (`_`) before the first text.
    leading: usize,
    /// Each text with the number of characters after it.
    texts: Vec<(String, usize)>,
    /// Finds the first text.
    finder: Option<Box<memmem::Finder<'static>>>,
}

impl Segments {
    fn new(pattern: &str) -> Self {
        let pieces = pattern.split('%').filter(|text| !text.is_empty()).map(Segment::new).collect();
        Self { anchored_start: !pattern.starts_with('%'), anchored_end: !pattern.ends_with('%'), pieces }
    }

    /// From the first to the last fixed piece; leftmost pieces are taken first, which is enough for `%`.
    pub(super) fn find(&self, value: &str) -> Option<Range<usize>> {
        let mut rest = self.pieces.as_slice();
        let mut hit: Option<Range<usize>> = None;
        let mut position = 0;
        if self.anchored_start {
            let (first, others) = rest.split_first()?;
            position = first.end_of_match_at(value, 0)?;
            hit = Some(0..position);
            if others.is_empty() && self.anchored_end {
                return (position == value.len()).then_some(0..position);
            }
            rest = others;
        }
        let mut last = None;
        if self.anchored_end
            && let Some((final_segment, others)) = rest.split_last()
        {
            last = Some(final_segment.start_of_match_before_end(value)?);
            rest = others;
        }
        for segment in rest {
            let range = segment.find_from(value, position)?;
            position = range.end;
            hit = Some(hit.map_or(range.start, |hit| hit.start)..position);
        }
        if let Some(start) = last {
            return (start >= position).then(|| hit.map_or(start, |hit| hit.start)..value.len());
        }
        Some(hit.unwrap_or(0..0))
    }
}

impl Segment {
    fn new(text: &str) -> Self {
        let leading = text.len() - text.trim_start_matches('_').len();
        let mut texts: Vec<(String, usize)> = Vec::new();
        for piece in text[leading..].split_inclusive('_') {
            match piece.strip_suffix('_') {
                Some("") => {
                    if let Some((_, after)) = texts.last_mut() {
                        *after += 1;
                    }
                }
                Some(fixed) => texts.push((fixed.to_owned(), 1)),
                None => texts.push((piece.to_owned(), 0)),
            }
        }
        let finder = texts.first().map(|(text, _)| Box::new(memmem::Finder::new(text.as_bytes()).into_owned()));
        Self { leading, texts, finder }
    }

    fn end_of_match_at(&self, value: &str, start: usize) -> Option<usize> {
        let position = skip_characters(value, start, self.leading)?;
        self.end_of_texts_at(value, position)
    }

    fn end_of_texts_at(&self, value: &str, start: usize) -> Option<usize> {
        self.texts.iter().try_fold(start, |position, (text, after)| {
            value[position..].starts_with(text.as_str()).then_some(())?;
            skip_characters(value, position + text.len(), *after)
        })
    }

    fn start_of_match_before_end(&self, value: &str) -> Option<usize> {
        let start = self.texts.iter().rev().try_fold(value.len(), |end, (text, after)| {
            let end = skip_characters_back(value, end, *after)?;
            value[..end].ends_with(text.as_str()).then(|| end - text.len())
        })?;
        skip_characters_back(value, start, self.leading)
    }

    fn find_from(&self, value: &str, from: usize) -> Option<Range<usize>> {
        let Some(finder) = &self.finder else {
            return Some(from..skip_characters(value, from, self.leading)?);
        };
        let mut search_from = skip_characters(value, from, self.leading)?;
        while let Some(offset) = finder.find(&value.as_bytes()[search_from..]) {
            let at = search_from + offset;
            if let (Some(start), Some(end)) =
                (skip_characters_back(value, at, self.leading), self.end_of_texts_at(value, at))
            {
                return Some(start..end);
            }
            search_from = skip_characters(value, at, 1)?;
        }
        None
    }
}

/// The position `count` characters after `start`, if there are so many.
fn skip_characters(value: &str, start: usize, count: usize) -> Option<usize> {
    let mut characters = value[start..].chars();
    for _ in 0..count {
        characters.next()?;
    }
    Some(value.len() - characters.as_str().len())
}

/// The position `count` characters before `end`, if there are so many.
fn skip_characters_back(value: &str, end: usize, count: usize) -> Option<usize> {
    let mut characters = value[..end].chars();
    for _ in 0..count {
        characters.next_back()?;
    }
    Some(characters.as_str().len())
}
