"""People at their browsers: each with a context of their own, signed in through the login page."""

from collections.abc import Mapping

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request

from tests.cast import PASSWORD

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


class Person:
    """Somebody at a screen. What goes wrong in their browser is kept in `faults`."""

    def __init__(self, browser: Browser, site: str, name: str, *, language: str, phone: bool = False) -> None:
        context = browser.new_context(viewport=PHONE if phone else DESK, locale=language)  # type: ignore[arg-type]
        self.page: Page = context.new_page()
        self.site, self.language, self.faults = site, language, list[str]()
        self.page.on("console", self._hear)
        self.page.on("request", self._leaves)
        self.page.goto(f"{site}/accounts/login/")
        self.page.fill("[name=login]", name)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("form button.btn-primary")
        self.page.wait_for_url(f"{site}/")
        self._speaks(language)

    def opens(self, path: str) -> None:
        answer = self.page.goto(self.site + path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)

    def does(self, ref: str, verb: str, said: Mapping[str, str]) -> None:
        """Open the problem, press the button of a verb, fill in what opens over the page, and send it."""
        self.opens(f"/problems/{ref}/")
        self._press(f"/problems/{ref}/{verb}/")
        form = self.page.locator("#dialog-body form")
        form.wait_for()
        self.fills(form, said)
        with self.page.expect_navigation():
            self.press(form.locator("button.btn-primary"))
        assert self.page.locator(".m-success").count(), self.page.content()

    def fills(self, form: Locator, said: Mapping[str, str]) -> None:
        for name, value in said.items():
            field = form.locator(f"[name={name}]")
            kind = field.first.evaluate("f => f.type")
            if kind in ("radio", "checkbox"):
                form.locator(f"[name={name}][value='{value}']").check()
            elif kind.startswith("select"):
                field.select_option(value)
            else:
                field.fill(value)

    @staticmethod
    def press(button: Locator) -> None:
        """As a person does: scroll it to where nothing lies over it, then click."""
        button.evaluate("it => it.scrollIntoView({block: 'center'})")
        button.click()

    def _press(self, href: str) -> None:
        seen = self.page.locator(f"a[href='{href}']").locator("visible=true")
        if not seen.count():
            self.page.locator(".g-more details > summary").click()
        self.press(seen.first)

    def _speaks(self, language: str) -> None:
        self.opens("/profile/")
        form = self.page.locator("form:has(select[name=language])")
        form.locator("select[name=language]").select_option(language)
        with self.page.expect_navigation():
            form.locator("button.btn-primary").click()
        assert (self.page.locator("html").get_attribute("lang") or "").lower() == language

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(message.text)

    def _leaves(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:")):
            self.faults.append(f"a request left the site: {request.url}")
