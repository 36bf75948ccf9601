"""What may stand in the settings of a project; a TOML document comes in, checked `Settings` go out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator

from llmlint.catalog.model_entries import OwnModel, Price
from llmlint.config.assume import assumptions_from
from llmlint.config.cost_form import CostForm
from llmlint.config.files import there
from llmlint.config.settings import BASELINE_FILE, UNDECIDED, Selection, Settings, failing
from llmlint.discovery import unsuitable
from llmlint.document import Document
from llmlint.document import Path as KeyPath
from llmlint.errors import Problem, ProblemsError
from llmlint.findings import Severity
from llmlint.triage import Demands
from llmlint.validation import validate

SeverityWord = Literal["info", "warning", "error", "off"]
FailWord = Literal["info", "warning", "error", "never", "undecided"]
FailOn = Annotated[
    Annotated[FailWord, Tag("word")] | Annotated[tuple[FailWord, ...], Tag("list")],
    Discriminator(lambda value: "list" if isinstance(value, list | tuple) else "word"),
]
Dollars = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Tokens = Annotated[int, Field(gt=0)]
_LONGEST_NAME = 200  # characters of a file that is to be written: more don't fit everywhere
RuleName = Annotated[str, Field(min_length=1)]


def _pattern(text: str) -> str:
    if (reason := unsuitable(text)) is not None:
        raise ValueError(f"`{text}` is no pattern: {reason}")
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]


class Form(BaseModel):
    """Keys are written with dashes; unknown ones are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-"))


class PriceForm(Form):
    """US dollars per million tokens."""

    input: Dollars
    output: Dollars = 0.0
    cached_input: Dollars | None = None
    cache_write: Dollars | None = None


class ModelForm(Form):
    """A model of the project's own, or what is known better about one in the catalogue."""

    alias_of: str = ""
    tier: Literal["premium", "standard", "economy"] | None = None
    price: PriceForm | None = None
    batch_price: PriceForm | None = None
    flex_price: PriceForm | None = None
    context_window: Tokens | None = None
    max_output: Tokens | None = None
    encoding: str = ""
    as_of: date | None = None


class AssumeForm(Form):
    """What the code doesn't say and the project knows: by name a value, a list, or `{ one-of = [...] }`."""

    environment: dict[str, Any] = {}
    values: dict[str, Any] = {}
    returns: dict[str, Any] = {}


class SuppressionsForm(Form):
    """What comments that silence a rule must have, and which rules they can't silence."""

    require_reason: bool = False
    require_expiry: bool = False
    longest_days: Annotated[int, Field(gt=0, le=100_000)] | None = None
    never: tuple[RuleName, ...] = ()

    def demands(self) -> Demands:
        """The same as a record."""
        return Demands(self.require_reason, self.require_expiry, self.longest_days, frozenset(self.never))


class SelectionForm(Form):
    """What to do with rules."""

    select: tuple[RuleName, ...] | None = None
    ignore: tuple[RuleName, ...] = ()
    severity: dict[RuleName, SeverityWord] = {}
    options: dict[RuleName, dict[str, Any]] = {}


class OverrideForm(SelectionForm):
    """The same for some files only."""

    paths: Annotated[tuple[Pattern, ...], Field(min_length=1)]


class SettingsForm(SelectionForm):
    """All of `[tool.llmlint]`."""

    extends: tuple[str, ...] = ()
    inherit: bool = False
    overrides: tuple[OverrideForm, ...] = ()
    rules: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    exclude: tuple[Pattern, ...] = ()
    fail_on: FailOn = "warning"
    models: dict[Annotated[str, Field(min_length=1)], ModelForm] = {}
    deployments: dict[str, str] = {}
    cost: CostForm = CostForm()
    assume: AssumeForm = AssumeForm()
    suppressions: SuppressionsForm = SuppressionsForm()
    baseline: Annotated[str, Field(min_length=1)] = BASELINE_FILE

    @field_validator("deployments")
    @classmethod
    def _named(cls, value: dict[str, str]) -> dict[str, str]:
        if not all(value.values()):
            raise ValueError("a deployment needs the id of its model")
        return value


