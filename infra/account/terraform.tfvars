# Once per AWS account, before the environments in it.
aws_account_id = "123456789012"
aws_region     = "us-east-1"
owner          = "ml-platform"

# true where SageMaker, or another project's GitHub Actions, have been used here before
adopt_log_groups    = false
adopt_oidc_provider = false
