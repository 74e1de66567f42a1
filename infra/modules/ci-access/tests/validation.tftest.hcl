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
  name                = "ml-platform-staging"
  environment         = "staging"
  account_id          = "123456789012"
  oidc_provider_arn   = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
  repository          = "your-org/pipelines"
  state_bucket        = "ml-platform-terraform-state"
  state_key_alias     = "alias/ml-platform-terraform-state"
  repository_arns     = ["arn:aws:ecr:us-east-1:123456789012:repository/training"]
  pipeline_names      = ["ml-platform-staging-training"]
  data_bucket_arn     = "arn:aws:s3:::ml-platform-staging-data"
  artifact_bucket_arn = "arn:aws:s3:::ml-platform-staging-artifacts"
  data_key_arn        = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
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

run "refuses_oidc_provider_arn" {
  command = plan

  variables {
    oidc_provider_arn = "arn:aws:s3"
  }

  expect_failures = [var.oidc_provider_arn]
}

run "refuses_repository_1" {
  command = plan

  variables {
    repository = "your-org/*"
  }

  expect_failures = [var.repository]
}

run "refuses_repository_2" {
  command = plan

  variables {
    repository = "pipelines"
  }

  expect_failures = [var.repository]
}

run "refuses_branch" {
  command = plan

  variables {
    branch = "*"
  }

  expect_failures = [var.branch]
}

run "refuses_state_bucket" {
  command = plan

  variables {
    state_bucket = "No"
  }

  expect_failures = [var.state_bucket]
}

run "refuses_state_key_alias" {
  command = plan

  variables {
    state_key_alias = "key"
  }

  expect_failures = [var.state_key_alias]
}

run "refuses_repository_arns_1" {
  command = plan

  variables {
    repository_arns = []
  }

  expect_failures = [var.repository_arns]
}

run "refuses_repository_arns_2" {
  command = plan

  variables {
    repository_arns = ["repository"]
  }

  expect_failures = [var.repository_arns]
}

run "refuses_pipeline_names_1" {
  command = plan

  variables {
    pipeline_names = []
  }

  expect_failures = [var.pipeline_names]
}

run "refuses_pipeline_names_2" {
  command = plan

  variables {
    pipeline_names = ["-"]
  }

  expect_failures = [var.pipeline_names]
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

run "refuses_permissions_boundary_arn" {
  command = plan

  variables {
    permissions_boundary_arn = "arn:aws:s3"
  }

  expect_failures = [var.permissions_boundary_arn]
}

run "refuses_run_policies" {
  command = plan

  variables {
    run_policies = ["no JSON"]
  }

  expect_failures = [var.run_policies]
}