def settings_from(
    document: Document, folder: Path, boundary: Path | None = None, lineage: tuple[int, ...] = ()
) -> Settings:
    """The settings in a document alone; paths in it are relative to `folder`, and lie inside of `boundary`, which is
    the same unless it is given. `lineage` tells by which way the document is extended.

    Raises `ProblemsError` with every mistake.
    """
    form = validate(document, SettingsForm)
    problems: list[Problem] = []
    within = boundary or folder
    rules = _locations(document, "rules", form.rules, (folder, within), problems)
    providers = _locations(document, "providers", form.providers, (folder, within), problems)
    assumptions = assumptions_from(document.under("assume"), problems)
    baseline = _inside(document, ("baseline",), form.baseline, folder, problems)
    severity, undecided = _failing(form.fail_on, document, problems)
    if problems:
        raise ProblemsError(problems)
    overrides = (
        _selection(each, document.under("overrides").under(index), lineage, each.paths)
        for index, each in enumerate(form.overrides)
    )
    return Settings(
        source=document.name,
        selections=(_selection(form, document, lineage), *overrides),
        exclude=form.exclude,
        fail_on=severity,
        fail_on_undecided=undecided,
        rules=rules,
        providers=providers,
        models=tuple(_own_model(name, model) for name, model in form.models.items()),
        deployments=form.deployments,
        cost=form.cost.settings(),
        assumptions=assumptions,
        demands=form.suppressions.demands(),
        baseline=baseline if baseline.is_file() or "baseline" in form.model_fields_set else None,
        document=document,
        extends=form.extends,
        inherit=form.inherit,
        stated=_stated(document),
        sources=(document.name,),
    )


def _stated(document: Document) -> frozenset[str]:
    values = document.values if isinstance(document.values, dict) else {}
    inner = document.under("suppressions").values
    return frozenset(values) | {f"suppressions.{key}" for key in (inner if isinstance(inner, dict) else ())}


def _failing(said: str | tuple[str, ...], document: Document, problems: list[Problem]) -> tuple[Severity | None, bool]:
    words = (said,) if isinstance(said, str) else said
    severities = [word for word in words if word != UNDECIDED]
    if len(severities) > 1 or not words:
        hint = "name one of info, warning, error and never, and `undecided` beside it if you like"
        problems.append(document.problem(("fail-on",), "`fail-on` needs one severity", hint))
        return Severity.WARNING, False
    return failing(words, Severity.WARNING)


def _selection(
    form: SelectionForm, document: Document, lineage: tuple[int, ...], paths: tuple[str, ...] = ()
) -> Selection:
    return Selection(form.select, form.ignore, form.severity, form.options, paths, document, lineage=lineage)


def _own_model(name: str, form: ModelForm) -> OwnModel:
    prices = {"standard": form.price, "batch": form.batch_price, "flex": form.flex_price}
    return OwnModel(
        id=name,
        alias_of=form.alias_of,
        prices={service: Price(**dict(price)) for service, price in prices.items() if price},
        tier=form.tier,
        context_window=form.context_window,
        max_output=form.max_output,
        encoding=form.encoding,
        as_of=form.as_of.isoformat() if form.as_of else "",
    )


def _inside(document: Document, path: KeyPath, name: str, folder: Path, problems: list[Problem]) -> Path:
    """A file to be read and written, that need not exist; it lies in the project."""
    found = folder / name
    if len(name) > _LONGEST_NAME or "\0" in name or not _fits(found, folder):
        message = f"`{name}` is no file of the project"
        problems.append(document.problem(path, message, "name a file below the folder of the settings"))
        return folder / BASELINE_FILE
    return found


def _fits(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve()) and not (there(path) and path.is_dir())


def _locations(
    document: Document, key: str, names: tuple[str, ...], within: tuple[Path, Path], problems: list[Problem]
) -> tuple[Path, ...]:
    """The files and folders of a list, from a folder on and within a boundary: settings may come from a stranger."""
    folder, boundary = within
    found: list[Path] = []
    for index, name in enumerate(names):
        path = folder / name
        if not there(path):
            hint = f"it is looked for from {folder}"
            problems.append(document.problem((key, index), f"`{name}` does not exist", hint))
        elif not path.resolve().is_relative_to(boundary.resolve()):
            hint = "copy it into the project, or name it on the command line"
            problems.append(document.problem((key, index), f"`{name}` is outside of the project", hint))
        else:
            found.append(path)
    return tuple(found)
