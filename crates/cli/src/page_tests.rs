//! Running the tests of many pages, on all cores.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use engine::{PageTests, Subject, Verdict};
use ingest::UserProperties;
use pack::Detection;

/// The largest file of test events beside a page, in bytes.
const FILE_MAX: u64 = 64 << 20;

/// The verdicts of all tests of each detection, in the order of the detections.
pub(crate) fn verdicts(
    detections: &[Detection],
    environment: &aql::Environment,
    user_properties: &Arc<UserProperties>,
) -> Vec<Vec<Verdict>> {
    on_all_cores(detections, |it| read(it, user_properties).run(&Subject::of(it), environment))
}

/// The tests of a page with their events.
pub(crate) fn read(detection: &Detection, user_properties: &Arc<UserProperties>) -> PageTests {
    PageTests::read(detection, &|name| beside(&detection.file, name), user_properties)
}

/// What the work makes of each item, in the order of the items.
pub(crate) fn on_all_cores<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(items.len());
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    let take = || {
        while let Some((position, item)) = {
            let position = next.fetch_add(1, Ordering::Relaxed);
            items.get(position).map(|it| (position, it))
        } {
            let made = work(item);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((position, made));
        }
    };
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(take))));
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(position, _)| *position);
    done.into_iter().map(|(_, made)| made).collect()
}

/// A file beside a page: one of the built-in ones, or on disk.
pub(crate) fn beside(page: &str, name: &str) -> Result<Vec<u8>, String> {
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
