//! A matcher that tries what `java.util.regex` tries, in the same order, and counts its steps.

use regex_syntax::hir::ClassUnicode;

use super::super::node::{Assertion, Greed, Node, Repeat};
use super::super::sets;

/// The most instructions, after counted repetitions are written out.
const INSTRUCTIONS_MAX: usize = 2_000;

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Matched,
    Failed,
    /// The steps were used up.
    Exhausted,
}

#[derive(Clone, Debug)]
enum Instruction {
    /// One character.
    Class(ClassUnicode),
    /// The first way is tried first.
    Split(usize, usize),
    Jump(usize),
    Assert(Assertion),
    /// Keeps the place in a slot.
    Mark(usize),
    /// Fails where nothing was taken since the slot was set: an empty round of a loop.
    Moved(usize),
    /// The instructions up to here match once; no way back into them. Then it goes on there.
    Atomic(usize),
    /// The same without taking anything; whether it must fail.
    Look(usize, bool),
    Match,
    Fail,
}

/// An expression as instructions.
#[derive(Debug)]
pub(super) struct Program {
    instructions: Vec<Instruction>,
    slots: usize,
}

/// One search.
struct Search<'a> {
    program: &'a Program,
    text: &'a [char],
    slots: Vec<usize>,
    steps: u64,
    steps_max: u64,
}

/// What is undone when a way fails.
enum Way {
    Try { instruction: usize, place: usize },
    Restore { slot: usize, value: usize },
}

impl Program {
    /// Compiles an expression; none when it is too big or has what is not simulated: back references, look-behind, `\X`,
    /// `\G`.
    pub(super) fn new(node: &Node) -> Option<Self> {
        let mut program = Self { instructions: Vec::new(), slots: 0 };
        program.node(node)?;
        program.push(Instruction::Match)?;
        Some(program)
    }

    /// Searches the text from each place in turn, as `Matcher.find`.
    pub(super) fn find(&self, text: &str, steps_max: u64) -> (Outcome, u64) {
        let text: Vec<char> = text.chars().collect();
        let mut search =
            Search { program: self, text: &text, slots: vec![usize::MAX; self.slots], steps: 0, steps_max };
        for start in 0..=text.len() {
            match search.run(0, start) {
                Ok(Some(_)) => return (Outcome::Matched, search.steps),
                Ok(None) => {}
                Err(Exhausted) => return (Outcome::Exhausted, steps_max),
            }
        }
        (Outcome::Failed, search.steps)
    }

    fn push(&mut self, instruction: Instruction) -> Option<usize> {
        self.instructions.push(instruction);
        (self.instructions.len() <= INSTRUCTIONS_MAX).then(|| self.instructions.len() - 1)
    }

    fn node(&mut self, node: &Node) -> Option<()> {
        match node {
            Node::Empty => {}
            Node::Never => _ = self.push(Instruction::Fail)?,
            Node::Char(character, fold) => {
                let class = sets::with_case(sets::ranges(&[(*character, *character)]), *fold);
                self.push(Instruction::Class(class))?;
            }
            Node::Class(class) => _ = self.push(Instruction::Class(class.clone()))?,
            Node::Concat(nodes) => nodes.iter().try_for_each(|it| self.node(it))?,
            Node::Alternate(nodes) => self.alternate(nodes)?,
            Node::Capture(node) => self.node(node)?,
            Node::Repeat(repeat) => self.repeat(repeat)?,
            Node::Atomic(node) => self.block(node, Instruction::Atomic)?,
            Node::Look(look) if look.behind => return None,
            Node::Look(look) => self.block(&look.node, |end| Instruction::Look(end, look.negative))?,
            Node::Assertion(Assertion::PreviousEnd) | Node::Backreference(..) | Node::Grapheme => return None,
            Node::Assertion(assertion) => _ = self.push(Instruction::Assert(*assertion))?,
        }
        Some(())
    }

