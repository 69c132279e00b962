//! Draws the pictures of the README anew, from the program as it is: `cargo run --example pictures`.
//!
//! What is drawn, and by which keys, stands in `tests/common/pictures.rs`; a test compares the files with it.
#![allow(clippy::unwrap_used, reason = "who draws pictures reads what went wrong")]

#[path = "../tests/common"]
mod common {
    pub(crate) mod palette;
    pub(crate) mod pictures;
    pub(crate) mod walk;
}

use std::fs;
use std::io::Result;
use std::path::Path;

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (path, svg) in common::pictures::pictures() {
        fs::create_dir_all(root.join(&path).parent().unwrap())?;
        fs::write(root.join(path), svg)?;
    }
    Ok(())
}
