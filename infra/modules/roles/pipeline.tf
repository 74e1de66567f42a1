# What SageMaker may do to run the pipelines: start and stop jobs of this environment, hand them their
# roles, read the reports that conditions look at.

locals {
  # SageMaker names a pipeline's jobs pipelines-EXECUTION-STEP-…; the tag says whose they are.
  jobs = [for kind in ["processing-job", "training-job"] : "${local.sagemaker}:${kind}/pipelines-*"]
}

data "aws_iam_policy_document" "pipeline" {
  # Jobs in our subnets only, with the environment's tag.
  statement {
    sid       = "StartJobs"
    actions   = ["sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob"]
    resources = local.jobs

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
    resources = local.jobs

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
      "sagemaker:DescribeProcessingJob",
      "sagemaker:DescribeTrainingJob",
      "sagemaker:ListTags",
      "sagemaker:StopProcessingJob",
      "sagemaker:StopTrainingJob",
    ]
    resources = local.jobs

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
