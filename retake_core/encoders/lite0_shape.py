"""What EfficientNet-Lite0 takes and gives, whatever runs it."""

CLASSES = 1000
MEAN, STD = (0.498, 0.498, 0.498), (0.502, 0.502, 0.502)
STEP = 32
"""The network's stride: picture sides are multiples of it."""
MAP_SIDE, MAP_CHANNELS = 7, 320
REGION = 3
"""Side of the regions that are classified on their own, in steps."""
ENTROPY_SCALE = 0.5
"""How much less a region counts for each nat of doubt."""


def input_size(height: int, width: int) -> tuple[int, int]:
    """Choose the size to resize a picture to: its own shape, with about the area of 224 x 224."""
    scale = (224 * 224 / (height * width)) ** 0.5 / STEP
    rows, columns = (min(max(round(side * scale), 3), 16) for side in (height, width))
    return rows * STEP, columns * STEP
