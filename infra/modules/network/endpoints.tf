# AWS's services without the internet.

locals {
  service_names = merge(
    { for service in var.interface_endpoints : service => "com.amazonaws.${data.aws_region.current.region}.${service}" },
    # replace(), since the name may have no %s.
    var.mlflow_endpoint_service == "" ? {} : { mlflow = replace(var.mlflow_endpoint_service, "%s", data.aws_region.current.region) },
  )
}

resource "aws_vpc_endpoint" "s3" {
  count             = local.make ? 1 : 0
  vpc_id            = aws_vpc.this[0].id
  service_name      = "com.amazonaws.${data.aws_region.current.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [for zone in local.zones : aws_route_table.private[zone].id]
  policy            = data.aws_iam_policy_document.s3_endpoint.json
  tags              = { Name = "${var.name}-s3" }
}

data "aws_iam_policy_document" "s3_endpoint" {
  # Data leaves to nobody else's bucket, whatever credentials somebody brings along.
  statement {
    sid       = "OwnBuckets"
    actions   = ["s3:*"]
    resources = ["*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceAccount"
      values   = [var.account_id]
    }
  }

  # ECR keeps the layers of images in a bucket of its own.
  statement {
    sid       = "LayersOfImages"
    actions   = ["s3:GetObject"]
    resources = ["arn:${data.aws_partition.current.partition}:s3:::prod-${data.aws_region.current.region}-starport-layer-bucket/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_vpc_endpoint" "interface" {
  for_each            = local.make ? local.service_names : {}
  vpc_id              = aws_vpc.this[0].id
  service_name        = each.value
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = local.subnets
  security_group_ids  = [aws_security_group.endpoints[0].id]
  tags                = { Name = "${var.name}-${each.key}" }
}
