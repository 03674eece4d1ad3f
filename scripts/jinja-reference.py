"""Fills in what Jinja2 makes of the templates in libs/templates/testing/jinja-reference.json.

    python3 scripts/jinja-reference.py          (needs jinja2 3.1; then npx prettier --write on that file)

A case has its template and what Jinja2 makes of it, line by line; "here" is what we make of it where that is another thing on purpose
(see renderTemplate). Tests compare our engine with what stands there; they need no Python.
"""

import json
import pathlib
from decimal import Decimal

from jinja2 import Environment

FILE = pathlib.Path(__file__).resolve().parent.parent / "libs/templates/testing/jinja-reference.json"


def with_amounts(value):
    """{"decimal": "1.50"} stands for an amount."""
    if isinstance(value, list):
        return [with_amounts(item) for item in value]
    if isinstance(value, dict):
        if list(value) == ["decimal"]:
            return Decimal(value["decimal"])
        return {key: with_amounts(item) for key, item in value.items()}
    return value


def main():
    reference = json.loads(FILE.read_text(encoding="utf-8"))
    # As the older program sets it up.
    environment = Environment(trim_blocks=True, lstrip_blocks=True, autoescape=False)
    context = with_amounts(reference["context"])
    for case in reference["cases"]:
        rendered = environment.from_string("\n".join(case["template"])).render(context)
        case["expected"] = rendered.split("\n")
    FILE.write_text(json.dumps(reference, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


main()
