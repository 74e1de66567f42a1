output "role_arns" {
  description = "ARN of each role: training, registration, inference, pipeline, scheduler."
  value       = { for kind, role in aws_iam_role.this : kind => role.arn }
}

output "evaluation_policies" {
  description = "Policies, as JSON, for whoever measures a registered model again and logs that: what MLflow asks for."
  value       = [data.aws_iam_policy_document.mlflow_read.json, data.aws_iam_policy_document.mlflow_log.json]
}
