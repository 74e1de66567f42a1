output "arn" {
  description = "ARN of the schedule."
  value       = aws_scheduler_schedule.this.arn
}

output "queue_name" {
  description = "Queue of what could not be started."
  value       = aws_sqs_queue.not_started.name
}
