"""How the command line shows what `retake doctor` found."""

from rich.console import Console
from rich.table import Table

from retake_core.cli.show.text import Document, shown
from retake_core.hub.recommended import RECOMMENDED_VIDEOLLM
from retake_core.speech.model import INSTALL

_NO_VIDEOLLM = {
    "name": "(none)",
    "available": False,
    "detail": f"get one with: retake models download {RECOMMENDED_VIDEOLLM}",
}
_NO_CARD = {"name": "a graphics card", "available": False, "detail": "switched off in the settings"}


def _speech(report: Document) -> str:
    if report["faster_whisper"] is None:
        return f"missing: {INSTALL}"
    return f"faster-whisper {report['faster_whisper']}, model {report['model'] or '(none)'}"


def print_report(report: Document) -> None:
    """Print what `retake doctor` found."""
    console = Console()
    table = Table(box=None, show_header=False)
    torch = report["torch"]
    devices = [
        f"{d['name']}: {d['memory_gb']} GB, {d['free_gb']} GB free, "
        f"VideoLLMs run in {'bfloat16' if d['bfloat16'] else 'float16'}"
        for d in torch.get("devices", [])
    ]
    rows = [
        ("retake", report["retake"]),
        ("python", f"{report['python']} on {report['system']}"),
        (
            "torch",
            f"{torch['version']} (CUDA {torch['cuda_build'] or 'none'})" if torch["version"] else "missing",
        ),
        ("GPU", "; ".join(devices) or "none that torch can use: everything runs on the CPU"),
        *([("graphics card", torch["card_problem"])] if torch["card_problem"] else []),
        *((f"decoder {name}", version or "missing") for name, version in report["decoders"].items()),
        *(
            (
                f"decoding on {device['name']}",
                f"{'ready' if device['available'] else 'missing'}: {device['detail']}",
            )
            for device in report["hardware_decoding"] or [_NO_CARD]
        ),
        *(
            (
                f"encoder {encoder['name']}",
                f"{'ready' if encoder['available'] else 'missing'}: {encoder['detail']}",
            )
            for encoder in report["encoders"]
        ),
        *(
            (
                f"pictures by {each['name']}",
                f"in {'bfloat16' if each['lower'] else 'float32'} on the processor: {each['detail']}",
            )
            for each in report["precision"]
        ),
        *(
            (
                f"texts by meaning {each['name']}",
                f"{'ready' if each['available'] else 'missing'}: {each['detail']}",
            )
            for each in report["meaning"]
        ),
        *(
            (f"text on screen {ocr['name']}", f"{'ready' if ocr['available'] else 'missing'}: {ocr['detail']}")
            for ocr in report["screen_text"]
        ),
        *(
            (f"faces {model['name']}", f"{'ready' if model['available'] else 'missing'}: {model['detail']}")
            for model in report["faces"]
        ),
        ("speech", _speech(report["speech"])),
        *(
            (f"VideoLLM {model['name']}", f"{'ready' if model['available'] else 'missing'}: {model['detail']}")
            for model in report["videollms"] or [_NO_VIDEOLLM]
        ),
        ("data directory", report["data_dir"]),
        ("free disk", f"{report['free_disk_gb']} GB"),
        *((finding.part, f"{finding.state}: {finding.detail}") for finding in report["findings"]),
    ]
    for name, value in rows:
        table.add_row(f"[bold]{name}[/bold]", shown(str(value)))
    console.print(table)
