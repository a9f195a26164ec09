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
