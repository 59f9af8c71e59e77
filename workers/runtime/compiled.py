"""Whether what decides runs as machine code (docs/adr/0021)."""

from orchestrator import deciding


def is_compiled() -> bool:
    """It does; then none of it can stand for something else, not even for a trial."""
    return not deciding.__file__.endswith(".py")
