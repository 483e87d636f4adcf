//! Running the tests of many pages, on all cores.

use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use engine::{PageTests, Subject, Verdict};
use ingest::UserProperties;
use pack::Detection;

/// The largest file of test events beside a page, in bytes.
const FILE_MAX: u64 = 64 << 20;

/// The verdicts of all tests of each detection, in the order of the detections.
pub(crate) fn verdicts(detections: &[Detection], environment: &aql::Environment) -> Vec<Vec<Verdict>> {
    let next = AtomicUsize::new(0);
    let verdicts: Vec<Mutex<Vec<Verdict>>> = detections.iter().map(|_| Mutex::default()).collect();
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(detections.len());
    let work = || {
        while let Some((detection, verdicts)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            detections.get(index).zip(verdicts.get(index))
        } {
            let found = read(detection).run(&Subject::of(detection), environment);
            *verdicts.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = found;
        }
    };
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    verdicts.into_iter().map(|it| it.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)).collect()
}

/// The tests of a page with their events.
pub(crate) fn read(detection: &Detection) -> PageTests {
    PageTests::read(detection, &|name| beside(&detection.file, name), &Arc::new(UserProperties::default()))
}

/// A file beside a page: one of the built-in ones, or on disk.
fn beside(page: &str, name: &str) -> Result<Vec<u8>, String> {
    if pack::builtin_pages().iter().any(|(file, _)| *file == page)
        && let Some(bytes) = pack::builtin_file(page, name)
    {
        return Ok(bytes.to_vec());
    }
    let path = Path::new(page).with_file_name(name);
    let size = std::fs::metadata(&path).map_err(|error| format!("`{}`: {error}", path.display()))?.len();
    if size > FILE_MAX {
        return Err(format!("`{}` has {size} bytes; at most {FILE_MAX} are read", path.display()));
    }
    std::fs::read(&path).map_err(|error| format!("`{}`: {error}", path.display()))
}
