/**
 * Kafka's jars from Maven Central, and the Java that runs them.
 *
 * @module
 */
import { DependencyError } from "../../jobs/lib/errors.ts";
import { cached, ROOT, shortHash } from "./folders.ts";
import { answers, run } from "./processes.ts";

/**
 * Folder of the broker's and the console tools' jars, downloaded first if need be.
 *
 * @param version Another than the one that `pom.xml` names.
 */
export async function kafkaJars(say: (line: string) => void, version?: string): Promise<string> {
  const pom = `${ROOT}/scripts/services/pom.xml`;
  const text = await Deno.readTextFile(pom);
  return await cached(`kafka-${await shortHash(text + (version ?? ""))}`, async (folder) => {
    if (!await answers("mvn", "--version")) throw missing("no 'mvn' on the PATH");
    say(`downloading Kafka ${version ?? ""} from Maven Central (about 100 jars, 55 MB)`);
    await run({
      command: "mvn",
      args: [
        ...["--batch-mode", "--quiet", "--file", pom, "dependency:copy-dependencies"],
        ...[`-DoutputDirectory=${folder}`, "-DincludeScope=runtime"],
        ...(version === undefined ? [] : [`-Dkafka.version=${version}`]),
        // Kafka 3 brings a second logger; which of them counts would be chance.
        "-DexcludeArtifactIds=slf4j-reload4j",
      ],
    }, "download Kafka");
  });
}

/** A Java that runs Kafka. @throws {DependencyError} `services.no-java` */
export async function kafkaTools(): Promise<{ java: string; keytool: string }> {
  const home = Deno.env.get("JAVA_HOME");
  const folders = [
    ...(home ? [`${home}/bin/`] : []),
    "",
    // Homebrew does not put it on the PATH.
    "/opt/homebrew/opt/openjdk@17/bin/",
    "/usr/local/opt/openjdk@17/bin/",
  ];
  for (const folder of folders) {
    if (await javaVersion(`${folder}java`) >= 17) {
      return { java: `${folder}java`, keytool: `${folder}keytool` };
    }
  }
  throw missing("no Java 17 or newer");
}

/** Major version, 0 if there is none (macOS has a `java` that only says that there is none). */
async function javaVersion(java: string): Promise<number> {
  try {
    const { stderr } = await new Deno.Command(java, {
      args: ["-version"],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    return Number(/version "(\d+)/.exec(new TextDecoder().decode(stderr))?.[1] ?? 0);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

function missing(found: string): DependencyError {
  return new DependencyError({
    code: "services.no-java",
    cannot: "start Kafka",
    found,
    todo: "Install it: apt-get install -y openjdk-17-jre-headless maven " +
      "(macOS: brew install openjdk@17 maven)",
  });
}
