output "vpc_id" {
  description = "VPC of the jobs."
  value       = local.vpc_id
}

output "subnet_ids" {
  description = "Private subnets of the jobs."
  value       = local.subnets
}

output "security_group_id" {
  description = "Security group of the jobs."
  value       = aws_security_group.jobs.id
}

output "endpoint_services" {
  description = "Service names of the interface endpoints that were made."
  value       = sort([for endpoint in aws_vpc_endpoint.interface : endpoint.service_name])
}
