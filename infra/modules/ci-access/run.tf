# run starts the pipelines and looks at what comes of it. It changes neither roles nor definitions.

data "aws_iam_policy_document" "run" {
  # This environment's pipelines,
  statement {
    sid = "StartPipelines"
    actions = [
      "sagemaker:DescribePipeline",
      "sagemaker:ListPipelineExecutions",
      "sagemaker:StartPipelineExecution",
    ]
    resources = [for name in var.pipeline_names : "${local.sagemaker}:pipeline/${name}"]
  }

  # and their executions.
  statement {
    sid = "FollowExecutions"
    actions = [
      "sagemaker:DescribePipelineDefinitionForExecution",
      "sagemaker:DescribePipelineExecution",
      "sagemaker:ListPipelineExecutionSteps",
      "sagemaker:ListPipelineParametersForExecution",
      "sagemaker:RetryPipelineExecution",
      "sagemaker:StopPipelineExecution",
      "sagemaker:UpdatePipelineExecution",
    ]
    resources = [for name in var.pipeline_names : "${local.sagemaker}:pipeline/${name}/execution/*"]
  }

  # What a job says about its end; by the environment's tag, since its name does not tell.
  statement {
    sid       = "DescribeJobs"
    actions   = ["sagemaker:DescribeProcessingJob", "sagemaker:DescribeTrainingJob"]
    resources = [for kind in ["processing-job", "training-job"] : "${local.sagemaker}:${kind}/pipelines-*"]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/environment"
      values   = [var.environment]
    }
  }

  # The last lines of a step that failed.
  statement {
    sid     = "ReadLogs"
    actions = ["logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"]
    resources = [
      for group in ["/aws/sagemaker/TrainingJobs", "/aws/sagemaker/ProcessingJobs", "/aws/events/rule/${var.name}-*"] :
      "arn:${local.partition}:logs:${local.here}:log-group:${group}:*"
    ]
  }

  # Whether something is wrong, and what the schedules are; descriptions of alarms take no resource.
  statement {
    sid       = "DescribeAlarms"
    actions   = ["cloudwatch:DescribeAlarms"]
    resources = ["*"]
  }

  statement {
    # Schedules, rules and images are looked at, to tell what is not as it should be.
    sid = "LookAround"
    actions = [
      "ecr:DescribeImages",
      "ecr:DescribeRepositories",
      "events:DescribeRule",
      "scheduler:GetSchedule",
    ]
    resources = concat(
      var.repository_arns,
      [
        "arn:${local.partition}:events:${local.here}:rule/${var.name}-*",
        "arn:${local.partition}:scheduler:${local.here}:schedule/${var.name}/*",
      ],
    )
  }

  # Test data goes in,
  statement {
    sid     = "PutTestData"
    actions = ["s3:GetObject", "s3:PutObject"]
    resources = [
      for type in ["training", "inference"] : "${var.data_bucket_arn}/datasets/${type}/test/*"
    ]
  }

  # reports and summaries of runs come out.
  statement {
    sid       = "ReadReports"
    actions   = ["s3:GetObject"]
    resources = [for folder in ["check", "evaluation", "runs"] : "${var.artifact_bucket_arn}/${folder}/*"]
  }

  statement {
    # Buckets are listed, by those folders.
    sid       = "ListBuckets"
    actions   = ["s3:ListBucket"]
    resources = [var.data_bucket_arn, var.artifact_bucket_arn]
  }

  statement {
    # All of it is encrypted.
    sid       = "UseDataKey"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.data_key_arn]
  }
}
