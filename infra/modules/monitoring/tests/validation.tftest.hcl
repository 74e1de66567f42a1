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
  name             = "ml-platform-staging"
  environment      = "staging"
  account_id       = "123456789012"
  model_name       = "staging-classifier"
  minimum_accuracy = 0.7
  kafka_topic      = "ml-predictions-staging"
  kms_key_arn      = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  pipelines = {
    training  = { name = "ml-platform-staging-training", queue_name = "training-not-started", every_hours = 26 }
    inference = { name = "ml-platform-staging-inference", queue_name = "inference-not-started", every_hours = 26 }
  }
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

run "refuses_pipelines_1" {
  command = plan

  variables {
    pipelines = {}
  }

  expect_failures = [var.pipelines]
}

run "refuses_pipelines_2" {
  command = plan

  variables {
    pipelines = { training = { name = "a", queue_name = "b", every_hours = 200 }, inference = { name = "c", queue_name = "d", every_hours = 1 } }
  }

  expect_failures = [var.pipelines]
}

run "refuses_model_name" {
  command = plan

  variables {
    model_name = "a b"
  }

  expect_failures = [var.model_name]
}

run "refuses_minimum_accuracy" {
  command = plan

  variables {
    minimum_accuracy = 2
  }

  expect_failures = [var.minimum_accuracy]
}

run "refuses_maximum_drifted_columns" {
  command = plan

  variables {
    maximum_drifted_columns = -1
  }

  expect_failures = [var.maximum_drifted_columns]
}

run "refuses_maximum_model_age_days" {
  command = plan

  variables {
    maximum_model_age_days = 0
  }

  expect_failures = [var.maximum_model_age_days]
}

run "refuses_maximum_dead_letters" {
  command = plan

  variables {
    maximum_dead_letters = -1
  }

  expect_failures = [var.maximum_dead_letters]
}

run "refuses_kafka_cluster_name" {
  command = plan

  variables {
    kafka_cluster_name = "a b"
  }

  expect_failures = [var.kafka_cluster_name]
}

run "refuses_kafka_topic" {
  command = plan

  variables {
    kafka_topic = "a b"
  }

  expect_failures = [var.kafka_topic]
}

run "refuses_consumer_groups_1" {
  command = plan

  variables {
    consumer_groups = ["a b"]
  }

  expect_failures = [var.consumer_groups]
}

run "refuses_consumer_groups_2" {
  command = plan

  variables {
    consumer_groups = ["billing"]
  }

  expect_failures = [var.consumer_groups]
}

run "refuses_maximum_consumer_lag" {
  command = plan

  variables {
    maximum_consumer_lag = 0
  }

  expect_failures = [var.maximum_consumer_lag]
}

run "refuses_alarm_emails" {
  command = plan

  variables {
    alarm_emails = ["nobody"]
  }

  expect_failures = [var.alarm_emails]
}

run "refuses_monthly_budget_usd_1" {
  command = plan

  variables {
    monthly_budget_usd = -1
  }

  expect_failures = [var.monthly_budget_usd]
}

run "refuses_monthly_budget_usd_2" {
  command = plan

  variables {
    monthly_budget_usd = 100
  }

  expect_failures = [var.monthly_budget_usd]
}

run "refuses_log_retention_days" {
  command = plan

  variables {
    log_retention_days = 31
  }

  expect_failures = [var.log_retention_days]
}

run "refuses_kms_key_arn" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:s3"
  }

  expect_failures = [var.kms_key_arn]
}
