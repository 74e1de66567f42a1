# plan reads: the state, and what the state is compared with. It is open to pull requests, so it reads
# neither data nor secrets and changes nothing but the state's lock.

data "aws_iam_policy_document" "plan" {
  #checkov:skip=CKV_AWS_356:Descriptions take no resource, or are needed of what does not exist yet; nothing is changed and no data is read.

  source_policy_documents = [data.aws_iam_policy_document.state.json, data.aws_iam_policy_document.describe.json]
}

data "aws_iam_policy_document" "state" {
  # This environment's state, and no other's.
  statement {
    sid       = "ReadState"
    actions   = ["s3:GetObject"]
    resources = ["arn:${local.partition}:s3:::${var.state_bucket}/${var.environment}/*"]
  }

  statement {
    # Terraform looks whether there is one.
    sid       = "ListState"
    actions   = ["s3:ListBucket"]
    resources = ["arn:${local.partition}:s3:::${var.state_bucket}"]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["${var.environment}/*"]
    }
  }

  # Two at a time would spoil it: the lock is an object beside it.
  statement {
    sid       = "LockState"
    actions   = ["s3:DeleteObject", "s3:PutObject"]
    resources = ["arn:${local.partition}:s3:::${var.state_bucket}/${var.environment}/*.tflock"]
  }

  # It is encrypted with a key that is known by its alias.
  statement {
    sid       = "DecryptState"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["arn:${local.partition}:kms:${local.here}:key/*"]

    condition {
      test     = "ForAnyValue:StringEquals"
      variable = "kms:ResourceAliases"
      values   = [var.state_key_alias]
    }
  }
}

data "aws_iam_policy_document" "describe" {
  #checkov:skip=CKV_AWS_356:These descriptions take no resource; nothing is changed and no data is read.

  # Properties of what this repository makes, by the environment's name.
  statement {
    sid = "Describe"
    actions = [
      "budgets:ListTagsForResource",
      "budgets:ViewBudget",
      "cloudwatch:DescribeAlarms",
      "cloudwatch:GetDashboard",
      "cloudwatch:ListTagsForResource",
      "events:DescribeRule",
      "events:ListTagsForResource",
      "events:ListTargetsByRule",
      "iam:GetRole",
      "iam:GetRolePolicy",
      "iam:ListAttachedRolePolicies",
      "iam:ListInstanceProfilesForRole",
      "iam:ListRolePolicies",
      "logs:ListTagsForResource",
      "s3:GetAccelerateConfiguration",
      "s3:GetBucket*",
      "s3:GetEncryptionConfiguration",
      "s3:GetLifecycleConfiguration",
      "s3:GetReplicationConfiguration",
      "s3:ListBucket",
      "sagemaker:DescribePipeline",
      "sagemaker:ListTags",
      "scheduler:GetSchedule",
      "scheduler:GetScheduleGroup",
      "scheduler:ListTagsForResource",
      "sns:GetSubscriptionAttributes",
      "sns:GetTopicAttributes",
      "sns:ListTagsForResource",
      "sqs:GetQueueAttributes",
      "sqs:ListQueueTags",
    ]
    resources = concat(local.named, [
      "arn:${local.partition}:iam::${var.account_id}:role/${var.name}-*",
      "arn:${local.partition}:s3:::${var.name}-*",
    ])
  }

  # Keys have no names, but the environment's tag.
  statement {
    sid       = "DescribeKeys"
    actions   = ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"]
    resources = ["arn:${local.partition}:kms:${local.here}:key/*"]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/environment"
      values   = [var.environment]
    }
  }

  # Networks, and lists of names; these calls take no resource.
  statement {
    sid = "DescribeUnnamed"
    actions = [
      "ec2:Describe*",
      "ec2:GetManagedPrefixListEntries",
      "kms:ListAliases",
      "logs:DescribeLogGroups",
      "logs:DescribeResourcePolicies",
    ]
    resources = ["*"]
  }
}
