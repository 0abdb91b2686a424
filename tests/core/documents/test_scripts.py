"""Every name prints, whatever script it is written in: no box in the file, and the words can be found again."""

from __future__ import annotations

from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf.generic import ContentStream

from core.documents import strong, text
from core.documents.lines import plain, set_lines
from core.documents.typefaces import SANS, shaped

from .conftest import read, words_of

NAMES = {
    "Polish": "Łukasz Żółć",
    "Vietnamese": "Nguyễn Thị Hồng Nhung",
    "Turkish": "İğdem Şıkoğlu",
    "Greek": "Γιώργος Παπαδόπουλος",
    "Ukrainian": "Ґалина Їжакевич",
    "Hebrew": "שרה כהן",
    "Arabic": "محمد عبد الله",
    "Persian": "پریسا گل\u200cمحمدی",
    "Hindi": "श्रीमती प्रिया शर्मा",
    "Bengali": "অনন্যা চট্টোপাধ্যায়",
    "Tamil": "கிருஷ்ணமூர்த்தி",
    "Telugu": "శ్రీనివాస్ రెడ్డి",
    "Kannada": "ಶ್ರೀನಿವಾಸ",
    "Malayalam": "ശ്രീജിത്ത്",
    "Gujarati": "શ્રી પટેલ",
    "Punjabi": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "Sinhala": "ශ්\u200dරී ලංකා",
    "Thai": "กิตติศักดิ์ ทองคำ",
    "Lao": "ສົມສັກ",
    "Burmese": "အောင်ဆန်း",
    "Khmer": "សុខ សុភា",
    "Japanese": "渡邉 さくら アンナ",
    "Chinese, simplified": "张伟 刘洋",
    "Chinese, traditional": "陳奕迅 黃國豪",
    "Korean": "김민준 뷁",
    "Georgian": "გიორგი ბერიძე",
    "Armenian": "Արամ Խաչատրյան",
    "Amharic": "አበበ ቢቂላ",
    "Signs": "↑ 12 % ✓ ★ ❤ 🎉 ≥ ½ ₪ ₹ № №",
    "Mixed": "Dr. שרה Cohen & محمد (Haifa) – 12 €",
}


def boxes(document) -> int:
    """Return how often the file shows a glyph its embedded font does not have, reading the file itself."""
    file = read(document)
    page = file.pages[0]
    fonts = {}
    for name, font in page["/Resources"]["/Font"].items():
        embedded = font.get_object()["/FontDescriptor"]["/FontFile2"].get_data()
        fonts[name] = TTFont(BytesIO(embedded))["cmap"].tables[0].cmap
    current, missing, shown = None, 0, 0
    for operands, operator in ContentStream(page.get_contents(), file).operations:
        if operator == b"Tf":
            current = fonts[operands[0]]
        elif operator == b"TJ":
            for part in operands[0]:
                for byte in getattr(part, "original_bytes", b""):
                    shown += 1
                    missing += current.get(byte, ".notdef") == ".notdef"
    assert shown
    return missing


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_prints_without_a_box(document, name) -> None:
    letter = document()
    letter.paragraph(name)
    letter.heading(name)
    letter.facts([("Name", name)])
    assert boxes(letter) == 0


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from(sorted(set("".join(NAMES.values()) + "\n"))), min_size=1, max_size=60))
def test_scripts_in_any_mixture_print_without_a_box(document, mixture) -> None:
    letter = document()
    letter.paragraph("–", mixture, strong(mixture))
    assert boxes(letter) == 0


@pytest.mark.parametrize(
    "script", ["Polish", "Vietnamese", "Turkish", "Greek", "Ukrainian", "Japanese", "Korean", "Georgian", "Armenian"]
)
def test_a_name_can_be_found_in_the_file(document, script) -> None:
    letter = document()
    letter.paragraph("Dear ", strong(NAMES[script]))
    assert f"Dear {NAMES[script]}" in words_of(letter)


def test_what_is_reordered_to_be_drawn_is_said_in_its_own_order(document) -> None:
    letter = document()
    letter.paragraph(NAMES["Tamil"])
    spoken = NAMES["Tamil"].encode("utf-16-be").hex().upper()
    assert f"/ActualText <FEFF{spoken}>" in read(letter).pages[0].get_contents().get_data().decode("latin-1")


def test_right_to_left_words_stand_from_right_to_left() -> None:
    (line,) = set_lines(text("שרה כהן 12"), plain(SANS), 500)
    assert line.right_to_left
    assert [piece.string for piece in line.visual()] == ["12", " ", "כהן", " ", "שרה"]


def test_a_foreign_name_in_a_sentence_keeps_the_sentence_in_order() -> None:
    (line,) = set_lines(text("Dear שרה כהן, thank you"), plain(SANS), 500)
    assert [piece.string for piece in line.visual() if piece.string.strip()] == [
        *("Dear", "כהן", "שרה", ",", "thank", "you")
    ]


def test_joining_letters_are_shaped() -> None:
    _dal, last_mim, _ha, first_mim = shaped("NotoSansArabic-Regular", "محمد", True).glyphs
    assert first_mim.code != last_mim.code


def test_the_reader_s_language_chooses_how_shared_characters_are_drawn() -> None:
    faces = {
        language: set_lines(text("渡"), plain(SANS), 500, language)[0].pieces[0].face for language in ("ja", "zh-hans")
    }
    assert faces == {"ja": "NotoSansJP-Regular", "zh-hans": "NotoSansSC-Regular"}


def test_lines_of_chinese_break_between_characters_but_never_before_a_full_stop() -> None:
    lines = set_lines(text("感谢您的慷慨捐赠。" * 12), plain(SANS), 120, "zh")
    assert len(lines) > 5
    assert all(line.width <= 120.1 for line in lines)
    assert not any(line.pieces[0].string.startswith("。") for line in lines)
