terraform {
  # 1.10 locks the state by an object on S3; 1.11 tests with mocks that plan.
  required_version = "~> 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.66"
    }
  }
}

provider "aws" {
  region              = var.aws_region
  allowed_account_ids = [var.aws_account_id]

  # Costs, permissions and people tell environments apart by these.
  default_tags {
    tags = {
      project     = var.project
      environment = local.environment
      owner       = var.owner
      managed-by  = "terraform"
    }
  }
}
