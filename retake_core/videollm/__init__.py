"""Questions about a recording: a VideoLLM whose KV cache PivotKV compresses, answers with evidence."""
