"""The pages for students and instructors: what they say, what they keep back, how they look to a
browser and to a screen reader.

With `UPDATE_GOLDEN=1` in the environment the golden files are written anew: read them before you
keep them.
"""

from __future__ import annotations

import html.parser
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
import urllib.parse
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import kit
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, sync_playwright
from test_report import reports
from test_terminal import training

from autograder.grids import grids
from autograder.report import CheckResult, Problem, Report, SandboxSummary, TaskResult
from autograder.summary import Summary
from autograder.writers import feedback, overview
from autograder.writers.html import content_hash

GOLDEN = Path(__file__).parent / "golden"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")

ATTACKS = (
    "<img src=//evil.example/x onerror='window.pwned=1'>",
    "</script></style></title><script>window.pwned=1</script>",
    "\x1b[31mred\x1b[0m \x1b]8;;http://evil.example\x07link\x1b]8;;\x07",
    "\u202egnp.exe\u202c",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:window.pwned=1",
    "\" onmouseover='window.pwned=1' x='",
    "&lt;b&gt; &#60;script&#62;",
)


# --- reports to show ------------------------------------------------------------------------------


def failed(title: str, problem: Problem | None, **fields: Any) -> CheckResult:
    defaults = {"name": "test_it", "max_score": 1.0, "outcome": "failed", "problem": problem}
    return CheckResult(**{**defaults, "title": title, **fields})


def passed(title: str, points: float = 1.0) -> CheckResult:
    return CheckResult("test_it", title, points, "passed", points)


def compared(expected: object, actual: object, axes: str = "", **fields: Any) -> Problem:
    pair = grids(expected, actual, axes.split())
    told: dict[str, Any] = {"kind": "value", "message": "In the result, some elements are wrong."}
    return Problem(**{**told, "grids": pair, **fields})


def gallery() -> Report:
    """A submission in which everything happens that a page has to show."""
    right = torch.tensor([[0.5, -0.8837], [1.0, 0.0]])
    wrong = right + torch.tensor([[0.0, 0.25], [0.0, 0.0]])
    cube = torch.arange(12.0).reshape(2, 3, 2) - 4
    call = "rnn_cell_step(\n    x=tensor([[-1.9]]),\n    h=tensor([[0.05, 0.30]]),\n)"
    transposed = {
        "mistake": "w_hh_not_transposed",
        "call": call,
        "advice": "You multiplied h by `w_hh` as it is: look at which axis is the old state.",
    }
    tasks = (
        TaskResult("parameter_counts", (passed("A linear layer has a weight for every pair."),)),
        TaskResult(
            "rnn_cell_step",
            (
                passed("The new hidden state has one row for each sample.", 0.5),
                failed(
                    "The new hidden state is tanh of both linear parts together.",
                    compared(right, wrong, "batch hidden", **transposed),
                ),
                failed(
                    "Gradients flow back to the input.",
                    compared(right.T, right, kind="gradient", message="Not it.", **transposed),
                ),
                failed("It is repeatable.", None, outcome="skipped"),
            ),
            "One step of an RNN cell",
        ),
        TaskResult(
            "run_cell",
            (
                failed(
                    "All outputs come back.",
                    compared(
                        cube,
                        cube[:1],
                        "seq batch hidden",
                        kind="shape",
                        message="The result should have the shape (seq, batch, hidden).",
                        advice="隐藏状态没有传给下一步:请看第二步读取的是哪一个 `hidden`。",
                    ),
                ),
                failed(
                    "The inputs stay as they were.",
                    compared(
                        torch.zeros(40, 30),
                        torch.eye(40, 30),
                        "batch input",
                        kind="mutated_argument",
                        message="`inputs` has other values.",
                    ),
                ),
            ),
        ),
        TaskResult(
            "losses",
            (
                failed(
                    "One loss for each epoch.",
                    compared([2.0, 1.5, 1.1], [2.0, float("nan"), float("inf")]),
                ),
                failed("It is a number.", Problem("value", "It differs.", "f(1)", "2", "1")),
            ),
        ),
        TaskResult(
            "decode",
            (
                failed(
                    "The most likely character.",
                    Problem(
                        "raised",
                        "Your code raised IndexError: out of range.",
                        "decode([])",
                        where="cell 4, line 2: return idx2char[5]",
                    ),
                    outcome="error",
                ),
                failed(
                    "The logits stay as they were.",
                    Problem(
                        "raised",
                        "Your code raised IndexError: out of range.",
                        "decode([1])",
                        where="cell 4, line 2: return idx2char[5]",
                    ),
                    outcome="error",
                ),
            ),
        ),
        TaskResult(
            "slow", (failed("In time.", Problem("timeout", "Too slow."), outcome="timeout"),)
        ),
        TaskResult(
            "secret",
            (
                failed(
                    "SECRET-TITLE",
                    Problem(
                        "value",
                        "SECRET-MESSAGE",
                        "SECRET-CALL",
                        "SECRET-EXPECTED",
                        "SECRET-ACTUAL",
                        advice="SECRET-ADVICE",
                        where="SECRET-PLACE",
                    ),
                    visibility="hidden",
                ),
            ),
            "SECRET-TASK",
        ),
        TaskResult(
            "rnn_model",
            (failed("forward.", Problem("missing", "There is no RNNModel."), outcome="missing"),),
        ),
    )
    return Report(
        "hello_rnn", "wendy", 20261124, "graded", tasks,
        notes=("cell 2: `%matplotlib inline` is not Python and was left out.",),
        sandbox=SandboxSummary("weaker", {"seccomp": "missing"}, ("Code can use the network.",)),
        environment={"ohlol": "0.1.0", "torch": "2.13.0"},
        timing={"started": "2026-11-24T14:53:13Z"},
    )  # fmt: skip


