"""One tiny model of each family for the whole run."""

import pytest
import torch

from retake_core.videollm.families.base import Family
from retake_core.videollm.loading import load_family
from tests.support import tiny


@pytest.fixture(scope="session", params=sorted(tiny.BUILDERS))
def family(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Family:
    return load_family(tiny.save_tiny(request.param, tmp_path_factory.mktemp(request.param)))


@pytest.fixture(scope="session")
def qwen(tmp_path_factory: pytest.TempPathFactory) -> Family:
    return load_family(tiny.save_tiny("qwen2_vl", tmp_path_factory.mktemp("qwen")))


@pytest.fixture(scope="session")
def llava(tmp_path_factory: pytest.TempPathFactory) -> Family:
    return load_family(tiny.save_tiny("llava_onevision", tmp_path_factory.mktemp("llava")))


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    """Threads that wait for one another on tiny products cost more than they bring."""
    torch.set_num_threads(1)
