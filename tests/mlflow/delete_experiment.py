"""Deletes an experiment as a user of MLflow would.

usage: delete_experiment.py TRACKING_URI EXPERIMENT
"""

import sys

from mlflow import MlflowClient

client = MlflowClient(sys.argv[1])
client.delete_experiment(client.get_experiment_by_name(sys.argv[2]).experiment_id)
print("{}")
