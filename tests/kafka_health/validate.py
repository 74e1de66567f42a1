"""Checks lines of JSON on stdin against a schema: validate.py SCHEMA prints how many there were."""

import json
import sys

from jsonschema import Draft202012Validator

with open(sys.argv[1]) as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
count = 0
for line in sys.stdin:
    value = json.loads(line)
    validator.validate(value)
    undocumented = set(value) - set(schema["properties"])
    if undocumented:
        raise SystemExit(f"the schema does not document {undocumented}")
    count += 1
print(json.dumps({"count": count}))
