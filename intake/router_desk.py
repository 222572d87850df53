"""The desk's view of the real router: knowledge and model are opened here, and only here."""

import logging

_LOG = logging.getLogger(__name__)
