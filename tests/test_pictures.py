"""Pictures are well-formed, readable aloud, and hold nothing but shapes and our own words."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from hypothesis import given
from test_report import trainings

from autograder.pictures import loss_curve
from autograder.report import Training

SVG = "{http://www.w3.org/2000/svg}"
CURVES = Training(
    losses=(1.5, 1.4, None, 1e30, 1.2),
    reference=(1.5, 1.3, 1.1, 1.0, 0.9),
    loss_epochs=(1, 2, 3, 4, 5),
    parted_at=2,
)


def parsed(training: Training) -> ElementTree.Element:
    return ElementTree.fromstring(loss_curve(training))


def test_a_curve_is_told_in_words() -> None:
    root = parsed(CURVES)
    assert root.get("role") == "img"
    title, described = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert described is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {described.get('id')}"
    assert described.text is not None
    assert (
        "Losses of 5 epochs. Yours: from 1.5 to 1.2. Expected: from 1.5 to 0.9." in described.text
    )
    assert "From epoch 2 on" in described.text


def test_both_curves_are_told_apart_without_colour() -> None:
    lines = parsed(CURVES).findall(f"{SVG}polyline")
    dashed = [line for line in lines if line.get("stroke-dasharray")]
    assert 0 < len(dashed) < len(lines)


def test_a_curve_has_a_gap_where_there_is_no_number_and_stays_in_the_picture() -> None:
    root = parsed(CURVES)
    _, _, width, height = map(float, root.get("viewBox", "").split())
    points = [
        tuple(map(float, point.split(",")))
        for line in root.findall(f"{SVG}polyline")
        for point in line.get("points", "").split()
    ]
    assert all(0 <= x <= width and 0 <= y <= height for x, y in points)
    ours = [line for line in root.findall(f"{SVG}polyline") if "yours" in line.get("stroke", "")]
    assert len(ours) == 3  # before the gap, behind it, and in the key


def test_two_curves_on_a_page_keep_their_own_names() -> None:
    other = Training((2.0, 1.0), (2.0, 0.5), (1, 2))
    ids = [element.get("id") for each in (CURVES, other) for element in parsed(each).iter()]
    named = [name for name in ids if name]
    assert len(named) == len(set(named)) == 4


def test_nothing_to_draw_is_no_picture() -> None:
    assert loss_curve(Training()) == ""
    assert loss_curve(Training((None,), (None,), (1,))) == ""


@given(trainings())
def test_any_training_makes_a_harmless_picture(training: Training) -> None:
    text = loss_curve(training)
    if text:
        allowed = {"svg", "title", "desc", "path", "text", "polyline", "circle"}
        root = ElementTree.fromstring(text)
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= allowed
