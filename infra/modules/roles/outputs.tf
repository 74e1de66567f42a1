output "role_arns" {
  description = "ARN of each role: training, registration, inference, pipeline, scheduler."
  value       = { for kind, role in aws_iam_role.this : kind => role.arn }
}
