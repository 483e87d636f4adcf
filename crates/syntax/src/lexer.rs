//! Text to tokens. Never fails: what is wrong is reported and read as what was probably meant.
//!
//! Backslashes are ordinary characters here; which escapes hold is decided by the binder.

use crate::token::{Keyword, Token, TokenKind, is_word_part, is_word_start};
use crate::{Diagnostic, Safety, Span};

/// What the lexer found.
pub(crate) struct Lexed {
    /// The tokens; the last is [`TokenKind::End`].
    pub(crate) tokens: Vec<Token>,
    /// The comments with their marks.
    pub(crate) comments: Vec<Span>,
    /// What is wrong.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Splits a text into tokens.
pub(crate) fn lex(text: &str) -> Lexed {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        position: 0,
        found: Lexed { tokens: Vec::new(), comments: Vec::new(), diagnostics: Vec::new() },
    };
    while lexer.position < text.len() {
        lexer.step();
    }
    lexer.push(TokenKind::End, text.len());
    lexer.found
}

/// The spans of all comments, `-- ...` and `/* ... */`, marks included.
pub fn comments(text: &str) -> Vec<Span> {
    lex(text).comments
}

/// The spans of all tokens: what is neither blank nor comment.
pub fn tokens(text: &str) -> Vec<Span> {
    let is_token = |it: &Token| it.kind != TokenKind::End;
    lex(text).tokens.iter().filter(|it| is_token(it)).map(|it| it.span).collect()
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    position: usize,
    found: Lexed,
}

