"""The Language Server Protocol: what an editor says is handed to `projects`, and what is found there goes back in its words."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, TypeVar

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from purposegate.findings import Finding, Location, Severity
from purposegate.tools.casebook import is_cases
from purposegate.tools.editing import python
from purposegate.tools.editing.answers import Known, Said, Suggestion, Target, right_now
from purposegate.tools.editing.latest import Latest
from purposegate.tools.editing.mending import Mend, in_a_policy, in_code, mends
from purposegate.tools.editing.positions import Marked, Page, Span, Spot
from purposegate.tools.editing.projects import Project, Projects, is_python, marked, on_disk, policy_findings
from purposegate.tools.editing.surveyor import SurveyFailedError, Surveyor, place_of
from purposegate.tools.editing.surveys import Question, Survey

_T = TypeVar("_T")

# How long the hand has to rest before what was typed is looked at: a policy is read in a moment, and a scan takes longer.
_REST: Final = {"policy": 0.1, "scan": 0.3}
_SEVERITIES: Final = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}
_IN_YAML: Final = ("[", "{", ",", " ")
_IN_PYTHON: Final = ('"', "'")


class Server(LanguageServer):
    """One editor's session."""

    def __init__(self) -> None:
        """Take whole texts: what counts as the end of a line is not the same to everybody who would put changes together."""
        super().__init__("purposegate", version("purposegate"), types.TextDocumentSyncKind.Full)
        self.projects = Projects()
        self.found: dict[str, tuple[Marked, ...]] = {}
        self._uris: dict[str, str] = {}
        self._readings = Latest(_REST["policy"], self.tell_of)
        self._scans = Latest(_REST["scan"], self.tell_of)
        self._reader = ThreadPoolExecutor(max_workers=1)
        self._surveyor = Surveyor()

    # What goes wrong is told without anything of a document: which function, and where in this program.

    def tell_of(self, what: str, error: Exception) -> None:
        """Tell the client's log that something went wrong."""
        message = f"purposegate: {what} failed{error if isinstance(error, SurveyFailedError) else place_of(error)}"
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, message))

    def report_server_error(self, error: Exception, source: Any) -> None:  # noqa: ANN401 - pygls' own union of classes
        """Tell of an error in the protocol itself; its message may hold what was sent."""
        self.tell_of(getattr(source, "__name__", "the protocol"), error)

    def page(self, uri: str) -> Page | None:
        """Give an open text by its address."""
        path = _path(uri)
        return None if path is None else self.projects.pages.get(path)

    def take(self, uri: str, *, at_once: bool = False) -> None:
        """Take a text as the editor has it now, and look at it once the hand rests."""
        path = _path(uri)
        if path is None:
            return
        self._uris[path] = uri
        self.projects.open(path, self.workspace.get_text_document(uri).source)
        if is_python(path):
            self.scan(self.projects.of(path), at_once=at_once)
        elif self.projects.is_policy(path) or is_cases(path):
            self.read(path, at_once=at_once)
        elif self.found.get(path):
            self.publish(path, ())  # it was a policy before

    def let_go(self, uri: str) -> None:
        """Forget a text; what there was to say of it goes from the editor's list."""
        path = _path(uri)
        if path is not None:
            self.projects.close(path)
            self.publish(path, ())
            self._uris.pop(path, None)

    def look_again(self, path: str) -> None:
        """Look at everything that a file on disk has a part in, since it was written."""
        for policy in self.projects.quoting(path):
            self.read(policy, and_code=True)
        if is_cases(path) and path in self.projects.pages:
            self.read(path)
        elif self.projects.is_policy(path):
            self.read(path, and_code=True)
        elif is_python(path) or Path(path).name == "pyproject.toml":
            for project in self._open_projects():
                self.scan(project)

    def read(self, path: str, *, and_code: bool = False, at_once: bool = False) -> None:
        """Look at a policy; and then at the code that goes by it."""
        page = self.projects.pages.get(path)
        is_known = self.projects.known(path) is not None

        def work() -> tuple[tuple[Finding, ...], Known | None]:
            return policy_findings(page or on_disk(path), is_known=is_known)

        def told(result: tuple[tuple[Finding, ...], Known | None]) -> None:
            findings, known = result
            self.projects.learn(path, known)
            if path in self.projects.pages:
                self.publish(path, marked(self.projects.pages[path], findings))
            for project in self._open_projects() if and_code else ():
                if project.policy == path:
                    self.scan(project)

        self._readings.ask("reading a policy", path, partial(self._in_thread, work), told, at_once=at_once)

    def scan(self, project: Project, *, at_once: bool = False) -> None:
        """Look at a project's code, by the last state of its policy that could be read; that is read first where none was."""
        if project.policy is None or project.refused:
            if project.refused:
                self._survey(project, None, at_once=at_once)  # which says what is wrong
        elif self.projects.known(project.policy) is None:
            work = partial(self._in_thread, partial(policy_findings, on_disk(project.policy), is_known=False))
            self._readings.ask("reading a policy", (project.policy,), work, partial(self._learned, project), at_once=True)
        else:
            self._survey(project, project.policy, at_once=at_once)

    def publish(self, path: str, found: Iterable[Marked]) -> None:
        """Show what was found in a file, in the place of what was before."""
        self.found[path] = tuple(found)
        page = self.projects.pages.get(path) or on_disk(path)
        shown = [self._diagnostic(page, each) for each in self.found[path]]
        uri = self._uris.get(path) or uris.from_fs_path(path) or path
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, shown))

    def range(self, page: Page, span: Span) -> types.Range:
        """Give a stretch of a text as the client counts."""
        start, end = (types.Position(spot.line, page.units(spot, self._encoding)) for spot in span)
        return types.Range(start, end)

    def spot(self, page: Page, position: types.Position) -> Spot:
        """Take a place as the client counts."""
        return page.spot(position.line, position.character, self._encoding)

    def location(self, target: Target) -> types.Location:
        """Give a place in a file."""
        page = self.projects.pages.get(target.path) or on_disk(target.path)
        uri = self._uris.get(target.path) or uris.from_fs_path(target.path) or target.path
        return types.Location(uri, self.range(page, target.span))

    @property
    def _encoding(self) -> str:
        return str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding) or "utf-16")

    def _open_projects(self) -> tuple[Project, ...]:
        found = {id(project): project for path in self.projects.pages if is_python(path) for project in [self.projects.of(path)]}
        return tuple(found.values())

    async def _in_thread(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._reader, work)

    def _learned(self, project: Project, result: tuple[tuple[Finding, ...], Known | None]) -> None:
        if project.policy is not None:
            self.projects.learn(project.policy, result[1])
            self._survey(project, project.policy, at_once=True)

    def _survey(self, project: Project, policy: str | None, *, at_once: bool) -> None:
        known = self.projects.known(policy)
        texts = {path: page.text for path, page in self.projects.pages.items() if is_python(path)}
        question = Question(str(project.root), policy, None if known is None else known.text, texts)
        work = partial(self._surveyor.survey, question)
        self._scans.ask("a scan", project.root, work, partial(self._surveyed, project), at_once=at_once)

    def _surveyed(self, project: Project, survey: Survey) -> None:
        told = {each.location.path for each in (*project.survey.refused, *survey.refused) if each.location is not None}
        project.survey = survey
        for path in told:
            self.publish(path, marked(self.projects.pages.get(path) or on_disk(path), survey.refused))
        for page in self.projects.open_code(project):
            self.publish(page.path, survey.marked(page))

    def _diagnostic(self, page: Page, found: Marked) -> types.Diagnostic:
        finding = found.finding
        message = finding.message if finding.help is None else f"{finding.message}\nhelp: {finding.help}"
        related = [
            types.DiagnosticRelatedInformation(self.location(Target(each.location.path, _at(each.location))), each.message)
            for each in finding.related
        ]
        severity = _SEVERITIES[finding.severity]
        where = self.range(page, found.span)
        return types.Diagnostic(where, message, severity, finding.slug, source="purposegate", related_information=related or None)


