//! The memory of this process, as Linux tells it.

/// A figure of `/proc/self/status` in bytes, such as `VmRSS`; none where the system does not tell.
pub(super) fn of_this_process(figure: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let rest = status.lines().find_map(|line| line.strip_prefix(figure)?.strip_prefix(':'))?;
    let kibibytes: u64 = rest.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
