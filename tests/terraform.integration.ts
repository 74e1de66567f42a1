/**
 * Terraform's configurations with AWS's provider: the real one plans, a stand-in with its schema (a
 * mirror that `TF_CLI_CONFIG_FILE` names) also applies.
 */
import "./terraform/environments.ts";
import "./terraform/modules.ts";
