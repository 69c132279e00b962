//! The build script: it checks the data files under `assets` and writes them as Rust, so that a start parses none.

#[path = "build/product.rs"]
mod product;
#[path = "build/texts.rs"]
mod texts;

use std::process::ExitCode;

#[expect(clippy::print_stderr, reason = "cargo shows the standard error of a build script that fails")]
fn main() -> ExitCode {
    match product::write_products().and_then(|()| texts::write_module()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
