//! Patterns of Java's `SimpleDateFormat`.

/// A pattern, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct DatePattern {
    pub(super) pieces: Vec<Piece>,
}

/// What stands in a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text that stands for itself.
    Literal(String),
    /// A letter, as often as it is repeated.
    Field(char, usize),
}

/// The letters that stand for something.
const LETTERS: &str = "GyMdkHmsSEDFwWahKzZYuXL";

/// More repetitions than any use has; a bound on the length of what is written.
const REPETITIONS_MAX: usize = 100;

impl DatePattern {
    /// Reads a pattern. The error is a reason, as in a diagnostic.
    pub(in super::super) fn parse(text: &str) -> Result<Self, String> {
        let mut pattern = Self { pieces: Vec::new() };
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\'' if characters.next_if_eq(&'\'').is_some() => pattern.literal('\''),
                '\'' => loop {
                    match characters.next() {
                        Some('\'') if characters.next_if_eq(&'\'').is_some() => pattern.literal('\''),
                        Some('\'') => break,
                        Some(it) => pattern.literal(it),
                        None => return Err("the date pattern has an open quote".to_owned()),
                    }
                },
                it if it.is_ascii_alphabetic() => pattern.field(it)?,
                it => pattern.literal(it),
            }
        }
        pattern.check_counts()?;
        Ok(pattern)
    }

    /// Whether anything of a date stands in it.
    pub(in super::super) fn has_fields(&self) -> bool {
        self.pieces.iter().any(|it| matches!(it, Piece::Field(..)))
    }

    fn literal(&mut self, character: char) {
        match self.pieces.last_mut() {
            Some(Piece::Literal(text)) => text.push(character),
            _ => self.pieces.push(Piece::Literal(character.to_string())),
        }
    }

    fn field(&mut self, letter: char) -> Result<(), String> {
        if !LETTERS.contains(letter) {
            return Err(format!("`{letter}` means nothing in a date pattern; text stands between single quotes"));
        }
        match self.pieces.last_mut() {
            Some(Piece::Field(last, count)) if *last == letter => *count += 1,
            _ => self.pieces.push(Piece::Field(letter, 1)),
        }
        Ok(())
    }

    fn check_counts(&self) -> Result<(), String> {
        for piece in &self.pieces {
            match piece {
                Piece::Field('X', count) if *count > 3 => {
                    return Err("`X` stands one to three times in a date pattern".to_owned());
                }
                Piece::Field(letter, count) if *count > REPETITIONS_MAX => {
                    return Err(format!(
                        "`{letter}` is repeated more than {REPETITIONS_MAX} times in the date pattern"
                    ));
                }
                _ => {}
            }
        }
        Ok(())
    }
}
