# run starts the pipelines and looks at what comes of it. It changes neither roles nor definitions.

data "aws_iam_policy_document" "run" {
  source_policy_documents = var.run_policies

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
    actions   = ["sagemaker:DescribeHyperParameterTuningJob", "sagemaker:DescribeProcessingJob", "sagemaker:DescribeTrainingJob"]
    resources = [for kind in ["hyper-parameter-tuning-job", "processing-job", "training-job"] : "${local.sagemaker}:${kind}/*"]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/environment"
      values   = [var.environment]
    }
  }

  # The last lines of a step that failed, which stand in the account's groups,
  statement {
    sid     = "ReadJobLogs"
    actions = ["logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"]
    resources = flatten([
      for kind in ["TrainingJobs", "ProcessingJobs"] :
      ["arn:${local.partition}:logs:${local.here}:log-group:/aws/sagemaker/${kind}", "arn:${local.partition}:logs:${local.here}:log-group:/aws/sagemaker/${kind}:*"]
    ])
  }

  # and what happened to the executions.
  statement {
    sid       = "ReadEvents"
    actions   = ["logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"]
    resources = [for streams in ["", ":*"] : "arn:${local.partition}:logs:${local.here}:log-group:/aws/events/rule/${var.name}-*${streams}"]
  }

  # Whether something is wrong.
  statement {
    sid       = "DescribeAlarms"
    actions   = ["cloudwatch:DescribeAlarms"]
    resources = ["arn:${local.partition}:cloudwatch:${local.here}:alarm:${var.name}-*"]
  }

  # Images, schedules and rules are looked at, to tell what is not as it should be.
  statement {
    sid       = "LookAtImages"
    actions   = ["ecr:DescribeImageScanFindings", "ecr:DescribeImages", "ecr:DescribeRepositories"]
    resources = var.repository_arns
  }

  statement {
    # By the environment's name.
    sid     = "LookAround"
    actions = ["events:DescribeRule", "scheduler:GetSchedule"]
    resources = [
      "arn:${local.partition}:events:${local.here}:rule/${var.name}-*",
      "arn:${local.partition}:scheduler:${local.here}:schedule/${var.name}/*",
    ]
  }

  # Test data goes in, apart from what the schedules train on,
  statement {
    sid       = "PutTestData"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${var.data_bucket_arn}/verification/*"]
  }

  # labels that have arrived are what the champion is measured on again,
  statement {
    sid       = "ReadLabels"
    actions   = ["s3:GetObject", "s3:GetObjectVersion"]
    resources = ["${var.data_bucket_arn}/datasets/labelled/*"]
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
