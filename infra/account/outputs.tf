output "repository_urls" {
  description = "Where `deno task build-push` pushes to, by repository."
  value       = module.registry.repository_urls
}

output "oidc_provider_arn" {
  description = "GitHub's OIDC provider."
  value       = aws_iam_openid_connect_provider.github.arn
}

output "log_groups" {
  description = "Where the jobs of all environments log."
  value       = [for group in aws_cloudwatch_log_group.sagemaker : group.name]
}
