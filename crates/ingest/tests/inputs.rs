//! Files, folders, compressions, archives and standard input.

mod support;

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use ingest::evtx_writer::Ending;
use ingest::{Input, InputFormat, InputOptions, ReadOptions};
use support::{Outcome, evtx, json_lines, read_all, read_bytes, xml};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).expect("memory can be written")
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).expect("the name is good");
        writer.write_all(bytes).expect("memory can be written");
    }
    writer.finish().expect("memory can be written").into_inner()
}

fn read_path(path: &Path, options: &InputOptions) -> Outcome {
    read_all(&Input::open(&[path], options).expect("the path exists"), &ReadOptions::default())
}

fn files(outcome: &Outcome, folder: &Path) -> Vec<String> {
    let mut files: Vec<String> =
        outcome.events.iter().map(|it| it.locator.file.replace(&*folder.to_string_lossy(), "")).collect();
    files.dedup();
    files
}

#[test]
fn every_compression_and_archive_gives_the_same_events() {
    let log = evtx(300, Ending::Closed);
    let lines = json_lines(300).into_bytes();
    for (format, bytes) in [("evtx", log), ("jsonl", lines)] {
        let expected: Vec<u64> = (1..=300).collect();
        let cases = [
            ("plain", bytes.clone()),
            ("gzip", gzip(&bytes)),
            ("gzip of two parts", [gzip(&bytes[..5000]), gzip(&bytes[5000..])].concat()),
            ("zstd", zstd(&bytes)),
            ("zip", zip(&[("a/log", &bytes)])),
            ("gzip of zstd", gzip(&zstd(&bytes))),
            ("zip of gzip", zip(&[("log.gz", &gzip(&bytes))])),
            ("gzip of zip of zip", gzip(&zip(&[("inner.zip", &zip(&[("log", &bytes)]))]))),
        ];
        let folder = tempfile::tempdir().expect("a folder can be made");
        for (name, bytes) in cases {
            let stream = read_bytes(&bytes);
            assert_eq!((stream.ids(), stream.damaged.len()), (expected.clone(), 0), "{format}, {name}, as stream");
            let path = folder.path().join("log");
            fs::write(&path, &bytes).expect("the folder can be written");
            let file = read_path(&path, &InputOptions::default());
            assert_eq!((file.ids(), file.damaged.len()), (expected.clone(), 0), "{format}, {name}, as file");
            assert!(file.statistics.bytes > 0);
        }
    }
}

#[test]
fn a_folder_is_read_in_the_order_of_names_and_what_is_no_log_is_skipped() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it is below the folder")).expect("the folder can be written");
        fs::write(path, bytes).expect("the folder can be written");
    };
    write("b.json", json_lines(1).as_bytes());
    write("a/z.log", xml(1).as_bytes());
    write("a.xml", xml(1).as_bytes());
    write("c.zip", &zip(&[("2.evtx", &evtx(1, Ending::Closed)), ("1/x.json", json_lines(1).as_bytes()), ("n", b"no")]));
    write("README.md", b"# Logs\n\nCollected on Monday:\n- all of them\n");
    write("notes.txt", b"Nov 21 was a busy day. We looked at the logs and found nothing.\n");
    write("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    write("page.html", b"<!DOCTYPE html><html><body>Event</body></html>");
    write("empty", b"");
    let outcome = read_path(folder.path(), &InputOptions::default());
    assert_eq!(files(&outcome, folder.path()), ["/a/z.log", "/a.xml", "/b.json", "/c.zip/2.evtx", "/c.zip/1/x.json"]);
    let skipped: Vec<(&str, &str)> = outcome
        .skipped
        .iter()
        .map(|(name, reason)| (name.rsplit('/').next().unwrap_or_default(), reason.as_str()))
        .collect();
    assert_eq!(
        skipped,
        [
            ("README.md", "text of no known log format"),
            ("n", "text of no known log format"),
            ("empty", "empty file"),
            ("notes.txt", "text of no known log format"),
            ("page.html", "text of no known log format"),
            ("picture.png", "binary file of no known log format"),
        ]
    );
    assert_eq!(outcome.damaged, []);
}

