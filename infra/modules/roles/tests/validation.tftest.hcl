# Each wrong value is refused before anything is made.

mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { region = "us-east-1" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  name                     = "ml-platform-staging"
  environment              = "staging"
  account_id               = "123456789012"
  data_bucket_arn          = "arn:aws:s3:::ml-platform-staging-data"
  artifact_bucket_arn      = "arn:aws:s3:::ml-platform-staging-artifacts"
  data_key_arn             = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  events_key_arn           = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  training_repository_arn  = "arn:aws:ecr:us-east-1:123456789012:repository/training"
  inference_repository_arn = "arn:aws:ecr:us-east-1:123456789012:repository/inference"
  subnet_ids               = ["subnet-0123456789abcdef0"]
  security_group_id        = "sg-0123456789abcdef0"
  kafka_topic              = "ml-predictions-staging"
}

run "refuses_name" {
  command = plan

  variables {
    name = "No"
  }

  expect_failures = [var.name]
}

run "refuses_environment" {
  command = plan

  variables {
    environment = "No"
  }

  expect_failures = [var.environment]
}

run "refuses_account_id" {
  command = plan

  variables {
    account_id = "123"
  }

  expect_failures = [var.account_id]
}

run "refuses_data_bucket_arn" {
  command = plan

  variables {
    data_bucket_arn = "bucket"
  }

  expect_failures = [var.data_bucket_arn]
}

run "refuses_artifact_bucket_arn" {
  command = plan

  variables {
    artifact_bucket_arn = "bucket"
  }

  expect_failures = [var.artifact_bucket_arn]
}

run "refuses_data_key_arn" {
  command = plan

  variables {
    data_key_arn = "arn:aws:s3"
  }

  expect_failures = [var.data_key_arn]
}

run "refuses_events_key_arn" {
  command = plan

  variables {
    events_key_arn = "arn:aws:s3"
  }

  expect_failures = [var.events_key_arn]
}

run "refuses_training_repository_arn" {
  command = plan

  variables {
    training_repository_arn = "arn:aws:s3"
  }

  expect_failures = [var.training_repository_arn]
}

run "refuses_inference_repository_arn" {
  command = plan

  variables {
    inference_repository_arn = "arn:aws:s3"
  }

  expect_failures = [var.inference_repository_arn]
}

run "refuses_subnet_ids" {
  command = plan

  variables {
    subnet_ids = []
  }

  expect_failures = [var.subnet_ids]
}

run "refuses_security_group_id" {
  command = plan

  variables {
    security_group_id = ""
  }

  expect_failures = [var.security_group_id]
}

run "refuses_mlflow_tracking_server_arn" {
  command = plan

  variables {
    mlflow_tracking_server_arn = "mlflow"
  }

  expect_failures = [var.mlflow_tracking_server_arn]
}

run "refuses_mlflow_artifact_bucket" {
  command = plan

  variables {
    mlflow_artifact_bucket = "No"
  }

  expect_failures = [var.mlflow_artifact_bucket]
}

run "refuses_mlflow_artifact_key_arn" {
  command = plan

  variables {
    mlflow_artifact_key_arn = "arn:aws:s3"
  }

  expect_failures = [var.mlflow_artifact_key_arn]
}

run "refuses_kafka_topic_1" {
  command = plan

  variables {
    kafka_topic = ""
  }

  expect_failures = [var.kafka_topic]
}

run "refuses_kafka_topic_2" {
  command = plan

  variables {
    kafka_topic = "a b"
  }

  expect_failures = [var.kafka_topic]
}

run "refuses_kafka_topic_3" {
  command = plan

  variables {
    kafka_topic = "."
  }

  expect_failures = [var.kafka_topic]
}

run "refuses_kafka_cluster_arn" {
  command = plan

  variables {
    kafka_cluster_arn = "arn:aws:s3"
  }

  expect_failures = [var.kafka_cluster_arn]
}

run "refuses_kafka_secret_arn" {
  command = plan

  variables {
    kafka_secret_arn = "arn:aws:s3"
  }

  expect_failures = [var.kafka_secret_arn]
}

run "refuses_kafka_secret_key_arn" {
  command = plan

  variables {
    kafka_secret_key_arn = "arn:aws:s3"
  }

  expect_failures = [var.kafka_secret_key_arn]
}

run "refuses_permissions_boundary_arn" {
  command = plan

  variables {
    permissions_boundary_arn = "arn:aws:s3"
  }

  expect_failures = [var.permissions_boundary_arn]
}
