import type { UploadOptions } from "../../storage/mod.ts";

/** How artifacts go to and fro. */
export interface ServerArtifactOptions extends UploadOptions {
  /** Whether large files go to the server's S3 in parts, past the server, if it is on S3. */
  readonly proxyMultipart: boolean;
}
