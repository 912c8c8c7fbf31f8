"""Names that are known, by constant, enumeration, class attribute, dictionary and tuple."""

from enum import StrEnum

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
MAIL = "send_" + "service_email"


class Purpose(StrEnum):
    SURVEY = "inform_and_survey"


class Names:
    monitor = "monitor_usage"


BY_TOPIC = {"law": "respond_to_disclosure_request"}
ARTICLE_8 = ("manage_sessions", "obtain_statistics")


def uses() -> None:
    gate.check("email_address", MAIL)
    gate.check("name", Purpose.SURVEY)
    gate.check("usage_history", Names.monitor)
    gate.check("inquiry", BY_TOPIC["law"])
    gate.check("cookie", ARTICLE_8[0])
    gate.check("cookie", purpose=ARTICLE_8[-1])
