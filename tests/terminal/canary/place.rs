//! A place for everything that the program may write, and the search of all of it.
//!
//! The environment names these directories and no others; the program starts in its home directory.

use crate::common::search::{KEY, found, found_on_screen, plain};
use crate::common::tty::{Launch, Tty};
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// The directories of the place, by the variable that names each.
const DIRECTORIES: [&str; 9] = [
    "HOME",
    "TMPDIR",
    "ZEGEL_STATE_DIR",
    "ZEGEL_CONFIG_DIR",
    "XDG_STATE_HOME",
    "XDG_DATA_HOME",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "XDG_RUNTIME_DIR",
];

/// Standard output and errors go to files; drawing goes to the terminal nevertheless.
pub(crate) const APART: &str = r#"cd "$HOME" && exec "$0" "$@" > ../out 2> ../err"#;

pub(crate) struct Place {
    root: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        for name in DIRECTORIES {
            fs::create_dir(root.path().join(name)).unwrap();
        }
        Self { root }
    }

    /// Returns the program with these arguments and a log, with all its directories in the place.
    pub(crate) fn launch(&self, args: &[&str]) -> Launch {
        let log = self.path("log");
        let launch = Launch::new(&[&["--log", &log], args].concat()).env("ZEGEL_TEST_PACE", "600").through(APART);
        DIRECTORIES.iter().fold(launch, |launch, name| launch.env(name, &self.path(name)))
    }

    /// The same with the account of a server.
    pub(crate) fn launch_on(&self, url: &str) -> Launch {
        self.launch(&[]).env("ZEGEL_API_URL", url).env("ZEGEL_API_KEY", KEY)
    }

    /// Returns a command with the account of a server, without a terminal, started in the place.
    pub(crate) fn command(&self, args: &[&str], url: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zegel"));
        command.args(["--log", &self.path("log")]).args(args).current_dir(self.root.path()).env_clear();
        command.env("ZEGEL_API_URL", url).env("ZEGEL_API_KEY", KEY).env("ZEGEL_TEST_PACE", "600");
        command.envs(DIRECTORIES.map(|name| (name, self.path(name))));
        command
    }

    /// Writes this into files wherever the program may write. Returns their names.
    pub(crate) fn plant(&self, text: &str) -> Vec<String> {
        let below = DIRECTORIES.map(|name| format!("{name}/planted"));
        let files = below.iter().map(String::as_str).chain(["out", "err", "log"]).map(|name| self.path(name));
        files.inspect(|file| fs::write(file, text).unwrap()).collect()
    }

    /// Returns the content of the files in a directory.
    pub(crate) fn written(&self, name: &str) -> Vec<String> {
        let entries = fs::read_dir(self.root.path().join(name)).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.is_file()).map(|path| fs::read_to_string(path).unwrap()).collect()
    }

    /// Returns the content of the files in a directory, also of binary ones.
    pub(crate) fn written_bytes(&self, name: &str) -> Vec<String> {
        let entries = fs::read_dir(self.root.path().join(name)).unwrap().map(|entry| entry.unwrap().path());
        let files = entries.filter(|path| path.is_file());
        files.map(|path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()).collect()
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.root.path().join(name).to_str().unwrap().to_owned()
    }

    /// Returns the secrets that are found in files and their names.
    pub(crate) fn finds_in_files(&self) -> Vec<String> {
        let mut finds = Vec::new();
        search_files(self.root.path(), &mut finds);
        finds
    }

    /// Returns the secrets that are found, with their place: in files and their names, and in all output to the
    /// terminal.
    pub(crate) fn finds(&self, tty: &Tty) -> Vec<String> {
        let mut finds = self.finds_in_files();
        let raw = tty.raw();
        finds.extend(found(&raw).into_iter().map(|what| format!("{what} in the terminal")));
        finds.extend(found(&plain(&raw)).into_iter().map(|what| format!("{what} in the terminal's text")));
        tty.frames(|view| finds.extend(found_on_screen(&view.rows()).iter().map(|what| format!("{what} in a frame"))));
        finds
    }

    /// Asserts that nothing is found, and that there was something to search.
    #[track_caller]
    pub(crate) fn assert_clean(&self, tty: &Tty) {
        assert_eq!(self.finds(tty), Vec::<String>::new());
        let searched = search_files(self.root.path(), &mut Vec::new());
        assert!(searched > 1, "a log and a store at least");
        assert!(String::from_utf8_lossy(&tty.raw()).contains("***********0648"), "the card was typed");
    }
}

/// Searches all files below. Returns how many were not empty.
fn search_files(dir: &Path, finds: &mut Vec<String>) -> usize {
    let mut searched = 0;
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let path = entry.path();
        finds.extend(
            found(path.to_str().unwrap().as_bytes()).iter().map(|what| format!("{what} in {}", path.display())),
        );
        if entry.file_type().unwrap().is_dir() {
            searched += search_files(&path, finds);
        } else if entry.file_type().unwrap().is_file() {
            let bytes = fs::read(&path).unwrap();
            searched += usize::from(!bytes.is_empty());
            finds.extend(found(&bytes).into_iter().map(|what| format!("{what} in {}", path.display())));
        }
    }
    searched
}
