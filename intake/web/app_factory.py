"""Make the HTTP application: guard, login, API. The console is mounted on the result by ``app.py``."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware

from intake.application.services import Services
from intake.web import problem
from intake.web.guard import Guard
from intake.web.login import login_routes
from intake.web.routes.calls import call_routes
from intake.web.routes.document_exchange import document_exchange_routes
from intake.web.routes.documents import document_routes
from intake.web.routes.forms import form_routes
from intake.web.routes.handling import handling_routes
from intake.web.routes.imports import import_routes
from intake.web.routes.incoming import desk_call_routes, incoming_routes
from intake.web.routes.knowledge_health import health_routes
from intake.web.routes.model import model_routes
from intake.web.routes.places import place_routes
from intake.web.routes.speech import speech_routes
from intake.web.routes.status import person_routes, status_routes


def create_api(services: Services, home: str = "/desk/", extra: Sequence[APIRouter] = ()) -> FastAPI:
    """Return the application; what is mounted on it later is behind the same login, which leads to ``home``.

    ``extra``: routes of packages above this one, under the same ``/api/v1``.
    """
    app = FastAPI(
        title="九亭镇便民服务专线坐席台",
        version="1",
        docs_url="/docs",
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        middleware=[Middleware(Guard, accounts=services.accounts)],
    )
    problem.install(app)
    api = APIRouter(prefix="/api/v1")
    api.include_router(status_routes(services))
    api.include_router(person_routes())
    api.include_router(form_routes(services))
    api.include_router(handling_routes(services))
    api.include_router(call_routes(services))
    api.include_router(model_routes(services))
    api.include_router(import_routes(services))
    api.include_router(incoming_routes(services, services.calls_secret))
    api.include_router(desk_call_routes(services))
    api.include_router(place_routes(services))
    api.include_router(document_exchange_routes(services))
    api.include_router(health_routes(services))
    api.include_router(speech_routes(services))
    api.include_router(document_routes(services))
    for more in extra:
        api.include_router(more)
    app.include_router(api)
    app.include_router(incoming_routes(services, services.calls_secret), prefix="/api", include_in_schema=False)
    app.include_router(status_routes(services), include_in_schema=False)
    app.include_router(login_routes(services.accounts, home))
    return app
