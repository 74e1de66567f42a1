# Kafka: IAM's access control of an MSK cluster, or a secret with a password. What is allowed at a
# cluster of another kind its own ACLs say; `deno task inference create-topics --dry-run` prints both.

locals {
  msk = var.kafka_cluster_arn == null ? [] : [var.kafka_cluster_arn]
  # A topic's ARN is that of its cluster with another kind, and its name at the end.
  msk_topic = var.kafka_cluster_arn == null ? "" : replace(var.kafka_cluster_arn, ":cluster/", ":topic/")
  msk_group = var.kafka_cluster_arn == null ? "" : replace(var.kafka_cluster_arn, ":cluster/", ":group/")
  msk_tx    = var.kafka_cluster_arn == null ? "" : replace(var.kafka_cluster_arn, ":cluster/", ":transactional-id/")
  # Transactional ids and the groups of progress are ENVIRONMENT.PIPELINE.RUN.SHARD.
  kafka_ids = "${var.environment}.inference."
}

data "aws_iam_policy_document" "kafka" {
  # To sign in, and to number messages so that none is stored twice.
  dynamic "statement" {
    for_each = local.msk

    content {
      sid       = "KafkaConnect"
      actions   = ["kafka-cluster:Connect", "kafka-cluster:DescribeCluster", "kafka-cluster:WriteDataIdempotently"]
      resources = [statement.value]
    }
  }

  # Predictions and announcements of runs; reading, since progress is an offset on these topics.
  dynamic "statement" {
    for_each = local.msk

    content {
      sid = "KafkaPublish"
      actions = [
        "kafka-cluster:DescribeTopic",
        "kafka-cluster:DescribeTopicDynamicConfiguration",
        "kafka-cluster:ReadData",
        "kafka-cluster:WriteData",
      ]
      resources = ["${local.msk_topic}/${var.kafka_topic}", "${local.msk_topic}/${var.kafka_topic}.runs"]
    }
  }

  # Rows that cannot be scored; nobody here reads them back.
  dynamic "statement" {
    for_each = local.msk

    content {
      sid = "KafkaDeadLetter"
      actions = [
        "kafka-cluster:DescribeTopic",
        "kafka-cluster:DescribeTopicDynamicConfiguration",
        "kafka-cluster:WriteData",
      ]
      resources = ["${local.msk_topic}/${var.kafka_topic}.dead-letter"]
    }
  }

  # Transactions under this environment's names, so that no other environment can fence them.
  dynamic "statement" {
    for_each = local.msk

    content {
      sid       = "KafkaTransactions"
      actions   = ["kafka-cluster:AlterTransactionalId", "kafka-cluster:DescribeTransactionalId"]
      resources = ["${local.msk_tx}/${local.kafka_ids}*"]
    }
  }

  # Progress: an offset committed in the same transaction.
  dynamic "statement" {
    for_each = local.msk

    content {
      sid       = "KafkaProgress"
      actions   = ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"]
      resources = ["${local.msk_group}/${local.kafka_ids}*"]
    }
  }

  # The password, where there is one.
  dynamic "statement" {
    for_each = var.kafka_secret_arn == null ? [] : [var.kafka_secret_arn]

    content {
      sid       = "ReadKafkaSecret"
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [statement.value]
    }
  }

  # The key of the secret, through Secrets Manager only.
  dynamic "statement" {
    for_each = var.kafka_secret_key_arn == null ? [] : [var.kafka_secret_key_arn]

    content {
      sid       = "DecryptKafkaSecret"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["secretsmanager.${local.region}.amazonaws.com"]
      }
    }
  }
}
