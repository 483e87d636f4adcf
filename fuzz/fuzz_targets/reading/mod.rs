//! Reads bytes as a file would be read, and holds what comes out against what must always be so.

use std::io::Cursor;

use ingest::{Input, InputFormat, InputOptions, Item, ReadOptions, Recovery};

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
    let options = ReadOptions { payload: true, recovery: Recovery::Always, ..ReadOptions::default() };
    for file in input.files() {
        let first = summary(file.read(&options));
        assert_eq!(first, summary(file.read(&options)), "the same file gives the same items");
    }
}

fn summary(items: impl Iterator<Item = Item>) -> Vec<(u64, u64, usize)> {
    let place = |item| match item {
        Item::Event(event) | Item::Recovered(event) => {
            let payload = event.payload.expect("payloads were asked for");
            (event.locator.offset, event.locator.record, payload.len())
        }
        Item::Damage(damage) => {
            assert!(!damage.reason.is_empty());
            (damage.offset, damage.record.unwrap_or_default(), damage.reason.len())
        }
    };
    items.map(place).collect()
}
