//! The trust in configuration files: they must belong to this user or to root, and nobody else may be able to write to
//! them or replace them.
//!
//! A refused file is not read: no command in it is run.

use super::Ran;
use assert_cmd::Command;
use rstest::rstest;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::PathBuf;
use tempfile::TempDir;

/// Another user.
const OTHER: u32 = 65_534;

/// A home directory with a configuration, whose key comes from a command that leaves a trace.
struct Home {
    root: TempDir,
}

impl Home {
    fn new() -> Self {
        let home = Self { root: tempfile::tempdir().unwrap() };
        let text = format!(
            "[accounts.main]\nurl = \"http://127.0.0.1:1/services/v2\"\nkey_command = [\"touch\", {:?}]\n",
            home.path("trace").display().to_string()
        );
        for dir in ["up/home/.config/zegel", "up/home/dotfiles/zegel", "up/srv"] {
            fs::create_dir_all(home.path(dir)).unwrap();
        }
        for dir in ["up", "up/home", "up/home/.config", "up/home/.config/zegel", "up/home/dotfiles", "up/srv"] {
            home.mode(dir, 0o755);
        }
        home.mode("up/home/dotfiles/zegel", 0o755);
        fs::write(home.path(FILE), text).unwrap();
        home.mode(FILE, 0o600);
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), Permissions::from_mode(mode)).unwrap();
    }

    /// Moves the configuration there, and leaves a link in its place.
    fn linked(self, to: &str) -> Self {
        fs::rename(self.path(FILE), self.path(to)).unwrap();
        symlink(self.path(to), self.path(FILE)).unwrap();
        self
    }

    fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, &[])
    }

    fn run_with(&self, args: &[&str], env: &[(&str, &str)]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zegel"));
        command.args(args).env_clear().env("HOME", self.path("up/home")).env("PATH", "/usr/bin:/bin");
        let output = command.env("ZEGEL_STATE_DIR", self.path("state")).envs(env.iter().copied()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Asserts that the configuration is refused with these codes, and that the key command was not run.
    #[track_caller]
    fn assert_refused(&self, codes: &[&str]) {
        let json: serde_json::Value = serde_json::from_str(&self.run(&["config", "--json"]).out).unwrap();
        let problems = json["problems"].as_array().unwrap().iter();
        let found = problems.map(|one| one["code"].as_str().unwrap());
        let found: Vec<_> = found.filter(|code| code.starts_with("file_") || code.starts_with("folder_")).collect();
        assert_eq!(found, codes, "{json:#}");
        let ran = self.run(&["status", "1"]);
        assert_eq!((ran.code, self.path("trace").exists()), (Some(2), codes.is_empty()), "{ran:?}");
        assert_eq!(ran.err.contains("zegel does not use"), !codes.is_empty(), "{ran:?}");
    }
}

const FILE: &str = "up/home/.config/zegel/config.toml";

#[rstest]
#[case(0o600, &[])]
#[case(0o400, &[])]
#[case(0o644, &[])]
#[case(0o444, &[])]
#[case(0o660, &["file_writable"])]
#[case(0o620, &["file_writable"])]
#[case(0o602, &["file_writable"])]
#[case(0o646, &["file_writable"])]
#[case(0o666, &["file_writable"])]
fn a_configuration_writable_by_others_is_not_used(#[case] mode: u32, #[case] codes: &[&str]) {
    let home = Home::new();
    home.mode(FILE, mode);
    home.assert_refused(codes);
    let shown = home.run(&["config", "--lang", "en"]).err;
    assert_eq!(shown.contains(&format!("chmod go-w {}", home.path(FILE).display())), !codes.is_empty(), "{shown}");
}

#[rstest]
#[case::private("up/home/.config/zegel", 0o700, &[])]
#[case::seen("up/home/.config/zegel", 0o755, &[])]
#[case::of_a_group("up/home/.config/zegel", 0o775, &[])]
#[case::sticky("up/home/.config/zegel", 0o1777, &[])]
#[case::everybodys("up/home/.config/zegel", 0o777, &["folder_writable"])]
#[case::not_the_groups("up/home/.config/zegel", 0o757, &["folder_writable"])]
#[case::between("up/home/.config", 0o777, &["folder_writable"])]
#[case::home("up/home", 0o777, &["folder_writable"])]
#[case::above_home("up", 0o777, &[])]
#[case::beside("up/srv", 0o777, &[])]
fn a_configuration_replaceable_by_others_is_not_used(#[case] dir: &str, #[case] mode: u32, #[case] codes: &[&str]) {
    let home = Home::new();
    home.mode(dir, mode);
    home.assert_refused(codes);
}

/// Only root can give a file away; other users skip this case.
#[rstest]
#[case::file(FILE, &["file_owner"])]
#[case::folder("up/home/.config/zegel", &["folder_owner"])]
#[case::between("up/home/.config", &["folder_owner"])]
#[case::home("up/home", &["folder_owner"])]
#[case::above_home("up", &[])]
#[case::beside("up/srv", &[])]
fn a_configuration_of_another_user_is_not_used(#[case] name: &str, #[case] codes: &[&str]) {
    let home = Home::new();
    if chown(home.path(name), Some(OTHER), None).is_ok() {
        home.assert_refused(codes);
    }
}

#[rstest]
#[case::within("up/home/dotfiles/zegel/own.toml", None, &[])]
#[case::elsewhere("up/srv/own.toml", None, &[])]
#[case::writable("up/home/dotfiles/zegel/own.toml", Some(("up/home/dotfiles/zegel/own.toml", 0o620)), &["file_writable"])]
#[case::in_an_open_folder("up/home/dotfiles/zegel/own.toml", Some(("up/home/dotfiles/zegel", 0o777)), &["folder_writable"])]
#[case::below_an_open_folder("up/home/dotfiles/zegel/own.toml", Some(("up/home/dotfiles", 0o777)), &["folder_writable"])]
#[case::elsewhere_in_an_open_folder("up/srv/own.toml", Some(("up/srv", 0o777)), &["folder_writable"])]
#[case::elsewhere_in_a_sticky_folder("up/srv/own.toml", Some(("up/srv", 0o1777)), &[])]
#[case::a_link_in_an_open_folder("up/srv/own.toml", Some(("up/home/.config/zegel", 0o777)), &["folder_writable"])]
fn a_link_is_followed_and_its_target_is_checked(
    #[case] to: &str,
    #[case] open: Option<(&str, u32)>,
    #[case] codes: &[&str],
) {
    let home = Home::new().linked(to);
    if let Some((name, mode)) = open {
        home.mode(name, mode);
    }
    home.assert_refused(codes);
}

/// The link is in a directory that others can write to, although both ends are protected.
#[test]
fn a_link_in_the_path_of_a_link_is_checked_too() {
    let home = Home::new().linked("up/home/dotfiles/zegel/own.toml");
    fs::remove_file(home.path(FILE)).unwrap();
    symlink(home.path("up/srv/folder/own.toml"), home.path(FILE)).unwrap();
    symlink("../home/dotfiles/zegel", home.path("up/srv/folder")).unwrap();
    home.assert_refused(&[]);
    fs::remove_file(home.path("trace")).unwrap();
    home.mode("up/srv", 0o777);
    home.assert_refused(&["folder_writable"]);
}

#[test]
fn directories_above_the_named_one_are_not_checked() {
    let home = Home::new();
    let named = home.path("up/home/.config/zegel");
    home.mode("up/home/.config", 0o777);
    let run = || home.run_with(&["config"], &[("ZEGEL_CONFIG_DIR", named.to_str().unwrap())]).code;
    assert_eq!(run(), Some(0));
    home.mode("up/home/.config/zegel", 0o777);
    assert_eq!(run(), Some(1));
}

#[test]
fn without_a_file_there_is_nothing_to_refuse() {
    let home = Home::new();
    fs::remove_file(home.path(FILE)).unwrap();
    home.mode("up/home/.config/zegel", 0o777);
    let ran = home.run_with(&["config"], &[("ZEGEL_API_KEY", "MADE-UP-KEY")]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
}

#[rstest]
#[case::of_a_group("up/home/.config", 0o775, Some(0), "config_shared")]
#[case::home("up/home", 0o770, Some(0), "config_shared")]
#[case::nobody_elses("up/home/.config", 0o755, Some(0), "config_read")]
#[case::everybodys("up/home/.config", 0o757, None, "config_wrong")]
fn the_doctor_reports_shared_directories(
    #[case] dir: &str,
    #[case] mode: u32,
    #[case] warned: Option<usize>,
    #[case] code: &str,
) {
    let home = Home::new();
    home.mode(dir, mode);
    let json: serde_json::Value = serde_json::from_str(&home.run(&["doctor", "--json"]).out).unwrap();
    let found: Vec<_> =
        json["checks"].as_array().unwrap().iter().filter(|one| one["check"] == "configuration").collect();
    let last = found.last().unwrap();
    let result = match (warned, code) {
        (None, _) => "failed",
        (_, "config_shared") => "warning",
        _ => "ok",
    };
    assert_eq!((last["code"].as_str(), last["result"].as_str()), (Some(code), Some(result)), "{found:?}");
    assert!(last["message"].as_str().unwrap().contains(&dir.replace("up/home", "~")), "{last}");
}
