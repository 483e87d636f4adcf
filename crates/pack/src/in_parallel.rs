//! The same work on many pages or rules: over all cores, with the results in the order of the items.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{Builder, available_parallelism, scope};

/// The most threads that work at a time.
const THREADS_MAX: usize = 16;
/// Fewer items than this for each thread are not worth starting it.
const ITEMS_FOR_A_THREAD: usize = 8;
/// Items that a thread takes at a time, so that it rarely waits for another one.
const ITEMS_AT_A_TIME: usize = 4;
/// The stack of a thread, in bytes: as much as a program starts with.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// What `work` makes of each item, in the order of the items. It is called from several threads at a time where there are
/// items enough; where a thread cannot be started the others do its work.
///
/// ```
/// let squares = pack::in_parallel(&(0..100).collect::<Vec<u32>>(), |it| it * it);
/// assert_eq!(squares[9], 81);
/// ```
pub fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let cores = available_parallelism().map_or(1, NonZero::get);
    let threads = cores.min(THREADS_MAX).min(items.len() / ITEMS_FOR_A_THREAD);
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let mut results = Vec::new();
        loop {
            let start = next.fetch_add(ITEMS_AT_A_TIME, Ordering::Relaxed);
            let Some(rest) = items.get(start..).filter(|it| !it.is_empty()) else { return results };
            results.push((start, rest.iter().take(ITEMS_AT_A_TIME).map(&work).collect::<Vec<R>>()));
        }
    };
    let mut parts = scope(|scope| {
        let start = || Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, take).ok();
        let others: Vec<_> = (1..threads).filter_map(|_| start()).collect();
        let mut parts = take();
        for thread in others {
            parts.extend(thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        parts
    });
    parts.sort_unstable_by_key(|(start, _)| *start);
    parts.into_iter().flat_map(|(_, results)| results).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_once_and_in_order() {
        for count in [0, 1, 2 * ITEMS_FOR_A_THREAD - 1, 2 * ITEMS_FOR_A_THREAD, 1_001] {
            let items: Vec<usize> = (0..count).collect();
            assert_eq!(in_parallel(&items, |it| *it), items);
        }
    }
}
