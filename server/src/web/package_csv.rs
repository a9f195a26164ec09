//! Packages as a table for a spreadsheet, to be read in again on the import's page.

use app::package_query::PackageQuery;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::{Refusal, Role, write_sheet};
use http::HeaderMap;
use store::{ListedPackage, PACKAGE_SHEET, PACKAGES_AT_ONCE_MOST, PackageSearch, package_cells};

use super::{Web, answers, csv_file, identity};

/// `GET /admin/packages/export.csv` with the filters of the list. As many packages as are read in again at once.
pub async fn show(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    Query(pairs): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    match session.signed_in() {
        None => return answers::refused(&headers, &Refusal::SignInNeeded),
        Some(user) if user.role != Role::Admin => return answers::refused(&headers, &Refusal::NotFound),
        Some(_) => {}
    }
    let asked = PackageQuery::of(|name| {
        let found = pairs.iter().find(|(held, _)| held == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    });
    let search = PackageSearch { limit: PACKAGES_AT_ONCE_MOST, ..asked.search };
    let packages = match web.store.package_list(search).await {
        Ok(page) => page.items,
        Err(error) => return identity::fault(&error),
    };
    match written(&packages) {
        Ok(bytes) => (csv_file::headers("packages.csv"), bytes).into_response(),
        Err(error) => identity::fault(&error),
    }
}

fn written(packages: &[ListedPackage]) -> Result<Vec<u8>, String> {
    let rows: Vec<Vec<String>> = packages.iter().map(|listed| package_cells(&listed.package)).collect();
    write_sheet(PACKAGE_SHEET.columns, rows.iter().map(Vec::as_slice))
}
