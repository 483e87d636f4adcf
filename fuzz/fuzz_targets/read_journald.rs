//! Any bytes are read as entries of the systemd journal and normalised without a panic, twice with the same result.

#![no_main]

mod reading;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| reading::read(bytes, Some("json")));
