# Everything that differs between environments is in this file; what a name means and may be is in
# variables.tf. `deno task build-push` rewrites the two image URIs, and nothing else.

# Where
aws_account_id = "123456789012"
aws_region     = "us-east-1"

# What must exist already
mlflow_tracking_server_name = "your-mlflow-server-name"
mlflow_artifact_bucket      = "your-mlflow-artifact-bucket"
kafka_bootstrap_servers     = "your-kafka-cluster.amazonaws.com:9092"

# Images, by digest
training_image_uri  = "123456789012.dkr.ecr.us-east-1.amazonaws.com/ml-platform-training@sha256:0000000000000000000000000000000000000000000000000000000000000000"
inference_image_uri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/ml-platform-inference@sha256:0000000000000000000000000000000000000000000000000000000000000000"

# Training
training_instance_type       = "ml.m5.large"
training_instance_count      = 1
training_use_spot            = true
training_schedule_expression = "cron(0 2 * * ? *)" # Daily at 2 AM
training_schedule_enabled    = true
training_label               = "label"
training_minimum_accuracy    = 0.7
training_hyperparameters = {
  n_estimators    = "100"
  max_depth       = "10"
  model_name      = "staging-classifier"
  experiment_name = "staging-experiments"
}

# Inference
inference_instance_type       = "ml.m5.large"
inference_instance_count      = 1
inference_schedule_expression = "cron(0 6 * * ? *)" # Daily at 6 AM
inference_schedule_enabled    = true
inference_key_column          = "id"
inference_batch_size          = 10000
schedule_time_zone            = "UTC"

# Kafka
kafka_output_topic      = "ml-predictions-staging"
kafka_security_protocol = "SASL_SSL"
kafka_sasl_mechanism    = "AWS_MSK_IAM"
kafka_cluster_arn       = "arn:aws:kafka:us-east-1:123456789012:cluster/your-kafka-cluster/00000000-0000-0000-0000-000000000000-1"
kafka_broker_cidrs      = ["10.60.0.0/16"]

# Network
network_egress          = "endpoints"
vpc_cidr                = "10.40.0.0/16"
availability_zone_count = 2

# Watching
alarm_emails           = ["ml-platform-staging@example.com"]
maximum_model_age_days = 30
monthly_budget_usd     = 300
log_retention_days     = 30

# Who may deploy
github_repository = "your-org/sagemaker-ml-pipelines"
owner             = "ml-platform"
