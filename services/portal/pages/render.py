"""Turns a view into HTML: one Jinja environment a language, everything escaped unless it was made here."""

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, PackageLoader, PrefixLoader, Undefined, pass_context
from jinja2.ext import i18n
from jinja2.loaders import BaseLoader, ChoiceLoader
from markupsafe import Markup

from services.portal.pages import times, words
from services.portal.pages.views import Context
from shared.parties import PARTIES

HERE = Path(__file__).resolve().parent.parent
STATIC = HERE / "static" / "dist"


class Missing(Undefined):
    """A view that lacks what its template reads is a fault to be seen, not an empty place.

    The govuk-frontend macros ask their dictionaries for keys that may be absent; those stay lenient.
    """

    def __str__(self) -> str:
        if hasattr(self._undefined_obj, "__dataclass_fields__"):
            self._fail_with_undefined_error()
        return super().__str__()

    def __bool__(self) -> bool:
        if hasattr(self._undefined_obj, "__dataclass_fields__"):
            self._fail_with_undefined_error()
        return False


def page(context: Context, template: str, view: object) -> str:
    """The whole page (or a fragment) for one reader."""
    return environment(context.locale).get_template(template).render(ctx=context, view=view, now=context.now)


@cache
def environment(locale: str) -> Environment:
    loader: BaseLoader = ChoiceLoader(
        [
            FileSystemLoader(HERE / "templates"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    env = Environment(
        loader=loader,
        autoescape=True,
        undefined=Missing,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[i18n],
    )
    translations = Translations.load(HERE / "locale", [locale], domain="portal")
    texts: Any = env
    texts.newstyle_gettext = True
    env.globals |= _texts(translations)
    env.globals["asset"] = asset
    env.filters.update(
        time=pass_context(lambda context, at, party, full=False: times.local_time(at, party, context["now"], locale, full)),
        stamp=lambda at: at.isoformat(),
        day=pass_context(
            lambda context, value, year=False: times.day(value, context["now"], locale, _reader(context), year)
        ),
        span=lambda days: times.span(days[0], days[1], locale),
        number=lambda value: _number(value, locale),
        words=lambda code: words.words(code, translations.gettext),
        counted=lambda counts: words.counted(counts, translations.ngettext),
        tone=lambda code: words.TONES.get(code, ""),
        party=party_name,
        sentence=lambda text: text[:1].upper() + text[1:],
    )
    return env


def _texts(translations: NullTranslations) -> dict[str, Any]:
    """What templates call for a text: as Jinja's own, without the copy of the whole context that each of those makes in a
    loop to learn whether to escape; here all is escaped."""

    def gettext(text: str, /, **values: object) -> Markup:
        return Markup(translations.gettext(text)) % values  # noqa: S704

    def ngettext(one: str, many: str, num: int, /, **values: object) -> Markup:
        return Markup(translations.ngettext(one, many, num)) % {"num": num, **values}  # noqa: S704

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext}


@lru_cache(4096)
def _number(value: int, locale: str) -> str:
    """Kept: Babel takes the pattern of numbers apart anew for each."""
    text: str = format_decimal(value, locale=locale)
    return text


def _reader(context: Mapping[str, Any]) -> str:
    """Whose days a page counts in; those of UTC before anyone has signed in."""
    account = context["ctx"].account
    return account.party if account else ""


def party_name(code: str) -> str:
    """The name that the Bali Process uses for a party."""
    return PARTIES[code].name if code in PARTIES else code


def country_name(code: str, locale: str = "en") -> str:
    """A party's name, without what it is a member for; of other countries the name in the reader's language."""
    if code in PARTIES:
        return PARTIES[code].name.partition(" (")[0]
    return str(Locale.parse(locale).territories.get(code, code))


def asset(name: str) -> str:
    """Address of a built file; its version changes with its content, so that it may be cached for ever."""
    version = _versions().get(name, "")
    return f"/static/{name}?v={version}" if version else f"/static/{name}"


@cache
def _versions() -> dict[str, str]:
    path = STATIC / "versions.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}
