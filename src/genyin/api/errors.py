"""What the API itself refuses, beside what the verbs do."""

from typing import ClassVar

from genyin.base.errors import GenyinError


class Malformed(GenyinError):
    """The request is not what its documentation says: no JSON, a wrong type, a field that does not exist."""

    code = "malformed"
    status = 400


class WrongType(GenyinError):
    code = "wrong_type"
    status = 400


class UnknownField(GenyinError):
    code = "unknown_field"
    status = 400


class NotSignedIn(GenyinError):
    code = "not_signed_in"
    status = 401


class CsrfFailed(GenyinError):
    code = "csrf_failed"
    status = 403


class MethodNotAllowed(GenyinError):
    code = "method_not_allowed"
    status = 405


class TooLarge(GenyinError):
    code = "too_large"
    status = 413


class TooLong(GenyinError):
    code = "too_long"
    status = 422


class TooMany(GenyinError):
    """Too many requests in a minute; `wait` says for how many seconds."""

    code = "too_many_requests"
    status = 429

    def __init__(self, message: str, *, wait: int) -> None:
        super().__init__(message, wait=wait)
        self.wait = wait


class Broken(GenyinError):
    code: ClassVar[str] = "server_error"
    status: ClassVar[int] = 500