impl Lexer<'_> {
    fn step(&mut self) {
        let start = self.position;
        let byte = self.bytes[start];
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c => self.position += 1,
            b'-' if self.rest().starts_with(b"--") => self.line_comment(),
            b'/' if self.rest().starts_with(b"/*") => self.block_comment(),
            b'\'' => self.quoted(TokenKind::Text, b'\''),
            b'"' => self.quoted(TokenKind::QuotedName, b'"'),
            b'`' => self.backtick(),
            b'0'..=b'9' => self.number(),
            b'.' if self.byte(1).is_some_and(|it| it.is_ascii_digit()) => self.number(),
            b'{' | b'$' => self.macro_text(),
            _ if is_word_start(byte) || !byte.is_ascii() => self.word_or_foreign(),
            _ => self.symbol(),
        }
    }

    fn rest(&self) -> &[u8] {
        &self.bytes[self.position..]
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.position + ahead).copied()
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        self.found.tokens.push(Token { kind, span: Span::new(start, self.position) });
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.found.diagnostics.push(diagnostic);
    }

    fn take_while(&mut self, test: impl Fn(u8) -> bool) {
        while self.bytes.get(self.position).is_some_and(|it| test(*it)) {
            self.position += 1;
        }
    }

    fn line_comment(&mut self) {
        let start = self.position;
        self.take_while(|it| it != b'\n');
        self.found.comments.push(Span::new(start, self.position));
    }

    fn block_comment(&mut self) {
        let start = self.position;
        if let Some(length) = self.text[start + 2..].find("*/") {
            self.position = start + 2 + length + 2;
        } else {
            self.position = self.text.len();
            let opening = Span::new(start, start + 2);
            self.report(
                Diagnostic::error("unterminated-comment", opening, "this comment is never closed")
                    .with_label("opened here")
                    .with_help("close it with `*/`"),
            );
        }
        self.found.comments.push(Span::new(start, self.position));
    }

    /// Reads `'...'` or `"..."`; a doubled quote stands for one.
    fn quoted(&mut self, kind: TokenKind, quote: u8) {
        let start = self.position;
        self.position += 1;
        loop {
            self.take_while(|it| it != quote);
            if self.position == self.text.len() {
                return self.unterminated(kind, start);
            }
            self.position += 1;
            if self.byte(0) == Some(quote) {
                self.position += 1;
            } else {
                return self.push(kind, start);
            }
        }
    }

    /// An open quote takes the rest of its line, so that the clauses below it are still read.
    fn unterminated(&mut self, kind: TokenKind, start: usize) {
        let line = self.text[start..].find('\n').map_or(self.text.len(), |it| start + it);
        let line = start + self.text[start..line].trim_end().len();
        self.position = line;
        let opening = Span::new(start, start + 1);
        let (id, what, mark) = match kind {
            TokenKind::Text => ("unterminated-string", "string", '\''),
            _ => ("unterminated-name", "quoted name", '"'),
        };
        let curly = self.text[start..].char_indices().find(|(_, it)| straight_quote(*it) == Some(mark as u8));
        let mut diagnostic = Diagnostic::error(id, opening, format!("this {what} is never closed"))
            .with_label("opened here")
            .with_help(format!("close it with `{mark}`; a quote inside it is written twice: `{mark}{mark}`"));
        if let Some((offset, character)) = curly {
            let span = Span::new(start + offset, start + offset + character.len_utf8());
            diagnostic = diagnostic
                .with_note("a curly quote does not close what a straight quote opened")
                .with_fix(Safety::Unsafe, vec![(span, mark.to_string())]);
        }
        self.report(diagnostic);
        self.push(kind, start);
    }

    fn backtick(&mut self) {
        let start = self.position;
        self.position += 1;
        self.take_while(|it| it != b'`' && it != b'\n');
        let closed = self.byte(0) == Some(b'`');
        self.position += usize::from(closed);
        let span = Span::new(start, self.position);
        let mut diagnostic = Diagnostic::error("backtick-name", span, "a name is not quoted with backticks")
            .with_help("put the name in double quotes");
        if closed {
            let name = self.text[start + 1..self.position - 1].replace('"', "\"\"");
            diagnostic = diagnostic.with_fix(Safety::Safe, vec![(span, format!("\"{name}\""))]);
        }
        self.report(diagnostic);
        self.push(TokenKind::QuotedName, start);
    }

    fn number(&mut self) {
        let start = self.position;
        if self.byte(0) == Some(b'0') && matches!(self.byte(1), Some(b'x' | b'X')) {
            self.position += 2;
            self.take_while(is_word_part);
            return self.push(TokenKind::Hex, start);
        }
        self.take_while(|it| it.is_ascii_digit());
        let mut dots = 0;
        while self.byte(0) == Some(b'.') && self.byte(1).is_some_and(|it| it.is_ascii_digit()) {
            dots += 1;
            self.position += 1;
            self.take_while(|it| it.is_ascii_digit());
        }
        if dots > 1 {
            return self.address(start);
        }
        let exponent = self.exponent_length();
        self.position += exponent;
        let kind = if dots == 0 && exponent == 0 { TokenKind::Integer } else { TokenKind::Decimal };
        self.push(kind, start);
    }

    fn exponent_length(&self) -> usize {
        if !matches!(self.byte(0), Some(b'e' | b'E')) {
            return 0;
        }
        let sign = usize::from(matches!(self.byte(1), Some(b'+' | b'-')));
        let digits = self.rest()[1 + sign..].iter().take_while(|it| it.is_ascii_digit()).count();
        let next = self.byte(1 + sign + digits);
        if digits == 0 || next.is_some_and(is_word_part) { 0 } else { 1 + sign + digits }
    }

    fn address(&mut self, start: usize) {
        self.take_while(|it| it == b'/' || it == b'.' || it.is_ascii_digit());
        let span = Span::new(start, self.position);
        let text = &self.text[start..self.position];
        let fix = format!("'{text}'");
        self.report(
            Diagnostic::error("unquoted-address", span, format!("`{text}` is not a number"))
                .with_help("put an address in single quotes")
                .with_fix(Safety::Safe, vec![(span, fix)]),
        );
        self.push(TokenKind::Address, start);
    }

    /// `{...}`, `${...}` and `$name(...)`: texts that a dashboard replaces before it sends the query.
    fn macro_text(&mut self) {
        let start = self.position;
        self.position += usize::from(self.byte(0) == Some(b'$'));
        if self.byte(0) == Some(b'{') {
            self.take_while(|it| it != b'}' && it != b'\n');
            self.position += usize::from(self.byte(0) == Some(b'}'));
        } else {
            self.take_while(is_word_part);
            if self.position > start + 1 && self.byte(0) == Some(b'(') {
                self.take_while(|it| it != b')' && it != b'\n');
                self.position += usize::from(self.byte(0) == Some(b')'));
            }
        }
        self.push(TokenKind::Macro, start);
    }

    fn word_or_foreign(&mut self) {
        let start = self.position;
        let first = self.text[start..].chars().next().unwrap_or(' ');
        if let Some(quote) = straight_quote(first) {
            return self.curly(quote);
        }
        self.take_while(is_word_part);
        if self.byte(0).is_none_or(|it| it.is_ascii()) {
            let keyword = Keyword::from_word(&self.text[start..self.position]);
            return self.push(TokenKind::Word(keyword), start);
        }
        let is_part = |it: &char| it.is_alphanumeric() || *it == '_';
        let length: usize = self.text[start..].chars().take_while(is_part).map(char::len_utf8).sum();
        self.position = start + length;
        match length {
            0 => self.strange_character(first),
            _ if self.text[start..start + length].is_ascii() => {
                let keyword = Keyword::from_word(&self.text[start..self.position]);
                self.push(TokenKind::Word(keyword), start);
            }
            _ => self.foreign(start),
        }
    }

    fn foreign(&mut self, start: usize) {
        let span = Span::new(start, self.position);
        let text = &self.text[start..self.position];
        let fix = format!("\"{text}\"");
        self.report(
            Diagnostic::error("foreign-letters", span, format!("`{text}` needs double quotes"))
                .with_note("a bare name has only the letters A to Z, digits and `_`")
                .with_fix(Safety::Safe, vec![(span, fix)]),
        );
        self.push(TokenKind::ForeignWord, start);
    }

    /// A quote that a text processor has curled: read as straight, reported with the edit.
    fn curly(&mut self, quote: u8) {
        let start = self.position;
        let mark = char::from(quote).to_string();
        let is_end = |it: char| it == char::from(quote) || straight_quote(it) == Some(quote);
        let mut characters = self.text[start..].char_indices().skip(1);
        let end = characters.find(|(_, it)| is_end(*it) || *it == '\n');
        let opening_length = self.text[start..].chars().next().map_or(0, char::len_utf8);
        let mut edits = vec![(Span::new(start, start + opening_length), mark.clone())];
        match end {
            Some((offset, character)) if character != '\n' => {
                let closing = Span::new(start + offset, start + offset + character.len_utf8());
                self.position = closing.end;
                if straight_quote(character).is_some() {
                    edits.push((closing, mark));
                }
            }
            Some((offset, _)) => self.position = start + offset,
            None => self.position = self.text.len(),
        }
        let kind = if quote == b'"' { TokenKind::QuotedName } else { TokenKind::Text };
        let span = Span::new(start, self.position);
        self.report(
            Diagnostic::error("curly-quote", span, "curly quotes are not quotes of AQL")
                .with_note("text processors and web pages turn straight quotes into curly ones")
                .with_help("write straight quotes")
                .with_fix(Safety::Safe, edits),
        );
        self.push(kind, start);
    }

    /// A character that has no place in AQL is reported and skipped.
    fn strange_character(&mut self, character: char) {
        let start = self.position;
        self.position += character.len_utf8();
        if character.is_whitespace() || character == '\u{feff}' || character == '\u{200b}' {
            return;
        }
        let span = Span::new(start, self.position);
        let message = format!("`{}` has no meaning here", character.escape_debug());
        self.report(Diagnostic::error("unexpected-character", span, message));
    }

    fn slip(&self) -> Option<&'static Slip> {
        let slip = SLIPS.iter().find(|it| self.rest().starts_with(it.text.as_bytes()))?;
        let is_not_equal = slip.text == "!" && self.byte(1) == Some(b'=');
        (!is_not_equal).then_some(slip)
    }

    fn symbol(&mut self) {
        let start = self.position;
        if let Some(slip) = self.slip() {
            self.position += slip.text.len();
            let span = Span::new(start, self.position);
            let message = format!("`{}` is not an operator of AQL", slip.text);
            let mut diagnostic = Diagnostic::error("unknown-operator", span, message).with_help(slip.help);
            if let Some(fix) = slip.fix {
                diagnostic = diagnostic.with_fix(Safety::Unsafe, vec![(span, fix.to_owned())]);
            }
            self.report(diagnostic);
            return self.push(slip.kind, start);
        }
        if let Some((text, kind)) = SYMBOLS.iter().find(|(text, _)| self.rest().starts_with(text.as_bytes())) {
            self.position += text.len();
            return self.push(*kind, start);
        }
        let character = self.text[start..].chars().next().unwrap_or(' ');
        self.strange_character(character);
    }
}

