# Optional: a copy of the data bucket in another region or account.

resource "aws_iam_role" "replication" {
  count                = var.replication == null ? 0 : 1
  name                 = "${var.name}-replication"
  assume_role_policy   = data.aws_iam_policy_document.replication_trust[0].json
  permissions_boundary = var.permissions_boundary_arn
}

data "aws_iam_policy_document" "replication_trust" {
  count = var.replication == null ? 0 : 1

  # S3 copies, on behalf of this account's bucket only.
  statement {
    sid     = "S3Copies"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }
  }
}

resource "aws_iam_role_policy" "replication" {
  count  = var.replication == null ? 0 : 1
  name   = "replicate"
  role   = aws_iam_role.replication[0].id
  policy = data.aws_iam_policy_document.replication[0].json
}

data "aws_iam_policy_document" "replication" {
  count = var.replication == null ? 0 : 1

  # What is to be copied has to be found.
  statement {
    sid       = "FindObjects"
    actions   = ["s3:GetReplicationConfiguration", "s3:ListBucket"]
    resources = [aws_s3_bucket.this["data"].arn]
  }

  # It is read with its versions,
  statement {
    sid       = "ReadVersions"
    actions   = ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"]
    resources = ["${aws_s3_bucket.this["data"].arn}/*"]
  }

  # written to the copy, deletions included,
  statement {
    sid       = "WriteCopies"
    actions   = ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]
    resources = ["${var.replication.bucket_arn}/*"]
  }

  # decrypted with our key
  statement {
    sid       = "DecryptSource"
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.data.arn]
  }

  # and encrypted with the copy's.
  statement {
    sid       = "EncryptCopy"
    actions   = ["kms:Encrypt"]
    resources = [var.replication.kms_key_arn]
  }
}

resource "aws_s3_bucket_replication_configuration" "data" {
  count  = var.replication == null ? 0 : 1
  bucket = aws_s3_bucket.this["data"].id
  role   = aws_iam_role.replication[0].arn

  rule {
    id     = "all"
    status = "Enabled"
    filter {}

    delete_marker_replication {
      status = "Enabled"
    }

    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }

    destination {
      bucket = var.replication.bucket_arn

      encryption_configuration {
        replica_kms_key_id = var.replication.kms_key_arn
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}