def hostile(text: str) -> Report:
    """A report in which everything that a student can choose is this text."""
    problem = Problem(
        "value", text, text, text, text, "a_mistake", f"See `{text}` there.", text,
    )  # fmt: skip
    raised = Problem("raised", f"Your code raised PermissionError: {text}", text, where=text)
    tasks = (
        TaskResult("one", (failed("A check.", problem),)),
        TaskResult("two", (failed("A check.", raised, outcome="error"),)),
    )
    return Report("hello_rnn", text, 1, "graded", tasks, notes=(text, f"{text}\n{text}"))


def a_class() -> list[Report]:
    """One of each, and some who share what they got wrong."""
    wendy = gallery()
    tasks = wendy.tasks
    full = [replace(task, checks=(passed("It works.", task.max_score),)) for task in tasks]
    absent = [
        replace(task, checks=(replace(failed("It.", None, outcome="skipped"), max_score=most),))
        for task in tasks
        for most in [task.max_score]
    ]
    stopped = Problem("raised", "Your code raised PermissionError: [Errno 1] Not permitted.")
    odd = [TaskResult("slow", (failed("In time.", stopped, outcome="error"),)), *full[6:]]
    return [
        wendy,
        replace(wendy, submission="walter"),
        replace(wendy, submission="Ada 10", tasks=tuple(full)),
        replace(wendy, submission="ada 9", tasks=(*full[:4], tasks[4], *full[5:])),
        replace(wendy, submission="mallory", tasks=(*full[:5], *odd)),
        replace(wendy, submission="nils", status="unreadable", tasks=tuple(absent),
                reason="nils.docx is neither a notebook nor a script."),
        replace(wendy, submission="olga", status="internal_error", tasks=tuple(absent),
                reason="Grading it failed: OSError('/srv/grader/secret.sock')"),
    ]  # fmt: skip


def class_page(reports: Iterable[Report]) -> str:
    return overview.render(map(Summary.of, reports))


