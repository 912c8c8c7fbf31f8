"""Text of another encoding, which the file does not tell."""  # finds: unparsable

TITLE = "Ménage"
