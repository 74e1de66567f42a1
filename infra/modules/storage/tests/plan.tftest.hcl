# Plans with the provider itself, which asks AWS for nothing here; ids that only AWS gives are given.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  name       = "ml-platform-staging"
  account_id = "123456789012"
}

override_resource {
  target          = aws_kms_key.data
  override_during = plan
  values = {
    arn = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000001"
  }
}

override_resource {
  target          = aws_kms_key.events
  override_during = plan
  values = {
    arn = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000002"
  }
}

run "buckets_are_closed_versioned_encrypted_and_logged" {
  command = plan

  assert {
    condition     = alltrue([for block in values(aws_s3_bucket_public_access_block.this) : block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets])
    error_message = "A bucket is open to the public."
  }

  assert {
    condition     = length(aws_s3_bucket.this) == 2 && length(aws_s3_bucket_versioning.this) == 2 && alltrue([for one in values(aws_s3_bucket_versioning.this) : one.versioning_configuration[0].status == "Enabled"])
    error_message = "A bucket keeps no versions."
  }

  assert {
    condition     = alltrue([for one in values(aws_s3_bucket_server_side_encryption_configuration.this) : alltrue([for rule in one.rule : alltrue([for use in rule.apply_server_side_encryption_by_default : use.sse_algorithm == "aws:kms" && use.kms_master_key_id == aws_kms_key.data.arn])])])
    error_message = "A bucket is not encrypted with the data key."
  }

  assert {
    condition     = alltrue([for one in values(aws_s3_bucket_logging.this) : one.target_prefix != ""])
    error_message = "Access to a bucket is not logged."
  }

  assert {
    condition     = aws_s3_bucket.this["data"].bucket == "ml-platform-staging-data-123456789012" && !aws_s3_bucket.this["data"].force_destroy
    error_message = "The data bucket has another name, or would be emptied."
  }
}

run "buckets_take_tls_and_their_own_key_only" {
  command = plan

  assert {
    condition     = alltrue([for policy in values(data.aws_iam_policy_document.bucket) : anytrue([for one in policy.statement : one.sid == "TlsOnly" && anytrue([for condition in one.condition : condition.variable == "aws:SecureTransport" && contains(condition.values, "false")])])])
    error_message = "A bucket takes requests in clear text."
  }

  assert {
    condition     = alltrue([for policy in values(data.aws_iam_policy_document.bucket) : anytrue([for one in policy.statement : one.sid == "OwnKeyOnly" && anytrue([for condition in one.condition : condition.test == "StringNotEquals" && contains(condition.values, aws_kms_key.data.arn)])])])
    error_message = "A bucket takes objects under another key."
  }

  assert {
    condition     = alltrue([for policy in values(data.aws_iam_policy_document.bucket) : alltrue([for one in policy.statement : one.effect == "Deny"])])
    error_message = "The policy of a bucket allows somebody something."
  }
}

run "keys_rotate_and_services_use_them_for_this_account_only" {
  command = plan

  assert {
    condition     = aws_kms_key.data.enable_key_rotation && aws_kms_key.events.enable_key_rotation && aws_kms_key.data.deletion_window_in_days == 30
    error_message = "A key does not rotate, or is gone too soon."
  }

  assert {
    condition     = [for one in jsondecode(aws_kms_key.events.policy).Statement : one if one.Sid == "ServicesSendMessages"][0].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "A service may use the key for another account."
  }
}

run "replication_is_a_choice" {
  command = plan

  assert {
    condition     = length(aws_s3_bucket_replication_configuration.data) == 0 && length(aws_iam_role.replication) == 0
    error_message = "Data is copied though nobody asked for it."
  }
}

run "replication_copies_data_under_the_other_key" {
  command = plan

  variables {
    replication = { bucket_arn = "arn:aws:s3:::copy", kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000001" }
  }

  assert {
    condition     = alltrue([for rule in aws_s3_bucket_replication_configuration.data[0].rule : alltrue([for to in rule.destination : to.bucket == "arn:aws:s3:::copy"])])
    error_message = "Data is copied elsewhere."
  }

  assert {
    condition     = anytrue([for one in data.aws_iam_policy_document.replication[0].statement : one.sid == "WriteCopies" && join(",", one.resources) == "arn:aws:s3:::copy/*"])
    error_message = "The role writes elsewhere."
  }
}
