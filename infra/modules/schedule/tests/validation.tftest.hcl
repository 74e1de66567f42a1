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
  pipeline_name = "ml-platform-staging-training"
  group_name    = "ml-platform-staging"
  expression    = "cron(0 2 * * ? *)"
  role_arn      = "arn:aws:iam::123456789012:role/scheduler"
  kms_key_arn   = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
}

run "refuses_pipeline_name" {
  command = plan

  variables {
    pipeline_name = "short"
  }

  expect_failures = [var.pipeline_name]
}

run "refuses_group_name" {
  command = plan

  variables {
    group_name = "a group"
  }

  expect_failures = [var.group_name]
}

run "refuses_expression_1" {
  command = plan

  variables {
    expression = "every day"
  }

  expect_failures = [var.expression]
}

run "refuses_expression_2" {
  command = plan

  variables {
    expression = "cron(61 2 * * ? *)"
  }

  expect_failures = [var.expression]
}

run "refuses_expression_3" {
  command = plan

  variables {
    expression = "cron(0 2 * * * *)"
  }

  expect_failures = [var.expression]
}

run "refuses_expression_4" {
  command = plan

  variables {
    expression = "cron(0 2 * * ?)"
  }

  expect_failures = [var.expression]
}

run "refuses_expression_5" {
  command = plan

  variables {
    expression = "rate(5 minutes)"
  }

  expect_failures = [var.expression]
}

run "refuses_time_zone" {
  command = plan

  variables {
    time_zone = "CET+1"
  }

  expect_failures = [var.time_zone]
}

run "refuses_role_arn" {
  command = plan

  variables {
    role_arn = "arn:aws:s3"
  }

  expect_failures = [var.role_arn]
}

run "refuses_kms_key_arn" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:s3"
  }

  expect_failures = [var.kms_key_arn]
}

run "refuses_slot_parameters" {
  command = plan

  variables {
    slot_parameters = ["a b"]
  }

  expect_failures = [var.slot_parameters]
}

run "refuses_parameters" {
  command = plan

  variables {
    parameters = { "a b" = "c" }
  }

  expect_failures = [var.parameters]
}

run "refuses_retry_attempts" {
  command = plan

  variables {
    retry_attempts = 185
  }

  expect_failures = [var.retry_attempts]
}
