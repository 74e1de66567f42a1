"""Checks models and runs them in onnxruntime: DIR/*/{model.onnx, inputs.json, input-*}.

Writes output-* beside them and prints [[names of the outputs], ...] as JSON.
"""
import json
import pathlib
import sys

import numpy
import onnx
import onnxruntime

DTYPES = {"tensor(float)": numpy.float32, "tensor(int64)": numpy.int64}


def main(folder):
    print(json.dumps([run(case) for case in sorted(folder.iterdir())]))


def run(case):
    model = onnx.load(case / "model.onnx")
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(case / "model.onnx", providers=["CPUExecutionProvider"])
    inputs = {}
    for index, value in enumerate(session.get_inputs()):
        file = case / f"input-{index}"
        if value.type == "tensor(string)":
            inputs[value.name] = numpy.array(json.loads(file.read_text("utf-8")), dtype=object)
        else:
            inputs[value.name] = numpy.fromfile(file, DTYPES[value.type])
    names = [output.name for output in session.get_outputs()]
    outputs = session.run(None, inputs)
    # onnxruntime adds trees up in another order for a single row than for many.
    single = session.run(None, {name: values[:1] for name, values in inputs.items()})
    for index, (values, first) in enumerate(zip(outputs, single)):
        if values.dtype == numpy.float32:
            numpy.concatenate([values, first]).tofile(case / f"output-{index}")
        else:
            rows = [*values.tolist(), *first.tolist()]
            (case / f"output-{index}").write_text(json.dumps(rows), "utf-8")
    return names


main(pathlib.Path(sys.argv[1]))
