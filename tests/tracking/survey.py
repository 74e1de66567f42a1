"""All that a store has, as Python's client reads it, and what it complained of meanwhile."""

import logging

import mlflow
from mlflow import MlflowClient


class Complaints(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.found = []

    def emit(self, record):
        # That the file store is in maintenance mode is no complaint about what is in it.
        if "maintenance mode" not in record.getMessage():
            self.found.append(record.getMessage())


def survey(tracking):
    mlflow.set_tracking_uri(tracking)
    mlflow.set_registry_uri(tracking)
    client = MlflowClient()
    complaints = Complaints()
    logging.getLogger("mlflow").addHandler(complaints)
    try:
        experiments = client.search_experiments()
        ids = [experiment.experiment_id for experiment in experiments]
        runs = [run_of(client, found.info.run_id) for found in client.search_runs(ids)]
        models = [model_of(client, found) for found in client.search_registered_models()]
        logged = [
            {"id": model.model_id, "status": str(model.status), "metrics": len(model.metrics or [])}
            for model in client.search_logged_models(ids)
        ]
    finally:
        logging.getLogger("mlflow").removeHandler(complaints)
    return {"complaints": complaints.found, "runs": runs, "models": models, "logged": logged}


def run_of(client, run_id):
    run = client.get_run(run_id)
    points = {key: len(client.get_metric_history(run_id, key)) for key in run.data.metrics}
    return {
        "id": run_id,
        "status": run.info.status,
        "params": len(run.data.params),
        "points": points,
        "datasets": [entry.dataset.name for entry in run.inputs.dataset_inputs],
        "artifacts": [entry.path for entry in client.list_artifacts(run_id)],
        "models": [client.get_logged_model(o.model_id).name for o in run.outputs.model_outputs],
    }


def model_of(client, model):
    versions = client.search_model_versions(f"name='{model.name}'")
    for alias, version in model.aliases.items():
        assert str(client.get_model_version_by_alias(model.name, alias).version) == str(version)
    return {
        "name": model.name,
        "aliases": {alias: str(version) for alias, version in model.aliases.items()},
        "versions": [
            {
                "version": str(found.version),
                "stage": found.current_stage,
                "tags": found.tags,
                "aliases": sorted(client.get_model_version(model.name, found.version).aliases),
            }
            for found in sorted(versions, key=lambda found: int(found.version))
        ],
    }
