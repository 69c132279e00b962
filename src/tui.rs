//! The terminal program: one app, its screens and dialogs, and the loop that runs them.
//!
//! `update` is the only writer of the app. It uses no clock, file, network or terminal: input comes in as messages
//! and work goes out as effects. `draw` only reads. Only `event_loop` and `terminal` do input and output.

pub mod app;
pub(crate) mod canvas;
pub(crate) mod component;
pub(crate) mod dialogs;
pub mod draw;
pub mod event_loop;
pub(crate) mod footer;
pub(crate) mod header;
pub mod key;
pub mod keymap;
pub mod message;
pub(crate) mod navigation;
pub(crate) mod screens;
pub mod session;
pub(crate) mod start;
pub mod terminal;
pub mod theme;
pub mod update;
pub mod widgets;
