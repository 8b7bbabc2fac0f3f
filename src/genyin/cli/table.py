"""Every command: its words, the module that holds it, and what help says of it.

Only the module of the command that was called is imported: numpy and its kin cost more than `genyin --help` may take.
"""

from dataclasses import dataclass

from genyin.base.errors import gettext_noop


@dataclass(frozen=True, slots=True)
class Area:
    """A module with commands. `group` is the first word of all of them; empty when they stand at the root."""

    module: str
    commands: dict[str, str]
    group: str = ""
    about: str = ""


AREAS: tuple[Area, ...] = (
    Area("genyin.cli.demo", {"demo": gettext_noop("Build the demo in a home of its own and serve it.")}),
    Area(
        "genyin.cli.install",
        {
            "setup": gettext_noop("Make the database, name the organisation and the first administrator."),
            "upgrade": gettext_noop("Bring the database to the version of this program. Safe to run twice."),
        },
    ),
    Area(
        "genyin.cli.running",
        {
            "serve": gettext_noop("Run the web server and the worker together, restarting either when it dies."),
            "web": gettext_noop("Run the web server alone. Needs PostgreSQL."),
            "worker": gettext_noop("Run the worker alone. Needs PostgreSQL."),
        },
    ),
    Area(
        "genyin.cli.people",
        {"add": gettext_noop("Add a person with their roles.")},
        group="user",
        about=gettext_noop("People who sign in."),
    ),
    Area(
        "genyin.cli.tokens",
        {"add": gettext_noop("Make an API token for another system; its secret is shown once.")},
        group="token",
        about=gettext_noop("API tokens of other systems."),
    ),
    Area("genyin.cli.importing", {"import": gettext_noop("Import a file: incidents, problems, services, people, ...")}),
    Area(
        "genyin.cli.trends",
        {"run": gettext_noop("Group the incidents, test for rises, list candidates for problems.")},
        group="trends",
        about=gettext_noop("What keeps coming back."),
    ),
    Area("genyin.cli.match", {"match": gettext_noop("The incidents and known errors most like a text.")}),
    Area("genyin.cli.stats", {"stats": gettext_noop("Which few make 80 %, how each changed, and month by month.")}),
    Area("genyin.cli.report", {"report": gettext_noop("The monthly service report: its figures and its documents.")}),
    Area("genyin.cli.register", {"register": gettext_noop("The problem register of a month and what it lacks.")}),
    Area(
        "genyin.cli.audit",
        {
            "verify": gettext_noop("Walk the event log's hash chain and name the first broken row."),
            "head": gettext_noop("Print number and hash of the last event, for keeping elsewhere."),
        },
        group="audit",
        about=gettext_noop("The event log."),
    ),
    Area("genyin.cli.doctor", {"doctor": gettext_noop("Say what this installation lacks, and what to do about it.")}),
    Area("genyin.cli.testing", {"test": gettext_noop("Install what the tests need and run them, in a checkout.")}),
    Area(
        "genyin.cli.benching",
        {
            "match": gettext_noop("How often the earlier report of the same fault is found."),
            "chinese": gettext_noop("How often a Chinese sentence of the same meaning is found."),
            "codes": gettext_noop("How often the known error is guessed from coded fields alone."),
            "events": gettext_noop("Lines of machines grouped into the events that wrote them."),
            "group": gettext_noop("Grouping of generated incidents whose families are known."),
            "assign": gettext_noop("Families of incidents that arrive, against grouping all of them."),
            "candidates": gettext_noop("Candidates on a replay: how many, and how early large families are proposed."),
            "stats": gettext_noop("Every figure of the statistics over generated incidents."),
            "novelty": gettext_noop("How often something known is taken for the first of its kind."),
            "rise": gettext_noop("False alarms and rises found over a year of daily looks."),
            "all": gettext_noop("Every measurement of the engine, one after the other."),
            "index": gettext_noop("A large index of generated incidents: built, asked and appended to."),
            "import": gettext_noop("Time and memory of importing a generated file on SQLite."),
        },
        group="bench",
        about=gettext_noop("Measured claims, in a checkout."),
    ),
)
HELP = {f"{area.group} {name}".strip(): text for area in AREAS for name, text in area.commands.items()}


def area_of(word: str) -> Area | None:
    """The area whose command or group is called `word`."""
    return next((area for area in AREAS if word in ([area.group] if area.group else area.commands)), None)
