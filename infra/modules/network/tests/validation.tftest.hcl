# Each wrong value is refused before anything is made.

mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { region = "us-east-1" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_data "aws_availability_zones" {
    defaults = { names = ["us-east-1a", "us-east-1b", "us-east-1c"] }
  }
}

variables {
  name                         = "ml-platform-staging"
  account_id                   = "123456789012"
  broker_cidrs                 = ["10.60.0.0/16"]
  broker_ports                 = [9098]
  broker_peering_connection_id = "pcx-0123456789abcdef0"
  kms_key_arn                  = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
}

run "refuses_name" {
  command = plan

  variables {
    name = "No"
  }

  expect_failures = [var.name]
}

run "refuses_account_id" {
  command = plan

  variables {
    account_id = "123"
  }

  expect_failures = [var.account_id]
}

run "refuses_egress" {
  command = plan

  variables {
    egress = "internet"
  }

  expect_failures = [var.egress]
}

run "refuses_vpc_cidr_1" {
  command = plan

  variables {
    vpc_cidr = "10.0.0.0"
  }

  expect_failures = [var.vpc_cidr]
}

run "refuses_vpc_cidr_2" {
  command = plan

  variables {
    vpc_cidr = "10.0.0.0/8"
  }

  expect_failures = [var.vpc_cidr]
}

run "refuses_availability_zone_count" {
  command = plan

  variables {
    availability_zone_count = 4
  }

  expect_failures = [var.availability_zone_count]
}

run "refuses_existing_vpc_id_1" {
  command = plan

  variables {
    existing_vpc_id = "vpc"
  }

  expect_failures = [var.existing_vpc_id]
}

run "refuses_existing_vpc_id_2" {
  command = plan

  variables {
    existing_vpc_id = "vpc-0123456789abcdef0"
  }

  expect_failures = [var.existing_vpc_id]
}

run "refuses_existing_subnet_ids_1" {
  command = plan

  variables {
    existing_subnet_ids = ["subnet"]
  }

  expect_failures = [var.existing_subnet_ids]
}

run "refuses_existing_subnet_ids_2" {
  command = plan

  variables {
    existing_subnet_ids = ["subnet-0123456789abcdef0"]
  }

  expect_failures = [var.existing_subnet_ids]
}

run "refuses_broker_cidrs_1" {
  command = plan

  variables {
    broker_cidrs = []
  }

  expect_failures = [var.broker_cidrs]
}

run "refuses_broker_cidrs_2" {
  command = plan

  variables {
    broker_cidrs = ["10.60.0.0"]
  }

  expect_failures = [var.broker_cidrs]
}

run "refuses_broker_ports_1" {
  command = plan

  variables {
    broker_ports = []
  }

  expect_failures = [var.broker_ports]
}

run "refuses_broker_ports_2" {
  command = plan

  variables {
    broker_ports = [70000]
  }

  expect_failures = [var.broker_ports]
}

run "refuses_broker_peering_connection_id" {
  command = plan

  variables {
    broker_peering_connection_id = "peering"
  }

  expect_failures = [var.broker_peering_connection_id]
}

run "refuses_interface_endpoints" {
  command = plan

  variables {
    interface_endpoints = ["Logs"]
  }

  expect_failures = [var.interface_endpoints]
}

run "refuses_mlflow_endpoint_service" {
  command = plan

  variables {
    mlflow_endpoint_service = "a b"
  }

  expect_failures = [var.mlflow_endpoint_service]
}

run "refuses_mlflow_tracking_uri" {
  command = plan

  variables {
    mlflow_tracking_uri = "mlflow"
  }

  expect_failures = [var.mlflow_tracking_uri]
}

run "refuses_otlp_endpoint" {
  command = plan

  variables {
    otlp_endpoint = "collector:4318"
  }

  expect_failures = [var.otlp_endpoint]
}

run "refuses_otlp_cidrs" {
  command = plan

  variables {
    otlp_cidrs = ["everywhere"]
  }

  expect_failures = [var.otlp_cidrs]
}

run "refuses_mlflow_cidrs" {
  command = plan

  variables {
    mlflow_cidrs = ["everywhere"]
  }

  expect_failures = [var.mlflow_cidrs]
}

run "refuses_log_retention_days" {
  command = plan

  variables {
    log_retention_days = 31
  }

  expect_failures = [var.log_retention_days]
}

run "refuses_kms_key_arn" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:s3"
  }

  expect_failures = [var.kms_key_arn]
}

run "refuses_permissions_boundary_arn" {
  command = plan

  variables {
    permissions_boundary_arn = "boundary"
  }

  expect_failures = [var.permissions_boundary_arn]
}