#[cfg(unix)]
#[test]
fn links_to_folders_above_and_to_nothing_are_reported() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("a.xml"), xml(1)).expect("the folder can be written");
    fs::create_dir(folder.path().join("b")).expect("the folder can be written");
    symlink(folder.path(), folder.path().join("b/up")).expect("links can be made");
    symlink("nowhere", folder.path().join("c")).expect("links can be made");
    let outcome = read_path(folder.path(), &InputOptions::default());
    assert_eq!(outcome.events.len(), 1);
    assert_eq!(outcome.damaged.len(), 2);
    assert_eq!(outcome.reasons()[0], "link to a folder above it");
}

#[test]
fn a_path_that_does_not_exist_is_an_error() {
    let error = Input::open(&["no/such/file"], &InputOptions::default()).expect_err("it does not exist");
    assert_eq!(error.to_string(), "cannot read `no/such/file`");
}

#[test]
fn text_in_utf_16_and_with_a_byte_order_mark_is_read() {
    let text = format!("<Events>\r\n{}\r\n{}</Events>", xml(1).replace("&#x41;", "ä😀"), xml(2));
    let units = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let cases = [
        ("UTF-16 LE with mark", [b"\xff\xfe".to_vec(), units(u16::to_le_bytes)].concat()),
        ("UTF-16 LE", units(u16::to_le_bytes)),
        ("UTF-16 BE with mark", [b"\xfe\xff".to_vec(), units(u16::to_be_bytes)].concat()),
        ("UTF-16 BE", units(u16::to_be_bytes)),
        ("UTF-8 with mark", [b"\xef\xbb\xbf", text.as_bytes()].concat()),
    ];
    for (name, bytes) in cases {
        let outcome = read_bytes(&bytes);
        assert_eq!((outcome.ids(), outcome.damaged.len()), (vec![1, 2], 0), "{name}");
        assert_eq!(support::windows(&outcome.events[0]).data[0].1, "<Event> ä😀", "{name}");
    }
}

