variable "aws_account_id" {
  description = "AWS account to prepare; another account's credentials are refused."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.aws_account_id))
    error_message = "aws_account_id must be 12 digits, such as \"123456789012\"."
  }
}

variable "aws_region" {
  description = "AWS region of the environments."
  type        = string
  default     = "us-east-1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-gov)?-[a-z]+-[0-9]$", var.aws_region))
    error_message = "aws_region must be the code of a region, such as \"us-east-1\"."
  }
}

variable "project" {
  description = "First part of every name."
  type        = string
  default     = "ml-platform"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.project))
    error_message = "project must be 3 to 20 lower-case letters, digits and hyphens, beginning with a letter."
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

variable "log_retention_days" {
  description = "Days that the logs of SageMaker's jobs are kept."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, as CloudWatch has it."
  }
}

variable "adopt_log_groups" {
  description = "Whether SageMaker's log groups are there already, since a job ran here before; they are then taken over, not made."
  type        = bool
  default     = false
  nullable    = false
}

variable "adopt_oidc_provider" {
  description = "Whether GitHub's OIDC provider is there already; it is then taken over, not made."
  type        = bool
  default     = false
  nullable    = false
}

variable "image_reader_account_ids" {
  description = "Other accounts that may pull images, so that a promotion can copy them."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for id in var.image_reader_account_ids : can(regex("^[0-9]{12}$", id))])
    error_message = "image_reader_account_ids must be account ids of 12 digits."
  }
}
