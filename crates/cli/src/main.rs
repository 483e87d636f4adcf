//! The binary `prospero`.

fn main() -> std::process::ExitCode {
    cli::main()
}
