"""The page of an audit: its figures, hostile text in it, and how it works in a browser."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from reporting import CALL, CAP, FINDINGS, call_site, rendered, report_in

from llmlint.cost.records import CallCost, CostReport, MeasuredCost, Range, Saving
from llmlint.errors import LlmlintError
from llmlint.facts.call_site import CallPath, CallSite, Location, Step, known
from llmlint.findings import Finding, Severity, Undecided
from llmlint.reporters import audit_html
from llmlint.reporters.audit_html import page
from llmlint.reporters.charts import WIDTH
from llmlint.reporters.owners import owners_of
from llmlint.reporters.page_data import PageData, segments
from llmlint.reporters.report import Report

TODAY = date(2026, 11, 23)
HOSTILE = (
    "</script><script>window.broken=1</script><!--<img src=x onerror=window.broken=1>\"' onfocus=window.broken=1 "
    "autofocus x='{{7*7}}{% raise %}]]>&lt;b&gt;\u2028\ud800\x00`<svg/onload=window.broken=1>`"
)
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def site_at(path: str, model: str, tokens: int, line: int = 1, **facts) -> CallSite:
    said = {
        "endpoint.id": known("chat.completions.create"),
        "endpoint.cap_parameter": known("max_completion_tokens"),
        "model.ids": known([model]),
        "prompt.static_tokens": known(tokens),
        "surroundings.role": known("online"),
        **facts,
    }
    return CallSite(Location(path, line, 5), "run", "client.create", said, (CallPath(said),))


def cost_at(site: CallSite, money: float, model: str = "gpt-5.5", **fields) -> CallCost:
    return CallCost(
        location=site.location, state="known", models=(model,), prices_as_of="2026-11-23", service="standard",
        input_tokens=Range(1, 2, 3), output_tokens=Range(1, 2, 3), per_1000_calls=Range(money / 2, money, money * 2),
        **fields,
    )  # fmt: skip


SEGMENTS = [
    {"part": "instructions", "state": "static", "tokens": 900, "exact": True},
    {"part": "messages", "state": "changing", "change": "clock", "every": "call", "source": "now()"},
    {"part": "messages", "state": "unknown", "reason": "it is read from a file"},
]


def report(root: Path, **changes) -> Report:
    cheap = site_at("services/a/one.py", "gpt-5.4-mini", 12)
    more = {"prompt.segments": known(SEGMENTS)}
    dear = site_at("services/b/two.py", "gpt-5.5", 900, **more)
    test = site_at("tests/test_x.py", "gpt-5.5", 5)
    lost = site_at("top.py", "acme-1", 0)
    finding = Finding(
        CAP.name, CAP.code, Severity.ERROR, dear.location, "Nothing caps `create`.",
        (Step(Location("x.py", 3), "here"),), fingerprint="f1",
    )  # fmt: skip
    unknown = CallCost(location=lost.location, state="unknown", reason="the model is not in the catalogue")
    costs = CostReport(
        calls=(cost_at(cheap, 1.5, "gpt-5.4-mini"), cost_at(dear, 40), cost_at(test, 7, test=True), unknown),
        prices_as_of="2026-11-23",
        savings=(Saving(fingerprint="f1", kind="output_cap", per_1000_calls=Range(0, 10, 20), calls=(dear.location,)),),
    )
    fields = {
        "call_sites": (cheap, dear, test, lost), "costs": costs, "findings": (finding,), "skipped": (),
        "ends": {"gpt-5.5": "2027-01-02"},
        "undecided": (Undecided("a-rule", "LLM9", lost.location, ("model.ids: it is read at run time",)),),
    }  # fmt: skip
    return report_in(root, **{**fields, **changes})


def hostile_report(root: Path) -> Report:
    place = Location(f"{HOSTILE}.py", 1, 1)
    step = Step(place, HOSTILE)
    segment = {"part": HOSTILE, "state": HOSTILE, "reason": HOSTILE, "tokens": 5}
    facts = {
        "model.ids": known([HOSTILE], step), "endpoint.id": known(HOSTILE), "prompt.text": known(HOSTILE),
        "prompt.segments": known([segment]), HOSTILE: known({HOSTILE: HOSTILE}),
        "prompt.static_tokens": known(3), "surroundings.role": known(HOSTILE), "output.format": known(HOSTILE),
    }  # fmt: skip
    site = CallSite(place, HOSTILE, HOSTILE, facts, (CallPath(facts, (step,)),), (step,))
    finding = Finding(HOSTILE, HOSTILE, Severity.ERROR, place, HOSTILE, (step,), fingerprint="h")
    cost = cost_at(site, 3, HOSTILE, caveats=(HOSTILE,))
    lost = CallCost(location=place, state="unknown", reason=HOSTILE)
    return report_in(
        root, call_sites=(site,), findings=(finding,), costs=CostReport(calls=(cost, lost), unmatched=(HOSTILE,)),
        undecided=(Undecided(HOSTILE, HOSTILE, place, (HOSTILE,)),), ends={HOSTILE: HOSTILE},
    )  # fmt: skip


class Markup(HTMLParser):
    """All elements with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))


