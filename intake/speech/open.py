"""Put speech together from settings; nothing heavy is loaded before somebody speaks."""

import logging
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

from intake.domain.ticket import SHANGHAI
from intake.settings import Settings
from intake.speech.activity import SileroActivity
from intake.speech.check import speech_problem
from intake.speech.confined import read_confined
from intake.speech.hints import Speller, prompt_of, short_names, sounds
from intake.speech.keep import Keeper
from intake.speech.ports import Recogniser
from intake.speech.remote import RemoteRecogniser
from intake.speech.service import Parts, SpeechService
from intake.speech.stretches import Words
from intake.speech.whisper import Whisper
from routing.gazetteer import EXTRA_PLACES
from routing.pack_reader import TownPackError
from routing.pack_source import PackSource
from routing.taxonomy import TownPack

log = logging.getLogger(__name__)


def open_speech(settings: Settings, clock: Callable[[], datetime]) -> SpeechService:
    """The speech of these settings: the model in a folder, or where there is none the server with an address."""
    return SpeechService(
        Parts(
            recogniser=_recogniser(settings),
            read_sound=read_confined,
            activity=SileroActivity,
            words=TownWords(settings, clock),
            keeper=Keeper(settings.var / "speech", settings.speech_keep, lambda: clock().astimezone(SHANGHAI)),
            problem=lambda: speech_problem(settings),
            speakers=settings.speech_speakers,
        )
    )


def _recogniser(settings: Settings) -> Recogniser:
    if settings.speech_model is not None:
        return Whisper(settings.speech_model, settings.speech_threads)
    return RemoteRecogniser(settings.speech_url, settings.speech_name, settings.speech_key)


class TownWords:
    """The town's names of today; a name that was added on the page 地名 counts from the next call on."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._clock = clock
        self._source: PackSource | None = None

    def __call__(self) -> Words:
        """Prompt and speller; a broken pack stops no call, it only gives no names."""
        try:
            if self._source is None:
                self._source = PackSource(self._settings.town, self._settings.var, EXTRA_PLACES)
        except TownPackError as error:
            log.warning("no names for the recogniser: %s", error)
            return Words(prompt_of("", ()), Speller(()))
        return _words(self._source.current(), self._clock().astimezone(SHANGHAI).date())


@lru_cache(maxsize=4)
def _words(pack: TownPack, day: date) -> Words:
    names = town_names(pack, day)
    return Words(prompt_of(pack.town.name, names), Speller.of(names, sounds))


def town_names(pack: TownPack, day: date) -> tuple[str, ...]:
    """Names that callers say, the town's own estates, communities and roads first, then units, then the neighbours."""
    view = pack.on(day)
    own = {area.code for area in view.areas.values() if area.ours}
    ours = [alias.name for alias in view.aliases if alias.code in own or alias.street == pack.town.name]
    communities = [area.name for area in view.areas.values() if area.ours]
    units = [unit.name for unit in view.units.values()]
    others = [alias.name for alias in view.aliases if alias.bare]
    short = short_names(communities)
    return tuple(dict.fromkeys((*ours, *(n for n in short if n not in communities), *units, *short, *others)))
