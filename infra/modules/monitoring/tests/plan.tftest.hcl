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
  name             = "ml-platform-staging"
  environment      = "staging"
  account_id       = "123456789012"
  model_name       = "staging-classifier"
  minimum_accuracy = 0.7
  kafka_topic      = "ml-predictions-staging"
  kms_key_arn      = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  pipelines = {
    training  = { name = "ml-platform-staging-training", queue_name = "training-not-started", every_hours = 26 }
    inference = { name = "ml-platform-staging-inference", queue_name = "inference-not-started", every_hours = 26 }
  }
}

override_resource {
  target          = aws_sns_topic.alarms
  override_during = plan
  values = {
    arn = "arn:aws:sns:us-east-1:123456789012:alarms"
  }
}

override_resource {
  target          = aws_cloudwatch_log_group.events
  override_during = plan
  values = {
    arn = "arn:aws:logs:us-east-1:123456789012:log-group:events"
  }
}

run "changes_are_kept_where_the_debug_commands_look" {
  command = plan

  assert {
    condition     = keys(aws_cloudwatch_event_rule.all) == ["execution-status", "step-status"] && aws_cloudwatch_event_rule.all["step-status"].name == "ml-platform-staging-step-status"
    error_message = "A rule has another name."
  }

  assert {
    condition     = [for one in values(aws_cloudwatch_log_group.events) : one.name] == ["/aws/events/rule/ml-platform-staging-execution-status", "/aws/events/rule/ml-platform-staging-step-status"]
    error_message = "A log group has another name than its rule."
  }

  assert {
    condition     = alltrue([for one in values(aws_cloudwatch_event_rule.all) : jsondecode(one.event_pattern).detail.pipelineArn == ["arn:aws:sagemaker:us-east-1:123456789012:pipeline/ml-platform-staging-inference", "arn:aws:sagemaker:us-east-1:123456789012:pipeline/ml-platform-staging-training"]])
    error_message = "Somebody else's pipelines are kept too."
  }

  assert {
    condition     = alltrue([for one in values(aws_cloudwatch_log_group.events) : one.kms_key_id == var.kms_key_arn && one.retention_in_days == 30])
    error_message = "Events are not encrypted, or kept forever."
  }
}

run "failures_are_told_with_their_reason" {
  command = plan

  assert {
    condition     = aws_cloudwatch_event_target.tell["step-status"].input_transformer[0].input_paths.reason == "$.detail.failureReason"
    error_message = "Nobody is told why."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.failed["execution-status"].event_pattern).detail.currentPipelineExecutionStatus == ["Failed", "Stopped"]
    error_message = "Something else is told."
  }
}

run "every_alarm_tells_and_has_a_remedy" {
  command = plan

  assert {
    condition     = alltrue([for one in concat(values(aws_cloudwatch_metric_alarm.failed), values(aws_cloudwatch_metric_alarm.missing), values(aws_cloudwatch_metric_alarm.not_started), values(aws_cloudwatch_metric_alarm.job)) : one.alarm_actions == toset([aws_sns_topic.alarms.arn]) && length(one.alarm_description) > 40])
    error_message = "An alarm tells nobody, or not what to do."
  }

  assert {
    condition     = length(output.alarm_names) == 11
    error_message = "An alarm is missing."
  }

  assert {
    condition     = alltrue([for one in values(aws_cloudwatch_metric_alarm.missing) : one.treat_missing_data == "breaching" && one.period * one.evaluation_periods == 26 * 3600])
    error_message = "A missing run would not be noticed."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.job["accuracy-fell"].threshold == 0.7 && aws_cloudwatch_metric_alarm.job["accuracy-fell"].dimensions.model == "staging-classifier"
    error_message = "Another model is watched."
  }
}

run "a_model_that_nobody_replaces_is_noticed" {
  command = plan

  variables {
    maximum_model_age_days = 14
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.job["model-too-old"].metric_name == "model_age_seconds" && aws_cloudwatch_metric_alarm.job["model-too-old"].threshold == 14 * 24 * 3600
    error_message = "The model may be older, or younger."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.job["model-too-old"].dimensions == tomap({ job = "inference", model = "staging-classifier" }) && aws_cloudwatch_metric_alarm.job["model-too-old"].treat_missing_data == "notBreaching"
    error_message = "Another model is watched, or a day without a run is an old model."
  }
}

run "lag_is_watched_where_msk_measures_it" {
  command = plan

  variables {
    consumer_groups    = ["billing"]
    kafka_cluster_name = "predictions"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.lag["billing"].dimensions["Consumer Group"] == "billing" && aws_cloudwatch_metric_alarm.lag["billing"].namespace == "AWS/Kafka"
    error_message = "Lag is not watched."
  }
}

run "nothing_is_asked_of_a_schedule_that_is_off" {
  command = plan

  variables {
    pipelines = {
      training  = { name = "ml-platform-staging-training", queue_name = "training-not-started", every_hours = 0 }
      inference = { name = "ml-platform-staging-inference", queue_name = "inference-not-started", every_hours = 0 }
    }
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.missing) == 0
    error_message = "A run is missed that nobody asked for."
  }
}

run "a_budget_counts_this_environment_only" {
  command = plan

  variables {
    monthly_budget_usd = 300
    alarm_emails       = ["team@example.com"]
  }

  assert {
    condition     = alltrue([for filter in aws_budgets_budget.this[0].cost_filter : contains(filter.values, "user:environment$staging")])
    error_message = "Costs of another environment are counted."
  }

  assert {
    condition     = aws_budgets_budget.this[0].limit_amount == "300"
    error_message = "The limit is another."
  }
}
