"""The models to begin with, one for each purpose: ids on the Hugging Face hub."""

RECOMMENDED_SIGLIP = "google/siglip2-base-patch16-224"
RECOMMENDED_VIDEOLLM = "Qwen/Qwen2-VL-2B-Instruct"
RECOMMENDED_SPEECH = "Systran/faster-whisper-small"
RECOMMENDED_SENTENCES = "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"
