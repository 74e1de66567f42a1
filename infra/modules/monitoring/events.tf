# Every change of state is kept in a log group by its rule's name; failures are told at once, with the
# reason.

locals {
  events = {
    execution-status = {
      detail_type = "SageMaker Model Building Pipeline Execution Status Change"
      failed      = { currentPipelineExecutionStatus = ["Failed", "Stopped"] }
      paths       = { status = "$.detail.currentPipelineExecutionStatus" }
      message     = "\"<pipeline>: the execution ended as <status>. Execution: <execution>\""
    }
    step-status = {
      detail_type = "SageMaker Model Building Pipeline Execution Step Status Change"
      failed      = { currentStepStatus = ["Failed"] }
      paths       = { status = "$.detail.currentStepStatus", step = "$.detail.stepName", reason = "$.detail.failureReason" }
      message     = "\"<pipeline>: step <step> ended as <status>. Reason: <reason> Execution: <execution>\""
    }
  }
}

resource "aws_cloudwatch_event_rule" "all" {
  for_each    = local.events
  name        = "${var.name}-${each.key}"
  description = "Every change, into the log group of the rule's name"

  event_pattern = jsonencode({
    source      = ["aws.sagemaker"]
    detail-type = [each.value.detail_type]
    detail      = { pipelineArn = local.pipeline_arns }
  })
}

resource "aws_cloudwatch_event_target" "log" {
  for_each  = local.events
  rule      = aws_cloudwatch_event_rule.all[each.key].name
  target_id = "log"
  arn       = aws_cloudwatch_log_group.events[each.key].arn
}

resource "aws_cloudwatch_event_rule" "failed" {
  for_each    = local.events
  name        = "${var.name}-${each.key}-failed"
  description = "Failures, to whom it concerns"

  event_pattern = jsonencode({
    source      = ["aws.sagemaker"]
    detail-type = [each.value.detail_type]
    detail      = merge({ pipelineArn = local.pipeline_arns }, each.value.failed)
  })
}

resource "aws_cloudwatch_event_target" "tell" {
  for_each  = local.events
  rule      = aws_cloudwatch_event_rule.failed[each.key].name
  target_id = "tell"
  arn       = aws_sns_topic.alarms.arn

  input_transformer {
    input_template = each.value.message
    input_paths = merge(each.value.paths, {
      pipeline  = "$.detail.pipelineArn"
      execution = "$.detail.pipelineExecutionArn"
    })
  }
}

resource "aws_cloudwatch_log_group" "events" {
  #checkov:skip=CKV_AWS_338:How long events are kept is the environment's choice; prod keeps them a year.
  for_each          = local.events
  name              = "/aws/events/rule/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_cloudwatch_log_resource_policy" "events" {
  policy_name     = "${var.name}-events"
  policy_document = data.aws_iam_policy_document.events.json
}

data "aws_iam_policy_document" "events" {
  # EventBridge writes, into these groups only.
  statement {
    sid       = "EventBridgeWrites"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = [for group in aws_cloudwatch_log_group.events : "${group.arn}:*"]

    principals {
      type        = "Service"
      identifiers = ["delivery.logs.amazonaws.com", "events.amazonaws.com"]
    }
  }
}
