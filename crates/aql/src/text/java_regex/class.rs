//! Character classes of `java.util.regex`: unions, nested classes, intersections, negation.

use regex_syntax::hir::ClassUnicode;

use super::super::PatternError;
use super::escape::ClassEscape;
use super::parser::Parser;
use super::sets;

impl Parser {
    /// A class, from its opening bracket to the closing one.
    pub(super) fn class(&mut self) -> Result<ClassUnicode, PatternError> {
        let open = self.position;
        self.position += 1;
        let negate = self.raw().is_some_and(|unit| !unit.quoted && unit.character == '^');
        self.position += usize::from(negate);
        let class = self.class_items(open, true)?;
        Ok(sets::negated(class, negate))
    }

    /// The items up to the closing bracket; `closes` says whether the bracket is taken.
    fn class_items(&mut self, open: usize, closes: bool) -> Result<ClassUnicode, PatternError> {
        let mut class: Option<ClassUnicode> = None;
        loop {
            let Some(unit) = self.peek() else {
                let help = r"write `\[` for the character";
                return Err(self.error_from(open, "class without a closing bracket").with_help(help));
            };
            match (unit.character, unit.quoted) {
                (']', false) if let Some(class) = class.take_if(|_| true) => {
                    self.position += usize::from(closes);
                    return Ok(class);
                }
                ('[', false) => join(&mut class, self.nested(Self::class)?),
                ('&', false) if self.raw_ahead(1).is_some_and(|next| !next.quoted && next.character == '&') => {
                    self.position += 2;
                    self.intersection(open, &mut class)?;
                }
                _ => {
                    let item = self.class_item()?;
                    join(&mut class, item);
                }
            }
        }
    }

    /// The right side of `&&`, up to the next `&&` or the closing bracket.
    fn intersection(&mut self, open: usize, class: &mut Option<ClassUnicode>) -> Result<(), PatternError> {
        let mut right: Option<ClassUnicode> = None;
        while let Some(unit) = self.peek() {
            match (unit.character, unit.quoted) {
                (']' | '&', false) => break,
                ('[', false) => join(&mut right, self.nested(Self::class)?),
                _ => {
                    let items = self.nested(|parser| parser.class_items(open, false))?;
                    join(&mut right, items);
                }
            }
        }
        match (class.as_mut(), right) {
            (None, None) => return Err(self.error_here("`&&` with nothing on either side")),
            (None, Some(right)) => *class = Some(right),
            (Some(_), None) => {}
            (Some(class), Some(right)) => class.intersect(&right),
        }
        Ok(())
    }

    /// A character, a range or an escape.
    fn class_item(&mut self) -> Result<ClassUnicode, PatternError> {
        let start = self.position;
        let first = match self.class_character()? {
            ClassEscape::Set(set) => return Ok(set),
            ClassEscape::Char(first) => first,
        };
        let mut last = first;
        let is_range = self.special() == Some('-')
            && self.raw_ahead(1).is_some_and(|unit| unit.quoted || !matches!(unit.character, '[' | ']'));
        if is_range {
            self.position += 1;
            self.peek();
            last = match self.class_character()? {
                ClassEscape::Char(last) if last >= first => last,
                ClassEscape::Char(_) => return Err(self.error_from(start, "range of characters that goes backwards")),
                ClassEscape::Set(_) => {
                    let help = r"write `\-` for the character";
                    return Err(self.error_from(start, "range of characters that ends with a class").with_help(help));
                }
            };
        }
        Ok(sets::with_case(sets::range(u32::from(first), u32::from(last)), self.flags.fold()))
    }

    fn class_character(&mut self) -> Result<ClassEscape, PatternError> {
        match self.raw() {
            Some(unit) if unit.character == '\\' && !unit.quoted => self.class_escape(),
            Some(unit) => {
                self.position += 1;
                Ok(ClassEscape::Char(unit.character))
            }
            None => Err(self.error_here("range of characters without an end")),
        }
    }
}

fn join(class: &mut Option<ClassUnicode>, item: ClassUnicode) {
    match class {
        Some(class) => class.union(&item),
        None => *class = Some(item),
    }
}
