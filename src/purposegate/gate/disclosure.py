"""`gate.disclose`: of labelled data, what a purpose and a recipient may see, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple, Protocol

from purposegate.engine.use import Use
from purposegate.errors import DeclarationError
from purposegate.gate.ambient import Why
from purposegate.gate.declared import wrong
from purposegate.gate.labels import UNLABELLED, Shape, shape_of
from purposegate.gate.plans import IN_ITS_DICT, LEAVES, Kind, Plan, plan_of, rest_of, typed_fields
from purposegate.gate.sealed import labels_sealed, value_sealed
from purposegate.gate.taking import From

WITHHELD: Final = "[withheld]"
_LEFT_OUT: Final = object()


class OnDenied(StrEnum):
    """What becomes of fields that may not be seen."""

    REFUSE = "refuse"
    DROP = "drop"
    MARK = "mark"


ON_DENIED: Final = frozenset(OnDenied)


class Fields(NamedTuple):
    """Of one class, what goes out: the fields with the shape of what they hold, and those that stay."""

    released: tuple[tuple[str, Shape], ...]
    withheld: frozenset[str]
    rest: Shape
    rest_withheld: bool
    project: Callable[[Any], dict[str, Any] | None]

    def at_once(self, instance: object, on_denied: str) -> dict[str, Any] | None:
        """Project an instance that holds its declared fields and nothing else, each a plain value; of any other give None."""
        return self.project(instance) if self.drops(on_denied) else None

    def drops(self, on_denied: str) -> bool:
        """Tell whether what is withheld is to be left out, or nothing is."""
        return on_denied == OnDenied.DROP or not self.withheld


class Judging(Protocol):
    """Who says what may go out: the uses of one release, or of one question."""

    def passes(self, use: Use) -> bool:
        """Tell whether the data of one use may go out."""
        ...

    def kept(self, key: Hashable, judged: Callable[[], Fields]) -> Fields:
        """Give what was judged of a class, anew or as it is known."""
        ...

    def release_all(self) -> None:
        """Release every use that was judged, or raise."""
        ...

    def release_permitted(self) -> None:
        """Release what is permitted of them."""
        ...


class Disclosure:
    """One walk over data; what it meets is judged once for each category and person, and recorded at the end."""

    def __init__(self, releasing: Judging, why: Why, on_denied: OnDenied, marker: object) -> None:
        self._releasing = releasing
        self._why = why
        self._whose = why.subject
        self._on_denied = on_denied
        self._marker = marker
        # What was judged of each class or shape, for each person, and what projects its instances at once.
        self._fields: dict[type | Shape, Fields] = {}
        self._projects: dict[type | Shape, Callable[[Any], dict[str, Any] | None]] = {}
        self._known_by_why = {why: (self._fields, self._projects)}
        self._within: set[int] = set()
        # How often something labelled was met: what holds nothing of the kind is passed on as it is.
        self._met = 0

    def of(self, data: object, shape: Shape | None, subject: str | From | None) -> object:
        """Give the projection of the data; an iterator is refused, because it would be used up."""
        if isinstance(subject, From) and isinstance(data, (list, tuple)) and plan_of(type(data)).kind is Kind.SEQUENCE:
            projected = [self._of_one(each, None if shape is None else shape.items or shape, subject) for each in data]
            return type(data)(each for each in projected if each is not _LEFT_OUT)
        projected_one = self._of_one(data, shape, subject)
        return None if projected_one is _LEFT_OUT else projected_one

    def finish(self) -> None:
        """Release what was let out; or refuse the whole, where that was asked for."""
        if self._on_denied is OnDenied.REFUSE:
            self._releasing.release_all()
        else:
            self._releasing.release_permitted()

    def _of_one(self, data: object, shape: Shape | None, subject: str | From | None) -> object:
        if subject is not None:
            person = subject.of(data) if isinstance(subject, From) else subject
            if self._whose not in (None, person):
                raise wrong(
                    "wider-purpose", "the subject is another than that of the purpose around it", help_="one person a block"
                )
            self._why = self._why._replace(subject=person)
            self._fields, self._projects = self._known_by_why.setdefault(self._why, ({}, {}))
        if shape is not None and shape.categories and not self._may(shape.categories):
            return self._denied(shape.categories)
        return self._projected(data, shape)

    def _projected(self, value: Any, shape: Shape | None) -> Any:  # noqa: ANN401 - data are of any type
        project = self._projects.get(type(value))
        projected = None if project is None else project(value)
        if projected is None:
            return self._walked(value, shape)
        self._met += 1
        return projected

    def _walked(self, value: Any, shape: Shape | None) -> Any:  # noqa: ANN401, PLR0911 - as above; one line a kind
        plan = plan_of(type(value))
        if plan.kind is Kind.LEAF:
            if shape is None and value is not None:
                raise _undeclared()
            return value
        if plan.kind is Kind.SEALED:
            self._met += 1
            labels = labels_sealed(value)
            return self._projected(value_sealed(value), UNLABELLED) if labels and self._may(labels) else self._denied(labels)
        if plan.kind is Kind.ITERATOR:
            raise TypeError("an iterator cannot be disclosed: it would be used up; pass a list")
        if id(value) in self._within:
            return _LEFT_OUT
        self._within.add(id(value))
        try:
            match plan.kind:
                case Kind.MAPPING:
                    return self._mapping(value, shape)
                case Kind.SEQUENCE:
                    return self._sequence(value, shape)
                case Kind.OPAQUE:
                    return self._opaque(value, plan, shape)
                case _:
                    return self._structure(value, plan)
        finally:
            self._within.discard(id(value))

    def _structure(self, value: Any, plan: Plan) -> Any:  # noqa: ANN401 - as above
        fields = self._fields_of_class(type(value), plan)
        self._met += 1
        held = plan.read(value)
        projected: dict[str, Any] = {}
        for name, shape in fields.released:
            try:
                each = held[name]
            except KeyError:
                continue  # not set, or not loaded
            if type(each) in LEAVES:
                projected[name] = each
            else:
                self._put(projected, name, self._projected(each, shape))
        self._beside(projected, held, plan.fields, fields)
        return projected.get("root", _LEFT_OUT) if plan.root else projected

    def _mapping(self, value: Mapping[Any, Any], shape: Shape | None) -> dict[Any, Any]:
        projected: dict[Any, Any] = {}
        items = _items(shape)
        declared = None if shape is None else typed_fields(shape)
        if shape is not None and declared is not None:
            fields = self._fields_of(shape, declared, rest_of(declared))
            released = dict(fields.released)
            self._met += 1
            for name in value:
                if name in released:
                    self._put(projected, name, self._projected(value[name], released[name]))
            self._beside(projected, value, declared, fields)
            return projected
        for key, each in value.items():
            if plan_of(type(key)).kind is not Kind.LEAF:
                before = self._met
                self._projected(key, items)
                if self._met != before:
                    continue  # what is labelled is no key of plain data
            elif shape is None:
                raise _undeclared()
            self._put(projected, key, self._projected(each, items))
        return projected

    def _sequence(self, value: Collection[Any], shape: Shape | None) -> Any:  # noqa: ANN401 - a list, tuple or set
        items = _items(shape)
        projects, projected, met = self._projects, [], 0
        for item in value:  # as `_projected` has it, without a call for each of many
            project = projects.get(type(item))
            each = None if project is None else project(item)
            if each is None:
                each = self._walked(item, items)
                if each is _LEFT_OUT:
                    continue
            else:
                met = 1
            projected.append(each)
        self._met += met
        if isinstance(value, tuple):
            return tuple(projected)
        if isinstance(value, (set, frozenset)) and all(type(each) in LEAVES for each in projected):
            return type(value)(projected)
        return projected

    def _opaque(self, value: Any, plan: Plan, shape: Shape | None) -> Any:  # noqa: ANN401 - as above
        """Let out an object that declares nothing of what it holds only where a field says that it holds such a one."""
        before = self._met
        projected: dict[str, Any] = {}
        is_declared = shape is not None and not set(type(value).__mro__).isdisjoint(shape.classes)
        for name, each in plan.read(value).items():
            # What a declared object is made of needs no declaration of its own.
            within = Shape(classes=(type(each),)) if is_declared else UNLABELLED
            self._put(projected, name, self._projected(each, plan.fields.get(name, within)))
        if self._met != before:
            return {name: each for name, each in projected.items() if not name.startswith("_")}
        if not is_declared:
            raise _undeclared()
        return value

    def _beside(self, projected: dict[Any, Any], held: Mapping[Any, Any], declared: Mapping[str, Shape], fields: Fields) -> None:
        """Let out what is carried beside the declared fields, and mark what stays."""
        if len(held) == len(projected):
            return
        for name in held:
            if name in fields.withheld:
                self._put(projected, name, self._denied(declared[name].categories))
            elif name not in declared and not str(name).startswith("_"):
                carried = self._denied(fields.rest.categories) if fields.rest_withheld else self._projected(held[name], fields.rest)
                self._put(projected, name, carried)

    def _fields_of_class(self, owner: type, plan: Plan) -> Fields:
        return self._fields_of(owner, plan.fields, plan.rest, in_its_dict=plan.read is IN_ITS_DICT and not plan.root)

    def _fields_of(self, key: type | Shape, declared: Mapping[str, Shape], rest: Shape, *, in_its_dict: bool = False) -> Fields:
        known = self._fields.get(key)
        if known is None:
            known = self._releasing.kept(
                (key, self._why.purpose, self._why.recipient, self._why.channel),
                lambda: self._judged(declared, rest, in_its_dict=in_its_dict),
            )
            self._fields[key] = known
            if known.project is not _never and known.drops(self._on_denied):
                self._projects[key] = known.project
        return known

    def _judged(self, declared: Mapping[str, Shape], rest: Shape, *, in_its_dict: bool) -> Fields:
        released, withheld = [], set()
        for name, shape in declared.items():
            if self._may(shape.categories):
                released.append((name, shape))
            else:
                withheld.add(name)
        project = _projection(tuple(declared), tuple(name for name, _ in released)) if in_its_dict else _never
        return Fields(tuple(released), frozenset(withheld), rest, not self._may(rest.categories), project)

    def _may(self, data_categories: Collection[str]) -> bool:
        return _all_pass(self._releasing, self._why, data_categories)

    def _denied(self, data_categories: Collection[str]) -> object:
        if self._on_denied is OnDenied.REFUSE:
            self._may(data_categories)  # what was settled earlier is judged again, for its story
            self._releasing.release_all()
        return self._marker if self._on_denied is OnDenied.MARK else _LEFT_OUT

    def _put(self, projected: dict[Any, Any], name: object, value: object) -> None:
        if value is not _LEFT_OUT:
            projected[name] = value


def _projection(declared: tuple[str, ...], released: tuple[str, ...]) -> Callable[[Any], dict[str, Any] | None]:
    """Give what projects an instance without a step for each of its fields."""
    withheld = [name for name in declared if name not in released]
    all_plain = LEAVES.issuperset

    def without(instance: Any) -> dict[str, Any] | None:  # noqa: ANN401 - an instance of any model
        projected: dict[str, Any] = instance.__dict__.copy()
        try:
            for name in withheld:
                del projected[name]
        except KeyError:
            return None
        return projected if tuple(projected) == released and all_plain(map(type, projected.values())) else None

    def only(instance: Any) -> dict[str, Any] | None:  # noqa: ANN401 - as above
        held: dict[str, Any] = instance.__dict__
        if tuple(held) != declared:
            return None
        projected = {name: held[name] for name in released}
        return projected if all_plain(map(type, projected.values())) else None

    return without if len(withheld) < 2 * len(released) else only  # to delete one takes half of what it takes to copy one


def _never(instance: object) -> None:
    """Project nothing: each field is to be read by itself."""


def _all_pass(judging: Judging, why: Why, data_categories: Collection[str]) -> bool:
    passing = [judging.passes(why.use(each)) for each in sorted(data_categories)]  # each is asked about, and recorded
    return all(passing)


def readable(judging: Judging, why: Why, model: object) -> Iterator[str]:
    """Yield the fields of a class, or of what an annotation says, that may be read; those of nested classes by a dotted path."""
    yield from _readable(judging, why, shape_of(model), "", ())


def _readable(judging: Judging, why: Why, shape: Shape, path: str, above: tuple[object, ...]) -> Iterator[str]:
    if not _all_pass(judging, why, shape.categories):
        return
    nested = {name: each for owner in _structures(shape) for name, each in _declared(owner).items()}
    if not nested and path:
        yield path
    for name, each in nested.items():
        if each not in above:
            yield from _readable(judging, why, each, f"{path}.{name}" if path else name, (*above, each))


def _structures(shape: Shape | None) -> Iterator[type]:
    while shape is not None:
        yield from shape.typed
        yield from (owner for owner in shape.classes if plan_of(owner).kind is Kind.STRUCTURE)
        shape = shape.items


def _declared(owner: type) -> Mapping[str, Shape]:
    return typed_fields(Shape(typed=(owner,))) or {} if issubclass(owner, dict) else plan_of(owner).fields


def _items(shape: Shape | None) -> Shape | None:
    """Give what a container holds; where the annotation names none, what it names may be in it all the same."""
    return None if shape is None else shape.items or shape


def _undeclared() -> DeclarationError:
    return wrong(
        "undeclared-data",
        "no type says what is personal in plain data",
        help_="pass a model, or say with `as_type` what the data are",
    )
