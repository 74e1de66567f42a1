output "name" {
  description = "Name of the pipeline."
  value       = aws_sagemaker_pipeline.this.pipeline_name
}

output "arn" {
  description = "ARN of the pipeline."
  value       = aws_sagemaker_pipeline.this.arn
}
