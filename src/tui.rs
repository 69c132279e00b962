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
pub mod key;
pub mod keymap;
pub mod message;
pub(crate) mod screens;
pub mod session;
pub mod terminal;
pub mod theme;
pub mod widgets;
