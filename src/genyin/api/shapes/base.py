"""What the shapes share."""

from typing import Any, TypeVar

from django.db.models import Model
from pydantic import BaseModel

from genyin.people.models import User

Shape = TypeVar("Shape", bound=BaseModel)


class Person(BaseModel):
    """A person as others read them."""

    login: str
    name: str


def person(user: User | None) -> Person | None:
    return Person(login=user.username, name=user.name) if user else None


def pick(shape: type[Shape], row: Model, **more: Any) -> Shape:
    """The shape filled from the row's attributes of the same names; `more` gives what is called otherwise."""
    return shape(**{name: getattr(row, name) for name in shape.model_fields if name not in more}, **more)
