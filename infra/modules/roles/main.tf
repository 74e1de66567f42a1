# One role per kind of job, and one each for the pipelines and the schedules. A role's policy is made of
# the documents of its file; what several jobs need is in jobs.tf, mlflow.tf and kafka.tf.

data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.region
  sagemaker = "arn:${local.partition}:sagemaker:${local.region}:${var.account_id}"
  logs      = "arn:${local.partition}:logs:${local.region}:${var.account_id}"
  ec2       = "arn:${local.partition}:ec2:${local.region}:${var.account_id}"

  policies = {
    training     = data.aws_iam_policy_document.training.json
    registration = data.aws_iam_policy_document.registration.json
    inference    = data.aws_iam_policy_document.inference.json
    pipeline     = data.aws_iam_policy_document.pipeline.json
    scheduler    = data.aws_iam_policy_document.scheduler.json
  }

  trusted = {
    training     = data.aws_iam_policy_document.sagemaker_trust.json
    registration = data.aws_iam_policy_document.sagemaker_trust.json
    inference    = data.aws_iam_policy_document.sagemaker_trust.json
    pipeline     = data.aws_iam_policy_document.sagemaker_trust.json
    scheduler    = data.aws_iam_policy_document.scheduler_trust.json
  }
}

resource "aws_iam_role" "this" {
  for_each             = local.policies
  name                 = "${var.name}-${each.key}"
  assume_role_policy   = local.trusted[each.key]
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_role_policy" "this" {
  for_each = local.policies
  name     = each.key
  role     = aws_iam_role.this[each.key].id
  policy   = each.value
}

data "aws_iam_policy_document" "sagemaker_trust" {
  # SageMaker on behalf of this account; nobody else's pipeline can borrow the role.
  statement {
    sid     = "SageMakerOfThisAccount"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["sagemaker.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }
  }
}
