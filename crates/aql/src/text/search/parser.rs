//! Parser of Lucene's query syntax, as far as TEXT SEARCH takes it.

use syntax::Span;

use super::super::{PATTERN_BYTES_MAX, PatternError, fold};
use super::word::{Piece, Word, is_word_character};
use super::{Phrase, Query};

/// Phrases and terms of one search.
const TERMS_MAX: usize = 1_024;
/// Nesting of parentheses.
const NESTING_MAX: usize = 64;

/// Parses a search text.
pub(super) fn parse(text: &str) -> Result<Query, PatternError> {
    if text.len() > PATTERN_BYTES_MAX {
        let reason = format!("a search of {} bytes is above the limit of {PATTERN_BYTES_MAX}", text.len());
        return Err(PatternError::new(Span::new(0, text.len()), reason));
    }
    let mut parser = Parser { text, position: 0, terms: 0, depth: 0 };
    let query = parser.clauses()?;
    if parser.peek().is_some() {
        return Err(parser.error_here("closing parenthesis without an opening one"));
    }
    query.ok_or_else(|| {
        PatternError::new(Span::new(0, text.len()), "search without a word")
            .with_help("name at least one word to look for")
    })
}

struct Parser<'a> {
    text: &'a str,
    position: usize,
    terms: usize,
    depth: usize,
}

