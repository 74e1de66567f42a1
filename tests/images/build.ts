/**
 * The images as buildah builds them of the Dockerfiles, on a base of Debian's packages: no registry can
 * be reached from every machine that runs the tests. The base is laid out as distroless.
 *
 * @module
 */
import { attempt, sh } from "./shell.ts";

/** Where the tests keep images and containers, apart from the machine's own. */
export interface Store {
  readonly folder: string;
  /** For buildah, podman and skopeo. */
  readonly env: Record<string, string>;
}

/** The base that stands for the Dockerfiles' own. */
export const BASE = "localhost/base:test";

/** Makes a store and the base image in it. */
export async function makeStore(): Promise<Store> {
  const folder = await Deno.makeTempDir();
  const config = `${folder}/storage.conf`;
  await Deno.writeTextFile(
    config,
    `[storage]\ndriver = "vfs"\ngraphroot = "${folder}/graph"\nrunroot = "${folder}/run"\n`,
  );
  const env = { CONTAINERS_STORAGE_CONF: config, BUILDAH_ISOLATION: "chroot" };
  const store = { folder, env };
  await makeBase(store);
  return store;
}

/** Removes all of it. */
export async function removeStore({ folder, env }: Store): Promise<void> {
  await attempt(["podman", "rm", "--all", "--force", "--time", "0"], { env });
  await attempt(["buildah", "rm", "--all"], { env });
  await attempt(["podman", "rmi", "--all", "--force"], { env });
  await Deno.remove(folder, { recursive: true }).catch(() => {});
}

/** Builds a job's image with the binary in `dist/amd64`. @returns its name */
export async function buildImage(job: string, { env }: Store, tag = "test"): Promise<string> {
  const image = `localhost/${job}:${tag}`;
  const args = {
    BINARY: "dist",
    BASE_IMAGE: BASE,
    BUILD_IMAGE: BASE,
    TARGETARCH: "amd64",
    VERSION: "0.1.0",
    GIT_COMMIT: "0123456789012345678901234567890123456789",
    GIT_COMMIT_TIME: "2013-10-01T00:00:00Z",
  };
  await sh([
    ...["buildah", "bud", "--quiet", "--format=oci", "--timestamp=0"],
    ...Object.entries(args).map(([name, value]) => `--build-arg=${name}=${value}`),
    ...["--file", `jobs/${job}/Dockerfile`, "--tag", image, "."],
  ], { env });
  return image;
}

async function makeBase({ folder, env }: Store): Promise<void> {
  const root = `${folder}/base/root`;
  const packages = ["libc6", "libgcc-s1", "ca-certificates"];
  await Deno.mkdir(`${root}/var/lib/dpkg/status.d`, { recursive: true });
  await Deno.mkdir(`${root}/etc/ssl/certs`, { recursive: true });
  await sh(["apt-get", "download", "-qq", ...packages], { cwd: `${folder}/base` });
  for (const { name } of [...Deno.readDirSync(`${folder}/base`)]) {
    if (!name.endsWith(".deb")) continue;
    await sh(["dpkg-deb", "-x", `${folder}/base/${name}`, root]);
    await Deno.writeTextFile(
      `${root}/var/lib/dpkg/status.d/${name.split("_")[0]}`,
      await sh(["dpkg-deb", "-f", `${folder}/base/${name}`]),
    );
  }
  const files = {
    passwd: "root:x:0:0::/root:/sbin/nologin\nnonroot:x:65532:65532::/home/nonroot:/sbin/nologin\n",
    group: "root:x:0:\nnonroot:x:65532:\n",
    "nsswitch.conf": "hosts: files dns\n",
    "ssl/certs/ca-certificates.crt": await Deno.readTextFile(
      `${root}/usr/share/ca-certificates/mozilla/ISRG_Root_X1.crt`,
    ),
  };
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${root}/etc/${name}`, text);
  }
  await Deno.writeTextFile(`${folder}/base/Dockerfile`, "FROM scratch\nCOPY root /\n");
  await sh(
    ["buildah", "bud", "--quiet", "--format=docker", "--timestamp=0", "--tag", BASE, "base"],
    { env, cwd: folder },
  );
}
