//! The way back to a form's page: only its path and query, never another site.

use http::header::REFERER;
use http::{HeaderMap, Uri};

/// Where a form stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Back {
    path: String,
    query: Vec<(String, String)>,
}

const FORM: &str = "form";

impl Back {
    /// The page that the form was sent from. The `Referer` may be missing or forged; its host is not looked at, because
    /// only its path is used, and only on this site.
    #[must_use]
    pub fn to_form(headers: &HeaderMap) -> Self {
        let referer = headers.get(REFERER).and_then(|referer| referer.to_str().ok());
        let uri = referer.and_then(|referer| referer.parse::<Uri>().ok());
        uri.map_or_else(|| Self::to_page("/"), |uri| Self::of(&uri))
    }

    /// A page of ours.
    #[must_use]
    pub fn to_page(path: &str) -> Self {
        Self { path: path.to_owned(), query: Vec::new() }
    }

    /// Whether it is the page at this path, whatever its query.
    #[must_use]
    pub fn is(&self, path: &str) -> bool {
        self.path == path
    }

    fn of(uri: &Uri) -> Self {
        let Some(path) = app::context::local_path(uri.path()) else {
            return Self::to_page("/");
        };
        let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let query = query.filter(|(name, _)| name != FORM);
        Self {
            path: path.to_owned(),
            query: query.map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
        }
    }

    /// The page itself.
    #[must_use]
    pub fn plain(&self) -> String {
        self.written(None)
    }

    /// The page with a draft.
    #[must_use]
    pub fn with_form(&self, id: &str) -> String {
        self.written(Some(id))
    }

    /// First sign in, then the page.
    #[must_use]
    pub fn to_sign_in(&self) -> String {
        let next: String = form_urlencoded::byte_serialize(self.plain().as_bytes()).collect();
        format!("/login?next={next}")
    }

    /// First the password once more, then the page with a draft.
    #[must_use]
    pub fn to_confirm(&self, id: &str) -> String {
        let next: String = form_urlencoded::byte_serialize(self.with_form(id).as_bytes()).collect();
        format!("/confirm?next={next}")
    }

    /// The draft that an address names.
    #[must_use]
    pub fn form_id(uri: &Uri) -> Option<String> {
        let query = form_urlencoded::parse(uri.query()?.as_bytes());
        query.into_iter().find(|(name, _)| name == FORM).map(|(_, id)| id.into_owned())
    }

    fn written(&self, form: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.query);
        if let Some(id) = form {
            query.append_pair(FORM, id);
        }
        let query = query.finish();
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn back(referer: &'static str) -> Back {
        let headers = HeaderMap::from_iter([(REFERER, HeaderValue::from_static(referer))]);
        Back::to_form(&headers)
    }

    #[test]
    fn the_query_is_kept_and_the_old_draft_is_not() {
        let back = back("https://toko.example/buy/7QK2?msisdn=0878+1&form=old");
        assert_eq!(back.with_form("new"), "/buy/7QK2?msisdn=0878+1&form=new");
        assert_eq!(back.plain(), "/buy/7QK2?msisdn=0878+1");
        assert_eq!(back.to_sign_in(), "/login?next=%2Fbuy%2F7QK2%3Fmsisdn%3D0878%2B1");
    }

    #[test]
    fn never_to_another_site() {
        assert_eq!(back("https://evil.example//evil.example/x").plain(), "/");
        assert_eq!(back("not an address").plain(), "/");
        assert_eq!(back("https://evil.example/login").plain(), "/login");
        assert_eq!(Back::to_form(&HeaderMap::new()).plain(), "/");
    }

    #[test]
    fn the_draft_of_an_address() {
        assert_eq!(Back::form_id(&"/login?next=%2F&form=abc".parse().unwrap()), Some("abc".into()));
        assert_eq!(Back::form_id(&"/login".parse().unwrap()), None);
    }
}
