# The same file in every environment; what differs is in terraform.tfvars and environment.tf.
# `deno task infra use --environment ENVIRONMENT --ref TAG` changes where modules come from.

locals {
  name      = "${var.project}-${local.environment}"
  partition = startswith(var.aws_region, "us-gov-") ? "aws-us-gov" : "aws"

  pipelines = {
    training  = "${local.name}-training"
    inference = "${local.name}-inference"
  }

  # Who manages MLflow decides what permissions there are to give.
  mlflow_arn = var.mlflow_tracking_uri == null ? "arn:${local.partition}:sagemaker:${var.aws_region}:${var.aws_account_id}:mlflow-tracking-server/${var.mlflow_tracking_server_name}" : null
  mlflow_uri = coalesce(var.mlflow_tracking_uri, local.mlflow_arn)

  uses_msk_iam = startswith(var.kafka_security_protocol, "SASL") && var.kafka_sasl_mechanism == "AWS_MSK_IAM"

  # ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY@DIGEST says whose the repository is.
  repository_arns = {
    for type, uri in { training = var.training_image_uri, inference = var.inference_image_uri } :
    type => format(
      "arn:${local.partition}:ecr:%s:%s:repository/%s",
      regex("^([0-9]{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.amazonaws\\.com/([^:@]+)", uri)[1],
      regex("^([0-9]{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.amazonaws\\.com/([^:@]+)", uri)[0],
      regex("^([0-9]{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.amazonaws\\.com/([^:@]+)", uri)[2],
    )
  }
}

# What infra/account made: without its groups SageMaker would make some that nothing ever deletes.
data "aws_cloudwatch_log_group" "sagemaker" {
  for_each = toset(["/aws/sagemaker/TrainingJobs", "/aws/sagemaker/ProcessingJobs"])
  name     = each.key
}

module "storage" {
  source = "git::https://github.com/your-org/sagemaker-ml-pipelines.git//infra/modules/storage?ref=v0.1.0"

  name                     = local.name
  account_id               = var.aws_account_id
  permissions_boundary_arn = var.permissions_boundary_arn
}

module "network" {
  source = "git::https://github.com/your-org/sagemaker-ml-pipelines.git//infra/modules/network?ref=v0.1.0"

  name                         = local.name
  account_id                   = var.aws_account_id
  egress                       = var.network_egress
  vpc_cidr                     = var.vpc_cidr
  availability_zone_count      = var.availability_zone_count
  existing_vpc_id              = var.existing_vpc_id
  existing_subnet_ids          = var.existing_subnet_ids
  broker_cidrs                 = var.kafka_broker_cidrs
  broker_ports                 = [for port in regexall(":([0-9]+)", var.kafka_bootstrap_servers) : tonumber(port[0])]
  broker_peering_connection_id = var.broker_peering_connection_id
  mlflow_tracking_uri          = var.mlflow_tracking_uri
  mlflow_cidrs                 = var.mlflow_cidrs
  otlp_endpoint                = var.otlp_endpoint
  otlp_cidrs                   = var.otlp_cidrs
  log_retention_days           = var.log_retention_days
  kms_key_arn                  = module.storage.events_key_arn
  permissions_boundary_arn     = var.permissions_boundary_arn
}

module "roles" {
  source = "git::https://github.com/your-org/sagemaker-ml-pipelines.git//infra/modules/roles?ref=v0.1.0"

  name                       = local.name
  environment                = local.environment
  account_id                 = var.aws_account_id
  data_bucket_arn            = module.storage.data_bucket_arn
  artifact_bucket_arn        = module.storage.artifact_bucket_arn
  data_key_arn               = module.storage.data_key_arn
  events_key_arn             = module.storage.events_key_arn
  training_repository_arn    = local.repository_arns.training
  inference_repository_arn   = local.repository_arns.inference
  subnet_ids                 = module.network.subnet_ids
  security_group_id          = module.network.security_group_id
  mlflow_tracking_server_arn = local.mlflow_arn
  mlflow_artifact_bucket     = var.mlflow_artifact_bucket
  mlflow_artifact_key_arn    = var.mlflow_artifact_kms_key_arn
  kafka_topic                = var.kafka_output_topic
  kafka_cluster_arn          = local.uses_msk_iam ? var.kafka_cluster_arn : null
  kafka_secret_arn           = var.kafka_secret_arn
  kafka_secret_key_arn       = var.kafka_secret_kms_key_arn
  permissions_boundary_arn   = var.permissions_boundary_arn
}

