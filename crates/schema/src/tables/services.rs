//! Types and start types of Windows services: event 7045 has them in words, 4697 in numbers.

/// Bits of a service type and the words of event 7045.
///
/// Several numbers share words: 0x20 shares its process, 0x110 may talk to the desktop, 0x50 to 0xe0 are services of
/// one user.
const TYPES: [(u32, &str); 11] = [
    (0x1, "kernel mode driver"),
    (0x2, "file system driver"),
    (0x4, "adapter"),
    (0x8, "recognizer driver"),
    (0x10, "user mode service"),
    (0x20, "user mode service"),
    (0x50, "user mode service"),
    (0x60, "user mode service"),
    (0xd0, "user mode service"),
    (0xe0, "user mode service"),
    (0x110, "user mode service"),
];

/// Start types by number and the words of events 7045 and 7040.
const START_TYPES: [&str; 5] = ["boot start", "system start", "auto start", "demand start", "disabled"];

/// The words for the number of a service type.
pub fn type_words(number: u32) -> Option<&'static str> {
    TYPES.iter().find(|it| it.0 == number).map(|it| it.1)
}

/// The first number for the words of a service type, ignoring case.
pub fn type_number(words: &str) -> Option<u32> {
    TYPES.iter().find(|it| it.1.eq_ignore_ascii_case(words)).map(|it| it.0)
}

/// The words for the number of a start type, 0-4.
pub fn start_words(number: u32) -> Option<&'static str> {
    START_TYPES.get(number as usize).copied()
}

/// The number for the words of a start type, ignoring case.
pub fn start_number(words: &str) -> Option<u32> {
    START_TYPES.iter().position(|it| it.eq_ignore_ascii_case(words)).map(|it| it as u32)
}
