provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = { project = "ml-platform", environment = "staging" }
  }
}

module "ci_access" {
  source = "../.."

  name                     = "ml-platform-staging"
  environment              = "staging"
  account_id               = "123456789012"
  oidc_provider_arn        = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
  repository               = "your-org/sagemaker-ml-pipelines"
  state_bucket             = "ml-platform-terraform-state-123456789012"
  state_key_alias          = "alias/ml-platform-terraform-state"
  repository_arns          = ["arn:aws:ecr:us-east-1:123456789012:repository/ml-platform-training", "arn:aws:ecr:us-east-1:123456789012:repository/ml-platform-inference"]
  pipeline_names           = ["ml-platform-staging-training", "ml-platform-staging-inference"]
  data_bucket_arn          = "arn:aws:s3:::ml-platform-staging-data-123456789012"
  artifact_bucket_arn      = "arn:aws:s3:::ml-platform-staging-artifacts-123456789012"
  data_key_arn             = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  run_policies             = [jsonencode({ Version = "2012-10-17", Statement = [] })]
  permissions_boundary_arn = "arn:aws:iam::123456789012:policy/boundary"
}

output "role_arns" {
  description = "What the workflows' configure-aws-credentials steps name."
  value       = module.ci_access.role_arns
}
