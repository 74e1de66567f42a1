# MLflow as SageMaker manages it. Without a server here there is nothing to allow.

locals {
  mlflow          = var.mlflow_tracking_server_arn == null ? [] : [var.mlflow_tracking_server_arn]
  mlflow_bucket   = var.mlflow_artifact_bucket == null ? [] : ["arn:${local.partition}:s3:::${var.mlflow_artifact_bucket}"]
  mlflow_data_key = var.mlflow_artifact_key_arn == null ? [] : [var.mlflow_artifact_key_arn]
}

data "aws_iam_policy_document" "mlflow_read" {
  # To find a model and what is known about it.
  dynamic "statement" {
    for_each = local.mlflow

    content {
      sid = "MlflowRead"
      actions = [
        "sagemaker-mlflow:GetDownloadURIForModelVersionArtifacts",
        "sagemaker-mlflow:GetExperiment",
        "sagemaker-mlflow:GetExperimentByName",
        "sagemaker-mlflow:GetLatestModelVersions",
        "sagemaker-mlflow:GetLoggedModel",
        "sagemaker-mlflow:GetModelVersion",
        "sagemaker-mlflow:GetModelVersionByAlias",
        "sagemaker-mlflow:GetRegisteredModel",
        "sagemaker-mlflow:GetRun",
        "sagemaker-mlflow:ListArtifacts",
        "sagemaker-mlflow:ListLoggedModelArtifacts",
        "sagemaker-mlflow:SearchLoggedModels",
        "sagemaker-mlflow:SearchModelVersions",
        "sagemaker-mlflow:SearchRegisteredModels",
        "sagemaker-mlflow:SearchRuns",
      ]
      resources = [statement.value]
    }
  }

  # The server names the place of an artifact, and the client reads it there.
  dynamic "statement" {
    for_each = local.mlflow_bucket

    content {
      sid       = "ReadMlflowArtifacts"
      actions   = ["s3:GetObject"]
      resources = ["${statement.value}/*"]
    }
  }

  dynamic "statement" {
    for_each = local.mlflow_bucket

    content {
      # A model is a folder, which has to be listed.
      sid       = "ListMlflowArtifacts"
      actions   = ["s3:ListBucket"]
      resources = [statement.value]
    }
  }

  # Artifacts may be under a key of their own.
  dynamic "statement" {
    for_each = local.mlflow_data_key

    content {
      sid       = "DecryptMlflowArtifacts"
      actions   = ["kms:Decrypt", "kms:DescribeKey"]
      resources = [statement.value]
    }
  }
}

data "aws_iam_policy_document" "mlflow_log" {
  # Runs, their metrics, their models. CreateLoggedModel is missing in AWS's list of actions (2026-09),
  # beside the other calls of logged models; a name that is none grants nothing.
  dynamic "statement" {
    for_each = local.mlflow

    content {
      sid = "MlflowLog"
      actions = [
        "sagemaker-mlflow:CreateExperiment",
        "sagemaker-mlflow:CreateLoggedModel",
        "sagemaker-mlflow:CreateRun",
        "sagemaker-mlflow:FinalizeLoggedModel",
        "sagemaker-mlflow:LogBatch",
        "sagemaker-mlflow:LogInputs",
        "sagemaker-mlflow:LogLoggedModelParams",
        "sagemaker-mlflow:LogMetric",
        "sagemaker-mlflow:LogModel",
        "sagemaker-mlflow:LogOutputs",
        "sagemaker-mlflow:LogParam",
        "sagemaker-mlflow:RestoreExperiment",
        "sagemaker-mlflow:SetLoggedModelTags",
        "sagemaker-mlflow:SetTag",
        "sagemaker-mlflow:UpdateRun",
      ]
      resources = [statement.value]
    }
  }

  # The server names the place of an artifact, and the client writes it there; it deletes none.
  dynamic "statement" {
    for_each = local.mlflow_bucket

    content {
      sid       = "WriteMlflowArtifacts"
      actions   = ["s3:AbortMultipartUpload", "s3:PutObject"]
      resources = ["${statement.value}/*"]
    }
  }

  # Artifacts may be under a key of their own.
  dynamic "statement" {
    for_each = local.mlflow_data_key

    content {
      sid       = "EncryptMlflowArtifacts"
      actions   = ["kms:GenerateDataKey*"]
      resources = [statement.value]
    }
  }
}

data "aws_iam_policy_document" "mlflow_register" {
  # Versions and their aliases: registration, promotion, rollback. No job deletes a model.
  dynamic "statement" {
    for_each = local.mlflow

    content {
      sid = "MlflowRegister"
      actions = [
        "sagemaker-mlflow:CreateModelVersion",
        "sagemaker-mlflow:CreateRegisteredModel",
        "sagemaker-mlflow:DeleteModelVersionTag",
        "sagemaker-mlflow:DeleteRegisteredModelAlias",
        "sagemaker-mlflow:SetModelVersionTag",
        "sagemaker-mlflow:SetRegisteredModelAlias",
        "sagemaker-mlflow:SetRegisteredModelTag",
        "sagemaker-mlflow:TransitionModelVersionStage",
        "sagemaker-mlflow:UpdateModelVersion",
        "sagemaker-mlflow:UpdateRegisteredModel",
      ]
      resources = [statement.value]
    }
  }
}
