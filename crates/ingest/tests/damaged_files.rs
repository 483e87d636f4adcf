//! Files that are damaged, cut off or in use: what is readable is read, what is not is reported with its place.

mod support;

use ingest::evtx_writer::Ending;
use ingest::{Input, InputOptions, ReadOptions, Recovery};
use support::{evtx, json_line, json_lines, read_all, read_bytes, windows, xml};

const CHUNK: usize = 65536;
const HEADER: usize = 4096;

/// A file of several chunks, and the record ids of each.
fn chunks() -> (Vec<u8>, Vec<Vec<u64>>) {
    let file = evtx(600, Ending::Closed);
    let all = read_bytes(&file);
    assert_eq!(all.ids(), (1..=600).collect::<Vec<u64>>());
    assert_eq!(all.damaged, []);
    let mut chunks = vec![Vec::new(); (file.len() - HEADER) / CHUNK];
    for event in &all.events {
        let offset = usize::try_from(event.locator.offset).expect("a small file");
        assert_eq!(file[offset..offset + 4], *b"**\0\0", "the locator points at the record");
        chunks[(offset - HEADER) / CHUNK].push(event.locator.record);
    }
    assert!(chunks.len() >= 3);
    (file, chunks)
}

#[test]
fn evtx_cut_off_inside_a_chunk_keeps_the_records_before() {
    let (file, chunks) = chunks();
    let outcome = read_bytes(&file[..HEADER + CHUNK + CHUNK / 2]);
    let whole = chunks[0].len();
    assert!(outcome.ids().len() > whole && outcome.ids().len() < whole + chunks[1].len());
    assert_eq!(outcome.ids(), (1..=outcome.ids().len() as u64).collect::<Vec<u64>>());
    assert_eq!(outcome.damaged[0].offset as usize, HEADER + CHUNK);
    assert_eq!(outcome.reasons()[0], "the file ends inside a chunk");
}

#[test]
fn evtx_cut_off_between_chunks_reports_how_many_are_missing() {
    let (file, chunks) = chunks();
    let count = chunks.len();
    for kept in [0, 1, count - 1] {
        let outcome = read_bytes(&file[..HEADER + kept * CHUNK]);
        assert_eq!(outcome.ids(), chunks[..kept].concat(), "{kept} chunks");
        let missing = count - kept;
        let reason =
            format!("the file ends too early: {missing} of the {count} chunks that its header counts are missing");
        assert_eq!(outcome.reasons(), [reason], "{kept} chunks");
        assert_eq!(outcome.damaged[0].offset as usize, HEADER + kept * CHUNK, "{kept} chunks");
    }
    let dirty = read_bytes(&evtx(300, Ending::Dirty)[..HEADER]);
    assert_eq!(dirty.reasons(), ["the file ends before its first chunk"]);
}

#[test]
fn evtx_with_broken_records_reports_each_at_its_own_place() {
    let (mut file, _) = chunks();
    let places: Vec<(usize, u64)> = read_bytes(&file)
        .events
        .iter()
        .map(|it| (usize::try_from(it.locator.offset).expect("a small file"), it.locator.record))
        .collect();
    let broken = [places[3], places[7], places[300]];
    for (place, _) in broken {
        // No binary XML begins so.
        file[place + 24..place + 28].fill(0xee);
    }
    let outcome = read_bytes(&file);
    let found: Vec<(usize, u64)> =
        outcome.damaged.iter().filter_map(|it| Some((usize::try_from(it.offset).ok()?, it.record?))).collect();
    assert_eq!(found, broken);
    assert_eq!(outcome.events.len(), 597);
}

#[test]
fn evtx_with_a_zeroed_chunk_keeps_the_others() {
    let (mut file, chunks) = chunks();
    file[HEADER + CHUNK..HEADER + 2 * CHUNK].fill(0);
    let outcome = read_bytes(&file);
    let expected: Vec<u64> = chunks.iter().enumerate().filter(|(it, _)| *it != 1).flat_map(|it| it.1.clone()).collect();
    assert_eq!(outcome.ids(), expected);
}

#[test]
fn evtx_with_a_lost_chunk_header_gives_its_records_as_recovered() {
    let (mut file, chunks) = chunks();
    file[HEADER + CHUNK..HEADER + CHUNK + 512].fill(0xaa);
    let outcome = read_bytes(&file);
    assert_eq!(outcome.reasons(), ["no chunk header where a chunk should begin"]);
    assert_eq!(outcome.damaged[0].offset as usize, HEADER + CHUNK);
    let recovered: Vec<u64> = outcome.recovered.iter().filter_map(|it| windows(it).record_id).collect();
    assert_eq!(recovered, chunks[1]);
    assert_eq!(outcome.ids().len() + recovered.len(), 600);
    assert_eq!(outcome.statistics.recovered as usize, recovered.len());
}

#[test]
fn evtx_with_a_flipped_bit_reports_its_chunk_and_keeps_every_other_record() {
    let (file, _) = chunks();
    for (name, position) in
        [("chunk header", 48), ("name table", 130), ("record size", 512 + 5), ("record body", 512 + 700)]
    {
        let mut file = file.clone();
        file[HEADER + CHUNK + position] ^= 0x10;
        let outcome = read_bytes(&file);
        assert!(!outcome.damaged.is_empty(), "{name}");
        let place = outcome.damaged[0].offset as usize;
        assert!((HEADER + CHUNK..HEADER + 2 * CHUNK).contains(&place), "{name}: {place}");
        assert!(outcome.events.len() + outcome.recovered.len() >= 597, "{name}: {}", outcome.events.len());
    }
}

