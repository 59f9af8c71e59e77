"""A whole migration rehearsed: real Kafka, real workers, a simulated world, and a report that anybody can recompute."""
