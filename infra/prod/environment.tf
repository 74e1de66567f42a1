locals {
  environment = "prod"
}

# What must not be lost: a plan that would destroy or replace a bucket or a key fails here. Whoever means
# it takes this block away first (docs/deploy.md, Teardown).
resource "terraform_data" "keep" {
  triggers_replace = concat(module.storage.bucket_names, [module.storage.data_key_arn, module.storage.events_key_arn])

  lifecycle {
    prevent_destroy = true

    precondition {
      condition     = strcontains(var.training_image_uri, "@sha256:") && strcontains(var.inference_image_uri, "@sha256:")
      error_message = "prod takes images by digest, REPOSITORY@sha256:DIGEST: a tag does not say what runs. `deno task build-push --environment prod` writes them."
    }

    precondition {
      condition     = contains(["SSL", "SASL_SSL"], var.kafka_security_protocol)
      error_message = "prod speaks to Kafka over TLS: kafka_security_protocol must be SSL or SASL_SSL."
    }

    precondition {
      condition     = var.network_egress == "existing" || var.availability_zone_count >= 2
      error_message = "prod outlives a zone: availability_zone_count must be 2 or 3."
    }

    precondition {
      condition     = var.log_retention_days >= 365
      error_message = "prod keeps its logs a year: log_retention_days must be 365 or more."
    }

    precondition {
      condition     = length(var.alarm_emails) > 0 && var.monthly_budget_usd > 0
      error_message = "prod tells somebody: alarm_emails must have an address, and monthly_budget_usd be above 0."
    }

    precondition {
      condition     = !anytrue([for name in [var.kafka_output_topic, var.training_hyperparameters.model_name, var.training_hyperparameters.experiment_name] : strcontains(name, "staging")])
      error_message = "prod has topic, model and experiment of its own: kafka_output_topic, model_name and experiment_name must not have \"staging\" in them."
    }
  }
}
