# Each wrong value of the variable file is refused before anything is made. The file itself, which
# Terraform reads by itself, is right.

run "takes_the_variable_file" {
  command = plan
}

run "refuses_aws_account_id" {
  command = plan

  variables {
    aws_account_id = "123"
  }

  expect_failures = [var.aws_account_id]
}

run "refuses_aws_region" {
  command = plan

  variables {
    aws_region = "Virginia"
  }

  expect_failures = [var.aws_region]
}

run "refuses_project" {
  command = plan

  variables {
    project = "ML Platform"
  }

  expect_failures = [var.project]
}

run "refuses_mlflow_tracking_server_name_1" {
  command = plan

  variables {
    mlflow_tracking_server_name = ""
  }

  expect_failures = [var.mlflow_tracking_server_name]
}

run "refuses_mlflow_tracking_server_name_2" {
  command = plan

  variables {
    mlflow_tracking_server_name = "arn:aws:sagemaker:us-east-1:123456789012:mlflow-tracking-server/x"
  }

  expect_failures = [var.mlflow_tracking_server_name]
}

run "refuses_mlflow_tracking_uri_1" {
  command = plan

  variables {
    mlflow_tracking_uri = "mlflow.example.com"
  }

  expect_failures = [var.mlflow_tracking_uri]
}

run "refuses_mlflow_tracking_uri_2" {
  command = plan

  variables {
    mlflow_tracking_uri = "https://user:password@mlflow.example.com"
  }

  expect_failures = [var.mlflow_tracking_uri]
}

run "refuses_mlflow_artifact_bucket" {
  command = plan

  variables {
    mlflow_artifact_bucket = "s3://bucket"
  }

  expect_failures = [var.mlflow_artifact_bucket]
}

run "refuses_mlflow_artifact_kms_key_arn" {
  command = plan

  variables {
    mlflow_artifact_kms_key_arn = "arn:aws:s3"
  }

  expect_failures = [var.mlflow_artifact_kms_key_arn]
}

run "refuses_mlflow_cidrs" {
  command = plan

  variables {
    mlflow_cidrs = ["10.0.0.0"]
  }

  expect_failures = [var.mlflow_cidrs]
}

run "refuses_kafka_bootstrap_servers_1" {
  command = plan

  variables {
    kafka_bootstrap_servers = ""
  }

  expect_failures = [var.kafka_bootstrap_servers]
}

run "refuses_kafka_bootstrap_servers_2" {
  command = plan

  variables {
    kafka_bootstrap_servers = "broker"
  }

  expect_failures = [var.kafka_bootstrap_servers]
}

run "refuses_kafka_bootstrap_servers_3" {
  command = plan

  variables {
    kafka_bootstrap_servers = "broker:9092, other:9092"
  }

  expect_failures = [var.kafka_bootstrap_servers]
}

run "refuses_kafka_bootstrap_servers_4" {
  command = plan

  variables {
    kafka_bootstrap_servers = "broker:70000"
  }

  expect_failures = [var.kafka_bootstrap_servers]
}

run "refuses_training_image_uri_1" {
  command = plan

  variables {
    training_image_uri = "training:latest"
  }

  expect_failures = [var.training_image_uri]
}

run "refuses_training_image_uri_2" {
  command = plan

  variables {
    training_image_uri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/training"
  }

  expect_failures = [var.training_image_uri]
}

run "refuses_training_image_uri_3" {
  command = plan

  variables {
    training_image_uri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/training@sha256:abc"
  }

  expect_failures = [var.training_image_uri]
}

run "refuses_inference_image_uri" {
  command = plan

  variables {
    inference_image_uri = "inference:latest"
  }

  expect_failures = [var.inference_image_uri]
}

run "refuses_training_instance_type_1" {
  command = plan

  variables {
    training_instance_type = "m5.large"
  }

  expect_failures = [var.training_instance_type]
}

run "refuses_training_instance_type_2" {
  command = plan

  variables {
    training_instance_type = "ml.m5"
  }

  expect_failures = [var.training_instance_type]
}

run "refuses_inference_instance_type" {
  command = plan

  variables {
    inference_instance_type = "m5.large"
  }

  expect_failures = [var.inference_instance_type]
}

run "refuses_training_instance_count_1" {
  command = plan

  variables {
    training_instance_count = 0
  }

  expect_failures = [var.training_instance_count]
}

run "refuses_training_instance_count_2" {
  command = plan

  variables {
    training_instance_count = 1.5
  }

  expect_failures = [var.training_instance_count]
}

run "refuses_inference_instance_count" {
  command = plan

  variables {
    inference_instance_count = 0
  }

  expect_failures = [var.inference_instance_count]
}

