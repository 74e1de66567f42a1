output "data_bucket" {
  description = "Name of the bucket with the data sets."
  value       = aws_s3_bucket.this["data"].id
}

output "data_bucket_arn" {
  description = "ARN of the bucket with the data sets."
  value       = aws_s3_bucket.this["data"].arn
}

output "artifact_bucket" {
  description = "Name of the bucket with models, reports, checkpoints and the state of runs."
  value       = aws_s3_bucket.this["artifacts"].id
}

output "artifact_bucket_arn" {
  description = "ARN of the bucket with models, reports, checkpoints and the state of runs."
  value       = aws_s3_bucket.this["artifacts"].arn
}

output "data_key_arn" {
  description = "ARN of the key of buckets, volumes and outputs."
  value       = aws_kms_key.data.arn
}

output "events_key_arn" {
  description = "ARN of the key of topics, queues and log groups."
  value       = aws_kms_key.events.arn
}

output "bucket_names" {
  description = "Names of all buckets, access logs included."
  value       = concat([for bucket in aws_s3_bucket.this : bucket.id], [aws_s3_bucket.access_logs.id])
}
