//! Every address of the interface. All pages load before they are sent, so that they can redirect and set a status.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::pages::account::{CloseAccountPage, ProfilePage, SignInsPage, StatementPage};
use crate::pages::admin::{
    AdminAuditPage, AdminBackupsPage, AdminBookPage, AdminCasePage, AdminCasesPage, AdminCorrectionPage,
    AdminCorrectionsPage, AdminExceptionsPage, AdminGatewaysPage, AdminNoticesPage, AdminOffersPage,
    AdminOverviewPage, AdminPackageBulkPage, AdminPackageImportPage, AdminPackagePage, AdminPackagesPage,
    AdminPayDayPage, AdminPaymentsPage, AdminQrisPage, AdminReportPage, AdminSettingsPage,
    AdminStatementPage, AdminStatementsPage, AdminTopupPage, AdminTopupsPage, AdminTransactionPage,
    AdminTransactionsPage, AdminUserPage, AdminUsersPage, AdminWaitingPage, AdminWebhooksPage,
    NewPackagePage, NewUserPage,
};
use crate::pages::numbers::{NumberPage, NumbersPage, OtpPage};
use crate::pages::public::{
    ConfirmPage, ForgotPage, LandingPage, LoginPage, MaintenancePage, NotFoundPage, PrivacyPage,
    RegisterPage, ResetPage, SetupPage, TermsPage, VerifyPage,
};
use crate::pages::receipts::{ReceiptPage, SharedReceiptPage};
use crate::pages::saved::SavedNumbersPage;
use crate::pages::shop::{BuyPage, DashboardPage, PackagesPage, TransactionPage, TransactionsPage};
use crate::pages::topup::{PayPage, TopupHistoryPage, TopupPage, TopupSummaryPage};

/// The router.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=LandingPage ssr=SsrMode::Async/>
                <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async/>
                <Route path=path!("/forgot") view=ForgotPage ssr=SsrMode::Async/>
                <Route path=path!("/reset/:token") view=ResetPage ssr=SsrMode::Async/>
                <Route path=path!("/verify/:token") view=VerifyPage ssr=SsrMode::Async/>
                <Route path=path!("/confirm") view=ConfirmPage ssr=SsrMode::Async/>
                <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async/>
                <Route path=path!("/setup") view=SetupPage ssr=SsrMode::Async/>
                <Route path=path!("/terms") view=TermsPage ssr=SsrMode::Async/>
                <Route path=path!("/privacy") view=PrivacyPage ssr=SsrMode::Async/>
                <Route path=path!("/dashboard") view=DashboardPage ssr=SsrMode::Async/>
                <Route path=path!("/packages") view=PackagesPage ssr=SsrMode::Async/>
                <Route path=path!("/buy/:package") view=BuyPage ssr=SsrMode::Async/>
                <Route path=path!("/transactions") view=TransactionsPage ssr=SsrMode::Async/>
                <Route path=path!("/transactions/:id") view=TransactionPage ssr=SsrMode::Async/>
                <Route path=path!("/transactions/:id/receipt") view=ReceiptPage ssr=SsrMode::Async/>
                <Route path=path!("/r/:token") view=SharedReceiptPage ssr=SsrMode::Async/>
                <Route path=path!("/saved-numbers") view=SavedNumbersPage ssr=SsrMode::Async/>
                <Route path=path!("/topup") view=TopupPage ssr=SsrMode::Async/>
                <Route path=path!("/topup/confirm") view=TopupSummaryPage ssr=SsrMode::Async/>
                <Route path=path!("/topup/history") view=TopupHistoryPage ssr=SsrMode::Async/>
                <Route path=path!("/topup/:id") view=PayPage ssr=SsrMode::Async/>
                <Route path=path!("/statement") view=StatementPage ssr=SsrMode::Async/>
                <Route path=path!("/numbers") view=NumbersPage ssr=SsrMode::Async/>
                <Route path=path!("/numbers/otp/:id") view=OtpPage ssr=SsrMode::Async/>
                <Route path=path!("/numbers/:id") view=NumberPage ssr=SsrMode::Async/>
                <Route path=path!("/profile") view=ProfilePage ssr=SsrMode::Async/>
                <Route path=path!("/profile/sign-ins") view=SignInsPage ssr=SsrMode::Async/>
                <Route path=path!("/profile/close") view=CloseAccountPage ssr=SsrMode::Async/>
                <Route path=path!("/admin") view=AdminOverviewPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/exceptions") view=AdminExceptionsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/report") view=AdminReportPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users") view=AdminUsersPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/new") view=NewUserPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/waiting") view=AdminWaitingPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/:id") view=AdminUserPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/corrections") view=AdminCorrectionsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/corrections/:id") view=AdminCorrectionPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/packages") view=AdminPackagesPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/packages/new") view=NewPackagePage ssr=SsrMode::Async/>
                <Route path=path!("/admin/packages/bulk") view=AdminPackageBulkPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/packages/import") view=AdminPackageImportPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/packages/:id") view=AdminPackagePage ssr=SsrMode::Async/>
                <Route path=path!("/admin/transactions") view=AdminTransactionsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/transactions/:id") view=AdminTransactionPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/topups") view=AdminTopupsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/topups/:id") view=AdminTopupPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/cases") view=AdminCasesPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/cases/:id") view=AdminCasePage ssr=SsrMode::Async/>
                <Route path=path!("/admin/statements") view=AdminStatementsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/statements/read") view=AdminStatementPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/payments") view=AdminPaymentsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/payments/qris") view=AdminQrisPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/payments/:name/day") view=AdminPayDayPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/gateways") view=AdminGatewaysPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/gateways/:name/offers") view=AdminOffersPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/gateways/:name/book") view=AdminBookPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/webhooks") view=AdminWebhooksPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/notifications") view=AdminNoticesPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/settings") view=AdminSettingsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/backups") view=AdminBackupsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/audit") view=AdminAuditPage ssr=SsrMode::Async/>
                <Route path=path!("/maintenance") view=MaintenancePage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
