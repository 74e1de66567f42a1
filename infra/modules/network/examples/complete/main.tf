provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = { project = "ml-platform", environment = "staging" }
  }
}

module "network" {
  source = "../.."

  name                         = "ml-platform-staging"
  account_id                   = "123456789012"
  egress                       = "nat"
  availability_zone_count      = 3
  broker_cidrs                 = ["10.60.0.0/16"]
  broker_ports                 = [9098]
  broker_peering_connection_id = "pcx-0123456789abcdef0"
  otlp_endpoint                = "http://collector.internal:4318"
  otlp_cidrs                   = ["10.80.0.0/24"]
  kms_key_arn                  = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
}

output "subnet_ids" {
  description = "Where jobs run."
  value       = module.network.subnet_ids
}