def data_of(text: str) -> list[dict]:
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    return json.loads(data)


class TestFigures:
    def test_sums_leave_out_tests_and_unknown_calls(self, tmp_path):
        data = PageData(report(tmp_path), None, TODAY)
        sums = {title: {row.label: row.value for row in rows} for title, rows in data.sums()}
        assert sums == {
            "Cost by model": {"gpt-5.5": 40, "gpt-5.4-mini": 1.5},
            "Cost by folder": {"services/b": 40, "services/a": 1.5},
        }

    def test_calls_are_ranked_by_cost_and_findings_by_saving(self, tmp_path):
        first = FINDINGS[2]
        data = PageData(report(tmp_path, findings=(first, *report(tmp_path).findings)), None, TODAY)
        assert [row["place"] for row in data.calls()][:2] == ["services/b/two.py:1:5", "tests/test_x.py:1:5"]
        assert next((row["saving"], row["rule"]) for row in data.findings()) == ("$10.00 ($0 to $20.00)", CAP.name)

    def test_a_finding_at_a_caller_belongs_to_the_call_it_leads_to(self, tmp_path):
        site = call_site()
        elsewhere = Finding(CAP.name, CAP.code, Severity.INFO, Location("x.py", 9), "Said.", (Step(CALL, "calls it"),))
        data = PageData(report_in(tmp_path, call_sites=(site,), findings=(elsewhere,)), None, TODAY)
        assert [row["findings"] for row in data.calls()] == [1]
        assert data.findings()[0]["calls"] == [{"number": 0, "place": "src/app.py:10:12"}]

    def test_models_that_end(self, tmp_path):
        (row,) = PageData(report(tmp_path), None, TODAY).shutdowns()
        assert (row["day"], row["model"], row["left"]) == ("2027-01-02", "gpt-5.5", 40)
        assert len(row["calls"]) == 2

    def test_each_of_several_models_ends_on_its_own_day(self, tmp_path):
        site = site_at("a.py", "gpt-4", 1, **{"model.ids": known(["gpt-4", "gpt-5", "gpt-6"])})
        ends = {"gpt-4": "2026-10-23", "gpt-5": "2026-12-11"}
        rows = PageData(report_in(tmp_path, call_sites=(site,), ends=ends), None, TODAY).shutdowns()
        assert [(row["model"], row["day"]) for row in rows] == [("gpt-4", "2026-10-23"), ("gpt-5", "2026-12-11")]

    def test_calls_show_what_they_really_cost_in_a_month(self, tmp_path):
        real = MeasuredCost(
            requests=1200, input_tokens=5, cached_tokens=0, output_tokens=5, cost=3.0, per_1000_calls=2.5,
            per_month=9.0, joined_by="line",
        )  # fmt: skip
        site = site_at("a.py", "gpt-5.5", 1)
        found = report_in(tmp_path, call_sites=(site,), costs=CostReport(calls=(cost_at(site, 40, measured=real),)))
        data = PageData(found, None, TODAY)
        assert data.calls()[0]["month_text"] == "$9.00 a month, measured"
        assert "measured: 1,200 requests for $3.00, $9.00 a month (joined by line)" in data.details()[0]["cost"]
        assert "$9.00 a month, measured" in rendered("markdown", found, audit=True).replace("\\", "")

    def test_a_saving_for_some_callers_says_so(self, tmp_path):
        (saving,) = report(tmp_path).costs.savings
        some = replace(saving, some_callers=True, per_month=Range(0, 1, 2))
        found = report(tmp_path, costs=replace(report(tmp_path).costs, savings=(some,)))
        assert "of the calls from there" in page(found, TODAY)
        plain = rendered("markdown", found, audit=True).replace("\\", "")
        assert "$10.00 ($0 to $20.00) from there, $1.00 ($0 to $2.00) a month" in plain

    def test_all_charts_are_of_one_scale(self, tmp_path):
        sizes = set(re.findall(r'viewBox="0 0 (\d+) ', page(report(tmp_path), TODAY)))
        assert sizes == {str(WIDTH)}

    def test_a_finding_about_several_calls_leads_to_each_by_name(self, tmp_path):
        sites = report(tmp_path).call_sites[:2]
        both = Finding(
            CAP.name,
            CAP.code,
            Severity.INFO,
            Location("x.py", 9),
            "Said.",
            calls=tuple(site.location for site in sites),
        )
        text = page(report(tmp_path, findings=(both,)), TODAY)
        assert "the call at services/a/one.py:1:5" in text
        assert "the call at services/b/two.py:1:5" in text

    def test_parts_of_a_prompt_fill_the_bar(self, tmp_path):
        parts = segments(report(tmp_path).call_sites[1])
        assert [part["state"] for part in parts] == ["static", "changing", "unknown"]
        assert sum(part["share"] for part in parts) == pytest.approx(1, abs=0.001)
        assert parts[0]["share"] > parts[1]["share"] == parts[2]["share"] > 0
        assert parts[1]["words"] == "messages: now() changes every call"

    def test_the_headline(self, tmp_path):
        text = page(report(tmp_path), TODAY)
        cards = re.findall(r'class="title">(.*?)</p><p class="number">(.*?)</p>', text)
        assert dict(cards) == {
            "Call sites": "4",
            "When each is called 1,000 times": "$41.50",
            "Findings": "1",
            "They save, per 1,000 calls each": "$10.00",
            "Models that end": "1",
            "Cost not known": "1",
            "Undecided verdicts": "1",
        }

    def test_an_empty_project(self, tmp_path):
        text = page(Report(root=tmp_path), TODAY)
        assert "There is no call to a model." in text
        assert "Where the money goes" not in text
        assert data_of(text) == []

    def test_equal_reports_give_equal_pages(self, tmp_path):
        assert page(report(tmp_path), TODAY) == page(report(tmp_path), TODAY)


