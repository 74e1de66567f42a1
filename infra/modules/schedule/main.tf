data "aws_partition" "current" {}

# The universal target and not that of pipelines, since only it takes a ClientRequestToken: one slot
# starts once, whoever asks for it (the schedule, a workflow of GitHub, a person). EventBridge puts the
# slot, such as 2026-11-23T02:00:00Z, where the words <aws.scheduler.scheduled-time> are.
resource "aws_scheduler_schedule" "this" {
  name                         = var.pipeline_name
  description                  = "Starts ${var.pipeline_name}"
  group_name                   = var.group_name
  schedule_expression          = var.expression
  schedule_expression_timezone = var.time_zone
  state                        = var.enabled ? "ENABLED" : "DISABLED"
  kms_key_arn                  = var.kms_key_arn

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = "arn:${data.aws_partition.current.partition}:scheduler:::aws-sdk:sagemaker:startPipelineExecution"
    role_arn = var.role_arn

    # jsonencode() writes < and > as escapes, which EventBridge would not recognise.
    input = replace(replace(jsonencode({
      PipelineName       = var.pipeline_name
      ClientRequestToken = "${var.pipeline_name}-<aws.scheduler.scheduled-time>"
      PipelineParameters = concat(
        [for name in var.slot_parameters : { Name = name, Value = "<aws.scheduler.scheduled-time>" }],
        [for name, value in var.parameters : { Name = name, Value = value }],
      )
    }), "\\u003c", "<"), "\\u003e", ">")

    retry_policy {
      maximum_retry_attempts       = var.retry_attempts
      maximum_event_age_in_seconds = 3600
    }

    dead_letter_config {
      arn = aws_sqs_queue.not_started.arn
    }
  }
}

# What could not be started, for a person to look at; monitoring has an alarm on it.
resource "aws_sqs_queue" "not_started" {
  name                              = "${var.pipeline_name}-not-started"
  kms_master_key_id                 = var.kms_key_arn
  kms_data_key_reuse_period_seconds = 3600
  message_retention_seconds         = 1209600
}

resource "aws_sqs_queue_policy" "not_started" {
  queue_url = aws_sqs_queue.not_started.id
  policy    = data.aws_iam_policy_document.not_started.json
}

data "aws_iam_policy_document" "not_started" {
  # Nothing in clear text on the wire.
  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.not_started.arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}