run "refuses_training_schedule_expression_1" {
  command = plan

  variables {
    training_schedule_expression = "every day"
  }

  expect_failures = [var.training_schedule_expression]
}

run "refuses_training_schedule_expression_2" {
  command = plan

  variables {
    training_schedule_expression = "cron(61 2 * * ? *)"
  }

  expect_failures = [var.training_schedule_expression]
}

run "refuses_training_schedule_expression_3" {
  command = plan

  variables {
    training_schedule_expression = "cron(0 25 * * ? *)"
  }

  expect_failures = [var.training_schedule_expression]
}

run "refuses_training_schedule_expression_4" {
  command = plan

  variables {
    training_schedule_expression = "cron(0 2 * * * *)"
  }

  expect_failures = [var.training_schedule_expression]
}

run "refuses_training_schedule_expression_5" {
  command = plan

  variables {
    training_schedule_expression = "cron(0 2 * * ?)"
  }

  expect_failures = [var.training_schedule_expression]
}

run "refuses_training_schedule_expression_6" {
  command = plan

  variables {
    training_schedule_expression = "rate(5 minutes)"
  }

  expect_failures = [var.training_schedule_expression]
}

run "refuses_inference_schedule_expression" {
  command = plan

  variables {
    inference_schedule_expression = "at 6"
  }

  expect_failures = [var.inference_schedule_expression]
}

run "refuses_training_expected_every_hours_1" {
  command = plan

  variables {
    training_expected_every_hours = -1
  }

  expect_failures = [var.training_expected_every_hours]
}

run "refuses_training_expected_every_hours_2" {
  command = plan

  variables {
    training_expected_every_hours = 169
  }

  expect_failures = [var.training_expected_every_hours]
}

run "refuses_inference_expected_every_hours" {
  command = plan

  variables {
    inference_expected_every_hours = 1.5
  }

  expect_failures = [var.inference_expected_every_hours]
}

run "refuses_training_label_1" {
  command = plan

  variables {
    training_label = ""
  }

  expect_failures = [var.training_label]
}

run "refuses_training_label_2" {
  command = plan

  variables {
    training_label = "a b"
  }

  expect_failures = [var.training_label]
}

run "refuses_training_minimum_accuracy" {
  command = plan

  variables {
    training_minimum_accuracy = 70
  }

  expect_failures = [var.training_minimum_accuracy]
}

run "refuses_training_minimum_roc_auc" {
  command = plan

  variables {
    training_minimum_roc_auc = -1
  }

  expect_failures = [var.training_minimum_roc_auc]
}

run "refuses_training_approval" {
  command = plan

  variables {
    training_approval = "perhaps"
  }

  expect_failures = [var.training_approval]
}

run "refuses_training_time_column" {
  command = plan

  variables {
    training_time_column = "a b"
  }

  expect_failures = [var.training_time_column]
}

run "refuses_training_drop_columns" {
  command = plan

  variables {
    training_drop_columns = ["a,b"]
  }

  expect_failures = [var.training_drop_columns]
}

run "refuses_training_hyperparameters_1" {
  command = plan

  variables {
    training_hyperparameters = { n_estimators = "100" }
  }

  expect_failures = [var.training_hyperparameters]
}

run "refuses_training_hyperparameters_2" {
  command = plan

  variables {
    training_hyperparameters = {
      n_estimators    = "100"
      max_depth       = "10"
      model_name      = "m"
      experiment_name = "e"
      n_trees         = "5"
    }
  }

  expect_failures = [var.training_hyperparameters]
}

run "refuses_training_hyperparameters_3" {
  command = plan

  variables {
    training_hyperparameters = {
      n_estimators    = "many"
      max_depth       = "10"
      model_name      = "m"
      experiment_name = "e"
    }
  }

  expect_failures = [var.training_hyperparameters]
}

run "refuses_training_hyperparameters_4" {
  command = plan

  variables {
    training_hyperparameters = {
      n_estimators    = "0"
      max_depth       = "10"
      model_name      = "m"
      experiment_name = "e"
    }
  }

  expect_failures = [var.training_hyperparameters]
}

run "refuses_training_hyperparameters_5" {
  command = plan

  variables {
    training_hyperparameters = {
      n_estimators    = "100"
      max_depth       = "-1"
      model_name      = "m"
      experiment_name = "e"
    }
  }

  expect_failures = [var.training_hyperparameters]
}

run "refuses_inference_key_column" {
  command = plan

  variables {
    inference_key_column = "a b"
  }

  expect_failures = [var.inference_key_column]
}

run "refuses_inference_batch_size" {
  command = plan

  variables {
    inference_batch_size = 0
  }

  expect_failures = [var.inference_batch_size]
}

run "refuses_schedule_time_zone" {
  command = plan

  variables {
    schedule_time_zone = "CET+1"
  }

  expect_failures = [var.schedule_time_zone]
}

