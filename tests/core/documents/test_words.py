"""Whatever people type prints as typed: nothing of it is markup."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents import UnprintableTextError, strong, text, unprintable

from .conftest import words_of

HOSTILE = [
    "<b>",
    "</b></i></para>",
    "<b>Tom & Jerry",
    "&amp; &lt; &#60; &nbsp;",
    "<img src=/etc/passwd>",
    '<img src="file:///etc/hostname" width="1" height="1"/>',
    '<a href="javascript:alert(1)">here</a>',
    '<font name="Nope" size="900">big</font>',
    "<!-- comment --> <![CDATA[x]]> <?xml version='1.0'?>",
    "<seq id='x'/><bullet>•</bullet><onDraw name='x'/>",
    "%s %(name)s {0} {name} ${HOME} `id`",
    ") Tj ET Q (escape) \\) \\000",
    "endstream endobj %%EOF",
    "<</MCID 0>> BDC EMC",
    "=1+1; DROP TABLE gifts; --",
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_markup_in_a_name_prints_as_typed(document, typed) -> None:
    letter = document()
    letter.heading(typed)
    letter.paragraph("Dear ", strong(typed), ",")
    letter.facts([("Name", typed)])
    assert words_of(letter).count(" ".join(typed.split())) == 3


def test_twenty_thousand_line_breaks_in_markup_are_only_words(document) -> None:
    started = time.process_time()
    letter = document()
    letter.paragraph("<br/>" * 20_000)
    assert words_of(letter).count("<br/>") > 19_000
    assert time.process_time() - started < 20


def test_a_word_longer_than_the_page_is_broken(document) -> None:
    letter = document()
    letter.paragraph("A" * 5_000)
    assert words_of(letter).count("A") >= 5_000


def test_characters_without_a_typeface_are_refused_by_name() -> None:
    with pytest.raises(UnprintableTextError, match=r"“𓀀” \(U\+13000 EGYPTIAN HIEROGLYPH A001\)"):
        text("Ann 𓀀 Smith")
    assert unprintable("Ann 𓀀 Smith 𓀀") == ["𓀀"]


def test_control_and_direction_characters_do_not_reach_the_page() -> None:
    assert str(text("Ann\u202e\x00\x07\ufeff Smith\u200b")) == "Ann Smith"


@given(st.text(max_size=200))
def test_any_text_is_either_printed_or_refused(typed: str) -> None:
    if unprintable(typed):
        with pytest.raises(UnprintableTextError):
            text(typed)
    else:
        assert not unprintable(str(text(typed)))
