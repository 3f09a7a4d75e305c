"""Who the athletes are: shape, in MakeHuman's words, and colours."""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[int, int, int]
"""sRGB, 0 to 255."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A body by MakeHuman's macro sliders, each 0 to 1; 0.5 is average.

    Attributes
    ----------
    male : 0 female, 1 male.
    old : 0 a young adult, 1 old.
    """

    male: float
    old: float
    muscle: float
    weight: float
    height: float
    proportions: float
    african: float
    asian: float
    caucasian: float

    def factors(self) -> dict[str, float]:
        """Weight of every word that a target's name can hold."""
        return {
            "male": self.male,
            "female": 1.0 - self.male,
            "baby": 0.0,
            "child": 0.0,
            "young": 1.0 - self.old,
            "old": self.old,
            **_three("muscle", self.muscle),
            **_three("weight", self.weight),
            **_three("cup", 0.5),
            **_three("firmness", 0.5),
            "minheight": max(0.0, 1.0 - 2 * self.height),
            "maxheight": max(0.0, 2 * self.height - 1.0),
            "uncommonproportions": max(0.0, 1.0 - 2 * self.proportions),
            "idealproportions": max(0.0, 2 * self.proportions - 1.0),
            "african": self.african,
            "asian": self.asian,
            "caucasian": self.caucasian,
        }


def _three(word: str, value: float) -> dict[str, float]:
    return {
        f"min{word}": max(0.0, 1.0 - 2 * value),
        f"average{word}": 1.0 - abs(2 * value - 1.0),
        f"max{word}": max(0.0, 2 * value - 1.0),
    }


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of one athlete."""

    skin: Colour
    hair: Colour
    shirt: Colour
    trousers: Colour
    shoes: Colour = (58, 56, 58)
    iris: Colour = (74, 52, 38)


SHAPES = {
    "woman": Shape(0.0, 0.15, 0.55, 0.42, 0.52, 0.75, african=0.2, asian=0.3, caucasian=0.5),
    "man": Shape(1.0, 0.25, 0.55, 0.50, 0.56, 0.6, african=0.2, asian=0.2, caucasian=0.6),
    "heavy-man": Shape(1.0, 0.45, 0.45, 0.88, 0.45, 0.4, african=0.8, asian=0.1, caucasian=0.1),
    "older-woman": Shape(0.0, 0.85, 0.35, 0.66, 0.58, 0.4, african=0.1, asian=0.5, caucasian=0.4),
}

LOOKS = {
    "woman": Look(skin=(214, 170, 142), hair=(62, 42, 30), shirt=(64, 122, 110), trousers=(44, 48, 58)),
    "man": Look(skin=(200, 152, 124), hair=(46, 36, 30), shirt=(82, 104, 140), trousers=(58, 58, 62)),
    "heavy-man": Look(skin=(112, 76, 56), hair=(26, 22, 20), shirt=(178, 172, 160), trousers=(48, 62, 84)),
    "older-woman": Look(skin=(190, 146, 116), hair=(166, 162, 158), shirt=(140, 74, 84), trousers=(72, 70, 66)),
}
