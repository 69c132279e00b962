//! Tests that use only the library, in this process: no `zegel` is started.
//!
//! Form, wizard, screens, API client, sandbox, store, texts, and the rules of the code base.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod common;
mod in_process {
    mod certcentral;
    mod form;
    mod help;
    mod house;
    mod looks;
    mod network;
    mod pictures;
    mod product_files;
    mod reasons;
    mod sandbox_api;
    mod sandbox_rules;
    mod screens;
    mod source;
    mod store;
    mod texts;
    mod theme;
    mod vault;
    mod wizard;
}
