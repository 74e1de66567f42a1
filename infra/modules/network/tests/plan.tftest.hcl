# Plans with the provider itself, which asks AWS for nothing here; ids that only AWS gives are given.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_availability_zones.available
  values = { names = ["us-east-1a", "us-east-1b", "us-east-1c"] }
}

override_data {
  target = data.aws_vpc.existing
  values = { cidr_block = "172.31.0.0/16" }
}

override_data {
  target = data.aws_ec2_managed_prefix_list.s3
  values = { id = "pl-63a5400a" }
}

override_resource {
  target          = aws_security_group.jobs
  override_during = plan
  values          = { id = "sg-0123456789abcdef0" }
}

variables {
  name                         = "ml-platform-staging"
  account_id                   = "123456789012"
  broker_cidrs                 = ["10.60.0.0/16"]
  broker_ports                 = [9098]
  broker_peering_connection_id = "pcx-0123456789abcdef0"
  kms_key_arn                  = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
}

run "without_the_internet_by_default" {
  command = plan

  assert {
    condition     = length(aws_internet_gateway.this) == 0 && length(aws_nat_gateway.this) == 0 && length(aws_subnet.public) == 0
    error_message = "There is a way to the internet."
  }

  assert {
    condition     = length(aws_subnet.private) == 2 && [for one in values(aws_subnet.private) : one.cidr_block] == ["10.40.0.0/18", "10.40.64.0/18"]
    error_message = "There is not a private subnet in each zone."
  }

  assert {
    condition     = alltrue([for one in values(aws_subnet.private) : one.map_public_ip_on_launch != true])
    error_message = "A machine gets a public address."
  }

  assert {
    condition     = length(setsubtract(["com.amazonaws.us-east-1.sagemaker.api", "com.amazonaws.us-east-1.sagemaker.runtime", "aws.sagemaker.us-east-1.experiments", "com.amazonaws.us-east-1.ecr.api", "com.amazonaws.us-east-1.ecr.dkr", "com.amazonaws.us-east-1.logs", "com.amazonaws.us-east-1.monitoring", "com.amazonaws.us-east-1.sts", "com.amazonaws.us-east-1.kms", "com.amazonaws.us-east-1.secretsmanager", "com.amazonaws.us-east-1.events"], [for one in values(aws_vpc_endpoint.interface) : one.service_name])) == 0
    error_message = "An endpoint is missing."
  }

  assert {
    condition     = aws_vpc_endpoint.s3[0].vpc_endpoint_type == "Gateway" && strcontains(aws_vpc_endpoint.s3[0].policy, "aws:ResourceAccount")
    error_message = "S3 is not reached by a gateway, or anybody's buckets are."
  }
}

run "jobs_reach_brokers_endpoints_and_each_other_only" {
  command = plan

  assert {
    condition     = [for one in values(aws_vpc_security_group_egress_rule.brokers) : "${one.cidr_ipv4} ${one.from_port}-${one.to_port}"] == ["10.60.0.0/16 9098-9098"]
    error_message = "Brokers are reached on other ports."
  }

  assert {
    condition     = length(aws_vpc_security_group_egress_rule.mlflow) == 0 && length(aws_vpc_security_group_egress_rule.existing_endpoints) == 0
    error_message = "Something else is reached."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.endpoints[0].from_port == 443 && aws_vpc_security_group_egress_rule.s3.to_port == 443
    error_message = "AWS is reached on other ports."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.hosts.ip_protocol == "-1" && aws_vpc_security_group_ingress_rule.hosts.cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.hosts.referenced_security_group_id == aws_security_group.jobs.id && aws_vpc_security_group_egress_rule.hosts.referenced_security_group_id == aws_security_group.jobs.id
    error_message = "The hosts of a job do not reach each other, or somebody else reaches them."
  }

  assert {
    condition     = length(aws_route.brokers) == 2
    error_message = "No route leads to the brokers."
  }
}

