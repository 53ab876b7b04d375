"""A browser without JavaScript: keeps cookies, reads the forms of a page, and posts them as they stand or changed."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

from tests.world import PASSWORD, Officer


@dataclass
class Form:
    """A form of a page, with what its fields hold."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **values: str) -> list[tuple[str, str]]:
        """Its fields with some changed; a double underscore stands for a dot."""
        changed = {name.replace("__", "."): value for name, value in values.items()}
        return [(name, value) for name, value in self.fields if name not in changed] + list(changed.items())


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form" and given.get("method") == "post":
            self.forms.append(Form(given["action"]))
        elif not self.forms or ("name" not in given and tag != "option"):
            return
        elif tag == "input" and (given.get("type") not in {"radio", "checkbox"} or "checked" in given):
            self.forms[-1].fields.append((given["name"], given.get("value", "")))
        elif tag == "textarea":
            self._area = given["name"]
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and self._select and "selected" in given:
            self.forms[-1].fields.append((self._select, given.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].fields.append((self._area, data.strip("\n")))
            self._area = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        if tag == "select":
            self._select = ""


def forms(answer: httpx.Response) -> dict[str, Form]:
    """The forms that a page posts, by their address."""
    parser = _Forms()
    parser.feed(answer.text)
    return {form.action: form for form in parser.forms}


class Desk:
    """An officer before the pages."""

    def __init__(self, base: str) -> None:
        self.http = httpx.AsyncClient(base_url=base, timeout=30, trust_env=False)

    async def __aenter__(self) -> "Desk":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def sign_in(self, officer: Officer) -> httpx.Response:
        door = forms(await self.http.get("/sign-in"))["/sign-in"]
        return await self.post("/sign-in", door.filled(username=officer.username, password=PASSWORD))

    async def post(self, path: str, fields: list[tuple[str, str]], **headers: str) -> httpx.Response:
        body = str(httpx.QueryParams(fields))
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.post(
            path, content=body, headers={"content-type": "application/x-www-form-urlencoded", **named}
        )
