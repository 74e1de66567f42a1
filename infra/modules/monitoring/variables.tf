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
  description = "Environment, by whose tag costs are counted."
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

variable "pipelines" {
  description = "Pipelines to watch: their name by training and inference, and the hours within which each has to succeed once (0: never asked for)."
  type = map(object({
    name        = string
    queue_name  = string
    every_hours = number
  }))
  nullable = false

  validation {
    condition     = length(setsubtract(keys(var.pipelines), ["training", "inference"])) == 0 && length(var.pipelines) == 2
    error_message = "pipelines must have training and inference."
  }

  validation {
    condition     = alltrue([for pipeline in var.pipelines : pipeline.every_hours >= 0 && pipeline.every_hours <= 168 && floor(pipeline.every_hours) == pipeline.every_hours])
    error_message = "pipelines must have every_hours of a whole number from 0 (not asked for) to 168."
  }
}

variable "model_name" {
  description = "Registered model, a dimension of the jobs' metrics."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^\\s\"/:]{1,256}$", var.model_name))
    error_message = "model_name must be 1 to 256 characters without blanks, quotes, slashes and colons."
  }
}

variable "minimum_accuracy" {
  description = "Accuracy of a trained model below which the alarm goes off."
  type        = number
  nullable    = false

  validation {
    condition     = var.minimum_accuracy >= 0 && var.minimum_accuracy <= 1
    error_message = "minimum_accuracy must be a number from 0 to 1."
  }
}

variable "maximum_drifted_columns" {
  description = "Columns of a day that may have drifted before the alarm goes off."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.maximum_drifted_columns >= 0 && floor(var.maximum_drifted_columns) == var.maximum_drifted_columns
    error_message = "maximum_drifted_columns must be a whole number of 0 or more."
  }
}

variable "maximum_model_age_days" {
  description = "Days since the model that scores was made before the alarm goes off."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.maximum_model_age_days >= 1
    error_message = "maximum_model_age_days must be 1 or more."
  }
}

variable "maximum_dead_letters" {
  description = "Rows of a day that cannot be scored before the alarm goes off."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.maximum_dead_letters >= 0
    error_message = "maximum_dead_letters must be 0 or more."
  }
}

variable "kafka_cluster_name" {
  description = "MSK cluster, which measures the lag of consumers; null where there is none."
  type        = string
  default     = null

  validation {
    condition     = var.kafka_cluster_name == null || can(regex("^[A-Za-z0-9_-]{1,64}$", var.kafka_cluster_name))
    error_message = "kafka_cluster_name must be null or 1 to 64 letters, digits, _ and -."
  }
}

variable "kafka_topic" {
  description = "Topic of the predictions."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._-]{1,237}$", var.kafka_topic))
    error_message = "kafka_topic must be 1 to 237 letters, digits, dots, underscores and hyphens."
  }
}

variable "consumer_groups" {
  description = "Groups whose lag is watched."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for group in var.consumer_groups : can(regex("^[^\\s\"]{1,255}$", group))])
    error_message = "consumer_groups must be names of 1 to 255 characters without blanks and quotes."
  }

  validation {
    condition     = length(var.consumer_groups) == 0 || var.kafka_cluster_name != null
    error_message = "consumer_groups needs kafka_cluster_name: MSK alone measures lag."
  }
}

variable "maximum_consumer_lag" {
  description = "Messages a consumer may be behind before the alarm goes off."
  type        = number
  default     = 100000
  nullable    = false

  validation {
    condition     = var.maximum_consumer_lag >= 1
    error_message = "maximum_consumer_lag must be 1 or more."
  }
}

variable "alarm_emails" {
  description = "Who is told; each has to confirm once."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for email in var.alarm_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", email))])
    error_message = "alarm_emails must be addresses such as [\"team@example.com\"]."
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

  validation {
    condition     = var.monthly_budget_usd == 0 || length(var.alarm_emails) > 0
    error_message = "monthly_budget_usd needs alarm_emails: a budget tells somebody."
  }
}

variable "log_retention_days" {
  description = "Days that events are kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, as CloudWatch has it."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts notifications and logs."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}
