"""DPSelect: which frames of a video are keyframes."""