#[test]
fn evtx_without_its_file_header_is_recognised_by_its_chunks() {
    let (mut file, _) = chunks();
    file[..HEADER].fill(0);
    assert_eq!(read_bytes(&file).events.len(), 600);
    assert_eq!(read_bytes(&file[HEADER..]).events.len(), 600);
}

#[test]
fn evtx_in_use_gives_unflushed_records_as_recovered() {
    let dirty = read_bytes(&evtx(300, Ending::Dirty));
    assert_eq!((dirty.events.len(), dirty.recovered.len(), dirty.damaged.len()), (300, 0, 0));
    let file = evtx(300, Ending::Unflushed);
    let unflushed = read_bytes(&file);
    assert!(!unflushed.recovered.is_empty());
    assert_eq!(unflushed.events.len() + unflushed.recovered.len(), 300);
    let input = Input::from_stream(std::io::Cursor::new(file), &InputOptions::default()).expect("it can be listed");
    let never = read_all(&input, &ReadOptions { recovery: Recovery::Never, ..ReadOptions::default() });
    assert_eq!((never.events.len(), never.recovered.len()), (unflushed.events.len(), 0));
}

#[test]
fn json_behind_a_broken_line_is_read() {
    let whole = json_line(2);
    let cut = &whole[..whole.len() - 20];
    let cases = [
        ("cut in a text", format!("{}\n{}\n{}\n", json_line(1), &whole[..30], json_line(3))),
        ("cut between values", format!("{}\n{cut}\n{}\n", json_line(1), json_line(3))),
        ("no JSON", format!("{}\nwarning: disk full\n{}\n", json_line(1), json_line(3))),
        ("a comma too many", format!("{}\n{{\"a\":1,}}\n{}\n", json_line(1), json_line(3))),
        ("too many braces", format!("{}\n{whole}}}\n{}\n", json_line(1), json_line(3)).replace(&whole, "{\"a\":}")),
        ("an array", format!("[\n  {},\n  {{\"a\":\n  {}\n]\n", json_line(1), json_line(3))),
    ];
    for (name, text) in cases {
        let outcome = read_bytes(text.as_bytes());
        assert_eq!(outcome.ids(), [1, 3], "{name}: {:?}", outcome.damaged);
        assert_eq!(outcome.damaged.len(), 1, "{name}: {:?}", outcome.damaged);
    }
}

#[test]
fn json_that_is_broken_is_reported_with_the_cause() {
    for (broken, reason) in [
        ("{\"a\":{\"b\":1,", "the text ends inside an object: key must be a string at line 2 column 1"),
        ("{\"a\":[1 2}", "the text ends inside an object: expected `,` or `]` at line 1 column 9"),
        ("{\"a\":\"x\"y\"}", "the line ends inside an object: expected `,` or `}` at line 1 column 9"),
        ("{\"a\":1,}", "trailing comma at line 1 column 8"),
    ] {
        let outcome = read_bytes(format!("{}\n{broken}\n{}\n", json_line(1), json_line(3)).as_bytes());
        assert_eq!((outcome.ids(), outcome.reasons()), (vec![1, 3], vec![reason]), "{broken}");
    }
}

#[test]
fn json_cut_off_at_its_end_is_reported_with_its_place() {
    let text = json_lines(3);
    let outcome = read_bytes(&text.as_bytes()[..text.len() - 10]);
    assert_eq!(outcome.ids(), [1, 2]);
    assert_eq!(outcome.damaged[0].offset as usize, json_line(1).len() * 2 + 2);
    assert_eq!((outcome.damaged[0].record, outcome.reasons()[0]), (Some(3), "the text ends inside an object"));
}

#[test]
fn json_of_broken_lines_only_is_read_in_one_pass() {
    // If each broken line were searched to the end of the text, this would take hours.
    let text = format!("{}\n{}{}\n", json_line(1), "{\"a\":\n".repeat(200_000), json_line(2));
    let outcome = read_bytes(text.as_bytes());
    assert_eq!(outcome.ids(), [1, 2]);
    assert_eq!(outcome.damaged.len(), 200_000);
}

#[test]
fn json_object_beyond_the_bound_is_passed_over() {
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(ingest::RECORD_BYTES_MAX));
    let outcome = read_bytes(format!("{}\n{long}\n{}\n", json_line(1), json_line(3)).as_bytes());
    assert_eq!(outcome.ids(), [1, 3]);
    assert_eq!(outcome.reasons(), ["the object is longer than 16777216 bytes"]);
}

#[test]
fn xml_behind_a_broken_event_is_read() {
    let whole = xml(2);
    let cases = [
        ("cut off", format!("<Events>{}{}{}</Events>", xml(1), &whole[..200], xml(3))),
        ("wrong nesting", format!("{}\n{}\n{}", xml(1), whole.replace("</Data>", "</Date>"), xml(3))),
        ("too deep", format!("{}{}{}", xml(1), whole.replace("&lt;", &"<a>".repeat(100)), xml(3))),
    ];
    for (name, text) in cases {
        let outcome = read_bytes(text.as_bytes());
        assert_eq!(outcome.ids(), [1, 3], "{name}: {:?}", outcome.damaged);
        assert_eq!(outcome.damaged.len(), 1, "{name}: {:?}", outcome.damaged);
        assert_eq!(outcome.damaged[0].offset as usize, text.rfind(&whole[..150]).expect("it is in the text"), "{name}");
    }
}

#[test]
fn xml_in_comments_and_sections_ends_no_event() {
    let text = xml(1).replace("&lt;Event&gt;", "<![CDATA[</Event>]]><!-- </Event> -->");
    let outcome = read_bytes(format!("{text}\n{}", xml(2)).as_bytes());
    assert_eq!(outcome.ids(), [1, 2]);
    assert_eq!(windows(&outcome.events[0]).data, [("Text".to_owned(), "</Event> A".to_owned())]);
}