class Parsed(html.parser.HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self._silent = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self._silent += tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text += data

    def values(self, name: str) -> list[str]:
        return [value for _, found, value in self.attributes if found == name]


KNOWN_TAGS = {
    "html", "head", "meta", "title", "link", "style", "body", "header", "main", "footer",
    "nav", "section", "article", "div", "p", "h1", "h2", "h3", "h4", "span", "strong",
    "small", "b", "i", "bdi", "code", "pre", "ul", "li", "dl", "dt", "dd", "table", "caption",
    "colgroup", "col", "thead", "tbody", "tr", "th", "td", "a", "details", "summary", "form",
    "label", "input", "select", "option", "optgroup", "button", "script",
    "svg", "desc", "g", "path", "text", "polyline", "circle", "rect", "line",
}  # fmt: skip


def assert_harmless(page: str, scripts: int) -> Parsed:
    """No tag but ours, nothing that runs or is fetched, and nothing that cannot be seen."""
    parsed = Parsed(page)
    assert set(parsed.tags) <= KNOWN_TAGS
    assert parsed.tags["script"] == scripts
    assert parsed.tags["style"] == parsed.tags["link"] == 1
    assert parsed.tags["title"] == 1 + parsed.tags["svg"]
    assert not [name for _, name, _ in parsed.attributes if name.startswith("on")]
    assert not parsed.values("src")
    for link in parsed.values("href"):
        assert re.fullmatch(r"#[\w-]+|data:,|grades\.csv|\./[\w.~%-]*/feedback\.html", link), link
    visible = parsed.text.replace("\n", "").replace("\u200b", "")  # ours, in long headings
    assert not {unicodedata.category(each) for each in visible} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return parsed


# --- what a student's page says -------------------------------------------------------------------


def test_a_student_reads_the_score_and_every_failure() -> None:
    text = Parsed(feedback.render(gallery())).text
    for said in (
        "1.5 of 13.5 points", "1 of 8 tasks passes. 1 is not written yet.",
        "In the result, some elements are wrong.", "rnn_cell_step(\n    x=tensor([[-1.9]]),",
        "look at which axis is the old state", "float32, (batch, hidden) = (2, 2)",
        "After the call", "Before the call", "of 1,200 elements" , "list of 3", "nan", "inf",
        "cell 4, line 2: return idx2char[5]", "for the same reason", "Too slow.",
        "`%matplotlib inline`".strip("`"), "Code can use the network.", "torch 2.13.0",
        "ohlol hint rnn_cell_step", "2026-11-24T14:53:13Z",
    ):  # fmt: skip
        assert said in text, said


def test_scores_are_told_as_people_tell_them() -> None:
    check = failed("It.", None, max_score=28.0, score=21.5)
    page = feedback.render(replace(gallery(), tasks=(TaskResult("one", (check,)),)))
    assert "21.5 of 28 points" in Parsed(page).text


def test_what_differs_is_marked_in_words_too() -> None:
    page = feedback.render(gallery())
    cells = re.findall(r'<td class="([^"]*wrong[^"]*)">(\S+?)<span class="unseen"> differs', page)
    assert [text for _, text in cells[:2]] == ["-0.6337", "-0.8837"]
    assert "≠ marks what differs" in page


def test_a_hidden_check_says_nothing_but_that_it_did_not_pass() -> None:
    page = feedback.render(gallery())
    assert "SECRET" not in page
    assert "A hidden check did not pass" in page


def test_advice_in_chinese_is_marked_as_such() -> None:
    page = feedback.render(gallery())
    assert re.search(r'<p class="advice" lang="zh">隐藏状态.*<code>hidden</code>', page)


def test_the_graders_own_failure_is_told_without_its_insides() -> None:
    page = feedback.render(a_class()[-1])
    assert "No score" in page
    assert "says nothing about your work" in page
    assert "secret.sock" not in page


def test_an_unreadable_submission_is_told_why() -> None:
    text = Parsed(feedback.render(a_class()[-2])).text
    assert "nils.docx is neither a notebook nor a script." in text
    assert "0 of 13.5 points" in text


def test_a_training_is_drawn_and_told() -> None:
    page = feedback.render(training())
    assert page.count("<svg") == 2
    text = re.sub(r"\s+", " ", Parsed(page).text)
    assert "What your model makes of “hello”, which should become “ohlol”" in text
    assert "0lllll 5ollll 10oolol 50ohlol ✓ 100ohlol ✓" in text
    assert feedback.render(gallery()).count("<svg") == 0


def test_the_same_report_gives_the_same_page() -> None:
    again = Report.from_dict(json.loads(json.dumps(gallery().to_dict())))
    assert feedback.render(again) == feedback.render(gallery())
    assert class_page(a_class()) == class_page(a_class())


# --- what the instructor's page says --------------------------------------------------------------


def test_the_class_is_told_in_numbers() -> None:
    text = re.sub(r"\s+", " ", Parsed(class_page(a_class())).text)
    for said in (
        "7 submissions: 5 graded, 1 unreadable, 1 internal error.", "13.5", "Seed 20261124.",
        "40%2 of 5", "w_hh_not_transposed", "Stopped by the sandbox 1", "The grader failed 1",
        "nils.docx is neither", "secret.sock", "Did not finish in time 2",
        "Alike from beginning to end",
    ):  # fmt: skip
        assert said in text, said


def test_mistakes_are_ranked_by_how_many_made_them() -> None:
    wendy = gallery()
    task = wendy.tasks[1]

    def with_mistake(name: str, mistake: str) -> Report:
        problem = Problem("value", "Wrong.", mistake=mistake, advice=f"About {mistake}.")
        return replace(
            wendy, submission=name, tasks=(replace(task, checks=(failed("It.", problem),)),)
        )

    made = ["rare", "usual", "usual", "usual", "middling", "middling"]
    page = class_page(with_mistake(f"s{i}", mistake) for i, mistake in enumerate(made))
    found = re.findall(r"<code>(\w+)</code>", page.partition("Known mistakes of")[2])
    assert [each for each in found if each in made] == ["usual", "middling", "rare"]
    assert "50%<small>3 of 6</small>" in page


def test_who_fails_alike_is_grouped_and_who_does_not_is_not() -> None:
    summaries = list(map(Summary.of, a_class()))
    wendy, walter, full, ada, mallory, nils, olga = summaries
    assert wendy.signature == walter.signature != ada.signature
    assert {each.signature for each in (full, nils, olga)} == {""}
    decode = [failure for failure in wendy.failures if failure.task == "decode"]
    assert decode == list(ada.failures)
    assert [outlier.kind for outlier in mallory.outliers] == ["stopped"]
    assert [outlier.kind for outlier in wendy.outliers] == ["timeout"]
    assert "rnn_model" not in [failure.task for failure in wendy.failures]  # never written


def test_every_name_leads_to_its_page(tmp_path: Path) -> None:
    names = ["alice", "100%", "a?b#c", "javascript:alert(1)", "Núñez 你好", "..", "//evil.example"]
    page = class_page(replace(gallery(), submission=name) for name in names)
    links = {link for link in Parsed(page).values("href") if link.endswith("/feedback.html")}
    folders = [urllib.parse.unquote(link[2:].removesuffix("/feedback.html")) for link in links]
    assert sorted(folders) == sorted(names)
    for link in links:
        assert not urllib.parse.urlsplit(link).scheme
        assert not urllib.parse.urlsplit(link).netloc


def test_no_submissions_and_no_grades_are_pages_as_well() -> None:
    assert "No submissions" in overview.render([])
    assert "1 unreadable" in class_page([a_class()[-2]])


def many(count: int) -> Iterator[Summary]:
    summaries = list(map(Summary.of, a_class()))
    for number in range(count):
        summary = summaries[number % len(summaries)]
        yield replace(summary, submission=f"{summary.submission} {number:06}")


def test_a_large_class_is_a_page_that_opens() -> None:
    page = overview.render(many(3000))
    assert page.count("<tr data-t=") == 3000
    assert len(page.encode()) < 3_000_000


def test_a_very_large_class_is_counted_whole_and_shown_in_part() -> None:
    page = overview.render(many(20_000))
    assert "20,000 submissions" in page
    assert page.count("<tr data-t=") == overview.ROWS
    assert "grades.csv</a> has them all" in page
    assert len(page.encode()) < 4_000_000


def test_a_summary_is_small_and_shares_what_is_alike() -> None:
    one, other = Summary.of(gallery()), Summary.of(gallery())
    assert all(a is b for a, b in zip(one.tasks, other.tasks, strict=True))
    assert all(a is b for a, b in zip(one.failures, other.failures, strict=True))
    with_long_texts = Summary.of(hostile("x" * 1_000_000))
    assert sum(len(failure.says) for failure in with_long_texts.failures) < 2_000
    assert sum(len(outlier.says) for outlier in with_long_texts.outliers) < 2_000


# --- nothing that students write does anything ----------------------------------------------------


@pytest.mark.parametrize("text", ATTACKS)
def test_what_a_student_writes_is_text(text: str) -> None:
    page = assert_harmless(feedback.render(hostile(text)), 0)
    assert_harmless(class_page([hostile(text), *a_class()]), 1)
    if text.isprintable():
        assert text in page.text


def test_a_line_of_a_megabyte_is_cut() -> None:
    report = replace(hostile("<b>" * 400_000), submission="alice")
    assert len(feedback.render(report)) < 150_000
    assert len(class_page([report])) < 60_000


@settings(deadline=None)
@given(reports())
def test_every_report_has_a_page(report: Report) -> None:
    assert_harmless(feedback.render(report), 0)


@settings(deadline=None)
@given(st.lists(reports(), max_size=4))
def test_every_class_has_a_page(many: list[Report]) -> None:
    assert_harmless(class_page(many), 1)


def test_the_policy_allows_the_one_script_and_nothing_else() -> None:
    page = class_page(a_class())
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert f"script-src {content_hash(script)};" in page
    for each in (page, feedback.render(gallery())):
        assert "default-src 'none'" in each
    assert "script-src" not in feedback.render(gallery())


# --- golden files ---------------------------------------------------------------------------------


def skeleton(page: str) -> str:
    """The page without its style sheet and script, one tag or text a line."""
    page = re.sub(r"(?s)<(style|script)>.*?</\1>", r"<\1></\1>", page)
    page = re.sub(r"'sha256-[^']*'", "'sha256-…'", page)
    lines = re.sub(r"(<[^/][^>]*>)", r"\n\1", page).splitlines()
    return "\n".join(line.rstrip() for line in lines if line.strip()) + "\n"


@pytest.mark.parametrize("name", ["feedback", "index"])
def test_page_is_the_golden_file(name: str) -> None:
    page = feedback.render(gallery()) if name == "feedback" else class_page(a_class())
    path = GOLDEN / "pages" / f"{name}.html"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(skeleton(page), encoding="utf-8")
    assert skeleton(page) == path.read_text(encoding="utf-8")


# --- in a browser ---------------------------------------------------------------------------------

in_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="there is no Chromium here: apt-get install chromium"
)

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"color_scheme": "light", "viewport": {"width": 375, "height": 812}},
    "dark phone": {"color_scheme": "dark", "viewport": {"width": 375, "height": 812}},
    "print": {"color_scheme": "light"},
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Root has no sandbox in Chromium; the pages are ours, and reach no network.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Opened:
    """A page in the browser, and what it said and asked for."""

    def __init__(self, browser: Browser, path: Path, **look: Any) -> None:
        self.context = browser.new_context(**look)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.as_uri())

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *exception: object) -> None:
        self.context.close()

    def outgoing(self) -> list[str]:
        return [url for url in self.requests if not url.startswith(("file:", "data:"))]

    def shown(self) -> list[str]:
        names: list[str] = self.page.locator(".class tbody tr:visible th").all_inner_texts()
        return names


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages of a made-up class as files."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "index.html").write_text(class_page(a_class()), encoding="utf-8")
    found = {"index": folder / "index.html"}
    for report in a_class():
        path = folder / report.submission / "feedback.html"
        path.parent.mkdir()
        path.write_text(feedback.render(report), encoding="utf-8")
        found[report.submission] = path
    return found


