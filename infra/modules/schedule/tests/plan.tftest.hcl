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
  pipeline_name   = "ml-platform-staging-training"
  group_name      = "ml-platform-staging"
  expression      = "cron(0 2 * * ? *)"
  role_arn        = "arn:aws:iam::123456789012:role/scheduler"
  kms_key_arn     = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  slot_parameters = ["RunId", "ScheduledTime"]
}

override_resource {
  target          = aws_sqs_queue.not_started
  override_during = plan
  values = {
    arn = "arn:aws:sqs:us-east-1:123456789012:not-started"
    id  = "https://sqs/not-started"
  }
}

run "a_slot_starts_once_and_reaches_the_job" {
  command = plan

  assert {
    condition     = aws_scheduler_schedule.this.target[0].arn == "arn:aws:scheduler:::aws-sdk:sagemaker:startPipelineExecution"
    error_message = "Only the universal target takes a token."
  }

  assert {
    condition     = jsondecode(aws_scheduler_schedule.this.target[0].input).ClientRequestToken == "ml-platform-staging-training-<aws.scheduler.scheduled-time>"
    error_message = "The token is not the slot's."
  }

  assert {
    condition     = strcontains(aws_scheduler_schedule.this.target[0].input, "<aws.scheduler.scheduled-time>")
    error_message = "EventBridge would not recognise the word for the slot."
  }

  assert {
    condition     = length(replace(jsondecode(aws_scheduler_schedule.this.target[0].input).ClientRequestToken, "<aws.scheduler.scheduled-time>", "2026-11-23T02:00:00Z")) >= 32
    error_message = "The token is shorter than SageMaker takes."
  }

  assert {
    condition     = [for one in jsondecode(aws_scheduler_schedule.this.target[0].input).PipelineParameters : one.Name] == ["RunId", "ScheduledTime"]
    error_message = "The slot does not reach the job."
  }
}

run "a_start_is_tried_few_times_and_then_kept" {
  command = plan

  assert {
    condition     = aws_scheduler_schedule.this.target[0].retry_policy[0].maximum_retry_attempts == 3 && aws_scheduler_schedule.this.target[0].retry_policy[0].maximum_event_age_in_seconds == 3600
    error_message = "It is tried for too long."
  }

  assert {
    condition     = aws_scheduler_schedule.this.target[0].dead_letter_config[0].arn == aws_sqs_queue.not_started.arn && aws_sqs_queue.not_started.kms_master_key_id == var.kms_key_arn
    error_message = "What failed is not kept, or not encrypted."
  }

  assert {
    condition     = aws_scheduler_schedule.this.flexible_time_window[0].mode == "OFF" && aws_scheduler_schedule.this.state == "ENABLED" && aws_scheduler_schedule.this.schedule_expression == "cron(0 2 * * ? *)"
    error_message = "It starts at another time, or not at all."
  }
}

run "it_can_be_off_and_elsewhere" {
  command = plan

  variables {
    enabled    = false
    time_zone  = "Europe/Berlin"
    expression = "rate(12 hours)"
    parameters = { NEstimators = "500" }
  }

  assert {
    condition     = aws_scheduler_schedule.this.state == "DISABLED" && aws_scheduler_schedule.this.schedule_expression_timezone == "Europe/Berlin"
    error_message = "It is on, or in another time zone."
  }

  assert {
    condition     = contains([for one in jsondecode(aws_scheduler_schedule.this.target[0].input).PipelineParameters : "${one.Name}=${one.Value}"], "NEstimators=500")
    error_message = "A parameter does not reach the pipeline."
  }
}
