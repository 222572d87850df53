"""The door: API and console in one FastAPI application. No logic here."""

from fastapi import FastAPI

from evals.service import Evaluations
from evals.web import evaluation_page, evaluation_routes
from intake.bootstrap import Services, open_services
from intake.console.mount import mount_console
from intake.settings import Settings
from intake.web.app_factory import create_api


def create_app(settings: Settings | None = None, services: Services | None = None) -> FastAPI:
    """Wire settings, services, API and console together; tests may bring services of their own."""
    known = settings or Settings()
    ready = services or open_services(known)
    evaluations = Evaluations(ready, known.var)
    api = create_api(ready, extra=[evaluation_routes(evaluations)])
    return mount_console(api, ready, [evaluation_page(ready, evaluations)])


if __name__ == "__main__":
    from intake.cli import serve

    serve()
