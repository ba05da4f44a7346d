//! Memory, as Linux tells it: that of this process, and how much there is at all.

use std::fs::read_to_string;

/// A figure of `/proc/self/status` in bytes, such as `VmRSS`; none where the system does not tell.
pub(super) fn of_this_process(figure: &str) -> Option<u64> {
    figure_in(&read_to_string("/proc/self/status").ok()?, figure)
}

/// How much memory this process and those it starts may take: that of the machine, or of the control group (a container, a service) if that is less. None where
/// the system does not tell.
pub fn available_memory() -> Option<u64> {
    let machine = figure_in(&read_to_string("/proc/meminfo").ok()?, "MemTotal")?;
    let groups = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
    let bounds = groups.iter().filter_map(|path| read_to_string(path).ok()?.trim().parse::<u64>().ok());
    Some(bounds.fold(machine, u64::min))
}

/// A figure in a text of lines such as `VmRSS:  1024 kB`, in bytes.
fn figure_in(text: &str, figure: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(figure)?.strip_prefix(':'))?;
    let kibibytes: u64 = rest.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::figure_in;

    #[test]
    fn a_figure_is_found_by_its_whole_name() {
        let text = "VmPeak:\t  4096 kB\nVmRSS:\t    12 kB\nThreads:\t3\n";
        assert_eq!(figure_in(text, "VmRSS"), Some(12 * 1024));
        assert_eq!(figure_in(text, "Vm"), None);
        assert_eq!(figure_in(text, "Threads"), None);
    }
}
