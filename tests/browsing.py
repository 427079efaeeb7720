"""A page in a real browser, with all that the browser complained of, was asked and was told to say."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page

#: The elements that every page of this program has, and those of its drawings.
_PAGE = (
    "html head meta link title style body header nav main section div p a button h1 h2 h3 dl dt dd ul li small "
    "noscript figure figcaption dfn span details summary table thead tbody tr th td code i script form"
)
_DRAWINGS = "svg g path text tspan line rect defs clippath lineargradient stop"
_ELEMENTS = frozenset(f"{_PAGE} {_DRAWINGS}".split())
_FOUND = """
() => {
  const all = [...document.querySelectorAll("*")];
  const names = all.flatMap((element) => [...element.attributes].map((attribute) => attribute.name));
  return {
    elements: [...new Set(all.map((element) => element.localName.toLowerCase()))],
    handlers: names.filter((name) => name.startsWith("on")),
    scripts: document.scripts.length,
    styles: document.querySelectorAll("style").length,
    links: [...document.links].map((link) => link.getAttribute("href")),
  };
}
"""


class Opened:
    """The page, with what the browser complained of, the dialogs it opened and what it asked for."""

    def __init__(self, browser: Browser, file: Path, *, width: int, scheme: str, scripts: bool = True) -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=scripts,
        )
        self.page: Page = context.new_page()
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(file.as_uri())
        if scripts:
            self.page.wait_for_selector("html[data-ready=yes]", timeout=120_000)

    def require_nothing_asked(self) -> None:
        """No complaint, no dialog, and no request that leaves the page."""
        assert self.complaints == []
        assert [url for url in self.requests if not url.startswith(("file://", "data:"))] == []

    def require_nothing_ran(self) -> None:
        """Nothing asked, and no element, script, style, handler or link but the page's own."""
        self.require_nothing_asked()
        found = self.page.evaluate(_FOUND)
        assert set(found["elements"]) <= _ELEMENTS
        assert (found["handlers"], found["scripts"]) == ([], 4)
        assert found["styles"] <= 2  # the page's, and that of Vega's tooltips
        own = ("#", "data/", "figures/", "data:text/csv;")
        assert [link for link in found["links"] if not link.startswith(own)] == []
