//! Other programs: pg_dump, pg_restore, rclone. No shell stands in between.

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use super::failure;
use crate::commands::Failure;

const LOOK_EVERY: Duration = Duration::from_millis(50);
/// What is shown of a program's complaint.
const WORDS_MOST_BYTES: u64 = 16 * 1024;
const WORDS_SHOWN_CHARS: usize = 600;

/// Runs a program to its end and gives what it wrote; it is ended when it takes too long.
pub(super) fn run(mut command: Command, package: &str, most: Duration) -> Result<String, Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            failure(format!("{name} is not installed (apt-get install {package})"))
        }
        _ => Failure::io(name.clone())(error),
    })?;
    let (output, complaint) = (gather(child.stdout.take()), gather(child.stderr.take()));
    let status = wait(&mut child, most).map_err(Failure::io(name.clone()))?;
    let (output, complaint) = (output.join().unwrap_or_default(), complaint.join().unwrap_or_default());
    match status {
        Some(status) if status.success() => Ok(output),
        Some(_) => {
            let words: String = complaint.trim().chars().take(WORDS_SHOWN_CHARS).collect();
            Err(failure(format!("{name} failed: {words}")))
        }
        None => Err(failure(format!("{name} was ended after {} minutes", most.as_secs() / 60))),
    }
}

/// Reads all, so that the program is never held up, and keeps the beginning.
fn gather(pipe: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let Some(mut pipe) = pipe else { return String::new() };
        let mut kept = Vec::new();
        let _ = pipe.by_ref().take(WORDS_MOST_BYTES).read_to_end(&mut kept);
        let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        String::from_utf8_lossy(&kept).into_owned()
    })
}

/// Nothing when it took too long and was ended.
fn wait(child: &mut Child, most: Duration) -> std::io::Result<Option<ExitStatus>> {
    let mut waited = Duration::ZERO;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if waited >= most {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(LOOK_EVERY);
        waited += LOOK_EVERY;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_it_is_told() {
        let long = Duration::from_secs(20);
        let shell = |script: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            command
        };
        assert_eq!(run(shell("echo out; echo err >&2"), "dash", long).unwrap(), "out\n");
        let failed = run(shell("echo why >&2; exit 3"), "dash", long).unwrap_err().to_string();
        assert_eq!(failed, "sh failed: why");
        let late = run(shell("exec sleep 60"), "dash", Duration::from_millis(100)).unwrap_err().to_string();
        assert!(late.contains("was ended"), "{late}");
        let missing = run(Command::new("xl-no-such-program"), "nothing", long).unwrap_err().to_string();
        assert_eq!(missing, "xl-no-such-program is not installed (apt-get install nothing)");
    }
}
