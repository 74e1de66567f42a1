# One page: do the pipelines run, how good is the model, what reaches Kafka, what is in alarm.

locals {
  alarm_arns = concat(
    [for alarm in aws_cloudwatch_metric_alarm.failed : alarm.arn],
    [for alarm in aws_cloudwatch_metric_alarm.missing : alarm.arn],
    [for alarm in aws_cloudwatch_metric_alarm.not_started : alarm.arn],
    [for alarm in aws_cloudwatch_metric_alarm.job : alarm.arn],
    [for alarm in aws_cloudwatch_metric_alarm.lag : alarm.arn],
  )

  # Everything that the jobs report (a test compares this with them), chart by chart.
  job_charts = [
    { title = "Quality of trained models", job = "training", statistic = "Minimum", metrics = ["accuracy", "precision", "recall", "f1", "roc_auc", "average_precision", "r2"] },
    { title = "Errors of trained models", job = "training", statistic = "Maximum", metrics = ["log_loss", "calibration_error", "rmse", "mae"] },
    { title = "Rows to train on", job = "training", statistic = "Maximum", metrics = ["train_rows"] },
    { title = "Seconds of growing the forest", job = "training", statistic = "Maximum", metrics = ["train_seconds"] },
    { title = "Memory of training", job = "training", statistic = "Maximum", metrics = ["memory_bytes"] },
    { title = "Drift of the day's data", job = "inference", statistic = "Maximum", metrics = ["drifted_columns", "violations"] },
    { title = "Age of the model that scores", job = "inference", statistic = "Maximum", metrics = ["model_age_seconds"] },
    { title = "Rows", job = "inference", statistic = "Sum", metrics = ["rows_checked", "rows_in", "rows_scored", "rows_rejected"] },
    { title = "Messages", job = "inference", statistic = "Sum", metrics = ["messages_published", "dead_letters", "errors", "retries"] },
    { title = "Bytes published", job = "inference", statistic = "Sum", metrics = ["bytes_published"] },
    { title = "Time until a transaction is durable", job = "inference", statistic = "Maximum", metrics = ["publish_ms_p50", "publish_ms_p95", "publish_ms_max"] },
    { title = "Rows a second of a machine", job = "inference", statistic = "Minimum", metrics = ["rows_per_second"] },
    { title = "Seconds of scoring", job = "inference", statistic = "Maximum", metrics = ["seconds"] },
    { title = "Memory of scoring", job = "inference", statistic = "Maximum", metrics = ["memory_bytes"] },
  ]

  charts = concat([
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
    ], [
    for chart in local.job_charts : {
      title = chart.title
      metrics = [
        for metric in chart.metrics :
        { namespace = local.jobs_namespace, metric = metric, dimensions = ["job", chart.job, "model", var.model_name], statistic = chart.statistic }
      ]
    }
    ], [
    {
      title = "Lag of consumers"
      metrics = [
        for group in var.consumer_groups :
        { namespace = "AWS/Kafka", metric = "SumOffsetLag", dimensions = ["Cluster Name", var.kafka_cluster_name, "Consumer Group", group, "Topic", var.kafka_topic], statistic = "Maximum" }
      ]
    },
  ])
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
