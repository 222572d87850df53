"""The door: API and console in one FastAPI application. No logic here."""

from fastapi import FastAPI

from evals.hits.web import hits_page, hits_routes, open_hit_tests
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
    tests = open_hit_tests(ready, known.var)
    api = create_api(ready, extra=[evaluation_routes(evaluations), hits_routes(tests)])
    return mount_console(api, ready, [evaluation_page(ready, evaluations), hits_page(ready, tests)])


if __name__ == "__main__":
    from intake.cli import serve

    serve()
