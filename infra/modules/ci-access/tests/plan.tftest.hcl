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

run "each_role_believes_one_branch_or_environment" {
  command = plan

  assert {
    condition     = alltrue([for one in values(aws_iam_role.this) : jsondecode(one.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com"])
    error_message = "A token for somebody else is believed."
  }

  assert {
    condition     = jsondecode(aws_iam_role.this["apply"].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == "repo:your-org/pipelines:environment:staging"
    error_message = "Apply needs no approval."
  }

  assert {
    condition     = alltrue([for one in values(aws_iam_role.this) : !strcontains(one.assume_role_policy, "*")])
    error_message = "A trust has a wildcard in it."
  }

  assert {
    condition     = alltrue([for one in values(aws_iam_role_policy.this) : length(replace(one.policy, "/\\s/", "")) <= 10240])
    error_message = "A policy is longer than IAM takes."
  }
}

run "apply_makes_roles_under_the_boundary_only" {
  command = plan

  variables {
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/boundary"
  }

  assert {
    condition     = [for one in jsondecode(aws_iam_role_policy.this["apply"].policy).Statement : one if one.Sid == "MakeRoles"][0].Condition.StringEquals["iam:PermissionsBoundary"] == "arn:aws:iam::123456789012:policy/boundary"
    error_message = "Apply could make a role without the boundary."
  }
}
