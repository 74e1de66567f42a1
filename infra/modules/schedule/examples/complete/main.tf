provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = { project = "ml-platform", environment = "staging" }
  }
}

resource "aws_scheduler_schedule_group" "this" {
  name = "ml-platform-staging"
}

module "schedule" {
  source = "../.."

  pipeline_name   = "ml-platform-staging-inference"
  group_name      = aws_scheduler_schedule_group.this.name
  expression      = "cron(0 6 * * ? *)"
  time_zone       = "Europe/Berlin"
  role_arn        = "arn:aws:iam::123456789012:role/ml-platform-staging-scheduler"
  kms_key_arn     = "arn:aws:kms:us-east-1:123456789012:key/66666666-7777-8888-9999-000000000000"
  slot_parameters = ["RunId", "ScheduledTime"]
  parameters      = { InferenceInstanceCount = "2" }
}

output "queue_name" {
  description = "Where to look for what was not started."
  value       = module.schedule.queue_name
}
