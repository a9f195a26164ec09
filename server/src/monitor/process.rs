//! The process as the system sees it, under the names that Prometheus' own libraries use.

use domain::{SECOND_MS, UtcMillis};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// See the module.
pub(super) struct Process {
    resident: Gauge,
    open_files: Gauge,
}

impl Process {
    pub(super) fn register(registry: &mut Registry, started_at: UtcMillis) -> Self {
        let process = Self { resident: Gauge::default(), open_files: Gauge::default() };
        let started: Gauge = Gauge::default();
        started.set(started_at.0 / SECOND_MS);
        registry.register("start_time_seconds", "When it started, since 1970", started);
        registry.register("resident_memory_bytes", "Memory in use", process.resident.clone());
        registry.register("open_fds", "Open files and connections", process.open_files.clone());
        process
    }

    /// Where the system does not tell, the figures stay at 0.
    pub(super) fn look(&self) {
        if let Some(kilobytes) = resident_kilobytes() {
            self.resident.set(kilobytes.saturating_mul(1_024));
        }
        if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
            self.open_files.set(i64::try_from(files.count()).unwrap_or(i64::MAX));
        }
    }
}

fn resident_kilobytes() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
