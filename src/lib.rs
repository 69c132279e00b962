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
pub mod certcentral;
pub mod cli;
pub mod clock;
pub mod command;
pub mod config;
pub mod facts;
pub mod file;
pub mod find;
pub mod form;
pub mod host;
pub mod json;
pub mod lang;
pub mod layout;
pub mod likeness;
pub mod order;
pub mod product;
pub mod redact;
pub mod run;
pub mod sandbox;
pub mod secret;
pub mod store;
pub mod tell;
pub mod term;
pub mod text;
pub mod ui;
pub mod vault;
pub mod wire;
pub mod wizard;
