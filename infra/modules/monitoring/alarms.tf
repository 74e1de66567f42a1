# Names of metrics are those of the jobs (namespace MLPlatform, dimensions job and model) and of AWS.

locals {
  pipelines_namespace = "AWS/Sagemaker/ModelBuildingPipeline"
  jobs_namespace      = "MLPlatform"
  day                 = 86400

  # What the jobs report; a day without a run is the business of the alarm on missing runs.
  job_alarms = {
    accuracy-fell = {
      job         = "training"
      metric      = "accuracy"
      statistic   = "Minimum"
      comparison  = "LessThanThreshold"
      threshold   = var.minimum_accuracy
      description = "A trained model is less accurate than ${var.minimum_accuracy}. It was not promoted; look at its run in MLflow and at the data."
    }
    drift = {
      job         = "inference"
      metric      = "drifted_columns"
      statistic   = "Maximum"
      comparison  = "GreaterThanThreshold"
      threshold   = var.maximum_drifted_columns
      description = "Columns have drifted from what the model was trained on. Look at drift.json of the run's check; train again if the change is real."
    }
    model-too-old = {
      job         = "inference"
      metric      = "model_age_seconds"
      statistic   = "Maximum"
      comparison  = "GreaterThanThreshold"
      threshold   = var.maximum_model_age_days * local.day
      description = "The model that scores is older than ${var.maximum_model_age_days} days. Do trainings fail, or does none pass the gate? `deno task pipeline list training` says which."
    }
    dead-letters = {
      job         = "inference"
      metric      = "dead_letters"
      statistic   = "Sum"
      comparison  = "GreaterThanThreshold"
      threshold   = var.maximum_dead_letters
      description = "Rows could not be scored. They are in ${var.kafka_topic}.dead-letter with the reason."
    }
    publish-errors = {
      job         = "inference"
      metric      = "errors"
      statistic   = "Sum"
      comparison  = "GreaterThanThreshold"
      threshold   = 0
      description = "The brokers refused messages. Nothing is lost or doubled; look at `deno task inference check-kafka`."
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "failed" {
  for_each            = var.pipelines
  alarm_name          = "${each.value.name}-failed"
  alarm_description   = "An execution failed. `deno task pipeline status` names the step and the reason; `resume` goes on from it."
  namespace           = local.pipelines_namespace
  metric_name         = "ExecutionFailed"
  dimensions          = { PipelineName = each.value.name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

# An hour's metric, as often as the schedule asks for: CloudWatch looks back a week at most.
resource "aws_cloudwatch_metric_alarm" "missing" {
  for_each            = { for type, pipeline in var.pipelines : type => pipeline if pipeline.every_hours > 0 }
  alarm_name          = "${each.value.name}-missing"
  alarm_description   = "No execution succeeded in ${each.value.every_hours} hours. Is the schedule on, is there something in the queue ${each.value.queue_name}, does an execution hang?"
  namespace           = local.pipelines_namespace
  metric_name         = "ExecutionSucceeded"
  dimensions          = { PipelineName = each.value.name }
  statistic           = "Sum"
  period              = 3600
  evaluation_periods  = each.value.every_hours
  datapoints_to_alarm = each.value.every_hours
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "not_started" {
  for_each            = var.pipelines
  alarm_name          = "${each.value.name}-not-started"
  alarm_description   = "The schedule could not start the pipeline. The message in ${each.value.queue_name} says why."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = each.value.queue_name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "job" {
  for_each            = local.job_alarms
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = local.jobs_namespace
  metric_name         = each.value.metric
  dimensions          = { job = each.value.job, model = var.model_name }
  statistic           = each.value.statistic
  period              = local.day
  evaluation_periods  = 1
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "lag" {
  for_each            = var.consumer_groups
  alarm_name          = "${var.name}-lag-${each.key}"
  alarm_description   = "${each.key} is more than ${var.maximum_consumer_lag} messages behind on ${var.kafka_topic}."
  namespace           = "AWS/Kafka"
  metric_name         = "SumOffsetLag"
  dimensions          = { "Cluster Name" = var.kafka_cluster_name, "Consumer Group" = each.key, Topic = var.kafka_topic }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.maximum_consumer_lag
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}
