# Jobs that check the data, train and evaluate. They register nothing and reach no broker.

data "aws_iam_policy_document" "training" {
  source_policy_documents = [
    data.aws_iam_policy_document.job.json,
    data.aws_iam_policy_document.mlflow_read.json,
    data.aws_iam_policy_document.mlflow_log.json,
  ]

  # Its own image only.
  statement {
    sid       = "PullImage"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = [var.training_repository_arn]
  }

  # Data to train on is read, never changed; so is that of a deployment's verification.
  statement {
    sid       = "ReadTrainingData"
    actions   = ["s3:GetObject", "s3:GetObjectVersion"]
    resources = [for folder in ["datasets/training", "verification"] : "${var.data_bucket_arn}/${folder}/*"]
  }

  statement {
    # A data set is a folder, which has to be listed.
    sid       = "ListTrainingData"
    actions   = ["s3:ListBucket"]
    resources = [var.data_bucket_arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["datasets/training", "datasets/training/*", "verification/*"]
    }
  }

  # Models, reports, checkpoints, and where the hosts of a training meet. Checkpoints and shared work
  # are also taken away again.
  statement {
    sid     = "KeepArtifacts"
    actions = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
    resources = [
      for folder in ["checkpoints", "evaluation", "training", "work"] : "${var.artifact_bucket_arn}/${folder}/*"
    ]
  }

  statement {
    # SageMaker copies deletions in the folder of checkpoints; shared work ends with the training.
    sid       = "ForgetCheckpoints"
    actions   = ["s3:DeleteObject"]
    resources = [for folder in ["checkpoints", "work"] : "${var.artifact_bucket_arn}/${folder}/*"]
  }

  statement {
    # SageMaker lists what it uploads and restores.
    sid       = "ListArtifacts"
    actions   = ["s3:GetBucketLocation", "s3:ListBucket"]
    resources = [var.artifact_bucket_arn]
  }
}