    fn alternate(&mut self, nodes: &[Node]) -> Option<()> {
        let mut jumps = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            if index + 1 == nodes.len() {
                self.node(node)?;
                break;
            }
            let split = self.push(Instruction::Split(0, 0))?;
            self.node(node)?;
            jumps.push(self.push(Instruction::Jump(0))?);
            self.instructions[split] = Instruction::Split(split + 1, self.instructions.len());
        }
        let end = self.instructions.len();
        for jump in jumps {
            self.instructions[jump] = Instruction::Jump(end);
        }
        Some(())
    }

    fn block(&mut self, node: &Node, make: impl Fn(usize) -> Instruction) -> Option<()> {
        let head = self.push(Instruction::Fail)?;
        self.node(node)?;
        self.push(Instruction::Match)?;
        self.instructions[head] = make(self.instructions.len());
        Some(())
    }

    fn repeat(&mut self, repeat: &Repeat) -> Option<()> {
        if repeat.greed == Greed::Possessive {
            let inner = Repeat { greed: Greed::Greedy, ..repeat.clone() };
            return self.block(&Node::Repeat(Box::new(inner)), Instruction::Atomic);
        }
        for _ in 0..repeat.min {
            self.node(&repeat.node)?;
        }
        let way = |inside, outside| match repeat.greed {
            Greed::Lazy => Instruction::Split(outside, inside),
            Greed::Greedy | Greed::Possessive => Instruction::Split(inside, outside),
        };
        let Some(max) = repeat.max else {
            let slot = self.slots;
            self.slots += 1;
            let split = self.push(Instruction::Split(0, 0))?;
            self.push(Instruction::Mark(slot))?;
            self.node(&repeat.node)?;
            self.push(Instruction::Moved(slot))?;
            self.push(Instruction::Jump(split))?;
            self.instructions[split] = way(split + 1, self.instructions.len());
            return Some(());
        };
        let mut splits = Vec::new();
        for _ in repeat.min..max {
            splits.push(self.push(Instruction::Split(0, 0))?);
            self.node(&repeat.node)?;
        }
        let end = self.instructions.len();
        for split in splits {
            self.instructions[split] = way(split + 1, end);
        }
        Some(())
    }
}

struct Exhausted;

impl Search<'_> {
    /// Where a match that begins here ends.
    fn run(&mut self, first: usize, start: usize) -> Result<Option<usize>, Exhausted> {
        let mut ways = vec![Way::Try { instruction: first, place: start }];
        while let Some(way) = ways.pop() {
            match way {
                Way::Restore { slot, value } => self.slots[slot] = value,
                Way::Try { instruction, place } => {
                    if let Some(end) = self.follow(instruction, place, &mut ways)? {
                        return Ok(Some(end));
                    }
                }
            }
        }
        Ok(None)
    }

    /// Goes on until the way fails or matches.
    fn follow(&mut self, mut at: usize, mut place: usize, ways: &mut Vec<Way>) -> Result<Option<usize>, Exhausted> {
        loop {
            self.steps += 1;
            if self.steps > self.steps_max {
                return Err(Exhausted);
            }
            match &self.program.instructions[at] {
                Instruction::Class(class) => {
                    let Some(character) = self.text.get(place) else { return Ok(None) };
                    if !class.iter().any(|it| it.start() <= *character && *character <= it.end()) {
                        return Ok(None);
                    }
                    (at, place) = (at + 1, place + 1);
                }
                Instruction::Split(first, second) => {
                    ways.push(Way::Try { instruction: *second, place });
                    at = *first;
                }
                Instruction::Jump(to) => at = *to,
                Instruction::Assert(assertion) if self.holds(*assertion, place) => at += 1,
                Instruction::Mark(slot) => {
                    ways.push(Way::Restore { slot: *slot, value: self.slots[*slot] });
                    self.slots[*slot] = place;
                    at += 1;
                }
                Instruction::Moved(slot) if self.slots[*slot] != place => at += 1,
                Instruction::Atomic(end) => {
                    let Some(reached) = self.run(at + 1, place)? else { return Ok(None) };
                    (at, place) = (*end, reached);
                }
                Instruction::Look(end, negative) => {
                    if self.run(at + 1, place)?.is_some() == *negative {
                        return Ok(None);
                    }
                    at = *end;
                }
                Instruction::Match => return Ok(Some(place)),
                Instruction::Assert(_) | Instruction::Moved(_) | Instruction::Fail => return Ok(None),
            }
        }
    }

    fn holds(&self, assertion: Assertion, place: usize) -> bool {
        let length = self.text.len();
        let is_word = |place: Option<usize>| {
            place.and_then(|it| self.text.get(it)).is_some_and(|it| it.is_alphanumeric() || *it == '_')
        };
        let is_boundary = is_word(place.checked_sub(1)) != is_word(Some(place));
        let is_line_end = |place: usize| self.text.get(place) == Some(&'\n');
        match assertion {
            Assertion::Start => place == 0,
            Assertion::End => place == length,
            Assertion::FinalEnd { .. } => place == length || place + 1 == length && is_line_end(place),
            Assertion::LineStart { .. } => place == 0 || is_line_end(place - 1),
            Assertion::LineEnd { .. } => place == length || is_line_end(place),
            Assertion::WordBoundary => is_boundary,
            Assertion::NoWordBoundary => !is_boundary,
            Assertion::PreviousEnd => false,
        }
    }
}
