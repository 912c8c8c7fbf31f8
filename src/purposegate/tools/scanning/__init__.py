"""Python source → every use of personal data that it can be seen to make → the judge.

The life of one scan: `sources` finds the files, and `modules` parses each into what it binds to which name. `project` puts the
modules together and resolves a name through aliases and re-exports; `classes` and `annotations` tell which fields bear labels;
`relevance` which functions may matter. `reader` walks each of these once for every way in which it is called: `flow` its
statements, with the releases on each way to them (`covers`); `evaluating` its expressions, to what they may come to (`values`);
`calling` (with `library`, `methods` and `own`), `gates` and `reading` what they call, use and read. `gathering` puts together
what was noted: a `Sight` (`sighting`). Only then the policy is asked: `judging` puts every use to `Engine.decide` and holds every
read to what covers it, `census` compares what the policy declares with what the code uses, and `personal` looks for fields
without a label. `suppressing`, `baseline` and `cache` stand around it.
"""
