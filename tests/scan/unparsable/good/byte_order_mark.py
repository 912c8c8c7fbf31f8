"""A file that an editor of another system began with a mark, and ends its lines its own way."""

from purposegate import Gate


gate = Gate.load("policies/en-japan-video-interview.yaml")
