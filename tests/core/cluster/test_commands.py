"""What the commands say, and what becomes of a run whose process is killed."""

import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from retake_core.cli import __main__ as cli
from retake_core.cluster import place as places
from retake_core.cluster.address import Address
from retake_core.cluster.connection import check_cluster
from retake_core.cluster.place import ClusterPlace
from retake_core.data_dir import DataDir
from retake_core.errors import UserError
from retake_core.library.database import Database
from retake_core.settings import change_settings
from tests.core.cluster.conftest import COLOURS, WAIT, Cluster, new_cluster
from tests.core.cluster.test_indexing import index
from tests.support.fakes import age, make_clip
from tests.support.shelf import contents

NOBODY = "127.0.0.1:9"

IN_WORKERS = "import sys\nif any('default_worker' in word for word in sys.orig_argv): "
SITE = {
    "old": "import retake_core; retake_core.__version__ = '0.0.1'",
    "bare": "sys.modules['retake_core'] = None",
    "blind": "sys.modules['efficientnet_lite_pytorch'] = None",
}
"""What makes a computer one of another version, without ReTaKe, or without the built-in encoder."""


PATIENT = f"""
from retake_core.cluster import computers, lender, view
computers.ANSWER = computers.PATIENCE = lender.PATIENCE = view.ANSWER = {WAIT}
from retake_core.cli.__main__ import main
main()
"""
"""The command, which waits for computers however slow they are."""


def retake(*arguments: str, expected: int = 2, patient: bool = False, **variables: str) -> str:
    """Run a command to its end, and return what it says."""
    done = subprocess.run(
        [sys.executable, *(["-c", PATIENT] if patient else ["-m", "retake_core.cli"]), *arguments],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=WAIT,
        check=False,
    )
    assert done.returncode == expected, done.stdout + done.stderr
    return done.stdout if expected == 0 else done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["status", NOBODY],
            f"There is no cluster at {NOBODY}; start one on that computer with: retake cluster start",
        ),
        (["join", "here:there"], "here:there is no address of a cluster; write it as 192.168.1.20:6379."),
        (
            ["join", NOBODY, "--path", "/nas"],
            "/nas is no pair of folders; write --path HERE=THERE, as /mnt/nas=/Volumes/nas",
        ),
        (
            ["join", NOBODY, "--path", "/no/such=/nas"],
            "The folder /no/such does not exist on this computer; write --path HERE=THERE",
        ),
    ],
)
def test_what_cannot_be_is_said_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: Sequence[str], sentence: str
) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: the extra “cluster”")
    data = DataDir(tmp_path)
    ClusterPlace.of(data).make_token()
    assert cli.run(["cluster", *arguments, "--data-dir", os.fspath(tmp_path)]) == 2
    assert capsys.readouterr().err.strip() == f"retake: {sentence}"


def test_without_a_token_it_is_said_where_it_belongs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: the extra “cluster”")
    assert cli.run(["cluster", "join", NOBODY, "--data-dir", os.fspath(tmp_path)]) == 2
    assert capsys.readouterr().err.strip() == (
        "retake: There is no token here: copy the file that “retake cluster start” named, as "
        f"{tmp_path / 'cluster' / 'token'}"
    )


@pytest.mark.parametrize(
    "command",
    [
        ["cluster", "start"],
        ["cluster", "join", NOBODY],
        ["cluster", "status", NOBODY],
        ["ask", "When?", "--cluster", NOBODY],
    ],
)
def test_without_ray_nothing_of_it_is_loaded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setattr(places, "find_spec", lambda _: None)
    assert cli.run([*command, "--data-dir", os.fspath(tmp_path)]) == 2
    assert capsys.readouterr().err.strip() == (
        "retake: Working on other computers is not installed; add it with: pip install 'retake-desktop[cluster]'"
    )


def test_the_program_that_needs_no_python_says_that_it_works_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "find_spec", lambda _: None)
    monkeypatch.setattr(places, "is_frozen", lambda: True)
    assert cli.run(["cluster", "join", NOBODY, "--data-dir", os.fspath(tmp_path)]) == 2
    assert capsys.readouterr().err.strip() == (
        "retake: This program works on one computer alone; to use others, install ReTaKe with: "
        "pip install 'retake-desktop[cluster]'"
    )


def test_the_token_is_for_its_owner_alone(tmp_path: Path) -> None:
    place = ClusterPlace(tmp_path / "cluster")
    place.make_token()
    token = place.token.read_text()
    assert len(token) == 64
    assert place.token.stat().st_mode & 0o077 == 0
    place.make_token()
    assert place.token.read_text() == token
    assert token not in str(place.environment())


