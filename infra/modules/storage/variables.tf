variable "name" {
  description = "First part of all names, such as ml-platform-staging."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,33}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 35 lower-case letters, digits and hyphens, beginning with a letter: buckets are named after it."
  }
}

variable "account_id" {
  description = "AWS account, which makes the buckets' names unique."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be 12 digits."
  }
}

variable "force_destroy" {
  description = "Whether destroying a bucket deletes what is in it; never in production."
  type        = bool
  default     = false
  nullable    = false
}

variable "key_deletion_days" {
  description = "Days in which the deletion of a key can be taken back."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.key_deletion_days >= 7 && var.key_deletion_days <= 30
    error_message = "key_deletion_days must be from 7 to 30, as KMS has it."
  }
}

variable "noncurrent_version_days" {
  description = "Days that overwritten and deleted objects are kept."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.noncurrent_version_days >= 1 && var.noncurrent_version_days <= 3650
    error_message = "noncurrent_version_days must be from 1 to 3650."
  }
}

variable "checkpoint_days" {
  description = "Days that the checkpoints of trainings are kept."
  type        = number
  default     = 14
  nullable    = false

  validation {
    condition     = var.checkpoint_days >= 1 && var.checkpoint_days <= 365
    error_message = "checkpoint_days must be from 1 to 365."
  }
}

variable "access_log_days" {
  description = "Days that the logs of access to the buckets are kept."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.access_log_days >= 1 && var.access_log_days <= 3650
    error_message = "access_log_days must be from 1 to 3650."
  }
}

variable "replication" {
  description = "Where the data bucket is copied to, in another region or account; null for nowhere."
  type = object({
    bucket_arn  = string
    kms_key_arn = string
  })
  default = null

  validation {
    condition     = var.replication == null || can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9.-]+$", var.replication.bucket_arn)) && can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.replication.kms_key_arn))
    error_message = "replication must be null or { bucket_arn = \"arn:aws:s3:::NAME\", kms_key_arn = \"arn:aws:kms:REGION:ACCOUNT:key/ID\" }."
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
