"""A gate of our own adds a method, and overrides none."""


from purposegate import Gate


class Mails(Gate):
    def ask(self) -> None:
        self.check("email_address", "send_service_email")
