"""What is wanted in the place of a value that cannot be: pydantic's findings in the chosen language."""

from __future__ import annotations

from typing import Final

from pydantic_core import ErrorDetails

from workers.runtime.language import _, marked

_ADDRESSES: Final = marked('give one JSON object, role to address: {{"ops": "ops@example.org"}}')
WANTED: Final = {
    "bool_parsing": marked("give true or false"),
    "datetime_from_date_parsing": marked("give a date and time"),
    "datetime_parsing": marked("give a date and time"),
    "datetime_type": marked("give a date and time"),
    "extra_forbidden": marked("it has no such field"),
    "enum": marked("give one of: {expected}"),
    "float_parsing": marked("give a number"),
    "greater_than": marked("give more than {gt}"),
    "greater_than_equal": marked("give {ge} or more"),
    "int_parsing": marked("give a whole number"),
    "less_than_equal": marked("give {le} or less"),
    "literal_error": marked("give one of: {expected}"),
    "dict_type": _ADDRESSES,
    "no_addresses": _ADDRESSES,
    "no_mail_server": marked("for smtp, set NAADLOOS_SMTP_HOST to the name of the mail server"),
    "no_zone": marked("give a time zone, as Europe/Amsterdam"),
    "model_type": marked("give its fields as JSON"),
    "missing": marked("it is missing"),
    "string_pattern_mismatch": marked("give what fits {pattern}"),
    "string_type": marked("give a text"),
    "tuple_type": marked("give a list as JSON"),
    "timezone_aware": marked("give a date and time with its zone"),
}
"""By pydantic's name for what is wrong."""


def wanted(wrong: ErrorDetails) -> str:
    """What to give instead; in pydantic's own words where we have none."""
    text = WANTED.get(wrong["type"])
    if text is None:
        return wrong["msg"]
    # Pydantic lists alternatives as English does.
    limits = {name: str(value).replace(" or ", _(" or ")) for name, value in wrong.get("ctx", {}).items()}
    return _(text).format(**limits)
