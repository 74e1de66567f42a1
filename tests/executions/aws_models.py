"""Checks definitions against AWS's own models of its API, and creates their pipelines.

usage: aws_models.py FOLDER ENDPOINT

Each step's arguments must fit the input of the call that SageMaker makes of them, as botocore knows
it. Then boto3 creates the pipelines at the endpoint.
"""

import json
import os
import pathlib
import sys

import boto3
import botocore.session
from botocore.validate import ParamValidator

CALLS = {
    "Processing": ("CreateProcessingJob", {"ProcessingJobName": "job"}),
    "Training": ("CreateTrainingJob", {"TrainingJobName": "job"}),
    "Tuning": ("CreateHyperParameterTuningJob", {"HyperParameterTuningJobName": "job"}),
}


def resolved(value, parameters):
    """Puts values where the definition has expressions: a parameter's default, or any text."""
    if isinstance(value, dict):
        if "Get" in value:
            found = parameters.get(value["Get"].removeprefix("Parameters."))
            return found if found is not None else "s3://bucket/value"
        if "Std:Join" in value:
            parts = (resolved(one, parameters) for one in value["Std:Join"]["Values"])
            return value["Std:Join"]["On"].join(map(str, parts))
        if "Std:JsonGet" in value:
            return "text"
        return {key: resolved(one, parameters) for key, one in value.items()}
    if isinstance(value, list):
        return [resolved(one, parameters) for one in value]
    return value


def steps_of(steps):
    for step in steps:
        yield step
        if step["Type"] == "Condition":
            arguments = step["Arguments"]
            yield from steps_of(arguments.get("IfSteps", []) + arguments.get("ElseSteps", []))


def main(folder, endpoint):
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": endpoint,
    }
    model = botocore.session.get_session().get_service_model("sagemaker")
    checked, client = 0, boto3.client("sagemaker")
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        definition = json.loads(path.read_text())
        parameters = {one["Name"]: one.get("DefaultValue") for one in definition["Parameters"]}
        for step in steps_of(definition["Steps"]):
            if step["Type"] not in CALLS:
                continue
            call, extra = CALLS[step["Type"]]
            shape = model.operation_model(call).input_shape
            arguments = resolved(step["Arguments"], parameters) | extra
            # Written by AWS's own SDK, though not a member of the call.
            for one in arguments.get("ProcessingInputs", []):
                one.pop("AppManaged", None)
            for one in arguments.get("ProcessingOutputConfig", {}).get("Outputs", []):
                one.pop("AppManaged", None)
            report = ParamValidator().validate(arguments, shape)
            assert not report.has_errors(), f"{path.name} {step['Name']}: {report.generate_report()}"
            checked += 1
        if path.stem in ("training", "inference"):
            name = f"ml-platform-created-{path.stem}"
            role = "arn:aws:iam::123456789012:role/ml-platform-staging-pipeline"
            client.create_pipeline(
                PipelineName=name,
                PipelineDefinition=path.read_text(),
                ClientRequestToken="x" * 32,
                RoleArn=role,
            )
            kept = client.describe_pipeline(PipelineName=name)["PipelineDefinition"]
            assert json.loads(kept) == definition
    print(json.dumps({"steps_checked": checked}))


main(*sys.argv[1:])
