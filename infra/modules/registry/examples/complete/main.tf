provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = { project = "ml-platform", environment = "staging" }
  }
}

module "registry" {
  source = "../.."

  repositories       = ["ml-platform-training", "ml-platform-inference"]
  kms_key_arn        = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  reader_account_ids = ["210987654321"]
}

output "repository_urls" {
  description = "Where images are pushed to."
  value       = module.registry.repository_urls
}
