//! Forms of the topup pages.
