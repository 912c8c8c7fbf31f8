"""A merge was committed half-way."""

from purposegate import Gate

# finds below: unparsable
<<<<<<< HEAD
gate = Gate.load("policies/en-japan-video-interview.yaml")
=======
gate = Gate.load("policies/new.yaml")
>>>>>>> new-policy
