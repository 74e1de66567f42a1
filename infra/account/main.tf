# What two environments in one account share: where SageMaker logs, whom GitHub signs for, the images.

locals {
  log_groups   = toset(["/aws/sagemaker/TrainingJobs", "/aws/sagemaker/ProcessingJobs"])
  github       = "token.actions.githubusercontent.com"
  partition    = startswith(var.aws_region, "us-gov-") ? "aws-us-gov" : "aws"
  repositories = [for job in ["training", "inference"] : "${var.project}-${job}"]
}

resource "aws_kms_key" "this" {
  description             = "${var.project}: logs of jobs, images"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.key.json
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.project}-account"
  target_key_id = aws_kms_key.this.key_id
}

data "aws_iam_policy_document" "key" {
  #checkov:skip=CKV_AWS_109:A key's policy speaks of this key alone; "*" is the key.
  #checkov:skip=CKV_AWS_111:A key's policy speaks of this key alone; "*" is the key.
  #checkov:skip=CKV_AWS_356:A key's policy speaks of this key alone; "*" is the key.

  # Without it nobody could ever change the key.
  statement {
    sid       = "AccountAdministers"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${var.aws_account_id}:root"]
    }
  }

  # SageMaker's log groups are encrypted with it.
  statement {
    sid       = "LogsEncrypt"
    actions   = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.${var.aws_region}.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = ["arn:${local.partition}:logs:${var.aws_region}:${var.aws_account_id}:log-group:/aws/sagemaker/*"]
    }
  }
}

resource "aws_cloudwatch_log_group" "sagemaker" {
  #checkov:skip=CKV_AWS_338:How long logs are kept is a choice; the default is a year.
  for_each          = local.log_groups
  name              = each.key
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.this.arn
}

import {
  for_each = var.adopt_log_groups ? local.log_groups : toset([])
  to       = aws_cloudwatch_log_group.sagemaker[each.key]
  id       = each.key
}

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://${local.github}"
  client_id_list = ["sts.amazonaws.com"]
}

import {
  for_each = var.adopt_oidc_provider ? toset(["arn:${local.partition}:iam::${var.aws_account_id}:oidc-provider/${local.github}"]) : toset([])
  to       = aws_iam_openid_connect_provider.github
  id       = each.key
}

module "registry" {
  source = "git::https://github.com/your-org/sagemaker-ml-pipelines.git//infra/modules/registry?ref=v0.1.0"

  repositories       = local.repositories
  kms_key_arn        = aws_kms_key.this.arn
  reader_account_ids = var.image_reader_account_ids
}
