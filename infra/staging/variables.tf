# The same file in every environment; the values are in terraform.tfvars.

# ── Where ────────────────────────────────────────────────────────────────────────────────────────

variable "aws_account_id" {
  description = "AWS account that this environment belongs to; another account's credentials are refused."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.aws_account_id))
    error_message = "aws_account_id must be 12 digits, such as \"123456789012\"."
  }
}

variable "aws_region" {
  description = "AWS region of everything here."
  type        = string
  default     = "us-east-1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-gov)?-[a-z]+-[0-9]$", var.aws_region))
    error_message = "aws_region must be the code of a region, such as \"us-east-1\"."
  }
}

variable "project" {
  description = "First part of every name: pipelines are PROJECT-ENVIRONMENT-training and -inference."
  type        = string
  default     = "ml-platform"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.project))
    error_message = "project must be 3 to 20 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

# ── What must exist already ──────────────────────────────────────────────────────────────────────

variable "mlflow_tracking_server_name" {
  description = "Name of an existing SageMaker MLflow tracking server of this account and region."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}$", var.mlflow_tracking_server_name))
    error_message = "mlflow_tracking_server_name must be 1 to 256 letters, digits and single hyphens: the name, neither its ARN nor an address."
  }
}

variable "mlflow_tracking_uri" {
  description = "Address of an MLflow server that SageMaker does not manage, used instead of mlflow_tracking_server_name; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.mlflow_tracking_uri == null || can(regex("^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^ ]*)?$", var.mlflow_tracking_uri))
    error_message = "mlflow_tracking_uri must be null or an http(s) address without credentials, such as \"https://mlflow.example.com\"."
  }
}

variable "mlflow_artifact_bucket" {
  description = "Bucket where the MLflow server keeps artifacts, if jobs must reach it themselves; null where the server proxies them."
  type        = string
  default     = null

  validation {
    condition     = var.mlflow_artifact_bucket == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.mlflow_artifact_bucket))
    error_message = "mlflow_artifact_bucket must be null or the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens."
  }
}

variable "mlflow_artifact_kms_key_arn" {
  description = "ARN of the key of that bucket, if it is not AWS's own."
  type        = string
  default     = null

  validation {
    condition     = var.mlflow_artifact_kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.mlflow_artifact_kms_key_arn))
    error_message = "mlflow_artifact_kms_key_arn must be null or arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "mlflow_cidrs" {
  description = "Where the server of mlflow_tracking_uri is; jobs reach its port there and nowhere else."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.mlflow_cidrs : can(cidrnetmask(cidr))])
    error_message = "mlflow_cidrs must be blocks of IPv4 addresses, such as [\"10.70.0.0/16\"]."
  }

  validation {
    condition     = var.mlflow_tracking_uri == null || length(var.mlflow_cidrs) > 0
    error_message = "mlflow_cidrs must say where the server of mlflow_tracking_uri is."
  }
}

variable "kafka_bootstrap_servers" {
  description = "Brokers to begin with: host:port, separated by commas."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9.-]+:[0-9]{1,5}(,[A-Za-z0-9.-]+:[0-9]{1,5})*$", var.kafka_bootstrap_servers))
    error_message = "kafka_bootstrap_servers must name at least one broker as host:port, several separated by commas without blanks, such as \"b-1.example.com:9098,b-2.example.com:9098\"."
  }

  validation {
    condition     = alltrue([for port in regexall(":([0-9]+)", var.kafka_bootstrap_servers) : tonumber(port[0]) > 0 && tonumber(port[0]) < 65536])
    error_message = "kafka_bootstrap_servers must have ports from 1 to 65535."
  }
}

# ── Images ───────────────────────────────────────────────────────────────────────────────────────

variable "training_image_uri" {
  description = "Image of the training job in ECR; `deno task build-push` writes it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com/[a-z0-9][a-z0-9._/-]*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|@sha256:[0-9a-f]{64})$", var.training_image_uri))
    error_message = "training_image_uri must be an image in ECR with a digest or a tag: ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY@sha256:DIGEST."
  }
}

variable "inference_image_uri" {
  description = "Image of the inference job in ECR; `deno task build-push` writes it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com/[a-z0-9][a-z0-9._/-]*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|@sha256:[0-9a-f]{64})$", var.inference_image_uri))
    error_message = "inference_image_uri must be an image in ECR with a digest or a tag: ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY@sha256:DIGEST."
  }
}

# ── Training ─────────────────────────────────────────────────────────────────────────────────────

