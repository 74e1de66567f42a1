# Every policy and trust of both environments, in one account, with names as they are in AWS. Nothing is
# made: `deno task infra policies` plans it and writes what the documents become into policies.json,
# where a review sees a permission that changed, and tests ask what each role may do.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0"
    }
  }
}

# Planning asks AWS for nothing, so these keys open nothing.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

locals {
  account = "123456789012"
  kms     = "arn:aws:kms:us-east-1:${local.account}:key"

  # Ids that AWS gives, such that each says whose it is.
  environments = {
    staging = { digit = "1", vpc = "a" }
    prod    = { digit = "2", vpc = "b" }
  }

  keys = {
    for environment, ids in local.environments : environment => {
      for index, use in ["data", "events", "secret", "mlflow"] :
      use => "${local.kms}/${ids.digit}000000${index}-0000-0000-0000-000000000000"
    }
  }

  repository_arns = [for job in ["training", "inference"] : "arn:aws:ecr:us-east-1:${local.account}:repository/ml-platform-${job}"]
}

module "roles" {
  source   = "../modules/roles"
  for_each = local.environments

  name                       = "ml-platform-${each.key}"
  environment                = each.key
  account_id                 = local.account
  data_bucket_arn            = "arn:aws:s3:::ml-platform-${each.key}-data-${local.account}"
  artifact_bucket_arn        = "arn:aws:s3:::ml-platform-${each.key}-artifacts-${local.account}"
  data_key_arn               = local.keys[each.key].data
  events_key_arn             = local.keys[each.key].events
  training_repository_arn    = local.repository_arns[0]
  inference_repository_arn   = local.repository_arns[1]
  subnet_ids                 = ["subnet-${each.value.vpc}000000000000000", "subnet-${each.value.vpc}000000000000001"]
  security_group_id          = "sg-${each.value.vpc}0000000000000000"
  mlflow_tracking_server_arn = "arn:aws:sagemaker:us-east-1:${local.account}:mlflow-tracking-server/mlflow-${each.key}"
  mlflow_artifact_bucket     = "mlflow-${each.key}-artifacts"
  mlflow_artifact_key_arn    = local.keys[each.key].mlflow
  kafka_topic                = "ml-predictions-${each.key}"
  kafka_cluster_arn          = "arn:aws:kafka:us-east-1:${local.account}:cluster/predictions/00000000-0000-0000-0000-000000000000-1"
  kafka_secret_arn           = "arn:aws:secretsmanager:us-east-1:${local.account}:secret:AmazonMSK_${each.key}-a1B2c3"
  kafka_secret_key_arn       = local.keys[each.key].secret
}

module "ci_access" {
  source   = "../modules/ci-access"
  for_each = local.environments

  name                = "ml-platform-${each.key}"
  environment         = each.key
  account_id          = local.account
  oidc_provider_arn   = "arn:aws:iam::${local.account}:oidc-provider/token.actions.githubusercontent.com"
  repository          = "your-org/sagemaker-ml-pipelines"
  state_bucket        = "ml-platform-terraform-state-${local.account}"
  state_key_alias     = "alias/ml-platform-terraform-state"
  repository_arns     = local.repository_arns
  pipeline_names      = [for type in ["training", "inference"] : "ml-platform-${each.key}-${type}"]
  data_bucket_arn     = "arn:aws:s3:::ml-platform-${each.key}-data-${local.account}"
  artifact_bucket_arn = "arn:aws:s3:::ml-platform-${each.key}-artifacts-${local.account}"
  data_key_arn        = local.keys[each.key].data
  run_policies        = module.roles[each.key].evaluation_policies
}
