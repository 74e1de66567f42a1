"""MLflow as its Python users have it, asked by the tests: one process per environment, since the
imports take seconds.

Each line of stdin is a JSON list, the name of a function and its arguments; each line of stdout is
its result, or what was raised.
"""

import json
import os
import sys
import tempfile
import traceback

answers = os.fdopen(os.dup(1), "w")
sys.stdout = sys.stderr  # MLflow prints to users, whom there are none of here

import mlflow  # noqa: E402
from mlflow import MlflowClient  # noqa: E402


def version():
    import pandas

    return {"mlflow": mlflow.__version__, "pandas": pandas.__version__}


def delete_experiment(tracking, name):
    client = MlflowClient(tracking)
    client.delete_experiment(client.get_experiment_by_name(name).experiment_id)


def read_back(tracking, experiment, model):
    from read_back import read_back

    return read_back(tracking, experiment, model)


def predict(tracking, uri, scratch):
    from predict import predict

    return predict(tracking, uri, scratch)


def artifact_size(tracking, run_id, path):
    mlflow.set_tracking_uri(tracking)
    with tempfile.TemporaryDirectory() as folder:
        local = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path=path, dst_path=folder)
        return os.path.getsize(local)


def survey(tracking):
    sys.path.append(os.path.join(os.path.dirname(__file__), "..", "tracking"))
    from survey import survey

    return survey(tracking)


FUNCTIONS = {
    f.__name__: f
    for f in [version, delete_experiment, read_back, predict, artifact_size, survey]
}

for line in sys.stdin:
    name, *arguments = json.loads(line)
    try:
        answer = {"result": FUNCTIONS[name](*arguments)}
    except BaseException:
        answer = {"raised": traceback.format_exc()}
    print(json.dumps(answer), file=answers, flush=True)
