/**
 * `build-push` with a registry of this machine in ECR's place: outside of this program its images have
 * ECR's addresses, which Terraform and the other commands ask for.
 *
 * @module
 */
const ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
const registry = Deno.env.get("ACT_REGISTRY") ?? "";
const promotes = Deno.args.includes("--promote-from");

async function replace(from: string, to: string): Promise<void> {
  for (const environment of ["staging", "prod"]) {
    const file = `infra/${environment}/terraform.tfvars`;
    const text = await Deno.readTextFile(file);
    if (text.includes(from)) await Deno.writeTextFile(file, text.replaceAll(from, to));
  }
}

if (import.meta.main) {
  if (promotes) await replace(ECR, registry);
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "-A", "scripts/build_push_ecr.ts", ...Deno.args],
      ...["--registry", registry, "--create-repository"],
      ...(promotes ? [] : ["--engine=buildah", `--base-image=${Deno.env.get("ACT_BASE_IMAGE")}`]),
    ],
    stderr: "inherit",
  }).output();
  await replace(registry, ECR);
  const said = new TextDecoder().decode(stdout).replaceAll(registry, ECR);
  await Deno.stdout.write(new TextEncoder().encode(said));
  Deno.exit(code);
}
