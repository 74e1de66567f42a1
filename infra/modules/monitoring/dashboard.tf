# One page: do the pipelines run, how good is the model, what reaches Kafka, what is in alarm.

locals {
  alarm_arns = concat(
    [for alarm in aws_cloudwatch_metric_alarm.failed : alarm.arn],
    [for alarm in aws_cloudwatch_metric_alarm.missing : alarm.arn],
    [for alarm in aws_cloudwatch_metric_alarm.not_started : alarm.arn],
    [for alarm in aws_cloudwatch_metric_alarm.job : alarm.arn],
    [for alarm in aws_cloudwatch_metric_alarm.lag : alarm.arn],
  )

  charts = [
    {
      title = "Executions"
      metrics = flatten([
        for pipeline in var.pipelines : [
          for metric in ["ExecutionSucceeded", "ExecutionFailed"] :
          { namespace = local.pipelines_namespace, metric = metric, dimensions = ["PipelineName", pipeline.name], statistic = "Sum" }
        ]
      ])
    },
    {
      title = "Time of an execution"
      metrics = [
        for pipeline in var.pipelines :
        { namespace = local.pipelines_namespace, metric = "ExecutionDuration", dimensions = ["PipelineName", pipeline.name], statistic = "Maximum" }
      ]
    },
    {
      title = "Quality of trained models"
      metrics = [
        for metric in ["accuracy", "roc_auc"] :
        { namespace = local.jobs_namespace, metric = metric, dimensions = ["job", "training", "model", var.model_name], statistic = "Minimum" }
      ]
    },
    {
      title = "Drift of the day's data"
      metrics = [
        { namespace = local.jobs_namespace, metric = "drifted_columns", dimensions = ["job", "inference", "model", var.model_name], statistic = "Maximum" },
      ]
    },
    {
      title = "Messages"
      metrics = [
        for metric in ["rows_scored", "messages_published", "dead_letters", "errors", "retries"] :
        { namespace = local.jobs_namespace, metric = metric, dimensions = ["job", "inference", "model", var.model_name], statistic = "Sum" }
      ]
    },
    {
      title = "Lag of consumers"
      metrics = [
        for group in var.consumer_groups :
        { namespace = "AWS/Kafka", metric = "SumOffsetLag", dimensions = ["Cluster Name", var.kafka_cluster_name, "Consumer Group", group, "Topic", var.kafka_topic], statistic = "Maximum" }
      ]
    },
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name

  dashboard_body = jsonencode({
    widgets = concat(
      [{
        type       = "alarm"
        x          = 0
        y          = 0
        width      = 24
        height     = 3
        properties = { title = "Alarms", alarms = local.alarm_arns }
      }],
      [
        for index, chart in [for chart in local.charts : chart if length(chart.metrics) > 0] : {
          type   = "metric"
          x      = index % 2 * 12
          y      = 3 + floor(index / 2) * 6
          width  = 12
          height = 6
          properties = {
            title  = chart.title
            region = local.region
            period = 3600
            metrics = [
              for metric in chart.metrics :
              concat([metric.namespace, metric.metric], metric.dimensions, [{ stat = metric.statistic }])
            ]
          }
        }
      ],
    )
  })
}
