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
  repositories = ["ml-platform-training"]
  kms_key_arn  = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
}

run "refuses_repositories_1" {
  command = plan

  variables {
    repositories = []
  }

  expect_failures = [var.repositories]
}

run "refuses_repositories_2" {
  command = plan

  variables {
    repositories = ["Upper"]
  }

  expect_failures = [var.repositories]
}

run "refuses_kms_key_arn" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:s3"
  }

  expect_failures = [var.kms_key_arn]
}

run "refuses_keep_staging_images_1" {
  command = plan

  variables {
    keep_staging_images = 0
  }

  expect_failures = [var.keep_staging_images]
}

run "refuses_keep_staging_images_2" {
  command = plan

  variables {
    keep_staging_images = 1.5
  }

  expect_failures = [var.keep_staging_images]
}

run "refuses_untagged_days" {
  command = plan

  variables {
    untagged_days = 0
  }

  expect_failures = [var.untagged_days]
}

run "refuses_reader_account_ids" {
  command = plan

  variables {
    reader_account_ids = ["me"]
  }

  expect_failures = [var.reader_account_ids]
}
