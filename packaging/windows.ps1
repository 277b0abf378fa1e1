# UNTESTED: nobody has run this yet. Windows 10 or later, 64 bit, Python 3.11 or later from python.org.
#   powershell -ExecutionPolicy Bypass -File packaging\windows.ps1
# Makes the folder dist\retake-desktop with retake.exe and retake-desktop.exe, and a ZIP of it. For NVIDIA cards give
#   -TorchIndex https://download.pytorch.org/whl/cu130
# because PyPI's PyTorch for Windows runs on the processor only.
param([string]$Extras = "builtin,faces,mcp,ocr,speech", [string]$TorchIndex = "")
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..")

function Invoke-Checked([string]$Program, [string[]]$Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Program ended with $LASTEXITCODE" }
}

if (-not (Test-Path .venv)) { Invoke-Checked "py" @("-3", "-m", "venv", ".venv") }
$python = ".venv\Scripts\python.exe"
if ($TorchIndex) {
    Invoke-Checked $python @("-m", "pip", "install", "torch", "torchvision", "--index-url", $TorchIndex)
}
Invoke-Checked $python @("-m", "pip", "install", "--editable", ".[$Extras,package]")
Invoke-Checked $python @("-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "--distpath", "dist",
    "--workpath", "build\pyinstaller", "packaging\retake.spec")

# The window's program has no console to print to; the command line's runs the same test.
$env:QT_QPA_PLATFORM = "offscreen"
Invoke-Checked "dist\retake-desktop\retake.exe" @("-m", "retake_desktop.app", "--selftest")
Remove-Item Env:QT_QPA_PLATFORM

$version = & $python -c "import retake_core; print(retake_core.__version__)"
Compress-Archive -Force -Path dist\retake-desktop -DestinationPath "dist\retake-desktop-$version-windows.zip"
Write-Host "dist\retake-desktop-$version-windows.zip"
# retake: links open the app once this user's registry knows it:
#   HKCU\Software\Classes\retake           (default) "URL:ReTaKe", "URL Protocol" ""
#   HKCU\Software\Classes\retake\shell\open\command  (default) "...\retake-desktop.exe" "%1"