/// The straight quote for a curly one.
pub(crate) const fn straight_quote(character: char) -> Option<u8> {
    match character {
        '\u{2018}'..='\u{201b}' => Some(b'\''),
        '\u{201c}'..='\u{201f}' => Some(b'"'),
        _ => None,
    }
}

/// An operator of other languages.
struct Slip {
    text: &'static str,
    kind: TokenKind,
    help: &'static str,
    fix: Option<&'static str>,
}

const SLIPS: &[Slip] = &[
    Slip { text: "&&", kind: TokenKind::Word(Some(Keyword::And)), help: "write `AND`", fix: Some("AND") },
    Slip {
        text: "||",
        kind: TokenKind::Word(Some(Keyword::Or)),
        help: "write `OR` between conditions, `CONCAT(a, b)` to join texts",
        fix: None,
    },
    Slip { text: "=>", kind: TokenKind::GreaterOrEqual, help: "write `>=`", fix: Some(">=") },
    Slip { text: "=<", kind: TokenKind::LessOrEqual, help: "write `<=`", fix: Some("<=") },
    Slip { text: "!", kind: TokenKind::Word(Some(Keyword::Not)), help: "write `NOT`", fix: Some("NOT ") },
];

/// Longer symbols first.
const SYMBOLS: &[(&str, TokenKind)] = &[
    (">>>", TokenKind::ShiftRightUnsigned),
    (">>", TokenKind::ShiftRight),
    ("<<", TokenKind::ShiftLeft),
    ("<=", TokenKind::LessOrEqual),
    ("<>", TokenKind::NotEqual),
    ("<", TokenKind::Less),
    (">=", TokenKind::GreaterOrEqual),
    (">", TokenKind::Greater),
    ("==", TokenKind::Equal),
    ("=", TokenKind::Equal),
    ("!=", TokenKind::NotEqual),
    ("::", TokenKind::DoubleColon),
    (",", TokenKind::Comma),
    (".", TokenKind::Dot),
    ("(", TokenKind::OpenParen),
    (")", TokenKind::CloseParen),
    ("*", TokenKind::Star),
    ("/", TokenKind::Slash),
    ("%", TokenKind::Percent),
    ("+", TokenKind::Plus),
    ("-", TokenKind::Minus),
    ("^", TokenKind::Caret),
    ("&", TokenKind::Ampersand),
    ("|", TokenKind::Pipe),
    ("#", TokenKind::Hash),
    ("~", TokenKind::Tilde),
    (";", TokenKind::Semicolon),
];
