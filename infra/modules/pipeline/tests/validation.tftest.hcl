# Each wrong value is refused before anything is made.

mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { region = "us-east-1" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  name        = "ml-platform-staging-training"
  description = "Trains."
  role_arn    = "arn:aws:iam::123456789012:role/pipeline"
  definition  = "{\"Version\":\"2020-12-01\",\"Steps\":[{\"Name\":\"Stop\",\"Type\":\"Fail\"}]}"
}

run "refuses_name" {
  command = plan

  variables {
    name = "-x"
  }

  expect_failures = [var.name]
}

run "refuses_description" {
  command = plan

  variables {
    description = ""
  }

  expect_failures = [var.description]
}

run "refuses_role_arn" {
  command = plan

  variables {
    role_arn = "arn:aws:s3"
  }

  expect_failures = [var.role_arn]
}

run "refuses_max_parallel_steps_1" {
  command = plan

  variables {
    max_parallel_steps = 0
  }

  expect_failures = [var.max_parallel_steps]
}

run "refuses_max_parallel_steps_2" {
  command = plan

  variables {
    max_parallel_steps = 1.5
  }

  expect_failures = [var.max_parallel_steps]
}

run "refuses_definition_1" {
  command = plan

  variables {
    definition = "no JSON"
  }

  expect_failures = [var.definition]
}

run "refuses_definition_2" {
  command = plan

  variables {
    definition = "{\"Version\":\"2017-10-17\",\"Steps\":[{}]}"
  }

  expect_failures = [var.definition]
}

run "refuses_definition_3" {
  command = plan

  variables {
    definition = "{\"Version\":\"2020-12-01\",\"Steps\":[{\"Name\":\"$${left}\"}]}"
  }

  expect_failures = [var.definition]
}

run "refuses_definition_4" {
  command = plan

  variables {
    definition = "{\"Version\":\"2020-12-01\",\"Steps\":[{\"Name\":\"${join("", [for number in range(1024) : format("%01025d", number)])}\"}]}"
  }

  expect_failures = [var.definition]
}
