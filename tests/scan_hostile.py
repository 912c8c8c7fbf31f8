"""Python that is made to break who reads it: each has uses that must be told, on lines that end in `# told`.

All of it is generated, and none of it is run. Programs are files by name; one file is called `a.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

GATE: Final = 'from purposegate import Gate\n\ngate = Gate.load("policies/en-japan-video-interview.yaml")\n'
MODEL: Final = (
    "from dataclasses import dataclass\nfrom typing import Annotated\n\nfrom purposegate import Personal\n\n\n"
    '@dataclass\nclass Applicant:\n    email: Annotated[str, Personal("email_address")]\n\n\n'
)
USE: Final = '"video_interview", "distribute_advertising"'
CHECK: Final = f"gate.check({USE})"
LOAD: Final = 'Gate.load("policies/en-japan-video-interview.yaml")'
ALLOWED: Final = 'gate.check("email_address", "send_service_email")'
MARK: Final = "  # told"

DEEP: Final = 10_000
MANY: Final = 5_000


def _blocks(head: str, depth: int, body: str) -> str:
    return "".join(f"{' ' * at}{head}:\n" for at in range(depth)) + f"{' ' * depth}{body}\n"


def _leak(expression: str) -> str:
    return f"{MODEL}def leak(applicant: Applicant) -> object:\n    return {expression}{MARK}\n"


# What nests: beyond the limits of Python's own parser, and right below them.
NESTED: Final = {
    "parentheses": f"{GATE}{'(' * DEEP}{CHECK}{')' * DEEP}{MARK}\n",
    "parentheses_that_python_takes": f"{GATE}{'(' * 150}{CHECK}{')' * 150}{MARK}\n",
    "lists": f"{GATE}x = {'[' * DEEP}{CHECK}{']' * DEEP}{MARK}\n",
    "lists_that_python_takes": f"{GATE}x = {'[' * 85}{CHECK}{']' * 85}{MARK}\n",
    "attributes": f"{GATE}x = a{'.b' * DEEP}\n{CHECK}{MARK}\n",
    "attributes_of_a_label": _leak(f"applicant.email{'.b' * DEEP}"),
    "calls_of_a_label": _leak(f"applicant.email{'.strip()' * 2_000}"),
    "subscripts_of_a_label": _leak(f"applicant.email{'[0]' * 2_000}"),
    "sums_of_a_label": _leak(f"applicant.email{' + applicant.email' * 3_000}"),
    "sums_that_python_takes": _leak(f"applicant.email{' + applicant.email' * 500}"),
    "negations": f"{GATE}x = {'not ' * 3_000}{CHECK}{MARK}\n",
    "minus_signs": f"{GATE}x = {'-' * 3_000}{CHECK}{MARK}\n",
    "lambdas": f"{GATE}x = {'lambda: ' * 2_000}{CHECK}{MARK}\n",
    "conditional_expressions": f"{GATE}x = {'0 if a else ' * 2_000}{CHECK}{MARK}\n",
    "powers": f"{GATE}x = {'a ** ' * 2_000}{CHECK}{MARK}\n",
    "awaits_of_calls": f"{GATE}x = {'f(' * 180}{CHECK}{')' * 180}{MARK}\n",
    "comparisons": f"{GATE}x = {'a < ' * MANY}{CHECK}{MARK}\n",
    "if_blocks": f"{GATE}{_blocks('if a', DEEP // 10, CHECK + MARK)}",
    "if_blocks_that_python_takes": f"{GATE}{_blocks('if a', 95, CHECK + MARK)}",
    "for_blocks": f"{GATE}{_blocks('for a in b', 19, CHECK + MARK)}",
    "while_blocks": f"{GATE}{_blocks('while a', 19, CHECK + MARK)}",
    "with_blocks": f"{GATE}{_blocks('with a', 19, CHECK + MARK)}",
    "functions": f"{GATE}{_blocks('def f()', 90, CHECK + MARK)}",
    "classes": f"{GATE}{_blocks('class A', 90, CHECK + MARK)}",
    "elifs": f"{GATE}if a:\n    pass\n{'elif b:{NL}    pass{NL}'.replace('{NL}', chr(10)) * MANY}else:\n    {CHECK}{MARK}\n",
    "elifs_that_python_takes": f"{GATE}if a:\n    pass\n"
    f"{'elif b:{NL}    pass{NL}'.replace('{NL}', chr(10)) * 400}else:\n    {CHECK}{MARK}\n",
    "try_blocks": f"{GATE}"
    + "".join(f"{' ' * at}try:\n" for at in range(19))
    + f"{' ' * 19}{CHECK}{MARK}\n"
    + "".join(f"{' ' * at}finally:\n{' ' * at} pass\n" for at in reversed(range(19))),
    "comprehensions": f"{GATE}x = [{CHECK} {'for a in b ' * MANY}]{MARK}\n",
    "annotation_in_a_string": f'{GATE}x: "{"(" * DEEP}{")" * DEEP}" = 1\n{CHECK}{MARK}\n',
    "subscripted_annotation": f"{GATE}x: {'list[' * 150}int{']' * 150} = []\n{CHECK}{MARK}\n",
    "f_string": f"{GATE}x = f'{{{CHECK}}}'{MARK}\n",
    "patterns": f"{GATE}match a:\n    case {'[' * 80}b{']' * 80}:\n        {CHECK}{MARK}\n",
}

# What is long or many.
LARGE: Final = {
    "line_of_a_megabyte": f"{GATE}x = '{'x' * 1_000_000}'; {CHECK}{MARK}\n",
    "list_of_a_megabyte": f"{GATE}x = [{'1, ' * 300_000}{CHECK}]{MARK}\n",
    "comment_of_a_megabyte": f"{GATE}#{'x' * 1_000_000}\n{CHECK}{MARK}\n",
    "uses_on_one_line": f"{GATE}{'; '.join([CHECK] * MANY)}{MARK}\n",
    "uses_on_one_line_that_is_not_ascii": f"{GATE}'é'; {'; '.join([CHECK] * 1_500)}{MARK}\n",
    "name_of_a_megabyte": f"{GATE}{'x' * 1_000_000} = 1\n{CHECK}{MARK}\n",
    "category_of_a_megabyte": f'{GATE}gate.check("{"x" * 1_000_000}", "send_service_email"){MARK}\n',
    "parameters": f"{GATE}def f({', '.join(f'p{at}' for at in range(300))}):\n    gate.check(p299, 'distribute_advertising')\n\n"
    f"f({', '.join(['1'] * 299)}, 'video_interview'){MARK}\n",
    "arguments_by_name": f"{GATE}def f(*, {', '.join(f'p{at}' for at in range(300))}):\n"
    f"    gate.check(p299, 'distribute_advertising')\n\n"
    f"f({', '.join(f'p{at}=1' for at in range(299))}, p299='video_interview'){MARK}\n",
    "calls_of_one_helper": f"{GATE}def use(purpose):\n    gate.check('video_interview', purpose)\n\n"
    + "use('view_video_interview')\n" * MANY
    + f"use('distribute_advertising'){MARK}\n",
    "calls_of_one_helper_with_other_names": f"{GATE}def use(purpose):\n    gate.check('video_interview', purpose){MARK}\n\n"
    + "".join(f"use('purpose_{at}')\n" for at in range(MANY)),
    "callers_of_one_helper": f"{MODEL}{GATE}def use(a: Applicant):\n    return a.email{MARK}\n\n"
    + "".join(f"def f{at}(a: Applicant):\n    {ALLOWED}\n    return use(a)\n\n" for at in range(2_000))
    + "def last(a: Applicant):\n    return use(a)\n",
    "functions_in_a_module": f"{GATE}" + "".join(f"def f{at}():\n    {CHECK}{MARK}\n\n" for at in range(MANY)),
    "methods_of_a_class": f"{GATE}class A:\n" + "".join(f"    def f{at}(self):\n        {CHECK}{MARK}\n\n" for at in range(2_000)),
    "statements_in_a_function": f"{GATE}def f():\n" + "".join(f"    x{at} = {at}\n" for at in range(DEEP)) + f"    {CHECK}{MARK}\n",
    "ifs_in_a_function": f"{GATE}def f(a):\n" + f"    if a:\n        {ALLOWED}\n" * 2_000 + f"    {CHECK}{MARK}\n",
    "ifs_before_a_read": f"{MODEL}{GATE}def f(a: Applicant, b):\n"
    + f"    if b:\n        {ALLOWED}\n" * 1_000
    + f"    return a.email{MARK}\n",
    "returns_before_a_read": f"{MODEL}{GATE}def f(a: Applicant, b):\n"
    + "    if b:\n        return 1\n" * 1_000
    + f"    return a.email{MARK}\n",
    "tries_before_a_read": f"{MODEL}{GATE}def f(a: Applicant, b):\n"
    + f"    try:\n        {ALLOWED}\n    except Exception:\n        pass\n" * 500
    + f"    return a.email{MARK}\n",
    "reads_in_a_function": f"{MODEL}def f(a: Applicant):\n" + f"    print(a.email){MARK}\n" * 3_000,
    "cases_of_a_match": f"{GATE}def f(a):\n    match a:\n"
    + "".join(f"        case {at}:\n            pass\n" for at in range(3_000))
    + f"        case _:\n            {CHECK}{MARK}\n",
    "handlers_of_a_try": f"{GATE}try:\n    pass\n"
    + "".join(f"except E{at}:\n    pass\n" for at in range(1_000))
    + f"finally:\n    {CHECK}{MARK}\n",
    "decorators_of_a_function": f"{GATE}def d(f):\n    return f\n\n" + "@d\n" * 2_000 + f"def f():\n    {CHECK}{MARK}\n",
    "fields_of_a_class": f"{MODEL}@dataclass\nclass Large(Applicant):\n"
    + "".join(f'    f{at}: Annotated[str, Personal("email_address")]\n' for at in range(2_000))
    + f"\ndef f(a: Large):\n    return a.f1999{MARK}\n",
    "labels_of_a_field": f"{MODEL}@dataclass\nclass Large:\n"
    "    f: Annotated[str, " + "Personal('email_address'), " * 1_000 + "]\n"
    f"\ndef f(a: Large):\n    return a.f{MARK}\n",
    "classes_in_a_union": f"{MODEL}def f(a: {'int | ' * 400}Applicant):\n    return a.email{MARK}\n",
    "loop_over_many_names": f"{GATE}for c in ({', '.join(repr(f'n{at}') for at in range(MANY))}):\n"
    f"    gate.check(c, 'send_service_email'){MARK}\n",
}

# What grows by being followed.
EXPLODING: Final = {
    "calls_that_double": f"{GATE}"
    + "".join(f"def f{at}(g, c):\n    f{at + 1}(g, c)\n    f{at + 1}(g, c)\n\n" for at in range(40))
    + f"def f40(g, c):\n    g.check(c, 'distribute_advertising')\n\nf0(gate, 'video_interview'){MARK}\n",
    "calls_that_double_with_other_names": f"{GATE}"
    + "".join(f"def f{at}(c):\n    f{at + 1}(c + 'a')\n    f{at + 1}(c + 'b')\n\n" for at in range(40))
    + f"def f40(c):\n    gate.check(c, 'distribute_advertising'){MARK}\n\nf0('x')\n",
    "name_that_grows_in_a_loop": f"{GATE}c = 'x'\nwhile a:\n    c = c + 'y'\n    gate.check(c, 'distribute_advertising'){MARK}\n",
    "name_that_grows_by_recursion": f"{GATE}def f(c):\n    gate.check(c, 'distribute_advertising'){MARK}\n"
    f"    f(c + 'y')\n\nf('x')\n",
    "name_that_doubles": f"{GATE}c = 'xy'\n" + "c = c + c\n" * 100 + f"gate.check(c, 'distribute_advertising'){MARK}\n",
    "name_of_many_alternatives": f"{GATE}c = ''\n"
    + "c = c + ('x' if a else 'y')\n" * 60
    + f"gate.check(c, 'distribute_advertising'){MARK}\n",
    "f_string_of_many_alternatives": f"{GATE}a = 'x' if b else 'y'\nc = f'{'{a}' * 60}'\n"
    f"gate.check(c, 'distribute_advertising'){MARK}\n",
    "parts_of_many_alternatives": f"{GATE}for c in ('email_address', 'name', 'inquiry', 'cookie', 'video_interview'):\n"
    "    for p in ('send_service_email', 'view_video_interview', 'answer_inquiry', 'distribute_advertising'):\n"
    f"        for r in ('a', 'b', 'c', 'd', 'e', 'f'):\n            gate.check(c, p, r){MARK}\n",
    "bases_that_double": "class A0:\n    pass\n"
    + "".join(
        f"class B{at}(A{at}):\n    pass\nclass C{at}(A{at}):\n    pass\nclass A{at + 1}(B{at}, C{at}):\n    pass\n"
        for at in range(60)
    )
    + f"{GATE}{CHECK}{MARK}\n",
    "fields_that_double": f"{MODEL}"
    "class A0(Applicant):\n    pass\n"
    + "".join(f"class A{at + 1}:\n    a: A{at}\n    b: A{at}\n\n" for at in range(30))
    + f"def f(x: A30):\n    return x{'.a' * 30}.email{MARK}\n",
    "pairs_that_double": f"{GATE}x = ()\n" + "x = (x, x)\n" * 60 + f"{CHECK}{MARK}\n",
    "calls_given_calls": f"{GATE}def f(x, y):\n    return x\n\nx = gate\n" + "x = f(x, f(x, x))\n" * 60 + f"x.check({USE}){MARK}\n",
    "lambdas_that_double": f"{GATE}f = lambda x: x\n"
    + "f = (lambda g: lambda x: g(g(x)))(f)\n" * 40
    + f"f(gate).check({USE}){MARK}\n",
    "decorators_that_double": f"{GATE}def d(f):\n    def w(*a, **k):\n        return f(*a, **k) or f(*a, **k)\n    return w\n\n"
    + "@d\n" * 40
    + f"def f():\n    {CHECK}{MARK}\n\nf()\n",
    "closures_that_double": f"{GATE}def f0(c):\n    gate.check(c, 'distribute_advertising')\n\n"
    + "".join(f"def f{at + 1}(c):\n    def g():\n        f{at}(c)\n    g()\n    g()\n\n" for at in range(40))
    + f"f40('video_interview'){MARK}\n",
    "one_of_many_decorated": f"{GATE}def needs(c, p):\n    def d(f):\n        def w():\n            gate.check(c, p)\n"
    "            return f()\n        return w\n    return d\n\n"
    + "".join(f"@needs('name', 'provide_service')\ndef f{at}():\n    return {at}\n\nf{at}()\n\n" for at in range(60))
    + f"@needs({USE}){MARK}\ndef g():\n    return 0\n\ng()\n",
    "one_of_many_messages": f"{GATE}def note(c, p, message):\n    gate.check(c, p)\n    print(message)\n\n"
    + "".join(f"note('name', 'provide_service', 'the message of {at}')\n" for at in range(450))
    + f"note({USE}, 'another'){MARK}\n",
    "number_of_all_digits": f"{GATE}x = 9 ** 9 ** 9 ** 9\ny = 1 << 10 ** 12\n{CHECK}{MARK}\n",
    "text_of_a_terabyte": f"{GATE}c = 'x' * 10 ** 12\ngate.check(c, 'distribute_advertising'){MARK}\n",
    "padding_of_a_terabyte": f"{GATE}c = f'{{1:>1000000000000}}'\ngate.check(c, 'distribute_advertising'){MARK}\n",
    "percent_of_a_terabyte": f"{GATE}c = '%1000000000000d' % 1\ngate.check(c, 'distribute_advertising'){MARK}\n",
    "list_of_a_terabyte": f"{GATE}for c in ['x'] * 10 ** 12:\n    gate.check(c, 'distribute_advertising'){MARK}\n",
    "range_of_all_numbers": f"{GATE}for c in range(10 ** 18):\n    gate.check(str(c), 'distribute_advertising'){MARK}\n",
}

# What leads back to itself, and what leads far.
CYCLIC: Final[Mapping[str, Mapping[str, str]]] = {
    "imports": {
        "a.py": f"from b import gate\n{CHECK}{MARK}\nfrom b import run\n",
        "b.py": f"from a import run as again\n{GATE}\n\ndef run():\n    again()\n    {CHECK}{MARK}\n",
    },
    "names_imported_in_a_circle": {
        "a.py": "from b import gate\n",
        "b.py": f"import purposegate\nfrom a import gate\ngate.check({USE}){MARK}\n",
    },
    "stars": {
        "a.py": f"from b import *\n{GATE}",
        "b.py": f"from a import *\n{CHECK}{MARK}\n",
    },
    "star_of_itself": {"a.py": f"from a import *\nfrom a import gate\n{GATE}{CHECK}{MARK}\n"},
    "package_of_itself": {
        "p/__init__.py": f"from . import p\nfrom .p import gate\nfrom p import *\n{CHECK}{MARK}\n",
        "p/p.py": f"from . import *\nfrom .. import p\n{GATE}",
    },
    "class_of_itself": {
        "a.py": f"{MODEL}class A(A):\n    email: Annotated[str, Personal('email_address')]\n\ndef f(a: A):\n"
        f"    return a.email{MARK}\n"
    },
    "class_that_was_replaced_by_its_child": {
        "a.py": f"{MODEL}class Applicant(Applicant):\n    pass\n\ndef f(a: Applicant):\n    return a.email{MARK}\n"
    },
    "classes_of_each_other": {
        "a.py": f"{MODEL}class A(B, Applicant):\n    pass\n\nclass B(A):\n    pass\n\ndef f(a: A, b: B):\n"
        f"    return a.email{MARK}\ndef g(b: B):\n    return b.email{MARK}\n"
    },
    "classes_of_each_other_in_files": {
        "a.py": f"from b import B\n{MODEL}class A(B, Applicant):\n    pass\n",
        "b.py": f"from a import A\n\nclass B(A):\n    pass\n\ndef g(b: B):\n    return b.email{MARK}\n",
    },
    "names_of_each_other": {"a.py": f"{GATE}x = y\ny = x\nz = z\nx.check({USE})\n{CHECK}{MARK}\n"},
    "list_of_itself": {"a.py": f"{GATE}x = []\nx = [x, gate]\nd = {{}}\nd['d'] = d\nfor y in x:\n    y.check({USE}){MARK}\n"},
    "type_of_itself": {"a.py": f"{MODEL}T = Annotated[T, Personal('email_address')]\n\ndef f(t: T):\n    return t{MARK}\n"},
    "types_of_each_other": {
        "a.py": f"{MODEL}T = U\nU = T | Applicant\n\ndef f(t: U):\n    return t.email{MARK}\n",
    },
    "objects_of_each_other": {
        "a.py": f"{MODEL}class Node(Applicant):\n    next: 'Node'\n\ndef f(n: Node):\n    while n:\n        n = n.next\n"
        f"    return n{'.next' * 300}.email{MARK}\n",
    },
    "attribute_of_itself": {
        "a.py": f"{GATE}class A:\n    def __init__(self):\n        self.gate = self.gate\n        self.me = self\n"
        f"        self.me.gate = gate\n\n"
        f"    def f(self):\n        self.me.me.me.gate.check({USE}){MARK}\n"
    },
    "property_of_itself": {
        "a.py": f"{MODEL}class A(Applicant):\n    @property\n    def me(self) -> 'A':\n        return self.me.me\n\n"
        f"def f(a: A):\n    return a.me.email{MARK}\n"
    },
    "function_of_itself": {"a.py": f"{GATE}def f(n):\n    {CHECK}{MARK}\n    return f(n - 1)\n\nf(f(f))\n"},
    "functions_of_each_other": {
        "a.py": f"{MODEL}{GATE}def f(a: Applicant):\n    {ALLOWED}\n    return g(a)\n\ndef g(a: Applicant):\n"
        f"    h(a)\n    return a.email{MARK}\n\n"
        "def h(a: Applicant):\n    return g(a)\n\ndef unchecked(a: Applicant):\n    return h(a)\n"
    },
    "functions_that_nobody_calls_but_each_other": {
        "a.py": f"{MODEL}def f(a: Applicant):\n    return g(a)\n\ndef g(a: Applicant):\n    f(a)\n    return a.email{MARK}\n"
    },
    "helper_that_checks_by_calling_itself": {
        "a.py": f"{MODEL}{GATE}def ensure():\n    ensure()\n    return ensure()\n\ndef f(a: Applicant):\n"
        f"    ensure()\n    return a.email{MARK}\n"
    },
    "decorators_of_each_other": {
        "a.py": f"{GATE}@b\ndef a(f):\n    return b(f)\n\n@a\ndef b(f):\n    return a(f)\n\n@a\n@b\ndef use():\n"
        f"    {CHECK}{MARK}\n\nuse()\n"
    },
    "decorator_of_itself": {"a.py": f"{GATE}@d\ndef d(f):\n    return d\n\n@d\ndef use():\n    {CHECK}{MARK}\n"},
    "lambda_of_itself": {"a.py": f"{GATE}y = lambda f: (lambda x: x(x))(lambda x: f(lambda v: x(x)(v)))\ny(y)(y)\n{CHECK}{MARK}\n"},
    "function_given_itself": {"a.py": f"{GATE}def f(g):\n    g(g)\n    {CHECK}{MARK}\n\nf(f)\n"},
    "function_given_more_each_time": {
        "a.py": f"{GATE}def f(g):\n    f(lambda: g)\n    f([g])\n    f((g, g))\n    f({{'g': g}})\n    {CHECK}{MARK}\n\nf(gate)\n"
    },
    "generator_of_itself": {"a.py": f"{GATE}def f():\n    yield from f()\n    {CHECK}{MARK}\n\nfor x in f():\n    pass\n"},
    "partial_of_itself": {
        "a.py": f"import functools\n{GATE}f = functools.partial(f, 1)\ng = functools.partial(h, 1)\n"
        f"h = functools.partial(g, 1)\nh()\n{CHECK}{MARK}\n"
    },
    "module_constants_of_each_other": {
        "a.py": f"from b import Y\nX = Y\n{GATE}gate.check(X, 'send_service_email'){MARK}\n",
        "b.py": "from a import X\nY = X\n",
    },
    "enumeration_of_itself": {
        "a.py": f"from enum import StrEnum\n{GATE}class E(StrEnum):\n    A = B\n    B = A\n\n"
        f"gate.check(E.A, 'send_service_email'){MARK}\n"
    },
    "chain_of_functions": {
        "a.py": f"{GATE}"
        + "".join(f"def f{at}(g, c):\n    return f{at + 1}(g, c)\n\n" for at in range(2_000))
        + f"def f2000(g, c):\n    g.check(c, 'distribute_advertising')\n\nf0(gate, 'video_interview'){MARK}\n"
    },
    "chain_of_readers": {
        "a.py": f"{MODEL}"
        + "".join(f"def f{at}(a: Applicant):\n    return f{at + 1}(a)\n\n" for at in range(2_000))
        + f"def f2000(a: Applicant):\n    return a.email{MARK}\n"
    },
    "chain_of_names": {
        "a.py": f"{GATE}x0 = gate\n" + "".join(f"x{at + 1} = x{at}\n" for at in range(3_000)) + f"x3000.check({USE}){MARK}\n"
    },
    "chain_of_names_upwards": {
        "a.py": f"{GATE}" + "".join(f"x{at} = x{at + 1}\n" for at in range(3_000)) + f"x3000 = gate\nx0.check({USE}){MARK}\n"
    },
    "chain_of_classes": {
        "a.py": f"{MODEL}class A0(Applicant):\n    pass\n\n"
        + "".join(f"class A{at + 1}(A{at}):\n    pass\n\n" for at in range(1_500))
        + f"def f(a: A1500):\n    return a.email{MARK}\n"
    },
    "chain_of_files": {
        "m0.py": f"{GATE}",
        **{f"m{at + 1}.py": f"from m{at} import gate\n" for at in range(300)},
        "a.py": f"from m300 import gate\n{CHECK}{MARK}\n",
    },
    "chain_of_types": {
        "a.py": f"{MODEL}T0 = Applicant\n"
        + "".join(f"T{at + 1} = T{at} | None\n" for at in range(1_500))
        + f"def f(a: T1500):\n    return a.email{MARK}\n"
    },
}

# Ways to a gate, to its method or to a field by which nobody writes what they mean.
ROUNDABOUT: Final = {
    "import_function": f'g = __import__("purposegate").{LOAD}\ng.check({USE}){MARK}\n',
    "import_module": f'import importlib\n\ng = importlib.import_module("purposegate").{LOAD}\ng.check({USE}){MARK}\n',
    "import_of_a_name_in_pieces": f'import purposegate\n\ng = __import__("purpose" + "gate").{LOAD}\ng.check({USE}){MARK}\n',
    "modules_of_the_system": f'import sys\nimport purposegate\n\ng = sys.modules["purposegate"].{LOAD}\ng.check({USE}){MARK}\n',
    "module_as_another_name": f"import purposegate as p\n\np.{LOAD}.check({USE}){MARK}\n",
    "everything_imported": f"from purposegate import *\n\n{LOAD}.check({USE}){MARK}\n",
    "imported_in_a_function": f"def f():\n    import purposegate\n    purposegate.{LOAD}.check({USE}){MARK}\n",
    "imported_where_it_may_fail": f"try:\n    from purposegate import Gate\nexcept ImportError:\n    Gate = None\n"
    f"{LOAD}.check({USE}){MARK}\n",
    "method_got_by_name": f'{GATE}getattr(gate, "check")({USE}){MARK}\n',
    "method_got_by_a_name_in_pieces": f'{GATE}getattr(gate, "che" + "ck")({USE}){MARK}\n',
    "method_of_the_class": f"{GATE}Gate.check(gate, {USE}){MARK}\n",
    "method_of_its_type": f"{GATE}type(gate).check(gate, {USE}){MARK}\n",
    "method_of_its_class": f"{GATE}gate.__class__.check(gate, {USE}){MARK}\n",
    "method_as_a_name": f"{GATE}check = gate.check\ncheck({USE}){MARK}\n",
    "method_in_a_list": f"{GATE}for check in [gate.check]:\n    check({USE}){MARK}\n",
    "method_in_a_dictionary": f'{GATE}{{"c": gate.check}}["c"]({USE}){MARK}\n',
    "method_caller": f'import operator\n{GATE}operator.methodcaller("check", {USE})(gate){MARK}\n',
    "method_mapped": f'{GATE}list(map(gate.check, ["video_interview"], ["distribute_advertising"])){MARK}\n',
    "global_names": f'{GATE}globals()["gate"].check({USE}){MARK}\n',
    "arguments_in_a_tuple": f"{GATE}gate.check(*({USE})){MARK}\n",
    "arguments_in_a_dictionary": f'{GATE}n = {{"data_category": "video_interview", "purpose": "distribute_advertising"}}\n'
    f"gate.check(**n){MARK}\n",
    "lambda_that_is_kept": f"{GATE}x = lambda: {CHECK}{MARK}\n",
    "lambda_that_is_returned": f"{GATE}def f():\n    return lambda: {CHECK}{MARK}\n",
    "lambda_in_an_attribute": f"{GATE}def f(button):\n    button.on_click = lambda: {CHECK}{MARK}\n",
    "lambda_of_a_class": f"{GATE}class A:\n    f = lambda self: {CHECK}{MARK}\n",
    "lambda_that_reads": _leak("lambda: applicant.email"),
    "lambda_that_is_passed": f"{GATE}run(lambda: {CHECK}){MARK}\n",
    "function_that_is_returned": f"{GATE}def f():\n    def g():\n        {CHECK}{MARK}\n    return g\n",
    "default_of_a_parameter": f"{GATE}def f(x={CHECK}):{MARK}\n    pass\n",
    "walrus": f"{GATE}(g := gate).check({USE}){MARK}\n",
    "conditional_gate": f"{GATE}(gate if a else gate).check({USE}){MARK}\n",
    "gate_or_none": f"{GATE}(None or gate).check({USE}){MARK}\n",
    "gate_in_a_tuple": f"{GATE}(gate,)[0].check({USE}){MARK}\n",
    "swapped": f"{GATE}a, b = 1, gate\na, b = b, a\na.check({USE}){MARK}\n",
    "deleted_and_made_again": f"{GATE}del gate\ngate = {LOAD}\n{CHECK}{MARK}\n",
    "global_statement": f"from purposegate import Gate\n\ndef make():\n    global gate\n"
    f"    gate = {LOAD}\n\n"
    f"def f():\n    {CHECK}{MARK}\n",
    "exec_of_text": f"{GATE}exec('{CHECK}'){MARK}\n",
    "eval_of_text": f"{GATE}eval('{CHECK}'){MARK}\n",
    "exec_of_text_that_is_no_python": f"{GATE}exec('{'(' * DEEP}')\n{CHECK}{MARK}\n",
    "exec_of_read_text": f"{GATE}exec(open('x').read()){MARK}\n",
    "attribute_getter": "import operator\n" + _leak('operator.attrgetter("email")(applicant)'),
    "getattr_of_a_label": _leak('getattr(applicant, "email")'),
    "getattr_of_a_name_in_pieces": _leak('getattr(applicant, "em" + "ail")'),
    "getattribute": _leak('object.__getattribute__(applicant, "email")'),
    "dictionary_of_the_object": _leak('applicant.__dict__["email"]'),
    "vars_of_the_object": _leak('vars(applicant)["email"]'),
    "copied_and_read": f"import copy\n{_leak('copy.copy(applicant).email')}",
    "replaced_and_read": f"import dataclasses\n{_leak('dataclasses.replace(applicant).email')}",
    "method_that_returns_itself": f"{MODEL}class A(Applicant):\n    def me(self):\n        return self\n\n"
    f"def f(a: A):\n    return a.me().me().email{MARK}\n",
    "list_of_objects": f"{MODEL}def f(many: list[Applicant]):\n    return [a.email for a in many]{MARK}\n",
    "label_in_a_string": "from typing import Annotated\nfrom purposegate import Personal\n\nclass A:\n"
    "    email: \"Annotated[str, Personal('email_address')]\"\n\n"
    f"def f(a: A):\n    return a.email{MARK}\n",
    "pickled": f"import pickle\n{_leak('pickle.dumps(applicant)')}",
}

ONE_FILE: Final = {
    f"{group}/{name}": {"a.py": text}
    for group, programs in (("nested", NESTED), ("large", LARGE), ("exploding", EXPLODING), ("roundabout", ROUNDABOUT))
    for name, text in programs.items()
}
PROGRAMS: Final[Mapping[str, Mapping[str, str]]] = {**ONE_FILE, **{f"cyclic/{name}": files for name, files in CYCLIC.items()}}
