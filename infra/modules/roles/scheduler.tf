# What a schedule may do: start this environment's two pipelines, and keep what it could not start.

data "aws_iam_policy_document" "scheduler" {
  # These two and no other.
  statement {
    sid       = "StartPipelines"
    actions   = ["sagemaker:StartPipelineExecution"]
    resources = [for type in ["training", "inference"] : "${local.sagemaker}:pipeline/${var.name}-${type}"]
  }

  # What could not be started is kept for a person.
  statement {
    sid     = "KeepWhatFailed"
    actions = ["sqs:SendMessage"]
    resources = [
      for type in ["training", "inference"] :
      "arn:${local.partition}:sqs:${local.region}:${var.account_id}:${var.name}-${type}-not-started"
    ]
  }

  # In encrypted queues, from an encrypted schedule.
  statement {
    sid       = "UseEventsKey"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.events_key_arn]
  }
}

data "aws_iam_policy_document" "scheduler_trust" {
  # Schedules of this environment's group.
  statement {
    sid     = "OwnSchedules"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = ["arn:${local.partition}:scheduler:${local.region}:${var.account_id}:schedule-group/${var.name}"]
    }
  }
}