def serve() -> None:
    """Serve one editor over the standard streams until it goes away."""
    # pygls logs what it is sent, texts and all, where something goes wrong.
    log = logging.getLogger("pygls")
    log.propagate = False
    log.addHandler(logging.NullHandler())
    made().start_io()


def made() -> Server:
    """Make a server that answers."""
    server = Server()
    for method, handler, options in (
        (types.INITIALIZED, _begun, None),
        (types.TEXT_DOCUMENT_DID_OPEN, lambda server, params: server.take(params.text_document.uri, at_once=True), None),
        (types.TEXT_DOCUMENT_DID_CHANGE, lambda server, params: server.take(params.text_document.uri), None),
        (types.TEXT_DOCUMENT_DID_CLOSE, lambda server, params: server.let_go(params.text_document.uri), None),
        (types.TEXT_DOCUMENT_DID_SAVE, _written, None),
        (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, _changed_on_disk, None),
        (types.TEXT_DOCUMENT_HOVER, _hover, None),
        (types.TEXT_DOCUMENT_DEFINITION, _definition, None),
        (types.TEXT_DOCUMENT_COMPLETION, _completion, types.CompletionOptions(trigger_characters=[*_IN_YAML, *_IN_PYTHON])),
        (types.TEXT_DOCUMENT_CODE_ACTION, _actions, types.CodeActionOptions([types.CodeActionKind.QuickFix])),
    ):
        server.feature(method, options)(kept_alive(server, method, handler))
    return server


def kept_alive(server: Server, method: str, handler: Callable[[Server, Any], _T]) -> Callable[[Any], _T | None]:
    """Have a handler's failure told to the client's log, and nothing answered: an editor goes on without."""

    def handling(params: Any) -> _T | None:  # noqa: ANN401 - each method has its own
        try:
            return handler(server, params)
        except Exception as error:  # noqa: BLE001 - as said above
            server.tell_of(method, error)
            return None

    return handling