variable "training_instance_type" {
  description = "Instance type of the training pipeline's jobs."
  type        = string
  default     = "ml.m5.large"
  nullable    = false

  validation {
    condition     = can(regex("^ml\\.[a-z][a-z0-9-]*\\.[a-z0-9]+$", var.training_instance_type))
    error_message = "training_instance_type must be an instance type of SageMaker, such as \"ml.m5.large\"."
  }
}

variable "training_instance_count" {
  description = "Machines that grow the forest together."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.training_instance_count >= 1 && var.training_instance_count <= 20 && floor(var.training_instance_count) == var.training_instance_count
    error_message = "training_instance_count must be a whole number from 1 to 20."
  }
}

variable "training_search" {
  description = "Whether trainings search hyperparameters, as infra/definitions/training-search.json says, instead of taking training_hyperparameters; for classification."
  type        = bool
  default     = false
  nullable    = false
}

variable "training_use_spot" {
  description = "Whether training runs on spot instances; it goes on from its checkpoint after an interruption."
  type        = bool
  default     = false
  nullable    = false
}

variable "training_schedule_expression" {
  description = "When the training pipeline starts, in schedule_time_zone."
  type        = string
  default     = "cron(0 2 * * ? *)"
  nullable    = false

  validation {
    condition     = can(regex("^(cron\\((\\*|[0-5]?[0-9])([,/-][0-5]?[0-9])* (\\*|1?[0-9]|2[0-3])([,/-](1?[0-9]|2[0-3]))* ([0-9*,/LW-]+ [0-9A-Z*,/-]+ \\?|\\? [0-9A-Z*,/-]+ [0-9A-Z*,/#L-]+) [0-9*,/-]+\\)|rate\\([1-9][0-9]* (hours?|days?)\\))$", var.training_schedule_expression))
    error_message = "training_schedule_expression must be cron(MINUTE HOUR DAY-OF-MONTH MONTH DAY-OF-WEEK YEAR) with a ? for one of the days, such as \"cron(0 2 * * ? *)\", or rate(N hours|days)."
  }
}

variable "training_schedule_enabled" {
  description = "Whether the schedule starts the training pipeline."
  type        = bool
  default     = true
  nullable    = false
}

variable "training_expected_every_hours" {
  description = "Hours without a training that succeeded before the alarm goes off; a week at most, 0 for no alarm."
  type        = number
  default     = 26
  nullable    = false

  validation {
    condition     = var.training_expected_every_hours >= 0 && var.training_expected_every_hours <= 168 && floor(var.training_expected_every_hours) == var.training_expected_every_hours
    error_message = "training_expected_every_hours must be a whole number from 0 (no alarm) to 168."
  }
}

variable "training_label" {
  description = "Column of the training data that is learned."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s\"\\\\]{1,128}$", var.training_label))
    error_message = "training_label must be the name of a column: 1 to 128 characters without blanks, quotes and backslashes."
  }
}

variable "training_minimum_accuracy" {
  description = "Accuracy below which a model is not promoted, and below which the alarm goes off."
  type        = number
  default     = 0.7
  nullable    = false

  validation {
    condition     = var.training_minimum_accuracy >= 0 && var.training_minimum_accuracy <= 1
    error_message = "training_minimum_accuracy must be a number from 0 to 1."
  }
}

variable "training_minimum_roc_auc" {
  description = "Area under the ROC curve below which a model is not promoted."
  type        = number
  default     = 0.5
  nullable    = false

  validation {
    condition     = var.training_minimum_roc_auc >= 0 && var.training_minimum_roc_auc <= 1
    error_message = "training_minimum_roc_auc must be a number from 0 to 1."
  }
}

variable "training_approval" {
  description = "Whether a model that is good enough becomes the champion at once (auto), or waits for a person (manual)."
  type        = string
  default     = "auto"
  nullable    = false

  validation {
    condition     = contains(["auto", "manual"], var.training_approval)
    error_message = "training_approval must be auto or manual."
  }
}

variable "training_time_column" {
  description = "Column that orders the rows in time, by which they are split; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.training_time_column == null || can(regex("^[^\\s\"\\\\]{1,128}$", var.training_time_column))
    error_message = "training_time_column must be null or the name of a column: 1 to 128 characters without blanks, quotes and backslashes."
  }
}

variable "training_drop_columns" {
  description = "Columns that are no features."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for column in var.training_drop_columns : can(regex("^[^\\s\"\\\\,]{1,128}$", column))])
    error_message = "training_drop_columns must be names of columns: 1 to 128 characters without blanks, commas, quotes and backslashes."
  }
}

