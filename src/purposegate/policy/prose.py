"""Whether the policy's quotes stand in the published text, and which sentences of it nothing cites."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from purposegate.findings import Finding, Severity, shortened
from purposegate.policy.document import Document
from purposegate.policy.policy import Policy

_WORD: Final = re.compile(r"\w+")
_INSIDE_A_WORD: Final = re.compile(r"\w\w")
_QUOTES: Final = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "‘": "'", "’": "'", "‚": "'", "‛": "'"})
# An article begins with a line such as “4. Provision of personal information”; its number begins every clause in it.
_ARTICLE: Final = re.compile(r"^[ \t]*(\d+)\.[ \t]+\S.*$", re.MULTILINE)
_NUMBER: Final = re.compile(r"\d+")
_PARAGRAPH_END: Final = re.compile(r"\n[ \t]*\n")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])(?<!\b[A-Z]\.)\s+(?=[A-Z])")
_ENUMERATED: Final = re.compile(r"\(\d+\)\s*|[A-Z]\.\s+")
_PASSAGE_SHOWN: Final = 200
_PASSAGES: Final = 20
_UNSOUGHT: Final = -1


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the prose, or one item of a list in it; offsets are into the folded text."""

    text: str
    start: int
    end: int


class Prose:
    """A published text with white space and typographic quotes folded, cut into articles and sentences."""

    def __init__(self, text: str) -> None:
        """Fold a text; headings of articles are kept as text to be quoted, and are no sentences."""
        self._articles: dict[str, tuple[int, int]] = {}
        self.sentences: list[Sentence] = []
        folded: list[str] = []
        length = 0
        heading: tuple[str, int] | None = None
        for paragraph in self._paragraphs(text.replace("\r\n", "\n").replace("\r", "\n")):
            article = _ARTICLE.match(paragraph)
            if article:
                if heading:
                    self._articles.setdefault(heading[0], (heading[1], length))
                heading = (article[1], length)
            for sentence in [fold(paragraph)] if article else _SENTENCE_END.split(fold(paragraph)):
                if not article and _WORD.search(_ENUMERATED.sub("", sentence)):
                    self.sentences.append(Sentence(sentence, length, length + len(sentence)))
                folded.append(sentence)
                length += len(sentence) + 1
        if heading:
            self._articles.setdefault(heading[0], (heading[1], length))
        self.text = " ".join(folded)
        self._starts = [sentence.start for sentence in self.sentences]
        self._words: list[frozenset[str]] | None = None
        # Ten thousand rules quote a few hundred sentences, and are looked for by more than one that checks them.
        self._found: dict[tuple[str, str | None], int | None] = {}

    @staticmethod
    def _paragraphs(text: str) -> Iterator[str]:
        """Give paragraphs; one that goes on in small letters after an empty line is the same sentence still."""
        kept = ""
        for paragraph in _PARAGRAPH_END.split(text):
            if not paragraph.strip():
                continue
            if kept and paragraph.lstrip()[0].islower():
                kept += "\n" + paragraph
                continue
            if kept:
                yield kept
            kept = paragraph
        if kept:
            yield kept

    def find(self, quote: str, clause: str | None = None) -> int | None:
        """Give the offset of a quote, in the article of its clause if it stands there, anywhere otherwise; None if nowhere."""
        article = _NUMBER.match(clause or "")
        key = quote, article[0] if article else None
        if key not in self._found:
            self._found[key] = self._sought(*key)
        return self._found[key]

    def _sought(self, quote: str, article: str | None) -> int | None:
        folded = fold(quote)
        if not _WORD.search(folded):
            return None
        if article in self._articles:
            start, end = self._articles[article]
            at = self._whole_words(folded, start, end)
            if at is not None:
                return at
        return self._whole_words(folded, 0, len(self.text))

    def _whole_words(self, folded: str, start: int, end: int) -> int | None:
        """Find text that neither begins nor ends inside a word."""
        at = self.text.find(folded, start, end)
        while at >= 0:
            around = (self.text[at - 1 : at + 1] if at else "", self.text[at + len(folded) - 1 : at + len(folded) + 1])
            if not any(_INSIDE_A_WORD.match(edge) for edge in around):
                return at
            at = self.text.find(folded, at + 1, end)
        return None

    def outside_its_article(self, at: int, clause: str) -> bool:
        """Tell whether an offset lies outside the article that a clause names; a text without that article says nothing."""
        article = re.match(r"\d+", clause)
        start, end = self._articles.get(article[0], (0, len(self.text) + 1)) if article else (0, len(self.text) + 1)
        return not start <= at < end

    def nearest(self, quote: str) -> str | None:
        """Give the sentence that shares most words with a quote that stands nowhere."""
        wanted = frozenset(_WORD.findall(fold(quote).lower()))
        if self._words is None:
            self._words = [frozenset(_WORD.findall(sentence.text.lower())) for sentence in self.sentences]
        shared = [len(wanted & words) / len(wanted | words) if wanted else 0.0 for words in self._words]
        best = max(range(len(shared)), key=shared.__getitem__, default=None)
        if best is None or shared[best] == 0:
            return None
        return shortened(self.sentences[best].text, _PASSAGE_SHOWN)

    def cited(self, start: int, length: int) -> Iterator[int]:
        """Give the indexes of the sentences that a stretch of the text touches."""
        index = max(0, bisect_right(self._starts, start) - 1)
        while index < len(self.sentences) and self.sentences[index].start < start + length:
            if self.sentences[index].end > start:
                yield index
            index += 1


