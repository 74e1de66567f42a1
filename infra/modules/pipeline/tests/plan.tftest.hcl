# Plans with the provider itself, which asks AWS for nothing here; ids that only AWS gives are given.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  name        = "ml-platform-staging-training"
  description = "Trains."
  role_arn    = "arn:aws:iam::123456789012:role/pipeline"
  definition  = "{\"Version\":\"2020-12-01\",\"Steps\":[{\"Name\":\"Stop\",\"Type\":\"Fail\"}]}"
}

run "the_definition_is_deployed_as_it_is" {
  command = plan

  variables {
    max_parallel_steps = 7
  }

  assert {
    condition     = aws_sagemaker_pipeline.this.pipeline_definition == var.definition && aws_sagemaker_pipeline.this.pipeline_name == "ml-platform-staging-training"
    error_message = "The definition is another."
  }

  assert {
    condition     = length(aws_sagemaker_pipeline.this.pipeline_definition_s3_location) == 0
    error_message = "The definition is on S3, where updates fail."
  }

  assert {
    condition     = aws_sagemaker_pipeline.this.parallelism_configuration[0].max_parallel_execution_steps == 7
    error_message = "Parallelism is another."
  }
}
