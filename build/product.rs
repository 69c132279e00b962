//! The product files: each becomes a `static` of the model in `src/product.rs`.

#[path = "product/file.rs"]
mod file;
#[path = "../src/product/vocabulary.rs"]
#[expect(unreachable_pub, dead_code, reason = "it is part of the library, where all of it is used")]
mod vocabulary;

use file::ProductFile;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// A field as a file names it: its id is not resolved yet.
type FieldId = String;

/// The order endpoints; an example file beside each is for tests.
const PRODUCTS: &str = "assets/products";

/// What an account is set up with, in the same vocabulary.
const ACCOUNT_SETUP: &str = "assets/setup/account.toml";

/// Writes all product files as Rust to `products.rs` in the directory for generated files.
pub(crate) fn write_products() -> Result<(), String> {
    let files = orderable_files().map_err(|error| format!("{PRODUCTS}: {error}"))?;
    let orderable = files.iter().map(|path| read_statics(path)).collect::<Result<Vec<_>, _>>()?;
    let names: Vec<String> = orderable.iter().map(|(name, _)| format!("&{name}")).collect();
    let list = format!("pub static ORDERABLE: &[&Product] = &[{}];\n", names.join(", "));
    let (_, setup) = read_statics(Path::new(ACCOUNT_SETUP))?;
    let source: String = orderable.into_iter().map(|(_, statics)| statics).chain([setup, list]).collect();
    watch(PRODUCTS);
    watch(ACCOUNT_SETUP);
    let out = env::var_os("OUT_DIR").ok_or("cargo names no directory for generated files")?;
    fs::write(Path::new(&out).join("products.rs"), source).map_err(|error| format!("products.rs: {error}"))
}

/// Makes cargo run the build script again when a file changes, or any file of a directory.
fn watch(path: &str) {
    println!("cargo::rerun-if-changed={path}");
}

fn orderable_files() -> io::Result<Vec<PathBuf>> {
    let entries: io::Result<Vec<PathBuf>> = fs::read_dir(PRODUCTS)?.map(|entry| Ok(entry?.path())).collect();
    let mut files = entries?;
    files.retain(|path| path.to_string_lossy().ends_with(".toml") && !path.to_string_lossy().contains(".examples."));
    files.sort();
    Ok(files)
}

/// Returns the name of the `static` of a file, and its source.
fn read_statics(path: &Path) -> Result<(String, String), String> {
    let with_path = |error: String| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| with_path(error.to_string()))?;
    let file = ProductFile::parse(&text).map_err(with_path)?;
    Ok((file.static_name(), file.into_statics().map_err(with_path)?))
}
