"""The door: API and console in one FastAPI application. No logic here."""

from fastapi import FastAPI

from intake.bootstrap import Services, open_services
from intake.console.mount import mount_console
from intake.settings import Settings
from intake.web.app_factory import create_api


def create_app(settings: Settings | None = None, services: Services | None = None) -> FastAPI:
    """Wire settings, services, API and console together; tests may bring services of their own."""
    ready = services or open_services(settings or Settings())
    return mount_console(create_api(ready), ready)


if __name__ == "__main__":
    from intake.cli import serve

    serve()
