use leptos::prelude::*;

/// Font Awesome's icons, by what they mean here.
pub mod icons {
    pub use icondata_fa::{
        FaArrowLeftSolid as BACK, FaArrowRightSolid as NEXT, FaBanSolid as BAN, FaBellSolid as BELL,
        FaBoltSolid as BOLT, FaBoxOpenSolid as PACKAGE, FaBuildingColumnsSolid as BANK,
        FaCheckSolid as CHECK, FaChevronRightSolid as CHEVRON, FaCircleExclamationSolid as ALERT,
        FaCircleHalfStrokeSolid as SYSTEM, FaCircleInfoSolid as INFO, FaClockRotateLeftSolid as HISTORY,
        FaClockSolid as CLOCK, FaCopySolid as COPY, FaDownloadSolid as DOWNLOAD,
        FaGaugeHighSolid as OVERVIEW, FaGearSolid as SETTINGS, FaHourglassHalfSolid as WAIT,
        FaHouseSolid as HOME, FaInboxSolid as INBOX, FaLanguageSolid as LANGUAGE,
        FaMagnifyingGlassSolid as SEARCH, FaMobileScreenButtonSolid as PHONE,
        FaMoneyBillTransferSolid as TRANSFER, FaMoonSolid as MOON, FaPenSolid as EDIT, FaPlusSolid as PLUS,
        FaQrcodeSolid as QR, FaReceiptSolid as RECEIPT, FaRightFromBracketSolid as SIGN_OUT,
        FaRotateLeftSolid as RETURNED, FaShieldHalvedSolid as SHIELD, FaSimCardSolid as SIM,
        FaSpinnerSolid as SPINNER, FaSunSolid as SUN, FaTableListSolid as STATEMENT, FaUserSolid as USER,
        FaUsersSolid as USERS, FaWalletSolid as WALLET, FaWhatsappBrands as WHATSAPP, FaXmarkSolid as CROSS,
    };
}

/// An icon as inline SVG. It only decorates: the words beside it, or the `aria-label` around it, say what it means.
#[component]
pub fn Icon(
    /// One of [`icons`].
    icon: icondata_core::Icon,
) -> AnyView {
    view! {
        <svg class="icon" viewBox=icon.view_box.unwrap_or("0 0 512 512") aria-hidden="true" inner_html=icon.data></svg>
    }.into_any()
}
