//! Any bytes are read as Parquet files without a panic that leaves the reader, twice with the same result.

#![no_main]

mod reading;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // The decoder panics on some damage, which the reader reports as damage; the fuzzer's own hook would end the run.
    std::panic::set_hook(Box::new(|_| {}));
    reading::read(bytes, Some("parquet"));
});
