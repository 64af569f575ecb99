"""Coding: what an article says, in the codebook's terms."""
