"""The types of the fields tell what their names do not."""

from pydantic import BaseModel, EmailStr, IPvAnyAddress, NameEmail

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


class Invitation(BaseModel):
    id: str
    copy_to: list[EmailStr]  # finds: unlabelled-field
    reply_to: NameEmail | None = None  # finds: unlabelled-field
    seen_from: IPvAnyAddress | None = None  # finds: unlabelled-field
