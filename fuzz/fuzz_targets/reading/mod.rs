//! Reads bytes as a file would be read, normalises the events, and holds what comes out against what must always be so.

use std::io::Cursor;

use ingest::{Body, Input, InputFormat, InputOptions, Item, Normaliser, ReadOptions, Recovery, normalise};

/// Bytes that a compressed input may expand to, so that the fuzzer does not spend its time on bombs.
const EXPANDED_BYTES_MAX: u64 = 1 << 20;

/// Reads the bytes as the format of this name, or as what they are recognised as.
pub fn read(bytes: &[u8], format: Option<&str>) {
    let format = format.map(|it| InputFormat::from_name(it).expect("the format exists"));
    let options = InputOptions {
        format,
        depth_max: 3,
        expanded_bytes_max: EXPANDED_BYTES_MAX,
        files_max: 1_000,
        keep_standard_input: true,
    };
    let Ok(input) = Input::from_stream(Cursor::new(bytes.to_vec()), &options) else { return };
    // 22 November 2026, for times without a year.
    let reference_time = Some(1_795_305_600_000);
    let options = ReadOptions { payload: true, recovery: Recovery::Always, reference_time };
    for file in input.files() {
        let first = summary(file.read(&options));
        assert_eq!(first, summary(file.read(&options)), "the same file gives the same items");
    }
}

fn summary(items: impl Iterator<Item = Item>) -> Vec<(u64, u64, usize)> {
    let normaliser = Normaliser::default();
    let place = |item| match item {
        Item::Event(event) | Item::Recovered(event) => {
            let payload = event.payload.as_ref().map_or(0, |it| it.len());
            let is_stored = matches!(event.body, Body::Stored(_));
            assert!(event.payload.is_some() || is_stored, "payloads were asked for");
            let place = (event.locator.offset, event.locator.record, payload);
            let event = normalise(event, &normaliser);
            assert!(event.fields.is_sorted_by(|left, right| left.0 < right.0), "sorted, each index once");
            place
        }
        Item::Damage(damage) => {
            assert!(!damage.reason.is_empty());
            (damage.offset, damage.record.unwrap_or_default(), damage.reason.len())
        }
    };
    items.map(place).collect()
}
