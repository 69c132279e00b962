//! Two accounts in one configuration: the user switches from one to the other at Home, and their data stay separate.

use super::home::SetupHome;
use crate::common::steps::leave_kept;
use std::fs;
use zegel::sandbox::{KEY, Sandbox, SandboxOptions};

#[test]
fn accounts_are_switched_by_one_key_and_every_screen_names_the_current_one() {
    let home = SetupHome::with(&[("MY_KEY", KEY)]);
    let other = Sandbox::start(&SandboxOptions::default()).unwrap();
    let account = |name: &str, url: &str| format!("[accounts.{name}]\nurl = \"{url}\"\nkey_variable = \"MY_KEY\"\n");
    let (here, there) = (account("main", &home.sandbox.api_url()), account("second", &other.api_url()));
    fs::create_dir(home.config_dir()).unwrap();
    let text = format!("account = \"main\"\n{here}\n{there}\n[accounts.second.order]\n\"org.id\" = 900002\n");
    fs::write(home.config_dir().join("config.toml"), &text).unwrap();
    let titles = [format!("SANDBOX main · {}", home.host()), format!("SANDBOX second · {}", other.address())];
    let mut tty = home.start();
    tty.wait_for(&titles[0]).wait_for("› [ New order ]").press("a").wait_for("main · ").wait_for("current");
    tty.press("down").wait_for("› second · ").press("enter").wait_for(&titles[1]).wait_for("› [ New order ]");
    tty.press("enter")
        .wait_for("Step 1 of 7")
        .wait_for(&titles[1])
        .wait_for("Filled in from the defaults for account second: Name or id.");
    tty.wait_for("900002  ").press("esc").wait_for("› [ New order ]").press("a").wait_for("› second · ");
    tty.press("up").wait_for("› main · ").press("enter").wait_for(&titles[0]).wait_for("› [ New order ]");
    assert_eq!(leave_kept(&mut tty), 0);
    assert_eq!(home.config(), text);
    assert_eq!((home.sandbox.order_counts().received, other.order_counts().received), (0, 0));
}
