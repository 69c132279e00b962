//! Protection of the process memory: a crash leaves no core dump, which would contain keys and card data.
//!
//! On Linux it also prevents other programs of the same user from reading the memory.

use rustix::process::{Resource, Rlimit, setrlimit};

/// Disables core dumps permanently.
pub(super) fn disable_core_dumps() {
    // If lowering the limit is forbidden, core dumps most likely are too. Refusing to run would help nobody.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