variable "training_hyperparameters" {
  description = "Hyperparameters of the training job; `deno task train --help` explains them."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for name in ["n_estimators", "max_depth", "model_name", "experiment_name"] : contains(keys(var.training_hyperparameters), name)])
    error_message = "training_hyperparameters must have n_estimators, max_depth, model_name and experiment_name."
  }

  validation {
    condition     = length(setsubtract(keys(var.training_hyperparameters), ["n_estimators", "max_depth", "model_name", "experiment_name", "min_samples_leaf", "max_features", "class_weight", "objective", "test_fraction", "seed", "gate_min_gain"])) == 0
    error_message = "training_hyperparameters may have n_estimators, max_depth, model_name, experiment_name, min_samples_leaf, max_features, class_weight, objective, test_fraction, seed and gate_min_gain."
  }

  validation {
    condition     = can(tonumber(var.training_hyperparameters.n_estimators) >= 1 && tonumber(var.training_hyperparameters.max_depth) >= 0) ? tonumber(var.training_hyperparameters.n_estimators) >= 1 && tonumber(var.training_hyperparameters.max_depth) >= 0 : false
    error_message = "training_hyperparameters must have n_estimators of at least \"1\" and max_depth of at least \"0\" (0: unlimited)."
  }
}

# ── Inference ────────────────────────────────────────────────────────────────────────────────────

variable "inference_instance_type" {
  description = "Instance type of the inference pipeline's jobs."
  type        = string
  default     = "ml.m5.large"
  nullable    = false

  validation {
    condition     = can(regex("^ml\\.[a-z][a-z0-9-]*\\.[a-z0-9]+$", var.inference_instance_type))
    error_message = "inference_instance_type must be an instance type of SageMaker, such as \"ml.m5.large\"."
  }
}

variable "inference_instance_count" {
  description = "Machines that score together, each a shard of the day's files."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.inference_instance_count >= 1 && var.inference_instance_count <= 20 && floor(var.inference_instance_count) == var.inference_instance_count
    error_message = "inference_instance_count must be a whole number from 1 to 20."
  }
}

variable "inference_schedule_expression" {
  description = "When the inference pipeline starts, in schedule_time_zone."
  type        = string
  default     = "cron(0 6 * * ? *)"
  nullable    = false

  validation {
    condition     = can(regex("^(cron\\((\\*|[0-5]?[0-9])([,/-][0-5]?[0-9])* (\\*|1?[0-9]|2[0-3])([,/-](1?[0-9]|2[0-3]))* ([0-9*,/LW-]+ [0-9A-Z*,/-]+ \\?|\\? [0-9A-Z*,/-]+ [0-9A-Z*,/#L-]+) [0-9*,/-]+\\)|rate\\([1-9][0-9]* (hours?|days?)\\))$", var.inference_schedule_expression))
    error_message = "inference_schedule_expression must be cron(MINUTE HOUR DAY-OF-MONTH MONTH DAY-OF-WEEK YEAR) with a ? for one of the days, such as \"cron(0 6 * * ? *)\", or rate(N hours|days)."
  }
}

variable "inference_schedule_enabled" {
  description = "Whether the schedule starts the inference pipeline."
  type        = bool
  default     = true
  nullable    = false
}

variable "inference_expected_every_hours" {
  description = "Hours without a run that succeeded before the alarm goes off; a week at most, 0 for no alarm."
  type        = number
  default     = 26
  nullable    = false

  validation {
    condition     = var.inference_expected_every_hours >= 0 && var.inference_expected_every_hours <= 168 && floor(var.inference_expected_every_hours) == var.inference_expected_every_hours
    error_message = "inference_expected_every_hours must be a whole number from 0 (no alarm) to 168."
  }
}

variable "inference_key_column" {
  description = "Column that becomes the key of each message."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s\"\\\\]{1,128}$", var.inference_key_column))
    error_message = "inference_key_column must be the name of a column: 1 to 128 characters without blanks, quotes and backslashes."
  }
}

variable "inference_batch_size" {
  description = "Rows that are scored and published together."
  type        = number
  default     = 10000
  nullable    = false

  validation {
    condition     = var.inference_batch_size >= 1 && var.inference_batch_size <= 1000000 && floor(var.inference_batch_size) == var.inference_batch_size
    error_message = "inference_batch_size must be a whole number from 1 to 1000000."
  }
}

