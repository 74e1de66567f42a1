# The same file in every environment: fills in what `deno task pipeline synth` wrote for all of them.

locals {
  templates = {
    training  = var.training_search ? "training-search" : "training"
    inference = "inference"
  }

  variables = {
    for type, template in local.templates :
    type => jsondecode(file("${path.module}/../definitions/variables.json"))[template]
  }

  # Hyperparameters by their names; SageMaker refuses empty values, and jobs read a blank as not set.
  definition_defaults = merge([
    for variables in values(local.variables) : { for name, variable in variables : name => variable.default if can(variable.default) }
  ]...)

  definition_values = merge(
    local.definition_defaults,
    var.training_hyperparameters,
    {
      environment               = local.environment
      approval                  = var.training_approval
      artifact_bucket           = module.storage.artifact_bucket
      drop_columns              = length(var.training_drop_columns) == 0 ? " " : join(",", var.training_drop_columns)
      inference_batch_size      = var.inference_batch_size
      inference_data_uri        = "s3://${module.storage.data_bucket}/datasets/inference/"
      inference_image_uri       = var.inference_image_uri
      inference_instance_count  = var.inference_instance_count
      inference_instance_type   = var.inference_instance_type
      inference_key_column      = var.inference_key_column
      inference_role_arn        = module.roles.role_arns.inference
      kafka_bootstrap_servers   = var.kafka_bootstrap_servers
      kafka_output_topic        = var.kafka_output_topic
      kafka_sasl_mechanism      = var.kafka_sasl_mechanism
      kafka_secret_arn          = var.kafka_secret_arn == null ? " " : var.kafka_secret_arn
      kafka_security_protocol   = var.kafka_security_protocol
      kms_key_arn               = module.storage.data_key_arn
      min_roc_auc               = var.training_minimum_roc_auc
      mlflow_tracking_uri       = local.mlflow_uri
      otlp_endpoint             = var.otlp_endpoint == null ? " " : var.otlp_endpoint
      registration_role_arn     = module.roles.role_arns.registration
      security_group_ids        = [module.network.security_group_id]
      subnet_ids                = module.network.subnet_ids
      time_column               = var.training_time_column == null ? " " : var.training_time_column
      training_data_uri         = "s3://${module.storage.data_bucket}/datasets/training/"
      training_image_uri        = var.training_image_uri
      training_instance_count   = var.training_instance_count
      training_instance_type    = var.training_instance_type
      training_label            = var.training_label
      training_minimum_accuracy = var.training_minimum_accuracy
      training_role_arn         = module.roles.role_arns.training
      training_use_spot         = var.training_use_spot

      # Waiting for a spot instance is bounded too, and may be given with spot only.
      training_stopping_condition = merge(
        { MaxRuntimeInSeconds = 14400 },
        var.training_use_spot ? { MaxWaitTimeInSeconds = 28800 } : {},
      )
    },
  )

  # Text stands between quotes in a definition, everything else there is JSON.
  rendered = {
    for type, variables in local.variables : type => {
      for name, variable in variables : name => (
        variable.type == "string" ? tostring(local.definition_values[name])
        : variable.type == "number" ? jsonencode(tonumber(local.definition_values[name]))
        : jsonencode(local.definition_values[name])
      )
    }
  }

  definitions = {
    for type, values in local.rendered :
    type => templatefile("${path.module}/../definitions/${local.templates[type]}.json", values)
  }
}
