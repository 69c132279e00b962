//! Two accounts in one configuration: the user switches from one to the other at Home, and their data stay separate.

use super::ground::Ground;
use crate::common::steps::leave_kept;
use std::fs;
use zegel::sandbox::{KEY, Sandbox, SandboxOptions};

#[test]
fn another_account_is_one_key_away_and_every_screen_says_which() {
    let ground = Ground::with(&[("MY_KEY", KEY)]);
    let other = Sandbox::start(&SandboxOptions::default()).unwrap();
    let account = |name: &str, url: &str| format!("[accounts.{name}]\nurl = \"{url}\"\nkey_variable = \"MY_KEY\"\n");
    let (here, there) = (account("main", &ground.sandbox.api_url()), account("second", &other.api_url()));
    fs::create_dir(ground.config_dir()).unwrap();
    let text = format!("account = \"main\"\n{here}\n{there}\n[accounts.second.order]\n\"org.id\" = 900002\n");
    fs::write(ground.config_dir().join("config.toml"), &text).unwrap();
    let titles = [format!("SANDBOX main · {}", ground.host()), format!("SANDBOX second · {}", other.address())];
    let mut tty = ground.start();
    tty.wait_for(&titles[0]).wait_for("› [ New order ]").press("a").wait_for("main · ").wait_for("current");
    tty.press("down").wait_for("› second · ").press("enter").wait_for(&titles[1]).wait_for("› [ New order ]");
    tty.press("enter")
        .wait_for("Step 1 of 7")
        .wait_for(&titles[1])
        .wait_for("Filled in from the defaults for account second: Name or id.");
    tty.wait_for("900002  ").press("esc").wait_for("› [ New order ]").press("a").wait_for("› second · ");
    tty.press("up").wait_for("› main · ").press("enter").wait_for(&titles[0]).wait_for("› [ New order ]");
    assert_eq!(leave_kept(&mut tty), 0);
    assert_eq!(ground.config(), text);
    assert_eq!((ground.sandbox.order_counts().received, other.order_counts().received), (0, 0));
}
