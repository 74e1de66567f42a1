# What SageMaker may do to run the pipelines: start and stop jobs of this environment, hand them their
# roles, read the reports that conditions look at.

locals {
  # SageMaker names a pipeline's jobs pipelines-EXECUTION-STEP-…; the tag says whose they are.
  jobs = [for kind in ["processing-job", "training-job"] : "${local.sagemaker}:${kind}/pipelines-*"]

  # A search has 32 characters for its name, so that it is EXECUTION-STEP-… alone, and its trainings have
  # that before theirs. What it is allowed is bounded by the tag, which it hands on to its trainings.
  searches         = "${local.sagemaker}:hyper-parameter-tuning-job/*"
  search_trainings = "${local.sagemaker}:training-job/*"
}

data "aws_iam_policy_document" "pipeline" {
  # Jobs in our subnets only, with the environment's tag.
  statement {
    sid = "StartJobs"
    actions = [
      "sagemaker:CreateHyperParameterTuningJob",
      "sagemaker:CreateProcessingJob",
      "sagemaker:CreateTrainingJob",
    ]
    resources = concat(local.jobs, [local.searches])

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/environment"
      values   = [var.environment]
    }

    condition {
      test     = "ForAllValues:StringEquals"
      variable = "sagemaker:VpcSubnets"
      values   = var.subnet_ids
    }

    # For all of none would be true.
    condition {
      test     = "Null"
      variable = "sagemaker:VpcSubnets"
      values   = ["false"]
    }
  }

  # Tags come with the job, and none says that it is another environment's.
  statement {
    sid       = "TagJobs"
    actions   = ["sagemaker:AddTags"]
    resources = concat(local.jobs, [local.searches])

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/environment"
      values   = [var.environment]
    }
  }

  # Its own jobs are followed and stopped, not the other environment's.
  statement {
    sid = "FollowJobs"
    actions = [
      "sagemaker:DescribeHyperParameterTuningJob",
      "sagemaker:DescribeProcessingJob",
      "sagemaker:DescribeTrainingJob",
      "sagemaker:ListTags",
      "sagemaker:ListTrainingJobsForHyperParameterTuningJob",
      "sagemaker:StopHyperParameterTuningJob",
      "sagemaker:StopProcessingJob",
      "sagemaker:StopTrainingJob",
    ]
    resources = concat(local.jobs, [local.searches, local.search_trainings])

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/environment"
      values   = [var.environment]
    }
  }

  # Jobs get their own roles, and SageMaker alone may take them.
  statement {
    sid     = "HandOverRoles"
    actions = ["iam:PassRole"]
    resources = [
      for kind in ["training", "registration", "inference"] :
      "arn:${local.partition}:iam::${var.account_id}:role/${var.name}-${kind}"
    ]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["sagemaker.amazonaws.com"]
    }
  }

  # Conditions look into evaluation.json and check.json.
  statement {
    sid       = "ReadReports"
    actions   = ["s3:GetObject"]
    resources = ["${var.artifact_bucket_arn}/check/*", "${var.artifact_bucket_arn}/evaluation/*"]
  }

  # Which are encrypted.
  statement {
    sid       = "DecryptReports"
    actions   = ["kms:Decrypt"]
    resources = [var.data_key_arn]
  }

  # Executions stand in SageMaker's list of experiments, as the definitions ask,
  statement {
    sid       = "KeepExperiments"
    actions   = ["sagemaker:AddTags", "sagemaker:CreateExperiment", "sagemaker:DescribeExperiment"]
    resources = ["${local.sagemaker}:experiment/${var.name}-*"]
  }

  # each as a trial, which has the execution's id for a name. Trials are made and looked at, not deleted.
  statement {
    sid     = "KeepTrials"
    actions = ["sagemaker:AssociateTrialComponent", "sagemaker:CreateTrial", "sagemaker:DescribeTrial"]
    resources = [
      "${local.sagemaker}:experiment-trial/*",
      "${local.sagemaker}:experiment-trial-component/pipelines-*",
    ]
  }
}
