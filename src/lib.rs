//! zegel orders a *PKIo Qualified eSeal* certificate from `CertCentral` Europe, in the terminal.
//!
//! ```text
//!  terminal event ──┐                                ┌─ draw(&Model, &mut Frame)            only reads
//!  reply to effect ─┼─> Msg ─> update(&mut Model) ──┤
//!  tick, if wanted ─┘                                └─ Vec<Effect> ─> run ─> Msg::Reply(Ticket, …)
//! ```
//!
//! Read on in this order: one file under `assets/products`, [`product`], [`form`], [`wizard`].

pub mod account;
pub mod api_url;
pub mod certcentral;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod domain;
pub mod form;
pub mod i18n;
pub mod json;
pub mod keystore;
pub mod messages;
pub mod order;
pub mod product;
pub mod redact;
pub mod sandbox;
pub mod search;
pub mod secret;
pub mod similarity;
pub mod store;
pub mod text;
pub mod tone;
pub mod tui;
pub mod user_files;
