/**
 * Stands in for the images of AWS's golden definitions: a job that knows nothing of this project, only
 * SageMaker's contract.
 *
 * @module
 */

const root = Deno.env.get("ML_ROOT") ?? "/opt/ml";
const [command, ...args] = Deno.args;

const read = async (path: string) => JSON.parse(await Deno.readTextFile(`${root}/${path}`));
const write = async (path: string, value: unknown) =>
  await Deno.writeTextFile(`${root}/${path}`, JSON.stringify(value));
const names = async (path: string) =>
  (await Array.fromAsync(Deno.readDir(`${root}/${path}`))).map(({ name }) => name).sort();
const print = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

switch (command) {
  case "data-quality":
    await write("processing/output/report/report.json", {
      files: await names("processing/input/train"),
      args,
    });
    break;
  case "train": {
    const hyperparameters = await read("input/config/hyperparameters.json");
    await write("model/model.json", { hyperparameters, files: await names("input/data/train") });
    await Deno.writeTextFile(`${root}/checkpoints/last`, "1");
    print("train_accuracy=0.97");
    print("validation_accuracy=0.5");
    print("validation_accuracy=0.93");
    break;
  }
  case "evaluate":
    await write("processing/output/evaluation/evaluation.json", {
      metrics: { accuracy: { value: 0.93 } },
      model: await names("processing/input/model"),
    });
    break;
  case "infer": {
    const { current_host } = await read("config/resourceconfig.json");
    await write(`processing/output/report/${current_host}.json`, {
      files: await names("processing/input/data"),
      args,
    });
    break;
  }
  case "approve": {
    const { token, arguments: asked } = JSON.parse(await new Response(Deno.stdin.readable).text());
    if (!token) throw new Error("no token");
    print(JSON.stringify({ approved: `${asked.model} at ${asked.accuracy}` }));
    break;
  }
  case "hang":
    print("ready to be stopped");
    Deno.addSignalListener("SIGTERM", () => print("not listening"));
    setInterval(() => {}, 1000);
    break;
  case "break":
    await Deno.writeTextFile(`${root}/output/message`, "the disk is full of eels");
    Deno.exit(3);
    break;
  default:
    throw new Error(`no command ${command}`);
}