def test_a_cluster_that_lets_everybody_in_is_refused(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both listen on the loopback address, and are taken for clusters on the network."""
    monkeypatch.setattr(Address, "is_loopback", False)
    check_cluster(cluster.address, cluster.place.environment())
    open_one, head = new_cluster(tmp_path, RAY_AUTH_MODE="disabled")
    with head, pytest.raises(UserError, match="asks nobody for a token"):
        check_cluster(open_one.address, open_one.place.environment())


def test_both_sides_encrypt_or_neither(cluster: Cluster, tmp_path: Path) -> None:
    place = ClusterPlace(tmp_path)
    place.make_token()
    plain = place.environment()
    for path in place.certificates:
        path.touch()
    assert place.encrypted
    with pytest.raises(UserError, match="does not encrypt what travels"):
        check_cluster(cluster.address, place.environment())
    with encrypting(tmp_path) as address, pytest.raises(UserError, match="put this computer’s"):
        check_cluster(address, plain)


@contextmanager
def encrypting(folder: Path) -> Iterator[Address]:
    """Listen as a cluster does that encrypts what travels."""
    x509 = pytest.importorskip("cryptography.x509")
    ec = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")
    hashes = pytest.importorskip("cryptography.hazmat.primitives.hashes")
    serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, datetime(2020, 1, 1), datetime(2099, 1, 1))
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    both = folder / "both.pem"
    both.write_bytes(
        made.sign(key, hashes.SHA256()).public_bytes(pem)
        + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(both)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            listening.accept()[0].close()  # is anybody there?
            with context.wrap_socket(listening.accept()[0], server_side=True):
                pass

        server = threading.Thread(target=serve)
        server.start()
        yield Address("127.0.0.1", listening.getsockname()[1])
        server.join()


def test_a_wrong_token_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    ClusterPlace.of(DataDir(tmp_path)).make_token()
    said = retake("cluster", "status", str(cluster.address), "--data-dir", os.fspath(tmp_path))
    assert said == (
        f"retake: The cluster at {cluster.address} does not know the token of this computer; copy the file that "
        "“retake cluster start” named."
    )


def test_another_version_of_ray_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    shim(tmp_path, "import ray; ray.__version__ = '2.1.0'")
    said = retake(
        "cluster",
        "join",
        str(cluster.address),
        "--data-dir",
        os.fspath(cluster.data_dir.root),
        PYTHONPATH=path_with(tmp_path),
    )
    assert re.fullmatch(
        rf"retake: The cluster at {cluster.address} runs Ray \S+ on Python \S+, this computer Ray 2\.1\.0 on "
        r"Python \S+; install the same versions on both\.",
        said,
    )


def shim(folder: Path, code: str) -> None:
    """Let Python run some code at every start that finds this folder first."""
    (folder / "sitecustomize.py").write_text(code)


def path_with(folder: Path) -> str:
    return os.pathsep.join([os.fspath(folder), *filter(None, [os.environ.get("PYTHONPATH")])])


@pytest.mark.slow
def test_computers_that_cannot_be_used_say_why(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: the extra “cluster”")
    made, head = new_cluster(tmp_path, cores=0)
    (tmp_path / "videos").mkdir()
    make_clip(tmp_path / "videos" / "clip.mp4", [(4, "red"), (4, "blue")])
    age(tmp_path / "videos" / "clip.mp4")
    data = ("--data-dir", os.fspath(made.data_dir.root))
    with ExitStack() as stack:
        stack.enter_context(head)
        for name, code in SITE.items():
            (tmp_path / name).mkdir()
            shim(tmp_path / name, IN_WORKERS + code)
            stack.enter_context(made.node(name, PYTHONPATH=path_with(tmp_path / name)))
        status = retake("cluster", "status", str(made.address), "--json", *data, expected=0, patient=True)
        nodes = json.loads(status)
        said = retake("index", os.fspath(tmp_path / "videos"), "--cluster", str(made.address), *data, patient=True)
    assert [(node["name"], node["version"]) for node in nodes] == [
        ("bare", None),
        ("blind", "0.1.0"),
        ("old", "0.0.1"),
    ]
    bare, blind, old = (node["trouble"] for node in nodes)
    assert bare == "On bare, Ray runs without ReTaKe; join from there with: retake cluster join"
    assert blind is None
    assert old == "old has ReTaKe 0.0.1, this computer 0.1.0; install the same on both."
    assert said.startswith(
        f"retake: No computer of the cluster at {made.address} can be used now: {bare} blind: The "
    )
    assert said.endswith(f" {old}")


@pytest.mark.slow
def test_a_run_that_is_killed_is_resumed(cluster: Cluster, tmp_path: Path) -> None:
    folder = cluster.root / "killed"
    folder.mkdir()
    for number in range(2):
        make_clip(folder / f"clip-{number}.mp4", [(13, COLOURS[(number + scene) % 6]) for scene in range(11)])
        age(folder / f"clip-{number}.mp4")
    alone, _ = index(tmp_path / "alone.db", folder, None, thorough=True)
    data = DataDir(tmp_path / "data")
    ClusterPlace.of(data).make_token()
    ClusterPlace.of(data).token.write_text(cluster.place.token.read_text())
    change_settings(data.settings, sampling_rate=1.0, screen_text=False)
    command = ["index", os.fspath(folder), "--thorough", "--cluster", str(cluster.address)]
    command += ["--data-dir", os.fspath(data.root)]
    with subprocess.Popen(
        [sys.executable, "-c", PATIENT, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as run:
        until = time.monotonic() + WAIT
        while time.monotonic() < until and not holds_keyframes(data):
            time.sleep(0.02)
        run.send_signal(signal.SIGKILL)
    assert holds_keyframes(data)
    retake(*command, expected=0, patient=True)
    with closing(Database(data.database)) as database:
        assert contents(database) == alone


def holds_keyframes(data: DataDir) -> bool:
    if not data.database.exists():
        return False
    with closing(Database(data.database)) as database:
        return any(entry[-1] for entry in contents(database).values())
