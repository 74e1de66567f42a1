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
  repositories = ["ml-platform-training", "ml-platform-inference"]
  kms_key_arn  = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
}

run "images_are_immutable_scanned_and_encrypted" {
  command = plan

  assert {
    condition     = length(aws_ecr_repository.this) == 2 && alltrue([for one in values(aws_ecr_repository.this) : one.image_tag_mutability == "IMMUTABLE" && one.image_scanning_configuration[0].scan_on_push && one.encryption_configuration[0].encryption_type == "KMS" && !one.force_delete])
    error_message = "Images can be overwritten, are not scanned, or not encrypted."
  }

  assert {
    condition     = length(aws_ecr_repository_policy.readers) == 0
    error_message = "Others can read though nobody asked for it."
  }
}

run "images_of_prod_are_never_deleted" {
  command = plan

  variables {
    keep_staging_images = 5
  }

  assert {
    condition     = alltrue([for one in values(aws_ecr_lifecycle_policy.this) : jsondecode(one.policy).rules[0].selection.tagPatternList[0] == "prod-*" && jsondecode(one.policy).rules[0].selection.countNumber == 9999])
    error_message = "The first rule does not keep what prod has used."
  }

  assert {
    condition     = alltrue([for one in values(aws_ecr_lifecycle_policy.this) : jsondecode(one.policy).rules[1].selection.countNumber == 5])
    error_message = "Not the latest of staging are kept."
  }
}

run "other_accounts_only_pull" {
  command = plan

  variables {
    reader_account_ids = ["210987654321"]
  }

  assert {
    condition     = alltrue([for one in values(aws_ecr_repository_policy.readers) : !strcontains(one.policy, "Put") && jsondecode(one.policy).Statement[0].Principal.AWS == "arn:aws:iam::210987654321:root"])
    error_message = "Another account may push."
  }
}
