"""What a test holds the JSON of policies against: the schema of the manual. Callers: tests/policy/test_*.py."""
import json
import pathlib

import jsonschema

PATH = pathlib.Path(__file__).resolve().parents[2] / "src/manual/schema/policy.json"
CHECK = jsonschema.Draft202012Validator({"$ref": "#/$defs/policy", **{"$defs": json.loads(PATH.read_text(encoding="utf-8"))["$defs"]}})


def faults(record):
    """What is wrong with a record, a line each."""
    return [f"{'/'.join(map(str, each.absolute_path))}: {each.message}" for each in CHECK.iter_errors(record)]
