//! `cargo xtask generate`: a large log of a fictional network, for benchmarks and checks of the readers.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use ingest::WindowsEvent;
use ingest::evtx_writer::EvtxWriter;

use crate::synthetic::activity;
use crate::synthetic::hosts::Host;
use crate::synthetic::scene::{Marked, Scene};
use crate::synthetic::{Random, formats};

pub(crate) const HELP: &str =
    "generate --events N --format evtx|jsonl -o PATH [--seed N] [--mix day|hard]   write a log of generated events";

/// When the generated events begin: 2026-03-02 06:00 UTC.
const START: i64 = 1_772_431_200_000;
/// One step in so many is an attack, which makes one event in ten thousand suspicious.
const STEPS_PER_ATTACK: u64 = 140_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Evtx,
    Jsonl,
}

/// Which events are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mix {
    /// Those of a working day.
    Day,
    /// All that is hard for a reader: text of every plane, empty values, absent fields, every size.
    Hard,
}

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let options = Options::parse(arguments)?;
    let mut output = Output::create(options.format, &options.path)?;
    let mut source = Source::new(options.mix, options.seed);
    for record_id in 1..=options.events {
        let mut event = source.next_event();
        event.record_id = Some(record_id);
        output.write(&event)?;
    }
    output.finish()
}

#[derive(Debug)]
struct Options {
    events: u64,
    format: Format,
    path: PathBuf,
    seed: u64,
    mix: Mix,
}

impl Options {
    fn parse(arguments: &[String]) -> anyhow::Result<Self> {
        let (mut events, mut format, mut path, mut seed, mut mix) = (None, None, None, 1, Mix::Day);
        for pair in arguments.chunks(2) {
            let [name, value] = pair else { bail!("`{}` needs a value; usage: {HELP}", pair[0]) };
            match (name.as_str(), value.as_str()) {
                ("--events", count) => events = Some(count.parse().with_context(|| format!("`{count}` events"))?),
                ("--format", "evtx") => format = Some(Format::Evtx),
                ("--format", "jsonl") => format = Some(Format::Jsonl),
                ("--seed", number) => seed = number.parse().with_context(|| format!("seed `{number}`"))?,
                ("--mix", "day") => mix = Mix::Day,
                ("--mix", "hard") => mix = Mix::Hard,
                ("-o", file) => path = Some(PathBuf::from(file)),
                (name, value) => bail!("unknown option `{name} {value}`; usage: {HELP}"),
            }
        }
        let (Some(events), Some(format), Some(path)) = (events, format, path) else { bail!("usage: {HELP}") };
        Ok(Self { events, format, path, seed, mix })
    }
}

#[derive(Debug)]
enum Output {
    Evtx(Box<EvtxWriter<BufWriter<File>>>),
    Jsonl(BufWriter<File>),
}

impl Output {
    fn create(format: Format, path: &Path) -> anyhow::Result<Self> {
        let file = File::create(path).with_context(|| format!("cannot create `{}`", path.display()))?;
        let file = BufWriter::with_capacity(1 << 20, file);
        Ok(match format {
            Format::Evtx => Self::Evtx(Box::new(EvtxWriter::new(file)?)),
            Format::Jsonl => Self::Jsonl(file),
        })
    }

    fn write(&mut self, event: &WindowsEvent) -> anyhow::Result<()> {
        match self {
            Self::Evtx(writer) => {
                writer.write(event)?;
            }
            Self::Jsonl(file) => {
                serde_json::to_writer(&mut *file, &formats::evtx_dump(event))?;
                file.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<()> {
        match self {
            Self::Evtx(writer) => writer.finish()?.flush()?,
            Self::Jsonl(mut file) => file.flush()?,
        }
        Ok(())
    }
}

/// An endless sequence of events, the same for the same seed.
#[derive(Debug)]
struct Source {
    mix: Mix,
    random: Random,
    hosts: Vec<Host>,
    time: i64,
    ready: std::vec::IntoIter<Marked>,
}

impl Source {
    fn new(mix: Mix, seed: u64) -> Self {
        let hosts = [
            Host::new("WS01", "ws01.naples.example", "10.20.0.21", 0x7a1c_93e0),
            Host::new("WS02", "ws02.naples.example", "10.20.0.22", 0x41d2_08bb),
            Host::new("WS03", "ws03.naples.example", "10.20.0.23", 0x5f6e_7712),
            Host::new("SRV02", "srv02.naples.example", "10.20.0.12", 0x0c83_a9f4),
        ];
        Self { mix, random: Random::new(seed), hosts: hosts.to_vec(), time: START, ready: Vec::new().into_iter() }
    }

    fn next_event(&mut self) -> WindowsEvent {
        if self.mix == Mix::Hard {
            return hard_event(&mut self.random);
        }
        loop {
            if let Some(marked) = self.ready.next() {
                return marked.event;
            }
            let mut events = Vec::new();
            let host = self.random.below(self.hosts.len() as u64) as usize;
            let host = &mut self.hosts[host];
            let time = self.time;
            let mut scene = Scene { host, random: &mut self.random, time, events: &mut events, story: None };
            if scene.random.below(STEPS_PER_ATTACK) == 0 {
                activity::suspicious(&mut scene);
            } else {
                activity::step(&mut scene, &activity::FULL);
            }
            self.time += self.random.between(0, 40) as i64;
            self.ready = events.into_iter();
        }
    }
}

const LETTERS: [&str; 12] =
    ["a", "Z", "0", " ", "\u{e4}", "\u{20ac}", "\u{1f984}", "<", "&", "\"", "\u{10ffff}", "\u{fffd}"];

fn hard_event(random: &mut Random) -> WindowsEvent {
    let some = |random: &mut Random| random.below(3) > 0;
    let provider = random.pick(&["Service Control Manager", "Microsoft-Windows-Sysmon", "Some Provider", "P"]);
    let mut event = WindowsEvent {
        provider: (*provider).to_owned(),
        event_id: random.below(65_536) as u32,
        qualifiers: some(random).then(|| random.next() as u16),
        version: some(random).then(|| random.next() as u8),
        level: some(random).then(|| random.next() as u8),
        task: some(random).then(|| random.next() as u16),
        opcode: some(random).then(|| random.next() as u8),
        keywords: some(random).then(|| random.next()),
        time: Some(START + random.below(4_000_000_000) as i64),
        process_id: some(random).then(|| random.next() as u32),
        thread_id: some(random).then(|| random.next() as u32),
        channel: "Application".to_owned(),
        computer: "ws01.naples.example".to_owned(),
        user_sid: some(random).then(|| format!("S-1-5-21-{}-{}", random.next() as u32, random.next() as u32)),
        ..WindowsEvent::default()
    };
    let unnamed = random.below(4) == 0;
    for index in 1..=random.below(12) {
        let length = if random.below(20) == 0 { 2000 } else { random.below(20) };
        let value: String = (0..length).map(|_| *random.pick(&LETTERS)).collect();
        let name = if unnamed { format!("param{index}") } else { format!("Field{index}") };
        event.data.push((name, value));
    }
    event
}
