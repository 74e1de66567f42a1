"""What Python's own MLflow client sees of an experiment and of a registered model, as JSON."""

import json
import math

import mlflow
from mlflow import MlflowClient

# MLflow 2 has models in runs only.
KNOWS_MODELS = int(mlflow.__version__.split(".")[0]) >= 3


def read_back(tracking, experiment_name, model_name):
    mlflow.set_tracking_uri(tracking)
    mlflow.set_registry_uri(tracking)
    client = MlflowClient()

    def number(value):
        return value if math.isfinite(value) else str(value)

    def history(run_id, key):
        points = client.get_metric_history(run_id, key)
        return [[p.step, number(p.value), p.timestamp] for p in sorted(points, key=lambda p: p.step)]

    def artifacts(run_id, path=None):
        for entry in client.list_artifacts(run_id, path):
            if entry.is_dir:
                yield from artifacts(run_id, entry.path)
            else:
                local = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path=entry.path)
                yield entry.path, open(local, "rb").read().decode("latin-1")

    def dataset(entry):
        return {
                "name": entry.dataset.name,
                "digest": entry.dataset.digest,
                "source_type": entry.dataset.source_type,
                "source": json.loads(entry.dataset.source),
                "schema": json.loads(entry.dataset.schema) if entry.dataset.schema else None,
                "profile": json.loads(entry.dataset.profile) if entry.dataset.profile else None,
                "tags": {tag.key: tag.value for tag in entry.tags},
            }

    def logged(model_id):
        model = client.get_logged_model(model_id)
        return {
            "name": model.name,
            "status": str(model.status),
            "source_run_id": model.source_run_id,
            "params": model.params,
            "tags": {k: v for k, v in model.tags.items() if not k.startswith("mlflow.")},
            "metrics": [
                [m.key, number(m.value), m.dataset_name, m.dataset_digest] for m in model.metrics or []
            ],
        }

    def run(run):
        run = client.get_run(run.info.run_id)
        return {
            "id": run.info.run_id,
            "name": run.info.run_name,
            "status": run.info.status,
            "ended": run.info.end_time is not None and run.info.end_time >= run.info.start_time,
            "params": run.data.params,
            "tags": run.data.tags,
            "last": {key: number(value) for key, value in run.data.metrics.items()},
            "metrics": {key: history(run.info.run_id, key) for key in run.data.metrics},
            "datasets": [dataset(entry) for entry in run.inputs.dataset_inputs],
            "artifacts": dict(artifacts(run.info.run_id)),
            "models": [logged(output.model_id) for output in run.outputs.model_outputs]
            if KNOWS_MODELS
            else [],
        }

    def version(found):
        found = client.get_model_version(model_name, found.version)
        return {
            "version": str(found.version),
            "run_id": found.run_id,
            "stage": found.current_stage,
            "status": found.status,
            "description": found.description,
            "tags": found.tags,
            "aliases": sorted(found.aliases),
            "source": found.source,
        }

    experiment = client.get_experiment_by_name(experiment_name)
    versions = client.search_model_versions(f"name='{model_name}'")
    return {
        "experiments": sorted(e.name for e in client.search_experiments()),
        "experiment": {"id": experiment.experiment_id, "stage": experiment.lifecycle_stage},
        "runs": [run(found) for found in client.search_runs([experiment.experiment_id])],
        "aliases": client.get_registered_model(model_name).aliases,
        "versions": sorted((version(v) for v in versions), key=lambda v: int(v["version"])),
    }
