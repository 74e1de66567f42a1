# `deno task infra bootstrap --environment prod` makes bucket and key, and writes their names here.
terraform {
  backend "s3" {
    bucket       = "ml-platform-terraform-state-123456789012"
    key          = "prod/terraform.tfstate"
    region       = "us-east-1"
    kms_key_id   = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-4000-8000-000000000000"
    encrypt      = true
    use_lockfile = true
  }
}
