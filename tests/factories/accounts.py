"""Users, with an address that allauth knows to be theirs."""

from __future__ import annotations

import factory
from allauth.account.models import EmailAddress

from accounts.models import User
from accounts.roles import grant

PASSWORD = "correct horse battery"


class UserFactory(factory.django.DjangoModelFactory):
    """A supporter with a verified address and no password; `password=` gives one, `role=` makes staff."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"supporter{n}@example.org")
    first_name = "Ada"
    last_name = factory.Sequence(lambda n: f"Winter{n}")

    @classmethod
    def _create(cls, model_class, *args, role=None, verified=True, password=None, **kwargs):
        user = model_class.objects.create_user(*args, password=password, **kwargs)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
        if role is not None:
            grant(user, role)
        return user
