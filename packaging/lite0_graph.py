"""Draw EfficientNet-Lite0 as a graph for ONNX Runtime: python packaging/lite0_graph.py

Needs the package `onnx` and the extra `builtin`. The weights stay in the file of their package: the graph only
tells at which byte each begins.
"""

import io
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import TensorProto, helper

from retake_core.encoders.lite0 import load_network
from retake_core.encoders.lite0_shape import MEAN, REGION, STD
from retake_core.encoders.packaged import LITE0_WEIGHTS

PLACE = Path("retake_core/encoders/lite0.onnx")
WEIGHTS = "weights"
"""What the graph calls the file of the weights."""
OPSET = 18


class Drawing:
    """Nodes and weights, one after another."""

    def __init__(self, file: bytes) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []
        self._file = file
        self._state = torch.load(io.BytesIO(file), map_location="cpu", weights_only=True)

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def constant(self, name: str, kind: int, values: list[float]) -> str:
        self.weights.append(helper.make_tensor(name, kind, [len(values)], values))
        return name

    def weight(self, name: str) -> str:
        """Refer to a weight by where it stands in the file, whose order of axes may be another one."""
        order = sorted(range(self._state[name].ndim), key=lambda axis: -self._state[name].stride(axis))
        values = self._state[name].permute(order)
        content = values.numpy().tobytes()
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=values.shape)
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (
            ("location", WEIGHTS),
            ("offset", self._file.index(content)),
            ("length", len(content)),
        ):
            tensor.external_data.add(key=key, value=str(value))
        self.weights.append(tensor)
        if order == sorted(order):
            return name
        return self.add("Transpose", name, perm=[order.index(axis) for axis in range(len(order))])

    def convolve(self, x: str, name: str, conv: Any, norm: str, epsilon: float, active: bool = True) -> str:
        left, right, top, bottom = getattr(conv.static_padding, "padding", (0, 0, 0, 0))
        x = self.add(
            "Conv",
            x,
            self.weight(f"{name}.weight"),
            strides=list(conv.stride),
            group=conv.groups,
            pads=[top, left, bottom, right],
        )
        parts = [self.weight(f"{norm}.{part}") for part in ("weight", "bias", "running_mean", "running_var")]
        x = self.add("BatchNormalization", x, *parts, epsilon=epsilon)
        return self.add("Clip", x, "zero", "six") if active else x


def draw() -> onnx.ModelProto:
    net, drawing = load_network(), Drawing(LITE0_WEIGHTS.read_verified())
    for name, value in (("zero", 0.0), ("six", 6.0)):
        drawing.weights.append(helper.make_tensor(name, TensorProto.FLOAT, [], [value]))
    # Frames as they are decoded: resized with antialiasing, the shape squashed, and normalised.
    x = drawing.add("Cast", "frames", to=TensorProto.FLOAT)
    x = drawing.add("Transpose", x, perm=[0, 3, 1, 2])
    axes = {"axes": [2, 3], "antialias": 1, "mode": "linear", "exclude_outside": 1}
    x = drawing.add("Resize", x, "", "", "size", coordinate_transformation_mode="half_pixel", **axes)
    for kind, name, values in (("Sub", "mean", MEAN), ("Div", "std", STD)):
        drawing.weights.append(
            helper.make_tensor(name, TensorProto.FLOAT, [3, 1, 1], [255 * value for value in values])
        )
        x = drawing.add(kind, x, name)
    x = drawing.convolve(x, "_conv_stem", net._conv_stem, "_bn0", net._bn0.eps)
    for number, block in enumerate(net._blocks):
        before, name = x, f"_blocks.{number}."
        if hasattr(block, "_expand_conv"):
            x = drawing.convolve(x, f"{name}_expand_conv", block._expand_conv, f"{name}_bn0", block._bn0.eps)
        x = drawing.convolve(x, f"{name}_depthwise_conv", block._depthwise_conv, f"{name}_bn1", block._bn1.eps)
        x = drawing.convolve(x, f"{name}_project_conv", block._project_conv, f"{name}_bn2", block._bn2.eps, False)
        args = block._block_args
        stride = args.stride if isinstance(args.stride, int) else args.stride[0]
        if block.id_skip and stride == 1 and args.input_filters == args.output_filters:
            x = drawing.add("Add", x, before)
    drawing.nodes.append(helper.make_node("Identity", [x], ["map"]))
    x = drawing.convolve(x, "_conv_head", net._conv_head, "_bn1", net._bn1.eps)
    regions = drawing.add("AveragePool", x, kernel_shape=[REGION, REGION])
    drawing.constant("per_region", TensorProto.INT64, [0, 0, -1])
    regions = drawing.add("Transpose", drawing.add("Reshape", regions, "per_region"), perm=[0, 2, 1])
    whole = drawing.add("Flatten", drawing.add("GlobalAveragePool", x))
    classes = drawing.add("Transpose", drawing.weight("_fc.weight"), perm=[1, 0])
    bias = drawing.weight("_fc.bias")
    for inputs, output in ((regions, "regions"), (whole, "whole")):
        drawing.nodes.append(helper.make_node("Add", [drawing.add("MatMul", inputs, classes), bias], [output]))
    graph = helper.make_graph(
        drawing.nodes,
        "EfficientNet-Lite0",
        [
            helper.make_tensor_value_info("frames", TensorProto.UINT8, ["n", "height", "width", 3]),
            helper.make_tensor_value_info("size", TensorProto.INT64, [2]),
        ],
        [
            helper.make_tensor_value_info("regions", TensorProto.FLOAT, ["n", "r", 1000]),
            helper.make_tensor_value_info("whole", TensorProto.FLOAT, ["n", 1000]),
            helper.make_tensor_value_info("map", TensorProto.FLOAT, ["n", 320, "rows", "columns"]),
        ],
        drawing.weights,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)


if __name__ == "__main__":
    PLACE.write_bytes(draw().SerializeToString(deterministic=True))