class TestOwners:
    def test_the_file_of_the_repository_around_the_project(self, tmp_path):
        (tmp_path / ".git").mkdir()
        (tmp_path / ".github").mkdir()
        (tmp_path / ".github/CODEOWNERS").write_text("* @all\n/inner/src/ @acme/core me@example.org # words\n")
        (tmp_path / "inner").mkdir()
        owners = owners_of(tmp_path / "inner")
        assert owners is not None
        assert owners("src/a.py") == ("@acme/core", "me@example.org")
        assert owners("b.py") == ("@all",)

    def test_costs_of_owners(self, tmp_path):
        (tmp_path / "CODEOWNERS").write_text("/services/ @one @two\n")
        data = PageData(report(tmp_path), owners_of(tmp_path), TODAY)
        assert dict(data.sums())["Cost by owner"] == [("@one", 20.75), ("@two", 20.75)]

    def test_no_file_no_owners(self, tmp_path):
        (tmp_path / ".git").mkdir()
        assert owners_of(tmp_path) is None

    def test_hostile_files_take_no_time_and_do_no_harm(self, tmp_path):
        lines = [f"{'a*' * 40}b @x", "[ @y", "/[z-a] @z", "\\ @w", "*.py @good", f"{'*' * 5_000} @v"]
        (tmp_path / "CODEOWNERS").write_text("\n".join(lines))
        owners = owners_of(tmp_path)
        assert owners is not None
        assert owners("a" * 5_000 + ".py")
        (tmp_path / "CODEOWNERS").unlink()
        (tmp_path / "CODEOWNERS").symlink_to("/etc/hostname")
        assert owners_of(tmp_path) is None


class TestTrust:
    def test_nothing_of_strangers_becomes_markup(self, tmp_path):
        text = page(hostile_report(tmp_path), TODAY)
        calm = page(report(tmp_path), TODAY)
        assert {tag for tag, _ in Markup(text).elements} <= {tag for tag, _ in Markup(calm).elements} | {"code", "span"}
        scripts = [attributes for tag, attributes in Markup(text).elements if tag == "script"]
        assert scripts == [{"type": "application/json", "id": "data"}, {}]
        attributes = {name for _, attributes in Markup(text).elements for name in attributes}
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "autofocus", "style")]
        assert "49" not in "".join(re.findall(r"x='(.*?)\{%", text))
        assert data_of(text)[0]["callee"].startswith("</script><script>")

    def test_the_policy_allows_these_two_texts_only(self, tmp_path):
        text = page(hostile_report(tmp_path), TODAY)
        (policy,) = [attributes["content"] for tag, attributes in Markup(text).elements if attributes.get("http-equiv")]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        assert "http" not in re.sub(r'"http://www\.w3\.org/[^"]*"', "", text.replace("http-equiv", ""))

    def test_markdown_keeps_text_of_strangers_as_text(self, tmp_path):
        out = rendered("markdown", hostile_report(tmp_path), audit=True)
        assert "<script" not in re.sub(r"(`+).*?\1", "", out)
        assert "\x00" not in out

    def test_what_is_missing_is_named(self, tmp_path, monkeypatch):
        monkeypatch.setitem(__import__("sys").modules, "jinja2", None)
        with pytest.raises(LlmlintError, match=r"the page needs the package jinja2.*\n.*'llmlint\[report\]'"):
            page(report(tmp_path), TODAY)


