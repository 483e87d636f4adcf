//! Reading on one thread: file to records, to normalised events, to the columns of the table `events`.

mod log;
mod measure;

use ingest::{BatchBuilder, Event, Input, InputOptions, Item, Normaliser, ReadOptions, normalise};

fn main() {
    for format in ["evtx", "jsonl"] {
        let log = log::log(format);
        let input = Input::open(&[&log.path], &InputOptions::default()).expect("the log can be read");
        let records = || {
            let items = input.files().iter().flat_map(|it| it.read(&ReadOptions::default()));
            items.filter_map(|it| if let Item::Event(event) = it { Some(event) } else { None })
        };
        measure::measure(&format!("{format}: records"), log.bytes, "events", || records().count() as u64);
        measure::measure(&format!("{format}: normalised"), log.bytes, "events", || {
            let normaliser = Normaliser::default();
            records().map(|it| normalise(&it, &normaliser)).filter(|it| !it.fields.is_empty()).count() as u64
        });
        let all: Vec<usize> = (0..schema::EVENTS.arrow_schema().fields().len()).collect();
        let builder = BatchBuilder::new(&all).expect("the columns are those of the schema");
        measure::measure(&format!("{format}: columns"), log.bytes, "events", || {
            let normaliser = Normaliser::default();
            batches(records().map(|it| normalise(&it, &normaliser)), &builder)
        });
    }
}

/// Makes all batches; gives the number of their rows.
fn batches(mut events: impl Iterator<Item = Event>, builder: &BatchBuilder) -> u64 {
    let mut rows = 0;
    loop {
        let batch: Vec<Event> = events.by_ref().take(ingest::BATCH_EVENTS).collect();
        if batch.is_empty() {
            return rows;
        }
        rows += builder.build(&batch).num_rows() as u64;
    }
}
