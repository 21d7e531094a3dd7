"""Faster ways to reach the same verdict: byte indexes and proofs."""
