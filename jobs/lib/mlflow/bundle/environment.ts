/**
 * The Python environment of a model, in the three files MLflow wants. Ranges, not pins: the graph
 * needs no particular version, and a pin would warn in every environment but one.
 *
 * @module
 */

/** The Python that MLflow makes an environment with. */
export const PYTHON_VERSION = "3.11";

const REQUIREMENTS = [
  "mlflow>=2.16",
  "numpy>=1.26",
  "onnx>=1.15",
  "onnxruntime>=1.16",
  "pandas>=2.0,<4",
];

/** `requirements.txt`, `python_env.yaml` and `conda.yaml`. */
export function environmentFiles(): Record<string, string> {
  return {
    "requirements.txt": REQUIREMENTS.join("\n") + "\n",
    "python_env.yaml": `python: '${PYTHON_VERSION}'
build_dependencies:
- pip
dependencies:
- -r requirements.txt
`,
    "conda.yaml": `channels:
- conda-forge
dependencies:
- python=${PYTHON_VERSION}
- pip
- pip:
${REQUIREMENTS.map((requirement) => `  - ${requirement}`).join("\n")}
name: mlflow-env
`,
  };
}
