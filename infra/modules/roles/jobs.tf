# What every job of SageMaker needs to run at all.

data "aws_iam_policy_document" "job" {
  # Log streams in SageMaker's two groups, which infra/account owns; no job makes a group.
  statement {
    sid     = "WriteLogs"
    actions = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    resources = flatten([
      for kind in ["TrainingJobs", "ProcessingJobs"] :
      ["${local.logs}:log-group:/aws/sagemaker/${kind}", "${local.logs}:log-group:/aws/sagemaker/${kind}:*"]
    ])
  }

  # SageMaker reports a job's load in the job's name; metrics have no ARN, so their namespace bounds it.
  statement {
    sid       = "PutMetrics"
    actions   = ["cloudwatch:PutMetricData"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "cloudwatch:namespace"
      values   = ["/aws/sagemaker/TrainingJobs", "/aws/sagemaker/ProcessingJobs"]
    }
  }

  # A token for ECR; the call takes no resource.
  statement {
    sid       = "SignInToRegistry"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  # SageMaker puts the job into the VPC with the job's role: an interface
  statement {
    sid       = "MakeInterface"
    actions   = ["ec2:CreateNetworkInterface"]
    resources = ["${local.ec2}:network-interface/*"]
  }

  # in our subnets, with our security group; AWS asks for all three.
  statement {
    sid     = "EnterVpc"
    actions = ["ec2:CreateNetworkInterface"]
    resources = concat(
      ["${local.ec2}:security-group/${var.security_group_id}"],
      [for id in var.subnet_ids : "${local.ec2}:subnet/${id}"],
    )
  }

  # And takes it away again; only interfaces in our subnets.
  statement {
    sid = "UseInterfaces"
    actions = [
      "ec2:CreateNetworkInterfacePermission",
      "ec2:DeleteNetworkInterface",
      "ec2:DeleteNetworkInterfacePermission",
    ]
    resources = ["${local.ec2}:network-interface/*"]

    condition {
      test     = "ArnEquals"
      variable = "ec2:Subnet"
      values   = [for id in var.subnet_ids : "${local.ec2}:subnet/${id}"]
    }
  }

  # It looks where it is; EC2's descriptions take no resource.
  statement {
    sid = "DescribeVpc"
    actions = [
      "ec2:DescribeDhcpOptions",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeSubnets",
      "ec2:DescribeVpcs",
    ]
    resources = ["*"]
  }

  # Buckets, volumes and outputs are encrypted with the environment's key.
  statement {
    sid       = "UseDataKey"
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    resources = [var.data_key_arn]
  }

  # Volumes of the machines: the key is lent to EC2, and to AWS's own services only.
  statement {
    sid       = "EncryptVolumes"
    actions   = ["kms:CreateGrant"]
    resources = [var.data_key_arn]

    condition {
      test     = "Bool"
      variable = "kms:GrantIsForAWSResource"
      values   = ["true"]
    }
  }
}