@in_browser
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", ["index", "wendy", "Ada 10", "nils", "olga"])
def test_page_is_accessible_quiet_and_fits(
    browser: Browser, pages: dict[str, Path], name: str, look: str
) -> None:
    with Opened(browser, pages[name], **LOOKS[look]) as opened:
        page = opened.page
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        if look == "print":
            page.emulate_media(media="print")
        found = Axe().run(page)
        assert [
            (rule["id"], [node["html"][:200] for node in rule["nodes"][:3]])
            for rule in found.response["violations"]
        ] == []
        assert opened.complaints == []
        assert opened.outgoing() == []
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"] if page.viewport_size else True


@in_browser
def test_headings_are_in_order_and_landmarks_are_there(
    browser: Browser, pages: dict[str, Path]
) -> None:
    for name in ("index", "wendy"):
        with Opened(browser, pages[name]) as opened:
            levels = [
                int(tag[1])
                for tag in opened.page.locator("h1, h2, h3, h4").evaluate_all(
                    "all => all.map(each => each.tagName)"
                )
            ]
            assert levels[0] == 1
            assert levels.count(1) == 1
            assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
            assert opened.page.locator("html").get_attribute("lang") == "en"
            for landmark in ("banner", "main", "contentinfo"):
                assert opened.page.get_by_role(landmark).count() == 1  # type: ignore[arg-type]
            tables = opened.page.locator("table")
            assert tables.count() == opened.page.locator("table > caption").count()


