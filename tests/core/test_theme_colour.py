import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.theme import accent_for, tokens
from core.theme.accent import accent_css
from core.theme.colour import contrast, from_oklch, to_oklch

colours = st.from_regex(r"\A#[0-9a-f]{6}\Z")
SCHEMES = ["light", "dark"]
GROUNDS = ["paper", "surface", "sunk"]


def test_black_on_white_has_the_greatest_contrast_there_is():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert contrast("#777777", "#777777") == 1
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54  # WCAG's own borderline example


@given(colours)
def test_a_colour_survives_the_way_through_oklch(colour):
    there_and_back = from_oklch(*to_oklch(colour))
    for start in (1, 3, 5):
        assert abs(int(there_and_back[start : start + 2], 16) - int(colour[start : start + 2], 16)) <= 1


@pytest.mark.parametrize("scheme", SCHEMES)
@given(colour=colours)
@example(colour="#000000")
@example(colour="#ffffff")
@example(colour="#ffff00")
def test_any_accent_can_be_read_on_every_ground_and_written_on(scheme, colour):
    ground = tokens(scheme)
    accent = accent_for(colour, scheme)
    for shade in (accent.accent, accent.strong):
        for behind in (*(ground[name] for name in GROUNDS), accent.soft):
            assert contrast(shade, behind) >= 4.5
        assert contrast(shade, accent.on_accent) >= 4.5
    assert contrast(ground["ink"], accent.soft) >= 4.5
    assert contrast(accent.on_deep, accent.deep) >= 4.5
    assert accent.strong != accent.accent


def test_an_accent_that_already_reads_is_left_alone():
    assert accent_for("#1f5f4a", "light").accent == "#1f5f4a"


def test_a_colour_that_is_none_is_refused():
    with pytest.raises(ValueError, match="not a colour"):
        accent_for("green")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_colour_reads_on_every_ground(scheme):
    values = tokens(scheme)
    for name in ["ink", "ink-soft", "accent", "accent-strong", "good", "waiting", "wrong"]:
        for ground in GROUNDS:
            assert contrast(values[name], values[ground]) >= 4.5, (name, ground)
    for name in ["good", "waiting", "wrong", "accent"]:
        assert contrast(values[name], values[f"{name}-soft"]) >= 4.5, name
        assert contrast(values["ink"], values[f"{name}-soft"]) >= 4.5, name
    for name in ["rule-strong", "focus"]:  # what must be seen, though not read
        for ground in GROUNDS:
            assert contrast(values[name], values[ground]) >= 3, (name, ground)


def test_the_tokens_hold_the_accent_of_the_default_colour():
    for line in accent_css("#1f5f4a").splitlines()[1:-1]:
        name, value = line.strip(" -;").split(": ")
        pair = f"light-dark({tokens('light')[name]}, {tokens('dark')[name]})"
        assert value == pair, name
