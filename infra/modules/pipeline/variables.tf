variable "name" {
  description = "Name of the pipeline, such as ml-platform-staging-training."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}$", var.name))
    error_message = "name must be 1 to 256 letters, digits and hyphens, beginning and ending with a letter or digit."
  }
}

variable "description" {
  description = "What the pipeline does, for the console."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.description) >= 1 && length(var.description) <= 3072
    error_message = "description must be 1 to 3072 characters."
  }
}

variable "definition" {
  description = "The rendered definition, JSON; the environment calls templatefile, so that a module's version never freezes it."
  type        = string
  nullable    = false

  validation {
    condition     = try(jsondecode(var.definition).Version == "2020-12-01" && length(jsondecode(var.definition).Steps) > 0, false)
    error_message = "definition must be a pipeline definition: JSON of Version 2020-12-01 with at least one of Steps."
  }

  validation {
    condition     = length(var.definition) <= 1048576
    error_message = "definition must have at most 1048576 characters, as SageMaker has it."
  }

  validation {
    condition     = !can(regex("[$][{]", var.definition))
    error_message = "definition must be rendered: a placeholder is left in it. Render infra/definitions/*.json with templatefile."
  }
}

variable "role_arn" {
  description = "Role that SageMaker takes to run the pipeline."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$", var.role_arn))
    error_message = "role_arn must be arn:aws:iam::ACCOUNT:role/NAME."
  }
}

variable "max_parallel_steps" {
  description = "Steps of an execution that run at the same time."
  type        = number
  default     = 4
  nullable    = false

  validation {
    condition     = var.max_parallel_steps >= 1 && var.max_parallel_steps <= 50 && floor(var.max_parallel_steps) == var.max_parallel_steps
    error_message = "max_parallel_steps must be a whole number from 1 to 50."
  }
}
