"""The published policy and the house rule are both asked, each by its own names."""
# assumes: applied_to_employer, position_open

from purposegate import Gate, Use


class HiringService:
    def __init__(self) -> None:
        self.published = Gate.load("policies/en-japan-video-interview.yaml")
        self.house = Gate.load(
            "tests/scan/policies/applied.yaml",
            facts={"applied_to_employer": self._applied, "position_open": self._applied},
        )

    def show(self, applicant_id: str, employer: str) -> str:
        self.house.check("application_data", "show_to_employer", f"employer/{employer}", subject=applicant_id)
        for data_category in ("name", "video_interview"):
            self.published.check(data_category, "view_video_interview", f"employer_company/{employer}", subject=applicant_id)
        return f"/applicants/{applicant_id}"

    def _applied(self, use: Use) -> bool:
        return use.subject is not None
