data "aws_partition" "current" {}

resource "aws_ecr_repository" "this" {
  for_each             = var.repositories
  name                 = each.key
  image_tag_mutability = "IMMUTABLE"
  force_delete         = var.force_delete

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = var.kms_key_arn
  }
}

resource "aws_ecr_lifecycle_policy" "this" {
  for_each   = aws_ecr_repository.this
  repository = each.value.name

  # A digest that prod uses has a tag prod-… as well; rule 1 has the first word on it and keeps all.
  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "Keep what prod has used"
        selection = {
          tagStatus      = "tagged"
          tagPatternList = ["prod-*"]
          countType      = "imageCountMoreThan"
          countNumber    = 9999
        }
        action = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "Keep the latest of staging"
        selection = {
          tagStatus      = "tagged"
          tagPatternList = ["staging-*"]
          countType      = "imageCountMoreThan"
          countNumber    = var.keep_staging_images
        }
        action = { type = "expire" }
      },
      {
        rulePriority = 3
        description  = "Forget images without a tag"
        selection = {
          tagStatus   = "untagged"
          countType   = "sinceImagePushed"
          countUnit   = "days"
          countNumber = var.untagged_days
        }
        action = { type = "expire" }
      },
    ]
  })
}

resource "aws_ecr_repository_policy" "readers" {
  for_each   = length(var.reader_account_ids) == 0 ? {} : aws_ecr_repository.this
  repository = each.value.name
  policy     = data.aws_iam_policy_document.readers[0].json
}

data "aws_iam_policy_document" "readers" {
  count = length(var.reader_account_ids) == 0 ? 0 : 1

  # A promotion copies the digest to the other account and never builds it again.
  statement {
    sid     = "OtherAccountsPull"
    actions = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]

    principals {
      type        = "AWS"
      identifiers = [for id in sort(var.reader_account_ids) : "arn:${data.aws_partition.current.partition}:iam::${id}:root"]
    }
  }
}