@in_browser
def test_focus_can_be_seen(browser: Browser, pages: dict[str, Path]) -> None:
    for name in ("index", "wendy"):
        with Opened(browser, pages[name]) as opened:
            opened.page.keyboard.press("Tab")
            outline = opened.page.evaluate(
                "getComputedStyle(document.activeElement).outlineStyle + ' ' + "
                "getComputedStyle(document.activeElement).outlineWidth"
            )
            assert outline == "solid 3px"


@in_browser
def test_printing_shows_what_is_folded(browser: Browser, pages: dict[str, Path]) -> None:
    with Opened(browser, pages["wendy"]) as opened:
        folded = opened.page.get_by_text("Not it.")
        assert not folded.is_visible()
        assert len(opened.page.pdf()) > 10_000
        opened.page.emulate_media(media="print")
        height = "each => each.closest('details').getBoundingClientRect().height"
        assert folded.evaluate(height) > 100


@in_browser
def test_table_is_sorted_by_any_column(browser: Browser, pages: dict[str, Path]) -> None:
    with Opened(browser, pages["index"]) as opened:
        heads = opened.page.locator(".class thead th")
        heads.nth(0).get_by_role("button").click()
        assert opened.shown() == [
            "ada 9", "Ada 10", "mallory", "nils", "olga", "walter", "wendy",
        ]  # fmt: skip
        assert heads.nth(0).get_attribute("aria-sort") == "ascending"
        heads.nth(1).get_by_role("button").click()
        scores = opened.page.locator(".class tbody td.number").all_inner_texts()
        numbers = [float(score) for score in scores if score]
        assert numbers == sorted(numbers)
        opened.page.keyboard.press("Enter")
        assert heads.nth(1).get_attribute("aria-sort") == "descending"
        assert heads.nth(0).get_attribute("aria-sort") is None
        scores = opened.page.locator(".class tbody td.number").all_inner_texts()
        assert [float(score) for score in scores if score] == numbers[::-1]


