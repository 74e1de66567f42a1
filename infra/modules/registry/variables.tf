variable "repositories" {
  description = "Names of the repositories, one per job."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.repositories) > 0 && alltrue([for name in var.repositories : can(regex("^[a-z0-9]+([._/-][a-z0-9]+)*$", name)) && length(name) >= 2 && length(name) <= 256])
    error_message = "repositories must be names of 2 to 256 lower-case letters and digits, parted by single . _ / or -."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the images."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "keep_staging_images" {
  description = "Images with a tag staging-… that are kept; those tagged prod-… are never deleted."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.keep_staging_images >= 1 && var.keep_staging_images <= 1000 && floor(var.keep_staging_images) == var.keep_staging_images
    error_message = "keep_staging_images must be a whole number from 1 to 1000."
  }
}

variable "untagged_days" {
  description = "Days that images without a tag are kept."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.untagged_days >= 1 && var.untagged_days <= 365
    error_message = "untagged_days must be from 1 to 365."
  }
}

variable "reader_account_ids" {
  description = "Other accounts that may pull, so that a promotion can copy an image to them."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for id in var.reader_account_ids : can(regex("^[0-9]{12}$", id))])
    error_message = "reader_account_ids must be account ids of 12 digits."
  }
}

variable "force_delete" {
  description = "Whether destroying a repository deletes its images."
  type        = bool
  default     = false
  nullable    = false
}
