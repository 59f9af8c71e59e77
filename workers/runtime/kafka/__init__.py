"""Apache Kafka on one machine: one KRaft node on loopback, run as a child process with its data kept on disk."""
