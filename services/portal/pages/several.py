"""Pages that hold several forms: each with a key of its own, and each comes back with its errors where it stood."""

from collections.abc import Awaitable, Callable

from fastapi import Response

from services.portal.pages.desk import Desk
from services.portal.pages.forms import Rename, form_page, new_key
from services.portal.pages.views import Form, Forms

Page = Callable[[Desk, str, dict[str, Form]], Awaitable[Response]]


def forms_of(names: tuple[str, ...], typed: dict[str, Form], version: int) -> Forms:
    """Those of a page as it is shown: what was typed into one, and the version of the thing that the page shows."""
    found = {name: typed.get(name) or Form(idempotency_key=new_key()) for name in names}
    return Forms(by_name={name: Form(**{**vars(form), "version": version}) for name, form in found.items()})


def comes_back(page: Page, path: str, thing: str, names: tuple[str, ...], rename: Rename) -> None:
    """Register the page for each of its forms: `path/<name>`, where `thing` is the parameter of the path."""

    def register(name: str) -> None:
        async def again(at: Desk, form: Form, **parameters: str) -> Response:
            return await page(at, parameters[thing], {name: form})

        form_page(f"{path}/{name}", rename)(again)

    for name in names:
        register(name)