/// What a sign or NOT before a clause says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    None,
    Required,
    Prohibited,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.position..]
    }

    /// The next character that is not blank.
    fn peek(&mut self) -> Option<char> {
        let blanks = self.rest().len() - self.rest().trim_start().len();
        self.position += blanks;
        self.rest().chars().next()
    }

    fn error_here(&self, reason: impl Into<String>) -> PatternError {
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        PatternError::new(Span::new(self.position, self.position + length), reason)
    }

    /// Takes an operator: a word in capitals that ends before a blank or parenthesis, or signs.
    fn eat_operator(&mut self, word: &str, sign: &str) -> bool {
        self.peek();
        let rest = self.rest();
        let after_word = rest.strip_prefix(word).filter(|after| {
            after.is_empty() || after.starts_with(|next: char| next.is_whitespace() || matches!(next, '(' | ')' | '"'))
        });
        let length = match after_word {
            Some(_) => word.len(),
            None if !sign.is_empty() && rest.starts_with(sign) => sign.len(),
            None => return false,
        };
        self.position += length;
        true
    }

    /// Clauses up to a closing parenthesis or the end; none when no word is in them.
    fn clauses(&mut self) -> Result<Option<Query>, PatternError> {
        let (mut optional, mut required, mut prohibited) = (Vec::new(), Vec::new(), Vec::new());
        while self.peek().is_some_and(|next| next != ')') {
            if self.eat_operator("OR", "||") {
                if self.at_end_of_clauses() {
                    return Err(self.error_here("`OR` without a right side"));
                }
                continue;
            }
            let (sign, query) = self.conjunction()?;
            match sign {
                Sign::None => optional.extend(query),
                Sign::Required => required.extend(query),
                Sign::Prohibited => prohibited.extend(query.map(|query| Query::Not(Box::new(query)))),
            }
        }
        // As in Lucene: optional clauses only count when nothing is required.
        let mut all = required;
        if all.is_empty() && !optional.is_empty() {
            all.push(one_or(optional, Query::Any));
        }
        all.extend(prohibited);
        Ok((!all.is_empty()).then(|| one_or(all, Query::All)))
    }

    fn at_end_of_clauses(&mut self) -> bool {
        self.peek().is_none_or(|next| next == ')')
    }

    /// Clauses joined by AND; the sign is that of a single clause.
    fn conjunction(&mut self) -> Result<(Sign, Option<Query>), PatternError> {
        let (sign, first) = self.signed()?;
        let mut queries: Vec<Query> = Vec::new();
        let mut joined = false;
        let mut next = (sign, first);
        loop {
            let (sign_of_next, query) = next;
            queries.extend(query.map(|query| {
                let negate = sign_of_next == Sign::Prohibited;
                if negate { Query::Not(Box::new(query)) } else { query }
            }));
            if !self.eat_operator("AND", "&&") {
                break;
            }
            if self.at_end_of_clauses() {
                return Err(self.error_here("`AND` without a right side"));
            }
            joined = true;
            next = self.signed()?;
        }
        if joined {
            return Ok((Sign::None, (!queries.is_empty()).then(|| one_or(queries, Query::All))));
        }
        let query = queries.pop().map(|query| match (sign, query) {
            (Sign::Prohibited, Query::Not(inner)) => *inner,
            (_, query) => query,
        });
        Ok((sign, query))
    }

    fn signed(&mut self) -> Result<(Sign, Option<Query>), PatternError> {
        let mut sign = Sign::None;
        loop {
            if self.eat_operator("NOT", "!") || self.eat_sign('-') {
                sign = if sign == Sign::Prohibited { Sign::None } else { Sign::Prohibited };
            } else if self.eat_sign('+') {
                sign = if sign == Sign::None { Sign::Required } else { sign };
            } else {
                break;
            }
        }
        Ok((sign, self.clause()?))
    }

    /// Takes a sign that stands right before a clause.
    fn eat_sign(&mut self, sign: char) -> bool {
        let eaten = self.peek() == Some(sign);
        self.position += usize::from(eaten);
        eaten
    }

    fn clause(&mut self) -> Result<Option<Query>, PatternError> {
        match self.peek() {
            Some('(') => self.parenthesised(),
            Some('"') => self.quoted().map(Some),
            Some('[' | '{') => {
                let error = self.error_here("ranges of terms are not supported");
                Err(error.with_help(r"write a backslash before the bracket to search for the character"))
            }
            Some(')') | None => Err(self.error_here("an operator without anything to search for")),
            Some(_) => self.term(),
        }
    }

    fn parenthesised(&mut self) -> Result<Option<Query>, PatternError> {
        let open = self.position;
        if self.depth == NESTING_MAX {
            return Err(self.error_here(format!("nested more than {NESTING_MAX} deep")));
        }
        self.position += 1;
        self.depth += 1;
        let query = self.clauses()?;
        self.depth -= 1;
        if self.peek() != Some(')') {
            let span = Span::new(open, self.position);
            return Err(PatternError::new(span, "parenthesis without a closing one"));
        }
        self.position += 1;
        Ok(query)
    }

    fn quoted(&mut self) -> Result<Query, PatternError> {
        let open = self.position;
        self.position += 1;
        let mut words = Words::default();
        loop {
            let Some(character) = self.rest().chars().next() else {
                return Err(PatternError::new(Span::new(open, self.text.len()), "phrase without a closing quote"));
            };
            self.position += character.len_utf8();
            match character {
                '"' => break,
                '\\' => self.escaped(&mut words),
                other => words.character(other),
            }
        }
        self.phrase(words, open)?
            .ok_or_else(|| PatternError::new(Span::new(open, self.position), "phrase without a word"))
    }

    fn term(&mut self) -> Result<Option<Query>, PatternError> {
        let start = self.position;
        let mut words = Words::default();
        while let Some(character) = self.rest().chars().next() {
            if character.is_whitespace() || matches!(character, '(' | ')' | '"') {
                break;
            }
            if matches!(character, '~' | '^') && !words.is_empty() {
                let what = if character == '~' { "fuzzy terms" } else { "boosted terms" };
                let help = format!(r"write `\{character}` for the character");
                return Err(self.error_here(format!("{what} are not supported")).with_help(help));
            }
            self.position += character.len_utf8();
            match character {
                '*' => words.pieces.push(Piece::Run),
                '?' => words.pieces.push(Piece::One),
                '\\' => self.escaped(&mut words),
                other => words.character(other),
            }
        }
        self.phrase(words, start)
    }

    /// A backslash before a letter or digit stands for itself, as in a path, and before any other character for that.
    fn escaped(&mut self, words: &mut Words) {
        match self.rest().chars().next() {
            Some(next) if !next.is_alphanumeric() => {
                self.position += next.len_utf8();
                words.character(next);
            }
            _ => words.character('\\'),
        }
    }

    fn phrase(&mut self, words: Words, start: usize) -> Result<Option<Query>, PatternError> {
        self.terms += 1;
        if self.terms > TERMS_MAX {
            let span = Span::new(start, self.position);
            return Err(PatternError::new(span, format!("more than {TERMS_MAX} terms")));
        }
        let words = words.finish();
        Ok((!words.is_empty()).then(|| Query::Phrase(Phrase::new(words))))
    }
}

/// Cuts a term or phrase into words.
#[derive(Default)]
struct Words {
    words: Vec<Word>,
    pieces: Vec<Piece>,
}

impl Words {
    fn is_empty(&self) -> bool {
        self.words.is_empty() && self.pieces.is_empty()
    }

    fn character(&mut self, character: char) {
        if is_word_character(character) {
            self.pieces.push(Piece::Char(fold::fold_char(character)));
        } else {
            self.end_word();
        }
    }

    fn end_word(&mut self) {
        if !self.pieces.is_empty() {
            self.words.push(Word::new(std::mem::take(&mut self.pieces)));
        }
    }

    fn finish(mut self) -> Vec<Word> {
        self.end_word();
        self.words
    }
}

fn one_or(mut queries: Vec<Query>, join: fn(Vec<Query>) -> Query) -> Query {
    if queries.len() == 1 { queries.swap_remove(0) } else { join(queries) }
}
