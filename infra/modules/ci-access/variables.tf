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
  description = "Environment, and the GitHub Environment whose approval apply and run need."
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

variable "oidc_provider_arn" {
  description = "GitHub's OIDC provider in this account, which infra/account makes or adopts."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/token\\.actions\\.githubusercontent\\.com$", var.oidc_provider_arn))
    error_message = "oidc_provider_arn must be arn:aws:iam::ACCOUNT:oidc-provider/token.actions.githubusercontent.com."
  }
}

variable "repository" {
  description = "Repository whose workflows get the roles."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.repository))
    error_message = "repository must be OWNER/NAME, without wildcards."
  }
}

variable "branch" {
  description = "Branch whose workflows may build images."
  type        = string
  default     = "main"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._/-]+$", var.branch))
    error_message = "branch must be the name of a branch, without wildcards."
  }
}

variable "state_bucket" {
  description = "Bucket of the Terraform state."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.state_bucket))
    error_message = "state_bucket must be the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens."
  }
}

variable "state_key_alias" {
  description = "Alias of the key that encrypts the Terraform state."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^alias/[A-Za-z0-9/_-]+$", var.state_key_alias))
    error_message = "state_key_alias must be alias/NAME."
  }
}

variable "repository_arns" {
  description = "ECR repositories that builds push to."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.repository_arns) > 0 && alltrue([for arn in var.repository_arns : can(regex("^arn:aws[a-z-]*:ecr:[a-z0-9-]+:[0-9]{12}:repository/.+$", arn))])
    error_message = "repository_arns must be at least one arn:aws:ecr:REGION:ACCOUNT:repository/NAME."
  }
}

variable "pipeline_names" {
  description = "Pipelines that runs start and follow."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.pipeline_names) > 0 && alltrue([for name in var.pipeline_names : can(regex("^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}$", name))])
    error_message = "pipeline_names must be at least one name of letters, digits and hyphens."
  }
}

variable "data_bucket_arn" {
  description = "Bucket where runs put test data."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9.-]{3,63}$", var.data_bucket_arn))
    error_message = "data_bucket_arn must be arn:aws:s3:::NAME."
  }
}

variable "artifact_bucket_arn" {
  description = "Bucket where runs read reports."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9.-]{3,63}$", var.artifact_bucket_arn))
    error_message = "artifact_bucket_arn must be arn:aws:s3:::NAME."
  }
}

variable "data_key_arn" {
  description = "Key of both buckets."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.data_key_arn))
    error_message = "data_key_arn must be arn:aws:kms:REGION:ACCOUNT:key/ID."
  }
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds every role, and that apply must put on every role it makes; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/.+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn must be null or arn:aws:iam::ACCOUNT:policy/NAME."
  }
}

variable "run_policies" {
  description = "More policies of run, as JSON: what measuring the champion again needs (evaluation_policies of the module roles)."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for policy in var.run_policies : can(jsondecode(policy))])
    error_message = "run_policies must be policies as JSON."
  }
}
