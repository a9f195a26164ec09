use crate::db::Row;
use crate::error::Error;
use crate::model::Page;

/// Makes a page of rows of which one more than `limit` was asked for: that one shows that there is a next page.
pub(crate) fn page_of<T>(
    rows: &[Row],
    limit: i64,
    item_of: impl Fn(&Row) -> Result<T, Error>,
    cursor_of: impl Fn(&T) -> String,
) -> Result<Page<T>, Error> {
    let limit = usize::try_from(limit).unwrap_or(1);
    let items = rows.iter().take(limit).map(item_of).collect::<Result<Vec<T>, Error>>()?;
    let next = if rows.len() > limit { items.last().map(cursor_of) } else { None };
    Ok(Page { items, next })
}

/// A `LIKE` pattern that finds the text itself: its own wildcards are escaped with a backslash. For `ESCAPE '\'`.
pub(crate) fn containing(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

#[cfg(test)]
mod tests {
    #[test]
    fn wildcards_of_the_text_stand_for_themselves() {
        assert_eq!(super::containing(r"a_b%c\d"), r"%a\_b\%c\\d%");
    }
}