def fold(text: str) -> str:
    """Make white space single and typographic quotes plain, so that a quote matches however it was set."""
    return " ".join(text.translate(_QUOTES).split())


def check_quotes(policy: Policy, document: Document, prose: Prose) -> Iterator[Finding]:
    """Yield an error for each quote that does not stand in the published text."""
    passages_shown = 0
    found: dict[tuple[str, str | None], int | None] = {}
    for (section, key), clause, quote in _quotes(document):
        # Ten thousand rules quote a few hundred sentences.
        at = found.get((quote, clause), _UNSOUGHT)
        if at == _UNSOUGHT:
            at = found[quote, clause] = prose.find(quote, clause)
        if at is None:
            # Looking for the nearest passage takes as long as the prose; a policy of wrong quotes could make that long.
            nearest = prose.nearest(quote) if passages_shown < _PASSAGES else None
            passages_shown += 1
            help_ = f"the nearest passage is: “{nearest}”" if nearest else None
            message = "the quote does not stand in the published text"
            yield Finding("quote-not-in-prose", Severity.ERROR, message, policy.place(section, key), help=help_)
        elif clause and prose.outside_its_article(at, clause):
            message = f"the quote stands in the published text, but not in the article of clause {clause}"
            yield Finding("quote-outside-clause", Severity.WARNING, message, policy.place(section, key))


def uncited(document: Document, prose: Prose) -> Iterator[Sentence]:
    """Yield each sentence of the prose that no quote of the policy touches."""
    cited: set[int] = set()
    for _, clause, quote in _quotes(document):
        at = prose.find(quote, clause)
        if at is not None:
            cited.update(prose.cited(at, len(fold(quote))))
    yield from (sentence for index, sentence in enumerate(prose.sentences) if index not in cited)


def _quotes(document: Document) -> Iterator[tuple[tuple[str, str | int], str | None, str]]:
    """Give each quote with its clause and the section and key of its entry."""
    for section in ("categories", "purposes", "recipients", "channels", "conditions", "objections"):
        for name, entry in getattr(document, section).items():
            if entry.quote is not None:
                yield (section, name), entry.clause, entry.quote
    for section in ("uses", "provisions", "exceptions", "unenforced", "questions"):
        for index, entry in enumerate(getattr(document, section)):
            yield (section, index), entry.clause, entry.quote
    if document.amendments:
        yield ("amendments", "quote"), document.amendments.clause, document.amendments.quote
