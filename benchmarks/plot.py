"""Growth curves as a picture: microseconds a decision against the number of provisions, both on logarithmic scales."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib import pyplot as plt

mpl.use("svg")

# One colour for what is ours, greys for the rest: the lines are told apart by their labels, and on white and on black alike.
_OURS: Final = "#d1495b"
_OTHERS: Final = "#7d8590"
_STYLES: Final = {"a bare dictionary": ":", "purposegate": "-", "purposegate, asked for the first time": "--"}
_LABEL_GAP: Final = 0.33  # decades that two labels keep between them

Curves = dict[str, list[tuple[int, float]]]


def draw(curves: Curves, output: Path) -> None:
    """Write the curves as an SVG; the same curves give the same file."""
    settings = {"svg.hashsalt": "purposegate", "svg.fonttype": "path", "font.family": "DejaVu Sans", "font.size": 10}
    with mpl.rc_context(settings):
        figure, axes = plt.subplots(figsize=(9, 5.2))
        for name, points in curves.items():
            ours = name.startswith("purposegate")
            axes.plot(
                *zip(*points, strict=True),
                color=_OURS if ours else _OTHERS,
                linewidth=2.4 if ours else 1.4,
                linestyle=_STYLES.get(name, "-"),
                marker="o",
                markersize=4 if ours else 3,
            )
        axes.set_xscale("log")
        axes.set_yscale("log")
        last = max(size for points in curves.values() for size, _ in points)
        for name, points in curves.items():
            size, cost = points[-1]
            height = _labels(curves)[name]
            axes.annotate(
                name,
                xy=(size, cost),
                xytext=(last * 1.25, 10**height),
                va="center",
                color=_OURS if name.startswith("purposegate") else _OTHERS,
                arrowprops=None if size == last else {"arrowstyle": "-", "color": _OTHERS, "alpha": 0.35, "linewidth": 0.8},
                annotation_clip=False,
            )
        axes.set_xlabel("provisions in the policy")
        axes.set_ylabel("microseconds a decision")
        _plain(axes)
        figure.savefig(output, transparent=True, bbox_inches="tight", metadata={"Date": None})
        plt.close(figure)


def _labels(curves: Curves) -> dict[str, float]:
    """Give each curve's label a height near its end, as a power of ten, so that no two overlap."""
    from math import log10  # noqa: PLC0415 - for this only

    heights: dict[str, float] = {}
    lowest = float("-inf")
    for name, points in sorted(curves.items(), key=lambda curve: curve[1][-1][1]):
        lowest = heights[name] = max(log10(points[-1][1]), lowest + _LABEL_GAP)
    return heights


def _plain(axes: plt.Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for part in (*axes.spines.values(),):
        part.set_color(_OTHERS)
    axes.tick_params(colors=_OTHERS, which="both")
    axes.xaxis.label.set_color(_OTHERS)
    axes.yaxis.label.set_color(_OTHERS)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,g}")
    axes.grid(visible=True, which="major", color=_OTHERS, alpha=0.2, linewidth=0.6)


def curves_of(costs: Iterable[tuple[str, int, float | None]]) -> Curves:
    """Put measured costs together by engine, leaving out where one was left out."""
    curves: Curves = {}
    for engine, provisions, microseconds in costs:
        if microseconds is not None:
            curves.setdefault(engine, []).append((provisions, microseconds))
    return curves
