# Plans with the provider itself, which asks AWS for nothing here; ids that only AWS gives are given.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
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

run "there_is_a_role_for_each_kind_of_job" {
  command = plan

  assert {
    condition     = keys(aws_iam_role.this) == ["inference", "pipeline", "registration", "scheduler", "training"] && aws_iam_role.this["training"].name == "ml-platform-staging-training"
    error_message = "A role is missing or has another name."
  }

  assert {
    condition     = alltrue([for one in values(aws_iam_role.this) : jsondecode(one.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"])
    error_message = "Another account's services could take a role."
  }
}

run "no_statement_allows_everything" {
  command = plan

  assert {
    condition     = alltrue(flatten([for one in values(aws_iam_role_policy.this) : [for statement in jsondecode(one.policy).Statement : !contains(flatten([statement.Action]), "*") && !anytrue([for action in flatten([statement.Action]) : endswith(action, ":*")])]]))
    error_message = "A statement allows all of a service."
  }

  assert {
    condition     = alltrue([for one in values(aws_iam_role_policy.this) : length(replace(one.policy, "/\\s/", "")) <= 10240])
    error_message = "A policy is longer than IAM takes."
  }
}

run "what_is_not_there_is_not_allowed" {
  command = plan

  assert {
    condition     = !strcontains(aws_iam_role_policy.this["inference"].policy, "kafka-cluster:") && !strcontains(aws_iam_role_policy.this["inference"].policy, "secretsmanager:") && !strcontains(aws_iam_role_policy.this["training"].policy, "sagemaker-mlflow:")
    error_message = "Something is allowed on what does not exist."
  }
}

run "a_boundary_bounds_every_role" {
  command = plan

  variables {
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/boundary"
  }

  assert {
    condition     = alltrue([for one in values(aws_iam_role.this) : one.permissions_boundary == "arn:aws:iam::123456789012:policy/boundary"])
    error_message = "A role is without the boundary."
  }
}