#[test]
fn json_in_any_layout_is_read() {
    let pretty = |text: &str| {
        let value: serde_json::Value = serde_json::from_str(text).expect("the text is JSON");
        serde_json::to_string_pretty(&value).expect("it stays JSON")
    };
    let [one, two] = [1, 2].map(support::json_line);
    let array = format!("[{one},{two}]");
    for (name, text) in [
        ("lines", format!("{one}\n{two}\n")),
        ("lines without a last end", format!("{one}\r\n\r\n{two}")),
        ("one line", format!("{one}{two}")),
        ("array", array.clone()),
        ("pretty array", pretty(&array)),
        ("pretty objects", format!("{}\n{}", pretty(&one), pretty(&two))),
        ("arrays after each other", format!("[{one}]\n[{two}]")),
        ("text sequence", format!("\x1e{one}\n\x1e{two}\n")),
        (
            "list in an object",
            format!(r#"{{"took":3,"hits":{{"total":2,"hits":[{{"_source":{one}}},{{"_source":{two}}}]}}}}"#),
        ),
        ("events of a search", pretty(&format!(r#"{{"events":{array}}}"#))),
    ] {
        let outcome = read_bytes(text.as_bytes());
        assert_eq!((outcome.ids(), outcome.damaged), (vec![1, 2], vec![]), "{name}");
    }
}

#[test]
fn a_damaged_compression_keeps_what_comes_before() {
    for (name, bytes) in [("gzip", gzip(json_lines(2000).as_bytes())), ("zstd", zstd(json_lines(20_000).as_bytes()))] {
        let outcome = read_bytes(&bytes[..bytes.len() / 2]);
        assert!(outcome.events.len() > 100, "{name}: {} events", outcome.events.len());
        assert_eq!(outcome.damaged.len(), 1, "{name}: {:?}", outcome.damaged);
    }
    let archive = zip(&[("a.json", json_lines(1).as_bytes()), ("b.json", json_lines(1).as_bytes())]);
    let cut = read_bytes(&archive[..archive.len() - 30]);
    assert_eq!((cut.events.len(), cut.damaged.len()), (0, 1));
}

#[test]
fn expansions_and_nesting_are_bounded() {
    let options = InputOptions { expanded_bytes_max: 100_000, ..InputOptions::default() };
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("log");
    fs::write(&path, gzip(json_lines(2000).as_bytes())).expect("the folder can be written");
    let outcome = read_path(&path, &options);
    assert!(outcome.events.len() > 100 && outcome.events.len() < 2000);
    assert!(outcome.reasons()[0].contains("expands to more than 100000 bytes"), "{:?}", outcome.damaged);

    let bomb = zstd(&vec![b' '; 80 << 20]);
    fs::write(&path, zip(&[("log.zst", &bomb)])).expect("the folder can be written");
    let outcome = read_path(&path, &InputOptions { format: InputFormat::from_name("json"), ..InputOptions::default() });
    assert!(outcome.reasons()[0].contains("times its size"), "{:?}", outcome.damaged);

    let nested = (0..10).fold(json_lines(1).into_bytes(), |bytes, _| gzip(&bytes));
    fs::write(&path, nested).expect("the folder can be written");
    let outcome = read_path(&path, &InputOptions::default());
    assert_eq!(outcome.reasons(), ["archives are nested more than 8 deep"]);

    let error = Input::open(&[Path::new("tests/samples")], &InputOptions { files_max: 0, ..InputOptions::default() });
    assert_eq!(error.expect_err("there are files").to_string(), "more than 0 files");
}

#[test]
fn standard_input_is_read_once_unless_it_is_kept() {
    let stream = || Cursor::new(json_lines(5).into_bytes());
    let once = Input::from_stream(stream(), &InputOptions::default()).expect("it can be listed");
    assert_eq!(read_all(&once, &ReadOptions::default()).events.len(), 5);
    let again = read_all(&once, &ReadOptions::default());
    assert_eq!((again.events.len(), again.reasons()), (0, vec!["standard input can be read only once"]));

    let options = InputOptions { keep_standard_input: true, ..InputOptions::default() };
    let kept = Input::from_stream(stream(), &options).expect("it can be listed");
    for _ in 0..2 {
        assert_eq!(read_all(&kept, &ReadOptions::default()).events.len(), 5);
    }
    assert_eq!(&*kept.files()[0].name().clone(), "-");
}

#[test]
fn a_format_given_by_name_overrules_the_content() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("log"), json_lines(3)).expect("the folder can be written");
    let options = InputOptions { format: InputFormat::from_name("XML"), ..InputOptions::default() };
    let input = Input::open(&[folder.path()], &options).expect("the folder exists");
    assert_eq!(input.files()[0].format().name(), "xml");
    assert_eq!(read_all(&input, &ReadOptions::default()).events.len(), 0);
}

#[test]
fn a_wrong_format_given_by_name_is_reported() {
    let read = |format: &str, text: &str| {
        let options = InputOptions { format: InputFormat::from_name(format), ..InputOptions::default() };
        let input = Input::from_stream(Cursor::new(text.to_owned()), &options).expect("it can be listed");
        read_all(&input, &ReadOptions::default())
    };
    for (format, count, reason) in [
        ("evtx", 3, "not an event log: neither a file header nor a chunk is there"),
        ("evtx", 600, "not an event log: neither a file header nor a chunk is there"),
        ("xml", 600, "the text holds no Windows event"),
    ] {
        let outcome = read(format, &json_lines(count));
        assert_eq!((outcome.events.len(), outcome.reasons().pop()), (0, Some(reason)), "{format}, {count} lines");
    }
    assert_eq!(read("xml", "<Events></Events>").damaged, [], "a log without events");
}

#[test]
fn a_file_that_is_named_twice_is_read_once() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let [a, b] = ["a.json", "b.json"].map(|it| folder.path().join(it));
    for path in [&a, &b] {
        fs::write(path, json_lines(2)).expect("the folder can be written");
    }
    let detour = folder.path().join(".").join("b.json");
    let paths = [b.as_path(), detour.as_path(), folder.path(), a.as_path()];
    let input = Input::open(&paths, &InputOptions::default()).expect("the paths exist");
    let names: Vec<&str> = input.files().iter().map(|it| &**it.name()).collect();
    assert_eq!(names, [b.to_string_lossy(), a.to_string_lossy()]);
    assert_eq!(read_all(&input, &ReadOptions::default()).events.len(), 4);
}

#[test]
fn formats_have_names_and_descriptions() {
    let mut names: Vec<&str> = InputFormat::all().flat_map(|it| it.names().to_vec()).collect();
    for name in ["evtx", "xml", "json", "jsonl", "qradar"] {
        assert!(names.contains(&name), "{name}");
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "a name stands for one format");
    assert!(InputFormat::all().all(|it| it.description().len() > 10 && !it.description().ends_with('.')));
}
