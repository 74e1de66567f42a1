variable "pipeline_name" {
  description = "Pipeline to start, such as ml-platform-staging-training; the token of a start begins with it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9](-*[a-zA-Z0-9]){10,63}$", var.pipeline_name))
    error_message = "pipeline_name must be 11 to 64 letters, digits and hyphens: with the slot it makes a token of 32 to 128 characters."
  }
}

variable "group_name" {
  description = "Group of schedules, which the role trusts."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9a-zA-Z._-]{1,64}$", var.group_name))
    error_message = "group_name must be 1 to 64 letters, digits and any of . _ -."
  }
}

variable "expression" {
  description = "When: cron(…) with six fields or rate(…)."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(cron\\((\\*|[0-5]?[0-9])([,/-][0-5]?[0-9])* (\\*|1?[0-9]|2[0-3])([,/-](1?[0-9]|2[0-3]))* ([0-9*,/LW-]+ [0-9A-Z*,/-]+ \\?|\\? [0-9A-Z*,/-]+ [0-9A-Z*,/#L-]+) [0-9*,/-]+\\)|rate\\([1-9][0-9]* (hours?|days?)\\))$", var.expression))
    error_message = "expression must be cron(MINUTE HOUR DAY-OF-MONTH MONTH DAY-OF-WEEK YEAR) with a ? for one of the days, such as \"cron(0 2 * * ? *)\", or rate(N hours|days)."
  }
}

variable "time_zone" {
  description = "Time zone of the expression."
  type        = string
  default     = "UTC"
  nullable    = false

  validation {
    condition     = can(regex("^(UTC|[A-Z][A-Za-z_]+(/[A-Z][A-Za-z_+0-9-]+){1,2})$", var.time_zone))
    error_message = "time_zone must be \"UTC\" or a name of the IANA database, such as \"Europe/Berlin\"."
  }
}

variable "enabled" {
  description = "Whether it starts anything."
  type        = bool
  default     = true
  nullable    = false
}

variable "role_arn" {
  description = "Role that starts the pipeline."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$", var.role_arn))
    error_message = "role_arn must be arn:aws:iam::ACCOUNT:role/NAME."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the schedule and its dead-letter queue."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "slot_parameters" {
  description = "Parameters of the pipeline that get the scheduled time."
  type        = list(string)
  default     = ["RunId"]
  nullable    = false

  validation {
    condition     = alltrue([for name in var.slot_parameters : can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$", name))])
    error_message = "slot_parameters must be names of parameters of 1 to 64 letters, digits, _ and -."
  }
}

variable "parameters" {
  description = "Other parameters of the pipeline, where its defaults do not do."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name, value in var.parameters : can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$", name)) && length(value) <= 1024])
    error_message = "parameters must have names of 1 to 64 letters, digits, _ and -, and values of at most 1024 characters."
  }
}

variable "retry_attempts" {
  description = "How often a start that failed is tried again; AWS's own default is 185 times in a day."
  type        = number
  default     = 3
  nullable    = false

  validation {
    condition     = var.retry_attempts >= 0 && var.retry_attempts <= 20 && floor(var.retry_attempts) == var.retry_attempts
    error_message = "retry_attempts must be a whole number from 0 to 20."
  }
}
