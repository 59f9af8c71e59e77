"""What every worker stands on: settings, topics, and the Kafka that carries the messages."""
