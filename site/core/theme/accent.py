"""The organisation's accent colour, moved as little as need be until everything written in it or on it can be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from core.theme.colour import contrast, from_oklch, to_oklch
from core.theme.tokens import Scheme, tokens

# WCAG 2.2 AA for text; a little above it, so that rounding and a tinted ground do not fall under.
READABLE = 4.6
_STEP = 0.005


@dataclass(frozen=True, slots=True)
class Accent:
    """One accent in one scheme.

    `accent` is for links and buttons, `strong` for them under the pointer, `on_accent` is written on both; `soft` is a
    tint to put ink or accent on; `deep` is a ground for a whole part of a page, `on_deep` is written on it.
    """

    accent: str
    strong: str
    on_accent: str
    soft: str
    deep: str
    on_deep: str


@lru_cache(maxsize=64)
def accent_for(colour: str, scheme: Scheme = "light") -> Accent:
    """Return the accent for light or dark pages. Raises ValueError unless the colour is like `#1f5f4a`."""
    ground = tokens(scheme)
    grounds = (ground["paper"], ground["surface"], ground["sunk"])
    lightness, chroma, hue = to_oklch(colour)
    toward = -_STEP if scheme == "light" else _STEP
    # A tint near the ground's own lightness; a grey accent keeps its grey.
    tint = from_oklch(0.94 if scheme == "light" else 0.29, min(chroma, 0.026), hue)
    on_accent = "#ffffff" if scheme == "light" else ground["sunk"]

    def reads(candidate: str) -> bool:
        return all(contrast(candidate, behind) >= READABLE for behind in (*grounds, tint, on_accent))

    lightness, accent = _move_until(reads, lightness, toward, chroma, hue)
    # Further the same way, or back a little when there is no room left: a pointer over black must show too.
    further = lightness + toward * 14
    strong = from_oklch(further if 0.15 < further < 0.95 else lightness - toward * 20, chroma, hue)
    deep = (
        from_oklch(min(lightness, 0.38), chroma, hue) if scheme == "light" else from_oklch(0.3, min(chroma, 0.05), hue)
    )
    return Accent(accent, strong, on_accent, soft=tint, deep=deep, on_deep=tokens("light")["paper"])


def _move_until(
    reads: Callable[[str], bool], lightness: float, step: float, chroma: float, hue: float
) -> tuple[float, str]:
    """Lighten or darken by steps until the colour reads; at the far end it is black or white, which always does."""
    candidate = from_oklch(lightness, chroma, hue)
    while not reads(candidate) and -_STEP < lightness < 1 + _STEP:
        lightness += step
        candidate = from_oklch(lightness, chroma, hue)
    return lightness, candidate


def accent_css(colour: str) -> str:
    """Return the style sheet that gives tokens.css the organisation's accent in both schemes."""
    light, dark = accent_for(colour, "light"), accent_for(colour, "dark")
    pairs = {
        "accent": (light.accent, dark.accent),
        "accent-strong": (light.strong, dark.strong),
        "on-accent": (light.on_accent, dark.on_accent),
        "accent-soft": (light.soft, dark.soft),
        "deep": (light.deep, dark.deep),
        "on-deep": (light.on_deep, dark.on_deep),
    }
    lines = [f"  --{name}: light-dark({one}, {other});" for name, (one, other) in pairs.items()]
    return "\n".join([":root {", *lines, "}", ""])
