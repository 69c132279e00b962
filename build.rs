//! The build script: it checks the data files under `assets` and writes them as Rust, so that a start parses none.

#[path = "build/product.rs"]
mod product;

use std::process::ExitCode;

#[expect(clippy::print_stderr, reason = "cargo shows the standard error of a build script that fails")]
fn main() -> ExitCode {
    match product::write_products() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
