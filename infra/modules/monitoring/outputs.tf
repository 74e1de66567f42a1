output "topic_arn" {
  description = "Topic of all alarms, for more subscribers."
  value       = aws_sns_topic.alarms.arn
}

output "dashboard_name" {
  description = "Dashboard in CloudWatch."
  value       = aws_cloudwatch_dashboard.this.dashboard_name
}

output "rule_names" {
  description = "Rules that keep every change of state, each in the log group /aws/events/rule/NAME."
  value       = [for rule in aws_cloudwatch_event_rule.all : rule.name]
}

output "alarm_names" {
  description = "All alarms."
  value = sort(concat(
    [for alarm in aws_cloudwatch_metric_alarm.failed : alarm.alarm_name],
    [for alarm in aws_cloudwatch_metric_alarm.missing : alarm.alarm_name],
    [for alarm in aws_cloudwatch_metric_alarm.not_started : alarm.alarm_name],
    [for alarm in aws_cloudwatch_metric_alarm.job : alarm.alarm_name],
    [for alarm in aws_cloudwatch_metric_alarm.lag : alarm.alarm_name],
  ))
}