run "refuses_kafka_output_topic_1" {
  command = plan

  variables {
    kafka_output_topic = ""
  }

  expect_failures = [var.kafka_output_topic]
}

run "refuses_kafka_output_topic_2" {
  command = plan

  variables {
    kafka_output_topic = "a b"
  }

  expect_failures = [var.kafka_output_topic]
}

run "refuses_kafka_output_topic_3" {
  command = plan

  variables {
    kafka_output_topic = ".."
  }

  expect_failures = [var.kafka_output_topic]
}

run "refuses_kafka_security_protocol" {
  command = plan

  variables {
    kafka_security_protocol = "TLS"
  }

  expect_failures = [var.kafka_security_protocol]
}

run "refuses_kafka_sasl_mechanism_1" {
  command = plan

  variables {
    kafka_sasl_mechanism = "GSSAPI"
  }

  expect_failures = [var.kafka_sasl_mechanism]
}

run "refuses_kafka_sasl_mechanism_2" {
  command = plan

  variables {
    kafka_sasl_mechanism = "SCRAM-SHA-512"
  }

  expect_failures = [var.kafka_sasl_mechanism]
}

run "refuses_kafka_cluster_arn" {
  command = plan

  variables {
    kafka_cluster_arn = "arn:aws:s3"
  }

  expect_failures = [var.kafka_cluster_arn]
}

run "refuses_kafka_secret_arn" {
  command = plan

  variables {
    kafka_secret_arn = "arn:aws:s3"
  }

  expect_failures = [var.kafka_secret_arn]
}

run "refuses_kafka_secret_kms_key_arn" {
  command = plan

  variables {
    kafka_secret_kms_key_arn = "arn:aws:s3"
  }

  expect_failures = [var.kafka_secret_kms_key_arn]
}

run "refuses_kafka_broker_cidrs_1" {
  command = plan

  variables {
    kafka_broker_cidrs = []
  }

  expect_failures = [var.kafka_broker_cidrs]
}

run "refuses_kafka_broker_cidrs_2" {
  command = plan

  variables {
    kafka_broker_cidrs = ["10.60.0.0"]
  }

  expect_failures = [var.kafka_broker_cidrs]
}

run "refuses_network_egress" {
  command = plan

  variables {
    network_egress = "internet"
  }

  expect_failures = [var.network_egress]
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

run "refuses_existing_subnet_ids" {
  command = plan

  variables {
    existing_subnet_ids = ["subnet"]
  }

  expect_failures = [var.existing_subnet_ids]
}

run "refuses_broker_peering_connection_id" {
  command = plan

  variables {
    broker_peering_connection_id = "peering"
  }

  expect_failures = [var.broker_peering_connection_id]
}

run "refuses_alarm_emails" {
  command = plan

  variables {
    alarm_emails = ["nobody"]
  }

  expect_failures = [var.alarm_emails]
}

run "refuses_consumer_groups" {
  command = plan

  variables {
    consumer_groups = ["a b"]
  }

  expect_failures = [var.consumer_groups]
}

run "refuses_maximum_model_age_days" {
  command = plan

  variables {
    maximum_model_age_days = 0
  }

  expect_failures = [var.maximum_model_age_days]
}

run "refuses_monthly_budget_usd" {
  command = plan

  variables {
    monthly_budget_usd = -1
  }

  expect_failures = [var.monthly_budget_usd]
}

run "refuses_otlp_endpoint_1" {
  command = plan

  variables {
    otlp_endpoint = "collector:4318"
  }

  expect_failures = [var.otlp_endpoint]
}

run "refuses_otlp_endpoint_2" {
  command = plan

  variables {
    otlp_endpoint = "https://user:password@collector.example.com"
  }

  expect_failures = [var.otlp_endpoint]
}

run "refuses_otlp_cidrs" {
  command = plan

  variables {
    otlp_cidrs = ["10.80.0.0"]
  }

  expect_failures = [var.otlp_cidrs]
}

run "refuses_log_retention_days" {
  command = plan

  variables {
    log_retention_days = 31
  }

  expect_failures = [var.log_retention_days]
}

run "refuses_github_repository_1" {
  command = plan

  variables {
    github_repository = "your-org"
  }

  expect_failures = [var.github_repository]
}

run "refuses_github_repository_2" {
  command = plan

  variables {
    github_repository = "your-org/*"
  }

  expect_failures = [var.github_repository]
}

run "refuses_owner" {
  command = plan

  variables {
    owner = ""
  }

  expect_failures = [var.owner]
}

run "refuses_permissions_boundary_arn" {
  command = plan

  variables {
    permissions_boundary_arn = "arn:aws:s3"
  }

  expect_failures = [var.permissions_boundary_arn]
}
