"""What the machinery does per second, measured beside the bare clients, on the real Kafka, in topics of its own."""
