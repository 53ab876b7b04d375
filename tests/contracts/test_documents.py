"""What the documents say can be held against the code: topics, commands, links."""

import re
from pathlib import Path

import pytest
import typer
import yaml

from client.cli import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PICTURES = {"docs/pictures/period.png"}


def test_the_readme_lists_the_topics_as_they_are() -> None:
    told = {}
    for line in (ROOT / "README.md").read_text().splitlines():
        if match := re.match(r"\| `([a-z.{}]+)`(?: °)? \| (.+?) \| (.+?) \| (\d+) \| (\d+) days? \|$", line):
            name, owner, readers, partitions, days = match.groups()
            told[name] = (owner, [] if readers == "nobody" else readers.split(", "), int(partitions), int(days))
    topics = yaml.safe_load((ROOT / "deploy" / "topics.yaml").read_text())["topics"]
    assert told == {t["name"]: (t["owner"], t["readers"], t["partitions"], t["days"]) for t in topics}


def commands() -> set[str]:
    """`up`, `account add`, ... as the command knows them."""
    group = typer.main.get_command(app)
    found = set()
    for name, command in getattr(group, "commands", {}).items():
        found |= {name, *(f"{name} {below}" for below in getattr(command, "commands", {}))}
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_command_that_a_document_names_is_there(document: Path) -> None:
    known = commands()
    groups = {name.split()[0] for name in known if " " in name}
    for first, second in re.findall(r"\./jpa ([a-z-]+)(?: ([a-z]+))?", document.read_text()):
        assert (f"{first} {second}" if first in groups else first) in known


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_link_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text()):
        assert target in PICTURES or (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_file_that_a_document_names_is_there(document: Path) -> None:
    folders = "services|shared|client|deploy|tests|docs"
    for named in re.findall(rf"`((?:{folders})/[\w./-]+)`", document.read_text()):
        assert (ROOT / named).exists(), named
