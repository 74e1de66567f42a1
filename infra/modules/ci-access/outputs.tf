output "role_arns" {
  description = "ARN of each role: plan, apply, build, run; GitHub's workflows name them."
  value       = { for kind, role in aws_iam_role.this : kind => role.arn }
}