run "nat_is_one_gateway_per_zone" {
  command = plan

  variables {
    egress                  = "nat"
    availability_zone_count = 3
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 3 && length(aws_route.nat) == 3 && length(aws_subnet.public) == 3
    error_message = "A zone depends on another."
  }

  assert {
    condition     = length(aws_vpc_endpoint.interface) == 11
    error_message = "AWS is reached over the internet."
  }
}

run "an_existing_vpc_is_adopted" {
  command = plan

  variables {
    egress                       = "existing"
    existing_vpc_id              = "vpc-0123456789abcdef0"
    existing_subnet_ids          = ["subnet-0123456789abcdef0"]
    broker_peering_connection_id = null
  }

  assert {
    condition     = length(aws_vpc.this) == 0 && length(aws_vpc_endpoint.interface) == 0 && length(aws_flow_log.this) == 0
    error_message = "A VPC is made."
  }

  assert {
    condition     = aws_security_group.jobs.vpc_id == "vpc-0123456789abcdef0" && join(",", output.subnet_ids) == "subnet-0123456789abcdef0"
    error_message = "Jobs run elsewhere."
  }

  assert {
    condition     = [for one in values(aws_vpc_security_group_egress_rule.existing_endpoints) : one.cidr_ipv4] == ["172.31.0.0/16"]
    error_message = "Endpoints of the VPC are not reached."
  }
}

run "another_mlflow_is_reached_on_its_port" {
  command = plan

  variables {
    mlflow_tracking_uri = "http://mlflow.internal:5000"
    mlflow_cidrs        = ["10.70.0.0/16"]
  }

  assert {
    condition     = [for one in values(aws_vpc_security_group_egress_rule.mlflow) : "${one.cidr_ipv4} ${one.from_port}"] == ["10.70.0.0/16 5000"]
    error_message = "MLflow is not reached, or on another port."
  }
}

run "a_collector_of_traces_is_reached_on_its_port" {
  command = plan

  variables {
    otlp_endpoint = "http://collector.internal:4318"
    otlp_cidrs    = ["10.80.0.0/24"]
  }

  assert {
    condition     = [for one in values(aws_vpc_security_group_egress_rule.otlp) : "${one.cidr_ipv4} ${one.from_port} ${one.to_port}"] == ["10.80.0.0/24 4318 4318"]
    error_message = "Traces have no way, or too wide a one."
  }
}

run "no_collector_no_rule" {
  command = plan

  variables {
    otlp_cidrs = ["10.80.0.0/24"]
  }

  assert {
    condition     = length(aws_vpc_security_group_egress_rule.otlp) == 0
    error_message = "A rule leads to a collector that nobody asked for."
  }
}

run "refuses_a_collector_that_nothing_leads_to" {
  command = plan

  variables {
    otlp_endpoint = "https://collector.example.com"
  }

  expect_failures = [aws_security_group.jobs]
}

run "refuses_a_collector_on_the_internet_without_the_internet" {
  command = plan

  variables {
    otlp_endpoint = "https://collector.example.com"
    otlp_cidrs    = ["203.0.113.0/24"]
  }

  expect_failures = [aws_security_group.jobs]
}

run "refuses_a_managed_mlflow_without_its_endpoint" {
  command = plan

  variables {
    mlflow_endpoint_service = ""
  }

  expect_failures = [aws_security_group.jobs]
}

run "refuses_an_mlflow_that_nothing_leads_to" {
  command = plan

  variables {
    mlflow_tracking_uri = "https://mlflow.example.com"
  }

  expect_failures = [aws_security_group.jobs]
}

run "refuses_an_mlflow_on_the_internet_without_the_internet" {
  command = plan

  variables {
    mlflow_tracking_uri = "https://mlflow.example.com"
    mlflow_cidrs        = ["203.0.113.0/24"]
  }

  expect_failures = [aws_security_group.jobs]
}

run "refuses_brokers_on_the_internet_without_the_internet" {
  command = plan

  variables {
    broker_cidrs = ["203.0.113.0/24"]
  }

  expect_failures = [aws_security_group.jobs]
}

run "warns_of_private_brokers_that_nothing_leads_to" {
  command = plan

  variables {
    broker_peering_connection_id = null
  }

  expect_failures = [check.way_to_the_brokers]
}
