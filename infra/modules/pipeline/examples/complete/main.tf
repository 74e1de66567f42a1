provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = { project = "ml-platform", environment = "staging" }
  }
}

module "pipeline" {
  source = "../.."

  name        = "ml-platform-staging-training"
  description = "Ends at once, to show a definition."
  role_arn    = "arn:aws:iam::123456789012:role/ml-platform-staging-pipeline"

  definition = jsonencode({
    Version    = "2020-12-01"
    Parameters = [{ Name = "Reason", Type = "String", DefaultValue = "an example" }]
    Steps      = [{ Name = "Stop", Type = "Fail", Arguments = { ErrorMessage = { Get = "Parameters.Reason" } } }]
  })
}

output "name" {
  description = "What to start."
  value       = module.pipeline.name
}
