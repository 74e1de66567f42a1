# Four roles for GitHub Actions, without a key anywhere: GitHub signs who asks (repository, branch,
# environment), and each role believes only whom it is for.

data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.region
  here      = "${local.region}:${var.account_id}"
  sagemaker = "arn:${local.partition}:sagemaker:${local.here}"

  # What AWS names as we do.
  named = [
    "arn:${local.partition}:budgets::${var.account_id}:budget/${var.name}",
    "arn:${local.partition}:cloudwatch:${local.here}:alarm:${var.name}-*",
    "arn:${local.partition}:cloudwatch::${var.account_id}:dashboard/${var.name}",
    "arn:${local.partition}:events:${local.here}:rule/${var.name}-*",
    "arn:${local.partition}:logs:${local.here}:log-group:/aws/events/rule/${var.name}-*",
    "arn:${local.partition}:logs:${local.here}:log-group:/aws/vpc/${var.name}*",
    "${local.sagemaker}:pipeline/${var.name}-*",
    "arn:${local.partition}:scheduler:${local.here}:schedule/${var.name}/*",
    "arn:${local.partition}:scheduler:${local.here}:schedule-group/${var.name}",
    "arn:${local.partition}:sns:${local.here}:${var.name}-*",
    "arn:${local.partition}:sqs:${local.here}:${var.name}-*",
  ]

  # The Environment without reviewers, for what changes nothing that an apply changes. Its deployment
  # branches have to be limited in GitHub: the token does not say which branch asked.
  unattended = "repo:${var.repository}:environment:${var.environment}-auto"

  # Who may take which role, in the words of GitHub's token.
  subjects = {
    plan  = ["repo:${var.repository}:pull_request", "repo:${var.repository}:ref:refs/heads/${var.branch}", local.unattended]
    apply = ["repo:${var.repository}:environment:${var.environment}"]
    build = ["repo:${var.repository}:ref:refs/heads/${var.branch}", "repo:${var.repository}:environment:${var.environment}", local.unattended]
    run   = ["repo:${var.repository}:environment:${var.environment}", local.unattended]
  }

  policies = {
    plan  = data.aws_iam_policy_document.plan.json
    apply = data.aws_iam_policy_document.apply.json
    build = data.aws_iam_policy_document.build.json
    run   = data.aws_iam_policy_document.run.json
  }
}

resource "aws_iam_role" "this" {
  for_each             = local.policies
  name                 = "${var.name}-ci-${each.key}"
  assume_role_policy   = data.aws_iam_policy_document.trust[each.key].json
  permissions_boundary = var.permissions_boundary_arn
  # run follows executions to their end.
  max_session_duration = each.key == "run" ? 21600 : 3600
}

resource "aws_iam_role_policy" "this" {
  for_each = local.policies
  name     = each.key
  role     = aws_iam_role.this[each.key].id
  policy   = each.value
}

data "aws_iam_policy_document" "trust" {
  #checkov:skip=CKV_AWS_358:Each subject is one repository with one branch, environment or pull requests, without a wildcard; var.repository refuses any.
  for_each = local.subjects

  # GitHub's word for one repository, and for one branch or environment of it.
  statement {
    sid     = "GitHubActions"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [var.oidc_provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = each.value
    }
  }
}
