# Inline: the form with a location on S3 fails on update (hashicorp/terraform-provider-aws#38259).
resource "aws_sagemaker_pipeline" "this" {
  pipeline_name         = var.name
  pipeline_display_name = var.name
  pipeline_description  = var.description
  pipeline_definition   = var.definition
  role_arn              = var.role_arn

  parallelism_configuration {
    max_parallel_execution_steps = var.max_parallel_steps
  }
}