@in_browser
def test_table_is_filtered_by_name_and_by_what_happened(
    browser: Browser, pages: dict[str, Path]
) -> None:
    with Opened(browser, pages["index"]) as opened:
        page = opened.page
        page.get_by_label("Name").fill("ADA")
        assert opened.shown() == ["Ada 10", "ada 9"]
        assert page.get_by_role("status").inner_text() == "2 of 7 shown"
        page.get_by_role("button", name="Reset").click()
        page.wait_for_function("document.getElementById('count').textContent === '7 of 7 shown'")
        page.get_by_label("Only").select_option(label="could not be read")
        assert opened.shown() == ["nils"]
        page.get_by_label("Only").select_option("full")
        assert opened.shown() == ["Ada 10"]
        row = page.locator(".ranked tr", has_text="w_hh_not_transposed")
        row.get_by_role("button").click()
        assert opened.shown() == ["wendy", "walter"]


@in_browser
def test_name_leads_to_the_students_page(browser: Browser, pages: dict[str, Path]) -> None:
    with Opened(browser, pages["index"]) as opened:
        opened.page.locator(".class tbody a", has_text="Ada 10").click()
        assert opened.page.locator("h1").inner_text() == "Ada 10"
        assert opened.complaints == []


@in_browser
def test_page_of_a_class_is_of_use_without_its_script(
    browser: Browser, pages: dict[str, Path]
) -> None:
    with Opened(browser, pages["index"], java_script_enabled=False) as opened:
        assert len(opened.shown()) == 7
        assert opened.page.locator("button:visible, form:visible").count() == 0


@in_browser
def test_no_other_script_runs_even_if_it_got_in(browser: Browser, tmp_path: Path) -> None:
    smuggled = "<main><script>window.pwned=1</script><img src=x: onerror='window.pwned=1'>"
    for page in (feedback.render(gallery()), class_page(a_class())):
        path = tmp_path / "page.html"
        path.write_text(page.replace("<main>", smuggled), encoding="utf-8")
        with Opened(browser, path) as opened:
            assert opened.page.evaluate("window.pwned") is None
            assert any("Content Security Policy" in each for each in opened.complaints)