module "training_pipeline" {
  source = "git::https://github.com/your-org/sagemaker-ml-pipelines.git//infra/modules/pipeline?ref=v0.1.0"

  name        = local.pipelines.training
  description = "Checks the data, trains, evaluates, registers and promotes."
  definition  = local.definitions.training
  role_arn    = module.roles.role_arns.pipeline
}

module "inference_pipeline" {
  source = "git::https://github.com/your-org/sagemaker-ml-pipelines.git//infra/modules/pipeline?ref=v0.1.0"

  name        = local.pipelines.inference
  description = "Checks a day's data, scores it and publishes each prediction once."
  definition  = local.definitions.inference
  role_arn    = module.roles.role_arns.pipeline
}

resource "aws_scheduler_schedule_group" "this" {
  name = local.name
}

module "training_schedule" {
  source = "git::https://github.com/your-org/sagemaker-ml-pipelines.git//infra/modules/schedule?ref=v0.1.0"

  pipeline_name   = module.training_pipeline.name
  group_name      = aws_scheduler_schedule_group.this.name
  expression      = var.training_schedule_expression
  time_zone       = var.schedule_time_zone
  enabled         = var.training_schedule_enabled
  role_arn        = module.roles.role_arns.scheduler
  kms_key_arn     = module.storage.events_key_arn
  slot_parameters = ["RunId"]
}

module "inference_schedule" {
  source = "git::https://github.com/your-org/sagemaker-ml-pipelines.git//infra/modules/schedule?ref=v0.1.0"

  pipeline_name   = module.inference_pipeline.name
  group_name      = aws_scheduler_schedule_group.this.name
  expression      = var.inference_schedule_expression
  time_zone       = var.schedule_time_zone
  enabled         = var.inference_schedule_enabled
  role_arn        = module.roles.role_arns.scheduler
  kms_key_arn     = module.storage.events_key_arn
  slot_parameters = ["RunId", "ScheduledTime"]
}

module "monitoring" {
  source = "git::https://github.com/your-org/sagemaker-ml-pipelines.git//infra/modules/monitoring?ref=v0.1.0"

  name                   = local.name
  environment            = local.environment
  account_id             = var.aws_account_id
  model_name             = var.training_hyperparameters.model_name
  minimum_accuracy       = var.training_minimum_accuracy
  maximum_model_age_days = var.maximum_model_age_days
  kafka_topic            = var.kafka_output_topic
  kafka_cluster_name     = var.kafka_cluster_arn == null ? null : split("/", var.kafka_cluster_arn)[1]
  consumer_groups        = var.consumer_groups
  alarm_emails           = var.alarm_emails
  monthly_budget_usd     = var.monthly_budget_usd
  log_retention_days     = var.log_retention_days
  kms_key_arn            = module.storage.events_key_arn

  pipelines = {
    training = {
      name        = module.training_pipeline.name
      queue_name  = module.training_schedule.queue_name
      every_hours = var.training_schedule_enabled ? var.training_expected_every_hours : 0
    }
    inference = {
      name        = module.inference_pipeline.name
      queue_name  = module.inference_schedule.queue_name
      every_hours = var.inference_schedule_enabled ? var.inference_expected_every_hours : 0
    }
  }
}

module "ci_access" {
  source = "git::https://github.com/your-org/sagemaker-ml-pipelines.git//infra/modules/ci-access?ref=v0.1.0"
  count  = var.github_repository == null ? 0 : 1

  name                     = local.name
  environment              = local.environment
  account_id               = var.aws_account_id
  oidc_provider_arn        = "arn:${local.partition}:iam::${var.aws_account_id}:oidc-provider/token.actions.githubusercontent.com"
  repository               = var.github_repository
  state_bucket             = "${var.project}-terraform-state-${var.aws_account_id}"
  state_key_alias          = "alias/${var.project}-terraform-state"
  repository_arns          = values(local.repository_arns)
  pipeline_names           = values(local.pipelines)
  data_bucket_arn          = module.storage.data_bucket_arn
  artifact_bucket_arn      = module.storage.artifact_bucket_arn
  data_key_arn             = module.storage.data_key_arn
  run_policies             = module.roles.evaluation_policies
  permissions_boundary_arn = var.permissions_boundary_arn
}
