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
  name       = "ml-platform-staging"
  account_id = "123456789012"
}

run "refuses_name" {
  command = plan

  variables {
    name = "No"
  }

  expect_failures = [var.name]
}

run "refuses_account_id" {
  command = plan

  variables {
    account_id = "123"
  }

  expect_failures = [var.account_id]
}

run "refuses_key_deletion_days" {
  command = plan

  variables {
    key_deletion_days = 5
  }

  expect_failures = [var.key_deletion_days]
}

run "refuses_noncurrent_version_days" {
  command = plan

  variables {
    noncurrent_version_days = 0
  }

  expect_failures = [var.noncurrent_version_days]
}

run "refuses_checkpoint_days" {
  command = plan

  variables {
    checkpoint_days = 0
  }

  expect_failures = [var.checkpoint_days]
}

run "refuses_access_log_days" {
  command = plan

  variables {
    access_log_days = 0
  }

  expect_failures = [var.access_log_days]
}

run "refuses_replication" {
  command = plan

  variables {
    replication = { bucket_arn = "copy", kms_key_arn = "key" }
  }

  expect_failures = [var.replication]
}

run "refuses_permissions_boundary_arn" {
  command = plan

  variables {
    permissions_boundary_arn = "boundary"
  }

  expect_failures = [var.permissions_boundary_arn]
}
