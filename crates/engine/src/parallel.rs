//! Work on many parts by many threads, with results in the order of the parts.
//!
//! A thread takes the next part, works on it and sends its results through a channel of its own; the consumer empties
//! the channels in the order of the parts. Results waiting: at most [`RESULTS_PER_PART`] for each of at most
//! [`PARTS_AHEAD`] parts for each thread.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// Results of one part that may wait for the consumer.
const RESULTS_PER_PART: usize = 1;

/// Parts that a thread may be ahead of the consumer.
const PARTS_AHEAD: usize = 2;

/// What is done with a part; it stops when `emit` says false.
pub(crate) type Work<T> = Arc<dyn Fn(usize, &mut dyn FnMut(T) -> bool) + Send + Sync>;

/// One result, or the number of a part whose work panicked.
pub(crate) type Outcome<T> = Result<T, usize>;

enum Message<T> {
    Result(T),
    End,
}

struct State<T> {
    next: usize,
    waiting: VecDeque<(usize, Receiver<Message<T>>)>,
    stopped: bool,
}

struct Shared<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
    parts: usize,
    ahead: usize,
}

/// The results of all parts, in order.
pub(crate) struct Ordered<T> {
    shared: Arc<Shared<T>>,
    current: Option<(usize, Receiver<Message<T>>)>,
    threads: Vec<JoinHandle<()>>,
}

impl<T: Send + 'static> Ordered<T> {
    /// Starts `threads` threads on the parts `0..parts`.
    pub(crate) fn start(parts: usize, threads: usize, work: &Work<T>) -> std::io::Result<Self> {
        let threads = threads.clamp(1, parts.max(1));
        let state = State { next: 0, waiting: VecDeque::new(), stopped: false };
        let shared =
            Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new(), parts, ahead: threads * PARTS_AHEAD });
        let mut ordered = Self { shared, current: None, threads: Vec::with_capacity(threads) };
        for number in 0..threads {
            let (shared, work) = (Arc::clone(&ordered.shared), Arc::clone(work));
            let builder = std::thread::Builder::new().name(format!("reader-{number}"));
            ordered.threads.push(builder.spawn(move || shared.run(&work))?);
        }
        Ok(ordered)
    }
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the next part, when the consumer is not too far behind.
    fn claim(&self) -> Option<(usize, SyncSender<Message<T>>)> {
        let mut state = self.lock();
        loop {
            if state.stopped || state.next == self.parts {
                return None;
            }
            if state.waiting.len() < self.ahead {
                break;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let part = state.next;
        state.next += 1;
        let (sender, receiver) = sync_channel(RESULTS_PER_PART);
        state.waiting.push_back((part, receiver));
        self.changed.notify_all();
        Some((part, sender))
    }

    fn run(&self, work: &Work<T>) {
        while let Some((part, sender)) = self.claim() {
            let mut emit = |result| sender.send(Message::Result(result)).is_ok();
            // A panic of a decoder must not lose the other parts; the consumer sees that the end is missing.
            if catch_unwind(AssertUnwindSafe(|| work(part, &mut emit))).is_ok() {
                // The consumer may be gone, which is no concern of this thread.
                let _ = sender.send(Message::End);
            }
        }
    }

    /// The channel of the next part, or nothing after the last one.
    fn next_part(&self) -> Option<(usize, Receiver<Message<T>>)> {
        let mut state = self.lock();
        loop {
            if let Some(part) = state.waiting.pop_front() {
                self.changed.notify_all();
                return Some(part);
            }
            if state.stopped || state.next == self.parts {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl<T> Iterator for Ordered<T> {
    type Item = Outcome<T>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.current.is_none() {
                self.current = Some(self.shared.next_part()?);
            }
            let (part, receiver) = self.current.as_ref()?;
            match receiver.recv() {
                Ok(Message::Result(result)) => return Some(Ok(result)),
                Ok(Message::End) => self.current = None,
                Err(_) => {
                    let part = *part;
                    self.current = None;
                    return Some(Err(part));
                }
            }
        }
    }
}

impl<T> Drop for Ordered<T> {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.stopped = true;
        state.waiting.clear();
        drop(state);
        self.current = None;
        self.shared.changed.notify_all();
        for thread in self.threads.drain(..) {
            // A panic was already caught and reported.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers() -> Work<usize> {
        Arc::new(|part, emit| {
            for it in 0..part % 7 {
                if !emit(part * 10 + it) {
                    return;
                }
            }
            assert!(part != 13, "part 13 fails");
        })
    }

    #[test]
    fn results_come_in_the_order_of_the_parts_on_any_number_of_threads() {
        let expected: Vec<_> = (0..100)
            .flat_map(|part| {
                let results = (0..part % 7).map(move |it| Ok(part * 10 + it));
                results.chain((part == 13).then_some(Err(13)))
            })
            .collect();
        for threads in [1, 2, 5, 200] {
            let results: Vec<_> = Ordered::start(100, threads, &numbers()).expect("threads can be started").collect();
            assert_eq!(results, expected, "{threads} threads");
        }
    }

    #[test]
    fn a_consumer_may_leave_early() {
        let mut results = Ordered::start(100, 3, &numbers()).expect("threads can be started");
        assert_eq!(results.next(), Some(Ok(10)));
        drop(results);
    }
}