variable "schedule_time_zone" {
  description = "Time zone of both schedules."
  type        = string
  default     = "UTC"
  nullable    = false

  validation {
    condition     = can(regex("^(UTC|[A-Z][A-Za-z_]+(/[A-Z][A-Za-z_+0-9-]+){1,2})$", var.schedule_time_zone))
    error_message = "schedule_time_zone must be \"UTC\" or a name of the IANA database, such as \"Europe/Berlin\"."
  }
}

# ── Kafka ────────────────────────────────────────────────────────────────────────────────────────

variable "kafka_output_topic" {
  description = "Topic of the predictions; TOPIC.dead-letter and TOPIC.runs belong to it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._-]{1,237}$", var.kafka_output_topic)) && !contains([".", ".."], var.kafka_output_topic)
    error_message = "kafka_output_topic must be 1 to 237 letters, digits, dots, underscores and hyphens."
  }
}

variable "kafka_security_protocol" {
  description = "How the brokers are spoken to."
  type        = string
  default     = "SASL_SSL"
  nullable    = false

  validation {
    condition     = contains(["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"], var.kafka_security_protocol)
    error_message = "kafka_security_protocol must be one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL."
  }
}

variable "kafka_sasl_mechanism" {
  description = "How the jobs sign in to the brokers, under SASL_SSL and SASL_PLAINTEXT."
  type        = string
  default     = "AWS_MSK_IAM"
  nullable    = false

  validation {
    condition     = contains(["AWS_MSK_IAM", "SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN"], var.kafka_sasl_mechanism)
    error_message = "kafka_sasl_mechanism must be one of AWS_MSK_IAM, SCRAM-SHA-256, SCRAM-SHA-512, PLAIN."
  }

  validation {
    condition     = var.kafka_sasl_mechanism != "AWS_MSK_IAM" || !startswith(var.kafka_security_protocol, "SASL") || var.kafka_cluster_arn != null
    error_message = "kafka_sasl_mechanism AWS_MSK_IAM needs kafka_cluster_arn, which the permissions name."
  }

  validation {
    condition     = var.kafka_sasl_mechanism == "AWS_MSK_IAM" || !startswith(var.kafka_security_protocol, "SASL") || var.kafka_secret_arn != null
    error_message = "kafka_sasl_mechanism SCRAM-SHA-256, SCRAM-SHA-512 and PLAIN must have kafka_secret_arn, where username and password are."
  }
}

variable "kafka_cluster_arn" {
  description = "ARN of the MSK cluster; null for brokers that are no MSK."
  type        = string
  default     = null

  validation {
    condition     = var.kafka_cluster_arn == null || can(regex("^arn:aws[a-z-]*:kafka:[a-z0-9-]+:[0-9]{12}:cluster/[A-Za-z0-9_-]+/[0-9a-f-]+$", var.kafka_cluster_arn))
    error_message = "kafka_cluster_arn must be null or arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/UUID."
  }
}

variable "kafka_secret_arn" {
  description = "ARN of the secret with username and password (Secrets Manager); null for AWS_MSK_IAM."
  type        = string
  default     = null

  validation {
    condition     = var.kafka_secret_arn == null || can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+$", var.kafka_secret_arn))
    error_message = "kafka_secret_arn must be null or arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME."
  }
}

variable "kafka_secret_kms_key_arn" {
  description = "ARN of the key that encrypts the secret, if it is not AWS's own."
  type        = string
  default     = null

  validation {
    condition     = var.kafka_secret_kms_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kafka_secret_kms_key_arn))
    error_message = "kafka_secret_kms_key_arn must be null or arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "kafka_broker_cidrs" {
  description = "Where the brokers are; jobs reach their ports there and nowhere else."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.kafka_broker_cidrs) > 0 && alltrue([for cidr in var.kafka_broker_cidrs : can(cidrnetmask(cidr))])
    error_message = "kafka_broker_cidrs must name at least one block of IPv4 addresses, such as [\"10.60.0.0/16\"]."
  }
}

# ── Network ──────────────────────────────────────────────────────────────────────────────────────

variable "network_egress" {
  description = "How jobs leave: endpoints (no internet), nat (internet through NAT gateways) or existing (the routes of an existing VPC)."
  type        = string
  default     = "endpoints"
  nullable    = false

  validation {
    condition     = contains(["endpoints", "nat", "existing"], var.network_egress)
    error_message = "network_egress must be one of endpoints, nat, existing."
  }
}

