"""What an editor is told of policies and of the Python beside them, while both are being typed.

`server` alone speaks the Language Server Protocol, and hands everything on in our own words: a `Spot` in a `Page` (`positions`).
`projects` knows which policy a file goes by, and keeps the last one that could be read (`policies`); `surveyor` has the code
scanned in a process of its own (`surveys`). `outline` tells under which key of a policy a spot stands, and `calls` in which
argument of a gate's call, both also where the text is half typed; `answers` words what is said of a name, by the judge's look-ups
alone.
"""
