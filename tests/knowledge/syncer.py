"""A process that brings an index up to date: ``python -m tests.knowledge.syncer DOCS STATE``; prints the counts."""

import sys
from pathlib import Path

from knowledge.bootstrap import Knowledge, KnowledgeSettings
from tests.knowledge.makers import CharacterEmbedder

if __name__ == "__main__":
    knowledge = Knowledge(KnowledgeSettings(Path(sys.argv[1]), Path(sys.argv[2])), lambda _: CharacterEmbedder())
    report = knowledge.sync()
    knowledge.close()
    print(report.added, report.changed, report.removed, report.unchanged)
