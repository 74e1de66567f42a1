variable "name" {
  description = "First part of all names: PROJECT-ENVIRONMENT, such as ml-platform-staging."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,33}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 35 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "environment" {
  description = "Environment, which jobs carry as a tag and Kafka's names begin with."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,31}$", var.environment))
    error_message = "environment must be 1 to 32 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "account_id" {
  description = "AWS account of everything named here."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be 12 digits."
  }
}

variable "data_bucket_arn" {
  description = "Bucket with datasets/training/ and datasets/inference/."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9.-]{3,63}$", var.data_bucket_arn))
    error_message = "data_bucket_arn must be arn:aws:s3:::NAME."
  }
}

variable "artifact_bucket_arn" {
  description = "Bucket with training/, checkpoints/, work/, evaluation/, check/ and runs/."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9.-]{3,63}$", var.artifact_bucket_arn))
    error_message = "artifact_bucket_arn must be arn:aws:s3:::NAME."
  }
}

variable "data_key_arn" {
  description = "Key of the buckets, the jobs' volumes and outputs."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.data_key_arn))
    error_message = "data_key_arn must be arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "events_key_arn" {
  description = "Key of the queues that take what a schedule could not start."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.events_key_arn))
    error_message = "events_key_arn must be arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "training_repository_arn" {
  description = "ECR repository of the training image."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:ecr:[a-z0-9-]+:[0-9]{12}:repository/.+$", var.training_repository_arn))
    error_message = "training_repository_arn must be arn:aws:ecr:REGION:ACCOUNT:repository/NAME."
  }
}

variable "inference_repository_arn" {
  description = "ECR repository of the inference image."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:ecr:[a-z0-9-]+:[0-9]{12}:repository/.+$", var.inference_repository_arn))
    error_message = "inference_repository_arn must be arn:aws:ecr:REGION:ACCOUNT:repository/NAME."
  }
}

variable "subnet_ids" {
  description = "Subnets that jobs run in, and no others."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "subnet_ids must name at least one subnet."
  }
}

variable "security_group_id" {
  description = "Security group of the jobs."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.security_group_id) > 0
    error_message = "security_group_id must be the id of a security group, such as \"sg-0123456789abcdef0\"."
  }
}

variable "mlflow_tracking_server_arn" {
  description = "SageMaker MLflow tracking server; null where SageMaker does not manage it."
  type        = string
  default     = null

  validation {
    condition     = var.mlflow_tracking_server_arn == null || can(regex("^arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:[0-9]{12}:mlflow-(tracking-server|app)/.+$", var.mlflow_tracking_server_arn))
    error_message = "mlflow_tracking_server_arn must be null or arn:aws:sagemaker:REGION:ACCOUNT:mlflow-tracking-server/NAME."
  }
}

variable "mlflow_artifact_bucket" {
  description = "Bucket where the MLflow server keeps artifacts, which a client then reads and writes itself; null where the server proxies them."
  type        = string
  default     = null

  validation {
    condition     = var.mlflow_artifact_bucket == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.mlflow_artifact_bucket))
    error_message = "mlflow_artifact_bucket must be null or the name of a bucket."
  }
}

variable "mlflow_artifact_key_arn" {
  description = "Key of that bucket, if it is not AWS's own."
  type        = string
  default     = null

  validation {
    condition     = var.mlflow_artifact_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.mlflow_artifact_key_arn))
    error_message = "mlflow_artifact_key_arn must be null or arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "kafka_topic" {
  description = "Topic of the predictions; TOPIC.dead-letter and TOPIC.runs belong to it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._-]{1,237}$", var.kafka_topic)) && !contains([".", ".."], var.kafka_topic)
    error_message = "kafka_topic must be 1 to 237 letters, digits, dots, underscores and hyphens."
  }
}

variable "kafka_cluster_arn" {
  description = "MSK cluster whose access control is IAM's; null where it is not."
  type        = string
  default     = null

  validation {
    condition     = var.kafka_cluster_arn == null || can(regex("^arn:aws[a-z-]*:kafka:[a-z0-9-]+:[0-9]{12}:cluster/[A-Za-z0-9_-]+/[0-9a-f-]+$", var.kafka_cluster_arn))
    error_message = "kafka_cluster_arn must be null or arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/UUID."
  }
}

variable "kafka_secret_arn" {
  description = "Secret with username and password at the brokers; null where there is none."
  type        = string
  default     = null

  validation {
    condition     = var.kafka_secret_arn == null || can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+$", var.kafka_secret_arn))
    error_message = "kafka_secret_arn must be null or arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME."
  }
}

variable "kafka_secret_key_arn" {
  description = "Key that encrypts the secret, if it is not AWS's own."
  type        = string
  default     = null

  validation {
    condition     = var.kafka_secret_key_arn == null || can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kafka_secret_key_arn))
    error_message = "kafka_secret_key_arn must be null or arn:aws:kms:REGION:ACCOUNT:key/ID."
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
