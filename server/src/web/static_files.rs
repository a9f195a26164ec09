//! The site's static files, from the folder `site` beside the program: style, script, WASM, icons. They go out before
//! sessions are looked at, compressed beforehand where the build did so.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;
use http::{HeaderValue, Method, StatusCode};
use leptos::config::LeptosOptions;
use tower::ServiceExt;
use tower_http::services::ServeDir;

use super::Web;

const OUTPUT_NAME: &str = "xl-package-manager";
const SITE_DIR: &str = "site";
const PKG_DIR: &str = "pkg";
const PKG_PREFIX: &str = "/pkg/";
const HASH_FILE: &str = "hash.txt";
/// A name with a hash in it always means the same bytes.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");
/// A folder that has more is not ours.
const MOST_FILES: usize = 5_000;
const DEEPEST: usize = 8;

/// The folder with the static files, as it was at the start.
#[derive(Clone)]
pub struct SiteFiles {
    options: LeptosOptions,
    root: PathBuf,
    /// Addresses of all files, `/pkg/…` and others.
    paths: Arc<HashSet<String>>,
    stylesheet: Arc<str>,
}

impl SiteFiles {
    /// `site` beside the program.
    #[must_use]
    pub fn beside_program() -> Self {
        let program = std::env::current_exe().unwrap_or_default();
        let folder = program.parent().unwrap_or(Path::new("."));
        let root = folder.join(SITE_DIR);
        if !root.is_dir() {
            tracing::warn!(folder = %root.display(), "no static files: pages will have no style");
        }
        Self::at(root, &folder.join(HASH_FILE))
    }

    /// A folder of a test's own, without hashes.
    #[must_use]
    pub fn in_folder(root: &Path) -> Self {
        Self::at(root.to_owned(), &root.join(HASH_FILE))
    }

    fn at(root: PathBuf, hash_file: &Path) -> Self {
        let hashes = std::fs::read_to_string(hash_file).unwrap_or_default();
        let css_hash = hashes.lines().find_map(|line| line.trim().strip_prefix("css:"));
        let stylesheet = match css_hash.map(str::trim) {
            Some(hash) => format!("{PKG_PREFIX}{OUTPUT_NAME}.{hash}.css"),
            None => format!("{PKG_PREFIX}{OUTPUT_NAME}.css"),
        };
        let mut paths = HashSet::new();
        gather(&root, "", 0, &mut paths);
        // Set here and not by environment variables, so that the built folder runs anywhere. Without the file that
        // names the hashes (a build by plain cargo, as in tests) Leptos would panic.
        let options = LeptosOptions::builder()
            .output_name(OUTPUT_NAME)
            .site_root(root.display().to_string())
            .site_pkg_dir(PKG_DIR)
            .hash_file(hash_file.display().to_string().into())
            .hash_files(!hashes.is_empty())
            .build();
        Self { options, root, paths: Arc::new(paths), stylesheet: stylesheet.into() }
    }

    /// What Leptos wants to know.
    #[must_use]
    pub const fn options(&self) -> &LeptosOptions {
        &self.options
    }

    /// The stylesheet's address.
    #[must_use]
    pub fn stylesheet(&self) -> &str {
        &self.stylesheet
    }
}

/// Serves a static file when the address is one, and passes everything else on.
pub async fn serve(State(web): State<Web>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let in_pkg = path.starts_with(PKG_PREFIX);
    if !matches!(*request.method(), Method::GET | Method::HEAD) || !(in_pkg || web.files.paths.contains(path))
    {
        return next.run(request).await;
    }
    if !web.files.paths.contains(path) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let cache = if in_pkg && has_hash(path) { FOREVER } else { AN_HOUR };
    let files = ServeDir::new(&web.files.root).precompressed_br().precompressed_gzip();
    match files.oneshot(request).await {
        Ok(response) => {
            let mut response = response.map(Body::new);
            if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
                response.headers_mut().insert(CACHE_CONTROL, cache);
            }
            response
        }
        Err(never) => match never {},
    }
}

/// `name.<hash>.ext`, as cargo-leptos writes it.
fn has_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let mut parts = name.rsplit('.');
    let (_, hash, stem) = (parts.next(), parts.next(), parts.next());
    stem.is_some() && hash.is_some_and(|hash| hash.len() >= 16)
}

/// The addresses of all files in a folder. Compressed twins are served under the name of what they hold.
fn gather(folder: &Path, prefix: &str, depth: usize, paths: &mut HashSet<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let path = format!("{prefix}/{name}");
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && depth < DEEPEST {
            gather(&entry.path(), &path, depth + 1, paths);
        } else if !is_folder && !name.ends_with(".br") && !name.ends_with(".gz") && paths.len() < MOST_FILES {
            paths.insert(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_hash() {
        assert!(has_hash("/pkg/xl-package-manager.XPmXz2hpWqnhJZFOwCuLaA.css"));
        assert!(!has_hash("/pkg/xl-package-manager.css"));
        assert!(!has_hash("/pkg/snippets/inline0.js"));
    }

    #[test]
    fn only_files_that_are_there() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("pkg")).unwrap();
        for name in ["favicon.svg", "pkg/a.css", "pkg/a.css.br"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let hash_file = folder.path().join("hash.txt.elsewhere");
        std::fs::write(&hash_file, "js: J\nwasm: W\ncss: C\n").unwrap();
        let files = SiteFiles::at(folder.path().to_owned(), &hash_file);
        assert!(files.paths.contains("/favicon.svg") && files.paths.contains("/pkg/a.css"));
        assert!(!files.paths.contains("/pkg/a.css.br"));
        assert_eq!(files.stylesheet(), "/pkg/xl-package-manager.C.css");
    }
}
