# apply makes and changes what this repository describes, all of it by names that begin with the
# environment's. Only an approved run in the GitHub Environment gets it.

data "aws_iam_policy_document" "apply" {
  #checkov:skip=CKV_AWS_109:Managing roles and keys of this environment is what apply is for; names and tags bound it.
  #checkov:skip=CKV_AWS_111:EC2 makes things that have no name yet; the tag they must carry bounds it.
  #checkov:skip=CKV_AWS_356:EC2 and KMS make things that have no name yet; the tag they must carry bounds it.

  source_policy_documents = [data.aws_iam_policy_document.state.json, data.aws_iam_policy_document.describe.json]

  # The new state.
  statement {
    sid       = "WriteState"
    actions   = ["s3:PutObject"]
    resources = ["arn:${local.partition}:s3:::${var.state_bucket}/${var.environment}/*"]
  }

  # Buckets: their settings and not their objects.
  statement {
    sid = "Buckets"
    actions = [
      "s3:CreateBucket",
      "s3:DeleteBucketPolicy",
      "s3:PutBucket*",
      "s3:PutEncryptionConfiguration",
      "s3:PutLifecycleConfiguration",
      "s3:PutReplicationConfiguration",
    ]
    resources = ["arn:${local.partition}:s3:::${var.name}-*"]
  }

  # Services whose names say whose they are.
  statement {
    sid = "NamedThings"
    actions = [
      "budgets:ModifyBudget",
      "budgets:TagResource",
      "cloudwatch:DeleteAlarms",
      "cloudwatch:DeleteDashboards",
      "cloudwatch:PutDashboard",
      "cloudwatch:PutMetricAlarm",
      "cloudwatch:TagResource",
      "events:DeleteRule",
      "events:PutRule",
      "events:PutTargets",
      "events:RemoveTargets",
      "events:TagResource",
      "logs:CreateLogGroup",
      "logs:DeleteLogGroup",
      "logs:PutRetentionPolicy",
      "logs:AssociateKmsKey",
      "logs:TagResource",
      "sagemaker:AddTags",
      "sagemaker:CreatePipeline",
      "sagemaker:DeletePipeline",
      "sagemaker:UpdatePipeline",
      "scheduler:CreateSchedule",
      "scheduler:CreateScheduleGroup",
      "scheduler:DeleteSchedule",
      "scheduler:DeleteScheduleGroup",
      "scheduler:TagResource",
      "scheduler:UpdateSchedule",
      "sns:CreateTopic",
      "sns:DeleteTopic",
      "sns:SetTopicAttributes",
      "sns:Subscribe",
      "sns:TagResource",
      "sns:Unsubscribe",
      "sqs:CreateQueue",
      "sqs:DeleteQueue",
      "sqs:SetQueueAttributes",
      "sqs:TagQueue",
    ]
    resources = local.named
  }

  # A policy of the logs' service has no ARN.
  statement {
    sid       = "LogPolicies"
    actions   = ["logs:DeleteResourcePolicy", "logs:PutResourcePolicy"]
    resources = ["*"]
  }

  # Roles by the environment's name, and only under the boundary where there is one.
  statement {
    sid = "MakeRoles"
    actions = [
      "iam:AttachRolePolicy",
      "iam:CreateRole",
      "iam:DeleteRolePolicy",
      "iam:DetachRolePolicy",
      "iam:PutRolePermissionsBoundary",
      "iam:PutRolePolicy",
    ]
    resources = ["arn:${local.partition}:iam::${var.account_id}:role/${var.name}-*"]

    dynamic "condition" {
      for_each = var.permissions_boundary_arn == null ? [] : [var.permissions_boundary_arn]

      content {
        test     = "StringEquals"
        variable = "iam:PermissionsBoundary"
        values   = [condition.value]
      }
    }
  }

  statement {
    # The rest of a role's life.
    sid       = "KeepRoles"
    actions   = ["iam:DeleteRole", "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole"]
    resources = ["arn:${local.partition}:iam::${var.account_id}:role/${var.name}-*"]
  }

  # Services get the roles they are for.
  statement {
    sid       = "HandOverRoles"
    actions   = ["iam:PassRole"]
    resources = ["arn:${local.partition}:iam::${var.account_id}:role/${var.name}-*"]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["s3.amazonaws.com", "sagemaker.amazonaws.com", "scheduler.amazonaws.com", "vpc-flow-logs.amazonaws.com"]
    }
  }

  # A key has no name: it is known by its tag, from its first moment.
  statement {
    sid       = "MakeKeys"
    actions   = ["kms:CreateKey", "kms:TagResource"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/environment"
      values   = [var.environment]
    }
  }

  statement {
    # Lent to the services that encrypt with it. Without the right to delete a key, which a person has.
    sid = "KeepKeys"
    actions = [
      "kms:CreateAlias",
      "kms:CreateGrant",
      "kms:Decrypt",
      "kms:DeleteAlias",
      "kms:EnableKeyRotation",
      "kms:GenerateDataKey*",
      "kms:PutKeyPolicy",
      "kms:UpdateAlias",
    ]
    resources = ["arn:${local.partition}:kms:${local.here}:key/*"]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/environment"
      values   = [var.environment]
    }
  }

  statement {
    # Names of keys.
    sid       = "KeepAliases"
    actions   = ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"]
    resources = ["arn:${local.partition}:kms:${local.here}:alias/${var.name}-*"]
  }

  # Networks have no names either: everything is made with the environment's tag,
  statement {
    sid       = "MakeNetwork"
    actions   = ["ec2:AllocateAddress", "ec2:Create*"]
    resources = ["arn:${local.partition}:ec2:${local.here}:*"]

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/environment"
      values   = [var.environment]
    }
  }

  statement {
    # inside of what has it already, which is also changed and taken away only with it.
    sid = "KeepNetwork"
    actions = [
      "ec2:AssociateRouteTable",
      "ec2:AttachInternetGateway",
      "ec2:AuthorizeSecurityGroup*",
      "ec2:Create*",
      "ec2:Delete*",
      "ec2:DetachInternetGateway",
      "ec2:DisassociateRouteTable",
      "ec2:Modify*",
      "ec2:ReleaseAddress",
      "ec2:ReplaceRoute*",
      "ec2:RevokeSecurityGroup*",
    ]
    resources = ["arn:${local.partition}:ec2:${local.here}:*"]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/environment"
      values   = [var.environment]
    }
  }

  # Flow logs are delivered by their service.
  statement {
    sid       = "DeliverFlowLogs"
    actions   = ["logs:CreateLogDelivery", "logs:DeleteLogDelivery"]
    resources = ["*"]
  }
}
