/** Terraform's configurations, as far as they can be proven without AWS's provider. */
import "./infra/metrics.ts";
import "./infra/modules.ts";
import "./infra/policies.ts";
import "./infra/scan.ts";
import "./infra/without_provider.ts";
