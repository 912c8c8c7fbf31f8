"""Growth curves as a picture: microseconds a decision against the number of provisions, both on logarithmic scales."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from io import StringIO
from math import log10
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.figure import Figure

# A colour for each family, of those by Okabe and Ito that stand out from white and from black, also to the colour-blind.
_COLOURS: Final = {"purposegate": "#d55e00", "cedarpy": "#0b7fc0", "casbin": "#009e73", "regopy": "#cc79a7", "vakt": "#a07a3c"}
_GREY: Final = "#7d8590"
# What tells the members of a family apart; all others are drawn through.
_DASHED: Final = ("asked for the first time", "entity tags", "FastEnforcer", "cached guard")
_SETTINGS: Final = {"svg.hashsalt": "purposegate", "svg.fonttype": "path", "font.family": "DejaVu Sans", "font.size": 9.5}
_LEADER: Final = {"arrowstyle": "-", "alpha": 0.7, "linewidth": 0.8, "shrinkA": 1, "shrinkB": 4, "relpos": (0, 0.5)}
_LABEL_GAP: Final = 0.4  # decades that two labels keep between them

Curves = dict[str, list[tuple[int, float]]]


def draw(curves: Curves, output: Path) -> str:
    """Write the curves as an SVG, the same for the same curves; give the text that stands for it where it is not seen."""
    text, written = alternative(curves), StringIO()
    with mpl.rc_context(_SETTINGS):
        pictured(curves).savefig(written, format="svg", transparent=True, bbox_inches="tight", metadata={"Date": None})
    before, svg, rest = written.getvalue().partition("<svg ")
    tag, close, inner = rest.partition(">")
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(f'{before}{svg}role="img" {tag}{close}\n <title>{escape(text)}</title>{inner}')
    return text


def pictured(curves: Curves) -> Figure:
    """Draw the curves, each labelled at its end."""
    figure = Figure(figsize=(8.6, 5.2))
    axes = figure.subplots()
    last = max(size for points in curves.values() for size, _ in points)
    heights = _apart({name: log10(points[-1][1]) for name, points in curves.items()})
    for name, points in curves.items():
        colour = _COLOURS.get(name.partition(",")[0].partition(" ")[0], _GREY)
        ours = name.startswith("purposegate")
        axes.plot(
            *zip(*points, strict=True),
            color=colour,
            linewidth=2.6 if ours else 1.5,
            linestyle=(0, (4, 1.6)) if name.endswith(_DASHED) else "-",
            marker="o",
            markersize=5 if ours else 3.4,
            zorder=3 if ours else 2,
        )
        end = points[-1]
        axes.annotate(
            name if end[0] == last else f"{name} (to {end[0]:,})",
            xy=end,
            xytext=(last * 1.7, 10 ** heights[name]),
            va="center",
            color=colour,
            weight="bold" if ours else "normal",
            arrowprops=_LEADER | {"color": colour, "linestyle": "-" if end[0] == last else ":"},
            annotation_clip=False,
        )
    _plain(figure, sorted({size for points in curves.values() for size, _ in points}))
    return figure


def alternative(curves: Curves) -> str:
    """Say in words what the picture shows."""
    grown = "; ".join(
        f"{name} {points[0][1]:,.3g} at {points[0][0]:,} and {points[-1][1]:,.3g} at {points[-1][0]:,}"
        for name, points in curves.items()
    )
    return f"Microseconds a decision by the number of provisions in the policy: {grown}."


def curves_of(costs: Iterable[tuple[str, int, float | None]]) -> Curves:
    """Put measured costs together by engine, leaving out where one was left out."""
    curves: Curves = {}
    for engine, provisions, microseconds in costs:
        if microseconds is not None:
            curves.setdefault(engine, []).append((provisions, microseconds))
    return curves


def _apart(wanted: dict[str, float]) -> dict[str, float]:
    """Move heights as little as keeps a gap between any two: those that are too close spread about their middle."""
    groups: list[list[str]] = []
    for name in sorted(wanted, key=wanted.__getitem__):
        groups.append([name])
        while len(groups) > 1 and _spread(groups[-1], wanted)[0] - _spread(groups[-2], wanted)[-1] < _LABEL_GAP:
            groups[-2:] = [groups[-2] + groups[-1]]
    return {name: height for group in groups for name, height in zip(group, _spread(group, wanted), strict=True)}


def _spread(group: list[str], wanted: dict[str, float]) -> list[float]:
    middle = sum(wanted[name] for name in group) / len(group)
    return [middle + (place - (len(group) - 1) / 2) * _LABEL_GAP for place in range(len(group))]


def _plain(figure: Figure, sizes: list[int]) -> None:
    """Leave of the axes what is read: one tick for each size, a line for each power of ten."""
    axes = figure.axes[0]
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.set_xticks([], minor=True)
    axes.set_yticks([], minor=True)
    low, high = axes.get_ylim()
    powers = [10.0**power for power in range(round(log10(low)), round(log10(high)) + 1)]
    axes.set_yticks([power for power in powers if low <= power <= high], minor=False)
    axes.yaxis.set_major_formatter(_duration)
    axes.set_xlabel("provisions in the policy", color=_GREY)
    axes.set_title("time a decision", loc="left", color=_GREY, fontsize=9.5)
    axes.tick_params(colors=_GREY, which="both", length=3)
    axes.grid(visible=True, axis="y", color=_GREY, alpha=0.22, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.margins(x=0.02)
    axes.patch.set_visible(False)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_GREY)


def _duration(microseconds: float, _: object) -> str:
    for factor, unit in ((1e6, "s"), (1e3, "ms"), (1.0, "µs"), (1e-3, "ns")):
        if microseconds >= factor * 0.999:
            return f"{microseconds / factor:,.0f} {unit}"
    return f"{microseconds:g} µs"
