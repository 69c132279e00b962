//! What the process leaves behind when it crashes: no dump of its memory, in which keys and card data are.
//!
//! On Linux it also keeps other programs of the same user from reading that memory.

use rustix::process::{Resource, Rlimit, setrlimit};

/// Turns core dumps off, for good.
pub(super) fn disable_core_dumps() {
    // Where even lowering a limit is forbidden, so are dumps most likely; refusing to work would help nobody.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
