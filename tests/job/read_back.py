"""What Python's own MLflow client and pyfunc see of a training, as one line of JSON.

usage: read_back.py TRACKING_URI MODEL PARQUET
"""

import json
import sys

import mlflow
import pandas as pd
from mlflow import MlflowClient

uri, model, parquet = sys.argv[1:4]
mlflow.set_tracking_uri(uri)
mlflow.set_registry_uri(uri)
client = MlflowClient()

version = client.get_model_version_by_alias(model, "champion")
run = client.get_run(version.run_id)


def files(path=None):
    for entry in client.list_artifacts(run.info.run_id, path):
        if entry.is_dir:
            yield from files(entry.path)
        else:
            yield entry.path


frame = pd.read_parquet(parquet)
loaded = mlflow.pyfunc.load_model(f"models:/{model}@champion")
predicted = loaded.predict(frame)
json.dump(
    {
        "version": str(version.version),
        "stage": version.current_stage,
        "description": version.description,
        "version_tags": version.tags,
        "aliases": {
            alias: str(number)
            for alias, number in client.get_registered_model(model).aliases.items()
        },
        "status": run.info.status,
        "experiment": client.get_experiment(run.info.experiment_id).name,
        "params": run.data.params,
        "metrics": run.data.metrics,
        "tags": run.data.tags,
        "artifacts": sorted(files()),
        "datasets": [
            {"name": i.dataset.name, "context": i.tags[0].value}
            for i in run.inputs.dataset_inputs
        ],
        "keys": frame["flight_id"].tolist(),
        "labels": [bool(label) for label in predicted["label"]],
        "probabilities": [float(p) for p in predicted["probability_true"]],
    },
    sys.stdout,
)
