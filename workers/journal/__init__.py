"""The journal: written by deciders, read by everybody else, under one chain rule."""
