//! Forms of the shop pages.