variable "vpc_cidr" {
  description = "Addresses of the VPC that is made; not used with network_egress = \"existing\"."
  type        = string
  default     = "10.40.0.0/16"
  nullable    = false

  validation {
    condition     = can(cidrnetmask(var.vpc_cidr)) && can(regex("/(1[6-9]|2[0-2])$", var.vpc_cidr))
    error_message = "vpc_cidr must be a block of IPv4 addresses from /16 to /22, such as \"10.40.0.0/16\"."
  }
}

variable "availability_zone_count" {
  description = "Availability zones with a private subnet each."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = contains([1, 2, 3], var.availability_zone_count)
    error_message = "availability_zone_count must be 1, 2 or 3."
  }
}

variable "existing_vpc_id" {
  description = "VPC to use with network_egress = \"existing\"."
  type        = string
  default     = null

  validation {
    condition     = var.existing_vpc_id == null || can(regex("^vpc-[0-9a-f]{8,17}$", var.existing_vpc_id))
    error_message = "existing_vpc_id must be null or the id of a VPC, such as \"vpc-0123456789abcdef0\"."
  }

  validation {
    condition     = (var.network_egress == "existing") == (var.existing_vpc_id != null)
    error_message = "existing_vpc_id must be set with network_egress = \"existing\", and only then."
  }
}

variable "existing_subnet_ids" {
  description = "Private subnets to use with network_egress = \"existing\"."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for id in var.existing_subnet_ids : can(regex("^subnet-[0-9a-f]{8,17}$", id))])
    error_message = "existing_subnet_ids must be ids of subnets, such as [\"subnet-0123456789abcdef0\"]."
  }

  validation {
    condition     = (var.network_egress == "existing") == (length(var.existing_subnet_ids) > 0)
    error_message = "existing_subnet_ids must be set with network_egress = \"existing\", and only then."
  }
}

variable "broker_peering_connection_id" {
  description = "VPC peering connection that leads to the brokers; null where none does."
  type        = string
  default     = null

  validation {
    condition     = var.broker_peering_connection_id == null || can(regex("^pcx-[0-9a-f]{8,17}$", var.broker_peering_connection_id))
    error_message = "broker_peering_connection_id must be null or the id of a VPC peering connection, such as \"pcx-0123456789abcdef0\"."
  }
}

# ── Watching ─────────────────────────────────────────────────────────────────────────────────────

variable "alarm_emails" {
  description = "Who is told when something fails; each has to confirm once."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for email in var.alarm_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", email))])
    error_message = "alarm_emails must be addresses such as [\"team@example.com\"]."
  }
}

variable "consumer_groups" {
  description = "Groups that read the predictions, whose lag is watched; needs an MSK cluster."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for group in var.consumer_groups : can(regex("^[^\\s\"]{1,255}$", group))])
    error_message = "consumer_groups must be names of 1 to 255 characters without blanks and quotes."
  }
}

variable "maximum_model_age_days" {
  description = "Days since the champion was made after which alarm_emails are told."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.maximum_model_age_days >= 1
    error_message = "maximum_model_age_days must be 1 or more."
  }
}

variable "monthly_budget_usd" {
  description = "Costs a month, in US dollars, above which alarm_emails are told; 0 for no budget."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.monthly_budget_usd >= 0
    error_message = "monthly_budget_usd must be 0 (no budget) or more."
  }
}

variable "log_retention_days" {
  description = "Days that the environment's own log groups are kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, as CloudWatch has it."
  }
}

variable "otlp_endpoint" {
  description = "Collector that the jobs send OpenTelemetry's traces to, by HTTP; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.otlp_endpoint == null || can(regex("^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^ ]*)?$", var.otlp_endpoint))
    error_message = "otlp_endpoint must be null or an http(s) address without credentials, such as \"http://collector.example.com:4318\"."
  }
}

variable "otlp_cidrs" {
  description = "Where the collector of otlp_endpoint is."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.otlp_cidrs : can(cidrnetmask(cidr))])
    error_message = "otlp_cidrs must be blocks of IPv4 addresses, such as [\"10.80.0.0/16\"]."
  }
}

# ── Who may deploy ───────────────────────────────────────────────────────────────────────────────

variable "github_repository" {
  description = "Repository whose GitHub Actions get roles here; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.github_repository == null || can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github_repository))
    error_message = "github_repository must be null or OWNER/NAME."
  }
}

variable "owner" {
  description = "Who answers for this; a tag of everything."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9 _.:/=+@-]{1,128}$", var.owner))
    error_message = "owner must be 1 to 128 letters, digits, blanks and any of _ . : / = + @ -."
  }
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds every role; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/.+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn must be null or arn:aws:iam::ACCOUNT:policy/NAME."
  }
}
