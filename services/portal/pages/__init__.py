"""The portal's pages: view models, how they become HTML, and the routes that fill them."""

from services.portal.pages.render import page

__all__ = ["page"]
