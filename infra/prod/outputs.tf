output "training_data_uri" {
  description = "Where to upload parquet to train on; the training pipeline's default input."
  value       = local.definition_values.training_data_uri
}

output "inference_data_uri" {
  description = "Where to upload a folder day=YYYY-MM-DD a day to score; the inference pipeline's default input."
  value       = local.definition_values.inference_data_uri
}

output "pipeline_names" {
  description = "Names of the pipelines by training and inference."
  value       = local.pipelines
}

output "artifact_bucket" {
  description = "Bucket of models, reports, checkpoints and the state of runs."
  value       = module.storage.artifact_bucket
}

output "mlflow_tracking_uri" {
  description = "Where runs and models are."
  value       = local.mlflow_uri
}

output "dashboard_url" {
  description = "Dashboard in CloudWatch."
  value       = "https://${var.aws_region}.console.aws.amazon.com/cloudwatch/home?region=${var.aws_region}#dashboards/dashboard/${module.monitoring.dashboard_name}"
}

output "alarm_topic_arn" {
  description = "Topic of all alarms, for more subscribers."
  value       = module.monitoring.topic_arn
}

output "log_groups" {
  description = "Where jobs and events log."
  value = concat(
    [for group in data.aws_cloudwatch_log_group.sagemaker : group.name],
    [for rule in module.monitoring.rule_names : "/aws/events/rule/${rule}"],
  )
}

output "ci_role_arns" {
  description = "Roles of GitHub Actions by plan, apply, build and run; empty without github_repository."
  value       = try(module.ci_access[0].role_arns, {})
}

output "github_variables" {
  description = "Variables of the environment's GitHub Environments, a line each."
  value = join("\n", concat(
    ["AWS_REGION=${var.aws_region}"],
    [for kind, arn in try(module.ci_access[0].role_arns, {}) : "AWS_${upper(kind)}_ROLE=${arn}"],
    [""],
  ))
}

output "definition_values" {
  description = "What the definitions were filled in with, for `deno task pipeline synth --values` and `diff`."
  value = merge([
    for type, variables in local.variables : merge(
      { for name, variable in variables : name => local.rendered[type][name] if variable.type == "string" },
      { for name, variable in variables : name => jsondecode(local.rendered[type][name]) if variable.type != "string" },
    )
  ]...)
}