@pytest.fixture(scope="module")
def browser() -> Iterator:
    playwright = pytest.importorskip("playwright.sync_api")
    if BROWSER is None:
        pytest.skip("there is no Chromium")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


@pytest.fixture
def shown(browser, tmp_path):
    """Opens a page from disk. Whatever the browser complains about, or asks the network for, fails the test."""
    complaints: list[str] = []
    opened = []

    def show(text: str, **options):
        file = tmp_path / "page.html"
        file.write_text(text, encoding="utf-8")
        tab = browser.new_page(**options)
        opened.append(tab)
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("request", lambda request: complaints.append(request.url))
        tab.goto(file.as_uri())
        return tab

    yield show
    for tab in opened:
        tab.close()
    assert complaints == [(tmp_path / "page.html").as_uri()] * len(opened)


def places(tab) -> list[str]:
    return tab.locator("#call-table tbody tr:visible button.open").all_inner_texts()


class TestInABrowser:
    def test_sorting(self, shown, tmp_path):
        tab = shown(page(report(tmp_path), TODAY))
        assert places(tab)[0] == "services/b/two.py:1:5"
        heading = tab.locator("#call-table th", has_text="Cost")
        heading.get_by_role("button").click()
        assert places(tab)[-1] == "services/b/two.py:1:5"
        assert heading.get_attribute("aria-sort") == "ascending"
        tab.locator("#call-table th", has_text="Place").get_by_role("button").press("Enter")
        assert places(tab)[0] == "services/a/one.py:1:5"
        assert tab.locator("#call-table th[aria-sort]").count() == 1

    def test_filtering(self, shown, tmp_path):
        tab = shown(page(report(tmp_path), TODAY))
        tab.get_by_label("Search").fill("SERVICES gpt-5.5")
        assert places(tab) == ["services/b/two.py:1:5"]
        assert tab.locator("#shown").inner_text() == "1 of 4 calls"
        tab.get_by_label("Search").fill("")
        tab.locator("select[data-filter=models]").select_option("gpt-5.5")
        assert len(places(tab)) == 2
        tab.get_by_label("without tests").check()
        tab.get_by_label("with findings").check()
        assert places(tab) == ["services/b/two.py:1:5"]

    def test_opening_a_call_with_the_keyboard(self, shown, tmp_path):
        tab = shown(page(report(tmp_path), TODAY))
        tab.get_by_role("button", name="services/b/two.py:1:5").press("Enter")
        panel = tab.get_by_role("dialog")
        assert panel.is_visible()
        words = panel.inner_text()
        assert "$40.00 ($20.00 to $80.00) per 1,000 calls" in words
        assert "instructions: 900 fixed tokens" in words
        assert panel.locator(".segment").count() == 3
        assert panel.locator(".segment.static").bounding_box()["width"] > 300
        assert "static_tokens" in words
        tab.keyboard.press("Escape")
        assert not panel.is_visible()

    def test_dark_and_light(self, shown, tmp_path):
        tab = shown(page(report(tmp_path), TODAY), color_scheme="dark")
        back = "getComputedStyle(document.body).backgroundColor"
        assert tab.evaluate(back) == "rgb(18, 23, 30)"
        tab.get_by_role("button", name="Light").click()
        assert tab.evaluate(back) == "rgb(255, 255, 255)"
        assert tab.get_by_role("button", name="Dark").get_attribute("aria-pressed") == "false"

    def test_hostile_text_stays_text(self, shown, tmp_path):
        tab = shown(page(hostile_report(tmp_path), TODAY))
        tab.locator("#call-table button.open").first.click()
        assert "</script><script>" in tab.get_by_role("dialog").inner_text()
        assert tab.evaluate("window.broken") is None
        assert tab.locator("dialog img, dialog script, svg svg").count() == 0

    def test_a_narrow_screen_and_paper(self, shown, tmp_path):
        tab = shown(page(report(tmp_path), TODAY), viewport={"width": 360, "height": 700})
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360
        tab.emulate_media(media="print")
        assert not tab.locator("#filters").is_visible()
        assert tab.locator("#call-table").is_visible()

    def test_without_scripts_everything_is_still_there(self, shown, tmp_path):
        tab = shown(page(report(tmp_path), TODAY), java_script_enabled=False)
        assert len(places(tab)) == 4
        assert not tab.locator("#filters").is_visible()


def test_the_page_is_written(tmp_path):
    out = rendered("html", report(tmp_path), audit=True)
    assert out.startswith("<!doctype html>\n")
    assert audit_html.page(msgspec.structs.replace(report(tmp_path), call_sites=()), TODAY)
