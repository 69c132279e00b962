//! A home directory without an account, and a sandbox that it can be set up for.
//!
//! This module knows where the program writes, and searches all of it; it presses no keys.

use crate::common::tty::{Launch, Tty};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;
use zegel::sandbox::{KEY, Sandbox, SandboxOptions};

/// An address without a session bus, whatever the machine has.
const NO_BUS: &str = "unix:path=/nowhere/bus";

/// Variables that every start gets besides those of the directories.
type Variables<'a> = [(&'a str, &'a str)];

/// The home directory, and the sandbox.
pub(crate) struct SetupHome {
    /// Starts the program, each time with the same directories.
    pub(crate) launch: Launch,
    pub(crate) sandbox: Sandbox,
    /// The user's files outside zegel's directories: scripts and their output.
    pub(crate) apart: TempDir,
    env: Vec<(String, String)>,
}

impl SetupHome {
    /// Without a keyring.
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    /// With these variables in the environment.
    pub(crate) fn with(variables: &Variables) -> Self {
        let env = [&[("DBUS_SESSION_BUS_ADDRESS", NO_BUS)], variables].concat();
        let launch = env.iter().fold(Launch::new(&[]), |launch, (name, value)| launch.env(name, value));
        let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let (sandbox, apart) = (Sandbox::start(&SandboxOptions::default()).unwrap(), tempfile::tempdir().unwrap());
        Self { launch, sandbox, apart, env }
    }

    /// Starts `zegel` without arguments.
    pub(crate) fn start(&self) -> Tty {
        self.launch.start()
    }

    /// Returns the name of the sandbox on the screen.
    pub(crate) fn host(&self) -> String {
        self.sandbox.address().to_string()
    }

    /// Returns the directory of the configuration and of the proposed key file.
    pub(crate) fn config_dir(&self) -> PathBuf {
        self.launch.state().join("config")
    }

    /// Returns the configuration.
    pub(crate) fn config(&self) -> String {
        fs::read_to_string(self.config_dir().join("config.toml")).unwrap()
    }

    /// Writes a script that is run by its path.
    pub(crate) fn script(&self, name: &str, text: &str) -> PathBuf {
        let path = self.apart.path().join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        path
    }

    /// Runs the program without a terminal, with the same configuration.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zegel"));
        command.args(args).env_clear().env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("ZEGEL_STATE_DIR", self.launch.state()).env("ZEGEL_CONFIG_DIR", self.config_dir());
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command.stdin(std::process::Stdio::null()).output().unwrap()
    }

    /// Returns every file that the program left in its directories.
    pub(crate) fn left(&self) -> Vec<PathBuf> {
        files(self.launch.state())
    }

    /// Returns the files that contain the key.
    pub(crate) fn with_key(&self) -> Vec<PathBuf> {
        let has_key = |path: &PathBuf| memchr::memmem::find(&fs::read(path).unwrap(), KEY.as_bytes()).is_some();
        self.left().into_iter().filter(has_key).collect()
    }
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Returns the mode of a file, as `chmod` takes it.
#[track_caller]
pub(crate) fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// Asserts that neither the screen nor the bytes for the terminal had the key, not even a part of it.
#[track_caller]
pub(crate) fn assert_unseen(tty: &Tty, key: &str) {
    let part = &key[..12];
    assert!(memchr::memmem::find(&tty.raw(), part.as_bytes()).is_none());
    tty.frames(|view| assert!(!view.text().contains(part), "{}", view.text()));
}
