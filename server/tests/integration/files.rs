//! Static files.

use axum::body::Body;
use http::{Method, StatusCode};

use crate::shop::{Setup, on_each_database};

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_sent_compressed() {
    let folder = tempfile::tempdir().unwrap();
    let pkg = folder.path().join("pkg");
    std::fs::create_dir(&pkg).unwrap();
    let hashed = "xl-package-manager.XPmXz2hpWqnhJZFOwCuLaA.css";
    std::fs::write(pkg.join(hashed), "body{}").unwrap();
    std::fs::write(pkg.join(format!("{hashed}.br")), "brotli").unwrap();
    std::fs::write(folder.path().join("favicon.svg"), "<svg/>").unwrap();
    let setup = Setup { site_folder: Some(folder.path()), ..Setup::default() };
    on_each_database(setup, async |shop| {
        let mut visitor = shop.visitor();
        let path = format!("/pkg/{hashed}");
        let plain = visitor.get(&path).await;
        assert_eq!((plain.status, plain.body.as_str()), (StatusCode::OK, "body{}"));
        assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(plain.header("content-type"), "text/css");
        assert_eq!(plain.header("x-content-type-options"), "nosniff");
        assert_eq!(plain.header("set-cookie"), "");
        let small = visitor.send(Method::GET, &path, &[("accept-encoding", "br")], Body::empty()).await;
        assert_eq!((small.header("content-encoding"), small.body.as_str()), ("br", "brotli"));

        let icon = visitor.get("/favicon.svg").await;
        assert_eq!(icon.header("cache-control"), "public, max-age=3600");
        for path in ["/pkg/../../secret", "/pkg/%2e%2e/%2e%2e/secret", &format!("/pkg/{hashed}.br"), "/pkg/"]
        {
            assert_eq!(visitor.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    })
    .await;
}
