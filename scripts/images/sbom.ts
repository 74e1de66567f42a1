import type { Binary, NpmPackage } from "../build/mod.ts";

/** What an image is made of, beside its binary's own code. */
export interface Ingredients {
  readonly binary: Binary;
  readonly version: string;
  readonly packages: readonly NpmPackage[];
  /** Version of Deno's runtime in it. */
  readonly deno: string;
  /** The base that libraries are taken from, by digest. */
  readonly baseImage: string;
}

/**
 * A bill of materials in SPDX 2.3 (https://spdx.github.io/spdx-spec/v2.3/). The same for each build of
 * a commit: its time is the commit's.
 */
export function spdxOf(
  { binary, version, packages, deno, baseImage }: Ingredients,
): Readonly<Record<string, unknown>> {
  const { program, sha256, build } = binary;
  const root = `SPDXRef-${program}`;
  const parts = [
    ...packages.map(npmPackage),
    {
      SPDXID: "SPDXRef-deno",
      name: "deno",
      versionInfo: deno,
      supplier: "Organization: Deno Land Inc.",
      downloadLocation: `https://dl.deno.land/release/v${deno}/`,
      filesAnalyzed: false,
      licenseConcluded: "NOASSERTION",
      licenseDeclared: "MIT",
      copyrightText: "NOASSERTION",
      externalRefs: [purl(`pkg:github/denoland/deno@v${deno}`)],
    },
    {
      SPDXID: "SPDXRef-base",
      name: baseImage.split("@")[0] ?? baseImage,
      versionInfo: baseImage.split("@")[1] ?? "unknown",
      supplier: "NOASSERTION",
      downloadLocation: "NOASSERTION",
      filesAnalyzed: false,
      licenseConcluded: "NOASSERTION",
      licenseDeclared: "NOASSERTION",
      copyrightText: "NOASSERTION",
    },
  ];
  return {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: `${program}-${version}`,
    documentNamespace: `https://spdx.org/spdxdocs/ml-pipelines-${program}-${sha256}`,
    creationInfo: {
      created: build.committed_at ?? "1970-01-01T00:00:00Z",
      creators: ["Tool: ml-pipelines-build-push"],
    },
    packages: [
      {
        SPDXID: root,
        name: program,
        versionInfo: build.commit ?? version,
        supplier: "NOASSERTION",
        downloadLocation: "NOASSERTION",
        filesAnalyzed: false,
        checksums: [{ algorithm: "SHA256", checksumValue: sha256 }],
        licenseConcluded: "MIT",
        licenseDeclared: "MIT",
        copyrightText: "NOASSERTION",
        primaryPackagePurpose: "CONTAINER",
      },
      ...parts,
    ],
    relationships: [
      relation("SPDXRef-DOCUMENT", "DESCRIBES", root),
      ...parts.map(({ SPDXID }) => relation(root, "CONTAINS", SPDXID)),
    ],
  };
}

function npmPackage({ name, version, integrity }: NpmPackage) {
  const file = name.split("/").at(-1);
  return {
    SPDXID: `SPDXRef-npm-${name.replaceAll(/[^A-Za-z0-9.-]/g, "-")}-${version}`,
    name,
    versionInfo: version,
    supplier: "NOASSERTION",
    downloadLocation: `https://registry.npmjs.org/${name}/-/${file}-${version}.tgz`,
    filesAnalyzed: false,
    ...(integrity?.startsWith("sha512-")
      ? { checksums: [{ algorithm: "SHA512", checksumValue: hexOf(integrity.slice(7)) }] }
      : {}),
    licenseConcluded: "NOASSERTION",
    licenseDeclared: "NOASSERTION",
    copyrightText: "NOASSERTION",
    externalRefs: [purl(`pkg:npm/${name.replace("@", "%40")}@${version}`)],
  };
}

function purl(referenceLocator: string) {
  return { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator };
}

function relation(spdxElementId: string, relationshipType: string, relatedSpdxElement: string) {
  return { spdxElementId, relationshipType, relatedSpdxElement };
}

function hexOf(base64: string): string {
  return Array.from(atob(base64), (one) => one.charCodeAt(0).toString(16).padStart(2, "0")).join(
    "",
  );
}