def _begun(server: Server, _params: types.InitializedParams) -> None:
    server.projects.roots = [Path(path) for uri in server.workspace.folders if (path := _path(uri)) is not None]
    if server.workspace.root_path:
        server.projects.roots.append(Path(server.workspace.root_path))
    watched = server.client_capabilities.workspace and server.client_capabilities.workspace.did_change_watched_files
    if watched and watched.dynamic_registration:
        watchers = [types.FileSystemWatcher(f"**/*.{kind}") for kind in ("py", "yaml", "yml", "txt")]
        options = types.DidChangeWatchedFilesRegistrationOptions([*watchers, types.FileSystemWatcher("**/pyproject.toml")])
        asked = types.Registration("watched", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        server.client_register_capability(types.RegistrationParams([asked]))


def _written(server: Server, params: types.DidSaveTextDocumentParams) -> None:
    path = _path(params.text_document.uri)
    if path is not None:
        server.look_again(path)


def _changed_on_disk(server: Server, params: types.DidChangeWatchedFilesParams) -> None:
    for change in params.changes:
        path = _path(change.uri)
        if path is not None:
            server.look_again(path)


def _hover(server: Server, params: types.HoverParams) -> types.Hover | None:
    page = server.page(params.text_document.uri)
    if page is None:
        return None
    said = _said(server, page, server.spot(page, params.position))
    if said is None:
        return None
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, said.about), server.range(page, said.span))


def _said(server: Server, page: Page, spot: Spot) -> Said | None:
    if not is_python(page.path):
        return server.projects.typed(page.path).said(spot, right_now()) if server.projects.is_policy(page.path) else None
    project = server.projects.of(page.path)
    known = server.projects.known(project.policy)
    return known and python.explained(page, spot, known, project.survey.named(page.path, page.text), right_now())


def _definition(server: Server, params: types.DefinitionParams) -> types.Location | None:
    page = server.page(params.text_document.uri)
    if page is None:
        return None
    target = _target(server, page, server.spot(page, params.position))
    return None if target is None else server.location(target)


def _target(server: Server, page: Page, spot: Spot) -> Target | None:
    if not is_python(page.path):
        return server.projects.typed(page.path).target(spot) if server.projects.is_policy(page.path) else None
    project = server.projects.of(page.path)
    name = python.named(page, spot, project.survey.named(page.path, page.text))
    if name is None or project.policy is None:
        return None
    return server.projects.typed(project.policy).declaration(name.section, name.name.partition("/")[0])


def _completion(server: Server, params: types.CompletionParams) -> types.CompletionList | None:
    page = server.page(params.text_document.uri)
    if page is None:
        return None
    spot = server.spot(page, params.position)
    if is_python(page.path):
        known = server.projects.known(server.projects.of(page.path).policy)
        suggestions, span = python.suggested(page, spot, known, right_now()) if known else (), page.word(spot, r"\w./-")
    elif server.projects.is_policy(page.path):
        suggestions, span = server.projects.typed(page.path).suggestions(spot), page.word(spot, r"\w()")
    else:
        return None
    where = server.range(page, span)
    return types.CompletionList(
        is_incomplete=False, items=[_item(each, where, markdown=_reads_markdown(server)) for each in suggestions]
    )


def _reads_markdown(server: Server) -> bool:
    """Tell whether the client shows Markdown beside what it offers; to others it is plain text."""
    document = server.client_capabilities.text_document
    able = document and document.completion and document.completion.completion_item
    return types.MarkupKind.Markdown in ((able and able.documentation_format) or ())


def _item(suggestion: Suggestion, where: types.Range, *, markdown: bool) -> types.CompletionItem:
    about = types.MarkupContent(types.MarkupKind.Markdown, suggestion.about) if markdown else suggestion.about
    return types.CompletionItem(
        suggestion.text,
        kind=types.CompletionItemKind.Constant,
        detail=suggestion.detail or None,
        documentation=about if suggestion.about else None,
        sort_text=f"{suggestion.rank:07}",
        text_edit=types.TextEdit(where, suggestion.text),
    )


def _actions(server: Server, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    page = server.page(params.text_document.uri)
    if page is None:
        return None
    span = Span(server.spot(page, params.range.start), server.spot(page, params.range.end))
    found = mends(page, server.found.get(page.path, ()), span, in_code if is_python(page.path) else in_a_policy)
    return [_action(server, params.text_document.uri, page, mend) for mend in found]


def _action(server: Server, uri: str, page: Page, mend: Mend) -> types.CodeAction:
    edit = types.WorkspaceEdit({uri: [types.TextEdit(server.range(page, mend.span), mend.text)]})
    return types.CodeAction(mend.title, kind=types.CodeActionKind.QuickFix, edit=edit)


def _at(place: Location) -> Span:
    spot = Spot(place.line - 1, place.column - 1)
    return Span(spot, spot)


def _path(uri: str) -> str | None:
    """Give the file of an address; None for what is none, as an untitled text."""
    return uris.to_fs_path(uri)
