"""Python source → every use of personal data that it can be seen to make → the judge.

The life of one scan: `sources` finds the files and `modules` parses each; `declarations` notes what a module imports and declares
(classes with their fields and labels, constants, functions); `project` puts the modules together and resolves a name through
aliases and re-exports; `flow` walks each function that may matter, statement by statement, with what `evaluating` makes of its
expressions and which uses were released on the way (`covers`); what it sees is a `Sight` (`sighting`). Only then the policy is
asked: `judging` puts every use to `Engine.decide`, and follows a read that nothing covers to the callers; `census` compares what
the policy declares with what the code uses.
"""
