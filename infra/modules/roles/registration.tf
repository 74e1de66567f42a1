# Jobs that register a trained model and make it the champion. They read what training left, and change
# nothing but the registry.

data "aws_iam_policy_document" "registration" {
  source_policy_documents = [
    data.aws_iam_policy_document.job.json,
    data.aws_iam_policy_document.mlflow_read.json,
    data.aws_iam_policy_document.mlflow_log.json,
    data.aws_iam_policy_document.mlflow_register.json,
  ]

  # Registration is a command of the training image.
  statement {
    sid       = "PullImage"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = [var.training_repository_arn]
  }

  # The model and its evaluation, and the data that a champion is measured on.
  statement {
    sid     = "ReadModel"
    actions = ["s3:GetObject"]
    resources = [
      "${var.artifact_bucket_arn}/evaluation/*",
      "${var.artifact_bucket_arn}/training/*",
      "${var.data_bucket_arn}/datasets/training/*",
      "${var.data_bucket_arn}/verification/*",
    ]
  }

  statement {
    # SageMaker lists what it copies to the job.
    sid       = "ListInputs"
    actions   = ["s3:ListBucket"]
    resources = [var.artifact_bucket_arn, var.data_bucket_arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["datasets/training", "datasets/training/*", "evaluation/*", "training/*", "verification/*"]
    }
  }
}
