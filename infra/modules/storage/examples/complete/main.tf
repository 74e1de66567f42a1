provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = { project = "ml-platform", environment = "staging" }
  }
}

module "storage" {
  source = "../.."

  name                    = "ml-platform-staging"
  account_id              = "123456789012"
  noncurrent_version_days = 30

  replication = {
    bucket_arn  = "arn:aws:s3:::ml-platform-staging-copy"
    kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  }
}

output "data_bucket" {
  description = "Where data sets go."
  value       = module.storage.data_bucket
}
