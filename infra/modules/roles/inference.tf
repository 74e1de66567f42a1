# Jobs that check a day's data, score it and announce the run. They read the registry, and change nothing
# in it.

data "aws_iam_policy_document" "inference" {
  source_policy_documents = [
    data.aws_iam_policy_document.job.json,
    data.aws_iam_policy_document.mlflow_read.json,
    data.aws_iam_policy_document.kafka.json,
  ]

  # Its own image only.
  statement {
    sid       = "PullImage"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = [var.inference_repository_arn]
  }

  # Data to score is read, never changed; a manifest names versions. So is that of a
  # deployment's verification.
  statement {
    sid       = "ReadInferenceData"
    actions   = ["s3:GetObject", "s3:GetObjectVersion"]
    resources = [for folder in ["datasets/inference", "verification"] : "${var.data_bucket_arn}/${folder}/*"]
  }

  statement {
    # A day is a folder, which has to be listed.
    sid       = "ListInferenceData"
    actions   = ["s3:ListBucket"]
    resources = [var.data_bucket_arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["datasets/inference", "datasets/inference/*", "verification/*"]
    }
  }

  # Manifests and states of runs, which are written once and never deleted, and reports of checks.
  statement {
    sid       = "KeepRuns"
    actions   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
    resources = ["${var.artifact_bucket_arn}/check/*", "${var.artifact_bucket_arn}/runs/*"]
  }

  statement {
    # The completion check looks at all shards of a run.
    sid       = "ListRuns"
    actions   = ["s3:GetBucketLocation", "s3:ListBucket"]
    resources = [var.artifact_bucket_arn]
  }
}
