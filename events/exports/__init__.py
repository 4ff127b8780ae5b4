"""The record as files: streamed, resumable, in constant memory."""
