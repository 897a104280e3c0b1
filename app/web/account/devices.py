"""Where I am signed in, live; and ending that, here or there."""

import reflex as rx

from app.domain.snapshots import DeviceList, DeviceView
from app.web import posted, sections, store, ui
from app.web.account.state import Account
from app.web.session import Session

listed = store.over(store.Devices, DeviceList)["devices"].devices
views = store.over(store.Devices, DeviceView)


def devices() -> rx.Component:
    return rx.fragment(
        rx.el.ul(
            rx.foreach(listed, lambda id: _device(views["s" + id.to(str)])),
            data_testid="devices",
            class_name="divide-y divide-line rounded-lg border border-line bg-raised",
        ),
        rx.el.div(
            ui.button(
                "Sign out all others",
                on_click=Account.end_others,
                disabled=listed.length() < 2,
                data_testid="end-others",
            ),
            posted.form(
                "/auth/sign-out-everywhere",
                ui.button("Sign out everywhere", type="submit", kind="danger", data_testid="sign-out-everywhere"),
            ),
            class_name="flex flex-wrap gap-3",
        ),
    )


def _device(device: rx.Var[DeviceView]) -> rx.Component:
    is_this = device.id == Session.sign_in
    return rx.el.li(
        rx.el.div(
            rx.el.span(
                rx.el.span(device.device, class_name="font-medium break-words"),
                rx.cond(
                    is_this,
                    sections.chip("This device"),
                ),
                class_name="flex flex-wrap items-center gap-2",
            ),
            rx.el.span(
                rx.cond(device.address != "", device.address + " · ", ""),
                "signed in ",
                ui.moment(device.started_at, has_time=True),
                " · last seen ",
                ui.moment(device.last_seen_at, has_time=True),
                class_name="text-xs text-muted",
            ),
            class_name="flex min-w-0 flex-1 flex-col gap-0.5",
        ),
        rx.cond(
            ~is_this,
            ui.button(
                "Sign out",
                kind="quiet",
                on_click=Account.end_session(device.id),
                aria_label="Sign out " + device.device,
                data_testid="end-" + device.id,
            ),
        ),
        key=device.id,
        data_testid="device-" + device.id,
        class_name="flex items-center gap-3 px-3 py-2.5",
    )
