"""In a text the words suppress nothing and need no reason."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
HELP = "write  # purposegate: ignore[undeclared-purpose]"


def help_text() -> str:
    gate.check("usage_history", "monitor_usage")
    return f"""
    {HELP}
    # purposegate: ignore[unguarded-read]
    """
