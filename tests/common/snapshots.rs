//! Snapshots with names that the test gives, without the module path, in `snapshots` beside the test.

/// Applies until the returned guard is dropped.
pub(crate) fn bind_settings() -> insta::internals::SettingsBindDropGuard {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind_to_scope()
}
