provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = { project = "ml-platform", environment = "staging" }
  }
}

module "monitoring" {
  source = "../.."

  name               = "ml-platform-staging"
  environment        = "staging"
  account_id         = "123456789012"
  model_name         = "staging-classifier"
  minimum_accuracy   = 0.7
  kafka_topic        = "ml-predictions-staging"
  kafka_cluster_name = "predictions"
  consumer_groups    = ["billing"]
  alarm_emails       = ["team@example.com"]
  monthly_budget_usd = 300
  kms_key_arn        = "arn:aws:kms:us-east-1:123456789012:key/66666666-7777-8888-9999-000000000000"

  pipelines = {
    training  = { name = "ml-platform-staging-training", queue_name = "ml-platform-staging-training-not-started", every_hours = 26 }
    inference = { name = "ml-platform-staging-inference", queue_name = "ml-platform-staging-inference-not-started", every_hours = 26 }
  }
}

output "dashboard_name" {
  description = "Where to look."
  value       = module.monitoring.dashboard_name
}
