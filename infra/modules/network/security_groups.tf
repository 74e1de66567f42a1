# What jobs reach: AWS's services through their endpoints, S3, the brokers' ports, MLflow, the collector
# of traces, each other.
# Names are resolved by Amazon's resolver, which no security group stands in front of.

locals {
  private_pattern = "^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.|100\\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\\.)"
  private_only    = { for cidr in concat(var.broker_cidrs, var.mlflow_cidrs, var.otlp_cidrs) : cidr => can(regex(local.private_pattern, cidr)) }

  # Servers that are neither AWS's nor brokers, and their ports.
  servers = {
    for name, server in {
      mlflow = { uri = var.mlflow_tracking_uri, cidrs = var.mlflow_cidrs }
      otlp   = { uri = var.otlp_endpoint, cidrs = var.otlp_cidrs }
    } : name => server if server.uri != null
  }
  ports = {
    for name, server in local.servers : name => try(
      tonumber(regex("^https?://[^/:]+:([0-9]+)", server.uri)[0]),
      startswith(server.uri, "https:") ? 443 : 80,
    )
  }

  broker_rules = { for pair in setproduct(var.broker_cidrs, var.broker_ports) : "${pair[0]} ${pair[1]}" => pair }
}

data "aws_vpc" "existing" {
  count = local.make ? 0 : 1
  id    = var.existing_vpc_id
}

data "aws_ec2_managed_prefix_list" "s3" {
  count = local.make ? 0 : 1
  name  = "com.amazonaws.${data.aws_region.current.region}.s3"
}

resource "aws_security_group" "jobs" {
  #checkov:skip=CKV2_AWS_5:SageMaker attaches it to jobs, which Terraform does not see.
  name        = "${var.name}-jobs"
  description = "Jobs of SageMaker"
  vpc_id      = local.vpc_id
  tags        = { Name = "${var.name}-jobs" }

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = var.mlflow_tracking_uri != null || var.egress == "existing" || var.mlflow_endpoint_service != ""
      error_message = "MLflow cannot be reached: the tracking server is managed by SageMaker, egress is \"${var.egress}\" and mlflow_endpoint_service is empty. Set mlflow_endpoint_service, or mlflow_tracking_uri to another server."
    }

    precondition {
      condition     = var.mlflow_tracking_uri == null || length(var.mlflow_cidrs) > 0
      error_message = "MLflow cannot be reached: no rule leads to ${coalesce(var.mlflow_tracking_uri, "it")}. Say in mlflow_cidrs where it is."
    }

    precondition {
      condition     = var.mlflow_tracking_uri == null || var.egress != "endpoints" || alltrue([for cidr in var.mlflow_cidrs : local.private_only[cidr]])
      error_message = "MLflow cannot be reached: egress = \"endpoints\" has no way to the internet, where ${join(", ", var.mlflow_cidrs)} is. Choose egress = \"nat\", or private addresses."
    }

    precondition {
      condition     = var.otlp_endpoint == null || length(var.otlp_cidrs) > 0
      error_message = "The collector of traces cannot be reached: no rule leads to ${coalesce(var.otlp_endpoint, "it")}. Say in otlp_cidrs where it is."
    }

    precondition {
      condition     = var.otlp_endpoint == null || var.egress != "endpoints" || alltrue([for cidr in var.otlp_cidrs : local.private_only[cidr]])
      error_message = "The collector of traces cannot be reached: egress = \"endpoints\" has no way to the internet, where ${join(", ", var.otlp_cidrs)} is. Choose egress = \"nat\", or private addresses."
    }

    precondition {
      condition     = var.egress != "endpoints" || alltrue([for cidr in var.broker_cidrs : local.private_only[cidr]])
      error_message = "Kafka cannot be reached: egress = \"endpoints\" has no way to the internet, where ${join(", ", var.broker_cidrs)} is. Choose egress = \"nat\", or private addresses."
    }
  }
}

check "way_to_the_brokers" {
  assert {
    condition     = !local.make || var.broker_peering_connection_id != null || !anytrue([for cidr in var.broker_cidrs : local.private_only[cidr]])
    error_message = "Brokers have private addresses, and nothing leads to them from a VPC that is made here. Set broker_peering_connection_id, or adopt the brokers' VPC with egress = \"existing\"."
  }
}

resource "aws_vpc_security_group_egress_rule" "endpoints" {
  count                        = local.make ? 1 : 0
  security_group_id            = aws_security_group.jobs.id
  description                  = "AWS services through their endpoints"
  referenced_security_group_id = aws_security_group.endpoints[0].id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_egress_rule" "existing_endpoints" {
  for_each          = local.make ? toset([]) : toset([data.aws_vpc.existing[0].cidr_block])
  security_group_id = aws_security_group.jobs.id
  description       = "AWS services through the endpoints of the VPC"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "s3" {
  security_group_id = aws_security_group.jobs.id
  description       = "S3 through its gateway endpoint"
  prefix_list_id    = local.make ? aws_vpc_endpoint.s3[0].prefix_list_id : data.aws_ec2_managed_prefix_list.s3[0].id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "brokers" {
  for_each          = local.broker_rules
  security_group_id = aws_security_group.jobs.id
  description       = "Brokers of Kafka"
  cidr_ipv4         = each.value[0]
  ip_protocol       = "tcp"
  from_port         = each.value[1]
  to_port           = each.value[1]
}

resource "aws_vpc_security_group_egress_rule" "mlflow" {
  for_each          = toset(try(local.servers.mlflow.cidrs, []))
  security_group_id = aws_security_group.jobs.id
  description       = "MLflow"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = local.ports.mlflow
  to_port           = local.ports.mlflow
}

resource "aws_vpc_security_group_egress_rule" "otlp" {
  for_each          = toset(try(local.servers.otlp.cidrs, []))
  security_group_id = aws_security_group.jobs.id
  description       = "Collector of traces"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = local.ports.otlp
  to_port           = local.ports.otlp
}

# The hosts of a job talk to each other on ports of their choice.
resource "aws_vpc_security_group_egress_rule" "hosts" {
  security_group_id            = aws_security_group.jobs.id
  description                  = "Hosts of the same job"
  referenced_security_group_id = aws_security_group.jobs.id
  ip_protocol                  = "-1"
}

resource "aws_vpc_security_group_ingress_rule" "hosts" {
  security_group_id            = aws_security_group.jobs.id
  description                  = "Hosts of the same job"
  referenced_security_group_id = aws_security_group.jobs.id
  ip_protocol                  = "-1"
}

resource "aws_security_group" "endpoints" {
  count       = local.make ? 1 : 0
  name        = "${var.name}-endpoints"
  description = "Interface endpoints of AWS services"
  vpc_id      = aws_vpc.this[0].id
  tags        = { Name = "${var.name}-endpoints" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  count                        = local.make ? 1 : 0
  security_group_id            = aws_security_group.endpoints[0].id
  description                  = "Jobs of SageMaker"
  referenced_security_group_id = aws_security_group.jobs.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}
