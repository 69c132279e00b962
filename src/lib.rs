//! zegel orders a *PKIo Qualified eSeal* certificate from `CertCentral` Europe, in the terminal.
//!
//! ```text
//!  terminal event ──┐                                  ┌─ draw(&App, &mut Frame)                only reads
//!  reply to effect ─┼─> Message ─> update(&mut App) ───┤
//!  tick, if wanted ─┘                                  └─ Vec<Effect> ─> event_loop ─> Message::Reply(Ticket, …)
//! ```
//!
//! Read the code in this order: one file under `assets/products`, [`product`], [`form`], [`tui`].

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
