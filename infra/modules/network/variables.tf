variable "name" {
  description = "First part of all names, such as ml-platform-staging."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,33}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 35 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "account_id" {
  description = "AWS account; its buckets alone are reached through the S3 endpoint."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be 12 digits."
  }
}

variable "egress" {
  description = "How jobs leave: endpoints (no internet), nat (internet through NAT gateways) or existing (the routes of an existing VPC)."
  type        = string
  default     = "endpoints"
  nullable    = false

  validation {
    condition     = contains(["endpoints", "nat", "existing"], var.egress)
    error_message = "egress must be one of endpoints, nat, existing."
  }
}

variable "vpc_cidr" {
  description = "Addresses of the VPC that is made."
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
  description = "VPC to adopt with egress = \"existing\"."
  type        = string
  default     = null

  validation {
    condition     = var.existing_vpc_id == null || can(regex("^vpc-[0-9a-f]{8,17}$", var.existing_vpc_id))
    error_message = "existing_vpc_id must be null or the id of a VPC, such as \"vpc-0123456789abcdef0\"."
  }

  validation {
    condition     = (var.egress == "existing") == (var.existing_vpc_id != null)
    error_message = "existing_vpc_id must be set with egress = \"existing\", and only then."
  }
}

variable "existing_subnet_ids" {
  description = "Private subnets to adopt with egress = \"existing\"."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for id in var.existing_subnet_ids : can(regex("^subnet-[0-9a-f]{8,17}$", id))])
    error_message = "existing_subnet_ids must be ids of subnets, such as [\"subnet-0123456789abcdef0\"]."
  }

  validation {
    condition     = (var.egress == "existing") == (length(var.existing_subnet_ids) > 0)
    error_message = "existing_subnet_ids must be set with egress = \"existing\", and only then."
  }
}

variable "broker_cidrs" {
  description = "Where Kafka's brokers are."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.broker_cidrs) > 0 && alltrue([for cidr in var.broker_cidrs : can(cidrnetmask(cidr))])
    error_message = "broker_cidrs must name at least one block of IPv4 addresses, such as [\"10.60.0.0/16\"]."
  }
}

variable "broker_ports" {
  description = "Ports of Kafka's brokers."
  type        = set(number)
  nullable    = false

  validation {
    condition     = length(var.broker_ports) > 0 && alltrue([for port in var.broker_ports : port >= 1 && port <= 65535 && floor(port) == port])
    error_message = "broker_ports must name at least one port from 1 to 65535."
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

variable "interface_endpoints" {
  description = "Services of AWS that jobs reach without the internet, as the last part of com.amazonaws.REGION.SERVICE."
  type        = set(string)
  default     = ["sagemaker.api", "sagemaker.runtime", "ecr.api", "ecr.dkr", "logs", "monitoring", "sts", "kms", "secretsmanager", "events"]
  nullable    = false

  validation {
    condition     = alltrue([for service in var.interface_endpoints : can(regex("^[a-z0-9][a-z0-9.-]+$", service))])
    error_message = "interface_endpoints must be names of services, such as [\"logs\", \"ecr.api\"]."
  }
}

variable "mlflow_endpoint_service" {
  description = "Service name of SageMaker MLflow's interface endpoint; %s stands for the region. Empty for no endpoint."
  type        = string
  default     = "aws.sagemaker.%s.experiments"
  nullable    = false

  validation {
    condition     = var.mlflow_endpoint_service == "" || can(regex("^[a-z0-9.%-]+$", var.mlflow_endpoint_service))
    error_message = "mlflow_endpoint_service must be empty or a service name such as \"aws.sagemaker.%s.experiments\"."
  }
}

variable "mlflow_tracking_uri" {
  description = "Address of an MLflow server that SageMaker does not manage; null where SageMaker does."
  type        = string
  default     = null

  validation {
    condition     = var.mlflow_tracking_uri == null || can(regex("^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^ ]*)?$", var.mlflow_tracking_uri))
    error_message = "mlflow_tracking_uri must be null or an http(s) address without credentials, such as \"https://mlflow.example.com\"."
  }
}

variable "mlflow_cidrs" {
  description = "Where an MLflow server is that SageMaker does not manage."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.mlflow_cidrs : can(cidrnetmask(cidr))])
    error_message = "mlflow_cidrs must be blocks of IPv4 addresses, such as [\"10.70.0.0/16\"]."
  }
}

variable "otlp_endpoint" {
  description = "Address of the collector of traces; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.otlp_endpoint == null || can(regex("^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^ ]*)?$", var.otlp_endpoint))
    error_message = "otlp_endpoint must be null or an http(s) address without credentials, such as \"http://collector.example.com:4318\"."
  }
}

variable "otlp_cidrs" {
  description = "Where the collector of traces is."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.otlp_cidrs : can(cidrnetmask(cidr))])
    error_message = "otlp_cidrs must be blocks of IPv4 addresses, such as [\"10.80.0.0/16\"]."
  }
}

variable "log_retention_days" {
  description = "Days that the flow log is kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, as CloudWatch has it."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the flow log."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be arn:aws:kms:REGION:ACCOUNT:key/ID."
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
