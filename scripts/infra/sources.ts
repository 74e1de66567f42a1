/**
 * Where the modules of a configuration come from, as its text says.
 *
 * @module
 */

/** A tag of a repository, or the modules beside the configuration. */
export type Origin =
  | { readonly kind: "tag"; readonly tag: string; readonly repository?: string }
  | { readonly kind: "local" };

/** The repository that a configuration names until told otherwise. */
export const REPOSITORY = "https://github.com/your-org/sagemaker-ml-pipelines.git";

/** `source = "…"` of a module of this repository, from git or from beside the configuration. */
const SOURCE =
  /^(\s*source\s*=\s*)"(?:git::([^"]+?)\/\/infra\/modules\/([a-z-]+)\?ref=([^"]+)|\.\.\/modules\/([a-z-]+))"/gm;

/** One module's source. */
export interface Source {
  readonly module: string;
  /** Undefined where it comes from beside the configuration. */
  readonly repository?: string;
  /** Undefined where it comes from beside the configuration. */
  readonly tag?: string;
}

/** The sources of modules of this repository, in the order of the text. */
export function sourcesOf(text: string): Source[] {
  return [...text.matchAll(SOURCE)].map(([, , repository, remote, tag, local]) => ({
    module: remote ?? local ?? "",
    ...(repository === undefined || tag === undefined ? {} : { repository, tag }),
  }));
}

/**
 * The text with all its modules from one origin; nothing else changes.
 *
 * Without a repository the text's own is kept; one that has only local sources gets
 * {@linkcode REPOSITORY}.
 */
export function withSources(text: string, origin: Origin): string {
  const found = sourcesOf(text).find(({ repository }) => repository !== undefined)?.repository;
  return text.replace(
    SOURCE,
    (_, start: string, repository: string | undefined, remote: string, __, local: string) => {
      const module = remote ?? local;
      if (origin.kind === "local") return `${start}"../modules/${module}"`;
      const from = origin.repository ?? repository ?? found ?? REPOSITORY;
      return `${start}"git::${from}//infra/modules/${module}?ref=${origin.tag}"`;
    },
  );
}