# --- a class that was graded ----------------------------------------------------------------------

RIGHT = """\
import torch


def softmax(scores):
    return torch.softmax(scores, 1)


def moving_average(series, width):
    if width > len(series):
        raise ValueError
    return series.unfold(0, width, 1).mean(dim=1)
"""
HOSTILE = '''\
def softmax(scores):
    raise ValueError("""</script></style><script>window.pwned=1</script>\\x1b[31m\\u202e"""
        + "<img src=//evil.example/x onerror='window.pwned=1'>" + "x" * 1_000_000)

def moving_average(series, width):
    return "<svg onload='window.pwned=1'>" + "\\u202e\\x1b]0;t\\x07" + "<b>" * 5000
'''
CLASS = {
    "zuzanna": RIGHT,
    "<img src=x onerror=alert(1)>": HOSTILE,
    "javascript:alert(1)": RIGHT.replace("(scores, 1)", "(scores, 0)"),
    "\u202egnp.exe": HOSTILE,
    "\" onmouseover='alert(1)": RIGHT.replace("series.unfold", "series.detach().unfold"),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of a class with hostile names and answers, from the command."""
    if not sys.platform.startswith("linux"):
        pytest.skip("needs Linux, where the sandbox is")
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "in").mkdir()
    for name, source in CLASS.items():
        (folder / "in" / f"{name}.py").write_text(source, encoding="utf-8")
    run = subprocess.run(
        [kit.OHLOL, "grade", folder / "in", "--assignment", kit.SMOOTHING, "--out",
         folder / "out", "--seed", "1", "--jobs", "1"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "index.html" in run.stdout
    return folder / "out"


def submissions(out: Path) -> list[tuple[Report, str]]:
    """Each report and the page beside it."""
    found = []
    for path in sorted(out.glob("*/report.json")):
        report = Report.from_dict(json.loads(path.read_text(encoding="utf-8")))
        found.append((report, path.with_name("feedback.html").read_text(encoding="utf-8")))
    assert len(found) == len(CLASS)
    return found


def test_grading_leaves_a_page_beside_each_report(graded: Path) -> None:
    found = submissions(graded)
    for report, page in found:
        assert page == feedback.render(report)
        assert len(page.encode()) < 100_000
    index = (graded / "index.html").read_text(encoding="utf-8")
    links = {link for link in Parsed(index).values("href") if link.endswith("feedback.html")}
    assert len(links) == len(CLASS)
    for link in links:
        assert (graded / urllib.parse.unquote(link)).is_file()


def test_page_of_a_student_tells_nothing_of_others_or_of_the_machine(graded: Path) -> None:
    found = submissions(graded)
    for report, page in found:
        text = Parsed(page).text
        for secret in (str(graded.parent), str(kit.ROOT), sys.prefix, "zygote", "/site-packages"):
            assert secret not in page
        if report.submission != "zuzanna":
            assert "zuzanna" not in page
        for check in (check for task in report.tasks for check in task.checks):
            if check.visibility == "hidden" and check.problem is not None:
                problem = check.problem
                for told in (check.title, problem.message, problem.call, problem.expected):
                    assert told is None or told not in text


def test_a_hidden_failure_is_there_to_be_kept_back(graded: Path) -> None:
    """Or else the test above would have nothing to find."""
    hidden = [
        check.problem
        for report, _ in submissions(graded)
        for task in report.tasks
        for check in task.checks
        if check.visibility == "hidden" and check.problem is not None
    ]
    assert hidden
    assert all(problem.grids == () for problem in hidden)


def test_hostile_class_is_text(graded: Path) -> None:
    for _, page in submissions(graded):
        assert_harmless(page, 0)
    assert_harmless((graded / "index.html").read_text(encoding="utf-8"), 1)


@in_browser
def test_hostile_class_does_nothing_in_a_browser(browser: Browser, graded: Path) -> None:
    for path in [graded / "index.html", *graded.glob("*/feedback.html")]:
        with Opened(browser, path, viewport={"width": 375, "height": 800}) as opened:
            assert opened.page.evaluate("window.pwned") is None
            assert opened.complaints == []
            assert opened.outgoing() == []
            assert opened.page.evaluate("document.documentElement.scrollWidth") <= 375
