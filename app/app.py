"""The table of contents: every route, and what runs beside them. Nothing imports this module."""

import reflex as rx

from app.web import (
    account,
    activity,
    admin,
    audit,
    board,
    command,
    errors,
    home,
    http,
    imports,
    inbox,
    join,
    lean,
    links,
    members,
    second_factor_page,
    self_test,
    sign_in,
    sign_in_check,
    unsubscribe,
    worker,
)
from app.web.doorman import Doorman
from app.web.elsewhere import Elsewhere
from app.web.guard import Guard
from app.web.news.panel import titled
from app.web.sign_in import SignIn
from app.web.ways_in import WaysIn

PAGES = [
    # route           page                    title           what it does when it is opened
    ("/sign-in",      sign_in.sign_in_page,   "Sign in",      [SignIn.open, Elsewhere.look]),
    ("/sign-up",      sign_in.sign_up_page,   "Sign up",      [SignIn.open, Elsewhere.look]),
    ("/sign-in/code", sign_in.code_page,      "Sign in",      SignIn.open),
    ("/forgot",       sign_in.forgot_page,    "Forgot your password?", SignIn.open),
    ("/reset/[token]", links.reset_page,      "New password", links.Links.open),
    ("/confirm/[token]", links.confirm_page,  "Confirm your address", links.Links.open),
    ("/unsubscribe/[token]", unsubscribe.page, "No more e-mail", unsubscribe.Unsubscribe.open),
    ("/",             home.page,              "Home",         home.Home.open),
    ("/b/[board]",    board.page,             board.title(),  board.BoardPage.open),
    ("/b/[board]/activity", activity.board_page, activity.board_title(), activity.Activity.open),
    ("/w/[workspace]/activity", activity.workspace_page, activity.workspace_title(), activity.Activity.open),
    ("/w/[workspace]/members", members.page,  members.title(), members.Members.open),
    ("/w/[workspace]/audit", audit.page,      audit.title(),  audit.AuditLog.open),
    ("/selftest",     self_test.page,         "Self-test",    None),
    ("/admin/audit",  audit.instance_page,    "Audit log",    audit.AuditLog.open),
    ("/import",       imports.page,           "Import",       imports.Import.open),
    ("/join/[token]", join.page,              "Join",         join.Join.open),
    ("/inbox",        inbox.page,             "Inbox",        inbox.Inbox.open),
    ("/settings",     account.page,           "Settings",     [account.Account.open, WaysIn.open]),
    ("/settings/second-factor", second_factor_page.page, "Second factor", second_factor_page.SecondFactorPage.open),
    ("/admin",        admin.page,             "Administration", [admin.Admin.open, admin.Outbox.open]),
    ("/admin/figures", admin.figures_page,    "Figures",      admin.FiguresPage.open),
    ("/admin/sign-in-check", sign_in_check.page, "Sign-in check", sign_in_check.SignInCheck.open),
]  # fmt: skip

app = rx.App(
    stylesheets=["/tandem.css"],
    head_components=[rx.el.script(src="/theme.js")],
    toaster=None,
    app_wraps={(55, "ErrorBoundary"): errors.boundary},
    api_transformer=[http.routes, Doorman, Guard],
    backend_exception_handler=errors.told,
    html_lang="en",
)
for route, page, title, opened in PAGES:
    app.add_page(page, route=route, title=titled(title), on_load=opened)
app.add_page(errors.missing, route="404", title="Nothing here · Tandem")
app.register_lifespan_task(worker.lifespan)
command.prune()
lean.begin()
