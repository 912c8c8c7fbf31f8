"""The category is an attribute of the class, overridden with a wrong name in one of the subclasses."""

from purposegate import Gate


class Exporter:
    def __init__(self, gate: Gate) -> None:
        self.gate = gate


class VisitExporter(Exporter):
    category = "usage_history"

    def run(self) -> None:
        self.gate.check(self.category, "analyse_to_improve")


class PageExporter(Exporter):
    category = "page_views"

    def run(self) -> None:
        self.gate.check(self.category, "analyse_to_improve")  # finds: unknown-category
