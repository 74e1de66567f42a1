provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = { project = "ml-platform", environment = "staging" }
  }
}

module "roles" {
  source = "../.."

  name                       = "ml-platform-staging"
  environment                = "staging"
  account_id                 = "123456789012"
  data_bucket_arn            = "arn:aws:s3:::ml-platform-staging-data-123456789012"
  artifact_bucket_arn        = "arn:aws:s3:::ml-platform-staging-artifacts-123456789012"
  data_key_arn               = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  events_key_arn             = "arn:aws:kms:us-east-1:123456789012:key/66666666-7777-8888-9999-000000000000"
  training_repository_arn    = "arn:aws:ecr:us-east-1:123456789012:repository/ml-platform-training"
  inference_repository_arn   = "arn:aws:ecr:us-east-1:123456789012:repository/ml-platform-inference"
  subnet_ids                 = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  security_group_id          = "sg-0123456789abcdef0"
  mlflow_tracking_server_arn = "arn:aws:sagemaker:us-east-1:123456789012:mlflow-tracking-server/mlflow-staging"
  mlflow_artifact_bucket     = "mlflow-staging-artifacts"
  mlflow_artifact_key_arn    = "arn:aws:kms:us-east-1:123456789012:key/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
  kafka_topic                = "ml-predictions-staging"
  kafka_cluster_arn          = "arn:aws:kafka:us-east-1:123456789012:cluster/predictions/00000000-0000-0000-0000-000000000000-1"
  kafka_secret_arn           = "arn:aws:secretsmanager:us-east-1:123456789012:secret:AmazonMSK_staging-a1B2c3"
  kafka_secret_key_arn       = "arn:aws:kms:us-east-1:123456789012:key/12121212-3434-5656-7878-909090909090"
  permissions_boundary_arn   = "arn:aws:iam::123456789012:policy/boundary"
}

output "role_arns" {
  description = "What jobs, pipelines and schedules run as."
  value       = module.roles.role_arns
}
