data "aws_partition" "current" {}
data "aws_region" "current" {}

data "aws_availability_zones" "available" {
  #checkov:skip=CKV_AWS_394:Only the first zones by name are taken, so one more changes nothing.
  count = local.make ? 1 : 0
  state = "available"
}

locals {
  make    = var.egress != "existing"
  vpc_id  = local.make ? aws_vpc.this[0].id : var.existing_vpc_id
  subnets = local.make ? [for zone in local.zones : aws_subnet.private[zone].id] : var.existing_subnet_ids
  zones   = local.make ? slice(data.aws_availability_zones.available[0].names, 0, var.availability_zone_count) : []

  # The first three quarters are private; public subnets for NAT gateways are sixteenths of the last.
  private_cidrs = { for index, zone in local.zones : zone => cidrsubnet(var.vpc_cidr, 2, index) }
  public_cidrs  = { for index, zone in local.zones : zone => cidrsubnet(cidrsubnet(var.vpc_cidr, 2, 3), 4, index) }
  public_zones  = var.egress == "nat" ? toset(local.zones) : toset([])
}

# ── VPC ──────────────────────────────────────────────────────────────────────────────────────────

resource "aws_vpc" "this" {
  count                = local.make ? 1 : 0
  cidr_block           = var.vpc_cidr
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = var.name }
}

# Without rules: what forgets to name a security group reaches nothing.
resource "aws_default_security_group" "this" {
  count  = local.make ? 1 : 0
  vpc_id = aws_vpc.this[0].id
  tags   = { Name = "${var.name}-default" }
}

resource "aws_subnet" "private" {
  for_each          = local.private_cidrs
  vpc_id            = aws_vpc.this[0].id
  availability_zone = each.key
  cidr_block        = each.value
  tags              = { Name = "${var.name}-private-${each.key}" }
}

resource "aws_route_table" "private" {
  for_each = local.private_cidrs
  vpc_id   = aws_vpc.this[0].id
  tags     = { Name = "${var.name}-private-${each.key}" }
}

resource "aws_route_table_association" "private" {
  for_each       = local.private_cidrs
  subnet_id      = aws_subnet.private[each.key].id
  route_table_id = aws_route_table.private[each.key].id
}

resource "aws_route" "brokers" {
  for_each = var.broker_peering_connection_id == null ? {} : {
    for pair in setproduct(local.zones, var.broker_cidrs) : "${pair[0]} ${pair[1]}" => pair
  }

  route_table_id            = aws_route_table.private[each.value[0]].id
  destination_cidr_block    = each.value[1]
  vpc_peering_connection_id = var.broker_peering_connection_id
}

# ── NAT ──────────────────────────────────────────────────────────────────────────────────────────

resource "aws_internet_gateway" "this" {
  count  = var.egress == "nat" ? 1 : 0
  vpc_id = aws_vpc.this[0].id
  tags   = { Name = var.name }
}

resource "aws_subnet" "public" {
  for_each          = local.public_zones
  vpc_id            = aws_vpc.this[0].id
  availability_zone = each.key
  cidr_block        = local.public_cidrs[each.key]
  tags              = { Name = "${var.name}-public-${each.key}" }
}

resource "aws_route_table" "public" {
  count  = var.egress == "nat" ? 1 : 0
  vpc_id = aws_vpc.this[0].id
  tags   = { Name = "${var.name}-public" }
}

resource "aws_route" "internet" {
  count                  = var.egress == "nat" ? 1 : 0
  route_table_id         = aws_route_table.public[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route_table_association" "public" {
  for_each       = local.public_zones
  subnet_id      = aws_subnet.public[each.key].id
  route_table_id = aws_route_table.public[0].id
}

resource "aws_eip" "nat" {
  for_each = local.public_zones
  domain   = "vpc"
  tags     = { Name = "${var.name}-nat-${each.key}" }
}

resource "aws_nat_gateway" "this" {
  for_each      = local.public_zones
  subnet_id     = aws_subnet.public[each.key].id
  allocation_id = aws_eip.nat[each.key].allocation_id
  tags          = { Name = "${var.name}-${each.key}" }

  depends_on = [aws_internet_gateway.this]
}

resource "aws_route" "nat" {
  for_each               = local.public_zones
  route_table_id         = aws_route_table.private[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[each.key].id
}
